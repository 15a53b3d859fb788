//! The language of a reply: what is known of the person, then what the line says, then what a number lets guess.
#![expect(clippy::expect_used, reason = "a test may")]

use std::sync::Arc;

use afterhours::config::{self, Environment};
use afterhours::desk::Desk;
use afterhours::message::{Address, Inbound, Personal};
use afterhours::store::{JobKind, Stored};
use chrono::{DateTime, Utc};

const CONFIG: &str = r#"
[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
language = "nl"
[hours.office]
week = { mon = "09:00-17:00" }
[channel.plain]
kind = "webhook"
secret = "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="
[channel.italian]
kind = "webhook"
secret = "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="
reply_language = "it"
[channel.italian.line.a]
[channel.italian.line.b]
reply_language = "pl"
[[client]]
name = "Ana"
address = ["+504 9999-0001", "ana@example.org"]
language = "fr"
[[client]]
name = "Ben"
address = ["ben@example.org", "+49 171 1234567"]
[sink.phone]
kind = "ntfy"
url = "https://ntfy.example.org"
topic = "t"
[notify]
now = "phone"
digest = "phone"
"#;

/// The channel, the line, the addresses, the device's locale; and the weekday that tells the language.
type Row = (&'static str, Option<&'static str>, &'static [&'static str], Option<&'static str>, &'static str);

fn message(from: &[&str], line: Option<&str>, locale: Option<&str>) -> Inbound {
    Inbound {
        id: Personal::new("1"),
        line: line.map(str::to_owned),
        from: from.iter().map(|text| Address::canonical(text, "webhook").expect("an address")).collect(),
        text: Personal::new("hello"),
        locale: locale.map(str::to_owned),
        ..Inbound::default()
    }
}

#[test]
fn what_is_known_beats_what_is_set_beats_what_is_guessed() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let loaded = config::read("x.toml", CONFIG.to_owned(), false, today, Environment::of([]));
    let config = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems)).config;
    let desk = Desk::new(Arc::new(config), Vec::new());
    let now: DateTime<Utc> = "2026-11-21T02:00:00Z".parse().expect("an instant");
    // the opening names the weekday, in the reply's language
    let (en, fr, de, es) = ("Monday", "lundi", "Montag", "lunes");
    let (nl, it, pl, pt, ar, zh) = ("maandag", "lunedì", "poniedziałek", "segunda", "الاثنين", "星期一");
    let cases: &[Row] = &[
        ("plain", None, &["+50499990001"], Some("de-DE"), fr), // the entry, before the device
        ("plain", None, &["ana@example.org"], None, fr),
        ("plain", None, &["+50499990009"], Some("de-DE"), de), // the device, before the number
        ("plain", None, &["+50499990009"], Some("pt_BR.UTF-8"), pt),
        ("italian", Some("a"), &["+50499990009"], Some("de"), de),
        ("italian", Some("a"), &["+50499990009"], None, it), // the line, before the number
        ("italian", Some("b"), &["+50499990009"], None, pl),
        ("italian", Some("a"), &["pat@example.org"], None, it),
        ("italian", Some("a"), &["+50499990001"], None, fr),
        ("plain", None, &["+50499990009"], None, es), // the number, before the owner
        ("plain", None, &["whatsapp:HN.1", "+50499990009"], None, es),
        ("plain", None, &["+447700900123"], None, en),
        ("plain", None, &["+201001234567"], None, ar),
        ("plain", None, &["+8613812345678"], None, zh),
        ("plain", None, &["ben@example.org"], None, de), // a number on the list speaks for every address
        ("plain", None, &["ben@example.org"], Some("es"), es),
        ("plain", None, &["+14155550123"], None, nl), // Canada shares +1
        ("plain", None, &["+41791234567"], None, nl),
        ("plain", None, &["pat@example.org"], None, nl),
        ("plain", None, &["+50499990009"], Some("?"), es), // a locale that is none
        ("plain", None, &["+50499990009"], Some("ja"), nl), // no text in it: the owner's, not a guess against the device
    ];
    for (channel, line, from, locale, weekday) in cases {
        let settings = &desk.config().channels[*channel];
        let stored = Stored {
            id: 1,
            channel: (*channel).to_owned(),
            line: line.unwrap_or("default").to_owned(),
            hours: "office".to_owned(),
            received_at: now,
            reply: Some("closed".to_owned()),
            reply_state: "none",
            in_open_hours: false,
            late: false,
            passed_on: false,
            message: message(from, *line, *locale),
        };
        let text = desk.text(JobKind::Reply, settings, &stored, now).expect("renders");
        assert!(text.contains(weekday), "{channel} {line:?} {from:?} {locale:?}: {text}");
    }
}

#[test]
fn a_guess_does_not_take_the_owners_own_words_away() {
    let now = "2026-11-24T04:00:00Z".parse().expect("a time");
    let today = "2026-11-24".parse().expect("a date");
    let own = "\n[reply.closed]\nnl = \"Onze eigen woorden.\"\n";
    let loaded = config::read("x.toml", CONFIG.to_owned() + own, false, today, Environment::of([]));
    let config = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems)).config;
    let desk = Desk::new(Arc::new(config), Vec::new());
    let settings = &desk.config().channels["plain"];
    for (locale, expected) in [(None, "Onze eigen woorden."), (Some("es"), "Gracias")] {
        let candidate = desk.candidate(&"plain".into(), settings, message(&["+50499990009"], None, locale), now);
        let stored = Stored {
            id: 1,
            channel: "plain".to_owned(),
            line: "default".to_owned(),
            hours: candidate.hours.to_string(),
            received_at: now,
            reply: Some("closed".to_owned()),
            reply_state: "none",
            in_open_hours: false,
            late: false,
            passed_on: false,
            message: candidate.message,
        };
        let text = desk.text(JobKind::Reply, settings, &stored, now).expect("renders");
        assert!(text.starts_with(expected), "{locale:?}: {text}");
    }
}
