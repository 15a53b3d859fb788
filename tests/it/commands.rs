//! The commands that talk to the running service, as the owner types them.
#![expect(clippy::expect_used, reason = "a test may")]

use std::fmt::Write as _;

use crate::service::{House, Running, ask, http, signed};

/// Runs each command, and looks for these words in what it says. A line of words is one of its lines.
fn talk(house: &House, talks: &[(&[&str], i32, &str)]) {
    for (arguments, code, said) in talks {
        let (status, out, error) = house.run(arguments);
        assert_eq!(status.code(), Some(*code), "{arguments:?}: {out}{error}");
        assert!(format!("{out}{error}").contains(said), "{arguments:?} does not say {said:?}:\n{out}{error}");
    }
}

/// The instant that the services of this file begin at: an evening.
const EVENING: &str = "2026-11-24T20:00:00-06:00";

/// A signed message that arrives then.
fn says(running: &Running, id: &str, from: &str, text: &str) {
    let at = EVENING.parse().expect("an instant");
    let body = serde_json::json!({"id": id, "from": from, "text": text}).to_string();
    let mut request = "POST /in/work HTTP/1.1\r\nhost: x\r\nconnection: close\r\n".to_owned();
    let _ = write!(request, "{}content-length: {}\r\n\r\n{body}", signed(id, at, &body), body.len());
    let answer = http(&running.hooks, &request);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}\n{}", running.log);
}

#[test]
fn away_is_understood_or_refused_with_a_hint() {
    let house = House::new();
    let _running = Running::start(house.command(&["run", "--clock-from", EVENING]));
    talk(
        &house,
        &[
            (&["away", "--until", "2026-12-01"], 0, "Away until Tuesday, 1 December 2026, 00:00 (America/Tegucigalpa)"),
            (&["away", "--until", "2026-12-01 08:00", "--reply", "holiday"], 0, "Clients get the reply `holiday`"),
            (&["status"], 0, "closed until Tue 1 Dec, 08:00  (away)"),
            (&["status"], 0, "\n  now       away until Tue 1 Dec, 08:00, reply `holiday`\n"),
            (&["away", "--until", "2026-11-24 19:59"], 2, "that is in the past: here it is 2026-11-24 20:0"),
            (&["away", "--until", "tomorrow"], 2, "--until: the time cannot be read: write 2026-12-01"),
            (&["away", "--until", "2026-12-01", "--reply", "hollyday"], 2, "did you mean `holiday`?"),
            (&["away", "--until", "2026-12-01", "--reply", "sabbatical"], 2, "give it a text in [reply.sabbatical]"),
            (&["away", "--off"], 0, "You are back"),
            (&["away", "--off"], 0, "You were not away.\n"),
            (&["away"], 2, "--until"),
        ],
    );
}

#[test]
fn absences_are_planned_ahead_and_status_tells_what_holds_when() {
    let house = House::new();
    let running = Running::start(house.command(&["run", "--clock-from", EVENING]));
    let christmas = ["away", "--from", "2026-12-24 12:00", "--until", "2027-01-04 08:00"];
    talk(
        &house,
        &[
            (&christmas, 0, "Away from Thursday, 24 December 2026, 12:00 until Monday, 4 January 2027, 08:00"),
            (&["status"], 0, "closed until Wed 25 Nov, 08:00\n"),
            (&["status"], 0, "\n  planned   away from Thu 24 Dec, 12:00 until Mon 4 Jan 2027, 08:00, reply `away`\n"),
            (
                &["away", "--until", "2026-12-01"],
                0,
                "With what you said before:\n  now       away until Tue 1 Dec, 00:00",
            ),
            (
                &["open", "--until", "2026-11-24 22:00"],
                0,
                "Open until Tuesday, 24 November 2026, 22:00 (America/Teguci",
            ),
            (
                &["status"],
                0,
                "open until 22:00  (by your word)\n\n  now       open until 22:00\n  then      away until Tue 1",
            ),
            (&["open", "--off"], 0, "That has ended, and you are away again.\n  ended     open until 22:00\n  now "),
            (&["open", "--off"], 0, "Nothing was open by your word.\n  now       away until Tue 1 Dec, 00:00"),
            (
                &["away", "--off"],
                0,
                "You are back: the hours of the config are in force again.\n  ended     away until ",
            ),
            (&["away", "--off"], 0, "What is planned stays; `afterhours away --off --all` takes it back as well.\n"),
            (
                &["open", "--until", "2026-11-24 22:00", "--reply", "holiday"],
                2,
                "the reply `holiday` says that you are cl",
            ),
            (&["open", "--until", "2026-11-24 22:00", "--reply", "follow_up"], 0, "they get the reply `follow_up`.\n"),
            (
                &["away", "--off"],
                0,
                "You were not away. What has ended:\n  ended     open until 22:00\n  planned   away",
            ),
            (&["away", "--off", "--all"], 0, "  ended     away from Thu 24 Dec, 12:00 until Mon 4 Jan 2027, 08:00\n"),
            (&["away", "--off", "--all"], 0, "You were not away.\n"),
            (
                &["away", "--from", "2026-11-24", "--until", "2026-11-26"],
                2,
                "--from is in the past: here it is 2026-11-",
            ),
            (
                &["away", "--from", "2026-12-24", "--until", "2026-12-24"],
                2,
                "must be later than --from (2026-12-24 00:00)",
            ),
            (&["away", "--from", "2026-12-24", "--until", "2026-12-01"], 2, "--until (2026-12-01 00:00) must be later"),
            (&["away", "--from", "soon", "--until", "2026-12-01"], 2, "--from: the time cannot be read"),
            (&["away", "--from", "2026-12-24"], 2, "--until"),
            (&["away", "--off", "--until", "2026-12-24"], 2, "cannot be used with"),
            (&["away", "--until", "2026-12-24", "--all"], 2, "--off"),
            (&["open", "--until", "2026-11-24 19:00"], 2, "that is in the past"),
            (&["open", "--until", "2026-12-01", "--reply", "sabbatical"], 2, "give it a text in [reply.sabbatical]"),
            (&["open"], 2, "--until"),
            (
                &["open", "--from", "2026-11-25 09:00", "--until", "2026-11-25 15:00"],
                0,
                "passed on at once.\n`office` is open until Wed 25 Nov, 17:00 without that; to close, say `away`.\n",
            ),
            (
                &["open", "--from", "2026-11-25 16:00", "--until", "2026-11-25 20:00"],
                0,
                "passed on at once.\n\nWith what",
            ),
        ],
    );
    let (_, json, _) = house.run(&["open", "--until", "2026-11-24 23:00", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["open"], &json["reply"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(json["overrides"][0]["until"], "2026-11-25T05:00:00Z");
    for line in ["POST /api/v1/open", "DELETE /api/v1/open", "POST /api/v1/away", "DELETE /api/v1/away?all=true"] {
        assert!(ask(&running.admin, line).starts_with("HTTP/1.1 403"), "{line}");
    }
}

#[test]
fn hours_and_explain_know_what_the_owner_has_said() {
    let house = House::new();
    let running = Running::start(house.command(&["run", "--clock-from", EVENING]));
    let hours = |at| ["hours", "--days", "1", "--at", at];
    let explain = |at| ["explain", "--channel", "work", "--from", "+504 9999-0001", "--at", at];
    let (christmas, late) = ("2026-12-24T15:00:00-06:00", "2026-11-24T20:30:00-06:00");
    let alone = "By the hours of the config alone: the service cannot be asked whether you are away or open late.";
    talk(
        &house,
        &[
            (&hours(christmas), 0, "Open until 17:00"),
            (&["away", "--from", "2026-12-24 12:00", "--until", "2026-12-28 08:00"], 0, "Away from Thursday"),
            (&["open", "--until", "2026-11-24 22:00"], 0, "Open until Tuesday"),
            (&hours(christmas), 0, "Closed (away) until Monday 08:00"),
            (&hours(christmas), 0, "08:00–12:00  your word\n"),
            (&hours(late), 0, "Open (your word) until 22:00"),
            (&explain(christmas), 0, "office: closed (away), until 2026-12-28T08:00:00-06:00\n"),
            (&explain(christmas), 0, "reply     away\n"),
            (&explain(late), 0, "office: open (away), until 2026-11-24T22:00:00-06:00\n"),
        ],
    );
    let (_, told, _) = house.run(&explain(christmas));
    assert!(!told.contains(alone), "{told}");
    drop(running);
    talk(&house, &[(&hours(christmas), 0, "Open until 17:00"), (&explain(christmas), 0, alone)]);
}

#[test]
fn why_a_message_got_no_reply_is_told_to_the_owner_alone() {
    let house = House::new();
    let mut command = house.command(&["run", "--clock-from", EVENING]);
    command.env("AFTERHOURS_LOG", "trace");
    let mut running = Running::start(command);
    says(&running, "m-888001", "+50499990001", "is the blue kettle repaired?");
    says(&running, "m-888002", "+50499990001", "or the green one?");
    says(&running, "m-888003", "+50499990009", "");
    talk(
        &house,
        &[
            (&["held"], 0, "20:00, work, message 1\n  is the blue kettle repaired?\n  reply `closed`: "),
            (&["held"], 0, "  or the green one?\n  no reply (already answered in this closed period); you are told on"),
            (
                &["explain", "--message", "1"],
                0,
                "from      Ana Sandoval +50499990001: client\nsays      is the blue kettle",
            ),
            (
                &["explain", "--message", "1"],
                0,
                "because   closed: hours · client · first in this closed period\nreply     closed: ",
            ),
            (
                &["explain", "--message", "2"],
                0,
                "reply     none: already answered in this closed period\nnotice    phone, with the",
            ),
            (&["explain", "--message", "2"], 0, "with the digest: waits until Wed 25 Nov 2026, 08:00\n"),
            (&["explain", "--message", "3"], 0, "from      +50499990009: unknown\nsays      [text]\n"),
            (
                &["explain", "--message", "77"],
                1,
                "there is no message 77: it is forgotten (store.retain), or left no trace",
            ),
            (&["explain", "--message", "x"], 2, "invalid value 'x' for '--message <ID>'"),
            (&["explain", "--message", "1", "--channel", "work"], 2, "cannot be used with"),
            (&["explain", "--channel", "work"], 2, "--from"),
            (&["explain"], 2, "--channel"),
        ],
    );
    let (_, json, _) = house.run(&["explain", "--message", "2", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((json["id"].as_i64(), json["reply"].is_null()), (Some(2), true));
    assert_eq!(json["sends"][0]["state"], "waiting");
    let public = ask(&running.admin, "GET /api/v1/messages/1");
    assert!(public.starts_with("HTTP/1.1 403") && !public.contains("kettle"), "{public}");
    let metrics = ask(&running.admin, "GET /metrics");
    for line in [
        r#"afterhours_reasons_total{channel="work",reason="first_in_period",replied="true"} 2"#,
        r#"afterhours_reasons_total{channel="work",reason="answered_in_period",replied="false"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
    running.signal("-TERM");
    assert_eq!(running.end().code(), Some(0), "{}", running.log);
    assert!(running.log.contains("answered_in_period"), "it is all there: {}", running.log);
    for secret in ["kettle", "99990001", "Sandoval", "m-888001"] {
        assert!(!metrics.contains(secret) && !running.log.contains(secret), "{secret} is told to anybody");
    }
}

#[test]
fn who_wants_no_automatic_replies_is_shown_and_taken_back() {
    let house = House::new();
    let mut running = Running::start(house.command(&["run", "--clock-from", EVENING]));
    let nobody =
        "Ana Sandoval   client\n  +50499990001\n\n1 person is on the client list. Nobody has asked for no automatic";
    talk(&house, &[(&["clients"], 0, nobody)]);
    says(&running, "m-1", "+50499990001", "STOP");
    says(&running, "m-2", "+50499990009", "stop");
    says(&running, "m-3", "+50499990001", "are you open?");
    talk(
        &house,
        &[
            (&["held"], 0, "are you open?\n  no reply (wants no automatic replies)"),
            (&["clients"], 0, "  +50499990001\n  wants no automatic replies\n"),
            (&["clients"], 0, "1 asked for no automatic replies, and so did 1 address that is not on it.\n"),
            (
                &["clients", "--undo", "+504 9999-0001"],
                0,
                "Ana Sandoval (+50499990001) gets automatic replies again.\n",
            ),
            (
                &["clients", "--undo", "+504 9999-0001"],
                0,
                "had not asked for no automatic replies: nothing is changed.\n",
            ),
            (&["clients", "--undo", "+504 9999-0009"], 0, "+50499990009 gets automatic replies again.\n"),
            (
                &["clients", "--undo", "9999-0009"],
                2,
                "--undo: a phone number without its country code; write it with +",
            ),
            (&["clients"], 0, nobody),
        ],
    );
    says(&running, "m-4", "+50499990001", "and now?");
    talk(&house, &[(&["held"], 0, "and now?\n  reply `closed`")]);
    let (_, json, _) = house.run(&["clients", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["clients"][0]["opted_out"], &json["others_opted_out"]), (&false.into(), &0.into()));
    for line in ["GET /api/v1/clients", "POST /api/v1/clients/opt-in"] {
        let public = ask(&running.admin, line);
        assert!(public.starts_with("HTTP/1.1 403") && !public.contains("Sandoval"), "{line}: {public}");
    }
    running.signal("-TERM");
    assert_eq!(running.end().code(), Some(0), "{}", running.log);
    for secret in ["9999", "Sandoval"] {
        assert!(!running.log.contains(secret), "{secret} is in the log:\n{}", running.log);
    }
}

#[test]
fn who_waits_for_an_answer_is_listed_and_noted() {
    let house = House::new();
    let _running = Running::start(house.command(&["run", "--clock-from", EVENING]));
    talk(
        &house,
        &[
            (&["held", "waiting"], 0, "Nobody waits for an answer of yours.\n"),
            (&["held", "done", "7"], 0, "Nobody waits for an answer to message 7.\n"),
            (&["held", "done", "the-last"], 2, "invalid value 'the-last' for '<ID>'"),
            (&["held", "waiting", "--json"], 0, "[]\n"),
        ],
    );
}
