//! `/done/TOKEN`: the page behind the link of a notice. To open it changes nothing, as programs that look for bad links open
//! them all; its button says that somebody has an answer, and nothing else can be said there.

use std::sync::LazyLock;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path as UrlPath, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minijinja::value::Value;
use minijinja::{Environment, context};
use ring::digest::{SHA256, digest};

use super::Office;
use crate::clients::Standing;
use crate::desk::Desk;
use crate::digest::{Waiting, who_waits};
use crate::language::{Language, Wording};
use crate::store::{Account, StoreError};

/// Escaped wherever it is filled in: so minijinja takes the name's end.
const NAME: &str = "done.html";
const PAGE: &str = include_str!("done.html");
const STYLE: &str = include_str!("done.css");

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Nothing is loaded or run, and no other site may show the page or be sent its form.
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let style = BASE64.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::try_from(policy).ok()
});

/// Asks. The message's words are not shown: whoever was told has them.
pub async fn ask(State(office): State<Office>, token: Result<UrlPath<String>, PathRejection>) -> Response {
    let page = match message(&office, token).await {
        Ok(Some(message)) => question(&office, message).await,
        Ok(None) => return Page::nothing_here(),
        Err(error) => Err(error),
    };
    or_not_noted(&office, page).respond()
}

/// Notes it. Whoever does not come from the page itself is shown the page.
pub async fn note(
    State(office): State<Office>,
    headers: HeaderMap,
    token: Result<UrlPath<String>, PathRejection>,
) -> Response {
    let page = match message(&office, token).await {
        Ok(Some(message)) if is_foreign(&headers, office.app.config().listen.admin_url.as_deref()) => {
            let page = question(&office, message).await;
            page.map(|page| Page { status: StatusCode::FORBIDDEN, ..page })
        }
        Ok(Some(message)) => keep(&office, message).await.map(|kept| {
            let words = |wording: &Wording| if kept { wording.notices.noted } else { wording.notices.noted_before };
            Page::new(&office.app.desk(), words)
        }),
        Ok(None) => return Page::nothing_here(),
        Err(error) => Err(error),
    };
    or_not_noted(&office, page).respond()
}

/// Everything that was promised to the person of that message is kept, under whatever address; nothing, where that was said
/// before. Says whether anything was.
pub async fn keep(office: &Office, message: i64) -> Result<bool, StoreError> {
    let store = office.app.store();
    // a row that cannot be read names nobody; its own addresses are known by their hashes
    let account = store.message(message).await.unwrap_or_default();
    let person = account.map(|account| office.app.desk().person(&account.message.message.from));
    store.keep_promise(message, person.unwrap_or_default()).await
}

/// The message that the token is of.
async fn message(office: &Office, token: Result<UrlPath<String>, PathRejection>) -> Result<Option<i64>, StoreError> {
    let Ok(UrlPath(token)) = token else { return Ok(None) };
    Ok(office.app.store().tokens().await?.message(&token))
}

async fn question(office: &Office, message: i64) -> Result<Page, StoreError> {
    let (store, desk) = (office.app.store(), office.app.desk());
    let promised = store.promised(message).await?;
    let account = if promised.is_some() { store.message(message).await? } else { None };
    let (Some(promised), Some(Account { message: stored, .. })) = (promised, account) else {
        return Ok(Page::new(&desk, |wording| wording.notices.noted_before));
    };
    let waiting = Waiting { message: desk.held(&stored), promised };
    let (who, told) = who_waits(&waiting, office.app.clock().now(), &desk.style());
    // what became private since is named nowhere
    let private = matches!(desk.standing(&stored), Standing::Personal | Standing::Blocked);
    let page = Page::new(&desk, |wording| wording.notices.waiting);
    Ok(Page {
        who: who.filter(|_| !private).map(|who| who.as_str().to_owned()),
        told: Some(told),
        button: Some(page.wording.notices.answered),
        ..page
    })
}

fn or_not_noted(office: &Office, page: Result<Page, StoreError>) -> Page {
    page.unwrap_or_else(|error| {
        tracing::warn!("that somebody has an answer could not be noted: {error}");
        let page = Page::new(&office.app.desk(), |wording| wording.notices.not_noted);
        Page { status: StatusCode::SERVICE_UNAVAILABLE, ..page }
    })
}

/// A page of another site has sent it, as the browser says.
fn is_foreign(headers: &HeaderMap, admin_url: Option<&str>) -> bool {
    if let Some(site) = headers.get(FETCH_SITE) {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()) else { return false };
    let ours = admin_url.and_then(|url| reqwest::Url::parse(url).ok()).map(|url| url.origin().ascii_serialization());
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let same_host = host.is_some() && origin.split_once("://").map(|(_, host)| host) == host;
    // a page with a referrer policy as ours sends `null` (Fetch, "append a request `Origin` header")
    origin != "null" && ours.as_deref() != Some(origin) && !same_host
}

/// What is shown.
struct Page {
    status: StatusCode,
    wording: &'static Wording,
    heading: &'static str,
    who: Option<String>,
    told: Option<String>,
    button: Option<&'static str>,
}

impl Page {
    /// In the owner's language.
    fn new(desk: &Desk, heading: impl FnOnce(&Wording) -> &'static str) -> Self {
        Self::of(StatusCode::OK, desk.config().owner.language.wording_or_english(), heading)
    }

    fn of(status: StatusCode, wording: &'static Wording, heading: impl FnOnce(&Wording) -> &'static str) -> Self {
        Self { status, wording, heading: heading(wording), who: None, told: None, button: None }
    }

    /// For a token that is none: not even the owner's language is told.
    fn nothing_here() -> Response {
        let english = Language::english().wording_or_english();
        Self::of(StatusCode::NOT_FOUND, english, |_| "There is nothing here.").respond()
    }

    fn respond(self) -> Response {
        let Self { status, wording, heading, who, told, button } = self;
        let filled = context! {
            language => wording.tag,
            right_to_left => wording.right_to_left,
            style => Value::from_safe_string(STYLE.to_owned()),
            heading, who, told, button,
        };
        let Ok(page) = Environment::new().render_named_str(NAME, PAGE, filled) else {
            return (StatusCode::INTERNAL_SERVER_ERROR, "this is a bug of afterhours\n").into_response();
        };
        let mut response = (status, page).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
        if let Some(policy) = POLICY.clone() {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}
