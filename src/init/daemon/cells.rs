//! Cgroups of the programs' own: `cpu`, `memory`, `pids`, `killmode=cgroup`.

use super::kin::Kin;
use super::leftovers::Leftovers;
use super::oom::Counted;
use super::{Daemon, Id};
use crate::init::config::{self, Kill, Level};
use crate::limit::{self, Cell, Wanted};
use crate::read::Reader;
use crate::snapshot::cgroup::CpuQuota;
use crate::sys::child::Join;
use crate::unit::{Bytes, Limit, Micros};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

/// What is a process's own while it runs, besides its pid.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Its cgroup.
    pub(super) cell: Option<Cell>,
    /// How many were killed in it because memory ran out, when that was last looked at.
    pub(super) oom_kills: u64,
    /// Whether it was ended by that.
    pub(super) was_oom_killed: bool,
    /// Who belonged to it when it was told to stop.
    pub(super) known: Vec<Kin>,
    /// When all of these are to have stopped.
    pub(super) stop_by: Option<Duration>,
}

impl Own {
    /// What is said of its end, where memory ran out.
    pub(super) fn oom(&self) -> Option<&'static str> {
        self.was_oom_killed.then_some(crate::init::control::OOM_KILLED)
    }
}

/// What the daemon remembers of cgroups and trees, its processes' own apart.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Who is left of processes that have ended.
    pub(super) leftovers: Vec<Leftovers>,
    /// Cgroups that are removed as soon as nobody is in them.
    pub(super) leaving: Vec<Cell>,
    /// How many were killed because memory ran out in the cgroup that all others share.
    pub(super) shared: Counted,
    /// What was said once, and is not said again.
    told: BTreeSet<String>,
}

impl Daemon<'_> {
    /// Makes a process's cgroup, and says how it is joined. Where that cannot be, the process runs without.
    pub(super) fn confine(&mut self, id: Id) -> Vec<Join> {
        let Some(process) = self.processes.get(&id) else { return Vec::new() };
        let wanted = wanted(process.config.limits);
        let (items, to_kill) = (wanted.items(), process.config.kill == Some(Kill::Cgroup));
        if items.is_empty() && !to_kill {
            return Vec::new();
        }
        let name = name(&process.group, process.name());
        // So that it is a new one with the old name, where nobody is left in that.
        self.forget_the_gone();
        let (cell, troubles) = Cell::make(self.machine.root(), &name, &items, to_kill);
        let mut troubles: Vec<String> = troubles.iter().map(ToString::to_string).collect();
        let mut doors = Vec::new();
        if let Some(mut cell) = cell {
            match cell.doors() {
                Ok(files) => {
                    troubles.extend(self.limit(&cell, &wanted));
                    doors = files.into_iter().map(Join).collect();
                    self.take_cell(id, cell);
                }
                Err(error) => {
                    troubles.push(error.to_string());
                    cell.remove();
                }
            }
        }
        self.tell_once(id, troubles);
        // On v2 we may just have moved to another cgroup ourselves.
        self.note_shared_oom_kills();
        doors
    }

    /// Sets what can be set, one by one, and says what cannot.
    fn limit(&self, cell: &Cell, wanted: &Wanted) -> Vec<String> {
        let Wanted { memory, cpu, pids, .. } = wanted.clone();
        let nothing = Wanted::default;
        let each = [Wanted { memory, ..nothing() }, Wanted { cpu, ..nothing() }, Wanted { pids, ..nothing() }];
        let set = |one: &Wanted| match limit::set(self.machine, cell.seats(), one) {
            Ok(report) => report.unavailable.iter().map(ToString::to_string).collect(),
            Err(error) => vec![error.to_string()],
        };
        each.iter().filter(|one| !one.items().is_empty()).flat_map(set).collect()
    }

    fn take_cell(&mut self, id: Id, cell: Cell) {
        let oom_kills = cell.oom_kills(&Reader::new(self.machine)).unwrap_or(0);
        // An old one that was emptied just now is not to be killed or removed in place of the new one.
        self.cells.leaving.retain(|old| !cell.is_in_place_of(old));
        for left in &mut self.cells.leftovers {
            left.forget_cell(|old| cell.is_in_place_of(old));
        }
        if let Some(process) = self.processes.get_mut(&id) {
            process.own.cell = Some(cell);
            process.own.oom_kills = oom_kills;
        }
    }

    fn tell_once(&mut self, id: Id, troubles: Vec<String>) {
        let Some(process) = self.processes.get(&id) else { return };
        let name = process.full_name();
        for trouble in troubles {
            if self.cells.told.insert(trouble.clone()) {
                self.say(Level::Warn, format_args!("'{name}' runs without the cgroup it asks for: {trouble}"));
            }
        }
    }

    /// A process could not be made after all.
    pub(super) fn leave_cell(&mut self, id: Id) {
        if let Some(mut cell) = self.processes.get_mut(&id).and_then(|process| process.own.cell.take()) {
            // Nobody has joined it.
            cell.remove();
        }
    }
}

fn wanted(limits: config::Limits) -> Wanted {
    Wanted {
        memory: limits.memory.map(|bytes| Limit::At(Bytes(bytes))),
        cpu: limits.cpu.map(|thousandths| Limit::At(quota(thousandths))),
        pids: limits.pids.map(Limit::At),
        ..Wanted::default()
    }
}

/// The kernel's period of 100 ms, or where that would be less than the 1 ms that it allows, 1 s.
fn quota(thousandths: u64) -> CpuQuota {
    let period = if thousandths < 10 { 1_000_000 } else { 100_000 };
    CpuQuota { quota: Micros(thousandths.saturating_mul(period / 1000)), period: Micros(period) }
}

/// The cgroup of a process. No two processes have the same, none has the name of a file of the kernel's, and none leads elsewhere.
fn name(group: &str, process: &str) -> String {
    let mut name = "vat".to_owned();
    for part in [group, process] {
        name.push('.');
        for byte in part.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
                // Writing to a text cannot fail.
                other => drop(write!(name, "%{other:02X}")),
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(name("web", "web_00"), "vat.web.web_00");
        assert_eq!(name("../..", "a b\n"), "vat.%2E%2E%2F%2E%2E.a%20b%0A");
        assert_ne!(name("a.b", "c"), name("a", "b.c"));
    }

    #[test]
    fn a_small_share_of_a_cpu_has_a_long_period() {
        let of = |thousandths| (quota(thousandths).quota.0, quota(thousandths).period.0);
        assert_eq!((of(1500), of(10), of(1)), ((150_000, 100_000), (1000, 100_000), (1000, 1_000_000)));
    }
}
