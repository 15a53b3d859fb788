//! Calls of the Bot API: the reply's request, and what an answer proves.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::errors;
use super::parse::message_id;
use crate::message::{Personal, ReplyTo};
use crate::outbound::{Reason, Response, SendError, Sent};

/// Where a reply goes, as it is sealed into [`ReplyTo`].
#[derive(Serialize, Deserialize)]
pub(super) struct ReplyAddress {
    /// The connection under which the bot writes for the owner; none in its own chats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The chat.
    pub chat: i64,
    /// The message that is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<i64>,
}

impl ReplyAddress {
    pub fn seal(&self) -> ReplyTo {
        Personal::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// `None` when it is none that we sealed.
    pub fn open(sealed: &ReplyTo) -> Option<Self> {
        serde_json::from_str(sealed.as_str()).ok()
    }

    /// The body of `sendMessage`: plain text, without a preview of what it links to.
    pub fn request(&self, text: &str) -> Vec<u8> {
        let request = Request {
            business_connection_id: self.connection.as_deref(),
            chat_id: self.chat,
            text,
            link_preview_options: LinkPreview { is_disabled: true },
            // the client may have taken the message back
            reply_parameters: self.message.map(|message_id| Answered { message_id, allow_sending_without_reply: true }),
        };
        serde_json::to_vec(&request).unwrap_or_default()
    }

    /// What the answer to it means: proven by `ok` and the id of the new message.
    pub fn outcome(&self, response: &Response) -> Result<Sent, SendError> {
        let message: Option<i64> = result(response)?.get("message_id").and_then(Value::as_i64).filter(|id| *id > 0);
        let message = message.ok_or(SendError::Unknown { reason: Reason::Unproven })?;
        let id = message_id(self.connection.as_deref(), self.chat, &message.to_string());
        Ok(Sent { id: Some(id.as_str().to_owned()) })
    }
}

#[derive(Serialize)]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    business_connection_id: Option<&'a str>,
    chat_id: i64,
    text: &'a str,
    link_preview_options: LinkPreview,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<Answered>,
}

#[derive(Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

#[derive(Serialize)]
struct Answered {
    message_id: i64,
    allow_sending_without_reply: bool,
}

/// What every call is answered with.
#[derive(Deserialize)]
struct Answer {
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error_code: i64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parameters {
    retry_after: Option<u64>,
}

/// Telegram's own words on a call that was not done; empty where there are none.
pub(super) fn description(response: &Response) -> String {
    response.json::<Answer>().map(|answer| answer.description).unwrap_or_default()
}

/// The result of a call that was done.
///
/// # Errors
/// What Telegram's error means; where the answer is not Telegram's, what its status means.
pub(super) fn result(response: &Response) -> Result<Value, SendError> {
    let Some(answer) = response.json::<Answer>() else { return Err(response.failure()) };
    if answer.ok && response.is_success() {
        return Ok(answer.result);
    }
    if answer.ok {
        return Err(response.failure());
    }
    let after = answer.parameters.retry_after.map(Duration::from_secs).max(response.retry_after);
    let known = errors::meaning(answer.error_code, &answer.description, after);
    Err(known.unwrap_or_else(|| response.failure_because(Reason::Code(answer.error_code))))
}
