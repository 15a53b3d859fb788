//! Places inside a text of the file.

use std::ops::Range;

/// Where bytes of a value stand in the file. Exact for a text without escapes; else the whole value, which `span` is.
#[must_use]
pub fn inner(source: &str, span: Range<usize>, value: &str, range: Option<&Range<usize>>) -> Range<usize> {
    let written = source.get(span.clone()).unwrap_or_default();
    let (Some(range), Some(start)) = (range, written.find(value)) else { return span };
    let quotes_around = start <= 4 && written.len() - start - value.len() <= 3;
    if quotes_around && range.start <= range.end && range.end <= value.len() {
        span.start + start + range.start..span.start + start + range.end
    } else {
        span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_texts_are_exact_where_that_is_certain() {
        let cases = [
            (r#""09:00-17.00""#, "09:00-17.00", 6..11, "17.00"),
            (r"'09:00-17.00'", "09:00-17.00", 6..11, "17.00"),
            ("\"\"\"\n09:00-17.00\"\"\"", "09:00-17.00", 6..11, "17.00"),
            ("\"\"\"09:00-17.00\"\"\"", "09:00-17.00", 6..11, "17.00"),
            (r#""caf\u00e9 x""#, "café x", 6..7, r#""caf\u00e9 x""#),
            ("bare", "bare", 1..2, "a"),
            (r#""short""#, "short", 2..99, r#""short""#),
        ];
        for (written, value, range, shown) in cases {
            let source = format!("key = {written}\n");
            let place = inner(&source, 6..6 + written.len(), value, Some(&range));
            assert_eq!(&source[place], shown, "{written}");
        }
        assert_eq!(inner("a = \"b\"", 4..7, "b", None), 4..7);
    }
}
