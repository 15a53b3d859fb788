//! `[personal]`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::ChannelSettings;
use super::super::desk::Desk;
use super::super::suggest::listed;
use super::tables::Table;
use crate::channel::KINDS;

/// What becomes of messages of people whose `standing` is `personal`. They are never answered, held or remembered.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// `true`: you are told at once, whatever the hours, and then the message is deleted: for lines that no other device
    /// of yours shows. `false`: nothing is kept and nothing is said. Default: `false`.
    #[serde(default)]
    #[schemars(with = "bool")]
    pass: Option<Spanned<bool>>,
}

/// Reads the table: whether such messages are passed on. `person` is the place of a personal person on the list.
pub fn read(
    table: Option<Table<'_>>,
    channels: &BTreeMap<Arc<str>, ChannelSettings>,
    person: Option<Range<usize>>,
    desk: &mut Desk,
) -> bool {
    let keys: Keys = table.map(|table| table.read(desk)).unwrap_or_default();
    let pass = keys.pass.map(Spanned::into_inner);
    if let (None, Some(person)) = (pass, person) {
        may_be_lost(channels, person, desk);
    }
    pass.unwrap_or_default()
}

/// Nobody has said that it is meant so.
fn may_be_lost(channels: &BTreeMap<Arc<str>, ChannelSettings>, person: Range<usize>, desk: &mut Desk) {
    let shown_here_alone = |settings: &ChannelSettings| {
        let kind = KINDS.iter().find(|kind| kind.name == settings.channel.kind());
        let all_private = !settings.lines.is_empty() && settings.lines.values().all(|line| line.private);
        kind.is_some_and(|kind| kind.shown_here_alone) && !all_private
    };
    let channels: Vec<_> =
        channels.iter().filter(|(_, settings)| shown_here_alone(settings)).map(|(name, _)| &**name).collect();
    if channels.is_empty() {
        return;
    }
    let plural = if channels.len() == 1 { "channel" } else { "channels" };
    desk.findings
        .warning(
            person,
            format!(
                "what a personal sender writes on {plural} {} is neither kept nor told, and no other device may show it",
                listed(channels)
            ),
        )
        .hint(
            "`pass = true` in `[personal]` tells you at once and then keeps nothing; `pass = false` says that you see it \
             elsewhere, as in the WhatsApp Business app on the same number",
        );
}
