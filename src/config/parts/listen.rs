//! `[listen]`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::Listen;
use super::super::desk::Desk;
use super::super::url;
use super::tables::Table;

/// The default of `hooks`.
const HOOKS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);
/// The default of `admin`.
const ADMIN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8788);
/// The default of `socket`: systemd's `RuntimeDirectory=afterhours`.
const SOCKET: &str = "/run/afterhours/admin.sock";

/// Where the service listens.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// What the providers reach, through your reverse proxy: `POST /in/<channel>` and nothing else.
    /// Default: `127.0.0.1:8787`.
    #[serde(default)]
    #[schemars(with = "String")]
    hooks: Option<Spanned<String>>,
    /// Health, metrics and API; keep it on loopback. Default: `127.0.0.1:8788`.
    #[serde(default)]
    #[schemars(with = "String")]
    admin: Option<Spanned<String>>,
    /// The Unix socket that the commands (`status`, `held`, `away` …) talk to.
    /// Default: `/run/afterhours/admin.sock`.
    #[serde(default)]
    #[schemars(with = "String")]
    socket: Option<Spanned<String>>,
    /// The hooks side as the providers see it, such as `https://hooks.example.org`.
    #[serde(default)]
    #[schemars(with = "String")]
    public_url: Option<Spanned<String>>,
    /// The admin side as your own devices reach it, through a VPN or a proxy that asks who you are, such as
    /// `https://office.example.ts.net`: with it the digest has a link for each person that was promised an answer, which notes
    /// that you have given it. Nothing but `/done/` need be reached there.
    #[serde(default)]
    #[schemars(with = "String")]
    admin_url: Option<Spanned<String>>,
}

/// Reads the table; there need be none.
pub fn read(table: Option<Table<'_>>, desk: &mut Desk) -> Option<Listen> {
    let keys: Keys = table.map(|table| table.read(desk)).unwrap_or_default();
    let hooks = address(keys.hooks.as_ref(), HOOKS, desk);
    let admin = address(keys.admin.as_ref(), ADMIN, desk);
    if let (Some(written), Some(admin)) = (&keys.admin, admin)
        && !admin.ip().is_loopback()
    {
        desk.findings
            .warning(written.span(), "the admin side is not on loopback: whoever reaches it sees what you are sent")
            .hint("use 127.0.0.1 and reach it through SSH, or see that a firewall stands before it");
    }
    if hooks.is_some() && hooks == admin && hooks.is_some_and(|address| address.port() != 0) {
        let written = keys.admin.as_ref().or(keys.hooks.as_ref());
        let span = written.map_or(0..0, Spanned::span);
        desk.findings.error(span, "hooks and admin need an address each").hint("give one of them another port");
    }
    let socket = socket(keys.socket.as_ref(), desk);
    let public_url = keys.public_url.as_ref().map_or(Some(None), |written| public(written, desk).map(Some));
    let admin_url = keys.admin_url.as_ref().map_or(Some(None), |written| admin_side(written, desk).map(Some));
    Some(Listen { hooks: hooks?, admin: admin?, socket: socket?, public_url: public_url?, admin_url: admin_url? })
}

fn address(written: Option<&Spanned<String>>, default: SocketAddr, desk: &mut Desk) -> Option<SocketAddr> {
    let Some(written) = written else { return Some(default) };
    let text = written.get_ref().trim();
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let port_alone = text.trim_start_matches(':').parse::<u16>().ok();
    let hint = match (port_alone, text.strip_prefix("localhost:")) {
        (Some(port), _) => format!("did you mean `127.0.0.1:{port}`?"),
        (_, Some(port)) => format!("did you mean `127.0.0.1:{port}`?"),
        _ => "write an IP address and a port: `127.0.0.1:8787`, `[::1]:8787`".to_owned(),
    };
    desk.findings.error(written.span(), "this is not an address to listen on").hint(hint);
    None
}

fn socket(written: Option<&Spanned<String>>, desk: &mut Desk) -> Option<PathBuf> {
    // the longest path that fits into sockaddr_un (unix(7)), without its final zero
    const LONGEST: usize = 107;
    let Some(written) = written else { return Some(PathBuf::from(SOCKET)) };
    let path = PathBuf::from(written.get_ref());
    let (message, hint) = if !path.is_absolute() {
        ("the path of the socket must be absolute", "write it from the root: `/run/afterhours/admin.sock`")
    } else if written.get_ref().len() > LONGEST {
        ("the path of a socket has 107 bytes at most", "choose a shorter one")
    } else {
        return Some(path);
    };
    desk.findings.error(written.span(), message).hint(hint);
    None
}

fn public(written: &Spanned<String>, desk: &mut Desk) -> Option<String> {
    let url = base(written, desk)?;
    if url.scheme() == "http" && !matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) {
        desk.findings
            .warning(written.span(), "the providers would send your clients' messages unencrypted")
            .hint("put a reverse proxy with TLS before it, and write https://");
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn admin_side(written: &Spanned<String>, desk: &mut Desk) -> Option<String> {
    let url = base(written, desk)?;
    if url.scheme() == "http" {
        if !is_near(url.host_str().unwrap_or_default()) {
            desk.findings
                .error(written.span(), "links to there would go over the internet unencrypted")
                .hint("write https://, with a VPN that gives its machines certificates or a reverse proxy before it");
            return None;
        }
        desk.findings
            .warning(written.span(), "the links of your notices go unencrypted")
            .hint("fine within a VPN that encrypts; anywhere else write https://");
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// What paths are added to.
fn base(written: &Spanned<String>, desk: &mut Desk) -> Option<reqwest::Url> {
    let url = url::read(written, desk)?;
    if url.query().is_some() {
        desk.findings.error(written.span(), "this URL must not have a query").hint("take away the ? and what follows");
        return None;
    }
    Some(url)
}

/// The host is this machine or in a network of one's own: a private address (RFC 1918, 4193, 3927; RFC 6598, which VPNs use
/// too), or a name that no public server has (RFC 6761, 6762, 8375, and `internal`).
fn is_near(host: &str) -> bool {
    match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && second & 0b1100_0000 == 64;
            address.is_loopback() || address.is_private() || address.is_link_local() || shared
        }
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            let own = [".localhost", ".local", ".internal", ".home.arpa"];
            !host.contains('.') || own.iter().any(|end| host.ends_with(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_what_no_stranger_is_between() {
        for (host, near) in [
            ("localhost", true),
            ("office", true),
            ("office.local", true),
            ("office.home.arpa", true),
            ("127.0.0.1", true),
            ("[::1]", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("192.168.1.7", true),
            ("169.254.3.4", true),
            ("100.64.0.1", true), // Tailscale and its like
            ("100.127.255.255", true),
            ("[fd7a:115c:a1e0::1]", true),
            ("[fe80::1]", true),
            ("100.128.0.1", false),
            ("100.63.0.1", false),
            ("172.32.0.1", false),
            ("8.8.8.8", false),
            ("[2001:db8::1]", false),
            ("office.example.org", false),
            ("local.example.org", false),
        ] {
            assert_eq!(is_near(host), near, "{host}");
        }
    }
}
