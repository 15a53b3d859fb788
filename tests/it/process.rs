//! The real binary: killed at the worst moment, with a clock that jumps, and read in every line it logs.
#![expect(clippy::expect_used, reason = "a test may")]

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::world::{OFFICE, Provider, graph, message, ntfy, signature};

const ANA: &str = "50499990001";
const MUM: &str = "50499990002";
const TEXT: &str = "¿Está usted ahí? Es por la cita.";

/// Longest wait for anything; reached only when the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A service of its own: folder, ports, log.
struct Machine {
    folder: tempfile::TempDir,
    hooks: SocketAddr,
    admin: SocketAddr,
    running: Option<Child>,
}

impl Machine {
    fn new(graph: &str, ntfy: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (hooks, admin) = (free(), free());
        let path = folder.path().display();
        let config =
            OFFICE.replace("{dir}", &path.to_string()).replace("{graph}", graph).replace("{ntfy}", ntfy).replace(
                "[store]",
                &format!(
                    "[listen]\nhooks = \"{hooks}\"\nadmin = \"{admin}\"\nsocket = \"{path}/admin.sock\"\n\n[store]"
                ),
            );
        let file = folder.path().join("afterhours.toml");
        std::fs::write(&file, config).expect("a file");
        Self { folder, hooks, admin, running: None }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("afterhours.toml")
    }

    /// Starts it, with these arguments and variables, and waits until it answers.
    fn start(&mut self, arguments: &[&str], variables: &[(&str, &str)]) {
        let log = File::options().create(true).append(true).open(self.log_path()).expect("a log");
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("afterhours"));
        command.arg("run").arg("--config").arg(self.config()).args(arguments);
        command.env("AFTERHOURS_LOG", "trace").envs(variables.iter().copied());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("starts");
        self.running = Some(child);
        let begun = Instant::now();
        while get(self.admin, "/healthz") != Some(200) {
            let over = self.running.as_mut().expect("runs").try_wait().expect("a state");
            assert!(over.is_none() && begun.elapsed() < PATIENCE, "{over:?}: {}", self.log());
            std::thread::yield_now();
        }
    }

    /// `kill -9`.
    fn kill(&mut self) {
        let mut child = self.running.take().expect("runs");
        child.kill().expect("a signal");
        child.wait().expect("an end");
    }

    /// A signed message; the status.
    fn says(&self, id: &str, text: &str, at: &str) -> u16 {
        let at: DateTime<Utc> = at.parse().expect("a time");
        let body = message(id, ANA, text, at);
        post(self.hooks, "/in/work", &signature(&body), &body)
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A command's exit status, and all that it prints.
fn afterhours(config: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("afterhours"));
    let output = command.args(arguments).arg("--config").arg(config).output().expect("it runs");
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8"))
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port")
}

fn get(address: SocketAddr, path: &str) -> Option<u16> {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
}

fn post(address: SocketAddr, path: &str, signature: &str, body: &str) -> u16 {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-hub-signature-256: {signature}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    exchange(address, &(head + body)).expect("an answer")
}

fn exchange(address: SocketAddr, request: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

/// Waits until it holds.
fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::yield_now();
    }
}

fn taken(provider: &Provider) -> Vec<serde_json::Value> {
    provider.taken.lock().expect("no panic").iter().cloned().collect()
}

/// Nothing of a person, and no secret, is in the log, at whatever level.
fn assert_log_is_silent(log: &str) {
    assert!(log.contains("TRACE") || log.contains("DEBUG") || log.contains("INFO"), "there is no log: {log}");
    let secrets = [
        TEXT,
        "cita",
        "Ana",
        "López",
        "Pat",
        ANA,
        "9999",
        "wamid",
        "the-app-secret",
        "the-access-token",
        "the-verify-token",
        "the-topic",
        "Gracias",
    ];
    for secret in secrets {
        // the time that begins a line may have any digits in it
        let said = |line: &&str| line.split_once(' ').map_or(*line, |(_, said)| said).contains(secret);
        let line = log.lines().find(said);
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_commit_and_send_the_reply_goes_out_once_and_the_notice_is_not_lost() {
    let (graph, ntfy) = (Provider::start(graph).await, Provider::start(ntfy).await);
    // nobody listens where the replies go, so that nothing is sent before the end
    let dead = format!("http://{}", free());
    let mut machine = Machine::new(&dead, &ntfy.server.uri());
    machine.start(&["--clock-from", "2026-11-19T20:00:00-06:00"], &[]);
    assert_eq!(machine.says("wamid.K1", TEXT, "2026-11-19T20:00:00-06:00"), 200);
    // an attempt that the end falls into has an unknown outcome, and is the next test's
    until("the first attempt", || machine.log().contains("may be tried again"));
    machine.kill();

    let config = std::fs::read_to_string(machine.config()).expect("a file").replace(&dead, &graph.server.uri());
    std::fs::write(machine.config(), config).expect("a file");
    machine.start(&["--clock-from", "2026-11-20T07:58:00-06:00"], &[]);
    until("the reply", || !taken(&graph).is_empty());
    assert_eq!(machine.says("wamid.K1", TEXT, "2026-11-19T20:00:00-06:00"), 200, "the provider repeats it");
    machine.kill();
    machine.start(&["--clock-from", "2026-11-20T07:59:58-06:00"], &[]);
    until("the digest", || !taken(&ntfy).is_empty());
    machine.kill();
    machine.start(&["--clock-from", "2026-11-20T08:10:00-06:00"], &[]);
    machine.kill();

    assert_eq!(taken(&graph).len(), 1, "one reply");
    let notices = taken(&ntfy);
    assert!(notices[0]["message"].as_str().expect("text").contains(TEXT), "{notices:?}");
    assert_eq!(graph.wrong.lock().expect("no panic").len() + ntfy.wrong.lock().expect("no panic").len(), 0);
    assert_log_is_silent(&machine.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_sends_the_reply_is_not_repeated_and_the_notice_says_that_it_may_be() {
    let ntfy = Provider::start(ntfy).await;
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let mut machine = Machine::new(&format!("http://{address}"), &ntfy.server.uri());
    machine.start(&["--clock-from", "2026-11-19T20:00:00-06:00"], &[]);
    assert_eq!(machine.says("wamid.K2", TEXT, "2026-11-19T20:00:00-06:00"), 200);
    // the request is on the wire and is never answered
    let (mut connection, _) = silent.accept().expect("a connection");
    let mut seen = [0; 16];
    connection.read_exact(&mut seen).expect("a request");
    assert!(seen.starts_with(b"POST /v25.0/"));
    machine.kill();
    drop(connection);

    silent.set_nonblocking(true).expect("a socket");
    machine.start(&["--clock-from", "2026-11-20T07:59:58-06:00"], &[]);
    until("the digest", || !taken(&ntfy).is_empty());
    machine.kill();
    assert!(silent.accept().is_err(), "the reply was tried again");
    assert_log_is_silent(&machine.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_is_passed_on_the_log_counts_and_says_no_more() {
    let (graph, ntfy) = (Provider::start(graph).await, Provider::start(ntfy).await);
    let mut machine = Machine::new(&graph.server.uri(), &ntfy.server.uri());
    let config = std::fs::read_to_string(machine.config()).expect("a file") + "\n[personal]\npass = true\n";
    std::fs::write(machine.config(), config).expect("a file");
    machine.start(&["--clock-from", "2026-11-19T20:00:00-06:00"], &[]);
    let body = message("wamid.P1", MUM, TEXT, "2026-11-19T20:00:00-06:00".parse().expect("a time"));
    assert_eq!(post(machine.hooks, "/in/work", &signature(&body), &body), 200);
    until("the notice", || machine.log().contains("notice sent"));
    machine.kill();
    assert!(taken(&ntfy)[0]["message"].as_str().expect("text").contains(TEXT));
    assert_eq!(taken(&graph).len(), 0);
    let log = machine.log();
    assert_log_is_silent(&log);
    for word in [MUM, "personal", "passed", "Mum"] {
        let line = log.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{word} is in the log: {line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_digest_is_answered_on_the_admin_side_and_is_in_no_log() {
    let (graph, ntfy) = (Provider::start(graph).await, Provider::start(ntfy).await);
    let mut machine = Machine::new(&graph.server.uri(), &ntfy.server.uri());
    let config = std::fs::read_to_string(machine.config()).expect("a file");
    let admin_url = format!("http://{}", machine.admin);
    let config = config.replace("[listen]", &format!("[listen]\nadmin_url = \"{admin_url}\""));
    std::fs::write(machine.config(), config).expect("a file");
    machine.start(&["--clock-from", "2026-11-19T20:00:00-06:00"], &[]);
    assert_eq!(machine.says("wamid.D1", TEXT, "2026-11-19T20:00:00-06:00"), 200);
    until("the reply", || machine.log().contains("reply sent"));
    machine.kill();
    machine.start(&["--clock-from", "2026-11-20T07:59:58-06:00"], &[]);
    until("the digest", || !taken(&ntfy).is_empty());
    let digest = taken(&ntfy).remove(0);
    let url = digest.pointer("/actions/0/url").and_then(serde_json::Value::as_str).expect("a button");
    assert!(digest["message"].as_str().is_some_and(|text| text.ends_with(url)), "{digest}");
    let path = url.strip_prefix(&admin_url).expect("the admin side");
    let (wrong, waiting) = (format!("{path}A"), || afterhours(&machine.config(), &["held", "waiting"]).1);
    assert_eq!((get(machine.admin, path), get(machine.admin, &wrong)), (Some(200), Some(404)));
    assert_eq!(get(machine.hooks, path), Some(404), "the providers' side knows no such links");
    assert!(waiting().contains("Ana López"));
    assert_eq!(post(machine.admin, &wrong, "", ""), 404);
    assert_eq!(post(machine.admin, path, "", ""), 200);
    assert_eq!(waiting(), "Nobody waits for an answer of yours.\n");
    machine.kill();
    let log = machine.log();
    assert_log_is_silent(&log);
    let token = path.trim_start_matches("/done/");
    for part in ["/done/", token, &token[token.len() - 22..]] {
        let line = log.lines().find(|line| line.contains(part));
        assert!(line.is_none(), "{part} is in the log: {line:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_clock_that_jumps_over_the_opening_is_noticed() {
    let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    if !Path::new(library).exists() {
        assert!(std::env::var_os("CI").is_none(), "CI must have faketime");
        eprintln!("skipped: needs faketime");
        return;
    }
    let (graph, ntfy) = (Provider::start(graph).await, Provider::start(ntfy).await);
    let mut machine = Machine::new(&graph.server.uri(), &ntfy.server.uri());
    let time = machine.folder.path().join("time");
    // written whole or not at all: the library may read at any moment
    let set = |at: &str| {
        std::fs::write(time.with_extension("new"), at).expect("a file");
        std::fs::rename(time.with_extension("new"), &time).expect("a file");
    };
    set("@2026-11-20 02:00:00");
    let variables = [
        ("LD_PRELOAD", library),
        ("FAKETIME_TIMESTAMP_FILE", time.to_str().expect("UTF-8")),
        ("FAKETIME_NO_CACHE", "1"),
        // without this the condition variables of std hang
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("TZ", "UTC"),
    ];
    machine.start(&[], &variables);
    assert_eq!(machine.says("wamid.F1", TEXT, "2026-11-20T02:00:00Z"), 200);
    until("the reply", || !taken(&graph).is_empty());
    // back by an hour: nothing is sent early, nothing twice
    set("@2026-11-20 01:00:00");
    assert_eq!(machine.says("wamid.F2", TEXT, "2026-11-20T01:00:00Z"), 200);
    // on over the opening at 14:00 UTC
    set("@2026-11-20 14:00:01");
    until("the digest", || !taken(&ntfy).is_empty());
    machine.kill();
    let digest = taken(&ntfy)[0]["message"].as_str().expect("text").to_owned();
    assert_eq!(digest.matches(TEXT).count(), 2, "{digest}");
    assert_eq!(taken(&graph).len(), 1);
}

#[test]
fn a_store_without_its_directory_is_foretold_by_check_and_told_once_by_run() {
    let machine = Machine::new("http://127.0.0.1:9", "http://127.0.0.1:9");
    let folder = machine.folder.path().display().to_string();
    let config = std::fs::read_to_string(machine.config()).expect("a file");
    let elsewhere = config.replace(&format!("sqlite:{folder}/"), &format!("sqlite:{folder}/none/"));
    assert_ne!(config, elsewhere);
    std::fs::write(machine.config(), elsewhere).expect("a file");
    let command = |name: &str| afterhours(&machine.config(), &[name]);
    let (code, told) = command("check");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(&format!("warning: there is no directory {folder}/none")), "{told}");
    assert!(told.contains(&format!("sudo install -d -m 700 -o afterhours -g afterhours {folder}/none")), "{told}");
    let (code, told) = command("run");
    assert_eq!(code, Some(1), "{told}");
    let last = told.lines().last().unwrap_or_default();
    assert_eq!(last.matches("directory").count(), 1, "{last}");

    std::fs::write(machine.config(), config).expect("a file");
    let (code, told) = command("check");
    assert_eq!((code, told.contains("directory")), (Some(0), false), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_needs_a_restart_says_what_is_in_force_all_the_same() {
    let mut machine = Machine::new("http://127.0.0.1:9", "http://127.0.0.1:9");
    machine.start(&[], &[]);
    let config = std::fs::read_to_string(machine.config()).expect("a file");
    let moved = config.replace(&machine.hooks.to_string(), &free().to_string());
    std::fs::write(machine.config(), moved).expect("a file");
    let pid = machine.running.as_ref().expect("runs").id().to_string();
    assert!(Command::new("kill").args(["-HUP", &pid]).status().expect("a signal").success());
    until("the reload", || machine.log().contains("a restart is needed"));
    let log = machine.log();
    let line = log.lines().find(|line| line.contains("a restart is needed")).expect("a line");
    assert!(line.contains("the new config is in force, but a restart is needed for listen.hooks"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_arguments_exit_2_and_say_what_is_wrong() {
    let mut machine = Machine::new("http://127.0.0.1:9", "http://127.0.0.1:9");
    machine.start(&["--clock-from", "2026-11-20T07:00:00-06:00"], &[]);
    for (arguments, said) in [
        (&["explain", "--channel", "nope", "--from", ANA][..], "there is no channel named \"nope\""),
        (&["explain", "--channel", "work", "--from", "garbage"], "--from: "),
        (&["explain", "--channel", "work", "--from", ANA, "--at", "9999-12-31T10:00:00Z"], "years 1900 to 9997"),
        (&["hours", "--at", "9999-12-31T10:00:00Z"], "only the years 1900 to 9997 are known"),
        (&["hours", "--at", "1899-12-31T10:00:00Z"], "only the years 1900 to 9997 are known"),
        (&["hours", "--at", "9998-01-01T00:00:00Z"], "only the years 1900 to 9997 are known"),
        (&["hours", "--at", "yesterday"], "write a time as 2026-12-01T08:00:00-06:00"),
        (&["away", "--until", "garbage"], "the time cannot be read"),
        (&["demo", "--json"], "rehearse --events FILE.jsonl --json"),
    ] {
        let (code, told) = afterhours(&machine.config(), arguments);
        assert!(code == Some(2) && told.contains(said), "{arguments:?}: {code:?} {told}");
    }
    for arguments in [
        &["hours", "--at", "9997-12-31T23:00:00Z"][..],
        &["hours", "--at", "1900-01-01T00:00:00Z"],
        &["away", "--until", "2026-12-01"],
        &["explain", "--channel", "work", "--from", ANA, "--at", "2026-12-31 08:00:00Z"],
    ] {
        let (code, told) = afterhours(&machine.config(), arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {told}");
    }
    machine.kill();
    let (code, told) = afterhours(&machine.config(), &["away", "--until", "garbage"]);
    assert!(code == Some(1) && told.contains("the service is not running"), "{code:?} {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_of_what_is_held_says_how_much_it_leaves_out() {
    let mut machine = Machine::new("http://127.0.0.1:9", "http://127.0.0.1:9");
    machine.start(&["--clock-from", "2026-11-19T20:00:00-06:00"], &[]);
    let one = message("wamid.L", ANA, TEXT, "2026-11-19T20:00:00-06:00".parse().expect("a time"));
    // a batch of WhatsApp's has 1,000 at most
    for batch in [0..600, 600..1_003] {
        let mut body: serde_json::Value = serde_json::from_str(&one).expect("JSON");
        let messages = body.pointer_mut("/entry/0/changes/0/value/messages").expect("messages");
        let first = messages[0].clone();
        let many = batch.map(|number| {
            let mut message = first.clone();
            message["id"] = format!("wamid.L{number}").into();
            message
        });
        *messages = many.collect();
        let body = body.to_string();
        assert_eq!(post(machine.hooks, "/in/work", &signature(&body), &body), 200);
    }
    let (code, told) = afterhours(&machine.config(), &["held"]);
    assert_eq!(code, Some(0));
    assert_eq!(told.lines().next(), Some("1003 messages are held; the oldest 1000 of them:"));
    assert_eq!(told.matches("Ana López").count(), 1_000);
}

#[test]
fn explain_calls_who_has_no_name_by_the_address() {
    let machine = Machine::new("http://127.0.0.1:9", "http://127.0.0.1:9");
    let config = std::fs::read_to_string(machine.config()).expect("a file");
    let more = "\n[[client]]\naddress = \"+50499990077\"\nstanding = \"blocked\"\n";
    std::fs::write(machine.config(), config + more).expect("a file");
    for (from, shown) in
        [("+50499990077", "+50499990077: blocked"), ("+50499990078", "nobody on the client list: unknown")]
    {
        let (code, told) = afterhours(&machine.config(), &["explain", "--channel", "work", "--from", from]);
        assert!(code == Some(0) && told.contains(&format!("\nfrom      {shown}\n")), "{told}");
    }
}
