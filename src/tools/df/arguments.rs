//! df's arguments: validated here, acted on elsewhere.

use super::block_size::{BadSize, BlockSize};
use super::view::Field;
use crate::sys::Machine;
use crate::tools::getopt::{Arg, Getopt, Opt, Spec, Value};
use crate::tools::locale::Locale;
use crate::tools::quote;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the names of the options")]
pub enum Id {
    All,
    BlockSize,
    HumanReadable,
    Si,
    Inodes,
    Kibibytes,
    Mebibytes,
    Local,
    NoSync,
    Output,
    Portability,
    Sync,
    Total,
    Type,
    TypeAsSystemV,
    PrintType,
    ExcludeType,
    Ignored,
    Help,
    Version,
}

const fn opt(id: Id, short: Option<char>, long: Option<&'static str>, value: Value, help: &'static str) -> Opt<Id> {
    Opt { id, short, long, value, help }
}

/// The arguments of `df`.
pub const SPEC: Spec<Id> = Spec {
    name: "df",
    about: "show how much space filesystems have, and how much of it is used",
    operands: Some(("FILE", "show the filesystem on which FILE lies; without any, all of them")),
    options: &[
        opt(Id::All, Some('a'), Some("all"), Value::None, "include pseudo, duplicate, inaccessible file systems"),
        opt(Id::BlockSize, Some('B'), Some("block-size"), Value::Required("SIZE"), "show sizes in units of SIZE"),
        opt(Id::HumanReadable, Some('h'), Some("human-readable"), Value::None, "show sizes in powers of 1024 (1023M)"),
        opt(Id::Si, Some('H'), Some("si"), Value::None, "show sizes in powers of 1000 (1.1G)"),
        opt(Id::Inodes, Some('i'), Some("inodes"), Value::None, "show inodes instead of blocks"),
        opt(Id::Kibibytes, Some('k'), None, Value::None, "like --block-size=1K"),
        opt(Id::Local, Some('l'), Some("local"), Value::None, "only local file systems"),
        opt(Id::NoSync, None, Some("no-sync"), Value::None, "do not invoke sync first (default)"),
        opt(
            Id::Output,
            None,
            Some("output"),
            Value::Optional("FIELD_LIST"),
            "show the fields of FIELD_LIST, or all where it is omitted",
        ),
        opt(Id::Portability, Some('P'), Some("portability"), Value::None, "use the POSIX output format"),
        opt(Id::Sync, None, Some("sync"), Value::None, "invoke sync first"),
        opt(Id::Total, None, Some("total"), Value::None, "show a grand total, and nothing twice"),
        opt(Id::Type, Some('t'), Some("type"), Value::Required("TYPE"), "only file systems of type TYPE"),
        opt(Id::PrintType, Some('T'), Some("print-type"), Value::None, "show the file system's type"),
        opt(
            Id::ExcludeType,
            Some('x'),
            Some("exclude-type"),
            Value::Required("TYPE"),
            "only file systems not of type TYPE",
        ),
        opt(Id::Ignored, Some('v'), None, Value::None, "(ignored)"),
        opt(Id::TypeAsSystemV, Some('F'), None, Value::Required("TYPE"), ""),
        opt(Id::Mebibytes, Some('m'), None, Value::None, ""),
        opt(Id::Help, None, Some("help"), Value::None, "display this help and exit"),
        opt(Id::Version, None, Some("version"), Value::None, "output version information and exit"),
    ],
};

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Help,
    Version,
    Show(Box<Arguments>),
}

/// What is to be shown of what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) all: bool,
    pub(super) local: bool,
    pub(super) sync: bool,
    pub(super) total: bool,
    pub(super) shape: Shape,
    pub(super) print_type: bool,
    pub(super) size: BlockSize,
    /// Only filesystems of these types; empty for all.
    pub(super) types: Vec<Vec<u8>>,
    /// None of these types.
    pub(super) not_types: Vec<Vec<u8>>,
    pub(super) files: Vec<OsString>,
}

/// Which columns there are, and their headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Blocks,
    Inodes,
    Posix,
    Human,
    /// The fields of `--output`.
    Fields(Vec<Field>),
}

impl Arguments {
    /// Whether a filesystem's type is asked for.
    pub(super) fn wants_type(&self, fs_type: &[u8]) -> bool {
        let is = |types: &[Vec<u8>]| types.iter().any(|name| name == fs_type);
        (self.types.is_empty() || is(&self.types)) && !is(&self.not_types)
    }
}

/// What is wrong with the arguments: messages without the program's name and newline, and whether to point to `--help`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misuse {
    pub(super) messages: Vec<Vec<u8>>,
    pub(super) see_help: bool,
}

fn misuse(parts: &[&[u8]]) -> Misuse {
    Misuse { messages: vec![parts.concat()], see_help: true }
}

/// Reads the arguments.
pub(super) fn parse(words: &[OsString], machine: &dyn Machine, locale: &Locale<'_>) -> Result<Command, Misuse> {
    let posixly_correct = machine.env("POSIXLY_CORRECT").is_some();
    let (mut all, mut local, mut sync, mut total) = (false, false, false, false);
    let (mut inodes, mut posix, mut print_type, mut size) = (false, false, false, None);
    let mut output: Option<Vec<Field>> = None;
    let (mut types, mut not_types, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let excludes = |option: &str| misuse(&[b"options ", option.as_bytes(), b" and --output are mutually exclusive"]);

    for arg in Getopt::new(&SPEC, OsStr::new(""), words, posixly_correct, |_| true) {
        let (id, value) = match arg {
            Ok(Arg::Option(id, value)) => (id, value.map(OsString::into_vec)),
            Ok(Arg::Operand(file)) => {
                files.push(file);
                continue;
            }
            // Getopt's messages begin with the program's name, here empty.
            Err(message) => return Err(misuse(&[message.strip_prefix(b": ").unwrap_or(&message)])),
        };
        match id {
            Id::All => all = true,
            Id::BlockSize => size = Some(block_size(words, &value.unwrap_or_default())?),
            Id::HumanReadable => size = Some(BlockSize::HUMAN),
            Id::Si => size = Some(BlockSize::SI),
            Id::Inodes if output.is_some() => return Err(excludes("-i")),
            Id::Inodes => inodes = true,
            Id::Kibibytes => size = Some(BlockSize::plain(1024)),
            Id::Mebibytes => size = Some(BlockSize::plain(1024 * 1024)),
            Id::Local => local = true,
            Id::NoSync => sync = false,
            Id::Sync => sync = true,
            Id::Portability if output.is_some() => return Err(excludes("-P")),
            Id::Portability => posix = true,
            Id::Total => total = true,
            Id::Type | Id::TypeAsSystemV => types.push(value.unwrap_or_default()),
            Id::ExcludeType => not_types.push(value.unwrap_or_default()),
            Id::PrintType if output.is_some() => return Err(excludes("-T")),
            Id::PrintType => print_type = true,
            Id::Output if inodes => return Err(excludes("-i")),
            Id::Output if posix => return Err(excludes("-P")),
            Id::Output if print_type => return Err(excludes("-T")),
            Id::Output => fields(value.as_deref(), output.get_or_insert_default(), locale)?,
            Id::Ignored => (),
            Id::Help => return Ok(Command::Help),
            Id::Version => return Ok(Command::Version),
        }
    }
    let conflicts: Vec<Vec<u8>> = types.iter().rev().filter(|name| not_types.contains(name)).cloned().collect();
    if !conflicts.is_empty() {
        let message = |name: Vec<u8>| {
            [b"file system type ", &*quote::word(&name, locale.is_utf8()), b" both selected and excluded"].concat()
        };
        return Err(Misuse { messages: conflicts.into_iter().map(message).collect(), see_help: false });
    }
    let size = size.unwrap_or_else(|| {
        let default = if posixly_correct { 512 } else { 1024 };
        let variables = ["DF_BLOCK_SIZE", "BLOCK_SIZE", "BLOCKSIZE"];
        match posix {
            true => BlockSize::plain(default),
            false => {
                let set = variables.iter().find_map(|name| machine.env(name));
                BlockSize::of_environment(set.as_ref().map(|value| value.as_bytes()), default)
            }
        }
    });
    let shape = match output {
        Some(fields) if fields.is_empty() => Shape::Fields(Field::ALL.to_vec()),
        Some(fields) => Shape::Fields(fields),
        None if inodes => Shape::Inodes,
        None if size.human => Shape::Human,
        None if posix => Shape::Posix,
        None => Shape::Blocks,
    };
    let arguments = Arguments { all, local, sync, total, shape, print_type, size, types, not_types, files };
    Ok(Command::Show(Box::new(arguments)))
}

/// The argument of `-B`, whose message names the option as it was given.
fn block_size(words: &[OsString], value: &[u8]) -> Result<BlockSize, Misuse> {
    BlockSize::parse(value).map_err(|bad| {
        // The option was long when a word `--b…` brought this value; getopt tells only which option it was.
        let mut words = words.iter().map(|word| word.as_bytes()).peekable();
        let mut long = false;
        while let Some(word) = words.next() {
            if let Some(name) = word.strip_prefix(b"--b") {
                let attached = name.iter().position(|byte| *byte == b'=').and_then(|at| name.get(at + 1..));
                long |= attached.or(words.peek().copied()) == Some(value);
            }
        }
        let option: &[u8] = if long { b"--block-size" } else { b"-B" };
        let parts: [&[u8]; 3] = match bad {
            BadSize::Invalid => [b"invalid ", option, b" argument '"],
            BadSize::Suffix => [b"invalid suffix in ", option, b" argument '"],
            BadSize::TooLarge => [b"", option, b" argument '"],
        };
        let end: &[u8] = if bad == BadSize::TooLarge { b"' too large" } else { b"'" };
        Misuse { messages: vec![[&parts.concat(), value, end].concat()], see_help: false }
    })
}

/// The argument of `--output`, added to what stands already.
fn fields(list: Option<&[u8]>, fields: &mut Vec<Field>, locale: &Locale<'_>) -> Result<(), Misuse> {
    let Some(list) = list else { return Ok(()) };
    for name in list.split(|byte| *byte == b',') {
        let quoted = || quote::word(name, locale.is_utf8());
        match Field::named(name) {
            None => return Err(misuse(&[b"option --output: field ", &quoted(), b" unknown"])),
            Some(field) if fields.contains(&field) => {
                return Err(misuse(&[b"option --output: field ", &quoted(), b" used more than once"]));
            }
            Some(field) => fields.push(field),
        }
    }
    Ok(())
}
