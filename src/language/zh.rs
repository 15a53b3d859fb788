//! Chinese, in simplified characters.

use super::{Calendar, NoticeWords, ReplyTexts, Wording};

const WEEKDAYS: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

pub(super) const WORDING: Wording = Wording {
    tag: "zh",
    right_to_left: false,
    calendar: Calendar {
        weekdays: WEEKDAYS,
        on_weekday: WEEKDAYS,
        months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
        first: "1",
        date: "{month}{day}日",
        date_with_year: "{year}年{month}{day}日",
        time: |hour, minute| format!("{hour}:{minute:02}"),
        at: |hour, minute| format!("{hour}:{minute:02}"),
        near: "{weekday} {at}",
        far: "{date}{weekday} {at}",
        yours: "您当地时间 {time}",
        yours_on: "您当地时间{weekday} {time}",
        both: "{opening}（{yours}）",
        stamp: "{weekday} {time}",
        dated_stamp: "{date}{weekday} {time}",
    },
    replies: ReplyTexts {
        reason: "（{why}）",
        closed: "{{ client.first_name }}，您好。感谢您的留言。目前不在营业时间{{ why }}，我们将于{{ opens }}恢复营业。届时我们会亲自阅读您的留言并回复您。",
        holiday: "{{ client.first_name }}，您好。感谢您的留言。我们因节假日休息{{ why }}，将于{{ opens }}恢复营业。届时我们会亲自阅读您的留言并回复您。",
        away: "{{ client.first_name }}，您好。感谢您的留言。我们目前不在{{ why }}，将于{{ opens }}回来。届时我们会亲自阅读您的留言并回复您。",
        urgent: "{{ client.first_name }}，您好。感谢您的留言。虽然目前不在营业时间，您的消息已立即转达，会有专人阅读。我们会尽快回复您。",
        never: "{{ client.first_name }}，您好。感谢您联系我们。目前不在营业时间{{ why }}，我们会尽快亲自回复您。",
        call: "{{ client.first_name }}，您好。很抱歉未能接听您的来电。目前不在营业时间{{ why }}，我们将于{{ opens }}恢复营业。如果您在此留言，届时我们会亲自阅读并回复您。",
        voicemail: "{{ client.first_name }}，您好。感谢您的语音留言。目前不在营业时间{{ why }}，我们将于{{ opens }}恢复营业。届时我们会亲自收听并回复您。",
        follow_up: "{{ client.first_name }}，您好。我们已开始营业，并已收到您的消息。我们会尽快亲自回复您。",
        correction: "{{ client.first_name }}，您好。我们之前告知您的营业时间有变，将于{{ opens }}恢复营业。由此造成的延误敬请谅解，届时我们会亲自回复您。",
    },
    notices: NoticeWords {
        messages: |count| format!("{count} 条消息"),
        messages_from_people: |count, people| format!("{count} 条消息，来自 {people} 人"),
        messages_from: "{name}：{messages}",
        more: |count| format!("… 还有 {count} 条消息"),
        urgent: "紧急",
        replied: "已自动回复",
        late: "延迟送达",
        media: "图片或文件",
        call: "未接来电",
        voicemail: "语音留言",
        wordless: "无文字",
        waiting: "仍在等您回复",
        promised: "承诺：{time}",
        rang_through: "已即时转告",
        repeated: "（可能是重复通知）",
    },
};
