//! Dutch.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];

pub(super) const WORDING: Wording = Wording {
    tag: "nl",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ],
        first: "1",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| format!("om {hour}:{minute:02} uur"),
        near: "op {weekday} {at}",
        far: "op {weekday} {date} {at}",
        yours: "{time} uur uw tijd",
        yours_on: "{weekday} {at} uw tijd",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday} {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Bedankt voor uw bericht, {{ client.first_name }}. Wij zijn nu gesloten{{ why }} en weer open \
                 {{ opens }}. Wij lezen uw bericht dan en antwoorden u persoonlijk.",
        holiday: "Bedankt voor uw bericht, {{ client.first_name }}. Wij zijn gesloten vanwege een feestdag{{ why }} en \
                  weer open {{ opens }}. Wij lezen uw bericht dan en antwoorden u persoonlijk.",
        away: "Bedankt voor uw bericht, {{ client.first_name }}. Wij zijn nu afwezig{{ why }} en weer bereikbaar \
               {{ opens }}. Wij lezen uw bericht dan en antwoorden u persoonlijk.",
        urgent: "Bedankt voor uw bericht, {{ client.first_name }}. Hoewel wij gesloten zijn, is het direct doorgegeven en \
                 zal iemand het lezen. Wij antwoorden u zo snel mogelijk.",
        never: "Bedankt dat u contact met ons opneemt, {{ client.first_name }}. Wij zijn nu gesloten{{ why }}. Wij \
                antwoorden u persoonlijk zodra dat kan.",
        call: "Het spijt ons dat wij uw oproep hebben gemist, {{ client.first_name }}. Wij zijn nu gesloten{{ why }} en \
               weer open {{ opens }}. Als u ons hier schrijft, lezen wij uw bericht dan en antwoorden wij u persoonlijk.",
        voicemail: "Bedankt voor uw spraakbericht, {{ client.first_name }}. Wij zijn nu gesloten{{ why }} en weer open \
                    {{ opens }}. Wij luisteren het dan af en antwoorden u persoonlijk.",
        follow_up: "Goedendag {{ client.first_name }}, wij zijn nu open en hebben uw bericht ontvangen. Wij antwoorden u \
                    binnenkort persoonlijk.",
        correction: "Goedendag {{ client.first_name }}, de openingstijd die wij u noemden, is veranderd: wij zijn weer open \
                     {{ opens }}. Excuses voor het oponthoud; wij antwoorden u dan persoonlijk.",
        greeting: "Bedankt voor uw telefoontje, {{ client.first_name }}. Wij zijn nu gesloten{{ why }} en weer open {{ \
                   opens }}. Spreek na de toon een bericht in, dan antwoorden wij u persoonlijk.",
        announcement: "Bedankt voor uw telefoontje, {{ client.first_name }}. Wij zijn nu gesloten{{ why }} en weer open {{ \
                   opens }}. Belt u ons dan alstublieft opnieuw.",
        unanswered: "Bedankt voor uw telefoontje, {{ client.first_name }}. Wij kunnen het nu niet aannemen. Spreek na de \
                   toon een bericht in, dan antwoorden wij u persoonlijk.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} van 1 persoon", messages(count)),
            people => format!("{} van {people} personen", messages(count)),
        },
        messages_from: "{messages} van {name}",
        more: |count| match count {
            1 => "… en nog 1 bericht".to_owned(),
            count => format!("… en nog {count} berichten"),
        },
        urgent: "dringend",
        replied: "automatisch beantwoord",
        late: "kwam vertraagd binnen",
        media: "foto of bestand",
        call: "gemiste oproep",
        voicemail: "spraakbericht",
        withheld: "anoniem nummer",
        wordless: "zonder tekst",
        waiting: "Wachten nog op uw antwoord",
        promised: "beloofd: {time}",
        answered: "Ik heb geantwoord",
        noted: "Genoteerd. Niemand wacht nog op dit antwoord.",
        noted_before: "Al gedaan: niemand wacht op dit antwoord.",
        not_noted: "Dat kon niet worden genoteerd. Probeer het opnieuw.",
        rang_through: "Direct doorgegeven",
        repeated: "(Misschien hebt u dit al ontvangen.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        1 => "1 bericht".to_owned(),
        count => format!("{count} berichten"),
    }
}
