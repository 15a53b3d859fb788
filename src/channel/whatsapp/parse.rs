//! WhatsApp's shapes to events.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::error::Category;

use super::send::ReplyAddress;
use super::surrogates;
use super::wire::{Call, Change, Contact, Envelope, Message, Metadata, Part, Status, Value};
use crate::channel::Malformed;
use crate::message::{Address, Audience, Automatic, Event, Fate, Hints, Inbound, Kind, Nature, Personal};

/// "Message currently unavailable": a real message whose content did not reach us, often the first that a new client
/// writes to a number that is also in the phone app.
const UNAVAILABLE: &str = "131060";

pub(super) fn parse(body: &[u8]) -> Result<Vec<Event>, Malformed> {
    match batch(body) {
        Err(error) if error.is_syntax() => match surrogates::mend(body) {
            Some(mended) => batch(&mended),
            None => Err(error),
        },
        outcome => outcome,
    }
    .map_err(|error| match error.classify() {
        Category::Data => Malformed { field: "entry".into(), problem: "is not of the documented shape" },
        Category::Syntax | Category::Eof | Category::Io => Malformed { field: "body".into(), problem: "is not JSON" },
    })?
    .ok_or(Malformed { field: "object".into(), problem: "is not `whatsapp_business_account`" })
}

/// `None` when it is about something else than WhatsApp.
fn batch(body: &[u8]) -> Result<Option<Vec<Event>>, serde_json::Error> {
    let envelope: Envelope<'_> = serde_json::from_slice(body)?;
    if &*envelope.object != "whatsapp_business_account" {
        return Ok(None);
    }
    let mut events = Vec::new();
    for change in envelope.entry.iter().flat_map(|entry| &entry.changes) {
        read(change, &mut events);
    }
    Ok(Some(events))
}

/// A field that is not listed here is none of ours.
fn read(change: &Change<'_>, events: &mut Vec<Event>) {
    let Some(value) = change.value.get() else { return };
    let line = Line::of(value);
    match &*change.field {
        "messages" => {
            events.extend(line.messages(&value.messages, &value.contacts, None));
            events.extend(value.statuses.iter().filter_map(receipt));
        }
        "smb_message_echoes" => events.extend(value.message_echoes.iter().filter_map(|echo| line.owner_wrote(echo))),
        "standby" => {
            let standby = Some(Automatic::Standby);
            events.extend(line.messages(&value.messages, &value.contacts, standby));
            if let Some(nested) = value.standby.get() {
                let contacts = if nested.contacts.is_empty() { &value.contacts } else { &nested.contacts };
                events.extend(line.messages(&nested.messages, contacts, standby));
            }
        }
        "history" => {
            let history = Some(Automatic::History);
            events.extend(line.messages(&value.messages, &value.contacts, history));
            for thread in value.history.iter().flat_map(|chunk| chunk.threads.iter()) {
                events.extend(line.messages(&thread.messages, &value.contacts, history));
            }
        }
        "calls" => events.extend(value.calls.iter().filter_map(|call| line.missed_call(call, &value.contacts))),
        _ => {}
    }
}

/// The owner's number that a change is about.
struct Line<'v> {
    id: &'v str,
    /// The digits of its display number.
    number: String,
}

impl<'v> Line<'v> {
    fn of(value: &'v Value<'_>) -> Self {
        let metadata: Option<&Metadata<'_>> = value.metadata.get();
        Self {
            id: metadata.map_or("", |metadata| &metadata.phone_number_id),
            number: metadata.map_or_else(String::new, |metadata| {
                metadata.display_phone_number.chars().filter(char::is_ascii_digit).collect()
            }),
        }
    }

    fn id(&self) -> Option<String> {
        some(self.id).map(str::to_owned)
    }

    fn messages<'m>(
        &'m self,
        messages: &'m [Message<'_>],
        contacts: &'m [Contact<'_>],
        automatic: Option<Automatic>,
    ) -> impl Iterator<Item = Event> + 'm {
        messages
            .iter()
            .enumerate()
            .filter_map(move |(index, message)| self.message(message, index, contacts, automatic))
    }

    /// `None` for a message without an id or a sender: nobody could be told of it, nor answered.
    fn message(
        &self,
        message: &Message<'_>,
        index: usize,
        contacts: &[Contact<'_>],
        automatic: Option<Automatic>,
    ) -> Option<Event> {
        let id = some(&message.id)?;
        let sender = Sender::find(&message.from, &message.from_user_id, index, contacts);
        let (nature, kind, text) = content(message);
        let own = !self.number.is_empty() && *message.from == *self.number;
        Some(Event::Message(Inbound {
            id: Personal::new(id),
            line: self.id(),
            from: sender.addresses()?,
            name: Personal::new(sender.name),
            kind,
            nature: if own { Nature::Own } else { nature },
            audience: if message.group_id.is_empty() { Audience::Direct } else { Audience::Group },
            automatic,
            urgent: false,
            hints: Hints::default(),
            text: Personal::new(text),
            sent_at: time(&message.timestamp),
            locale: None,
            // a call's id is none that a message can answer to
            reply_to: sender.reply_address(self.id, Some(id).filter(|id| id.starts_with("wamid."))),
        }))
    }

    /// A call of a user that ended and lasted no time. Which `status` a missed call has is not documented, so it is not
    /// asked. The id gets a mark of its own: the voicemail that may follow has the call's bare id.
    fn missed_call(&self, call: &Call<'_>, contacts: &[Contact<'_>]) -> Option<Event> {
        let lasted = !matches!(&*call.duration, "" | "0");
        if &*call.direction != "USER_INITIATED" || &*call.event != "terminate" || lasted {
            return None;
        }
        let sender = Sender::find(&call.from, &call.from_user_id, 0, contacts);
        Some(Event::Message(Inbound {
            id: Personal::new(format!("{}:terminate", some(&call.id)?)),
            line: self.id(),
            from: sender.addresses()?,
            name: Personal::new(sender.name),
            kind: Kind::Call,
            nature: Nature::Message,
            audience: Audience::Direct,
            automatic: None,
            urgent: false,
            hints: Hints::default(),
            text: Personal::default(),
            sent_at: time(&call.timestamp),
            locale: None,
            reply_to: sender.reply_address(self.id, None),
        }))
    }

    /// The owner wrote on the phone or a linked device. To change or take back an earlier message is no answer.
    fn owner_wrote(&self, echo: &Message<'_>) -> Option<Event> {
        if matches!(&*echo.r#type, "edit" | "revoke") {
            return None;
        }
        let to = Sender { phone: &echo.to, user: &echo.to_user_id, name: "" };
        Some(Event::OwnerWrote {
            id: Personal::new(some(&echo.id)?),
            line: self.id(),
            to: to.addresses()?,
            at: time(&echo.timestamp),
            automatic: false,
        })
    }
}

/// Who wrote. The phone number may be missing or empty; the business-scoped user id is the one that stays.
struct Sender<'m> {
    phone: &'m str,
    user: &'m str,
    name: &'m str,
}

impl<'m> Sender<'m> {
    fn find(phone: &'m str, user: &'m str, index: usize, contacts: &'m [Contact<'_>]) -> Self {
        let is_theirs = |contact: &&Contact<'_>| {
            let same_user = !user.is_empty() && *contact.user_id == *user;
            same_user || (!phone.is_empty() && *contact.wa_id == *phone)
        };
        // contacts mostly stand in the order of the messages
        let contact = contacts.get(index).filter(is_theirs).or_else(|| contacts.iter().find(is_theirs));
        let Some(contact) = contact else { return Self { phone, user, name: "" } };
        let name = contact.profile.get().map_or("", |profile| first([&profile.name, &profile.username]));
        Self { phone: first([phone, &contact.wa_id]), user: first([user, &contact.user_id]), name }
    }

    /// The most stable first; `None` when there is none.
    fn addresses(&self) -> Option<Vec<Address>> {
        let user = Address::id("whatsapp", self.user);
        let phone = Address::phone(self.phone).or_else(|| Address::id("whatsapp", self.phone));
        let all: Vec<Address> = user.into_iter().chain(phone).collect();
        (!all.is_empty()).then_some(all)
    }

    fn reply_address(&self, line: &str, message: Option<&str>) -> Personal {
        let (to, recipient) = if self.phone.is_empty() { (None, some(self.user)) } else { (Some(self.phone), None) };
        let [to, recipient, message] = [to, recipient, message].map(|text| text.map(Cow::Borrowed));
        ReplyAddress { line: Cow::Borrowed(line), to, recipient, message }.seal()
    }
}

/// What happened, which kind it is, and what it says in words.
fn content<'m>(message: &'m Message<'_>) -> (Nature, Kind, &'m str) {
    let nature = match &*message.r#type {
        "edit" => {
            let edited = message.edit.get().and_then(|edit| edit.message.get());
            let (_, kind, text) = edited.map_or((Nature::Message, Kind::Text, ""), content);
            return (Nature::Edit, kind, text);
        }
        "unsupported" => return (unsupported(message), Kind::Media, ""),
        "reaction" => Nature::Reaction,
        "revoke" => Nature::Deletion,
        "system" => Nature::System,
        _ => Nature::Message,
    };
    let part = |part: Option<&'m Part<'_>>| {
        part.map_or("", |part| {
            let Part { body, caption, filename, text, title, name, address, emoji } = part;
            first([body, caption, text, title, name, address, emoji, filename])
        })
    };
    let (kind, text) = match &*message.r#type {
        "text" => (Kind::Text, part(message.text.get())),
        "button" => (Kind::Text, part(message.button.get())),
        "interactive" => {
            let interactive = message.interactive.get();
            let reply = interactive.and_then(|interactive| {
                interactive.button_reply.get().or(interactive.list_reply.get()).or(interactive.nfm_reply.get())
            });
            (Kind::Text, part(reply))
        }
        "reaction" => (Kind::Text, part(message.reaction.get())),
        "image" => (Kind::Media, part(message.image.get())),
        "video" => (Kind::Media, part(message.video.get())),
        "document" => (Kind::Media, part(message.document.get())),
        "location" => (Kind::Media, part(message.location.get())),
        "order" => (Kind::Media, part(message.order.get())),
        "contacts" => {
            let card = message.contacts.first().and_then(|card| card.name.get());
            (Kind::Media, card.map_or("", |name| &name.formatted_name))
        }
        // a voicemail is an audio message under the id of its call
        "audio" if message.id.starts_with("wacid.") => (Kind::Voicemail, ""),
        "revoke" | "system" => (Kind::Text, ""),
        _ => (Kind::Media, ""),
    };
    (nature, kind, text)
}

/// Content that the provider could not pass on is still somebody writing, unless it is known to be none.
fn unsupported(message: &Message<'_>) -> Nature {
    if message.errors.iter().any(|error| &*error.code == UNAVAILABLE) {
        return Nature::Message;
    }
    match message.unsupported.get().map_or("", |unsupported| &unsupported.r#type) {
        "edit" => Nature::Edit,
        "reaction" => Nature::Reaction,
        "keep_in_chat" | "pin" => Nature::System,
        _ => Nature::Message,
    }
}

fn receipt(status: &Status<'_>) -> Option<Event> {
    let fate = match &*status.status {
        "sent" | "delivered" | "read" | "played" => Fate::Delivered,
        "failed" => Fate::Failed(status.errors.first().map_or_else(String::new, |error| error.code.to_string())),
        _ => return None,
    };
    Some(Event::Receipt {
        key: status.biz_opaque_callback_data.to_string(),
        provider_id: Personal::new(some(&status.id)?),
        fate,
    })
}

/// Unix seconds, as text.
fn time(timestamp: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.parse().ok()?, 0)
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn first<const N: usize>(texts: [&str; N]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or("")
}
