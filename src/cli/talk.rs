//! `status`, `held`: what talks to the running service, through its admin socket.

use std::fmt::Write as _;
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

use super::paint::{Paint, Style};
use super::{Global, HeldAction, HeldArgs, complain, misused, overrides, print};
use crate::admin::{Fault, HeldView, Released};
use crate::app::Status;

/// `listen.socket` of a config that does not say.
const SOCKET: &str = "/run/afterhours/admin.sock";

/// The service answers within 10 seconds, or says that it could not.
const PATIENCE: Duration = Duration::from_secs(12);

pub fn status(global: &Global) -> ExitCode {
    answer(global, Method::GET, "/api/v1/status", None, |status: &Status| show_status(status, Paint::of_stdout()))
}

pub fn held(global: &Global, args: &HeldArgs) -> ExitCode {
    match args.action {
        Some(HeldAction::Release) => {
            answer(global, Method::POST, "/api/v1/held/release", None, |released: &Released| match released.released {
                0 => "Nothing is held.\n".to_owned(),
                1 => "The notice of 1 message is on its way.\n".to_owned(),
                many => format!("The notices of {many} messages are on their way.\n"),
            })
        }
        None => {
            let zone = zone(global);
            let show = |rows: &Vec<HeldView>| show_held(rows, all_held(global, rows.len()), zone, Paint::of_stdout());
            answer(global, Method::GET, "/api/v1/held", None, show)
        }
    }
}

/// How many messages are held: the service lists some of them, and counts them all.
fn all_held(global: &Global, listed: usize) -> usize {
    let status = ask(&socket(&global.config), Method::GET, "/api/v1/status", None).ok();
    let status: Option<Status> = status.and_then(|status| serde_json::from_str(&status).ok());
    status.and_then(|status| usize::try_from(status.held).ok()).unwrap_or_default().max(listed)
}

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
        return print(&format!("{}\n", text.trim_end()));
    }
    match serde_json::from_str(&text) {
        Ok(answer) => print(&show(&answer)),
        Err(_) => complain("the service is of another version: restart it after an upgrade"),
    }
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
fn zone(global: &Global) -> Tz {
    let named = table(&global.config).and_then(|table| table.get("owner")?.get("timezone")?.as_str()?.parse().ok());
    named.unwrap_or(Tz::UTC)
}

fn table(config: &Path) -> Option<toml::Table> {
    std::fs::read_to_string(config).ok()?.parse().ok()
}

fn show_status(status: &Status, paint: Paint) -> String {
    let zone = status.timezone.parse().unwrap_or(Tz::UTC);
    let now = status.at.with_timezone(&zone);
    let mut text = String::new();
    let title = format!("afterhours {}", status.version);
    let _ = writeln!(text, "{}   {} ({zone})\n", paint.with(Style::Bold, &title), now.format("%a %-d %b %Y, %H:%M"));
    let width = status.hours.iter().map(|hours| hours.name.chars().count()).max().unwrap_or_default().max(8);
    for hours in &status.hours {
        let state = if hours.open { paint.with(Style::In, "open") } else { paint.with(Style::Owner, "closed") };
        let until = hours.until.map_or_else(
            || ", and no change is in sight".to_owned(),
            |until| format!(" until {}", shown(until, status.at, zone)),
        );
        let label = hours.label.as_deref().map(|label| format!(": {}", plain(label))).unwrap_or_default();
        let why = match hours.why.as_str() {
            "hours" => label,
            // the owner's word, which may open as well
            "away" if hours.open => "by your word".to_owned(),
            why => format!("{why}{label}"),
        };
        let why = why.trim_start_matches(": ");
        let why = if why.is_empty() { String::new() } else { paint.with(Style::Dim, &format!("  ({why})")) };
        let _ = writeln!(text, "  {:width$}  {state}{until}{why}", hours.name);
    }
    for (when, what) in overrides::lines(&status.overrides, status.at, zone) {
        let _ = writeln!(text, "  {when:width$}  {what}");
    }
    text.push('\n');
    let line = |text: &mut String, name: &str, count: u64, what: &str| {
        let _ = writeln!(text, "  {name:width$}  {count} {what}");
    };
    line(
        &mut text,
        "held",
        status.held,
        if status.held == 1 { "notice waits for an opening" } else { "notices wait for an opening" },
    );
    line(
        &mut text,
        "waiting",
        status.waiting,
        if status.waiting == 1 { "send is on its way" } else { "sends are on their way" },
    );
    line(&mut text, "kept", status.messages, if status.messages == 1 { "message" } else { "messages" });
    if status.unknown > 0 {
        let what = if status.unknown == 1 {
            "reply may or may not have arrived, and is not repeated"
        } else {
            "replies may or may not have arrived, and are not repeated"
        };
        line(&mut text, "unknown", status.unknown, what);
    }
    if status.dead > 0 {
        let what = if status.dead == 1 { "send failed for good" } else { "sends failed for good" };
        line(&mut text, "given up", status.dead, what);
    }
    for down in &status.down {
        let down = format!("{} is down: {}", down.name, down.reason);
        let _ = writeln!(text, "\n  {}", paint.with(Style::Bad, &down));
    }
    text
}

fn show_held(rows: &[HeldView], all: usize, zone: Tz, paint: Paint) -> String {
    if rows.is_empty() {
        return "Nothing is held.\n".to_owned();
    }
    let mut text = match rows.len() {
        listed if listed < all => format!("{all} messages are held; the oldest {listed} of them:\n"),
        1 => "1 message is held:\n".to_owned(),
        many => format!("{many} messages are held, oldest first:\n"),
    };
    for row in rows {
        let (name, address, words) = row.said.as_ref().map_or(("", "", ""), |said| {
            (said.name.as_str(), said.from.first().map_or("", String::as_str), said.text.as_str())
        });
        let who = if name.is_empty() { plain(address) } else { format!("{} {}", plain(name), plain(address)) };
        let received = row.received_at.with_timezone(&zone).format("%a %-d %b, %H:%M");
        let line = if row.line == "default" { String::new() } else { format!(", line {}", plain(&row.line)) };
        let _ = writeln!(
            text,
            "\n{}   {}",
            paint.with(Style::Bold, &who),
            paint.with(Style::Dim, &format!("{received}, {}{line}, message {}", row.channel, row.id))
        );
        if words.trim().is_empty() {
            let _ = writeln!(text, "  [{}]", row.kind);
        }
        for line in words.lines() {
            let _ = writeln!(text, "  {}", plain(line));
        }
        let due = match row.due_at {
            Some(due) => format!("you are told on {}", due.with_timezone(&zone).format("%a %-d %b, %H:%M")),
            None if row.given_up => "its notice was given up: `afterhours held release` tries again".to_owned(),
            None => "you are told when an opening is known".to_owned(),
        };
        let reply = row
            .reply
            .as_deref()
            .map_or_else(|| "no reply".to_owned(), |reply| format!("reply `{reply}`: {}", row.reply_state));
        // why it was decided so is not why it failed, or was taken back
        let as_decided = row.reply.is_none() || matches!(row.reply_state.as_str(), "waiting" | "sent");
        let because = row.because.last().filter(|_| as_decided);
        let because = because.map(|because| format!(" ({})", plain(because))).unwrap_or_default();
        let reply = reply + &because;
        let _ = writeln!(text, "  {}", paint.with(Style::Dim, &format!("{reply}; {due} ({})", row.sinks.join(", "))));
    }
    text
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
    use crate::admin::Said;
    use crate::app::HoursStatus;
    use crate::hours::Override;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_status_reads_well() {
        let hours = |name: &str, open, why: &str, label: Option<&str>, until: Option<&str>| HoursStatus {
            name: name.to_owned(),
            open,
            why: why.to_owned(),
            label: label.map(str::to_owned),
            until: until.map(at),
        };
        let over = |open, from, until, reply: Option<&str>| Override {
            open,
            from: at(from),
            until: at(until),
            reply: reply.map(str::to_owned),
        };
        let status = Status {
            version: "1.2.3".to_owned(),
            at: at("2026-11-24T20:00:00Z"),
            timezone: "America/Tegucigalpa".to_owned(),
            hours: vec![
                hours("office", true, "hours", None, Some("2026-11-24T23:00:00Z")),
                hours("studio", false, "holiday", Some("Day of the Army"), Some("2026-11-25T14:00:00Z")),
                hours("never", false, "hours", None, None),
                hours("late", true, "away", None, Some("2026-11-25T04:30:00Z")),
            ],
            overrides: vec![
                over(false, "2026-11-24T14:00:00Z", "2026-11-25T02:00:00Z", Some("vacation")),
                over(true, "2026-11-25T02:00:00Z", "2026-11-25T04:30:00Z", None),
                over(false, "2026-12-24T18:00:00Z", "2027-01-02T14:00:00Z", None),
            ],
            messages: 12,
            held: 1,
            waiting: 0,
            unknown: 2,
            dead: 0,
            down: vec![crate::app::DownStatus { name: "work".to_owned(), reason: "HTTP status 401".to_owned() }],
        };
        let shown = "\
afterhours 1.2.3   Tue 24 Nov 2026, 14:00 (America/Tegucigalpa)

  office    open until 17:00
  studio    closed until Wed 25 Nov, 08:00  (holiday: Day of the Army)
  never     closed, and no change is in sight
  late      open until 22:30  (by your word)
  now       away until 20:00, reply `vacation`
  then      open until 22:30
  planned   away from Thu 24 Dec, 12:00 until Sat 2 Jan 2027, 08:00, reply `away`

  held      1 notice waits for an opening
  waiting   0 sends are on their way
  kept      12 messages
  unknown   2 replies may or may not have arrived, and are not repeated

  work is down: HTTP status 401
";
        assert_eq!(show_status(&status, Paint::default()), shown);
    }

    #[test]
    fn one_of_a_kind_is_told_in_the_singular() {
        let status = Status {
            version: "1.2.3".to_owned(),
            at: at("2026-11-24T20:00:00Z"),
            timezone: "UTC".to_owned(),
            hours: Vec::new(),
            overrides: Vec::new(),
            messages: 1,
            held: 1,
            waiting: 1,
            unknown: 1,
            dead: 1,
            down: Vec::new(),
        };
        let shown = show_status(&status, Paint::default());
        for line in [
            "  unknown   1 reply may or may not have arrived, and is not repeated\n",
            "  given up  1 send failed for good\n",
        ] {
            assert!(shown.contains(line), "{shown}");
        }
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

    #[test]
    fn what_is_held_reads_well_and_cannot_steer_the_terminal() {
        let row = HeldView {
            given_up: false,
            id: 1,
            channel: "work".to_owned(),
            line: "default".to_owned(),
            received_at: at("2026-11-24T01:30:00Z"),
            due_at: Some(at("2026-11-24T14:00:00Z")),
            sinks: vec!["phone".to_owned(), "mail".to_owned()],
            kind: "text".to_owned(),
            reply: Some("closed".to_owned()),
            reply_state: "sent".to_owned(),
            because: vec!["closed: hours".to_owned(), "first in this closed period".to_owned()],
            said: Some(Said {
                from: vec!["+50499990001".to_owned()],
                name: "Ana L\u{1b}[2Jópez".to_owned(),
                text: "are you open?\nI need \u{9b}31mhelp".to_owned(),
            }),
        };
        let picture = HeldView {
            kind: "media".to_owned(),
            reply: None,
            because: vec!["closed: hours".to_owned(), "older than max_age".to_owned()],
            due_at: None,
            said: Some(Said { from: vec!["telegram:5".to_owned()], name: String::new(), text: String::new() }),
            ..row.clone()
        };
        let rows = [row, picture];
        let text = show_held(&rows, 2, chrono_tz::America::Tegucigalpa, Paint::default());
        let more = show_held(&rows, 21, chrono_tz::America::Tegucigalpa, Paint::default());
        assert!(more.starts_with("21 messages are held; the oldest 2 of them:\n\nAna "), "{more}");
        assert!(!text.contains(['\u{1b}', '\u{9b}']));
        let shown = "\
2 messages are held, oldest first:

Ana L\u{fffd}[2Jópez +50499990001   Mon 23 Nov, 19:30, work, message 1
  are you open?
  I need \u{fffd}31mhelp
  reply `closed`: sent (first in this closed period); you are told on Tue 24 Nov, 08:00 (phone, mail)

telegram:5   Mon 23 Nov, 19:30, work, message 1
  [media]
  no reply (older than max_age); you are told when an opening is known (phone, mail)
";
        assert_eq!(text, shown);
    }
}
