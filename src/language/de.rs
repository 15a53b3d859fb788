//! German. Clients are named in full: a first name alone does not go with "Sie".

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

pub(super) const WORDING: Wording = Wording {
    tag: "de",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        first: "1",
        date: "{day}. {month}",
        date_with_year: "{day}. {month} {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| format!("um {hour}:{minute:02} Uhr"),
        near: "am {weekday} {at}",
        far: "am {weekday}, dem {date}, {at}",
        yours: "{time} Uhr Ihrer Zeit",
        yours_on: "am {weekday} {at} Ihrer Zeit",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday}, {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Vielen Dank für Ihre Nachricht, {{ client.name }}. Wir haben zurzeit geschlossen{{ why }} und öffnen \
                 {{ opens }}. Wir lesen Ihre Nachricht dann und antworten Ihnen persönlich.",
        holiday: "Vielen Dank für Ihre Nachricht, {{ client.name }}. Wegen eines Feiertags{{ why }} haben wir \
                  geschlossen; wir öffnen {{ opens }}. Wir lesen Ihre Nachricht dann und antworten Ihnen persönlich.",
        away: "Vielen Dank für Ihre Nachricht, {{ client.name }}. Wir sind zurzeit abwesend{{ why }} und {{ opens }} \
               wieder da. Wir lesen Ihre Nachricht dann und antworten Ihnen persönlich.",
        urgent: "Vielen Dank für Ihre Nachricht, {{ client.name }}. Obwohl wir geschlossen haben, wurde sie sofort \
                 weitergegeben und wird von einem Menschen gelesen. Wir antworten Ihnen so bald wie möglich.",
        never: "Vielen Dank, dass Sie sich an uns wenden, {{ client.name }}. Wir haben zurzeit geschlossen{{ why }}. Wir \
                antworten Ihnen persönlich, sobald wir können.",
        call: "Es tut uns leid, dass wir Ihren Anruf verpasst haben, {{ client.name }}. Wir haben zurzeit \
               geschlossen{{ why }} und öffnen {{ opens }}. Wenn Sie uns hier schreiben, lesen wir Ihre Nachricht dann und antworten \
               Ihnen persönlich.",
        voicemail: "Vielen Dank für Ihre Sprachnachricht, {{ client.name }}. Wir haben zurzeit geschlossen{{ why }} und \
                    öffnen {{ opens }}. Wir hören sie dann an und antworten Ihnen persönlich.",
        follow_up: "Guten Tag {{ client.name }}, wir haben jetzt geöffnet, und Ihre Nachricht liegt uns vor. Wir \
                    antworten Ihnen bald persönlich.",
        correction: "Guten Tag {{ client.name }}, die Öffnungszeit, die wir Ihnen genannt haben, hat sich geändert: Wir öffnen \
                     {{ opens }}. Bitte entschuldigen Sie die Verzögerung; wir antworten Ihnen dann persönlich.",
        greeting: "Vielen Dank für Ihren Anruf, {{ client.name }}. Wir haben zurzeit geschlossen{{ why }} und öffnen {{ \
                   opens }}. Bitte hinterlassen Sie nach dem Ton eine Nachricht; wir melden uns persönlich bei Ihnen.",
        announcement: "Vielen Dank für Ihren Anruf, {{ client.name }}. Wir haben zurzeit geschlossen{{ why }} und öffnen {{ \
                   opens }}. Bitte rufen Sie uns dann wieder an.",
        unanswered: "Vielen Dank für Ihren Anruf, {{ client.name }}. Wir können ihn gerade nicht annehmen. Bitte \
                   hinterlassen Sie nach dem Ton eine Nachricht; wir melden uns persönlich bei Ihnen.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} von 1 Person", messages(count)),
            people => format!("{} von {people} Personen", messages(count)),
        },
        messages_from: "{messages} von {name}",
        more: |count| match count {
            1 => "… und 1 weitere Nachricht".to_owned(),
            count => format!("… und {count} weitere Nachrichten"),
        },
        urgent: "dringend",
        replied: "automatisch beantwortet",
        late: "kam verspätet an",
        media: "Bild oder Datei",
        call: "verpasster Anruf",
        voicemail: "Sprachnachricht",
        withheld: "unterdrückte Nummer",
        wordless: "ohne Text",
        waiting: "Warten noch auf Ihre Antwort",
        promised: "versprochen: {time}",
        answered: "Ich habe geantwortet",
        noted: "Notiert. Auf diese Antwort wartet niemand mehr.",
        noted_before: "Schon erledigt: Auf diese Antwort wartet niemand.",
        not_noted: "Das konnte nicht notiert werden. Bitte versuchen Sie es noch einmal.",
        rang_through: "Durchgeklingelt",
        repeated: "(Vielleicht haben Sie das schon erhalten.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        1 => "1 Nachricht".to_owned(),
        count => format!("{count} Nachrichten"),
    }
}
