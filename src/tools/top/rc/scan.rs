//! Reads text as scanf(3) does, which is how the original reads its rc file: blanks and line ends are one, and what does not fit
//! stays where it is for the next to try.

/// A place in a text.
pub(super) struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8]) -> Scan<'a> {
        Scan { rest: text }
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The rest of the line, if there is any.
    pub(super) fn line(&mut self) -> Option<&'a [u8]> {
        let (line, rest) = match self.rest.iter().position(|byte| *byte == b'\n') {
            Some(at) => (self.rest.get(..at)?, self.rest.get(at + 1..)?),
            None => (self.rest, &[][..]),
        };
        let is_there = !self.rest.is_empty();
        self.rest = rest;
        is_there.then_some(line)
    }

    /// Passes blanks and line ends.
    pub(super) fn blanks(&mut self) {
        let ascii = |byte: &u8| !matches!(byte, b' ' | b'\t'..=b'\r');
        let at = self.rest.iter().position(ascii).unwrap_or(self.rest.len());
        self.rest = self.rest.get(at..).unwrap_or_default();
    }

    /// Passes these letters; a blank stands for any number of them. Those that fit are passed even where others do not.
    pub(super) fn letters(&mut self, letters: &[u8]) -> Option<()> {
        for letter in letters {
            if letter.is_ascii_whitespace() {
                self.blanks();
            } else {
                self.rest = self.rest.strip_prefix(std::slice::from_ref(letter))?;
            }
        }
        Some(())
    }

    /// Any one letter.
    pub(super) fn letter(&mut self) -> Option<u8> {
        let (letter, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*letter)
    }

    /// A decimal number; one too large is cut as C cuts it.
    pub(super) fn int(&mut self) -> Option<i32> {
        self.blanks();
        let (negative, digits) = match self.rest {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
        let (number, rest) = digits.split_at_checked(end).filter(|(number, _)| !number.is_empty())?;
        self.rest = rest;
        let digit = |value: i64, digit: &u8| value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        let value = number.iter().fold(0, digit);
        Some(if negative { value.wrapping_neg() } else { value } as i32)
    }

    /// At most so many letters that are no blanks.
    pub(super) fn word(&mut self, limit: usize) -> Option<&'a [u8]> {
        self.blanks();
        let ascii = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let end = self.rest.iter().take(limit).position(ascii).unwrap_or(limit.min(self.rest.len()));
        let (word, rest) = self.rest.split_at_checked(end).filter(|(word, _)| !word.is_empty())?;
        self.rest = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_stays() {
        let mut scan = Scan::new(b"a=  -12, b=x");
        assert_eq!(
            (scan.letters(b"a="), scan.int(), scan.letters(b", b="), scan.int()),
            (Some(()), Some(-12), Some(()), None)
        );
        assert_eq!(scan.rest(), b"x");
        assert_eq!(scan.letters(b"xy"), None);
        assert_eq!(scan.rest(), b"");
    }

    #[test]
    fn numbers_are_cut_as_c_cuts_them() {
        let int = |text: &str| Scan::new(text.as_bytes()).int();
        assert_eq!(int("99999999999"), Some(1_215_752_191));
        assert_eq!(int("4294967295"), Some(-1));
        assert_eq!(int("99999999999999999999999"), Some(-1));
        assert_eq!(int("-"), None);
    }
}
