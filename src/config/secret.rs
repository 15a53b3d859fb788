//! A secret that cannot be printed.

use secrecy::{ExposeSecret, SecretString};

/// A secret of the config, resolved. `Debug` is redacted, and it is wiped when it goes.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes it.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(SecretString::from(secret.into()))
    }

    /// The secret itself, for the one place that proves or presents it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
