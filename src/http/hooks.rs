//! `GET` and `POST /in/CHANNEL`, and nothing else.

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::service::{Service, service_fn};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use crate::app::App;
use crate::channel::{Allowance, Delivery};
use crate::intake::Answer;

/// Seconds after which a provider that was turned away may try again: long enough for a burst to pass, short enough for
/// the impatient.
const AGAIN_IN: u32 = 2;

/// Who stands behind the hooks side.
pub trait Hooks: Send + Sync + 'static {
    /// There is a channel of that name. Asked before a body is read.
    fn knows(&self, channel: &str) -> bool;

    /// What the provider of a channel needs for a request, where that is more than others do.
    fn allowance(&self, _channel: &str) -> Option<Allowance> {
        None
    }

    /// A provider's `GET`.
    fn handshake(&self, channel: &str, query: &str) -> Answer;

    /// A provider's `POST`.
    fn receive(&self, channel: &str, delivery: &Delivery) -> impl Future<Output = Answer> + Send;

    /// What a known channel was answered, whoever decided it.
    fn answered(&self, channel: &str, status: u16);
}

impl Hooks for App {
    fn knows(&self, channel: &str) -> bool {
        self.config().channels.contains_key(channel)
    }

    fn allowance(&self, channel: &str) -> Option<Allowance> {
        self.config().channels.get(channel)?.channel.allowance()
    }

    fn handshake(&self, channel: &str, query: &str) -> Answer {
        self.handshake(channel, query)
    }

    async fn receive(&self, channel: &str, delivery: &Delivery) -> Answer {
        self.receive(channel, delivery).await
    }

    fn answered(&self, channel: &str, status: u16) {
        self.metrics().hook(channel, status);
    }
}

/// The hooks side as a service for [`serve`](super::serve).
pub fn hooks<H: Hooks>(
    hooks: Arc<H>,
    limits: Limits,
) -> impl Service<Request<Incoming>, Response = Response<Full<Bytes>>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ 'static {
    let door = Arc::new(Door {
        hooks,
        limits,
        requests: Semaphore::new(limits.requests),
        bytes: Arc::new(Semaphore::new(limits.bodies_bytes.min(Semaphore::MAX_PERMITS))),
    });
    service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok(door.answer(request).await) }
    })
}

struct Door<H> {
    hooks: Arc<H>,
    limits: Limits,
    requests: Semaphore,
    bytes: Arc<Semaphore>,
}

/// Why a body is not read to its end.
enum Unread {
    TooLarge,
    Flooded,
    Broken,
}

/// A body that may not be read to its end.
struct Unfinished {
    body: Incoming,
    ended: bool,
}

impl Unfinished {
    async fn frame(&mut self) -> Option<hyper::Result<Frame<Bytes>>> {
        let frame = self.body.frame().await;
        self.ended = frame.is_none();
        frame
    }

    fn has_ended(&self) -> bool {
        self.ended || self.body.is_end_stream()
    }
}

/// A body, and the room it takes until it is dropped.
struct Held {
    body: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

impl<H: Hooks> Door<H> {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let mut body = Unfinished { body, ended: false };
        let path = parts.uri.path();
        let answer = match path.strip_prefix("/in/").filter(|name| self.hooks.knows(name)) {
            Some(channel) => {
                let query = parts.uri.query().unwrap_or_default();
                let answer = match parts.method {
                    Method::GET => self.hooks.handshake(channel, query),
                    Method::POST => self.take(channel, (parts.headers, query.to_owned()), &mut body).await,
                    _ => says(StatusCode::NOT_FOUND, "there is nothing here but for GET and POST"),
                };
                self.hooks.answered(channel, answer.status);
                answer
            }
            None => says(StatusCode::NOT_FOUND, "there is nothing here"),
        };
        let mut response = respond(answer);
        if !body.has_ended() {
            close(&mut response);
        }
        response
    }

    async fn take(&self, channel: &str, (headers, query): (http::HeaderMap, String), body: &mut Unfinished) -> Answer {
        let Ok(_place) = self.requests.try_acquire() else {
            return later(StatusCode::TOO_MANY_REQUESTS, "too many requests at once");
        };
        let Limits { mut body_bytes, mut request, .. } = self.limits;
        if let Some(allowance) = self.hooks.allowance(channel) {
            body_bytes = body_bytes.max(allowance.body_bytes);
            request = request.max(allowance.request);
        }
        let deadline = Instant::now() + request;
        let held = match timeout_at(deadline, self.read(body, body_bytes)).await {
            Ok(Ok(held)) => held,
            Ok(Err(Unread::TooLarge)) => {
                let limit = body_bytes / 1024;
                tracing::warn!("channel {channel}: webhook refused: the body is larger than {limit} KiB");
                return says(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
            }
            Ok(Err(Unread::Flooded)) => return later(StatusCode::TOO_MANY_REQUESTS, "too many requests at once"),
            Ok(Err(Unread::Broken)) => {
                tracing::warn!("channel {channel}: webhook refused: the body ended early");
                return says(StatusCode::BAD_REQUEST, "the body ended early");
            }
            Err(_) => {
                tracing::warn!(
                    "channel {channel}: webhook refused: the body did not come within {} s",
                    request.as_secs()
                );
                return says(StatusCode::REQUEST_TIMEOUT, "the body came too slowly");
            }
        };
        let delivery = Delivery { headers, query, body: held.body.clone() };
        let received = AssertUnwindSafe(self.hooks.receive(channel, &delivery)).catch_unwind();
        match timeout_at(deadline, received).await {
            Ok(Ok(answer)) => answer,
            // the panic hook has said where; the provider tries again
            Ok(Err(_)) => says(StatusCode::INTERNAL_SERVER_ERROR, "this is a bug of afterhours"),
            Err(_) => later(StatusCode::SERVICE_UNAVAILABLE, "not done in time"),
        }
    }

    /// Reads a body, counting against its own limit and that of all bodies together. The usual body is one frame, and is
    /// not copied.
    async fn read(&self, body: &mut Unfinished, limit: usize) -> Result<Held, Unread> {
        if body.body.size_hint().lower() > limit as u64 {
            return Err(Unread::TooLarge);
        }
        let mut first = Bytes::new();
        let mut rest = BytesMut::new();
        let mut room: Option<OwnedSemaphorePermit> = None;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
            if first.len().max(rest.len()) + data.len() > limit {
                return Err(Unread::TooLarge);
            }
            let size = u32::try_from(data.len()).map_err(|_| Unread::TooLarge)?;
            let more = Arc::clone(&self.bytes).try_acquire_many_owned(size).map_err(|_| Unread::Flooded)?;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
            if first.is_empty() {
                first = data;
            } else {
                if rest.is_empty() {
                    rest.extend_from_slice(&first);
                }
                rest.extend_from_slice(&data);
            }
        }
        Ok(Held { body: if rest.is_empty() { first } else { rest.freeze() }, _room: room })
    }
}

/// What a request on a connection too many is answered.
pub(super) async fn turn_away(_request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = respond(later(StatusCode::TOO_MANY_REQUESTS, "too many connections at once"));
    close(&mut response);
    Ok(response)
}

fn close<B>(response: &mut Response<B>) {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
}

fn says(status: StatusCode, body: &str) -> Answer {
    Answer::new(status.as_u16(), body)
}

fn later(status: StatusCode, body: &str) -> Answer {
    Answer { retry_after: Some(AGAIN_IN), ..says(status, body) }
}

fn respond(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    // a handshake echoes what the query said: it must never be taken for a page
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(seconds) = answer.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
