//! The coming days as a picture: a line a day, a bar for its 24 hours.

use std::fmt::Write;

use chrono::{DateTime, MappedLocalTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::days::{ClockChange, Day};
use super::{HORIZON_DAYS, Hours, Override, Span, State, Why};

/// Minutes of a cell of the bar, from the finest; half a cell is drawn too.
const CELLS: [i64; 2] = [30, 60];

/// What a picture is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// With ANSI colours.
    pub colour: bool,
    /// Columns of the terminal; `None` when there is no end to a line. The bar gives way to the words.
    pub columns: Option<u16>,
}

impl Canvas {
    /// Plain text, as wide as it likes.
    pub const PAPER: Self = Self { colour: false, columns: None };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    Name,
    Open,
    Closed,
    Faint,
}

impl Canvas {
    fn with(self, ink: Ink, text: &str) -> String {
        let code = match (self.colour, ink) {
            (false, _) => return text.to_owned(),
            (_, Ink::Name) => "1",
            (_, Ink::Open) => "32",
            (_, Ink::Closed) => "33",
            (_, Ink::Faint) => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    fn holds(self, picture: &str) -> bool {
        let longest = picture.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        self.columns.is_none_or(|columns| longest <= usize::from(columns))
    }
}

impl Hours {
    /// The state in a sentence, and `count` days from the day of `at` on, each as a bar and in words.
    #[must_use]
    pub fn draw(&self, at: DateTime<Utc>, count: u32, overrides: &[Override], canvas: Canvas) -> String {
        let now = at.with_timezone(&self.zone);
        let state = self.state(at, overrides);
        let zone = format!("{}, {}", self.zone, now.format("%A %-d %B %Y, %H:%M"));
        let ink = if state.is_open() { Ink::Open } else { Ink::Closed };
        let mut text = format!("{}  {}\n", canvas.with(Ink::Name, &self.name), canvas.with(Ink::Faint, &zone));
        let _ = writeln!(text, "{}", canvas.with(ink, &sentence(&state, now)));
        if count > 0 {
            let days = self.days(now.date_naive(), count, overrides);
            let plain = Canvas { colour: false, ..canvas };
            let fits = |cell: &&i64| canvas.holds(&bars(&days, now, **cell, plain));
            let cell = CELLS.iter().find(fits).unwrap_or(&CELLS[CELLS.len() - 1]);
            let _ = write!(text, "\n{}", bars(&days, now, *cell, canvas));
        }
        text
    }
}

/// The days, a line each, below the hours.
fn bars(days: &[Day], now: DateTime<Tz>, cell: i64, canvas: Canvas) -> String {
    let mut text = canvas.with(Ink::Faint, &axis(cell)) + "\n";
    for day in days {
        let line = format!("{}  {}", day.date.format("%a %d %b"), bar(now.timezone(), day, cell, canvas));
        let _ = writeln!(text, "{}", format!("{line}  {}", words(day, canvas)).trim_end());
        if day.date == now.date_naive() {
            let _ = writeln!(text, "{}", canvas.with(Ink::Name, &pointer(now, cell)));
        }
    }
    text
}

/// The state for a person to read: `Closed (holiday: Navidad) until Monday 08:00`.
#[must_use]
pub fn sentence(state: &State, now: DateTime<Tz>) -> String {
    let reason = match (&state.label, state.why) {
        // not only an absence is the owner's word
        (None, Why::Away) if state.is_open() => " (your word)".to_owned(),
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
fn axis(cell: i64) -> String {
    let mut line = " ".repeat(12);
    let width = usize::try_from(180 / cell).unwrap_or(0);
    for hour in (0..24).step_by(3) {
        let _ = write!(line, "{hour:<width$}");
    }
    line + "24"
}

/// The place of now, below a bar.
fn pointer(now: DateTime<Tz>, cell: i64) -> String {
    let cell = usize::try_from(i64::from(now.num_seconds_from_midnight()) / 60 / cell).unwrap_or(0);
    format!("{}▲ now", " ".repeat(12 + cell))
}

/// Half a cell of the bar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Open,
    Closed,
    /// The clock skips it.
    Skipped,
}

/// The day from 0 to 24 as the clock on the wall shows it; an hour that comes twice is open when either pass is.
fn bar(zone: Tz, day: &Day, cell: i64, canvas: Canvas) -> String {
    let halves: Vec<_> = (0..2 * 24 * 60 / cell).map(|number| half(zone, day, number * cell * 30, cell * 30)).collect();
    let mut bar = String::new();
    let mut run = (String::new(), Ink::Faint);
    for cell in halves.chunks_exact(2) {
        let (glyph, ink) = match (cell[0], cell[1]) {
            (Half::Open, Half::Open) => ('█', Ink::Open),
            (Half::Open, _) => ('▌', Ink::Open),
            (_, Half::Open) => ('▐', Ink::Open),
            (Half::Skipped, Half::Skipped) => (' ', Ink::Faint),
            _ => ('·', Ink::Faint),
        };
        if !run.0.is_empty() && run.1 != ink {
            bar.push_str(&canvas.with(run.1, &run.0));
            run.0.clear();
        }
        run.0.push(glyph);
        run.1 = ink;
    }
    bar + &canvas.with(run.1, &run.0)
}

/// What is drawn for `length` seconds of the clock from `start` on: what holds in their middle, so that a span which
/// fills most of them fills them.
fn half(zone: Tz, day: &Day, start: i64, length: i64) -> Half {
    let middle = day.date.and_time(NaiveTime::MIN) + TimeDelta::seconds(start + length / 2);
    let open = |at: DateTime<Tz>| day.open.iter().any(|span| (span.from..span.to).contains(&at));
    match zone.from_local_datetime(&middle) {
        MappedLocalTime::None => Half::Skipped,
        MappedLocalTime::Single(at) if open(at) => Half::Open,
        MappedLocalTime::Ambiguous(first, last) if open(first) || open(last) => Half::Open,
        _ => Half::Closed,
    }
}

/// The day in words: its times, the reason, the clock change.
fn words(day: &Day, canvas: Canvas) -> String {
    if day.start == day.end {
        return canvas.with(Ink::Closed, "the clocks leave this day out");
    }
    let times: Vec<_> =
        day.open.iter().map(|span| format!("{}–{}", time(span.from, day), time(span.to, day))).collect();
    let times = if times.is_empty() { "closed".to_owned() } else { times.join(", ") };
    let reason = match (&day.label, day.why) {
        (_, None) => None,
        (Some(label), Some(Why::Hours)) => Some(label.clone()),
        (Some(label), Some(why)) => Some(format!("{why}: {label}")),
        (None, Some(Why::Away)) => Some("your word".to_owned()),
        (None, Some(why)) => Some(why.to_string()),
    };
    let notes = reason.into_iter().chain(day.change.as_ref().and_then(clock_change));
    notes.fold(times, |words, note| format!("{words}  {}", canvas.with(Ink::Closed, &note)))
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
