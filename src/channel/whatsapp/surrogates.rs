//! Half an emoji: where somebody upstream cut a text within a pair of `\u` escapes, the JSON of a whole batch is broken
//! for a strict reader, and the provider would repeat it in vain for days.

/// The body with every escape that is half a pair replaced by U+FFFD; `None` when there is none.
pub(super) fn mend(body: &[u8]) -> Option<Vec<u8>> {
    let mut mended = Vec::with_capacity(body.len());
    let mut found = false;
    let mut rest = body;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        mended.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let (length, lone) = match (escaped(rest), rest.get(6..).and_then(escaped)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, false),
            (Some(0xD800..=0xDFFF), _) => (6, true),
            (Some(_), _) => (6, false),
            // a backslash and what it escapes
            (None, _) => (2.min(rest.len()), false),
        };
        found |= lone;
        mended.extend_from_slice(if lone { br"\ufffd" } else { &rest[..length] });
        rest = &rest[length..];
    }
    mended.extend_from_slice(rest);
    found.then_some(mended)
}

/// The UTF-16 unit of a `\u` escape at the beginning.
fn escaped(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(br"\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_half_pairs_are_replaced() {
        let cases = [
            (r#""plain""#, None),
            (r#""\ud83d\ude42 \u00e9 \/ \\ \"""#, None),
            (r#""\ud83d""#, Some(r#""\ufffd""#)),
            (r#""a\ud83d b""#, Some(r#""a\ufffd b""#)),
            (r#""\ude42""#, Some(r#""\ufffd""#)),
            (r#""\ud83d\ud83d\ude42""#, Some(r#""\ufffd\ud83d\ude42""#)),
            (r#""\uD83D\u0041""#, Some(r#""\ufffd\u0041""#)),
            (r#""\\ud83d""#, None),
            (r#""\\\ud83d""#, Some(r#""\\\ufffd""#)),
            (r#""\u+83d\"#, None),
            ("\\", None),
            ("\\u12", None),
        ];
        for (body, mended) in cases {
            assert_eq!(mend(body.as_bytes()).as_deref(), mended.map(str::as_bytes), "{body}");
        }
    }
}
