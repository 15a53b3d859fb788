use std::fmt::Write as _;
use std::slice;

use chrono::TimeDelta;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect(text)
}

/// Tuesday at opening.
fn now() -> DateTime<Utc> {
    instant("2026-11-24T08:00:00-06:00")
}

fn style(tag: &str, content: Content) -> Style {
    Style { content, language: Language::parse(tag).expect(tag), zone: Tz::America__Tegucigalpa }
}

fn held(person: &str, at: &str, text: &str) -> Held {
    Held {
        person: Personal::new(person),
        name: Personal::new(person),
        known: true,
        address: Personal::new("+50499990001"),
        channel: "work".to_owned(),
        line: None,
        kind: Kind::Text,
        text: Personal::new(text),
        at: instant(at),
        urgent: false,
        replied: false,
        late: false,
        done_url: None,
    }
}

fn weekend() -> Vec<Held> {
    vec![
        held("Ana López", "2026-11-21T09:00:00-06:00", "And one more thing:\r\n\r\n\tthe blue one"),
        Held { replied: true, ..held("Ana López", "2026-11-20T19:30:00-06:00", "are you open?") },
        Held {
            name: Personal::new("Marta"),
            known: false,
            address: Personal::new("+50499990005"),
            urgent: true,
            ..held("Marta", "2026-11-20T18:00:00-06:00", "water everywhere\u{7}")
        },
        Held {
            channel: "phone".to_owned(),
            line: Some("1".to_owned()),
            kind: Kind::Call,
            ..held("Bo", "2026-11-22T10:00:00-06:00", "")
        },
        Held { kind: Kind::Media, late: true, ..held("Bo", "2026-11-10T10:05:00-06:00", "the plan") },
        Held {
            name: Personal::new("+50499990006"),
            known: false,
            address: Personal::new("+50499990006"),
            kind: Kind::Voicemail,
            ..held("+50499990006", "2026-11-23T23:59:00-06:00", "")
        },
    ]
}

fn body(notice: &Notice) -> &str {
    notice.body.as_str()
}

#[test]
fn a_weekend_reads_as_one_page() {
    let notice = digest(&weekend(), &Aside::default(), now(), &style("en", Content::Full), Limit::None, false);
    assert_eq!(notice.title.as_str(), "6 messages from 4 people");
    assert_eq!((notice.kind, notice.messages, notice.urgent, notice.at), (NoticeKind::Digest, 6, false, now()));
    assert_eq!(
        body(&notice),
        "\
Bo
• Tuesday, 10 November, 10:05 · work · picture or file · arrived late
  the plan
• Sunday 10:00 · phone (1) · missed call

Marta (+50499990005) · work
• Friday 18:00 · urgent
  water everywhere

Ana López · work
• Friday 19:30 · auto-reply sent
  are you open?
• Saturday 9:00
  And one more thing:
  the blue one

+50499990006 · work
• Monday 23:59 · voice message"
    );
}

#[test]
fn one_person_stands_in_the_title() {
    let notice = digest(&weekend()[..2], &Aside::default(), now(), &style("en", Content::Full), Limit::None, false);
    assert_eq!(notice.title.as_str(), "2 messages from Ana López");
    let count = digest(&weekend()[..2], &Aside::default(), now(), &style("en", Content::Count), Limit::None, false);
    assert_eq!(count.title.as_str(), "2 messages from 1 person");
}

#[test]
fn who_was_promised_an_answer_and_has_none_stands_first() {
    let waits = |name, at, promised: &str| Waiting {
        message: held(name, at, "the roof is wet"),
        promised: promised.parse::<DateTime<chrono::FixedOffset>>().expect("a time").to_utc(),
    };
    let waiting = [
        waits("Ben", "2026-11-12T19:30:00-06:00", "2026-11-13T08:00:00-06:00"),
        waits("Cleo", "2026-11-19T19:30:00-06:00", "2026-11-20T08:00:00-06:00"),
    ];
    let told = |content, waiting: &[Waiting]| {
        let aside = Aside { waiting: waiting.to_vec(), ..Aside::default() };
        digest(&weekend()[..1], &aside, now(), &style("en", content), Limit::None, false).body.as_str().to_owned()
    };
    let expected = "Still waiting for your answer:\n• Ben · Thursday, 12 November, 19:30 · promised: Friday, 13 November, 8:00\n\
                    • Cleo · Thursday 19:30 · promised: Friday 8:00\n";
    for content in [Content::Full, Content::Names] {
        let body = told(content, &waiting);
        assert!(body.starts_with(expected) && !body.contains("roof"), "{body}");
    }
    let count = told(Content::Count, &waiting);
    assert!(count.starts_with("Still waiting for your answer: 2\n") && !count.contains("Ben"), "{count}");
    let many: Vec<_> = std::iter::repeat_n(waiting[0].clone(), 12).collect();
    let many = told(Content::Full, &many);
    assert!(many.starts_with("Still waiting for your answer (10/12):\n"), "{many}");
    let aside = Aside { waiting: waiting.to_vec(), ..Aside::default() };
    let title = digest(&weekend()[..1], &aside, now(), &style("en", Content::Full), Limit::None, false);
    assert_eq!((title.messages, title.title.as_str().contains('1')), (1, true), "they are not counted again");
}

const DONE: &str = "https://office.example.ts.net/done/41-QUJDREVGR0hJSktMTU5PUA";

fn linked(message: Held) -> Held {
    Held { done_url: Some(Personal::new(DONE)), ..message }
}

#[test]
fn each_person_who_was_promised_an_answer_has_one_link() {
    let waiting = Waiting {
        message: linked(held("Cleo", "2026-11-19T19:30:00-06:00", "the roof is wet")),
        promised: instant("2026-11-20T08:00:00-06:00"),
    };
    let mut weekend = weekend();
    for at in [0, 1, 4] {
        weekend[at].done_url = Some(Personal::new(DONE));
    }
    let aside = Aside { waiting: vec![waiting.clone()], ..Aside::default() };
    let told =
        |held: &[Held], aside: &Aside, content| digest(held, aside, now(), &style("en", content), Limit::None, false);
    let full = told(&weekend, &aside, Content::Full);
    assert!(
        body(&full).starts_with(&format!(
            "Still waiting for your answer:\n• Cleo · Thursday 19:30 · promised: Friday 8:00\n  I have answered: {DONE}\n\nBo\n"
        )),
        "{}",
        body(&full)
    );
    assert!(body(&full).contains(&format!("  the blue one\n  I have answered: {DONE}\n\n+504")), "{}", body(&full));
    assert_eq!(body(&full).matches(DONE).count(), 3, "Cleo, Ana, Bo: {}", body(&full));
    assert_eq!(full.link, None, "several");
    let names = told(&weekend, &Aside::default(), Content::Names);
    assert!(
        body(&names).contains(&format!("Ana López · 2 messages · Friday 19:30\n  I have answered: {DONE}\n+504")),
        "{}",
        body(&names)
    );
    let count = told(&weekend, &aside, Content::Count);
    assert!(!body(&count).contains("http") && count.link.is_none(), "{}", body(&count));
    // who waits and has written again
    let again = told(&[linked(held("Cleo", "2026-11-23T19:30:00-06:00", "and now?"))], &aside, Content::Full);
    assert_eq!(body(&again).matches(DONE).count(), 1, "{}", body(&again));
    let link = again.link.expect("the only one");
    assert_eq!((link.label, link.url.as_str()), ("I have answered", DONE));
}

#[test]
fn links_of_what_is_held_push_no_words_out() {
    let held: Vec<_> = (0..9)
        .map(|number| {
            let message = held(
                &format!("person {number}"),
                "2026-11-23T19:30:00-06:00",
                "about a hundred characters".repeat(3).as_str(),
            );
            linked(Held { address: Personal::new(""), ..message })
        })
        .collect();
    let told = |most| {
        let limit = Limit::Bytes(most);
        digest(&held, &Aside::default(), now(), &style("en", Content::Full), limit, false).body.as_str().to_owned()
    };
    let whole = told(10_000);
    assert_eq!(whole.matches(DONE).count(), 9);
    assert_eq!(told(whole.len()), whole);
    let cut = told(whole.len() - 1);
    assert!(!cut.contains("http") && cut.matches('•').count() == 9 && !cut.contains("more"), "{cut}");
}

#[test]
fn how_the_urgent_budget_was_used_is_told() {
    let rang =
        vec![Rang { message: held("Ana López", "2026-11-20T20:14:00-06:00", "water everywhere"), used: 1, of: 2 }];
    let aside = Aside { rang, ..Aside::default() };
    let told = |content| digest(&weekend()[..1], &aside, now(), &style("en", content), Limit::None, false);
    let full = told(Content::Full);
    assert!(full.body.as_str().starts_with("Rang through:\n• Ana López · Friday 20:14 · 1/2\n"), "{}", body(&full));
    assert!(!body(&full).contains("water") && full.messages == 1);
    assert!(body(&told(Content::Count)).starts_with("Rang through: 1\n"));
}

#[test]
fn a_lock_screen_shows_what_it_may() {
    let names = digest(&weekend(), &Aside::default(), now(), &style("en", Content::Names), Limit::None, false);
    assert_eq!(
        body(&names),
        "Bo · 2 messages · Tuesday, 10 November, 10:05\n\
         Marta · 1 message · Friday 18:00 · urgent\n\
         Ana López · 2 messages · Friday 19:30\n\
         +50499990006 · 1 message · Monday 23:59"
    );
    let count = digest(&weekend(), &Aside::default(), now(), &style("en", Content::Count), Limit::None, false);
    assert_eq!(body(&count), "6 messages from 4 people · Tuesday, 10 November, 10:05 · urgent");

    let message = &weekend()[2];
    let names = single(message, now(), &style("en", Content::Names), Limit::None, false);
    assert_eq!((names.title.as_str(), body(&names)), ("Marta · urgent", "Friday 18:00 · work"));
    let count = single(message, now(), &style("en", Content::Count), Limit::None, false);
    assert_eq!((count.title.as_str(), body(&count)), ("1 message", "Friday 18:00 · urgent"));
}

#[test]
fn a_message_on_its_own_reads_at_a_glance() {
    let notice = single(&weekend()[2], now(), &style("en", Content::Full), Limit::None, false);
    assert_eq!(notice.title.as_str(), "Marta · urgent");
    assert_eq!(body(&notice), "water everywhere\n+50499990005 · Friday 18:00 · work");
    assert_eq!((notice.kind, notice.messages, notice.urgent), (NoticeKind::Now, 1, true));

    let call = single(&weekend()[3], now(), &style("es", Content::Full), Limit::None, true);
    assert_eq!(call.title.as_str(), "Bo · llamada perdida");
    assert_eq!(body(&call), "(Es posible que ya lo haya recibido.)\nDomingo 10:00 · phone (1)");

    let long = Held { text: Personal::new("word ".repeat(200)), ..weekend().remove(1) };
    let cut = single(&long, now(), &style("en", Content::Full), Limit::Bytes(120), false);
    assert!(body(&cut).ends_with("word…\nFriday 19:30 · work · auto-reply sent"), "{}", body(&cut));
    assert!(body(&cut).len() <= 120);
}

#[test]
fn a_cut_digest_counts_the_rest() {
    let told = |limit| {
        digest(&weekend(), &Aside::default(), now(), &style("en", Content::Full), limit, false).body.as_str().to_owned()
    };
    let whole = told(Limit::None);
    assert_eq!(told(Limit::Bytes(whole.len())), whole);
    assert!(told(Limit::Bytes(whole.len() - 1)).ends_with("\n\n… and 1 more message"));
    assert!(told(Limit::Bytes(200)).ends_with("… and 4 more messages"), "{}", told(Limit::Bytes(200)));
    let nothing_fits: Vec<_> =
        (0..3).map(|_| held(&"n".repeat(60), "2026-11-10T10:05:00-06:00", &"x".repeat(90))).collect();
    let tiny = digest(&nothing_fits, &Aside::default(), now(), &style("en", Content::Full), Limit::Bytes(80), true);
    assert_eq!(body(&tiny), "(You may have had this already.)\n3 messages");
}

#[test]
fn counts_are_right_in_every_language() {
    let cases = [
        ("en", "1 message from 1 person", "2 messages from 2 people", "5 messages from 3 people"),
        ("es", "1 mensaje de 1 persona", "2 mensajes de 2 personas", "5 mensajes de 3 personas"),
        ("fr", "1 message d'une personne", "2 messages de 2 personnes", "5 messages de 3 personnes"),
        ("de", "1 Nachricht von 1 Person", "2 Nachrichten von 2 Personen", "5 Nachrichten von 3 Personen"),
        ("pt", "1 mensagem de 1 pessoa", "2 mensagens de 2 pessoas", "5 mensagens de 3 pessoas"),
        ("it", "1 messaggio da 1 persona", "2 messaggi da 2 persone", "5 messaggi da 3 persone"),
        ("nl", "1 bericht van 1 persoon", "2 berichten van 2 personen", "5 berichten van 3 personen"),
        ("pl", "1 wiadomość od 1 osoby", "2 wiadomości od 2 osób", "5 wiadomości od 3 osób"),
        ("tr", "1 kişiden 1 mesaj", "2 kişiden 2 mesaj", "3 kişiden 5 mesaj"),
        ("ar", "رسالة واحدة من شخص واحد", "رسالتان من شخصين", "5 رسائل من 3 أشخاص"),
        ("hi", "1 व्यक्ति से 1 संदेश", "2 लोगों से 2 संदेश", "3 लोगों से 5 संदेश"),
        ("zh", "1 条消息，来自 1 人", "2 条消息，来自 2 人", "5 条消息，来自 3 人"),
    ];
    for (tag, one, two, five) in cases {
        let words = &Language::parse(tag).expect(tag).wording().expect(tag).notices;
        assert_eq!((words.messages_from_people)(1, 1), one);
        assert_eq!((words.messages_from_people)(2, 2), two);
        assert_eq!((words.messages_from_people)(5, 3), five);
    }
    let arabic = &Language::parse("ar").expect("ar").wording().expect("ar").notices;
    assert_eq!((arabic.messages_from_people)(11, 12), "11 رسالة من 12 شخصًا");
    assert_eq!((arabic.messages_from_people)(103, 100), "103 رسائل من 100 شخص");
    assert_eq!((arabic.messages_from_people)(102, 101), "102 رسالة من 101 شخص");
}

/// The whole weekend and a cut one, as the owner reads it in every language.
#[test]
fn the_digest_reads_well_in_every_language() {
    let mut all = String::new();
    for tag in Language::built_in() {
        let notice = digest(&weekend(), &Aside::default(), now(), &style(tag, Content::Full), Limit::Chars(400), true);
        writeln!(all, "[{tag}] {}\n{}\n", notice.title.as_str(), body(&notice)).expect("a string");
        let notice = single(&weekend()[5], now(), &style(tag, Content::Full), Limit::None, false);
        writeln!(all, "[{tag}] {}\n{}\n", notice.title.as_str(), body(&notice)).expect("a string");
    }
    insta::with_settings!({ snapshot_path => "../../tests/fixtures/words", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("notices", all);
    });
}

#[test]
fn the_count_and_the_mark_of_a_repetition_fit_the_smallest_limit() {
    for tag in Language::built_in() {
        let words = &Language::parse(tag).expect(tag).wording().expect(tag).notices;
        for count in [1, 2, 3, 11, 999_999] {
            for line in [(words.more)(count), (words.messages)(count)] {
                assert!(line.len() + 1 + words.repeated.len() <= 80, "{tag} {line}");
            }
        }
    }
}

#[test]
fn right_to_left_text_survives() {
    let text = "مرحبا\u{200f}، هل أنتم مفتوحون؟";
    let message = Held { name: Personal::new("أحمد"), ..held("a", "2026-11-20T19:30:00-06:00", text) };
    let english =
        digest(slice::from_ref(&message), &Aside::default(), now(), &style("en", Content::Full), Limit::None, false);
    assert_eq!(body(&english), format!("\u{2068}أحمد\u{2069} · work\n• Friday 19:30\n  {text}"));
    let arabic = digest(&[message], &Aside::default(), now(), &style("ar", Content::Full), Limit::None, false);
    assert_eq!(body(&arabic), format!("أحمد · \u{2068}work\u{2069}\n• الجمعة 7:30 مساءً\n  {text}"));
}

#[test]
fn strangers_cannot_draw_on_the_page() {
    let message = Held {
        name: Personal::new("Eve\n• Friday: pay now\u{202e}"),
        ..held("e", "2026-11-20T19:30:00-06:00", "a\u{1b}[31m\u{202e}b\u{0}\nc\u{2028}d")
    };
    let notice = digest(&[message], &Aside::default(), now(), &style("en", Content::Full), Limit::None, false);
    assert_eq!(body(&notice), "Eve • Friday: pay now · work\n• Friday 19:30\n  a[31mb\n  c\n  d");
}

#[test]
fn a_long_message_is_cut() {
    let notice = digest(
        &[held("Ana", "2026-11-20T19:30:00-06:00", &"word ".repeat(400))],
        &Aside::default(),
        now(),
        &style("en", Content::Full),
        Limit::None,
        false,
    );
    let text = body(&notice).lines().last().expect("a line");
    assert!(text.ends_with("word…") && text.chars().count() <= 502, "{text}");
}

#[test]
fn an_alert_says_what_it_was_given() {
    let notice = alert("channel work: the token was refused", now(), Limit::Bytes(4096), false);
    assert_eq!((notice.title.as_str(), body(&notice)), ("afterhours", "channel work: the token was refused"));
    let again = alert(&"x".repeat(200), now(), Limit::Bytes(80), true);
    assert!(body(&again).len() <= 80 && body(&again).starts_with("(You may have had this already.)\nxxx"));
}

#[test]
fn nothing_held_is_nothing_told() {
    let notice = digest(&[], &Aside::default(), now(), &style("en", Content::Full), Limit::Bytes(80), false);
    assert_eq!((notice.messages, notice.title.as_str(), body(&notice)), (0, "0 messages from 0 people", ""));
    let tiny = digest(&[], &Aside::default(), now(), &style("en", Content::Full), Limit::Bytes(12), true);
    assert_eq!(body(&tiny), "");
}

fn any_held() -> impl Strategy<Value = Held> {
    let texts = prop_oneof![Just(String::new()), "[a-z \n]{0,80}", "[ء-ي]{0,60}", "[अ-ह]{0,900}", "\\PC{0,40}"];
    (0u8..6, texts, 0i64..40_000, any::<bool>(), any::<bool>(), 0u8..3).prop_map(
        |(who, text, minutes, one, two, channel)| {
            let names = ["Ana", "Bo", "王小明", "أحمد", "श्रीमती कमला", "a very long name of a very small company"];
            Held {
                name: Personal::new(names[usize::from(who)]),
                known: one,
                urgent: two,
                late: one && two,
                replied: !two,
                channel: format!("channel{channel}"),
                text: Personal::new(text.replace(['•', '…'], "")),
                at: now() - TimeDelta::minutes(minutes),
                ..held(names[usize::from(who)], "2026-11-20T19:30:00-06:00", "")
            }
        },
    )
}

proptest! {
    #[test]
    fn no_limit_is_passed_and_every_message_is_counted(
        held in prop::collection::vec(any_held(), 1..25),
        most in prop_oneof![0usize..80, 80usize..400, 400usize..3000],
        language in 0usize..12,
        repeated: bool,
        in_bytes: bool,
    ) {
        let tag = Language::built_in().nth(language).expect("twelve");
        let words = &Language::parse(tag).expect(tag).wording().expect(tag).notices;
        let limit = if in_bytes { Limit::Bytes(most) } else { Limit::Chars(most) };
        for content in [Content::Full, Content::Names, Content::Count] {
            let notice = digest(&held, &Aside::default(), now(), &style(tag, content), limit, repeated);
            let text = body(&notice);
            let size = if in_bytes { text.len() } else { text.chars().count() };
            prop_assert!(size <= most, "{} of {}: {}", size, most, text);
            prop_assert_eq!(notice.messages, held.len());
            prop_assert!(most < 80 || !repeated || text.contains(words.repeated), "{}", text);
            if content == Content::Full && most >= 80 {
                let shown = text.matches('•').count();
                let counted = match held.len() - shown {
                    0 => true,
                    all if all == held.len() => text.ends_with(&(words.messages)(all)),
                    rest => text.ends_with(&(words.more)(rest)),
                };
                prop_assert!(counted, "{} shown of {}: {}", shown, held.len(), text);
            }
        }
        let notice = single(&held[0], now(), &style(tag, Content::Full), limit, repeated);
        let size = if in_bytes { body(&notice).len() } else { body(&notice).chars().count() };
        prop_assert!(size <= most && (most < 80 || !body(&notice).is_empty()));
    }

    #[test]
    fn a_link_is_shown_whole_or_not_at_all(
        held in prop::collection::vec(any_held(), 1..25),
        waits in prop::collection::vec(any_held(), 0..14),
        most in 0usize..3000,
        language in 0usize..12,
        in_bytes: bool,
    ) {
        let tag = Language::built_in().nth(language).expect("twelve");
        let limit = if in_bytes { Limit::Bytes(most) } else { Limit::Chars(most) };
        let held: Vec<_> = held.into_iter().map(linked).collect();
        let waiting = waits.into_iter().map(|message| Waiting { message: linked(message), promised: now() }).collect();
        let aside = Aside { waiting, ..Aside::default() };
        for content in [Content::Full, Content::Names, Content::Count] {
            let notice = digest(&held, &aside, now(), &style(tag, content), limit, false);
            let size = if in_bytes { body(&notice).len() } else { body(&notice).chars().count() };
            prop_assert!(size <= most, "{} of {}: {}", size, most, body(&notice));
            for line in body(&notice).lines().filter(|line| line.contains("http") || line.contains("ts.net")) {
                prop_assert!(content != Content::Count && line.ends_with(&format!(": {DONE}")), "{}", line);
            }
        }
    }

    #[test]
    fn who_has_waited_longest_is_first(held in prop::collection::vec(any_held(), 1..25)) {
        let people = by_person(&held);
        prop_assert_eq!(people.iter().map(Vec::len).sum::<usize>(), held.len());
        for person in &people {
            prop_assert!(person.is_sorted_by_key(|message| message.at));
            prop_assert!(person.iter().all(|message| message.person == person[0].person));
        }
        prop_assert!(people.is_sorted_by_key(|person| person[0].at));
        let mut persons: Vec<_> = people.iter().map(|person| &person[0].person).collect();
        persons.sort();
        persons.dedup();
        prop_assert_eq!(persons.len(), people.len());
    }
}

#[test]
fn an_alert_shows_what_a_provider_calls_things_and_nothing_that_steers() {
    let words = "Messages arrive on line a\u{1b}[2J\u{9b}b\u{202e}\nGive it a table.";
    let notice = alert(words, now(), Limit::None, false);
    assert_eq!(notice.body.as_str(), "Messages arrive on line a[2Jb\nGive it a table.");
}
