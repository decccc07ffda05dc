use std::borrow::Cow;
use std::fmt::Write as _;

/// What a process wrote, as text: bytes that are no UTF-8 are told as Python tells them, `Undecodable: b'\xff'`.
#[must_use]
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(format!("Undecodable: {}", repr(bytes))),
    }
}

/// Python's `repr` of bytes.
fn repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut repr = String::with_capacity(bytes.len() + 3);
    repr.push('b');
    repr.push(char::from(quote));
    for &byte in bytes {
        match byte {
            b'\t' => repr.push_str("\\t"),
            b'\n' => repr.push_str("\\n"),
            b'\r' => repr.push_str("\\r"),
            b'\\' => repr.push_str("\\\\"),
            _ if byte == quote => repr.extend(['\\', char::from(byte)]),
            b' '..=b'~' => repr.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => _ = write!(repr, "\\x{byte:02x}"),
        }
    }
    repr.push(char::from(quote));
    repr
}

#[test]
fn bytes_are_quoted_as_python_quotes_them() {
    assert_eq!(text("ä\0'".as_bytes()), "ä\0'");
    assert_eq!(text(b"\xffa\\\t\n\r\0\x7f~"), r"Undecodable: b'\xffa\\\t\n\r\x00\x7f~'");
    assert_eq!(text(b"\xff'"), r#"Undecodable: b"\xff'""#);
    assert_eq!(text(b"\xff'\""), r#"Undecodable: b'\xff\'"'"#);
}
