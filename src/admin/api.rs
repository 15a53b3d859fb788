//! `/api/v1`: what the commands ask for.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::view::{Done, Fault, HeldView, MessageView, PromiseView, Released, Said};
use super::{Door, Office, done};
use crate::app::Status;
use crate::channel::PublishedHours;
use crate::store::StoreError;

/// The most promises that are listed.
const PROMISES_LISTED: usize = 1000;

/// An answer that is none: a status and a sentence.
pub struct Refusal(pub StatusCode, pub String);

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(Fault { error: self.1 })).into_response()
    }
}

pub async fn status(State(office): State<Office>) -> Result<Json<Status>, Refusal> {
    Ok(Json(office.app.status().await?))
}

pub async fn held(State(office): State<Office>) -> Result<Json<Vec<HeldView>>, Refusal> {
    let rows = office.app.held().await?;
    let config = office.app.config();
    let rows = rows.into_iter().map(|row| {
        let said = (office.door == Door::Socket).then(|| Said::new(&row.message.message, &config.clients));
        HeldView { said, ..HeldView::new(row) }
    });
    Ok(Json(rows.collect()))
}

pub async fn release(State(office): State<Office>) -> Result<Json<Released>, Refusal> {
    let released = office.app.release().await?;
    tracing::info!("the owner releases what is held: {released}");
    Ok(Json(Released { released }))
}

/// What became of one message: for the owner, who alone is told on the socket.
pub async fn message(
    State(office): State<Office>,
    id: Result<UrlPath<i64>, PathRejection>,
) -> Result<Json<MessageView>, Refusal> {
    let UrlPath(id) = id.map_err(|_| bad("the number of a message is a whole number".to_owned()))?;
    let Some(account) = office.app.store().message(id).await? else {
        return Err(Refusal(
            StatusCode::NOT_FOUND,
            format!(
                "there is no message {id}: it is forgotten (store.retain), or left no trace (private people and lines, \
                 blocked people), or never was"
            ),
        ));
    };
    Ok(Json(MessageView::new(account, &office.app.desk())))
}

/// Who was told an opening, and has no answer yet.
pub async fn promises(State(office): State<Office>) -> Result<Json<Vec<PromiseView>>, Refusal> {
    let promises = office.app.store().promises(DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC, PROMISES_LISTED).await?;
    let config = office.app.config();
    let promises = promises.into_iter().map(|promise| PromiseView {
        id: promise.message.id,
        received_at: promise.message.received_at,
        opens_at: promise.opens,
        said: Said::new(&promise.message.message, &config.clients),
    });
    Ok(Json(promises.collect()))
}

/// The owner has answered in some way that we do not see.
pub async fn done(
    State(office): State<Office>,
    id: Result<UrlPath<i64>, PathRejection>,
) -> Result<Json<Done>, Refusal> {
    let UrlPath(id) = id.map_err(|_| bad("the number of a message is a whole number".to_owned()))?;
    Ok(Json(Done { done: done::keep(&office, id).await? }))
}

/// A channel was set up at its provider: what `status` says of it is asked anew.
pub async fn look_anew(State(office): State<Office>) -> StatusCode {
    office.app.look_anew();
    StatusCode::NO_CONTENT
}

/// The hours that the owner shows clients at the provider of a channel.
pub async fn published_hours(
    State(office): State<Office>,
    UrlPath(name): UrlPath<String>,
) -> Result<Json<Vec<PublishedHours>>, Refusal> {
    let config = office.app.config();
    let Some(settings) = config.channels.get(name.as_str()) else {
        return Err(bad(format!("the config in force has no channel {name}")));
    };
    let asked = settings.channel.published_hours(office.app.outbound()).await;
    let failed =
        |error| Refusal(StatusCode::BAD_GATEWAY, format!("the provider of channel {name} does not tell: {error}"));
    Ok(Json(asked.map_err(failed)?))
}

pub async fn socket_only() -> Refusal {
    Refusal(StatusCode::FORBIDDEN, "who is who is told on the admin socket only (listen.socket)".to_owned())
}

pub async fn read_only() -> Refusal {
    Refusal(StatusCode::FORBIDDEN, "changes are taken on the admin socket only (listen.socket)".to_owned())
}

pub async fn nothing_here() -> Refusal {
    Refusal(StatusCode::NOT_FOUND, "there is nothing here".to_owned())
}

pub(super) fn bad(sentence: String) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, sentence)
}

pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
