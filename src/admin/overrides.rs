//! `/api/v1/away` and `/api/v1/open`: the owner's word over the hours.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::api::{Refusal, bad, names};
use super::view::{Anyway, Ended, Overridden, WantEnd, WantOverride};
use super::{Office, when};
use crate::app::Ending;
use crate::config::Config;
use crate::config::suggest::closest;
use crate::hours::in_turn;

/// The reply of an absence that names none.
const AWAY: &str = "away";

/// Built-in replies that say it is closed, or when it opens.
const CLOSED: &[&str] = &["closed", "holiday", "away", "never", "call", "voicemail"];

type Wanted<T> = Result<Json<T>, JsonRejection>;
type Asked<T> = Result<Query<T>, QueryRejection>;

pub async fn away(State(office): State<Office>, want: Wanted<WantOverride>) -> Result<Json<Overridden>, Refusal> {
    override_hours(&office, want, false).await
}

pub async fn open(State(office): State<Office>, want: Wanted<WantOverride>) -> Result<Json<Overridden>, Refusal> {
    override_hours(&office, want, true).await
}

pub async fn away_off(State(office): State<Office>, want: Asked<WantEnd>) -> Result<Json<Ended>, Refusal> {
    end(&office, want, Ending::Running).await
}

pub async fn open_off(State(office): State<Office>, want: Asked<WantEnd>) -> Result<Json<Ended>, Refusal> {
    end(&office, want, Ending::Open).await
}

async fn override_hours(office: &Office, want: Wanted<WantOverride>, open: bool) -> Result<Json<Overridden>, Refusal> {
    let Json(WantOverride { from, until, reply }) = want.map_err(|problem| bad(problem.body_text()))?;
    let config = office.app.config();
    let zone = config.owner.timezone;
    let now = office.app.clock().now();
    let from = from.map(|from| read(&from, "--from", zone)).transpose()?;
    let until = read(&until, "--until", zone)?;
    refuse_times(from, until, now, zone).map_or(Ok(()), |problem| Err(bad(problem)))?;
    refuse_reply(reply.as_deref(), open, &config).map_or(Ok(()), |problem| Err(bad(problem)))?;
    office.app.override_hours(open, from, until, reply.clone()).await?;
    let from = from.unwrap_or(now);
    tracing::info!("the owner is {} from {from} until {until}", if open { "open" } else { "away" });
    let at = office.app.clock().now();
    Ok(Json(Overridden {
        open,
        from,
        until,
        timezone: zone.name().to_owned(),
        anyway: if open { open_longer(office, from.max(at), until) } else { Vec::new() },
        reply: reply.or_else(|| (!open).then(|| AWAY.to_owned())),
        at,
        overrides: in_turn(office.app.desk().overrides(), at),
    }))
}

async fn end(office: &Office, want: Asked<WantEnd>, ending: Ending) -> Result<Json<Ended>, Refusal> {
    let Query(WantEnd { all }) = want.map_err(|problem| bad(problem.body_text()))?;
    let ended = office.app.end_overrides(ending, all).await?;
    let at = office.app.clock().now();
    for over in &ended {
        let what = if over.open { "open" } else { "away" };
        tracing::info!("the owner is no longer {what} until {}", over.until);
    }
    Ok(Json(Ended {
        was_away: ended.iter().any(|over| !over.open && over.from <= at),
        ended,
        timezone: office.app.config().owner.timezone.name().to_owned(),
        at,
        overrides: in_turn(office.app.desk().overrides(), at),
    }))
}

fn read(text: &str, option: &str, zone: Tz) -> Result<DateTime<Utc>, Refusal> {
    when::read(text, zone).ok_or_else(|| {
        bad(format!(
            "{option}: the time cannot be read: write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00:00-06:00"
        ))
    })
}

fn refuse_times(from: Option<DateTime<Utc>>, until: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> Option<String> {
    let shown = |at: DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    if until <= now {
        return Some(format!("that is in the past: here it is {} ({zone})", shown(now)));
    }
    let from = from?;
    if from < now {
        let now = shown(now);
        return Some(format!("--from is in the past: here it is {now} ({zone}); leave it out to begin now"));
    }
    (from >= until).then(|| {
        let (from, until) = (shown(from), shown(until));
        format!("--until ({until}) must be later than --from ({from}); a date alone is the start of that day")
    })
}

/// The hours that are open then, and still so when the owner's word ends: it closes nothing.
fn open_longer(office: &Office, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Anyway> {
    let desk = office.app.desk();
    let hours = desk.config().hours.keys().filter_map(|name| {
        let state = desk.state(name, from);
        let longer = state.is_open() && state.until().is_none_or(|closes| closes > until);
        longer.then(|| Anyway { hours: name.to_string(), until: state.until() })
    });
    hours.collect()
}

fn refuse_reply(reply: Option<&str>, open: bool, config: &Config) -> Option<String> {
    let name = reply?;
    if open && CLOSED.contains(&name) {
        return Some(format!(
            "the reply `{name}` says that you are closed: give one of your own a text, as in [reply.late], and name that"
        ));
    }
    if config.replies.knows(name) {
        return None;
    }
    let hint = closest(name, config.replies.names()).map_or_else(
        || format!("give it a text in [reply.{name}], or use one of: {}", names(config.replies.names())),
        |known| format!("did you mean `{known}`?"),
    );
    Some(format!("there is no reply `{name}`; {hint}"))
}
