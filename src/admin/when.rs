//! Until when the owner is away, as people write it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// No clock change skips more than a day (Samoa, 2011-12-30).
const LONGEST_GAP_MINUTES: i64 = 24 * 60;

/// Reads RFC 3339, `2026-12-01 08:00` or `2026-12-01` (the start of that day) in a zone. A time that a clock change skips
/// is the first that exists after it; of one that it repeats, the first. `None`: it is none of these.
pub fn read(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    let times = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let time = times.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
    let local = time.or_else(day)?;
    (0..=LONGEST_GAP_MINUTES).find_map(|minutes| {
        let later = local.checked_add_signed(TimeDelta::minutes(minutes))?;
        zone.from_local_datetime(&later).earliest().map(|instant| instant.to_utc())
    })
}

#[cfg(test)]
mod tests {
    use chrono::LocalResult;

    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let zone = chrono_tz::America::Tegucigalpa;
        for (text, instant) in [
            ("2026-12-01T08:00:00-06:00", Some("2026-12-01T14:00:00Z")),
            ("2026-12-01T08:00:00Z", Some("2026-12-01T08:00:00Z")),
            ("2026-12-01 08:00", Some("2026-12-01T14:00:00Z")),
            ("2026-12-01T08:00", Some("2026-12-01T14:00:00Z")),
            ("2026-12-01 08:00:30", Some("2026-12-01T14:00:30Z")),
            (" 2026-12-01 ", Some("2026-12-01T06:00:00Z")),
            ("2026-13-01", None),
            ("2026-12-01 8am", None),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(
                read(text, zone).map(|at| at.to_rfc3339()),
                instant.map(|at| at.replace('Z', "+00:00")),
                "{text}"
            );
        }
    }

    #[test]
    fn a_time_in_a_gap_is_the_first_after_it_and_in_a_fold_the_first() {
        let local = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
        let berlin = chrono_tz::Europe::Berlin;
        assert_eq!(berlin.from_local_datetime(&local("2027-03-28 02:30")), LocalResult::None);
        assert_eq!(
            read("2027-03-28 02:30", berlin).map(|at| at.to_rfc3339()).as_deref(),
            Some("2027-03-28T01:00:00+00:00")
        );
        assert!(matches!(berlin.from_local_datetime(&local("2026-10-25 02:30")), LocalResult::Ambiguous(..)));
        assert_eq!(
            read("2026-10-25 02:30", berlin).map(|at| at.to_rfc3339()).as_deref(),
            Some("2026-10-25T00:30:00+00:00")
        );
        let apia = chrono_tz::Pacific::Apia;
        assert_eq!(apia.from_local_datetime(&local("2011-12-30 00:00")), LocalResult::None);
        assert_eq!(read("2011-12-30", apia).map(|at| at.to_rfc3339()).as_deref(), Some("2011-12-30T10:00:00+00:00"));
    }
}
