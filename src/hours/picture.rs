//! The coming days as a picture: a line a day, a bar for its 24 hours.

use std::fmt::Write;

use chrono::{DateTime, MappedLocalTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::days::{ClockChange, Day};
use super::{HORIZON_DAYS, Hours, Override, Span, State, Why};

/// Minutes in half a cell of the bar.
const QUARTER: i64 = 15;

/// Cells of the bar: half an hour each.
const CELLS: i64 = 48;

/// Whether the picture has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Plain text.
    Plain,
    /// With ANSI colours.
    Colour,
}

#[derive(Clone, Copy)]
enum Ink {
    Name,
    Open,
    Closed,
    Faint,
}

impl Paint {
    fn with(self, ink: Ink, text: &str) -> String {
        let code = match (self, ink) {
            (Self::Plain, _) => return text.to_owned(),
            (_, Ink::Name) => "1",
            (_, Ink::Open) => "32",
            (_, Ink::Closed) => "33",
            (_, Ink::Faint) => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

impl Hours {
    /// The state in a sentence, and `count` days from the day of `at` on, each as a bar and in words.
    #[must_use]
    pub fn draw(&self, at: DateTime<Utc>, count: u32, overrides: &[Override], paint: Paint) -> String {
        let now = at.with_timezone(&self.zone);
        let state = self.state(at, overrides);
        let mut text = String::new();
        let zone = format!("{}, {}", self.zone, now.format("%A %-d %B %Y, %H:%M"));
        let _ = writeln!(text, "{}  {}", paint.with(Ink::Name, &self.name), paint.with(Ink::Faint, &zone));
        let ink = if state.is_open() { Ink::Open } else { Ink::Closed };
        let _ = writeln!(text, "{}", paint.with(ink, &sentence(&state, now)));
        if count > 0 {
            let _ = writeln!(text, "\n{}", paint.with(Ink::Faint, &axis()));
        }
        for day in self.days(now.date_naive(), count, overrides) {
            let line = format!("{}  {}", day.date.format("%a %d %b"), bar(self.zone, &day, paint));
            let _ = writeln!(text, "{}", format!("{line}  {}", words(&day, paint)).trim_end());
            if day.date == now.date_naive() {
                let _ = writeln!(text, "{}", paint.with(Ink::Name, &pointer(now)));
            }
        }
        text
    }
}

/// The state for a person to read: `Closed (holiday: Navidad) until Monday 08:00`.
#[must_use]
pub fn sentence(state: &State, now: DateTime<Tz>) -> String {
    let reason = match (&state.label, state.why) {
        (Some(label), Why::Hours) => format!(" ({label})"),
        (Some(label), why) => format!(" ({why}: {label})"),
        (None, Why::Hours) => String::new(),
        (None, why) => format!(" ({why})"),
    };
    match (&state.span, state.until()) {
        (Span::Open { .. }, Some(until)) => format!("Open{reason} until {}", when(until, now)),
        (Span::Open { .. }, None) => format!("Open{reason}: does not close within {HORIZON_DAYS} days"),
        (Span::Closed { .. }, Some(until)) => format!("Closed{reason} until {}", when(until, now)),
        (Span::Closed { .. }, None) => format!("Closed{reason}: does not open within {HORIZON_DAYS} days"),
    }
}

/// A time as near as it is: the weekday, and the date when that is more than six days away; and how long until then.
fn when(at: DateTime<Utc>, now: DateTime<Tz>) -> String {
    let local = at.with_timezone(&now.timezone());
    let days = (local.date_naive() - now.date_naive()).num_days();
    let form = match days {
        0 => "",
        1..=6 => "%A ",
        _ => "%A %-d %B %Y, ",
    };
    let wait = at - now.to_utc();
    let (days, hours, minutes) = (wait.num_days(), wait.num_hours() % 24, wait.num_minutes() % 60);
    let wait = match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, ..) => format!("{hours} h {minutes} min"),
        (1, 0, _) => "1 day".to_owned(),
        (1, ..) => format!("1 day {hours} h"),
        _ => format!("{days} days"),
    };
    format!("{}{} (in {wait})", local.format(form), clock(local))
}

/// The hours above the bars.
fn axis() -> String {
    let mut line = " ".repeat(12);
    for hour in (0..24).step_by(3) {
        let _ = write!(line, "{hour:<6}");
    }
    line + "24"
}

/// The place of now, below a bar.
fn pointer(now: DateTime<Tz>) -> String {
    let cell = usize::try_from(now.num_seconds_from_midnight() / 1800).unwrap_or(0);
    format!("{}▲ now", " ".repeat(12 + cell))
}

/// A quarter of an hour of the bar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quarter {
    Open,
    Closed,
    /// The clock skips it.
    Skipped,
}

/// The day from 0 to 24 as the clock on the wall shows it; an hour that comes twice is open when either pass is.
fn bar(zone: Tz, day: &Day, paint: Paint) -> String {
    let quarters: Vec<_> = (0..CELLS * 2).map(|number| quarter(zone, day, number)).collect();
    let mut bar = String::new();
    let mut run = (String::new(), Ink::Faint);
    for cell in quarters.chunks_exact(2) {
        let (glyph, ink) = match (cell[0], cell[1]) {
            (Quarter::Open, Quarter::Open) => ('█', Ink::Open),
            (Quarter::Open, _) => ('▌', Ink::Open),
            (_, Quarter::Open) => ('▐', Ink::Open),
            (Quarter::Skipped, Quarter::Skipped) => (' ', Ink::Faint),
            _ => ('·', Ink::Faint),
        };
        if !run.0.is_empty() && !matches!((run.1, ink), (Ink::Open, Ink::Open) | (Ink::Faint, Ink::Faint)) {
            bar.push_str(&paint.with(run.1, &run.0));
            run.0.clear();
        }
        run.0.push(glyph);
        run.1 = ink;
    }
    bar + &paint.with(run.1, &run.0)
}

fn quarter(zone: Tz, day: &Day, number: i64) -> Quarter {
    // the middle, so that a span which fills most of a quarter fills it
    let middle = day.date.and_time(NaiveTime::MIN) + TimeDelta::seconds(number * QUARTER * 60 + QUARTER * 30);
    let open = |at: DateTime<Tz>| day.open.iter().any(|span| (span.from..span.to).contains(&at));
    match zone.from_local_datetime(&middle) {
        MappedLocalTime::None => Quarter::Skipped,
        MappedLocalTime::Single(at) if open(at) => Quarter::Open,
        MappedLocalTime::Ambiguous(first, last) if open(first) || open(last) => Quarter::Open,
        _ => Quarter::Closed,
    }
}

/// The day in words: its times, the reason, the clock change.
fn words(day: &Day, paint: Paint) -> String {
    if day.start == day.end {
        return paint.with(Ink::Closed, "the clocks leave this day out");
    }
    let times: Vec<_> =
        day.open.iter().map(|span| format!("{}–{}", time(span.from, day), time(span.to, day))).collect();
    let times = if times.is_empty() { "closed".to_owned() } else { times.join(", ") };
    let reason = match (&day.label, day.why) {
        (_, None) => None,
        (Some(label), Some(Why::Hours)) => Some(label.clone()),
        (Some(label), Some(why)) => Some(format!("{why}: {label}")),
        (None, Some(why)) => Some(why.to_string()),
    };
    let notes = reason.into_iter().chain(day.change.as_ref().and_then(clock_change));
    notes.fold(times, |words, note| format!("{words}  {}", paint.with(Ink::Closed, &note)))
}

/// A time of a day; its end is 24:00.
fn time(at: DateTime<Tz>, day: &Day) -> String {
    if at == day.end { "24:00".to_owned() } else { clock(at) }
}

/// A time of day; where the clock shows it twice, with the abbreviation of its zone.
fn clock(at: DateTime<Tz>) -> String {
    match at.timezone().from_local_datetime(&at.naive_local()) {
        MappedLocalTime::Ambiguous(..) => at.format("%H:%M %Z").to_string(),
        _ => at.format("%H:%M").to_string(),
    }
}

/// A change in words; none for a zone that has left out a day, which says so itself.
fn clock_change(change: &ClockChange) -> Option<String> {
    let before = (change.at.naive_local() - change.by).format("%H:%M");
    let after = change.at.format("%H:%M");
    let way = if change.by > TimeDelta::zero() { "forward" } else { "back" };
    (change.by.abs() < TimeDelta::days(1)).then(|| format!("clocks go {way} from {before} to {after}"))
}
