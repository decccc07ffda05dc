//! Python's shlex: words as a shell sees them, and the tokens of `environment`.

use super::ordered::Ordered;
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// Why a text has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// A quote stays open.
    NoClosingQuotation,
    /// A backslash ends the text.
    NoEscapedCharacter,
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SplitError::NoClosingQuotation => "No closing quotation",
            SplitError::NoEscapedCharacter => "No escaped character",
        })
    }
}

impl std::error::Error for SplitError {}

/// The words of a command line: `shlex.split`.
pub fn split(command: &str) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    // An empty word is one as well, if it was quoted.
    let mut word: Option<String> = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' | '"' => quoted(&mut chars, c, word.get_or_insert_default())?,
            '\\' => {
                let escaped = chars.next().ok_or(SplitError::NoEscapedCharacter)?;
                word.get_or_insert_default().push(escaped);
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// What stands up to the closing quote.
fn quoted(chars: &mut Chars<'_>, quote: char, word: &mut String) -> Result<(), SplitError> {
    loop {
        match chars.next().ok_or(SplitError::NoClosingQuotation)? {
            c if c == quote => return Ok(()),
            '\\' if quote == '"' => {
                let escaped = chars.next().ok_or(SplitError::NoEscapedCharacter)?;
                // Before anything else the backslash is a character like others.
                if !matches!(escaped, '"' | '\\') {
                    word.push('\\');
                }
                word.push(escaped);
            }
            c => word.push(c),
        }
    }
}

/// `KEY=val,KEY2="val 2"`: supervisor's `dict_of_key_value_pairs`. What separates two pairs may be any one token.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Ordered::default();
    for tokens in tokens(text).map_err(|error| error.to_string())?.chunks(4) {
        match tokens {
            [key, equals, value, ..] if equals == "=" => {
                pairs.set(key.clone(), value.trim_matches(['\'', '"']).to_owned());
            }
            _ => return Err(format!("Unexpected end of key/value pairs in value '{text}'")),
        }
    }
    Ok(pairs.into_entries())
}

/// What `shlex.shlex(text)` yields when it is not POSIX and `/.+-():` count as letters. Quotes stay, backslashes are nothing special.
fn tokens(text: &str) -> Result<Vec<String>, SplitError> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => {}
            '#' => skip_comment(&mut chars),
            '\'' | '"' => {
                let mut token = String::from(c);
                while !token.ends_with(c) || token.len() == 1 {
                    token.push(chars.next().ok_or(SplitError::NoClosingQuotation)?);
                }
                tokens.push(token);
            }
            c if is_letter(c) => tokens.push(word(c, &mut chars)),
            c => tokens.push(String::from(c)),
        }
    }
    Ok(tokens)
}

fn word(first: char, chars: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::from(first);
    // Inside a word a quote is a letter, and behind a comment the word goes on in the next line.
    while let Some(c) = chars.next_if(|c| is_letter(*c) || matches!(c, '\'' | '"' | '#')) {
        match c {
            '#' => skip_comment(chars),
            c => word.push(c),
        }
    }
    word
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_/.+-():".contains(c)
}

fn skip_comment(chars: &mut Peekable<Chars<'_>>) {
    chars.find(|c| *c == '\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_a_shells() {
        let words = |text| split(text).unwrap();
        assert_eq!(words("a  'b c'\t\"d \\\" \\n \\\\\"\\ e\n''x ''"), ["a", "b c", "d \" \\n \\ e", "x", ""]);
        assert_eq!(words(" \n"), Vec::<String>::new());
        assert_eq!(words("a # b"), ["a", "#", "b"]);
        assert_eq!(split("a 'b"), Err(SplitError::NoClosingQuotation));
        assert_eq!(split("a \"b\\\""), Err(SplitError::NoClosingQuotation));
        assert_eq!(split("a\\"), Err(SplitError::NoEscapedCharacter));
        assert_eq!(split("\"a\\"), Err(SplitError::NoEscapedCharacter));
    }

    #[test]
    fn pairs_have_the_quirks_of_the_original() {
        let pairs = |text| pairs(text).map(|pairs| pairs.iter().map(|(k, v)| format!("{k}|{v}")).collect::<Vec<_>>());
        assert_eq!(pairs("A=1, B='x,y' ,C=\"it's\","), Ok(vec!["A|1".into(), "B|x,y".into(), "C|it's".into()]));
        assert_eq!(pairs("A=1;B=2\nC=3"), Err("Unexpected end of key/value pairs in value 'A=1;B=2\nC=3'".into()));
        assert_eq!(pairs("A=1,B=2,A=3"), Ok(vec!["A|3".into(), "B|2".into()]));
        assert_eq!(pairs("A=a@b"), Err("Unexpected end of key/value pairs in value 'A=a@b'".into()));
        assert_eq!(pairs("A=b#c\nd"), Ok(vec!["A|bd".into()]));
        assert_eq!(pairs("A=\"b"), Err("No closing quotation".into()));
        assert_eq!(pairs("A='\"b\\\"'"), Ok(vec!["A|b\\".into()]));
        assert_eq!(pairs(" # nothing"), Ok(vec![]));
    }
}
