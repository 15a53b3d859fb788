//! Instants in words.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::{Calendar, Language};

/// The last day that a weekday alone names: seven days on, the weekday is the same again.
const LAST_DAY_BY_NAME: i64 = 6;

/// From here on (half a year, in days) a date needs its year.
const NEEDS_YEAR: i64 = 183;

/// An opening as it stands in the middle of a sentence, "we open …": weekday and time in the zone of the hours, with the
/// date when it is more than six calendar days away there, never "today" or "tomorrow". A client whose clock shows another
/// time at that instant is told both times; the weekday is named again only where it differs. In English where there is no
/// such language.
#[must_use]
pub fn opening(
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    zone: Tz,
    client_zone: Option<Tz>,
    language: &Language,
) -> String {
    let calendar = &language.wording_or_english().calendar;
    let local = at.with_timezone(&zone);
    let days = days_between(now, at, zone);
    let pattern = if days > LAST_DAY_BY_NAME { calendar.far } else { calendar.near };
    let weekday = calendar.on_weekday[weekday_index(local.date_naive())];
    let date = calendar.date_in_words(local.date_naive(), days);
    let words = fill(pattern, &[("weekday", weekday), ("date", &date), ("at", &clock(calendar.at, &local))]);

    let Some(theirs) = client_zone.map(|zone| at.with_timezone(&zone)) else { return words };
    if theirs.offset().fix() == local.offset().fix() {
        return words;
    }
    let same_day = theirs.date_naive() == local.date_naive();
    let pattern = if same_day { calendar.yours } else { calendar.yours_on };
    let weekday = calendar.on_weekday[weekday_index(theirs.date_naive())];
    let yours = fill(
        pattern,
        &[("weekday", weekday), ("time", &clock(calendar.time, &theirs)), ("at", &clock(calendar.at, &theirs))],
    );
    fill(calendar.both, &[("opening", &words), ("yours", &yours)])
}

/// When a message came, for the owner: weekday and time, with the date when it is more than six days ago. It may start a
/// line.
#[must_use]
pub fn stamp(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz, language: &Language) -> String {
    let calendar = &language.wording_or_english().calendar;
    let local = at.with_timezone(&zone);
    let days = days_between(at, now, zone);
    let pattern = if days > LAST_DAY_BY_NAME { calendar.dated_stamp } else { calendar.stamp };
    let date = calendar.date_in_words(local.date_naive(), days);
    let weekday = capitalised(calendar.weekdays[weekday_index(local.date_naive())]);
    fill(pattern, &[("weekday", &weekday), ("date", &date), ("time", &clock(calendar.time, &local))])
}

/// The text with its first letter in upper case, where its script has one.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The pattern with each `{key}` replaced once, in one pass: what is put in is not looked at again.
pub(crate) fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(pattern.len() + 24);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (key, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(values.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value));
        rest = after;
    }
    filled + rest
}

impl Calendar {
    fn date_in_words(&self, date: NaiveDate, days_away: i64) -> String {
        let day = if date.day() == 1 { self.first.to_owned() } else { date.day().to_string() };
        let pattern = if days_away > NEEDS_YEAR { self.date_with_year } else { self.date };
        fill(
            pattern,
            &[("day", &day), ("month", self.months[date.month0() as usize]), ("year", &date.year().to_string())],
        )
    }
}

fn clock<Z: TimeZone>(words: fn(u32, u32) -> String, at: &DateTime<Z>) -> String {
    words(at.hour(), at.minute())
}

fn days_between(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> i64 {
    (to.with_timezone(&zone).date_naive() - from.with_timezone(&zone).date_naive()).num_days()
}

fn weekday_index(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}
