//! A schedule as the config has it, checked and compiled.

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use opening_hours::ContextHolidays;
use opening_hours_syntax::rules::OpeningHoursExpression;

use super::calendar::Calendar;
use super::holidays::{self, Names};
use super::problem::{Place, Problem};
use super::rules::{Rule, names_holidays};
use super::{Except, HORIZON_DAYS, Hours, Spec, lint, regions, times, week};

pub(super) fn compile(spec: &Spec, today: NaiveDate) -> Result<(Hours, Vec<Problem>), Vec<Problem>> {
    let mut problems = Vec::new();
    let week = own_hours(spec, today, &mut problems);
    let holidays = public_holidays(spec, today, &mut problems);
    let exceptions = exceptions(spec, today, &mut problems);
    let Some((mut text, expression)) = week else { return Err(problems) };
    let days = holidays::calendar(&holidays);
    let context = ContextHolidays::new(Arc::clone(&days), Arc::default());
    let names_ph = expression.rules.iter().any(|rule| names_holidays(&rule.day_selector));
    if names_ph && spec.holidays.is_empty() {
        let problem = Problem::warning(Place::Open, "PH is never: this schedule names no `holidays`");
        problems.push(problem.hint("say whose they are: holidays = [\"DE-BY\"]"));
    }
    let mut parsed = expression;
    if !spec.holidays.is_empty() && !names_ph {
        text.push_str("; PH off");
        if let Ok(off) = lint::parse("PH off") {
            parsed.rules.extend(off.rules);
        }
    }
    let mut rules = Vec::new();
    for rule in &parsed.rules {
        match Rule::parsed(rule, &context) {
            Some(rule) => rules.push(rule),
            None => problems.push(Problem::new(Place::Open, format!("\"{rule}\" cannot be evaluated"))),
        }
    }
    for (dates, spans, label) in exceptions {
        text.push_str(&shown(&dates, &spans, label.as_deref()));
        rules.push(Rule::exception(dates, spans, label));
    }
    if problems.iter().any(|problem| problem.fatal) {
        return Err(problems);
    }
    let hours =
        Hours { name: spec.name.clone(), zone: spec.zone, expression: text, calendar: Calendar::new(rules), holidays };
    problems.extend(monotony(&hours.calendar, today));
    Ok((hours, problems))
}

/// The week as an expression, from either of its two forms.
fn own_hours(spec: &Spec, today: NaiveDate, problems: &mut Vec<Problem>) -> Option<(String, OpeningHoursExpression)> {
    match (&spec.open, &spec.week[..]) {
        (Some(open), []) => match lint::parse(open) {
            Ok(expression) => {
                problems.extend(lint::doubts(open, &expression, today).into_iter().map(|fault| fault.at(Place::Open)));
                Some((open.trim().to_owned(), expression))
            }
            Err(faults) => {
                problems.extend(faults.into_iter().map(|fault| fault.at(Place::Open)));
                None
            }
        },
        (None, [_, ..]) => {
            let (text, faults) = week::compile(&spec.week);
            problems.extend(faults);
            let text = text?;
            let expression = lint::parse(&text).ok()?;
            Some((text, expression))
        }
        (Some(_), _) => {
            let problem = Problem::new(Place::Whole, "`week` and `open` say the same thing in two ways");
            problems.push(problem.hint("keep one of them"));
            None
        }
        (None, []) => {
            let problem = Problem::new(Place::Whole, "no hours: neither `week` nor `open` says when it is open");
            problems.push(problem.hint("week = { mon-fri = \"08:00-12:00, 13:00-17:00\", sat = \"08:00-12:00\" }"));
            None
        }
    }
}

fn public_holidays(spec: &Spec, today: NaiveDate, problems: &mut Vec<Problem>) -> Names {
    let (mut names, faults) = regions::holidays(&spec.holidays, today);
    problems.extend(faults);
    for (number, day) in spec.not_holidays.iter().enumerate() {
        if names.remove(day).is_none() && !problems.iter().any(|problem| problem.fatal) {
            let place = Place::NotHoliday(number);
            problems.push(Problem::warning(place, format!("{day} is no holiday here anyway")).hint("take it out"));
        }
    }
    names
}

type Exception = (RangeInclusive<NaiveDate>, times::Spans, Option<Arc<str>>);

fn exceptions(spec: &Spec, today: NaiveDate, problems: &mut Vec<Problem>) -> Vec<Exception> {
    let mut exceptions = Vec::new();
    for (number, except) in spec.except.iter().enumerate() {
        let (spans, faults) = times::read(&except.open);
        problems.extend(faults.into_iter().map(|fault| fault.at(Place::ExceptOpen(number))));
        problems.extend(
            dates_problem(except, today).map(|problem| Problem { place: Place::ExceptDates(number), ..problem }),
        );
        let earlier = spec.except[..number].iter().find(|other| other.from <= except.to && except.from <= other.to);
        if let Some(other) = earlier {
            let day = other.from.max(except.from);
            let name = other.why.as_ref().map_or_else(String::new, |why| format!(" (\"{why}\")"));
            let problem =
                Problem::new(Place::ExceptDates(number), format!("{day} is in an earlier exception{name} too"));
            problems.push(problem.hint("a day can be in one exception only: split the longer range around it"));
        }
        exceptions.extend(spans.map(|spans| (except.from..=except.to, spans, except.why.as_deref().map(Arc::from))));
    }
    exceptions
}

fn dates_problem(except: &Except, today: NaiveDate) -> Option<Problem> {
    let Except { from, to, .. } = except;
    let place = Place::Whole;
    if from > to {
        return Some(Problem::new(place, format!("from {from} to {to} runs backwards")).hint("swap them"));
    }
    if !(1900..=9999).contains(&from.year()) || !(1900..=9999).contains(&to.year()) {
        return Some(Problem::new(place, "only the years 1900 to 9999 are known"));
    }
    (*to < today).then(|| Problem::warning(place, "this exception is over").hint("take it out, or mend the year"))
}

/// An exception as a rule, for `check` to show.
fn shown(dates: &RangeInclusive<NaiveDate>, spans: &times::Spans, label: Option<&str>) -> String {
    let day = |date: &NaiveDate| date.format("%Y %b %d").to_string();
    let (from, to) = (day(dates.start()), day(dates.end()));
    let days = if from == to { from } else { format!("{from}-{to}") };
    let comment = label.map(|label| format!(" \"{}\"", label.replace('"', "'")));
    let kind = if comment.is_some() && !spans.is_empty() { " open" } else { "" };
    format!("; {days} {}{kind}{}", times::write(spans), comment.unwrap_or_default())
}

/// The warning of hours that never close.
pub const NEVER_CLOSES: &str = "this never closes in the coming 400 days";

/// Warns of hours that never open or never close.
fn monotony(calendar: &Calendar, today: NaiveDate) -> Option<Problem> {
    let days = || today.iter_days().take(usize::try_from(HORIZON_DAYS).unwrap_or(0)).map(|date| calendar.day(date));
    let problem = |message: &str| Problem::warning(Place::Whole, message);
    if days().all(|day| day.open.is_empty()) {
        return Some(
            problem("this never opens in the coming 400 days").hint(
                "clients are told of no opening, and you of nothing that is held until `afterhours held release`",
            ),
        );
    }
    let whole = |day: &super::rules::Day| {
        let end = day
            .open
            .iter()
            .try_fold(0, |end, stretch| (stretch.span.start <= end).then_some(end.max(stretch.span.end)));
        end == Some(times::DAY)
    };
    days().all(|day| whole(&day)).then(|| problem(NEVER_CLOSES).hint("nobody will get a reply"))
}
