//! `[owner]`.

use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::Owner;
use super::super::desk::Desk;
use super::super::load::WHOLE;
use super::super::suggest::{closest, listed};
use super::tables::Table;
use super::values;
use crate::language::Language;
use crate::message::Personal;

/// Whose private time it is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Your name, as replies may name it.
    #[schemars(with = "String")]
    name: Option<Spanned<String>>,
    /// Your time zone by its IANA name, such as `America/Tegucigalpa`.
    #[schemars(with = "String")]
    timezone: Option<Spanned<String>>,
    /// The language of what you are sent, and of replies where nothing else says one: an ISO 639 code.
    /// Default: `en`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[A-Za-z]{2,3}([-_].*)?$"))]
    language: Option<Spanned<String>>,
    /// Your country (ISO 3166, two letters): how a phone number without `+` is read.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[A-Za-z]{2}$"))]
    country: Option<Spanned<String>>,
}

/// What could be read of the table: other tables lean on its parts.
#[derive(Default)]
pub struct Draft {
    /// All of it, when all of it is right.
    pub owner: Option<Owner>,
    /// `timezone`.
    pub timezone: Option<Tz>,
    /// `language`.
    pub language: Option<Language>,
    /// `country`.
    pub country: Option<String>,
    /// `country` is there, and is none.
    pub country_is_wrong: bool,
}

/// Reads the table.
pub fn read(table: Option<Table<'_>>, desk: &mut Desk) -> Draft {
    let Some(table) = table else {
        desk.findings
            .error(WHOLE, "the table `[owner]` is missing")
            .hint("add `[owner]` with `name` and `timezone`")
            .absence("owner");
        return Draft::default();
    };
    let header = table.span.clone();
    let keys: Keys = table.read(desk);
    let name = desk.required(keys.name, "name", &header);
    let timezone = desk.required(keys.timezone, "timezone", &header).and_then(|zone| values::zone(&zone, desk));
    let language = match keys.language {
        Some(written) => {
            let language = values::language(&written, desk);
            has_built_in_texts(language.as_ref(), &written, desk);
            language
        }
        None => Some(Language::english()),
    };
    let country = keys.country.as_ref().and_then(|written| read_country(written, desk));
    let country_is_wrong = keys.country.is_some() && country.is_none();
    let owner = match (name, timezone, &language, country_is_wrong) {
        (Some(name), Some(timezone), Some(language), false) => Some(Owner {
            name: Personal::new(name.into_inner()),
            timezone,
            language: language.clone(),
            country: country.clone(),
        }),
        _ => None,
    };
    Draft { owner, timezone, language, country, country_is_wrong }
}

/// Without them you, and people whose language is not known, read English.
fn has_built_in_texts(language: Option<&Language>, written: &Spanned<String>, desk: &mut Desk) {
    if let Some(language) = language
        && !language.is_built_in()
    {
        desk.findings
            .warning(written.span(), "there are no built-in texts in this language: you are told in English")
            .hint(format!("there are {}", listed(Language::built_in())));
    }
}

/// A country whose numbering plan is known, in capitals.
fn read_country(written: &Spanned<String>, desk: &mut Desk) -> Option<String> {
    let country = written.get_ref().trim().to_ascii_uppercase();
    // the table of holidays has nearly every country, and the library of numbering plans costs 4 MiB once it is asked
    if crate::hours::is_country(&country) {
        return Some(country);
    }
    let known: Vec<String> =
        rlibphonenumber::PHONE_NUMBER_UTIL.get_supported_regions().map(|region| region.to_string()).collect();
    if known.contains(&country) {
        return Some(country);
    }
    let finding = desk.findings.error(written.span(), "this is not a country code");
    let meant = match country.as_str() {
        "UK" | "EN" => Some("GB"),
        _ if country.len() == 3 => closest(&country, known.iter().map(String::as_str)),
        _ => None,
    };
    match meant {
        Some(meant) => finding.hint(format!("did you mean `{meant}`?")).fix(format!("\"{meant}\"")),
        None => finding.hint("use the two letters of ISO 3166: `HN`, `DE`, `US`"),
    };
    None
}
