//! Italian.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];

pub(super) const WORDING: Wording = Wording {
    tag: "it",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        first: "1º",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| match hour {
            1 => format!("all'1:{minute:02}"),
            hour => format!("alle {hour}:{minute:02}"),
        },
        near: "{weekday} {at}",
        far: "{weekday} {date} {at}",
        yours: "{at} nel suo fuso orario",
        yours_on: "{weekday} {at} nel suo fuso orario",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday} {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Grazie per il suo messaggio, {{ client.first_name }}. Al momento siamo chiusi{{ why }}; apriamo \
                 {{ opens }}. All'apertura leggeremo il suo messaggio e le risponderemo personalmente.",
        holiday: "Grazie per il suo messaggio, {{ client.first_name }}. Siamo chiusi per festività{{ why }}; apriamo \
                  {{ opens }}. All'apertura leggeremo il suo messaggio e le risponderemo personalmente.",
        away: "Grazie per il suo messaggio, {{ client.first_name }}. Al momento siamo assenti{{ why }}; torniamo \
               {{ opens }}. Al rientro leggeremo il suo messaggio e le risponderemo personalmente.",
        urgent: "Grazie per il suo messaggio, {{ client.first_name }}. Anche se siamo chiusi, è stato inoltrato subito e \
                 una persona lo leggerà. Le risponderemo appena possibile.",
        never: "Grazie per averci contattato, {{ client.first_name }}. Al momento siamo chiusi{{ why }}. Le risponderemo \
                personalmente appena possibile.",
        call: "Ci dispiace di non aver risposto alla sua chiamata, {{ client.first_name }}. Al momento siamo \
               chiusi{{ why }}; apriamo {{ opens }}. Se ci scrive qui, all'apertura leggeremo il suo messaggio e le \
               risponderemo personalmente.",
        voicemail: "Grazie per il suo messaggio vocale, {{ client.first_name }}. Al momento siamo chiusi{{ why }}; \
                    apriamo {{ opens }}. All'apertura lo ascolteremo e le risponderemo personalmente.",
        follow_up: "Buongiorno {{ client.first_name }}, ora siamo aperti e abbiamo ricevuto il suo messaggio. Le \
                    risponderemo presto personalmente.",
        correction: "Buongiorno {{ client.first_name }}, l'apertura che le avevamo indicato è cambiata: apriamo {{ opens }}. Ci \
                     scusiamo per il ritardo e le risponderemo personalmente.",
        greeting: "Grazie per la sua chiamata, {{ client.first_name }}. Al momento siamo chiusi{{ why }}; apriamo {{ \
                   opens }}. Lasci un messaggio dopo il segnale acustico e le risponderemo personalmente.",
        announcement: "Grazie per la sua chiamata, {{ client.first_name }}. Al momento siamo chiusi{{ why }}; apriamo {{ \
                   opens }}. La preghiamo di richiamarci allora.",
        unanswered: "Grazie per la sua chiamata, {{ client.first_name }}. In questo momento non possiamo rispondere. \
                   Lasci un messaggio dopo il segnale acustico e le risponderemo personalmente.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} da 1 persona", messages(count)),
            people => format!("{} da {people} persone", messages(count)),
        },
        messages_from: "{messages} da {name}",
        more: |count| match count {
            1 => "… e un altro messaggio".to_owned(),
            count => format!("… e altri {count} messaggi"),
        },
        urgent: "urgente",
        replied: "risposta automatica inviata",
        late: "arrivato in ritardo",
        media: "foto o file",
        call: "chiamata persa",
        voicemail: "messaggio vocale",
        withheld: "numero nascosto",
        wordless: "senza testo",
        waiting: "Aspettano ancora la sua risposta",
        promised: "promesso: {time}",
        answered: "Ho risposto",
        noted: "Annotato. Nessuno aspetta più questa risposta.",
        noted_before: "Era già fatto: nessuno aspetta questa risposta.",
        not_noted: "Non è stato possibile annotarlo. Riprovi.",
        rang_through: "Avvisati subito",
        repeated: "(Forse l'ha già ricevuto.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        1 => "1 messaggio".to_owned(),
        count => format!("{count} messaggi"),
    }
}
