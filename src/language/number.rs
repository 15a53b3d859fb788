//! What a phone number's country says of its holder's language.

use super::Language;

/// The shortest number in use behind a country code, with the code: what is shorter is a short code of no country.
const SHORTEST: usize = 7;

/// Calling codes of countries where nearly everybody reads one language, by that language. The codes are those that the
/// ITU has assigned (Operational Bulletin 1114, the list that goes with Recommendation E.164); no code begins with another.
/// The language is the country's only official one, or the one next to which no other is read by a third of the people, by
/// the `languagePopulation` of Unicode CLDR 47 (`supplementalData.xml`).
///
/// So these say nothing, among others: +1 but for the Dominican Republic's three area codes (Canada), +41, +32, +352, +595
/// (Guarani), +591 (Quechua, Aymara), +212 (French, Tamazight), +91 (Hindi is read by two in five), +852 and +886 (the
/// texts in Chinese are in simplified characters), and the Gulf states, where CLDR does not count who came to work.
const SPOKEN: &[(&str, &[&str])] = &[
    // GB, IE, FK, GY, AU, NZ
    ("en", &["44", "353", "500", "592", "61", "64"]),
    // DO, ES, PE, MX, CU, AR, CL, CO, VE, GT, SV, HN, NI, CR, PA, EC, UY
    (
        "es",
        &[
            "1809", "1829", "1849", "34", "51", "52", "53", "54", "56", "57", "58", "502", "503", "504", "505", "506",
            "507", "593", "598",
        ],
    ),
    // FR, MC, PM, GP, MQ, NC
    ("fr", &["33", "377", "508", "590", "596", "687"]),
    // AT, DE, LI
    ("de", &["43", "49", "423"]),
    // BR, PT, ST
    ("pt", &["55", "351", "239"]),
    // IT, SM
    ("it", &["39", "378"]),
    // NL, SR
    ("nl", &["31", "597"]),
    ("pl", &["48"]),
    ("tr", &["90"]),
    // EG, DZ, TN, LY, LB, JO, SY, YE, PS
    ("ar", &["20", "213", "216", "218", "961", "962", "963", "967", "970"]),
    // CN
    ("zh", &["86"]),
];

/// The language of nearly everybody in the country of this E.164 number; `None` where the country does not say, and for a
/// short code.
#[must_use]
pub fn of_number(e164: &str) -> Option<Language> {
    let digits = e164.strip_prefix('+').filter(|digits| digits.len() >= SHORTEST)?;
    let speak = |codes: &[&str]| codes.iter().any(|code| digits.starts_with(code));
    SPOKEN.iter().find(|(_, codes)| speak(codes)).map(|(tag, _)| Language((*tag).to_owned()))
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::PHONE_NUMBER_UTIL;

    use super::*;

    #[test]
    fn a_number_speaks_where_its_country_has_one_language() {
        let cases = [
            ("+50499990001", Some("es")),
            ("+34600123456", Some("es")),
            ("+18095550123", Some("es")), // Santo Domingo, not Canada
            ("+18495550123", Some("es")),
            ("+14155550123", None), // the United States
            ("+15145550123", None), // Montréal
            ("+17875550123", None), // Puerto Rico reads both
            ("+447700900123", Some("en")),
            ("+353851234567", Some("en")),
            ("+33612345678", Some("fr")),
            ("+33123", None), // a short code of somebody
            ("+3512345678", Some("pt")),
            ("+352621123456", None), // Luxembourg
            ("+358401234567", None), // Finland: no texts
            ("+491711234567", Some("de")),
            ("+436641234567", Some("de")),
            ("+4236601234", Some("de")),
            ("+41791234567", None), // Switzerland
            ("+32470123456", None), // Belgium
            ("+5511961234567", Some("pt")),
            ("+390612345678", Some("it")),
            ("+31612345678", Some("nl")),
            ("+48512345678", Some("pl")),
            ("+905012345678", Some("tr")),
            ("+201001234567", Some("ar")),
            ("+212612345678", None), // Morocco
            ("+971501234567", None), // the Emirates
            ("+919876543210", None), // India
            ("+8613812345678", Some("zh")),
            ("+85251234567", None),  // Hong Kong
            ("+886912345678", None), // Taiwan
            ("+79123456789", None),
            ("+59170123456", None),  // Bolivia
            ("+595961123456", None), // Paraguay
            ("ana@example.org", None),
            ("telegram:504999900011", None),
            ("", None),
            ("+", None),
        ];
        for (number, language) in cases {
            assert_eq!(of_number(number).as_ref().map(Language::tag), language, "{number}");
        }
    }

    #[test]
    fn every_code_is_a_country_of_its_own_and_every_language_has_texts() {
        let codes: Vec<&str> = SPOKEN.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
        for (at, code) in codes.iter().enumerate() {
            let other = codes.iter().enumerate().find(|(other, one)| *other != at && code.starts_with(**one));
            assert_eq!(other, None, "{code} begins with another");
        }
        for (tag, codes) in SPOKEN {
            assert!(Language::parse(tag).is_some_and(|language| language.is_built_in()), "{tag}");
            // +1 is shared: those have an area code behind it
            for code in codes.iter().filter(|code| !code.starts_with('1')) {
                let region = PHONE_NUMBER_UTIL.get_region_for_country_code(code.parse().expect("a number"));
                assert!(region.is_some(), "+{code}");
            }
        }
    }
}
