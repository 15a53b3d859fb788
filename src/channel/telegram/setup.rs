//! Setting the bot up at Telegram, and what Telegram says is wrong with it.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde_json::json;

use super::wire::Part;
use super::{Telegram, UPDATES};
use crate::outbound::{Outbound, SendError};

/// Telegram posts over so many connections at once: one person's messages come faster than that nowhere.
const CONNECTIONS: u32 = 10;

/// A delivery that failed is told of for so long.
const RECENT: TimeDelta = TimeDelta::hours(1);

/// So much of what Telegram says of a failed delivery is shown, in Unicode scalar values.
const LONGEST_ERROR: usize = 200;

impl Telegram {
    /// Sets or takes away the webhook; what was done, a sentence each.
    pub(super) async fn set_up(&self, outbound: &Outbound, address: &Url) -> Result<Vec<String>, SendError> {
        let me = self.call(outbound, "getMe", &json!({})).await?;
        let mut done = Vec::new();
        if self.polling.is_some() {
            self.call(outbound, "deleteWebhook", &json!({"drop_pending_updates": false})).await?;
            done.push("no webhook is set any more: afterhours asks Telegram for messages while it runs".to_owned());
        } else {
            let secret = self.secret.as_ref().map(crate::config::Secret::expose);
            let webhook = json!({
                "url": address.as_str(), "secret_token": secret, "allowed_updates": UPDATES,
                "max_connections": CONNECTIONS, "drop_pending_updates": false,
            });
            self.call(outbound, "setWebhook", &webhook).await?;
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
            None => posted(Part::of(&info), self.address.as_deref(), outbound.now(), self.token.expose()),
        };
        troubles.extend(self.connections.troubles());
        Ok(troubles)
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
fn posted(info: Part<'_>, ours: Option<&str>, now: DateTime<Utc>, token: &str) -> Vec<String> {
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
        let said = plain(info.text("last_error_message"), token);
        let wait = if pending == 1 { "1 update waits".to_owned() } else { format!("{pending} updates wait") };
        troubles
            .push(format!("Telegram could not deliver at {} UTC: {said}; {wait} there", at.format("%Y-%m-%d %H:%M")));
    }
    troubles
}

/// What Telegram says, on one line and without anything secret.
fn plain(said: &str, token: &str) -> String {
    let said: String = said.replace(token, "…").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    said.chars().take(LONGEST_ERROR).collect()
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
        posted(Part::of(info), Some(OURS), at("2026-11-24T02:00:00Z"), "999:AAtoken").join(" | ")
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
    fn what_is_wrong_with_asking_is_said_in_sentences() {
        let shown = |info: Value, contested| polled(Part::of(&info), contested).join(" | ");
        assert_eq!(shown(json!({"url": ""}), false), "");
        assert!(shown(json!({"url": "https://elsewhere.example.org/"}), true).starts_with("a webhook is set"));
        assert!(shown(json!({"url": ""}), true).starts_with("another program asks Telegram"));
    }
}
