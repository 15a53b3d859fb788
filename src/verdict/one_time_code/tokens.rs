//! A text as words and codes, and what stands between them.

use super::folded;

/// What stands between two words, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing but spaces, quotation marks and their like.
    Space,
    /// What points to the next word: a colon, a line's end, the end of a name in brackets.
    Points,
    /// A comma.
    Clause,
    /// A full stop.
    Sentence,
}

/// A word, folded, or what looks like a code.
#[derive(Debug)]
pub(super) struct Token {
    /// Empty of a code: it is no word of a phrase.
    pub(super) word: String,
    /// So many letters and digits, when it looks like a code.
    pub(super) code: Option<usize>,
    /// What is in front of it.
    pub(super) gap: Gap,
    /// Written with a capital letter.
    pub(super) capital: bool,
}

impl AsRef<str> for Token {
    fn as_ref(&self) -> &str {
        &self.word
    }
}

/// The text, cut.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut cut = Cut { tokens: Vec::new(), gap: Gap::Sentence };
    let mut rest = text;
    while let Some(piece) = rest.split(is_gap).next().filter(|_| !rest.is_empty()) {
        cut.piece(piece);
        rest = &rest[piece.len()..];
        let behind = rest.trim_start_matches(is_gap);
        let between = &rest[..rest.len() - behind.len()];
        // `2,499` is one number
        let in_number = between == "," && piece.ends_with(is_digit) && behind.starts_with(is_digit);
        if !in_number {
            cut.gap = between.chars().map(gap).fold(cut.gap, Gap::max);
        }
        rest = behind;
    }
    join_halves(cut.tokens)
}

struct Cut {
    tokens: Vec<Token>,
    gap: Gap,
}

impl Cut {
    fn piece(&mut self, piece: &str) {
        let bare = piece.trim_end_matches(['.', '…']);
        if looks_like_code(bare) {
            self.code(bare.chars().count());
        } else {
            // Chinese sets no spaces
            let mut run = String::new();
            for character in bare.chars() {
                if folded::is_han(character) {
                    self.run(&std::mem::take(&mut run));
                    self.run(character.encode_utf8(&mut [0; 4]));
                } else {
                    run.push(character);
                }
            }
            self.run(&run);
        }
        if bare.len() < piece.len() {
            self.gap = self.gap.max(Gap::Sentence);
        }
    }

    fn run(&mut self, run: &str) {
        if run.chars().all(is_digit) && is_long_enough(run.chars().count()) {
            return self.code(run.chars().count());
        }
        let capital = run.chars().next().is_some_and(char::is_uppercase);
        for word in folded::words(run) {
            let gap = std::mem::replace(&mut self.gap, Gap::Space);
            self.tokens.push(Token { word, code: None, gap, capital });
        }
    }

    fn code(&mut self, length: usize) {
        let gap = std::mem::replace(&mut self.gap, Gap::Space);
        self.tokens.push(Token { word: String::new(), code: Some(length), gap, capital: false });
    }
}

/// Two groups of three digits with a space between them, as `123 456`, are one code; three of them are a telephone number.
fn join_halves(tokens: Vec<Token>) -> Vec<Token> {
    let half = |index: usize| {
        let token = tokens.get(index)?;
        (token.word.len() == 3 && token.word.bytes().all(|byte| byte.is_ascii_digit())).then_some(token.gap)
    };
    let first_halves: Vec<usize> = (0..tokens.len())
        .filter(|&at| {
            let joined = |index: usize| half(index) == Some(Gap::Space);
            half(at).is_some() && joined(at + 1) && !joined(at + 2) && !(joined(at) && at > 0 && half(at - 1).is_some())
        })
        .collect();
    let mut joined = Vec::with_capacity(tokens.len());
    for (at, mut token) in tokens.into_iter().enumerate() {
        if at > 0 && first_halves.contains(&(at - 1)) {
            continue;
        }
        if first_halves.contains(&at) {
            token = Token { word: String::new(), code: Some(6), ..token };
        }
        joined.push(token);
    }
    joined
}

/// What stands between words and codes. A hyphen, a slash, a dot or an `@` is part of what it joins: dates, prices and
/// telephone numbers fall out as a whole.
fn is_gap(character: char) -> bool {
    character.is_whitespace() || "<>[]()【】（）「」\"'“”‘’«»:：,，;；!！?？=*。।،".contains(character)
}

fn gap(character: char) -> Gap {
    match character {
        ':' | '：' | '=' | '\n' | ']' | '】' => Gap::Points,
        ',' | '，' | ';' | '；' | '،' => Gap::Clause,
        '!' | '！' | '?' | '？' | '。' | '।' => Gap::Sentence,
        _ => Gap::Space,
    }
}

/// 4 to 8 digits, also as `G-123456` or `123-456`; or 5 to 9 capitals and digits with at least two digits.
fn looks_like_code(word: &str) -> bool {
    let word = word.strip_prefix("G-").unwrap_or(word);
    let all_digits = |part: &str| !part.is_empty() && part.chars().all(is_digit);
    if let Some((before, behind)) = word.split_once('-') {
        return all_digits(before) && all_digits(behind) && before.len() == 3 && behind.len() == 3;
    }
    let length = word.chars().count();
    if all_digits(word) {
        return is_long_enough(length);
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (5..=9).contains(&length)
        && digits >= 2
        && word.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

fn is_long_enough(digits: usize) -> bool {
    (4..=8).contains(&digits)
}

/// Also the Arabic, the Indic and the full-width digits.
fn is_digit(character: char) -> bool {
    matches!(character, '0'..='9' | '٠'..='٩' | '۰'..='۹' | '०'..='९' | '０'..='９')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_words() {
        let cases = [
            ("Your code: 123 456.", "your code :#"),
            ("call 123 456 789", "call 123 456 789"),
            ("G-123456 is A1B2C3", ".# is #"),
            ("INR 2,499.00 at SHOP. 1250.00", "inr 2 499 00 at shop .1250 00"),
            ("验证码482913，您", "验 证 码 # ,您"),
            ("【淘宝】密码４８２９", "淘 宝 :密 码 #"),
            ("code\n4829 x", "code :# x"),
            ("+504 9999-0001, 24.12.2026", "504 9999 0001 ,24 12 2026"),
            ("M-PIN ٤٨٢٩", "m pin #"),
            ("", ""),
        ];
        for (text, cut) in cases {
            let shown: Vec<String> = tokens(text)
                .iter()
                .map(|token| {
                    let gap = [("", Gap::Space), (":", Gap::Points), (",", Gap::Clause), (".", Gap::Sentence)];
                    let mark = gap.iter().find(|(_, gap)| *gap == token.gap).map_or("", |(mark, _)| mark);
                    format!("{mark}{}", if token.code.is_some() { "#" } else { &token.word })
                })
                .collect();
            assert_eq!(shown.join(" ").trim_start_matches('.'), cut.trim_start_matches('.'), "{text}");
        }
    }
}
