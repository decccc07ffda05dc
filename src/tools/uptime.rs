//! uptime(1): how long the container has been up, and what its load is.

use super::Call;
use super::getopt::{Arg, Getopt, Opt, Spec, Value};
use super::here::Here;
use super::procps::{self, Procps};
use std::io;
use std::time::Duration;

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// `--pretty`
    Pretty,
    /// `--help`
    Help,
    /// `--raw`, newer than 4.0.2.
    Raw,
    /// `--since`
    Since,
    /// `--container`, newer than 4.0.2.
    Container,
    /// `--version`
    Version,
}

const fn opt(id: Id, short: char, long: &'static str, help: &'static str) -> Opt<Id> {
    Opt { id, short: Some(short), long: Some(long), value: Value::None, help }
}

/// The arguments of `uptime`.
pub const SPEC: Spec<Id> = Spec {
    name: "uptime",
    about: "show how long it has been up, and what its load is",
    operands: None,
    options: &[
        opt(Id::Container, 'c', "container", "show container uptime"),
        opt(Id::Pretty, 'p', "pretty", "show uptime in pretty format"),
        opt(Id::Help, 'h', "help", "display this help and exit"),
        opt(Id::Raw, 'r', "raw", "display values in raw format"),
        opt(Id::Since, 's', "since", "system up since"),
        opt(Id::Version, 'V', "version", "output version information and exit"),
    ],
};

/// Runs `uptime`.
///
/// # Errors
/// Those of writing.
pub fn run(call: &mut Call<'_>) -> io::Result<u8> {
    let version = Procps::of(call.machine);
    let known = |id: &Id| version > Procps::V4_0_2 || !matches!(id, Id::Raw | Id::Container);
    let usage = || procps::usage(&SPEC, Id::Help, 0, known);
    let posix = call.machine.env("POSIXLY_CORRECT").is_some();
    let (mut pretty, mut operands) = (false, false);
    let mut container = known(&Id::Container) && call.machine.env("PROCPS_CONTAINER").is_some();
    for arg in Getopt::new(&SPEC, &call.program, &call.args, posix, known) {
        match arg {
            Ok(Arg::Option(Id::Pretty, _)) => pretty = true,
            Ok(Arg::Option(Id::Container, _)) => container = true,
            Ok(Arg::Operand(_)) => operands = true,
            // These act at once; what stands behind them on the command line is not looked at.
            Ok(Arg::Option(Id::Help, _)) => {
                write!(call.out, "{}", usage())?;
                return Ok(0);
            }
            Ok(Arg::Option(Id::Version, _)) => {
                write!(call.out, "{}", version.version(SPEC.name))?;
                return Ok(0);
            }
            Ok(Arg::Option(Id::Since, _)) => return print(call, |here, call| since(here, call, container)),
            Ok(Arg::Option(Id::Raw, _)) => return print(call, raw),
            Err(message) => {
                call.err.write_all(&message)?;
                write!(call.err, "\n{}", usage())?;
                return Ok(1);
            }
        }
    }
    if operands {
        write!(call.err, "{}", usage())?;
        return Ok(1);
    }
    print(call, |here, call| {
        let up = up(here, container)?;
        Ok(match pretty {
            true => format!("up {}\n", self::pretty(up.as_secs_f64(), version)),
            false => line(up.as_secs(), here, call, version)?,
        })
    })
}

/// Why there is nothing to print.
enum Untold {
    Uptime,
    Load,
}

/// Prints what `text` makes of the figures, or why it cannot.
fn print(call: &mut Call<'_>, text: impl FnOnce(&Here<'_>, &Call<'_>) -> Result<String, Untold>) -> io::Result<u8> {
    let here = Here::new(call.machine);
    let text = text(&here, call);
    let name = call.short_name();
    here.report(&name, call.err)?;
    let (file, what) = match text {
        Ok(text) => {
            call.out.write_all(text.as_bytes())?;
            return Ok(0);
        }
        Err(Untold::Uptime) => ("proc/uptime", "Cannot get system uptime"),
        Err(Untold::Load) => ("proc/loadavg", "Cannot get the load average"),
    };
    let missing = !call.machine.root().exists(file.as_ref());
    writeln!(call.err, "{name}: {what}{}", if missing { ": No such file or directory" } else { "" })?;
    Ok(1)
}

fn up(here: &Here<'_>, container: bool) -> Result<Duration, Untold> {
    let up = if container { here.container_uptime() } else { here.uptime() };
    up.ok_or(Untold::Uptime)
}

fn since(here: &Here<'_>, call: &Call<'_>, container: bool) -> Result<String, Untold> {
    let now = call.machine.realtime().as_secs_f64();
    let start = (now - up(here, container)?.as_secs_f64()).floor() as i64;
    let t = call.machine.local(start).ok_or(Untold::Uptime)?;
    Ok(format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}\n", t.year, t.month, t.day, t.hour, t.minute, t.second))
}

fn raw(here: &Here<'_>, call: &Call<'_>) -> Result<String, Untold> {
    let up = up(here, false)?.as_secs_f64();
    let [one, five, fifteen] = here.load().ok_or(Untold::Load)?.map(procps::hundredths);
    let (now, users) = (call.machine.realtime().as_secs(), here.users());
    Ok(format!("{now} {up:.6} {users} {one} {five} {fifteen}\n"))
}

fn line(up: u64, here: &Here<'_>, call: &Call<'_>, version: Procps) -> Result<String, Untold> {
    let now = i64::try_from(call.machine.realtime().as_secs()).map_err(|_| Untold::Uptime)?;
    let now = call.machine.local(now).ok_or(Untold::Uptime)?;
    let loads = here.load().ok_or(Untold::Load)?;
    Ok(format!(" {}\n", procps::uptime_line(now, up, here.users(), loads, version)))
}

/// `3 days, 2 hours, 1 minute`. In the old versions a unit had to be exceeded before it was used: 60 minutes were no hour.
fn pretty(up: f64, version: Procps) -> String {
    const DAY: f64 = 86_400.0;
    const UNITS: [(f64, &str); 6] = [
        (3650.0 * DAY, "decade"),
        (365.0 * DAY, "year"),
        (7.0 * DAY, "week"),
        (DAY, "day"),
        (3600.0, "hour"),
        (60.0, "minute"),
    ];
    let mut left = up;
    let mut parts = Vec::new();
    for (unit, name) in UNITS {
        let reached = if version == Procps::V4_0_2 { left > unit } else { left >= unit };
        let count = if reached { (left / unit).floor() } else { 0.0 };
        left -= count * unit;
        if count > 0.0 || (name == "minute" && left < 60.0) {
            parts.push(format!("{count} {name}{}", if count == 1.0 { "" } else { "s" }));
        }
    }
    // Not a minute, and yet not less than one: exactly 60 seconds in the old version.
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pretty_as_4_0_2_counts() {
        let pretty = |up| pretty(up, Procps::V4_0_2);
        let seen = [
            (0, "0 minutes"),
            (59, "0 minutes"),
            (60, ""),
            (61, "1 minute"),
            (119, "1 minute"),
            (3600, "60 minutes"),
            (3660, "1 hour"),
            (86_399, "23 hours, 59 minutes"),
            (86_400, "24 hours, 0 minutes"),
            (86_460, "1 day"),
            (604_800, "7 days, 0 minutes"),
            (694_860, "1 week, 1 day, 1 hour"),
            (31_536_000, "52 weeks, 24 hours, 0 minutes"),
            (315_360_000, "10 years, 0 minutes"),
            (346_896_060, "1 decade, 1 year"),
        ];
        for (up, shown) in seen {
            assert_eq!(pretty(f64::from(up)), shown, "{up}");
        }
        assert_eq!(pretty(60.99), "1 minute");
    }

    #[test]
    fn pretty_as_the_newest_counts() {
        let pretty = |up| pretty(up, Procps::Newest);
        assert_eq!(pretty(60.0), "1 minute");
        assert_eq!(pretty(3600.0), "1 hour, 0 minutes");
        assert_eq!(pretty(86_400.0), "1 day, 0 minutes");
    }
}
