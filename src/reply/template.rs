//! Templates: compiled, tried out, rendered on a budget.

use std::fmt::Write as _;
use std::ops::Range;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context};

use super::TextProblem;
use super::gap::GAP;

/// What a template may do before it is stopped: instructions, and 64 bytes of output each. The longest built-in text
/// needs under 50.
const FUEL: u64 = 5_000;

/// What a template may name.
const VARIABLES: [&str; 5] = ["client.name", "client.first_name", "owner.name", "opens", "why"];

/// The variable that makes a text need an opening.
const OPENS: &str = "opens";

/// What a template is told.
pub(super) struct Facts {
    pub name: String,
    pub first_name: String,
    pub owner: String,
    pub opens: String,
    pub why: String,
}

/// Compiled templates. They are strict, unescaped, and see nothing but [`Facts`].
#[derive(Debug)]
pub(super) struct Engine(Environment<'static>);

impl Engine {
    pub(super) fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        let globals: Vec<String> = environment.globals().map(|(name, _)| name.to_owned()).collect();
        for name in globals {
            environment.remove_global(&name);
        }
        environment.set_formatter(|out, state, value| {
            if value.is_undefined() || value.as_str() == Some("") {
                return out.write_char(GAP).map_err(Error::from);
            }
            minijinja::escape_formatter(out, state, value)
        });
        Self(environment)
    }

    /// Compiles a template and renders it with samples; `index` is the text that the problems name.
    pub(super) fn add(&mut self, id: &str, source: &str, index: usize) -> Vec<TextProblem> {
        let told = |error: &Error| TextProblem {
            text: index,
            range: error.range().filter(|range| source.get(range.clone()).is_some_and(|text| !text.is_empty())),
            message: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
            hint: hint_for(error.kind()),
        };
        if let Err(error) = self.0.add_template_owned(id.to_owned(), source.to_owned()) {
            return vec![told(&error)];
        }
        let unknown = self.unknown_variables(id, source, index);
        if !unknown.is_empty() {
            return unknown;
        }
        for sample in samples() {
            match self.render(id, &sample) {
                Err(error) => return vec![told(&error)],
                Ok(text) if super::gap::close(&text).is_empty() => {
                    let hint = "write what the client is to read".to_owned();
                    return vec![TextProblem {
                        text: index,
                        range: None,
                        message: "the text is empty".to_owned(),
                        hint: Some(hint),
                    }];
                }
                Ok(_) => {}
            }
        }
        Vec::new()
    }

    pub(super) fn needs_opening(&self, id: &str) -> bool {
        self.0.get_template(id).is_ok_and(|template| template.undeclared_variables(false).contains(OPENS))
    }

    pub(super) fn render(&self, id: &str, facts: &Facts) -> Result<String, Error> {
        self.0.get_template(id)?.render(values(facts))
    }

    pub(super) fn render_text(&self, source: &str, facts: &Facts) -> Result<String, Error> {
        self.0.render_str(source, values(facts))
    }

    fn unknown_variables(&self, id: &str, source: &str, index: usize) -> Vec<TextProblem> {
        let Ok(template) = self.0.get_template(id) else { return Vec::new() };
        let mut unknown: Vec<TextProblem> = template
            .undeclared_variables(true)
            .into_iter()
            .filter(|name| !VARIABLES.contains(&name.as_str()))
            .map(|name| TextProblem {
                text: index,
                range: find_variable(source, &name),
                message: format!("there is no variable `{name}`"),
                hint: Some(nearest(&name)),
            })
            .collect();
        unknown.sort_by_key(|problem| problem.range.as_ref().map(|range| range.start));
        unknown
    }
}

/// Where the template names the variable: the bytes of its first mention in a tag.
pub(super) fn find_variable(source: &str, name: &str) -> Option<Range<usize>> {
    mentions(source).into_iter().find(|range| source.get(range.clone()) == Some(name))
}

/// A run-time failure without a word of the template's data.
pub(super) fn problem_in_fixed_words(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::OutOfFuel => "its template does too much work",
        ErrorKind::UndefinedError => "its template names something that is not there",
        _ => "its template failed",
    }
}

fn values(facts: &Facts) -> Value {
    context! {
        client => context! { name => &facts.name, first_name => &facts.first_name },
        owner => context! { name => &facts.owner },
        opens => &facts.opens,
        why => &facts.why,
    }
}

/// With everything, and with nothing that may be missing.
fn samples() -> [Facts; 2] {
    let fact = str::to_owned;
    [
        Facts {
            name: fact("Ana López"),
            first_name: fact("Ana"),
            owner: fact("Dana Reyes"),
            opens: fact("Tuesday at 8:00"),
            why: fact(" (Christmas Eve)"),
        },
        Facts {
            name: fact(""),
            first_name: fact(""),
            owner: fact("Dana Reyes"),
            opens: fact("Tuesday at 8:00"),
            why: fact(""),
        },
    ]
}

fn hint_for(kind: ErrorKind) -> Option<String> {
    let hint = match kind {
        ErrorKind::SyntaxError => "a variable stands in double braces, as in {{ client.first_name }}",
        ErrorKind::OutOfFuel => "a reply needs no loops",
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            "most replies need variables alone, as in {{ client.first_name }}"
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => "a reply is one text: write it out",
        _ => return None,
    };
    Some(hint.to_owned())
}

fn nearest(name: &str) -> String {
    let closest = VARIABLES.iter().map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
    let last = name.rsplit('.').next().unwrap_or(name);
    let by_last =
        VARIABLES.iter().find(|known| known.ends_with(&format!(".{last}")) || known.starts_with(&format!("{name}.")));
    match (closest, by_last) {
        (Some((distance, known)), _) if distance <= 3 => format!("did you mean `{known}`?"),
        (_, Some(known)) => format!("did you mean `{known}`?"),
        _ => format!("there are {}", VARIABLES.map(|known| format!("`{known}`")).join(", ")),
    }
}

/// Every dotted name in a tag of the template, string literals left out.
fn mentions(source: &str) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut in_tag = false;
    while at < bytes.len() {
        match (in_tag, bytes[at], bytes.get(at + 1)) {
            (false, b'{', Some(b'{' | b'%')) => (in_tag, at) = (true, at + 2),
            (true, b'}' | b'%', Some(b'}')) => (in_tag, at) = (false, at + 2),
            (true, quote @ (b'"' | b'\''), _) => {
                let length = bytes[at + 1..].iter().position(|byte| *byte == quote);
                at = length.map_or(bytes.len(), |length| at + length + 2);
            }
            (true, byte, _) if is_name(byte) => {
                let length = bytes[at..].iter().take_while(|byte| is_name(**byte) || **byte == b'.').count();
                found.push(at..at + length);
                at += length;
            }
            _ => at += 1,
        }
    }
    found
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
