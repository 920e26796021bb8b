//! Making a show of hands. Once made, its question and rules stay.

use domain::access::{Place, Verb, Who};
use domain::decisions::{PassRule, QUORUM, closes_at_night};
use domain::designs::Stage;
use domain::ids::{DecisionId, DesignId, FormId, VersionId, WorkspaceId};
use domain::moment::Moment;
use domain::words::{Sentences, Title, maybe_lines};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::Tx;
use store::decisions::NewDecision;
use store::workspaces::Thing;

use super::{AboutDesign, of_design};
use crate::audit::Act;
use crate::designs::set_stage;
use crate::news::Event;
use crate::rights::{allow, allow_thing, place_of_slug, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// What a new decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A design, which moves to voting.
    Design(DesignId),
    /// A workspace, by its address: a question of its own.
    Workspace(String),
}

/// A decision as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedDecision<'a> {
    /// The question.
    pub question: &'a str,
    /// More about it.
    pub explanation: &'a str,
    /// The name of a [`PassRule`].
    pub pass_rule: &'a str,
    /// Whole percent, with or without the sign.
    pub quorum: &'a str,
    /// When it opens; nothing when the date could not be read.
    pub opens_at: Option<Moment>,
    /// When it closes; nothing when the date could not be read.
    pub closes_at: Option<Moment>,
    /// They were warned that it closes at night, and it shall.
    pub night_is_fine: bool,
}

/// What the page for a new decision needs.
#[derive(Debug, Clone)]
pub struct NewDecisionPage {
    /// The workspace's address.
    pub workspace_slug: String,
    /// The workspace's title.
    pub workspace_title: String,
    /// The design it is about.
    pub design: Option<AboutDesign>,
    /// When it would open, if nobody types anything else.
    pub opens_at: Moment,
    /// When it would close.
    pub closes_at: Moment,
}

struct Found {
    workspace: WorkspaceId,
    slug: String,
    title: String,
    design: Option<AboutDesign>,
}

async fn found(tx: &mut Tx, who: &Who, about: &About) -> Result<Found, Refused> {
    match about {
        About::Design(id) => {
            let _: Place = allow_thing(tx, who, Verb::OpenDecision, Thing::Design(*id)).await?;
            let d = store::decisions::design(tx, *id).await?.ok_or(Refused::Unknown)?;
            if !matches!(d.stage, Stage::Checking | Stage::Voting) {
                return Err(Refused::MovedOn("design-not-checking"));
            }
            Ok(Found {
                workspace: d.workspace_id,
                slug: d.workspace_slug,
                title: d.workspace_title,
                design: Some(AboutDesign { id: d.id, title: d.title, stage: d.stage, version: None }),
            })
        }
        About::Workspace(slug) => {
            let (id, place) = place_of_slug(tx, slug).await?;
            allow(who, Verb::OpenDecision, &place)?;
            let w = store::decisions::workspace(tx, id).await?.ok_or(Refused::Unknown)?;
            Ok(Found { workspace: w.id, slug: w.slug, title: w.title, design: None })
        }
    }
}

fn in_zone(zone: &TimeZone, at: Moment) -> jiff::Zoned {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// A week from now at six in the evening: time to think, and not at night.
fn default_closing(zone: &TimeZone, now: Moment) -> Moment {
    let later = in_zone(zone, now.plus(7 * Moment::DAY));
    later
        .date()
        .at(18, 0, 0, 0)
        .to_zoned(zone.clone())
        .map_or(now.plus(7 * Moment::DAY), |z| Moment(z.timestamp().as_microsecond()))
}

fn percent(typed: &str) -> Option<i64> {
    typed.trim().trim_end_matches('%').trim().parse().ok().filter(|n| QUORUM.contains(n))
}

impl Service {
    /// What the page for a new decision needs.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] when the design is not being checked.
    pub async fn new_decision(&self, who: &Who, about: &About) -> Result<NewDecisionPage, Refused> {
        let mut tx = self.store().read().await?;
        let found = found(&mut tx, who, about).await?;
        drop(tx);
        let zone = self.zone().await?;
        let now = self.now();
        Ok(NewDecisionPage {
            workspace_slug: found.slug,
            workspace_title: found.title,
            design: found.design,
            opens_at: now,
            closes_at: default_closing(&zone, now),
        })
    }

    async fn zone(&self) -> Result<TimeZone, Refused> {
        Ok(TimeZone::get(&self.settings().await?.time_zone).unwrap_or(TimeZone::UTC))
    }

    /// Makes a decision and takes its roll. A design named by it moves to voting, and its words are kept as a version.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with each wrong field, and for closing at night without having said that this is fine;
    /// [`Refused::MovedOn`] when the design is not being checked, has another vote, or nobody could take part.
    pub async fn open_decision(
        &self,
        who: &Who,
        about: &About,
        form: FormId,
        typed: TypedDecision<'_>,
    ) -> Result<DecisionId, Refused> {
        let zone = self.zone().await?;
        let mut tx = self.write_as(who).await?;
        // A repeat finds the design in voting, which is fine here; the mark below says that it is a repeat.
        let found = found(&mut tx, who, about).await?;
        let me = somebody(who)?.id;
        if let Some(Some(made)) = access::before(&mut tx, form).await? {
            return Ok(DecisionId(made));
        }
        let now = self.now();
        let mut problems = Problems::new();
        let question = problems.take("question", Title::parse(typed.question));
        let explanation = problems.take("explanation", maybe_lines(typed.explanation, Sentences::MAX));
        let pass_rule: Option<PassRule> = problems.choice("pass_rule", typed.pass_rule);
        let quorum = percent(typed.quorum);
        if quorum.is_none() {
            problems.add("quorum", "percent");
        }
        // Typing takes a while: a little in the past means now. A whole day means a slip.
        let opens = match typed.opens_at {
            Some(at) if at.plus(Moment::DAY) < now => {
                problems.add("opens", "date-past");
                None
            }
            Some(at) => Some(at.max(now)),
            None => {
                problems.add("opens", "date");
                None
            }
        };
        match typed.closes_at {
            None => problems.add("closes", "date"),
            Some(at) if at <= opens.unwrap_or(now) => problems.add("closes", "before-opening"),
            Some(at) if closes_at_night(in_zone(&zone, at).hour()) && !typed.night_is_fine => {
                problems.add("closes", "night");
            }
            Some(_) => {}
        }
        let (Some(question), Some(explanation), Some(pass_rule), Some(quorum), Some(opens_at), Some(closes_at), true) =
            (question, explanation, pass_rule, quorum, opens, typed.closes_at, problems.is_empty())
        else {
            return Err(Refused::Invalid(problems));
        };
        let id: DecisionId = self.new_id();
        let version = match &found.design {
            Some(design) => Some((design.id, self.to_voting(&mut tx, who, design, now).await?)),
            None => None,
        };
        let new = NewDecision {
            id,
            workspace: found.workspace,
            about: version,
            question: question.as_str(),
            explanation: &explanation,
            pass_rule,
            quorum,
            opens_at,
            closes_at,
            made_at: now,
            made_by: me,
        };
        store::decisions::insert(&mut tx, &new).await?;
        if store::decisions::take_roll(&mut tx, id).await?.is_none() {
            return Err(Refused::MovedOn("nobody-on-roll"));
        }
        let detail = format!("pass_rule={pass_rule} quorum={quorum}");
        let act = Act { verb: audit::verb(Verb::OpenDecision), kind: "decision", id: &id.to_string(), detail: &detail };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        self.commit_and_tell(tx, Event::Decision { decision: id }).await?;
        if let Some(design) = found.design {
            self.news().tell(Event::Design { design: design.id });
        }
        Ok(id)
    }

    /// Locks a design for a vote and gives the version that people decide about.
    async fn to_voting(&self, tx: &mut Tx, who: &Who, design: &AboutDesign, now: Moment) -> Result<VersionId, Refused> {
        // Held first: whoever opens another vote or moves the design waits here.
        store::designs::hold(tx, design.id).await?;
        if of_design(tx, design.id, now).await?.iter().any(|d| d.state.can_be_voided()) {
            return Err(Refused::MovedOn("vote-already"));
        }
        // A second vote on locked words is about the same version.
        if design.stage == Stage::Voting
            && let Some(newest) = store::designs::versions(tx, design.id).await?.into_iter().max_by_key(|v| v.number)
        {
            return Ok(newest.id);
        }
        let way = (design.stage, Stage::Voting);
        set_stage(self, tx, who, design.id, way.0, way.1, "").await?.ok_or(Refused::MovedOn("design-not-checking"))
    }
}
