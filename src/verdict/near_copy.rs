//! Our own text, come back: another machine that echoes, quotes or forwards what it gets.

use std::collections::HashMap;

use super::folded;

/// So much of either text is looked at, in characters: twice the longest SMS that providers take (1,600 characters, Twilio).
/// A text with our own behind so much else is no echo.
const PREFIX: usize = 3_200;

/// Pairs of words that must be the same before a part of our text counts: nine words in a row, more than people quote.
const PAIRS_OF_A_PART: usize = 8;

/// Our text is short when it has no more pairs than this: then it is all there, and little else is.
const PAIRS_OF_A_SHORT_TEXT: usize = 5;

/// The text is a near-copy of one of `ours`: similar, not equal. Numbers do not count (the time of the opening varies), nor do
/// case, accents, punctuation and marks of quoting.
///
/// What is compared are pairs of neighbouring words (Chinese: characters), each counted as often as it occurs. Two thirds
/// of ours in theirs, making up two fifths of theirs, is an echo: with another name, opening and reason a built-in reply
/// keeps three quarters of its pairs or more (Arabic has the fewest), and a signature adds less than the reply is long. So is
/// a part of ours that makes up two thirds of theirs: what is left of a reply that was cut at 160 characters. A client's
/// answer shares a pair or two.
#[must_use]
pub fn is_near_copy_of_any(text: &str, ours: impl IntoIterator<Item = impl AsRef<str>>) -> bool {
    let theirs = Pairs::of(text);
    ours.into_iter().any(|ours| theirs.are_nearly(&Pairs::of(ours.as_ref())))
}

/// The pairs of neighbouring words of a text, and how often each occurs.
struct Pairs {
    counts: HashMap<(String, String), usize>,
    count: usize,
}

impl Pairs {
    fn of(text: &str) -> Self {
        let end = text.char_indices().nth(PREFIX).map_or(text.len(), |(at, _)| at);
        let mut words = folded::words(&text[..end]);
        words.retain(|word| !word.chars().any(char::is_numeric));
        let mut counts = HashMap::new();
        for pair in words.windows(2) {
            *counts.entry((pair[0].clone(), pair[1].clone())).or_default() += 1;
        }
        Self { counts, count: words.len().saturating_sub(1) }
    }

    fn are_nearly(&self, ours: &Self) -> bool {
        let (theirs, shared) = (self, self.shared_with(ours));
        if ours.count <= PAIRS_OF_A_SHORT_TEXT {
            return ours.count > 0 && shared == ours.count && 5 * shared >= 4 * theirs.count;
        }
        let all_of_ours = 3 * shared >= 2 * ours.count && 5 * shared >= 2 * theirs.count;
        let part_of_ours = shared >= PAIRS_OF_A_PART && 3 * shared >= 2 * theirs.count;
        all_of_ours || part_of_ours
    }

    fn shared_with(&self, other: &Self) -> usize {
        self.counts.iter().map(|(pair, count)| (*count).min(other.counts.get(pair).copied().unwrap_or(0))).sum()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::language::Language;
    use crate::reply::{Occasion, Replies};

    fn is_near_copy(text: &str, ours: &str) -> bool {
        is_near_copy_of_any(text, [ours])
    }

    const OURS: &str = "Thank you, Ana. We are closed now (Christmas Eve); we open on Monday at 8:00. We will read your \
                        message then and answer you personally.";
    const OURS_ES: &str = "Gracias por su mensaje, Ana. Ahora estamos cerrados; abrimos el lunes a las 8:00. Al abrir leeremos \
                           su mensaje y le responderemos personalmente.";
    const OURS_ZH: &str =
        "安娜，您好。感谢您的留言。目前不在营业时间，我们将于星期一8:00恢复营业。届时我们会亲自阅读您的留言并回复您。";
    const OURS_AR: &str =
        "شكرًا لرسالتكم، آنا. نحن مغلقون حاليًا، ونفتح يوم الاثنين الساعة 8:00. سنقرأ رسالتكم حينها ونرد عليكم شخصيًا.";
    const LONG: &str = "Hello, and thank you very much for writing to the practice. Our doors are closed for the day and nobody is \
                        at the desk. We are back on Tuesday at 7:30. If you need help before that, please call the emergency \
                        number of the region, which is on the page of the chamber. We will read your message in the morning.";

    #[test]
    fn an_echo_is_known() {
        let cut: String = LONG.chars().take(160).collect();
        let cut_and_marked = format!("Re: {}...", OURS.chars().take(110).collect::<String>());
        let quoted = OURS.replace(". ", ".\n> ");
        let signed = format!("{OURS}\n-- \nSent by the assistant of Example Plumbing, Main Street 5, +15550100199");
        let cases = [
            (OURS, OURS),
            (&OURS.to_uppercase(), OURS),
            (&OURS.replace("Monday at 8:00", "Thursday at 13:30"), OURS),
            (&OURS.replace("Ana", "Dana Reyes"), OURS),
            (&OURS.replace(" (Christmas Eve)", ""), OURS),
            (&format!("Re: {OURS}"), OURS),
            (&format!("> {quoted}"), OURS),
            (&format!("Fwd: ⚠️ \"{OURS}\""), OURS),
            (&format!("You wrote: {OURS} I did not understand that."), OURS),
            (&signed, OURS),
            (&cut_and_marked, OURS),
            (&cut, LONG),
            (&LONG.replace("Tuesday", "Friday"), LONG),
            (&OURS_ES.to_lowercase(), OURS_ES),
            (
                "Gracias por su mensaje, Luis. Ahora estamos cerrados (Navidad); abrimos el jueves a las 9:30. Al abrir leeremos su mensaje y le responderemos personalmente.",
                OURS_ES,
            ),
            (&OURS_ES.replace('á', "a").replace('.', ""), OURS_ES),
            (&OURS_ZH.replace("安娜", "李雷").replace("星期一8:00", "星期五9:30"), OURS_ZH),
            (&format!("「{OURS_ZH}」自动转发"), OURS_ZH),
            (&OURS_AR.replace("آنا", "سارة").replace("الاثنين", "الخميس"), OURS_AR),
            ("we are closed", "We are closed."),
            ("WE ARE CLOSED until 9!", "We are closed until 8."),
        ];
        for (text, ours) in cases {
            assert!(is_near_copy(text, ours), "{text}");
        }
    }

    #[test]
    fn an_answer_is_no_echo() {
        let cases = [
            ("", OURS),
            (OURS, ""),
            ("", ""),
            ("8:00", "8:00"),
            ("ok thank you, we will be there Monday at 8", OURS),
            ("Thank you, we open the door for you on Monday at 8:00", OURS),
            ("Monday at 8:00, thank you", OURS),
            ("You write \"we are closed now\", but the light is on?", OURS),
            (
                "\"answer you personally\": I hope so! The pipe is still leaking, and the cellar is full of water by now",
                OURS,
            ),
            ("We will read your message then, is that a joke? I need somebody now", OURS),
            ("Thank you, Dana. Then I will come on Monday at 8:00 and bring the papers.", OURS),
            ("Gracias, entonces paso el lunes a las 8:00", OURS_ES),
            ("Gracias por su mensaje. Paso el lunes y le llevo los papeles que faltan, si le parece bien", OURS_ES),
            ("好的，谢谢您。我星期一8:00过来。", OURS_ZH),
            ("您好，请问星期一几点营业？", OURS_ZH),
            ("شكرًا، سأمر يوم الاثنين الساعة 8:00", OURS_AR),
            ("are you closed?", "We are closed."),
            ("we are closed too, so let us speak next week about the order", "We are closed."),
            (OURS, LONG),
            (LONG, OURS),
            (OURS_ES, OURS),
        ];
        for (text, ours) in cases {
            assert!(!is_near_copy(text, ours), "{text}");
        }
    }

    #[test]
    fn our_text_under_a_long_letter_of_a_person_is_no_echo() {
        let letter = "Hello Dana, here is what I found out about the kitchen: the sink leaks when both taps are open, and the \
                      carpenter says that the board below is wet and must go. Shall we look at it together, or do you send \
                      somebody? The neighbours downstairs have seen a spot on their ceiling as well and ask who pays for it.";
        assert!(!is_near_copy(&format!("{letter}\n\n> {OURS}"), OURS));
    }

    #[test]
    fn large_texts_are_compared_by_their_beginning() {
        let hostile = "we are closed now ".repeat(4_000);
        assert!(!is_near_copy(&hostile, OURS));
        assert!(!is_near_copy(&"\u{301}".repeat(30_000), OURS));
        assert!(is_near_copy(&format!("{LONG}{}", " ".repeat(65_000)), LONG));
    }

    #[test]
    fn every_built_in_reply_is_known_with_another_name_reason_and_opening() {
        let replies = Replies::compile(&[]).expect("the built-in texts");
        let now = "2026-11-24T20:00:00Z".parse().expect("an instant");
        for tag in Language::built_in() {
            let language = Language::parse(tag).expect("a language");
            let render = |name, client_name, hours, label| {
                let opens = Some(now + TimeDelta::hours(hours));
                let (owner_name, fallback, zone) = ("Dana", &language, chrono_tz::UTC);
                let (language, client_zone) = (&language, None);
                let occasion =
                    Occasion { client_name, owner_name, language, fallback, opens, zone, client_zone, label, now };
                replies.render(name, &occasion, 2_000).expect("a text")
            };
            for name in ["closed", "holiday", "away", "call", "voicemail"] {
                let ours = render(name, "Ana María", 12, None);
                let theirs = render(name, "Luis", 350, Some("Christmas Eve"));
                assert!(is_near_copy(&theirs, &ours), "{tag} {name}: {theirs}");
                assert!(!is_near_copy(&render("follow_up", "Luis", 12, None), &ours), "{tag} {name}");
            }
        }
    }
}
