//! `[limits]` and `[urgent]`.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::desk::Desk;
use super::tables::Table;
use super::values;
use crate::verdict::{Policy, Rule};

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

/// Reads both tables; there need be neither.
pub fn read(limits: Option<Table<'_>>, urgent: Option<Table<'_>>, rules: Vec<Rule>, desk: &mut Desk) -> Option<Policy> {
    let default = Policy::default();
    let keys: Keys = limits.map(|table| table.read(desk)).unwrap_or_default();
    let urgent: UrgentKeys = urgent.map(|table| table.read(desk)).unwrap_or_default();
    let or = |value: Option<Spanned<u32>>, default| value.map_or(default, Spanned::into_inner);
    let max_age = values::duration(keys.max_age.as_ref(), TimeDelta::seconds(1), default.max_age, desk)?;
    Some(Policy {
        rules,
        urgent_per_closed_period: or(urgent.per_closed_period, default.urgent_per_closed_period),
        replies_per_person_per_day: or(keys.replies_per_person_per_day, default.replies_per_person_per_day),
        replies_per_line_per_hour: or(keys.replies_per_line_per_hour, default.replies_per_line_per_hour),
        replies_per_hour: or(keys.replies_per_hour, default.replies_per_hour),
        max_age,
    })
}
