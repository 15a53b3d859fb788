//! The sockets: those that systemd hands over, or our own.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener as StdListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener, UnixStream};

use super::Failure;

/// Sockets that systemd has opened for us (`FileDescriptorName=` in the socket unit).
#[derive(Debug, Default)]
pub struct Inherited {
    /// `hooks`.
    pub hooks: Option<StdListener>,
    /// `admin`.
    pub admin: Option<StdListener>,
}

impl Inherited {
    /// Takes them out of the environment. To be called before there is another thread.
    ///
    /// # Errors
    /// When a socket has another name, or is none for TCP.
    pub fn take() -> io::Result<Self> {
        // sd_notify knows the names, and listenfd makes sockets of the numbers without unsafe code of ours
        let names: Vec<String> = sd_notify::listen_fds_with_names()?.map(|(_, name)| name).collect();
        let mut inherited = Self::default();
        if names.is_empty() {
            return Ok(inherited);
        }
        let mut sockets = ListenFd::from_env();
        for (index, name) in names.iter().enumerate() {
            let place = match name.as_str() {
                "hooks" => &mut inherited.hooks,
                "admin" => &mut inherited.admin,
                _ => {
                    let problem =
                        format!("systemd handed over a socket named `{name}`; use FileDescriptorName=hooks or admin");
                    return Err(io::Error::new(ErrorKind::InvalidInput, problem));
                }
            };
            *place = sockets.take_tcp_listener(index)?;
        }
        Ok(inherited)
    }
}

/// The file of the admin socket: it goes when this is dropped.
pub struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // a next start replaces it anyway
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Listens at an address of the config, or on what systemd handed over for it.
pub async fn tcp(
    key: &'static str,
    address: SocketAddr,
    inherited: Option<StdListener>,
) -> Result<TcpListener, Failure> {
    let by_systemd = inherited.is_some();
    let listener = match inherited {
        Some(listener) => listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener)),
        None => TcpListener::bind(address).await,
    };
    let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (local, listener) = bound.map_err(|error| Failure::Listen { key, address: address.to_string(), error })?;
    let whose = if by_systemd { ", on systemd's socket" } else { "" };
    tracing::info!("listening on http://{local} ({key}{whose})");
    if key == "listen.admin" && !local.ip().is_loopback() {
        tracing::warn!("{key} is reachable from other machines, and asks nobody who they are");
    }
    Ok(listener)
}

/// Listens on a Unix socket that only this user (and root) can open. A file that a crash left behind is replaced.
pub async fn unix(key: &'static str, path: &Path) -> Result<(UnixListener, SocketFile), Failure> {
    let opened = match UnixStream::connect(path).await {
        Ok(_) => Err(ErrorKind::AddrInUse.into()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => open_unix(path),
        Err(error) => Err(error),
    };
    let listener = opened.map_err(|error| Failure::Listen { key, address: path.display().to_string(), error })?;
    tracing::info!("listening on {} ({key})", path.display());
    Ok((listener, SocketFile(path.to_owned())))
}

/// Under another name first: nobody may reach it before its mode is set.
fn open_unix(path: &Path) -> io::Result<UnixListener> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    if let Err(error) = std::fs::remove_file(&new)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error);
    }
    let listener = UnixListener::bind(&new)?;
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&new, path)?;
    Ok(listener)
}

/// What to do about a socket that cannot be had.
pub fn remedy(key: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            format!("another program has it, perhaps afterhours itself: stop that, or change {key}")
        }
        ErrorKind::AddrNotAvailable => format!("this machine has no such address: change {key}"),
        ErrorKind::PermissionDenied => format!("this user may not: change {key}, or run as another user"),
        ErrorKind::NotFound => format!("make its directory, or change {key}"),
        _ => format!("change {key}"),
    }
}
