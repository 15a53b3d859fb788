//! Setting the bot up at Telegram, and what Telegram says is wrong with it.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde_json::json;

use super::wire::Part;
use super::{Telegram, UPDATES, send};
use crate::channel::NotRegistered;
use crate::config::Secret;
use crate::language::text::shorten;
use crate::outbound::{Outbound, SendError};

/// Telegram posts over so many connections at once: one person's messages come faster than that nowhere.
const CONNECTIONS: u32 = 10;

/// A delivery that failed is told of for so long.
const RECENT: TimeDelta = TimeDelta::hours(1);

/// So much of what Telegram says of a failed delivery is shown, in Unicode scalar values.
const LONGEST_ERROR: usize = 200;

impl Telegram {
    /// Sets or takes away the webhook; what was done, a sentence each.
    pub(super) async fn set_up(&self, outbound: &Outbound, address: &Url) -> Result<Vec<String>, NotRegistered> {
        let me = self.call(outbound, "getMe", &json!({})).await?;
        let mut done = Vec::new();
        if self.polling.is_some() {
            self.call(outbound, "deleteWebhook", &json!({"drop_pending_updates": false})).await?;
            done.push("no webhook is set any more: afterhours asks Telegram for messages while it runs".to_owned());
        } else {
            let secret = self.secret.as_ref().map(Secret::expose);
            let webhook = json!({
                "url": address.as_str(), "secret_token": secret, "allowed_updates": UPDATES,
                "max_connections": CONNECTIONS, "drop_pending_updates": false,
            });
            let answer = self.post(outbound, "setWebhook", webhook.to_string().into_bytes()).await?;
            send::result(&answer)
                .map_err(|error| NotRegistered { error, said: self.plain(&send::description(&answer)) })?;
            done.push(format!("Telegram posts to {address} from now on, with the secret token"));
        }
        let me = Part::of(&me);
        let bot = me.text("username");
        done.push(if me.flag("can_connect_to_business") == Some(true) {
            format!("the bot @{bot} can be connected to accounts with Telegram Business")
        } else {
            format!(
                "the bot @{bot} cannot answer in the chats of an account: for that turn on Business Mode in @BotFather, \
                 /mybots > the bot > Bot Settings"
            )
        });
        Ok(done)
    }

    /// What is wrong, a sentence each.
    pub(super) async fn troubles(&self, outbound: &Outbound) -> Result<Vec<String>, SendError> {
        let info = self.call(outbound, "getWebhookInfo", &json!({})).await?;
        let mut troubles = match &self.polling {
            Some(polling) => polled(Part::of(&info), polling.is_contested()),
            None => posted(Part::of(&info), self.address.as_deref(), outbound.now(), &|said| self.plain(said)),
        };
        troubles.extend(self.connections.troubles());
        Ok(troubles)
    }

    /// What Telegram says, on one line and without anything secret.
    fn plain(&self, said: &str) -> String {
        plain(said, self.token.expose(), self.secret.as_ref().map(Secret::expose))
    }
}

/// For a bot that asks.
fn polled(info: Part<'_>, is_contested: bool) -> Vec<String> {
    if !info.text("url").is_empty() {
        let words = "a webhook is set, so Telegram tells nothing to whoever asks: run `afterhours channels telegram \
                     --register`, which takes it away";
        return vec![words.to_owned()];
    }
    let words = "another program asks Telegram for this bot's messages, and only one can have them: stop it, or give it a bot \
                 of its own";
    is_contested.then(|| words.to_owned()).into_iter().collect()
}

/// For a bot that is told; `ours` is where it should be.
fn posted(info: Part<'_>, ours: Option<&str>, now: DateTime<Utc>, plain: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut troubles = Vec::new();
    let url = info.text("url");
    if url.is_empty() {
        let words = "Telegram has no address to post to: run `afterhours channels telegram --register`";
        return vec![words.to_owned()];
    }
    if let Some(ours) = ours
        && url != ours
    {
        troubles.push(format!(
            "Telegram posts to another address than {ours}: run `afterhours channels telegram --register`, or find who else \
             uses this bot"
        ));
    }
    let allowed = info.list("allowed_updates");
    let asked_for = |kind: &&str| allowed.iter().any(|name| name.as_str() == Some(*kind));
    let missing: Vec<_> = UPDATES.iter().filter(|kind| !asked_for(kind)).copied().collect();
    // without a list Telegram tells all that we read
    if !allowed.is_empty() && !missing.is_empty() {
        troubles.push(format!(
            "Telegram does not tell of {}: run `afterhours channels telegram --register`",
            missing.join(", ")
        ));
    }
    let pending = info.number("pending_update_count").unwrap_or_default();
    let failed = info.time("last_error_date").filter(|at| now - *at < RECENT);
    if let Some(at) = failed {
        let said = plain(info.text("last_error_message"));
        let wait = if pending == 1 { "1 update waits".to_owned() } else { format!("{pending} updates wait") };
        troubles
            .push(format!("Telegram could not deliver at {} UTC: {said}; {wait} there", at.format("%Y-%m-%d %H:%M")));
    }
    troubles
}

/// The words without token and secret.
fn plain(said: &str, token: &str, secret: Option<&str>) -> String {
    let mut said = said.replace(token, "…");
    if let Some(secret) = secret {
        said = said.replace(secret, "…");
    }
    // a part of the token begins as it does
    let begins = token.split_once(':').map(|(bot, _)| format!("{bot}:"));
    let hide = |word: &str| match begins.as_deref().and_then(|begins| word.split_once(begins)) {
        Some((before, _)) => format!("{before}…"),
        None => word.to_owned(),
    };
    let words: Vec<_> = said.split(|c: char| c.is_whitespace() || c.is_control()).map(hide).collect();
    shorten(words.join(" ").trim(), LONGEST_ERROR)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const OURS: &str = "https://hooks.example.org/in/work";

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().expect("a time")
    }

    fn told(info: &Value) -> String {
        let plain = |said: &str| plain(said, "999:AAtoken", Some("s3cret"));
        posted(Part::of(info), Some(OURS), at("2026-11-24T02:00:00Z"), &plain).join(" | ")
    }

    #[test]
    fn what_is_wrong_with_a_webhook_is_said_in_sentences() {
        let failed = at("2026-11-24T01:30:00Z").timestamp();
        let register = "run `afterhours channels telegram --register`";
        let cases = [
            (json!({"url": OURS, "pending_update_count": 0}), String::new()),
            (json!({"url": OURS, "pending_update_count": 3}), String::new()),
            (json!({"url": OURS, "allowed_updates": UPDATES}), String::new()),
            (json!({"url": OURS, "last_error_date": failed - 3600, "last_error_message": "x"}), String::new()),
            (json!({"url": ""}), format!("Telegram has no address to post to: {register}")),
            (
                json!({"url": "https://elsewhere.example.org/secret"}),
                format!("Telegram posts to another address than {OURS}: {register}, or find who else uses this bot"),
            ),
            (
                json!({"url": OURS, "allowed_updates": ["message", "edited_message", "my_chat_member"]}),
                format!(
                    "Telegram does not tell of business_connection, business_message, edited_business_message, \
                     deleted_business_messages: {register}"
                ),
            ),
            (
                json!({"url": OURS, "pending_update_count": 1, "last_error_date": failed,
                    "last_error_message": "Wrong response from the webhook: 401 Unauthorized\n999:AAtoken"}),
                "Telegram could not deliver at 2026-11-24 01:30 UTC: Wrong response from the webhook: 401 Unauthorized …; 1 \
                 update waits there"
                    .to_owned(),
            ),
        ];
        for (info, expected) in cases {
            assert_eq!(told(&info), expected, "{info}");
        }
    }

    #[test]
    fn what_telegram_says_is_one_line_and_tells_no_secret() {
        let long = "a ".repeat(500);
        let cases = [
            (
                "Bad Request: bad webhook: HTTPS url must be provided for webhook",
                "Bad Request: bad webhook: HTTPS url must be provided for webhook",
            ),
            ("no bot999:AAtoken there", "no bot… there"),
            ("no /bot999:AAtok/setWebhook", "no /bot…"),
            ("999:", "…"),
            ("the secret s3cret, twice: s3crets3cret", "the secret …, twice: ……"),
            ("two\r\nlines\u{1b}[2J", "two  lines [2J"),
            ("", ""),
        ];
        for (said, shown) in cases {
            assert_eq!(plain(said, "999:AAtoken", Some("s3cret")), shown, "{said}");
        }
        assert!(plain(&long, "999:AAtoken", None).chars().count() <= LONGEST_ERROR);
    }

    #[test]
    fn what_is_wrong_with_asking_is_said_in_sentences() {
        let shown = |info: Value, contested| polled(Part::of(&info), contested).join(" | ");
        assert_eq!(shown(json!({"url": ""}), false), "");
        assert!(shown(json!({"url": "https://elsewhere.example.org/"}), true).starts_with("a webhook is set"));
        assert!(shown(json!({"url": ""}), true).starts_with("another program asks Telegram"));
    }
}
