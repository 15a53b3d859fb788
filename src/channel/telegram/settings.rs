//! The keys of the config.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::{API_BASE, Mode, Telegram};
use crate::channel::Channel;
use crate::config::{Secret, Section};

/// A secret of the webhook has so many characters at the most (Bot API, `setWebhook`).
const LONGEST_SECRET: usize = 256;

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Telegram")]
pub(super) struct Settings {
    /// The token that `@BotFather` gives. `env:NAME`, `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    bot_token: Option<Spanned<String>>,
    /// A secret of your own that Telegram repeats with every delivery: 1 to 256 of letters, digits, `_` and `-`. Not needed
    /// with `mode = "poll"`. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    secret_token: Option<Spanned<String>>,
    /// `webhook`: Telegram posts what comes. `poll`: it is asked for what has come, for machines without a public address.
    /// Default: `webhook`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^(webhook|poll)$"))]
    mode: Option<Spanned<String>>,
    /// Where the Bot API is; `https://api.telegram.org` by default.
    #[serde(default)]
    #[schemars(with = "String")]
    api_base: Option<Spanned<String>>,
}

pub(super) fn read(section: &mut Section<'_>) -> Option<Arc<dyn Channel>> {
    let Settings { bot_token, secret_token, mode, api_base } = section.read();
    let token = section.required_secret(bot_token.as_ref(), "bot_token").filter(|token| {
        let fits = is_token(token);
        if let (false, Some(written)) = (fits, &bot_token) {
            let hint = "it reads like 123456789:AAE… and has no `bot` in front".to_owned();
            section.problem(written.span(), "`bot_token` is no token of a bot", Some(hint));
        }
        fits
    });
    let mode = match &mode {
        Some(written) => match written.get_ref().as_str() {
            "webhook" => Some(Mode::Webhook),
            "poll" => Some(Mode::Poll),
            _ => {
                let hint = "it is `webhook` (Telegram posts) or `poll` (Telegram is asked)".to_owned();
                section.problem(written.span(), "there is no such `mode`", Some(hint));
                None
            }
        },
        None => Some(Mode::Webhook),
    };
    let secret = match (&secret_token, mode) {
        (None, Some(Mode::Poll) | None) => Some(None),
        (written, _) => section
            .required_secret(written.as_ref(), "secret_token")
            .filter(|secret| {
                let fits = is_secret(secret);
                if let (false, Some(written)) = (fits, written) {
                    let hint = "take 1 to 256 letters, digits, `_` and `-`: openssl rand -hex 32".to_owned();
                    section.problem(written.span(), "Telegram takes no such `secret_token`", Some(hint));
                }
                fits
            })
            .map(Some),
    };
    let is_telegrams = api_base.is_none();
    let api_base = section.url(api_base.as_ref(), "api_base", Some(API_BASE));
    let address = section.public_url().map(|url| format!("{}/in/{}", url.trim_end_matches('/'), section.name()));
    if let (Some(address), Some(Mode::Webhook), true) = (&address, mode, is_telegrams)
        && !is_reached(address)
    {
        let hint = "give `listen.public_url` such an address, or set `mode = \"poll\"`".to_owned();
        let words = "Telegram posts only to https, on port 443, 80, 88 or 8443, and `public_url` is another address";
        section.warning(section.span(), words, Some(hint));
    }
    let address = address.filter(|_| mode == Some(Mode::Webhook));
    let lines = section.lines().to_vec();
    let bot = token.as_ref().and_then(bot_id).map(|bot| bot.to_string());
    if let Some(bot) = bot.filter(|bot| !lines.is_empty() && !lines.contains(bot)) {
        let hint =
            format!("add `[channel.{}.line.{bot}]`; `private = true` where nobody should write to it", section.name());
        let words = "what is written to the bot itself has no table, so it is held and not answered";
        section.warning(section.span(), words, Some(hint));
    }
    Some(Arc::new(Telegram::new(token?, secret?, mode?, api_base?, address).with_lines(lines)))
}

/// The bot's own user id: the digits before the colon of its token.
pub(super) fn bot_id(token: &Secret) -> Option<i64> {
    token.expose().split_once(':').and_then(|(digits, _)| digits.parse().ok())
}

/// Nothing that would change the address of a method. Digits and a colon are demanded where there is a colon: a stand-in has
/// none.
fn is_token(token: &Secret) -> bool {
    let token = token.expose();
    let word = |text: &str| text.bytes().all(is_word);
    token.split_once(':').map_or(word(token), |(id, rest)| {
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) && !rest.is_empty() && word(rest)
    })
}

fn is_secret(secret: &Secret) -> bool {
    let secret = secret.expose();
    (1..=LONGEST_SECRET).contains(&secret.len()) && secret.bytes().all(is_word)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn is_reached(address: &str) -> bool {
    let url = reqwest::Url::parse(address).ok().filter(|url| url.scheme() == "https");
    url.and_then(|url| url.port_or_known_default()).is_some_and(|port| [443, 80, 88, 8443].contains(&port))
}
