use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

fn language(tag: &str) -> Language {
    Language::parse(tag).expect(tag)
}

fn text(name: &str, tag: &str, template: &str) -> Text {
    Text { name: name.to_owned(), language: language(tag), template: template.to_owned() }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect(text)
}

/// An occasion that owns what it tells.
struct Case {
    client_name: String,
    language: Language,
    fallback: Language,
    opens: Option<DateTime<Utc>>,
    client_zone: Option<Tz>,
    label: Option<&'static str>,
    longest: usize,
}

impl Default for Case {
    /// Ana writes in English on a Friday evening to an owner who speaks Spanish; it opens on Tuesday.
    fn default() -> Self {
        Self {
            client_name: "Ana López".to_owned(),
            language: language("en"),
            fallback: language("es"),
            opens: Some(instant("2026-11-24T08:00:00-06:00")),
            client_zone: None,
            label: None,
            longest: 2000,
        }
    }
}

impl Case {
    fn try_render(&self, replies: &Replies, name: &str) -> Result<String, RenderError> {
        let occasion = Occasion {
            client_name: &self.client_name,
            owner_name: "Dana Reyes",
            language: &self.language,
            fallback: &self.fallback,
            opens: self.opens,
            zone: Tz::America__Tegucigalpa,
            client_zone: self.client_zone,
            label: self.label,
            now: instant("2026-11-20T19:30:00-06:00"),
        };
        replies.render(name, &occasion, self.longest)
    }
}

fn render(replies: &Replies, name: &str, change: impl FnOnce(&mut Case)) -> String {
    let mut case = Case::default();
    change(&mut case);
    case.try_render(replies, name).expect("renders")
}

fn built_in_only() -> Replies {
    Replies::compile(&[]).expect("no texts")
}

#[test]
fn the_own_text_reads_as_the_owner_wrote_it() {
    let template = "Thank you, {{ client.first_name }}. We are closed{{ why }}; we open {{ opens }}.";
    let replies = Replies::compile(&[text("closed", "en", template)]).expect("good");
    assert_eq!(render(&replies, "closed", |_| {}), "Thank you, Ana. We are closed; we open Tuesday at 8:00.");
    assert_eq!(
        render(&replies, "closed", |case| case.label = Some("Christmas Eve")),
        "Thank you, Ana. We are closed (Christmas Eve); we open Tuesday at 8:00."
    );
    assert_eq!(
        render(&replies, "closed", |case| case.client_name = String::new()),
        "Thank you. We are closed; we open Tuesday at 8:00."
    );
    assert_eq!(
        render(&replies, "closed", |case| case.client_zone = Some(Tz::Europe__Madrid)),
        "Thank you, Ana. We are closed; we open Tuesday at 8:00 (15:00 your time)."
    );
}

#[test]
fn the_language_is_the_closest_that_there_is() {
    let replies = Replies::compile(&[
        text("closed", "es", "propio: {{ opens }}"),
        text("closed", "sv", "eget: {{ opens }}"),
        text("vacation", "es", "vacaciones"),
        text("vacation", "fr", "vacances"),
        text("trade_fair", "fr", "salon"),
    ])
    .expect("good");
    let asked = |name: &str, tag: &str| render(&replies, name, |case| case.language = language(tag));
    assert_eq!(asked("closed", "es"), "propio: el martes a las 8:00");
    assert_eq!(asked("closed", "sv"), "eget: 2026-11-24 8:00"); // no words for it: figures
    assert!(asked("closed", "de").starts_with("Vielen Dank für Ihre Nachricht, Ana López.")); // built-in before fallback
    assert_eq!(asked("closed", "da"), "propio: el martes a las 8:00"); // the owner's own
    assert_eq!(asked("vacation", "fr"), "vacances");
    assert_eq!(asked("vacation", "de"), "vacaciones"); // the owner's
    assert_eq!(asked("trade_fair", "de"), "salon"); // any
    assert!(asked("urgent", "da").starts_with("Gracias por su mensaje, Ana.")); // the owner's, built-in
    let none = render(&replies, "urgent", |case| {
        (case.language, case.fallback) = (language("da"), language("sv"));
    });
    assert!(none.starts_with("Thank you, Ana.")); // English
}

#[test]
fn a_holiday_is_a_closing_with_a_reason_until_the_config_says_more() {
    let label = |case: &mut Case| case.label = Some("Christmas Eve");
    let own_closed = Replies::compile(&[text("closed", "en", "Closed{{ why }}, opens {{ opens }}.")]).expect("good");
    assert_eq!(render(&own_closed, "holiday", label), "Closed (Christmas Eve), opens Tuesday at 8:00.");
    let own_holiday = Replies::compile(&[text("holiday", "en", "Merry {{ why }}")]).expect("good");
    assert_eq!(render(&own_holiday, "holiday", label), "Merry  (Christmas Eve)");
    let german = render(&own_holiday, "holiday", |case| {
        case.language = language("de");
        case.label = Some("Heiligabend");
    });
    assert!(german.contains("Wegen eines Feiertags (Heiligabend) haben wir geschlossen"), "{german}");
}

#[test]
fn a_text_that_needs_an_opening_gives_way_to_never() {
    let replies = Replies::compile(&[
        text("away", "en", "We are away."),
        text("call", "en", "We call back {{ opens }}."),
        text("never", "en", "Nobody knows when."),
    ])
    .expect("good");
    let never = |name: &str| render(&replies, name, |case| case.opens = None);
    for name in ["closed", "holiday", "call", "voicemail", "never"] {
        assert_eq!(never(name), "Nobody knows when.", "{name}");
    }
    assert_eq!(never("away"), "We are away.");
    assert_eq!(never("announcement"), "Nobody knows when.");
    assert!(never("greeting").contains("leave a message after the tone"), "who is recorded is told so");
    let told =
        [text("unanswered", "en", "We record this."), text("greeting", "en", "We record this until {{ opens }}.")];
    let told = Replies::compile(&told).expect("good");
    assert_eq!(render(&told, "greeting", |case| case.opens = None), "We record this.");
    let nothing = Replies::compile(&[text("unanswered", "en", "Until {{ opens }}.")]).expect("good");
    let nothing = render(&nothing, "greeting", |case| case.opens = None);
    assert!(nothing.starts_with("Thank you for getting in touch"), "{nothing}");
    assert!(never("urgent").starts_with("Thank you, Ana. We are closed, but your message has been passed on"));
}

#[test]
fn a_name_from_a_stranger_is_only_text() {
    let replies = Replies::compile(&[text("closed", "en", "Hello {{ client.name }}.")]).expect("good");
    let named = |name: &str| render(&replies, "closed", |case| case.client_name = name.to_owned());
    assert_eq!(named("{{ opens }}"), "Hello {{ opens }}.");
    assert_eq!(named("{% raw %}"), "Hello {% raw %}.");
    assert_eq!(named("<b>Ana</b> & co"), "Hello <b>Ana</b> & co."); // replies are plain text
    assert_eq!(named("Ana & Bo"), "Hello Ana & Bo.");
    assert_eq!(named("Ana\r\nSubject: x"), "Hello Ana Subject: x.");
    assert_eq!(named("see evil.example"), "Hello.");
    assert_eq!(named("\u{fdd0}"), "Hello.");
}

#[test]
fn a_bad_text_is_refused_at_load_with_its_place() {
    let cases = [
        (
            "Hi {{ client.frist_name }}",
            Some("client.frist_name"),
            "there is no variable `client.frist_name`",
            Some("did you mean `client.first_name`?"),
        ),
        (
            "Hi {{ first_name }}",
            Some("first_name"),
            "there is no variable `first_name`",
            Some("did you mean `client.first_name`?"),
        ),
        (
            "{{ 'opening' }} {{ opening }}",
            Some("opening"),
            "there is no variable `opening`",
            Some("did you mean `opens`?"),
        ),
        ("Hi {{ client }}", Some("client"), "there is no variable `client`", Some("did you mean `client.name`?")),
        ("{% if vip %}Hi{% endif %}x", Some("vip"), "there is no variable `vip`", Some("did you mean `why`?")),
        (
            "{{ company_address }}",
            Some("company_address"),
            "there is no variable `company_address`",
            Some("there are `client.name`, `client.first_name`, `owner.name`, `opens`, `why`"),
        ),
        (
            "{{ range(9) }}",
            Some("range"),
            "there is no variable `range`",
            Some("there are `client.name`, `client.first_name`, `owner.name`, `opens`, `why`"),
        ),
        ("ñ {{ opens | uper }}", Some("uper"), "filter uper is unknown", None),
        ("{{ client['frist_name'] }}", None, "", None),
        ("{{ 'x' * 9999999 }}", None, "", None),
        ("Hi {{ client.name", None, "", None),
        ("", None, "the text is empty", None),
        ("{{ why }}", None, "the text is empty", None), // empty when there is no reason
        ("{% include 'x' %}", None, "", None),
    ];
    for (template, at, message, hint) in cases {
        let problems =
            Replies::compile(&[text("closed", "en", "fine"), text("closed", "es", template)]).expect_err(template);
        let [problem] = problems.as_slice() else { panic!("{template}: {problems:?}") };
        assert_eq!(problem.text, 1, "{template}");
        if let Some(at) = at {
            assert_eq!(problem.range.clone().map(|range| &template[range]), Some(at), "{template} {problem:?}");
        }
        if !message.is_empty() {
            assert_eq!(problem.message, message, "{template}");
        }
        assert!(!problem.message.is_empty() && problem.hint.is_some(), "{template} {problem:?}");
        if hint.is_some() {
            assert_eq!(problem.hint.as_deref(), hint, "{template}");
        }
    }
}

#[test]
fn every_problem_of_every_text_is_told() {
    let problems = Replies::compile(&[
        text("closed", "en", "{{ nam }} {{ whi }}"),
        text("never", "es", "Hola, {{ opens }}"),
        text("away", "es", "good"),
        text("away", "en", "{{"),
    ])
    .expect_err("three bad texts");
    assert_eq!(problems.iter().map(|problem| problem.text).collect::<Vec<_>>(), [0, 0, 1, 3]);
    assert_eq!(problems[2].range, Some(9..14));
}

#[test]
fn an_expensive_template_is_stopped_at_night_too() {
    // cheap with the samples' names, dear with a long one
    let template = "{% for a in client.name %}{% for b in client.name %}{% for c in client.name %}{{ c }}{% endfor %}{% endfor %}{% endfor %}.";
    let replies = Replies::compile(&[text("closed", "en", template)]).expect("cheap with the samples");
    let case = Case { client_name: "x".repeat(40), ..Case::default() };
    let failed = case.try_render(&replies, "closed").expect_err("out of fuel");
    assert_eq!(failed.to_string(), "reply closed could not be rendered: its template does too much work");
}

#[test]
fn a_long_text_is_cut_for_its_channel() {
    let replies = Replies::compile(&[text("closed", "en", "Thank you, {{ client.first_name }}. We are closed now.")])
        .expect("good");
    assert_eq!(render(&replies, "closed", |case| case.longest = 27), "Thank you, Ana. We are…");
}

#[test]
fn names_of_replies_are_known() {
    let replies = Replies::compile(&[text("vacation", "en", "x"), text("closed", "en", "y")]).expect("good");
    assert!(replies.knows("vacation") && replies.knows("closed") && replies.knows("follow_up"));
    assert!(!replies.knows("vacations"));
    assert!(replies.is_own("closed") && !replies.is_own("away"));
    assert_eq!(replies.names().count(), BUILT_IN.len() + 1);
    assert!(Case::default().try_render(&replies, "vacations").is_err());
}

#[test]
fn the_built_in_texts_name_what_they_should() {
    for tag in Language::built_in() {
        for name in BUILT_IN {
            let template = built_in(name, &language(tag)).expect("built in");
            let names_opening =
                ["closed", "holiday", "away", "call", "voicemail", "correction", "greeting", "announcement"]
                    .contains(name);
            assert_eq!(template.contains("{{ opens }}"), names_opening, "{tag} {name}");
            assert_eq!(template.contains("opens"), names_opening, "{tag} {name}");
            assert_eq!(
                template.contains("{{ why }}"),
                names_opening && *name != "correction" || *name == "never",
                "{tag} {name}"
            );
            assert!(!template.contains(['!', '！', '…']), "{tag} {name}");
        }
    }
}

/// Every built-in text in full, as its client reads it: with all that may be in it, then with nothing that may be missing.
#[test]
fn the_built_in_texts_read_well() {
    // a holiday text of its own, in a language that nobody asks for, brings out the built-in ones
    let replies = Replies::compile(&[text("holiday", "qqq", "x")]).expect("good");
    let mut all = String::new();
    for tag in Language::built_in() {
        for name in BUILT_IN {
            let full = render(&replies, name, |case| {
                (case.language, case.label) = (language(tag), Some("25.12."));
                case.client_zone = Some(Tz::Europe__Madrid);
            });
            let bare =
                render(&replies, name, |case| (case.language, case.client_name) = (language(tag), String::new()));
            writeln!(all, "{tag} {name}\n  {full}\n  {bare}").expect("a string");
        }
    }
    insta::with_settings!({ snapshot_path => "../../tests/fixtures/words", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("replies", all);
    });
}

proptest! {
    #[test]
    fn every_built_in_text_reads_whole_whatever_is_missing(
        language_index in 0usize..12,
        name in proptest::sample::select(BUILT_IN),
        client in prop_oneof![Just(String::new()), Just("Ana López".to_owned()), any::<String>()],
        label in proptest::option::of(Just("Navidad")),
        open: bool,
    ) {
        let tag = Language::built_in().nth(language_index).expect("twelve");
        let replies = built_in_only();
        let told = render(&replies, name, |case| {
            case.client_name.clone_from(&client);
            case.language = language(tag);
            case.label = label;
            if !open {
                case.opens = None;
            }
        });
        let template_left = told.contains(gap::GAP) || client.is_empty() && (told.contains("{{") || told.contains("{%"));
        prop_assert!(!template_left, "{}", told);
        if client.is_empty() {
            for bad in [" ,", " .", ",.", ", .", "،.", "، .", "  ", "，，", "()", "（）", " ،"] {
                prop_assert!(!told.contains(bad), "{:?} in {}", bad, told);
            }
        }
        prop_assert!(!told.contains('!') || client.contains('!'), "{}", told);
        prop_assert_eq!(told.trim(), &told);
    }
}
