//! Twilio's calls, as conversations: what each step is answered with.

use afterhours::channel::{Delivery, Page, Scene};
use afterhours::clients::Standing;
use afterhours::message::{Address, Inbound};
use proptest::prelude::*;

use super::kinds::{delivery, signed_by_twilio, twilio};
use super::twilio::{Change, Fields, form};
use crate::provider;

/// What the config says of a caller.
#[derive(Clone, Copy)]
struct Stage {
    open: bool,
    private: bool,
    standing: Standing,
}

impl Scene for Stage {
    fn is_open(&self, line: Option<&str>) -> bool {
        assert_eq!(line, Some("+15550100001"));
        self.open
    }

    fn is_private(&self, _line: Option<&str>) -> bool {
        self.private
    }

    fn standing(&self, from: &[Address]) -> Standing {
        assert_eq!(from[0].as_str(), "+15550100101");
        self.standing
    }

    fn text(&self, message: &Inbound, reply: &str) -> Option<(String, String)> {
        Some((format!("{reply} for {} <&> \"you\"", message.name.as_str()), "es".to_owned()))
    }
}

const CLOSED: Stage = Stage { open: false, private: false, standing: Standing::Unknown };
const OPEN: Stage = Stage { open: true, ..CLOSED };
const MUM: Stage = Stage { standing: Standing::Personal, ..CLOSED };
const SPAM: Stage = Stage { standing: Standing::Blocked, ..OPEN };
const HOME: Stage = Stage { private: true, ..CLOSED };

const DIAL: &str = r#"<Dial timeout="18" answerOnBridge="true" action="https://hooks.example.org/in/phone?step=dialled#rc=3&amp;rp=all"><Number>+15550100002</Number></Dial>"#;
const BUSY: &str = r#"<Reject reason="busy"/>"#;
const RECORD: &str = r#"<Record maxLength="120" timeout="5" playBeep="true" action="https://hooks.example.org/in/phone?step=recorded#rc=3&amp;rp=all"/>"#;
const TOLD: &str =
    r#"<Say language="es-MX" voice="Polly.Mia">announcement for PAT &lt;&amp;&gt; &quot;you&quot;</Say><Hangup/>"#;
const HANG_UP: &str = "<Hangup/>";

fn xml(verbs: &str) -> String {
    let response = if verbs.is_empty() { "<Response/>".to_owned() } else { format!("<Response>{verbs}</Response>") };
    format!(r#"<?xml version="1.0" encoding="UTF-8"?>{response}"#)
}

/// What a step of a call is answered with.
fn told(change: Change, query: &str, more: Fields<'_>, stage: Stage) -> Option<Page> {
    let mut pairs = vec![
        ("AccountSid", "AC00000000000000000000000000000001"),
        ("CallSid", "CA1"),
        ("From", "+15550100101"),
        ("To", "+15550100001"),
        ("Direction", "inbound"),
        ("CallerName", "PAT"),
    ];
    pairs.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
    pairs.extend(more);
    let body = form(&pairs);
    let question = if query.is_empty() { String::new() } else { format!("?{query}") };
    let delivery = Delivery { query: query.to_owned(), ..delivery(signed_by_twilio(&question, &body), &body) };
    let channel = twilio("http://127.0.0.1", change);
    let verified = channel.verify(&delivery, provider::now()).expect("signed");
    channel.answer(&verified, &stage)
}

#[test]
fn calls_are_told_what_to_do() {
    let plain: Change = |options| (options.voicemail, options.transcribe, options.dial) = (false, false, None);
    let dials: Change = |options| (options.voicemail, options.transcribe) = (false, false);
    let mailbox: Change = |options| (options.transcribe, options.dial) = (false, None);
    let both: Change = |options| options.transcribe = false;
    let rings: Fields<'_> = &[("CallStatus", "ringing")];
    let missed: Fields<'_> = &[("CallStatus", "in-progress"), ("DialCallStatus", "no-answer")];
    let taken: Fields<'_> = &[("CallStatus", "in-progress"), ("DialCallStatus", "completed")];
    let over: Fields<'_> = &[("CallStatus", "completed")];
    let left = "<Say language=\"es-MX\" voice=\"Polly.Mia\">greeting for PAT &lt;&amp;&gt; &quot;you&quot;</Say>"
        .to_owned()
        + RECORD
        + HANG_UP;
    let asked = left.replace("greeting", "unanswered");
    let cases: &[(&str, Change, &str, Fields<'_>, Stage, &str)] = &[
        ("closed", plain, "", rings, CLOSED, TOLD),
        ("closed, with a telephone", dials, "", rings, CLOSED, TOLD),
        ("closed, with a mailbox", mailbox, "", rings, CLOSED, &left),
        ("open", plain, "", rings, OPEN, BUSY),
        ("open, with a telephone", dials, "", rings, OPEN, DIAL),
        ("open, with a mailbox", mailbox, "", rings, OPEN, &asked),
        ("open, with both", both, "", rings, OPEN, DIAL),
        ("nobody took it", dials, "step=dialled", missed, OPEN, HANG_UP),
        ("nobody took it, with a mailbox", both, "step=dialled", missed, OPEN, &asked),
        ("nobody took it until it closed", dials, "step=dialled", missed, CLOSED, TOLD),
        ("nobody took it until it closed, with a mailbox", both, "step=dialled", missed, CLOSED, &left),
        ("taken", both, "step=dialled", taken, OPEN, HANG_UP),
        ("a personal caller", plain, "", rings, MUM, BUSY),
        ("a personal caller, with a mailbox", mailbox, "", rings, MUM, BUSY),
        ("a personal caller, with a telephone", both, "", rings, MUM, DIAL),
        ("a personal caller whom nobody answers", both, "step=dialled", missed, MUM, HANG_UP),
        ("a private line", mailbox, "", rings, HOME, BUSY),
        ("a private line, with a telephone", both, "", rings, HOME, DIAL),
        ("a private line, and nobody answers", both, "step=dialled", missed, HOME, HANG_UP),
        ("a blocked caller", both, "", rings, SPAM, BUSY),
        ("a blocked caller who got through before", both, "step=dialled", missed, SPAM, HANG_UP),
        ("the end of a call", both, "", over, CLOSED, ""),
        ("the caller has spoken", both, "step=recorded", over, CLOSED, HANG_UP),
        ("the transcript is there", both, "step=transcript", over, CLOSED, HANG_UP),
        ("a leg of ours", both, "", &[("CallStatus", "ringing"), ("Direction", "outbound-dial")], CLOSED, ""),
    ];
    for (what, change, query, more, stage, verbs) in cases {
        let page = told(*change, query, more, *stage).unwrap_or_else(|| panic!("{what}: no answer"));
        assert_eq!(page.body, xml(verbs), "{what}");
        assert_eq!(page.content_type, "text/xml", "{what}");
        let waits = more.iter().any(|(_, status)| matches!(*status, "ringing" | "in-progress"));
        assert_eq!(page.at_once, waits, "{what}");
    }
}

#[test]
fn a_transcript_is_asked_for_where_it_is_wanted() {
    let mailbox: Change = |options| options.dial = None;
    let page = told(mailbox, "", &[("CallStatus", "ringing")], CLOSED).expect("an answer");
    let wanted = r#" transcribe="true" transcribeCallback="https://hooks.example.org/in/phone?step=transcript#rc=3&amp;rp=all"/>"#;
    assert!(page.body.contains(wanted), "{}", page.body);
}

#[test]
fn nothing_is_said_to_a_message_once_it_is_stored_and_an_unknown_step_is_malformed() {
    let page = |query: &str, pairs: &[(&str, &str)]| {
        let body = form(pairs);
        let question = if query.is_empty() { String::new() } else { format!("?{query}") };
        let delivery = Delivery { query: query.to_owned(), ..delivery(signed_by_twilio(&question, &body), &body) };
        let channel = twilio("http://127.0.0.1", |_| {});
        let verified = channel.verify(&delivery, provider::now()).expect("signed");
        let parsed = channel.parse(&verified).map(|events| events.len()).map_err(|malformed| malformed.to_string());
        (parsed, channel.answer(&verified, &CLOSED))
    };
    let ours = ("AccountSid", "AC00000000000000000000000000000001");
    let text = [ours, ("MessageSid", "SM1"), ("From", "+15550100101"), ("To", "+15550100001"), ("Body", "hi")];
    let stored = Page { content_type: "text/xml", body: xml(""), at_once: false };
    assert_eq!(page("", &text), (Ok(1), Some(stored.clone())));
    let receipt = [ours, ("MessageSid", "SM1"), ("MessageStatus", "delivered")];
    assert_eq!(page("key=ab12-7", &receipt), (Ok(1), Some(stored)));
    let call = [ours, ("CallSid", "CA1"), ("From", "+15550100101"), ("To", "+15550100001"), ("CallStatus", "ringing")];
    assert_eq!(page("step=7", &call), (Err("step: is none of ours".to_owned()), None));
    let other = [("AccountSid", "AC2"), ("MessageSid", "SM1")];
    assert_eq!(page("", &other), (Err("AccountSid: is another account's".to_owned()), None));
}

proptest! {
    #[test]
    fn no_name_and_no_text_breaks_the_answer(name: String, text: String, from in "\\PC{0,20}", open: bool) {
        struct Said(String, bool);
        impl Scene for Said {
            fn is_open(&self, _line: Option<&str>) -> bool {
                self.1
            }

            fn is_private(&self, _line: Option<&str>) -> bool {
                false
            }

            fn standing(&self, _from: &[Address]) -> Standing {
                Standing::Unknown
            }

            fn text(&self, message: &Inbound, _reply: &str) -> Option<(String, String)> {
                Some((message.name.as_str().to_owned() + &self.0, self.0.clone()))
            }
        }
        let body = form(&[
            ("AccountSid", "AC00000000000000000000000000000001"),
            ("CallSid", "CA1"),
            ("CallStatus", "ringing"),
            ("From", &from),
            ("To", "+15550100001"),
            ("CallerName", &name),
        ]);
        let delivery = delivery(signed_by_twilio("", &body), &body);
        let channel = twilio("http://127.0.0.1", |options| options.transcribe = false);
        let verified = channel.verify(&delivery, provider::now()).expect("signed");
        let page = channel.answer(&verified, &Said(text, open)).expect("an answer");
        prop_assert!(!page.body.chars().any(char::is_control), "{}", page.body);
        let tags = |body: &str| body.matches('<').count();
        // the declaration, the response and its end; a dial and its number with their ends, or a text with its end, a
        // recording and a hang-up
        prop_assert_eq!(tags(&page.body), 3 + 4);
        prop_assert_eq!(tags(&page.body), page.body.matches('>').count());
    }
}
