//! Telegram's updates to events.

use serde_json::Value;

use super::classify::{Case, Class, classify, is_implicit, is_machine, is_owners};
use super::connections::{Connection, Connections};
use super::send::ReplyAddress;
use super::wire::{Content, Part};
use crate::channel::Malformed;
use crate::message::{Address, Audience, Automatic, Event, Fate, Hints, Inbound, Kind, Nature, Personal};

/// The scheme of a person's address.
const SCHEME: &str = "telegram";

/// What reads updates.
pub(super) struct Reader<'r> {
    pub connections: &'r Connections,
    /// The bot's own user id: the line of what is written to the bot itself.
    pub bot: Option<i64>,
}

/// A delivery: one update.
pub(super) fn parse(body: &[u8], reader: &Reader<'_>) -> Result<Vec<Event>, Malformed> {
    let malformed = |field: &str, problem| Malformed { field: field.into(), problem };
    let update: Value = serde_json::from_slice(body).map_err(|_| malformed("body", "is not JSON"))?;
    if !update.is_object() {
        return Err(malformed("body", "is not an object"));
    }
    reader.update(&update).ok_or_else(|| malformed("update_id", "is not a number"))
}

/// The number of an update.
pub(super) fn update_id(update: &Value) -> Option<i64> {
    Part::of(update).number("update_id")
}

/// The connection that an update came under.
pub(super) fn connection_id(update: &Value) -> Option<&str> {
    let case = Case { update: Part::of(update), account: None, bot: None };
    let part = case.message().or_else(|| case.update.object("deleted_business_messages"))?;
    Some(part.text("business_connection_id")).filter(|id| !id.is_empty())
}

impl Reader<'_> {
    /// The events of an update; `None` when it has no number.
    pub fn update(&self, update: &Value) -> Option<Vec<Event>> {
        let number = update_id(update)?;
        let id = connection_id(update);
        if let Some((id, connection)) = Part::of(update).object("business_connection").and_then(Connection::read) {
            if !self.connections.is_strangers(&connection) {
                return Some(vec![connection.note(&id)]);
            }
            // what is not noted is known until the process ends
            self.connections.told(&id, connection.clone());
            return Some(connection.is_enabled.then(|| self.stranger(connection.account)).into_iter().collect());
        }
        let found = id.and_then(|id| self.connections.find(id));
        if let Some((connection, _)) = &found
            && self.connections.is_strangers(connection)
        {
            return Some(vec![self.stranger(connection.account)]);
        }
        let to_note = found.as_ref().filter(|(_, to_note)| *to_note).zip(id).map(|((told, _), id)| told.note(id));
        let connection = id.map(|id| (id, found.map(|(connection, _)| connection)));
        let account = connection.as_ref().and_then(|(_, connection)| connection.as_ref()).map(|told| told.account);
        let case = Case { update: Part::of(update), account, bot: self.bot };
        let reading = Reading { case, number, connection, bot: self.bot };
        Some(to_note.into_iter().chain(reading.event()).collect())
    }

    fn stranger(&self, account: i64) -> Event {
        Event::Stranger { line: account.to_string(), tables: self.connections.tables(account, self.bot) }
    }
}

/// An update under its connection.
struct Reading<'u> {
    case: Case<'u>,
    number: i64,
    /// The connection's id, and what is known of it.
    connection: Option<(&'u str, Option<Connection>)>,
    bot: Option<i64>,
}

impl Reading<'_> {
    fn event(&self) -> Option<Event> {
        match classify(&self.case) {
            // a connection that could be read has been
            Class::Other | Class::Telegram | Class::Connection => None,
            Class::Deletion => self.about("deleted_business_messages", "chat", Nature::Deletion),
            Class::Reaction => self.about("message_reaction", "user", Nature::Reaction),
            Class::Membership => self.about("my_chat_member", "from", Nature::System),
            Class::Edit => self.edit(),
            Class::OwnEcho => self.receipt(),
            Class::OtherBot | Class::OwnerAutomatic => self.owner_wrote(true),
            Class::Owner => self.owner_wrote(false),
            Class::Service => self.message(Nature::System),
            Class::Bot | Class::Group | Class::Client => {
                let is_service = self.case.message()?.content() == Content::Service;
                self.message(if is_service { Nature::System } else { Nature::Message })
            }
        }
    }

    /// The message of this update.
    fn message(&self, nature: Nature) -> Option<Event> {
        let message = self.case.message()?;
        let album = Some(message.text("media_group_id")).filter(|album| !album.is_empty());
        let id = match album {
            Some(album) => self.id(message, &format!("album.{album}"))?,
            None => self.id(message, &message.number("message_id")?.to_string())?,
        };
        let part = album.is_some();
        self.inbound(message, id, nature, part)
    }

    /// A message of somebody that was changed, when it says something: the place of a live location changes by the minute.
    fn edit(&self) -> Option<Event> {
        let message = self.case.message()?;
        if is_owners(&self.case) || self.case.message_has("sender_business_bot") || said(message).is_empty() {
            return None;
        }
        let id = self.id(message, &format!("{}.{}", message.number("message_id")?, self.number))?;
        self.inbound(message, id, Nature::Edit, false)
    }

    fn inbound(&self, message: Part<'_>, id: Personal, nature: Nature, part: bool) -> Option<Event> {
        let chat = message.number("chat.id")?;
        let sender = Sender::of(message)?;
        let automatic = match (is_machine(&self.case), is_implicit(&self.case)) {
            (true, true) => Some(Automatic::Flagged),
            (true, false) => Some(Automatic::Bot),
            _ => None,
        };
        let unanswerable = message.content() == Content::Unknown || self.is_unanswerable();
        let connection = self.connection.as_ref().map(|(id, _)| (*id).to_owned());
        let answered = message.number("message_id");
        Some(Event::Message(Inbound {
            id,
            line: self.line(),
            from: vec![sender.address],
            name: Personal::new(sender.name),
            kind: kind(message),
            nature,
            audience: if message.text("chat.type") == "private" { Audience::Direct } else { Audience::Group },
            automatic,
            urgent: false,
            text: Personal::new(said(message)),
            sent_at: message.time("edit_date").filter(|_| nature == Nature::Edit).or_else(|| message.time("date")),
            locale: Some(message.text("from.language_code")).filter(|tag| !tag.is_empty()).map(str::to_owned),
            reply_to: ReplyAddress { connection, chat, message: answered }.seal(),
            hints: Hints { unanswerable, part, ..Hints::default() },
        }))
    }

    /// What is no message itself: somebody did something to one, or to the bot.
    fn about(&self, kind: &str, whose: &str, nature: Nature) -> Option<Event> {
        let part = self.case.update.object(kind)?;
        let chat = part.number("chat.id")?;
        let person = part.object(whose)?;
        let emoji = part.list("new_reaction").iter().map(|one| Part::of(one).text("emoji"));
        let connection = self.connection.as_ref().map(|(id, _)| (*id).to_owned());
        Some(Event::Message(Inbound {
            id: self.id(part, &self.number.to_string())?,
            line: self.line(),
            from: vec![address(person.number("id")?)?],
            name: Personal::new(name(person)),
            kind: Kind::Text,
            nature,
            audience: if part.text("chat.type") == "private" { Audience::Direct } else { Audience::Group },
            automatic: None,
            urgent: false,
            text: Personal::new(emoji.collect::<String>()),
            sent_at: part.time("date"),
            locale: None,
            reply_to: ReplyAddress { connection, chat, message: None }.seal(),
            hints: Hints::default(),
        }))
    }

    /// The owner, or a machine in the owner's name, wrote to a client.
    fn owner_wrote(&self, automatic: bool) -> Option<Event> {
        let message = self.case.message()?;
        Some(Event::OwnerWrote {
            id: self.id(message, &message.number("message_id")?.to_string())?,
            line: self.line(),
            to: vec![address(message.number("chat.id")?)?],
            at: message.time("date"),
            automatic,
        })
    }

    /// Our own reply in the owner's chat: it is there.
    fn receipt(&self) -> Option<Event> {
        let message = self.case.message()?;
        let provider_id = self.id(message, &message.number("message_id")?.to_string())?;
        Some(Event::Receipt { key: String::new(), provider_id, fate: Fate::Delivered })
    }

    /// The ids of messages count in each chat anew, and the chats in each connection.
    fn id(&self, part: Part<'_>, last: &str) -> Option<Personal> {
        let chat = part.number("chat.id")?;
        Some(message_id(self.connection.as_ref().map(|(id, _)| *id), chat, last))
    }

    /// The account that the chat is of; the connection itself where that is not known; the bot's id for its own chats.
    fn line(&self) -> Option<String> {
        match &self.connection {
            Some((_, Some(connection))) => Some(connection.account.to_string()),
            Some((id, None)) => Some((*id).to_owned()),
            None => self.bot.map(|bot| bot.to_string()),
        }
    }

    fn is_unanswerable(&self) -> bool {
        // of a connection that nobody can tell of it is not known whose it is
        let answerable = |connection: &Option<Connection>| connection.as_ref().is_some_and(Connection::is_answerable);
        self.connection.as_ref().is_some_and(|(_, connection)| !answerable(connection))
    }
}

/// What a message is called: unique in its channel.
pub(super) fn message_id(connection: Option<&str>, chat: i64, message: &str) -> Personal {
    Personal::new(match connection {
        Some(connection) => format!("{connection}/{chat}/{message}"),
        None => format!("{chat}/{message}"),
    })
}

struct Sender {
    address: Address,
    name: String,
}

impl Sender {
    /// A person; or the channel or group in whose name somebody wrote.
    fn of(message: Part<'_>) -> Option<Self> {
        let (part, id) = ["from", "sender_chat", "chat"].iter().find_map(|who| {
            let part = message.object(who)?;
            Some((part, part.number("id")?))
        })?;
        Some(Self { address: address(id)?, name: name(part) })
    }
}

fn address(id: i64) -> Option<Address> {
    Address::id(SCHEME, &id.to_string())
}

/// A person's first and last name; the title of a group or channel.
fn name(part: Part<'_>) -> String {
    let names = [part.text("first_name"), part.text("last_name"), part.text("title")];
    names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}

fn kind(message: Part<'_>) -> Kind {
    if !message.text("text").is_empty() {
        Kind::Text
    } else if message.at("voice").is_some() {
        // a voice note is spoken to the owner; a piece of music is not
        Kind::Voicemail
    } else if message.content() == Content::Service {
        Kind::Text
    } else {
        Kind::Media
    }
}

/// What a message says in words.
fn said(message: Part<'_>) -> String {
    const WORDS: &[&str] = &[
        "text",
        "caption",
        "venue.title",
        "venue.address",
        "poll.question",
        "checklist.title",
        "game.title",
        "document.file_name",
        "audio.title",
        "sticker.emoji",
        "dice.emoji",
    ];
    let words = WORDS.iter().map(|path| message.text(path)).find(|words| !words.is_empty());
    words.map_or_else(|| message.object("contact").map(name).unwrap_or_default(), str::to_owned)
}
