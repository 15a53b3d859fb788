//! Which mail server, and how it is spoken to.

use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
}

/// What stands between us and it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// STARTTLS, or nothing is sent.
    Required,
    /// The same machine: STARTTLS where it is offered, whatever the certificate, else in clear.
    Loopback,
}

/// The text names no mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoServer;

impl FromStr for Server {
    type Err = NoServer;

    /// `smtps://HOST[:PORT]`, `smtp://HOST[:PORT]` or `HOST[:PORT]`; without a scheme port 465 stands for `smtps`.
    fn from_str(text: &str) -> Result<Self, NoServer> {
        let text = text.trim();
        let bare = !text.contains("://");
        let url = if bare { Url::parse(&format!("smtp://{text}")) } else { Url::parse(text) };
        let url = url.map_err(|_| NoServer)?;
        let more = !url.username().is_empty() || url.password().is_some() || !matches!(url.path(), "" | "/");
        if more || url.query().is_some() || url.fragment().is_some() {
            return Err(NoServer);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(NoServer)?;
        let host = host.trim_matches(['[', ']']).to_lowercase();
        let implicit = match url.scheme() {
            "smtps" => true,
            "smtp" => bare && url.port() == Some(465),
            _ => return Err(NoServer),
        };
        let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let security = match (implicit, loopback) {
            (true, _) => Security::Implicit,
            (false, false) => Security::Required,
            (false, true) => Security::Loopback,
        };
        let port = url.port().unwrap_or(if implicit { 465 } else { 587 });
        Ok(Self { host, port, security })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_says_host_port_and_security() {
        use Security::{Implicit, Loopback, Required};
        let cases = [
            ("smtps://mail.example.org", Some(("mail.example.org", 465, Implicit))),
            ("smtps://mail.example.org:4650/", Some(("mail.example.org", 4650, Implicit))),
            ("smtp://mail.example.org", Some(("mail.example.org", 587, Required))),
            ("smtp://mail.example.org:25", Some(("mail.example.org", 25, Required))),
            ("Mail.Example.org", Some(("mail.example.org", 587, Required))),
            ("mail.example.org:465", Some(("mail.example.org", 465, Implicit))),
            ("mail.example.org:2525", Some(("mail.example.org", 2525, Required))),
            ("localhost:25", Some(("localhost", 25, Loopback))),
            ("smtp://127.0.0.1:1025", Some(("127.0.0.1", 1025, Loopback))),
            ("[::1]:25", Some(("::1", 25, Loopback))),
            ("smtps://localhost", Some(("localhost", 465, Implicit))),
            ("127.0.0.1.example.org:25", Some(("127.0.0.1.example.org", 25, Required))),
            ("http://mail.example.org", None),
            ("smtp://user:pass@mail.example.org", None),
            ("smtp://mail.example.org/path", None),
            ("smtp://mail.example.org?tls=no", None),
            ("mail.example.org:port", None),
            ("", None),
            ("smtps://", None),
        ];
        for (text, expected) in cases {
            let server = text.parse().ok().map(|Server { host, port, security }| (host, port, security));
            let expected = expected.map(|(host, port, security)| (host.to_owned(), port, security));
            assert_eq!(server, expected, "{text}");
        }
    }
}
