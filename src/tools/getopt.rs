//! getopt_long(3) over a table of options.
//!
//! The originals read their arguments with GNU getopt, and scripts depend on it: options after operands, `-hw`, `--hum` for
//! `--human`, the words of its messages. The table of a tool is the one place its options are written down: this module parses by
//! it, the usage text is printed from it, and the man page and completions are made from it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Whether an option takes a value, and what its usage calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value.
    None,
    /// One value: the rest of the word, or the next word.
    Required(&'static str),
    /// A value only where it is attached: `--output=FIELDS`.
    Optional(&'static str),
}

/// One option. `T` is what it means to the tool.
#[derive(Clone, Copy, Debug)]
pub struct Opt<T: 'static> {
    /// What it means.
    pub id: T,
    /// Its letter.
    pub short: Option<char>,
    /// Its long name, without dashes.
    pub long: Option<&'static str>,
    /// Whether it takes a value.
    pub value: Value,
    /// One line of help; empty for what the original does not document.
    pub help: &'static str,
}

/// What the arguments of a tool may be.
#[derive(Debug)]
pub struct Spec<T: 'static> {
    /// The program's name.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// What it takes beside options, such as `FILE`.
    pub operands: Option<(&'static str, &'static str)>,
    /// Its options, in the order of the original's usage.
    pub options: &'static [Opt<T>],
}

/// The next thing on the command line.
#[derive(Debug, PartialEq, Eq)]
pub enum Arg<T> {
    /// An option, and its value where it has one.
    Option(T, Option<OsString>),
    /// Anything else.
    Operand(OsString),
}

/// Walks over the arguments as getopt_long does. Operands come in between, in their order; the originals sort them behind the
/// options, which is the same to a tool that acts on options as they come.
pub struct Getopt<'a, T: 'static> {
    program: &'a OsStr,
    options: Vec<&'static Opt<T>>,
    words: std::slice::Iter<'a, OsString>,
    /// The letters of a cluster such as `-hw` that are still to come.
    cluster: &'a [u8],
    only_operands: bool,
    posix: bool,
}

impl<'a, T: Copy> Getopt<'a, T> {
    /// Walks over `words` (without the program's name). `program` is how the user called it: messages begin with it. `known` says
    /// which options of the table this version of the tool has. `posix` is whether POSIXLY_CORRECT is set: the first operand
    /// then ends the options.
    pub fn new(
        spec: &Spec<T>,
        program: &'a OsStr,
        words: &'a [OsString],
        posix: bool,
        known: impl Fn(&T) -> bool,
    ) -> Getopt<'a, T> {
        let options = spec.options.iter().filter(|option| known(&option.id)).collect();
        Getopt { program, options, words: words.iter(), cluster: &[], only_operands: false, posix }
    }

    /// The next word as it stands, where it is wanted: some originals take it for a value although getopt does not. To be asked
    /// right behind an option that ended its word.
    pub fn next_word_if(&mut self, wanted: impl Fn(&[u8]) -> bool) -> Option<OsString> {
        let word = self.words.as_slice().first().filter(|word| wanted(word.as_bytes()))?;
        self.words.next();
        Some(word.clone())
    }

    fn message(&self, parts: &[&[u8]]) -> Vec<u8> {
        [self.program.as_bytes(), b": "].into_iter().chain(parts.iter().copied()).collect::<Vec<_>>().concat()
    }

    fn short(&mut self, letter: u8, rest: &'a [u8]) -> Result<Arg<T>, Vec<u8>> {
        self.cluster = rest;
        let found =
            self.options.iter().find(|option| option.short.is_some_and(|short| short as u32 == u32::from(letter)));
        let Some(option) = found else {
            return Err(self.message(&[b"invalid option -- '", &[letter], b"'"]));
        };
        let id = option.id;
        let value = match option.value {
            Value::None => None,
            Value::Optional(_) if rest.is_empty() => None,
            Value::Required(_) if rest.is_empty() => match self.words.next() {
                Some(word) => Some(word.clone()),
                None => return Err(self.message(&[b"option requires an argument -- '", &[letter], b"'"])),
            },
            Value::Required(_) | Value::Optional(_) => Some(OsString::from_vec(rest.to_vec())),
        };
        if value.is_some() {
            self.cluster = &[];
        }
        Ok(Arg::Option(id, value))
    }

    fn long(&mut self, word: &'a [u8]) -> Result<Arg<T>, Vec<u8>> {
        let equals = word.iter().position(|byte| *byte == b'=');
        let name = equals.and_then(|at| word.get(..at)).unwrap_or(word);
        let attached = equals.and_then(|at| word.get(at + 1..)).map(|value| OsString::from_vec(value.to_vec()));

        let long = |option: &Opt<T>| option.long.unwrap_or_default().as_bytes();
        let candidates: Vec<&Opt<T>> =
            match self.options.iter().find(|option| option.long.is_some() && long(option) == name) {
                Some(exact) => vec![exact],
                None => {
                    self.options.iter().copied().filter(|o| o.long.is_some() && long(o).starts_with(name)).collect()
                }
            };
        let option = match candidates.as_slice() {
            [] => return Err(self.message(&[b"unrecognized option '--", word, b"'"])),
            [one] => *one,
            several => {
                let names: Vec<Vec<u8>> = several.iter().map(|option| [b" '--", long(option), b"'"].concat()).collect();
                return Err(self.message(&[b"option '--", word, b"' is ambiguous; possibilities:", &names.concat()]));
            }
        };
        let (id, value, name) = (option.id, option.value, long(option));
        let value = match (value, attached) {
            (Value::None, Some(_)) => return Err(self.message(&[b"option '--", name, b"' doesn't allow an argument"])),
            (Value::Required(_), None) => match self.words.next() {
                Some(word) => Some(word.clone()),
                None => return Err(self.message(&[b"option '--", name, b"' requires an argument"])),
            },
            (_, attached) => attached,
        };
        Ok(Arg::Option(id, value))
    }
}

impl<T: Copy> Iterator for Getopt<'_, T> {
    /// An argument, or the message for a bad one (without a newline).
    type Item = Result<Arg<T>, Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((letter, rest)) = self.cluster.split_first() {
            return Some(self.short(*letter, rest));
        }
        let word = self.words.next()?;
        match word.as_bytes() {
            _ if self.only_operands => Some(Ok(Arg::Operand(word.clone()))),
            b"--" => {
                self.only_operands = true;
                self.next()
            }
            [b'-', b'-', long @ ..] => Some(self.long(long)),
            [b'-', letter, rest @ ..] => Some(self.short(*letter, rest)),
            _ => {
                self.only_operands = self.posix;
                Some(Ok(Arg::Operand(word.clone())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn opt(id: char, short: bool, long: &'static str, value: Value) -> Opt<char> {
        Opt { id, short: if short { Some(id) } else { None }, long: Some(long), value, help: "" }
    }

    const SPEC: Spec<char> = Spec {
        name: "free",
        about: "",
        operands: None,
        options: &[
            opt('h', true, "human", Value::None),
            opt('H', false, "help", Value::None),
            opt('s', true, "seconds", Value::Required("N")),
            opt('o', false, "output", Value::Optional("LIST")),
            opt('w', true, "wide", Value::None),
        ],
    };

    fn parse(words: &str) -> Vec<String> {
        let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
        Getopt::new(&SPEC, OsStr::new("free"), &words, false, |_| true)
            .map(|arg| match arg {
                Ok(Arg::Option(id, None)) => format!("{id}"),
                Ok(Arg::Option(id, Some(value))) => format!("{id}={}", value.display()),
                Ok(Arg::Operand(word)) => format!("operand {}", word.display()),
                Err(message) => String::from_utf8(message).unwrap(),
            })
            .collect()
    }

    #[test]
    fn clusters_values_and_operands() {
        assert_eq!(parse("-hws3 x -s 4 --sec=5 --seconds 6"), ["h", "w", "s=3", "operand x", "s=4", "s=5", "s=6"]);
        assert_eq!(parse("--output --output=a -- -h -"), ["o", "o=a", "operand -h", "operand -"]);
    }

    #[test]
    fn the_words_of_getopt() {
        assert_eq!(parse("-z"), ["free: invalid option -- 'z'"]);
        assert_eq!(parse("-s"), ["free: option requires an argument -- 's'"]);
        assert_eq!(parse("--seconds"), ["free: option '--seconds' requires an argument"]);
        assert_eq!(parse("--wide=3"), ["free: option '--wide' doesn't allow an argument"]);
        assert_eq!(parse("--nope=3"), ["free: unrecognized option '--nope=3'"]);
        assert_eq!(parse("--h"), ["free: option '--h' is ambiguous; possibilities: '--human' '--help'"]);
    }
}
