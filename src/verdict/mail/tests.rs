use super::*;

const OWN: &[&str] = &["owner@example.com", "pat@example.com"];

const PLAIN: &[(&str, &str)] = &[
    ("Return-Path", "<client@example.net>"),
    ("From", "Client <client@example.net>"),
    ("To", "owner@example.com"),
    ("Subject", "Quote?"),
    ("Message-ID", "<m1@example.net>"),
    ("Date", "Mon, 23 Nov 2026 18:03:01 -0600"),
];

fn facts<'a>(headers: &'a [(&'a str, &'a str)], own_addresses: &'a [&'a str]) -> MailFacts<'a> {
    MailFacts {
        headers,
        envelope_sender: None,
        own_addresses,
        authentication_server: Some("mx.example.com"),
        in_spam_folder: false,
        part_types: &[],
        postmaster_is_machine: false,
    }
}

fn code(facts: &MailFacts<'_>) -> &'static str {
    mail_objection(facts).map_or("ok", MailReason::code)
}

#[test]
fn composed_vectors_agree() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/fixtures/vectors/email_rules.json")).expect("vectors");
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(cases.len() >= 32, "{}", cases.len());
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    for case in cases {
        let headers = case["headers"].as_array().expect("headers");
        let headers: Vec<_> = headers.iter().map(|header| (text(&header[0]), text(&header[1]))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let own: Vec<_> = case["owner_addresses"].as_array().expect("addresses").iter().map(text).collect();
        let own: Vec<_> = own.iter().map(String::as_str).collect();
        let reason = code(&facts(&headers, &own));
        assert_eq!(reason, case["reason"], "{}", case["name"]);
        assert_eq!(if reason == "ok" { "respond" } else { "skip" }, case["decision"], "{}", case["name"]);
    }
}

#[test]
fn one_more_header_decides() {
    let cases = [
        ("Auto-Submitted", "(a (nested) comment) No ; owner-email=\"x@example.org\"", "ok"),
        ("Auto-Submitted", "auto-generated; owner-email=no", "auto_submitted"),
        ("auto-submitted", "", "auto_submitted"),
        ("AUTO-SUBMITTED", "auto-replied", "auto_submitted"),
        ("List-Help", "<mailto:x@example.net>", "list"),
        ("X-Mailing-List", "x@example.net", "vendor_mark"),
        ("List-Name", "x", "ok"),
        ("X-Precedence", "Bulk", "precedence"),
        ("Precedence", "auto_reply", "precedence"),
        ("X-Auto-Response-Suppress", "NDR,RN , ALL", "suppress"),
        ("X-Failed-Recipients", "x@example.net", "report"),
        ("Content-Type", "Multipart/Report; report-type=disposition-notification", "report"),
        ("Content-Type", "multipart/mixed; boundary=report", "ok"),
        ("Disposition-Notification-To", "client@example.net", "ok"), // asks for a receipt, is none
        ("X-Autoreply", "yes", "vendor_mark"),
        ("X-Auto-Reply", "", "vendor_mark"),
        ("Auto-Generated", "true", "vendor_mark"),
        ("Feedback-ID", "1:2:3:x", "vendor_mark"),
        ("X-MS-Exchange-Inbox-Rules-Loop", "x@example.net", "vendor_mark"),
        ("X-Loop", "Pat@example.com", "vendor_mark"),
        ("X-Loop", "x@example.net", "ok"),
        ("X-FC-MachineGenerated", "TRUE", "vendor_mark"),
        ("X-FC-MachineGenerated", "false", "ok"),
        ("X-POST-MessageClass", "9; Autoresponder", "vendor_mark"),
        ("X-Spam-Flag", "YES", "spam"),
        ("X-Spam-Flag", "NO", "ok"),
        ("Authentication-Results", "mx.example.com; spf=pass; dmarc=fail (p=none) header.from=example.net", "spam"),
        ("Authentication-Results", "mx.example.com;\r\n dkim=fail;\r\n dmarc=pass", "ok"),
        ("Authentication-Results", "evil.example.net; dmarc=fail", "ok"), // anybody can write that
        ("Content-Type", "text/calendar; charset=utf-8; METHOD=REQUEST", "calendar"),
        ("Content-Class", "urn:content-classes:calendarmessage", "calendar"),
        ("Content-Type", "text/calendar", "ok"),
        ("In-Reply-To", "<m0@example.com>", "ok"),
    ];
    for (name, value, expected) in cases {
        let headers: Vec<_> = PLAIN.iter().copied().chain([(name, value)]).collect();
        assert_eq!(code(&facts(&headers, OWN)), expected, "{name}: {value}");
    }
}

/// The plain mail with other values; a value of "-" takes the header away.
fn changed<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = PLAIN.iter().copied().filter(|(name, _)| changes.iter().all(|(other, _)| other != name));
    changes.iter().copied().filter(|(_, value)| *value != "-").chain(kept).collect()
}

#[test]
fn another_header_decides() {
    let vouched = ("Authentication-Results", "mx.example.com; dmarc=pass header.from=example.net");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("Return-Path", "-")], "no_return_path"),
        (&[("Return-Path", "-"), vouched], "ok"),
        (&[("Return-Path", "-"), ("Authentication-Results", "evil.example.net; dmarc=pass")], "no_return_path"),
        (&[("Return-Path", "-"), ("Authentication-Results", "mx.example.com; dkim=pass header.d=example.net")], "ok"),
        (
            &[("Return-Path", "-"), ("Authentication-Results", "mx.example.com; dkim=pass header.d=evil.example")],
            "no_return_path",
        ),
        (&[("Return-Path", "-"), ("From", "-"), vouched], "no_return_path"),
        (&[("Return-Path", " < > ")], "null_sender"),
        (&[("Return-Path", "<>"), ("Auto-Submitted", "auto-replied")], "null_sender"), // the first reason wins
        (&[("From", "No Reply <no-reply@example.net>")], "system_sender"),
        (&[("Return-Path", "<bounces+77-pat=example.com@example.net>")], "system_sender"),
        (&[("Return-Path", "<NEWS-BOUNCES@example.net>")], "system_sender"),
        (&[("From", "Pat <pat@example.com>")], "self"),
        (&[("Return-Path", "<pat+shop@example.com>")], "self"),
        (&[("To", "undisclosed-recipients:;")], "not_addressed"),
        (&[("To", "-")], "not_addressed"),
        (&[("To", "owner@example.com.evil.example")], "not_addressed"),
        (&[("To", "Team: x@example.org, PAT@Example.com;")], "ok"),
        (&[("To", "x@example.org (owner@example.com)")], "not_addressed"),
        (&[("Subject", "Automatic reply: Quote?")], "ok"), // weak alone
        (&[("Subject", "Automatic reply: Quote?"), ("In-Reply-To", "<m0@example.com>")], "subject"),
        (&[("Subject", "Out-of-Office: back soon"), ("References", "<m0@example.com>")], "subject"),
        (&[("Subject", "Abwesenheitsnotiz"), ("Message-ID", "-")], "subject"),
        (&[("Subject", "RÉPONSE AUTOMATIQUE : devis"), ("Date", "-")], "subject"),
        (&[("Subject", "Question about an automatic reply"), ("In-Reply-To", "<m0@example.com>")], "ok"),
        (&[("Return-Path", "<x@mailer.example.org>")], "foreign_return_path"),
        (&[("Return-Path", "<x@mail.example.net>")], "ok"),
        (&[("Return-Path", "<x@badexample.net>")], "foreign_return_path"),
        (&[("Return-Path", "<SRS0=ab1c=XY=example.net=client@forward.example.org>")], "ok"),
        (&[("Return-Path", "<SRS0=ab1c=XY=other.example=client@forward.example.org>")], "foreign_return_path"),
    ];
    for (changes, expected) in cases {
        assert_eq!(code(&facts(&changed(changes), OWN)), *expected, "{changes:?}");
    }
}

#[test]
fn what_the_channel_knows_counts() {
    let plain = facts(PLAIN, OWN);
    assert_eq!(code(&plain), "ok");
    assert_eq!(code(&MailFacts { envelope_sender: Some(""), ..plain }), "null_sender");
    assert_eq!(code(&MailFacts { envelope_sender: Some("owner-x@example.net"), ..plain }), "system_sender");
    assert_eq!(code(&MailFacts { in_spam_folder: true, ..plain }), "spam");
    assert_eq!(code(&MailFacts { part_types: &["text/plain", "text/calendar; method=REPLY"], ..plain }), "calendar");
    assert_eq!(code(&MailFacts { own_addresses: &[], ..plain }), "not_addressed");
    let postmaster = changed(&[("Return-Path", "<postmaster@example.net>")]);
    let postmaster = facts(&postmaster, OWN);
    assert_eq!(code(&MailFacts { postmaster_is_machine: true, ..postmaster }), "system_sender");
}

#[test]
fn hostile_headers_are_read_in_one_pass() {
    for part in ["(", "\"", "<", "a,", "=", ";", "\\", "@"] {
        let large = part.repeat(65_536);
        for name in ["To", "From", "Auto-Submitted", "Authentication-Results", "Subject", "Return-Path"] {
            let headers = changed(&[(name, &large)]);
            let _ = mail_objection(&facts(&headers, OWN));
        }
    }
}
