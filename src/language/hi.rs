//! Hindi, with Western digits.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"];

pub(super) const WORDING: Wording = Wording {
    tag: "hi",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"],
        first: "1",
        date: "{day} {month}",
        date_with_year: "{day} {month} {year}",
        time,
        at: |hour, minute| format!("{} बजे", time(hour, minute)),
        near: "{weekday} को {at}",
        far: "{weekday}, {date} को {at}",
        yours: "आपके समयानुसार {at}",
        yours_on: "आपके समयानुसार {weekday} को {at}",
        both: "{opening} ({yours})",
        stamp: "{weekday}, {time}",
        dated_stamp: "{weekday}, {date}, {time}",
    },
    replies: ReplyTexts {
        reason: " ({why})",
        closed: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, आपके संदेश के लिए धन्यवाद। हम अभी बंद हैं{{ why }} और {{ opens }} खुलेंगे। तब हम आपका संदेश स्वयं पढ़कर आपको उत्तर देंगे।",
        holiday: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, आपके संदेश के लिए धन्यवाद। अवकाश{{ why }} के कारण हम बंद हैं और {{ opens }} खुलेंगे। तब हम आपका संदेश स्वयं पढ़कर आपको उत्तर देंगे।",
        away: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, आपके संदेश के लिए धन्यवाद। हम अभी उपलब्ध नहीं हैं{{ why }} और {{ opens }} लौटेंगे। तब हम आपका संदेश स्वयं पढ़कर आपको उत्तर देंगे।",
        urgent: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, आपके संदेश के लिए धन्यवाद। हम अभी बंद हैं, फिर भी आपका संदेश तुरंत पहुँचा दिया गया है और कोई व्यक्ति उसे पढ़ेगा। हम आपको जल्द से जल्द उत्तर देंगे।",
        never: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, हमसे संपर्क करने के लिए धन्यवाद। हम अभी बंद हैं{{ why }}। हम आपको जल्द से जल्द स्वयं उत्तर देंगे।",
        call: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, हमें खेद है कि हम आपकी कॉल नहीं ले सके। हम अभी बंद हैं{{ why }} और {{ opens }} खुलेंगे। यदि आप हमें यहाँ लिखें, तो खुलने पर हम आपका संदेश स्वयं पढ़कर आपको उत्तर देंगे।",
        voicemail: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, आपके वॉइस संदेश के लिए धन्यवाद। हम अभी बंद हैं{{ why }} और {{ opens }} खुलेंगे। तब हम उसे स्वयं सुनकर आपको उत्तर देंगे।",
        follow_up: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, हम अब खुल गए हैं और आपका संदेश हमें मिल गया है। हम आपको शीघ्र ही स्वयं उत्तर देंगे।",
        correction: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, खुलने का जो समय हमने आपको बताया था, वह बदल गया है: हम {{ opens }} खुलेंगे। देरी के लिए हमें खेद है। तब हम आपको स्वयं उत्तर देंगे।",
        greeting: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, फ़ोन करने के लिए धन्यवाद। हम \
                   अभी बंद हैं{{ why }} और {{ opens }} खुलेंगे। कृपया बीप के बाद अपना संदेश छोड़ें, हम आपको स्वयं उत्तर \
                   देंगे।",
        announcement: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, फ़ोन करने के लिए धन्यवाद। हम \
                   अभी बंद हैं{{ why }} और {{ opens }} खुलेंगे। कृपया तब हमें फिर से फ़ोन करें।",
        unanswered: "नमस्ते{% if client.first_name %} {{ client.first_name }} जी{% endif %}, फ़ोन करने के लिए धन्यवाद। हम \
                   अभी आपका फ़ोन नहीं उठा पा रहे हैं। कृपया बीप के बाद अपना संदेश छोड़ें, हम आपको स्वयं उत्तर देंगे।",
    },
    notices: NoticeWords {
        messages: |count| format!("{count} संदेश"),
        messages_from_people: |count, people| match people {
            1 => format!("1 व्यक्ति से {count} संदेश"),
            people => format!("{people} लोगों से {count} संदेश"),
        },
        messages_from: "{name}: {messages}",
        more: |count| format!("… और {count} संदेश"),
        urgent: "तत्काल",
        replied: "स्वचालित उत्तर भेजा गया",
        late: "देर से पहुँचा",
        media: "फ़ोटो या फ़ाइल",
        call: "छूटी हुई कॉल",
        voicemail: "वॉइस संदेश",
        withheld: "छिपा हुआ नंबर",
        wordless: "कोई पाठ नहीं",
        waiting: "अब भी आपके उत्तर की प्रतीक्षा में",
        promised: "वादा: {time}",
        answered: "उत्तर दे दिया",
        noted: "दर्ज हो गया। अब कोई इस उत्तर की प्रतीक्षा में नहीं है।",
        noted_before: "यह पहले ही हो चुका है: कोई इस उत्तर की प्रतीक्षा में नहीं है।",
        not_noted: "यह दर्ज नहीं हो सका। कृपया फिर से प्रयास करें।",
        rang_through: "तुरंत बताए गए",
        repeated: "(शायद दोबारा)",
    },
};

/// The part of the day and the hour of the half day (the parts as in Unicode CLDR, `hi`).
fn time(hour: u32, minute: u32) -> String {
    let part = match hour {
        4..12 => "सुबह",
        12..16 => "दोपहर",
        16..20 => "शाम",
        _ => "रात",
    };
    format!("{part} {}:{minute:02}", (hour + 11) % 12 + 1)
}
