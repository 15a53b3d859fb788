//! What kind of sender an address is: some nobody can be answered under, and some only a machine has.

use crate::clients::is_separator;
use crate::message::Address;

/// The kind of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderKind {
    /// Somebody who can be answered.
    Person,
    /// A number of a service, too short for a person.
    ShortCode,
    /// A name instead of a number, as banks and shops have it on SMS.
    Letters,
    /// Nobody says who it is.
    Withheld,
    /// Mail that no person reads.
    NoReply,
    /// What nobody can dial, where people have telephone numbers: too many digits, or other signs than numbers are written in.
    NoNumber,
}

/// Schemes whose ids are telephone numbers, so that letters in one are the name of a bulk sender.
const NUMBERS: &[&str] = &["sms", "mms", "tel", "phone", "voice", "twilio", "android-sms"];

/// The scheme of ids that the owner's own system makes up: letters mean nothing there (`webhook:pat`), but a gateway behind
/// it may pass SMS on.
const FREE: &str = "webhook";

/// A number of more digits may be a person's: no country has shorter ones behind its code (Niue has 7 with it).
const LONGEST_SHORT_CODE: usize = 6;

/// A number has so many digits at the most, its country code included (ITU-T E.164, section 6).
const LONGEST_NUMBER: usize = 15;

/// What telephone networks, SIP and Twilio put in the place of a withheld number.
const WITHHELD_WORDS: &[&str] = &[
    "anonymous",
    "anonym",
    "anonymous.invalid",
    "anonymous caller",
    "private",
    "private number",
    "restricted",
    "unavailable",
    "unknown",
    "blocked",
    "withheld",
    "no caller id",
    "caller id withheld",
    "out of area",
    "payphone",
];

/// The same words as dialled on a keypad, which Twilio sends as numbers: ANONYMOUS, UNAVAILABLE, RESTRICTED, BLOCKED,
/// UNKNOWN, PRIVATE; and Twilio's own misspelling of UNKNOWN. None is a number that exists.
const WITHHELD_NUMBERS: &[&str] =
    &["+266696687", "+86282452253", "+7378742833", "+2562533", "+8656696", "+7748283", "+8566696"];

/// Telegram's own account, which sends login codes and service messages.
const TELEGRAM_SERVICE: &str = "777000";

/// The kind of a sender with all the addresses that the provider tells of it. One that is no person's decides: the mail
/// bridge of a telephone service has a mail address of its own for every short code. Without an address nobody can be
/// answered: that is `Withheld`.
#[must_use]
pub fn sender_kind(addresses: &[Address]) -> SenderKind {
    let kinds = || addresses.iter().map(|address| kind(address.as_str()));
    kinds().find(|kind| *kind != SenderKind::Person).or_else(|| kinds().next()).unwrap_or(SenderKind::Withheld)
}

fn kind(address: &str) -> SenderKind {
    if let Some(digits) = address.strip_prefix('+') {
        return number(digits);
    }
    // a mail address may have a colon in it only where a scheme has none: `scheme:` is `a-z0-9-`
    match address.split_once(':') {
        Some((scheme, id)) if !scheme.contains('@') => of_scheme(scheme, id.trim()),
        _ => address.rsplit_once('@').map_or(SenderKind::Person, |(local, domain)| mail(local, domain)),
    }
}

fn number(digits: &str) -> SenderKind {
    let withheld = WITHHELD_NUMBERS.iter().any(|number| &number[1..] == digits);
    if withheld || digits.bytes().all(|byte| byte == b'0') {
        SenderKind::Withheld
    } else if digits.len() <= LONGEST_SHORT_CODE {
        SenderKind::ShortCode
    } else if digits.len() > LONGEST_NUMBER {
        SenderKind::NoNumber
    } else {
        SenderKind::Person
    }
}

/// What is not written in digits alone, where people have telephone numbers.
fn written(id: &str) -> SenderKind {
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let separates = |sign: char| sign.is_ascii_digit() || sign == '+' || is_separator(sign) || sign == '/';
    if id.chars().any(char::is_alphabetic) {
        SenderKind::Letters
    } else if (1..=LONGEST_NUMBER).contains(&digits) && id.chars().all(separates) {
        SenderKind::Person
    } else {
        SenderKind::NoNumber
    }
}

fn of_scheme(scheme: &str, id: &str) -> SenderKind {
    let plain = id.to_lowercase().replace(['_', '-'], " ");
    if WITHHELD_WORDS.contains(&plain.as_str()) {
        return SenderKind::Withheld;
    }
    if scheme == "telegram" && id == TELEGRAM_SERVICE {
        return SenderKind::NoReply;
    }
    let numbers = NUMBERS.contains(&scheme);
    if !numbers && scheme != FREE {
        return SenderKind::Person;
    }
    if let Some(digits) = id.strip_prefix('+') {
        return match digits.bytes().all(|byte| byte.is_ascii_digit()) {
            true => number(digits),
            false if numbers => written(id),
            false => SenderKind::Person,
        };
    }
    if let Some((local, domain)) = id.rsplit_once('@') {
        return mail(&local.to_lowercase(), &domain.to_lowercase());
    }
    let plain = id.bytes().all(|byte| byte.is_ascii_digit());
    match (plain, numbers) {
        // the owner's own system may count its people in as many digits as it likes
        (true, false) if id.len() > LONGEST_NUMBER => SenderKind::Person,
        (true, _) => number(id),
        (false, true) => written(id),
        (false, false) if is_indian_header(id) => SenderKind::Letters,
        (false, false) => SenderKind::Person,
    }
}

/// `VM-HDFCBK`: operator and circle, a hyphen, six letters or digits, and since 2025 a letter for the kind of traffic. All
/// bulk senders in India have this form, and nothing else does.
fn is_indian_header(id: &str) -> bool {
    let mut parts = id.split('-');
    let capitals = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_uppercase());
    let header = |part: &str| {
        let letters = part.bytes().any(|byte| byte.is_ascii_uppercase());
        part.len() == 6 && letters && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    parts.next().is_some_and(|part| capitals(part, 2))
        && parts.next().is_some_and(header)
        && parts.next().is_none_or(|part| capitals(part, 1))
        && parts.next().is_none()
}

fn mail(local: &str, domain: &str) -> SenderKind {
    if domain == "anonymous.invalid" {
        SenderKind::Withheld
    } else if is_system_mailbox(local) {
        SenderKind::NoReply
    } else {
        SenderKind::Person
    }
}

/// The local part (lower case) of mail that no person reads: RFC 5230, section 4.6, and practice. `postmaster` is not one,
/// as the RFC says that it is often a person.
pub(super) fn is_system_mailbox(local: &str) -> bool {
    // no-reply+token@… and the like
    let base = local.split('+').next().unwrap_or(local);
    let joined: String = base.chars().filter(|character| !matches!(character, '-' | '_' | '.')).collect();
    let words: Vec<&str> = base.split(['-', '_', '.']).collect();
    matches!(joined.as_str(), "mailerdaemon" | "listserv" | "majordomo" | "mailer" | "bounce" | "bounces")
        || matches!(joined.as_str(), "notification" | "notifications" | "donotreply" | "donotrespond" | "autoreply")
        || joined.starts_with("noreply")
        || joined.ends_with("noreply")
        || joined.ends_with("donotreply")
        || base.starts_with("owner-")
        || ["-request", "-bounces", "-bounce", "-owner"].iter().any(|end| base.ends_with(end))
        || matches!(words.first(), Some(&"bounce" | &"bounces" | &"msprvs1"))
}

#[cfg(test)]
mod tests {
    use SenderKind::{Letters, NoNumber, NoReply, Person, ShortCode, Withheld};

    use super::*;

    fn of(address: &str) -> SenderKind {
        let address = Address::canonical(address, "webhook").expect("an address");
        sender_kind(&[address])
    }

    #[test]
    fn senders_are_told_apart() {
        let cases = [
            ("+15550100101", Person),
            ("+50499990001", Person),
            ("+6834000", Person), // Niue: the shortest numbers there are
            ("+2901234", Person),
            ("+290512345", Person),
            ("+37612345", Person),
            ("+12345", ShortCode),
            ("+123", ShortCode),
            ("+123456", ShortCode),
            ("+1234567", Person),
            ("webhook:12345", ShortCode),
            ("12345", ShortCode), // what a generic webhook makes of it
            ("sms:49469", ShortCode),
            ("sms:+49469", ShortCode),
            ("twilio:729725", ShortCode),
            ("android-sms:5550101", Person), // a national number that nobody could read
            ("sms:0171 1234567", Person),
            ("sms:+504 9999", Person),
            ("telegram:12345", Person), // an early account
            ("telegram:5550101", Person),
            ("telegram:777000", NoReply),
            ("slack:U12345", Person),
            ("teams:29:1Abc-Def", Person),
            ("whatsapp:US.13491208655302741918", Person),
            ("signal:7a3f2c9e-1111-2222-3333-444455556666", Person),
            ("sms:MyBank", Letters),
            ("sms:VM-HDFCBK", Letters),
            ("android-sms:BANK", Letters),
            ("twilio:ACME 24", Letters),
            ("sms:Банк", Letters),
            ("sms:4Sale", Letters),
            ("sms:+999999999999999", Person),    // 15 digits: as many as there may be
            ("sms:+9999999999999999", NoNumber), // one more
            ("sms:9999999999999999", NoNumber),
            ("twilio:+99999999999999999999999999", NoNumber),
            ("android-sms:+504 9999-0001 9999-0001", NoNumber), // two numbers in one
            ("sms:🍕", NoNumber),
            ("sms:🍕 24", NoNumber),
            ("android-sms:+1🍕5550100101", NoNumber),
            ("sms:*123#", NoNumber), // a service of the network
            ("sms:---", NoNumber),
            ("sms:٠١٢٣٤٥٦٧٨", NoNumber), // digits, and none that can be dialled
            ("sms:½", NoNumber),
            ("sms:+504ABC", Letters),
            ("sms:+VODAFONE", Letters),
            ("sms:(504) 9999/0001", Person),
            ("sms:+504\u{a0}9999\u{2011}0001", Person),
            ("android-sms:🍕pizza", Letters),
            // elsewhere an id is what its provider makes it
            ("telegram:99999999999999999999", Person),
            ("whatsapp:9999999999999999", Person),
            ("slack:🍕", Person),
            ("webhook:🍕", Person),
            ("webhook:9999999999999999", Person), // a customer's number
            ("webhook:+9999999999999999", NoNumber),
            ("webhook:pat", Person),
            ("webhook:PAT", Person),
            ("webhook:MyBank", Person), // free text: no telling
            ("webhook:VM-HDFCBK", Letters),
            ("webhook:AX-AMAZON-S", Letters),
            ("webhook:AB-123456", Person), // an order, a customer
            ("webhook:vm-hdfcbk", Person),
            ("webhook:customer-12345", Person),
            ("webhook:pat@desk", Person), // not a mail address: it has a scheme; but a name that people have
            ("webhook:noreply@desk", NoReply),
            ("webhook:+15550100101", Person),
            ("webhook:anonymous", Withheld),
            ("sms:Restricted", Withheld),
            ("tel:UNAVAILABLE", Withheld),
            ("twilio:no-caller-id", Withheld),
            ("sms:Private Number", Withheld),
            ("webhook:private school", Person),
            ("+266696687", Withheld),
            ("+86282452253", Withheld),
            ("+7378742833", Withheld),
            ("+2562533", Withheld),
            ("+8656696", Withheld),
            ("+8566696", Withheld),
            ("+7748283", Withheld),
            ("+000", Withheld),
            ("sms:266696687", Withheld),
            ("+26669668", Person),
            ("anonymous@anonymous.invalid", Withheld),
            ("ana@example.org", Person),
            ("no-reply@example.org", NoReply),
            ("noreply@example.org", NoReply),
            ("NoReply@Example.org", NoReply),
            ("no_reply@example.org", NoReply),
            ("no.reply@example.org", NoReply),
            ("noreply-calendar@example.org", NoReply),
            ("voice-noreply@example.com", NoReply),
            ("noreply+a1b2@example.org", NoReply),
            ("donotreply@example.org", NoReply),
            ("do-not-reply@example.org", NoReply),
            ("mailer-daemon@example.org", NoReply),
            ("MAILER-DAEMON@example.org", NoReply),
            ("bounce@example.org", NoReply),
            ("bounces+123-ana=example.net@example.org", NoReply),
            ("bounce-77_html@example.org", NoReply),
            ("list-bounces@example.org", NoReply),
            ("owner-list@example.org", NoReply),
            ("list-owner@example.org", NoReply),
            ("list-request@example.org", NoReply),
            ("notifications@example.org", NoReply),
            ("listserv@example.org", NoReply),
            ("majordomo@example.org", NoReply),
            ("postmaster@example.org", Person), // often a person, says RFC 5230
            ("owner@example.org", Person),
            ("request@example.org", Person),
            ("requests@example.org", Person),
            ("shopowner@example.org", Person),
            ("info@example.org", Person),
            ("reply@example.org", Person),
            ("norep@example.org", Person),
            ("bouncer@example.org", Person),
            ("noreplymailbox.org@example.org", NoReply),
        ];
        for (address, expected) in cases {
            assert_eq!(of(address), expected, "{address}");
        }
    }

    #[test]
    fn one_address_that_is_no_persons_decides() {
        let read = |text| Address::canonical(text, "webhook").expect("an address");
        let bridge = read("15550100001.49469.tok@txt.voice.example.com");
        assert_eq!(sender_kind(&[read("+15550100101"), read("whatsapp:US.1349")]), Person);
        assert_eq!(sender_kind(&[bridge.clone(), read("+49469")]), ShortCode);
        assert_eq!(sender_kind(&[bridge]), Person);
        assert_eq!(sender_kind(&[]), Withheld);
    }
}
