//! Public holidays of all countries and regions, from the table that `scripts/holidays.py` writes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use compact_calendar::CompactCalendar;
use flate2::read::GzDecoder;

/// See the script for the format.
const TABLE: &[u8] = include_bytes!("holidays.txt.gz");

/// Names by day.
pub(super) type Names = BTreeMap<NaiveDate, Arc<str>>;

/// A country's block of the table.
#[derive(Debug, Default)]
pub(super) struct Country {
    /// ISO 3166-1, two letters.
    pub code: String,
    /// ISO 3166-1, three letters.
    pub code3: String,
    /// In English.
    pub name: String,
    years: Range<i32>,
    holidays: Vec<(Arc<str>, String)>,
    /// The country itself first.
    regions: Vec<(String, Vec<usize>)>,
}

impl Country {
    /// The codes of its regions, without the country.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().skip(1).map(|(code, _)| code.as_str())
    }

    /// The holidays of the country or of one of its regions.
    pub fn holidays(&self, code: &str) -> Option<Names> {
        let (_, numbers) = self.regions.iter().find(|(region, _)| region.eq_ignore_ascii_case(code))?;
        let mut names = Names::new();
        for (name, days) in numbers.iter().filter_map(|number| self.holidays.get(*number)) {
            for day in dates(days, &self.years) {
                names.entry(day).or_insert_with(|| Arc::clone(name));
            }
        }
        Some(names)
    }

    fn read(&mut self, line: &str) {
        if let Some(title) = line.strip_prefix('=') {
            let mut parts = title.splitn(3, ' ').map(str::to_owned);
            let mut next = || parts.next().unwrap_or_default();
            (self.code, self.code3, self.name) = (next(), next(), next());
        } else if let Some((name, days)) = line.strip_prefix('\t').and_then(|holiday| holiday.split_once('\t')) {
            self.holidays.push((name.into(), days.to_owned()));
        } else {
            let mut parts = line.split(' ');
            let code = parts.next().unwrap_or_default().to_owned();
            self.regions.push((code, parts.filter_map(|number| number.parse().ok()).collect()));
        }
    }
}

/// The countries of the table, one after the other, so that it is never in memory as a whole.
pub(super) fn countries() -> impl Iterator<Item = Country> {
    let mut lines = BufReader::new(GzDecoder::new(TABLE)).lines().map_while(Result::ok);
    let years = lines.next().as_deref().and_then(years).unwrap_or_default();
    let mut title = lines.next();
    std::iter::from_fn(move || {
        let mut country = Country { years: years.clone(), ..Country::default() };
        country.read(&title.take()?);
        for line in lines.by_ref() {
            if line.starts_with('=') {
                title = Some(line);
                break;
            }
            country.read(&line);
        }
        Some(country)
    })
}

/// The years in the first line.
fn years(header: &str) -> Option<Range<i32>> {
    let (first, last) = header.rsplit_once(' ')?.1.split_once('-')?;
    Some(first.parse().ok()?..last.parse::<i32>().ok()? + 1)
}

/// As the evaluator takes it.
pub(super) fn calendar(names: &Names) -> Arc<CompactCalendar> {
    let mut calendar = CompactCalendar::default();
    for day in names.keys() {
        calendar.insert(*day);
    }
    Arc::new(calendar)
}

fn dates(text: &str, every: &Range<i32>) -> impl Iterator<Item = NaiveDate> {
    let groups = text.split(' ').filter_map(|group| group.split_once(':'));
    groups.flat_map(|(year, days)| {
        let years = year.parse::<i32>().map_or(every.clone(), |year| 2000 + year..2001 + year);
        years.flat_map(move |year| days.split(',').filter_map(move |day| date(year, day)))
    })
}

fn date(year: i32, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, day.get(..2)?.parse().ok()?, day.get(2..)?.parse().ok()?)
}

/// The last year with a holiday.
pub(super) fn last_year(names: &Names) -> Option<i32> {
    names.keys().next_back().map(NaiveDate::year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(code: &str) -> Names {
        countries().find_map(|country| country.holidays(code)).unwrap()
    }

    #[test]
    fn the_table_is_whole() {
        let countries: Vec<_> = countries().collect();
        assert_eq!(countries.len(), 250);
        assert_eq!(countries.iter().map(|country| country.regions.len()).sum::<usize>(), 901);
        for country in countries {
            assert_eq!((country.code.len(), country.code3.len()), (2, 3), "{country:?}");
            for (region, numbers) in &country.regions {
                assert!(numbers.iter().all(|number| *number < country.holidays.len()), "{region}");
                let names = country.holidays(region).unwrap();
                assert!(names.keys().all(|day| (2026..=2040).contains(&day.year())), "{region}");
            }
        }
    }

    #[test]
    fn days_and_names() {
        for (code, day, name) in [
            ("HN", "2026-10-07", Some("Semana Morazánica")),
            ("HN", "2026-10-09", Some("Semana Morazánica")),
            ("HN", "2026-10-12", None),
            ("DE", "2026-06-04", None),
            ("DE-BY", "2026-06-04", Some("Fronleichnam")),
            ("DE-BY", "2040-12-26", Some("Zweiter Weihnachtstag")),
            ("GB-ENG", "2027-01-01", Some("New Year's Day")),
            ("GB-ENG", "2026-12-28", Some("Boxing Day (observed)")),
            ("GB-SCT", "2026-11-30", Some("Saint Andrew's Day")),
            ("US", "2026-07-03", Some("Independence Day (observed)")),
            ("IN", "2027-01-26", Some("Republic Day")),
            // kept and no days off
            ("DE", "2026-12-24", None),
            ("US", "2027-02-14", None),
            ("GB-ENG", "2026-11-30", None),
            // a day is not there twice
            ("HN", "2026-12-26", None),
            ("US", "2026-07-05", None),
            ("GB-ENG", "2026-12-29", None),
        ] {
            let day = day.parse().unwrap();
            assert_eq!(names(code).get(&day).map(|name| &**name), name, "{code} {day}");
        }
    }
}
