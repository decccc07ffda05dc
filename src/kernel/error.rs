use std::fmt;

/// Why a kernel file could not be read: what was expected, on which line, and the beginning of what stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What should have stood there.
    pub expected: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// What stood there instead: at most [`ParseError::SHOWN`] bytes, made printable.
    pub found: String,
}

impl ParseError {
    /// How much of a bad line is shown.
    pub const SHOWN: usize = 40;

    pub(crate) fn new(expected: &'static str, line: usize, found: &[u8]) -> ParseError {
        let shown = found.get(..ParseError::SHOWN).unwrap_or(found);
        ParseError { expected, line, found: shown.escape_ascii().to_string() }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: expected {}, found \"{}\"", self.line, self.expected, self.found)
    }
}

impl std::error::Error for ParseError {}
