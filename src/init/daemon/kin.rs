//! The process table, as far as it tells who descends from whom.

use crate::kernel::proc::PidStat;
use crate::sys::{Root, pidfd, signal};
use crate::unit::Ticks;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

/// A process that may not be our child: its number alone could be another's by tomorrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kin {
    pid: u32,
    started: Ticks,
}

impl Kin {
    /// Its number.
    pub(super) fn pid(self) -> u32 {
        self.pid
    }

    /// Whether it still lives.
    pub(super) fn lives(self, root: &Root) -> bool {
        Row::read(root, self.pid).is_some_and(|row| row.kin == self && !row.is_over)
    }

    /// Sends it a signal, if it is still the one that is meant. A process that is stopped sees it only when it goes on.
    pub(super) fn send(self, root: &Root, number: i32) -> io::Result<()> {
        let row = || Row::read(root, self.pid).filter(|row| row.kin == self);
        pidfd::send_if(self.pid, number, || row().is_some())?;
        match row() {
            Some(now) if now.is_stopped => pidfd::send_if(self.pid, signal::number::CONT, || row().is_some()),
            _ => Ok(()),
        }
    }
}

/// A process of the table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Which.
    pub(super) kin: Kin,
    /// Its parent.
    pub(super) parent: u32,
    /// Its process group.
    pub(super) group: u32,
    /// Its session.
    pub(super) session: u32,
    is_stopped: bool,
    is_over: bool,
}

impl Row {
    fn read(root: &Root, pid: u32) -> Option<Row> {
        let stat = root.read_record(&PathBuf::from(format!("proc/{pid}/stat"))).ok()?;
        let stat = PidStat::parse(&stat).ok()?;
        Some(Row {
            kin: Kin { pid, started: stat.starttime },
            parent: stat.ppid,
            group: stat.pgrp,
            session: stat.session,
            is_stopped: stat.state.is_stopped(),
            is_over: matches!(stat.state.0, b'Z' | b'X'),
        })
    }
}

/// All processes there are.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<Row>);

impl Table {
    /// Reads it from /proc; empty where that is not mounted.
    pub(super) fn read(root: &Root) -> Table {
        let names = root.names(Path::new("proc")).unwrap_or_default();
        Table::of(root, names.iter().filter_map(|name| name.to_str()?.parse().ok()))
    }

    /// Only these.
    pub(super) fn of(root: &Root, pids: impl IntoIterator<Item = u32>) -> Table {
        Table(pids.into_iter().filter_map(|pid| Row::read(root, pid)).collect())
    }

    /// All of them that live.
    pub(super) fn everybody(&self) -> Vec<Kin> {
        self.0.iter().filter(|row| !row.is_over).map(|row| row.kin).collect()
    }

    /// Those and all their descendants, as far as they live.
    pub(super) fn families(&self, is_first: impl Fn(&Row) -> bool) -> Vec<Kin> {
        let mut children: HashMap<u32, Vec<&Row>> = HashMap::new();
        for row in &self.0 {
            children.entry(row.parent).or_default().push(row);
        }
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Row> = self.0.iter().filter(|row| is_first(row)).collect();
        while let Some(row) = next.pop() {
            if seen.insert(row.kin.pid) {
                found.extend((!row.is_over).then_some(row.kin));
                next.extend(children.get(&row.kin.pid).into_iter().flatten());
            }
        }
        found
    }
}

/// Whether a process was started with these variables, each `NAME=VALUE`. One whose environment is hidden was not.
pub(super) fn has_marks(root: &Root, pid: u32, marks: &[String]) -> bool {
    let environ = root.read(&PathBuf::from(format!("proc/{pid}/environ"))).unwrap_or_default();
    let has = |mark: &String| environ.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes());
    marks.iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_whoever_descends_from_the_first() {
        let row = |pid, parent, is_over| Row {
            kin: Kin { pid, started: Ticks(u64::from(pid)) },
            parent,
            group: pid,
            session: pid,
            is_stopped: false,
            is_over,
        };
        // 5 is its own ancestor: what a table that is read while it changes may say.
        let table = Table(vec![
            row(2, 1, false),
            row(3, 2, true),
            row(4, 3, false),
            row(5, 6, false),
            row(6, 5, false),
            row(7, 1, false),
        ]);
        let of = |first: u32| {
            let mut pids: Vec<u32> = table.families(|row| row.kin.pid == first).iter().map(|kin| kin.pid()).collect();
            pids.sort_unstable();
            pids
        };
        assert_eq!((of(2), of(5), of(9)), (vec![2, 4], vec![5, 6], vec![]));
    }

    #[test]
    fn only_the_same_process_gets_a_signal() {
        let root = Root::host();
        let mut child = std::process::Command::new("sleep").arg("100").env("VAT_MARK", "x").spawn().unwrap();
        let kin = Table::of(&root, [child.id()]).everybody()[0];
        let other = Kin { started: Ticks(0), ..kin };
        assert!(other.send(&root, signal::number::KILL).is_err() && kin.lives(&root) && !other.lives(&root));
        let mark = |text: &str| has_marks(&root, child.id(), &[text.to_owned()]);
        // It may not have come to its program yet.
        while !mark("VAT_MARK=x") {}
        assert!(!mark("VAT_MARK=") && !mark("VAT_MARK=xy"));
        kin.send(&root, signal::number::KILL).unwrap();
        child.wait().unwrap();
        assert!(!kin.lives(&root));
    }
}
