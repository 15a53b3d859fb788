//! A form as Twilio posts it: names and values, in their order.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::channel::Malformed;

/// A name and its value.
type Pair<'d> = (Cow<'d, [u8]>, Cow<'d, [u8]>);

/// Names and values as bytes: what is signed is what came, UTF-8 or not.
pub(super) struct Form<'d>(Vec<Pair<'d>>);

impl<'d> Form<'d> {
    /// Reads `application/x-www-form-urlencoded`; there are no bytes that are none.
    pub fn read(bytes: &'d [u8]) -> Self {
        let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        Self(pairs.map(pair).collect())
    }

    pub fn pairs(&self) -> &[Pair<'d>] {
        &self.0
    }

    /// The first value of that name; empty when there is none.
    pub fn text(&self, name: &str) -> Result<&str, Malformed> {
        let value = self.0.iter().find(|(found, _)| **found == *name.as_bytes());
        let Some((_, value)) = value else { return Ok("") };
        std::str::from_utf8(value).map_err(|_| Malformed { field: name.to_owned(), problem: "is not UTF-8" })
    }

    /// The first value of that name, which must say something.
    pub fn required(&self, name: &str) -> Result<&str, Malformed> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Err(Malformed { field: name.to_owned(), problem: "is missing" });
        }
        Ok(text)
    }
}

fn pair(bytes: &[u8]) -> Pair<'_> {
    let mut parts = bytes.splitn(2, |byte| *byte == b'=');
    let mut next = || decoded(parts.next().unwrap_or_default());
    (next(), next())
}

fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'+') {
        return percent_decode(bytes).into();
    }
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form = Form::read(b"Body=caf%C3%A9+%2B+%F0%9F%99%82&Empty=&Bare&a%3Db=c=d&&Body=second&Odd=%zz%4&Raw=%ff");
        let text = |name| form.text(name).map_err(|malformed| malformed.to_string());
        assert_eq!(text("Body"), Ok("café + 🙂"));
        assert_eq!(text("Empty"), Ok(""));
        assert_eq!(text("Bare"), Ok(""));
        assert_eq!(text("a=b"), Ok("c=d"));
        assert_eq!(text("Odd"), Ok("%zz%4"));
        assert_eq!(text("Raw"), Err("Raw: is not UTF-8".to_owned()));
        assert_eq!(text("None"), Ok(""));
        assert_eq!(form.required("Empty").map_err(|malformed| malformed.to_string()), Err("Empty: is missing".into()));
        assert_eq!(form.pairs().len(), 7);
    }
}
