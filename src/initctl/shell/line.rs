//! A line being edited. Pure: keys in, a line and what to do next out.

use super::key::Key;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

/// A line, and where the cursor is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    text: Vec<char>,
    /// How many characters are before it.
    cursor: usize,
    killed: Vec<char>,
}

/// What a key asks of the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// To show the line.
    Draw,
    /// To obey it.
    Obey,
    /// To end.
    End,
    /// To complete the word before the cursor.
    Complete,
    Older,
    Newer,
    /// To clear the screen.
    Clear,
}

impl Line {
    /// All of it.
    pub(super) fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// What is before the cursor.
    pub(super) fn before(&self) -> String {
        self.text.iter().take(self.cursor).collect()
    }

    /// Puts another text in its place, with the cursor behind it.
    pub(super) fn set(&mut self, text: &str) {
        self.text = text.chars().collect();
        self.cursor = self.text.len();
    }

    /// Puts a text in place of so many characters before the cursor.
    pub(super) fn replace(&mut self, count: usize, text: &str) {
        let start = self.cursor.saturating_sub(count);
        self.text.splice(start..self.cursor, text.chars());
        self.cursor = start.saturating_add(text.chars().count());
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: Key) -> Effect {
        let (cursor, length) = (self.cursor, self.text.len());
        match key {
            Key::Char(c) => self.replace(0, c.encode_utf8(&mut [0; 4])),
            Key::Enter => return Effect::Obey,
            Key::Tab => return Effect::Complete,
            Key::Up => return Effect::Older,
            Key::Down => return Effect::Newer,
            Key::Clear => return Effect::Clear,
            Key::EndOfInput if self.text.is_empty() => return Effect::End,
            Key::EndOfInput | Key::Delete => self.remove(cursor, cursor.saturating_add(1).min(length)),
            Key::Backspace => self.remove(cursor.saturating_sub(1), cursor),
            Key::Left => self.cursor = cursor.saturating_sub(1),
            Key::Right => self.cursor = cursor.saturating_add(1).min(length),
            Key::WordLeft => self.cursor = self.word_start(char::is_alphanumeric),
            Key::WordRight => self.cursor = self.word_end(),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = length,
            Key::KillToEnd => self.kill(cursor, length),
            Key::KillToStart => self.kill(0, cursor),
            Key::KillWord => self.kill(self.word_start(|c| !c.is_whitespace()), cursor),
            Key::KillWordRight => self.kill(cursor, self.word_end()),
            Key::Yank => self.replace(0, &self.killed.iter().collect::<String>()),
            Key::Other => {}
        }
        Effect::Draw
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.cursor = start;
        self.text.drain(start..end);
    }

    fn kill(&mut self, start: usize, end: usize) {
        if start < end {
            self.killed = self.text.iter().take(end).skip(start).copied().collect();
            self.remove(start, end);
        }
    }

    /// Where the word before the cursor begins.
    fn word_start(&self, in_word: impl Fn(char) -> bool) -> usize {
        let before = self.text.iter().take(self.cursor).rev();
        let letters = before.skip_while(|c| !in_word(**c)).skip_while(|c| in_word(**c));
        letters.count()
    }

    /// Where the word behind the cursor ends.
    fn word_end(&self) -> usize {
        let behind = self.text.iter().skip(self.cursor);
        let rest = behind.skip_while(|c| !c.is_alphanumeric()).skip_while(|c| c.is_alphanumeric());
        self.text.len().saturating_sub(rest.count())
    }

    /// Shows the line behind its prompt on a terminal of so many columns, whose cursor is `row` rows below where the prompt begins.
    /// Says in which row it is then.
    pub(super) fn draw(&self, prompt: &str, columns: usize, row: usize) -> (String, usize) {
        let columns = columns.max(1);
        let start = prompt.chars().map(width).sum::<usize>();
        let end = self.text.iter().copied().map(width).fold(start, usize::saturating_add);
        let cursor = self.text.iter().take(self.cursor).copied().map(width).fold(start, usize::saturating_add);
        let mut out = String::new();
        // Writing to a String cannot fail.
        if row > 0 {
            let _ = write!(out, "\x1b[{row}A");
        }
        let _ = write!(out, "\r\x1b[J{prompt}{}", self.text());
        if end > 0 && end.is_multiple_of(columns) {
            // The terminal goes to the next row only with the next character.
            out.push_str("\r\n");
        }
        let up = (end / columns).saturating_sub(cursor / columns);
        if up > 0 {
            let _ = write!(out, "\x1b[{up}A");
        }
        out.push('\r');
        if cursor % columns > 0 {
            let _ = write!(out, "\x1b[{}C", cursor % columns);
        }
        (out, cursor / columns)
    }
}

fn width(c: char) -> usize {
    c.width().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[u8]) -> (Line, Effect) {
        let (mut line, mut effect, mut rest) = (Line::default(), Effect::Draw, keys);
        while let Some((key, count)) = super::super::key::read(rest) {
            effect = line.press(key);
            rest = &rest[count..];
        }
        (line, effect)
    }

    #[test]
    fn keys_edit_the_line() {
        for (keys, before, text) in [
            (&b"stat\x02\x02x"[..], "stx", "stxat"),
            (b"ab\x01\x04", "", "b"),
            (b"\x7fab\x7f", "a", "a"),
            (b"stop web:a\x17\x17", "", ""),
            (b"stop web:a\x17x", "stop x", "stop x"),
            (b"stop web:a\x1bb\x1bd", "stop web:", "stop web:"),
            (b"stop web:a\x1bb\x1bb\x0b", "stop ", "stop "),
            (b"ab\x15\x19\x19", "abab", "abab"),
            (b"ab\x02\x0b\x19\x19\x06", "abb", "abb"),
            (b"ab\x01\x1bf\x1bf\x1b[D\x1b[3~\x1b[3~", "a", "a"),
        ] {
            let (line, effect) = typed(keys);
            assert_eq!(
                (line.before().as_str(), line.text().as_str(), effect),
                (before, text, Effect::Draw),
                "{keys:?}"
            );
        }
        assert_eq!(typed(b"\x04").1, Effect::End);
        assert_eq!(typed(b"a\r").1, Effect::Obey);
    }

    #[test]
    fn a_long_line_is_drawn_over_rows() {
        let (mut line, _) = typed("aé漢".as_bytes());
        assert_eq!(line.draw("> ", 80, 0), ("\r\x1b[J> aé漢\r\x1b[6C".to_owned(), 0));
        assert_eq!(line.draw("> ", 6, 1), ("\x1b[1A\r\x1b[J> aé漢\r\n\r".to_owned(), 1));
        line.press(Key::Home);
        assert_eq!(line.draw("> ", 6, 1), ("\x1b[1A\r\x1b[J> aé漢\r\n\x1b[1A\r\x1b[2C".to_owned(), 0));
        assert_eq!(line.draw("", 0, 0).1, 0);
    }
}
