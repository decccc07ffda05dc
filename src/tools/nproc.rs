//! nproc(1): how many threads are worth starting.

use super::Call;
use super::getopt::{Arg, Getopt, Opt, Spec, Value};
use super::here::Here;
use super::locale::Locale;
use super::quote;
use crate::container;
use crate::sys::Machine;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// `--all`
    All,
    /// `--ignore`
    Ignore,
    /// `--help`
    Help,
    /// `--version`
    Version,
}

const fn opt(id: Id, long: &'static str, value: Value, help: &'static str) -> Opt<Id> {
    Opt { id, short: None, long: Some(long), value, help }
}

/// The arguments of `nproc`.
pub const SPEC: Spec<Id> = Spec {
    name: "nproc",
    about: "show how many processing units there are for this process",
    operands: None,
    options: &[
        opt(Id::All, "all", Value::None, "print the number of installed processors"),
        opt(Id::Ignore, "ignore", Value::Required("N"), "if possible, exclude N processing units"),
        opt(Id::Help, "help", Value::None, "display this help and exit"),
        opt(Id::Version, "version", Value::None, "output version information and exit"),
    ],
};

/// Runs `nproc`.
///
/// # Errors
/// Those of writing.
pub fn run(call: &mut Call<'_>) -> io::Result<u8> {
    let (mut all, mut ignored, mut operand) = (false, 0, None);
    let utf8 = Locale::of(call.machine);
    let quoted = |word: &OsStr| quote::word(word.as_bytes(), utf8.is_utf8());
    let posix = call.machine.env("POSIXLY_CORRECT").is_some();
    for arg in Getopt::new(&SPEC, &call.program, &call.args, posix, |_| true) {
        match arg {
            Ok(Arg::Option(Id::All, _)) => all = true,
            Ok(Arg::Option(Id::Ignore, value)) => match number(value.unwrap_or_default()) {
                Ok(number) => ignored = number,
                Err((text, reason)) => {
                    write!(call.err, "{}: invalid number: ", call.program.display())?;
                    call.err.write_all(&quoted(&text))?;
                    writeln!(call.err, "{reason}")?;
                    return Ok(1);
                }
            },
            Ok(Arg::Operand(word)) => operand = operand.or(Some(word)),
            Ok(Arg::Option(Id::Help, _)) => {
                write!(call.out, "{}", help())?;
                return Ok(0);
            }
            Ok(Arg::Option(Id::Version, _)) => {
                writeln!(call.out, "nproc (GNU coreutils) 9.1 (Vat {})", env!("CARGO_PKG_VERSION"))?;
                return Ok(0);
            }
            Err(message) => {
                call.err.write_all(&message)?;
                writeln!(call.err, "\nTry '{} --help' for more information.", call.program.display())?;
                return Ok(1);
            }
        }
    }
    if let Some(word) = operand {
        let name = call.program.display();
        write!(call.err, "{name}: extra operand ")?;
        call.err.write_all(&quoted(&word))?;
        writeln!(call.err, "\nTry '{name} --help' for more information.")?;
        return Ok(1);
    }
    let here = Here::new(call.machine);
    let usable = || container::cpu_count(here.cpus()).min(call.machine.affinity().unwrap_or(u64::MAX)).max(1);
    let count = if all { installed(&here) } else { wanted(call.machine, usable) };
    here.report(&call.short_name(), call.err)?;
    writeln!(call.out, "{}", count.saturating_sub(ignored).max(1))?;
    Ok(0)
}

/// All CPUs of the machine; in a container those it may use, for that is the machine its users have.
fn installed(here: &Here<'_>) -> u64 {
    let usable = || container::cpu_count(here.cpus());
    if here.is_container() { usable() } else { here.possible_cpus().unwrap_or_else(usable) }
}

/// What the OpenMP variables ask for, else what there is.
fn wanted(machine: &dyn Machine, there_is: impl Fn() -> u64) -> u64 {
    let limit = variable(machine, "OMP_THREAD_LIMIT").unwrap_or(u64::MAX);
    variable(machine, "OMP_NUM_THREADS").unwrap_or_else(there_is).min(limit)
}

/// A positive number, or the first of a list of them; anything else is as if the variable were not set.
fn variable(machine: &dyn Machine, name: &str) -> Option<u64> {
    let text = machine.env(name)?.into_string().ok()?;
    let first = text.split(',').next().unwrap_or_default().trim_ascii();
    if first.is_empty() || !first.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(first.parse().unwrap_or(u64::MAX)).filter(|number| *number > 0)
}

/// `--ignore`'s number; the error holds the word and what the original says behind it.
fn number(word: OsString) -> Result<u64, (OsString, &'static str)> {
    let text = word.to_str().unwrap_or_default().trim_ascii_start();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err((word, ""));
    }
    digits.parse().map_err(|_| (word, ": Value too large for defined data type"))
}

fn help() -> String {
    let mut text = "Usage: nproc [OPTION]...\nPrint the number of processing units available to the current process,\n\
                    which may be less than the number of online processors\n\n"
        .to_owned();
    for option in SPEC.options {
        let value = if let Value::Required(name) = option.value { format!("={name}") } else { String::new() };
        let name = format!("--{}{value}", option.long.unwrap_or_default());
        text.push_str(&format!("      {name:<12}  {}\n", option.help));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_the_original_takes_them() {
        assert_eq!(number(" +1".into()), Ok(1));
        for bad in ["", "x", "-1", "1k", "1 "] {
            assert_eq!(number(bad.into()), Err((bad.into(), "")));
        }
        assert!(number("99999999999999999999".into()).is_err_and(|(_, reason)| !reason.is_empty()));
    }
}
