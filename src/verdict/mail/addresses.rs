//! Address lists of mail headers, read leniently: what is no address is passed over.

/// A mailbox, folded so that the same person's compare equal: lower case, no `+tag`, and no dots where Gmail ignores them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Mailbox {
    pub local: String,
    domain: String,
}

impl Mailbox {
    fn read(text: &str) -> Option<Self> {
        // a source route (RFC 5322, section 4.4) stands in front: `@a,@b:ana@example.org`
        let text = text.rsplit(':').next().unwrap_or(text).trim();
        let (local, domain) = text.rsplit_once('@')?;
        let mut local = local.trim().trim_matches('"').to_lowercase();
        let domain = domain.trim().trim_end_matches('.').to_lowercase();
        if local.is_empty() || domain.is_empty() || domain.contains(char::is_whitespace) {
            return None;
        }
        if let Some(tag) = local.find('+').filter(|at| *at > 0) {
            local.truncate(tag);
        }
        let gmail = matches!(domain.as_str(), "gmail.com" | "googlemail.com");
        if gmail {
            local.retain(|character| character != '.');
        }
        Some(Self { local, domain: if gmail { "gmail.com".to_owned() } else { domain } })
    }

    /// It is in this domain, or in one below it.
    pub(super) fn is_in(&self, domain: &str) -> bool {
        is_below_or_same(&self.domain, domain)
    }

    /// The domains are the same, or one lies below the other; or the local part says that a forwarder has rewritten it
    /// (Sender Rewriting Scheme), and whom for.
    pub(super) fn is_of_the_house_of(&self, other: &Self) -> bool {
        is_below_or_same(&self.domain, &other.domain)
            || is_below_or_same(&other.domain, &self.domain)
            || is_rewritten_for(&self.local, &other.domain)
    }
}

fn is_below_or_same(lower: &str, upper: &str) -> bool {
    lower.strip_suffix(upper).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// `srs0=hash=time=example.org=ana`, and `srs1=…`, which wraps one.
fn is_rewritten_for(local: &str, domain: &str) -> bool {
    let rewritten = local.starts_with("srs0") || local.starts_with("srs1");
    rewritten && local.split(['=', '+', '-']).skip(1).any(|part| part == domain)
}

/// Every mailbox of an address list: with and without names, quoted names, comments and groups (RFC 5322, section 3.4).
pub(super) fn mailboxes(list: &str) -> Vec<Mailbox> {
    let mut found = Vec::new();
    let (mut plain, mut angled) = (String::new(), None::<String>);
    let (mut quoted, mut in_angle, mut comment) = (false, false, 0_usize);
    let mut characters = list.chars();
    while let Some(character) = characters.next() {
        let place = if in_angle { angled.get_or_insert_default() } else { &mut plain };
        match character {
            '\\' if quoted || comment > 0 => {
                let escaped = characters.next();
                if comment == 0 {
                    place.extend(escaped);
                }
            }
            '"' if comment == 0 => {
                quoted = !quoted;
                place.push('"');
            }
            _ if quoted => place.push(character),
            '(' => comment += 1,
            ')' => comment = comment.saturating_sub(1),
            _ if comment > 0 => {}
            '<' => in_angle = true,
            '>' => in_angle = false,
            ':' if !in_angle => plain.clear(),
            ',' | ';' if !in_angle => {
                found.extend(Mailbox::read(angled.take().as_deref().unwrap_or(&plain)));
                plain.clear();
            }
            character => place.push(character),
        }
    }
    // what never ends cannot be told from a name that looks like an address
    if !quoted && comment == 0 {
        found.extend(Mailbox::read(angled.as_deref().unwrap_or(&plain)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_lists_are_read() {
        let cases = [
            ("ana@example.org", "ana@example.org"),
            ("<ana@example.org>", "ana@example.org"),
            ("Ana López <Ana@Example.ORG>", "ana@example.org"),
            ("\"López, Ana\" <ana@example.org>, ben@example.org", "ana@example.org ben@example.org"),
            ("\"x@example.com\" <ana@example.org>", "ana@example.org"),
            ("\"a \\\" <x@example.com>\" <ana@example.org>", "ana@example.org"),
            ("ana@example.org (x@example.com, (nested) y)", "ana@example.org"),
            (
                "Team: ana@example.org, Ben <ben@example.org>;, cy@example.org",
                "ana@example.org ben@example.org cy@example.org",
            ),
            ("undisclosed-recipients:;", ""),
            ("<@relay.example,@b.example:ana@example.org>", "ana@example.org"),
            ("ana+web@example.org", "ana@example.org"),
            ("+tag@example.org", "+tag@example.org"),
            ("a.n.a+x@googlemail.com", "ana@gmail.com"),
            ("a.n.a@example.org", "a.n.a@example.org"),
            ("\"ana\"@example.org", "ana@example.org"),
            ("ana@example.org.", "ana@example.org"),
            ("\r\n ana@example.org", "ana@example.org"),
            ("<>", ""),
            ("", ""),
            ("ana", ""),
            ("ana@", ""),
            ("\"owner@example.com", ""), // the quote never ends
            ("(((", ""),
            ("<ana@example.org", "ana@example.org"),
        ];
        for (list, expected) in cases {
            let found: Vec<_> =
                mailboxes(list).iter().map(|mailbox| format!("{}@{}", mailbox.local, mailbox.domain)).collect();
            assert_eq!(found.join(" "), expected, "{list}");
        }
    }
}
