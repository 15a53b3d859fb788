//! Times of day as people write them: `08:00-12:00, 13:00-17:00`, `9-17`, `9am – 5pm`.

use std::fmt::Write;
use std::ops::Range;

use super::problem::Fault;

/// Minutes in a day.
pub(super) const DAY: u16 = 24 * 60;

/// The latest end: a span belongs to the day it starts on and may last to the end of the next.
const LATEST: u16 = 2 * DAY;

/// Longer spans past midnight are more likely `9:00-5:00` meant as 9 to 17 than a shift.
const LONG_NIGHT: u16 = 16 * 60;

/// What stands between the two ends of a span.
const DASHES: [&str; 9] = ["-", "–", "—", "‑", "−", "~", " to ", " until ", " till "];

/// Spans in minutes from the day's midnight, in order, apart from each other; none is closed all day.
pub(super) type Spans = Vec<Range<u16>>;

/// Reads `off`, or spans. `None` comes with a fatal fault.
pub(super) fn read(text: &str) -> (Option<Spans>, Vec<Fault>) {
    let whole = trimmed(text, 0..text.len());
    match text[whole.clone()].to_lowercase().as_str() {
        "" => return (None, vec![Fault::new(0..text.len(), "no times").hint(FORM)]),
        "off" | "closed" => return (Some(Vec::new()), Vec::new()),
        "24/7" | "24h" | "24 h" | "all day" => return (Some(std::iter::once(0..DAY).collect()), Vec::new()),
        _ => {}
    }
    let mut faults = Vec::new();
    let mut spans: Vec<(Range<u16>, Range<usize>)> = Vec::new();
    for item in items(text) {
        match span(text, item.clone()) {
            Ok(span) => spans.push((span, item)),
            Err(fault) => faults.push(fault),
        }
    }
    spans.sort_by_key(|(span, _)| span.start);
    faults.extend(spans.windows(2).filter_map(overlap));
    faults.extend(spans.iter().filter_map(|(span, place)| long_night(span, place)));
    let broken = faults.iter().any(|fault| fault.fatal);
    ((!broken).then(|| spans.into_iter().map(|(span, _)| span).collect()), faults)
}

/// The spans as OpenStreetMap writes them; `off` when there are none.
pub(super) fn write(spans: &[Range<u16>]) -> String {
    let mut text = String::new();
    for Range { start, end } in spans {
        let end = if *end > DAY && end - DAY < *start { end - DAY } else { *end };
        let comma = if text.is_empty() { "" } else { "," };
        let _ = write!(text, "{comma}{}-{}", clock(*start), clock(end));
    }
    if text.is_empty() { "off".to_owned() } else { text }
}

/// Minutes from midnight as `HH:MM`.
pub(super) fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

const FORM: &str = "write times as \"08:00-12:00, 13:00-17:00\", or \"off\"";

fn overlap(pair: &[(Range<u16>, Range<usize>)]) -> Option<Fault> {
    let [(first, first_place), (second, second_place)] = pair else { return None };
    (second.start < first.end).then(|| {
        let place = if first_place.start > second_place.start { first_place } else { second_place };
        let (start, end) = (first.start, first.end.max(second.end));
        let both = write(&[first.clone(), second.clone()]).replace(',', " and ");
        Fault::new(place.clone(), format!("these times overlap: {both}"))
            .hint(format!("one span says it: {}", write(std::slice::from_ref(&(start..end)))))
    })
}

fn long_night(span: &Range<u16>, place: &Range<usize>) -> Option<Fault> {
    let Range { start, end } = *span;
    (end > DAY && end - start > LONG_NIGHT).then(|| {
        let hours = (end - start) / 60;
        let fault = Fault::new(place.clone(), format!("that is {hours} hours, past midnight into the next day"));
        let afternoon = end - DAY + DAY / 2;
        let hint = (start < afternoon && afternoon < DAY)
            .then(|| format!("did you mean {}?", write(std::slice::from_ref(&(start..afternoon)))));
        Fault { fatal: false, hint, ..fault }
    })
}

/// The ranges of the spans in the text.
fn items(text: &str) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut start = 0;
    let separators = text.match_indices([',', ';', '&']).map(|(at, mark)| at..at + mark.len());
    let words = text.match_indices(" and ").map(|(at, word)| at..at + word.len());
    let mut cuts: Vec<_> = separators.chain(words).collect();
    cuts.sort_by_key(|cut| cut.start);
    for cut in cuts {
        items.push(trimmed(text, start..cut.start));
        start = cut.end;
    }
    items.push(trimmed(text, start..text.len()));
    items
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..(start + part.trim().len())
}

/// One span.
fn span(text: &str, place: Range<usize>) -> Result<Range<u16>, Fault> {
    let item = &text[place.clone()];
    let fault = |message: String| Fault::new(place.clone(), message);
    if item.is_empty() {
        return Err(Fault::new(0..text.len(), "a time is missing between two commas").hint(FORM));
    }
    let lower = item.to_ascii_lowercase();
    let (from, dash) = DASHES
        .iter()
        .find_map(|dash| lower.find(dash).map(|at| (at, dash.len())))
        .ok_or_else(|| fault(format!("\"{item}\" is not a span of time")).hint(open_end(item)))?;
    let start = Clock::read(&lower[..from]);
    let end = Clock::read(&lower[from + dash..]);
    let (Some(start), Some(end)) = (start, end) else {
        return Err(fault(format!("\"{item}\" is not a span of time")).hint(FORM));
    };
    join(start, end).map_err(|doubt| match doubt {
        Doubt::Late(clock) => fault(format!("there is no {clock} o'clock to start at")).hint(FORM),
        Doubt::Same => fault(format!("\"{item}\" starts and ends at the same time"))
            .hint("the whole day is \"00:00-24:00\", a closed one \"off\""),
        Doubt::Half(meant) => fault(format!("\"{item}\" leaves open whether morning or afternoon is meant"))
            .hint(format!("write {}", meant.map(|span| write(&[span])).join(" or "))),
    })
}

fn open_end(item: &str) -> String {
    if item.contains('+') { "give the end as well: \"18:00-22:00\"".to_owned() } else { FORM.to_owned() }
}

/// Why two times make no span.
enum Doubt {
    Late(u16),
    Same,
    Half([Range<u16>; 2]),
}

fn join(start: Clock, end: Clock) -> Result<Range<u16>, Doubt> {
    let noon = DAY / 2;
    let (from, to) = match (start.half, end.half) {
        (true, false) if end.minutes <= noon => {
            let morning = wrap(start.minutes, end.minutes % noon);
            let afternoon = wrap(start.minutes, end.minutes % noon + noon);
            return Err(Doubt::Half([afternoon, morning]));
        }
        // "1-5pm" is 13 to 17, "9-5pm" is 9 to 17, "10-2am" is 22 to 2: the start that comes last before the end
        (false, true) if start.minutes <= noon => {
            let (morning, afternoon) = (start.minutes % noon, start.minutes % noon + noon);
            let same = if end.minutes >= noon { afternoon } else { morning };
            let other = if same == morning { afternoon } else { morning };
            (if same < end.minutes { same } else { other }, end.minutes)
        }
        (false, false) if start.bare && end.bare && start.minutes <= noon && end.minutes <= noon => {
            let (from, to) = (start.minutes, end.minutes);
            if to <= from && to > 0 {
                return Err(Doubt::Half([wrap(from, to + noon), wrap(from, to)]));
            }
            if from < 6 * 60 && from > 0 && to > 0 {
                return Err(Doubt::Half([wrap(from + noon, to + noon), wrap(from, to)]));
            }
            (from, to)
        }
        _ => (start.minutes, end.minutes),
    };
    if from >= DAY {
        return Err(Doubt::Late(from / 60));
    }
    if from == to {
        return Err(Doubt::Same);
    }
    Ok(wrap(from, to))
}

fn wrap(from: u16, to: u16) -> Range<u16> {
    from..if to <= from { to + DAY } else { to }
}

/// A time of day as written.
#[derive(Clone, Copy)]
struct Clock {
    minutes: u16,
    /// Without minutes: `9`.
    bare: bool,
    /// With `am` or `pm`.
    half: bool,
}

impl Clock {
    /// Reads lower-case text.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        match text {
            "noon" => return Some(Self { minutes: DAY / 2, bare: false, half: true }),
            "midnight" => return Some(Self { minutes: 0, bare: false, half: true }),
            _ => {}
        }
        let plain = text.replace("a.m.", "am").replace("p.m.", "pm");
        let (digits, half) = match (plain.strip_suffix("am"), plain.strip_suffix("pm")) {
            (Some(digits), _) => (digits.trim_end(), Some(0)),
            (_, Some(digits)) => (digits.trim_end(), Some(DAY / 2)),
            _ => (plain.as_str(), None),
        };
        let digits = digits.strip_suffix("uhr").map_or(digits, str::trim_end);
        let (hours, minutes) = match digits.split_once([':', '.', 'h']) {
            Some((hours, "")) if digits.ends_with('h') => (hours.trim_end(), None),
            Some((hours, minutes)) => (hours, Some(minutes)),
            None if digits.len() == 4 => (digits.get(..2)?, digits.get(2..)),
            None => (digits, None),
        };
        let hour = number(hours, 1..=2)?;
        let minute = minutes.map_or(Some(0), |minutes| number(minutes, 2..=2))?;
        let hour = match half {
            Some(half) if (1..=12).contains(&hour) => hour % 12 + half / 60,
            Some(_) => return None,
            None => hour,
        };
        let total = hour * 60 + minute;
        (minute < 60 && total <= LATEST).then_some(Self {
            minutes: total,
            bare: minutes.is_none(),
            half: half.is_some(),
        })
    }
}

fn number(digits: &str, length: std::ops::RangeInclusive<usize>) -> Option<u16> {
    let sound = length.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| digits.parse().ok()).flatten()
}
