//! Addresses as people write them.

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, Region};

use crate::message::Address;

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressProblem {
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Reads an address as people write it into a config: E.164, a national phone number (`country` says whose), an e-mail
/// address, or `telegram:`, `teams:`, `whatsapp:`, … and an id.
///
/// A number that begins with `+` keeps its digits whatever any table of numbers says: it is who a provider will say it is.
/// Only a national form is read with the tables.
///
/// # Errors
/// Why it is none of these: a lower-case fragment for the config room, with a hint.
pub fn read_address(text: &str, country: Option<&str>) -> Result<Address, AddressProblem> {
    let text: String = text.chars().filter(|character| !is_invisible(*character)).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(problem(
            "the address is empty",
            "a phone number, an e-mail address, or an id such as telegram:5550101",
        ));
    }
    if text.starts_with(['+', '＋']) {
        return international(text);
    }
    if let Some((scheme, id)) = text.split_once(':') {
        return with_scheme(&scheme.trim().to_ascii_lowercase(), id.trim(), country);
    }
    if text.contains('@') {
        return Address::mail(text)
            .ok_or_else(|| problem("this is no e-mail address", "one @ and no spaces, as in ana@example.org"));
    }
    if text.chars().any(char::is_alphabetic) {
        let hint = "an id needs its service in front, as in telegram:5550101; a phone number has digits only";
        return Err(problem("this is no phone number, e-mail address or id", hint));
    }
    national(text, country)
}

/// Marks that come along when a number is copied from a screen: nobody has typed them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What people put between the digits of a number.
pub(crate) fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn international(text: &str) -> Result<Address, AddressProblem> {
    let digits: String = text.chars().skip(1).filter(|character| !is_separator(*character)).collect();
    if text.contains("(0)") {
        let without = text.replacen("(0)", "", 1);
        let without: String = without.chars().skip(1).filter(char::is_ascii_digit).collect();
        return Err(problem("the (0) is not dialled behind a country code", &format!("write +{without}")));
    }
    if let Some(odd) = digits.chars().find(|character| !character.is_ascii_digit()) {
        let hint = "after + come the country code and the number, as in +504 9999-0001";
        return Err(problem(&format!("{odd:?} is no part of a phone number"), hint));
    }
    if digits.starts_with('0') {
        return Err(problem("no country code begins with 0", "after + comes the country code, as in +504 9999-0001"));
    }
    // 7: the shortest number in use behind a country code, with the code (ITU-T E.164 names only the most, 15)
    if !(7..=15).contains(&digits.len()) {
        let message = format!("a phone number has 7 to 15 digits with its country code, this has {}", digits.len());
        return Err(problem(&message, "write it as in +504 9999-0001"));
    }
    Address::phone(&digits).ok_or_else(|| problem("this is no phone number", "write it as in +504 9999-0001"))
}

fn with_scheme(scheme: &str, id: &str, country: Option<&str>) -> Result<Address, AddressProblem> {
    match scheme {
        "tel" | "sms" | "phone" | "mailto" | "mail" | "email" if !id.is_empty() => return read_address(id, country),
        "http" | "https" => {
            let hint = "write the phone number, the e-mail address, or an id such as telegram:5550101";
            return Err(problem("a link is no address", hint));
        }
        _ => {}
    }
    // `whatsapp:+504…` is a phone number to every provider that writes it so
    if id.starts_with('+') {
        return international(id);
    }
    if id.chars().any(char::is_control) {
        return Err(problem("an id has no control characters", "write it on one line, as in telegram:5550101"));
    }
    Address::id(scheme, id).ok_or_else(|| {
        if id.is_empty() {
            problem(&format!("nothing stands behind {scheme}:"), "the id follows the colon, as in telegram:5550101")
        } else {
            problem("what stands before the colon is no name of a service", "write it as in telegram:5550101")
        }
    })
}

fn national(text: &str, country: Option<&str>) -> Result<Address, AddressProblem> {
    let Some(code) = country.map(|code| code.trim().to_ascii_uppercase()) else {
        return Err(problem(
            "a phone number without its country code",
            "write it with + and the country code, or set country in [owner], as in country = \"HN\"",
        ));
    };
    let region: Option<Region> = code.parse().ok();
    let known = region.and_then(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region));
    let (Some(region), Some(calling_code)) = (region, known) else {
        return Err(problem(
            &format!("no phone numbers are known for the country {code:?}"),
            "country in [owner] is an ISO 3166 code of two letters, as in HN",
        ));
    };
    let example = format!("write it with its country code, as in +{calling_code} …");
    let number = PHONE_NUMBER_UTIL.parse(text, Some(region)).map_err(|error| {
        let message = match error {
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => format!("too short for a phone number of {code}"),
            ParseError::TooLongNsn => format!("too long for a phone number of {code}"),
            ParseError::InvalidCountryCode => "its country code does not exist".to_owned(),
            ParseError::NotANumber(_) => "this is no phone number".to_owned(),
        };
        problem(&message, &example)
    })?;
    if number.extension.as_deref().is_some_and(|extension| !extension.is_empty()) {
        return Err(problem("an extension cannot be written to", "leave the extension out"));
    }
    if !number.is_valid() {
        return Err(problem(&format!("there is no such phone number in {code}"), &example));
    }
    Address::phone(&number.format_as(PhoneNumberFormat::E164))
        .ok_or_else(|| problem("this is no phone number", &example))
}

fn problem(message: &str, hint: &str) -> AddressProblem {
    AddressProblem { message: message.to_owned(), hint: Some(hint.to_owned()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        let cases = [
            ("+504 9999-0001", None, "+50499990001"),
            ("+1 (555) 010.0199", Some("HN"), "+15550100199"),
            ("\u{202a}+504 9999\u{2011}0001\u{202c}", None, "+50499990001"), // copied from a phone's screen
            ("＋50499990001", None, "+50499990001"),
            ("+999 123 4567", Some("US"), "+9991234567"), // no such country: still not rewritten
            ("+5511961234567", Some("US"), "+5511961234567"), // a national prefix of the owner's country in it
            ("9999-0001", Some("HN"), "+50499990001"),
            ("9999-0001", Some("hn"), "+50499990001"),
            ("0171 1234567", Some("DE"), "+491711234567"),
            ("0171/1234567", Some("DE"), "+491711234567"),
            ("00504 9999 0001", Some("DE"), "+50499990001"), // the exit code of the owner's country
            ("011 504 9999 0001", Some("US"), "+50499990001"),
            ("06 12345678", Some("IT"), "+390612345678"), // Italy keeps its 0
            ("8 (912) 345-67-89", Some("RU"), "+79123456789"),
            ("Ana@Example.ORG", None, "ana@example.org"),
            ("mailto:ana@example.org", None, "ana@example.org"),
            ("tel:+504-9999-0001", None, "+50499990001"),
            ("telegram:5550101", None, "telegram:5550101"),
            ("Telegram: 5550101 ", None, "telegram:5550101"),
            ("teams:29:1Abc-Def", None, "teams:29:1Abc-Def"),
            ("whatsapp:US.13491208655302741918", None, "whatsapp:US.13491208655302741918"),
            ("whatsapp:+504 9999-0001", None, "+50499990001"),
            ("webhook:pat@desk", None, "webhook:pat@desk"),
        ];
        for (text, country, canonical) in cases {
            let read = read_address(text, country);
            assert_eq!(read.as_ref().map(Address::as_str), Ok(canonical), "{text} {country:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_why() {
        let cases = [
            ("", None, "the address is empty"),
            ("  ", None, "the address is empty"),
            ("Ana López", Some("HN"), "this is no phone number, e-mail address or id"),
            ("ana@", None, "this is no e-mail address"),
            ("ana @example.org", None, "this is no e-mail address"),
            ("9999-0001", None, "a phone number without its country code"),
            ("9999-0001", Some("XX"), "no phone numbers are known for the country \"XX\""),
            ("9999-0001", Some("Honduras"), "no phone numbers are known for the country \"HONDURAS\""),
            ("1", Some("HN"), "this is no phone number"),
            ("1999-0001", Some("HN"), "there is no such phone number in HN"),
            ("9999-000", Some("HN"), "there is no such phone number in HN"),
            ("+44 (0)20 7183 8750", None, "the (0) is not dialled behind a country code"),
            ("+0504 9999-0001", None, "no country code begins with 0"),
            ("+504 9999-OOO1", None, "'O' is no part of a phone number"),
            ("+504", None, "a phone number has 7 to 15 digits with its country code, this has 3"),
            ("+1234567890123456", None, "a phone number has 7 to 15 digits with its country code, this has 16"),
            ("https://t.me/ana", None, "a link is no address"),
            ("telegram:", None, "nothing stands behind telegram:"),
            ("my bot:1", None, "what stands before the colon is no name of a service"),
        ];
        for (text, country, message) in cases {
            let refused = read_address(text, country).expect_err(text);
            assert_eq!(refused.message, message, "{text}");
            assert!(refused.hint.is_some_and(|hint| !hint.is_empty()), "{text}");
        }
    }

    #[test]
    fn the_hint_for_a_zero_in_parentheses_can_be_pasted() {
        let refused = read_address("+44 (0)20 7183 8750", None).expect_err("a (0)");
        assert_eq!(refused.hint.as_deref(), Some("write +442071838750"));
    }

    proptest! {
        #[test]
        fn an_international_number_keeps_its_digits(digits in "[1-9][0-9]{6,14}", country in "(HN|US|DE|RU|BR)") {
            let read = read_address(&format!("+{digits}"), Some(&country));
            prop_assert_eq!(read.map(|address| address.as_str().to_owned()), Ok(format!("+{digits}")));
        }

        #[test]
        fn reading_twice_is_reading_once(text in "\\PC{0,30}") {
            if let Ok(address) = read_address(&text, Some("HN")) {
                let again = read_address(address.as_str(), None);
                prop_assert_eq!(again.as_ref(), Ok(&address));
            }
        }
    }
}
