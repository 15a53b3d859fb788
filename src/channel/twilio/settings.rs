//! Its keys in the config.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::{API_BASE, Options, Twilio};
use crate::channel::Channel;
use crate::clients::read_address;
use crate::config::{Secret, Section, duration};

/// How long a reply may wait at Twilio by default, in seconds: one that arrives later answers nobody.
const VALIDITY: u16 = 600;

/// The longest that the API takes.
const LONGEST_VALIDITY: u16 = 36_000;

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Twilio")]
pub(super) struct Settings {
    /// The account's SID (`AC…`), as the console shows it.
    #[schemars(with = "String")]
    account_sid: Option<Spanned<String>>,
    /// The account's auth token: it proves that a request is Twilio's, and replies are sent with it. `env:NAME`,
    /// `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    auth_token: Option<Spanned<String>>,
    /// The secondary auth token, while the token is being changed: both prove a request. `env:NAME`, `file:/path` or
    /// `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    auth_token_next: Option<Spanned<String>>,
    /// The id of a key that signs webhooks alone (`webhooks_sharedkey_…`, `HMAC_SHA256`), when the account has one.
    #[serde(default)]
    #[schemars(with = "String")]
    shared_key: Option<Spanned<String>>,
    /// The secret of `shared_key`. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    shared_key_secret: Option<Spanned<String>>,
    /// Where the API is; `https://api.twilio.com` by default, or that of a region.
    #[serde(default)]
    #[schemars(with = "String")]
    api_base: Option<Spanned<String>>,
    /// The messaging service (`MG…`) that replies to messages to its numbers leave by, from the number that received; those
    /// to other numbers, and to callers, leave without it.
    #[serde(default)]
    #[schemars(with = "String")]
    messaging_service_sid: Option<Spanned<String>>,
    /// `true`: right before a reply Twilio is asked whether you have answered with another program. Default: `false`.
    #[serde(default)]
    #[schemars(with = "bool")]
    ask_before_reply: Option<Spanned<bool>>,
    /// The telephone that rings in open hours, and for personal callers at any hour. Without it callers hear that the line
    /// is busy then.
    #[serde(default)]
    #[schemars(with = "String")]
    dial: Option<Spanned<String>>,
    /// `true`: callers may leave a message when nobody takes the call. Default: `false`.
    #[serde(default)]
    #[schemars(with = "bool")]
    voicemail: Option<Spanned<bool>>,
    /// `true`: Twilio writes down what callers say, in English alone, at a charge. Default: `false`.
    #[serde(default)]
    #[schemars(with = "bool")]
    transcribe: Option<Spanned<bool>>,
    /// How long a reply may wait at Twilio before it is dropped, `"1s"` to `"10h"`. Default: `"10m"`.
    #[serde(default)]
    #[schemars(with = "String")]
    validity: Option<Spanned<String>>,
}

pub(super) fn read(section: &mut Section<'_>) -> Option<Arc<dyn Channel>> {
    let settings: Settings = section.read();
    let account_sid = sid(section, settings.account_sid, "account_sid", "AC");
    let account_sid = section.required(account_sid, "account_sid");
    let auth_token = section.required_secret(settings.auth_token.as_ref(), "auth_token");
    let auth_token_next = section.secret(settings.auth_token_next.as_ref());
    let shared_key = shared_key(section, settings.shared_key, settings.shared_key_secret.as_ref());
    let api_base = section.url(settings.api_base.as_ref(), "api_base", Some(API_BASE));
    let service = sid(section, settings.messaging_service_sid, "messaging_service_sid", "MG");
    let dial = dial(section, settings.dial.as_ref());
    let validity = validity(section, settings.validity.as_ref());
    let flag = |written: Option<&Spanned<bool>>| written.is_some_and(|written| *written.get_ref());
    let voicemail = flag(settings.voicemail.as_ref());
    let transcribe = flag(settings.transcribe.as_ref());
    if let (true, false, Some(alone)) = (transcribe, voicemail, &settings.transcribe) {
        let hint = "set `voicemail = true` too: without it nothing is recorded".to_owned();
        section.warning(alone.span(), "`transcribe` stands without `voicemail`", Some(hint));
    }
    let address = address(section);
    Some(Arc::new(Twilio::new(Options {
        account_sid: account_sid?,
        auth_tokens: [Some(auth_token?), auth_token_next].into_iter().flatten().collect(),
        shared_key: shared_key.ok()?,
        api_base: api_base?,
        address: address?,
        messaging_service_sid: service.map(Spanned::into_inner),
        ask_before_reply: flag(settings.ask_before_reply.as_ref()),
        dial: dial.ok()?,
        voicemail,
        transcribe,
        validity: validity?,
    })))
}

/// Where Twilio posts to: it signs that, so that nothing of it may be guessed from what a proxy has made of a request.
fn address(section: &mut Section<'_>) -> Option<reqwest::Url> {
    let Some(base) = section.public_url() else {
        let message = "Twilio signs the address that it posts to, and that is not known: `public_url` is missing";
        let hint = "add `public_url = \"https://…\"` to `[listen]`: the hooks side as Twilio reaches it".to_owned();
        section.problem(section.span(), message, Some(hint));
        return None;
    };
    reqwest::Url::parse(&format!("{}/in/{}", base.trim_end_matches('/'), section.name())).ok()
}

/// An id of Twilio: two letters and 32 hexadecimal digits.
fn sid(
    section: &mut Section<'_>,
    written: Option<Spanned<String>>,
    key: &str,
    letters: &str,
) -> Option<Spanned<String>> {
    let written = written?;
    let digits = written.get_ref().strip_prefix(letters);
    let fits = digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !fits {
        let hint = format!("it begins with {letters}, and 32 digits and letters follow");
        section.problem(written.span(), format!("`{key}` is not the SID that it should be"), Some(hint));
    }
    Some(written)
}

/// A problem was reported.
struct Reported;

fn shared_key(
    section: &mut Section<'_>,
    id: Option<Spanned<String>>,
    secret: Option<&Spanned<String>>,
) -> Result<Option<(String, Secret)>, Reported> {
    match (id, secret) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => {
            let secret = section.secret(Some(secret)).ok_or(Reported)?;
            Ok(Some((id.into_inner().trim().to_owned(), secret)))
        }
        (Some(alone), None) => {
            let hint = "add `shared_key_secret`".to_owned();
            section.problem(alone.span(), "`shared_key` stands without its secret", Some(hint));
            Err(Reported)
        }
        (None, Some(alone)) => {
            let hint = "add `shared_key`, the id of the key: webhooks_sharedkey_…".to_owned();
            section.problem(alone.span(), "`shared_key_secret` stands without its key's id", Some(hint));
            Err(Reported)
        }
    }
}

fn dial(section: &mut Section<'_>, written: Option<&Spanned<String>>) -> Result<Option<String>, Reported> {
    let Some(written) = written else { return Ok(None) };
    let country = section.country().map(str::to_owned);
    match read_address(written.get_ref(), country.as_deref()) {
        Ok(address) if address.is_phone() => Ok(Some(address.as_str().to_owned())),
        Ok(_) => {
            let hint = "write it as in +504 9999-0001".to_owned();
            section.problem(written.span(), "`dial` is not a telephone number", Some(hint));
            Err(Reported)
        }
        Err(problem) => {
            section.problem(written.span(), problem.message, problem.hint);
            Err(Reported)
        }
    }
}

/// `None` when a problem was reported.
fn validity(section: &mut Section<'_>, written: Option<&Spanned<String>>) -> Option<u16> {
    let Some(written) = written else { return Some(VALIDITY) };
    let span = match duration::read(written.get_ref()) {
        Ok(span) => span,
        Err((message, hint)) => {
            section.problem(written.span(), message, Some(hint));
            return None;
        }
    };
    let seconds = u16::try_from(span.num_seconds()).ok().filter(|seconds| (1..=LONGEST_VALIDITY).contains(seconds));
    if seconds.is_none() {
        let hint = "Twilio takes one second to ten hours; \"10m\" by default".to_owned();
        section.problem(written.span(), "`validity` is too short or too long", Some(hint));
    }
    seconds
}
