//! What an update is: small named checks in an order, of which the first that holds decides.

use super::wire::{Content, Part};

/// Telegram's own account: login codes, posts of linked channels.
const TELEGRAM: i64 = 777_000;

/// What an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing that we read.
    Other,
    /// An account was connected, changed or disconnected.
    Connection,
    /// An earlier message was changed.
    Edit,
    /// Earlier messages were taken back.
    Deletion,
    /// An emoji on a message.
    Reaction,
    /// Somebody blocked the bot, or took that back; it was added somewhere.
    Membership,
    /// What this bot sent for the owner comes back.
    OwnEcho,
    /// Another bot wrote for the owner.
    OtherBot,
    /// The owner's account wrote by itself: an away or greeting message, a scheduled one.
    OwnerAutomatic,
    /// The owner wrote.
    Owner,
    /// Telegram tells of what happened in the chat.
    Service,
    /// A machine wrote.
    Bot,
    /// A group or channel.
    Group,
    /// Telegram's own account.
    Telegram,
    /// Somebody wrote.
    Client,
}

/// An update, and what is known beside it.
#[derive(Clone, Copy)]
pub(super) struct Case<'u> {
    pub update: Part<'u>,
    /// The user id of the owner's account that its connection is of, where it is known.
    pub account: Option<i64>,
    /// The bot's own user id.
    pub bot: Option<i64>,
}

/// One check.
pub(super) struct Check {
    pub class: Class,
    pub holds: fn(&Case<'_>) -> bool,
}

/// The checks, in their order; what none of them holds for, a client wrote.
pub(super) const CHECKS: &[Check] = &[
    Check { class: Class::Connection, holds: |case| case.has("business_connection") },
    Check { class: Class::Deletion, holds: |case| case.has("deleted_business_messages") },
    Check { class: Class::Reaction, holds: |case| case.has("message_reaction") },
    Check { class: Class::Membership, holds: |case| case.has("my_chat_member") },
    Check { class: Class::Other, holds: |case| case.message().is_none() },
    Check { class: Class::Edit, holds: is_edit },
    Check { class: Class::OwnEcho, holds: |case| case.bot.is_some() && case.writer_for_owner() == case.bot },
    Check { class: Class::OtherBot, holds: |case| case.message_has("sender_business_bot") },
    Check { class: Class::OwnerAutomatic, holds: |case| is_implicit(case) && is_owners(case) },
    Check { class: Class::Service, holds: |case| is_owners(case) && case.content() == Some(Content::Service) },
    Check { class: Class::Owner, holds: is_owners },
    Check { class: Class::Bot, holds: is_machine },
    Check { class: Class::Group, holds: |case| case.chat_type() != "private" },
    Check { class: Class::Service, holds: |case| case.content() == Some(Content::Service) || manages_the_bot(case) },
    Check { class: Class::Telegram, holds: |case| case.sender() == Some(TELEGRAM) },
];

/// What the update is.
pub(super) fn classify(case: &Case<'_>) -> Class {
    CHECKS.iter().find(|check| (check.holds)(case)).map_or(Class::Client, |check| check.class)
}

/// Where an update has its message.
const MESSAGES: &[&str] = &["business_message", "message", "channel_post"];

/// ... or the changed one.
const EDITS: &[&str] = &["edited_business_message", "edited_message", "edited_channel_post"];

impl<'u> Case<'u> {
    pub fn has(&self, kind: &str) -> bool {
        self.update.object(kind).is_some()
    }

    /// The message, new or changed.
    pub fn message(&self) -> Option<Part<'u>> {
        MESSAGES.iter().chain(EDITS).find_map(|kind| self.update.object(kind))
    }

    pub fn message_has(&self, name: &str) -> bool {
        self.message().is_some_and(|message| message.at(name).is_some())
    }

    pub fn sender(&self) -> Option<i64> {
        self.message()?.number("from.id")
    }

    fn chat(&self) -> Option<i64> {
        self.message()?.number("chat.id")
    }

    fn chat_type(&self) -> &'u str {
        self.message().map_or("", |message| message.text("chat.type"))
    }

    fn content(&self) -> Option<Content> {
        Some(self.message()?.content())
    }

    fn writer_for_owner(&self) -> Option<i64> {
        self.message()?.number("sender_business_bot.id")
    }
}

fn is_edit(case: &Case<'_>) -> bool {
    EDITS.iter().any(|kind| case.has(kind))
}

/// In the chats of a connected account the chat has the client's id, whoever writes: so it is seen even under a connection
/// that nobody has told of.
pub(super) fn is_owners(case: &Case<'_>) -> bool {
    let Some(sender) = case.sender() else { return false };
    case.message_has("business_connection_id") && (case.account == Some(sender) || case.chat() != Some(sender))
}

/// The app sent it by itself.
pub(super) fn is_implicit(case: &Case<'_>) -> bool {
    case.message().and_then(|message| message.flag("is_from_offline")) == Some(true)
}

/// A bot, a channel, an app that answers by itself: the client's own away message, where the client has a business too.
pub(super) fn is_machine(case: &Case<'_>) -> bool {
    let is_bot = case.message().and_then(|message| message.flag("from.is_bot")) == Some(true);
    is_bot || is_implicit(case) || case.message_has("via_bot") || case.message_has("sender_chat")
}

/// The owner pressed *Manage bot* in a client's chat: Telegram says this to the bot for them.
fn manages_the_bot(case: &Case<'_>) -> bool {
    case.message().is_some_and(|message| message.text("text").starts_with("/start bizChat"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A business message of the client, with these members besides or instead.
    fn business(over: Value) -> Value {
        message("business_message", json!({"business_connection_id": "bc1"}), over)
    }

    fn message(kind: &str, base: Value, over: Value) -> Value {
        let mut message = json!({
            "message_id": 11, "from": {"id": 5_550_101, "is_bot": false}, "chat": {"id": 5_550_101, "type": "private"},
            "date": 1_763_942_581, "text": "open today?",
        });
        for more in [base, over] {
            for (name, value) in more.as_object().expect("an object") {
                message[name] = value.clone();
            }
        }
        json!({"update_id": 1, kind: message})
    }

    #[test]
    fn the_first_check_that_holds_decides() {
        let plain = |over| message("message", json!({}), over);
        let edited = |kind, over| message(kind, json!({"edit_date": 1}), over);
        let (owner, us, desk) = (json!({"id": 111}), json!({"id": 999, "is_bot": true}), json!({"id": 998}));
        let group = json!({"id": -5, "type": "group"});
        let cases = [
            (json!({"update_id": 1}), Class::Other),
            (json!({"update_id": 1, "poll": {}}), Class::Other),
            (json!({"update_id": 1, "message": "text"}), Class::Other),
            (json!({"update_id": 1, "business_connection": {"id": "bc1"}}), Class::Connection),
            (json!({"update_id": 1, "deleted_business_messages": {}}), Class::Deletion),
            (json!({"update_id": 1, "message_reaction": {}}), Class::Reaction),
            (json!({"update_id": 1, "my_chat_member": {}}), Class::Membership),
            (edited("edited_message", json!({})), Class::Edit),
            (edited("edited_channel_post", json!({})), Class::Edit),
            // an edit stays one, whoever made it
            (edited("edited_business_message", json!({"from": owner, "sender_business_bot": us})), Class::Edit),
            (business(json!({"from": owner, "sender_business_bot": us})), Class::OwnEcho),
            // ... also when the app says that it was implicit
            (business(json!({"from": owner, "sender_business_bot": us, "is_from_offline": true})), Class::OwnEcho),
            (business(json!({"from": owner, "sender_business_bot": desk})), Class::OtherBot),
            (business(json!({"from": owner, "is_from_offline": true})), Class::OwnerAutomatic),
            (business(json!({"from": owner, "is_from_offline": false})), Class::Owner),
            (business(json!({"from": owner})), Class::Owner),
            (business(json!({"from": owner, "via_bot": desk})), Class::Owner),
            // under a connection that nobody has told of
            (business(json!({"from": {"id": 112}})), Class::Owner),
            // to themselves
            (business(json!({"from": owner, "chat": {"id": 111, "type": "private"}})), Class::Owner),
            (business(json!({"from": owner, "text": null, "pinned_message": {}})), Class::Service),
            // the client's own away message
            (business(json!({"is_from_offline": true})), Class::Bot),
            (plain(json!({"is_from_offline": true})), Class::Bot),
            (plain(json!({"from": {"id": 5_550_101, "is_bot": true}})), Class::Bot),
            (plain(json!({"via_bot": desk})), Class::Bot),
            (plain(json!({"sender_chat": group, "chat": group})), Class::Bot),
            (plain(json!({"from": {"id": 777_000}, "sender_chat": group, "chat": group})), Class::Bot),
            (plain(json!({"chat": group})), Class::Group),
            (plain(json!({"chat": group, "text": null, "new_chat_members": []})), Class::Group),
            (plain(json!({"chat": {"id": -5}})), Class::Group),
            (plain(json!({"text": null, "pinned_message": {}})), Class::Service),
            (plain(json!({"text": "/start bizChat5550101"})), Class::Service),
            (plain(json!({"text": "/start"})), Class::Client),
            (plain(json!({"from": {"id": 777_000}, "chat": {"id": 777_000, "type": "private"}})), Class::Telegram),
            (plain(json!({"text": null, "hologram": {}})), Class::Client),
            // the owner writes to the bot itself, to try it
            (plain(json!({"from": owner, "chat": {"id": 111, "type": "private"}})), Class::Client),
            (business(json!({})), Class::Client),
            (plain(json!({})), Class::Client),
        ];
        for (update, class) in cases {
            let case = Case { update: Part::of(&update), account: Some(111), bot: Some(999) };
            assert_eq!(classify(&case), class, "{update}");
        }
    }

    #[test]
    fn without_the_account_and_the_bots_id_nobody_is_taken_for_a_client() {
        let cases = [
            (business(json!({"from": {"id": 111}})), Class::Owner),
            (business(json!({"from": {"id": 111}, "sender_business_bot": {"id": 999}})), Class::OtherBot),
            (business(json!({"from": {"id": 111}, "is_from_offline": true})), Class::OwnerAutomatic),
            (business(json!({})), Class::Client),
        ];
        for (update, class) in cases {
            let case = Case { update: Part::of(&update), account: None, bot: None };
            assert_eq!(classify(&case), class, "{update}");
        }
    }
}
