//! Links in notices, by which the owner says that somebody has an answer: from the digest to the page and back, through the
//! whole service. 20 November 2026 is a Friday.
#![expect(clippy::expect_used, reason = "a test may")]

use std::sync::Arc;

use afterhours::admin::{self, Door};
use afterhours::rehearsal::Rehearsal;
use axum::body::{Body, to_bytes};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use crate::world::{Notice, OFFICE, World};

const ANA: &str = "50499990001";
const BEN: &str = "50499990003";
const MAX: &str = "14155550123";

const ADMIN: &str = "https://office.example.ts.net";

/// The office, with links.
fn linked() -> String {
    format!("{OFFICE}\n[listen]\nadmin_url = \"{ADMIN}/\"\n")
}

/// The paths of the links in a notice, in order.
fn links(notice: &Notice) -> Vec<String> {
    let lines = notice.message.lines().filter_map(|line| line.strip_prefix("  I have answered: "));
    lines.map(|url| url.strip_prefix(ADMIN).expect("the admin side").to_owned()).collect()
}

/// What the admin side on TCP answers.
struct Page {
    status: u16,
    headers: HeaderMap,
    text: String,
}

async fn send(world: &World, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8788");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let door = TowerToHyperService::new(admin::router(world.app(), Door::Tcp));
    let (parts, body) = door.call(request).await.expect("an answer").into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let text = String::from_utf8(body.to_vec()).expect("UTF-8");
    Page { status: parts.status.as_u16(), headers: parts.headers, text }
}

async fn get(world: &World, path: &str) -> Page {
    send(world, Method::GET, path, &[]).await
}

/// The button of the page, as a browser presses it.
async fn press(world: &World, path: &str) -> Page {
    let from_the_page = [("sec-fetch-site", "same-origin"), ("origin", "null"), ("content-length", "0")];
    send(world, Method::POST, path, &from_the_page).await
}

/// How many promises are open.
async fn open(world: &World) -> usize {
    let all = world.app().store().promises(DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC, 99).await;
    all.expect("a store").len()
}

/// One evening of Ben's, and the digest of the morning.
async fn morning(config: &str) -> (World, Notice) {
    let mut world = World::open("2026-11-19 20:00", config).await;
    world.says(BEN, "the roof is wet").await;
    world.reply();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    (world, digest)
}

#[tokio::test]
async fn a_link_of_the_digest_notes_that_somebody_has_an_answer() {
    let mut world = World::open("2026-11-19 20:00", &linked()).await;
    for (person, text) in [(BEN, "the roof is wet"), (ANA, "¿mañana?"), (BEN, "are you there?")] {
        world.says(person, text).await;
    }
    assert_eq!([world.reply().to, world.reply().to], [BEN, ANA]);
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    let [ben, ana] = &links(&digest)[..] else { panic!("one for each person: {digest:?}") };
    let (words, link) = (digest.message.find("are you there?"), digest.message.find(&**ben));
    assert!(words < link && link < digest.message.find("Ana"), "below the person's messages: {digest:?}");

    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = send(&world, method, ben, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!((page.status, open(&world).await), (200, 2), "a look changes nothing");
    }
    let page = get(&world, ben).await;
    for shown in ["Ben Ochoa", "Still waiting for your answer", "promised: Friday 8:00", "<form method=\"post\">"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    assert!(!page.text.contains("roof") && !page.text.contains("Ana"), "{}", page.text);

    // the next digest has it where it names who waits; Ana is answered by then
    world.owner_writes(ANA).await;
    world.at("2026-11-20 20:00").await;
    world.says(MAX, "hello").await;
    world.reply();
    world.restart().await;
    world.at("2026-11-21 08:00").await;
    let digest = world.notice();
    let [again, max] = &links(&digest)[..] else { panic!("{digest:?}") };
    assert_eq!(again, ben, "the same, also after a restart");
    let waiting = format!("promised: Friday 8:00\n  I have answered: {ADMIN}{ben}\n");
    assert!(digest.message.contains(&waiting), "{digest:?}");
    assert!(get(&world, ana).await.text.contains("nobody waits"), "the owner wrote");

    let page = press(&world, ben).await;
    assert!(page.status == 200 && page.text.contains("Noted."), "{}", page.text);
    for _ in 0..2 {
        let page = press(&world, ben).await;
        assert!(page.status == 200 && page.text.contains("done already"), "{}", page.text);
    }
    let page = get(&world, ben).await;
    assert!(page.text.contains("done already") && !page.text.contains("<form"), "{}", page.text);
    world.at("2026-11-21 20:00").await;
    world.says(MAX, "hello again").await;
    world.reply();
    world.at("2026-11-23 08:00").await;
    let digest = world.notice();
    assert!(!digest.message.contains("Ben") && digest.message.contains("Still waiting"), "{digest:?}");
    assert_eq!(links(&digest), std::slice::from_ref(max), "one for each person, who waits and wrote again");
}

#[tokio::test]
async fn who_was_answered_by_the_link_gets_no_follow_up() {
    let config = linked() + "\n[conversation]\nfollow_up = true\n";
    let mut world = World::open("2026-11-19 20:00", &config).await;
    for person in [BEN, MAX] {
        world.says(person, "are you there?").await;
        assert_eq!(world.reply().to, person);
    }
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!(press(&world, &links(&digest)[0]).await.text.contains("Noted."));
    world.at("2026-11-20 08:15").await;
    assert_eq!(world.reply().to, MAX);
    world.quiet();
}

#[tokio::test]
async fn one_link_is_for_every_address_of_the_person() {
    let two = linked().replace("address = \"+504 9999-0003\"", "address = [\"+504 9999-0003\", \"+504 9999-0004\"]");
    let mut world = World::open("2026-11-19 20:00", &two).await;
    world.says(BEN, "the roof is wet").await;
    world.reply();
    world.at("2026-11-20 08:00").await;
    world.notice();
    world.at("2026-11-20 20:00").await;
    world.says("50499990004", "still wet").await;
    world.reply();
    world.at("2026-11-21 08:00").await;
    let digest = world.notice();
    let [link] = &links(&digest)[..] else { panic!("{digest:?}") };
    assert_eq!(open(&world).await, 2);
    press(&world, link).await;
    assert_eq!(open(&world).await, 0);
}

#[tokio::test]
async fn an_old_link_that_is_opened_again_keeps_nothing_that_was_promised_since() {
    let (mut world, digest) = morning(&linked()).await;
    let link = &links(&digest)[0];
    assert!(press(&world, link).await.text.contains("Noted."));
    world.at("2026-11-20 20:00").await;
    world.says(BEN, "and the door").await;
    world.reply();
    // a browser that is started again sends what was sent before
    assert!(press(&world, link).await.text.contains("done already"));
    assert_eq!(open(&world).await, 1);
    world.at("2026-11-21 08:00").await;
    let digest = world.notice();
    assert!(links(&digest).len() == 1 && links(&digest)[0] != *link, "{digest:?}");
}

#[tokio::test]
async fn what_is_no_token_of_this_store_finds_nothing() {
    let (world, digest) = morning(&linked()).await;
    let (_other, foreign) = morning(&linked()).await;
    let link = &links(&digest)[0];
    let foreign = links(&foreign).remove(0);
    assert_ne!(link, &foreign, "another store, the same message");
    let mut wrong: Vec<String> = (6..link.len())
        .map(|at| {
            let other = if link[at..].starts_with('A') { "B" } else { "A" };
            format!("{}{other}{}", &link[..at], &link[at + 1..])
        })
        .collect();
    wrong.extend((6..link.len()).map(|end| link[..end].to_owned()).filter(|cut| cut.len() > 6));
    wrong.extend([foreign, format!("{link}A"), format!("{link}%00"), "/done/%ff".to_owned(), "/done/1".to_owned()]);
    let nothing = get(&world, "/done/nonsense").await;
    assert!(nothing.text.contains("<h1>There is nothing here.</h1>"), "{}", nothing.text);
    for path in &wrong {
        for page in [get(&world, path).await, press(&world, path).await] {
            assert_eq!((page.status, &page.text), (404, &nothing.text), "{path}");
            assert_eq!(page.headers, nothing.headers, "{path}");
        }
    }
    assert_eq!(open(&world).await, 1);
    assert!(press(&world, link).await.text.contains("Noted."), "the right one, to the end");
}

#[tokio::test]
async fn the_admin_side_on_tcp_takes_no_other_order() {
    let (world, digest) = morning(&linked()).await;
    let link = &links(&digest)[0];
    let number = link.trim_start_matches("/done/").split('-').next().expect("a number");
    for (method, path) in [
        (Method::POST, format!("/api/v1/messages/{number}/done")),
        (Method::GET, format!("/api/v1/messages/{number}")),
        (Method::POST, "/api/v1/held/release".to_owned()),
        (Method::DELETE, link.clone()),
        (Method::PUT, link.clone()),
        (Method::POST, format!("{link}/more")),
    ] {
        let page = send(&world, method.clone(), &path, &[]).await;
        assert!([403, 404, 405].contains(&page.status), "{method} {path}: {}", page.status);
    }
    assert_eq!(open(&world).await, 1);
}

#[tokio::test]
async fn the_page_is_its_own_and_loads_nothing() {
    let (world, digest) = morning(&linked()).await;
    let page = get(&world, &links(&digest)[0]).await;
    let header = |name: &str| page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-robots-tag"), "noindex");
    let policy = header("content-security-policy");
    for part in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.split("; ").any(|found| found == part), "{policy}");
    }
    let style = page.text.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
    let hash = ring::digest::digest(&ring::digest::SHA256, style.as_bytes());
    let hash = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hash);
    assert!(policy.contains(&format!("style-src 'sha256-{hash}';")), "or the browser shows the page bare: {policy}");
    for foreign in ["<script", "<link", "<img", "http:", "https:", "url(", "@import", "/done/"] {
        assert!(!page.text.contains(foreign), "{foreign}: {}", page.text);
    }
    for needed in
        ["<!doctype html>", "<html lang=\"en\" dir=\"ltr\">", "name=\"viewport\"", "<title>Still", "<h1>Still"]
    {
        assert!(page.text.contains(needed), "{needed}: {}", page.text);
    }
}

#[tokio::test]
async fn names_of_strangers_are_text() {
    let name = "</bdi><script>alert('x')</script> & \\\"Söhne\\\"";
    for (name, shown) in [
        (name, "&lt;&#x2f;bdi&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;&#x2f;script&gt; &amp; &quot;Söhne&quot;"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("أحمد", "أحمد"),
    ] {
        let config = linked().replace("Ben Ochoa", name);
        let (world, digest) = morning(&config).await;
        let page = get(&world, &links(&digest)[0]).await;
        assert!(page.text.contains("<p class=\"who\"><bdi>") && page.text.contains(shown), "{}", page.text);
        assert!(!page.text.contains("<script") && !page.text.contains("49"), "{}", page.text);
    }
}

#[tokio::test]
async fn only_the_page_itself_is_listened_to() {
    type Headers = &'static [(&'static str, &'static str)];
    let cases: &[(Headers, bool)] = &[
        (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (&[("sec-fetch-site", "none")], true), // the page is loaded again
        (&[("sec-fetch-site", "cross-site"), ("origin", "null")], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", ADMIN)], false),
        (&[("sec-fetch-site", "same-site"), ("origin", "https://other.example.ts.net")], false),
        // browsers that do not say it, or not over http
        (&[], true),
        (&[("origin", "null")], true),
        (&[("origin", ADMIN)], true),
        (&[("origin", "http://127.0.0.1:8788")], true), // the address without the proxy
        (&[("origin", "https://office.example.ts.net.evil.example")], false),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "127.0.0.1:8788")], false),
    ];
    let (world, digest) = morning(&linked()).await;
    let link = &links(&digest)[0];
    let token = link.trim_start_matches("/done/");
    for (headers, taken) in cases {
        let (world, digest) = morning(&linked()).await;
        let link = &links(&digest)[0];
        let page = send(&world, Method::POST, link, headers).await;
        let expected = if *taken { (StatusCode::OK, 0) } else { (StatusCode::FORBIDDEN, 1) };
        assert_eq!((page.status, open(&world).await), (expected.0.as_u16(), expected.1), "{headers:?}");
        assert_eq!(page.text.contains("<form"), !taken, "the owner may press the button yet: {headers:?}");
    }
    let garbage = format!("/done/{}", token.to_ascii_lowercase());
    let page = send(&world, Method::POST, &garbage, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(page.status, 404, "nothing is told of what is no token");
}

#[tokio::test]
async fn links_stand_where_notices_may_name_people_and_nowhere_else() {
    let (_world, digest) = morning(OFFICE).await;
    assert!(!digest.message.contains("http") && !digest.message.contains("answered"), "no URL, no links: {digest:?}");
    let names = linked().replace("digest = [\"phone\"]", "digest = [\"phone\"]\ncontent = \"names\"");
    let (mut world, digest) = morning(&names).await;
    let link = links(&digest).remove(0);
    assert!(digest.message.starts_with("Ben Ochoa · 1 message · "), "{digest:?}");
    assert!(get(&world, &link).await.text.contains("Ben Ochoa"));
    // from now on notices name nobody: nor does the page of an older link
    let count = names.replace("\"names\"", "\"count\"");
    world.reload(&count).await;
    let page = get(&world, &link).await;
    assert!(page.text.contains("promised: Friday 8:00") && page.text.contains("<form"), "{}", page.text);
    assert!(!page.text.contains("Ben") && !page.text.contains("who\""), "{}", page.text);
    world.at("2026-11-20 20:00").await;
    world.says(MAX, "hello").await;
    world.reply();
    world.at("2026-11-21 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("Still waiting for your answer: 1") && links(&digest).is_empty(), "{digest:?}");
    assert!(!digest.message.contains("http"), "{digest:?}");
    // and of who has become private nothing is said
    let private = names.replace("name = \"Ben Ochoa\"", "name = \"Ben Ochoa\"\nstanding = \"personal\"");
    world.reload(&private).await;
    assert!(!get(&world, &link).await.text.contains("Ben"));
    world.at("2026-11-21 13:00").await;
    world.says(MAX, "hello again").await;
    world.reply();
    world.at("2026-11-23 08:00").await;
    let digest = world.notice();
    assert!(links(&digest).len() == 1 && !digest.message.contains("Ben"), "{digest:?}");
}

#[tokio::test]
async fn the_page_speaks_the_owners_language() {
    let arabic = linked().replace("language = \"en\"\ncountry", "language = \"ar\"\ncountry");
    let (world, digest) = morning(&arabic).await;
    let link = digest.message.lines().last().and_then(|line| line.strip_prefix("  تم الرد: ")).expect("the link");
    let link = link.strip_prefix(ADMIN).expect("the admin side");
    let page = get(&world, link).await;
    assert!(
        page.text.contains("<html lang=\"ar\" dir=\"rtl\">") && page.text.contains(">تم الرد</button>"),
        "{}",
        page.text
    );
    assert!(press(&world, link).await.text.contains("لم يعد أحد ينتظر"));
}

#[tokio::test]
async fn a_store_that_fails_is_said_and_leaves_the_promise_open() {
    let (world, digest) = morning(&linked()).await;
    let link = &links(&digest)[0];
    for (call, button) in
        [("tokens", false), ("promised", false), ("message", false), ("tokens", true), ("keep_promise", true)]
    {
        world.store_refuses(call, 1);
        let page = if button { press(&world, link).await } else { get(&world, link).await };
        assert_eq!(page.status, 503, "{call}");
        assert!(page.text.contains("That could not be noted. Please try again."), "{}", page.text);
        assert_eq!(open(&world).await, 1, "{call}");
    }
    assert!(press(&world, link).await.text.contains("Noted."));
}

#[tokio::test]
async fn a_digest_that_could_not_get_its_links_comes_a_little_later_with_them() {
    let mut world = World::open("2026-11-19 20:00", &linked()).await;
    world.says(BEN, "the roof is wet").await;
    world.reply();
    world.store_refuses("tokens", 1);
    world.at("2026-11-20 08:00").await;
    world.quiet();
    world.at("2026-11-20 08:01").await;
    assert_eq!(links(&world.notice()).len(), 1);
}

#[tokio::test]
async fn a_rehearsal_has_no_links_as_nobody_listens_there() {
    let path = tempfile::tempdir().expect("a folder");
    let file = path.path().join("afterhours.toml");
    let text = linked().replace("{dir}", "/nowhere").replace("{graph}", "http://127.0.0.1:9");
    std::fs::write(&file, text.replace("{ntfy}", "http://127.0.0.1:9")).expect("a file");
    let loaded = afterhours::config::load(&file, "2026-11-20".parse().expect("a day"));
    let config = loaded.unwrap_or_else(|report| panic!("{report:#?}")).config;
    assert_eq!(config.listen.admin_url.as_deref(), Some(ADMIN));
    let config: Arc<_> = Rehearsal::silenced(config);
    assert_eq!(config.listen.admin_url, None);
}
