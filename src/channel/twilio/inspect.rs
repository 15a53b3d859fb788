//! What Twilio says is wrong with the connection.

use reqwest::Url;
use serde::Deserialize;

use super::{Account, PERSISTENCE, send};
use crate::outbound::{Outbound, SendError};

/// So many numbers are looked at: one page.
const NUMBERS: &str = "100";

/// The account itself.
#[derive(Deserialize)]
struct State {
    status: String,
}

/// The account's numbers, as far as we read them.
#[derive(Deserialize)]
struct Numbers {
    incoming_phone_numbers: Vec<Number>,
}

#[derive(Deserialize)]
struct Number {
    #[serde(rename = "phone_number")]
    line: String,
    sms_url: Option<String>,
    sms_method: Option<String>,
    voice_url: Option<String>,
    voice_method: Option<String>,
}

/// Asks; a sentence for each trouble. `address` is where Twilio is to post to.
pub(super) async fn ask(account: &Account, outbound: &Outbound, address: &Url) -> Result<Vec<String>, SendError> {
    let (Some(own), Some(mut numbers)) = (account.own_url(), account.url("IncomingPhoneNumbers.json")) else {
        return Ok(Vec::new());
    };
    let mut state = account.ask::<State>(outbound, own.clone()).await;
    if state.as_ref().is_err_and(|error| send::is_unauthorised(error) && matches!(error, SendError::Retry { .. })) {
        // the token that was to follow has been promoted
        state = account.ask(outbound, own).await;
    }
    match state {
        Ok(State { status }) if status == "suspended" || status == "closed" => {
            return Ok(vec![format!("Twilio says that the account is {status}: nothing can be sent or received.")]);
        }
        Err(error) if send::is_unauthorised(&error) => {
            return Ok(vec!["Twilio does not take the auth token: no reply can be sent.".to_owned()]);
        }
        outcome => outcome?,
    };
    numbers.query_pairs_mut().append_pair("PageSize", NUMBERS);
    let Numbers { incoming_phone_numbers } = account.ask(outbound, numbers).await?;
    Ok(incoming_phone_numbers.iter().flat_map(|number| troubles(number, address)).collect())
}

/// What is wrong with the addresses of a number, where they are meant for us.
fn troubles(number: &Number, address: &Url) -> Vec<String> {
    let sms = ("messages", number.sms_url.as_deref(), number.sms_method.as_deref());
    let voice = ("calls", number.voice_url.as_deref(), number.voice_method.as_deref());
    let mut found = Vec::new();
    for (what, url, method) in [sms, voice] {
        let Some(url) = url.and_then(|url| Url::parse(url).ok()) else { continue };
        // whoever has mistyped a host, here or there, has the path right
        if url.path().trim_end_matches('/') != address.path() {
            continue;
        }
        let place = format!("The address for {what} of {}", number.line);
        let mut posted_to = url.clone();
        posted_to.set_query(None);
        posted_to.set_fragment(None);
        if posted_to != *address {
            found.push(format!("{place} is not {address}: every request is refused, as the signature is another's."));
        }
        if method.is_some_and(|method| method != "POST") {
            found.push(format!("{place} is called by GET: set HTTP POST, or nothing of it arrives."));
        }
        if !url.fragment().is_some_and(|fragment| fragment.contains("rp=all") || fragment.contains("5xx")) {
            found.push(format!("{place} has no {PERSISTENCE}: what meets a restart or an error is not sent again."));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_numbers_are_looked_at_where_they_are_meant_for_us() {
        let none: &[&str] = &[];
        let cases = [
            ("https://hooks.example.org/in/phone#rc=3&rp=all", "POST", none),
            ("https://hooks.example.org:443/in/phone#rc=2&rp=5xx", "POST", none),
            ("https://demo.twilio.com/welcome/sms/reply", "GET", none),
            ("https://hook.example.org/in/phone#rp=all", "POST", &["is not https://hooks.example.org/in/phone"]),
            ("https://hooks.example.org/in/phone/#rp=all", "POST", &["is not https://hooks.example.org/in/phone"]),
            ("https://hooks.example.org/in/other", "GET", none),
            ("", "POST", none),
            ("https://hooks.example.org/in/phone", "POST", &["has no #rc=3&rp=all"]),
            ("https://hooks.example.org/in/phone#rc=3&rp=all", "GET", &["is called by GET"]),
            ("http://hooks.example.org/in/phone#rp=all", "POST", &["is not https://hooks.example.org/in/phone"]),
            ("https://hooks.example.org:8443/in/phone", "GET", &["is not https", "is called by GET", "has no #rc"]),
        ];
        let address: Url = "https://hooks.example.org/in/phone".parse().expect("a URL");
        for (url, method, expected) in cases {
            let (url, method) = (Some(url.to_owned()), Some(method.to_owned()));
            let number = |sms: bool| Number {
                line: "+15550100001".into(),
                sms_url: url.clone().filter(|_| sms),
                sms_method: method.clone().filter(|_| sms),
                voice_url: url.clone().filter(|_| !sms),
                voice_method: method.clone().filter(|_| !sms),
            };
            for (number, what) in [(number(true), "messages"), (number(false), "calls")] {
                let found = troubles(&number, &address);
                assert_eq!(found.len(), expected.len(), "{url:?} {found:?}");
                for (found, part) in found.iter().zip(expected) {
                    assert!(found.contains(part) && found.contains(what), "{url:?} {found}");
                }
            }
        }
    }
}
