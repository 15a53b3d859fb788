//! `[hours.NAME]`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::super::desk::Desk;
use super::super::load::WHOLE;
use super::super::many::{Many, texts};
use super::tables::Table;
use super::values;
use crate::hours::{Except, Hours, Place, Problem, Spec};

/// When you are open.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The week: days (`mon`, `mon-fri`) to times (`"08:00-12:00, 13:00-17:00"`). A day that is not named is closed.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    week: Option<Spanned<BTreeMap<Spanned<String>, Spanned<String>>>>,
    /// Instead of `week`, for experts: an expression in OpenStreetMap's `opening_hours` syntax.
    #[serde(default)]
    #[schemars(with = "String")]
    open: Option<Spanned<String>>,
    /// The time zone by its IANA name. Default: the owner's.
    #[serde(default)]
    #[schemars(with = "String")]
    timezone: Option<Spanned<String>>,
    /// Closed on the public holidays of these: ISO 3166 codes such as `HN`, or `DE-BY` where regions differ.
    #[serde(default)]
    #[schemars(with = "Many")]
    holidays: Option<Spanned<Many>>,
    /// ... but not on these days.
    #[serde(default)]
    #[schemars(with = "Vec<Date>")]
    not_holidays: Option<Vec<Spanned<Datetime>>>,
    /// Dated exceptions, stronger than the week and the holidays.
    #[serde(default)]
    #[schemars(with = "Vec<ExceptKeys>")]
    except: Option<Vec<Spanned<ExceptKeys>>>,
}

/// Days that are unlike the others.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptKeys {
    /// The day, without quotation marks: `2026-12-24`.
    #[serde(default)]
    #[schemars(with = "Date")]
    date: Option<Spanned<Datetime>>,
    /// Or the first day ...
    #[serde(default)]
    #[schemars(with = "Date")]
    from: Option<Spanned<Datetime>>,
    /// ... and the last, included.
    #[serde(default)]
    #[schemars(with = "Date")]
    to: Option<Spanned<Datetime>>,
    /// The times of these days (`"08:00-12:00"`), or `"off"`.
    #[schemars(with = "String")]
    open: Option<Spanned<String>>,
    /// What the reply may call it: `Christmas Eve`.
    #[serde(default)]
    #[schemars(with = "String")]
    why: Option<Spanned<String>>,
}

/// A TOML date, as editors see it.
#[derive(JsonSchema)]
#[schemars(inline, transparent)]
struct Date(
    #[schemars(extend("format" = "date"))]
    #[expect(dead_code, reason = "only its schema is wanted")]
    String,
);

/// A schedule as it stands in the file.
struct Written {
    header: Range<usize>,
    week: Vec<(Spanned<String>, Spanned<String>)>,
    open: Option<Spanned<String>>,
    holidays: Vec<Spanned<String>>,
    not_holidays: Vec<Range<usize>>,
    except: Vec<WrittenExcept>,
}

struct WrittenExcept {
    dates: Range<usize>,
    open: Spanned<String>,
}

/// Compiles every schedule. `zone` is the owner's.
pub fn read(tables: Vec<Table<'_>>, zone: Option<Tz>, today: NaiveDate, desk: &mut Desk) -> BTreeMap<Arc<str>, Hours> {
    if tables.is_empty() {
        desk.findings
            .error(WHOLE, "there are no hours")
            .hint("add `[hours.office]` with `week = { mon-fri = \"09:00-17:00\" }`")
            .absence("hours");
    }
    let mut compiled = BTreeMap::new();
    for table in tables {
        let name = table.name.clone();
        if let Some(hours) = one(table, zone, today, desk) {
            compiled.insert(Arc::from(name), hours);
        }
    }
    compiled
}

fn one(table: Table<'_>, owner_zone: Option<Tz>, today: NaiveDate, desk: &mut Desk) -> Option<Hours> {
    let (name, header) = (table.name.clone(), table.span.clone());
    let keys: Keys = table.read(desk);
    let zone = match &keys.timezone {
        Some(written) => values::zone(written, desk),
        None => owner_zone,
    };
    let week = keys.week.map(|week| in_order(week.into_inner())).unwrap_or_default();
    let before = desk.findings.all.len();
    match (&keys.open, week.first()) {
        (Some(open), Some((days, _))) => {
            desk.findings
                .error(open.span(), "`open` and `week` are two ways to say one thing")
                .also(days.span(), "the week is here")
                .hint("keep one of the two");
        }
        (None, None) => {
            desk.findings
                .error(header.clone(), format!("the hours `{name}` say nothing"))
                .hint("add `week = { mon-fri = \"09:00-17:00\" }`")
                .absence("");
        }
        _ => {}
    }
    let once = !desk.findings.fatal_since(before);
    let holidays = texts(keys.holidays.as_ref());
    let written = keys.not_holidays.unwrap_or_default();
    let (dates, not_holidays) =
        written.iter().filter_map(|date| Some((values::date(date, desk)?, date.span()))).unzip();
    let (except, places): (Vec<_>, Vec<_>) =
        keys.except.unwrap_or_default().into_iter().filter_map(|except| exception(except, desk)).unzip();
    if !once {
        return None;
    }
    let spec = Spec {
        name,
        // without one there is a problem already, and the rest can be checked in any
        zone: zone.unwrap_or(Tz::UTC),
        week: week.iter().map(|(days, times)| (days.get_ref().clone(), times.get_ref().clone())).collect(),
        open: keys.open.as_ref().map(|open| open.get_ref().clone()),
        holidays: holidays.iter().map(|code| code.get_ref().clone()).collect(),
        not_holidays: dates,
        except,
    };
    let written = Written { header, week, open: keys.open, holidays, not_holidays, except: places };
    let (hours, problems) = match Hours::compile(&spec, today) {
        Ok((hours, warnings)) => (Some(hours), warnings),
        Err(problems) => (None, problems),
    };
    for problem in problems {
        note(problem, &written, desk);
    }
    hours
}

fn in_order<K, V>(map: BTreeMap<Spanned<K>, V>) -> Vec<(Spanned<K>, V)> {
    let mut entries: Vec<_> = map.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn exception(written: Spanned<ExceptKeys>, desk: &mut Desk) -> Option<(Except, WrittenExcept)> {
    let header = written.span();
    let keys = written.into_inner();
    let open = desk.required(keys.open, "open", &header);
    if ["date", "from", "to"].iter().any(|key| desk.findings.is_excused(&header, key)) {
        return None;
    }
    let (from, to, dates) = match (&keys.date, &keys.from, &keys.to) {
        (Some(date), None, None) => {
            let day = values::date(date, desk)?;
            (day, day, date.span())
        }
        (None, Some(from), Some(to)) => {
            (values::date(from, desk)?, values::date(to, desk)?, from.span().start..to.span().end.max(from.span().end))
        }
        (None, Some(only), None) | (None, None, Some(only)) => {
            desk.findings
                .error(only.span(), "a span of days needs `from` and `to`")
                .hint("add the other, or write `date` for a single day");
            return None;
        }
        (Some(date), ..) => {
            desk.findings.error(date.span(), "`date` is for a single day").hint("keep `date`, or `from` and `to`");
            return None;
        }
        (None, None, None) => {
            desk.findings
                .error(header, "the exception has no date")
                .hint("add `date = 2026-12-24`, or `from` and `to`")
                .absence("date");
            return None;
        }
    };
    let open = open?;
    let except = Except { from, to, open: open.get_ref().clone(), why: keys.why.map(Spanned::into_inner) };
    Some((except, WrittenExcept { dates, open }))
}

/// Shows a problem of the hours at its place in the file.
fn note(problem: Problem, written: &Written, desk: &mut Desk) {
    let range = problem.range.as_ref();
    let text = |value: Option<&Spanned<String>>| value.map(|value| desk.inner(value, range));
    let place = match problem.place {
        Place::WeekDays(at) => text(written.week.get(at).map(|(days, _)| days)),
        Place::WeekTimes(at) => text(written.week.get(at).map(|(_, times)| times)),
        Place::Open => text(written.open.as_ref()),
        Place::Holiday(at) => text(written.holidays.get(at)),
        Place::NotHoliday(at) => written.not_holidays.get(at).cloned(),
        Place::ExceptOpen(at) => text(written.except.get(at).map(|except| &except.open)),
        Place::ExceptDates(at) => written.except.get(at).map(|except| except.dates.clone()),
        Place::Whole => None,
    };
    let span = place.unwrap_or_else(|| written.header.clone());
    let finding = if problem.fatal {
        desk.findings.error(span, problem.message)
    } else {
        desk.findings.warning(span, problem.message)
    };
    finding.hint_if(problem.hint);
}
