//! free(1): how much memory there is, and how much of it is used.

mod scale;
mod view;

use super::Call;
use super::getopt::{Arg, Getopt, Opt, Spec, Value};
use super::here::Here;
use super::procps::{self, BadNumber, BadSeconds, Procps};
use scale::Scale;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;
use view::{Columns, Row};

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// So many powers of 1024.
    Binary(u32),
    /// So many powers of 1000.
    Decimal(u32),
    /// `--human`
    Human,
    /// `--si`
    Si,
    /// `--lohi`
    Lohi,
    /// `--line`, newer than 4.0.2.
    Line,
    /// `--total`
    Total,
    /// `--committed`
    Committed,
    /// `--seconds`
    Seconds,
    /// `--count`
    Count,
    /// `--wide`
    Wide,
    /// `--help`
    Help,
    /// `--version`
    Version,
}

const fn opt(id: Id, short: Option<char>, long: &'static str, help: &'static str) -> Opt<Id> {
    Opt { id, short, long: Some(long), value: Value::None, help }
}

const fn opt_n(id: Id, short: char, long: &'static str, help: &'static str) -> Opt<Id> {
    Opt { id, short: Some(short), long: Some(long), value: Value::Required("N"), help }
}

/// The arguments of `free`.
pub const SPEC: Spec<Id> = Spec {
    name: "free",
    about: "show how much memory there is, and how much of it is used",
    operands: None,
    options: &[
        opt(Id::Binary(0), Some('b'), "bytes", "show output in bytes"),
        opt(Id::Decimal(1), None, "kilo", "show output in kilobytes"),
        opt(Id::Decimal(2), None, "mega", "show output in megabytes"),
        opt(Id::Decimal(3), None, "giga", "show output in gigabytes"),
        opt(Id::Decimal(4), None, "tera", "show output in terabytes"),
        opt(Id::Decimal(5), None, "peta", "show output in petabytes"),
        opt(Id::Binary(1), Some('k'), "kibi", "show output in kibibytes"),
        opt(Id::Binary(2), Some('m'), "mebi", "show output in mebibytes"),
        opt(Id::Binary(3), Some('g'), "gibi", "show output in gibibytes"),
        opt(Id::Binary(4), None, "tebi", "show output in tebibytes"),
        opt(Id::Binary(5), None, "pebi", "show output in pebibytes"),
        opt(Id::Human, Some('h'), "human", "show human-readable output"),
        opt(Id::Si, None, "si", "use powers of 1000 not 1024"),
        opt(Id::Lohi, Some('l'), "lohi", "show detailed low and high memory statistics"),
        opt(Id::Line, Some('L'), "line", "show output on a single line"),
        opt(Id::Total, Some('t'), "total", "show total for RAM + swap"),
        opt(Id::Committed, Some('v'), "committed", "show committed memory and commit limit"),
        opt_n(Id::Seconds, 's', "seconds", "repeat printing every N seconds"),
        opt_n(Id::Count, 'c', "count", "repeat printing N times, then exit"),
        opt(Id::Wide, Some('w'), "wide", "wide output"),
        opt(Id::Help, None, "help", "display this help and exit"),
        opt(Id::Version, Some('V'), "version", "output version information and exit"),
    ],
};

#[derive(Debug, Default)]
struct Options {
    unit: Option<Id>,
    human: bool,
    si: bool,
    columns: Columns,
    repeat: Option<Duration>,
    count: Option<u32>,
}

/// Runs `free`.
///
/// # Errors
/// Those of writing.
pub fn run(call: &mut Call<'_>) -> io::Result<u8> {
    let version = Procps::of(call.machine);
    let options = match options(call, version)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let unit = match options.unit {
        Some(Id::Binary(power) | Id::Decimal(power)) => power,
        _ => 1,
    };
    let si = options.si || matches!(options.unit, Some(Id::Decimal(_)));
    let scale = Scale { base: if si { 1000 } else { 1024 }, power: if options.human { None } else { Some(unit) } };
    let short_name = call.short_name();
    let mut left = options.count;
    loop {
        // A container may be given other limits while `free -s` runs: each round looks anew.
        let here = Here::new(call.machine);
        let (memory, host) = (here.memory(), here.meminfo());
        here.report(&short_name, call.err)?;
        let (Some(memory), Some(host)) = (memory, host) else {
            let missing = !call.machine.root().exists("proc/meminfo".as_ref());
            let reason = match missing {
                true => "Memory information file /proc/meminfo does not exist",
                false => "Unable to create meminfo structure",
            };
            writeln!(call.err, "{short_name}: {reason}")?;
            return Ok(1);
        };
        let row = Row::of(&memory, &host, here.is_container());
        match view::print(call.out, &row, &options.columns, &scale).and_then(|()| call.out.flush()) {
            Ok(()) => (),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(0),
            Err(_) => {
                // The original flushes each block, and has forgotten the reason when it looks.
                writeln!(call.err, "{short_name}: write error")?;
                return Ok(1);
            }
        }
        if let Some(left) = &mut left {
            *left -= 1;
            if *left == 0 {
                return Ok(0);
            }
        }
        let Some(delay) = options.repeat else { return Ok(0) };
        if !options.columns.line {
            writeln!(call.out)?;
        }
        call.out.flush()?;
        call.machine.sleep(delay);
    }
}

/// Reads the arguments; the inner error is an exit code, for everything has been said.
fn options(call: &mut Call<'_>, version: Procps) -> io::Result<Result<Options, u8>> {
    let known = |id: &Id| version > Procps::V4_0_2 || *id != Id::Line;
    let usage = || procps::usage(&SPEC, Id::Help, 20, known);
    let short_name = call.short_name();
    let posix = call.machine.env("POSIXLY_CORRECT").is_some();
    let mut options = Options::default();
    let mut operands = false;
    for arg in Getopt::new(&SPEC, &call.program, &call.args, posix, known) {
        let (id, value) = match arg {
            Ok(Arg::Option(id, value)) => (id, value.unwrap_or_default()),
            Ok(Arg::Operand(_)) => {
                operands = true;
                continue;
            }
            Err(message) => {
                call.err.write_all(&message)?;
                write!(call.err, "\n{}", usage())?;
                return Ok(Err(1));
            }
        };
        // What is no UTF-8 is no number either; messages show it as it came.
        let text = &*value.to_string_lossy();
        let mut refuse = |before: &str, after: &str| {
            let parts = [short_name.as_bytes(), b": ", before.as_bytes(), value.as_bytes(), after.as_bytes(), b"\n"];
            call.err.write_all(&parts.concat()).map(|()| Err(1))
        };
        match id {
            Id::Binary(_) | Id::Decimal(_) if options.unit.is_some() => {
                writeln!(call.err, "{short_name}: Multiple unit options don't make sense.")?;
                return Ok(Err(1));
            }
            Id::Binary(_) | Id::Decimal(_) => options.unit = Some(id),
            Id::Human => options.human = true,
            Id::Si => options.si = true,
            Id::Lohi => options.columns.lohi = true,
            Id::Line => options.columns.line = true,
            Id::Total => options.columns.total = true,
            Id::Committed => options.columns.committed = true,
            Id::Wide => options.columns.wide = true,
            Id::Seconds => match procps::seconds(text) {
                Ok(seconds) if seconds * 1e6 >= 1.0 => {
                    options.repeat = Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
                }
                Ok(_) => return refuse("seconds argument `", "' is not positive number"),
                Err(BadSeconds(reason)) => return refuse("seconds argument failed: '", &format!("'{reason}")),
            },
            Id::Count => match procps::number(text) {
                // The original keeps it in 32 bits.
                Ok(count) if count as i32 > 0 => {
                    options.count = Some(count as u32);
                    options.repeat = options.repeat.or(Some(Duration::from_secs(1)));
                }
                Ok(_) | Err(BadNumber::OutOfRange) => {
                    return refuse("failed to parse count argument: '", "': Numerical result out of range");
                }
                Err(BadNumber::Malformed) => return refuse("failed to parse count argument: '", "'"),
            },
            Id::Help => {
                write!(call.out, "{}", usage())?;
                return Ok(Err(0));
            }
            Id::Version => {
                write!(call.out, "{}", version.version(SPEC.name))?;
                return Ok(Err(0));
            }
        }
    }
    if operands {
        write!(call.err, "{}", usage())?;
        return Ok(Err(1));
    }
    Ok(Ok(options))
}
