//! The other side of the demo: takes replies as WhatsApp's Graph API does, and notices as an ntfy server does.

use std::io;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// What was sent to it.
#[derive(Debug)]
pub(super) enum Arrived {
    Reply { to: String, text: String },
    Notice { title: String, text: String },
}

/// A server on a loopback port of its own, for as long as the process lives.
pub(super) struct StandIn {
    /// Its base URL.
    pub(super) base: String,
    pub(super) arrivals: mpsc::UnboundedReceiver<Arrived>,
}

type Sender = mpsc::UnboundedSender<Arrived>;

impl StandIn {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let (sender, arrivals) = mpsc::unbounded_channel();
        let router =
            Router::new().route("/v25.0/{phone}/messages", post(reply)).route("/", post(notice)).with_state(sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { base, arrivals })
    }
}

async fn reply(State(arrived): State<Sender>, Json(body): Json<Value>) -> Result<Json<Value>, StatusCode> {
    let (to, text) = (text(&body, "/to")?, text(&body, "/text/body")?);
    arrived.send(Arrived::Reply { to, text }).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Json(json!({"messaging_product": "whatsapp", "messages": [{"id": "wamid.STANDIN"}]})))
}

async fn notice(State(arrived): State<Sender>, Json(body): Json<Value>) -> Result<Json<Value>, StatusCode> {
    let (title, message) = (text(&body, "/title")?, text(&body, "/message")?);
    arrived.send(Arrived::Notice { title, text: message }).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Json(json!({"id": "standin", "event": "message"})))
}

fn text(body: &Value, pointer: &str) -> Result<String, StatusCode> {
    body.pointer(pointer).and_then(Value::as_str).map(str::to_owned).ok_or(StatusCode::BAD_REQUEST)
}
