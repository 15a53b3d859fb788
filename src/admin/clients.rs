//! `/api/v1/clients`: the client list, and who wants no automatic replies.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;

use super::Office;
use super::api::{Refusal, bad};
use super::view::{ClientView, ClientsView, OptIn, WantOptIn};
use crate::clients::read_address;

pub async fn list(State(office): State<Office>) -> Result<Json<ClientsView>, Refusal> {
    let config = office.app.config();
    let people = config.clients.iter().map(|client| client.addresses.clone()).collect();
    let opted_out = office.app.store().opted_out(people).await?;
    let clients = config.clients.iter().zip(opted_out.people);
    let clients = clients.map(|(client, opted_out)| ClientView::new(client, opted_out)).collect();
    Ok(Json(ClientsView { clients, others_opted_out: opted_out.others }))
}

pub async fn opt_in(
    State(office): State<Office>,
    want: Result<Json<WantOptIn>, JsonRejection>,
) -> Result<Json<OptIn>, Refusal> {
    let Json(want) = want.map_err(|problem| bad(problem.body_text()))?;
    let desk = office.app.desk();
    let address = read_address(&want.address, desk.config().owner.country.as_deref()).map_err(|problem| {
        let hint = problem.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        bad(format!("--undo: {}{hint}", problem.message))
    })?;
    let person = [address];
    let had_opted_out = office.app.store().opt_in(desk.person(&person)).await?;
    if had_opted_out {
        tracing::info!("the owner takes back that somebody wants no automatic replies");
    }
    let name = desk.config().clients.find(&person).map(|client| client.name.as_str().to_owned());
    let [address] = person;
    Ok(Json(OptIn { address: address.as_str().to_owned(), name, had_opted_out }))
}
