//! Spanish.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];

pub(super) const WORDING: Wording = Wording {
    tag: "es",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        first: "1",
        date: "{day} de {month}",
        date_with_year: "{day} de {month} de {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| match hour {
            1 => format!("a la 1:{minute:02}"),
            hour => format!("a las {hour}:{minute:02}"),
        },
        near: "el {weekday} {at}",
        far: "el {weekday} {date} {at}",
        yours: "{at} en su hora local",
        yours_on: "el {weekday} {at} en su hora local",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday} {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Gracias por su mensaje, {{ client.first_name }}. Ahora estamos cerrados{{ why }}; abrimos {{ opens }}. \
                 Al abrir leeremos su mensaje y le responderemos personalmente.",
        holiday: "Gracias por su mensaje, {{ client.first_name }}. Estamos cerrados por día festivo{{ why }}; abrimos \
                  {{ opens }}. Al abrir leeremos su mensaje y le responderemos personalmente.",
        away: "Gracias por su mensaje, {{ client.first_name }}. Ahora no estamos disponibles{{ why }}; volvemos \
               {{ opens }}. A la vuelta leeremos su mensaje y le responderemos personalmente.",
        urgent: "Gracias por su mensaje, {{ client.first_name }}. Aunque estamos cerrados, lo hemos hecho llegar de \
                 inmediato y una persona lo leerá. Le responderemos lo antes posible.",
        never: "Gracias por comunicarse con nosotros, {{ client.first_name }}. Ahora estamos cerrados{{ why }}. Le \
                responderemos personalmente en cuanto podamos.",
        call: "Sentimos no haber podido atender su llamada, {{ client.first_name }}. Ahora estamos cerrados{{ why }}; \
               abrimos {{ opens }}. Si nos escribe por aquí, leeremos su mensaje al abrir y le responderemos personalmente.",
        voicemail: "Gracias por su mensaje de voz, {{ client.first_name }}. Ahora estamos cerrados{{ why }}; abrimos \
                    {{ opens }}. Al abrir lo escucharemos y le responderemos personalmente.",
        follow_up: "Hola, {{ client.first_name }}. Ya estamos abiertos y tenemos su mensaje. Le responderemos \
                    personalmente en breve.",
        correction: "Hola, {{ client.first_name }}. La hora de apertura que le indicamos ha cambiado: abrimos {{ opens }}. Disculpe \
                     la demora; le responderemos personalmente al abrir.",
        greeting: "Gracias por su llamada, {{ client.first_name }}. Ahora estamos cerrados{{ why }}; abrimos {{ opens \
                   }}. Deje su mensaje después del tono y le responderemos personalmente.",
        announcement: "Gracias por su llamada, {{ client.first_name }}. Ahora estamos cerrados{{ why }}; abrimos {{ opens \
                   }}. Le rogamos que vuelva a llamar entonces.",
        unanswered: "Gracias por su llamada, {{ client.first_name }}. En este momento no podemos atenderla. Deje su \
                   mensaje después del tono y le responderemos personalmente.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} de 1 persona", messages(count)),
            people => format!("{} de {people} personas", messages(count)),
        },
        messages_from: "{messages} de {name}",
        more: |count| match count {
            1 => "… y 1 mensaje más".to_owned(),
            count => format!("… y {count} mensajes más"),
        },
        urgent: "urgente",
        replied: "respuesta automática enviada",
        late: "llegó con retraso",
        media: "foto o archivo",
        call: "llamada perdida",
        voicemail: "mensaje de voz",
        withheld: "número oculto",
        wordless: "sin texto",
        waiting: "Aún esperan su respuesta",
        promised: "prometido: {time}",
        answered: "Ya he respondido",
        noted: "Anotado. Ya nadie espera esta respuesta.",
        noted_before: "Ya estaba hecho: nadie espera esta respuesta.",
        not_noted: "No se pudo anotar. Inténtelo de nuevo.",
        rang_through: "Avisados en el acto",
        repeated: "(Es posible que ya lo haya recibido.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        1 => "1 mensaje".to_owned(),
        count => format!("{count} mensajes"),
    }
}
