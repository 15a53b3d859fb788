//! Mail that gets no automatic answer: RFC 3834 (section 2), RFC 5230 (section 4) and the practice of mail servers. Only
//! what a single mail tells; what was answered before, and how often, is for the rest of the guard.

mod addresses;

use super::sender::is_system_mailbox;
use addresses::{Mailbox, mailboxes};

/// What is known of a mail. It cannot be printed: it names people.
#[derive(Clone, Copy)]
pub struct MailFacts<'a> {
    /// Name and value of every header, from top to bottom; encoded words (RFC 2047) may be decoded or not, folding may be
    /// undone or not.
    pub headers: &'a [(&'a str, &'a str)],
    /// The envelope sender, without `<>`, where the channel knows it (`""` is the null sender); else the topmost
    /// `Return-Path` counts.
    pub envelope_sender: Option<&'a str>,
    /// The owner's addresses and aliases, and the address that we send from.
    pub own_addresses: &'a [&'a str],
    /// The name that the owner's own mail server signs `Authentication-Results` with: only its topmost one is believed.
    pub authentication_server: Option<&'a str>,
    /// The mail lies in the spam folder.
    pub in_spam_folder: bool,
    /// The content types of the parts inside, where the channel has looked.
    pub part_types: &'a [&'a str],
    /// Treat `postmaster` as a machine. RFC 5230, section 4.6, warns that it is often a person.
    pub postmaster_is_machine: bool,
}

impl<'a> MailFacts<'a> {
    /// The values of every header of that name.
    fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter().filter(move |(other, _)| other.trim().eq_ignore_ascii_case(name));
        named.map(|(_, value)| *value)
    }
}

/// Why a mail gets no automatic answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailReason {
    /// The envelope sender is `<>`: a bounce (RFC 3834, section 2).
    NullSender,
    /// There is no return path, and nothing vouches for `From`.
    NoReturnPath,
    /// `Auto-Submitted` is something else than `no` (RFC 3834, section 5).
    AutoSubmitted,
    /// A mailing list or a newsletter (RFC 5230, section 4.6).
    List,
    /// `Precedence: bulk`, `list`, `junk` or `auto_reply`.
    Precedence,
    /// `X-Auto-Response-Suppress` (MS-OXCMAIL).
    Suppress,
    /// The mailbox of a machine, such as `mailer-daemon` or `no-reply`.
    SystemSender,
    /// From the owner.
    Own,
    /// To none of the owner's addresses (RFC 5230, section 4.5).
    NotAddressed,
    /// A delivery report or a read receipt.
    Report,
    /// A mark that the software of a vendor sets on automatic mail.
    VendorMark,
    /// The subject of an automatic reply, and another hint beside it.
    Subject,
    /// Spam, or a forged sender.
    Spam,
    /// An invitation, or the answer to one.
    Calendar,
    /// An answer would go to another domain than the mail says it is from.
    ForeignReturnPath,
}

impl MailReason {
    /// For metrics and logs; stable.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NullSender => "null_sender",
            Self::NoReturnPath => "no_return_path",
            Self::AutoSubmitted => "auto_submitted",
            Self::List => "list",
            Self::Precedence => "precedence",
            Self::Suppress => "suppress",
            Self::SystemSender => "system_sender",
            Self::Own => "self",
            Self::NotAddressed => "not_addressed",
            Self::Report => "report",
            Self::VendorMark => "vendor_mark",
            Self::Subject => "subject",
            Self::Spam => "spam",
            Self::Calendar => "calendar",
            Self::ForeignReturnPath => "foreign_return_path",
        }
    }
}

/// Why the mail gets no automatic answer; `None` when it may get one. The first reason wins, in the order of [`MailReason`].
#[must_use]
pub fn mail_objection(facts: &MailFacts<'_>) -> Option<MailReason> {
    let mail = Mail::of(facts);
    CHECKS.iter().find_map(|(reason, objects)| objects(&mail).then_some(*reason))
}

/// A mail with the parts that several checks need.
struct Mail<'a> {
    facts: &'a MailFacts<'a>,
    return_path: ReturnPath,
    from: Option<Mailbox>,
    own: Vec<Mailbox>,
    authentication: Option<String>,
}

/// Where an answer would go.
enum ReturnPath {
    Missing,
    /// `<>`, or nothing that an answer could go to.
    Null,
    To(Mailbox),
}

type Objects = fn(&Mail<'_>) -> bool;

const CHECKS: &[(MailReason, Objects)] = &[
    (MailReason::NullSender, |mail| matches!(mail.return_path, ReturnPath::Null)),
    (MailReason::NoReturnPath, |mail| matches!(mail.return_path, ReturnPath::Missing) && !mail.is_vouched_for()),
    (MailReason::AutoSubmitted, |mail| mail.values("auto-submitted").any(|value| token(value) != "no")),
    (MailReason::List, |mail| mail.has_any(LIST)),
    (MailReason::Precedence, |mail| {
        let values = mail.values("precedence").chain(mail.values("x-precedence"));
        values.map(token).any(|value| matches!(value.as_str(), "bulk" | "list" | "junk" | "auto_reply"))
    }),
    (MailReason::Suppress, |mail| {
        let values = mail.values("x-auto-response-suppress").flat_map(|value| value.split(','));
        values.map(token).any(|value| matches!(value.as_str(), "all" | "oof" | "autoreply"))
    }),
    (MailReason::SystemSender, |mail| mail.is_from_a_machine()),
    (MailReason::Own, |mail| mail.senders().any(|sender| mail.own.contains(sender))),
    (MailReason::NotAddressed, |mail| {
        let named = RECIPIENTS.iter().flat_map(|name| mail.values(name)).flat_map(mailboxes);
        !named.into_iter().any(|mailbox| mail.own.contains(&mailbox))
    }),
    (MailReason::Report, |mail| mail.is_of_type("multipart/report") || mail.has_any(&["x-failed-recipients"])),
    (MailReason::VendorMark, |mail| mail.has_a_vendor_mark()),
    (MailReason::Subject, |mail| mail.has_an_automatic_subject() && mail.has_another_hint()),
    (MailReason::Spam, |mail| mail.is_spam()),
    (MailReason::Calendar, |mail| {
        let types = mail.values("content-type").chain(mail.facts.part_types.iter().copied());
        let content_class = mail.values("content-class").any(|value| token(value).ends_with("calendarmessage"));
        content_class
            || types
                .map(str::to_ascii_lowercase)
                .any(|kind| token(&kind) == "text/calendar" && kind.contains("method="))
    }),
    (MailReason::ForeignReturnPath, |mail| match (&mail.return_path, &mail.from) {
        (ReturnPath::To(path), Some(from)) => !path.is_of_the_house_of(from),
        _ => false,
    }),
];

/// RFC 2369 and RFC 2919, as RFC 5230, section 4.6, names them.
const LIST: &[&str] =
    &["list-id", "list-help", "list-subscribe", "list-unsubscribe", "list-post", "list-owner", "list-archive"];

/// RFC 5230, section 4.5.
const RECIPIENTS: &[&str] = &["to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc"];

/// Headers that vendors set on automatic mail, whatever they say.
const VENDOR_MARKS: &[&str] = &[
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-autogenerated",
    "x-auto-reply",
    "auto-generated",
    "x-ms-exchange-generated-message-source",
    "x-ms-exchange-inbox-rules-loop",
    "x-mailing-list",
    "feedback-id",
];

/// How the subject of an automatic reply begins: a weak hint.
const SUBJECTS: &[&str] = &[
    "auto reply",
    "autoreply",
    "automatic reply",
    "auto:",
    "out of office",
    "abwesen",
    "automatische antwort",
    "réponse automatique",
    "respuesta automática",
    "resposta automática",
    "risposta automatica",
    "automatisch antwoord",
    "undeliverable",
    "delivery status",
    "mail delivery",
];

impl<'a> Mail<'a> {
    fn of(facts: &'a MailFacts<'a>) -> Self {
        let path = facts.envelope_sender.or_else(|| facts.values("return-path").next());
        let authentication = facts.authentication_server.and_then(|server| {
            let ours = |value: &&str| token(value).eq_ignore_ascii_case(server);
            facts.values("authentication-results").find(ours).map(str::to_ascii_lowercase)
        });
        Self {
            facts,
            return_path: path.map_or(ReturnPath::Missing, |path| {
                mailboxes(path).into_iter().next().map_or(ReturnPath::Null, ReturnPath::To)
            }),
            from: facts.values("from").flat_map(mailboxes).next(),
            own: facts.own_addresses.iter().copied().flat_map(mailboxes).collect(),
            authentication,
        }
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.facts.values(name)
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.values(name).next().is_some())
    }

    fn is_of_type(&self, kind: &str) -> bool {
        self.values("content-type").any(|value| token(value) == kind)
    }

    /// Who would be answered, and who the mail says it is from.
    fn senders(&self) -> impl Iterator<Item = &Mailbox> {
        let path = match &self.return_path {
            ReturnPath::To(path) => Some(path),
            ReturnPath::Missing | ReturnPath::Null => None,
        };
        path.into_iter().chain(&self.from)
    }

    fn is_from_a_machine(&self) -> bool {
        self.senders().any(|sender| {
            is_system_mailbox(&sender.local) || (self.facts.postmaster_is_machine && sender.local == "postmaster")
        })
    }

    fn has_a_vendor_mark(&self) -> bool {
        let own = |value: &str| mailboxes(value).iter().any(|mailbox| self.own.contains(mailbox));
        self.has_any(VENDOR_MARKS)
            || self.values("x-loop").any(own)
            || self.values("x-fc-machinegenerated").any(|value| token(value) == "true")
            || self.values("x-post-messageclass").any(|value| value.to_ascii_lowercase().contains("autoresponder"))
    }

    fn has_an_automatic_subject(&self) -> bool {
        self.values("subject").any(|subject| {
            let subject = subject.trim().to_lowercase().replace('-', " ");
            SUBJECTS.iter().any(|beginning| subject.starts_with(beginning))
        })
    }

    /// It answers something, a person's mail program would have left other marks, or somebody thought of loops.
    fn has_another_hint(&self) -> bool {
        self.has_any(&["in-reply-to", "references", "x-auto-response-suppress", "x-loop", "auto-submitted"])
            || !self.has_any(&["message-id"])
            || !self.has_any(&["date"])
    }

    fn is_spam(&self) -> bool {
        let flagged = self.values("x-spam-flag").any(|value| token(value) == "yes");
        self.facts.in_spam_folder || flagged || self.result_of("dmarc") == Some("fail")
    }

    /// DMARC has passed, or DKIM has for the domain of `From`: anybody can sign with a domain of their own.
    fn is_vouched_for(&self) -> bool {
        let Some(from) = &self.from else { return false };
        let signed = |result: &str| {
            outcome(result, "dkim") == Some("pass")
                && result.split_whitespace().any(|property| {
                    let domain = property.strip_prefix("header.d=").or_else(|| property.strip_prefix("header.i=@"));
                    domain.is_some_and(|domain| from.is_in(domain))
                })
        };
        self.result_of("dmarc") == Some("pass") || self.results().any(signed)
    }

    /// The result of a method in the `Authentication-Results` of the owner's own server (RFC 8601).
    fn result_of(&self, method: &str) -> Option<&str> {
        self.results().find_map(|result| outcome(result, method))
    }

    fn results(&self) -> impl Iterator<Item = &str> {
        self.authentication.as_deref().unwrap_or_default().split(';').skip(1).map(str::trim)
    }
}

/// `pass` of `dmarc=pass (comment) …`, when the method is that one.
fn outcome<'a>(result: &'a str, method: &str) -> Option<&'a str> {
    let (name, outcome) = result.split_once('=')?;
    let outcome = outcome.trim_start().split(|c: char| !c.is_alphanumeric()).next();
    if name.trim() == method { outcome } else { None }
}

/// The first token of a structured value, without comments (RFC 5322) and parameters, in lower case.
fn token(value: &str) -> String {
    let mut depth = 0_usize;
    let mut token = String::new();
    for character in value.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' => break,
            space if space.is_whitespace() => {
                if !token.is_empty() {
                    break;
                }
            }
            character => token.extend(character.to_lowercase()),
        }
    }
    token
}

#[cfg(test)]
mod tests;
