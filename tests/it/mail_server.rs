//! A mail server that follows a script, and remembers what it was told.

#![expect(clippy::expect_used, reason = "a test may")]

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

/// In place of an answer: the connection is closed.
pub const CLOSE: &str = "close";
/// In place of an answer: nothing, for ever.
pub const HANG: &str = "hang";

/// What it does otherwise than a server that takes everything.
#[derive(Clone, Copy)]
pub struct Script {
    /// The command (`.` for the end of the mail, `greeting` for the beginning) ...
    pub at: &'static str,
    /// ... that is answered so.
    pub answer: &'static str,
    /// What `EHLO` offers.
    pub extensions: &'static [&'static str],
}

impl Default for Script {
    fn default() -> Self {
        Self { at: "", answer: "", extensions: &["AUTH PLAIN LOGIN", "8BITMIME"] }
    }
}

/// What it was told.
#[derive(Clone, Default)]
pub struct Dialogue {
    pub commands: Vec<String>,
    /// With `\n`, and without the dots that SMTP stuffs.
    pub mail: String,
}

pub struct MailServer {
    port: u16,
    told: Arc<Mutex<Dialogue>>,
}

impl MailServer {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let told = Arc::new(Mutex::new(Dialogue::default()));
        let record = Arc::clone(&told);
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut record = record.lock().await;
            let _ = serve(stream, script, &mut record).await;
        });
        Self { port, told }
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it was told, once the connection has ended.
    pub async fn dialogue(&self) -> Dialogue {
        self.told.lock().await.clone()
    }
}

async fn serve(mut stream: TcpStream, script: Script, told: &mut Dialogue) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let mut in_mail = false;
    let mut ended = "greeting".to_owned();
    loop {
        let usual = match ended.as_str() {
            "greeting" => "220 mail.example.org ESMTP".to_owned(),
            "EHLO" => {
                let mut answer = "250-mail.example.org".to_owned();
                for (index, extension) in script.extensions.iter().enumerate() {
                    let last = index + 1 == script.extensions.len();
                    answer += if last { "\r\n250 " } else { "\r\n250-" };
                    answer += extension;
                }
                answer
            }
            "AUTH" => "235 2.7.0 ok".to_owned(),
            "DATA" => "354 go on".to_owned(),
            "." => "250 2.0.0 Ok: queued as 4F1B2C".to_owned(),
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        let answer = if script.at == ended { script.answer } else { &usual };
        match answer {
            CLOSE => return Ok(()),
            HANG => std::future::pending().await,
            _ => write.write_all(format!("{answer}\r\n").as_bytes()).await?,
        }
        in_mail = ended == "DATA" && answer.starts_with('3') || in_mail && ended != ".";
        if ended == "QUIT" {
            return Ok(());
        }
        ended = loop {
            let Some(line) = lines.next_line().await? else { return Ok(()) };
            if !in_mail {
                told.commands.push(line.clone());
                break line.split(' ').next().unwrap_or_default().to_owned();
            }
            if line == "." {
                break line;
            }
            told.mail += line.strip_prefix('.').unwrap_or(&line);
            told.mail.push('\n');
        };
    }
}
