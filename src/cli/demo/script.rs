//! What happens in the demo: one weekend of an office in Tegucigalpa. 20 November 2026 is a Friday.

/// A minute before the first act.
pub(super) const START: &str = "2026-11-20T16:44:00-06:00";

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Ana,
    Bob,
    Mum,
    Stranger,
}

impl Who {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ana => "Ana López",
            Self::Bob => "Bob Smith",
            Self::Mum => "Mum",
            Self::Stranger => "somebody",
        }
    }

    /// As WhatsApp has it, without `+`.
    pub(super) fn number(self) -> &'static str {
        match self {
            Self::Ana => "50499990001",
            Self::Bob => "12125550142",
            Self::Mum => "50499990002",
            Self::Stranger => "50499990999",
        }
    }

    /// The name behind a number of WhatsApp's.
    pub(super) fn called(number: &str) -> String {
        let all = [Self::Ana, Self::Bob, Self::Mum, Self::Stranger].into_iter();
        all.map(|who| (who.number(), who.name()))
            .find(|(own, _)| *own == number)
            .map_or(number, |(_, name)| name)
            .to_owned()
    }
}

/// What must arrive at the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    Reply,
    Notice { kind: &'static str, messages: usize },
}

/// One step.
pub(super) struct Act {
    pub(super) at: &'static str,
    /// `None`: time passes.
    pub(super) who: Option<Who>,
    pub(super) text: &'static str,
    /// What is to be seen in it.
    pub(super) note: &'static str,
    /// The provider repeats the message before.
    pub(super) again: bool,
    /// With a signature that is a guess.
    pub(super) forged: bool,
    pub(super) then: &'static [After],
}

const fn says(at: &'static str, who: Who, text: &'static str, note: &'static str, then: &'static [After]) -> Act {
    Act { at, who: Some(who), text, note, again: false, forged: false, then }
}

pub(super) const ACTS: &[Act] = &[
    says(
        "2026-11-20T16:45:00-06:00",
        Who::Ana,
        "¿Me pueden atender el lunes?",
        "open hours: the owner is told at once",
        &[After::Notice { kind: "now", messages: 1 }],
    ),
    says(
        "2026-11-20T19:30:00-06:00",
        Who::Bob,
        "Are you open? I need to move my appointment.",
        "closed: one reply, which names the opening in the client's own time too",
        &[After::Reply],
    ),
    says(
        "2026-11-20T19:31:00-06:00",
        Who::Bob,
        "Hello?",
        "answered already in this closed period: held, no second reply",
        &[],
    ),
    Act {
        again: true,
        ..says("2026-11-20T19:36:00-06:00", Who::Bob, "Hello?", "WhatsApp repeats the webhook: nothing changes", &[])
    },
    says("2026-11-20T20:10:00-06:00", Who::Mum, "Dinner on Sunday?", "personal: no reply, no notice, no trace", &[]),
    Act {
        forged: true,
        ..says("2026-11-20T23:00:00-06:00", Who::Stranger, "Click here", "a webhook whose signature is a guess", &[])
    },
    says(
        "2026-11-21T02:15:00-06:00",
        Who::Ana,
        "URGENTE: se inundó la oficina",
        "a VIP and a word of the rule: it rings through, once",
        &[After::Reply, After::Notice { kind: "now", messages: 1 }],
    ),
    Act {
        who: None,
        ..says(
            "2026-11-21T08:00:00-06:00",
            Who::Ana,
            "The office opens.",
            "what was held arrives as one digest",
            &[After::Notice { kind: "digest", messages: 2 }],
        )
    },
];
