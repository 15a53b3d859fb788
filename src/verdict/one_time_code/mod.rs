//! One-time codes: verification codes and passwords that machines send. An answer to one goes to nobody, and costs money.

mod phrases;

use super::folded;
use phrases::{OF_PEOPLE, OTHER_CODES, SECRECY, STRONG, WEAK, YOURS};

/// A longer text is none, in bytes: a code comes in one or two SMS, with up to three bytes a letter.
const LONGEST: usize = 1_000;

/// A verification code or a one-time password, sent by a machine.
///
/// Two forms are made for machines and enough by themselves: the mark of Android's SMS Retriever (`<#>` in front) and the
/// last line of origin-bound codes (`@example.com #123456`). Else the text must hold something that looks like a code, call
/// it one, and say so as a machine does: "verification code", or "your … code", or "never share this code". People write
/// of codes too ("the door code is 4711", "my order number is 123456"): who speaks of "my" code, or asks for something, is
/// one.
#[must_use]
pub fn is_one_time_code(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    if is_origin_bound(text) {
        return true;
    }
    // machines tell, people ask
    if text.contains(['?', '？', '؟']) {
        return false;
    }
    // without a digit there is no code; nearly every message ends here
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    if !text.split(is_gap).any(looks_like_code) && !has_split_digits(text) && !has_digits_among_han(text) {
        return false;
    }
    if text.trim_start().starts_with("<#>") {
        return true;
    }
    let words = folded::words(text);
    let phrases = |list: &str| list.split('/').any(|phrase| contain(&words, phrase));
    if phrases(OF_PEOPLE) {
        return false;
    }
    phrases(STRONG) || (phrases(WEAK) && (phrases(YOURS) || phrases(SECRECY)) && !phrases(OTHER_CODES))
}

/// The last line is `@domain #code`, which browsers read: WICG, "Origin-bound one-time codes delivered via SMS".
fn is_origin_bound(text: &str) -> bool {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    let Some((domain, code)) = last.strip_prefix('@').and_then(|line| line.split_once(" #")) else {
        return false;
    };
    // an embedded page's own domain may follow: `@example.com #123456 @frame.example`
    let code = code.split(' ').next().unwrap_or_default();
    let domain_fits = domain.contains('.') && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    domain_fits && !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What stands between words and codes. A hyphen, a slash, a dot or an `@` is part of what it joins: dates, prices and
/// telephone numbers fall out as a whole.
fn is_gap(character: char) -> bool {
    character.is_whitespace() || "<>[]()【】（）「」\"'“”‘’«»:：,，;；!！?？=*。।،".contains(character)
}

/// 4 to 8 digits, also as `G-123456` or `123-456`; or 5 to 9 capitals and digits with at least two digits.
fn looks_like_code(word: &str) -> bool {
    let word = word.trim_end_matches(['.', '…']);
    let word = word.strip_prefix("G-").unwrap_or(word);
    let all_digits = |part: &str| !part.is_empty() && part.chars().all(|c| digit(c).is_some());
    if let Some((before, behind)) = word.split_once('-') {
        return all_digits(before) && all_digits(behind) && before.len() == 3 && behind.len() == 3;
    }
    let length = word.chars().count();
    if all_digits(word) {
        return (4..=8).contains(&length);
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (5..=9).contains(&length)
        && digits >= 2
        && word.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// The value of a digit, also of the Arabic, the Indic and the full-width ones.
fn digit(character: char) -> Option<u32> {
    let zero = match character {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '０'..='９' => '０',
        _ => return None,
    };
    Some(u32::from(character) - u32::from(zero))
}

/// Two groups of three digits with a space between them, as `123 456`.
fn has_split_digits(text: &str) -> bool {
    let mut before = false;
    text.split(is_gap).any(|word| {
        let word = word.trim_end_matches('.');
        let three = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let found = three && before;
        before = three;
        found
    })
}

/// 4 to 8 digits with a Han character on either side: Chinese sets no spaces.
fn has_digits_among_han(text: &str) -> bool {
    let (mut han, mut digits) = (false, 0);
    for character in text.chars() {
        if character.is_ascii_digit() {
            digits += 1;
            continue;
        }
        let here = folded::is_han(character);
        if (4..=8).contains(&digits) && (han || here) {
            return true;
        }
        digits = 0;
        han = here;
    }
    han && (4..=8).contains(&digits)
}

/// The words of a phrase stand side by side.
fn contain(words: &[String], phrase: &str) -> bool {
    let length = phrase.split(' ').count();
    words.windows(length).any(|window| {
        window.iter().zip(phrase.split(' ')).all(|(word, part)| match part.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == part,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts that are not read as they should be.
    fn misread<'a>(texts: &[&'a str], expected: bool) -> Vec<&'a str> {
        texts.iter().copied().filter(|text| is_one_time_code(text) != expected).collect()
    }

    #[test]
    fn what_a_review_missed_is_known() {
        for text in [
            "Use 482913 to log in to your account",
            "Microsoft: use 482913 as security code",
            "Twitter confirmation code: 482913",
            "Telegram code 48291",
            "Enter 482913 to confirm your identity",
        ] {
            assert!(is_one_time_code(text), "{text}");
        }
        for text in ["My hotel's confirmation code is 482913", "Is the confirmation code 482913?", "The room is 4829"] {
            assert!(!is_one_time_code(text), "{text}");
        }
    }

    #[test]
    fn codes_of_machines_are_known() {
        let codes = [
            "Your code is 123456",
            "Your code is: 123 456.",
            "G-123456 is your Google verification code",
            "123456 is your Facebook password reset code or reset your password here: https://fb.example/l/9",
            "Your WhatsApp code: 123-456\nYou can also tap on this link: v.whatsapp.example/123456\nDon't share this code with others",
            "<#> Your ExampleApp code is: 123ABC78\n\nFA+9qCX9VSu",
            "<#> 4711\nFA+9qCX9VSu",
            "Something.\n\n@example.com #747723",
            "https://example.com wants this:\n@example.com #G-123456 @pay.example\n",
            "Use verification code 482913 for Microsoft authentication.",
            "493021 is the OTP for your transaction of INR 2,499.00 at SHOP. Do not share it with anyone.",
            "Code: 4821. Never share it with anybody, not even our staff.",
            "Ihr Code im Kundenportal lautet 482913.",
            "Votre code est 482913, valable pendant 5 minutes",
            "PIN 00412 expires in 10 minutes",
            "Your Uber code is 1234. Reply STOP to unsubscribe.",
            "Your login code: A1B2C3",
            "Tu código de verificación es 123456",
            "Su código es 4821. No lo comparta con nadie.",
            "Su clave dinámica es 884213",
            "Votre code de vérification est 123456",
            "482913 est votre code Instagram. Ne le partagez pas.",
            "Ihr Bestätigungscode lautet 123456",
            "Ihre mTAN: 482913 für die Überweisung über 120,00 EUR",
            "123456 ist dein Amazon-Einmalpasswort. Teile es mit niemandem.",
            "Seu código de verificação é 123456",
            "Não compartilhe: 4821 é seu código do iFood",
            "Il tuo codice di verifica è 123456",
            "Il codice OTP è 482913, valido per 5 minuti",
            "Je verificatiecode is 123456",
            "Uw code is 482913. Deel deze code met niemand.",
            "Twój kod weryfikacyjny to 123456",
            "Haslo SMS: 48291300 do przelewu",
            "Doğrulama kodunuz: 123456",
            "Şifreniz 482913. Kimseyle paylaşmayın.",
            "رمز التحقق الخاص بك هو ١٢٣٤٥٦",
            "كود التفعيل: 482913",
            "आपका ओटीपी 482913 है। किसी के साथ साझा न करें।",
            "आपका सत्यापन कोड ४८२९१३ है",
            "【淘宝】验证码482913，您正在登录，请勿泄露",
            "您的驗證碼為 482913",
        ];
        assert_eq!(misread(&codes, true), [""; 0]);
    }

    #[test]
    fn people_who_write_of_numbers_are_no_machines() {
        let people = [
            "",
            "123456",
            "4711",
            "Your code 4711 doesn't work",
            "Ihr Code 4711 funktioniert nicht",
            "Is the discount code 482913 valid for Monday?",
            "Ist das Passwort 482913 noch gültig?",
            "The parcel 48291300 is at your door",
            "You are welcome at 1530, the key is under the mat",
            "my order number is 123456, can you check the code on the box?",
            "the door code is 4711",
            "Your door code 4711 does not work",
            "código postal 11101",
            "My zip code is 90210",
            "Is your postal code 11101?",
            "The code of the gate is 2468#, the dog is harmless",
            "Can you send the verification code again? Order 482913",
            "I got a verification code 482913, what is that?",
            "See you at 1530",
            "Monday 14:30, is that fine for your team?",
            "My number is +504 9999-0001",
            "call me: 9999 0001",
            "your invoice of 1250.00 is paid",
            "The error code on the display is E1234, is that your product?",
            "What is your PIN number policy?",
            "What dress code do you have on 24.12.2026?",
            "Your discount code SAVE20 does not work",
            "El código de la puerta es 4711",
            "mi código de verificación es 482913",
            "Le code de la porte est 4711, votre collègue le connaît",
            "Mein Bestätigungscode ist 482913",
            "Der Code für das Tor: 4711",
            "O código da porta é 4711",
            "Il mio codice fiscale è RSSMRA85",
            "De code van de deur is 4711",
            "Kod do domofonu 4711, Twój kolega wie",
            "Kapı kodu 4711",
            "رمز الباب 4711",
            "दरवाज़े का कोड 4711 है",
            "门的密码是4711，您的同事知道",
            "我的验证码是482913",
            "mail me @ home #1",
            "@dana #1 plumber",
            "<3 <# 12345",
        ];
        assert_eq!(misread(&people, false), [""; 0]);
    }

    #[test]
    fn the_phrases_are_folded() {
        for list in [STRONG, WEAK, YOURS, SECRECY, OF_PEOPLE, OTHER_CODES] {
            for phrase in list.split('/') {
                assert_eq!(folded::words(phrase).join(" "), phrase.replace('*', ""));
            }
        }
    }

    #[test]
    fn large_texts_cost_nothing() {
        for part in ["code ", "123456 ", "码", "@a.b #1\n", "<#>"] {
            assert!(!is_one_time_code(&part.repeat(65_536 / part.len())), "{part}");
        }
    }
}
