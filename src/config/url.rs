//! URLs of the config.

use toml::Spanned;

use super::desk::Desk;

/// Reads an absolute `http` or `https` URL without user, password and fragment, or notes why it is none. The messages
/// do not quote it: it may carry a token.
pub fn read(written: &Spanned<String>, desk: &mut Desk) -> Option<reqwest::Url> {
    let (message, hint) = match reqwest::Url::parse(written.get_ref()) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            ("this is neither an http nor an https URL", "it begins with https://")
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            ("a URL must not carry a user or password", "use the keys that the kind has for them")
        }
        Ok(url) if url.fragment().is_some() => {
            ("a URL here must not have a fragment", "take away the # and what follows")
        }
        Ok(url) => return Some(url),
        Err(_) => ("this is not a URL", "write it in full: https://host/path"),
    };
    desk.findings.error(written.span(), message).hint(hint);
    None
}
