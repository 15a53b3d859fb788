//! Health, metrics and the API. On TCP it only tells, and nothing that quotes a person: nobody is asked there who they
//! are. On the Unix socket, which only the owner of the service can open, it tells everything and takes orders.
//!
//! One page on TCP takes one order, that somebody has an answer: from whoever has the link of a notice, which proves that
//! they were told (`done`).

mod api;
mod clients;
mod done;
mod health;
mod overrides;
mod view;
mod when;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use view::{
    Anyway, ClientView, ClientsView, Done, Ended, Fault, HeldView, MessageView, OptIn, Overridden, PromiseView,
    Released, Said, SendView, WantOptIn, WantOverride,
};

use crate::app::App;

/// The longest that a question to the service may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a question comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The TCP address: read only.
    Tcp,
    /// The Unix socket.
    Socket,
}

#[derive(Clone)]
struct Office {
    app: Arc<App>,
    door: Door,
}

/// The admin side, as it is at that door.
pub fn router(app: &Arc<App>, door: Door) -> Router {
    let own = match door {
        Door::Socket => Router::new()
            .route("/api/v1/messages/{id}", get(api::message))
            .route("/api/v1/messages/{id}/done", post(api::done))
            .route("/api/v1/promises", get(api::promises))
            .route("/api/v1/channels/{name}/hours", get(api::published_hours))
            .route("/api/v1/channels/look-anew", post(api::look_anew))
            .route("/api/v1/clients", get(clients::list))
            .route("/api/v1/clients/opt-in", post(clients::opt_in))
            .route("/api/v1/held/release", post(api::release))
            .route("/api/v1/away", post(overrides::away).delete(overrides::away_off))
            .route("/api/v1/open", post(overrides::open).delete(overrides::open_off)),
        Door::Tcp => Router::new()
            .route("/api/v1/messages/{id}", get(api::socket_only))
            .route("/api/v1/messages/{id}/done", post(api::read_only))
            .route("/api/v1/promises", get(api::socket_only))
            .route("/api/v1/channels/{name}/hours", get(api::socket_only))
            .route("/api/v1/channels/look-anew", post(api::read_only))
            .route("/api/v1/clients", get(api::socket_only))
            .route("/api/v1/clients/opt-in", post(api::read_only))
            .route("/api/v1/held/release", post(api::read_only))
            .route("/api/v1/away", post(api::read_only).delete(api::read_only))
            .route("/api/v1/open", post(api::read_only).delete(api::read_only))
            .route("/done/{token}", get(done::ask).post(done::note)),
    };
    own.route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/api/v1/status", get(api::status))
        .route("/api/v1/held", get(api::held))
        .fallback(api::nothing_here)
        .layer(from_fn(in_time))
        .with_state(Office { app: Arc::clone(app), door })
}

/// No answer outlives its patience, and none is kept by a cache.
async fn in_time(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(PATIENCE, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| {
        api::Refusal(StatusCode::SERVICE_UNAVAILABLE, "not done in time".to_owned()).into_response()
    });
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
