//! A real Postfix with a real Dovecot behind it, on loopback, of its own configuration in a folder of its own.

#![expect(clippy::expect_used, reason = "a test may")]

use std::fs;
use std::io::{Read, Seek};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tempfile::TempDir;

pub const USER: &str = "owner@mail.test";
pub const PASSWORD: &str = "app-password";

/// Stops when it is dropped.
pub struct RealMail {
    folder: TempDir,
    pub submission: u16,
    pub smtps: u16,
}

impl RealMail {
    /// `None`, with a word about it, where Postfix, Dovecot, openssl or root are not to be had; on CI that is a failure.
    pub fn start() -> Option<Self> {
        let has = |program: &str| Command::new("which").arg(program).output().is_ok_and(|found| found.status.success());
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
        if !root || !["postfix", "dovecot", "openssl"].into_iter().all(has) {
            let missing = "needs root and the packages postfix, dovecot-imapd, dovecot-lmtpd, openssl";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the test against a real mail server {missing}");
            eprintln!("skipped: the test against a real mail server {missing}");
            return None;
        }
        let folder = tempfile::Builder::new().prefix("ah").tempdir_in("/tmp").expect("a folder");
        let [submission, smtps] = [free_port(), free_port()];
        let mail = Self { folder, submission, smtps };
        mail.dovecot();
        mail.postfix();
        let up_to = Instant::now() + Duration::from_secs(20);
        for port in [submission, smtps] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(Instant::now() < up_to, "Postfix does not listen: {}", mail.read("postfix.log"));
                std::thread::yield_now();
            }
        }
        Some(mail)
    }

    /// The mails that have arrived, once there is one.
    pub fn arrived(&self) -> Vec<String> {
        let inbox = self.path("mail/owner@mail.test/new");
        let up_to = Instant::now() + Duration::from_secs(20);
        loop {
            let files: Vec<PathBuf> =
                fs::read_dir(&inbox).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            if !files.is_empty() {
                return files.iter().map(|file| fs::read_to_string(file).expect("a mail")).collect();
            }
            assert!(Instant::now() < up_to, "nothing arrives: {}", self.log());
            std::thread::yield_now();
        }
    }

    /// What Postfix says of it.
    pub fn log(&self) -> String {
        self.read("postfix.log")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The accounts: login for Postfix, and the mailbox.
    fn dovecot(&self) {
        run(Command::new("chmod").arg("755").arg(self.folder.path()));
        fs::create_dir_all(self.path("mail")).expect("a folder");
        run(Command::new("chown").arg("mail:mail").arg(self.path("mail")));
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
            .arg("-keyout")
            .arg(self.path("key.pem"))
            .arg("-out")
            .arg(self.path("cert.pem")));
        let dir = self.folder.path().display();
        self.write("users", &format!("{USER}:{{PLAIN}}{PASSWORD}\n"));
        self.write(
            "dovecot.conf",
            &format!(
                "base_dir = {dir}/run\nstate_dir = {dir}/run\nlog_path = {dir}/dovecot.log\nprotocols = lmtp\nssl = no\n\
                 disable_plaintext_auth = no\nauth_mechanisms = plain login\nauth_failure_delay = 0\n\
                 mail_location = maildir:{dir}/mail/%u\nfirst_valid_uid = 1\n\
                 passdb {{\n driver = passwd-file\n args = {dir}/users\n}}\n\
                 userdb {{\n driver = static\n args = uid=mail gid=mail home={dir}/mail/%u allow_all_users=yes\n}}\n\
                 service lmtp {{\n unix_listener {dir}/lmtp {{\n  mode = 0666\n }}\n}}\n\
                 service auth {{\n unix_listener {dir}/sasl {{\n  mode = 0666\n }}\n}}\n"
            ),
        );
        run(Command::new("dovecot").arg("-c").arg(self.path("dovecot.conf")));
    }

    fn postfix(&self) {
        for folder in ["etc", "spool", "data"] {
            fs::create_dir(self.path(folder)).expect("a folder");
        }
        run(Command::new("chown").arg("postfix").arg(self.path("data")));
        let dir = self.folder.path().display();
        let Self { submission, smtps, .. } = self;
        self.write(
            "etc/main.cf",
            &format!(
                "compatibility_level = 3.6\nqueue_directory = {dir}/spool\ndata_directory = {dir}/data\n\
                 maillog_file = {dir}/postfix.log\nmaillog_file_prefixes = {dir}\nmyhostname = mail.test\n\
                 mydestination =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.1/32\n\
                 default_transport = error:nothing leaves this machine\nrelay_transport = error:nothing leaves\n\
                 disable_dns_lookups = yes\nvirtual_mailbox_domains = mail.test\n\
                 virtual_mailbox_maps = inline:{{{{{USER} = yes}}}}\nvirtual_transport = lmtp:unix:{dir}/lmtp\n\
                 smtpd_tls_cert_file = {dir}/cert.pem\nsmtpd_tls_key_file = {dir}/key.pem\n\
                 smtpd_sasl_type = dovecot\nsmtpd_sasl_path = {dir}/sasl\nsmtpd_sasl_auth_enable = yes\n\
                 smtpd_client_restrictions = permit_sasl_authenticated, reject\n\
                 smtpd_relay_restrictions = permit_sasl_authenticated, reject\n"
            ),
        );
        let inner = [
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "lmtp unix - - n - - lmtp",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
            "postlog unix-dgram n - n - 1 postlogd",
        ]
        .join("\n");
        self.write(
            "etc/master.cf",
            &format!(
                "127.0.0.1:{submission} inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n\
                 127.0.0.1:{smtps} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n{inner}\n"
            ),
        );
        run(Command::new("postfix").arg("-c").arg(self.path("etc")).arg("start"));
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }
}

impl Drop for RealMail {
    fn drop(&mut self) {
        let _ = Command::new("postfix").arg("-c").arg(self.path("etc")).arg("stop").output();
        let pid = fs::read_to_string(self.path("run/master.pid")).unwrap_or_default();
        if let Ok(pid) = pid.trim().parse::<u32>() {
            let _ = Command::new("kill").arg(pid.to_string()).output();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// What a daemon leaves behind in its place may hold on to a pipe for ever: what it says goes to a file.
fn run(command: &mut Command) {
    let mut said = tempfile::tempfile().expect("a file");
    let copy = || said.try_clone().expect("a file");
    let status = command.stdin(Stdio::null()).stdout(copy()).stderr(copy()).status().expect("started");
    let mut text = String::new();
    said.rewind().and_then(|()| said.read_to_string(&mut text)).expect("read");
    assert!(status.success(), "{command:?}: {text}");
}

/// The text of a mail, its encoding undone.
pub fn text(mail: &str) -> String {
    let (head, body) = mail.split_once("\n\n").expect("a head and a body");
    let body = if head.contains("Content-Transfer-Encoding: base64") {
        from_base64(body)
    } else if head.contains("Content-Transfer-Encoding: quoted-printable") {
        from_quoted(&body.replace("=\n", ""))
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(body).expect("UTF-8").replace("\r\n", "\n")
}

/// The subject of a mail, its encoding undone.
pub fn subject(mail: &str) -> String {
    let (head, _) = mail.split_once("\n\n").expect("a head and a body");
    let (_, rest) = head.split_once("\nSubject: ").expect("a subject");
    // folded lines begin with white space; between encoded words it means nothing (RFC 2047, section 6.2)
    let unfolded = rest.replace("\n ", " ").replace("\n\t", " ");
    let line = unfolded.lines().next().unwrap_or_default();
    let mut subject = Vec::new();
    let mut after_encoded = false;
    for word in line.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        let joined = after_encoded && encoded.is_some();
        if !subject.is_empty() && !joined {
            subject.push(b' ');
        }
        match encoded {
            Some(encoded) => subject.extend(from_base64(encoded)),
            None => subject.extend(word.bytes()),
        }
        after_encoded = encoded.is_some();
    }
    String::from_utf8(subject).expect("UTF-8")
}

fn from_quoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let digits = String::from_utf8(rest.by_ref().take(2).collect()).expect("digits");
        bytes.push(u8::from_str_radix(&digits, 16).expect("hexadecimal"));
    }
    bytes
}

fn from_base64(text: &str) -> Vec<u8> {
    let joined: String = text.split_whitespace().collect();
    BASE64.decode(joined).expect("base64")
}
