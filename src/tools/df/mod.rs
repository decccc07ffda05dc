//! df(1): how much space filesystems have, and how much of it is used. As GNU coreutils 9.

mod arguments;
mod block_size;
mod find;
mod mounts;
mod rows;
mod table;
mod view;
mod width;

pub use arguments::{Id, SPEC};
pub use view::Field;

use super::Call;
use super::getopt::Value;
use super::here::Here;
use super::locale::Locale;
use super::quote;
use crate::sys::FileStat;
use crate::sys::process::reason;
use arguments::{Arguments, Command, Misuse};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use table::Text;
use view::Row;

/// The coreutils whose shape and messages these are.
const COREUTILS: &str = "9.1";

/// Messages on standard error, each behind the program's name.
struct Messages<'a> {
    program: &'a OsStr,
    err: &'a mut dyn Write,
    locale: &'a Locale<'a>,
    /// Whether any of them was an error.
    failed: bool,
}

impl Messages<'_> {
    fn say(&mut self, parts: &[&[u8]]) -> io::Result<()> {
        let line = [self.program.as_bytes(), b": ", &parts.concat(), b"\n"].concat();
        self.err.write_all(&line)
    }

    fn error(&mut self, parts: &[&[u8]]) -> io::Result<()> {
        self.failed = true;
        self.say(parts)
    }

    /// A file and what is wrong with it.
    fn file_error(&mut self, file: &Path, error: &io::Error) -> io::Result<()> {
        let name = file.as_os_str().as_bytes();
        // The locale matters only where a name has more than plain ASCII.
        let utf8 = !name.is_ascii() && self.locale.is_utf8();
        self.error(&[&quote::shell(name, utf8, false), b": ", reason(error).as_bytes()])
    }
}

/// Runs df.
///
/// # Errors
/// Those of writing its output.
pub fn run(call: &mut Call<'_>) -> io::Result<u8> {
    let locale = Locale::of(call.machine);
    let arguments = match arguments::parse(&call.args, call.machine, &locale) {
        Ok(Command::Show(arguments)) => arguments,
        Ok(Command::Help) => {
            call.out.write_all(&help(&call.program))?;
            return Ok(0);
        }
        Ok(Command::Version) => {
            writeln!(call.out, "df (GNU coreutils) {COREUTILS} (Vat {})", env!("CARGO_PKG_VERSION"))?;
            return Ok(0);
        }
        Err(Misuse { messages, see_help }) => {
            let program = call.program.as_bytes();
            for message in messages {
                call.err.write_all(&[program, b": ", &message, b"\n"].concat())?;
            }
            if see_help {
                call.err.write_all(&[b"Try '", program, b" --help' for more information.\n"].concat())?;
            }
            return Ok(1);
        }
    };
    let messages = Messages { program: &call.program, err: &mut *call.err, locale: &locale, failed: false };
    show(&arguments, call.machine, messages, &mut *call.out)
}

fn show(
    arguments: &Arguments,
    machine: &dyn crate::sys::Machine,
    mut messages: Messages<'_>,
    out: &mut dyn Write,
) -> io::Result<u8> {
    // When the table of mounts turns out to be empty the original says what errno holds: the last error, which may be that of
    // a locale that has no translations.
    let mut last_error = None;
    let mut files: Vec<(&Path, FileStat)> = Vec::with_capacity(arguments.files.len());
    for file in &arguments.files {
        let file = Path::new(file);
        match find::stat(machine, file) {
            Ok(stat) => files.push((file, stat)),
            Err(error) => {
                messages.file_error(file, &error)?;
                last_error = Some(reason(&error));
            }
        }
    }

    let whole = arguments.all || !arguments.files.is_empty();
    let here = Here::new(machine);
    let table = here.mountinfo().map(|text| mounts::table(text, whole)).map_err(|error| Some(reason(error)));
    let leftover = || last_error.or_else(|| messages.locale.is_utf8().then(|| "No such file or directory".to_owned()));
    let entries = match table.and_then(|table| if table.is_empty { Err(leftover()) } else { Ok(table.entries) }) {
        Ok(entries) => entries,
        Err(why) => {
            let bound = arguments.all || arguments.local || !arguments.types.is_empty();
            let fatal = arguments.files.is_empty() || bound || !arguments.not_types.is_empty();
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let warning = if fatal { "" } else { "Warning: " };
            let text = format!("{warning}cannot read table of mounted file systems{why}");
            messages.say(&[text.as_bytes()])?;
            if fatal {
                return Ok(1);
            }
            Vec::new()
        }
    };
    if arguments.sync {
        machine.sync();
    }

    let mut rows = rows::Rows::new(arguments, machine, &entries, &here);
    match arguments.files.is_empty() {
        true => rows.list(&mut messages)?,
        false => files.iter().try_for_each(|(file, stat)| rows.file(file, stat, &mut messages))?,
    }
    let rows::Rows { rows, notes, .. } = rows;
    if here.explains() {
        notes.iter().try_for_each(|note| messages.say(&[note]))?;
    }
    if here.is_container() {
        here.report(&messages.program.to_string_lossy(), messages.err)?;
    }
    if rows.is_empty() {
        if !messages.failed {
            messages.error(&[b"no file systems processed"])?;
        }
        return Ok(1);
    }
    print(rows, arguments, machine, messages.locale, out)?;
    Ok(u8::from(messages.failed))
}

fn print(
    mut rows: Vec<Row>,
    arguments: &Arguments,
    machine: &dyn crate::sys::Machine,
    locale: &Locale<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let fields = view::fields(arguments);
    if arguments.total {
        rows.push(Row::total(&rows, &fields));
    }
    let lines = view::cells(&rows, &fields, arguments);
    // Only a name with more than ASCII depends on the locale and on where it is shown.
    let is_plain = lines.iter().flatten().all(|cell| cell.is_ascii());
    let utf8 = !is_plain && locale.is_utf8();
    let text = Text { utf8, terminal: utf8 && machine.stdout_is_terminal() };
    out.write_all(&table::table(lines, &fields, text))
}

/// What `--help` prints, from the table of options.
fn help(program: &OsStr) -> Vec<u8> {
    let mut text = String::from("Show how much space file systems have, and how much of it is used:\n");
    text.push_str("of the file system of each FILE, or of all by default.\n\n");
    for option in SPEC.options.iter().filter(|option| !option.help.is_empty()) {
        let value = match option.value {
            Value::None => String::new(),
            Value::Required(name) => format!("={name}"),
            Value::Optional(name) => format!("[={name}]"),
        };
        let short = option.short.map_or("    ".to_owned(), |letter| format!("-{letter}"));
        let comma = if option.short.is_some() && option.long.is_some() { ", " } else { "" };
        let long = option.long.map_or(String::new(), |long| format!("--{long}{value}"));
        let names = format!("{short}{comma}{long}");
        let _ = writeln!(text, "  {names:<27} {}", option.help);
    }
    text.push_str(
        "\nSIZE is an integer and a unit: K, M, G, T, P, E (powers of 1024; KiB and so on are the same) or KB, MB,\n",
    );
    text.push_str(
        "... (powers of 1000). Without an option the environment's DF_BLOCK_SIZE, BLOCK_SIZE or BLOCKSIZE tells it,\n",
    );
    text.push_str(
        "else it is 1024 bytes, or 512 where POSIXLY_CORRECT is set.\n\nFIELD_LIST is one or more, with commas, of: ",
    );
    text.push_str(&Field::ALL.map(Field::name).join(", "));
    text.push_str(".\n\nInside a container sizes are bounded by its disk quota and, for tmpfs, by its memory.\n");
    [b"Usage: ", program.as_bytes(), b" [OPTION]... [FILE]...\n", text.as_bytes()].concat()
}
