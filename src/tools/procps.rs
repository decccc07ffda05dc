//! What procps-ng's tools have in common: their version, their usage text, how they take numbers.

use super::getopt::{Opt, Spec, Value};
use crate::sys::{Civil, Machine};
use std::fmt::Write;

/// Which procps-ng a tool behaves as, where versions differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Procps {
    /// 4.0.2, Debian 12's (`VAT_PROCPS_COMPAT=4.0.2`).
    V4_0_2,
    /// The newest whose behaviour is documented: 4.0.6's options and words, and `uptime --pretty` as mended after it.
    Newest,
}

impl Procps {
    /// As the environment asks.
    #[must_use]
    pub fn of(machine: &dyn Machine) -> Procps {
        match machine.env("VAT_PROCPS_COMPAT") {
            Some(version) if version == "4.0.2" => Procps::V4_0_2,
            _ => Procps::Newest,
        }
    }

    /// What `--version` prints.
    #[must_use]
    pub fn version(self, name: &str) -> String {
        let procps = match self {
            Procps::V4_0_2 => "4.0.2",
            Procps::Newest => "4.0.6",
        };
        format!("{name} from procps-ng {procps} (Vat {})\n", env!("CARGO_PKG_VERSION"))
    }
}

/// The line of `uptime`, which is also the first of `top` and `w`: the time, how long it has been up (seconds), users, and the load
/// averages in hundredths.
#[must_use]
pub fn uptime_line(now: Civil, up: u64, users: u64, loads: [u64; 3], version: Procps) -> String {
    let (days, hours, minutes) = (up / 86_400, up / 3600 % 24, up / 60 % 60);
    let days = match days {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        days => format!("{days} days, "),
    };
    let hours = match hours {
        0 => format!("{minutes} min"),
        hours => format!("{hours:2}:{minutes:02}"),
    };
    let plural = if users == 1 || (users == 0 && version == Procps::V4_0_2) { "" } else { "s" };
    let [one, five, fifteen] = loads.map(hundredths);
    let clock = format!("{:02}:{:02}:{:02}", now.hour, now.minute, now.second);
    format!("{clock} up {days}{hours}, {users:2} user{plural},  load average: {one}, {five}, {fifteen}")
}

/// `123` as `1.23`.
#[must_use]
pub fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

/// The usage text, which `--help` and every bad argument print. The help stands in a column behind the longest option, `column` at
/// the least. Where `help` has no letter it and what follows make a paragraph with a column of its own.
#[must_use]
pub fn usage<T: Copy + PartialEq>(spec: &Spec<T>, help: T, column: usize, known: impl Fn(&T) -> bool) -> String {
    let known: Vec<&Opt<T>> = spec.options.iter().filter(|option| known(&option.id)).collect();
    let trailer = known.iter().position(|option| option.id == help && option.short.is_none()).unwrap_or(known.len());
    let (options, last) = known.split_at_checked(trailer).unwrap_or((&known, &[]));
    let mut text = format!("\nUsage:\n {} [options]\n\nOptions:\n", spec.name);
    describe(&mut text, options, column);
    if !last.is_empty() {
        text.push('\n');
        describe(&mut text, last, 0);
    }
    let _ = write!(text, "\nFor more details see {}(1).\n", spec.name);
    text
}

fn describe<T>(text: &mut String, options: &[&Opt<T>], column: usize) {
    let names: Vec<String> = options.iter().map(|option| names(option)).collect();
    let width = names.iter().map(|names| names.len() + 2).max().unwrap_or(0).max(column);
    for (option, names) in options.iter().zip(names) {
        let _ = writeln!(text, " {names:width$}{}", option.help);
    }
}

fn names<T>(option: &Opt<T>) -> String {
    let value = match option.value {
        Value::Required(name) => format!(" {name}"),
        Value::Optional(name) => format!("[={name}]"),
        Value::None => String::new(),
    };
    let short = option.short.map_or("    ".to_owned(), |letter| format!("-{letter}{value}, "));
    format!("{short}--{}{value}", option.long.unwrap_or_default())
}

/// Why a number of seconds is none, in the words that stand behind the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSeconds(pub &'static str);

/// A number of seconds: a decimal fraction with a point or a comma whatever the locale, no exponent.
///
/// # Errors
/// When it is none.
pub fn seconds(text: &str) -> Result<f64, BadSeconds> {
    const INVALID: BadSeconds = BadSeconds(": Invalid argument");
    if text.is_empty() {
        return Err(BadSeconds(""));
    }
    let digits = text.trim_start();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (whole, fraction) = digits.split_once(['.', ',']).map_or((digits, None), |(a, b)| (a, Some(b)));
    let number = |text: &str| text.bytes().fold(0.0, |value, digit| value * 10.0 + f64::from(digit - b'0'));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match fraction {
        _ if !is_number(whole) => Err(INVALID),
        Some(fraction) if !is_number(fraction) => Err(BadSeconds("")),
        Some(fraction) => Ok(sign * (number(whole) + number(fraction) / 10f64.powi(fraction.len().min(300) as i32))),
        None => Ok(sign * number(whole)),
    }
}

/// Why a number is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNumber {
    /// Not a decimal number.
    Malformed,
    /// Beyond what 64 bits hold.
    OutOfRange,
}

/// A decimal number as strtol(3) takes it: white space and a sign before it, nothing behind.
///
/// # Errors
/// When it is none, or too large.
pub fn number(text: &str) -> Result<i64, BadNumber> {
    let number = text.trim_start();
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadNumber::Malformed);
    }
    number.parse().map_err(|_| BadNumber::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_as_procps_takes_them() {
        assert_eq!(seconds("0,25"), Ok(0.25));
        assert_eq!(seconds(" 1."), Ok(1.0));
        assert_eq!(seconds("+.5"), Ok(0.5));
        assert_eq!(seconds("."), Ok(0.0));
        for bad in ["abc", "1e3", "inf", "nan", "0x1", "--1", "1 "] {
            assert_eq!(seconds(bad), Err(BadSeconds(": Invalid argument")), "{bad}");
        }
        for bad in ["", "1.2.3", "1.x"] {
            assert_eq!(seconds(bad), Err(BadSeconds("")), "{bad}");
        }
    }

    #[test]
    fn numbers_as_strtol_takes_them() {
        assert_eq!(number(" +1"), Ok(1));
        assert_eq!(number("-3"), Ok(-3));
        assert_eq!(number("99999999999999999999"), Err(BadNumber::OutOfRange));
        for bad in ["", " ", "-", "+-1", "1x", "0x1", "1.5", "--1"] {
            assert_eq!(number(bad), Err(BadNumber::Malformed), "{bad}");
        }
    }
}
