//! E-mail, handed to a mail server (SMTP submission).

mod flowed;
mod server;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Mailboxes, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Response;
use serde::Deserialize;
use tokio::time::timeout;
use toml::Spanned;

pub use self::server::Server;

use self::server::Security;
use super::{Sink, SinkKind};
use crate::config::{Secret, Section};
use crate::digest::{Limit, Notice};
use crate::outbound::{self, Outbound, Reason, SendError, SendKey, Sent};

/// What the registry knows of it.
pub const KIND: SinkKind = SinkKind {
    name: "smtp",
    about: "plain-text mails through your mail server",
    setup: "Ask your mail provider for its submission server: `server` is smtps://HOST (port 465) or smtp://HOST (port 587, \
STARTTLS).
Make an app password where your provider has them: `username`, `password`.
Set `from` to an address that the provider lets you send from, and `to` to where you read.
A mail server on this machine (localhost:25) needs no TLS and mostly no password.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read,
};

/// A mailbox behind a mail server.
pub struct Smtp {
    server: Server,
    login: Option<(String, Secret)>,
    from: Mailbox,
    to: Mailboxes,
}

impl Smtp {
    /// Makes it; `login` is user name and password.
    #[must_use]
    pub fn new(server: Server, login: Option<(String, Secret)>, from: Mailbox, to: Mailboxes) -> Self {
        Self { server, login, from, to }
    }

    /// The mail: the same for every attempt, so that a mailbox which gets it twice may show it once.
    fn mail(&self, notice: &Notice, key: &SendKey) -> Option<Message> {
        let id = format!("<{}@{}>", key.0, self.from.email.domain());
        let subject: String =
            notice.title.as_str().chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
        let mut builder =
            Message::builder().message_id(Some(id)).date(notice.at.into()).from(self.from.clone()).subject(&*subject);
        for to in self.to.iter() {
            builder = builder.to(to.clone());
        }
        let text = flowed::flowed(notice.body.as_str());
        let kind = ContentType::parse("text/plain; charset=utf-8; format=flowed").ok()?;
        let body = SinglePart::builder().header(kind).body(text.trim_end().to_owned());
        let mut mail = builder.singlepart(body).ok()?;
        if subject.contains("=?") {
            let name = HeaderName::new_from_ascii_str("Subject");
            let encoded = encoded_words(&subject);
            mail.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(name, subject, encoded));
        }
        let mut set = |name, value: &str| {
            mail.headers_mut().insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
        };
        // RFC 3834: nobody's vacation program answers to it
        set("Auto-Submitted", "auto-generated");
        if notice.urgent {
            set("Importance", "high");
        }
        Some(mail)
    }

    /// Connects, to a point where mail can be given over.
    async fn session(&self, connect: Duration) -> Result<AsyncSmtpConnection, SendError> {
        let Server { host, port, security } = &self.server;
        let tls = TlsParameters::builder(host.clone())
            // between two programs of one machine TLS without a proof is no less than no TLS
            .dangerous_accept_invalid_certs(*security == Security::Loopback)
            .build_rustls()
            .map_err(|_| SendError::Retry { after: None, reason: Reason::Tls })?;
        let hello = ClientId::default();
        let implicit = (*security == Security::Implicit).then(|| tls.clone());
        let mut session =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(connect), &hello, implicit, None)
                .await
                .map_err(|error| of_session(&error))?;
        match security {
            Security::Required if !session.can_starttls() => return Err(SendError::Down { reason: Reason::Tls }),
            Security::Required | Security::Loopback if session.can_starttls() => {
                session.starttls(tls, &hello).await.map_err(|error| of_session(&error))?;
            }
            _ => {}
        }
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        // where no login is offered the server decides on the mail what it wants
        if let Some((username, password)) = &self.login
            && session.server_info().get_auth_mechanism(&mechanisms).is_some()
        {
            let credentials = Credentials::new(username.clone(), password.expose().to_owned());
            session.auth(&mechanisms, &credentials).await.map_err(|error| of_session(&error))?;
        }
        Ok(session)
    }
}

#[async_trait]
impl Sink for Smtp {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    /// Servers take 10 MiB and more; this is what somebody might still read.
    fn limit(&self) -> Limit {
        Limit::Bytes(256 * 1024)
    }

    async fn deliver(&self, outbound: &Outbound, notice: &Notice, key: &SendKey) -> Result<Sent, SendError> {
        let mail = self.mail(notice, key).ok_or(SendError::Refused { reason: Reason::Unsendable })?;
        let timeouts = outbound.timeouts();
        let too_late = |_| SendError::Retry { after: None, reason: Reason::Timeout };
        let mut session = timeout(timeouts.total, self.session(timeouts.connect)).await.map_err(too_late)??;
        timeout(timeouts.total, announce(&mut session, mail.envelope())).await.map_err(too_late)??;
        let bytes = mail.formatted();
        // the end of the mail brings a line break of its own
        let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(&bytes);
        // from here on the mail may be there, whatever we hear
        let response = timeout(timeouts.total, session.message(bytes))
            .await
            .map_err(|_| SendError::Unknown { reason: Reason::Timeout })?
            .map_err(|error| answered(&error).unwrap_or(SendError::Unknown { reason: Reason::Broken }))?;
        // a courtesy: the mail is given over
        let _ = timeout(timeouts.connect, session.quit()).await;
        Ok(Sent { id: queue_id(&response) })
    }
}

/// `MAIL`, `RCPT` and `DATA`: nothing is sent yet when one of them fails.
/// A header that only looks as if it were encoded: left as it is, a mail program would decode it (RFC 2047).
fn encoded_words(text: &str) -> String {
    let mut words = vec![String::new()];
    for character in text.chars() {
        // a word has 75 characters at most (section 2), 12 of them around the base64
        let full = words.last().is_none_or(|word| word.len() + character.len_utf8() > 45);
        if full {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let encoded: Vec<_> = words.iter().map(|word| format!("=?utf-8?b?{}?=", BASE64.encode(word))).collect();
    encoded.join("\r\n ")
}

async fn announce(session: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), SendError> {
    let unsent = |error: &lettre::transport::smtp::Error| {
        answered(error).unwrap_or(SendError::Retry { after: None, reason: Reason::Broken })
    };
    let mut parameters = Vec::new();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    if addresses.any(|address| !address.user().is_ascii() || !address.domain().is_ascii()) {
        if !session.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(SendError::Refused { reason: Reason::Unsendable });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    session.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(|error| unsent(&error))?;
    for to in envelope.to() {
        session.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(|error| unsent(&error))?;
    }
    session.command(Data).await.map_err(|error| unsent(&error))?;
    Ok(())
}

/// What a reply code says of the mail: 4xx is not yet, 5xx never; 530 to 538 (RFC 4954) want another login.
fn answered(error: &lettre::transport::smtp::Error) -> Option<SendError> {
    let code = u16::from(error.status()?);
    let reason = Reason::Smtp(code);
    Some(match code {
        400..=499 => SendError::Retry { after: None, reason },
        530..=538 => SendError::Down { reason },
        _ => SendError::Refused { reason },
    })
}

/// Before any mail is named, a 5xx is about us: greeting, TLS or login.
fn of_session(error: &lettre::transport::smtp::Error) -> SendError {
    match answered(error) {
        Some(SendError::Refused { reason }) => SendError::Down { reason },
        Some(other) => other,
        None if error.is_tls() || outbound::is_tls(error) => SendError::Retry { after: None, reason: Reason::Tls },
        None if error.is_timeout() => SendError::Retry { after: None, reason: Reason::Timeout },
        None => SendError::Retry { after: None, reason: Reason::Connect },
    }
}

/// "250 2.0.0 Ok: queued as 4F1B2C" of Postfix and its like.
fn queue_id(response: &Response) -> Option<String> {
    let (_, id) = response.first_line()?.split_once("queued as ")?;
    id.split_whitespace().next().map(str::to_owned)
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Smtp")]
struct Settings {
    /// `smtps://HOST` (TLS, port 465), `smtp://HOST` (STARTTLS required, port 587), or `HOST:PORT`. Only on this machine
    /// does it go without TLS.
    #[schemars(with = "String")]
    server: Option<Spanned<String>>,
    /// The login; with `password`.
    #[serde(default)]
    #[schemars(with = "String")]
    username: Option<Spanned<String>>,
    /// The login's password, best an app password. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    password: Option<Spanned<String>>,
    /// The sender: `afterhours@example.org` or `Afterhours <afterhours@example.org>`.
    #[schemars(with = "String")]
    from: Option<Spanned<String>>,
    /// The receiver, or several with commas between.
    #[schemars(with = "String")]
    to: Option<Spanned<String>>,
}

fn read(section: &mut Section<'_>) -> Option<Arc<dyn Sink>> {
    let Settings { server, username, password, from, to } = section.read();
    let server =
        parsed(section, server, "server", "is not a mail server", "write smtps://HOST, smtp://HOST or HOST:PORT");
    let from =
        parsed(section, from, "from", "is not an e-mail address", "such as `Afterhours <afterhours@example.org>`");
    let to: Option<Mailboxes> =
        parsed(section, to, "to", "is not a list of e-mail addresses", "put commas between several");
    let both = || "give both, or neither".to_owned();
    let login = match (username, &password) {
        (None, None) => Some(None),
        (Some(username), Some(_)) => {
            section.secret(password.as_ref()).map(|password| Some((username.into_inner(), password)))
        }
        (Some(username), None) => {
            section.problem(username.span(), "`username` stands without `password`", Some(both()));
            None
        }
        (None, Some(password)) => {
            section.problem(password.span(), "`password` stands without `username`", Some(both()));
            None
        }
    };
    Some(Arc::new(Smtp::new(server?, login?, from?, to?)))
}

fn parsed<T: std::str::FromStr>(
    section: &mut Section<'_>,
    value: Option<Spanned<String>>,
    key: &'static str,
    problem: &str,
    hint: &str,
) -> Option<T> {
    let span = value.as_ref().map(Spanned::span);
    let parsed = section.required(value, key)?.parse().ok();
    if parsed.is_none() {
        section.problem(span.unwrap_or_default(), format!("`{key}` {problem}"), Some(hint.to_owned()));
    }
    parsed
}
