//! Portuguese, in words that both Brazil and Portugal use.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

pub(super) const WORDING: Wording = Wording {
    tag: "pt",
    right_to_left: false,
    calendar: Calendar {
        weekdays: ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
        on_weekday: [
            "na segunda-feira",
            "na terça-feira",
            "na quarta-feira",
            "na quinta-feira",
            "na sexta-feira",
            "no sábado",
            "no domingo",
        ],
        months: [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
        first: "1º",
        date: "{day} de {month}",
        date_with_year: "{day} de {month} de {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| match hour {
            1 => format!("à 1:{minute:02}"),
            hour => format!("às {hour}:{minute:02}"),
        },
        near: "{weekday} {at}",
        far: "{weekday}, {date}, {at}",
        yours: "{at} no seu fuso horário",
        yours_on: "{weekday} {at} no seu fuso horário",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday}, {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Agradecemos a sua mensagem, {{ client.first_name }}. Agora estamos fechados{{ why }}; abrimos \
                 {{ opens }}. Leremos a sua mensagem ao abrir e responderemos pessoalmente.",
        holiday: "Agradecemos a sua mensagem, {{ client.first_name }}. Estamos fechados por ser feriado{{ why }}; abrimos \
                  {{ opens }}. Leremos a sua mensagem ao abrir e responderemos pessoalmente.",
        away: "Agradecemos a sua mensagem, {{ client.first_name }}. Agora estamos ausentes{{ why }}; voltamos \
               {{ opens }}. Leremos a sua mensagem ao voltar e responderemos pessoalmente.",
        urgent: "Agradecemos a sua mensagem, {{ client.first_name }}. Embora estejamos fechados, ela foi encaminhada \
                 imediatamente e uma pessoa vai lê-la. Responderemos assim que possível.",
        never: "Agradecemos por nos procurar, {{ client.first_name }}. Agora estamos fechados{{ why }}. Responderemos \
                pessoalmente assim que possível.",
        call: "Lamentamos não ter atendido a sua chamada, {{ client.first_name }}. Agora estamos fechados{{ why }}; \
               abrimos {{ opens }}. Se nos escrever por aqui, leremos a sua mensagem ao abrir e responderemos \
               pessoalmente.",
        voicemail: "Agradecemos a sua mensagem de voz, {{ client.first_name }}. Agora estamos fechados{{ why }}; abrimos \
                    {{ opens }}. Vamos ouvi-la ao abrir e responder pessoalmente.",
        follow_up: "Olá, {{ client.first_name }}. Já estamos abertos e temos a sua mensagem. Responderemos pessoalmente \
                    em breve.",
        correction: "Olá, {{ client.first_name }}. A hora de abertura de que falámos mudou: abrimos {{ opens }}. Pedimos desculpa \
                     pela demora e responderemos pessoalmente ao abrir.",
        greeting: "Agradecemos a sua chamada, {{ client.first_name }}. Agora estamos fechados{{ why }}; abrimos {{ \
                   opens }}. Deixe a sua mensagem após o sinal e responderemos pessoalmente.",
        announcement: "Agradecemos a sua chamada, {{ client.first_name }}. Agora estamos fechados{{ why }}; abrimos {{ \
                   opens }}. Por favor, volte a ligar nessa altura.",
        unanswered: "Agradecemos a sua chamada, {{ client.first_name }}. De momento não a podemos atender. Deixe a sua \
                   mensagem após o sinal e responderemos pessoalmente.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| match people {
            1 => format!("{} de 1 pessoa", messages(count)),
            people => format!("{} de {people} pessoas", messages(count)),
        },
        messages_from: "{messages} de {name}",
        more: |count| match count {
            1 => "… e mais 1 mensagem".to_owned(),
            count => format!("… e mais {count} mensagens"),
        },
        urgent: "urgente",
        replied: "resposta automática enviada",
        late: "chegou com atraso",
        media: "foto ou arquivo",
        call: "chamada perdida",
        voicemail: "mensagem de voz",
        withheld: "número oculto",
        wordless: "sem texto",
        waiting: "Ainda aguardam a sua resposta",
        promised: "prometido: {time}",
        answered: "Já respondi",
        noted: "Anotado. Ninguém mais aguarda esta resposta.",
        noted_before: "Já estava feito: ninguém aguarda esta resposta.",
        not_noted: "Não foi possível anotar. Tente novamente.",
        rang_through: "Avisados na hora",
        repeated: "(Talvez já tenha recebido isto.)",
    },
};

fn messages(count: usize) -> String {
    match count {
        1 => "1 mensagem".to_owned(),
        count => format!("{count} mensagens"),
    }
}
