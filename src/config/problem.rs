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
    /// Something is not there. After a syntax error that proves little, and is left out.
    pub absence: bool,
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

    /// It is about something that is not there.
    pub fn absence(&mut self) -> &mut Self {
        self.absence = true;
        self
    }
}

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// The file cannot be used like that.
    pub fn error(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.push(span, true, message.into())
    }

    /// The file can be used, and is probably not what was meant.
    pub fn warning(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.push(span, false, message.into())
    }

    fn push(&mut self, span: Range<usize>, fatal: bool, message: String) -> &mut Finding {
        self.0.push(Finding {
            span,
            fatal,
            message,
            label: None,
            hint: None,
            fix: None,
            also: Vec::new(),
            absence: false,
        });
        let last = self.0.len() - 1;
        &mut self.0[last]
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

    /// For machines.
    #[must_use]
    pub fn entry(&self) -> Entry {
        let position = self.source.position(self.finding.span.start);
        Entry {
            file: self.source.path.clone(),
            line: position.map(|at| at.line),
            column: position.map(|at| at.column),
            severity: if self.finding.fatal { Severity::Error } else { Severity::Warning },
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
