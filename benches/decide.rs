//! What a verdict costs: `cargo bench --bench decide`.
#![expect(clippy::expect_used, reason = "a benchmark may")]

use afterhours::clients::Standing;
use afterhours::hours::{Span, State, Why};
use afterhours::message::{Address, Inbound, Personal};
use afterhours::verdict::{Facts, Notify, Ours, Phrase, Policy, Recalled, Rule, When, decide};
use chrono::{DateTime, TimeDelta, Utc};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_763_690_400_000).expect("an instant")
}

fn message() -> Inbound {
    Inbound {
        id: Personal::new("wamid.HBgL"),
        from: vec![Address::phone("50499990001").expect("a number")],
        name: Personal::new("Ana López"),
        text: Personal::new("Hi, is anybody there? I would like to move my Friday appointment to next week."),
        sent_at: Some(now()),
        ..Inbound::default()
    }
}

/// A rule that looks at the text, and does not find its words in it: the dearest kind.
fn rule(number: usize) -> Rule {
    let text = ["urgent", "urgente", "water damage"].map(|words| Phrase::new(words).expect("a word"));
    Rule {
        name: format!("rule {number}"),
        when: When { open: Some(false), text: text.to_vec(), ..When::default() },
        reply: Some(Some("urgent".to_owned())),
        notify: Some(Notify::Now),
    }
}

/// A closed evening: the whole guard is asked, and nothing objects.
#[divan::bench(args = [0, 1, 10])]
fn evening(bencher: Bencher<'_, '_>, rules: usize) {
    let state = State {
        span: Span::Closed { since: now() - TimeDelta::hours(3), opens: Some(now() + TimeDelta::hours(12)) },
        why: Why::Hours,
        label: None,
    };
    let recalled = Recalled { first_contact: true, ..Recalled::default() };
    let facts = Facts {
        channel: "work",
        line: "default",
        line_listed: true,
        line_private: false,
        standing: Standing::Client,
        labels: &["vip".to_owned()],
        state: &state,
        away_reply: None,
        holiday_text: false,
        breaker_open: false,
        can_reply: true,
        reply_window: Some(now() + TimeDelta::hours(24)),
        recalled: &recalled,
        ours: Ours::NONE,
    };
    let policy = Policy { rules: (0..rules).map(rule).collect(), ..Policy::default() };
    let message = message();
    assert!(decide(&message, &facts, &policy, now()).reply.is_some());
    bencher.bench_local(|| decide(black_box(&message), black_box(&facts), &policy, now()));
}
