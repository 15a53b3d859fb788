//! Sentences with an empty place closed up: "Thank you, ." becomes "Thank you."

use crate::language::text::capitalised;

/// Stands where a template put something empty. A noncharacter: no keyboard, provider or name can hold it.
pub(super) const GAP: char = '\u{fdd0}';

/// The text without its gaps. The comma and the space before a gap go with it; at the start of a sentence the ones behind
/// it go, and the sentence gets its capital letter. Trailing white space goes, and so do empty lines at either end.
pub(super) fn close(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    let mut parts = text.split(GAP);
    closed.push_str(parts.next().unwrap_or_default());
    for behind in parts {
        join(&mut closed, behind);
    }
    let lines: Vec<&str> = closed.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches(['\n', ' ']).to_owned()
}

fn join(closed: &mut String, behind: &str) {
    let before = closed.trim_end_matches(is_blank);
    if let Some((kept, rest)) = without_brackets(before, behind) {
        closed.truncate(kept);
        join(closed, rest);
    } else if starts_sentence(before) {
        let rest = behind.trim_start_matches(|c| is_blank(c) || is_comma(c));
        // the space between two sentences stays, and so does punctuation that now follows nothing
        if rest.starts_with(['.', '!', '?', '。', '؟', '।']) || rest.is_empty() {
            closed.truncate(before.len());
        }
        closed.push_str(&capitalised(rest));
    } else {
        let kept = before.trim_end_matches(|c| is_blank(c) || is_comma(c)).len();
        let lone = behind.starts_with(|c: char| !is_blank(c) && !is_closing(c)) && kept < closed.len();
        closed.truncate(kept);
        if lone {
            closed.push(' ');
        }
        closed.push_str(behind);
    }
}

/// How much stands before and what stands behind a pair of brackets that holds nothing.
fn without_brackets<'a>(before: &str, behind: &'a str) -> Option<(usize, &'a str)> {
    [('(', ')'), ('（', '）')]
        .into_iter()
        .find_map(|(open, close)| Some((before.strip_suffix(open)?.len(), behind.strip_prefix(close)?)))
}

fn starts_sentence(before: &str) -> bool {
    before.chars().next_back().is_none_or(|last| "\n.!?。！？؟।…¡¿\"“„«".contains(last))
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() && character != '\n'
}

fn is_comma(character: char) -> bool {
    matches!(character, ',' | '،' | '，' | '、')
}

/// What stands right behind a word.
fn is_closing(character: char) -> bool {
    is_comma(character) || "\n.!?:;)。！？：；）؟؛।…\"”»".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_closes_over_its_gap() {
        let cases = [
            ("Thank you, _. We", "Thank you. We"),
            ("Thank you _. We", "Thank you. We"),
            ("Hola _, estamos", "Hola, estamos"),
            ("Hola, _, estamos", "Hola, estamos"),
            ("¡Hola _! Estamos", "¡Hola! Estamos"),
            ("¡_, hola!", "¡Hola!"),
            ("_, thank you.", "Thank you."),
            ("Thanks. _, we will read it.", "Thanks. We will read it."),
            ("Thanks.\n_, we will read it.", "Thanks.\nWe will read it."),
            ("Hello _\nWe are closed", "Hello\nWe are closed"),
            ("Hello _ and welcome", "Hello and welcome"),
            ("closed_; we open", "closed; we open"),
            ("closed _; we open", "closed; we open"),
            ("closed, _; we open", "closed; we open"),
            ("closed (_); we open", "closed; we open"),
            ("Thanks (_)", "Thanks"),
            ("休息（_），将于", "休息，将于"),
            ("شكرًا، _. نحن", "شكرًا. نحن"),
            ("您好，_，感谢", "您好，感谢"),
            ("_您好，感谢", "您好，感谢"),
            ("谢谢 _。我们", "谢谢。我们"),
            ("Thank you. _", "Thank you."),
            ("_", ""),
            ("Thank you, _ _.", "Thank you."),
            ("no gap ,  kept. \n\n", "no gap ,  kept."),
            ("one  \ntwo\t", "one\ntwo"),
        ];
        for (text, closed) in cases {
            assert_eq!(close(&text.replace('_', &GAP.to_string())), closed, "{text}");
        }
    }
}
