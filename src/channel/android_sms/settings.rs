//! The keys of the config.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use chrono::TimeDelta;
use reqwest::Url;
use serde::Deserialize;
use toml::Spanned;

use super::{AndroidSms, Gateway, Phone, TTL, WINDOW};
use crate::channel::Channel;
use crate::config::Section;
use crate::outbound;

/// The gateway takes nothing shorter (its API's `minimum`).
const SHORTEST_TTL: TimeDelta = TimeDelta::seconds(5);

/// Two clocks that are set by the network differ by less, and a request takes time.
const SHORTEST_WINDOW: TimeDelta = TimeDelta::seconds(10);

/// A shorter key could be guessed by whoever has seen one request, in characters.
const SHORTEST_KEY: usize = 32;

/// The host of the cloud mode, and the path of its API.
const CLOUD: (&str, &str) = ("api.sms-gate.app", "/3rdparty/v1");

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AndroidSms")]
pub(super) struct Settings {
    /// The word that the phone signs with, as entered in the app under Settings > Webhooks > Signing Key; at least 32
    /// characters. `env:NAME`, `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    signing_key: Option<Spanned<String>>,
    /// Where replies are sent: `http://PHONE:8080` (local server), `https://api.sms-gate.app/3rdparty/v1` (cloud), or the
    /// address of your private server. Without it nothing that comes in here is answered.
    #[serde(default)]
    #[schemars(with = "String")]
    url: Option<Spanned<String>>,
    /// The user that the app shows for that server.
    #[serde(default)]
    #[schemars(with = "String")]
    username: Option<Spanned<String>>,
    /// The password that the app shows for that server. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    password: Option<Spanned<String>>,
    /// A token of the gateway's API, instead of `username` and `password`. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    token: Option<Spanned<String>>,
    /// The gateway's id of the phone, where several post here: the SIMs of the others are lines `DEVICE-ID/1`. Default: every
    /// phone that knows the signing key, whose SIMs are lines `1` and `2` alike.
    #[serde(default)]
    #[schemars(with = "String")]
    device_id: Option<Spanned<String>>,
    /// The slot of the phone's only SIM, `1` to `3`: what comes without the number of a SIM came on it. Default: such messages
    /// are on the line `unknown`, and are not answered.
    #[serde(default)]
    #[schemars(with = "String")]
    only_sim: Option<Spanned<String>>,
    /// How far the phone's clock may be from this machine's. Default: `5m`.
    #[serde(default)]
    #[schemars(with = "String")]
    window: Option<Spanned<String>>,
    /// How long the phone may take to send a reply; one that is off for longer does not send it at all. Default: `10m`.
    #[serde(default)]
    #[schemars(with = "String")]
    ttl: Option<Spanned<String>>,
    /// You are told when nothing has come from the phone for so long; `0s` is never. Default: `2h`, once the phone has pinged
    /// (Settings > Ping in the app).
    #[serde(default)]
    #[schemars(with = "String")]
    silent_after: Option<Spanned<String>>,
}

pub(super) fn read(section: &mut Section<'_>) -> Option<Arc<dyn Channel>> {
    let mut settings: Settings = section.read();
    let signing_key = section.required_secret(settings.signing_key.as_ref(), "signing_key");
    if let (Some(key), Some(place)) = (&signing_key, &settings.signing_key)
        && key.expose().chars().count() < SHORTEST_KEY
    {
        let hint = format!(
            "make one of {SHORTEST_KEY} characters, `openssl rand -hex 16`, and enter it in the app too: Settings > Webhooks > \
             Signing Key"
        );
        section.warning(place.span(), "the signing key is short: who has seen one request may guess it", Some(hint));
    }
    let window = section.duration(settings.window.as_ref(), SHORTEST_WINDOW, WINDOW);
    let ttl = section.duration(settings.ttl.as_ref(), SHORTEST_TTL, TTL);
    let silent_after = settings.silent_after.take();
    let silent_after = match &silent_after {
        Some(_) => section.duration(silent_after.as_ref(), TimeDelta::zero(), TimeDelta::zero()).map(Some),
        None => Some(None),
    };
    let only_sim = only_sim(settings.only_sim.as_ref(), section);
    let gateway = gateway(&settings, ttl.unwrap_or(TTL), section);
    let phone = Phone {
        name: section.name().to_owned(),
        address: section
            .public_url()
            .and_then(|url| Url::parse(&format!("{}/in/{}", url.trim_end_matches('/'), section.name())).ok()),
        country: section.country().map(str::to_owned),
        device_id: settings
            .device_id
            .map(Spanned::into_inner)
            .map(|id| id.trim().to_owned())
            .filter(|id| !id.is_empty()),
        only_sim: only_sim?,
        window: window?,
        silent_after: silent_after?,
    };
    ttl?;
    Some(Arc::new(AndroidSms::new(&signing_key?, gateway?, phone)))
}

/// The outer `None`: a problem was reported.
#[expect(clippy::option_option, reason = "a key that may be absent, and may be wrong")]
fn only_sim(written: Option<&Spanned<String>>, section: &mut Section<'_>) -> Option<Option<u8>> {
    let Some(written) = written else { return Some(None) };
    let slot = written.get_ref().trim().parse().ok().filter(|slot| (1..=3).contains(slot));
    if slot.is_none() {
        let hint = "`only_sim = \"1\"` is the first slot; leave it out where the phone has two SIMs".to_owned();
        section.problem(written.span(), "`only_sim` is not the number of a SIM slot", Some(hint));
    }
    slot.map(Some)
}

/// The outer `None`: a problem was reported.
#[expect(clippy::option_option, reason = "a key that may be absent, and may be wrong")]
fn gateway(settings: &Settings, ttl: TimeDelta, section: &mut Section<'_>) -> Option<Option<Gateway>> {
    let Settings { url: written, username, password, token, .. } = settings;
    let Some(written) = written else {
        let hint = "set `url`, and `username` and `password` or `token`, to answer".to_owned();
        section.warning(section.span(), "without `url` nothing that comes in here is answered", Some(hint));
        return Some(None);
    };
    let url = section.url(Some(written), "url", None).filter(|url| is_api(url, written, section));
    let login = match (username, password, token) {
        (None, None, Some(place)) => section.secret(token.as_ref()).map(|token| (outbound::bearer(&token), place)),
        (Some(user), Some(_), None) => {
            section.secret(password.as_ref()).map(|password| (outbound::basic(user.get_ref(), &password), user))
        }
        given => {
            let (message, hint) = match given {
                (Some(_), None, None) => ("`password` is missing", "the app shows it below the user"),
                (None, Some(_), None) => ("`username` is missing", "the app shows it above the password"),
                (None, None, _) => {
                    ("`url` stands without a way to log in", "set `username` and `password`, or `token`")
                }
                _ => ("`token` stands beside `username` and `password`", "keep one of the two"),
            };
            section.problem(written.span(), message, Some(hint.to_owned()));
            None
        }
    };
    let (login, place) = login?;
    if login.is_none() {
        let hint = "copy it from the app once more".to_owned();
        section.problem(place.span(), "a user has no colon in it, and a token no line break", Some(hint));
    }
    Some(Some(Gateway { url: url?, login: login?, ttl }))
}

/// The address is that of an API, as far as one can see; what is not encrypted is warned of.
fn is_api(url: &Url, written: &Spanned<String>, section: &mut Section<'_>) -> bool {
    let path = url.path().trim_end_matches('/');
    let (host, api) = CLOUD;
    let slip = if url.host_str() == Some(host) && path != api {
        Some(("this is not the address of the cloud's API", format!("write https://{host}{api}")))
    } else if ["/message", "/messages", "/webhooks"].iter().any(|resource| path.ends_with(resource)) {
        let hint = "leave the last part of the path out: it is added".to_owned();
        Some(("this is the address of one resource of the API, not of the API itself", hint))
    } else {
        None
    };
    if let Some((message, hint)) = slip {
        section.problem(written.span(), message, Some(hint));
        return false;
    }
    if url.scheme() == "http" && !is_near(url) {
        let hint = "use https, or a VPN with the address that the phone has in it".to_owned();
        let message = "what you send there, and the password, can be read on the way: http is not encrypted";
        section.warning(written.span(), message, Some(hint));
    }
    true
}

/// A host of the same machine, house or VPN, as far as its name tells.
fn is_near(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => {
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared(address)
        }
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            !host.contains('.') || [".local", ".lan", ".home.arpa", ".internal"].iter().any(|end| host.ends_with(end))
        }
    }
}

/// 100.64.0.0/10 (RFC 6598), where VPNs number their machines.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_needs_no_encryption_of_its_own() {
        let cases = [
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://192.168.1.7:8080", true),
            ("http://10.0.0.5:8080", true),
            ("http://100.101.102.103:8080", true),
            ("http://100.63.0.1:8080", false),
            ("http://[fd12:3456::1]:8080", true),
            ("http://[2001:db8::1]:8080", false),
            ("http://phone.local:8080", true),
            ("http://phone:8080", true),
            ("http://sms.example.org", false),
            ("http://203.0.113.7:8080", false),
        ];
        for (url, near) in cases {
            assert_eq!(is_near(&url.parse().expect("a URL")), near, "{url}");
        }
    }
}
