//! The front door: what needs somebody, newest first, and nothing that they may not know.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::actions::ActionStatus;
use domain::designs::suggestions::SuggestionState;
use domain::groups::{GroupColour, GroupRole, Visibility};
use domain::ids::{ActionId, CommentId, DecisionId, DesignId, PersonId, ReportId, SuggestionId};
use domain::moment::Moment;
use store::Tx;
use store::home::{Since, Waiting};

use crate::groups::GroupCard;
use crate::rights::{allow, somebody};
use crate::{Refused, Service};

/// Most cards on one home page.
pub const MOST: usize = 10;
/// Changes and replies stay on the home page this long.
pub(crate) const LATELY: i64 = 14 * Moment::DAY;
/// Outcomes and finished actions stay on the home page this long.
const LONGER: i64 = 60 * Moment::DAY;
/// Cards that an administrator made instead of the workers stay on their home pages this long.
const CARDS: i64 = 7 * Moment::DAY;
/// Actions show this long before they are due.
const SOON: i64 = 7 * Moment::DAY;

/// What waits.
#[derive(Debug, Clone)]
pub enum What {
    /// A promise to agree.
    AgreePromise {
        /// The workspace's address.
        workspace: String,
    },
    /// A promise to write.
    WritePromise {
        /// The workspace's address.
        workspace: String,
    },
    /// A vote without their hand.
    Vote {
        /// Which.
        decision: DecisionId,
        /// When it closes.
        closes_at: Moment,
    },
    /// A vote has closed, and they may write what was decided.
    ToDecide {
        /// The design.
        design: DesignId,
    },
    /// A vote of theirs has closed; what was decided is not written yet.
    Closed {
        /// Which.
        decision: DecisionId,
    },
    /// Somebody asked to make a vote void, and they may be the second person.
    VoidAsked {
        /// Which.
        decision: DecisionId,
    },
    /// Somebody who checks took their words away.
    TakenAway {
        /// The design.
        design: DesignId,
        /// Their comment.
        comment: CommentId,
    },
    /// A design they were asked to decide about went back to drafting.
    SentBack {
        /// Which.
        design: DesignId,
        /// Why.
        reason: String,
    },
    /// Somebody changed a design.
    Draft {
        /// Which.
        design: DesignId,
        /// The section.
        heading: String,
        /// Who.
        name: String,
    },
    /// Words to check, the oldest of them waiting since then.
    Check {
        /// Since when.
        since: Moment,
    },
    /// An action of theirs is due.
    Due {
        /// Which.
        action: ActionId,
        /// When.
        due_at: Moment,
    },
    /// A reply to their comment.
    Reply {
        /// The design.
        design: DesignId,
        /// The reply.
        comment: CommentId,
        /// Who, unless they have no account here.
        name: Option<String>,
    },
    /// Suggestions that they decide about.
    Suggestions {
        /// The design.
        design: DesignId,
    },
    /// Their own suggestion was answered, or they look at it again.
    Suggestion {
        /// The design.
        design: DesignId,
        /// Which.
        suggestion: SuggestionId,
        /// What has become of it.
        state: SuggestionState,
    },
    /// Somebody answered what they said is wrong.
    ReportAnswered {
        /// The design.
        design: DesignId,
        /// Their report.
        report: ReportId,
    },
    /// It was decided.
    Outcome {
        /// The design.
        design: DesignId,
    },
    /// It was done: did it work?
    DidItWork {
        /// The action.
        action: ActionId,
    },
    /// It became something else, or it cannot be done: why stands on its page.
    Ended {
        /// The action.
        action: ActionId,
        /// Changed or stopped.
        status: ActionStatus,
    },
    /// An administrator made a card for somebody in a group they work in: nobody is taken for somebody else unseen.
    NewCard {
        /// For whom; where the reader looks after people, and so may look them up.
        person: Option<PersonId>,
        /// When.
        made_at: Moment,
    },
    /// Every action of a design has ended: ask whether it worked, and say that it is done.
    Finish {
        /// The design.
        design: DesignId,
    },
}

impl What {
    /// Whether it waits for them to do something, rather than being news.
    pub const fn needs(&self) -> bool {
        match self {
            Self::Suggestion { state, .. } => matches!(state, SuggestionState::Look),
            Self::Reply { .. }
            | Self::Closed { .. }
            | Self::TakenAway { .. }
            | Self::ReportAnswered { .. }
            | Self::Outcome { .. }
            | Self::Ended { .. }
            | Self::NewCard { .. }
            | Self::SentBack { .. } => false,
            _ => true,
        }
    }

    /// Whether it goes when somebody has seen the news. That a card was made instead of the workers stays its seven days
    /// (docs/DECISIONS/0012).
    pub const fn goes(&self) -> bool {
        !self.needs() && !matches!(self, Self::NewCard { .. })
    }
}

/// One card of the home page.
#[derive(Debug, Clone)]
pub struct Need {
    /// What waits.
    pub what: What,
    /// The title of the thing; empty for words to check.
    pub title: String,
    /// Its symbol, or nothing.
    pub symbol: String,
    /// Since when.
    pub at: Moment,
}

/// One of somebody's groups, with how much is going on in it.
#[derive(Debug, Clone)]
pub struct MyGroup {
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Its colour.
    pub colour: GroupColour,
    /// What they are in it.
    pub role: GroupRole,
    /// How many workspaces it has.
    pub workspaces: i64,
    /// How many votes are open.
    pub votes: i64,
}

/// What a house needs before people can work in it (docs/RUNNING.md), in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstStep {
    /// Whom to call and write to stands in the settings.
    Settings,
    /// There is a group.
    Group,
    /// Two people work in one group.
    Workers,
    /// A young person is in a group.
    YoungPerson,
}

/// The home page of somebody signed in.
#[derive(Debug, Clone)]
pub struct Home {
    /// What waits, newest first.
    pub needs: Vec<Need>,
    /// Up to when the news among it can be put away; nothing where there is none.
    pub news_until: Option<Moment>,
    /// Their groups, by name.
    pub groups: Vec<MyGroup>,
    /// What the house still lacks, for administrators.
    pub first: Vec<FirstStep>,
}

/// A line of "You said, we did" on the front page.
#[derive(Debug, Clone)]
pub struct PublicLine {
    /// The action.
    pub id: ActionId,
    /// What is done.
    pub title: String,
    /// You said.
    pub you_said: String,
    /// We will.
    pub we_will: String,
    /// Where it stands.
    pub status: ActionStatus,
    /// Why it stopped or changed, or nothing.
    pub reason: String,
}

/// The front page for somebody who has not signed in.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// The newest of what was done.
    pub done: Vec<PublicLine>,
    /// The open groups.
    pub groups: Vec<GroupCard>,
}

/// The cards, newest first, and up to when the news on them can be put away.
fn cards(w: Waiting, looks_after_people: bool) -> (Vec<Need>, Option<Moment>) {
    let mut out: Vec<Need> = Vec::new();
    let mut add = |what, title, symbol, at| out.push(Need { what, title, symbol, at });
    for p in w.promises {
        add(What::AgreePromise { workspace: p.slug }, p.title, p.symbol, p.at);
    }
    for p in w.unwritten {
        add(What::WritePromise { workspace: p.slug }, p.title, p.symbol, p.at);
    }
    for v in w.votes {
        add(What::Vote { decision: v.id.into(), closes_at: v.closes_at }, v.title, "1F5F3".to_owned(), v.at);
    }
    // One card for a vote: that there is something to write says that it has closed.
    let written: Vec<_> = w.to_decide.iter().map(|v| v.id).collect();
    for v in w.to_decide {
        if let Some(design) = v.design_id {
            add(What::ToDecide { design: design.into() }, v.title, "1F5F3".to_owned(), v.at);
        }
    }
    for v in w.closed.into_iter().filter(|v| !written.contains(&v.id)) {
        add(What::Closed { decision: v.id.into() }, v.title, "1F5F3".to_owned(), v.at);
    }
    for v in w.void_asked {
        add(What::VoidAsked { decision: v.id.into() }, v.title, "1F5F3".to_owned(), v.at);
    }
    for c in w.taken_away {
        add(What::TakenAway { design: c.design_id.into(), comment: c.id.into() }, c.title, c.symbol, c.at);
    }
    let back: Vec<_> = w.sent_back.iter().map(|d| d.id).collect();
    for d in w.sent_back {
        add(What::SentBack { design: d.id.into(), reason: d.reason }, d.title, d.symbol, d.at);
    }
    // One card for a design: that it went back says more than that somebody wrote.
    for d in w.drafts.into_iter().filter(|d| !back.contains(&d.id)) {
        add(What::Draft { design: d.id.into(), heading: d.heading, name: d.name }, d.title, d.symbol, d.at);
    }
    for s in w.suggestions {
        add(What::Suggestions { design: s.id.into() }, s.title, s.symbol, s.at);
    }
    for s in w.answered {
        let (design, suggestion) = (s.design_id.into(), s.id.into());
        add(What::Suggestion { design, suggestion, state: s.state }, s.title, s.symbol, s.at);
    }
    for r in w.reports {
        add(What::ReportAnswered { design: r.design_id.into(), report: r.id.into() }, r.title, r.symbol, r.at);
    }
    if let Some(since) = w.held {
        add(What::Check { since }, String::new(), "1F50D".to_owned(), since);
    }
    for a in w.due {
        add(What::Due { action: a.id.into(), due_at: a.due_at }, a.title, "23F0".to_owned(), a.at);
    }
    for r in w.replies {
        add(What::Reply { design: r.design_id.into(), comment: r.id.into(), name: r.name }, r.title, r.symbol, r.at);
    }
    for o in w.outcomes {
        add(What::Outcome { design: o.id.into() }, o.title, o.symbol, o.at);
    }
    for a in w.ended {
        let action = a.id.into();
        match a.status {
            ActionStatus::Done => add(What::DidItWork { action }, a.title, "2705".to_owned(), a.at),
            status => add(What::Ended { action, status }, a.title, "1F504".to_owned(), a.at),
        }
    }
    for d in w.finished {
        add(What::Finish { design: d.id.into() }, d.title, d.symbol, d.at);
    }
    for c in w.cards {
        let person = looks_after_people.then(|| c.id.into());
        add(What::NewCard { person, made_at: c.at }, c.name, "1FAAA".to_owned(), c.at);
    }
    out.retain(|n| !n.what.goes() || n.at > w.seen);
    // Where there are too many, news gives way to what needs doing, and newer news to older: what came first is told and put
    // away first, so that nothing goes that was not seen. The page itself is newest first.
    out.sort_by_key(|n| (!n.what.needs(), n.what.goes(), if n.what.goes() { n.at } else { Moment(-n.at.0) }));
    let waits = out.split_off(MOST.min(out.len())).into_iter().find(|n| n.what.goes()).map(|n| n.at);
    let seen = out.iter().filter(|n| n.what.goes()).map(|n| n.at);
    let news_until = seen.filter(|at| waits.is_none_or(|waits| *at < waits)).max();
    out.sort_by_key(|n| std::cmp::Reverse(n.at));
    (out, news_until)
}

impl Service {
    /// What the house still lacks. Two queries.
    async fn first_steps(&self, tx: &mut Tx) -> Result<Vec<FirstStep>, Refused> {
        let settings = crate::settings::in_tx(tx).await?;
        let begun = store::home::begun(tx).await?;
        let has = |what: &str| begun.iter().any(|b| b == what);
        let all = [
            (FirstStep::Settings, settings.says_who_helps()),
            (FirstStep::Group, has("group")),
            (FirstStep::Workers, has("workers")),
            (FirstStep::YoungPerson, has("young-person")),
        ];
        Ok(all.into_iter().filter(|(_, done)| !done).map(|(step, _)| step).collect())
    }

    /// The home page of somebody signed in. Twenty-one queries, whatever there is; two more for administrators.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to nobody known.
    pub async fn home(&self, who: &Who) -> Result<Home, Refused> {
        allow(who, Verb::UseOwnAccount, &Place::house())?;
        let me = somebody(who)?.id;
        let now = self.now();
        let since = Since {
            now,
            lately: now.plus(-LATELY),
            longer: now.plus(-LONGER),
            due: now.plus(SOON),
            cards: now.plus(-CARDS),
        };
        let mut tx = self.store().read().await?;
        let waiting = store::home::waiting(&mut tx, me, since).await?;
        let groups = store::home::my_groups(&mut tx, me, now).await?;
        let first = match may(who, Verb::ChangeSettings, &Place::house()) {
            Answer::Yes => self.first_steps(&mut tx).await?,
            _ => Vec::new(),
        };
        let (needs, news_until) = cards(waiting, may(who, Verb::ListPeople, &Place::house()) == Answer::Yes);
        Ok(Home {
            first,
            needs,
            news_until,
            groups: groups
                .into_iter()
                .map(|g| MyGroup {
                    slug: g.slug,
                    name: g.name,
                    symbol: g.symbol,
                    colour: g.colour,
                    role: g.role,
                    workspaces: g.workspaces,
                    votes: g.votes,
                })
                .collect(),
        })
    }

    /// Takes the news up to `until` off somebody's home page; what needs them stays. A moment that has not come yet is now.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to nobody known.
    pub async fn see_news(&self, who: &Who, until: Moment) -> Result<(), Refused> {
        allow(who, Verb::UseOwnAccount, &Place::house())?;
        let me = somebody(who)?.id;
        let mut tx = self.write_as(who).await?;
        store::home::see_news(&mut tx, me, until.min(self.now())).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The front page for everybody: the newest of what was done, and the open groups. Two queries.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn welcome(&self, who: &Who) -> Result<Welcome, Refused> {
        allow(who, Verb::ReadPublic, &Place::house())?;
        let mut tx = self.store().read().await?;
        let done = store::home::done_for_all(&mut tx).await?;
        let groups = store::groups::all(&mut tx).await?;
        Ok(Welcome {
            done: done
                .into_iter()
                .map(|a| PublicLine {
                    id: a.id.into(),
                    title: a.title,
                    you_said: a.you_said,
                    we_will: a.we_will,
                    status: a.status,
                    reason: a.reason,
                })
                .collect(),
            groups: groups
                .into_iter()
                .filter(|g| g.visibility == Visibility::Open)
                .map(|g| GroupCard::of(g, who))
                .collect(),
        })
    }
}
