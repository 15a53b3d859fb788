//! Values that several tables have: zones, languages, durations, dates.

use std::ops::Range;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::{TZ_VARIANTS, Tz};
use toml::Spanned;
use toml::value::Datetime;

use super::super::desk::Desk;
use super::super::duration;
use super::super::suggest::closest;
use crate::language::Language;

/// Reads the IANA name of a time zone.
pub fn zone(written: &Spanned<String>, desk: &mut Desk) -> Option<Tz> {
    let name = written.get_ref().trim();
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    let finding = desk.findings.error(written.span(), "this is not the name of a time zone");
    if let Some(meant) = meant_zone(name) {
        finding.hint(format!("did you mean `{meant}`?")).fix(format!("\"{meant}\""));
    } else {
        finding.hint("use an IANA name, a region and a city: `America/Tegucigalpa`, `Europe/Madrid`, `Asia/Kolkata`");
    }
    None
}

/// By its city alone, or by a near miss.
fn meant_zone(written: &str) -> Option<&'static str> {
    let folded = written.replace(' ', "_").to_lowercase();
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| name.contains('/'));
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    names()
        .find(|name| name.to_lowercase() == folded || city(name).to_lowercase() == folded)
        .or_else(|| closest(&folded, names()))
        .or_else(|| {
            let cities: Vec<&'static str> = names().map(city).collect();
            let meant = closest(&folded, cities)?;
            names().find(|name| city(name) == meant)
        })
}

/// Reads a language tag.
pub fn language(written: &Spanned<String>, desk: &mut Desk) -> Option<Language> {
    language_at(written.get_ref(), written.span(), desk)
}

/// Reads a language tag that is a key.
pub fn language_at(tag: &str, span: Range<usize>, desk: &mut Desk) -> Option<Language> {
    let language = Language::parse(tag);
    if language.is_none() {
        let finding = desk.findings.error(span, "this is not a language");
        finding.hint(match named_language(tag) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "use its ISO 639 code of two or three letters: `en`, `es`, `de`".to_owned(),
        });
    }
    language
}

/// The code of a language that people call by its name.
fn named_language(name: &str) -> Option<&'static str> {
    const NAMES: &[(&str, &[&str])] = &[
        ("en", &["english"]),
        ("es", &["spanish", "español", "espanol", "castellano"]),
        ("fr", &["french", "français", "francais"]),
        ("de", &["german", "deutsch"]),
        ("pt", &["portuguese", "português", "portugues"]),
        ("it", &["italian", "italiano"]),
        ("nl", &["dutch", "nederlands"]),
        ("pl", &["polish", "polski"]),
        ("tr", &["turkish", "türkçe"]),
        ("ar", &["arabic"]),
        ("hi", &["hindi"]),
        ("zh", &["chinese", "mandarin"]),
    ];
    let name = name.trim().to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(code, _)| *code)
}

/// Reads a duration of at least `least`; `default` when there is none.
pub fn duration(
    written: Option<&Spanned<String>>,
    least: TimeDelta,
    default: TimeDelta,
    desk: &mut Desk,
) -> Option<TimeDelta> {
    let Some(written) = written else { return Some(default) };
    match duration::read(written.get_ref()) {
        Ok(read) if read < least => {
            let shortest = duration::show(least);
            desk.findings.error(written.span(), "too short").hint(format!("`{shortest}` is the shortest"));
            None
        }
        Ok(read) => Some(read),
        Err((message, hint)) => {
            desk.findings.error(written.span(), message).hint(hint);
            None
        }
    }
}

/// Reads a TOML date without a time.
pub fn date(written: &Spanned<Datetime>, desk: &mut Desk) -> Option<NaiveDate> {
    let value = written.get_ref();
    let read = value
        .date
        .filter(|_| value.time.is_none())
        .and_then(|date| NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day)));
    if read.is_none() {
        desk.findings.error(written.span(), "expected a date alone").hint("write year, month and day: 2026-12-24");
    }
    read
}
