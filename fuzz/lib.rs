//! What every parser must bear: any bytes at all, proven or not.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use afterhours::channel::{Channel, Delivery, Scene, Verified};
use afterhours::clients::Standing;
use afterhours::config::{self, Config};
use afterhours::message::{Address, Event, Inbound};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz.toml");
    let today = "2026-11-24".parse().expect("a date");
    match config::load(&path, today) {
        Ok(loaded) => loaded.config,
        Err(report) => panic!("{:?}", report.problems.iter().map(ToString::to_string).collect::<Vec<_>>()),
    }
});

/// A stage that is open or closed by the first byte, on which everybody is a client.
struct Stage {
    open: bool,
}

impl Scene for Stage {
    fn is_open(&self, _line: Option<&str>) -> bool {
        self.open
    }

    fn is_private(&self, line: Option<&str>) -> bool {
        line == Some("2")
    }

    fn standing(&self, from: &[Address]) -> Standing {
        if from.len() > 1 { Standing::Client } else { Standing::Unknown }
    }

    fn text(&self, message: &Inbound, reply: &str) -> Option<(String, String)> {
        Some((format!("{reply} <&> {}", message.name.as_str()), "en".to_owned()))
    }
}

/// Brings the bytes before the channel of that kind: a raw request as in `tests/fixtures/channel`, or a body alone.
pub fn read(kind: &str, data: &[u8]) {
    let channel: &Arc<dyn Channel> = &CONFIG.channels[kind].channel;
    let delivery = delivery(data);
    let now = "2026-11-24T02:00:00Z".parse().expect("an instant");
    let _ = channel.verify(&delivery, now);
    let _ = channel.handshake(&delivery.query);
    let verified = Verified::assumed(&delivery);
    let events = channel.parse(&verified);
    let stage = Stage { open: data.len() % 2 == 0 };
    let page = channel.answer(&verified, &stage);
    if let Some(page) = page {
        assert!(!page.body.chars().any(|c| c.is_control() && !c.is_whitespace()), "an answer that no provider can read");
    }
    let Ok(events) = events else { return };
    for event in &events {
        if let Event::Message(message) | Event::Rings(message) = event {
            assert!(!message.from.is_empty(), "a message that nobody wrote");
            assert!(message.from.iter().all(|address| !address.as_str().is_empty()));
        }
    }
    assert_eq!(channel.parse(&verified).map(|again| again.len()), Ok(events.len()), "read twice, it is the same");
}

fn delivery(data: &[u8]) -> Delivery {
    let end = data.windows(4).position(|window| window == b"\r\n\r\n").filter(|_| data.starts_with(b"POST "));
    let Some(end) = end else {
        return Delivery { headers: HeaderMap::new(), query: String::new(), body: Bytes::copy_from_slice(data) };
    };
    let head = String::from_utf8_lossy(&data[..end]);
    let query = head.lines().next().and_then(|line| line.split(' ').nth(1)?.split_once('?'));
    let query = query.map(|(_, query)| query.to_owned()).unwrap_or_default();
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.to_lowercase()), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    Delivery { headers, query, body: Bytes::copy_from_slice(&data[end + 4..]) }
}
