//! What the bytes from a terminal mean.

use crate::tools::top::key::Key;
use std::collections::VecDeque;
use std::str;

/// Keys that were typed ahead: no more are taken from the terminal, which keeps the rest.
const AHEAD: usize = 16 * 1024;
/// No key has more bytes than that.
const LONGEST: usize = 32;
/// A key that top does nothing with, which it also says.
const UNKNOWN: Key = Key::Ctrl('@');

/// Bytes typed that are not yet taken as keys.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    bytes: VecDeque<u8>,
}

/// What the first bytes are.
enum Parsed {
    /// A key, or nothing that matters, of so many bytes.
    Key(Option<Key>, usize),
    /// The beginning of a key.
    Part,
}

impl Keys {
    /// Adds bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    /// Whether there is room for more.
    #[must_use]
    pub(crate) fn has_room(&self) -> bool {
        self.bytes.len() < AHEAD
    }

    /// Whether all is taken.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next key. `None` where there is none, or only a part of one; `all`: no more has come for a while, so that an ESC is the
    /// key itself.
    pub(crate) fn next(&mut self, all: bool) -> Option<Key> {
        while !self.bytes.is_empty() {
            let mut first = [0; LONGEST];
            let len = self.bytes.iter().zip(&mut first).map(|(byte, place)| *place = *byte).count();
            match parse(first.get(..len)?, all || len == LONGEST) {
                Parsed::Part => return None,
                Parsed::Key(key, len) => {
                    self.bytes.drain(..len.clamp(1, self.bytes.len()));
                    if key.is_some() {
                        return key;
                    }
                }
            }
        }
        None
    }
}

fn parse(bytes: &[u8], all: bool) -> Parsed {
    match bytes {
        [0x1b, rest @ ..] => escape(rest, all),
        [b'\r' | b'\n', ..] => Parsed::Key(Some(Key::Enter), 1),
        [b'\t', ..] => Parsed::Key(Some(Key::Tab), 1),
        [0x7f | 0x08, ..] => Parsed::Key(Some(Key::Backspace), 1),
        [control @ ..0x20, ..] => Parsed::Key(Some(Key::Ctrl(char::from(control | 0x40).to_ascii_lowercase())), 1),
        _ => match character(bytes) {
            Ok(Some(char)) => Parsed::Key(Some(Key::Char(char)).filter(|_| !char.is_control()), char.len_utf8()),
            Ok(None) if all => Parsed::Key(None, bytes.len()),
            Ok(None) => Parsed::Part,
            Err(wrong) => Parsed::Key(None, wrong),
        },
    }
}

/// The character that the bytes begin with; `None` where it is not whole; else how many bytes are none.
fn character(bytes: &[u8]) -> Result<Option<char>, usize> {
    let begin = bytes.get(..4).unwrap_or(bytes);
    match str::from_utf8(begin) {
        Ok(text) => Ok(text.chars().next()),
        Err(error) if error.valid_up_to() > 0 => {
            Ok(str::from_utf8(begin.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default().chars().next())
        }
        Err(error) => error.error_len().map_or(Ok(None), Err),
    }
}

/// What ESC and these bytes are.
fn escape(rest: &[u8], all: bool) -> Parsed {
    let or_part = |parsed: Option<Parsed>| parsed.unwrap_or(Parsed::Part);
    match rest {
        [] if all => Parsed::Key(Some(Key::Esc), 1),
        [] => Parsed::Part,
        [b'[', sequence @ ..] => match control_sequence(sequence) {
            Some((key, len)) => Parsed::Key(key, len + 2),
            None if !all => Parsed::Part,
            None if sequence.is_empty() => Parsed::Key(Some(Key::Alt('[')), 2),
            None => Parsed::Key(Some(UNKNOWN), rest.len() + 1),
        },
        [b'O', last, ..] => Parsed::Key(Some(single(*last)), 3),
        [b'O'] if !all => Parsed::Part,
        // ESC, and then another key.
        [..0x20 | 0x7f, ..] => Parsed::Key(Some(Key::Esc), 1),
        _ => match character(rest) {
            Ok(Some(char)) => Parsed::Key(Some(Key::Alt(char)), char.len_utf8() + 1),
            Ok(None) => or_part(all.then_some(Parsed::Key(Some(Key::Esc), 1))),
            Err(wrong) => Parsed::Key(None, wrong + 1),
        },
    }
}

/// The key of a control sequence (ECMA-48), what follows `ESC [`, and its length; `None` where it is not whole.
fn control_sequence(bytes: &[u8]) -> Option<(Option<Key>, usize)> {
    match bytes {
        // What terminals without SGR coordinates send for the mouse, and the console of Linux for F1 to F5.
        [b'M', button, column, line, ..] => {
            let at = |byte: &u8| u32::from(*byte).saturating_sub(32);
            return Some((mouse(at(button), at(column), at(line)), 4));
        }
        [b'M', ..] => return None,
        [b'[', _, ..] => return Some((Some(UNKNOWN), 2)),
        [b'[', ..] => return None,
        _ => (),
    }
    let end = bytes.iter().position(|byte| !(0x20..0x40).contains(byte))?;
    let (parameters, last) = (bytes.get(..end)?, *bytes.get(end)?);
    let key = match (parameters, last) {
        ([b'<', report @ ..], b'M') => {
            let mut numbers = report.split(|byte| *byte == b';').map(number);
            mouse(numbers.next()?, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
        }
        // A button let go.
        ([b'<', ..], b'm') => None,
        (_, b'~') => Some(numbered(parameters.split(|byte| *byte == b';').next().map_or(0, number))),
        // Shift, Ctrl and Alt stand behind a semicolon; the key is the same.
        _ if (0x40..0x7f).contains(&last) => Some(single(last)),
        // Broken off by something else, which stays.
        _ => return Some((Some(UNKNOWN), end)),
    };
    Some((key, end + 1))
}

fn number(digits: &[u8]) -> u32 {
    str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// The key of `ESC [ x` or `ESC O x`.
fn single(last: u8) -> Key {
    match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        b'Z' => Key::BackTab,
        b'M' => Key::Enter,
        _ => UNKNOWN,
    }
}

/// The key of `ESC [ n ~`.
fn numbered(number: u32) -> Key {
    match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        _ => UNKNOWN,
    }
}

/// What the mouse did at a column and line, counted from 1.
fn mouse(button: u32, column: u32, line: u32) -> Option<Key> {
    let from_zero = |number: u32| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    // Shift, Alt and Ctrl are 4, 8 and 16.
    match button & !0b1_1100 {
        0 => Some(Key::Click(from_zero(column), from_zero(line))),
        64 => Some(Key::Wheel { up: true }),
        65 => Some(Key::Wheel { up: false }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::default();
        keys.push(bytes);
        std::iter::from_fn(|| keys.next(true)).collect()
    }

    #[test]
    fn characters_and_controls() {
        let typed = [Key::Char('q'), Key::Enter, Key::Enter, Key::Tab, Key::Backspace, Key::Backspace];
        assert_eq!(keys(b"q\r\n\t\x7f\x08"), typed);
        assert_eq!(keys(b"\x05\x12\x1d\x00"), [Key::Ctrl('e'), Key::Ctrl('r'), Key::Ctrl(']'), Key::Ctrl('@')]);
        assert_eq!(keys("é漢".as_bytes()), [Key::Char('é'), Key::Char('漢')]);
        assert_eq!(keys(b"\xff\xc3a\xe6\xbc"), [Key::Char('a')]);
        assert_eq!(keys("\u{9b}A".as_bytes()), [Key::Char('A')]);
    }

    #[test]
    fn the_keys_that_are_sequences() {
        assert_eq!(keys(b"\x1b[A\x1bOB\x1b[1;5C\x1bOD"), [Key::Up, Key::Down, Key::Right, Key::Left]);
        assert_eq!(keys(b"\x1b[H\x1b[1~\x1b[4~\x1bOF\x1b[F"), [Key::Home, Key::Home, Key::End, Key::End, Key::End]);
        assert_eq!(keys(b"\x1b[2~\x1b[3;2~\x1b[5~\x1b[6~"), [Key::Insert, Key::Delete, Key::PageUp, Key::PageDown]);
        assert_eq!(keys(b"\x1b[Z\x1bj\x1b\x1b"), [Key::BackTab, Key::Alt('j'), Key::Esc, Key::Esc]);
        assert_eq!(keys(b"\x1b[11~\x1bOP\x1b[[Aq"), [UNKNOWN, UNKNOWN, UNKNOWN, Key::Char('q')]);
        assert_eq!(keys(b"\x1b[1;\x1b[A"), [UNKNOWN, Key::Up]);
    }

    #[test]
    fn the_mouse() {
        let up = Key::Wheel { up: true };
        assert_eq!(keys(b"\x1b[<0;12;7M\x1b[<0;12;7m\x1b[<64;1;1M"), [Key::Click(11, 6), up]);
        assert_eq!(keys(b"\x1b[M ,'\x1b[Ma!!"), [Key::Click(11, 6), Key::Wheel { up: false }]);
        assert_eq!(keys(b"\x1b[<2;1;1M\x1b[<35;1;1M\x1b[<M"), [Key::Click(0, 0)]);
    }

    #[test]
    fn a_part_waits_for_the_rest() {
        let mut keys = Keys::default();
        for part in [&b"\x1b"[..], b"[", b"1", b";5"] {
            keys.push(part);
            assert_eq!(keys.next(false), None);
        }
        keys.push(b"A");
        assert_eq!(keys.next(false), Some(Key::Up));
        keys.push(b"\xe6\xbc");
        assert_eq!(keys.next(false), None);
        keys.push(b"\xa2");
        assert_eq!(keys.next(false), Some(Key::Char('漢')));
        keys.push(b"\x1b");
        assert_eq!((keys.next(false), keys.next(true)), (None, Some(Key::Esc)));
    }

    #[test]
    fn whatever_comes_is_taken() {
        let mut seed = 1_u32;
        for _ in 0..2000 {
            let bytes = std::iter::repeat_with(|| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let byte = (seed >> 24) as u8;
                *[0x1b, b'[', b'<', b';', b'M', b'O', byte, byte].get((seed >> 16) as usize % 8).unwrap()
            });
            let bytes = bytes.take(100).collect::<Vec<u8>>();
            let mut keys = Keys::default();
            keys.push(&bytes);
            while keys.next(true).is_some() {}
            assert!(keys.is_empty(), "{bytes:?}");
        }
    }
}
