//! The config file: what loads, and what a broken one is told.
#![expect(clippy::expect_used, reason = "in tests")]

mod mutations;
mod schema;

use std::path::{Path, PathBuf};

use afterhours::clients::Standing;
use afterhours::config::{self, Config, Environment, Loaded, Report, load_in};
use afterhours::digest::Content;
use afterhours::language::Language;
use afterhours::message::{Address, Kind};
use afterhours::verdict::{Notify, Policy};
use chrono::NaiveDate;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// A directory with the credentials that `config/afterhours.toml` names, and an environment that has it.
fn credentials() -> (tempfile::TempDir, Environment) {
    let directory = tempfile::tempdir().expect("a directory");
    let secrets = [
        ("whatsapp-app-secret", "hunter2-app"),
        ("whatsapp-verify-token", "hunter2-verify"),
        ("whatsapp-access-token", "hunter2-access"),
        ("phone-signing-key", "hunter2-hunter2-hunter2-hunter2-hunter2"),
        ("phone-password", "hunter2-phone"),
        ("forms-secret", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="),
        ("archive-secret", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="),
        ("mail-password", "hunter2-mail"),
        ("ntfy-topic", "hunter2-topic\n"),
    ];
    for (name, secret) in secrets {
        std::fs::write(directory.path().join(name), secret).expect("written");
    }
    let environment = Environment::of([("CREDENTIALS_DIRECTORY", &*directory.path().to_string_lossy())]);
    (directory, environment)
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name)
}

fn problems(result: Result<Loaded, Report>) -> String {
    let problems = match result {
        Ok(loaded) => loaded.warnings,
        Err(report) => report.problems,
    };
    problems.iter().flat_map(|problem| [problem.to_string(), "\n\n".to_owned()]).collect()
}

#[test]
fn the_commented_config_loads_without_a_warning() {
    let (_directory, environment) = credentials();
    let loaded = load_in(&shipped("afterhours.toml"), today(), environment);
    assert!(loaded.is_ok(), "{}", problems(loaded));
    assert_eq!(problems(loaded), "");
}

#[test]
fn the_demo_config_loads() {
    let loaded = load_in(&shipped("demo.toml"), today(), Environment::default());
    assert!(loaded.is_ok(), "{}", problems(loaded));
}

#[test]
fn outside_the_service_a_credential_is_read_where_systemd_would_find_it() {
    let (directory, _) = credentials();
    let environment = || Environment::of([]).with_credstores([directory.path()]);
    let checked = || load_in(&shipped("afterhours.toml"), today(), environment());
    assert_eq!(problems(checked()), "");
    std::fs::remove_file(directory.path().join("ntfy-topic")).expect("removed");
    assert!(checked().is_err());
    let told = problems(checked());
    let remedy = format!("put the secret into {}/ntfy-topic (mode 600)", directory.path().display());
    assert!(told.contains("error: there is no credential `ntfy-topic`") && told.contains(&remedy), "{told}");
}

/// The messages of a text's problems, each with its line.
fn told(text: &str) -> Vec<String> {
    let environment =
        Environment::of([("SECRET", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="), ("TOPIC", "t")]);
    let problems = match config::read("x.toml", text.to_owned(), false, today(), environment) {
        Ok(loaded) => loaded.warnings,
        Err(report) => report.problems,
    };
    let entries = problems.iter().map(config::Problem::entry);
    entries.map(|entry| format!("{}: {}", entry.line.unwrap_or_default(), entry.message)).collect()
}

/// The least that works, with more behind it; the first line of that is the 18th.
fn least(more: &str) -> String {
    const LEAST: &str = r#"[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
[channel.work]
kind = "webhook"
secret = "env:SECRET"
[sink.phone]
kind = "ntfy"
url = "https://ntfy.example.org"
topic = "env:TOPIC"
[notify]
now = "phone"
digest = "phone"
[hours.office]
week = { mon = "09:00-17:00" }

# more
"#;
    format!("{LEAST}{more}")
}

#[test]
fn an_unclosed_header_is_that_and_nothing_else() {
    assert_eq!(told(&least("")), [""; 0]);
    for header in ["[owner", "[owner\n", "[sink.phone"] {
        assert_eq!(told(&least(header)), ["18: unclosed table"], "{header}");
    }
    assert_eq!(told(&least("[owner]")), ["18: duplicate key"]);
}

#[test]
fn a_date_that_is_a_text_is_there_all_the_same() {
    for (dates, problems) in [
        ("date = \"2026-12-24\"", &["19: expected a date, found a text"][..]),
        (
            "from = \"2026-12-24\"\nto = \"2026-12-26\"",
            &["19: expected a date, found a text", "20: expected a date, found a text"],
        ),
        ("from = 2026-12-24\nto = \"2026-12-26\"", &["20: expected a date, found a text"]),
        ("from = 2026-12-24", &["19: a span of days needs `from` and `to`"]),
        ("why = 1", &["18: the exception has no date", "19: expected a text, found a whole number"]),
    ] {
        assert_eq!(told(&least(&format!("[[hours.office.except]]\n{dates}\nopen = \"off\"\n"))), problems, "{dates}");
    }
    let open = "[[hours.office.except]]\ndate = 2026-12-24\nopen = false\n";
    assert_eq!(told(&least(open)), ["20: expected a text, found `true` or `false`"]);
    let inline = "except = [{ date = \"2026-12-24\", open = \"off\" }]\n";
    let inline = least("").replace("\n\n# more", &format!("\n{inline}# more"));
    assert_eq!(told(&inline), ["16: expected a date, found a text"]);
}

#[test]
fn two_texts_of_a_reply_in_one_language_are_told_with_both_places() {
    let text = least("[reply.closed]\nen = \"closed\"\npt = \"fechado\"\npt-BR = \"fechado!\"\n");
    assert_eq!(told(&text), ["21: `pt-BR` and `pt` are one language"]);
    let regions = least("[reply.closed]\nen = \"closed\"\nzh-TW = \"a\"\nzh-CN = \"b\"\n");
    assert_eq!(told(&regions), ["21: `zh-CN` and `zh-TW` are one language"]);
    let apart = least("[reply.closed]\nen = \"a\"\nes-HN = \"b\"\n[reply.away]\nes = \"c\"\nen = \"d\"\n");
    assert_eq!(told(&apart), [""; 0]);
    let report = config::read("x.toml", text, false, today(), Environment::of([("SECRET", ""), ("TOPIC", "t")]));
    let shown = problems(report);
    assert!(shown.contains("first here") && shown.contains("here again"), "{shown}");
}

#[test]
fn hours_that_never_close_hold_nothing_and_check_says_so() {
    let least = |rule: &str| least(rule).replace(r#"week = { mon = "09:00-17:00" }"#, r#"open = "24/7""#);
    for (rule, hint) in [
        ("", "nobody will get a reply"),
        ("[[rule]]\nnotify = \"now\"\n", "nobody will get a reply"),
        (
            "[[rule]]\nnotify = \"hold\"\n",
            "nobody will get a reply, and of what a rule holds you are told at once: there is no opening to wait for",
        ),
        ("[[rule]]\nwhen = { state = \"closed\" }\nnotify = \"hold\"\n", "nobody will get a reply"),
    ] {
        let environment =
            Environment::of([("SECRET", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="), ("TOPIC", "t")]);
        let loaded = config::read("x.toml", least(rule), false, today(), environment);
        let warnings = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems)).warnings;
        let hints: Vec<_> = warnings.iter().map(|warning| warning.entry().hint.unwrap_or_default()).collect();
        assert_eq!(hints, [hint], "{rule}");
    }
}

#[test]
fn what_personal_people_write_to_a_number_that_no_device_shows_is_pointed_to() {
    let twilio = "[listen]\npublic_url = \"https://hooks.example.org\"\n[channel.phone]\nkind = \"twilio\"\n\
        account_sid = \"AC00000000000000000000000000000001\"\nauth_token = \"env:TOPIC\"\n\
        [[client]]\nname = \"Mum\"\naddress = \"+50499990002\"\nstanding = \"personal\"\n";
    let secret = "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg==";
    for (more, expected) in [("", 1), ("[personal]\npass = false\n", 0)] {
        let environment = Environment::of([("SECRET", secret), ("TOPIC", "t")]);
        let loaded = config::read("x.toml", least(&format!("{twilio}{more}")), false, today(), environment);
        let warnings = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems)).warnings;
        let pointed =
            warnings.iter().filter(|one| one.to_string().contains("on channel `phone` is neither kept nor told"));
        assert_eq!(pointed.count(), expected, "{warnings:#?}");
    }
}

const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/config/broken");

/// What broken files are read with: a few secrets, none of which may be shown.
fn surroundings() -> Environment {
    Environment::of([
        ("APP_SECRET", "hunter2"),
        ("VERIFY_TOKEN", "hunter2"),
        ("ACCESS_TOKEN", "hunter2"),
        ("WEBHOOK_SECRET", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="),
        ("TOPIC", "hunter2"),
        ("CREDENTIALS_DIRECTORY", "/nonexistent"),
    ])
}

fn broken() -> Vec<PathBuf> {
    let files = std::fs::read_dir(BROKEN).expect("a directory").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    files
}

/// `UPDATE_EXPECTED=1` writes what comes out, to be read by a person before it is committed.
#[test]
fn broken_files_are_told_what_is_wrong_where_and_what_to_do() {
    let files = broken();
    assert!(files.len() >= 10, "{} files", files.len());
    let directory = format!("{BROKEN}/");
    let mut unlike = Vec::new();
    for file in files {
        let shown = problems(load_in(&file, today(), surroundings())).replace(&directory, "");
        assert!(!shown.contains("hunter2"), "a secret is shown:\n{shown}");
        let expected = file.with_extension("txt");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &shown).expect("written");
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != shown {
            unlike.push(shown);
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n────\n"));
}

#[test]
fn check_prints_every_problem_and_exits_78() {
    for file in broken() {
        let output = assert_cmd::Command::cargo_bin("afterhours")
            .expect("the binary")
            .args(["check", "--json", "--config"])
            .arg(&file)
            .env_clear()
            .envs([("APP_SECRET", "hunter2"), ("VERIFY_TOKEN", "hunter2"), ("ACCESS_TOKEN", "hunter2")])
            .envs([("TOPIC", "hunter2"), ("WEBHOOK_SECRET", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg==")])
            .output()
            .expect("it runs");
        let shown: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let problems = shown["problems"].as_array().expect("an array");
        let errors: Vec<_> = problems.iter().filter(|problem| problem["severity"] == "error").collect();
        let code = if errors.is_empty() { 0 } else { 78 };
        assert_eq!(output.status.code(), Some(code), "{}: {shown}", file.display());
        assert_eq!(shown["ok"], errors.is_empty());
        for problem in problems {
            assert!(problem["line"].as_u64() >= Some(1) && problem["column"].as_u64() >= Some(1), "{problem}");
            assert!(!problem["message"].as_str().expect("text").is_empty(), "{problem}");
            assert!(!problem.to_string().contains("hunter2"), "{problem}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_apart() {
    let directory = tempfile::tempdir().expect("a directory");
    let nowhere = load_in(&directory.path().join("none.toml"), today(), Environment::default());
    assert!(problems(nowhere).contains("there is no file"));
    let folder = problems(load_in(directory.path(), today(), Environment::default()));
    assert!(folder.contains("is a directory") && folder.contains("help: name the file in it"), "{folder}");
}

#[test]
fn a_log_line_names_the_place_and_quotes_nothing() {
    let report = load_in(&Path::new(BROKEN).join("twice.toml"), today(), surroundings()).err().expect("it is broken");
    let line = report.problems[0].log_line();
    assert!(
        line.ends_with(
            "twice.toml:23:12: this address stands twice (one address is one person: take one of the two out)"
        ),
        "{line}"
    );
}

#[test]
fn the_example_of_the_design_loads() {
    // the file of the design, without the channel that this version does not have
    let text = r#"
[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
language = "es"
country = "HN"
[listen]
hooks = "127.0.0.1:8787"
admin = "127.0.0.1:8788"
public_url = "https://hooks.example.org/"
admin_url = "https://office.example.ts.net/afterhours/"
[store]
url = "sqlite:/var/lib/afterhours/afterhours.db"
retain = "90d"
[hours.office]
week = { mon-fri = "08:00-12:00, 13:00-17:00", sat = "08:00-12:00" }
timezone = "America/Tegucigalpa"
holidays = ["HN"]
not_holidays = [2026-10-12]
[[hours.office.except]]
date = 2026-12-24
open = "08:00-12:00"
why = "Christmas Eve"
[hours.studio]
open = "Mo-Fr 09:00-12:30,14:00-18:00; PH off; week 1-26/2 Sa 10:00-13:00"
[channel.work]
kind = "whatsapp"
hours = "office"
phone_number_id = "106540352242922"
app_secret = "env:SECRET"
verify_token = "env:SECRET"
access_token = "env:SECRET"
api_base = "https://graph.facebook.com/v25.0"
[channel.work.line.1]
hours = "studio"
[channel.work.line.2]
private = true
reply_language = "pt-BR"
[[client]]
name = "Ana López"
address = ["+504 9999-0001", "ana@example.org", "telegram:5550101"]
labels = ["vip"]
language = "es"
timezone = "Europe/Madrid"
[[client]]
name = "Mum"
address = ["+504 9999-0002"]
standing = "personal"
[reply.closed]
en = "Thank you, {{ client.first_name }}. We are closed{{ why }}; we open {{ opens }}."
es = "Gracias, {{ client.first_name }}. Estamos cerrados{{ why }}; abrimos {{ opens }}."
[[rule]]
name = "emergencies of VIPs ring through"
when = { state = "closed", labels = ["vip"], text = ["urgent", "urgente"] }
reply = "urgent"
notify = "now"
[[rule]]
when = { kind = "call", first_contact = true }
reply = "none"
[urgent]
per_closed_period = 2
[personal]
pass = true
[limits]
replies_per_person_per_day = 4
replies_per_line_per_hour = 31
replies_per_hour = 101
max_age = "5m"
[sink.phone]
kind = "ntfy"
url = "https://ntfy.example.org"
topic = "env:TOPIC"
[notify]
now = ["phone"]
digest = ["phone", "phone"]
content = "names"
"#;
    let environment = Environment::of([("SECRET", "hunter2"), ("TOPIC", "topic")]);
    let loaded = config::read("design.toml", text.to_owned(), false, today(), environment);
    let Config { owner, listen, store, hours, default_hours, channels, clients, replies, policy, sinks, notify } =
        loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems)).config;

    assert_eq!((owner.name.as_str(), owner.timezone.name()), ("Dana Reyes", "America/Tegucigalpa"));
    assert_eq!((owner.language.tag(), owner.country.as_deref()), ("es", Some("HN")));
    assert_eq!((listen.hooks.port(), listen.admin.port()), (8787, 8788));
    assert_eq!(listen.public_url.as_deref(), Some("https://hooks.example.org"));
    assert_eq!(listen.admin_url.as_deref(), Some("https://office.example.ts.net/afterhours"));
    assert_eq!(listen.socket, Path::new("/run/afterhours/admin.sock"));
    assert_eq!((&*store.url, store.retain.num_days()), ("sqlite:/var/lib/afterhours/afterhours.db", 90));
    assert_eq!((&*default_hours, hours.len()), ("office", 2));
    let work = &channels["work"];
    assert_eq!((work.channel.kind(), &*work.hours, work.reply_language.is_none()), ("whatsapp", "office", true));
    assert_eq!((&*work.lines["1"].hours, work.lines["1"].private), ("studio", false));
    assert_eq!((&*work.lines["2"].hours, work.lines["2"].private), ("office", true));
    assert_eq!(work.lines["2"].reply_language.as_ref().map(Language::tag), Some("pt"));
    let ana = clients.find(&[Address::phone("50499990001").expect("a number")]).expect("she is on the list");
    assert_eq!((ana.name.as_str(), ana.addresses.len(), ana.standing), ("Ana López", 3, Standing::Client));
    assert_eq!((&*ana.labels, ana.timezone), (&["vip".to_owned()][..], Some(chrono_tz::Europe::Madrid)));
    let mum = clients.find(&[Address::phone("50499990002").expect("a number")]).expect("she is on the list");
    assert_eq!(mum.standing, Standing::Personal);
    assert!(replies.is_own("closed") && replies.knows("holiday") && !replies.is_own("holiday"));
    let [first, second] = &*policy.rules else { panic!("two rules") };
    assert_eq!((first.when.open, first.when.text.len()), (Some(false), 2));
    assert_eq!((&first.reply, first.notify), (&Some(Some("urgent".to_owned())), Some(Notify::Now)));
    assert_eq!((&*second.name, &second.reply, second.notify), ("rule 2", &Some(None), None));
    assert_eq!((&*second.when.kind, second.when.first_contact), (&[Kind::Call][..], Some(true)));
    let limits = [
        policy.urgent_per_closed_period,
        policy.replies_per_person_per_day,
        policy.replies_per_line_per_hour,
        policy.replies_per_hour,
    ];
    assert_eq!((limits, policy.max_age.num_minutes()), ([2, 4, 31, 101], 5));
    assert!(policy.pass_personal);
    assert_eq!(sinks["phone"].kind(), "ntfy");
    assert_eq!((&*notify.now, &*notify.digest), (&["phone".to_owned()][..], &["phone".to_owned()][..]));
    assert_eq!(notify.content, Content::Names);
}

/// The least that works, and what is the default of everything else.
#[test]
fn defaults_are_the_documented_ones() {
    let text = r#"
[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
[hours.office]
week = { mon = "09:00-17:00" }
[channel.work]
kind = "webhook"
secret = "env:SECRET"
[sink.phone]
kind = "ntfy"
url = "https://ntfy.example.org"
topic = "env:TOPIC"
[notify]
now = "phone"
digest = "phone"
"#;
    let environment =
        Environment::of([("SECRET", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="), ("TOPIC", "t")]);
    let loaded = config::read("least.toml", text.to_owned(), false, today(), environment);
    let loaded = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems));
    assert!(loaded.warnings.is_empty());
    let config = loaded.config;
    assert_eq!((config.owner.language.tag(), &config.owner.country), ("en", &None));
    assert_eq!(
        (config.listen.hooks, config.listen.admin),
        (([127, 0, 0, 1], 8787).into(), ([127, 0, 0, 1], 8788).into())
    );
    assert_eq!(config.listen.socket, Path::new("/run/afterhours/admin.sock"));
    assert_eq!((config.listen.public_url, config.listen.admin_url), (None, None));
    assert_eq!((&*config.store.url, config.store.retain.num_days()), ("sqlite:/var/lib/afterhours/afterhours.db", 90));
    assert_eq!(config.policy, Policy::default());
    assert_eq!(config.notify.content, Content::Full);
    assert_eq!(&*config.channels["work"].hours, "office");
}
