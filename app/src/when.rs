//! Dates and times in plain words, in the council's time zone.

use domain::moment::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::words::Words;

fn zoned(at: Moment, zone: &TimeZone) -> jiff::Zoned {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// "27 November 2026".
pub fn date(words: &Words, zone: &TimeZone, at: Moment) -> String {
    let z = zoned(at, zone);
    let month = words.t(&format!("month-{}", z.month()));
    words.with(
        "date",
        &[
            ("day", i64::from(z.day()).into()),
            ("month", (&month).into()),
            ("year", z.year().to_string().as_str().into()),
        ],
    )
}

/// "Friday 27 November 2026, 6:05pm".
pub fn date_time(words: &Words, zone: &TimeZone, at: Moment) -> String {
    let z = zoned(at, zone);
    let month = words.t(&format!("month-{}", z.month()));
    let weekday = words.t(&format!("weekday-{}", z.weekday().to_monday_one_offset()));
    words.with(
        "date-time",
        &[
            ("weekday", (&weekday).into()),
            ("day", i64::from(z.day()).into()),
            ("month", (&month).into()),
            ("year", z.year().to_string().as_str().into()),
            ("time", (&time(words, &z)).into()),
        ],
    )
}

/// "6:05pm".
fn time(words: &Words, z: &jiff::Zoned) -> String {
    let half = words.t(if z.hour() < 12 { "before-noon" } else { "after-noon" });
    let hour = match z.hour() % 12 {
        0 => 12,
        h => h,
    };
    format!("{hour}:{:02}{half}", z.minute())
}

/// When something near happens, as people say it: "today at 6:05pm", "tomorrow at 6:05pm", "Friday at 6:05pm"; further
/// away, and in the past, "on 27 November 2026".
pub fn soon(words: &Words, zone: &TimeZone, now: Moment, at: Moment) -> String {
    let (from, to) = (zoned(now, zone), zoned(at, zone));
    let days = to.date().since(from.date()).map_or(i32::MAX, |span| span.get_days());
    let time = time(words, &to);
    let weekday = words.t(&format!("weekday-{}", to.weekday().to_monday_one_offset()));
    match days {
        0 => words.with("soon-today", &[("time", (&time).into())]),
        1 => words.with("soon-tomorrow", &[("time", (&time).into())]),
        // A week ahead has the same weekday as today, so it would be misread.
        2..=6 => words.with("soon-weekday", &[("weekday", (&weekday).into()), ("time", (&time).into())]),
        _ => words.with("soon-date", &[("date", (&date(words, zone, at)).into())]),
    }
}

/// For `datetime` attributes.
pub fn machine(at: Moment) -> String {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Three typed fields (`day`, `month` as a number or a name, `year`) as the end of that day in the council's zone.
/// Accepts "3", "03" and "March" (STANDARDS A-092).
pub fn end_of_day(words: &Words, zone: &TimeZone, day: &str, month: &str, year: &str) -> Option<Moment> {
    at(words, zone, day, month, year, 23, 59)
}

/// A typed date with a time of day, as a moment.
pub fn at(words: &Words, zone: &TimeZone, day: &str, month: &str, year: &str, hour: i8, minute: i8) -> Option<Moment> {
    let day: i8 = day.trim().parse().ok()?;
    let typed = month.trim().to_lowercase();
    let month: i8 = typed.parse().ok().or_else(|| {
        (1..=12).find(|m| {
            let name = words.t(&format!("month-{m}")).to_lowercase();
            typed.chars().count() >= 3 && name.starts_with(&typed)
        })
    })?;
    let year: i16 = match year.trim().parse::<i16>().ok()? {
        short @ 0..=99 => 2000 + short,
        long => long,
    };
    if !(2000..=2200).contains(&year) {
        return None;
    }
    let civil = jiff::civil::DateTime::new(year, month, day, hour, minute, 0, 0).ok()?;
    let zoned = civil.to_zoned(zone.clone()).ok()?;
    Some(Moment(zoned.timestamp().as_microsecond()))
}

/// A typed time of day: "17:30", "17.30", "5:30pm", "5 pm" and "17" all work.
pub fn time_of_day(typed: &str) -> Option<(i8, i8)> {
    let typed = typed.trim().to_lowercase().replace('.', ":");
    let (clock, half) = match (typed.strip_suffix("am"), typed.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (typed.as_str(), None),
    };
    let clock = clock.trim();
    let (hour, minute) = clock.split_once(':').unwrap_or((clock, "0"));
    let (hour, minute): (i8, i8) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// A moment as the four fields of a date and a time ("17:30") in the council's zone.
pub fn fields(zone: &TimeZone, at: Moment) -> (String, String, String, String) {
    let z = zoned(at, zone);
    (z.day().to_string(), z.month().to_string(), z.year().to_string(), format!("{:02}:{:02}", z.hour(), z.minute()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_times_are_forgiving() {
        for typed in ["17:30", "17.30", "5:30pm", "5:30 PM", " 05:30pm "] {
            assert_eq!(time_of_day(typed), Some((17, 30)), "{typed}");
        }
        assert_eq!(time_of_day("12am"), Some((0, 0)));
        assert_eq!(time_of_day("12pm"), Some((12, 0)));
        assert_eq!(time_of_day("9"), Some((9, 0)));
        for wrong in ["", "24:00", "5:60", "13pm", "noon", "-1:00"] {
            assert_eq!(time_of_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn typed_dates_are_forgiving_and_clock_changes_are_right() {
        let words = Words::english();
        let zone = TimeZone::get("Europe/London").expect("the zone");
        let march = at(words, &zone, "3", "march", "2026", 18, 0).expect("a date");
        assert_eq!(at(words, &zone, "03", "3", "26", 18, 0), Some(march));
        assert_eq!(machine(march), "2026-03-03T18:00:00Z");
        let july = at(words, &zone, "3", "Jul", "2026", 18, 0).expect("a date");
        assert_eq!(machine(july), "2026-07-03T17:00:00Z");
        assert_eq!(at(words, &zone, "31", "2", "2026", 0, 0), None);
        assert_eq!(date(words, &zone, july), "3 July 2026");
        assert_eq!(date_time(words, &zone, july), "Friday 3 July 2026, 6:00pm");
        let before = |days: i64| soon(words, &zone, july.plus(-days * Moment::DAY), july);
        assert_eq!(before(0), "today at 6:00pm");
        assert_eq!(before(1), "tomorrow at 6:00pm");
        assert_eq!(before(6), "Friday at 6:00pm");
        assert_eq!(before(7), "on 3 July 2026");
        assert_eq!(before(-1), "on 3 July 2026");
    }
}
