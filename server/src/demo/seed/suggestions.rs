//! What people of the demo suggest for each other's words, and what becomes of it.

use domain::designs::suggestions::SuggestionAnswer;
use domain::ids::{DesignId, SectionId, SuggestionId};
use domain::moment::Moment;
use service::Refused;
use service::comments::Verdict;
use service::designs::Saved;
use service::designs::suggestions::{TypedAnswer, TypedSuggestion};

use super::{Event, Made, Seeder, failed};
use crate::demo::content::{Story, Suggestion};

/// Which suggestion of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Which {
    pub design: usize,
    pub section: usize,
    pub n: usize,
}

impl Which {
    fn of(self, story: &Story) -> Result<&Suggestion, String> {
        let section = story.designs.get(self.design).and_then(|d| d.sections.get(self.section));
        section.and_then(|s| s.suggestions.get(self.n)).ok_or_else(|| "no such suggestion".to_owned())
    }

    fn place(self, made: &Made) -> Result<(DesignId, SectionId), String> {
        let design = made.designs.get(&self.design).copied().ok_or("the design was not made")?;
        let section = made.sections.get(&(self.design, self.section)).copied().ok_or("the section was not made")?;
        Ok((design, section))
    }
}

impl Seeder<'_> {
    /// When each is sent, wanted by others, answered, and what happens to it after that.
    pub(super) fn plan_suggestions(&self, story: &Story, design: usize, out: &mut Vec<(Moment, Event)>) {
        let Some(sections) = story.designs.get(design).map(|d| &d.sections) else { return };
        for (section, s) in sections.iter().enumerate() {
            for (n, suggestion) in s.suggestions.iter().enumerate() {
                let which = Which { design, section, n };
                let minute = i64::try_from(section * 10 + n * 2).unwrap_or(0);
                out.push((self.at(suggestion.day, 16, minute), Event::Suggest(which)));
                let after = (suggestion.day - 1).max(0);
                for line in 0..suggestion.support.len() {
                    let at = self.at(after, 10, minute + i64::try_from(line).unwrap_or(0));
                    out.push((at, Event::Support(which, line)));
                }
                for line in 0..suggestion.answers.0.len() {
                    let at = self.at(after, 17, minute + i64::try_from(line).unwrap_or(0));
                    out.push((at, Event::Answer(which, line)));
                }
                if suggestion.then.is_some() || suggestion.overwritten.is_some() {
                    out.push((self.at(after, 18, minute), Event::Then(which)));
                }
            }
        }
    }

    pub(super) async fn suggest(&self, story: &Story, made: &mut Made, at: Moment, which: Which) -> Result<(), String> {
        let suggestion = which.of(story)?;
        let (design, section) = which.place(made)?;
        // They have read what others suggest about the same words.
        let seen: Vec<String> = made.suggestions.values().map(ToString::to_string).collect();
        let typed = TypedSuggestion {
            section: &section.to_string(),
            kind: suggestion.kind.name(),
            picked: if suggestion.picked.is_empty() { "whole" } else { "other" },
            exact: &suggestion.picked,
            words: &suggestion.words,
            why: &suggestion.why,
            seen: &seen.join(" "),
        };
        let sent = self.service.suggest(self.who(&suggestion.by)?, design, self.form(), typed).await;
        let sent = sent.map_err(|e| failed(&suggestion.why, &e))?;
        made.suggestions.insert(which, sent.id);
        if suggestion.held || at.plus(Moment::DAY) >= self.now {
            return Ok(());
        }
        let checker = self.checker(story, &suggestion.by)?;
        self.checked(self.service.check_suggestion(checker, (design, sent.id), Verdict::Publish, at).await)
    }

    /// Whose words were shown before, or who checks words themselves, does not wait.
    fn checked(&self, done: Result<(), Refused>) -> Result<(), String> {
        match done {
            Ok(()) | Err(Refused::MovedOn(_)) => Ok(()),
            Err(e) => Err(failed("checking", &e)),
        }
    }

    fn sent(made: &Made, which: Which) -> Result<SuggestionId, String> {
        made.suggestions.get(&which).copied().ok_or_else(|| "the suggestion was not sent".to_owned())
    }

    pub(super) async fn support(&self, story: &Story, made: &Made, which: Which, line: usize) -> Result<(), String> {
        let name = which.of(story)?.support.get(line).ok_or("nobody wants it")?;
        let (design, _) = which.place(made)?;
        let done = self.service.support_suggestion(self.who(name)?, design, Self::sent(made, which)?, true).await;
        done.map_err(|e| failed(name, &e))
    }

    pub(super) async fn answer(
        &self,
        story: &Story,
        made: &Made,
        at: Moment,
        (which, line): (Which, usize),
    ) -> Result<(), String> {
        let (answer, name, words) = which.of(story)?.answers.0.get(line).ok_or("no such answer")?;
        let (design, _) = which.place(made)?;
        let (id, who) = (Self::sent(made, which)?, self.who(name)?);
        let page = self.service.suggestion(who, design, id).await.map_err(|e| failed(name, &e))?;
        let no = *answer == SuggestionAnswer::Not;
        let typed = TypedAnswer {
            answer: answer.name(),
            words: if no { "" } else { words },
            others: "keep",
            near: &page.near_ids,
            reason: if no { words } else { "" },
            seen: page.words_at,
        };
        let done = self.service.answer_suggestion(who, design, id, self.form(), typed).await;
        done.map_err(|e| failed(name, &e))?;
        if no && at.plus(Moment::DAY) < self.now {
            let (checker, person) = (self.checker(story, name)?, self.id(name)?);
            let done = self.service.check_answer(checker, (design, id, person), Verdict::Publish, at).await;
            self.checked(done)?;
        }
        Ok(())
    }

    /// It is taken back, becomes an idea, or the words it is about are written over.
    pub(super) async fn after(&self, story: &Story, made: &Made, which: Which) -> Result<(), String> {
        let suggestion = which.of(story)?;
        let (design, section) = which.place(made)?;
        let (id, who) = (Self::sent(made, which)?, self.who(&suggestion.by)?);
        match suggestion.then.as_deref() {
            None => {}
            Some("withdrawn") => {
                let done = self.service.withdraw_suggestion(who, design, id).await;
                done.map_err(|e| failed(&suggestion.why, &e))?;
            }
            Some(idea) => {
                let done = self.service.suggestion_as_idea(who, design, id, idea).await;
                done.map_err(|e| failed(idea, &e))?;
            }
        }
        let Some([name, old, new]) = &suggestion.overwritten else { return Ok(()) };
        let view = self.service.write_design(self.who(name)?, design).await.map_err(|e| failed(name, &e))?;
        let words = view.sections.iter().find(|s| s.id == section).ok_or("the section is not there")?.words.clone();
        let (base, words) = (view.base.to_string(), words.replace(old, new));
        let saved = self.service.write_section(self.who(name)?, design, section, self.form(), &base, &words).await;
        match saved.map_err(|e| failed(name, &e))? {
            Saved::Done { .. } => Ok(()),
            Saved::TooOld(_) => Err("A section was not saved.".to_owned()),
        }
    }
}
