//! The organisation's settings: what a council fills in once.

use std::collections::BTreeMap;

use domain::access::{Place, Verb, Who};
use domain::reports::small_numbers::Threshold;

use crate::audit::Act;
use crate::rights::allow;
use crate::{Problems, Refused, Service, audit};

/// What a council fills in. Everything has a default that makes sense before anybody has been here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The organisation's name.
    pub name: String,
    /// The county.
    pub county: String,
    /// Telephone number for help.
    pub help_phone: String,
    /// E-mail address for help.
    pub help_email: String,
    /// The council's number for worries about safety.
    pub safety_phone: String,
    /// Name of the safeguarding lead, as young people see it.
    pub safeguarding_lead: String,
    /// When words are checked, in words ("Monday to Friday, 9 to 5").
    pub moderation_hours: String,
    /// Counts of people below this are not shown. Never below 5.
    pub threshold: i64,
    /// Where "Leave now" goes.
    pub neutral_site: String,
    /// Data protection contact.
    pub privacy_contact: String,
    /// Where a security hole is reported.
    pub security_contact: String,
    /// Time zone for dates on pages.
    pub time_zone: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Our council".to_owned(),
            county: "our county".to_owned(),
            help_phone: String::new(),
            help_email: String::new(),
            safety_phone: String::new(),
            safeguarding_lead: "the safeguarding lead".to_owned(),
            moderation_hours: "Monday to Friday, 9 in the morning to 5 in the afternoon".to_owned(),
            threshold: Threshold::LOWEST,
            neutral_site: "https://www.bbc.co.uk/weather".to_owned(),
            privacy_contact: String::new(),
            security_contact: String::new(),
            time_zone: "Europe/London".to_owned(),
        }
    }
}

impl Settings {
    /// Names and values, for the form and the table.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.clone()),
            ("county", self.county.clone()),
            ("help_phone", self.help_phone.clone()),
            ("help_email", self.help_email.clone()),
            ("safety_phone", self.safety_phone.clone()),
            ("safeguarding_lead", self.safeguarding_lead.clone()),
            ("moderation_hours", self.moderation_hours.clone()),
            ("threshold", self.threshold.to_string()),
            ("neutral_site", self.neutral_site.clone()),
            ("privacy_contact", self.privacy_contact.clone()),
            ("security_contact", self.security_contact.clone()),
            ("time_zone", self.time_zone.clone()),
        ]
    }

    /// Whether the pages that matter most say whom to call and write to.
    pub fn says_who_helps(&self) -> bool {
        let help = !self.help_phone.is_empty() || !self.help_email.is_empty();
        help && [&self.safety_phone, &self.privacy_contact, &self.security_contact].iter().all(|s| !s.is_empty())
    }

    fn from_rows(rows: Vec<(String, String)>) -> Self {
        let mut found: BTreeMap<String, String> = rows.into_iter().collect();
        let mut out = Self::default();
        let mut text = |name: &str, slot: &mut String| {
            if let Some(value) = found.remove(name) {
                *slot = value;
            }
        };
        text("name", &mut out.name);
        text("county", &mut out.county);
        text("help_phone", &mut out.help_phone);
        text("help_email", &mut out.help_email);
        text("safety_phone", &mut out.safety_phone);
        text("safeguarding_lead", &mut out.safeguarding_lead);
        text("moderation_hours", &mut out.moderation_hours);
        text("neutral_site", &mut out.neutral_site);
        text("privacy_contact", &mut out.privacy_contact);
        text("security_contact", &mut out.security_contact);
        text("time_zone", &mut out.time_zone);
        if let Some(t) = found.remove("threshold").and_then(|t| t.parse().ok()) {
            out.threshold = Threshold::new(t, false).get();
        }
        out
    }
}

/// Whether a telephone can dial this: 3 to 15 digits (ITU-T E.164), with a `+` before them or not, and spaces, brackets and
/// strokes between. Pages make a link of it, which words would break.
fn is_phone(typed: &str) -> bool {
    let rest = typed.strip_prefix('+').unwrap_or(typed);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    (3..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '/'))
}

/// Whether a letter can be sent there: one @ with something on each side, and no sign that would end the address in a link.
fn is_mail(typed: &str) -> bool {
    let ends = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '(' | ')' | ',' | ';' | ':' | '?' | '&' | '\\')
    };
    typed.split_once('@').is_some_and(|(name, server)| !name.is_empty() && !server.is_empty() && !server.contains('@'))
        && !typed.contains(ends)
}

/// Whether a browser can open this, and nobody can read on the way what is sent there.
fn is_https(typed: &str) -> bool {
    typed.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) && !typed.contains(char::is_whitespace)
}

/// The settings, inside a transaction.
pub(crate) async fn in_tx(tx: &mut store::Tx) -> Result<Settings, Refused> {
    Ok(Settings::from_rows(store::settings::all(tx).await?))
}

/// The organisation's small-number setting, inside a transaction.
pub(crate) async fn threshold(tx: &mut store::Tx) -> Result<i64, Refused> {
    Ok(in_tx(tx).await?.threshold)
}

impl Service {
    /// The settings that every page shows parts of.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn settings(&self) -> Result<Settings, Refused> {
        let mut tx = self.store().read().await?;
        Ok(Settings::from_rows(store::settings::all(&mut tx).await?))
    }

    /// Sets the time zone of an installation that has chosen none yet: what the command line was told. Later it is changed
    /// on the page of settings.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`time_zone`) for one that nobody knows.
    pub async fn system_time_zone(&self, zone: &str) -> Result<(), Refused> {
        if jiff::tz::TimeZone::get(zone).is_err() {
            return Err(Refused::invalid("time_zone", "time-zone"));
        }
        let mut tx = self.store().write().await?;
        if store::settings::all(&mut tx).await?.iter().any(|(name, _)| name == "time_zone") {
            return Ok(());
        }
        store::settings::set(&mut tx, "time_zone", zone).await?;
        let act = Act { verb: audit::verb(Verb::ChangeSettings), kind: "setting", id: "time_zone", detail: "" };
        audit::note_system(&mut tx, self.now(), act).await?;
        Ok(tx.commit().await?)
    }

    /// The settings for those who may change them.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but administrators.
    pub async fn settings_to_change(&self, who: &Who) -> Result<Settings, Refused> {
        allow(who, Verb::ChangeSettings, &Place::house())?;
        self.settings().await
    }

    /// Changes settings; `typed` are names and values as in [`Settings::pairs`].
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but administrators; [`Refused::Invalid`] with each wrong field.
    pub async fn change_settings(&self, who: &Who, typed: &[(String, String)]) -> Result<(), Refused> {
        allow(who, Verb::ChangeSettings, &Place::house())?;
        let known = Settings::default().pairs();
        let mut problems = Problems::new();
        let mut good = Vec::new();
        for (name, value) in typed.iter().filter(|(n, _)| known.iter().any(|(k, _)| k == n)) {
            let value = match name.as_str() {
                "threshold" => match value.trim().parse::<i64>() {
                    Ok(n) if (Threshold::LOWEST..=100).contains(&n) => Some(n.to_string()),
                    _ => {
                        problems.add(name, "threshold");
                        None
                    }
                },
                "neutral_site" => {
                    if is_https(value.trim()) {
                        Some(value.trim().to_owned())
                    } else {
                        problems.add(name, "https");
                        None
                    }
                }
                "time_zone" => {
                    if jiff::tz::TimeZone::get(value.trim()).is_ok() {
                        Some(value.trim().to_owned())
                    } else {
                        problems.add(name, "time-zone");
                        None
                    }
                }
                "help_phone" | "safety_phone" => {
                    let typed = value.trim();
                    if typed.is_empty() || is_phone(typed) {
                        Some(typed.to_owned())
                    } else {
                        problems.add(name, "phone");
                        None
                    }
                }
                // Pages make links of these: what is no address would be shown nowhere.
                "help_email" | "security_contact" => {
                    let typed = value.trim();
                    let web = name == "security_contact";
                    if typed.chars().count() <= 200 && (typed.is_empty() || is_mail(typed) || (web && is_https(typed)))
                    {
                        Some(typed.to_owned())
                    } else {
                        problems.add(name, if web { "mail-or-https" } else { "mail" });
                        None
                    }
                }
                "name" | "county" => problems.take(name, domain::words::line(value, 120)),
                _ => problems.take(
                    name,
                    domain::words::line(value, 200).or_else(|bad| match bad {
                        domain::words::BadWords::Empty => Ok(String::new()),
                        other => Err(other),
                    }),
                ),
            };
            if let Some(value) = value {
                good.push((name, value));
            }
        }
        problems.check()?;
        let mut tx = self.write_as(who).await?;
        // The form carries all of them; what is as it was is no act of theirs.
        let now = in_tx(&mut tx).await?.pairs();
        for (name, value) in good.into_iter().filter(|(n, v)| !now.iter().any(|(k, is)| k == n && is == v)) {
            store::settings::set(&mut tx, name, &value).await?;
            let act = Act { verb: audit::verb(Verb::ChangeSettings), kind: "setting", id: name, detail: "" };
            audit::note(&mut tx, self.now(), who, act).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{is_mail, is_phone};

    #[test]
    fn a_mail_address_is_one_that_a_link_can_hold() {
        for good in ["help@marram.example", "ask.us+web@a.example", "hilfe@rathaus.köln.example"] {
            assert!(is_mail(good), "{good}");
        }
        for bad in [
            "",
            "@",
            "help",
            "help@",
            "@a.example",
            "a@b@c",
            "Sam <a@b.example>",
            "a@b.example, c@d.example",
            "a@b?cc=c",
        ] {
            assert!(!is_mail(bad), "{bad}");
        }
    }

    #[test]
    fn a_phone_number_is_what_can_be_dialled() {
        for good in ["999", "01234 567 890", "+44 1234 567890", "(01234) 567-890", "116 111", "0800/1111"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "12", "ask Sam", "01234 567 890 ext 5", "++44 1234", "44+1234", "1234567890123456", "٠١٢٣"]
        {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
