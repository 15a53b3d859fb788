//! When a message came to the phone, as it writes that.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

/// `2026-11-23T18:03:01.000-06:00` (RFC 3339). Android 5 and 6 west of Greenwich write the same as `…+-6:00`, and half an hour
/// more as `…+-3:-30`; the offset is that of the winter there, so that in summer the time is an hour ahead.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let usual = || DateTime::parse_from_rfc3339(text).ok();
    let at = usual().or_else(|| west_of_greenwich(text))?.to_utc();
    // what the phone does not know it writes as the beginning of 1970
    (at > DateTime::UNIX_EPOCH).then_some(at)
}

fn west_of_greenwich(text: &str) -> Option<DateTime<FixedOffset>> {
    let (local, offset) = text.split_once("+-")?;
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    let (hours, minutes) = offset.split_once(':')?;
    let hours: i32 = digits(hours)?;
    let minutes: i32 = digits(minutes.strip_prefix('-').unwrap_or(minutes))?;
    let west = FixedOffset::west_opt(hours * 3600 + minutes * 60).filter(|_| minutes < 60)?;
    local.and_local_timezone(west).single()
}

/// One or two of them.
fn digits(text: &str) -> Option<i32> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_phones_write_it_and_never_guessed() {
        let cases = [
            ("2026-11-23T18:03:01.000-06:00", Some("2026-11-24T00:03:01Z")),
            ("2026-11-23T18:03:01.250Z", Some("2026-11-23T18:03:01.250Z")),
            ("2026-11-23T18:03:01Z", Some("2026-11-23T18:03:01Z")),
            ("2026-11-23T18:03:01.000+05:30", Some("2026-11-23T12:33:01Z")),
            ("2026-11-23T18:03:01.000+-6:00", Some("2026-11-24T00:03:01Z")),
            ("2026-11-23T18:03:01.000+-10:00", Some("2026-11-24T04:03:01Z")),
            ("2026-11-23T18:03:01.000+-3:-30", Some("2026-11-23T21:33:01Z")),
            ("1970-01-01T00:00:00.000Z", None),
            ("1969-12-31T18:00:00.000-06:00", None),
            ("2026-11-23T18:03:01.000", None), // of which zone?
            ("2026-11-23T18:03:01.000+-25:00", None),
            ("2026-11-23T18:03:01.000+-6:99", None),
            ("2026-11-23T18:03:01.000+--6:00", None),
            ("2026-11-23T18:03:01.000+-+6:00", None),
            ("2026-13-23T18:03:01.000+-6:00", None),
            ("1763942581", None), // seconds, milliseconds?
            ("Nov 23, 2026 6:03:01 PM", None),
            ("", None),
        ];
        for (written, expected) in cases {
            let expected = expected.map(|at| at.parse::<DateTime<Utc>>().expect("an instant"));
            assert_eq!(read(written), expected, "{written}");
        }
    }
}
