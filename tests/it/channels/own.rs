//! What is WhatsApp's or the generic webhook's own.

use afterhours::channel::whatsapp::WhatsApp;
use afterhours::channel::{Answer as Handshake, Channel, Delivery};
use afterhours::config::Secret;
use afterhours::message::{Event, Nature, Personal};
use afterhours::outbound::SendKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::json;

use super::kinds::{MADE, delivery, headers, webhook, whatsapp};
use super::{KEY, TEXT, events};
use crate::provider::{self, outbound, shown};

#[tokio::test]
async fn a_webhook_without_a_reply_url_says_so() {
    assert!(webhook(Some("http://127.0.0.1")).can_reply());
    let channel = webhook(None);
    assert!(!channel.can_reply());
    let outcome = channel.reply(&outbound(), &Personal::default(), TEXT, &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "refused, text or address not sendable there");
}

#[test]
fn the_generic_webhook_reads_addresses_as_the_client_list_does() {
    let cases = [
        ("+504 9999-0001", Some("+50499990001")),
        ("tel:+504-9999-0001", Some("+50499990001")),
        ("Ana@Example.org", Some("ana@example.org")),
        ("telegram:5550101", Some("telegram:5550101")),
        ("+12345", Some("+12345")),
        ("9999-0001", Some("+50499990001")), // as the owner's country has it
        ("whatsapp:+50499990001", Some("+50499990001")),
        ("Telegram:5550101", Some("telegram:5550101")),
        ("mailto:Ana@example.org", Some("ana@example.org")),
        ("12345", Some("webhook:12345")),
        ("pat", Some("webhook:pat")),
        ("+", None),
        (" ", None),
    ];
    let made = MADE.iter().find(|made| made.kind == "webhook").expect("made");
    for (from, read) in cases {
        let body = json!({"id": "m1", "from": from, "text": "hello"}).to_string();
        let delivery = delivery((made.sign)(body.as_bytes()), body.as_bytes());
        let channel = webhook(None);
        let verified = channel.verify(&delivery, provider::now()).expect("signed");
        let events = channel.parse(&verified).ok();
        let address = events.as_deref().map(|events| match events {
            [Event::Message(message)] => message.from[0].as_str(),
            _ => panic!("{from}: not one message"),
        });
        assert_eq!(address, read, "{from}");
    }
}

#[test]
fn the_generic_webhook_is_told_who_wrote_and_only_one_of_them() {
    let made = MADE.iter().find(|made| made.kind == "webhook").expect("made");
    let body = json!({"id": "m1", "from": "+50499990001", "owner_to": "+50499990001", "text": "hello"}).to_string();
    let delivery = delivery((made.sign)(body.as_bytes()), body.as_bytes());
    let channel = webhook(None);
    let refused = channel.parse(&channel.verify(&delivery, provider::now()).expect("signed")).expect_err("both");
    assert_eq!(refused.to_string(), "owner_to: stands beside from: who wrote, the client or the owner?");
}

#[test]
fn whatsapp_shakes_hands_with_whoever_knows_the_word() {
    let channel = whatsapp("http://127.0.0.1");
    let echo = |text: &str| Some(Handshake::Echo(text.into()));
    let cases = [
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=vibecoding", echo("1158201444")),
        ("hub.verify_token=%76ibecoding&hub.challenge=a%20b%26c&hub.mode=subscribe", echo("a b&c")),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=wrong", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=vibecodin", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.challenge=1158201444", Some(Handshake::Denied)),
        ("hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=vibecoding", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.verify_token=vibecoding", Some(Handshake::Denied)),
        ("", Some(Handshake::Denied)),
    ];
    for (query, answer) in cases {
        assert_eq!(channel.handshake(query), answer, "{query}");
    }
    assert_eq!(webhook(None).handshake("hub.mode=subscribe"), None);
}

#[test]
fn whatsapp_agrees_with_published_and_computed_signatures() {
    let vectors = provider::json(&provider::fixtures("vectors/whatsapp_signature.json")).expect("vectors");
    for case in vectors["cases"].as_array().expect("cases") {
        let secret = Secret::new(case["app_secret"].as_str().expect("a secret"));
        let api_base = "http://127.0.0.1".parse().expect("a URL");
        let channel = WhatsApp::new("1".into(), &secret, secret.clone(), secret.clone(), api_base);
        let body = STANDARD.decode(case["body_base64"].as_str().expect("a body")).expect("base64");
        let signature = case["header"]["X-Hub-Signature-256"].as_str().expect("a header");
        let delivery = delivery(headers(&[("x-hub-signature-256", signature)]), &body);
        let accepted = channel.verify(&delivery, provider::now()).is_ok();
        assert_eq!(accepted, case["valid"].as_bool().expect("a verdict"), "{}", case["name"]);
        let upper = delivery_with_upper_case(&delivery);
        assert!(channel.verify(&upper, provider::now()).is_err(), "{}", case["name"]);
    }
}

fn delivery_with_upper_case(good: &Delivery) -> Delivery {
    let value = good.headers["x-hub-signature-256"].to_str().expect("text").to_uppercase().replace("SHA256", "sha256");
    delivery(headers(&[("x-hub-signature-256", &value)]), &good.body)
}

#[test]
fn whatsapp_lets_a_reply_go_for_a_day_less_a_minute() {
    let sent = provider::now();
    let channel = whatsapp("http://127.0.0.1");
    assert_eq!(
        channel.reply_window(&Personal::default(), sent),
        Some(sent + TimeDelta::hours(24) - TimeDelta::minutes(1))
    );
    assert_eq!(webhook(None).reply_window(&Personal::default(), sent), None);
    assert!(!channel.repeats_harmlessly());
    assert!(webhook(None).repeats_harmlessly());
    assert_eq!(channel.own_line(), Some("106540352242922"));
    assert_eq!(webhook(None).own_line(), None);
}

#[test]
fn a_batch_of_a_thousand_gives_a_thousand_events_in_order() {
    let message = |index: usize| {
        json!({"from": format!("1555{index:07}"), "id": format!("wamid.{index}"), "timestamp": "1763942581",
            "type": "text", "text": {"body": "hi"}})
    };
    let contact = |index: usize| json!({"wa_id": format!("1555{index:07}"), "profile": {"name": format!("N{index}")}});
    let value = json!({"metadata": {"phone_number_id": "1"},
        "contacts": (0..1000).map(contact).collect::<Vec<_>>(),
        "messages": (0..1000).map(message).collect::<Vec<_>>()});
    let body =
        json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]});
    let body = body.to_string();
    let made = MADE.iter().find(|made| made.kind == "whatsapp").expect("WhatsApp");
    let events = events(&*whatsapp("http://127.0.0.1"), &delivery((made.sign)(body.as_bytes()), body.as_bytes()));
    assert_eq!(events.len(), 1000);
    for (index, event) in events.iter().enumerate() {
        let Event::Message(message) = event else { panic!("a message") };
        assert_eq!(message.id.as_str(), format!("wamid.{index}"));
        assert_eq!(message.name.as_str(), format!("N{index}"));
        assert_eq!(message.nature, Nature::Message);
    }
}

#[test]
fn a_delivery_is_not_printed() {
    let shown = format!("{:?}", delivery(headers(&[("x-hub-signature-256", "sha256=00")]), b"{\"text\":\"hola\"}"));
    assert_eq!(shown, "Delivery { bytes: 15, .. }");
}
