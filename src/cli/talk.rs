//! How a command asks the running service, through its admin socket, and how it shows what others wrote.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;

use super::{Global, complain, escaped, misused, print};
use crate::admin::Fault;
use crate::app::Status;
use crate::hours::Override;
use crate::language::text::shorten;

/// `listen.socket` of a config that does not say.
const SOCKET: &str = "/run/afterhours/admin.sock";

/// The service answers within 10 seconds, or says that it could not.
const PATIENCE: Duration = Duration::from_secs(12);

/// Asks the service and shows what it says, or why not.
pub(super) fn answer<T: DeserializeOwned>(
    global: &Global,
    method: Method,
    path: &str,
    body: Option<Vec<u8>>,
    show: impl FnOnce(&T) -> String,
) -> ExitCode {
    let text = match ask(&socket(&global.config), method, path, body) {
        Ok(text) => text,
        Err(Unanswered::Misused(problem)) => return misused(&problem),
        Err(Unanswered::Failed(problem)) => return complain(&problem),
    };
    if global.json {
        return print(&format!("{}\n", escaped(text.trim_end())));
    }
    match serde_json::from_str(&text) {
        Ok(answer) => print(&show(&answer)),
        Err(_) => complain("the service is of another version: restart it after an upgrade"),
    }
}

/// What the service says to a question beside the point: without an answer it is done without.
pub(super) fn aside<T: DeserializeOwned>(global: &Global, path: &str) -> Option<T> {
    let text = ask(&socket(&global.config), Method::GET, path, None).ok()?;
    serde_json::from_str(&text).ok()
}

/// Tells the service something that it does well to know; one that does not run need not be told.
pub(super) fn tell(global: &Global, path: &str) {
    let _ = ask(&socket(&global.config), Method::POST, path, None);
}

/// What the owner has said over the hours, from now on; `None` when the service cannot be asked.
pub(super) fn said(global: &Global) -> Option<Vec<Override>> {
    let status: Status = aside(global, "/api/v1/status")?;
    Some(status.overrides)
}

/// Why there is no answer: a sentence.
enum Unanswered {
    /// The service does not take what it was asked.
    Misused(String),
    /// It cannot be asked, or could not do it.
    Failed(String),
}

impl From<String> for Unanswered {
    fn from(problem: String) -> Self {
        Self::Failed(problem)
    }
}

/// One question. The answer is JSON.
fn ask(socket: &Path, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<String, Unanswered> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let asked = async { tokio::time::timeout(PATIENCE, exchange(socket, method, path, body)).await };
    runtime.block_on(asked).unwrap_or_else(|_| Err("the service does not answer".to_owned().into()))
}

async fn exchange(socket: &Path, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<String, Unanswered> {
    let stream = UnixStream::connect(socket).await.map_err(|error| unreachable(socket, &error))?;
    let broken = |error: hyper::Error| format!("the service broke off: {error}");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "afterhours")
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.unwrap_or_default())))
        .map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await.map_err(broken)?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(broken)?.to_bytes();
    let text = String::from_utf8_lossy(&body).into_owned();
    if status.is_success() {
        return Ok(text);
    }
    let fault =
        serde_json::from_str(&text).map_or_else(|_| format!("the service says {status}"), |Fault { error }| error);
    Err(if status == StatusCode::BAD_REQUEST { Unanswered::Misused(fault) } else { Unanswered::Failed(fault) })
}

fn unreachable(socket: &Path, error: &std::io::Error) -> String {
    let socket = socket.display();
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused => {
            format!("the service is not running (nobody listens on {socket}); start it: systemctl start afterhours")
        }
        std::io::ErrorKind::PermissionDenied => {
            format!("this user may not open {socket}: ask as root (sudo), or as the user the service runs as")
        }
        _ => format!("{socket}: {error}"),
    }
}

/// `listen.socket` of the file. Whatever else is wrong with the file, the service runs on with an older one, and this is
/// when its status is wanted most.
fn socket(config: &Path) -> PathBuf {
    let named = table(config).and_then(|table| Some(table.get("listen")?.get("socket")?.as_str()?.to_owned()));
    named.unwrap_or_else(|| SOCKET.to_owned()).into()
}

/// The owner's zone, for showing times.
pub(super) fn zone(global: &Global) -> Tz {
    let named = table(&global.config).and_then(|table| table.get("owner")?.get("timezone")?.as_str()?.parse().ok());
    named.unwrap_or(Tz::UTC)
}

fn table(config: &Path) -> Option<toml::Table> {
    std::fs::read_to_string(config).ok()?.parse().ok()
}

/// A time in a zone; the day is left out when it is the same, the year when it is.
pub(super) fn shown(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let (at, now) = (at.with_timezone(&zone), now.with_timezone(&zone));
    let form = if at.date_naive() == now.date_naive() {
        "%H:%M"
    } else if at.year() == now.year() {
        "%a %-d %b, %H:%M"
    } else {
        "%a %-d %b %Y, %H:%M"
    };
    at.format(form).to_string()
}

/// What others wrote, without what would steer the terminal or turn its line around. Letters of every script stay, and so
/// do the joiners that Persian, Hindi and pictures need (U+200C, U+200D).
pub(super) fn plain(text: &str) -> String {
    let seen = text.chars().filter(|sign| !is_invisible(*sign));
    seen.map(|sign| if sign.is_control() || is_line_break(sign) { '\u{fffd}' } else { sign }).collect()
}

/// So much of a message is shown, in Unicode scalar values: a screen or two.
const LONGEST_SHOWN: usize = 2000;

/// A longer name or address is cut (Unicode scalar values).
const LONGEST_NAME: usize = 200;

/// The lines of what somebody wrote, as far as a terminal shows them, and a word about the rest.
pub(super) fn lines(text: &str) -> Vec<String> {
    let (shown, rest) = text.split_at(text.char_indices().nth(LONGEST_SHOWN).map_or(text.len(), |(end, _)| end));
    let mut lines: Vec<_> = shown.lines().map(plain).collect();
    match rest.chars().count() {
        0 => {}
        1 => lines.push("… (1 more character: `--json` shows all)".to_owned()),
        more => lines.push(format!("… ({more} more characters: `--json` shows all)")),
    }
    lines
}

/// What is told of a send whose state the service gives in one word.
pub(super) fn fate(state: &str) -> &str {
    match state {
        "sending" => "is being sent",
        "unknown" => "may or may not have arrived",
        "dead" => "given up",
        state => state,
    }
}

/// A name or an address, on one line.
pub(super) fn name(text: &str) -> String {
    plain(&shorten(text, LONGEST_NAME))
}

fn is_line_break(sign: char) -> bool {
    matches!(sign, '\u{2028}' | '\u{2029}')
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9), spaces without width, and tags.
fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
            | '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_much_is_shown_and_the_rest_counted() {
        let text = |length: usize| "ö\u{1b}".repeat(length / 2);
        assert_eq!(lines(&text(2000)), ["ö\u{fffd}".repeat(1000)]);
        assert_eq!(lines(&(text(2000) + "b"))[1..], ["… (1 more character: `--json` shows all)"]);
        let long = lines(&text(4_000_000));
        assert_eq!(long[1..], ["… (3998000 more characters: `--json` shows all)"]);
        assert_eq!(long[0].chars().count(), 2000);
        // nor do many lines fill the terminal
        assert_eq!(lines(&"a\n".repeat(1_000_000)).len(), 1001);
        assert_eq!(lines("two\r\nlines\n"), ["two", "lines"]);
        assert!(lines("").is_empty());
        assert_eq!(name(&"n".repeat(1_000_000)).chars().count(), 200);
    }

    #[test]
    fn what_others_write_cannot_turn_the_line_around() {
        for (text, shown) in [
            ("cod\u{202e}eti", "codeti"),
            ("\u{2066}a\u{2069}\u{200b}\u{feff}\u{200f}", "a"),
            ("\u{61c}\u{2028}\u{e0041}", "\u{fffd}"),
            // letters of any script, what joins them and what joins pictures
            ("שלום مرحبا", "שלום مرحبا"),
            ("می\u{200c}خواهم 👩\u{200d}🔧 क\u{94d}\u{200d}ष", "می\u{200c}خواهم 👩\u{200d}🔧 क\u{94d}\u{200d}ष"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
