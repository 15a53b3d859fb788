//! `[listen]`.

use std::net::{Ipv4Addr, SocketAddr};
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
    let public_url = match &keys.public_url {
        Some(written) => Some(public(written, desk)?),
        None => None,
    };
    Some(Listen { hooks: hooks?, admin: admin?, socket: socket?, public_url })
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
    let url = url::read(written, desk)?;
    if url.query().is_some() {
        desk.findings.error(written.span(), "this URL must not have a query").hint("take away the ? and what follows");
        return None;
    }
    if url.scheme() == "http" && !matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) {
        desk.findings
            .warning(written.span(), "the providers would send your clients' messages unencrypted")
            .hint("put a reverse proxy with TLS before it, and write https://");
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}
