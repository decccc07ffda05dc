//! What `vat try` shows, as text: pure.

use crate::limit::{Item, Report};
use crate::snapshot::cgroup::CpuQuota;
use crate::unit::{Bytes, Limit};
use std::fmt::Write;
use std::path::PathBuf;

/// What stands over the two columns.
const MACHINES: &str = "this machine's own";
const OURS: &str = "ours";

/// Two outputs of one command, side by side where the terminal is wide enough, else one above the other.
pub(super) fn pair(command: &str, machines: &str, ours: &str, columns: usize) -> String {
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let left = widest(machines).max(MACHINES.len());
    let mut text = format!("$ {command}\n");
    if 2 + left + 3 + widest(ours) <= columns {
        let (mut machines, mut ours) = (machines.lines(), ours.lines());
        let mut line = |a: &str, b: &str| {
            let padding = " ".repeat(left.saturating_sub(a.chars().count()));
            let whole = format!("  {a}{padding} | {b}");
            text.push_str(whole.trim_end());
            text.push('\n');
        };
        line(MACHINES, OURS);
        loop {
            match (machines.next(), ours.next()) {
                (None, None) => break,
                (a, b) => line(a.unwrap_or_default(), b.unwrap_or_default()),
            }
        }
        return text;
    }
    for (whose, output) in [(MACHINES, machines), (OURS, ours)] {
        let _ = writeln!(text, "  {whose}:");
        for each in output.lines() {
            let _ = writeln!(text, "    {each}");
        }
    }
    text
}

/// The limits, and the files that hold them.
pub(super) fn limits(report: &Report) -> String {
    let mut text = String::new();
    for (item, files) in &report.files {
        let value = value(*item, report).unwrap_or_else(|| "no limit".to_owned());
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let files: Vec<String> = files.iter().map(|(path, says)| format!("{} = {says}", name(path))).collect();
        let _ = writeln!(text, "  {:<9} {value:<9} {}", item.to_string(), files.join(", "));
    }
    for one in &report.unavailable {
        let _ = writeln!(text, "  {:<9} {one}", one.0.to_string());
    }
    text
}

fn value(item: Item, report: &Report) -> Option<String> {
    match item {
        Item::Memory => report.now.memory?.at().map(memory),
        Item::Swap => report.now.swap()?.at().map(memory),
        Item::Cpu => report.now.cpu?.at().map(|cpu| format!("{} CPUs", cpus(cpu))),
        Item::Cpuset => report.now.cpuset.as_ref().map(ToString::to_string),
        Item::Pids => report.now.pids?.at().map(|pids| pids.to_string()),
    }
}

/// An amount in the largest unit that leaves it whole.
pub(super) fn memory(amount: Bytes) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    if amount == Bytes::ZERO {
        return "none".to_owned();
    }
    let whole = units.iter().find(|(shift, _)| amount.0.is_multiple_of(1 << shift));
    whole.map_or_else(|| format!("{} bytes", amount.0), |(shift, unit)| format!("{} {unit}", amount.0 >> shift))
}

/// A number of CPUs, as short as it is exact.
pub(super) fn cpus(cpu: CpuQuota) -> String {
    format!("{}", cpu.quota.0 as f64 / cpu.period.0.max(1) as f64)
}

/// The limits in one line.
pub(super) fn in_short(report: &Report) -> String {
    let part = |limit: Option<String>, what: &str| limit.unwrap_or_else(|| format!("no limit of {what}"));
    let quota = report.now.cpu.and_then(Limit::at).map(|cpu| format!("{} CPUs", cpus(cpu)));
    let pids = report.now.pids.and_then(Limit::at).map(|pids| format!("{pids} tasks"));
    let amount = report.now.memory.and_then(Limit::at).map(memory);
    format!("{}, {}, {}", part(amount, "memory"), part(quota, "CPU time"), part(pids, "tasks"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Micros;

    #[test]
    fn side_by_side_where_there_is_room() {
        let wide = pair("nproc", "24\n", "2\n3\n", 80);
        assert_eq!(wide, "$ nproc\n  this machine's own | ours\n  24                 | 2\n                     | 3\n");
        let narrow = pair("nproc", "24\n", "2\n", 20);
        assert_eq!(narrow, "$ nproc\n  this machine's own:\n    24\n  ours:\n    2\n");
    }

    #[test]
    fn amounts_are_short_and_exact() {
        assert_eq!(memory(Bytes::from_mib(512)), "512 MiB");
        assert_eq!(memory(Bytes::from_mib(2048)), "2 GiB");
        assert_eq!(memory(Bytes(1000)), "1000 bytes");
        assert_eq!(memory(Bytes::ZERO), "none");
        assert_eq!(cpus(CpuQuota { quota: Micros(150_000), period: Micros(100_000) }), "1.5");
    }
}
