//! Why the phone did not send a message, as it says that.

/// What the app says in words, as it begins and ends, and how that is told.
const IN_WORDS: &[(&str, &str, &str)] = &[
    ("TTL expired", "", "TTL expired"),
    ("", "SIM 1 not found", "SIM 1 not found"),
    ("", "SIM 2 not found", "SIM 2 not found"),
    ("", "SIM 3 not found", "SIM 3 not found"),
    ("", "SIM selection requires READ_PHONE_STATE permission", "the app lacks the permission READ_PHONE_STATE"),
    ("Delivery result", "", "the network did not deliver it"),
];

/// The code in a reason, among words that may quote a number: `Send result: RESULT_ERROR_NO_SERVICE (Failed because …)`.
pub(super) fn code(reason: &str) -> String {
    let is_code =
        |word: &&str| word.starts_with("RESULT_") && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let in_words = || IN_WORDS.iter().find(|(start, end, _)| reason.starts_with(start) && reason.ends_with(end));
    let code = reason.split_whitespace().find(is_code).or_else(|| in_words().map(|(.., told)| *told));
    code.unwrap_or("failed").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_by_its_code_and_quotes_nobody() {
        let cases = [
            ("RESULT_ERROR_NO_SERVICE", "RESULT_ERROR_NO_SERVICE"),
            ("Send result: RESULT_ERROR_LIMIT_EXCEEDED (Failed because …)", "RESULT_ERROR_LIMIT_EXCEEDED"),
            ("Send result: RESULT_RIL_NETWORK_ERR (…)", "RESULT_RIL_NETWORK_ERR"),
            ("Can't send message: SIM 2 not found", "SIM 2 not found"),
            (
                "Can't send message: SIM selection requires READ_PHONE_STATE permission",
                "the app lacks the permission READ_PHONE_STATE",
            ),
            ("Delivery result from SC +15550100999: 65", "the network did not deliver it"),
            ("sendSMS: Invalid phone number", "failed"),
            ("RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)", "RESULT_ERROR_GENERIC_FAILURE"),
            ("TTL expired", "TTL expired"),
            ("Can't send message: invalid number +15550100101", "failed"),
            ("RESULT_+15550100101", "failed"),
            ("Unknown", "failed"),
            ("", "failed"),
        ];
        for (reason, expected) in cases {
            assert_eq!(code(reason), expected, "{reason}");
        }
    }
}
