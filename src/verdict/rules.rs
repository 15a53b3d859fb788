//! The config's rules, and the built-in ones behind them.

use super::{Case, Notify, Reason, Rule, When};
use crate::clients::Standing;
use crate::hours::{Span, Why};
use crate::message::Kind;

/// What the rules say, before the guard.
pub(super) struct Ruling {
    pub(super) reply: Option<String>,
    pub(super) notify: Notify,
    pub(super) rang_through: bool,
    pub(super) because: Vec<Reason>,
}

pub(super) fn rule(case: &Case<'_>) -> Ruling {
    let mut ruling = built_in(case);
    if !case.facts.line_listed {
        return ruling;
    }
    let own = case.policy.rules.iter().find(|rule| fails_on(&rule.when, case).is_none());
    let Some(own) = own else { return ruling };
    ruling.because.push(Reason::Rule(own.name.clone()));
    let rings_through = !case.facts.state.is_open() && own.notify == Some(Notify::Now);
    if rings_through && claims_urgency(own) {
        if case.facts.recalled.urgent_used >= case.policy.urgent_per_closed_period {
            ruling.because.push(Reason::UrgentBudgetUsed);
            return ruling;
        }
        ruling.rang_through = true;
    }
    if let Some(notify) = own.notify {
        ruling.notify = notify;
    }
    if let Some(reply) = &own.reply {
        ruling.reply.clone_from(reply);
    }
    ruling
}

/// The sender's word alone lets such a rule ring through, so it has a budget; a rule that goes by who writes has none.
fn claims_urgency(rule: &Rule) -> bool {
    !rule.when.text.is_empty() || rule.when.urgent == Some(true) || rule.reply == Some(Some("urgent".to_owned()))
}

fn built_in(case: &Case<'_>) -> Ruling {
    let facts = case.facts;
    let state = facts.state;
    let mut because = vec![if state.is_open() { Reason::Open(state.why) } else { Reason::Closed(state.why) }];
    // who is blocked is so on every line, listed or not
    if !facts.line_listed && facts.standing != Standing::Blocked {
        because.push(Reason::LineNotListed);
        return Ruling { reply: None, notify: Notify::Hold, rang_through: false, because };
    }
    because.push(Reason::Standing(facts.standing));
    let (reply, notify) = match (facts.standing, state.span) {
        (Standing::Blocked, _) => (None, Notify::Never),
        (_, Span::Open { .. }) => (None, Notify::Now),
        (_, Span::Closed { opens, .. }) => (Some(closed_reply(case, opens.is_some())), Notify::Hold),
    };
    Ruling { reply, notify, rang_through: false, because }
}

fn closed_reply(case: &Case<'_>, opens: bool) -> String {
    let facts = case.facts;
    let away = facts.state.why == Why::Away;
    if let Some(named) = facts.away_reply.filter(|_| away) {
        return named.to_owned();
    }
    let name = match (facts.state.why, case.message.kind) {
        // who called has left no message to thank for
        (Why::Away, Kind::Text | Kind::Media) => "away",
        _ if !opens => "never",
        (_, Kind::Call) => "call",
        (_, Kind::Voicemail) => "voicemail",
        (Why::Holiday | Why::Exception, _) if facts.holiday_text => "holiday",
        _ => "closed",
    };
    name.to_owned()
}

/// The first part of `when` that does not hold, by its key; `None` when all of it holds.
pub(super) fn fails_on(when: &When, case: &Case<'_>) -> Option<&'static str> {
    let Case { message, facts, .. } = case;
    let one_of = |names: &[String], name: &str| names.is_empty() || names.iter().any(|one| one == name);
    // a blocked person stays blocked unless a rule asks for blocked people by name
    let standing = when.standing.map_or(facts.standing != Standing::Blocked, |standing| standing == facts.standing);
    let parts = [
        ("state", when.open.is_none_or(|open| open == facts.state.is_open())),
        ("why", when.why.is_none_or(|why| why == facts.state.why)),
        ("standing", standing),
        ("labels", when.labels.is_empty() || when.labels.iter().any(|label| facts.labels.contains(label))),
        ("channel", one_of(&when.channel, facts.channel)),
        ("line", one_of(&when.line, facts.line)),
        ("kind", when.kind.is_empty() || when.kind.contains(&message.kind)),
        ("urgent", when.urgent.is_none_or(|urgent| urgent == message.urgent)),
        ("first_contact", when.first_contact.is_none_or(|first| first == facts.recalled.first_contact)),
    ];
    if let Some((key, _)) = parts.into_iter().find(|(_, holds)| !holds) {
        return Some(key);
    }
    if when.text.is_empty() {
        return None;
    }
    (!when.text.iter().any(|phrase| case.words().contain(phrase))).then_some("text")
}
