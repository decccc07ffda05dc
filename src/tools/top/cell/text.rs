//! Words in so many columns of a terminal, and nothing that a terminal obeys.

use super::scale;
use unicode_width::UnicodeWidthChar;

/// Words as they are appended, up to the width of their column.
pub(super) struct Text<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    width: usize,
    utf8: bool,
    columns: usize,
    /// Where, and in which column, `+` stands if there is more than has room.
    plus: (usize, usize),
    /// There is.
    full: bool,
}

impl<'a> Text<'a> {
    /// An empty text at the end of `out`.
    pub(super) fn new(width: usize, utf8: bool, out: &'a mut Vec<u8>) -> Text<'a> {
        let start = out.len();
        Text { out, start, width, utf8, columns: 0, plus: (start, 0), full: false }
    }

    /// Whether what follows is not shown.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Appends bytes of any kind.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.append(bytes, false);
    }

    /// Appends bytes in which NULs and newlines are blanks: arguments, or variables.
    pub(super) fn push_joined(&mut self, bytes: &[u8]) {
        self.append(bytes, true);
    }

    /// Appends these bytes, or those if there are none.
    pub(super) fn push_or(&mut self, bytes: Option<&[u8]>, otherwise: &[u8]) {
        self.push(bytes.unwrap_or(otherwise));
    }

    /// Appends a number.
    pub(super) fn push_number(&mut self, number: u64) {
        let mut digits = Vec::with_capacity(20);
        scale::unsigned(number, &mut digits);
        self.push(&digits);
    }

    /// Appends blanks.
    pub(super) fn push_blanks(&mut self, mut blanks: usize) {
        const BLANKS: [u8; 64] = [b' '; 64];
        while blanks > 0 && !self.full {
            let some = BLANKS.get(..blanks).unwrap_or(&BLANKS);
            self.push(some);
            blanks -= some.len();
        }
    }

    /// Ends the text with `+` if there was more than has room, and tells how many columns it has.
    pub(super) fn finish(self) -> usize {
        if !self.full {
            return self.columns;
        }
        if self.width == 0 {
            self.out.truncate(self.start);
            return 0;
        }
        self.out.truncate(self.plus.0);
        self.out.push(b'+');
        self.plus.1 + 1
    }

    fn append(&mut self, mut bytes: &[u8], joined: bool) {
        while !self.full && !bytes.is_empty() {
            let room = self.width - self.columns;
            // A byte more than has room tells that there is more.
            let near = bytes.get(..room.saturating_add(1)).unwrap_or(bytes);
            let plain = near.iter().take_while(|byte| (b' '..=b'~').contains(byte)).count();
            let (run, rest) = bytes.split_at_checked(plain).unwrap_or((bytes, b""));
            self.plain(run);
            match rest.split_first() {
                Some((b'\0' | b'\n', rest)) if joined => {
                    self.plain(b" ");
                    bytes = rest;
                }
                Some((byte, rest)) if byte.is_ascii() || !self.utf8 => {
                    self.plain(match byte {
                        b' '..=b'~' => std::slice::from_ref(byte),
                        _ if self.utf8 || !byte.is_ascii() => b"?",
                        _ => b".",
                    });
                    bytes = rest;
                }
                Some(_) => bytes = self.wide(rest),
                None => break,
            }
        }
    }

    /// Appends letters of one byte and one column each.
    fn plain(&mut self, run: &[u8]) {
        let room = self.width - self.columns;
        let shown = run.get(..room).unwrap_or(run);
        self.out.extend_from_slice(shown);
        self.columns += shown.len();
        self.full |= shown.len() < run.len();
        if !shown.is_empty() {
            // In front of the last letter if that has the last column, else behind it.
            let last = usize::from(self.columns == self.width);
            self.plus = (self.out.len() - last, self.columns - last);
        }
    }

    /// Appends the letter of several bytes that this begins with, and returns the rest. What is no letter, and from there
    /// on what is not ASCII, is a `?` a byte.
    fn wide<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let first = bytes.get(..4).unwrap_or(bytes).utf8_chunks().next();
        let Some(letter) = first.and_then(|chunk| chunk.valid().chars().next()) else {
            // Nor does procps trust what stands behind it.
            self.utf8 = false;
            self.plain(b"?");
            return bytes.get(1..).unwrap_or_default();
        };
        let rest = bytes.get(letter.len_utf8()..).unwrap_or_default();
        // What turns the direction of a text would show a task under another name.
        let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if turns {
            self.plain(b"?");
            return rest;
        }
        let Some(columns) = letter.width() else {
            // A control of two bytes.
            self.plain(b"??");
            return rest;
        };
        // Marks have no columns of their own: a text of nothing else must end too.
        let marks = self.out.len() - self.start > self.width.saturating_mul(16).saturating_add(64);
        if columns > self.width - self.columns || marks {
            self.full = true;
            return rest;
        }
        self.out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        self.columns += columns;
        if self.columns < self.width {
            self.plus = (self.out.len(), self.columns);
        }
        rest
    }
}
