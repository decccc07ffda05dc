//! getopt_long(3) over the one table of options, as the originals call it.

use super::Manner;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    Help,
    Verbose,
    Version,
    License,
    Subreaper,
    ParentDeath,
    WarnOnReap,
    Group,
    Forgive,
    SingleChild,
    Rewrite,
    Session,
    Leftovers,
}

/// One option, and who knows it.
#[derive(Debug)]
struct Opt {
    short: Option<u8>,
    long: Option<&'static str>,
    has_value: bool,
    means: Means,
    tini: bool,
    dumb_init: bool,
}

/// Every option. `vat-init` knows them all, for no two mean different things; `tini` knows no long ones.
#[rustfmt::skip]
const TABLE: [Opt; 13] = [
    Opt { short: Some(b'h'), long: Some("help"),         has_value: false, means: Means::Help,        tini: true,  dumb_init: true },
    Opt { short: Some(b's'), long: None,                 has_value: false, means: Means::Subreaper,   tini: true,  dumb_init: false },
    Opt { short: Some(b'p'), long: None,                 has_value: true,  means: Means::ParentDeath, tini: true,  dumb_init: false },
    Opt { short: Some(b'w'), long: None,                 has_value: false, means: Means::WarnOnReap,  tini: true,  dumb_init: false },
    Opt { short: Some(b'g'), long: None,                 has_value: false, means: Means::Group,       tini: true,  dumb_init: false },
    Opt { short: Some(b'e'), long: None,                 has_value: true,  means: Means::Forgive,     tini: true,  dumb_init: false },
    Opt { short: Some(b'l'), long: None,                 has_value: false, means: Means::License,     tini: true,  dumb_init: false },
    Opt { short: Some(b'c'), long: Some("single-child"), has_value: false, means: Means::SingleChild, tini: false, dumb_init: true },
    Opt { short: Some(b'r'), long: Some("rewrite"),      has_value: true,  means: Means::Rewrite,     tini: false, dumb_init: true },
    Opt { short: Some(b'v'), long: Some("verbose"),      has_value: false, means: Means::Verbose,     tini: true,  dumb_init: true },
    Opt { short: Some(b'V'), long: Some("version"),      has_value: false, means: Means::Version,     tini: false, dumb_init: true },
    Opt { short: None,       long: Some("session"),      has_value: false, means: Means::Session,     tini: false, dumb_init: false },
    Opt { short: None,       long: Some("leftovers"),    has_value: true,  means: Means::Leftovers,   tini: false, dumb_init: false },
];

impl Opt {
    fn is_known(&self, manner: Manner) -> bool {
        match manner {
            Manner::Tini => self.tini,
            Manner::DumbInit => self.dumb_init,
            Manner::VatInit => true,
        }
    }
}

/// The arguments, option by option.
pub(super) struct Getopt<'a> {
    program: &'a str,
    manner: Manner,
    /// Operands may stand between options: they are gathered.
    permutes: bool,
    words: std::slice::Iter<'a, OsString>,
    /// What is left of a word of short options.
    cluster: &'a [u8],
    operands: Vec<OsString>,
}

impl<'a> Getopt<'a> {
    pub(super) fn new(program: &'a str, manner: Manner, permutes: bool, args: &'a [OsString]) -> Getopt<'a> {
        Getopt { program, manner, permutes, words: args.iter(), cluster: &[], operands: Vec::new() }
    }

    /// What no option is. For when [`Getopt::next`] has given the last one.
    pub(super) fn operands(self) -> Vec<OsString> {
        self.operands
    }

    /// The next option and its value, or getopt's message about it.
    pub(super) fn next(&mut self) -> Option<Result<(Means, OsString), String>> {
        while self.cluster.is_empty() {
            let word: &OsStr = self.words.next()?;
            match word.as_bytes() {
                b"--" => self.operands.extend(self.words.by_ref().cloned()),
                [b'-', b'-', long @ ..] if self.manner != Manner::Tini => return Some(self.long(long)),
                [b'-', cluster @ ..] if !cluster.is_empty() => self.cluster = cluster,
                _ if self.manner == Manner::VatInit => {
                    return Some(Err(self.message(&format!("{}: the command begins behind --", word.display()))));
                }
                _ => {
                    self.operands.push(word.to_owned());
                    if !self.permutes {
                        self.operands.extend(self.words.by_ref().cloned());
                    }
                }
            }
        }
        let (letter, rest) = self.cluster.split_first()?;
        self.cluster = rest;
        Some(self.short(*letter))
    }

    fn short(&mut self, letter: u8) -> Result<(Means, OsString), String> {
        let manner = self.manner;
        let option = TABLE.iter().find(|option| option.is_known(manner) && option.short == Some(letter));
        let shown = || String::from_utf8_lossy(&[letter]).into_owned();
        let Some(option) = option else { return Err(self.message(&format!("invalid option -- '{}'", shown()))) };
        if !option.has_value {
            return Ok((option.means, OsString::new()));
        }
        let here = std::mem::take(&mut self.cluster);
        let value = if here.is_empty() { self.words.next().cloned() } else { Some(OsString::from_vec(here.to_vec())) };
        let value = value.ok_or_else(|| self.message(&format!("option requires an argument -- '{}'", shown())))?;
        Ok((option.means, value))
    }

    fn long(&mut self, word: &[u8]) -> Result<(Means, OsString), String> {
        let mut parts = word.splitn(2, |byte| *byte == b'=');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next());
        let known = || {
            TABLE
                .iter()
                .filter_map(|option| Some((option, option.long?)))
                .filter(|(option, _)| option.is_known(self.manner))
        };
        let begun: Vec<_> = match known().find(|(_, long)| long.as_bytes() == name) {
            Some(exact) => vec![exact],
            None => known().filter(|(_, long)| long.as_bytes().starts_with(name)).collect(),
        };
        let word = String::from_utf8_lossy(word);
        let (option, long) = match begun.as_slice() {
            [] => return Err(self.message(&format!("unrecognized option '--{word}'"))),
            [one] => *one,
            several => {
                let names: String = several.iter().map(|(_, long)| format!(" '--{long}'")).collect();
                return Err(self.message(&format!("option '--{word}' is ambiguous; possibilities:{names}")));
            }
        };
        match (option.has_value, value) {
            (false, Some(_)) => Err(self.message(&format!("option '--{long}' doesn't allow an argument"))),
            (false, None) => Ok((option.means, OsString::new())),
            (true, Some(value)) => Ok((option.means, OsString::from_vec(value.to_vec()))),
            (true, None) => match self.words.next() {
                Some(value) => Ok((option.means, value.clone())),
                None => Err(self.message(&format!("option '--{long}' requires an argument"))),
            },
        }
    }

    fn message(&self, what: &str) -> String {
        format!("{}: {what}\n", self.program)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(manner: Manner, permutes: bool, line: &str) -> (Vec<String>, Vec<OsString>) {
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let mut options = Getopt::new("x", manner, permutes, &args);
        let mut said = Vec::new();
        while let Some(option) = options.next() {
            said.push(match option {
                Ok((means, value)) => format!("{means:?} {}", value.display()),
                Err(message) => message,
            });
        }
        (said, options.operands())
    }

    #[test]
    fn options_after_operands_are_options_only_where_they_permute() {
        let (options, operands) = all(Manner::Tini, true, "-sgpSIGHUP a -e 3 - -- -v");
        assert_eq!(options, ["Subreaper ", "Group ", "ParentDeath SIGHUP", "Forgive 3"]);
        assert_eq!(operands, ["a", "-", "-v"]);
        let (options, operands) = all(Manner::DumbInit, false, "-cr 1:2 a -v -- b");
        assert_eq!((options, operands.len()), (vec!["SingleChild ".to_owned(), "Rewrite 1:2".to_owned()], 4));
    }

    #[test]
    fn long_options_may_be_begun() {
        assert_eq!(all(Manner::DumbInit, false, "--rew=3:4 --s --verb").0, ["Rewrite 3:4", "SingleChild ", "Verbose "]);
        let (said, _) = all(Manner::DumbInit, false, "--ver=1 --help=x --nope --session --rewrite");
        assert_eq!(
            said,
            [
                "x: option '--ver=1' is ambiguous; possibilities: '--verbose' '--version'\n",
                "x: option '--help' doesn't allow an argument\n",
                "x: unrecognized option '--nope'\n",
                "x: unrecognized option '--session'\n",
                "x: option '--rewrite' requires an argument\n",
            ]
        );
        assert_eq!(all(Manner::Tini, true, "--version").0.first().unwrap(), "x: invalid option -- '-'\n");
    }
}
