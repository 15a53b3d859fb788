//! What we ask of Twilio's REST API, and what its answers prove.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::codes;
use crate::message::{Personal, ReplyTo};
use crate::outbound::{Reason, Response, SendError, Sent};

/// What stands before a number of WhatsApp.
pub(super) const WHATSAPP: &str = "whatsapp:";

/// Where a reply goes, as it is sealed into [`ReplyTo`].
#[derive(Serialize, Deserialize)]
pub(super) struct ReplyAddress<'a> {
    /// The line that received the message, as Twilio writes it.
    #[serde(borrow)]
    pub from: Cow<'a, str>,
    /// Who wrote or called, as Twilio writes it.
    #[serde(borrow)]
    pub to: Cow<'a, str>,
    /// The line is in the messaging service that the config names: Twilio said so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_service: bool,
}

impl<'a> ReplyAddress<'a> {
    pub fn seal(&self) -> ReplyTo {
        Personal::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// `None` when it is none that we sealed.
    pub fn open(sealed: &'a ReplyTo) -> Option<Self> {
        serde_json::from_str(sealed.as_str()).ok()
    }

    pub fn is_whatsapp(&self) -> bool {
        self.from.starts_with(WHATSAPP)
    }

    /// The form of the request.
    pub fn request<'r>(&'r self, text: &'r str, terms: &'r Terms<'_>) -> Vec<(&'static str, &'r str)> {
        let mut form = vec![("To", &*self.to)];
        if let Some(service) = terms.service.filter(|_| self.in_service) {
            form.push(("MessagingServiceSid", service));
        }
        // always: a service would choose another of its numbers, which the client does not know
        form.push(("From", &*self.from));
        form.push(("Body", text));
        form.push(("StatusCallback", terms.status_callback));
        form.push(("ValidityPeriod", terms.validity));
        if !self.is_whatsapp() {
            // curly quotes and long dashes would more than double what an SMS costs
            form.push(("SmartEncoded", "true"));
        }
        form
    }
}

/// What every reply of a channel has in common.
pub(super) struct Terms<'a> {
    pub service: Option<&'a str>,
    pub status_callback: &'a str,
    /// Seconds.
    pub validity: &'a str,
}

#[derive(Deserialize)]
struct Accepted {
    sid: String,
}

#[derive(Deserialize)]
struct Failed {
    code: i64,
}

/// What the answer means: proven by `sid`, or decided by `code`, or else by the HTTP status.
pub(super) fn outcome(response: &Response) -> Result<Sent, SendError> {
    if !response.is_success() {
        return Err(failure(response));
    }
    match response.json() {
        Some(Accepted { sid }) if !sid.is_empty() => Ok(Sent { id: Some(sid) }),
        _ => Err(response.failure()),
    }
}

/// Why a request was not done.
pub(super) fn failure(response: &Response) -> SendError {
    match response.json() {
        Some(Failed { code }) => {
            let known = codes::meaning(code, response.retry_after);
            known.unwrap_or_else(|| response.failure_because(Reason::Code(code)))
        }
        None => response.failure(),
    }
}

/// The token is no longer, or not yet, the account's.
pub(super) fn is_unauthorised(error: &SendError) -> bool {
    matches!(error.reason(), Reason::Code(20_003) | Reason::Status(401))
}

/// The list of messages, as far as we read it.
#[derive(Deserialize)]
pub(super) struct Listed {
    messages: Vec<ListedMessage>,
}

#[derive(Deserialize)]
struct ListedMessage {
    #[serde(default)]
    sid: String,
    #[serde(default)]
    direction: String,
    #[serde(default)]
    status: String,
    date_sent: Option<String>,
    date_created: Option<String>,
}

impl Listed {
    /// Those that were sent since then by a request such as ours.
    pub fn sent_since(self, since: DateTime<Utc>) -> Vec<String> {
        let is_sent = |message: &ListedMessage| {
            // the other directions are answers of a webhook or of a call: a machine's
            message.direction == "outbound-api"
                && !matches!(&*message.status, "failed" | "undelivered" | "canceled")
                // Twilio has whole seconds
                && message.at().is_some_and(|at| at.timestamp() >= since.timestamp())
        };
        self.messages.into_iter().filter(is_sent).map(|message| message.sid).collect()
    }
}

impl ListedMessage {
    fn at(&self) -> Option<DateTime<Utc>> {
        let date = self.date_sent.as_deref().or(self.date_created.as_deref())?;
        Some(DateTime::parse_from_rfc2822(date).ok()?.to_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_told_from_everything_else_in_the_list() {
        let since: DateTime<Utc> = "2026-11-24T02:00:00.700Z".parse().expect("a time");
        let message = |direction: &str, status: &str, sent: &str, created: &str| {
            serde_json::json!({"messages": [{"sid": "SM1", "direction": direction, "status": status,
                "date_sent": (!sent.is_empty()).then_some(sent), "date_created": created}]})
        };
        let (before, now) = ("Tue, 24 Nov 2026 01:59:59 +0000", "Tue, 24 Nov 2026 02:00:00 +0000");
        let cases = [
            ("arrived", message("outbound-api", "delivered", now, before), true),
            ("still in the queue", message("outbound-api", "queued", "", now), true),
            ("before", message("outbound-api", "delivered", before, before), false),
            ("of the client", message("inbound", "received", now, now), false),
            ("of a webhook", message("outbound-reply", "sent", now, now), false),
            ("of a call", message("outbound-call", "sent", now, now), false),
            ("never arrived", message("outbound-api", "undelivered", now, now), false),
            ("without a date", message("outbound-api", "sent", "", ""), false),
            ("none", serde_json::json!({"messages": []}), false),
        ];
        for (what, list, sent) in cases {
            let list: Listed = serde_json::from_value(list).expect("a list");
            assert_eq!(list.sent_since(since) == ["SM1"], sent, "{what}");
        }
    }
}
