//! Names in messages, quoted as GNU's tools quote them.

use super::locale::is_printable;

/// A name as a shell would take it back: plain where that is safe and `always` is not set, else in quotes, with `$'\n'` for what
/// cannot be shown.
pub(crate) fn shell(name: &[u8], utf8: bool, always: bool) -> Vec<u8> {
    let pieces = pieces(name, utf8);
    if !always && !name.is_empty() && is_plain(&pieces) {
        return name.to_vec();
    }
    let quotes = name.contains(&b'\'');
    if quotes && fits_double_quotes(&pieces) {
        return [b"\"", name, b"\""].concat();
    }
    // The original goes over a name with a quote twice and forgets between that it ended within an escape: kept, for the
    // messages must be its own to the byte.
    let ends_escaped = matches!(pieces.last(), Some(Piece::Unprintable(_)));
    let mut escaped = quotes && ends_escaped;
    let mut text = b"'".to_vec();
    for piece in pieces {
        match piece {
            Piece::Unprintable(bytes) => {
                if !escaped {
                    text.extend(b"'$'");
                }
                escaped = true;
                bytes.iter().for_each(|byte| escape(*byte, &mut text));
            }
            Piece::Printable(b"'") => {
                text.extend(b"'\\''");
                escaped = false;
            }
            Piece::Printable(bytes) => {
                if escaped {
                    text.extend(b"''");
                }
                escaped = false;
                text.extend(bytes);
            }
        }
    }
    text.push(b'\'');
    text
}

/// A word between the locale's quotes, with C's escapes.
pub(crate) fn word(word: &[u8], utf8: bool) -> Vec<u8> {
    let (open, close) = if utf8 { ("‘", "’") } else { ("'", "'") };
    let mut text = open.as_bytes().to_vec();
    for piece in pieces(word, utf8) {
        match piece {
            Piece::Unprintable(bytes) => bytes.iter().for_each(|byte| escape(*byte, &mut text)),
            Piece::Printable(bytes) => {
                if bytes == close.as_bytes() || bytes == b"\\" {
                    text.push(b'\\');
                }
                text.extend(bytes);
            }
        }
    }
    text.extend(close.as_bytes());
    text
}

/// A character, or a byte that is none.
enum Piece<'a> {
    Printable(&'a [u8]),
    Unprintable(&'a [u8]),
}

fn pieces(name: &[u8], utf8: bool) -> Vec<Piece<'_>> {
    let mut pieces = Vec::with_capacity(name.len());
    if !utf8 {
        pieces.extend(name.chunks(1).map(|byte| match byte {
            [0x20..0x7f] => Piece::Printable(byte),
            _ => Piece::Unprintable(byte),
        }));
        return pieces;
    }
    for chunk in name.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(character) = rest.chars().next() {
            let (one, after) = rest.split_at(character.len_utf8());
            pieces.push(match is_printable(character) {
                true => Piece::Printable(one.as_bytes()),
                false => Piece::Unprintable(one.as_bytes()),
            });
            rest = after;
        }
        pieces.extend(chunk.invalid().chunks(1).map(Piece::Unprintable));
    }
    pieces
}

/// Whether a shell, and a reader who looks for the colon behind the name, takes it as it is.
fn is_plain(pieces: &[Piece<'_>]) -> bool {
    let alone = pieces.len() == 1;
    pieces.iter().enumerate().all(|(at, piece)| match piece {
        Piece::Unprintable(_) => false,
        Piece::Printable([b'{' | b'}']) => !alone,
        Piece::Printable([b'#' | b'~']) => at > 0,
        Piece::Printable([byte]) => !b" !\"$&'()*:;<=>?[\\^`|".contains(byte),
        Piece::Printable(_) => true,
    })
}

/// Whether double quotes, which read better around an apostrophe, keep everything in it as it is.
fn fits_double_quotes(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().enumerate().all(|(at, piece)| match piece {
        Piece::Unprintable(_) => false,
        Piece::Printable([b'#' | b'~']) => at == 0,
        Piece::Printable([byte]) => byte.is_ascii_alphanumeric() || b" %'+,-./:@]_".contains(byte),
        Piece::Printable(_) => true,
    })
}

fn escape(byte: u8, text: &mut Vec<u8>) {
    let letter = match byte {
        0x07 => b'a',
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0b => b'v',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            text.extend([b'\\', b'0' + (byte >> 6), b'0' + (byte >> 3 & 7), b'0' + (byte & 7)]);
            return;
        }
    };
    text.extend([b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(name: &[u8], utf8: bool) -> String {
        String::from_utf8(shell(name, utf8, false)).unwrap()
    }

    #[test]
    fn names_in_the_c_locale() {
        let cases: &[(&[u8], &str)] = &[
            (b"", "''"),
            (b"/a/b-c_d.e,f@g%h+i]", "/a/b-c_d.e,f@g%h+i]"),
            (b"a b", "'a b'"),
            (b"a:b", "'a:b'"),
            (b"a=b", "'a=b'"),
            (b"{", "'{'"),
            (b"a{", "a{"),
            (b"#a", "'#a'"),
            (b"a#", "a#"),
            (b"it's", "\"it's\""),
            (b"it's$", "'it'\\''s$'"),
            (b"a\nb", "'a'$'\\n''b'"),
            (b"a\x01\x02b", "'a'$'\\001\\002''b'"),
            (b"\n", "''$'\\n'"),
            (b"a\n'b", "'a'$'\\n'\\''b'"),
            (b"it's\n", "'''it'\\''s'$'\\n'"),
            (b"'\n", "''\\'''$'\\n'"),
            ("é".as_bytes(), "''$'\\303\\251'"),
        ];
        for (name, expected) in cases {
            assert_eq!(quoted(name, false), *expected, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn names_in_utf8() {
        assert_eq!(quoted("aé日".as_bytes(), true), "aé日");
        assert_eq!(quoted("é's".as_bytes(), true), "\"é's\"");
        assert_eq!(quoted("a\u{85}".as_bytes(), true), "'a'$'\\302\\205'");
        assert_eq!(quoted(b"a\xffb", true), "'a'$'\\377''b'");
        assert_eq!(quoted(b"\xe6\x97a", true), "''$'\\346\\227''a'");
        assert_eq!(shell(b"/dev/null", true, true), b"'/dev/null'");
    }

    #[test]
    fn words() {
        let quoted = |text: &[u8], utf8| String::from_utf8(word(text, utf8)).unwrap();
        assert_eq!(quoted(b"a'b\\c\nd\x1b", false), "'a\\'b\\\\c\\nd\\033'");
        assert_eq!(quoted(b"a'b\xff", true), "‘a'b\\377’");
        assert_eq!(quoted("a‘b’c".as_bytes(), true), "‘a‘b\\’c’");
    }
}
