//! The command line, read as Python's getopt reads it: options end at the first word that is none; a long option may be shortened.

use crate::ini::repr;

/// What the command line says. `None` where it does not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) configuration: Option<String>,
    pub(super) interactive: bool,
    pub(super) serverurl: Option<String>,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    pub(super) history_file: Option<String>,
    /// The command to obey; none starts a shell.
    pub(super) words: Vec<String>,
}

/// What the user wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Help,
    Run(Options),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Help,
    Configuration,
    Interactive,
    Serverurl,
    Username,
    Password,
    HistoryFile,
}

struct Row {
    short: char,
    long: &'static str,
    /// What its value is called, where it takes one.
    value: Option<&'static str>,
    /// What it is for, as the usage text breaks it.
    purpose: &'static str,
    option: Known,
}

const fn row(
    short: char,
    long: &'static str,
    value: Option<&'static str>,
    purpose: &'static str,
    option: Known,
) -> Row {
    Row { short, long, value, purpose, option }
}

const ROWS: [Row; 8] = [
    row(
        'c',
        "configuration",
        Some("FILENAME"),
        "configuration file path (searches if not given)",
        Known::Configuration,
    ),
    row('h', "help", None, "print usage message and exit", Known::Help),
    // The original has `-?` without a long name.
    row('?', "", None, "", Known::Help),
    row('i', "interactive", None, "start an interactive shell after executing commands", Known::Interactive),
    row(
        's',
        "serverurl",
        Some("URL"),
        "URL on which supervisord server is listening\n     (default \"http://localhost:9001\").",
        Known::Serverurl,
    ),
    row('u', "username", Some("USERNAME"), "username to use for authentication with server", Known::Username),
    row('p', "password", Some("PASSWORD"), "password to use for authentication with server", Known::Password),
    row('r', "history_file", Some("FILENAME"), "keep the lines of the shell in this file", Known::HistoryFile),
];

/// The options, for whoever tells of them: letter, name, what they take, what they are for.
pub fn options() -> impl Iterator<Item = (Option<char>, &'static str, Option<&'static str>, &'static str)> {
    let named = ROWS.iter().filter(|row| !row.long.is_empty());
    named.map(|row| (Some(row.short), row.long, row.value, row.purpose))
}

/// The text of `-h`.
pub(super) fn help(program: &str) -> String {
    let mut text = format!(
        "supervisorctl -- control applications run by supervisord from the cmd line.

Usage: {program} [options] [action [arguments]]

Options:
"
    );
    for (letter, long, value, purpose) in options() {
        let letter = letter.map(|letter| format!("-{letter}/")).unwrap_or_default();
        let value = value.map(|value| format!(" {value}")).unwrap_or_default();
        text.push_str(&format!("{letter}--{long}{value} -- {purpose}\n"));
    }
    text + "
action [arguments] -- see below

An action is a command such as \"tail\" or \"stop\".  Without one a shell is
started, in which actions are typed; the action \"help\" tells which there are.

"
}

/// Reads the arguments behind the program's name.
pub(super) fn read(arguments: &[String]) -> Result<Asked, String> {
    let mut found: Vec<(String, Known, String)> = Vec::new();
    let mut rest = arguments.iter();
    let mut words = Vec::new();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            break;
        } else if let Some(long) = argument.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (long, None),
            };
            let row = long_row(name)?;
            let value = match (row.value.is_some(), value) {
                (true, Some(value)) => value,
                (true, None) => {
                    rest.next().cloned().ok_or_else(|| format!("option --{} requires argument", row.long))?
                }
                (false, None) => String::new(),
                (false, Some(_)) => return Err(format!("option --{} must not have an argument", row.long)),
            };
            found.push((format!("--{}", row.long), row.option, value));
        } else if let Some(cluster) = argument.strip_prefix('-').filter(|cluster| !cluster.is_empty()) {
            let mut letters = cluster.chars();
            while let Some(letter) = letters.next() {
                let row = ROWS.iter().find(|row| row.short == letter);
                let row = row.ok_or_else(|| format!("option -{letter} not recognized"))?;
                let value = match (row.value.is_some(), letters.as_str()) {
                    (false, _) => String::new(),
                    (true, "") => rest.next().cloned().ok_or_else(|| format!("option -{letter} requires argument"))?,
                    (true, value) => {
                        let value = value.to_owned();
                        letters = "".chars();
                        value
                    }
                };
                found.push((format!("-{letter}"), row.option, value));
            }
        } else {
            words.push(argument.clone());
            break;
        }
    }
    words.extend(rest.cloned());
    take(found, words)
}

/// The one long option that begins like this, or is this.
fn long_row(name: &str) -> Result<&'static Row, String> {
    let mut rows = ROWS.iter().filter(|row| !row.long.is_empty() && row.long.starts_with(name));
    match (rows.clone().find(|row| row.long == name), rows.next(), rows.next()) {
        (Some(row), _, _) | (None, Some(row), None) => Ok(row),
        (None, None, _) => Err(format!("option --{name} not recognized")),
        (None, Some(_), Some(_)) => Err(format!("option --{name} not a unique prefix")),
    }
}

/// Takes the options in their order. `-h` comes before what is wrong behind it.
fn take(found: Vec<(String, Known, String)>, words: Vec<String>) -> Result<Asked, String> {
    let mut options = Options { words, ..Options::default() };
    for (written, option, value) in found {
        let field = match option {
            Known::Help => return Ok(Asked::Help),
            Known::Interactive if options.interactive => return Err(conflict(&written)),
            Known::Interactive => {
                options.interactive = true;
                continue;
            }
            Known::Serverurl if !is_url(&value) => {
                let value = repr(&value);
                return Err(format!("invalid value for {written} {value}: value {value} is not a URL"));
            }
            Known::Serverurl => &mut options.serverurl,
            Known::Configuration => &mut options.configuration,
            Known::Username => &mut options.username,
            Known::Password => &mut options.password,
            Known::HistoryFile => &mut options.history_file,
        };
        if field.replace(value).is_some() {
            return Err(conflict(&written));
        }
    }
    Ok(Asked::Run(options))
}

fn conflict(written: &str) -> String {
    format!("conflicting command line option {}", repr(written))
}

/// A scheme, and a host or a path.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let in_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let place = rest.split(['?', '#', ';']).next().unwrap_or_default();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(in_scheme)
        && !place.strip_prefix("//").unwrap_or(place).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Result<Asked, String> {
        read(&line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_end_at_the_first_word() {
        let Ok(Asked::Run(options)) = said("-ic x --user=me --pass me tail -f --help") else { panic!() };
        assert!(options.interactive);
        assert_eq!(options.configuration.as_deref(), Some("x"));
        assert_eq!((options.username.as_deref(), options.password.as_deref()), (Some("me"), Some("me")));
        assert_eq!(options.words, ["tail", "-f", "--help"]);
        assert_eq!(said("-i -h --interactive"), Ok(Asked::Help));
        assert!(matches!(said("-sunix:///x -- -i"), Ok(Asked::Run(options)) if options.words == ["-i"]));
    }

    #[test]
    fn errors_are_getopts() {
        for (line, error) in [
            ("-z", "option -z not recognized"),
            ("-ic", "option -c requires argument"),
            ("--conf", "option --configuration requires argument"),
            ("--frob=1", "option --frob not recognized"),
            ("--h", "option --h not a unique prefix"),
            ("--help=x", "option --help must not have an argument"),
            ("-i --inter", "conflicting command line option '--interactive'"),
            ("-s foo", "invalid value for -s 'foo': value 'foo' is not a URL"),
            ("--serverurl=unix://", "invalid value for --serverurl 'unix://': value 'unix://' is not a URL"),
            ("-p a -p b", "conflicting command line option '-p'"),
        ] {
            assert_eq!(said(line), Err(error.to_owned()), "{line}");
        }
    }
}
