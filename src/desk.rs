//! The config in force with the owner's overrides on top: what they say of a message. Decides nothing by itself: it brings
//! the message before the pure rooms, and is told the time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::channel::Scene;
use crate::clients::{Client, Standing};
use crate::config::{ChannelSettings, Config, LineSettings};
use crate::digest::{Content, Held, Style};
use crate::hours::{Hours, Override, Span, State, Why, in_force};
use crate::language::{Language, of_number};
use crate::message::{Address, Inbound, Personal};
use crate::reply::{Occasion, RenderError, SPOKEN};
use crate::store::{Candidate, Decide, Decision, JobKind, Look, NewJob, Promise, Stored};
use crate::verdict::{
    Breakers, Explanation, Facts, Notify, Ours, Policy, Recalled, Rule, SenderKind, Verdict, When, decide, explain,
    is_later, is_near_copy_of_any, sender_kind,
};

/// The name of a channel's only line, when the config has no line tables.
pub const DEFAULT_LINE: &str = "default";

/// A shorter text, in bytes, is no copy of a reply.
const SHORTEST_OF_OURS: usize = 40;

/// The built-in text for those who wait for an opening.
const FOLLOW_UP: &str = "follow_up";

/// The built-in text for those who were promised an earlier opening.
const CORRECTION: &str = "correction";

/// The built-in reply of an absence.
const AWAY: &str = "away";
/// What verdicts call the rule by which the reply of an `open --until` goes out.
const OPEN_UNTIL: &str = "open until";

/// The config in force, and the overrides.
pub struct Desk {
    config: Arc<Config>,
    overrides: Vec<Override>,
    default_line: Arc<str>,
    breakers: Arc<Breakers>,
    states: Mutex<States>,
}

/// The states that were worked out for one second: schedules have no finer edges, and one webhook asks several times.
#[derive(Default)]
struct States {
    second: i64,
    by_hours: HashMap<Arc<str>, Arc<State>>,
}

/// A line as the config has it.
#[derive(Clone, Debug)]
pub struct Line<'c> {
    /// Its id in the config, or `default`; the provider's id when it is not listed.
    pub name: Arc<str>,
    /// Its hours.
    pub hours: Arc<str>,
    /// Nothing stored, nothing answered.
    pub private: bool,
    /// The config knows it.
    pub listed: bool,
    /// The language of replies to people of whom no language is known, whatever the country of their number.
    pub reply_language: Option<&'c Language>,
}

/// What the desk says of a call on one channel at an instant.
pub struct OnStage<'d> {
    /// The desk in force.
    pub desk: &'d Desk,
    /// The channel's part of the config.
    pub settings: &'d ChannelSettings,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Scene for OnStage<'_> {
    fn is_open(&self, line: Option<&str>) -> bool {
        self.desk.state(&self.desk.line(self.settings, line).hours, self.now).is_open()
    }

    fn is_private(&self, line: Option<&str>) -> bool {
        self.desk.line(self.settings, line).private
    }

    fn standing(&self, from: &[Address]) -> Standing {
        standing(self.desk.config.clients.find(from))
    }

    fn text(&self, message: &Inbound, reply: &str) -> Option<(String, String)> {
        let Self { desk, settings, now } = self;
        let hours = desk.line(settings, message.line.as_deref()).hours;
        let (text, language) = desk.render(settings, message, &hours, reply, *now).ok()?;
        Some((text, language.tag().to_owned()))
    }
}

impl Desk {
    /// Puts a config and overrides in force.
    #[must_use]
    pub fn new(config: Arc<Config>, overrides: Vec<Override>) -> Self {
        let (default_line, breakers) = (DEFAULT_LINE.into(), Arc::default());
        Self { config, overrides, default_line, breakers, states: Mutex::default() }
    }

    /// With breakers that outlive it.
    #[must_use]
    pub fn with_breakers(self, breakers: Arc<Breakers>) -> Self {
        Self { breakers, ..self }
    }

    /// The config in force.
    #[must_use]
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// The overrides in force.
    #[must_use]
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// The hours of that name; the default ones when a reload has taken the name away.
    #[must_use]
    pub fn hours(&self, name: &str) -> &Hours {
        let hours = &self.config.hours;
        hours.get(name).unwrap_or_else(|| &hours[&self.config.default_hours])
    }

    /// The state of these hours at an instant.
    #[must_use]
    pub fn state(&self, hours: &str, at: DateTime<Utc>) -> Arc<State> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        if states.second != at.timestamp() {
            states.by_hours.clear();
            states.second = at.timestamp();
        }
        if let Some(state) = states.by_hours.get(hours) {
            return Arc::clone(state);
        }
        let state = Arc::new(self.hours(hours).state(at, &self.overrides));
        states.by_hours.insert(hours.into(), Arc::clone(&state));
        state
    }

    /// The line that a provider's id means on a channel.
    #[must_use]
    pub fn line<'c>(&self, settings: &'c ChannelSettings, id: Option<&'c str>) -> Line<'c> {
        // without a name it is the channel's own
        let id = id.or_else(|| settings.channel.own_line());
        let hours = Arc::clone(&settings.hours);
        let reply_language = settings.reply_language.as_ref();
        if let Some((name, table)) = id.and_then(|id| settings.lines.get_key_value(id)) {
            let LineSettings { hours, private, reply_language } = table;
            let (name, hours, reply_language) = (Arc::clone(name), Arc::clone(hours), reply_language.as_ref());
            return Line { name, hours, private: *private, listed: true, reply_language };
        }
        let is_own = id.is_none_or(|id| settings.channel.is_own_line(id));
        if settings.lines.is_empty() && is_own {
            let name = Arc::clone(&self.default_line);
            return Line { name, hours, private: false, listed: true, reply_language };
        }
        let name = id.map_or_else(|| Arc::clone(&self.default_line), Into::into);
        Line { name, hours, private: false, listed: false, reply_language }
    }

    /// The name of the hours that rule a line now; those that ruled when the message came, where a reload took its channel
    /// or line away.
    #[must_use]
    pub fn hours_of<'d>(&'d self, channel: &str, line: &str, then: &'d str) -> &'d str {
        let Some(settings) = self.config.channels.get(channel) else { return then };
        match settings.lines.get(line) {
            Some(line) => &line.hours,
            None if settings.lines.is_empty() => &settings.hours,
            None => then,
        }
    }

    fn hours_now<'d>(&'d self, stored: &'d Stored) -> &'d str {
        self.hours_of(&stored.channel, &stored.line, &stored.hours)
    }

    /// Every address of the person who has these: these first, then the others on the client list.
    #[must_use]
    pub fn person(&self, addresses: &[Address]) -> Vec<Address> {
        let mut all = addresses.to_vec();
        if let Some(client) = self.config.clients.find(addresses) {
            all.extend(client.addresses.iter().filter(|address| !addresses.contains(address)).cloned());
        }
        all
    }

    /// One of these addresses is a `personal` person's.
    #[must_use]
    pub fn is_personal(&self, addresses: &[Address]) -> bool {
        standing(self.config.clients.find(addresses)) == Standing::Personal
    }

    /// A message on its way into the store.
    #[must_use]
    pub fn candidate(
        &self,
        channel: &Arc<str>,
        settings: &ChannelSettings,
        mut message: Inbound,
        now: DateTime<Utc>,
    ) -> Candidate {
        // a sender's clock that is ahead must not stretch the provider's window
        message.sent_at = message.sent_at.map(|at| at.min(now));
        let line = self.line(settings, message.line.as_deref());
        let closed_since = self.state(&line.hours, now).closed_since();
        let person = self.person(&message.from);
        Candidate {
            channel: Arc::clone(channel),
            line: line.name,
            line_listed: line.listed,
            line_private: line.private,
            hours: line.hours,
            closed_since,
            person,
            received_at: now,
            message,
        }
    }

    /// The verdict on a message.
    #[must_use]
    pub fn verdict(&self, candidate: &Candidate, recalled: &Recalled) -> Verdict {
        let (message, now) = (&candidate.message, candidate.received_at);
        self.with_facts(candidate, recalled, |facts| decide(message, facts, &self.policy(now), now))
    }

    /// The verdict on a message, and everything that was looked at.
    #[must_use]
    pub fn explain(&self, candidate: &Candidate, recalled: &Recalled) -> Explanation {
        let (message, now) = (&candidate.message, candidate.received_at);
        self.with_facts(candidate, recalled, |facts| explain(message, facts, &self.policy(now), now))
    }

    fn with_facts<T>(&self, candidate: &Candidate, recalled: &Recalled, ask: impl FnOnce(&Facts<'_>) -> T) -> T {
        let (message, now) = (&candidate.message, candidate.received_at);
        let settings = &self.config.channels[&candidate.channel];
        let state = self.state(&candidate.hours, now);
        let client = self.config.clients.find(&message.from);
        ask(&Facts {
            channel: &candidate.channel,
            line: &candidate.line,
            line_listed: candidate.line_listed,
            line_private: candidate.line_private,
            standing: standing(client),
            labels: client.map_or(&[], |client| &client.labels),
            state: &state,
            away_reply: self.override_reply(false, now),
            holiday_text: self.config.replies.is_own("holiday"),
            breaker_open: self.breakers.is_open(&candidate.channel, now),
            can_reply: settings.channel.can_reply(),
            reply_window: settings.channel.reply_window(&message.reply_to, message.sent_at.unwrap_or(now)),
            recalled,
            ours: Ours(&|text| self.says_what_we_say(settings, candidate, text)),
        })
    }

    /// The text is nearly what this sender would be sent: another machine echoes it, or is one of us.
    fn says_what_we_say(&self, settings: &ChannelSettings, candidate: &Candidate, text: &str) -> bool {
        let Candidate { message, hours, received_at, .. } = candidate;
        let ours = self
            .config
            .replies
            .names()
            .filter(|name| !SPOKEN.contains(name))
            .filter_map(|name| self.render(settings, message, hours, name, *received_at).ok())
            .map(|(text, _)| text);
        text.len() >= SHORTEST_OF_OURS && is_near_copy_of_any(text, ours)
    }

    /// What the verdict goes by: the config's rules, and behind them the reply that the owner gives while open late.
    fn policy(&self, now: DateTime<Utc>) -> Cow<'_, Policy> {
        let Some(reply) = self.override_reply(true, now) else { return Cow::Borrowed(&self.config.policy) };
        let mut policy = self.config.policy.clone();
        policy.rules.push(Rule {
            name: OPEN_UNTIL.to_owned(),
            when: When { open: Some(true), why: Some(Why::Away), ..When::default() },
            reply: Some(Some(reply.to_owned())),
            notify: None,
        });
        Cow::Owned(policy)
    }

    /// The reply that the override in force names, where that one opens or closes.
    fn override_reply(&self, open: bool, now: DateTime<Utc>) -> Option<&str> {
        let over = in_force(&self.overrides, now).filter(|over| over.open == open)?;
        // a reload may have taken its text away
        over.reply.as_deref().filter(|reply| self.config.replies.knows(reply))
    }

    /// When the owner is told of what is held under these hours: now when they are open, at the next opening when not;
    /// `None` when there is none.
    #[must_use]
    pub fn release_at(&self, hours: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.state(hours, now).span {
            Span::Open { .. } => Some(now),
            Span::Closed { opens, .. } => opens,
        }
    }

    /// Until when a message is held that came in open hours: the next opening after them, now when they never end.
    #[must_use]
    pub fn hold_until(&self, hours: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.state(hours, now).span {
            Span::Closed { opens, .. } => opens,
            Span::Open { closes: None } => Some(now),
            Span::Open { closes: Some(closes) } => self.hours(hours).state(closes, &self.overrides).until(),
        }
    }

    fn jobs(&self, candidate: &Candidate, verdict: &Verdict) -> Vec<NewJob> {
        let now = candidate.received_at;
        let notify = &self.config.notify;
        let job = |kind, target: &str, due_at| NewJob { kind, target: target.to_owned(), due_at, repeatable: false };
        let mut jobs = Vec::with_capacity(2);
        if verdict.reply.is_some() {
            let repeatable = self.config.channels[&candidate.channel].channel.repeats_harmlessly();
            let due = Some(now + self.config.policy.reply_delay);
            jobs.push(NewJob { repeatable, ..job(JobKind::Reply, &candidate.channel, due) });
        }
        if let (Some(after), Some(reply)) = (self.config.policy.follow_up_after, &verdict.reply)
            && candidate.closed_since.is_some()
            && self.config.replies.names_opening(reply)
        {
            let due = self.hold_until(&candidate.hours, now).map(|opens| opens + after);
            jobs.push(job(JobKind::FollowUp, &candidate.channel, due));
        }
        match verdict.notify {
            Notify::Now => jobs.extend(notify.now.iter().map(|sink| job(JobKind::Now, sink, Some(now)))),
            Notify::Hold => {
                let due = self.hold_until(&candidate.hours, now);
                jobs.extend(notify.digest.iter().map(|sink| job(JobKind::Hold, sink, due)));
            }
            Notify::Never => {}
        }
        jobs
    }

    /// What to ask the store about the sender of a kept message.
    #[must_use]
    pub fn look(&self, stored: &Stored, now: DateTime<Utc>) -> Look {
        Look {
            person: self.person(&stored.message.from),
            channel: stored.channel.as_str().into(),
            line: stored.line.as_str().into(),
            closed_since: self.state(self.hours_now(stored), now).closed_since(),
            now,
        }
    }

    /// What the sender of a kept message is to the owner now.
    #[must_use]
    pub fn standing(&self, stored: &Stored) -> Standing {
        standing(self.config.clients.find(&stored.message.from))
    }

    /// What a job of this kind says to the sender of a kept message, as it stands now.
    ///
    /// # Errors
    /// When a template of the config fails at run time.
    pub fn text(
        &self,
        kind: JobKind,
        settings: &ChannelSettings,
        stored: &Stored,
        now: DateTime<Utc>,
    ) -> Result<String, RenderError> {
        let hours = self.hours_now(stored);
        let name = match kind {
            JobKind::FollowUp => FOLLOW_UP,
            JobKind::Correction => CORRECTION,
            JobKind::Reply | JobKind::Now | JobKind::Hold | JobKind::Alert => {
                let built_in = if self.state(hours, now).why == Why::Away { AWAY } else { "closed" };
                // a reload may have taken the text away
                stored.reply.as_deref().filter(|reply| self.config.replies.knows(reply)).unwrap_or(built_in)
            }
        };
        self.render(settings, &stored.message, hours, name, now).map(|(text, _)| text)
    }

    /// The text of that name, as the sender of this message would get it now, and the language that it is in.
    fn render(
        &self,
        settings: &ChannelSettings,
        message: &Inbound,
        hours: &str,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(String, Language), RenderError> {
        let client = self.config.clients.find(&message.from);
        let owner = &self.config.owner;
        let language = self.reply_language(settings, client, message, name);
        let state = self.state(hours, now);
        let occasion = Occasion {
            client_name: client.map_or(&message.name, |client| &client.name).as_str(),
            owner_name: owner.name.as_str(),
            language: &language,
            fallback: &owner.language,
            opens: self.release_at(hours, now),
            zone: self.hours(hours).zone(),
            client_zone: client.and_then(|client| client.timezone),
            label: state.label.as_deref(),
            now,
        };
        self.config.replies.render_in(name, &occasion, settings.channel.longest_reply())
    }

    /// How long after an opening those are told of it who wait for it.
    #[must_use]
    pub fn follow_up_after(&self) -> TimeDelta {
        self.config.policy.follow_up_after.unwrap_or_default()
    }

    /// When whoever wrote this message is told of it now: see [`Desk::release_at`].
    #[must_use]
    pub fn opens_for(&self, stored: &Stored, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.release_at(self.hours_now(stored), now)
    }

    /// The people who were promised an earlier opening than there is now: of each every address, and the messages that hold
    /// promises, first the one that is answered once more, the longest promised of those whose opening has moved.
    #[must_use]
    pub fn to_correct(&self, promises: &[Promise], now: DateTime<Utc>) -> Vec<(Vec<Address>, Vec<i64>)> {
        let mut known = HashMap::new();
        let mut people: Vec<(bool, Vec<Address>, Vec<i64>)> = Vec::new();
        for Promise { message, opens: promised } in promises {
            if matches!(self.standing(message), Standing::Personal | Standing::Blocked) {
                continue;
            }
            let addresses = self.person(&message.message.from);
            let place = addresses.iter().find_map(|address| known.get(address).copied()).unwrap_or(people.len());
            known.extend(addresses.iter().map(|address| (address.clone(), place)));
            if place == people.len() {
                people.push((false, Vec::new(), Vec::new()));
            }
            let (moved, person, messages) = &mut people[place];
            person.extend(addresses);
            let later = self.opens_for(message, now).is_some_and(|opens| is_later(*promised, opens));
            messages.insert(if later && !*moved { 0 } else { messages.len() }, message.id);
            *moved |= later;
        }
        let moved = people.into_iter().filter(|(moved, ..)| *moved);
        moved.map(|(_, person, messages)| (person, messages)).collect()
    }

    /// The state of the hours of a kept message's line.
    #[must_use]
    pub fn state_of(&self, stored: &Stored, now: DateTime<Utc>) -> Arc<State> {
        self.state(self.hours_now(stored), now)
    }

    /// The opening that a reply to this message names now, when it names one: a promise.
    #[must_use]
    pub fn promised(&self, stored: &Stored, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let closed = !self.state_of(stored, now).is_open();
        (closed && self.names_opening(stored)).then(|| self.release_at(self.hours_now(stored), now)).flatten()
    }

    /// The reply to this message tells when it opens: that is a promise. Those that rang through, and those of rules, need
    /// not.
    fn names_opening(&self, stored: &Stored) -> bool {
        stored.reply.as_deref().is_some_and(|reply| self.config.replies.names_opening(reply))
    }

    /// What a reply is written in: what is known of the person, then what the line says, then what the country of the
    /// person's number lets guess, then the owner's. A guess is no reason to leave the owner's own words for built-in ones.
    fn reply_language(
        &self,
        settings: &ChannelSettings,
        client: Option<&Client>,
        message: &Inbound,
        name: &str,
    ) -> Language {
        let of_line = || self.line(settings, message.line.as_deref()).reply_language.cloned();
        let listed = client.map_or(&[][..], |client| &client.addresses);
        let of_locale = || message.locale.as_deref().and_then(Language::parse);
        let of_country = || {
            let guessed = message.from.iter().chain(listed).find_map(|address| of_number(address.as_str()));
            guessed.filter(|language| self.config.replies.speaks(name, language))
        };
        client
            .and_then(|client| client.language.clone())
            .or_else(of_locale)
            .or_else(of_line)
            .or_else(of_country)
            .unwrap_or_else(|| self.config.owner.language.clone())
    }

    /// A kept message as the owner is told of it.
    #[must_use]
    pub fn held(&self, stored: &Stored) -> Held {
        let message = &stored.message;
        let client = self.config.clients.find(&message.from);
        let address = message.from.first().map(Address::as_str).unwrap_or_default();
        let readable = match sender_kind(&message.from) {
            SenderKind::Withheld => self.config.owner.language.wording_or_english().notices.withheld,
            _ => message.readable_address(),
        };
        let name = match client {
            Some(client) => client.name.clone(),
            None if message.name.is_empty() => Personal::new(readable),
            None => message.name.clone(),
        };
        let person = client.and_then(|client| client.addresses.first()).map_or(address, Address::as_str);
        let lines =
            self.config.channels.get(stored.channel.as_str()).is_some_and(|settings| !settings.lines.is_empty());
        Held {
            person: Personal::new(person),
            name,
            known: client.is_some(),
            address: Personal::new(readable),
            channel: stored.channel.clone(),
            line: lines.then(|| stored.line.clone()),
            kind: message.kind,
            text: message.text.clone(),
            at: message.sent_at.unwrap_or(stored.received_at),
            urgent: message.urgent,
            replied: stored.reply_state == "sent",
            late: stored.late,
            done_url: None,
        }
    }

    /// Notices may name people.
    #[must_use]
    pub fn shows_names(&self) -> bool {
        self.config.notify.content != Content::Count
    }

    /// How notices are written.
    #[must_use]
    pub fn style(&self) -> Style {
        let owner = &self.config.owner;
        Style { content: self.config.notify.content, language: owner.language.clone(), zone: owner.timezone }
    }
}

impl Decide for Desk {
    fn decide(&self, candidate: &Candidate, recalled: &Recalled) -> Decision {
        let verdict = self.verdict(candidate, recalled);
        let jobs = self.jobs(candidate, &verdict);
        Decision { keep: !verdict.is_nothing() && !verdict.is_passed_on(), jobs, verdict }
    }
}

fn standing(client: Option<&Client>) -> Standing {
    client.map_or(Standing::Unknown, |client| client.standing)
}
