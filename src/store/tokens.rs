//! What proves that its bearer was given a notice: the last part of the link in it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::hmac;
use subtle::ConstantTimeEq as _;

use crate::message::Personal;

/// Bytes of the proof: HMAC-SHA256, truncated to what nobody guesses (RFC 2104 section 5: half of it or more).
const PROOF_BYTES: usize = 16;

/// Makes tokens, and reads them. Each store has its own.
#[derive(Clone)]
pub struct Tokens(hmac::Key);

impl Tokens {
    /// With a key that is the store's, and used for nothing else.
    pub(super) fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The token of that message: always the same. Its number, then the proof in base64url, which ends in a letter (of the
    /// last character two bits count): programs that find links in a text leave out a final `-`.
    #[must_use]
    pub fn of(&self, message: i64) -> Personal {
        let proof = hmac::sign(&self.0, &message.to_be_bytes());
        Personal::new(format!("{message}-{}", BASE64.encode(&proof.as_ref()[..PROOF_BYTES])))
    }

    /// The number of the message that this is the token of; `None` for everything else, whatever is wrong with it.
    #[must_use]
    pub fn message(&self, token: &str) -> Option<i64> {
        let message = token.split_once('-')?.0.parse().ok()?;
        let genuine = self.of(message);
        bool::from(genuine.as_str().as_bytes().ct_eq(token.as_bytes())).then_some(message)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tokens(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(&[7; 32])
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let token = tokens().of(41);
        let (number, proof) = token.as_str().split_once('-').expect("two parts");
        assert_eq!((number, proof.len()), ("41", 22));
        for wrong in [
            String::new(),
            "-".to_owned(),
            "41".to_owned(),
            "41-".to_owned(),
            proof.to_owned(),
            format!("42-{proof}"),
            format!("+41-{proof}"),
            format!("041-{proof}"),
            format!(" 41-{proof}"),
            format!("41-{proof}="),
            format!("41-{proof}A"),
            format!("41-{}", &proof[1..]),
            format!("41-{}", &proof[..21]),
            format!("99999999999999999999-{proof}"),
            format!("-41-{proof}"),
        ] {
            assert_eq!(tokens().message(&wrong), None, "{wrong}");
        }
        assert_eq!(Tokens::new(&[8; 32]).message(token.as_str()), None, "another store's");
        assert_eq!(format!("{:?} {token:?}", tokens()), "Tokens(…) Personal(…)");
    }

    proptest! {
        #[test]
        fn a_token_is_its_messages_and_can_stand_in_a_link(message in 0_i64..) {
            let token = tokens().of(message);
            prop_assert_eq!(tokens().message(token.as_str()), Some(message));
            prop_assert!(token.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            prop_assert!(token.as_str().ends_with(|last: char| last.is_ascii_alphabetic()));
        }

        #[test]
        fn every_changed_character_is_refused(message in 1_i64..1_000_000, at in 0_usize..60, changed in "[0-9A-Za-z_=./ é-]") {
            let token = tokens().of(message).as_str().to_owned();
            let at = at % token.len();
            prop_assume!(token[at..=at] != changed);
            let wrong = format!("{}{changed}{}", &token[..at], &token[at + 1..]);
            prop_assert_eq!(tokens().message(&wrong), None, "{}", wrong);
        }
    }
}
