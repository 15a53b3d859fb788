//! Reason, client and opening in; the text that goes to the client out.

mod cost;
mod gap;
mod name;
mod sms;
mod template;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub use cost::{Cost, TextCost};
pub use sms::{Encoding, Segments, segments};

use crate::language::text::{fill, shorten};
use crate::language::{Language, opening};

use template::{Engine, Facts};

/// The built-in replies, each with a text in every language of [`crate::language`]'s table.
pub const BUILT_IN: &[&str] = &[
    "closed",
    "holiday",
    "away",
    "urgent",
    "never",
    "call",
    "voicemail",
    "follow_up",
    "correction",
    "greeting",
    "announcement",
    "unanswered",
];

/// Those of them that are spoken, to who calls: never sent.
pub const SPOKEN: &[&str] = &[GREETING, "announcement", UNANSWERED];

const CLOSED: &str = "closed";
const HOLIDAY: &str = "holiday";
const NEVER: &str = "never";
const GREETING: &str = "greeting";
const UNANSWERED: &str = "unanswered";

/// What a reply is told. It cannot be printed: it names a person.
#[derive(Clone)]
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
pub struct Replies {
    engine: Engine,
    own: BTreeMap<String, BTreeMap<Language, Own>>,
}

/// A text of the config, compiled.
#[derive(Debug)]
struct Own {
    /// What the engine knows it by.
    id: String,
    /// It names the opening.
    needs_opening: bool,
}

/// The text that answers an occasion.
enum Chosen<'a> {
    Own(&'a Own, Language),
    BuiltIn(&'static str, Language),
}

impl Replies {
    /// Compiles the config's texts, by name and language, and renders each once with sample data.
    ///
    /// # Errors
    /// Every problem of every text.
    pub fn compile(texts: &[Text]) -> Result<Self, Vec<TextProblem>> {
        let mut replies = Self { engine: Engine::new(), own: BTreeMap::new() };
        let mut problems = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let id = index.to_string();
            let mut found = replies.engine.add(&id, &text.template, index);
            let needs_opening = replies.engine.needs_opening(&id);
            if found.is_empty() && needs_opening && text.name == NEVER {
                found.push(TextProblem {
                    text: index,
                    range: template::find_variable(&text.template, "opens"),
                    message: "the text of `never` goes out when no opening is known: it cannot name one".to_owned(),
                    hint: Some("leave `opens` out of it".to_owned()),
                });
            }
            problems.extend(found);
            let by_language = replies.own.entry(text.name.clone()).or_default();
            by_language.insert(text.language.clone(), Own { id, needs_opening });
        }
        if problems.is_empty() { Ok(replies) } else { Err(problems) }
    }

    /// There is a reply of that name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        BUILT_IN.contains(&name) || self.is_own(name)
    }

    /// The config gives this reply a text of its own.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.own.contains_key(name)
    }

    /// There is a text of this reply in that language: one of the config's, where it has any for this reply.
    #[must_use]
    pub fn speaks(&self, name: &str, language: &Language) -> bool {
        self.own.get(name).is_none_or(|own| own.contains_key(language))
    }

    /// A text of this reply names the opening.
    #[must_use]
    pub fn names_opening(&self, name: &str) -> bool {
        match self.own.get(name) {
            Some(own) => own.values().any(|own| own.needs_opening),
            None => built_in(name, &Language::english()).is_some_and(|template| template.contains("{{ opens }}")),
        }
    }

    /// Every name there is, the built-in ones first: for a "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.own.keys().map(String::as_str).filter(|name| !BUILT_IN.contains(name));
        BUILT_IN.iter().copied().chain(own)
    }

    /// The text of a reply, cut to `longest` Unicode scalar values.
    ///
    /// `holiday` is `closed` where the config gives it no text of its own. Where no opening is known, `never` stands in for
    /// every text that names one; for `greeting`, before a voice message, it is `unanswered`. The opening is told in the
    /// language that the text is in.
    ///
    /// # Errors
    /// When a template of the config fails at run time (out of fuel): nothing is sent then.
    pub fn render(&self, name: &str, occasion: &Occasion<'_>, longest: usize) -> Result<String, RenderError> {
        self.render_in(name, occasion, longest).map(|(text, _)| text)
    }

    /// As [`Replies::render`], and the language that the text is in, which need not be the one that was asked for.
    ///
    /// # Errors
    /// As there.
    pub fn render_in(
        &self,
        name: &str,
        occasion: &Occasion<'_>,
        longest: usize,
    ) -> Result<(String, Language), RenderError> {
        let failed = |problem| RenderError { name: name.to_owned(), problem };
        let name = if name == HOLIDAY && !self.is_own(HOLIDAY) { CLOSED } else { name };
        let mut chosen = self.choose(name, occasion).ok_or_else(|| failed("there is no such reply"))?;
        if occasion.opens.is_none() && chosen.needs_opening() {
            // who is recorded is told so all the same
            let other = (name == GREETING).then(|| self.choose(UNANSWERED, occasion)).flatten();
            let other = other.filter(|other| !other.needs_opening()).or_else(|| self.choose(NEVER, occasion));
            chosen = other.ok_or_else(|| failed("there is no text without an opening"))?;
        }
        let (text, language) = match chosen {
            Chosen::Own(own, language) => (self.engine.render(&own.id, &facts(occasion, &language)), language),
            Chosen::BuiltIn(template, language) => {
                (self.engine.render_text(template, &facts(occasion, &language)), language)
            }
        };
        let text = text.map_err(|error| failed(template::problem_in_fixed_words(&error)))?;
        Ok((shorten(&gap::close(&text), longest), language))
    }

    /// The asked language, the owner's, English, any: in each the config's own text, then the built-in one.
    fn choose(&self, name: &str, occasion: &Occasion<'_>) -> Option<Chosen<'_>> {
        let own = self.own.get(name);
        let english = Language::english();
        for language in [occasion.language, occasion.fallback, &english] {
            if let Some(own) = own.and_then(|own| own.get(language)) {
                return Some(Chosen::Own(own, language.clone()));
            }
            if let Some(template) = built_in(name, language) {
                return Some(Chosen::BuiltIn(template, language.clone()));
            }
        }
        own?.iter().next().map(|(language, own)| Chosen::Own(own, language.clone()))
    }
}

impl Chosen<'_> {
    fn needs_opening(&self) -> bool {
        match self {
            Self::Own(own, _) => own.needs_opening,
            Self::BuiltIn(template, _) => template.contains("{{ opens }}"),
        }
    }
}

fn built_in(name: &str, language: &Language) -> Option<&'static str> {
    let texts = &language.wording()?.replies;
    Some(match name {
        CLOSED => texts.closed,
        HOLIDAY => texts.holiday,
        "away" => texts.away,
        "urgent" => texts.urgent,
        NEVER => texts.never,
        "call" => texts.call,
        "voicemail" => texts.voicemail,
        "follow_up" => texts.follow_up,
        "correction" => texts.correction,
        "greeting" => texts.greeting,
        "announcement" => texts.announcement,
        "unanswered" => texts.unanswered,
        _ => return None,
    })
}

/// What a template is told, in the language of the text.
fn facts(occasion: &Occasion<'_>, language: &Language) -> Facts {
    let name = name::clean(occasion.client_name);
    let reason = language.wording().map_or(" ({why})", |wording| wording.replies.reason);
    let opens = occasion.opens.map(|at| opening(at, occasion.now, occasion.zone, occasion.client_zone, language));
    Facts {
        first_name: name::first(&name),
        name,
        owner: occasion.owner_name.to_owned(),
        opens: opens.unwrap_or_default(),
        why: occasion
            .label
            .map(str::trim)
            .filter(|label| !label.is_empty())
            .map_or_else(String::new, |label| fill(reason, &[("why", label)])),
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

#[cfg(test)]
mod tests;
