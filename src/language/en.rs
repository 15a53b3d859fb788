//! English.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) const WORDING: Wording = Wording {
    tag: "en",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        first: "1",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| format!("at {hour}:{minute:02}"),
        near: "{weekday} {at}",
        far: "{weekday}, {date} {at}",
        yours: "{time} your time",
        yours_on: "{weekday} {at} your time",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday}, {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Thank you, {{ client.first_name }}. We are closed now{{ why }}; we open {{ opens }}. \
                 We will read your message then and answer you personally.",
        holiday: "Thank you, {{ client.first_name }}. We are closed for a holiday{{ why }}; we open \
                  {{ opens }}. We will read your message then and answer you personally.",
        away: "Thank you, {{ client.first_name }}. We are away{{ why }} and will be back {{ opens }}. \
               We will read your message then and answer you personally.",
        urgent: "Thank you, {{ client.first_name }}. We are closed, but your message has been passed on at once, and a \
                 person will read it. We will answer you as soon as we can.",
        never: "Thank you for getting in touch, {{ client.first_name }}. We are closed at the moment{{ why }}. We will \
                answer you personally as soon as we can.",
        call: "We are sorry that we missed your call, {{ client.first_name }}. We are closed now{{ why }}; we open \
               {{ opens }}. If you write to us here, we will read it then and answer you personally.",
        voicemail: "Thank you for your voice message, {{ client.first_name }}. We are closed now{{ why }}; we open \
                    {{ opens }}. We will listen to it then and answer you personally.",
        follow_up: "Hello {{ client.first_name }}, we are open now and have your message. We will answer you personally \
                    soon.",
        correction: "Hello {{ client.first_name }}, we told you when we would open, and that has changed: we open {{ opens }}. We are \
                     sorry for the delay and will answer you personally then.",
        greeting: "Thank you for your call, {{ client.first_name }}. We are closed now{{ why }}; we open {{ opens }}. \
                   Please leave a message after the tone, and we will answer you personally.",
        announcement: "Thank you for your call, {{ client.first_name }}. We are closed now{{ why }}; we open {{ opens }}. \
                   Please call us again then.",
        unanswered: "Thank you for your call, {{ client.first_name }}. We cannot take it right now. Please leave a \
                   message after the tone, and we will answer you personally.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |messages_, people| match people {
            1 => format!("{} from 1 person", messages(messages_)),
            people => format!("{} from {people} people", messages(messages_)),
        },
        messages_from: "{messages} from {name}",
        more: |count| match count {
            1 => "… and 1 more message".to_owned(),
            count => format!("… and {count} more messages"),
        },
        urgent: "urgent",
        replied: "auto-reply sent",
        late: "arrived late",
        media: "picture or file",
        call: "missed call",
        voicemail: "voice message",
        withheld: "withheld number",
        wordless: "no text",
        waiting: "Still waiting for your answer",
        promised: "promised: {time}",
        answered: "I have answered",
        noted: "Noted. Nobody waits for this answer any more.",
        noted_before: "That was done already: nobody waits for this answer.",
        not_noted: "That could not be noted. Please try again.",
        rang_through: "Rang through",
        repeated: "(You may have had this already.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    }
}
