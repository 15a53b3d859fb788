//! Colours, where they are wanted.

use std::io::IsTerminal;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Comes in.
    In,
    /// Goes out.
    Out,
    /// For the owner.
    Owner,
    /// Wrong.
    Bad,
    /// Important.
    Bold,
    /// Beside the point.
    Dim,
}

/// Colours or none (the default).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint(bool);

impl Paint {
    /// Colours when standard output is a terminal and `NO_COLOR` (no-color.org) is not set.
    #[must_use]
    pub fn of_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(std::io::stdout().is_terminal() && !unwanted)
    }

    /// Colours.
    #[must_use]
    pub fn is_on(self) -> bool {
        self.0
    }

    /// The text in its style.
    #[must_use]
    pub fn with(self, style: Style, text: &str) -> String {
        if !self.0 {
            return text.to_owned();
        }
        let code = match style {
            Style::In => "36;1",
            Style::Out => "32;1",
            Style::Owner => "33;1",
            Style::Bad => "31;1",
            Style::Bold => "1",
            Style::Dim => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
