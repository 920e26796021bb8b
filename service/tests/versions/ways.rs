//! Every way in which words come into a section is noted: live, by a suggestion, by a version that comes back.

use domain::access::Who;
use domain::designs::shared_text::{SharedText, Writer};
use domain::designs::suggestions::SuggestionState;
use domain::groups::Visibility;
use domain::ids::{SectionId, SuggestionId};
use domain::moment::Moment;
use domain::people::Role;
use service::designs::live::{Heard, Seat};
use service::designs::suggestions::{TypedAnswer, TypedSuggestion};
use tokio::sync::broadcast;

use super::support::Test;
use super::{House, house, moved_on, told};

/// Somebody who writes live.
struct Pen {
    seat: Seat,
    writer: Writer,
    text: SharedText,
    heard: broadcast::Receiver<Heard>,
}

impl House {
    async fn pen(&self, t: &Test, who: &Who) -> Pen {
        let who = t.visit(&t.session(who).await).await.who;
        let joined = t.service.join_room(&who, self.design, None).await.expect("in the room");
        let (writer, _) = t.service.live_writer(who.id().expect("id"), self.design);
        let text = SharedText::of(writer, joined.changes.iter().map(|(_, update)| update.as_slice()));
        Pen { seat: joined.seat, writer, text: text.expect("whole"), heard: joined.heard }
    }

    /// A second later a section says something else.
    async fn types(&self, t: &Test, pen: &mut Pen, section: SectionId, words: &str) {
        t.pass(Moment::SECOND);
        while let Ok(heard) = pen.heard.try_recv() {
            if let Heard::Change { update, .. } = heard {
                pen.text.take([&update[..]]).expect("it fits");
            }
        }
        let update = pen.text.write(section, words);
        t.service.write_live(&pen.seat, pen.writer, update).await.expect("kept");
    }

    /// How many changes are kept.
    async fn kept(&self, t: &Test) -> usize {
        let mut tx = t.service.store().read().await.expect("a transaction");
        store::designs::changes::since(&mut tx, self.design, 0, 10_000).await.expect("asked").len()
    }

    async fn suggest(&self, t: &Test, who: &Who, words: &str) -> SuggestionId {
        t.pass(Moment::SECOND);
        let section = self.problem.to_string();
        let typed = TypedSuggestion {
            section: &section,
            kind: "change",
            picked: "whole",
            exact: "",
            words,
            why: "It is clearer.",
            seen: "",
        };
        t.service.suggest(who, self.design, t.form(), typed).await.expect("sent").id
    }
}

#[tokio::test]
async fn words_that_are_written_live_are_one_change_for_each_of_those_who_write() {
    for t in super::support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.compare(&t, &h.lead, "last", "now").await;
        let (mut robin, mut sam) = (h.pen(&t, &h.robin).await, h.pen(&t, &h.sam).await);
        // Both in the same section, in turns, letter by letter.
        let mut says = String::new();
        for (n, letter) in "A bus at ten. And one at eleven.".chars().enumerate() {
            says.push(letter);
            let pen = if n % 3 == 0 { &mut robin } else { &mut sam };
            h.types(&t, pen, h.idea, &says).await;
        }
        h.types(&t, &mut robin, h.problem, "The old bus is late every single day.").await;
        assert_eq!(h.words(&t).await[1].1, says, "{}", t.engine);
        assert_eq!(h.kept(&t).await, 3, "{}: two in one section, one in the other", t.engine);
        // A plain form in the same minutes belongs to it.
        h.save(&t, &h.robin, h.problem, "The old bus is late every single day!").await;
        assert_eq!(h.kept(&t).await, 3, "{}", t.engine);

        t.pass(Moment::HOUR);
        let c = h.compare(&t, &h.lead, "last", "now").await;
        let all = told(&c);
        assert_eq!(all[0].3, "The old bus is late every [+single +]day[-.-][+!+]", "{}", t.engine);
        assert_eq!(all[1].3, format!("[+{says}+]"), "{}", t.engine);
        let names = |n: usize| -> Vec<_> { c.changes[n].by.iter().filter_map(|by| by.who.name.clone()).collect() };
        assert_eq!((names(0), names(1)), (vec!["Robin".to_owned()], vec!["Sam".to_owned(), "Robin".to_owned()]));

        // Each letter was counted once, for whoever wrote it.
        let mut tx = t.service.store().read().await.expect("a transaction");
        let wrote = store::designs::changes::wrote(&mut tx, h.design).await.expect("asked");
        let letters = says.chars().filter(|c| c.is_alphanumeric()).count() + "single".len();
        assert_eq!((wrote.len(), wrote[0].by_role), (1, Role::YoungPerson), "{}", t.engine);
        assert_eq!((wrote[0].people, wrote[0].letters), (2.into(), i64::try_from(letters).expect("few")));
    }
}

#[tokio::test]
async fn what_somebody_has_looked_at_is_not_added_to() {
    for t in super::support::all().await {
        let h = house(&t, Visibility::Members).await;
        let mut robin = h.pen(&t, &h.robin).await;
        let mut says = String::new();
        let mut kept = 0;
        // Each of these begins a new change: what was there before them can still be told from what came after.
        for what in ["nothing", "a visit", "a version", "a comment", "a suggestion", "ten minutes"] {
            match what {
                "a visit" => {
                    h.compare(&t, &h.lead, "last", "now").await;
                }
                "a version" => h.version(&t, "First").await,
                "a comment" => {
                    t.pass(Moment::SECOND);
                    let section = h.idea.to_string();
                    let typed =
                        service::comments::Typed { section: &section, kind: "idea", words: "Yes", reply_to: "" };
                    t.service.comment(&h.sam, h.design, typed, t.form()).await.expect("sent");
                }
                "a suggestion" => {
                    let typed = TypedSuggestion {
                        section: &h.idea.to_string(),
                        kind: "add",
                        picked: "whole",
                        exact: "",
                        words: "By Sam.",
                        why: "It is mine.",
                        seen: "",
                    };
                    t.pass(Moment::SECOND);
                    let id = t.service.suggest(&h.sam, h.design, t.form(), typed).await.expect("sent").id;
                    h.accept(&t, id).await;
                    says = h.words(&t).await[1].1.clone();
                    kept += 1;
                }
                "ten minutes" => t.pass(10 * Moment::MINUTE),
                _ => {}
            }
            let first = if says.is_empty() { "b" } else { " b" };
            for letters in [first, "u", "s"] {
                says.push_str(letters);
                h.types(&t, &mut robin, h.idea, &says).await;
            }
            kept += 1;
            assert_eq!(h.kept(&t).await, kept, "{}: after {what}", t.engine);
        }
        let c = h.compare(&t, &h.sam, "comment", "now").await;
        assert!(told(&c)[0].3.starts_with("bus bus bus[+ bus"), "{}: {:?}", t.engine, told(&c));
        let c = h.compare(&t, &h.robin, "1", "now").await;
        assert!(told(&c)[0].3.starts_with("bus bus[+ bus"), "{}: {:?}", t.engine, told(&c));
        t.pass(Moment::HOUR);
        let c = h.compare(&t, &h.lead, "last", "now").await;
        assert!(told(&c)[0].3.starts_with("bus[+ bus"), "{}: {:?}", t.engine, told(&c));
    }
}

impl House {
    async fn accept(&self, t: &Test, id: SuggestionId) {
        t.pass(Moment::SECOND);
        let seen = t.service.suggestion(&self.lead, self.design, id).await.expect("seen").words_at;
        let typed = TypedAnswer { answer: "accept", words: "", others: "keep", near: "", reason: "", seen };
        let answered =
            t.service.answer_suggestion(&self.lead, self.design, id, t.form(), typed).await.expect("answered");
        assert_eq!(answered.state, SuggestionState::Accepted, "{}", t.engine);
    }
}

#[tokio::test]
async fn words_that_were_suggested_say_who_wrote_them_who_accepted_them_and_why() {
    for t in super::support::all().await {
        let h = house(&t, Visibility::Members).await;
        for who in [&h.sam, &h.lead, &h.robin] {
            h.compare(&t, who, "last", "now").await;
        }
        t.pass(Moment::HOUR);
        let id = h.suggest(&t, &h.sam, "The old bus is late each day.").await;
        h.accept(&t, id).await;
        let c = h.compare(&t, &h.robin, "last", "now").await;
        assert_eq!(told(&c)[0].3, "The old bus is late [-every-][+each+] day.", "{}", t.engine);
        let [by] = &c.changes[0].by[..] else { panic!("{}: {:?}", t.engine, c.changes[0].by) };
        let accepted = by.accepted.as_ref().expect("by a suggestion");
        assert_eq!((by.who.name.as_deref(), accepted.by.name.as_deref()), (Some("Sam"), Some("Lee")), "{}", t.engine);
        assert_eq!((accepted.suggestion, accepted.why.as_deref()), (id, Some("It is clearer.")));
        // It is news to whoever suggested it, and none to whoever accepted it.
        assert!(t.service.design_page(&h.sam, h.design).await.expect("seen").changed_since.is_some(), "{}", t.engine);
        assert!(t.service.design_page(&h.lead, h.design).await.expect("seen").changed_since.is_none(), "{}", t.engine);
        let visit = t.visit(&t.session(&h.lead).await).await;
        let mine = t.service.my_data(&visit).await.expect("my data");
        assert!(mine.things.iter().any(|x| x.kind == "change"), "{}: who decided it changed it", t.engine);
    }
}

#[tokio::test]
async fn a_version_that_comes_back_tells_suggestions_and_waits_for_a_section_that_somebody_has() {
    for t in super::support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.version(&t, "First").await;
        h.save(&t, &h.robin, h.problem, "The new bus is late every day.").await;
        let id = h.suggest(&t, &h.sam, "The new bus is late each day.").await;
        let seen = t.service.restore_page(&h.lead, h.design, 1).await.expect("seen").seen.to_string();
        t.service.lock_section(&h.sam, h.design, h.problem, Some(t.form()), true).await.expect("locked");
        let done = t.service.restore_version(&h.lead, h.design, 1, t.form(), &seen).await;
        assert_eq!(moved_on(done), "section-locked", "{}", t.engine);
        t.pass(6 * Moment::MINUTE);
        // Somebody who writes meanwhile hears of it.
        let mut robin = h.pen(&t, &h.robin).await;
        t.service.restore_version(&h.lead, h.design, 1, t.form(), &seen).await.expect("brought back");
        h.types(&t, &mut robin, h.idea, "A bus at ten.").await;
        assert_eq!(h.words(&t).await[0].1, "The old bus is late every day.", "{}", t.engine);
        let mut tx = t.service.store().read().await.expect("a transaction");
        let row = store::designs::suggestions::find(&mut tx, h.design, id).await.expect("asked").expect("there");
        assert_eq!(row.state, SuggestionState::Look, "{}: the words it is about are gone", t.engine);
    }
}
