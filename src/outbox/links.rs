//! Links in notices: where the owner says that somebody has an answer.

use crate::app::App;
use crate::desk::Desk;
use crate::message::Personal;
use crate::store::{StoreError, Tokens};

/// Makes them.
pub(super) struct Links {
    admin_url: String,
    tokens: Tokens,
}

impl Links {
    /// `None` when notices have none: the config does not say where the admin side is, or they may name nobody.
    pub(super) async fn of(app: &App, desk: &Desk) -> Result<Option<Self>, StoreError> {
        let Some(admin_url) = desk.config().listen.admin_url.clone().filter(|_| desk.shows_names()) else {
            return Ok(None);
        };
        Ok(Some(Self { admin_url, tokens: app.store().tokens().await? }))
    }

    /// Of the person who wrote that message.
    pub(super) fn done(&self, message: i64) -> Personal {
        Personal::new(format!("{}/done/{}", self.admin_url, self.tokens.of(message).as_str()))
    }
}
