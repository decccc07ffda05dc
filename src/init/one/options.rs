//! What the command line and the environment ask for.

use super::Manner;
use super::getopt::{Getopt, Means};
use super::words;
use crate::sys::relay;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

/// One command to be run, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// Its name and arguments.
    pub(super) command: Vec<CString>,
    pub(super) place: Place,
    /// Whether signals go to all of the command's process group.
    pub(super) to_group: bool,
    /// Signals that are passed on as others; as 0: not at all.
    pub(super) rewrite: BTreeMap<i32, i32>,
    /// Exit codes that are success.
    pub(super) forgiven: BTreeSet<u8>,
    /// Whether orphans are to become ours.
    pub(super) subreaper: bool,
    /// The signal that tells that our parent ended.
    pub(super) parent_death: Option<i32>,
    pub(super) warn_on_reap: bool,
    /// How much is said: tini's levels, of which 1 are warnings; dumb-init's debugging is any but 0.
    pub(super) verbosity: u32,
    /// How long those have to end that the command left.
    pub(super) leftovers: Option<Duration>,
    /// What the environment of dumb-init has it say first.
    pub(super) notes: Vec<&'static str>,
}

/// Where a command is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where this process is.
    Here,
    /// Into a process group of its own, in the foreground.
    Group,
    /// Into a session of its own, with the terminal.
    Session,
}

/// What is answered instead of running a command.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) output: String,
    pub(super) error: String,
    /// An option and a value that it cannot have, for a message that names this process.
    pub(super) fatal: Option<(&'static str, String)>,
    pub(super) code: u8,
}

impl Answer {
    fn told(output: String) -> Answer {
        Answer { output, ..Answer::default() }
    }

    fn refused(error: String) -> Answer {
        Answer { error, code: 1, ..Answer::default() }
    }
}

/// Reads the arguments of `program`, and its environment.
///
/// # Errors
/// What is answered instead.
pub(super) fn parse(
    program: &str,
    manner: Manner,
    args: &[OsString],
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Job, Answer> {
    if manner == Manner::Tini && matches!(args, [only] if only == "--version") {
        return Err(Answer::told(words::version(manner)));
    }
    let mut job = Job {
        command: Vec::new(),
        place: if manner == Manner::DumbInit { Place::Session } else { Place::Group },
        to_group: false,
        rewrite: BTreeMap::new(),
        forgiven: BTreeSet::new(),
        subreaper: manner == Manner::VatInit,
        parent_death: None,
        warn_on_reap: false,
        verbosity: if manner == Manner::DumbInit { 0 } else { 1 },
        leftovers: None,
        notes: Vec::new(),
    };
    let permutes = manner == Manner::Tini && env("POSIXLY_CORRECT").is_none();
    let mut options = Getopt::new(program, manner, permutes, args);
    while let Some(option) = options.next() {
        match option {
            Ok((means, value)) => job.obey(program, manner, means, &value)?,
            Err(message) if manner == Manner::DumbInit => return Err(Answer::refused(message)),
            Err(message) => return Err(Answer::refused(message + &words::help(manner, program))),
        }
    }
    let operands = options.operands();
    if operands.is_empty() {
        return Err(Answer::refused(words::no_command(manner, program)));
    }
    // An argument from the kernel holds no NUL.
    job.command = operands.into_iter().filter_map(|word| CString::new(word.into_vec()).ok()).collect();
    match manner {
        Manner::DumbInit => job.heed_dumb_init(env),
        Manner::Tini | Manner::VatInit => job.heed_tini(env),
    }
    if job.place == Place::Session {
        job.to_group = true;
        // A group without a parent in its session is never stopped by these (POSIX, "orphaned process group").
        for stop in relay::STOPS {
            job.rewrite.entry(stop).or_insert(relay::STOP);
        }
    }
    Ok(job)
}

impl Job {
    fn obey(&mut self, program: &str, manner: Manner, means: Means, value: &OsStr) -> Result<(), Answer> {
        let text = value.to_string_lossy();
        let invalid =
            |option| Answer { fatal: Some((option, text.clone().into_owned())), code: 1, ..Answer::default() };
        match means {
            Means::Help if manner == Manner::DumbInit => {
                return Err(Answer { error: words::help(manner, program), ..Answer::default() });
            }
            Means::Help => return Err(Answer::told(words::help(manner, program))),
            Means::Version if manner == Manner::DumbInit => {
                return Err(Answer { error: words::version(manner), ..Answer::default() });
            }
            Means::Version => return Err(Answer::told(words::version(manner))),
            Means::License => return Err(Answer::told(words::LICENSE.to_owned())),
            Means::Verbose => self.verbosity = self.verbosity.saturating_add(1),
            Means::Subreaper => self.subreaper = true,
            Means::WarnOnReap => self.warn_on_reap = true,
            Means::Group => self.to_group = true,
            Means::SingleChild => {
                self.place = if manner == Manner::DumbInit { Place::Here } else { Place::Group };
                self.to_group = false;
            }
            Means::Session => self.place = Place::Session,
            Means::ParentDeath => self.parent_death = Some(relay::number(&text).ok_or_else(|| invalid("-p"))?),
            Means::Forgive => {
                self.forgiven.insert(exit_code(&text).ok_or_else(|| invalid("-e"))?);
            }
            Means::Rewrite => {
                let (from, to) = pair(&text).ok_or_else(|| Answer::refused(words::REWRITE_USAGE.to_owned()))?;
                self.rewrite.insert(from, to);
            }
            Means::Leftovers => {
                let seconds: u32 = text.parse().map_err(|_| invalid("--leftovers"))?;
                self.leftovers = Some(Duration::from_secs(seconds.into()));
            }
        }
        Ok(())
    }

    fn heed_tini(&mut self, env: &dyn Fn(&str) -> Option<OsString>) {
        self.subreaper |= env("TINI_SUBREAPER").is_some();
        self.to_group |= env("TINI_KILL_PROCESS_GROUP").is_some();
        if let Some(verbosity) = env("TINI_VERBOSITY") {
            // As atoi(3) has it: what is no number is 0, and what is below 0 is very much.
            let number = integer(&verbosity.to_string_lossy()).map_or(0, |(number, _)| number);
            self.verbosity = u32::try_from(number).unwrap_or(u32::MAX);
        }
    }

    fn heed_dumb_init(&mut self, env: &dyn Fn(&str) -> Option<OsString>) {
        if env("DUMB_INIT_DEBUG").is_some_and(|value| value == "1") {
            self.verbosity = 1;
            self.notes.push("Running in debug mode.");
        }
        if env("DUMB_INIT_SETSID").is_some_and(|value| value == "0") {
            self.place = Place::Here;
            self.notes.push("Not running in setsid mode.");
        }
    }
}

/// A number at the beginning of a text as strtol(3) and scanf(3) read it, and what is behind it. One that is too large is the largest.
fn integer(text: &str) -> Option<(i64, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let behind = digits.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = digits.strip_suffix(behind).filter(|digits| !digits.is_empty())?;
    let number = digits.parse::<i64>().unwrap_or(i64::MAX);
    Some((if is_negative { -number } else { number }, behind))
}

/// An exit code as tini reads it: nothing at all is 0.
fn exit_code(text: &str) -> Option<u8> {
    match integer(text) {
        Some((number, "")) => u8::try_from(number).ok(),
        None if text.is_empty() => Some(0),
        _ => None,
    }
}

/// Two signals, the latter may be 0. What stands behind them is not looked at.
fn pair(text: &str) -> Option<(i32, i32)> {
    let (from, rest) = integer(text)?;
    let (to, _) = integer(rest.strip_prefix(':')?)?;
    let (from, to) = (i32::try_from(from).ok()?, i32::try_from(to).ok()?);
    (relay::NAMED.contains(&from) && (to == 0 || relay::NAMED.contains(&to))).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(manner: Manner, line: &str, env: &[(&str, &str)]) -> Result<Job, Answer> {
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let value = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        parse("/bin/x", manner, &args, &value)
    }

    #[test]
    fn numbers_as_c_reads_them() {
        assert_eq!(
            (integer(" +12a"), integer("-3"), integer("x"), integer("-")),
            (Some((12, "a")), Some((-3, "")), None, None)
        );
        assert_eq!(integer("99999999999999999999"), Some((i64::MAX, "")));
        assert_eq!(
            ["", "0", " 7", "255", "256", "-1", "7 ", " ", "x"].map(exit_code),
            [Some(0), Some(0), Some(7), Some(255), None, None, None, None, None]
        );
        assert_eq!(
            ["15:3", "15:0", " 1: 2x", "0:1", "32:1", "1:32", "1", "1:", ":1", "1 :2"].map(pair),
            [Some((15, 3)), Some((15, 0)), Some((1, 2)), None, None, None, None, None, None, None]
        );
    }

    #[test]
    fn each_name_has_its_own_ways() {
        let tini =
            parsed(Manner::Tini, "-g -e 143 sleep 5", &[("TINI_VERBOSITY", "-1"), ("TINI_SUBREAPER", "")]).unwrap();
        assert_eq!((tini.place, tini.to_group, tini.subreaper, tini.verbosity), (Place::Group, true, true, u32::MAX));
        assert!(tini.forgiven.contains(&143) && tini.rewrite.is_empty());

        let dumb = parsed(Manner::DumbInit, "-r 20:20 sleep -r", &[("TINI_VERBOSITY", "3")]).unwrap();
        assert_eq!((dumb.place, dumb.to_group, dumb.verbosity), (Place::Session, true, 0));
        assert_eq!(dumb.rewrite.into_iter().collect::<Vec<_>>(), [(20, 20), (21, 19), (22, 19)]);
        let dumb = parsed(Manner::DumbInit, "true", &[("DUMB_INIT_SETSID", "0"), ("DUMB_INIT_DEBUG", "1")]).unwrap();
        assert_eq!((dumb.place, dumb.to_group, dumb.notes.len()), (Place::Here, false, 2));

        let vat = parsed(Manner::VatInit, "--leftovers=3 -r 15:2 -vv -- sleep -- 5", &[]).unwrap();
        assert_eq!((vat.place, vat.subreaper, vat.verbosity), (Place::Group, true, 3));
        assert_eq!((vat.leftovers, vat.command.len()), (Some(Duration::from_secs(3)), 3));
        assert_eq!(parsed(Manner::VatInit, "--session -- x", &[]).unwrap().place, Place::Session);
    }

    #[test]
    fn what_is_wrong_is_answered_with_1() {
        for (manner, line) in [
            (Manner::Tini, "-p TERM x"),
            (Manner::Tini, "-x"),
            (Manner::Tini, "--"),
            (Manner::DumbInit, "-r 15"),
            (Manner::DumbInit, "-c"),
            (Manner::VatInit, "--leftovers=-1 -- x"),
            (Manner::VatInit, "--"),
        ] {
            let answer = parsed(manner, line, &[]).unwrap_err();
            assert!(
                answer.code == 1 && answer.output.is_empty() && answer.error.is_empty() == answer.fatal.is_some(),
                "{line}: {answer:?}"
            );
        }
        assert_eq!(parsed(Manner::Tini, "--version", &[]), Err(Answer::told("tini version 0.19.0\n".to_owned())));
    }
}
