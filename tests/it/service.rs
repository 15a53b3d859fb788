//! The listeners against bad peers, and the real binary from start to stop.
#![expect(clippy::expect_used, reason = "a test may")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream as StdTcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixDatagram, UnixListener as StdUnixListener};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use afterhours::channel::Delivery;
use afterhours::http::{Hooks, Limits, hooks, serve};
use afterhours::intake::Answer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Nothing here takes longer, unless it never ends.
const PATIENCE: Duration = Duration::from_secs(10);

// ---------------------------------------------------------------------------------------------------- the listeners

/// A provider's side that answers by what the body says.
#[derive(Default)]
struct Echo {
    taken: AtomicUsize,
    go_on: Notify,
    answered: Mutex<Vec<(String, u16)>>,
}

impl Hooks for Echo {
    fn knows(&self, channel: &str) -> bool {
        channel == "work"
    }

    fn handshake(&self, _channel: &str, query: &str) -> Answer {
        Answer::new(200, query)
    }

    async fn receive(&self, _channel: &str, delivery: &Delivery) -> Answer {
        self.taken.fetch_add(1, Ordering::SeqCst);
        match &delivery.body[..] {
            b"wait" => self.go_on.notified().await,
            b"hang" => std::future::pending().await,
            b"panic" => panic!("as it was told"),
            _ => {}
        }
        Answer::new(200, delivery.body.len().to_string())
    }

    fn answered(&self, channel: &str, status: u16) {
        self.answered.lock().expect("a lock").push((channel.to_owned(), status));
    }
}

struct Door {
    address: SocketAddr,
    echo: Arc<Echo>,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

/// Limits that a test can wait for.
fn small() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        request: Duration::from_millis(400),
        drain: Duration::from_secs(1),
        body_bytes: 64 * 1024,
        ..Limits::default()
    }
}

async fn open(limits: Limits) -> Door {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (echo, stop) = (Arc::new(Echo::default()), CancellationToken::new());
    let served = tokio::spawn(serve(listener, hooks(Arc::clone(&echo), limits), limits, stop.clone()));
    Door { address, echo, stop, served }
}

impl Door {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Everything that is said to these bytes, until the other side closes.
    async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        // a server that refuses may close before it has read everything
        let _ = stream.write_all(bytes).await;
        rest(&mut stream).await
    }

    async fn taken(&self, count: usize) {
        timeout(PATIENCE, async {
            while self.echo.taken.load(Ordering::SeqCst) < count {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("the request did not arrive");
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // a reset ends it as well as a close
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the connection was not closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer that ends with `end`, with the connection left open.
async fn answer(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    timeout(PATIENCE, async {
        while !bytes.ends_with(end.as_bytes()) {
            assert!(stream.read_buf(&mut bytes).await.expect("an answer") > 0, "closed too early");
        }
    })
    .await
    .expect("no answer");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn post(body: &str) -> Vec<u8> {
    format!("POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn last_post(body: &str) -> Vec<u8> {
    let head = format!("POST /in/work HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}", body.len());
    format!("{head}\r\n\r\n{body}").into_bytes()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_else(|| panic!("no status line in {answer:?}"))
}

#[tokio::test]
async fn only_channels_are_there() {
    let door = open(small()).await;
    for (line, expected) in [
        ("GET /in/work?hub.challenge=7", "200"),
        ("POST /in/work", "200"),
        ("PUT /in/work", "404"),
        ("HEAD /in/work", "404"),
        ("DELETE /in/work", "404"),
        ("OPTIONS /in/work", "404"),
        ("PATCH /in/work", "404"),
        ("POST /in/other", "404"),
        ("POST /in/", "404"),
        ("POST /in/work/", "404"),
        ("POST /in/work/../work", "404"),
        ("GET /", "404"),
        ("GET /healthz", "404"),
        ("GET /metrics", "404"),
    ] {
        let said = door.say(format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).await;
        assert_eq!(status(&said), expected, "{line}: {said}");
        assert!(said.contains("x-content-type-options: nosniff"), "{said}");
    }
    let other = door.say(b"PUT /in/work HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(other.contains("GET and POST"), "it says what would be taken: {other}");
    let challenge = door.say(b"GET /in/work?a=%3Cb%3E HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(challenge.contains("content-type: text/plain"), "an echo is never a page: {challenge}");
    let counted = door.echo.answered.lock().expect("a lock");
    assert!(counted.iter().all(|(channel, _)| channel == "work"), "only known names are counted: {counted:?}");
    assert!(counted.contains(&("work".to_owned(), 404)) && counted.contains(&("work".to_owned(), 200)));
}

#[tokio::test]
async fn a_mute_connection_is_closed() {
    let door = open(small()).await;
    let started = Instant::now();
    assert_eq!(door.say(b"").await, "");
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_slow_head_is_cut_off_however_lively_it_is() {
    let door = open(small()).await;
    let mut stream = door.connect().await;
    stream.write_all(b"POST /in/work HTTP/1.1\r\n").await.expect("written");
    let (mut read, mut write) = stream.split();
    let trickle = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        while write.write_all(b"x-a: b\r\n").await.is_ok() {
            ticks.tick().await;
        }
    };
    let mut said = Vec::new();
    let ended = async {
        tokio::select! {
            _ = read.read_to_end(&mut said) => {}
            () = trickle => {}
        }
    };
    timeout(PATIENCE, ended).await.expect("a slowloris was served for ever");
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_a_while_and_then_closed() {
    let door = open(small()).await;
    let mut stream = door.connect().await;
    for body in ["a", "bc"] {
        stream.write_all(&post(body)).await.expect("written");
        assert_eq!(status(&answer(&mut stream, &format!("\r\n\r\n{}", body.len())).await), "200");
    }
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_large_head_is_refused() {
    let door = open(small()).await;
    let head = format!("POST /in/work HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "a".repeat(40 * 1024));
    assert_eq!(status(&door.say(head.as_bytes()).await), "431");
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_large_body_is_refused_by_what_it_says_and_by_what_it_is() {
    let door = open(small()).await;
    let fits = "a".repeat(64 * 1024);
    assert_eq!(status(&door.say(&last_post(&fits)).await), "200");
    // by its length alone: not a byte of it was sent
    let head = "POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 65537\r\nconnection: close\r\n\r\n";
    assert_eq!(status(&door.say(head.as_bytes()).await), "413");
    let mut chunked = b"POST /in/work HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..17 {
        chunked.extend_from_slice(format!("1000\r\n{}\r\n", "a".repeat(4096)).as_bytes());
    }
    assert_eq!(status(&door.say(&chunked).await), "413");
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn who_sends_to_the_end_before_it_listens_gets_its_answer() {
    const MEBIBYTE: usize = 1024 * 1024;
    let door = open(Limits { request: PATIENCE, ..small() }).await;
    let piece = vec![b'a'; MEBIBYTE];
    for (head, expected) in [
        ("POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 5242880\r\n\r\n", "413"),
        ("POST /in/work HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n500000\r\n", "413"),
        ("POST /in/other HTTP/1.1\r\nhost: x\r\ncontent-length: 5242880\r\n\r\n", "404"),
    ] {
        let mut stream = door.connect().await;
        stream.write_all(head.as_bytes()).await.expect("written");
        for _ in 0..5 {
            timeout(PATIENCE, stream.write_all(&piece)).await.expect("read on").expect("read on");
        }
        let said = rest(&mut stream).await;
        assert_eq!(status(&said), expected, "{head}");
        assert!(said.contains("connection: close"), "{said}");
    }
    // within bounds
    let mut endless = door.connect().await;
    endless
        .write_all(b"POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 999999999\r\n\r\n")
        .await
        .expect("written");
    let mut sent = 0;
    while timeout(PATIENCE, endless.write_all(&piece)).await.expect("neither read nor closed").is_ok() {
        sent += 1;
        assert!(sent < 64, "read without end");
    }
    assert!(sent >= 8, "only {sent} MiB were read");
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_peer_that_neither_sends_nor_closes_after_a_413_is_let_go() {
    let door = open(Limits { request: Duration::from_millis(200), ..small() }).await;
    let mut stream = door.connect().await;
    stream.write_all(b"POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 70000\r\n\r\n").await.expect("written");
    assert_eq!(status(&rest(&mut stream).await), "413");
    let gone = async {
        while stream.write_all(b"a").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("it lingers for ever");
}

#[tokio::test]
async fn a_chunked_body_arrives_whole() {
    let door = open(small()).await;
    let request = b"POST /in/work HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n\
                    3\r\nabc\r\n4\r\ndefg\r\n5\r\nhijkl\r\n0\r\n\r\n";
    assert!(door.say(request).await.ends_with("\r\n\r\n12"));
}

#[tokio::test]
async fn a_trickled_body_is_cut_off_however_lively_it_is() {
    let door = open(small()).await;
    let mut stream = door.connect().await;
    stream.write_all(b"POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n").await.expect("written");
    let (mut read, mut write) = stream.split();
    let mut said = Vec::new();
    let trickle = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            let _ = write.write_all(b"a").await;
        }
    };
    let ended = async {
        tokio::select! {
            _ = read.read_to_end(&mut said) => {}
            () = trickle => {}
        }
    };
    timeout(PATIENCE, ended).await.expect("a trickled body was read for ever");
    assert_eq!(status(&String::from_utf8_lossy(&said)), "408");
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_body() {
    let door = open(small()).await;
    let mut stream = door.connect().await;
    stream.write_all(b"POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc").await.expect("written");
    stream.shutdown().await.expect("half closed");
    rest(&mut stream).await;
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_handler_that_hangs_or_panics_is_answered_for() {
    let door = open(small()).await;
    let late = door.say(&last_post("hang")).await;
    assert_eq!(status(&late), "503");
    assert!(late.contains("retry-after: "), "{late}");
    assert_eq!(status(&door.say(&last_post("panic")).await), "500");
    assert_eq!(status(&door.say(&last_post("ok")).await), "200");
}

#[tokio::test]
async fn a_connection_too_many_is_told_to_come_again() {
    let limits = Limits { connections: 2, head: PATIENCE, hurried: PATIENCE, request: PATIENCE, ..small() };
    let door = open(limits).await;
    let mut kept = [door.connect().await, door.connect().await];
    for stream in &mut kept {
        stream.write_all(&post("a")).await.expect("written");
        answer(stream, "\r\n\r\n1").await;
    }
    let large = "a".repeat(7_000_000);
    for request in [post("a"), last_post("a"), post(&large), b"GET /in/work HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()] {
        let mut stream = door.connect().await;
        timeout(PATIENCE, stream.write_all(&request)).await.expect("read").expect("read");
        let said = rest(&mut stream).await;
        assert_eq!(status(&said), "429", "{said}");
        assert!(said.contains("retry-after: 2\r\n") && said.contains("connection: close"), "{said}");
        assert!(said.ends_with("too many connections at once"), "{said}");
    }
    assert_eq!(door.echo.taken.load(Ordering::SeqCst), 2, "nothing of it was taken");
    drop(kept);
    timeout(PATIENCE, async { while !door.say(&last_post("a")).await.starts_with("HTTP/1.1 200") {} })
        .await
        .expect("a place that was left must be free again");
}

#[tokio::test]
async fn a_flood_holds_no_more_than_its_places() {
    let limits =
        Limits { connections: 1, turned_away: 1, head: PATIENCE, hurried: Duration::from_millis(300), ..small() };
    let door = open(limits).await;
    let mut kept = door.connect().await;
    kept.write_all(&post("wait")).await.expect("written");
    door.taken(1).await;
    let mut mute = door.connect().await;
    assert_eq!(door.say(&last_post("a")).await, "", "beyond the second cap a connection is closed");
    assert_eq!(rest(&mut mute).await, "", "who says nothing does not keep a place");
    timeout(PATIENCE, async { while !door.say(&last_post("a")).await.starts_with("HTTP/1.1 429") {} })
        .await
        .expect("the place is free again");
}

#[tokio::test]
async fn mute_connections_do_not_keep_the_others_out() {
    let limits = Limits { connections: 4, head: PATIENCE * 10, hurried: Duration::from_millis(200), ..small() };
    let door = open(limits).await;
    let mut mute = Vec::new();
    for _ in 0..4 {
        mute.push(door.connect().await);
    }
    assert_eq!(status(&door.say(&last_post("a")).await), "429");
    timeout(PATIENCE, async { while !door.say(&last_post("a")).await.starts_with("HTTP/1.1 200") {} })
        .await
        .expect("mute connections hold all places");
    let mut first = mute.swap_remove(0);
    first.write_all(&last_post("a")).await.expect("written");
    assert_eq!(status(&rest(&mut first).await), "200", "where there is room a connection has its whole time");
}

#[tokio::test]
async fn one_request_too_many_is_turned_away() {
    let door = open(Limits { requests: 1, request: PATIENCE, ..small() }).await;
    let mut first = door.connect().await;
    first.write_all(&last_post("wait")).await.expect("written");
    door.taken(1).await;
    let second = door.say(&last_post("a")).await;
    assert_eq!(status(&second), "429");
    assert!(second.contains("retry-after: "), "{second}");
    door.echo.go_on.notify_one();
    assert_eq!(status(&rest(&mut first).await), "200");
    assert_eq!(status(&door.say(&last_post("a")).await), "200");
}

#[tokio::test]
async fn all_bodies_together_have_a_limit() {
    let door = open(Limits { bodies_bytes: 10, request: PATIENCE, ..small() }).await;
    let mut first = door.connect().await;
    first.write_all(&last_post("wait")).await.expect("written");
    door.taken(1).await;
    assert_eq!(status(&door.say(&last_post("1234567")).await), "429");
    assert_eq!(status(&door.say(&last_post("123456")).await), "200");
    door.echo.go_on.notify_one();
    rest(&mut first).await;
    assert_eq!(status(&door.say(&last_post("1234567")).await), "200");
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let door = open(small()).await;
    let said = door.say(&[post("a"), post("bc"), last_post("def")].concat()).await;
    let bodies: Vec<_> = said.split("\r\n\r\n").skip(1).map(|part| part[..1].to_owned()).collect();
    assert_eq!(bodies, ["1", "2", "3"]);
}

#[tokio::test]
async fn a_stop_finishes_what_is_being_answered_and_nothing_else() {
    let door = open(Limits { head: PATIENCE, request: PATIENCE, drain: PATIENCE, ..small() }).await;
    let mut idle = door.connect().await;
    idle.write_all(&post("a")).await.expect("written");
    answer(&mut idle, "\r\n\r\n1").await;
    let mut busy = door.connect().await;
    busy.write_all(&post("wait")).await.expect("written");
    door.taken(2).await;
    door.stop.cancel();
    assert_eq!(rest(&mut idle).await, "", "an idle connection is closed");
    timeout(PATIENCE, async { while TcpStream::connect(door.address).await.is_ok() {} })
        .await
        .expect("still listening");
    door.echo.go_on.notify_one();
    assert_eq!(status(&rest(&mut busy).await), "200");
    timeout(PATIENCE, door.served).await.expect("the stop did not end").expect("it did not panic");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let door = open(Limits { request: PATIENCE, drain: Duration::from_millis(200), ..small() }).await;
    let mut stuck = door.connect().await;
    stuck.write_all(&post("hang")).await.expect("written");
    door.taken(1).await;
    door.stop.cancel();
    timeout(PATIENCE / 2, door.served).await.expect("the stop did not end").expect("it did not panic");
    assert_eq!(rest(&mut stuck).await, "", "what did not end is cut off");
}

// --------------------------------------------------------------------------------------------------- the real binary

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A directory with a config, a store and a socket; and systemd's end of `$NOTIFY_SOCKET`.
pub struct House {
    directory: tempfile::TempDir,
    systemd: UnixDatagram,
}

pub struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    pub log: String,
    pub hooks: String,
    pub admin: String,
}

impl House {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let systemd = UnixDatagram::bind(directory.path().join("notify")).expect("a socket");
        systemd.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let house = Self { directory, systemd };
        house.write(&house.config("127.0.0.1:0"));
        house
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn config(&self, hooks: &str) -> String {
        let directory = self.directory.path().display();
        format!(
            r#"[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
language = "es"
[listen]
hooks = "{hooks}"
admin = "127.0.0.1:0"
socket = "{directory}/admin.sock"
[store]
url = "sqlite:{directory}/store.db"
[hours.office]
week = {{ mon-fri = "08:00-17:00" }}
[channel.work]
kind = "webhook"
secret = "{SECRET}"
reply_url = "http://127.0.0.1:9/reply"
reply_secret = "{SECRET}"
[[client]]
name = "Ana Sandoval"
address = ["+504 9999-0001"]
[sink.phone]
kind = "webhook"
url = "http://127.0.0.1:9/notice"
secret = "{SECRET}"
[notify]
now = ["phone"]
digest = ["phone"]
"#
        )
    }

    pub fn write(&self, config: &str) {
        let path = self.path("afterhours.toml");
        fs::write(&path, config).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode");
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_afterhours"));
        command.args(arguments).arg("--config").arg(self.path("afterhours.toml"));
        for name in ["JOURNAL_STREAM", "LISTEN_FDS", "LISTEN_PID", "WATCHDOG_USEC", "WATCHDOG_PID", "AFTERHOURS_LOG"] {
            command.env_remove(name);
        }
        command.env("NOTIFY_SOCKET", self.path("notify"));
        command
    }

    /// Runs a command to its end: status, standard output and standard error.
    pub fn run(&self, arguments: &[&str]) -> (ExitStatus, String, String) {
        let output = self.command(arguments).output().expect("run");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (output.status, text(output.stdout), text(output.stderr))
    }

    /// What systemd is told next, watchdog ticks and lone status lines left out.
    fn told(&self) -> String {
        loop {
            let mut datagram = [0; 4096];
            let length = self.systemd.recv(&mut datagram).expect("systemd was told nothing");
            let told = String::from_utf8_lossy(&datagram[..length]).into_owned();
            if !told.starts_with("WATCHDOG=1") && !told.starts_with("STATUS=") {
                return told;
            }
        }
    }
}

impl Running {
    /// Starts it, and waits until it is ready.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
        let stderr = child.stderr.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|l| sender.send(l))
        });
        let mut running = Self { child, lines, log: String::new(), hooks: String::new(), admin: String::new() };
        running.until("is ready");
        let address = |key: &str| {
            let line = running.log.lines().find(|line| line.contains(key)).expect("a line that says where");
            line.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address").to_owned()
        };
        (running.hooks, running.admin) = (address("(listen.hooks"), address("(listen.admin"));
        running
    }

    /// Reads the log until a line has these words.
    fn until(&mut self, words: &str) {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("`{words}` is not in the log:\n{}", self.log));
            self.log.push_str(&line);
            self.log.push('\n');
            if line.contains(words) {
                return;
            }
        }
    }

    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    pub fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("it ended");
        self.log.extend(self.lines.iter().map(|line| line + "\n"));
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn http(address: &str, request: &str) -> String {
    let mut stream = StdTcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream.write_all(request.as_bytes()).expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

pub fn ask(address: &str, line: &str) -> String {
    http(address, &format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
}

#[test]
fn systemd_is_told_of_start_reload_and_stop() {
    let house = House::new();
    let mut running = Running::start(house.command(&["run"]));
    let ready = house.told();
    assert!(ready.starts_with("READY=1\nSTATUS=office: "), "{ready}");
    assert!(ask(&running.admin, "GET /readyz").ends_with(r#"{"problems":[],"ready":true}"#));

    running.signal("-HUP");
    let reloading = house.told();
    let (first, second) = reloading.trim().split_once('\n').expect("both in one datagram");
    assert_eq!(first, "RELOADING=1");
    assert!(second.strip_prefix("MONOTONIC_USEC=").is_some_and(|n| n.parse::<u64>().is_ok()), "{second}");
    assert!(house.told().starts_with("READY=1\nSTATUS=office: "));

    house.write(&house.config("127.0.0.1:0").replace("kind = \"webhook\"\nsecret", "kimd = \"webhook\"\nsecret"));
    running.signal("-HUP");
    assert!(house.told().starts_with("RELOADING=1\n"));
    let ready = house.told();
    assert!(ready.contains("cannot be used, the old config stays in force"), "{ready}");
    running.until("the old config stays in force");
    assert!(running.log.contains("afterhours.toml:13:10: "), "file, line and column are in the log:\n{}", running.log);
    assert!(!running.log.contains(SECRET));
    assert!(ask(&running.hooks, "POST /in/work").starts_with("HTTP/1.1 401"), "the old channels are there");

    house.write(&house.config("127.0.0.1:1"));
    running.signal("-HUP");
    assert!(house.told().starts_with("RELOADING=1\n"));
    assert!(house.told().contains("a restart is needed for listen.hooks"));

    running.signal("-TERM");
    assert!(house.told().starts_with("STOPPING=1"));
    assert_eq!(running.end().code(), Some(0), "{}", running.log);
    assert!(!house.path("admin.sock").exists(), "the socket's file goes with the service");
}

#[test]
fn that_something_was_too_large_is_in_the_log() {
    let house = House::new();
    let mut running = Running::start(house.command(&["run"]));
    let head = "POST /in/work HTTP/1.1\r\nhost: x\r\ncontent-length: 9437184\r\nconnection: close\r\n\r\n";
    assert!(http(&running.hooks, head).starts_with("HTTP/1.1 413"));
    running.until("channel work: webhook refused: the body is larger than 8192 KiB");
}

#[test]
fn the_watchdog_is_fed() {
    let house = House::new();
    let mut command = house.command(&["run"]);
    command.env("WATCHDOG_USEC", "300000");
    let _running = Running::start(command);
    let ticks = (0..20).filter(|_| {
        let mut datagram = [0; 4096];
        let length = house.systemd.recv(&mut datagram).expect("told");
        datagram[..length].starts_with(b"WATCHDOG=1")
    });
    assert!(ticks.take(3).count() == 3);
}

#[test]
fn the_hooks_side_may_be_a_socket_of_systemd() {
    let activate = Command::new("systemd-socket-activate").arg("--version").stdout(Stdio::null()).status();
    if activate.is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI must have systemd-socket-activate");
        eprintln!("skipped: needs systemd-socket-activate");
        return;
    }
    let house = House::new();
    // nothing but the activator can have it after this
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    let mut command = Command::new("systemd-socket-activate");
    command.arg(format!("--listen={port}")).arg("--fdname=hooks").arg(env!("CARGO_BIN_EXE_afterhours"));
    command.args(["run", "--config"]).arg(house.path("afterhours.toml"));
    // the first connection starts the service, and is answered by it
    let first = std::thread::spawn(move || {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Ok(stream) = StdTcpStream::connect(port) {
                drop(stream);
                return ask(&port.to_string(), "POST /in/work");
            }
        }
        String::new()
    });
    let running = Running::start(command);
    assert!(running.log.contains("(listen.hooks, on systemd's socket)"), "{}", running.log);
    assert!(first.join().expect("it ended").starts_with("HTTP/1.1 401"));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let house = House::new();
    let mut running = Running::start(house.command(&["run"]));
    let mut slow = StdTcpStream::connect(&running.hooks).expect("a connection");
    slow.write_all(b"POST /in/work HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n")
        .expect("written");
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).expect("it waits for the body");
    assert_eq!(&answer, b"HTTP/1.1 100");
    let started = Instant::now();
    running.signal("-INT");
    running.until("stopping: SIGINT was received");
    running.signal("-TERM");
    assert_eq!(running.end().code(), Some(1));
    assert!(started.elapsed() < Duration::from_secs(4), "it waited for the request");
}

#[test]
fn what_cannot_start_says_what_to_do() {
    let house = House::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    house.write(&house.config(&taken.local_addr().expect("an address").to_string()));
    let (status, _, said) = house.run(&["run"]);
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("change listen.hooks"), "{said}");

    house.write("[owner]\nname = 7\n");
    let (status, _, said) = house.run(&["run"]);
    assert_eq!(status.code(), Some(78));
    assert!(said.contains("afterhours.toml:2:8"), "{said}");

    let (status, _, said) = house.run(&["status"]);
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("the service is not running"), "{said}");
}

#[test]
fn the_file_of_a_crashed_service_is_replaced_and_that_of_a_running_one_is_not() {
    let house = House::new();
    drop(StdUnixListener::bind(house.path("admin.sock")).expect("a socket"));
    let running = Running::start(house.command(&["run"]));
    let mode = fs::metadata(house.path("admin.sock")).expect("a socket").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let config = house.config("127.0.0.1:0");
    house.write(&config.replace("store.db", "other.db"));
    let (status, _, said) = house.run(&["run"]);
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("change listen.socket"), "{said}");
    house.write(&config.replace("admin.sock", "other.sock"));
    let (status, _, said) = house.run(&["run"]);
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("another afterhours process is using"), "{said}");
    house.write(&config);
    assert_eq!(house.run(&["status"]).0.code(), Some(0), "the first one is not disturbed");
    drop(running);
}

#[test]
fn what_is_held_is_shown_to_the_owner_alone_and_never_logged() {
    let house = House::new();
    // a Tuesday evening in Tegucigalpa
    let from = "2026-11-24T20:00:00-06:00";
    let mut command = house.command(&["run", "--clock-from", from]);
    command.env("AFTERHOURS_LOG", "trace");
    let mut running = Running::start(command);
    assert!(running.log.contains("REHEARSAL"), "{}", running.log);

    let body = r#"{"id":"m-777001","from":"+50499990001","text":"is the blue kettle repaired?"}"#;
    let at = chrono::DateTime::parse_from_rfc3339(from).expect("an instant").to_utc();
    let headers = signed("m-777001", at, body);
    let request = format!(
        "POST /in/work HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..2 {
        let answer = http(&running.hooks, &request);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}\n{}", running.log);
    }
    let wrong = request.replace("kettle", "kitten");
    assert!(http(&running.hooks, &wrong).starts_with("HTTP/1.1 401"));

    let public = ask(&running.admin, "GET /api/v1/held");
    assert!(public.contains(r#""channel":"work""#) && public.contains(r#""reply":"closed""#), "{public}");
    assert!(!public.contains("kettle") && !public.contains("9999"), "no client is quoted to whoever asks: {public}");
    let (_, held, _) = house.run(&["held"]);
    for words in
        ["1 message is held", "Ana Sandoval", "+50499990001", "is the blue kettle repaired?", "Wed 25 Nov, 08:00"]
    {
        assert!(held.contains(words), "{words} is missing in\n{held}");
    }
    let (_, json, _) = house.run(&["held", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["said"]["text"], "is the blue kettle repaired?");
    let metrics = ask(&running.admin, "GET /metrics");
    for line in [
        r#"afterhours_hooks_total{channel="work",status="200"} 2"#,
        r#"afterhours_hooks_total{channel="work",status="401"} 1"#,
        r#"afterhours_duplicates_total{channel="work"} 1"#,
        "afterhours_held 1",
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
    assert!(ask(&running.admin, "POST /api/v1/held/release").starts_with("HTTP/1.1 403"));
    assert!(ask(&running.admin, "POST /api/v1/away").starts_with("HTTP/1.1 403"));
    assert!(ask(&running.admin, "DELETE /api/v1/away").starts_with("HTTP/1.1 403"));
    assert!(ask(&running.admin, "GET /api/v1/nothing").starts_with("HTTP/1.1 404"));
    let (_, released, _) = house.run(&["held", "release"]);
    assert_eq!(released, "The notice of 1 message is on its way.\n");

    running.signal("-TERM");
    assert_eq!(running.end().code(), Some(0), "{}", running.log);
    for secret in ["kettle", "kitten", "99990001", "Sandoval", "Ana", "m-777001", "MfKQ9r8", "Dana"] {
        assert!(!running.log.contains(secret), "{secret} is in the log:\n{}", running.log);
    }
}

/// The headers of Standard Webhooks for a body.
pub fn signed(id: &str, at: chrono::DateTime<chrono::Utc>, body: &str) -> String {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    let key = BASE64_STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("a key");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
    let stamp = at.timestamp();
    let tag = BASE64_STANDARD.encode(ring::hmac::sign(&key, format!("{id}.{stamp}.{body}").as_bytes()));
    format!("webhook-id: {id}\r\nwebhook-timestamp: {stamp}\r\nwebhook-signature: v1,{tag}\r\n")
}
