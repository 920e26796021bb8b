//! What just changed, so that open pages can show it. Ids only; whoever listens asks `service` what they may see.
//!
//! A use case ends with [`Service::commit_and_tell`]: one function for both engines. On PostgreSQL the news is said in
//! the same transaction (NOTIFY: it goes out with the commit, or not at all) and carried to the other instances by
//! [`Service::carry_news`]; on SQLite, where there is one instance, it is told after the commit. [`News::tell`] is for
//! what was committed already; where news is carried, it goes to the other instances too.

use std::time::Duration;

use domain::ids::{DecisionId, DesignId, PersonId, SectionId};
use store::Tx;
use store::news::Heard;
use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

use crate::{Refused, Service};

/// Something changed. Sent after the commit, never before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// The comments of a design.
    Comments {
        /// Which design.
        design: DesignId,
    },
    /// The words or the stage of a design.
    Design {
        /// Which design.
        design: DesignId,
    },
    /// The words of a design, while people write in it live. Only for those who write there too: whoever reads is not told
    /// of each letter.
    Words {
        /// Which design.
        design: DesignId,
    },
    /// A decision: made, voided, its outcome. What everybody who may read it may know.
    Decision {
        /// Which decision.
        decision: DecisionId,
    },
    /// The hands of a decision. Only for those who may see them: whoever counts these knows how many answered, and when.
    Hands {
        /// Which decision.
        decision: DecisionId,
    },
    /// Somebody writes in a design live, on another instance. This and the next two are said only from instance to instance.
    Present {
        /// Which design.
        design: DesignId,
        /// Which instance.
        at: Uuid,
        /// Which guest of its room.
        guest: u64,
        /// Who they are.
        person: PersonId,
        /// Where they write, if they do.
        section: Option<SectionId>,
    },
    /// They have left.
    Absent {
        /// Which design.
        design: DesignId,
        /// Which instance.
        at: Uuid,
        /// Which guest of its room.
        guest: u64,
    },
    /// An instance asks the others who writes in a design.
    WhoIsHere {
        /// Which design.
        design: DesignId,
    },
    /// Somebody's rights: their open streams must be asked again.
    Rights {
        /// Who.
        person: PersonId,
    },
    /// A group became more hidden: every open stream must be asked again.
    Everybody,
    /// News may have been missed: look again for everything.
    LookAgain,
}

/// What one instance says to the others.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Said {
    from: Uuid,
    event: Event,
}

/// The news of one instance.
#[derive(Debug)]
pub struct News {
    sender: broadcast::Sender<Event>,
    /// Which instance this is, so that it does not hear itself twice.
    me: Uuid,
    /// To the task that says things to the other instances, once it runs. The lock is only ever held to copy it.
    others: std::sync::Mutex<Option<mpsc::UnboundedSender<Event>>>,
}

/// The first and the longest wait before listening anew.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl News {
    pub(crate) fn new(me: Uuid) -> Self {
        // A listener that falls this far behind is told to look again for everything.
        Self { sender: broadcast::channel(1024).0, me, others: std::sync::Mutex::default() }
    }

    /// Which instance this is.
    pub(crate) const fn me(&self) -> Uuid {
        self.me
    }

    /// Tells everybody, after the commit.
    pub fn tell(&self, event: Event) {
        self.here(event);
        self.tell_others(event);
    }

    /// Tells the other instances only. There are none on SQLite.
    pub(crate) fn tell_others(&self, event: Event) {
        if let Ok(others) = self.others.lock()
            && let Some(others) = others.as_ref()
        {
            let _ = others.send(event);
        }
    }

    /// Tells everybody on this instance. Nobody listening is fine.
    fn here(&self, event: Event) {
        let _ = self.sender.send(event);
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    fn said(&self, event: Event) -> Result<String, Refused> {
        serde_json::to_string(&Said { from: self.me, event }).map_err(|_| Refused::fault("news cannot be written down"))
    }
}

impl Service {
    /// Commits, and tells everybody what changed: the one way a use case ends that open pages should hear of.
    ///
    /// # Errors
    /// [`Refused`] when the database fails; then nothing happened and nobody hears of it.
    pub async fn commit_and_tell(&self, mut tx: Tx, event: Event) -> Result<(), Refused> {
        store::news::notify(&mut tx, &self.news().said(event)?).await?;
        tx.commit().await?;
        self.news().here(event);
        Ok(())
    }

    /// Commits, and tells only the other instances: here whoever must know is told by other means.
    ///
    /// # Errors
    /// As [`Self::commit_and_tell`].
    pub(crate) async fn commit_and_tell_others(&self, mut tx: Tx, event: Event) -> Result<(), Refused> {
        store::news::notify(&mut tx, &self.news().said(event)?).await?;
        Ok(tx.commit().await?)
    }

    /// Carries news between instances for as long as this future is polled; ends at once on SQLite. A lost connection is
    /// had again with growing waits, and whoever listens here is then told to look again.
    pub async fn carry_news(&self) {
        let (sender, mut to_say) = mpsc::unbounded_channel();
        if let Ok(mut others) = self.news().others.lock() {
            *others = (self.store().engine() == "postgres").then_some(sender);
        }
        if self.store().engine() != "postgres" {
            return;
        }
        let saying = async {
            while let Some(event) = to_say.recv().await {
                if let Err(e) = self.say(event).await {
                    tracing::warn!(error = %e, "news could not be said to other instances");
                }
            }
        };
        tokio::join!(saying, self.hear());
    }

    async fn say(&self, event: Event) -> Result<(), Refused> {
        let mut tx = self.store().write().await?;
        store::news::notify(&mut tx, &self.news().said(event)?).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn hear(&self) {
        let mut wait = FIRST_WAIT;
        loop {
            match self.store().listen().await {
                Ok(Some(mut listener)) => {
                    // Whatever was said before this moment was not heard.
                    self.news().here(Event::LookAgain);
                    loop {
                        match listener.next().await {
                            Ok(Heard::Said(text)) => {
                                wait = FIRST_WAIT;
                                if let Ok(said) = serde_json::from_str::<Said>(&text)
                                    && said.from != self.news().me
                                {
                                    self.news().here(said.event);
                                }
                            }
                            Ok(Heard::Lost) => self.news().here(Event::LookAgain),
                            Err(e) => {
                                tracing::warn!(error = %e, "news of other instances cannot be heard");
                                break;
                            }
                        }
                    }
                }
                Ok(None) => return,
                Err(e) => tracing::warn!(error = %e, "news of other instances cannot be heard"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}
