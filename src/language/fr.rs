//! French.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

pub(super) const WORDING: Wording = Wording {
    tag: "fr",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        first: "1er",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time: |hour, minute| format!("{hour}h{minute:02}"),
        at: |hour, minute| format!("à {hour}h{minute:02}"),
        near: "{weekday} {at}",
        far: "{weekday} {date} {at}",
        yours: "{time} chez vous",
        yours_on: "{weekday} {at} chez vous",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday} {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Merci pour votre message, {{ client.first_name }}. Nous sommes actuellement fermés{{ why }} et rouvrons \
                 {{ opens }}. Nous lirons votre message à la réouverture et vous répondrons personnellement.",
        holiday: "Merci pour votre message, {{ client.first_name }}. Nous sommes fermés pour un jour férié{{ why }} et \
                  rouvrons {{ opens }}. Nous lirons votre message à la réouverture et vous répondrons personnellement.",
        away: "Merci pour votre message, {{ client.first_name }}. Nous sommes actuellement absents{{ why }} et serons de \
               retour {{ opens }}. Nous lirons votre message à notre retour et vous répondrons personnellement.",
        urgent: "Merci pour votre message, {{ client.first_name }}. Bien que nous soyons fermés, il a été transmis \
                 immédiatement et quelqu'un le lira. Nous vous répondrons dès que possible.",
        never: "Merci de nous avoir contactés, {{ client.first_name }}. Nous sommes actuellement fermés{{ why }}. Nous \
                vous répondrons personnellement dès que possible.",
        call: "Nous regrettons d'avoir manqué votre appel, {{ client.first_name }}. Nous sommes actuellement \
               fermés{{ why }} et rouvrons {{ opens }}. Si vous nous écrivez ici, nous lirons votre message à \
               la réouverture et vous répondrons personnellement.",
        voicemail: "Merci pour votre message vocal, {{ client.first_name }}. Nous sommes actuellement fermés{{ why }} et \
                    rouvrons {{ opens }}. Nous l'écouterons à la réouverture et vous répondrons personnellement.",
        follow_up: "Bonjour {{ client.first_name }}, nous sommes maintenant ouverts et avons bien reçu votre message. \
                    Nous vous répondrons bientôt personnellement.",
        correction: "Bonjour {{ client.first_name }}, la réouverture que nous vous avions annoncée est reportée : nous rouvrons \
                     {{ opens }}. Veuillez nous excuser de ce retard ; nous vous répondrons alors personnellement.",
        greeting: "Merci de votre appel, {{ client.first_name }}. Nous sommes actuellement fermés{{ why }} et rouvrons \
                   {{ opens }}. Laissez-nous un message après le signal sonore, et nous vous répondrons \
                   personnellement.",
        announcement: "Merci de votre appel, {{ client.first_name }}. Nous sommes actuellement fermés{{ why }} et rouvrons \
                   {{ opens }}. Merci de nous rappeler à ce moment-là.",
        unanswered: "Merci de votre appel, {{ client.first_name }}. Nous ne pouvons pas y répondre pour le moment. \
                   Laissez-nous un message après le signal sonore, et nous vous répondrons personnellement.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} d'une personne", messages(count)),
            people => format!("{} de {people} personnes", messages(count)),
        },
        messages_from: "{messages} de {name}",
        more: |count| match count {
            0 | 1 => format!("… et encore {count} message"),
            count => format!("… et encore {count} messages"),
        },
        urgent: "urgent",
        replied: "réponse automatique envoyée",
        late: "arrivé en retard",
        media: "photo ou fichier",
        call: "appel manqué",
        voicemail: "message vocal",
        withheld: "numéro masqué",
        wordless: "sans texte",
        waiting: "Attendent encore votre réponse",
        promised: "promis : {time}",
        answered: "J'ai répondu",
        noted: "C'est noté. Plus personne n'attend cette réponse.",
        noted_before: "C'était déjà fait : personne n'attend cette réponse.",
        not_noted: "Cela n'a pas pu être noté. Veuillez réessayer.",
        rang_through: "Transmis sans attendre",
        repeated: "(Vous l'avez peut-être déjà reçu.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        0 | 1 => format!("{count} message"),
        count => format!("{count} messages"),
    }
}
