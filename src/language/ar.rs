//! Arabic, with Western digits.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"];

pub(super) const WORDING: Wording = Wording {
    tag: "ar",
    right_to_left: true,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: [
            "يناير",
            "فبراير",
            "مارس",
            "أبريل",
            "مايو",
            "يونيو",
            "يوليو",
            "أغسطس",
            "سبتمبر",
            "أكتوبر",
            "نوفمبر",
            "ديسمبر",
        ],
        first: "1",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time,
        at: |hour, minute| format!("الساعة {}", time(hour, minute)),
        near: "يوم {weekday} {at}",
        far: "يوم {weekday} {date} {at}",
        yours: "{at} بتوقيتكم",
        yours_on: "يوم {weekday} {at} بتوقيتكم",
        both: "{opening} ({yours})",
        stamp: "{weekday} {time}",
        dated_stamp: "{weekday} {date}، {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "شكرًا لرسالتكم، {{ client.first_name }}. نحن مغلقون حاليًا{{ why }}، ونفتح {{ opens }}. سنقرأ رسالتكم حينها ونرد عليكم شخصيًا.",
        holiday: "شكرًا لرسالتكم، {{ client.first_name }}. نحن مغلقون بسبب عطلة{{ why }}، ونفتح {{ opens }}. سنقرأ رسالتكم حينها ونرد عليكم شخصيًا.",
        away: "شكرًا لرسالتكم، {{ client.first_name }}. نحن غير موجودين حاليًا{{ why }}، وسنعود {{ opens }}. سنقرأ رسالتكم حينها ونرد عليكم شخصيًا.",
        urgent: "شكرًا لرسالتكم، {{ client.first_name }}. مع أننا مغلقون الآن، فقد نُقلت رسالتكم فورًا وسيقرؤها أحدنا بنفسه. سنرد عليكم في أقرب وقت ممكن.",
        never: "شكرًا لتواصلكم معنا، {{ client.first_name }}. نحن مغلقون حاليًا{{ why }}. سنرد عليكم شخصيًا في أقرب وقت ممكن.",
        call: "نعتذر لأننا لم نتمكن من الرد على مكالمتكم، {{ client.first_name }}. نحن مغلقون حاليًا{{ why }}، ونفتح {{ opens }}. إذا كتبتم لنا هنا، فسنقرأ رسالتكم حينها ونرد عليكم شخصيًا.",
        voicemail: "شكرًا لرسالتكم الصوتية، {{ client.first_name }}. نحن مغلقون حاليًا{{ why }}، ونفتح {{ opens }}. سنستمع إليها حينها ونرد عليكم شخصيًا.",
        follow_up: "مرحبًا {{ client.first_name }}، لقد فتحنا الآن ورسالتكم لدينا. سنرد عليكم شخصيًا قريبًا.",
        correction: "مرحبًا {{ client.first_name }}، تغيّر موعد الافتتاح الذي ذكرناه لكم: سنفتح {{ opens }}. نعتذر عن التأخير، وسنرد عليكم شخصيًا حينها.",
        greeting: "شكرًا لاتصالكم، {{ client.first_name }}. نحن مغلقون حاليًا{{ why }}، ونفتح {{ opens }}. يُرجى ترك \
                   رسالة بعد سماع الصافرة، وسنرد عليكم شخصيًا.",
        announcement: "شكرًا لاتصالكم، {{ client.first_name }}. نحن مغلقون حاليًا{{ why }}، ونفتح {{ opens }}. يُرجى معاودة \
                   الاتصال بنا حينها.",
        unanswered: "شكرًا لاتصالكم، {{ client.first_name }}. لا يمكننا الرد على مكالمتكم الآن. يُرجى ترك رسالة بعد سماع \
                   الصافرة، وسنرد عليكم شخصيًا.",
    },
    notices: NoticeWords {
        messages,
        messages_from_people: |count, people| format!("{} من {}", messages(count), of_people(people)),
        messages_from: "{messages} من {name}",
        more: |count| format!("… و{} أخرى", messages(count)),
        urgent: "عاجل",
        replied: "أُرسل رد آلي",
        late: "وصلت متأخرة",
        media: "صورة أو ملف",
        call: "مكالمة فائتة",
        voicemail: "رسالة صوتية",
        withheld: "رقم محجوب",
        wordless: "بلا نص",
        waiting: "ما زالوا ينتظرون ردّكم",
        promised: "الموعد: {time}",
        answered: "تم الرد",
        noted: "تم التسجيل. لم يعد أحد ينتظر هذا الرد.",
        noted_before: "سبق تسجيل ذلك: لا أحد ينتظر هذا الرد.",
        not_noted: "تعذّر تسجيل ذلك. يُرجى المحاولة مرة أخرى.",
        rang_through: "نُقلت على الفور",
        repeated: "(ربما وصلكم هذا سابقًا)",
    },
};

/// The hour of the half day and the part of the day (the parts as in Unicode CLDR, `ar`).
fn time(hour: u32, minute: u32) -> String {
    let part = match hour {
        0..3 => "بعد منتصف الليل",
        3..6 => "فجرًا",
        6..12 => "صباحًا",
        12 => "ظهرًا",
        13..18 => "بعد الظهر",
        _ => "مساءً",
    };
    format!("{}:{minute:02} {part}", (hour + 11) % 12 + 1)
}

/// One and two are words; 3-10 take the plural, all else the singular (the last two digits decide).
fn messages(count: usize) -> String {
    match (count, count % 100) {
        (1, _) => "رسالة واحدة".to_owned(),
        (2, _) => "رسالتان".to_owned(),
        (_, 3..=10) => format!("{count} رسائل"),
        _ => format!("{count} رسالة"),
    }
}

/// The same after "from": the noun stands in the genitive, and from 11 to 99 in the accusative.
fn of_people(count: usize) -> String {
    match (count, count % 100) {
        (1, _) => "شخص واحد".to_owned(),
        (2, _) => "شخصين".to_owned(),
        (_, 3..=10) => format!("{count} أشخاص"),
        (_, 11..=99) => format!("{count} شخصًا"),
        _ => format!("{count} شخص"),
    }
}
