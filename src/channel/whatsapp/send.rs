//! The reply: its request, and what the answer proves.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::codes;
use crate::message::{Personal, ReplyTo};
use crate::outbound::{Reason, Response, SendError, Sent};

/// Where a reply goes, as it is sealed into [`ReplyTo`].
#[derive(Serialize, Deserialize)]
pub(super) struct ReplyAddress<'a> {
    /// The `phone_number_id` that received the message; empty when it was not said.
    #[serde(borrow)]
    pub line: Cow<'a, str>,
    /// The phone number, without `+`.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub to: Option<Cow<'a, str>>,
    /// The business-scoped user id, where there is no phone number.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Cow<'a, str>>,
    /// The message that is answered.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'a, str>>,
}

impl<'a> ReplyAddress<'a> {
    pub fn seal(&self) -> ReplyTo {
        Personal::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// `None` when it is none that we sealed.
    pub fn open(sealed: &'a ReplyTo) -> Option<Self> {
        serde_json::from_str(sealed.as_str()).ok()
    }

    /// The body of the request.
    pub fn request(&self, text: &str, key: &str) -> Vec<u8> {
        let request = Request {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to: self.to.as_deref(),
            recipient: self.recipient.as_deref(),
            r#type: "text",
            text: Text { preview_url: false, body: text },
            context: self.message.as_deref().map(|message_id| Context { message_id }),
            biz_opaque_callback_data: key,
        };
        serde_json::to_vec(&request).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Request<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    r#type: &'static str,
    text: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context<'a>>,
    biz_opaque_callback_data: &'a str,
}

#[derive(Serialize)]
struct Text<'a> {
    preview_url: bool,
    body: &'a str,
}

#[derive(Serialize)]
struct Context<'a> {
    message_id: &'a str,
}

#[derive(Deserialize)]
struct Accepted {
    messages: Vec<AcceptedMessage>,
}

#[derive(Deserialize)]
struct AcceptedMessage {
    id: String,
}

#[derive(Deserialize)]
struct Failed {
    error: FailedError,
}

#[derive(Deserialize)]
struct FailedError {
    code: i64,
}

/// What the answer means: proven by `messages[0].id`, or decided by `error.code`, or else by the HTTP status.
pub(super) fn outcome(response: &Response) -> Result<Sent, SendError> {
    if let Some(Failed { error: FailedError { code } }) = response.json() {
        let known = codes::meaning(code, response.retry_after);
        return Err(known.unwrap_or_else(|| response.failure_because(Reason::Code(code))));
    }
    let accepted: Option<Accepted> = response.is_success().then(|| response.json()).flatten();
    match accepted.and_then(|accepted| accepted.messages.into_iter().next()) {
        Some(message) if !message.id.is_empty() => Ok(Sent { id: Some(message.id) }),
        _ => Err(response.failure()),
    }
}
