//! Polish. Clients are not named: a name would have to stand in the vocative.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

pub(super) const WORDING: Wording = Wording {
    tag: "pl",
    right_to_left: false,
    calendar: Calendar {
        weekdays: ["poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"],
        on_weekday: ["w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę", "w niedzielę"],
        months: [
            "stycznia",
            "lutego",
            "marca",
            "kwietnia",
            "maja",
            "czerwca",
            "lipca",
            "sierpnia",
            "września",
            "października",
            "listopada",
            "grudnia",
        ],
        first: "1",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| format!("o {hour}:{minute:02}"),
        near: "{weekday} {at}",
        far: "{weekday}, {date}, {at}",
        yours: "{at} Państwa czasu",
        yours_on: "{weekday} {at} Państwa czasu",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday}, {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Dziękujemy za wiadomość. Obecnie mamy zamknięte{{ why }}; otwieramy {{ opens }}. Po otwarciu przeczytamy ją i \
                 odpowiemy osobiście.",
        holiday: "Dziękujemy za wiadomość. Z powodu święta{{ why }} mamy zamknięte; otwieramy {{ opens }}. Po otwarciu przeczytamy ją \
                  i odpowiemy osobiście.",
        away: "Dziękujemy za wiadomość. Obecnie jesteśmy nieobecni{{ why }}; wracamy {{ opens }}. Po powrocie przeczytamy ją i \
               odpowiemy osobiście.",
        urgent: "Dziękujemy za wiadomość. Choć mamy zamknięte, została od razu przekazana i przeczyta ją człowiek. \
                 Odpowiemy tak szybko, jak to możliwe.",
        never: "Dziękujemy za kontakt. Obecnie mamy zamknięte{{ why }}. Odpowiemy osobiście tak szybko, jak to możliwe.",
        call: "Przepraszamy, że nie mogliśmy odebrać telefonu. Obecnie mamy zamknięte{{ why }}; otwieramy {{ opens }}. \
               Można do nas napisać tutaj: przeczytamy wiadomość po otwarciu i odpowiemy osobiście.",
        voicemail: "Dziękujemy za wiadomość głosową. Obecnie mamy zamknięte{{ why }}; otwieramy {{ opens }}. Po otwarciu odsłuchamy \
                    ją i odpowiemy osobiście.",
        follow_up: "Dzień dobry. Mamy już otwarte i otrzymaliśmy Państwa wiadomość. Wkrótce odpowiemy osobiście.",
        correction: "Dzień dobry. Podany Państwu termin otwarcia uległ zmianie: otwieramy {{ opens }}. Przepraszamy za opóźnienie; \
                     po otwarciu odpowiemy osobiście.",
        greeting: "Dziękujemy za telefon. Obecnie mamy zamknięte{{ why }}; otwieramy {{ opens }}. Po sygnale prosimy \
                   zostawić wiadomość, a odpowiemy osobiście.",
        announcement: "Dziękujemy za telefon. Obecnie mamy zamknięte{{ why }}; otwieramy {{ opens }}. Prosimy zadzwonić \
                   ponownie po otwarciu.",
        unanswered: "Dziękujemy za telefon. W tej chwili nie możemy odebrać. Po sygnale prosimy zostawić wiadomość, a \
                   odpowiemy osobiście.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} od 1 osoby", messages(count)),
            people => format!("{} od {people} osób", messages(count)),
        },
        // after "od" a name would have to be declined
        messages_from: "{name}: {messages}",
        more: |count| format!("… i jeszcze {}", messages(count)),
        urgent: "pilne",
        replied: "wysłano automatyczną odpowiedź",
        late: "dotarło z opóźnieniem",
        media: "zdjęcie lub plik",
        call: "nieodebrane połączenie",
        voicemail: "wiadomość głosowa",
        withheld: "numer zastrzeżony",
        wordless: "bez tekstu",
        waiting: "Nadal czekają na odpowiedź",
        promised: "obiecano: {time}",
        answered: "Odpowiedź udzielona",
        noted: "Zapisano. Nikt już nie czeka na tę odpowiedź.",
        noted_before: "To już załatwione: nikt nie czeka na tę odpowiedź.",
        not_noted: "Nie udało się tego zapisać. Proszę spróbować ponownie.",
        rang_through: "Przekazane od razu",
        repeated: "(Być może już to dotarło.)",
    },
};

/// One form serves 2-4 (nominative) and 5 and more (genitive): both are "wiadomości".
fn messages(count: usize) -> String {
    match count {
        1 => "1 wiadomość".to_owned(),
        count => format!("{count} wiadomości"),
    }
}
