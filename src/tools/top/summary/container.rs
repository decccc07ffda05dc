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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::Limits;

    fn text(container: &ContainerLine, used: u64) -> Vec<String> {
        lines(Some(container), Bytes(used)).into_iter().map(|line| String::from_utf8(line.text).unwrap()).collect()
    }

    #[test]
    fn limits_and_pressure() {
        let share = |some, full| Some(PressureShare { some: Some(some), full });
        let limits =
            Limits { memory: Some(Limit::At(Bytes(512 << 20))), cpus: Limit::At(1.5), pids: Some(Limit::At(100)) };
        let container = ContainerLine {
            name: Some(b"/docker/0123456789abcdef".to_vec()),
            limits,
            pids: Some(42),
            pids_rejected: Some(3),
            oom_kills: Some(1),
            throttled: Some(37.4),
            cpu_pressure: share(12.4, None),
            memory_pressure: share(3.0, Some(0.6)),
            io_pressure: share(0.0, Some(0.0)),
        };
        let [first, second] = text(&container, 300 << 20).try_into().unwrap();
        assert_eq!(first, "0123456789ab+: 1.50 cpus, 37% thr, 300m/512m mem, 1 oom, 42/100 pids, 3 rej");
        assert_eq!(second, "Pressure: 12/- cpu, 3/1 mem, 0/0 io, % some/full of 10 s");
        assert!(first.len() <= 80 && second.len() <= 80);
    }

    #[test]
    fn nothing_is_told() {
        let limits = Limits { memory: None, cpus: Limit::Max, pids: Some(Limit::Max) };
        let container = ContainerLine {
            name: Some(b"a\x1b[m".to_vec()),
            limits,
            pids: None,
            pids_rejected: None,
            oom_kills: None,
            throttled: None,
            cpu_pressure: None,
            memory_pressure: None,
            io_pressure: None,
        };
        let expected = [
            "a?[m: all cpus, - thr, 5.0g/- mem, - oom, -/max pids, - rej",
            "Pressure: - cpu, - mem, - io, % some/full of 10 s",
        ];
        assert_eq!(text(&container, 5 << 30), expected);
        assert_eq!(lines(None, Bytes(0)), [Line::of(Look::Summary, "Container: none")]);
    }
}
