//! One-time codes: verification codes and passwords that machines send. An answer to one goes to nobody, and costs money.

mod phrases;
mod tokens;

#[cfg(test)]
mod tests;

use super::folded;
use phrases::{
    AHEAD, BEHIND, COUNTED, LINKS, OF_PEOPLE, OTHER_CODES, PURPOSES, SECRECY, STRONG, USE, USE_BEHIND, WEAK, YOURS,
};
use tokens::{Gap, Token, tokens};

/// A longer text is none, in bytes: a code comes in one or two SMS, with up to three bytes a letter.
const LONGEST: usize = 1_000;

/// So many words may stand between a code and what it is called, when something points from one to the other: "the one-time
/// password for the payment of INR 2,499.00 at SHOP is".
const FAR: usize = 12;

/// As [`FAR`], of the names that also other codes have.
const NEAR: usize = 6;

/// So many words may name the sender: "4829 Example Bank login code".
const SENDER: usize = 3;

/// Who calls the number a code by that name alone has one of so many digits at least: those of doors are shorter.
const LONG: usize = 6;

/// A verification code or a one-time password, sent by a machine.
///
/// Two forms are made for machines and enough by themselves: the mark of Android's SMS Retriever (`<#>` in front) and the
/// last line of origin-bound codes (`@example.com #123456`). Else the text must hold something that looks like a code and
/// call it one: the name stands right beside it, or a word or mark between them says that this is it ("code: 4829", "4829
/// is your code"), and what follows is nothing that it counts ("code 1500 lines"). And it must speak as a machine does:
/// "verification code", or "your … code", or "never share this code". People write of codes too ("the door code is 4711",
/// "my order number is 123456"): who speaks of "my" code, or asks for something, is one.
#[must_use]
pub fn is_one_time_code(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    if is_origin_bound(text) {
        return true;
    }
    // machines tell, people ask
    if text.contains(['?', '？', '؟']) {
        return false;
    }
    // without a digit there is no code; nearly every message ends here
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let tokens = tokens(text);
    let codes: Vec<usize> = (0..tokens.len()).filter(|&at| tokens[at].code.is_some()).collect();
    if codes.is_empty() {
        return false;
    }
    if text.trim_start().starts_with("<#>") {
        return true;
    }
    if folded::hold(&tokens, OF_PEOPLE) {
        return false;
    }
    let text = Text { tokens: &tokens, strong: names(&tokens, STRONG), weak: names(&tokens, WEAK) };
    text.has_strong(&codes) || (text.has_weak(&codes) && !folded::hold(&tokens, OTHER_CODES))
}

/// Where a name begins, and the place behind it.
#[derive(Clone, Copy)]
struct Name {
    start: usize,
    end: usize,
}

fn names(tokens: &[Token], names: &str) -> Vec<Name> {
    let all = (0..tokens.len()).flat_map(|start| {
        let here = names.split('/').filter_map(move |name| folded::begins(&tokens[start..], name));
        here.map(move |length| Name { start, end: start + length })
    });
    all.collect()
}

struct Text<'a> {
    tokens: &'a [Token],
    strong: Vec<Name>,
    weak: Vec<Name>,
}

impl Text<'_> {
    /// A code has a name that only one-time codes have, or it is told what to use it for.
    fn has_strong(&self, codes: &[usize]) -> bool {
        codes.iter().any(|&code| {
            let fits_in = self.counts_nothing(code) || self.tokens[code + 1].capital;
            let named = |name: &Name| {
                (self.is_called(*name, code, FAR) && (fits_in || self.is_yours(*name)))
                    || self.is_introduced(*name, code)
            };
            self.strong.iter().any(named) || self.is_to_be_used(code)
        })
    }

    /// A code has another code's name, and the text speaks as a machine does.
    fn has_weak(&self, codes: &[usize]) -> bool {
        let secret = folded::hold(self.tokens, SECRECY);
        let for_it = secret || folded::hold(self.tokens, PURPOSES);
        codes.iter().any(|&code| {
            self.weak.iter().any(|&name| {
                let called = self.is_called(name, code, NEAR) && (secret || self.counts_nothing(code));
                (called && (for_it || self.is_yours(name) || self.is_label(name, code)))
                    || (self.is_introduced(name, code) && (secret || self.is_yours_next(code)))
            })
        })
    }

    /// The name is in front of the code, and right beside it, or something points from it to the code.
    fn is_called(&self, name: Name, code: usize, far: usize) -> bool {
        if name.end > code || code - name.end > far || self.widest(name.end, code) > Gap::Points {
            return false;
        }
        let links =
            |word: usize| self.tokens[code].gap == Gap::Space && LINKS.split(' ').any(|link| self.is(word, link));
        name.end == code || self.tokens[code].gap == Gap::Points || links(code - 1)
    }

    /// The name is behind the code: "… is your code", "… as security code"; or soon, when nothing is in front: "… Acme
    /// login code".
    fn is_introduced(&self, name: Name, code: usize) -> bool {
        let next = code + 1;
        if name.start < next || name.start - next > NEAR || self.widest(next, name.start) > Gap::Space {
            return false;
        }
        AHEAD.split(' ').any(|link| self.is(next, link))
            || (self.tokens[code].gap > Gap::Space && (name.start - next <= SENDER || self.is_yours_next(code)))
    }

    /// Who is told the code is told to use it, and what for.
    fn is_to_be_used(&self, code: usize) -> bool {
        let (from, to) = (code.saturating_sub(NEAR), self.tokens.len().min(code + 1 + NEAR));
        if !folded::hold(&self.tokens[from..to], PURPOSES) {
            return false;
        }
        let ends_at = |end: usize| {
            let starts = end.saturating_sub(2)..end;
            USE.split('/')
                .any(|phrase| starts.clone().any(|at| folded::begins(&self.tokens[at..end], phrase) == Some(end - at)))
        };
        let behind_name = self
            .weak
            .iter()
            .any(|name| name.end == code && (ends_at(name.start) || (name.start > 0 && ends_at(name.start - 1))));
        ends_at(code) || behind_name || folded::hold(&self.tokens[code..to], USE_BEHIND)
    }

    /// The name says, or words beside it say, whose the code is.
    fn is_yours(&self, name: Name) -> bool {
        folded::hold(&self.tokens[name.start.saturating_sub(4)..self.tokens.len().min(name.end + 2)], YOURS)
    }

    /// "is your", right behind the code, or "your".
    fn is_yours_next(&self, code: usize) -> bool {
        let from = self.tokens.len().min(code + 1);
        folded::hold(&self.tokens[from..self.tokens.len().min(code + 4)], YOURS)
    }

    /// The text begins with the name, at most behind the sender's, and the code follows: "Acme PIN: 482913". "PIN 560001" and
    /// "PIN code: 560001" are places in India.
    fn is_label(&self, name: Name, code: usize) -> bool {
        let begins = match name.start {
            0 => true,
            1 if self.tokens[0].capital => !self.is(0, "pin"),
            start => start <= 3 && self.tokens[start].gap == Gap::Points,
        };
        let pointed = self.tokens[code].gap == Gap::Points || self.is(name.start, "tan");
        begins && pointed && name.end == code && self.tokens[code].code >= Some(LONG)
    }

    /// Behind the code nothing stands that it counts: the clause ends, or goes on with a word that follows codes.
    fn counts_nothing(&self, code: usize) -> bool {
        self.tokens.get(code + 1).is_none_or(|next| {
            let han = next.word.chars().next().is_some_and(folded::is_han);
            next.gap > Gap::Space
                || (han && !COUNTED.contains(&next.word))
                || folded::hold(std::slice::from_ref(next), BEHIND)
        })
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.word == word)
    }

    /// The strongest gap in front of the tokens from one up to another, that one included.
    fn widest(&self, from: usize, to: usize) -> Gap {
        self.tokens[from..=to].iter().map(|token| token.gap).max().unwrap_or(Gap::Space)
    }
}

/// The last line is `@domain #code`, which browsers read: WICG, "Origin-bound one-time codes delivered via SMS".
fn is_origin_bound(text: &str) -> bool {
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    let Some((domain, code)) = last.strip_prefix('@').and_then(|line| line.split_once(" #")) else {
        return false;
    };
    // an embedded page's own domain may follow: `@example.com #123456 @frame.example`
    let code = code.split(' ').next().unwrap_or_default();
    let domain_fits = domain.contains('.') && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    domain_fits && !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
