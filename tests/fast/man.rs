//! Man pages and completions are written from the definitions of the arguments, and what is committed is what would be written
//! now; `BLESS=1` writes it.
//!
//! What a definition does not tell, such as what a column means in a container, stands in `man/sections/NAME.roff`; the options
//! go where it has a line `.\" OPTIONS`, and another file of that directory where it has a line `.\" FILE NAME`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint};
use clap_complete::Shell;
use clap_mangen::Man;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Output};
use vat::init::{arguments, config};
use vat::initctl;
use vat::tools::getopt::{Opt, Spec, Value};
use vat::tools::{df, free, nproc, top, uptime};

/// Where the options go in a page.
const OPTIONS: &str = ".\\\" OPTIONS\n";

/// What begins the line in whose place another file goes.
const FILE: &str = ".\\\" FILE ";

/// The directories all of whose files are written here.
const WRITTEN: [&str; 4] =
    ["man", "packaging/completions/bash", "packaging/completions/zsh", "packaging/completions/fish"];

fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// clap keeps names for good.
fn kept(name: String) -> &'static str {
    name.leak()
}

/// The definition of a drop-in, in the words of clap.
fn drop_in<T>(spec: &Spec<T>) -> Command {
    let command = Command::new(spec.name)
        .about(spec.about)
        // The definition has its own, and `-h` may mean something else.
        .disable_help_flag(true)
        .disable_version_flag(true);
    // What the original does not document, it only suffers.
    let documented = spec.options.iter().enumerate().filter(|(_, option)| !option.help.is_empty());
    let command = documented.fold(command, |command, (at, option)| command.arg(arg(at, option)));
    match spec.operands {
        Some((name, help)) => command.arg(Arg::new(name).help(help).value_hint(ValueHint::AnyPath).num_args(0..)),
        None => command,
    }
}

fn arg<T>(at: usize, option: &Opt<T>) -> Arg {
    let arg = Arg::new(kept(at.to_string())).help(option.help);
    let arg = option.short.into_iter().fold(arg, Arg::short);
    let arg = option.long.into_iter().fold(arg, Arg::long);
    match option.value {
        Value::None => arg.action(ArgAction::SetTrue),
        Value::Required(name) => arg.value_name(name).action(ArgAction::Append),
        Value::Optional(name) => arg.value_name(name).num_args(0..=1).require_equals(true),
    }
}

/// A letter, a name, what it takes (in brackets where it may be left out), and what it is for.
type Row = (Option<char>, &'static str, Option<&'static str>, &'static str);

/// The definition of a program that takes options of supervisor's, from the table that its usage text is written from.
fn supervisors(name: &'static str, about: &'static str, options: impl Iterator<Item = Row>) -> Command {
    let command = Command::new(name).about(about).disable_help_flag(true).disable_version_flag(true);
    command.args(options.map(|(short, long, value, help)| {
        // A usage text breaks its lines itself.
        let help: Vec<&str> = help.split_whitespace().collect();
        let arg = Arg::new(long).long(long).help(help.join(" "));
        let arg = short.into_iter().fold(arg, Arg::short);
        let Some(value) = value else { return arg.action(ArgAction::SetTrue) };
        let bare = value.trim_matches(['[', ']']);
        let arg = arg.value_name(bare).value_hint(match bare {
            "FILE" | "FILENAME" => ValueHint::FilePath,
            "DIRECTORY" => ValueHint::DirPath,
            "USER" => ValueHint::Username,
            _ => ValueHint::Other,
        });
        if bare == value { arg } else { arg.num_args(0..=1) }
    }))
}

/// Every program, its definition built to the end.
fn programs() -> Vec<Command> {
    let actions = PossibleValuesParser::new(initctl::names());
    let actions = Arg::new("action")
        .help("what to do, and with whom")
        .value_parser(actions)
        .num_args(0..)
        .hide_possible_values(true);
    let mut all = vec![
        drop_in(&free::SPEC),
        drop_in(&uptime::SPEC),
        drop_in(&df::SPEC),
        drop_in(&nproc::SPEC),
        drop_in(&top::SPEC),
        supervisors("vat-init", "the PID 1 of a container, in place of supervisord", arguments::options()),
        supervisors("vat-initctl", "control vat-init, or supervisord", initctl::options()).arg(actions),
        vat::command::cli(),
    ];
    all.iter_mut().for_each(Command::build);
    all
}

/// The pages of a program: its own, and one for each of its verbs.
fn pages(program: &Command) -> Vec<(String, String)> {
    let name = program.get_name();
    let verbs = program.get_subcommands().map(|verb| (format!("{name}-{}", verb.get_name()), verb));
    let all = [(name.to_owned(), program)].into_iter().chain(verbs);
    all.map(|(name, command)| (format!("man/{name}.1"), page(&name, command))).collect()
}

fn page(name: &str, command: &Command) -> String {
    let sections = sections(name);
    let (before, after) = sections.split_once(OPTIONS).unwrap_or_else(|| panic!("{name}.roff: no line {OPTIONS}"));
    let mut page = format!(".\\\" Written by tests/fast/man.rs from the arguments and man/sections/{name}.roff.\n");
    page += &format!(".TH {} 1 \"\" \"Vat {}\" \"Vat\"\n", name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    page += &format!(".SH NAME\n{} \\- {}\n", roff(name), about(command));
    page += &format!(".SH SYNOPSIS\n{}\n{before}", synopsis(command));
    let man = Man::new(command.clone());
    let mut page = page.into_bytes();
    man.render_options_section(&mut page).unwrap();
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page).unwrap();
    }
    if !after.starts_with(".SH") {
        page.extend(b".PP\n");
    }
    page.extend(after.as_bytes());
    String::from_utf8(page).unwrap()
}

/// What stands in the file of that name, and in those that it names.
fn sections(name: &str) -> String {
    let file = house().join("man/sections").join(format!("{name}.roff"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines = text.split_inclusive('\n').map(|line| match line.strip_prefix(FILE) {
        Some(other) => sections(other.trim()),
        None => line.to_owned(),
    });
    lines.collect()
}

/// A hyphen is a hyphen, and not one that may be typeset as another.
fn roff(text: &str) -> String {
    text.replace('-', "\\-")
}

/// What it does, as the index of all pages has it: no sentence.
fn about(command: &Command) -> String {
    let about = command.get_about().unwrap().to_string();
    let (first, rest) = about.split_at(1);
    roff(&(first.to_lowercase() + rest))
}

fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let operands = command.get_positionals().map(|operand| {
        let name = operand.get_id().as_str().to_uppercase();
        if operand.is_last_set() {
            format!(" [\\-\\- \\fI{name}\\fR [\\fIARGUMENT\\fR]...]")
        } else {
            format!(" [\\fI{name}\\fR]...")
        }
    });
    let verb = if command.has_subcommands() { " \\fIVERB\\fR [\\fIARGUMENT\\fR]..." } else { "" };
    format!("\\fB{}\\fR [\\fIOPTION\\fR]...{}{verb}", roff(name), operands.collect::<String>())
}

fn completions(program: &Command) -> Vec<(String, String)> {
    let name = program.get_name();
    let files = [
        (Shell::Bash, format!("bash/{name}")),
        (Shell::Zsh, format!("zsh/_{name}")),
        (Shell::Fish, format!("fish/{name}.fish")),
    ];
    let write = |shell| {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut program.clone(), name, &mut script);
        String::from_utf8(script).unwrap()
    };
    files.map(|(shell, file)| (format!("packaging/completions/{file}"), write(shell))).into()
}

/// All that is written, by path.
fn documents() -> BTreeMap<String, String> {
    programs().iter().flat_map(|program| [pages(program), completions(program)].concat()).collect()
}

#[test]
fn pages_and_completions_are_those_of_the_arguments() {
    let bless = blesses();
    let documents = documents();
    let mut breaches = Vec::new();
    for (path, text) in &documents {
        let file = house().join(path);
        if fs::read_to_string(&file).is_ok_and(|committed| committed == *text) {
            continue;
        }
        if bless {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
        } else {
            breaches.push(format!("{path} is not what the arguments say: run `tests/run bless`"));
        }
    }
    for dir in WRITTEN {
        for entry in fs::read_dir(house().join(dir)).unwrap().map(Result::unwrap) {
            let path = format!("{dir}/{}", entry.file_name().display());
            if entry.file_type().unwrap().is_file() && !documents.contains_key(&path) {
                breaches.push(format!("{path}: nothing writes it any more"));
            }
        }
    }
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

/// Whether what is committed is being written: then it is not looked at.
fn blesses() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Runs a program where it is installed.
fn run(program: &str, args: &[&str]) -> Option<Output> {
    match process::Command::new(program).args(args).output() {
        Ok(output) => Some(output),
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "there is no {program}: tests/run setup installs it");
            eprintln!("skipped: not looked at by {program}, for there is none");
            None
        }
    }
}

fn committed(of: &str) -> Vec<PathBuf> {
    if blesses() {
        return Vec::new();
    }
    let files = fs::read_dir(house().join(of)).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).collect()
}

#[test]
fn pages_render_without_warnings() {
    for page in committed("man") {
        let page = page.to_str().unwrap();
        let groff = run("groff", &["-man", "-Tutf8", "-ww", "-z", page]);
        let mandoc = run("mandoc", &["-T", "lint", "-W", "warning", page]);
        for output in [groff, mandoc].into_iter().flatten() {
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            // A page has its version's date, which is not known before the version is out.
            let warnings: Vec<&str> = said.lines().filter(|line| !line.contains("missing date")).collect();
            assert!(warnings.is_empty(), "{}", warnings.join("\n"));
        }
    }
}

#[test]
fn every_option_of_our_own_has_its_place_in_the_page() {
    let page = sections("vat-init");
    // What heads a paragraph, over all lines of it.
    let tags: &'static str = page.replace("\\\n", "").leak();
    let tags = tags.lines().zip(tags.lines().skip(1)).filter(|(above, _)| [".TP", ".TQ"].contains(above));
    let words = |(_, tag): (_, &'static str)| tag.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
    let told: BTreeSet<&str> = tags.flat_map(words).collect();
    let missing: Vec<String> = config::check::own_options().filter(|name| !told.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "vat-init.roff does not tell of {missing:?}");
}

/// What a shell prints that has loaded a program's completion. (A file of completions, a program, the beginning of an option, the
/// option it is completed to.)
const COMPLETED: [(&str, &str, &str); 8] = [
    ("free", "--hum", "--human"),
    ("uptime", "--pre", "--pretty"),
    ("df", "--no-s", "--no-sync"),
    ("nproc", "--ig", "--ignore"),
    ("top", "--bat", "--batch-mode"),
    ("vat-init", "--che", "--check"),
    ("vat-initctl", "--serv", "--serverurl"),
    ("vat", "--ver", "--version"),
];

#[test]
fn completions_load_and_complete() {
    const BASH: &str =
        r#"set -eu; . "$1"; COMP_WORDS=("$2" "$3") COMP_CWORD=1; "_${2//-/__}" "$2" "$3" "$2"; echo "${COMPREPLY[*]}""#;
    // zsh completes only at a prompt; that the function loads is what can be seen without one.
    const ZSH: &str =
        r#"emulate -R zsh; fpath=("${1:h}"); autoload -Uz +X "_$2" && whence "_$2" >/dev/null && echo "$4""#;
    const FISH: &str = r#"source $argv[1]; and complete --do-complete "$argv[2] $argv[3]""#;
    for (program, begun, whole) in COMPLETED.into_iter().filter(|_| !blesses()) {
        let shells = [
            ("bash", &["--norc", "-c", BASH, "bash"][..], format!("bash/{program}")),
            ("zsh", &["-f", "-c", ZSH, "zsh"], format!("zsh/_{program}")),
            ("fish", &["--no-config", "-c", FISH], format!("fish/{program}.fish")),
        ];
        for (shell, args, file) in shells {
            let file = house().join("packaging/completions").join(file);
            let args = [args, &[file.to_str().unwrap(), program, begun, whole]].concat();
            let Some(output) = run(shell, &args) else { continue };
            let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success() && wrong.is_empty(), "{shell}, {program}: {wrong}");
            assert!(said.contains(whole), "{shell}, {program}: {begun} is completed to {said:?}");
        }
    }
}
