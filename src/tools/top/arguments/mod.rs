//! The command line. Beside what getopt knows the original lets `=` stand before a value, and a value of nothing stand in the next
//! word.

mod number;
mod spec;

pub(super) use number::seconds;
pub(crate) use spec::usage;
pub use spec::{Id, SPEC};

use super::defaults;
use super::field::Field;
use crate::tools::getopt::{Arg, Getopt};
use crate::tools::procps::Procps;
use number::integer;
use spec::known;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// How many tasks `-p` takes.
const MAX_PIDS: usize = 20;
/// The original's words for `-d` where only root may say how often it runs.
pub(crate) const DELAY_DISALLOWED: &str = "-d disallowed in \"secure\" mode";

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    /// To run.
    Run(Arguments),
    /// A text to standard output, and exit code 0.
    Tell(Text, EmptyLine),
}

/// A text that an option asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// That of `-h`, which [`usage`] makes.
    Help,
    /// What `-V` prints.
    Version,
    /// The names of all fields, a line each.
    Fields,
}

/// Whether an empty line on standard output is the last that is printed: where the original ends well, it knows then that it is in
/// batch mode.
pub(crate) type EmptyLine = bool;

/// What stands on a command line.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub(crate) struct Arguments {
    /// As if there was no rc file (-A).
    pub apply_defaults: bool,
    /// Frames one after another instead of a screen (-b).
    pub batch: bool,
    /// Turn the command line instead of the name on or off (-c).
    pub cmdline_toggle: bool,
    /// Seconds between frames (-d).
    pub delay: Option<f64>,
    /// The unit of the memory in the summary (-E).
    pub summary_scale: Option<usize>,
    /// The unit of the memory of tasks (-e).
    pub task_scale: Option<usize>,
    /// Threads instead of tasks (-H).
    pub threads: bool,
    /// Turn idle tasks on or off (-i).
    pub idle_toggle: bool,
    /// So many frames (-n).
    pub iterations: Option<u32>,
    /// Sort by this field, from the highest down where the first is true, up where it is false (-o).
    pub sort: Option<(Option<bool>, Field)>,
    /// Only these tasks, each once; 0 is this one (-p).
    pub pids: Vec<i32>,
    /// Turn times with those of ended children on or off (-S).
    pub cumulative_toggle: bool,
    /// What changes something is off (-s).
    pub secure: bool,
    /// Only the tasks of a user (-u, -U).
    pub user: Option<User>,
    /// So many columns; as many as there may be where it does not say (-w).
    pub width: Option<Option<usize>>,
    /// Turn a line for each CPU on or off (-1).
    pub single_cpu_toggle: bool,
    /// What the container has above a machine is shown (--container-line).
    pub container_line: bool,
}

/// A user whose tasks are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// Whether it may be any of a task's users; else it is the effective one.
    pub any: bool,
    /// Those of all other users instead (`!`).
    pub negated: bool,
    /// As it was typed, without the `!`.
    pub text: String,
    /// Its number.
    pub uid: u32,
}

/// Why nothing runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What standard error is told, with the program's name and without a newline.
    pub message: Vec<u8>,
    /// The exit code.
    pub code: u8,
    /// What standard output is told.
    pub empty_line: EmptyLine,
}

/// The number of a user as `-u` and the key u take it: a number, however large, or a name that `lookup` knows.
#[must_use]
pub(crate) fn uid(text: &str, lookup: impl Fn(&str) -> Option<u32>) -> Option<u32> {
    integer(text).map(|number| number as u32).or_else(|| lookup(text))
}

/// Reads the words behind the program's name, `program`. `posix` is whether POSIXLY_CORRECT is set; `user` knows the numbers of
/// users' names.
///
/// # Errors
/// The first thing that is wrong, in the original's words.
pub(crate) fn parse(
    program: &OsStr,
    words: &[OsString],
    posix: bool,
    version: Procps,
    user: impl Fn(&str) -> Option<u32>,
) -> Result<Request, Failure> {
    let name = Path::new(program).file_name().unwrap_or(program).as_bytes();
    let fail = |message: Vec<u8>| Failure { message: [name, b": ", &message].concat(), code: 1, empty_line: false };
    let mut arguments = Arguments::default();
    let mut operand: Option<OsString> = None;
    let mut getopt = Getopt::new(&SPEC, program, words, posix, |id| known(*id, version));
    while let Some(argument) = getopt.next() {
        let batch = arguments.batch;
        // 4.0.2 ends well where it does not know an option.
        let is_old = version == Procps::V4_0_2;
        let failure = |message| Failure { message, code: u8::from(!is_old), empty_line: is_old && batch };
        let (id, value) = match argument.map_err(failure)? {
            Arg::Option(Id::Help, _) => return Ok(Request::Tell(Text::Help, batch)),
            Arg::Option(Id::Version, _) => return Ok(Request::Tell(Text::Version, batch)),
            Arg::Option(Id::ListFields, _) => return Ok(Request::Tell(Text::Fields, batch)),
            Arg::Option(id, value) => (id, value),
            Arg::Operand(word) => {
                operand.get_or_insert(word);
                continue;
            }
        };
        let value = match (id, value) {
            (Id::Width, None) => getopt.next_word_if(|word| !word.starts_with(b"-")),
            (_, value) => value,
        };
        let value = match value.map(OsString::into_vec) {
            Some(value) => {
                let rest = value.strip_prefix(b"=").unwrap_or(&value).to_vec();
                let value =
                    if rest.is_empty() { getopt.next_word_if(|_| true).map(OsString::into_vec) } else { Some(rest) };
                let letter = || SPEC.options.iter().find(|option| option.id == id).and_then(|option| option.short);
                let missing = || format!("-{} argument missing", letter().unwrap_or_default());
                Some(value.ok_or_else(|| fail(missing().into_bytes()))?)
            }
            None => None,
        };
        if id == Id::ApplyDefaults && words.len() > 1 {
            return Err(fail(b"option '-A' must be used alone".to_vec()));
        }
        arguments.apply(id, value, version, &user).map_err(fail)?;
    }
    if let Some(word) = operand {
        return Err(fail([b"unknown option '", word.as_bytes(), b"'"].concat()));
    }
    if arguments.secure && arguments.delay.is_some() {
        return Err(fail(DELAY_DISALLOWED.into()));
    }
    Ok(Request::Run(arguments))
}

impl Arguments {
    fn apply(
        &mut self,
        id: Id,
        value: Option<Vec<u8>>,
        version: Procps,
        user: impl Fn(&str) -> Option<u32>,
    ) -> Result<(), Vec<u8>> {
        let is_given = value.is_some();
        let value = value.unwrap_or_default();
        let text = String::from_utf8_lossy(&value);
        let bad = |what: &str| [what.as_bytes(), b" '", &value, b"'"].concat();
        match id {
            Id::Batch => self.batch = true,
            Id::ApplyDefaults => self.apply_defaults = true,
            Id::Threads => self.threads = true,
            Id::ContainerLine => self.container_line = true,
            Id::Secure => self.secure = true,
            Id::CommandLine => self.cmdline_toggle = !self.cmdline_toggle,
            Id::Idle => self.idle_toggle = !self.idle_toggle,
            Id::Cumulative => self.cumulative_toggle = !self.cumulative_toggle,
            Id::SingleCpu => self.single_cpu_toggle = !self.single_cpu_toggle,
            Id::Delay => {
                let delay = seconds(&text).ok_or_else(|| bad("bad delay interval"))?;
                if delay < 0.0 {
                    return Err(b"-d requires positive argument".to_vec());
                }
                // The original counts in single precision.
                let fits = (delay as f32) < 2_147_483_648.0;
                self.delay = Some(Some(delay).filter(|_| fits).ok_or_else(|| bad("bad delay interval"))?);
            }
            Id::SummaryScale => {
                self.summary_scale = Some(scale(&value, b"kmgtpe").ok_or_else(|| bad("bad memory scaling arg"))?);
            }
            Id::TaskScale => {
                self.task_scale = Some(scale(&value, b"kmgtp").ok_or_else(|| bad("bad memory scaling arg"))?);
            }
            Id::Iterations => {
                let number = integer(&text).and_then(|number| i32::try_from(number).ok()).filter(|number| *number > 0);
                self.iterations = Some(number.ok_or_else(|| bad("bad iterations argument"))?.cast_unsigned());
            }
            Id::Width if is_given => {
                let number = integer(&text).and_then(|number| usize::try_from(number).ok());
                let width = number.filter(|number| (3..=512).contains(number));
                self.width = Some(Some(width.ok_or_else(|| bad("bad width arg"))?));
            }
            Id::Width => self.width = Some(None),
            Id::Sort => {
                let (descending, name) = match value.as_slice() {
                    [b'+', name @ ..] => (Some(true), name),
                    [b'-', name @ ..] => (Some(false), name),
                    name => (None, name),
                };
                let field = Field::named(name).filter(|field| defaults::known(*field, version));
                let unknown = || [b"unrecognized field name '", name, b"'"].concat();
                self.sort = Some((descending, field.ok_or_else(unknown)?));
            }
            Id::Pid | Id::AnyUser | Id::EffectiveUser
                if self.user.is_some() || (id != Id::Pid && !self.pids.is_empty()) =>
            {
                return Err(b"conflicting process selections (U/p/u)".to_vec());
            }
            Id::Pid => self.add_pids(&value)?,
            Id::AnyUser | Id::EffectiveUser => {
                let (negated, text) = text.strip_prefix('!').map_or((false, &*text), |text| (true, text));
                // `!` alone is everyone who is not root.
                let uid = if text.is_empty() { Some(0) } else { uid(text, user) }.ok_or(&b"Invalid user"[..])?;
                self.user = Some(User { any: id == Id::AnyUser, negated, text: text.to_owned(), uid });
            }
            Id::Help | Id::Version | Id::ListFields => {}
        }
        Ok(())
    }

    /// Adds the tasks of a list. Of each item only the digits at its beginning count, and no sign may stand anywhere.
    fn add_pids(&mut self, list: &[u8]) -> Result<(), Vec<u8>> {
        let mut list = Some(list);
        while let Some(rest) = list.filter(|rest| !rest.is_empty()) {
            if self.pids.len() >= MAX_PIDS {
                return Err(format!("pid limit ({MAX_PIDS}) exceeded").into_bytes());
            }
            let bad = || [b"bad pid '", rest, b"'"].concat();
            let digits: Vec<u8> = rest.trim_ascii_start().iter().copied().take_while(u8::is_ascii_digit).collect();
            if digits.is_empty() || rest.iter().any(|byte| b"+-".contains(byte)) {
                return Err(bad());
            }
            let add = |value: i64, digit: &u8| value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
            let pid = digits.iter().fold(0, add) as i32;
            if !self.pids.contains(&pid) {
                self.pids.push(pid);
            }
            list = rest.iter().position(|byte| *byte == b',').and_then(|comma| rest.get(comma + 1..));
        }
        Ok(())
    }
}

/// A unit by its letter, great or small.
fn scale(value: &[u8], letters: &[u8]) -> Option<usize> {
    let [letter] = value else { return None };
    letters.iter().position(|one| one.eq_ignore_ascii_case(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_as(words: &[&str], version: Procps) -> Result<Request, (String, u8)> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let user = |name: &str| (name == "root").then_some(0);
        parse(OsStr::new("/x/top"), &words, false, version, user)
            .map_err(|failure| (String::from_utf8_lossy(&failure.message).into_owned(), failure.code))
    }

    fn good(words: &str) -> Arguments {
        let words: Vec<&str> = words.split_whitespace().map(|word| if word == "''" { "" } else { word }).collect();
        match parse_as(&words, Procps::V4_0_2) {
            Ok(Request::Run(arguments)) => arguments,
            other => panic!("{words:?}: {other:?}"),
        }
    }

    fn bad(words: &str) -> String {
        let words: Vec<&str> = words.split_whitespace().map(|word| if word == "''" { "" } else { word }).collect();
        parse_as(&words, Procps::V4_0_2).unwrap_err().0
    }

    #[test]
    fn values() {
        assert_eq!(
            good("-b -d=1 -n3"),
            Arguments { batch: true, delay: Some(1.0), iterations: Some(3), ..Arguments::default() }
        );
        assert_eq!(good("--delay '' 1,5 --iterations==0x10").delay, Some(1.5));
        assert_eq!(good("-n = 2").iterations, Some(2));
        assert_eq!(good("-E=G -eP").summary_scale, Some(2));
        assert_eq!(good("-E=G -eP").task_scale, Some(4));
        assert_eq!(good("-o+PID").sort, Some((Some(true), Field::Pid)));
        assert_eq!(good("-o=-%CPU").sort, Some((Some(false), Field::Cpu)));
        assert_eq!(good("-o RES").sort, Some((None, Field::Res)));
        assert!(good("-cc -ii -i -1SH").idle_toggle);
        assert!(!good("-cc").cmdline_toggle);
    }

    #[test]
    fn widths() {
        assert_eq!(good("").width, None);
        for all in ["-w", "-bw", "--width", "-w -b", "-w --"] {
            assert_eq!(good(all).width, Some(None), "{all}");
        }
        for eighty in ["-w80", "-w 80", "-w=80", "--width=80", "--width 80", "-w '' 80", "-bw 80", "-w 0x50"] {
            assert_eq!(good(eighty).width, Some(Some(80)), "{eighty}");
        }
        assert_eq!(bad("-w -- 80"), "top: unknown option '80'");
        assert_eq!(bad("-w="), "top: -w argument missing");
        for width in ["2", "513", "x", "80x", "4294967376", "b"] {
            assert_eq!(bad(&format!("-w {width}")), format!("top: bad width arg '{width}'"));
        }
    }

    #[test]
    fn pids() {
        assert_eq!(good("-p1,77").pids, [1, 77]);
        assert_eq!(good("-p 1x,77,77, -p 0").pids, [1, 77, 0]);
        assert_eq!(good("-p 4294967297").pids, [1]);
        for (list, told) in
            [("x", "x"), ("1,x,", "x,"), ("1,,2", ",2"), (",1", ",1"), ("1,-77", "1,-77"), ("1-7", "1-7")]
        {
            assert_eq!(bad(&format!("-p {list}")), format!("top: bad pid '{told}'"));
        }
        let twenty = (1..=20).map(|pid| pid.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(good(&format!("-p {twenty},")).pids.len(), 20);
        assert_eq!(bad(&format!("-p {twenty},x")), "top: pid limit (20) exceeded");
        assert_eq!(bad(&format!("-p {twenty} -p 1")), "top: pid limit (20) exceeded");
    }

    #[test]
    fn users() {
        let root = |any, negated, text: &str| Some(User { any, negated, text: text.to_owned(), uid: 0 });
        assert_eq!(good("-u root").user, root(false, false, "root"));
        assert_eq!(good("-U=!root").user, root(true, true, "root"));
        assert_eq!(good("-u 0x0").user, root(false, false, "0x0"));
        assert_eq!(good("-u !").user, root(false, true, ""));
        assert_eq!(good("-u 4294967296").user, root(false, false, "4294967296"));
        for user in ["nosuch", "!!root", "0,1", "!=root"] {
            assert_eq!(bad(&format!("-u {user}")), "top: Invalid user");
        }
        for conflict in ["-p 1 -u nosuch", "-u root -p x", "-u root -u root", "-U root -u root"] {
            assert_eq!(bad(conflict), "top: conflicting process selections (U/p/u)");
        }
    }

    #[test]
    fn failures_in_the_order_of_the_words() {
        for (words, told) in [
            ("-n 0", "top: bad iterations argument '0'"),
            ("-n 2147483648", "top: bad iterations argument '2147483648'"),
            ("-n ''", "top: -n argument missing"),
            ("-n = ''", "top: bad iterations argument ''"),
            ("y -n x", "top: bad iterations argument 'x'"),
            ("y z", "top: unknown option 'y'"),
            ("-", "top: unknown option '-'"),
            ("-d -1", "top: -d requires positive argument"),
            ("-d 3e9", "top: bad delay interval '3e9'"),
            ("-d '' -b", "top: bad delay interval '-b'"),
            ("-s -d 1", "top: -d disallowed in \"secure\" mode"),
            ("-s -d 1 y", "top: unknown option 'y'"),
            ("-e e", "top: bad memory scaling arg 'e'"),
            ("-E kk", "top: bad memory scaling arg 'kk'"),
            ("-o +-PID", "top: unrecognized field name '-PID'"),
            ("-o nFD", "top: unrecognized field name 'nFD'"),
            ("-z", "/x/top: invalid option -- 'z'"),
            ("-A", "/x/top: invalid option -- 'A'"),
        ] {
            assert_eq!(bad(words), told, "{words}");
        }
        assert_eq!(parse_as(&["-h", "-n", "x"], Procps::V4_0_2), Ok(Request::Tell(Text::Help, false)));
        assert_eq!(parse_as(&["y", "-bV"], Procps::V4_0_2), Ok(Request::Tell(Text::Version, true)));
        assert_eq!(parse_as(&["-Oz"], Procps::V4_0_2), Ok(Request::Tell(Text::Fields, false)));
    }

    #[test]
    fn the_versions_differ() {
        assert_eq!(parse_as(&["-z"], Procps::V4_0_2).unwrap_err().1, 0);
        assert_eq!(parse_as(&["-z"], Procps::Newest).unwrap_err().1, 1);
        assert!(matches!(parse_as(&["-A"], Procps::Newest), Ok(Request::Run(Arguments { apply_defaults: true, .. }))));
        assert_eq!(parse_as(&["-A", "-b"], Procps::Newest).unwrap_err().0, "top: option '-A' must be used alone");
        assert!(matches!(parse_as(&["-onFD", "--container-line"], Procps::Newest), Ok(Request::Run(_))));
        assert_eq!(bad("--container-line"), "/x/top: unrecognized option '--container-line'");
        let line = " -w, --width [=COLUMNS]          change print width [,use COLUMNS]\n";
        assert!(usage("top", Procps::V4_0_2).contains(line));
    }
}
