//! What was typed, as keys: readline's, in its emacs mode.

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Tab,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    Backspace,
    Delete,
    /// Ctrl-D: the end of all on an empty line, otherwise `Delete`.
    EndOfInput,
    KillToEnd,
    KillToStart,
    /// Back to a blank.
    KillWord,
    /// To the end of the word.
    KillWordRight,
    Yank,
    Clear,
    /// One that means nothing here.
    Other,
}

/// The first key of what was typed, and how many bytes it takes; `None` where more has to come.
pub(super) fn read(bytes: &[u8]) -> Option<(Key, usize)> {
    match bytes {
        [] | [0x1b] => None,
        [0x1b, b'[' | b'O', rest @ ..] => {
            let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
            let key = match (rest.get(..end)?, rest.get(end)?) {
                (b"", b'A') => Key::Up,
                (b"", b'B') => Key::Down,
                (b"", b'C') => Key::Right,
                (b"", b'D') => Key::Left,
                (b"1;5" | b"1;3", b'C') => Key::WordRight,
                (b"1;5" | b"1;3", b'D') => Key::WordLeft,
                (b"", b'H') | (b"1" | b"7", b'~') => Key::Home,
                (b"", b'F') | (b"4" | b"8", b'~') => Key::End,
                (b"3", b'~') => Key::Delete,
                _ => Key::Other,
            };
            Some((key, end.saturating_add(3)))
        }
        [0x1b, second, ..] => {
            let key = match second {
                b'b' => Key::WordLeft,
                b'f' => Key::WordRight,
                b'd' => Key::KillWordRight,
                0x7f | 0x08 => Key::KillWord,
                _ => Key::Other,
            };
            Some((key, 2))
        }
        [byte @ (0..0x20 | 0x7f), ..] => Some((control(*byte), 1)),
        _ => character(bytes),
    }
}

fn control(byte: u8) -> Key {
    match byte {
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        0x7f | 0x08 => Key::Backspace,
        0x01 => Key::Home,
        0x02 => Key::Left,
        0x04 => Key::EndOfInput,
        0x05 => Key::End,
        0x06 => Key::Right,
        0x0b => Key::KillToEnd,
        0x0c => Key::Clear,
        0x0e => Key::Down,
        0x10 => Key::Up,
        0x15 => Key::KillToStart,
        0x17 => Key::KillWord,
        0x19 => Key::Yank,
        _ => Key::Other,
    }
}

/// A character of UTF-8.
fn character(bytes: &[u8]) -> Option<(Key, usize)> {
    let first = bytes.utf8_chunks().next()?;
    match first.valid().chars().next() {
        Some(c) if !c.is_control() => Some((Key::Char(c), c.len_utf8())),
        Some(c) => Some((Key::Other, c.len_utf8())),
        // The beginning of one, or none at all.
        None if first.invalid().len() == bytes.len() && bytes.len() < 4 => None,
        None => Some((Key::Other, first.invalid().len().max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_pieces() {
        for (typed, key) in [
            (&b"a"[..], Key::Char('a')),
            ("ö".as_bytes(), Key::Char('ö')),
            (b"\x1b[A", Key::Up),
            (b"\x1bOD", Key::Left),
            (b"\x1b[3~", Key::Delete),
            (b"\x1b[1;5C", Key::WordRight),
            (b"\x1b[200~", Key::Other),
            (b"\x1bb", Key::WordLeft),
            (b"\x04", Key::EndOfInput),
            (b"\r", Key::Enter),
            (b"\x1b\x1b", Key::Other),
        ] {
            for length in 0..typed.len() {
                assert_eq!(read(&typed[..length]), None, "{typed:?}");
            }
            assert_eq!(read(typed), Some((key, typed.len())));
            assert_eq!(read(&[typed, b"\xffx"].concat()), Some((key, typed.len())));
        }
        assert_eq!(read(b"\xffx"), Some((Key::Other, 1)));
    }
}
