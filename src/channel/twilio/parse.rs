//! Twilio's forms to events.

use std::borrow::Cow;

use super::codes;
use super::form::Form;
use super::send::{ReplyAddress, WHATSAPP};
use super::voice;
use crate::channel::{Delivery, Malformed};
use crate::message::{Address, Audience, Event, Fate, Hints, Inbound, Kind, Nature, Personal, ReplyTo};
use crate::verdict::{SenderKind, sender_kind};

/// What the config says that parsing must know.
pub(super) struct Setting<'c> {
    pub account_sid: &'c str,
    pub service: Option<&'c str>,
    /// Calls are passed on in open hours, so that one that rings may still be taken.
    pub dials: bool,
}

/// What a proven delivery is about.
pub(super) fn parse(delivery: &Delivery, setting: &Setting<'_>) -> Result<Vec<Event>, Malformed> {
    let form = read(delivery, setting.account_sid)?;
    let query = Form::read(delivery.query.as_bytes());
    if !form.text("CallSid")?.is_empty() {
        return Ok(voice::event(&form, &query, setting)?.into_iter().collect());
    }
    // a status that is none of these is of a message of ours, whatever Twilio may call it one day
    match first([form.text("MessageStatus")?, form.text("SmsStatus")?]) {
        "" | "receiving" | "received" => message(&form, setting).map(|message| vec![Event::Message(message)]),
        status => Ok(receipt(&form, &query, status)?.into_iter().collect()),
    }
}

/// The form of a proven delivery, when it is our account's.
pub(super) fn read<'d>(delivery: &'d Delivery, account_sid: &str) -> Result<Form<'d>, Malformed> {
    if delivery.body.first().is_some_and(|byte| matches!(byte, b'{' | b'[')) {
        return Err(Malformed { field: "body".to_owned(), problem: "is JSON, where a form is expected" });
    }
    let form = Form::read(&delivery.body);
    if form.required("AccountSid")? != account_sid {
        return Err(Malformed { field: "AccountSid".to_owned(), problem: "is another account's" });
    }
    Ok(form)
}

fn message(form: &Form<'_>, setting: &Setting<'_>) -> Result<Inbound, Malformed> {
    // the later names are those of the oldest form of the webhook
    let id = first([form.text("MessageSid")?, form.text("SmsMessageSid")?, form.text("SmsSid")?]);
    if id.is_empty() {
        return Err(Malformed { field: "MessageSid".to_owned(), problem: "is missing" });
    }
    let (from, line) = (form.required("From")?, form.required("To")?);
    let is_whatsapp = line.starts_with(WHATSAPP);
    let body = form.text("Body")?;
    let place = place(form)?;
    let text = first([body, form.text("ButtonText")?, form.text("ListTitle")?, &place]);
    let media = !matches!(form.text("NumMedia")?, "" | "0") || !place.is_empty();
    let said = Said::read(form.text("OptOutType")?, body, is_whatsapp);
    let reply_to = reply_address(from, line, setting.service, form.text("MessagingServiceSid")?);
    Ok(Inbound {
        id: Personal::new(id),
        line: Some(line.to_owned()),
        from: addresses(from, form.text("WaId")?)?,
        name: Personal::new(form.text("ProfileName")?),
        kind: if media { Kind::Media } else { Kind::Text },
        nature: if form.text("MessageType")? == "reaction" { Nature::Reaction } else { Nature::Message },
        audience: Audience::Direct,
        automatic: None,
        urgent: false,
        text: Personal::new(text),
        sent_at: None,
        locale: None,
        reply_to,
        hints: Hints { answered: said.answered, opt_out: said.opt_out, ..Hints::default() },
    })
}

/// What a message says to Twilio itself, which answers such words of its own on SMS.
#[derive(Default)]
struct Said {
    opt_out: Option<bool>,
    /// Twilio has answered it.
    answered: bool,
}

/// Twilio's default keywords for SMS: a whole message, in capitals or not. It lets nothing through to whoever sent one of the
/// first list, until one of the second.
const STOP: &[&str] = &["STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"];
const START: &[&str] = &["START", "UNSTOP"];
const HELP: &[&str] = &["HELP", "INFO"];

impl Said {
    /// `kind` is what Advanced Opt-Out says of the message, which knows the owner's own words too.
    fn read(kind: &str, body: &str, is_whatsapp: bool) -> Self {
        let word = body.trim().to_uppercase();
        let is_one_of = |words: &[&str]| !is_whatsapp && words.contains(&word.as_str());
        match kind {
            "STOP" => Self { opt_out: Some(true), answered: true },
            "START" => Self { opt_out: Some(false), answered: true },
            "HELP" => Self { opt_out: None, answered: true },
            _ if is_one_of(STOP) => Self { opt_out: Some(true), answered: true },
            _ if is_one_of(START) => Self { opt_out: Some(false), answered: true },
            // it means that only after a STOP: else it is an everyday word
            _ if is_one_of(&["YES"]) => Self { opt_out: Some(false), answered: false },
            _ if is_one_of(HELP) => Self { opt_out: None, answered: true },
            _ => Self::default(),
        }
    }
}

/// A place that was sent by WhatsApp, in words.
fn place(form: &Form<'_>) -> Result<String, Malformed> {
    let [label, address] = [form.text("Label")?, form.text("Address")?];
    let named = [label, address].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    let [latitude, longitude] = [form.text("Latitude")?, form.text("Longitude")?];
    if latitude.is_empty() || longitude.is_empty() {
        return Ok(String::new());
    }
    Ok(if named.is_empty() { format!("{latitude}, {longitude}") } else { named })
}

/// What became of a message of ours: `key` is in the query of the address that we gave with it.
fn receipt(form: &Form<'_>, query: &Form<'_>, status: &str) -> Result<Option<Event>, Malformed> {
    let fate = match status {
        "sent" | "delivered" | "read" => Fate::Delivered,
        "undelivered" | "failed" | "canceled" => match form.text("ErrorCode")? {
            code if codes::is_opt_out(code) => Fate::OptedOut,
            code => Fate::Failed(first([code, status]).to_owned()),
        },
        _ => return Ok(None),
    };
    let provider_id = Personal::new(first([form.text("MessageSid")?, form.text("SmsSid")?]));
    if provider_id.is_empty() {
        return Err(Malformed { field: "MessageSid".to_owned(), problem: "is missing" });
    }
    Ok(Some(Event::Receipt { key: query.text("key")?.to_owned(), provider_id, fate }))
}

pub(super) fn reply_address(from: &str, line: &str, service: Option<&str>, said: &str) -> ReplyTo {
    let in_service = service.is_some_and(|service| service == said);
    ReplyAddress { from: Cow::Borrowed(line), to: Cow::Borrowed(from), in_service }.seal()
}

/// The addresses of a sender or caller as Twilio writes it, the most stable first. `number` is that of a sender whose
/// `From` may be none, on WhatsApp and by SIP.
pub(super) fn addresses(from: &str, number: &str) -> Result<Vec<Address>, Malformed> {
    let first = match from.strip_prefix(WHATSAPP) {
        Some(number) if number.starts_with('+') => Address::phone(number),
        Some(user) => Address::id("whatsapp", user),
        // a short code
        None if from.len() <= 6 && from.bytes().all(|byte| byte.is_ascii_digit()) => Address::phone(from),
        None => Address::canonical(from, "twilio"),
    };
    let second = if number.is_empty() { None } else { Address::phone(number) };
    // a number that is none, such as a forged one that is too long
    let first = first.or_else(|| Address::id("twilio", from));
    let mut all: Vec<Address> = first.into_iter().collect();
    all.extend(second.filter(|address| !all.contains(address)));
    if all.is_empty() {
        return Err(Malformed { field: "From".to_owned(), problem: "is not an address" });
    }
    Ok(all)
}

/// An SMS can reach whoever called: a telephone number that is not withheld.
pub(super) fn takes_sms(from: &[Address]) -> bool {
    from.iter().any(Address::is_phone) && sender_kind(from) == SenderKind::Person
}

pub(super) fn first<const N: usize>(texts: [&str; N]) -> &str {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or("")
}
