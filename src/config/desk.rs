//! What every part of the reading shares: the text, what was found so far, and where secrets come from.

use std::ops::Range;

use toml::Spanned;

use super::Secret;
use super::environment::Environment;
use super::problem::Findings;
use super::text;

/// The reader's desk.
pub struct Desk {
    /// The file's text.
    pub text: String,
    /// The file can be read by every user of the machine.
    pub readable_by_all: bool,
    /// Where secrets come from.
    pub environment: Environment,
    /// What was found so far.
    pub findings: Findings,
    /// The owner's country, once that is read: how a phone number without `+` is read.
    pub country: Option<String>,
    /// `listen.public_url`, once that is read: what some providers sign.
    pub public_url: Option<String>,
}

impl Desk {
    /// A desk with that text on it.
    pub fn new(text: String, readable_by_all: bool, environment: Environment) -> Self {
        Self { text, readable_by_all, environment, findings: Findings::default(), country: None, public_url: None }
    }

    /// Where bytes of a text's value stand in the file.
    pub fn inner(&self, value: &Spanned<String>, range: Option<&Range<usize>>) -> Range<usize> {
        text::inner(&self.text, value.span(), value.get_ref(), range)
    }

    /// The value, or a problem that says that `key` is missing in the table whose header is at `table`.
    pub fn required<T>(&mut self, value: Option<T>, key: &str, table: &Range<usize>) -> Option<T> {
        if value.is_none() {
            self.missing(key, table);
        }
        value
    }

    /// Notes that a key is missing.
    pub fn missing(&mut self, key: &str, table: &Range<usize>) {
        self.findings
            .error(table.clone(), format!("`{key}` is missing"))
            .hint(format!("add `{key} = …` to this table"))
            .absence(key);
    }

    /// The secret that is written there, or a problem that says why it cannot be had.
    pub fn secret(&mut self, written: &Spanned<String>) -> Option<Secret> {
        let span = written.span();
        match self.environment.resolve(written.get_ref()) {
            Ok(found) => {
                if found.literal && self.readable_by_all {
                    let message = "a secret in a file that every user of this machine can read";
                    let hint =
                        "`chmod o-r` the file, or move the secret out: `credential:NAME`, `file:/path`, `env:NAME`";
                    self.once(span, false, message, hint, "and this one");
                } else if let Some(path) = found.exposed {
                    self.findings
                        .warning(span, format!("every user of this machine can read {}", path.display()))
                        .hint(format!("chmod 600 {}", path.display()));
                } else if let Some(why) = found.unchecked {
                    self.once(span, false, &why.message, &why.hint, "nor this one");
                }
                Some(found.secret)
            }
            Err(problem) => {
                self.once(span, true, &problem.message, &problem.hint, "nor this one");
                None
            }
        }
    }

    /// Notes a problem; a second of the same words becomes another place of the first.
    fn once(&mut self, span: Range<usize>, fatal: bool, message: &str, hint: &str, again: &str) {
        match self.findings.all.iter_mut().find(|finding| finding.message == message) {
            Some(first) => first.also(span, again),
            None if fatal => self.findings.error(span, message).hint(hint),
            None => self.findings.warning(span, message).hint(hint),
        };
    }
}
