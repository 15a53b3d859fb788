//! The hours that an account shows its clients, for the config to take over.

use serde_json::json;

use super::wire::Part;
use super::{Telegram, send};
use crate::channel::PublishedHours;
use crate::outbound::{Outbound, SendError};

const DAY: i64 = 24 * 60;
const WEEK: i64 = 7 * DAY;

/// The days of the week as OpenStreetMap writes them; Telegram counts from Monday too.
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

impl Telegram {
    /// What Telegram tells of each account that is connected.
    pub(super) async fn opening_hours(&self, outbound: &Outbound) -> Result<Vec<PublishedHours>, SendError> {
        let mut all = Vec::new();
        for account in self.connections.accounts() {
            let body = json!({"chat_id": account}).to_string().into_bytes();
            let chat = send::result(&self.post(outbound, "getChat", body).await?)?;
            let Some(told) = Part::of(&chat).object("business_opening_hours") else { continue };
            let spans: Vec<_> = told.list("opening_hours").iter().filter_map(|span| read(Part::of(span))).collect();
            all.push(PublishedHours {
                line: account.to_string(),
                timezone: told.text("time_zone_name").to_owned(),
                open: written(&spans),
            });
        }
        Ok(all)
    }
}

/// Minutes from Monday's first midnight: the end may lie in the week after.
fn read(span: Part<'_>) -> Option<(i64, i64)> {
    let (from, to) = (span.number("opening_minute")?, span.number("closing_minute")?);
    ((0..WEEK).contains(&from) && from < to && to <= WEEK + DAY).then_some((from, to))
}

/// The spans in OpenStreetMap's syntax, each cut at midnight.
fn written(spans: &[(i64, i64)]) -> String {
    let mut days: [Vec<(i64, i64)>; 7] = Default::default();
    for (from, to) in spans {
        let mut from = *from;
        while from < *to {
            let midnight = (from / DAY + 1) * DAY;
            let (day, start) = ((from % WEEK) / DAY, from % DAY);
            let end = start + midnight.min(*to) - from;
            if let Some(day) = usize::try_from(day).ok().and_then(|day| days.get_mut(day)) {
                day.push((start, end));
            }
            from = midnight;
        }
    }
    let days: Vec<String> = days.into_iter().map(times).collect();
    if days.iter().all(|times| times == "00:00-24:00") {
        return "24/7".to_owned();
    }
    let mut rules: Vec<String> = Vec::new();
    let mut first = 0;
    while first < days.len() {
        let alike = days[first..].iter().take_while(|times| **times == days[first]).count();
        let last = first + alike - 1;
        if !days[first].is_empty() {
            let range = if alike == 1 { DAYS[first].to_owned() } else { format!("{}-{}", DAYS[first], DAYS[last]) };
            rules.push(format!("{range} {}", days[first]));
        }
        first = last + 1;
    }
    if rules.is_empty() { "off".to_owned() } else { rules.join("; ") }
}

/// `08:00-12:00,13:00-17:00`; what touches or overlaps is one span.
fn times(mut spans: Vec<(i64, i64)>) -> String {
    spans.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    joined.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_written_as_the_config_takes_it() {
        let workdays = |spans: &[(i64, i64)]| -> Vec<_> {
            (0..5).flat_map(|day| spans.iter().map(move |(from, to)| (day * DAY + from, day * DAY + to))).collect()
        };
        let cases = [
            (vec![], "off"),
            (vec![(0, WEEK)], "24/7"),
            (workdays(&[(480, 720), (780, 1020)]), "Mo-Fr 08:00-12:00,13:00-17:00"),
            (vec![(5 * DAY + 480, 5 * DAY + 720), (540, 1020)], "Mo 09:00-17:00; Sa 08:00-12:00"),
            // over midnight, and over the end of the week
            (vec![(4 * DAY + 1320, 5 * DAY + 120)], "Fr 22:00-24:00; Sa 00:00-02:00"),
            (vec![(6 * DAY + 1320, WEEK + 120)], "Mo 00:00-02:00; Su 22:00-24:00"),
            (vec![(0, DAY)], "Mo 00:00-24:00"),
            // in pieces, and one over another
            (vec![(540, 600), (600, 660), (630, 700)], "Mo 09:00-11:40"),
        ];
        for (spans, expected) in cases {
            assert_eq!(written(&spans), expected, "{spans:?}");
        }
    }

    #[test]
    fn what_is_no_span_of_a_week_is_none() {
        let span = |from: i64, to: i64| json!({"opening_minute": from, "closing_minute": to});
        for (from, to, fits) in [
            (0, 1, true),
            (WEEK - 1, WEEK + DAY, true),
            (0, 0, false),
            (-1, 5, false),
            (WEEK, WEEK + 5, false),
            (0, WEEK + DAY + 1, false),
            (9, 8, false),
        ] {
            assert_eq!(read(Part::of(&span(from, to))).is_some(), fits, "{from} {to}");
        }
    }
}
