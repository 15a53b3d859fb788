//! Posting as Standard Webhooks wants it.

use reqwest::Url;

use super::{Outbound, Reason, SendError, SendKey, Sent};
use crate::standard_webhooks::SigningKey;

impl Outbound {
    /// Posts signed JSON under a `webhook-id` that is the same on every attempt, so that repeating it is harmless. The
    /// standard proves success by 2xx; 410 says that the address was given up on purpose; everything else is tried again; 429 and a gateway's 502, 503 and
    /// 504 ask for patience.
    ///
    /// # Errors
    /// One of the four ways in which a send is not done.
    pub async fn post_signed(
        &self,
        url: &Url,
        secret: &SigningKey,
        key: &SendKey,
        body: Vec<u8>,
    ) -> Result<Sent, SendError> {
        let unsendable = SendError::Refused { reason: Reason::Unsendable };
        let headers = secret.sign(&key.0, self.now(), &body).ok_or(unsendable)?;
        let response = self.post_json(url.clone(), headers, body).await?;
        let reason = Reason::Status(response.status);
        match response.status {
            200..=299 => Ok(Sent { id: None }),
            410 => Err(SendError::Down { reason }),
            408 | 500 | 501 | 505..=599 => Err(SendError::Unknown { reason }),
            _ => Err(response.retry(reason)),
        }
    }
}
