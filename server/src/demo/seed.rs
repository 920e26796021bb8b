//! Fills an empty database with the demo, through the same use cases as everybody, each as the person who does it.
//!
//! Everything that happens in all stories is put into one order by its moment, so that the year passes once.

mod suggestions;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::access::{Known, Who};
use domain::comments::CommentKind;
use domain::ids::{
    ActionId, CommentId, DecisionId, DesignId, FormId, GroupId, PersonId, SectionId, SessionId, SuggestionId,
};
use domain::moment::Moment;
use service::access::{Session, Visit};
use service::actions::{TypedAction, TypedOutcome, TypedUpdate};
use service::comments::{Typed, Verdict};
use service::decisions::{About, TypedDecision, TypedHand};
use service::designs::{Draft, NewDesign, Saved};
use service::files::StoredFiles;
use service::groups::NewGroup;
use service::people::NewPerson;
use service::pictures::TypedPicture;
use service::safety::reports::{TypedReply, TypedReport};
use service::templates::TypedTemplate;
use service::workspaces::{NewWorkspace, PromiseWords};
use service::world::{Keys, NoMail};
use service::{Refused, Service, World};
use store::Store;

use self::suggestions::Which;
use super::content::{Agreed, Content, Person, Story};
use super::luck::{SameChance, StoryClock, awake};
use super::{DemoGroup, DemoPerson};

/// How many days before now the organisation began to use Tandem.
const BEGAN: i64 = 364;
/// Words that passwords of the demo are made of.
const WORDS: &[&str] = &[
    "kettle", "goose", "lantern", "pear", "button", "marble", "thunder", "biscuit", "ladder", "violin", "pocket",
    "harbour", "pencil", "otter", "saddle", "window", "mango", "ribbon", "puddle", "rocket", "teapot", "willow",
];

/// What went wrong, in a sentence.
fn failed(what: &str, e: &Refused) -> String {
    // The demo's own words may be shown: they are in the source.
    format!("The demo could not be filled: {what}: {e:?}")
}

/// One thing that happens. The numbers point into the content.
#[derive(Debug, Clone)]
enum Event {
    Open,
    Promise,
    Agree(String),
    AgreeAsLead,
    Start(usize),
    Write(usize, usize),
    Rewrite { design: usize, section: usize, line: usize },
    Version(usize, usize),
    Say { design: usize, section: usize, line: usize },
    Suggest(Which),
    Support(Which, usize),
    Answer(Which, usize),
    Then(Which),
    Picture { design: usize, section: usize, line: usize },
    Report { design: usize, section: usize, line: usize },
    Move(usize, usize),
    Vote(usize, usize),
    Hand { design: usize, vote: usize, line: usize },
    Outcome(usize),
    Act(usize, usize),
    Update { design: usize, action: usize, line: usize },
    Worked { design: usize, action: usize, line: usize },
}

/// What a story has made so far.
#[derive(Debug, Default)]
struct Made {
    slug: String,
    promise_at: Moment,
    designs: BTreeMap<usize, DesignId>,
    sections: BTreeMap<(usize, usize), SectionId>,
    comments: BTreeMap<(usize, usize, usize), CommentId>,
    suggestions: BTreeMap<Which, SuggestionId>,
    votes: BTreeMap<(usize, usize), DecisionId>,
    actions: BTreeMap<(usize, usize), (ActionId, Moment)>,
}

/// A group of the demo once it is made.
struct MadeGroup {
    card: DemoGroup,
    checks: bool,
    open: bool,
}

/// The filling.
struct Seeder<'a> {
    content: &'a Content,
    service: Service,
    clock: Arc<StoryClock>,
    chance: Arc<SameChance>,
    now: Moment,
    groups: BTreeMap<String, MadeGroup>,
    everybody: Vec<Person>,
    whos: BTreeMap<String, Who>,
}

/// Fills an empty database and gives its people with what they sign in with.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub async fn fill(
    store: Store,
    keys: Arc<Keys>,
    now: Moment,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<DemoPerson>, String> {
    let content = Content::read()?;
    let (clock, chance) = (Arc::new(StoryClock::new(now)), Arc::new(SameChance::new()));
    let world = World {
        clock: clock.clone(),
        chance: chance.clone(),
        mail: Arc::new(NoMail),
        files: Arc::new(StoredFiles::new(store.clone(), clock.clone())),
        keys,
    };
    let mut seeder = Seeder {
        service: Service::new(store, world),
        everybody: content.everybody()?,
        content: &content,
        clock,
        chance,
        now,
        groups: BTreeMap::new(),
        whos: BTreeMap::new(),
    };
    progress("Filling the demo: its people and their cards");
    let mut people = seeder.people().await?;
    progress("Filling the demo: nine groups");
    seeder.make_groups(&mut people).await?;
    seeder.make_templates().await?;
    seeder.happen(progress).await?;
    Ok(people)
}

impl Seeder<'_> {
    /// An hour and minute of a day before now (after it when negative), and never later than a minute ago for what
    /// has happened.
    fn at(&self, day: i64, hour: i64, minute: i64) -> Moment {
        let midnight = self.now.0 - self.now.0.rem_euclid(Moment::DAY);
        let at = Moment(midnight - day * Moment::DAY + hour * Moment::HOUR + minute * Moment::MINUTE);
        if day >= 0 { at.min(self.just_now()) } else { at }
    }

    fn just_now(&self) -> Moment {
        self.now.plus(-Moment::MINUTE)
    }

    fn form(&self) -> FormId {
        self.service.new_id()
    }

    fn who(&self, name: &str) -> Result<&Who, String> {
        self.whos.get(name).ok_or_else(|| format!("The demo names {name}, who is not in people.toml."))
    }

    fn id(&self, name: &str) -> Result<PersonId, String> {
        self.who(name)?.id().ok_or_else(|| format!("{name} has no id"))
    }

    /// Makes everybody. Staff get three words as a password, which they have chosen themselves.
    async fn people(&mut self) -> Result<Vec<DemoPerson>, String> {
        let mut out = Vec::new();
        self.clock.set(self.at(BEGAN, 9, 0));
        let first = self.everybody.iter().find(|p| p.role == "administrator").cloned();
        let first = first.ok_or("The demo has no administrator.")?;
        let once =
            self.service.system_administrator(&first.name, &first.name).await.map_err(|e| failed(&first.name, &e))?;
        let mut tx = self.service.store().read().await.map_err(|e| e.to_string())?;
        let found = store::people::all(&mut tx).await.map_err(|e| e.to_string())?;
        drop(tx);
        let id = found.first().map(|p| p.id).ok_or("The administrator was not made.")?;
        self.known(id, &first);
        let admin = self.who(&first.name)?.clone();
        let typed: Vec<(String, String)> =
            self.content.people.council.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        self.service.change_settings(&admin, &typed).await.map_err(|e| failed("settings", &e))?;
        out.push(self.staff(&first, &once).await?);
        for (i, person) in self.everybody.clone().iter().filter(|p| p.name != first.name).enumerate() {
            self.clock.set(self.at(BEGAN, 9, 10 + i64::try_from(i).unwrap_or(0)));
            let staff = person.role.parse::<domain::people::Role>().is_ok_and(domain::people::Role::is_staff);
            let once = self.password();
            let new = NewPerson {
                name: &person.name,
                role: &person.role,
                team: self.content.people.teams.get(&person.name).map_or("", String::as_str),
                // The same as the name here, so that whoever reads the list of people can sign in with it.
                sign_in_name: if staff { &person.name } else { "" },
                password: if staff { &once } else { "" },
                group: "",
                card: !staff,
            };
            let made =
                self.service.make_person(&admin, self.form(), new).await.map_err(|e| failed(&person.name, &e))?;
            self.known(made.id, person);
            out.push(match made.card {
                Some(card) => DemoPerson {
                    name: person.name.clone(),
                    role: person.role.clone(),
                    groups: Vec::new(),
                    sign_in_name: None,
                    password: None,
                    code: Some(card.code.as_str().to_owned()),
                    pictures: Some(card.pictures.map(|p| p.name().to_owned())),
                    card: Some(format!("/card/{}", card.secret.as_str())),
                },
                None => self.staff(person, &once).await?,
            });
        }
        Ok(out)
    }

    fn known(&mut self, id: PersonId, person: &Person) {
        if let Ok(role) = person.role.parse() {
            let known = Known { id, name: person.name.clone(), role, groups: Vec::new() };
            self.whos.insert(person.name.clone(), Who::known(known));
        }
    }

    /// Three words, none of them twice.
    fn password(&self) -> String {
        let mut words = WORDS.to_vec();
        let three: Vec<&str> = (0..3).map(|_| words.remove(self.chance.below(words.len()))).collect();
        three.join("-")
    }

    /// A member of staff who has chosen their own password, so that nobody is asked for a new one.
    async fn staff(&self, person: &Person, once: &str) -> Result<DemoPerson, String> {
        let session = Session {
            id: self.service.new_id::<SessionId>(),
            idle_end: self.now,
            shared: false,
            keeps: false,
            must_change: true,
        };
        let visit = Visit { who: self.who(&person.name)?.clone(), session: Some(session), lapsed: None };
        let own = self.password();
        self.service.change_my_password(&visit, once, &own).await.map_err(|e| failed(&person.name, &e))?;
        Ok(DemoPerson {
            name: person.name.clone(),
            role: person.role.clone(),
            groups: Vec::new(),
            sign_in_name: Some(person.name.clone()),
            password: Some(own),
            code: None,
            pictures: None,
            card: None,
        })
    }

    /// Makes the groups; their first worker makes each, and puts the others in.
    async fn make_groups(&mut self, people: &mut [DemoPerson]) -> Result<(), String> {
        for (i, group) in self.content.people.groups.iter().enumerate() {
            self.clock.set(self.at(BEGAN - 1, 10, 5 * i64::try_from(i).unwrap_or(0)));
            let inside: Vec<(String, String)> = self
                .everybody
                .iter()
                .filter_map(|p| {
                    p.groups.iter().find(|(g, _)| *g == group.key).map(|(_, r)| (p.name.clone(), r.clone()))
                })
                .collect();
            let maker = inside.iter().find(|(_, r)| r == "worker").map(|(n, _)| n.clone());
            let maker = maker.ok_or_else(|| format!("The group {} has no worker.", group.key))?;
            let typed = NewGroup {
                name: &group.name,
                purpose: &group.purpose,
                kind: &group.kind,
                visibility: &group.visibility,
                colour: &group.colour,
                symbol: &group.symbol,
                checking: &group.checking,
            };
            let slug = self
                .service
                .make_group(self.who(&maker)?, self.form(), typed)
                .await
                .map_err(|e| failed(&group.name, &e))?;
            let mut tx = self.service.store().read().await.map_err(|e| e.to_string())?;
            let row = store::groups::find_by_slug(&mut tx, &slug).await.map_err(|e| e.to_string())?;
            drop(tx);
            let id = row.ok_or("A group was not made.")?.id;
            self.join(&maker, id, "worker");
            for (name, role) in inside.iter().filter(|(n, _)| *n != maker) {
                let person = self.id(name)?.to_string();
                self.service
                    .add_to_group(self.who(&maker)?, &slug, &person, role)
                    .await
                    .map_err(|e| failed(&format!("{name} in {}", group.name), &e))?;
                self.join(name, id, role);
            }
            let card = |role: &str| DemoGroup {
                slug: slug.clone(),
                name: group.name.clone(),
                visibility: group.visibility.clone(),
                role: role.to_owned(),
            };
            for person in people.iter_mut() {
                if let Some((_, role)) = inside.iter().find(|(n, _)| *n == person.name) {
                    person.groups.push(card(role));
                }
            }
            let made =
                MadeGroup { card: card(""), checks: group.checking != "after", open: group.visibility == "open" };
            self.groups.insert(group.key.clone(), made);
        }
        Ok(())
    }

    fn join(&mut self, name: &str, group: GroupId, role: &str) {
        let Ok(role) = role.parse() else { return };
        if let Some(known) = self.whos.get(name).and_then(Who::person) {
            let mut known = known.clone();
            known.groups.push((group, role));
            self.whos.insert(name.to_owned(), Who::known(known));
        }
    }

    /// Who is in a story's groups in one of these roles, each once, in the order of the files.
    fn in_story(&self, story: &Story, roles: &[&str]) -> Vec<String> {
        let fits = |p: &&Person| p.groups.iter().any(|(g, r)| story.groups.contains(g) && roles.contains(&r.as_str()));
        self.everybody.iter().filter(fits).map(|p| p.name.clone()).collect()
    }

    /// Everything that happens, in its order.
    async fn make_templates(&self) -> Result<(), String> {
        for t in &self.content.people.templates {
            let headings = t.headings.join("\n");
            let typed = TypedTemplate { name: &t.name, headings: &headings };
            let made = self.service.make_template(self.who(&t.by)?, self.form(), typed).await;
            made.map_err(|e| failed(&t.name, &e))?;
        }
        Ok(())
    }

    async fn happen(&self, progress: &(dyn Fn(&str) + Sync)) -> Result<(), String> {
        let mut all: Vec<(Moment, usize, Event)> = Vec::new();
        for (n, story) in self.content.stories.iter().enumerate() {
            all.extend(self.plan(story).into_iter().map(|(at, event)| (at, n, event)));
        }
        // Stable: what happens in one moment happens in the order it was written.
        all.sort_by_key(|(at, ..)| *at);
        let mut made: Vec<Made> = self.content.stories.iter().map(|_| Made::default()).collect();
        let total = all.len();
        for (i, (at, n, event)) in all.into_iter().enumerate() {
            if i % 250 == 0 {
                progress(&format!("Filling the demo: a year of work, {i} of {total}"));
            }
            self.clock.set(at);
            let (Some(story), Some(made)) = (self.content.stories.get(n), made.get_mut(n)) else { continue };
            self.one(story, made, at, &event).await.map_err(|e| format!("{e} ({}, {event:?})", story.title))?;
        }
        Ok(())
    }

    /// When each thing of a story happens.
    fn plan(&self, story: &Story) -> Vec<(Moment, Event)> {
        let mut out = vec![(self.at(story.day, 10, 0), Event::Open), (self.at(story.day, 11, 30), Event::Promise)];
        let first = story.designs.first().map_or(0, |d| d.day);
        match story.promise.agreed {
            Agreed::Half => {
                let members = self.in_story(story, &["member", "lead"]);
                let enough = (members.len() * 2).div_ceil(3).max(1);
                let times = self.chance.moments(self.at(story.day, 14, 0), self.at(first + 1, 19, 0), enough);
                out.extend(times.into_iter().zip(members).map(|(at, name)| (at, Event::Agree(name))));
            }
            Agreed::Lead => out.push((self.at(first, 9, 0), Event::AgreeAsLead)),
            Agreed::Waiting => {
                let names = story.promise.agreed_by.clone();
                let times = self.chance.moments(self.at(story.day, 14, 0), self.just_now(), names.len());
                out.extend(times.into_iter().zip(names).map(|(at, name)| (at, Event::Agree(name))));
            }
        }
        for d in 0..story.designs.len() {
            self.plan_design(story, d, &mut out);
        }
        out
    }

    fn plan_design(&self, story: &Story, d: usize, out: &mut Vec<(Moment, Event)>) {
        let Some(design) = story.designs.get(d) else { return };
        out.push((self.at(design.day, 12, 0), Event::Start(d)));
        for (s, _) in design.sections.iter().enumerate() {
            let n = i64::try_from(s).unwrap_or(0);
            out.push((self.at(design.day, 13 + n, 7 * n), Event::Write(d, s)));
        }
        for (section, s) in design.sections.iter().enumerate() {
            for (line, (day, ..)) in s.later.iter().enumerate() {
                out.push((self.at(*day, 17, 5), Event::Rewrite { design: d, section, line }));
            }
            for (line, picture) in s.pictures.iter().enumerate() {
                // When everybody has written.
                out.push((self.at(picture.day, 22, 30), Event::Picture { design: d, section, line }));
            }
            for (line, said) in s.reports.iter().enumerate() {
                out.push((self.at(said.day, 18, 30), Event::Report { design: d, section, line }));
            }
        }
        for (v, (_, day, ..)) in design.versions.iter().enumerate() {
            out.push((self.at(*day, 18, 0), Event::Version(d, v)));
        }
        for (m, step) in design.moves.iter().enumerate() {
            out.push((self.at(step.day, 9, 0), Event::Move(d, m)));
        }
        // Once a vote has closed there is nothing left to say about the words.
        let voted = design.votes.iter().filter(|v| v.closes >= 0).map(|v| self.at(v.opens, 15, 0)).min();
        let ended = design.moves.iter().filter(|m| matches!(m.to.as_str(), "stopped" | "done"));
        let ended = ended.map(|m| self.at(m.day, 8, 30)).min();
        let until = [voted, ended].into_iter().flatten().min().unwrap_or_else(|| self.just_now());
        self.plan_talk(story, d, until, out);
        self.plan_suggestions(story, d, out);
        for (v, vote) in design.votes.iter().enumerate() {
            let opens = self.at(vote.opens, 16, 0);
            out.push((opens, Event::Vote(d, v)));
            let last = self.at(vote.closes, 16, 0).min(self.just_now());
            let times = self.chance.moments(opens.plus(Moment::HOUR), last, vote.hands.0.len());
            out.extend(times.into_iter().enumerate().map(|(line, at)| (at, Event::Hand { design: d, vote: v, line })));
        }
        if let Some(outcome) = &design.outcome {
            out.push((self.at(outcome.day, 14, 0), Event::Outcome(d)));
        }
        for (a, action) in design.actions.iter().enumerate() {
            out.push((self.at(action.day, 15, 5 * i64::try_from(a).unwrap_or(0)), Event::Act(d, a)));
            for (line, update) in action.updates.iter().enumerate() {
                out.push((self.at(update.day, 10, 30), Event::Update { design: d, action: a, line }));
            }
            let done = action.updates.last().map_or(action.day, |u| u.day);
            let (from, to) = (self.at(done, 16, 0), self.at((done - 24).max(0), 19, 0));
            let times = self.chance.moments(from, to, action.worked.0.len());
            out.extend(
                times.into_iter().enumerate().map(|(line, at)| (at, Event::Worked { design: d, action: a, line })),
            );
        }
    }

    /// Threads of all sections begin in mixed order; answers come within a day or two.
    fn plan_talk(&self, story: &Story, d: usize, until: Moment, out: &mut Vec<(Moment, Event)>) {
        let Some(design) = story.designs.get(d) else { return };
        let mut waiting: Vec<Vec<usize>> = design
            .sections
            .iter()
            .map(|s| s.talk.0.iter().enumerate().filter(|(_, said)| !said.answer).map(|(i, _)| i).rev().collect())
            .collect();
        let threads = waiting.iter().map(Vec::len).sum();
        for begins in self.chance.moments(self.at(design.day - 1, 8, 0), until, threads) {
            let full: Vec<usize> = (0..waiting.len()).filter(|s| !waiting[*s].is_empty()).collect();
            let Some(section) = full.get(self.chance.below(full.len())).copied() else { return };
            let Some(first) = waiting[section].pop() else { return };
            out.push((begins, Event::Say { design: d, section, line: first }));
            let answers = design.sections[section].talk.0.iter().enumerate().skip(first + 1);
            let mut at = begins;
            for (line, _) in answers.take_while(|(_, said)| said.answer) {
                let wait = i64::try_from(20 + self.chance.below(20 * 60)).unwrap_or(60) * Moment::MINUTE;
                at = awake(at.plus(wait)).max(at.plus(Moment::MINUTE)).min(until.max(at));
                out.push((at, Event::Say { design: d, section, line }));
            }
        }
    }

    /// Lets one thing happen.
    async fn one(&self, story: &Story, made: &mut Made, at: Moment, event: &Event) -> Result<(), String> {
        let service = &self.service;
        let design_of = |d: &usize| story.designs.get(*d).ok_or("no such design");
        let id_of = |made: &Made, d: &usize| made.designs.get(d).copied().ok_or("the design was not made");
        match event {
            Event::Open => {
                let groups: Vec<&str> =
                    story.groups.iter().filter_map(|g| self.groups.get(g)).map(|g| g.card.slug.as_str()).collect();
                let typed = NewWorkspace {
                    title: &story.title,
                    summary: &story.summary,
                    template: &story.template,
                    symbol: &story.symbol,
                    groups: &groups,
                };
                let opened = service.open_workspace(self.who(&story.by)?, self.form(), typed).await;
                made.slug = opened.map_err(|e| failed("opening", &e))?;
            }
            Event::Promise => {
                let p = &story.promise;
                let words = PromiseWords {
                    what_for: p.what_for.clone(),
                    can_change: p.can_change.clone(),
                    cannot_change: p.cannot_change.clone(),
                    who_decides: p.who_decides.clone(),
                    money: p.money.clone(),
                    hear_when: p.hear_when.clone(),
                };
                service.write_promise(self.who(&p.by)?, &made.slug, &words).await.map_err(|e| failed("promise", &e))?;
                made.promise_at = at;
                if let Some(deciders) = &story.deciders {
                    let set = service.set_deciders(self.who(&p.by)?, &made.slug, deciders).await;
                    set.map_err(|e| failed("who decides", &e))?;
                }
            }
            Event::Agree(name) => {
                let agreed = service.agree_promise(self.who(name)?, &made.slug, made.promise_at).await;
                agreed.map_err(|e| failed(name, &e))?;
            }
            Event::AgreeAsLead => {
                let lead = self.in_story(story, &["lead"]);
                let lead = self.who(lead.first().ok_or("nobody leads")?)?;
                let agreed = service.agree_promise_for_group(lead, &made.slug, made.promise_at).await;
                agreed.map_err(|e| failed("promise", &e))?;
            }
            Event::Start(d) => {
                let design = design_of(d)?;
                let sections = design
                    .sections
                    .iter()
                    .map(|s| Draft { heading: s.heading.clone(), words: String::new() })
                    .collect();
                let who = self.who(&design.by)?;
                let started = service
                    .start_design(who, &made.slug, self.form(), NewDesign { title: &design.title, sections })
                    .await;
                let id = started.map_err(|e| failed("design", &e))?;
                let view = service.view_design(who, id).await.map_err(|e| failed("design", &e))?;
                for (s, section) in view.sections.iter().enumerate() {
                    made.sections.insert((*d, s), section.id);
                }
                made.designs.insert(*d, id);
            }
            Event::Write(d, s) => {
                let section = design_of(d)?.sections.get(*s).ok_or("no such section")?;
                let place = made.sections.get(&(*d, *s)).copied().ok_or("the section was not made")?;
                self.write(id_of(made, d)?, place, &section.by, &section.words).await?;
            }
            Event::Rewrite { design, section, line } => {
                let later = &design_of(design)?.sections.get(*section).ok_or("no such section")?.later;
                let (_, by, words) = later.get(*line).ok_or("no such words")?;
                let place = made.sections.get(&(*design, *section)).copied().ok_or("the section was not made")?;
                self.write(id_of(made, design)?, place, by, words).await?;
            }
            Event::Version(d, v) => {
                let (name, _, by, why) = design_of(d)?.versions.get(*v).ok_or("no such version")?;
                let version = service.make_version(self.who(by)?, id_of(made, d)?, self.form(), name, why).await;
                version.map_err(|e| failed(name, &e))?;
            }
            Event::Say { design, section, line } => {
                let talk = &design_of(design)?.sections.get(*section).ok_or("no such section")?.talk.0;
                let said = talk.get(*line).ok_or("no such comment")?;
                let place = made.sections.get(&(*design, *section)).copied().ok_or("the section was not made")?;
                let first = talk.iter().take(*line).rposition(|s| !s.answer).filter(|_| said.answer);
                let answers = first.and_then(|f| made.comments.get(&(*design, *section, f)));
                let typed = Typed {
                    section: &place.to_string(),
                    kind: CommentKind::name(said.kind),
                    words: &said.words,
                    reply_to: &answers.map(ToString::to_string).unwrap_or_default(),
                };
                let sent = service.comment(self.who(&said.by)?, id_of(made, design)?, typed, self.form()).await;
                let sent = sent.map_err(|e| failed(&said.words, &e))?;
                made.comments.insert((*design, *section, *line), sent.id);
                // What waits, and what a group looks at later, is checked the same hour. Only the last day's words still
                // wait, and only those that nobody answers: held words cannot be answered.
                let answered = !said.answer && talk.get(*line + 1).is_some_and(|next| next.answer);
                let past = at.plus(Moment::DAY) < self.now;
                let later = !story.groups.iter().any(|g| self.groups.get(g).is_some_and(|g| g.checks));
                if sent.held && (answered || past) || later && past {
                    let checker = self.checker(story, &said.by)?;
                    let checked = service.check_comment(checker, sent.id, Verdict::Publish, at).await;
                    checked.map_err(|e| failed("checking", &e))?;
                }
            }
            Event::Suggest(which) => self.suggest(story, made, at, *which).await?,
            Event::Support(which, line) => self.support(story, made, *which, *line).await?,
            Event::Answer(which, line) => self.answer(story, made, at, (*which, *line)).await?,
            Event::Then(which) => self.after(story, made, *which).await?,
            Event::Picture { design, section, line } => {
                let all = design_of(design)?.sections.get(*section).map(|s| &s.pictures);
                let picture = all.and_then(|all| all.get(*line)).ok_or("no such picture")?;
                let id = id_of(made, design)?;
                let section = made.sections.get(&(*design, *section)).copied().ok_or("the section was not made")?;
                let bytes = picture.bytes().ok_or_else(|| format!("there is no {} in server/demo", picture.file))?;
                let typed = TypedPicture { shows: &picture.shows, decoration: false };
                let at = (id, section);
                let put = service.add_picture(self.who(&picture.by)?, at, self.form(), typed, bytes.to_vec()).await;
                put.map_err(|e| failed(&picture.shows, &e))?;
                // Where everything is checked first, somebody looks the same evening.
                let checker = self.checker(story, &picture.by)?;
                let it = service.section_to_check(checker, id, section).await.map_err(|e| failed("a picture", &e))?;
                if it.masked_html.is_some() {
                    let checked = service.check_section(checker, id, section, it.words_at).await;
                    checked.map_err(|e| failed("a picture", &e))?;
                }
            }
            Event::Report { design, section, line } => {
                let all = design_of(design)?.sections.get(*section).map(|s| &s.reports);
                let said = all.and_then(|all| all.get(*line)).ok_or("no such report")?;
                let id = id_of(made, design)?;
                let section = made.sections.get(&(*design, *section)).copied().ok_or("the section was not made")?;
                let typed = TypedReport { why: said.why.name(), words: &said.words };
                let report = service.report_section(self.who(&said.by)?, (id, section), self.form(), typed).await;
                let report = report.map_err(|e| failed(&said.words, &e))?;
                if let Some((by, outcome, reason)) = &said.answer {
                    self.clock.set(at.plus(Moment::HOUR));
                    let reply = TypedReply { outcome, reason };
                    let done = service.answer_report(self.who(by)?, (id, report), self.form(), reply).await;
                    done.map_err(|e| failed(reason, &e))?;
                }
            }
            Event::Move(d, m) => {
                let step = design_of(d)?.moves.get(*m).ok_or("no such move")?;
                let (id, who) = (id_of(made, d)?, self.who(&step.by)?);
                let from = service.view_stage(who, id).await.map_err(|e| failed("stage", &e))?.head.stage;
                let moved = service.move_stage(who, id, self.form(), from.name(), &step.to, &step.reason).await;
                moved.map_err(|e| failed(&step.to, &e))?;
            }
            Event::Vote(d, v) => {
                let vote = design_of(d)?.votes.get(*v).ok_or("no such vote")?;
                let typed = TypedDecision {
                    question: &vote.question,
                    explanation: &vote.explanation,
                    pass_rule: &vote.rule,
                    quorum: &vote.quorum.to_string(),
                    opens_at: Some(at),
                    closes_at: Some(self.at(vote.closes, 17, 0)),
                    night_is_fine: false,
                };
                let about = About::Design(id_of(made, d)?);
                let opened = service.open_decision(self.who(&vote.by)?, &about, self.form(), typed).await;
                made.votes.insert((*d, *v), opened.map_err(|e| failed("vote", &e))?);
            }
            Event::Hand { design, vote, line } => {
                let hands = &design_of(design)?.votes.get(*vote).ok_or("no such vote")?.hands.0;
                let (hand, name, reason) = hands.get(*line).ok_or("no such hand")?;
                let decision = made.votes.get(&(*design, *vote)).copied().ok_or("the vote was not opened")?;
                let typed = TypedHand { hand: hand.name(), reason };
                let raised = service.raise_hand(self.who(name)?, decision, self.form(), typed).await;
                raised.map_err(|e| failed(name, &e))?;
                self.check_hand(story, decision, name, at).await?;
            }
            Event::Outcome(d) => {
                let outcome = design_of(d)?.outcome.as_ref().ok_or("no outcome")?;
                let typed = TypedOutcome {
                    words: &outcome.words,
                    why: &outcome.why,
                    next: &outcome.next,
                    differs: "same",
                    differs_why: "",
                };
                let who = self.who(&outcome.by)?;
                let written = service.write_outcome(who, id_of(made, d)?, self.form(), typed).await;
                written.map_err(|e| failed("outcome", &e))?;
            }
            Event::Act(d, a) => {
                let action = design_of(d)?.actions.get(*a).ok_or("no such action")?;
                let due = self.at(action.due, 17, 0);
                let typed = TypedAction {
                    title: &action.title,
                    you_said: &action.you_said,
                    status: "not-started",
                    we_will: &action.we_will,
                    reason: "",
                    owner_role: &action.owner_role,
                    owner: &self.id(&action.owner)?.to_string(),
                    team: &action.team,
                    due_at: Some(due),
                    shown: self.shown(story),
                };
                let about = About::Design(id_of(made, d)?);
                let id = service.make_action(self.who(&action.by)?, &about, self.form(), typed).await;
                made.actions.insert((*d, *a), (id.map_err(|e| failed(&action.title, &e))?, due));
            }
            Event::Update { design, action, line } => {
                let action_of = design_of(design)?.actions.get(*action).ok_or("no such action")?;
                let update = action_of.updates.get(*line).ok_or("no such update")?;
                let (id, due) = made.actions.get(&(*design, *action)).copied().ok_or("the action was not made")?;
                let typed = TypedUpdate {
                    status: &update.status,
                    words: &update.words,
                    reason: &update.reason,
                    due_at: Some(due),
                    owner: &self.id(&action_of.owner)?.to_string(),
                    owner_role: &action_of.owner_role,
                    shown: self.shown(story),
                    ask: update.ask,
                };
                let updated = service.update_action(self.who(&update.by)?, id, self.form(), typed).await;
                updated.map_err(|e| failed(&action_of.title, &e))?;
            }
            Event::Worked { design, action, line } => {
                let action_of = design_of(design)?.actions.get(*action).ok_or("no such action")?;
                let (answer, name, why) = action_of.worked.0.get(*line).ok_or("no such answer")?;
                let (id, _) = made.actions.get(&(*design, *action)).copied().ok_or("the action was not made")?;
                let said = service.say_did_it_work(self.who(name)?, id, answer.name(), why).await;
                said.map_err(|e| failed(name, &e))?;
            }
        }
        Ok(())
    }

    /// Writes a section as somebody.
    async fn write(&self, design: DesignId, section: SectionId, by: &str, words: &str) -> Result<(), String> {
        let (service, who) = (&self.service, self.who(by)?);
        let view = service.write_design(who, design).await.map_err(|e| failed("writing", &e))?;
        let base = view.base.to_string();
        let saved = service.write_section(who, design, section, self.form(), &base, words.trim()).await;
        match saved.map_err(|e| failed("writing", &e))? {
            Saved::Done { .. } => Ok(()),
            Saved::TooOld(_) => Err("A section was not saved.".to_owned()),
        }
    }

    /// A worker of the story who is not the author.
    fn checker(&self, story: &Story, author: &str) -> Result<&Who, String> {
        let workers = self.in_story(story, &["worker"]);
        let other = workers.iter().find(|n| *n != author).ok_or("nobody checks words")?;
        self.who(other)
    }

    /// Reasons of hands are checked the same hour, like comments.
    async fn check_hand(&self, story: &Story, decision: DecisionId, name: &str, at: Moment) -> Result<(), String> {
        if at.plus(Moment::DAY) >= self.now {
            return Ok(());
        }
        let (checker, person) = (self.checker(story, name)?, self.id(name)?);
        let held = match self.service.reason_to_check(checker, decision, person).await {
            Ok(held) => held.words_at,
            // Without a reason, or shown already.
            Err(Refused::MovedOn(_)) => return Ok(()),
            Err(e) => return Err(failed("checking", &e)),
        };
        match self.service.check_hand_reason(checker, (decision, person), Verdict::Publish, held).await {
            // Somebody whose words were shown before does not wait.
            Ok(()) | Err(Refused::MovedOn(_)) => Ok(()),
            Err(e) => Err(failed("checking", &e)),
        }
    }

    /// Whether an action stands on the public list: not where the group itself is private.
    fn shown(&self, story: &Story) -> bool {
        story.groups.iter().filter_map(|g| self.groups.get(g)).any(|g| g.open || g.card.visibility == "members")
    }
}
