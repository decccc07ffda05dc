//! What a container has above a machine: two more lines, which no other top has. Eighty columns have room for both.

use super::figures;
use crate::container::{ContainerLine, PressureShare};
use crate::tools::top::line::{Line, Look};
use crate::unit::{Bytes, Limit};

/// A name is cut off behind so many characters.
const NAME: usize = 12;

/// The lines: limits and what came of them, and pressure. `used` is the memory in use.
pub(super) fn lines(container: Option<&ContainerLine>, used: Bytes) -> Vec<Line> {
    let Some(container) = container else { return vec![Line::of(Look::Summary, "Container: none")] };
    let limits = &container.limits;
    let or_dash = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
    let number = |number: Option<u64>| or_dash(number.map(|number| number.to_string()));
    let cpus = match limits.cpus {
        Limit::At(cpus) => format!("{cpus:.2}"),
        Limit::Max => "all".to_owned(),
    };
    let throttled = container.throttled.map(|percent| format!("{percent:.0}%"));
    let memory = limits.memory.map(|limit| match limit {
        Limit::At(limit) => scaled(limit),
        Limit::Max => "max".to_owned(),
    });
    let most_pids = limits.pids.map(|limit| match limit {
        Limit::At(limit) => limit.to_string(),
        Limit::Max => "max".to_owned(),
    });
    let pressure = |share: Option<PressureShare>| {
        let percent = |share: Option<f64>| or_dash(share.map(|share| format!("{share:.0}")));
        share.map_or("-".to_owned(), |share| format!("{}/{}", percent(share.some), percent(share.full)))
    };
    let limits = figures(
        &format!("{}:", name(container.name.as_deref())),
        &[
            (format!(" {cpus} "), "cpus,"),
            (format!(" {} ", or_dash(throttled)), "thr,"),
            (format!(" {}/{} ", scaled(used), or_dash(memory)), "mem,"),
            (format!(" {} ", number(container.oom_kills)), "oom,"),
            (format!(" {}/{} ", number(container.pids), or_dash(most_pids)), "pids,"),
            (format!(" {} ", number(container.pids_rejected)), "rej"),
        ],
    );
    let pressure = figures(
        "Pressure:",
        &[
            (format!(" {} ", pressure(container.cpu_pressure)), "cpu,"),
            (format!(" {} ", pressure(container.memory_pressure)), "mem,"),
            (format!(" {} ", pressure(container.io_pressure)), "io, % some/full of 10 s"),
        ],
    );
    vec![limits, pressure]
}

/// What it is called, in letters that move no cursor.
fn name(name: Option<&[u8]>) -> String {
    let last = name.unwrap_or_default().rsplit(|byte| *byte == b'/').find(|part| !part.is_empty());
    let last = last.map_or("Container".into(), String::from_utf8_lossy);
    let seen = |c: char| if c.is_ascii_graphic() { c } else { '?' };
    let short: String = last.chars().take(NAME).map(seen).collect();
    if last.chars().count() > NAME { short + "+" } else { short }
}

/// An amount of memory in few characters.
fn scaled(Bytes(bytes): Bytes) -> String {
    let mut amount = bytes as f64 / 1024.0;
    for unit in ["k", "m", "g", "t", "p"] {
        if amount < 1000.0 {
            return if amount < 10.0 { format!("{amount:.1}{unit}") } else { format!("{amount:.0}{unit}") };
        }
        amount /= 1024.0;
    }
    format!("{amount:.1}e")
}
