//! The sentence: verify, parse, admit.

/// What a provider is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body; plain text, may be empty.
    pub body: String,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u32>,
}
