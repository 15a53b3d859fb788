//! What users of other systems complain about, as it would happen here: the stories that no other file tells. The page
//! `tests/DEMAND.md` says which complaint each is about.
#![expect(clippy::expect_used, reason = "a test may")]

mod answers;
mod quiet;
mod times;

use afterhours::message::{Event, Inbound};
use afterhours::outbox::Happened;
use afterhours::rehearsal::Rehearsal;
use afterhours::store::Admitted;
use afterhours::verdict::Verdict;
use chrono::{DateTime, Utc};

use crate::manners::{at, config};

const ANA: &str = "50499990001";
const BEN: &str = "50499990003";
const MAX: &str = "14155550123";

/// The real engine with this config, from then on.
async fn engine(text: &str, now: &str) -> Rehearsal {
    Rehearsal::start(Rehearsal::silenced(config(text)), at(now)).await.expect("an engine")
}

/// What is decided of a message that comes now.
async fn brings(engine: &Rehearsal, channel: &str, message: Inbound) -> Verdict {
    let admitted = engine.bring(channel, vec![Event::Message(message)]).await.expect("a store");
    let [(_, Admitted::Decided(verdict))] = admitted.as_slice() else { panic!("{admitted:?}") };
    verdict.clone()
}

/// What happens until then.
async fn pass(engine: &Rehearsal, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, Happened)> {
    engine.pass(to).await.expect("a store")
}

/// Which sink was told what, and when.
fn notices(happened: &[(DateTime<Utc>, Happened)]) -> Vec<(DateTime<Utc>, &str, &str)> {
    let told = happened.iter().filter_map(|(at, one)| match one {
        Happened::Notice { sink, notice } => Some((*at, sink.as_str(), notice.body.as_str())),
        _ => None,
    });
    told.collect()
}
