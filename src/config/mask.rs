//! What of a config file may be shown. It works on lines, not on the parsed tree, so that it also holds for a file that
//! cannot be parsed; where it is in doubt, it masks.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::own_keys;
use crate::{channel, sink};

/// Tables in which no secret belongs.
const HARMLESS: &[&str] =
    &["owner", "listen", "hours", "client", "reply", "rule", "urgent", "limits", "conversation", "personal", "notify"];

/// Keys whose values may be shown in every other table: of a URL the scheme and the host.
const PUBLIC: &[&str] = &[
    "kind",
    "hours",
    "private",
    "reply_language",
    "retain",
    "url",
    "reply_url",
    "api_base",
    "mode",
    "server",
    "username",
    "from",
    "to",
    "phone_number_id",
    "account_sid",
    "messaging_service_sid",
    "dial",
    "validity",
    "ask_before_reply",
    "voicemail",
    "transcribe",
    "public_url",
    "admin_url",
    "device_id",
    "only_sim",
    "window",
    "ttl",
    "silent_after",
];

/// Parts of a key that holds a secret, wherever it stands.
const TELLING: &[&str] =
    &["secret", "token", "password", "passwd", "passphrase", "credential", "signing", "auth", "apikey", "api_key"];

/// What may stand where a secret is wanted and is none.
const REFERENCES: &[&str] = &["env:", "file:", "credential:"];

/// The keys of all kinds of channels and sinks that are not public: secrets, wherever they stand.
static OF_KINDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let channels = channel::KINDS.iter().map(|kind| own_keys(kind.schema));
    let sinks = sink::KINDS.iter().map(|kind| own_keys(kind.schema));
    let names = channels.chain(sinks).flatten().map(|key| key.name);
    names.filter(|name| !PUBLIC.contains(&name.as_str())).collect()
});

/// The text with everything masked that may be a secret: byte for byte as long as before, and with the same characters
/// a line.
#[must_use]
pub fn secrets(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut table = String::new();
    let mut open_quote: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        if let Some(quote) = open_quote {
            shown.push_str(&stars(line));
            if line.contains(quote) {
                open_quote = None;
            }
            continue;
        }
        let bare = line.trim_start_matches('\u{feff}').trim();
        if let Some(header) = header(bare) {
            table = header;
            shown.push_str(line);
        } else if let Some((key, value)) = line.split_once('=') {
            let written = key;
            let key = key.trim().trim_start_matches(['#', ' ', '{']);
            // what is no key may be anything
            let is_key = key.chars().all(|c| c.is_alphanumeric() || "-_.\"'".contains(c));
            shown.push_str(&if is_key { written.to_owned() } else { stars(written) });
            shown.push('=');
            match exposure(&table, key) {
                Exposure::All => shown.push_str(value),
                Exposure::Host => shown.push_str(&host_only(value)),
                Exposure::Reference => {
                    shown.push_str(&references(value));
                    open_quote = ["\"\"\"", "'''"].into_iter().find(|quote| value.matches(quote).count() == 1);
                }
            }
        } else if harmless(&table) || bare.is_empty() {
            shown.push_str(line);
        } else {
            shown.push_str(&stars(line));
        }
    }
    shown
}

enum Exposure {
    All,
    Host,
    Reference,
}

fn exposure(table: &str, key: &str) -> Exposure {
    let path = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
    let last = path.rsplit('.').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    let lower = last.to_ascii_lowercase();
    if TELLING.iter().any(|part| lower.contains(part)) || OF_KINDS.contains(&lower) {
        Exposure::Reference
    } else if harmless(&path) {
        Exposure::All
    } else if PUBLIC.contains(&lower.as_str()) {
        Exposure::Host
    } else {
        Exposure::Reference
    }
}

fn harmless(path: &str) -> bool {
    let first = path.split('.').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    HARMLESS.contains(&first)
}

/// The path of a table header, also of one that is not closed.
fn header(line: &str) -> Option<String> {
    let inner = line.strip_prefix('[')?;
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    let end = inner.find([']', '#', '=']).unwrap_or(inner.len());
    (!inner[end..].starts_with('=')).then(|| inner[..end].trim().to_owned())
}

/// Keeps references, masks everything else that is more than punctuation.
fn references(value: &str) -> String {
    let trimmed = value.trim();
    let unquoted = trimmed.trim_matches(['"', '\'']);
    let one_reference =
        REFERENCES.iter().any(|scheme| unquoted.starts_with(scheme)) && !unquoted.contains(['"', '\'', ',', '=']);
    if one_reference { value.to_owned() } else { stars(value) }
}

/// Masks what follows the host of a URL, and what stands before it.
fn host_only(value: &str) -> String {
    if value.trim().trim_matches(['"', '\'']).starts_with("sqlite:") {
        return value.to_owned();
    }
    let start = value.find("://").map_or(0, |scheme| scheme + 3);
    let (scheme, rest) = value.split_at(start);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host) = match authority.rfind('@') {
        Some(at) if start > 0 => authority.split_at(at),
        _ => ("", authority),
    };
    let path = if path.trim().trim_matches(['/', '"', '\'']).is_empty() { path.to_owned() } else { stars(path) };
    format!("{scheme}{}{host}{path}", stars(user))
}

/// Every character but white space and quotes as a star of as many bytes.
fn stars(text: &str) -> String {
    let star = |c: char| match (c, c.len_utf8()) {
        (c, _) if c.is_whitespace() || c == '"' || c == '\'' => c,
        (_, 1) => '*',
        (_, 2) => '·',
        (_, 3) => '•',
        _ => '𝄪',
    };
    text.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_masked() {
        let cases = [
            ("[channel.work]\napp_secret = \"hunter2\"", "hunter2"),
            ("[channel.work]\napp_secret = \"hunter2", "hunter2"),
            ("[channel.work\napp_secret = \"hunter2\"", "hunter2"),
            ("[chanel.work]\nwhatever = 'hunter2'", "hunter2"),
            ("app_secret = \"hunter2\"", "hunter2"),
            ("channel.work.thing = \"hunter2\"", "hunter2"),
            ("channel = { work = { kind = \"whatsapp\", thing = \"hunter2\" } }", "hunter2"),
            ("[limits]\ntopic = \"hunter2\"", "hunter2"),
            ("[owner]\naccess_token = \"hunter2\"", "hunter2"),
            ("[channel.work]\n# app_secret = \"hunter2\"", "hunter2"),
            ("[channel.work]\napp_secret \"hunter2\"", "hunter2"),
            ("[channel.work]\nkey = \"\"\"\nhunter2\n\"\"\"\n", "hunter2"),
            ("[store]\nurl = \"postgres://me:hunter2@localhost/db\"", "hunter2"),
            ("[sink.x]\nurl = \"https://hooks.example.org/services/hunter2\"", "hunter2"),
            ("[sink.x]\npassword = hunter2", "hunter2"),
            ("[sink.x]\npassword \"hunter2=\"", "hunter2"),
            ("[sink.x]\npassword = \"pässwörd 🔑 hunter2\"", "wörd"),
        ];
        for (text, secret) in cases {
            let shown = secrets(text);
            assert!(!shown.contains(secret), "{shown}");
            assert_eq!(shown.len(), text.len(), "{shown}");
            assert_eq!(shown.chars().count(), text.chars().count(), "{shown}");
        }
    }

    #[test]
    fn what_is_none_is_shown() {
        let cases = [
            "[owner]\nname = \"Dana\"",
            "[channel.work]\nkind = \"whatsapp\"\napp_secret = \"credential:app-secret\"",
            "[sink.phone]\ntopic = \"env:TOPIC\"\nurl = \"https://ntfy.example.org\"",
            "[[rule]]\nwhen = { text = [\"urgent\"] }",
            "[store]\nurl = \"sqlite:/var/lib/afterhours.db\"",
        ];
        for text in cases {
            assert_eq!(secrets(text), text);
        }
    }
}
