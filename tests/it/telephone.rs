//! Days of a telephone number at Twilio, through the whole service: from a raw signed request to the reply at Twilio's REST
//! API and the notices at the sink. 19 November 2026 is a Thursday.

#![expect(clippy::expect_used, reason = "a test may")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use crate::world::{OFFICE, World};

const LINE: &str = "+15550100001";
const PAT: &str = "+14155550123";
const BEN: &str = "+14155550124";
const MUM: &str = "+50499990002";
const OURS: &str = "SM0000000000000000000000000000000f";

/// The office with a number at Twilio; `more` are keys of its table.
fn office(more: &str) -> String {
    let channel = format!(
        "[listen]\npublic_url = \"https://hooks.example.org/\"\n\n[channel.phone]\nkind = \"twilio\"\naccount_sid = \
         \"AC00000000000000000000000000000001\"\nauth_token = \"0123456789abcdef0123456789abcdef\"\napi_base = \
         \"{{graph}}\"\n{more}\n"
    );
    OFFICE.replacen("[channel.work]", &(channel + "\n[channel.work]"), 1)
}

/// An SMS, as Twilio posts it.
async fn texts(world: &mut World, sid: &str, from: &str, body: &str) -> u16 {
    let fields = [
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("MessageSid", sid),
        ("SmsStatus", "received"),
        ("NumMedia", "0"),
        ("From", from),
        ("To", LINE),
        ("Body", body),
    ];
    let answer = world.twilio("", &fields).await;
    if answer.status == 200 {
        assert_eq!(
            (answer.content_type, &*answer.body),
            ("text/xml", r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#)
        );
    }
    answer.status
}

/// A step of a call, as Twilio posts it; the verbs that it is answered with.
async fn calls(world: &mut World, sid: &str, from: &str, query: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("CallSid", sid),
        ("From", from),
        ("To", LINE),
        ("Direction", "inbound"),
    ];
    fields.extend(more);
    let answer = world.twilio(query, &fields).await;
    assert_eq!((answer.status, answer.content_type), (200, "text/xml"), "{answer:?}");
    let start = r#"<?xml version="1.0" encoding="UTF-8"?><Response"#;
    answer.body.strip_prefix(start).expect("a response").replace("</Response>", "").replace("/>", ">")
}

const RINGS: &[(&str, &str)] = &[("CallStatus", "ringing")];

#[tokio::test]
async fn an_evening_of_texts() {
    let mut world = World::open("2026-11-19 16:00", &office("")).await;
    assert_eq!(texts(&mut world, "SM1", PAT, "still there?").await, 200);
    assert!(world.notice().message.contains("still there?"));

    world.at("2026-11-19 19:30").await;
    assert_eq!(texts(&mut world, "SM2", PAT, "open tomorrow?").await, 200);
    let reply = world.reply();
    assert_eq!(reply.to, PAT);
    assert!(reply.text.contains("Friday at 8:00"), "{reply:?}");
    // the fallback address is ours as well
    assert_eq!(texts(&mut world, "SM2", PAT, "open tomorrow?").await, 200);
    assert_eq!(texts(&mut world, "SM3", PAT, "hello?").await, 200);
    world.quiet();

    world.at("2026-11-20 08:00").await;
    let digest = world.notice().message;
    assert_eq!(digest.matches("open tomorrow?").count(), 1, "{digest}");
    assert!(digest.contains("hello?"), "{digest}");
}

#[tokio::test]
async fn a_reply_that_carriers_drop_is_told_to_the_owner() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    texts(&mut world, "SM1", PAT, "open tomorrow?").await;
    world.reply();
    let account = ("AccountSid", "AC00000000000000000000000000000001");
    let undelivered = [account, ("MessageSid", OURS), ("MessageStatus", "undelivered"), ("ErrorCode", "30034")];
    assert_eq!(world.twilio("", &undelivered).await.status, 200);
    let alert = world.notice();
    assert!(alert.message.contains("30034 (https://www.twilio.com/docs/errors/30034)"), "{alert:?}");
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("open tomorrow?"));
}

#[tokio::test]
async fn whoever_has_texted_stop_is_never_answered_again_until_start() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    texts(&mut world, "SM1", PAT, " Stop ").await;
    texts(&mut world, "SM2", PAT, "one more thing").await;
    world.at("2026-11-20 19:30").await;
    world.notice();
    texts(&mut world, "SM3", PAT, "and another").await;
    world.quiet();
    texts(&mut world, "SM4", PAT, "START").await;
    world.quiet();
    texts(&mut world, "SM5", PAT, "are you open?").await;
    assert_eq!(world.reply().to, PAT);
    world.at("2026-11-21 08:00").await;
    assert!(world.notice().message.contains("are you open?"));
}

#[tokio::test]
async fn an_opt_out_that_only_twilio_knows_is_learnt_from_its_refusal() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.graph_answers(21_610);
    texts(&mut world, "SM1", PAT, "open?").await;
    assert_eq!(world.tries(), 1);
    assert!(world.notice().message.contains("the recipient wants no messages"));
    world.graph_answers(200);
    world.at("2026-11-20 19:30").await;
    let digest = world.notice().message;
    assert!(digest.contains("open?"), "{digest}");
    texts(&mut world, "SM2", PAT, "and tonight?").await;
    assert_eq!(world.tries(), 0, "it is remembered");
    world.at("2026-11-21 08:00").await;
    assert!(world.notice().message.contains("and tonight?"));
}

#[tokio::test]
async fn an_opt_out_that_only_carriers_know_is_learnt_from_their_receipt() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    texts(&mut world, "SM1", PAT, "open?").await;
    assert_eq!(world.reply().to, PAT);
    let account = ("AccountSid", "AC00000000000000000000000000000001");
    let undelivered = [account, ("MessageSid", OURS), ("MessageStatus", "undelivered"), ("ErrorCode", "21610")];
    assert_eq!(world.twilio("", &undelivered).await.status, 200);
    assert!(world.notice().message.contains("the recipient wants no messages"));
    world.at("2026-11-20 08:00").await;
    let digest = world.notice().message;
    assert!(digest.contains("open?") && !digest.contains("promised"), "nothing was promised: {digest}");
    world.at("2026-11-20 19:30").await;
    texts(&mut world, "SM2", PAT, "and tonight?").await;
    world.quiet();
    world.at("2026-11-21 08:00").await;
    assert!(world.notice().message.contains("and tonight?"));
}

#[tokio::test]
async fn what_was_not_delivered_has_promised_nothing() {
    let mut world = World::open("2026-11-19 19:30", &(office("") + "\n[conversation]\nfollow_up = true\n")).await;
    texts(&mut world, "SM1", PAT, "open?").await;
    world.reply();
    let promised = |world: &World| {
        let (app, now) = (Arc::clone(world.app()), world.app().clock().now());
        async move { app.store().promises(now, now + TimeDelta::days(2), 9).await.expect("a store").len() }
    };
    assert_eq!(promised(&world).await, 1);
    let account = ("AccountSid", "AC00000000000000000000000000000001");
    let undelivered = [account, ("MessageSid", OURS), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
    assert_eq!(world.twilio("", &undelivered).await.status, 200);
    assert!(world.notice().message.contains("30003"));
    assert_eq!(promised(&world).await, 0);
    world.at("2026-11-20 08:00").await;
    world.notice();
    world.at("2026-11-20 09:00").await;
    world.quiet();
}

#[tokio::test]
async fn what_another_program_sent_through_the_account_is_the_owner_s_answer_and_what_we_sent_is_not() {
    let config = office("ask_before_reply = true") + "\n[conversation]\nfollow_up = true\n";
    let mut world = World::open("2026-11-19 19:30", &config).await;
    texts(&mut world, "SM1", PAT, "open tomorrow?").await;
    assert_eq!(world.reply().to, PAT);
    world.another_program_sends("SMowner", BEN);
    texts(&mut world, "SM2", BEN, "open tomorrow?").await;
    world.quiet();
    world.restart().await;
    world.at("2026-11-20 08:15").await;
    world.notice();
    assert_eq!(world.reply().to, PAT, "what is listed is our own reply");
    world.another_program_sends("SMlater", PAT);
    world.at("2026-11-20 19:30").await;
    texts(&mut world, "SM3", PAT, "and on Saturday?").await;
    world.quiet();
    world.at("2026-11-23 08:00").await;
    world.notice();
}

#[tokio::test]
async fn a_reply_whose_answer_is_lost_is_looked_for_before_it_is_tried_again() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.graph_loses_answers(true);
    texts(&mut world, "SM1", PAT, "open tomorrow?").await;
    assert_eq!(world.reply().to, PAT);
    world.graph_loses_answers(false);
    world.at("2026-11-19 20:30").await;
    assert_eq!(world.tries(), 1, "it was sent, and is not sent again");
    let account = world.app().store().message(1).await.expect("a store").expect("a message");
    assert_eq!(account.sends[0].state, "sent", "{:?}", account.sends);

    world.graph_answers(500);
    texts(&mut world, "SM2", BEN, "open tomorrow?").await;
    assert_eq!(world.tries(), 1);
    world.graph_answers(200);
    world.at("2026-11-19 20:31").await;
    assert_eq!(world.reply().to, BEN, "it was not sent, and is");
    world.at("2026-11-20 08:00").await;
    assert_eq!(world.tries(), 1);
    world.notice();
}

#[tokio::test]
async fn a_text_that_is_not_stored_is_not_acknowledged_and_a_call_is_answered_whatever_the_store_does() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.store_refuses("admit", 1);
    assert_eq!(texts(&mut world, "SM1", PAT, "open?").await, 503);
    assert_eq!(texts(&mut world, "SM1", PAT, "open?").await, 200);
    assert_eq!(world.reply().to, PAT);
    world.store_hangs(Some("admit"));
    let asked = Instant::now();
    let verbs = calls(&mut world, "CA1", PAT, "", RINGS).await;
    assert!(asked.elapsed() < Duration::from_secs(1), "the caller hears nothing for {:?}", asked.elapsed());
    assert!(verbs.contains("<Say ") && verbs.ends_with("<Hangup>"), "{verbs}");
    world.store_hangs(None);
    // the end of the call tells of it again
    let over = [("CallStatus", "completed")];
    assert_eq!(calls(&mut world, "CA1", PAT, "", &over).await, ">");
    world.at("2026-11-20 08:00").await;
    let digest = world.notice().message;
    assert!(digest.contains("open?") && digest.contains("missed call"), "{digest}");
}

#[tokio::test]
async fn calls_of_which_the_store_takes_nothing_for_minutes_are_stored_when_it_works_again() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.store_refuses("admit", 100);
    assert!(calls(&mut world, "CA1", PAT, "", RINGS).await.contains("<Say "));
    assert!(calls(&mut world, "CA2", MUM, "", RINGS).await.contains("<Reject "));
    world.at("2026-11-19 19:32").await;
    world.app().store_what_waits().await;
    assert_eq!(world.tries(), 0);
    world.store_refuses("admit", 0);
    world.app().store_what_waits().await;
    world.at("2026-11-19 19:33").await;
    assert_eq!(world.reply().to, PAT);

    world.store_refuses("admit", 100);
    assert!(calls(&mut world, "CA3", BEN, "", RINGS).await.contains("<Say "));
    world.at("2026-11-20 08:30").await;
    let digest = world.notice().message;
    assert_eq!(digest.matches("missed call").count(), 1, "{digest}");
    world.store_refuses("admit", 0);
    world.app().store_what_waits().await;
    world.at("2026-11-20 08:31").await;
    // who called when it was closed is told, and not answered that it is
    let notice = world.notice();
    assert!(format!("{} {}", notice.title, notice.message).contains("missed call"), "{notice:?}");
    world.app().store_what_waits().await;
    world.quiet();
}

#[tokio::test]
async fn a_call_after_hours_whose_ring_was_not_stored_is_told_by_its_end() {
    let mut world = World::open("2026-11-19 19:30", &office("dial = \"+504 9999-0009\"")).await;
    world.store_refuses("admit", 1);
    assert!(calls(&mut world, "CA1", PAT, "", RINGS).await.contains("<Say "));
    world.quiet();
    // 19:31 in Tegucigalpa
    let over = [("CallStatus", "completed"), ("CallDuration", "20"), ("Timestamp", "Fri, 20 Nov 2026 01:31:00 +0000")];
    world.at("2026-11-19 19:31").await;
    calls(&mut world, "CA1", PAT, "", &over).await;
    assert_eq!(world.reply().to, PAT);
    calls(&mut world, "CA1", PAT, "", &over).await;
    // begun at 16:59 and taken, over at 17:20: the office closes at 17:00
    let taken = [over[0], ("CallDuration", "1260"), ("Timestamp", "Thu, 19 Nov 2026 23:20:00 +0000")];
    calls(&mut world, "CA2", BEN, "", &taken).await;
    calls(&mut world, "CA3", BEN, "", &over[..1]).await;
    calls(&mut world, "CA4", MUM, "", &over).await;
    // rang at 16:59:50, and was taken at 17:00:06, from where Twilio counts; the same at the opening
    let taken = [over[0], ("CallDuration", "1194"), ("Timestamp", "Thu, 19 Nov 2026 23:20:00 +0000")];
    calls(&mut world, "CA5", BEN, "", &taken).await;
    let taken = [over[0], ("CallDuration", "60"), ("Timestamp", "Thu, 19 Nov 2026 14:01:05 +0000")];
    calls(&mut world, "CA6", BEN, "", &taken).await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice().message;
    assert_eq!(digest.matches("missed call").count(), 1, "{digest}");
}

#[tokio::test]
async fn a_call_after_hours_is_told_the_opening_may_leave_a_message_and_gets_a_text() {
    let mut world = World::open("2026-11-19 19:30", &office("voicemail = true\ntranscribe = true")).await;
    let verbs = calls(&mut world, "CA1", PAT, "", RINGS).await;
    let said = verbs.split("</Say>").next().expect("a text");
    assert!(said.contains("Friday at 8:00") && said.contains(r#"language="en-US""#), "{verbs}");
    assert!(verbs.contains("<Record ") && verbs.contains("?step=transcript#rc=3&amp;rp=all"), "{verbs}");
    let reply = world.reply();
    assert_eq!(reply.to, PAT);
    assert!(reply.text.contains("Friday at 8:00"), "{reply:?}");

    let recording =
        [("CallStatus", "completed"), ("RecordingUrl", "https://api.twilio.com/RE1"), ("RecordingDuration", "9")];
    assert_eq!(calls(&mut world, "CA1", PAT, "step=recorded", &recording).await, "><Hangup>");
    let transcript = [recording[0], recording[1], ("TranscriptionText", "Please call me back.")];
    calls(&mut world, "CA1", PAT, "step=transcript", &transcript).await;
    calls(&mut world, "CA1", PAT, "", &[("CallStatus", "completed")]).await;
    world.quiet();

    world.at("2026-11-20 08:00").await;
    let digest = world.notice().message;
    assert!(digest.contains("Please call me back."), "{digest}");
    assert_eq!(digest.matches("https://api.twilio.com/RE1.mp3").count(), 1, "{digest}");
    assert_eq!(digest.matches("missed call").count(), 1, "{digest}");
}

#[tokio::test]
async fn withheld_numbers_and_landlines_are_left_alone() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    for (sid, from) in [("CA1", "anonymous"), ("CA2", "+266696687"), ("CA3", "Restricted")] {
        let verbs = calls(&mut world, sid, from, "", RINGS).await;
        assert!(verbs.contains("<Say "), "{verbs}");
    }
    world.quiet();
    assert_eq!(world.tries(), 0);
    world.graph_answers(21_614);
    calls(&mut world, "CA4", PAT, "", RINGS).await;
    assert_eq!(world.tries(), 1);
    world.at("2026-11-19 23:00").await;
    assert_eq!(world.tries(), 0, "a landline is not tried again");
    world.at("2026-11-20 08:00").await;
    let mut told = String::new();
    while let Some(notice) = world.any_notice() {
        told += &[notice.title, notice.message].join("\n");
    }
    assert!(told.contains("withheld number") && !told.contains("twilio:"), "{told}");
}

#[tokio::test]
async fn in_open_hours_the_owner_s_telephone_rings_and_a_call_that_nobody_takes_is_told() {
    let mut world = World::open("2026-11-19 10:00", &office("dial = \"+504 9999-0009\"")).await;
    let verbs = calls(&mut world, "CA1", PAT, "", RINGS).await;
    assert!(verbs.contains("<Number>+50499990009</Number>"), "{verbs}");
    world.quiet();
    let taken = [("CallStatus", "in-progress"), ("DialCallStatus", "completed")];
    calls(&mut world, "CA1", PAT, "step=dialled", &taken).await;
    world.quiet();

    calls(&mut world, "CA2", PAT, "", RINGS).await;
    let missed = [("CallStatus", "in-progress"), ("DialCallStatus", "no-answer")];
    assert_eq!(calls(&mut world, "CA2", PAT, "step=dialled", &missed).await, "><Hangup>");
    let notice = world.notice();
    assert!(format!("{} {}", notice.title, notice.message).contains("missed call"), "{notice:?}");
    calls(&mut world, "CA2", PAT, "", &[("CallStatus", "completed")]).await;
    // who hangs up before anybody could take the call has called too
    calls(&mut world, "CA3", PAT, "", RINGS).await;
    calls(&mut world, "CA3", PAT, "", &[("CallStatus", "canceled")]).await;
    world.notice();
    world.quiet();
}

#[tokio::test]
async fn without_a_telephone_to_ring_a_call_in_open_hours_is_told_at_once() {
    let mut world = World::open("2026-11-19 10:00", &office("")).await;
    assert_eq!(calls(&mut world, "CA1", PAT, "", RINGS).await, r#"><Reject reason="busy">"#);
    let notice = world.notice();
    assert!(format!("{} {}", notice.title, notice.message).contains("missed call"), "{notice:?}");
    calls(&mut world, "CA1", PAT, "", &[("CallStatus", "busy")]).await;
    world.quiet();
}

#[tokio::test]
async fn a_personal_caller_is_put_through_at_any_hour_and_leaves_no_trace() {
    let mut world = World::open("2026-11-19 19:30", &office("dial = \"+504 9999-0009\"\nvoicemail = true")).await;
    let verbs = calls(&mut world, "CA1", MUM, "", RINGS).await;
    assert!(verbs.contains("<Dial ") && !verbs.contains("<Say"), "{verbs}");
    let missed = [("CallStatus", "in-progress"), ("DialCallStatus", "no-answer")];
    assert_eq!(calls(&mut world, "CA1", MUM, "step=dialled", &missed).await, "><Hangup>");
    texts(&mut world, "SM1", MUM, "dinner?").await;
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 0);
    world.at("2026-11-20 08:00").await;
    world.quiet();
}

#[tokio::test]
async fn a_personal_caller_who_is_put_through_has_missed_nobody() {
    let config = office("dial = \"+504 9999-0009\"") + "\n[personal]\npass = true\n";
    let mut world = World::open("2026-11-19 19:30", &config).await;
    calls(&mut world, "CA1", MUM, "", RINGS).await;
    world.quiet();
    let taken = [("CallStatus", "in-progress"), ("DialCallStatus", "completed")];
    calls(&mut world, "CA1", MUM, "step=dialled", &taken).await;
    world.quiet();
    calls(&mut world, "CA2", MUM, "", RINGS).await;
    let missed = [("CallStatus", "in-progress"), ("DialCallStatus", "no-answer")];
    calls(&mut world, "CA2", MUM, "step=dialled", &missed).await;
    let notice = world.notice();
    assert!(format!("{} {}", notice.title, notice.message).contains("missed call"), "{notice:?}");
    world.quiet();
}

#[tokio::test]
async fn callers_and_senders_whose_telephones_take_no_text_do_not_silence_the_channel() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.graph_answers(21_614);
    for call in 1..=5 {
        calls(&mut world, &format!("CA{call}"), &format!("+1415555020{call}"), "", RINGS).await;
    }
    for text in 1..=5 {
        texts(&mut world, &format!("SM{text}"), &format!("+1415555021{text}"), "open tomorrow?").await;
    }
    assert_eq!(world.tries(), 10);
    while world.any_notice().is_some() {}
    world.graph_answers(200);
    texts(&mut world, "SM9", PAT, "open tomorrow?").await;
    assert_eq!(world.reply().to, PAT);
}

#[tokio::test]
async fn a_text_that_is_not_in_the_caller_s_language_is_not_spoken_as_if_it_were() {
    let ada = "[[client]]\nname = \"Ada\"\naddress = \"+1 415 555 0123\"\nlanguage = \"ja\"\n";
    let config = office("") + ada + "\n[reply.announcement]\nes = \"Abrimos {{ opens }}.\"\n";
    let mut world = World::open("2026-11-19 19:30", &config).await;
    let verbs = calls(&mut world, "CA1", PAT, "", RINGS).await;
    assert!(verbs.contains("Friday at 8:00") && verbs.contains(r#"language="en-US""#), "{verbs}");
    world.reply();
    let config = config.replace("language = \"en\"\ncountry", "language = \"es\"\ncountry");
    world.restart_with(&config).await;
    let verbs = calls(&mut world, "CA2", PAT, "", RINGS).await;
    assert!(verbs.contains("Abrimos") && verbs.contains(r#"language="es-MX""#), "{verbs}");
    world.at("2026-11-20 08:00").await;
    world.notice();
}

#[tokio::test]
async fn a_reply_whose_answer_is_lost_is_found_by_a_clock_that_is_not_ours() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.twilio_s_clock_says("2026-11-19 19:29:45.000");
    world.graph_loses_answers(true);
    texts(&mut world, "SM1", PAT, "open tomorrow?").await;
    assert_eq!(world.reply().to, PAT);
    world.graph_loses_answers(false);
    world.at("2026-11-19 20:30").await;
    assert_eq!(world.tries(), 1, "it was sent, and is not sent again");
    world.at("2026-11-20 08:00").await;
    world.notice();
}

#[tokio::test]
async fn that_callers_telephones_take_no_text_is_told_once_and_not_every_night() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.graph_answers(21_614);
    calls(&mut world, "CA1", PAT, "", RINGS).await;
    let alert = world.notice().message;
    assert!(alert.contains("error 21614 (https://www.twilio.com/docs/errors/21614)"), "{alert}");
    world.at("2026-11-20 08:00").await;
    world.notice();
    world.at("2026-11-20 19:30").await;
    calls(&mut world, "CA2", BEN, "", RINGS).await;
    world.quiet();
    let account = ("AccountSid", "AC00000000000000000000000000000001");
    let undelivered = [account, ("MessageSid", OURS), ("MessageStatus", "undelivered"), ("ErrorCode", "30006")];
    world.graph_answers(200);
    for (evening, call) in [("2026-11-21 19:30", "CA3"), ("2026-11-22 19:30", "CA4")] {
        world.at(evening).await;
        while world.any_notice().is_some() {}
        calls(&mut world, call, "+14155550200", "", RINGS).await;
        if call == "CA3" {
            world.reply();
            assert_eq!(world.twilio("", &undelivered).await.status, 200);
            assert!(world.notice().message.contains("30006"));
        }
    }
    while world.any_notice().is_some() {}
}

#[tokio::test]
async fn what_stops_a_channel_is_told_with_the_page_that_says_what_to_do() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.graph_answers(20_003);
    texts(&mut world, "SM1", PAT, "open tomorrow?").await;
    let alert = world.notice().message;
    assert!(alert.contains("mended it: provider's error 20003 (https://www.twilio.com/docs/errors/20003)."), "{alert}");
    world.at("2026-11-20 08:00").await;
    world.notice();
}

#[tokio::test]
async fn a_personal_caller_by_sip_leaves_no_trace_either_and_a_client_is_known_and_not_texted() {
    let mut world = World::open("2026-11-19 19:30", &office("dial = \"+504 9999-0009\"")).await;
    let verbs = calls(&mut world, "CA1", "sip:+50499990002@pbx.example.org:5060;user=phone", "", RINGS).await;
    assert!(verbs.contains("<Dial "), "{verbs}");
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 0);
    calls(&mut world, "CA2", "sip:+50499990003@pbx.example.org", "", RINGS).await;
    calls(&mut world, "CA3", "sip:+266696687@pbx.example.org", "", RINGS).await;
    world.quiet();
    assert_eq!(world.tries(), 0);
    world.at("2026-11-20 08:00").await;
    let digest = world.notice().message;
    assert!(digest.contains("Ben Ochoa"), "{digest}");
}

#[tokio::test]
async fn a_reply_that_only_a_receipt_tells_of_has_promised_what_it_names() {
    let mut world = World::open("2026-11-19 19:30", &office("")).await;
    world.graph_loses_answers(true);
    texts(&mut world, "SM1", PAT, "open tomorrow?").await;
    let key = format!("key={}", world.key_of_reply());
    world.reply();
    let account = ("AccountSid", "AC00000000000000000000000000000001");
    for status in ["sent", "delivered"] {
        let receipt = [account, ("MessageSid", OURS), ("MessageStatus", status)];
        assert_eq!(world.twilio(&key, &receipt).await.status, 200);
    }
    let now = world.app().clock().now();
    let promises = world.app().store().promises(now, now + TimeDelta::days(2), 9).await.expect("a store");
    assert_eq!(promises.len(), 1);
    assert_eq!(promises[0].opens.to_rfc3339(), "2026-11-20T14:00:00+00:00");
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("auto-reply sent"));
    assert_eq!(world.tries(), 1);
}
