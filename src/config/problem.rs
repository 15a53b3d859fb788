//! One thing that is wrong with the file, and how it is shown.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::source::Source;

/// What is wrong at a place, before it is joined to its file. Messages are lower-case fragments that quote neither
/// secrets nor people.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The bytes at fault.
    pub span: Range<usize>,
    /// `false` is a warning.
    pub fatal: bool,
    /// What is wrong.
    pub message: String,
    /// A few words under the offending text.
    pub label: Option<String>,
    /// What to do, or what was probably meant.
    pub hint: Option<String>,
    /// What the offending text should probably be.
    pub fix: Option<String>,
    /// Other places that have to do with it, each with a few words.
    pub also: Vec<(Range<usize>, String)>,
    /// This key of the table at `span` is not there, or none is (`""`). Left out where that only follows from another
    /// problem.
    pub absence: Option<String>,
}

impl Finding {
    /// With a few words under the offending text.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = Some(label.into());
        self
    }

    /// With what to do.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what to do, where that is known.
    pub fn hint_if(&mut self, hint: Option<String>) -> &mut Self {
        self.hint = hint.or(self.hint.take());
        self
    }

    /// With the text that should stand there instead, shown as a change.
    pub fn fix(&mut self, text: impl Into<String>) -> &mut Self {
        self.fix = Some(text.into());
        self
    }

    /// With another place.
    pub fn also(&mut self, span: Range<usize>, label: impl Into<String>) -> &mut Self {
        self.also.push((span, label.into()));
        self
    }

    /// It is about a key that is not there; `""` when it is about every key.
    pub fn absence(&mut self, key: &str) -> &mut Self {
        self.absence = Some(key.to_owned());
        self
    }
}

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Findings {
    /// All of it.
    pub all: Vec<Finding>,
    excused: Vec<(Range<usize>, String)>,
}

impl Findings {
    /// The file cannot be used like that.
    pub fn error(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.push(span, true, message.into())
    }

    /// The file can be used, and is probably not what was meant.
    pub fn warning(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.push(span, false, message.into())
    }

    /// That key of the table at `table` was there, and is in another finding; `""` is the whole table.
    pub fn excuse(&mut self, table: Range<usize>, key: impl Into<String>) {
        self.excused.push((table, key.into()));
    }

    /// That key of the table at `table` is in another finding.
    pub fn is_excused(&self, table: &Range<usize>, key: &str) -> bool {
        self.excused.iter().any(|(at, excused)| at == table && excused == key)
    }

    /// The findings without those that only follow from others.
    pub fn into_causes(self) -> Vec<Finding> {
        let Self { all, excused } = self;
        let follows = |finding: &Finding| {
            finding.absence.as_ref().is_some_and(|missing| {
                let covers = |key: &String| key == missing || key.is_empty() || missing.is_empty();
                excused.iter().any(|(table, key)| *table == finding.span && covers(key))
            })
        };
        all.into_iter().filter(|finding| !follows(finding)).collect()
    }

    /// Something fatal was found since there were so many.
    pub fn fatal_since(&self, before: usize) -> bool {
        self.all[before..].iter().any(|finding| finding.fatal)
    }

    fn push(&mut self, span: Range<usize>, fatal: bool, message: String) -> &mut Finding {
        self.all.push(Finding {
            span,
            fatal,
            message,
            label: None,
            hint: None,
            fix: None,
            also: Vec::new(),
            absence: None,
        });
        let last = self.all.len() - 1;
        &mut self.all[last]
    }
}

/// One problem of a file. `Display` is how `check` prints it: place, offending text, hint. Literal secrets are masked.
#[derive(Clone, Debug)]
pub struct Problem {
    source: Arc<Source>,
    finding: Finding,
}

/// How serious a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The config cannot be used.
    Error,
    /// It can be used, and is probably not what was meant.
    Warning,
}

/// A [`Problem`] as `check --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// The file.
    pub file: String,
    /// From 1; `None` when the problem is the file itself.
    pub line: Option<usize>,
    /// From 1, in Unicode scalar values.
    pub column: Option<usize>,
    /// How serious it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The first line of the offending text, secrets masked.
    pub text: String,
}

impl Problem {
    /// Joins a finding to its file.
    #[must_use]
    pub fn new(source: Arc<Source>, finding: Finding) -> Self {
        Self { source, finding }
    }

    /// How serious it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        if self.finding.fatal { Severity::Error } else { Severity::Warning }
    }

    /// For machines.
    #[must_use]
    pub fn entry(&self) -> Entry {
        let position = self.source.position(self.finding.span.start);
        Entry {
            file: self.source.path.clone(),
            line: position.map(|at| at.line),
            column: position.map(|at| at.column),
            severity: self.severity(),
            message: self.finding.message.clone(),
            hint: self.finding.hint.clone(),
            text: self.source.excerpt(self.finding.span.clone()),
        }
    }

    /// One line for a log: place, what is wrong, what to do. Unlike `Display` it shows nothing of the file.
    #[must_use]
    pub fn log_line(&self) -> String {
        let Entry { file, line, column, message, hint, .. } = self.entry();
        let place = match (line, column) {
            (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
            _ => file,
        };
        match hint {
            Some(hint) => format!("{place}: {message} ({hint})"),
            None => format!("{place}: {message}"),
        }
    }

    /// As a compiler would print it; in colour on a terminal.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let Finding { span, fatal, message, label, hint, fix, also, .. } = &self.finding;
        let level = if *fatal { Level::ERROR } else { Level::WARNING };
        let title = level.primary_title(message);
        let Some(shown) = self.source.shown() else {
            let mut group =
                Group::with_title(title).element(annotate_snippets::Origin::path(self.source.path.as_str()));
            if let Some(hint) = hint {
                group = group.element(Level::HELP.message(hint));
            }
            return renderer.render(&[group]);
        };
        let primary = AnnotationKind::Primary.span(self.source.visible(span.clone())).label(label.as_deref());
        let others = also.iter().map(|(span, label)| {
            AnnotationKind::Context.span(self.source.visible(span.clone())).label(Some(label.as_str()))
        });
        let snippet = Snippet::source(shown).path(self.source.path.as_str()).annotation(primary).annotations(others);
        let mut groups = vec![Group::with_title(title).element(snippet)];
        match (hint, fix) {
            (Some(hint), Some(fix)) => groups.push(
                Level::HELP
                    .secondary_title(hint)
                    .element(Snippet::source(shown).patch(Patch::new(span.clone(), fix.as_str()))),
            ),
            (Some(hint), None) => {
                groups = groups.into_iter().map(|group| group.element(Level::HELP.message(hint))).collect();
            }
            (None, _) => {}
        }
        renderer.render(&groups)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.render(false))
    }
}
