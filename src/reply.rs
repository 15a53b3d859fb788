//! Reason, client and opening in; the text that goes to the client out.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::language::Language;

/// The built-in replies, each with a text in every language of [`crate::language`]'s table.
pub const BUILT_IN: &[&str] = &["closed", "holiday", "away", "urgent", "never", "call", "voicemail", "follow_up"];

/// What a reply is told.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// The name of the client as the list or else the provider has it; may be empty.
    pub client_name: &'a str,
    /// The name of the owner.
    pub owner_name: &'a str,
    /// What the text is written in.
    pub language: &'a Language,
    /// The language to fall back to when the reply has no text in `language` (the owner's).
    pub fallback: &'a Language,
    /// The next opening; `None` is never.
    pub opens: Option<DateTime<Utc>>,
    /// The zone of the hours.
    pub zone: Tz,
    /// The client's own zone.
    pub client_zone: Option<Tz>,
    /// What the config calls the reason of the closing, when it names one.
    pub label: Option<&'a str>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Every reply text there is: the config's own, and the built-in ones behind them.
#[derive(Debug)]
pub struct Replies {}

impl Replies {
    /// Compiles the config's texts, by name and language.
    ///
    /// # Errors
    /// Every problem of every text.
    pub fn compile(_texts: &[Text]) -> Result<Self, Vec<TextProblem>> {
        todo!()
    }

    /// There is a reply of that name.
    #[must_use]
    pub fn knows(&self, _name: &str) -> bool {
        todo!()
    }

    /// The config gives this reply a text of its own.
    #[must_use]
    pub fn is_own(&self, _name: &str) -> bool {
        todo!()
    }

    /// The text of a reply, cut to `longest` Unicode scalar values.
    ///
    /// # Errors
    /// When a template of the config fails at run time (out of fuel): nothing is sent then.
    pub fn render(&self, _name: &str, _occasion: &Occasion<'_>, _longest: usize) -> Result<String, RenderError> {
        todo!()
    }
}

/// One text of the config: `[reply.NAME] LANGUAGE = "…"`.
#[derive(Clone, Debug)]
pub struct Text {
    /// The reply's name.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// The template.
    pub template: String,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextProblem {
    /// Which of the texts.
    pub text: usize,
    /// The bytes at fault; `None` is all of it.
    pub range: Option<std::ops::Range<usize>>,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

/// A reply that could not be rendered; it quotes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reply {name} could not be rendered: {problem}")]
pub struct RenderError {
    /// The reply's name.
    pub name: String,
    /// What happened, in fixed words.
    pub problem: &'static str,
}
