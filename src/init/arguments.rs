//! supervisord's command line: Python's getopt over supervisor's options, with its words for what is wrong.

use super::config::{Level, Surroundings, number};
use crate::ini::{self, value as text};
use std::path::Path;

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To run.
    Run(Arguments),
    /// The usage text.
    Help,
    /// The version.
    Version,
    /// `--check`: to tell what is understood of the configuration.
    Check(Arguments),
}

/// What the command line says instead of the file. `None` and false leave it to the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the options'")]
pub struct Arguments {
    /// The program as its messages name it.
    pub program: String,
    /// `-c`: the configuration file.
    pub configuration: Option<String>,
    pub nodaemon: bool,
    pub silent: bool,
    pub nocleanup: bool,
    pub strip_ansi: bool,
    pub user: Option<String>,
    pub umask: Option<u32>,
    pub directory: Option<String>,
    pub logfile: Option<String>,
    pub logfile_maxbytes: Option<u64>,
    pub logfile_backups: Option<u32>,
    pub loglevel: Option<Level>,
    pub pidfile: Option<String>,
    pub identifier: Option<String>,
    pub childlogdir: Option<String>,
    pub minfds: Option<u64>,
    pub minprocs: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Help,
    Version,
    Configuration,
    Nodaemon,
    Silent,
    User,
    Umask,
    Directory,
    Logfile,
    LogfileMaxbytes,
    LogfileBackups,
    Loglevel,
    Pidfile,
    Identifier,
    Childlogdir,
    Nocleanup,
    Minfds,
    StripAnsi,
    Minprocs,
    ProfileOptions,
}

/// An option: its letter, its long name, what it takes, and what it is for.
struct Opt(Name, Option<char>, &'static str, Option<&'static str>, &'static str);

const OPTIONS: [Opt; 20] = [
    Opt(
        Name::Configuration,
        Some('c'),
        "configuration",
        Some("FILENAME"),
        "the configuration file (else it is searched)",
    ),
    Opt(Name::Nodaemon, Some('n'), "nodaemon", None, "stay in the foreground"),
    Opt(Name::Silent, Some('s'), "silent", None, "nothing on standard output in the foreground"),
    Opt(Name::Help, Some('h'), "help", None, "print this text and exit (also -?)"),
    Opt(Name::Version, Some('v'), "version", None, "print the version and exit"),
    Opt(Name::User, Some('u'), "user", Some("USER"), "run as this user (a name or a number)"),
    Opt(Name::Umask, Some('m'), "umask", Some("UMASK"), "the umask in the background (022)"),
    Opt(Name::Directory, Some('d'), "directory", Some("DIRECTORY"), "the working directory in the background"),
    Opt(Name::Logfile, Some('l'), "logfile", Some("FILENAME"), "the main log"),
    Opt(Name::LogfileMaxbytes, Some('y'), "logfile_maxbytes", Some("BYTES"), "the size at which it is rotated"),
    Opt(Name::LogfileBackups, Some('z'), "logfile_backups", Some("NUM"), "how many rotated ones are kept"),
    Opt(Name::Loglevel, Some('e'), "loglevel", Some("LEVEL"), "debug, info, warn, error or critical"),
    Opt(Name::Pidfile, Some('j'), "pidfile", Some("FILENAME"), "where the daemon's pid is written"),
    Opt(Name::Identifier, Some('i'), "identifier", Some("STR"), "the name of this instance"),
    Opt(Name::Childlogdir, Some('q'), "childlogdir", Some("DIRECTORY"), "where logs named AUTO are made"),
    Opt(Name::Nocleanup, Some('k'), "nocleanup", None, "keep the AUTO logs of the last run"),
    Opt(Name::Minfds, Some('a'), "minfds", Some("NUM"), "how many open files there must be for the daemon"),
    Opt(Name::StripAnsi, Some('t'), "strip_ansi", None, "strip ANSI escape codes from the programs' output"),
    Opt(Name::Minprocs, None, "minprocs", Some("NUM"), "how many processes there must be for the daemon's user"),
    Opt(Name::ProfileOptions, None, "profile_options", Some("OPTIONS"), "taken for supervisord's sake, without effect"),
];

/// `--check`, which is none of getopt's: see [`take_check`].
const CHECK: (Option<char>, &str, Option<&str>, &str) =
    (None, "check", Some("[FILE]"), "tell what is understood of the configuration, warn of its traps, and exit");

/// The options, for whoever tells of them: letter, name, what they take (in brackets where it may be left out), what they are for.
pub fn options() -> impl Iterator<Item = (Option<char>, &'static str, Option<&'static str>, &'static str)> {
    let known = OPTIONS.iter().map(|Opt(_, letter, long, value, purpose)| (*letter, *long, *value, *purpose));
    known.chain([CHECK])
}

/// The version of supervisor whose place this takes.
pub const SUPERVISOR: &str = "4.3.0";

/// The usage text.
#[must_use]
pub fn help(program: &str) -> String {
    let mut text = format!(
        "{program} -- run a set of applications as daemons, as PID 1 or beside one.\n\nUsage: {program} [options]\n\nOptions:\n"
    );
    for (letter, long, value, purpose) in options() {
        let letter = letter.map(|letter| format!("-{letter}/")).unwrap_or_default();
        let value = value.map(|value| format!(" {value}")).unwrap_or_default();
        text.push_str(&format!("{letter}--{long}{value} -- {purpose}\n"));
    }
    if base(program) == OWN_NAME {
        text.push_str(
            "\nOnly an init for one command, as tini and dumb-init are: vat-init [options] -- COMMAND [ARG]...\n",
        );
        text.push_str("`vat-init -h --` tells of its options, vat-init(1) of all.\n");
    }
    text
}

/// What `--version` prints: to whom it is supervisord, supervisor's version alone.
#[must_use]
pub fn version(program: &str) -> String {
    match base(program) {
        OWN_NAME => format!("{OWN_NAME} {} (supervisor {SUPERVISOR})\n", env!("CARGO_PKG_VERSION")),
        _ => format!("{SUPERVISOR}\n"),
    }
}

/// What it is called where it takes nobody's place.
const OWN_NAME: &str = "vat-init";

/// The last part of a path.
fn base(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// What is printed on standard error when the command line or the configuration is wrong; the exit code is 2.
#[must_use]
pub fn usage(program: &str, error: &str) -> String {
    format!("Error: {error}\nFor help, use {program} -h\n")
}

/// The program's name as a script would know it that was started so: with the directory of `$PATH` in which it was found.
#[must_use]
pub fn program(called: &str, surroundings: &Surroundings) -> String {
    let is_there = |path: &String| surroundings.files.exists(Path::new(path));
    match called.contains('/') {
        true => called.to_owned(),
        false => {
            let directories = surroundings.variable("PATH").unwrap_or_default().split(':');
            let mut paths = directories.filter(|path| path.starts_with('/')).map(|path| format!("{path}/{called}"));
            paths.find(is_there).unwrap_or_else(|| called.to_owned())
        }
    }
}

/// Reads the command line: the program's name, and the words behind it.
///
/// # Errors
/// The original's words of what is wrong with it.
pub fn parse(program: &str, words: &[String], surroundings: &Surroundings) -> Result<Request, String> {
    let (words, check) = take_check(words);
    let given = getopt(&words)?;
    let mut arguments = Arguments { program: program.to_owned(), ..Arguments::default() };
    let mut seen: Vec<Name> = Vec::new();
    for Given { spelt, name, value } in given {
        match name {
            Name::Help => return Ok(Request::Help),
            Name::Version => return Ok(Request::Version),
            name => {
                take(&mut arguments, name, &value, surroundings)
                    .map_err(|error| format!("invalid value for {spelt} {}: {error}", ini::repr(&value)))?;
                if seen.contains(&name) {
                    return Err(format!("conflicting command line option {}", ini::repr(&spelt)));
                }
                seen.push(name);
            }
        }
    }
    Ok(match check {
        None => Request::Run(arguments),
        Some(file) => {
            arguments.configuration = file.or(arguments.configuration);
            Request::Check(arguments)
        }
    })
}

/// Takes `--check`, `--check FILE` and `--check=FILE` out of the words. It is not one of getopt's, so that every abbreviation of
/// supervisor's options means what it meant.
fn take_check(words: &[String]) -> (Vec<String>, Option<Option<String>>) {
    let mut rest = Vec::new();
    let mut check = None;
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        if word == "--check" {
            check = Some(words.next_if(|next| !next.starts_with('-')).cloned());
        } else if let Some(file) = word.strip_prefix("--check=") {
            check = Some(Some(file.to_owned()));
        } else {
            rest.push(word.clone());
        }
    }
    (rest, check)
}

fn take(arguments: &mut Arguments, name: Name, value: &str, surroundings: &Surroundings) -> Result<(), String> {
    let words = || Some(value.to_owned());
    match name {
        Name::Help | Name::Version | Name::ProfileOptions => (),
        Name::Configuration => arguments.configuration = words(),
        Name::Nodaemon => arguments.nodaemon = true,
        Name::Silent => arguments.silent = true,
        Name::Nocleanup => arguments.nocleanup = true,
        Name::StripAnsi => arguments.strip_ansi = true,
        Name::User => arguments.user = words(),
        Name::Identifier => arguments.identifier = words(),
        Name::Umask => arguments.umask = Some(number::mode(text::octal_type(value)?)),
        Name::Directory => arguments.directory = Some(surroundings.existing_directory(value)?),
        Name::Childlogdir => arguments.childlogdir = Some(surroundings.existing_directory(value)?),
        Name::Logfile => arguments.logfile = Some(surroundings.existing_dirpath(value)?),
        Name::Pidfile => arguments.pidfile = Some(surroundings.existing_dirpath(value)?),
        Name::LogfileMaxbytes => arguments.logfile_maxbytes = Some(number::size(text::byte_size(value)?)),
        Name::LogfileBackups => arguments.logfile_backups = Some(number::count(text::integer(value)?)),
        Name::Loglevel => arguments.loglevel = Some(Level::of_number(text::logging_level(value)?)),
        Name::Minfds => arguments.minfds = Some(number::size(text::integer(value)?)),
        Name::Minprocs => arguments.minprocs = Some(number::size(text::integer(value)?)),
    }
    Ok(())
}

/// An option as it was given.
struct Given {
    /// `-n`, `--nodaemon`.
    spelt: String,
    name: Name,
    value: String,
}

/// Python's `getopt.getopt`, and that nothing may be left of the words.
fn getopt(words: &[String]) -> Result<Vec<Given>, String> {
    let mut given = Vec::new();
    let mut rest = words;
    while let Some((word, behind)) = rest.split_first() {
        if word == "--" {
            rest = behind;
            break;
        }
        let mut behind = behind.iter();
        if let Some(option) = word.strip_prefix("--") {
            given.push(long(option, &mut behind)?);
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            short(letters, &mut behind, &mut given)?;
        } else {
            break;
        }
        rest = behind.as_slice();
    }
    match rest {
        [] => Ok(given),
        words => {
            let words: Vec<String> = words.iter().map(|word| ini::repr(word)).collect();
            Err(format!("positional arguments are not supported: [{}]", words.join(", ")))
        }
    }
}

/// `--name`, `--name=value`, `--name value`; a name may be cut short where it stays the only one.
fn long(option: &str, behind: &mut std::slice::Iter<'_, String>) -> Result<Given, String> {
    let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    let mut like = OPTIONS.iter().filter(|Opt(_, _, long, ..)| long.starts_with(name));
    let exact = OPTIONS.iter().find(|Opt(_, _, long, ..)| *long == name);
    let Opt(id, _, long, takes, _) = match (exact, like.next(), like.next()) {
        (Some(option), ..) | (None, Some(option), None) => option,
        (None, Some(_), Some(_)) => return Err(format!("option --{name} not a unique prefix")),
        (None, None, _) => return Err(format!("option --{name} not recognized")),
    };
    let value = match (takes, value) {
        (Some(_), Some(value)) => value.to_owned(),
        (Some(_), None) => behind.next().cloned().ok_or_else(|| format!("option --{long} requires argument"))?,
        (None, None) => String::new(),
        (None, Some(_)) => return Err(format!("option --{long} must not have an argument")),
    };
    Ok(Given { spelt: format!("--{long}"), name: *id, value })
}

/// `-abc`: letters together, the last of which may take the rest of the word or the next one.
fn short(letters: &str, behind: &mut std::slice::Iter<'_, String>, given: &mut Vec<Given>) -> Result<(), String> {
    let mut letters = letters.chars();
    while let Some(letter) = letters.next() {
        let spelt = format!("-{letter}");
        if letter == '?' {
            given.push(Given { spelt, name: Name::Help, value: String::new() });
            continue;
        }
        let Some(Opt(name, _, _, takes, _)) = OPTIONS.iter().find(|Opt(_, its, ..)| *its == Some(letter)) else {
            return Err(format!("option {spelt} not recognized"));
        };
        let value = match (takes, letters.as_str()) {
            (None, _) => String::new(),
            (Some(_), "") => behind.next().cloned().ok_or_else(|| format!("option {spelt} requires argument"))?,
            (Some(_), _) => letters.by_ref().collect(),
        };
        given.push(Given { spelt, name: *name, value });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::config::tests::machine;
    use super::*;

    fn parsed(words: &[&str]) -> Result<Request, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        parse("supervisord", &words, &machine(&[]))
    }

    #[test]
    fn check_is_taken_before_getopt_sees_it() {
        let check = |words: &[&str]| match parsed(words) {
            Ok(Request::Check(arguments)) => arguments.configuration,
            other => panic!("{other:?}"),
        };
        assert_eq!(check(&["--check", "a.conf"]).as_deref(), Some("a.conf"));
        assert_eq!(check(&["--check=a.conf", "-n"]).as_deref(), Some("a.conf"));
        assert_eq!(check(&["-c", "b.conf", "--check"]).as_deref(), Some("b.conf"));
        assert_eq!(check(&["--check", "-n"]), None);
        let Ok(Request::Run(run)) = parsed(&["--chil", "/tmp"]) else { panic!() };
        assert_eq!(run.childlogdir.as_deref(), Some("/tmp"));
    }

    #[test]
    fn the_version_is_what_clients_expect_of_the_name() {
        assert_eq!(version("/usr/bin/supervisord"), "4.3.0\n");
        assert!(
            version("vat-init").starts_with("vat-init ") && version("/x/vat-init").ends_with(" (supervisor 4.3.0)\n")
        );
    }

    #[test]
    fn the_usage_text_has_every_option() {
        let text = help("x");
        for Opt(_, letter, long, ..) in &OPTIONS {
            let letter = letter.map(|letter| format!("-{letter}/")).unwrap_or_default();
            assert!(text.contains(&format!("\n{letter}--{long} ")), "{long}");
        }
    }

    #[test]
    fn a_program_is_named_with_the_directory_where_it_was_found() {
        let machine = machine(&[("/bin/supervisord", "")]);
        assert_eq!(program("supervisord", &machine), "/bin/supervisord");
        assert_eq!((program("./x", &machine), program("x", &machine)), ("./x".to_owned(), "x".to_owned()));
    }
}
