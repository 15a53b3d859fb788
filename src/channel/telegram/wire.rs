//! Telegram's updates as they are: JSON of which nothing but the envelope is taken for granted. A value of an unexpected
//! type reads as nothing.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// What a message that says something has one of (Bot API 10.1, `Message`).
const CONTENT: &[&str] = &[
    "text",
    "caption",
    "rich_message",
    "animation",
    "audio",
    "document",
    "live_photo",
    "paid_media",
    "photo",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "checklist",
    "contact",
    "dice",
    "game",
    "poll",
    "venue",
    "location",
];

/// What a message that tells of something that happened has one of (Bot API 10.1, `Message`).
#[rustfmt::skip]
const SERVICE: &[&str] = &[
    "new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title", "new_chat_photo",
    "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "invoice",
    "successful_payment", "refunded_payment", "users_shared", "chat_shared", "gift", "unique_gift", "gift_upgrade_sent",
    "connected_website", "write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added",
    "chat_background_set", "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created", "giveaway", "giveaway_winners",
    "giveaway_completed", "managed_bot_created", "paid_message_price_changed", "poll_option_added",
    "poll_option_deleted", "suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined",
    "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "web_app_data",
];

/// What a message is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Words, a picture, a place …
    Said,
    /// Somebody joined, pinned, paid …
    Service,
    /// Something that this version does not know: perhaps a client's message.
    Unknown,
}

/// A value somewhere in an update; its readers give nothing where there is nothing of that type.
#[derive(Clone, Copy)]
pub(super) struct Part<'u>(&'u Value);

impl<'u> Part<'u> {
    pub fn of(value: &'u Value) -> Self {
        Self(value)
    }

    /// The member at a path of names, `chat.id`.
    pub fn at(self, path: &str) -> Option<Part<'u>> {
        path.split('.').try_fold(self.0, |value, name| value.get(name)).filter(|value| !value.is_null()).map(Part)
    }

    pub fn text(self, path: &str) -> &'u str {
        self.at(path).and_then(|part| part.0.as_str()).unwrap_or_default()
    }

    pub fn flag(self, path: &str) -> Option<bool> {
        self.at(path).and_then(|part| part.0.as_bool())
    }

    pub fn number(self, path: &str) -> Option<i64> {
        self.at(path).and_then(|part| part.0.as_i64())
    }

    pub fn list(self, path: &str) -> &'u [Value] {
        self.at(path).and_then(|part| part.0.as_array()).map_or(&[], Vec::as_slice)
    }

    pub fn object(self, path: &str) -> Option<Part<'u>> {
        self.at(path).filter(|part| part.0.is_object())
    }

    /// Unix seconds; Telegram writes 0 where it does not say.
    pub fn time(self, path: &str) -> Option<DateTime<Utc>> {
        self.number(path).filter(|seconds| *seconds > 0).and_then(|seconds| DateTime::from_timestamp(seconds, 0))
    }

    /// What a message is made of.
    pub fn content(self) -> Content {
        let has = |names: &[&str]| names.iter().any(|name| self.at(name).is_some());
        if has(CONTENT) {
            Content::Said
        } else if has(SERVICE) {
            Content::Service
        } else {
            Content::Unknown
        }
    }
}
