//! Turkish.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"];

pub(super) const WORDING: Wording = Wording {
    tag: "tr",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım",
            "Aralık",
        ],
        first: "1",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| {
            let spoken_last = if minute == 0 { hour } else { minute };
            format!("saat {hour}:{minute:02}'{}", locative(spoken_last))
        },
        near: "{weekday} günü {at}",
        far: "{date} {weekday} günü {at}",
        yours: "sizin saatinizle {time}",
        yours_on: "sizin saatinizle {weekday} {time}",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{date} {weekday}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "Merhaba {{ client.first_name }}, mesajınız için teşekkür ederiz. Şu anda kapalıyız{{ why }}; {{ opens }} \
                 açılıyoruz. Mesajınızı o zaman okuyup size bizzat yanıt vereceğiz.",
        holiday: "Merhaba {{ client.first_name }}, mesajınız için teşekkür ederiz. Tatil nedeniyle{{ why }} kapalıyız; \
                  {{ opens }} açılıyoruz. Mesajınızı o zaman okuyup size bizzat yanıt vereceğiz.",
        away: "Merhaba {{ client.first_name }}, mesajınız için teşekkür ederiz. Şu anda yerimizde değiliz{{ why }}; \
               {{ opens }} döneceğiz. Mesajınızı o zaman okuyup size bizzat yanıt vereceğiz.",
        urgent: "Merhaba {{ client.first_name }}, mesajınız için teşekkür ederiz. Kapalı olmamıza rağmen mesajınız hemen \
                 iletildi ve bir kişi tarafından okunacak. Size en kısa sürede yanıt vereceğiz.",
        never: "Merhaba {{ client.first_name }}, bize ulaştığınız için teşekkür ederiz. Şu anda kapalıyız{{ why }}. Size \
                en kısa sürede bizzat yanıt vereceğiz.",
        call: "Merhaba {{ client.first_name }}, aramanızı yanıtlayamadığımız için üzgünüz. Şu anda kapalıyız{{ why }}; \
               {{ opens }} açılıyoruz. Bize buradan yazarsanız mesajınızı o zaman okuyup size bizzat yanıt vereceğiz.",
        voicemail: "Merhaba {{ client.first_name }}, sesli mesajınız için teşekkür ederiz. Şu anda kapalıyız{{ why }}; \
                    {{ opens }} açılıyoruz. Mesajınızı o zaman dinleyip size bizzat yanıt vereceğiz.",
        follow_up: "Merhaba {{ client.first_name }}, artık açığız ve mesajınız bize ulaştı. Size kısa süre içinde bizzat \
                    yanıt vereceğiz.",
        correction: "Merhaba {{ client.first_name }}, size bildirdiğimiz açılış zamanı değişti: {{ opens }} açılıyoruz. Gecikme \
                     için özür dileriz; o zaman size bizzat yanıt vereceğiz.",
        greeting: "Merhaba {{ client.first_name }}, aradığınız için teşekkür ederiz. Şu anda kapalıyız{{ why }}; {{ \
                   opens }} açılıyoruz. Sinyal sesinden sonra mesajınızı bırakın, size bizzat yanıt vereceğiz.",
        announcement: "Merhaba {{ client.first_name }}, aradığınız için teşekkür ederiz. Şu anda kapalıyız{{ why }}; {{ \
                   opens }} açılıyoruz. Lütfen bizi o zaman tekrar arayın.",
        unanswered: "Merhaba {{ client.first_name }}, aradığınız için teşekkür ederiz. Şu anda telefona bakamıyoruz. \
                   Sinyal sesinden sonra mesajınızı bırakın, size bizzat yanıt vereceğiz.",
    },
    notices: NoticeWords {
        messages: |count| format!("{count} mesaj"),
        messages_from_people: |count, people| format!("{people} kişiden {count} mesaj"),
        // a name would have to take the ablative suffix
        messages_from: "{name}: {messages}",
        more: |count| format!("… ve {count} mesaj daha"),
        urgent: "acil",
        replied: "otomatik yanıt gönderildi",
        late: "gecikmeli ulaştı",
        media: "fotoğraf veya dosya",
        call: "cevapsız arama",
        voicemail: "sesli mesaj",
        withheld: "gizli numara",
        wordless: "metin yok",
        waiting: "Hâlâ yanıtınızı bekleyenler",
        promised: "söz verilen: {time}",
        answered: "Yanıtladım",
        noted: "Not edildi. Artık bu yanıtı bekleyen yok.",
        noted_before: "Bu zaten yapılmıştı: bu yanıtı bekleyen yok.",
        not_noted: "Not edilemedi. Lütfen yeniden deneyin.",
        rang_through: "Anında iletilenler",
        repeated: "(Bunu daha önce almış olabilirsiniz.)",
    },
};

/// "at" as a suffix, by the harmony of the last word that is spoken: `sekiz'de`, `dokuz'da`, `üç'te`, `kırk'ta`.
fn locative(number: u32) -> &'static str {
    match (number % 10, number / 10) {
        (0, 0 | 1 | 3) | (6 | 9, _) => "da",
        (0, 4) => "ta",
        (3..=5, _) => "te",
        _ => "de",
    }
}
