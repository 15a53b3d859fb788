//! Durations as people write them: `90s`, `15m`, `4h`, `30d`.

use chrono::TimeDelta;

/// The longest duration that is taken: ten years.
const LONGEST_DAYS: i64 = 3660;

/// Reads a duration.
///
/// # Errors
/// Why it is none, and what to write instead.
pub fn read(written: &str) -> Result<TimeDelta, (String, String)> {
    const FORM: &str = "a number and one of s, m, h, d: `90s`, `15m`, `4h`, `30d`";
    let trimmed = written.trim();
    let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = trimmed.split_at(digits);
    let seconds: i64 = match unit.trim().to_ascii_lowercase().as_str() {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        other => {
            let meant = match other {
                "" | "sec" | "secs" | "second" | "seconds" => Some('s'),
                "min" | "mins" | "minute" | "minutes" => Some('m'),
                "hr" | "hrs" | "hour" | "hours" => Some('h'),
                "day" | "days" => Some('d'),
                _ => None,
            };
            let hint = match (meant, number, other) {
                (_, "", _) | (None, ..) => format!("write {FORM}"),
                (Some(_), _, "") => format!("write the unit: {FORM}"),
                (Some(unit), _, _) => format!("did you mean `{number}{unit}`?"),
            };
            return Err(("this is not a duration".to_owned(), hint));
        }
    };
    let Ok(number) = number.parse::<i64>() else {
        return Err(("this is not a duration".to_owned(), format!("write {FORM}")));
    };
    match number.checked_mul(seconds) {
        Some(total) if total <= LONGEST_DAYS * 86_400 => Ok(TimeDelta::seconds(total)),
        _ => Err(("longer than ten years".to_owned(), format!("write {FORM}"))),
    }
}

/// Shows a duration as it would be written.
#[must_use]
pub fn show(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds();
    match seconds {
        0 => "0s".to_owned(),
        _ if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        _ if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_shown() {
        for written in ["90s", "15m", "4h", "30d"] {
            assert_eq!(show(read(written).expect(written)), written);
        }
        assert_eq!(read("120 S").map(show), Ok("2m".to_owned()));
    }

    #[test]
    fn what_is_none_is_refused_with_the_right_form() {
        let cases = [
            ("15", "write the unit"),
            ("15min", "`15m`"),
            ("2 hours", "`2h`"),
            ("soon", "write a number"),
            ("h", "write a number"),
            ("", "write a number"),
            ("-5m", "write a number"),
            ("1.5h", "write a number"),
            ("99999999999999999999d", "write a number"),
            ("4000d", "write a number"),
        ];
        for (written, hint) in cases {
            let (_, given) = read(written).expect_err(written);
            assert!(given.contains(hint), "{written}: {given}");
        }
    }
}
