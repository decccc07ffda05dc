//! Python's strings: how they are decoded, what counts as white space, and how `repr` shows them.

use std::fmt::Write as _;

/// The text of a file in UTF-8, or what UnicodeDecodeError says of it.
pub fn decode(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let wrong = bytes.get(start).copied().unwrap_or_default();
        let (count, why) = match error.error_len() {
            None => (bytes.len().saturating_sub(start), "unexpected end of data"),
            // What can begin no character, against one that begins well and goes on badly.
            Some(_) if !matches!(wrong, 0xc2..=0xf4) => (1, "invalid start byte"),
            Some(count) => (count, "invalid continuation byte"),
        };
        match count {
            1 => format!("'utf-8' codec can't decode byte {wrong:#04x} in position {start}: {why}"),
            count => {
                let last = start.saturating_add(count).saturating_sub(1);
                format!("'utf-8' codec can't decode bytes in position {start}-{last}: {why}")
            }
        }
    })
}

/// `str.isspace`: the white space of Unicode, and the four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// `str.strip()`.
pub(super) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `repr` of a string: in single quotes, unless only single quotes are in it.
pub fn repr(text: &str) -> String {
    quoted(text, is_printable)
}

/// Python's `ascii` of a string: its `repr` with every other character escaped.
pub(super) fn ascii(text: &str) -> String {
    quoted(text, |c| c.is_ascii() && is_printable(c))
}

fn quoted(text: &str, is_shown: impl Fn(char) -> bool) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len().saturating_add(2));
    out.push(quote);
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match (c, u32::from(c)) {
            ('\n', _) => out.write_str("\\n"),
            ('\r', _) => out.write_str("\\r"),
            ('\t', _) => out.write_str("\\t"),
            ('\\', _) => out.write_str("\\\\"),
            (c, _) if c == quote => write!(out, "\\{c}"),
            (c, _) if is_shown(c) => out.write_char(c),
            (_, code @ ..=0xff) => write!(out, "\\x{code:02x}"),
            (_, code @ ..=0xffff) => write!(out, "\\u{code:04x}"),
            (_, code) => write!(out, "\\U{code:08x}"),
        };
    }
    out.push(quote);
    out
}

/// `str.isprintable`: no control, format, private or unassigned character, and no separator but the blank.
fn is_printable(c: char) -> bool {
    match c {
        ..'\u{80}' => !c.is_ascii_control(),
        // Rust escapes by the same categories; a combining mark only where it has nothing to stand on.
        c => ['a', c].iter().collect::<String>().escape_debug().nth(1) == Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_chooses_its_quotes_and_escapes_what_no_terminal_should_see() {
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("it's \"so\""), "'it\\'s \"so\"'");
        assert_eq!(repr("\\ \n\t\r\x1b[0m\x7f\u{85}"), "'\\\\ \\n\\t\\r\\x1b[0m\\x7f\\x85'");
        assert_eq!(
            repr("öäü e\u{301} \u{200b}\u{feff}\u{e000}\u{e0001}"),
            "'öäü e\u{301} \\u200b\\ufeff\\ue000\\U000e0001'"
        );
        assert_eq!(ascii("ö€\u{1f600}"), "'\\xf6\\u20ac\\U0001f600'");
    }

    #[test]
    fn bytes_that_are_no_text_are_told_as_python_tells_them() {
        let said = |bytes: &[u8]| decode(bytes).unwrap_err();
        assert_eq!(decode("ö".as_bytes()), Ok("ö"));
        assert_eq!(said(b"ab\xff"), "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte");
        assert_eq!(said(b"\xc3("), "'utf-8' codec can't decode byte 0xc3 in position 0: invalid continuation byte");
        assert_eq!(said(b"\xe2\x82("), "'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte");
        assert_eq!(said(b"a\xe2\x82"), "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data");
    }
}
