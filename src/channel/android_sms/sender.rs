//! Who sent a message, and whether a phone can answer.

use super::KIND;
use crate::clients::read_address;
use crate::message::Address;

/// What stands where the phone knows nothing: the line of a SIM that it does not name, a sender without a number.
pub(super) const UNKNOWN: &str = "unknown";

/// What Android has in the place of the sender of a picture message that it does not know (its `PduHeaders`).
const NOT_YET: &str = "insert-address-token";

/// Who sent it: a number, or what stands in the place of one (`BANK`, `12345`). Never an address of another service, whatever
/// a sender calls itself.
pub(super) fn sender(written: &str, country: Option<&str>) -> Option<Address> {
    if written == NOT_YET {
        return Address::id(KIND.name, UNKNOWN);
    }
    let dialled = !written.chars().any(|character| character.is_alphabetic() || matches!(character, '@' | ':'));
    let number = || read_address(written, country).ok().filter(Address::is_phone);
    let number = dialled.then(number).flatten();
    let short = || written.starts_with('+').then(|| Address::phone(written)).flatten();
    number.or_else(short).or_else(|| Address::id(KIND.name, written)).or_else(|| Address::id(KIND.name, UNKNOWN))
}

/// Nobody is named.
pub(super) fn is_unknown(from: &Address) -> bool {
    from.as_str().split_once(':') == Some((KIND.name, UNKNOWN))
}

/// What a phone can dial to answer: the number, or a national one that nobody could read.
pub(super) fn reachable(from: &Address) -> Option<&str> {
    if from.is_phone() {
        return Some(from.as_str());
    }
    let national = from.as_str().split_once(':').map(|(_, id)| id)?;
    let is_dialled =
        |character: char| character.is_ascii_digit() || matches!(character, ' ' | '-' | '(' | ')' | '.' | '/');
    national.chars().all(is_dialled).then_some(national)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_a_number_where_it_can_be_read() {
        let cases = [
            ("+15550100101", Some("HN"), "+15550100101", true),
            (" +1 555-010-0101 ", None, "+15550100101", true),
            ("9999-0001", Some("HN"), "+50499990001", true),
            ("99990001", Some("HN"), "+50499990001", true),
            ("0171 1234567", Some("DE"), "+491711234567", true),
            ("99990001", None, "android-sms:99990001", true), // dialled as it came
            ("5550100", Some("US"), "android-sms:5550100", true), // a local call
            ("12345", Some("HN"), "android-sms:12345", true), // the guard knows a short code
            ("+12345", Some("HN"), "+12345", true),
            ("MYBANK", Some("US"), "android-sms:MYBANK", false), // no keypad number: 692265
            ("*611", Some("US"), "android-sms:*611", false),
            ("ana@example.org", None, "android-sms:ana@example.org", false), // mail to MMS
            ("mailto:ana@example.org", None, "android-sms:mailto:ana@example.org", false),
            ("telegram:5550101", None, "android-sms:telegram:5550101", false), // nobody else's address
            ("tel:99990001", Some("HN"), "android-sms:tel:99990001", false),
            ("unknown", None, "android-sms:unknown", false),
            ("", None, "android-sms:unknown", false),
            ("insert-address-token", None, "android-sms:unknown", false),
            ("  ", None, "android-sms:unknown", false),
        ];
        for (written, country, address, dialled) in cases {
            let from = sender(written, country).expect("there always is one");
            assert_eq!((from.as_str(), reachable(&from).is_some()), (address, dialled), "{written}");
        }
    }
}
