//! `[limits]`, `[urgent]` and `[conversation]`.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::desk::Desk;
use super::tables::Table;
use super::values;
use crate::verdict::{Policy, Rule};

/// The longest `reply_delay`.
const LONGEST_DELAY: TimeDelta = TimeDelta::hours(1);

/// `follow_up_after` by default.
const FOLLOW_UP_AFTER: TimeDelta = TimeDelta::minutes(15);

/// How many automatic replies may go out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// To one person in 24 hours. Default: 3.
    #[serde(default)]
    #[schemars(with = "u32")]
    replies_per_person_per_day: Option<Spanned<u32>>,
    /// On one line in an hour. Default: 30.
    #[serde(default)]
    #[schemars(with = "u32")]
    replies_per_line_per_hour: Option<Spanned<u32>>,
    /// In all in an hour. Default: 100.
    #[serde(default)]
    #[schemars(with = "u32")]
    replies_per_hour: Option<Spanned<u32>>,
    /// An older message (after an outage, a backlog) gets no reply. Default: `10m`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[0-9]+[smhd]$"))]
    max_age: Option<Spanned<String>>,
}

/// How often people may ring through.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UrgentKeys {
    /// How often one client may ring through in a closed period. Default: 1.
    #[serde(default)]
    #[schemars(with = "u32")]
    per_closed_period: Option<Spanned<u32>>,
}

/// How automatic replies keep out of your own conversations.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationKeys {
    /// An automatic reply waits for so long, up to an hour: you may answer first, and a burst of messages gets one.
    /// Default: `0s`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[0-9]+[smhd]$"))]
    reply_delay: Option<Spanned<String>>,
    /// After you wrote to somebody, no automatic reply goes to them for so long. Default: `30m`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[0-9]+[smhd]$"))]
    owner_stays: Option<Spanned<String>>,
    /// Whoever was told an opening, and has no answer of yours for a while after it, is told that you are open now.
    /// Default: false.
    #[serde(default)]
    #[schemars(with = "bool")]
    follow_up: Option<Spanned<bool>>,
    /// How long after the opening. Default: `15m`.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[0-9]+[smhd]$"))]
    follow_up_after: Option<Spanned<String>>,
    /// Whoever was told an opening that moves to a later time (another config, `away`) is told the new one, once.
    /// Default: false.
    #[serde(default)]
    #[schemars(with = "bool")]
    correct: Option<Spanned<bool>>,
}

/// The tables that [`read`] reads; there need be none.
pub struct Tables<'t> {
    /// `[limits]`.
    pub limits: Option<Table<'t>>,
    /// `[urgent]`.
    pub urgent: Option<Table<'t>>,
    /// `[conversation]`.
    pub conversation: Option<Table<'t>>,
}

/// Reads the tables.
pub fn read(tables: Tables<'_>, rules: Vec<Rule>, desk: &mut Desk) -> Option<Policy> {
    let Tables { limits, urgent, conversation } = tables;
    let default = Policy::default();
    let keys: Keys = limits.map(|table| table.read(desk)).unwrap_or_default();
    let urgent: UrgentKeys = urgent.map(|table| table.read(desk)).unwrap_or_default();
    let conversation: ConversationKeys = conversation.map(|table| table.read(desk)).unwrap_or_default();
    let or = |value: Option<Spanned<u32>>, default| value.map_or(default, Spanned::into_inner);
    let max_age = values::duration(keys.max_age.as_ref(), TimeDelta::seconds(1), default.max_age, desk)?;
    let none = TimeDelta::zero();
    let reply_delay = values::duration(conversation.reply_delay.as_ref(), none, default.reply_delay, desk);
    let owner_stays = values::duration(conversation.owner_stays.as_ref(), none, default.owner_stays, desk);
    if let (Some(delay), Some(written)) = (reply_delay, &conversation.reply_delay)
        && delay > LONGEST_DELAY
    {
        desk.findings
            .error(written.span(), "a reply that waits for more than an hour helps nobody")
            .hint("write at most `1h`");
    }
    let follow_up_after = values::duration(conversation.follow_up_after.as_ref(), none, FOLLOW_UP_AFTER, desk);
    let follow_up = conversation.follow_up.is_some_and(Spanned::into_inner);
    Some(Policy {
        rules,
        follow_up_after: Some(follow_up_after?).filter(|_| follow_up),
        correct: conversation.correct.is_some_and(Spanned::into_inner),
        reply_delay: reply_delay?,
        owner_stays: owner_stays?,
        pass_personal: default.pass_personal,
        urgent_per_closed_period: or(urgent.per_closed_period, default.urgent_per_closed_period),
        replies_per_person_per_day: or(keys.replies_per_person_per_day, default.replies_per_person_per_day),
        replies_per_line_per_hour: or(keys.replies_per_line_per_hour, default.replies_per_line_per_hour),
        replies_per_hour: or(keys.replies_per_hour, default.replies_per_hour),
        max_age,
    })
}
