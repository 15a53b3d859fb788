//! `/healthz`, `/readyz`, `/metrics`: for machines that watch.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Office;
use super::api::Refusal;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// 200 when messages can be taken and sent; else 503, and what is in the way.
pub async fn ready(State(office): State<Office>) -> Response {
    let mut problems = Vec::new();
    match office.app.store().ping().await {
        Err(error) => problems.push(json!({ "part": "store", "problem": error.to_string() })),
        Ok(()) => match office.app.status().await {
            Err(error) => problems.push(json!({ "part": "store", "problem": error.to_string() })),
            Ok(status) => {
                let down = status.down.iter();
                problems.extend(down.map(|down| json!({ "part": down.name, "problem": down.reason })));
            }
        },
    }
    let ready = problems.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "problems": problems }))).into_response()
}

/// The figures, in the text form of `OpenMetrics`.
pub async fn metrics(State(office): State<Office>) -> Result<Response, Refusal> {
    let counts = office.app.store().counts().await?;
    let text = office.app.metrics().encode(&counts);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
