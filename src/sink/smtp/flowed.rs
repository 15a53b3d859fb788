//! Plain text as mail programs show it best: `format=flowed` (RFC 3676), wrapped for those that do not know it.

/// The longest line, in Unicode scalar values; RFC 3676 section 4.2 recommends 78 or less.
const WIDTH: usize = 76;

/// Wraps long lines at their spaces. A line that ends in a space goes on in the next one: a program that knows the format
/// joins them again, and gets the text back.
pub(super) fn flowed(text: &str) -> String {
    let mut flowed = String::with_capacity(text.len() + text.len() / 32);
    for line in text.lines() {
        let mut rest = line.trim_end();
        loop {
            let (piece, after) = rest.split_at(end_of_piece(rest));
            // space-stuffing: else these would be taken for quotes, stuffing or an envelope
            if piece.starts_with([' ', '>']) || piece.starts_with("From ") {
                flowed.push(' ');
            }
            flowed.push_str(piece);
            flowed.push_str("\r\n");
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    flowed
}

/// Where the first piece of a line ends: behind the last space that keeps it within the width, or else behind the first.
fn end_of_piece(line: &str) -> usize {
    let Some((limit, _)) = line.char_indices().nth(WIDTH) else { return line.len() };
    let indent = line.len() - line.trim_start().len();
    let spaces = || line.match_indices(' ').map(|(at, _)| at + 1).filter(|end| *end > indent && *end < line.len());
    spaces().take_while(|end| *end <= limit).last().or_else(|| spaces().next()).unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a program that knows the format shows.
    fn unflowed(flowed: &str) -> String {
        let mut text = String::new();
        for line in flowed.split_terminator("\r\n") {
            let line = line.strip_prefix(' ').unwrap_or(line);
            text.push_str(line);
            if !line.ends_with(' ') {
                text.push('\n');
            }
        }
        text
    }

    #[test]
    fn long_lines_break_at_spaces_and_short_ones_stay() {
        let long = "word ".repeat(40);
        let flowed = flowed(&format!("Ana López\n  {long}\n> not a quote\nFrom here\n\nend"));
        let lines: Vec<&str> = flowed.split_terminator("\r\n").collect();
        assert_eq!(lines[0], "Ana López");
        assert!(lines[1].starts_with("   word ") && lines[1].ends_with(' '), "{flowed}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH + 1), "{flowed}");
        assert_eq!(lines[lines.len() - 4..], [" > not a quote", " From here", "", "end"]);
    }

    proptest! {
        #[test]
        fn a_program_that_knows_the_format_gets_the_text_back(text in "([ -~ñ🙂]{0,200}\n){0,4}") {
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            let shown = unflowed(&flowed(&text));
            prop_assert_eq!(shown.lines().collect::<Vec<_>>(), lines);
        }
    }
}
