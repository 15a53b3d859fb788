//! Calls: what they are to the owner, and what Twilio is told to do with them.
//!
//! A call is a conversation of several requests. Twilio posts the ring to the address of the number, and every later step to
//! the address that our answer before has named: `?step=` says which it is, and the signature covers it.

use chrono::{DateTime, TimeDelta, Utc};

use super::form::Form;
use super::parse::{Setting, addresses, first, reply_address, takes_sms};
use super::twiml::{Verbs, escaped, said};
use crate::channel::{Malformed, Scene};
use crate::clients::Standing;
use crate::message::{Audience, Event, Hints, Inbound, Kind, Nature, Personal};

/// A voice message is cut after this, in seconds: Twilio transcribes no longer ones.
const LONGEST_RECORDING: u32 = 120;

/// The recording ends after so many seconds of silence.
const SILENCE: u32 = 5;

/// The owner's telephone rings for so many seconds: mailboxes of mobile networks take a call after 20 to 30, and a call that
/// one has taken does not count as missed.
const RINGS_FOR: u32 = 18;

/// What the owner wants done with calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    /// The telephone that rings in open hours.
    pub dial: Option<String>,
    /// Callers may leave a message.
    pub voicemail: bool,
    /// Twilio writes down what they say.
    pub transcribe: bool,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It came in, or it ended.
    Line,
    /// The owner's telephone has rung.
    Dialled,
    /// The caller has spoken.
    Recorded,
    /// What was said is written down.
    Transcript,
}

impl Step {
    fn read(query: &Form<'_>) -> Result<Self, Malformed> {
        match query.text("step")? {
            "" => Ok(Self::Line),
            "dialled" => Ok(Self::Dialled),
            "recorded" => Ok(Self::Recorded),
            "transcript" => Ok(Self::Transcript),
            _ => Err(Malformed { field: "step".to_owned(), problem: "is none of ours" }),
        }
    }
}

/// What a step means to the owner.
pub(super) fn event(form: &Form<'_>, query: &Form<'_>, setting: &Setting<'_>) -> Result<Option<Event>, Malformed> {
    let step = Step::read(query)?;
    let call = || call(form, setting);
    match step {
        // a leg that we have dialled is no call of a client
        Step::Line if form.text("Direction")?.starts_with("outbound") => Ok(None),
        Step::Line => match form.text("CallStatus")? {
            // somebody may still take it
            "queued" | "ringing" | "in-progress" if setting.dials => Ok(Some(Event::Rings(call()?))),
            // nobody will; or the caller gave up, or Twilio could not do what it was told
            "queued" | "ringing" | "in-progress" | "busy" | "no-answer" | "canceled" | "failed" => {
                Ok(Some(Event::Message(call()?)))
            }
            // once more, as what came with the ring may not have been stored: a caller was on the line
            "completed" if !setting.dials => Ok(Some(Event::Message(call()?))),
            // the owner may have taken it, if it began in open hours
            "completed" => match began(form)? {
                Some(began) => Ok(Some(Event::Rings(Inbound { sent_at: Some(began), ..call()? }))),
                None => Ok(None),
            },
            _ => Ok(None),
        },
        Step::Dialled if was_taken(form)? => Ok(None),
        Step::Dialled => Ok(Some(Event::Message(call()?))),
        Step::Recorded | Step::Transcript => {
            let silent = form.text("RecordingDuration")? == "0";
            let recording = form.text("RecordingUrl")?;
            if silent || recording.is_empty() {
                return Ok(None);
            }
            // smaller than the WAV behind the bare address
            let link = format!("{recording}.mp3");
            let words = if step == Step::Transcript { form.text("TranscriptionText")?.trim() } else { "" };
            let text = if words.is_empty() { link } else { format!("{words}\n{link}") };
            let message = call()?;
            Ok(Some(Event::Message(Inbound {
                id: Personal::new(format!("{}:voicemail", message.id.as_str())),
                kind: Kind::Voicemail,
                text: Personal::new(text),
                hints: Hints { part: step == Step::Transcript, ..message.hints },
                ..message
            })))
        }
    }
}

/// A call that nobody took: the same at each of its steps.
fn call(form: &Form<'_>, setting: &Setting<'_>) -> Result<Inbound, Malformed> {
    let line = first([form.text("To")?, form.text("Called")?]);
    if line.is_empty() {
        return Err(Malformed { field: "To".to_owned(), problem: "is missing" });
    }
    // a withheld number may be no text at all
    let from = first([form.text("From")?.trim(), form.text("Caller")?.trim(), "anonymous"]);
    let number = number_of_sip(from);
    let addresses = addresses(from, number)?;
    // whoever a forged number belongs to has not called
    let forged = form.text("StirVerstat")?.starts_with("TN-Validation-Failed");
    Ok(Inbound {
        id: Personal::new(form.required("CallSid")?),
        line: Some(line.to_owned()),
        name: Personal::new(form.text("CallerName")?),
        kind: Kind::Call,
        nature: Nature::Message,
        audience: Audience::Direct,
        automatic: None,
        urgent: false,
        text: Personal::default(),
        sent_at: None,
        locale: None,
        reply_to: reply_address(from, line, setting.service, ""),
        // to a caller by SIP no text finds its way, whoever it is
        hints: Hints { unanswerable: forged || !number.is_empty() || !takes_sms(&addresses), ..Hints::default() },
        from: addresses,
    })
}

/// The number that a telephone system names its caller by: `sip:+15550100101@pbx.example.org`. Empty when it is none.
fn number_of_sip(from: &str) -> &str {
    let user = from.strip_prefix("sip:").or_else(|| from.strip_prefix("sips:")).and_then(|uri| uri.split('@').next());
    user.filter(|user| user.starts_with('+')).unwrap_or_default()
}

/// When a call began that is over now, where Twilio says so.
fn began(form: &Form<'_>) -> Result<Option<DateTime<Utc>>, Malformed> {
    let over = DateTime::parse_from_rfc2822(form.text("Timestamp")?).ok();
    let seconds = form.text("CallDuration")?.parse::<u32>().ok();
    Ok(over.zip(seconds).map(|(over, seconds)| over.to_utc() - TimeDelta::seconds(seconds.into())))
}

fn was_taken(form: &Form<'_>) -> Result<bool, Malformed> {
    Ok(matches!(form.text("DialCallStatus")?, "completed" | "answered"))
}

/// What Twilio is told to do with a call. `address` is where it posts the next step.
pub(super) fn answer(
    (form, query): (&Form<'_>, &Form<'_>),
    setting: &Setting<'_>,
    calls: &Calls,
    address: &str,
    scene: &dyn Scene,
) -> Result<Verbs, Malformed> {
    let step = Step::read(query)?;
    let rings = step == Step::Line && matches!(form.text("CallStatus")?, "queued" | "ringing" | "in-progress");
    let missed = step == Step::Dialled && !was_taken(form)?;
    if !(rings || missed) || form.text("Direction")?.starts_with("outbound") {
        // a recorded caller has nothing more to hear, and the rest is read by nobody
        return Ok(if step == Step::Line { Verbs::nothing() } else { Verbs::nothing().then("<Hangup/>") });
    }
    let message = call(form, setting)?;
    let line = message.line.as_deref();
    let standing = scene.standing(&message.from);
    let private = standing == Standing::Personal || scene.is_private(line);
    let at = |step: &str| escaped(&format!("{address}?step={step}{}", super::PERSISTENCE));
    let dialled = || {
        calls.dial.as_deref().map(|number| {
            Verbs::nothing().then(&format!(
                r#"<Dial timeout="{RINGS_FOR}" answerOnBridge="true" action="{}"><Number>{}</Number></Dial>"#,
                at("dialled"),
                escaped(number)
            ))
        })
    };
    let rejected = || Verbs::nothing().then(r#"<Reject reason="busy"/>"#);
    let recorded = |verbs: Verbs| {
        let transcript = if calls.transcribe {
            format!(r#" transcribe="true" transcribeCallback="{}""#, at("transcript"))
        } else {
            String::new()
        };
        // its `recordingStatusCallback` would not say who has called
        verbs.then(&format!(
            r#"<Record maxLength="{LONGEST_RECORDING}" timeout="{SILENCE}" playBeep="true" action="{}"{transcript}/>"#,
            at("recorded"),
        ))
    };
    // once it is answered, a call can no longer be rejected
    let ended = || if rings { rejected() } else { Verbs::nothing().then("<Hangup/>") };
    if standing == Standing::Blocked {
        return Ok(ended());
    }
    if private {
        return Ok(if missed { ended() } else { dialled().unwrap_or_else(ended) });
    }
    let open = scene.is_open(line);
    let spoken =
        |text: &str| scene.text(&message, text).map_or_else(Verbs::nothing, |(text, language)| said(&text, &language));
    if open && rings {
        let mailbox = || recorded(spoken("unanswered")).then("<Hangup/>");
        return Ok(dialled().unwrap_or_else(|| if calls.voicemail { mailbox() } else { rejected() }));
    }
    let told = match (open, calls.voicemail) {
        (true, true) => spoken("unanswered"),
        // the telephone has rung long enough to say so
        (true, false) => Verbs::nothing(),
        (false, true) => spoken("greeting"),
        (false, false) => spoken("announcement"),
    };
    Ok(if calls.voicemail { recorded(told) } else { told }.then("<Hangup/>"))
}

/// A caller is on the line and hears nothing until the answer.
pub(super) fn waits(form: &Form<'_>, query: &Form<'_>) -> bool {
    let live = form.text("CallStatus").is_ok_and(|status| matches!(status, "queued" | "ringing" | "in-progress"));
    live && matches!(Step::read(query), Ok(Step::Line | Step::Dialled))
}
