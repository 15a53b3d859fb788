//! What each rule of an expression makes of a day.
//!
//! The evaluator says on which days a rule holds: months, weeks, Easter, holidays. What the rules then make of the
//! times is ours, because a span belongs to the day it starts on: a night shift is not cut off by the next day's rules.

use std::fmt::Write;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use opening_hours::{Context, ContextHolidays, OpeningHours};
use opening_hours_syntax::rules::day::{DaySelector, HolidayKind, WeekDayRange};
use opening_hours_syntax::rules::time::{Time, TimeSelector};
use opening_hours_syntax::rules::{RuleKind, RuleOperator, RuleSequence};

use super::Why;
use super::times::{DAY, Spans};

/// One rule of an expression.
#[derive(Debug)]
pub(super) struct Rule {
    days: Days,
    effect: Effect,
    pub why: Why,
    pub label: Option<Arc<str>>,
}

/// On which days a rule holds.
#[derive(Debug)]
enum Days {
    Dates(RangeInclusive<NaiveDate>),
    Selector(OpeningHours),
}

/// What a rule does to the days on which it holds.
#[derive(Debug)]
enum Effect {
    /// These spans and no others.
    Replace(Spans),
    /// These spans too.
    Add(Spans),
    /// Nothing starts on that day.
    Close,
    /// Closed from then to then, whatever else holds.
    Cut(Spans),
}

/// A stretch of a day, in minutes from its midnight, and the rule behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub span: Range<u16>,
    pub rule: usize,
}

/// What the rules make of one day of the calendar.
#[derive(Clone, Debug, Default)]
pub(super) struct Day {
    /// Open: in order, apart or touching; within the day once [`Day::after`] has been asked.
    pub open: Vec<Stretch>,
    /// Closed by a rule that names these times.
    pub cut: Vec<Stretch>,
    /// The rule that closes the day, or (of an exception or a holiday) gives it times of its own.
    pub named: Option<usize>,
}

impl Rule {
    /// A dated exception.
    pub fn exception(dates: RangeInclusive<NaiveDate>, spans: Spans, label: Option<Arc<str>>) -> Self {
        let effect = if spans.is_empty() { Effect::Close } else { Effect::Replace(spans) };
        Self { days: Days::Dates(dates), effect, why: Why::Exception, label }
    }

    /// A rule of an expression that has passed the lint. `None`: its days cannot be written as a selector.
    pub fn parsed(rule: &RuleSequence, holidays: &ContextHolidays) -> Option<Self> {
        let spans = spans(&rule.time_selector);
        let effect = match (rule.kind, rule.operator) {
            (RuleKind::Open, RuleOperator::Additional) => Effect::Add(spans),
            (RuleKind::Open, _) => Effect::Replace(spans),
            _ if matches!(&spans[..], [Range { start: 0, end: DAY }]) => Effect::Close,
            _ => Effect::Cut(spans),
        };
        let why = if names_holidays(&rule.day_selector) { Why::Holiday } else { Why::Hours };
        let label = (!rule.comment.is_empty()).then(|| rule.comment.clone());
        let days = Days::Selector(selector(&rule.day_selector, holidays)?);
        Some(Self { days, effect, why, label })
    }

    fn holds(&self, date: NaiveDate) -> bool {
        match &self.days {
            Days::Dates(dates) => dates.contains(&date),
            Days::Selector(selector) => !selector.schedule_at(date).is_empty(),
        }
    }
}

impl Day {
    /// Not a minute of it is closed.
    pub fn is_open_throughout(&self) -> bool {
        let covered = self.open.iter().fold(0, |covered, stretch| {
            if stretch.span.start <= covered { covered.max(stretch.span.end) } else { covered }
        });
        covered >= DAY
    }

    /// What starts on a day: the last rule that holds wins, unless it adds or cuts.
    pub fn starting(rules: &[Rule], date: NaiveDate) -> Self {
        let mut day = Self::default();
        for (number, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.holds(date)) {
            let stretches = |spans: &Spans| -> Vec<Stretch> {
                spans.iter().map(|span| Stretch { span: span.clone(), rule: number }).collect()
            };
            match &rule.effect {
                Effect::Replace(spans) => {
                    let named = (rule.why != Why::Hours).then_some(number);
                    day = Self { open: stretches(spans), cut: Vec::new(), named };
                }
                Effect::Add(spans) => day.open.extend(stretches(spans)),
                Effect::Close => day = Self { named: Some(number), ..Self::default() },
                Effect::Cut(spans) => {
                    for span in spans {
                        day.open = without(&day.open, span);
                    }
                    day.cut.extend(stretches(spans));
                }
            }
        }
        day
    }

    /// The day as the calendar has it: with what runs over from the day before.
    pub fn after(&self, before: &Self) -> Self {
        let over = |stretches: &[Stretch]| -> Vec<Stretch> {
            let late = stretches.iter().filter(|stretch| stretch.span.end > DAY);
            late.map(|Stretch { span, rule }| {
                let span = span.start.max(DAY) - DAY..span.end - DAY;
                Stretch { span, rule: *rule }
            })
            .collect()
        };
        let within = |stretches: &[Stretch]| -> Vec<Stretch> {
            let early = stretches.iter().filter(|stretch| stretch.span.start < DAY);
            early.map(|Stretch { span, rule }| Stretch { span: span.start..span.end.min(DAY), rule: *rule }).collect()
        };
        let mut cut = over(&before.cut);
        cut.extend(within(&self.cut));
        let mut open = over(&before.open);
        open.extend(within(&self.open));
        for Stretch { span, .. } in &cut {
            open = without(&open, span);
        }
        Self { open: apart(open), cut, named: self.named }
    }
}

/// The stretches in order; of two that overlap the later one starts where the earlier one ends.
fn apart(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_by_key(|stretch| stretch.span.start);
    let mut end = 0;
    for stretch in &mut stretches {
        stretch.span.start = stretch.span.start.max(end);
        end = end.max(stretch.span.end);
    }
    stretches.retain(|stretch| !stretch.span.is_empty());
    stretches
}

/// The stretches without what lies in `hole`.
fn without(stretches: &[Stretch], hole: &Range<u16>) -> Vec<Stretch> {
    let rest = stretches.iter().flat_map(|Stretch { span, rule }| {
        let before = span.start..span.end.min(hole.start);
        let after = span.start.max(hole.end)..span.end;
        [before, after].map(|span| Stretch { span, rule: *rule })
    });
    rest.filter(|stretch| !stretch.span.is_empty()).collect()
}

/// Whether a selector names public holidays.
pub(super) fn names_holidays(selector: &DaySelector) -> bool {
    selector.weekday.iter().any(|range| matches!(range, WeekDayRange::Holiday { kind: HolidayKind::Public, .. }))
}

/// The spans of a selector that holds fixed times only.
fn spans(selector: &TimeSelector) -> Spans {
    let fixed = selector.spans.iter().filter_map(|span| match (span.range.start, span.range.end) {
        (Time::Fixed(start), Time::Fixed(end)) => {
            let (start, end) = (start.mins_from_midnight(), end.mins_from_midnight());
            Some(start..if end <= start { end + DAY } else { end })
        }
        _ => None,
    });
    fixed.collect()
}

/// An evaluator that is open all day exactly on the selected days.
fn selector(days: &DaySelector, holidays: &ContextHolidays) -> Option<OpeningHours> {
    let mut text = DaySelector { weekday: Vec::new(), ..days.clone() }.to_string();
    for (number, range) in days.weekday.iter().enumerate() {
        let separator = match (number, text.is_empty()) {
            (0, true) => "",
            (0, false) => " ",
            _ => ",",
        };
        text.push_str(separator);
        match range {
            // the evaluator writes this offset in a way that it does not read
            WeekDayRange::Holiday { kind, offset } if *offset != 0 => {
                let _ = write!(text, "{kind} {offset:+} days");
            }
            range => text.push_str(&range.to_string()),
        }
    }
    let text = if text.is_empty() { "24/7".to_owned() } else { text };
    let evaluator: OpeningHours = text.parse().ok()?;
    let same = matches!(&evaluator.get_expression().rules[..], [rule] if rule.day_selector == *days);
    let context = Context::default()
        .with_holidays(holidays.clone())
        .approx_bound_interval_size(TimeDelta::days(super::HORIZON_DAYS));
    same.then(|| evaluator.with_context(context))
}
