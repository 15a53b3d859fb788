//! `/api/v1`: what the commands ask for.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::view::{Away, AwayOff, Fault, HeldView, Released, Said, WantAway};
use super::{Door, Office, when};
use crate::app::Status;
use crate::config::suggest::closest;
use crate::store::StoreError;

/// The reply of an absence that names none.
const AWAY: &str = "away";

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

pub async fn away(
    State(office): State<Office>,
    want: Result<Json<WantAway>, JsonRejection>,
) -> Result<Json<Away>, Refusal> {
    let Json(want) = want.map_err(|problem| bad(problem.body_text()))?;
    let config = office.app.config();
    let zone = config.owner.timezone;
    let until = when::read(&want.until, zone).ok_or_else(|| {
        bad("the time cannot be read: write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00:00-06:00".to_owned())
    })?;
    let now = office.app.clock().now();
    if until <= now {
        let now = now.with_timezone(&zone).format("%Y-%m-%d %H:%M");
        return Err(bad(format!("that is in the past: here it is {now} ({zone})")));
    }
    if let Some(name) = want.reply.as_deref().filter(|name| !config.replies.knows(name)) {
        let hint = closest(name, config.replies.names()).map_or_else(
            || format!("give it a text in [reply.{name}], or use one of: {}", names(config.replies.names())),
            |known| format!("did you mean `{known}`?"),
        );
        return Err(bad(format!("there is no reply `{name}`; {hint}")));
    }
    office.app.away(until, want.reply.clone()).await?;
    tracing::info!("the owner is away until {until}");
    let reply = want.reply.unwrap_or_else(|| AWAY.to_owned());
    Ok(Json(Away { until, timezone: zone.name().to_owned(), reply }))
}

pub async fn away_off(State(office): State<Office>) -> Result<Json<AwayOff>, Refusal> {
    let was_away = office.app.away_off().await?;
    if was_away {
        tracing::info!("the owner is back");
    }
    Ok(Json(AwayOff { was_away }))
}

pub async fn read_only() -> Refusal {
    Refusal(StatusCode::FORBIDDEN, "changes are taken on the admin socket only (listen.socket)".to_owned())
}

pub async fn nothing_here() -> Refusal {
    Refusal(StatusCode::NOT_FOUND, "there is nothing here".to_owned())
}

fn bad(sentence: String) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, sentence)
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
