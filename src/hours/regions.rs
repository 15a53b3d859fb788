//! `holidays = ["HN", "DE-BY"]`: codes to days, with help for those that do not exist.

use chrono::NaiveDate;

use super::holidays::{self, Country, Names};
use super::problem::{Place, Problem};

/// The public holidays of all these countries and regions together.
pub(super) fn holidays(codes: &[String], today: NaiveDate) -> (Names, Vec<Problem>) {
    let mut names = Names::new();
    let mut problems = Vec::new();
    let mut open: Vec<(usize, &str)> = codes.iter().map(|code| code.trim()).enumerate().collect();
    for (number, code) in &open {
        if let Some(first) = open[..*number].iter().position(|(_, other)| other.eq_ignore_ascii_case(code)) {
            let place = Place::Holiday(*number);
            problems.push(
                Problem::warning(place, format!("\"{code}\" is named twice"))
                    .hint(format!("it is number {} already", first + 1)),
            );
        }
    }
    if open.is_empty() {
        return (names, problems);
    }
    for country in holidays::countries() {
        open.retain(|(number, code)| {
            if !code.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(&country.code)) {
                return true;
            }
            if let Some(days) = country.holidays(code) {
                problems.extend(end(code, *number, &days, today));
                for (day, name) in days {
                    names.entry(day).or_insert(name);
                }
                return false;
            }
            if code.as_bytes().get(2).is_none_or(u8::is_ascii_alphanumeric) {
                return true;
            }
            problems.push(unknown_region(code, *number, &country));
            false
        });
        if open.is_empty() {
            break;
        }
    }
    problems.extend(open.into_iter().map(|(number, code)| unknown_country(code, number)));
    problems.sort_by_key(|problem| match problem.place {
        Place::Holiday(number) => number,
        _ => 0,
    });
    (names, problems)
}

/// A warning when the table ends within a year.
fn end(code: &str, number: usize, days: &Names, today: NaiveDate) -> Option<Problem> {
    let last = holidays::last_year(days)?;
    let end = NaiveDate::from_ymd_opt(last, 12, 31)?;
    let year = today.checked_add_months(chrono::Months::new(12))?;
    (end < year).then(|| {
        Problem::warning(Place::Holiday(number), format!("the holidays of {code} are known to the end of {last} only"))
            .hint("a newer version knows more; until then write them as dated exceptions")
    })
}

fn unknown_region(code: &str, number: usize, country: &Country) -> Problem {
    let regions: Vec<_> = country.regions().collect();
    let problem = Problem::new(Place::Holiday(number), format!("\"{code}\" is not a region of {}", country.name));
    if regions.is_empty() {
        return problem.hint(format!("its holidays are the same everywhere: write {}", country.code));
    }
    let near = nearest(code, regions.iter().map(|region| (*region, *region)), 1);
    let all = format!("{} has {}", country.name, regions.join(", "));
    problem.hint(near.map_or_else(|| all.clone(), |near| format!("did you mean {near}? {all}")))
}

fn unknown_country(code: &str, number: usize) -> Problem {
    let problem = Problem::new(Place::Holiday(number), format!("\"{code}\" is not a country with known holidays"));
    let upper = code.to_uppercase();
    if upper == "UK" || upper == "EN" {
        return problem.hint("did you mean GB (or GB-ENG, GB-NIR, GB-SCT, GB-WLS)?");
    }
    let countries: Vec<_> = holidays::countries().collect();
    let names = countries.iter().flat_map(|country| {
        let Country { code, code3, name, .. } = country;
        [(code3.as_str(), code.as_str()), (name.as_str(), code.as_str())]
    });
    let exact = names.clone().find(|(name, _)| name.eq_ignore_ascii_case(code)).map(|(_, code)| code);
    let near = exact.or_else(|| nearest(code, names.filter(|(name, _)| name.len() > 3), 2));
    match near.and_then(|near| countries.iter().find(|country| country.code == near)) {
        Some(country) => problem.hint(format!("did you mean {} ({})?", country.code, country.name)),
        None => problem.hint("ISO 3166 codes of two letters, such as HN, or with a region, such as DE-BY"),
    }
}

/// The value of the key that is most like the text, within `distance` edits; none when others are as near.
fn nearest<'a>(text: &str, keys: impl Iterator<Item = (&'a str, &'a str)>, distance: usize) -> Option<&'a str> {
    let text = text.to_lowercase();
    let near = keys.map(|(key, value)| (strsim::damerau_levenshtein(&key.to_lowercase(), &text), value));
    let near: Vec<_> = near.filter(|(edits, _)| *edits <= distance).collect();
    let best = near.iter().min()?;
    let rival = near.iter().any(|(edits, value)| *edits == best.0 && *value != best.1);
    (!rival).then_some(best.1)
}
