//! `killmode`: whoever belongs to a process stops with it, also those that changed their process group or session; and who is left
//! when it has ended gets its time, and then KILL.

use super::kin::{Kin, Table, has_marks};
use super::{Daemon, Id, Process, Timer};
use crate::init::config::{Kill, Level};
use crate::limit::Cell;
use crate::sys::{Root, signal};
use std::time::Duration;

/// So often it is looked who was forked while the others were killed.
const ROUNDS: usize = 16;
/// So long those that got KILL are waited for.
const DYING: Duration = Duration::from_secs(1);

/// Who is left of a process that has ended.
#[derive(Debug)]
pub(super) struct Leftovers {
    of: Id,
    name: String,
    kin: Vec<Kin>,
    /// Where they are to be killed as one.
    cell: Option<Cell>,
    /// When they get KILL; when they have got it, until when they are waited for.
    until: Duration,
    is_killed: bool,
}

impl Leftovers {
    /// Whether they are of that process.
    pub(super) fn is_of(&self, id: Id) -> bool {
        self.of == id
    }

    /// Their cgroup is not theirs any more.
    pub(super) fn forget_cell(&mut self, is_it: impl Fn(&Cell) -> bool) {
        self.cell.take_if(|cell| is_it(cell));
    }
}

impl Daemon<'_> {
    /// Whoever belongs to a process beside itself, where `killmode` asks for them. To be asked before it gets a signal: what it
    /// leaves behind when it ends is told from others only by what was known of it before, or by its environment.
    pub(super) fn kin(&self, id: Id) -> Vec<Kin> {
        let Some(process) = self.processes.get(&id) else { return Vec::new() };
        let (Some(mode), Some(leader)) = (process.config.kill, process.pid) else { return Vec::new() };
        let root = self.machine.root();
        let found = match (mode, &process.own.cell) {
            (Kill::Cgroup, Some(cell)) => Table::of(root, cell.pids()).everybody(),
            _ => self.tree(process, leader),
        };
        let own = std::process::id();
        found.into_iter().filter(|kin| kin.pid() != leader && kin.pid() != own).collect()
    }

    /// The process, its descendants, its process group and session, those of its descendants that came to us when their own parents
    /// ended, and the descendants of all of these.
    fn tree(&self, process: &Process, leader: u32) -> Vec<Kin> {
        let root = self.machine.root();
        let own = std::process::id();
        let marks =
            [format!("SUPERVISOR_PROCESS_NAME={}", process.name()), format!("SUPERVISOR_GROUP_NAME={}", process.group)];
        Table::read(root).families(|row| {
            let pid = row.kin.pid();
            let is_orphan = || row.parent == own && !self.is_known(pid) && has_marks(root, pid, &marks);
            let is_its = pid == leader || row.group == leader || row.session == leader;
            is_its || process.own.known.contains(&row.kin) || is_orphan()
        })
    }

    /// Whether a child of ours is one that we started: its environment says nothing of where it belongs.
    fn is_known(&self, pid: u32) -> bool {
        self.pids.contains_key(&pid) || self.errands.contains_key(&pid)
    }

    /// The process got its stop signal: so do these, and their time runs.
    pub(super) fn stop_kin(&mut self, id: Id, kin: Vec<Kin>, signal: i32) {
        let by = self.clock.now() + self.patience(id);
        self.send_to_kin(&kin, signal);
        let Some(process) = self.processes.get_mut(&id).filter(|process| process.config.kill.is_some()) else { return };
        process.own.known = kin;
        process.own.stop_by = Some(by);
    }

    fn patience(&self, id: Id) -> Duration {
        self.processes.get(&id).map(|process| process.policy.stopwaitsecs).unwrap_or_default()
    }

    fn send_to_kin(&mut self, kin: &[Kin], number: i32) {
        for one in kin {
            let words = format!("killing pid {} of the same tree with signal {}", one.pid(), signal::name(number));
            self.say(Level::Debug, words);
            // One that has ended meanwhile needs no signal.
            let _ = one.send(self.machine.root(), number);
        }
    }

    /// The process got KILL: so do all that belong to it.
    pub(super) fn kill_kin(&mut self, id: Id, kin: &[Kin]) {
        let root = self.machine.root();
        let cell = self.processes.get(&id).filter(|process| process.config.kill == Some(Kill::Cgroup));
        let cell = cell.and_then(|process| process.own.cell.as_ref());
        kill_all(root, cell, kin, || self.kin(id));
    }

    /// A process has ended and is still in the process table: who is left of it?
    pub(super) fn leave_kin(&mut self, id: Id) {
        let kin = self.kin(id);
        let until = self.clock.now() + self.patience(id);
        let now = self.clock.now();
        let Some(process) = self.processes.get_mut(&id) else { return };
        let (asked, was_killed) = (process.own.stop_by.take(), process.killed.is_some());
        process.own.known = Vec::new();
        let cell = process.own.cell.take();
        if kin.is_empty() {
            self.cells.leaving.extend(cell);
            return;
        }
        let (name, signal) = (process.full_name(), process.config.stopsignal);
        let is_cgroup = process.config.kill == Some(Kill::Cgroup);
        self.say(Level::Info, format_args!("'{name}' left {} behind", processes(kin.len())));
        if asked.is_none() && !was_killed {
            self.send_to_kin(&kin, signal);
        }
        let until = if was_killed { now } else { asked.unwrap_or(until) };
        let cell = match cell {
            Some(cell) if is_cgroup => Some(cell),
            other => {
                self.cells.leaving.extend(other);
                None
            }
        };
        self.cells.leftovers.push(Leftovers { of: id, name, kin, cell, until, is_killed: false });
        self.expect_leftovers();
    }

    fn expect_leftovers(&mut self) {
        let next = self.cells.leftovers.iter().map(|left| left.until).min();
        self.timers.set(Timer::Leftovers, next);
    }

    /// The time of those that have so long is over.
    pub(super) fn kill_leftovers(&mut self, now: Duration) {
        let root = self.machine.root();
        let until = self.clock.now() + DYING;
        for mut left in std::mem::take(&mut self.cells.leftovers) {
            if left.until > now {
                self.cells.leftovers.push(left);
            } else if left.is_killed {
                // The kernel holds them. They go when it lets them.
                self.cells.leaving.extend(left.cell);
            } else {
                let again = || match &left.cell {
                    Some(cell) => Table::of(root, cell.pids()).everybody(),
                    None => Table::read(root).families(|row| left.kin.contains(&row.kin)),
                };
                let kin = again();
                if kin.is_empty() {
                    self.cells.leaving.extend(left.cell);
                    continue;
                }
                let words = format!("killing {} that '{}' left behind with SIGKILL", processes(kin.len()), left.name);
                self.say(Level::Warn, words);
                kill_all(root, left.cell.as_ref(), &kin, again);
                (left.is_killed, left.until) = (true, until);
                self.cells.leftovers.push(left);
            }
        }
        self.expect_leftovers();
    }

    /// Children ended: who of those that were left is gone, and which cgroups are empty?
    pub(super) fn forget_the_gone(&mut self) {
        if self.cells.leftovers.is_empty() && self.cells.leaving.is_empty() {
            return;
        }
        let root = self.machine.root();
        let cells = &mut self.cells;
        for left in &mut cells.leftovers {
            match &left.cell {
                Some(cell) => left.kin = Table::of(root, cell.pids()).everybody(),
                None => left.kin.retain(|kin| kin.lives(root)),
            }
        }
        let gone = cells.leftovers.extract_if(.., |left| left.kin.is_empty());
        cells.leaving.extend(gone.filter_map(|left| left.cell));
        cells.leaving.retain_mut(|cell| !cell.remove());
        self.expect_leftovers();
    }
}

/// Kills these and, as long as there are any, whom `again` finds that were forked meanwhile.
fn kill_all(root: &Root, cell: Option<&Cell>, first: &[Kin], again: impl Fn() -> Vec<Kin>) {
    if cell.is_some_and(Cell::kill) {
        return;
    }
    if let Some(cell) = cell {
        cell.freeze(true);
    }
    let mut killed = Vec::new();
    let mut next = first.to_vec();
    for _ in 0..ROUNDS {
        next.retain(|kin| !killed.contains(kin));
        if next.is_empty() {
            break;
        }
        for kin in next {
            // One that has ended meanwhile need not be killed.
            let _ = kin.send(root, signal::number::KILL);
            killed.push(kin);
        }
        next = again();
    }
    if let Some(cell) = cell {
        cell.freeze(false);
    }
}

fn processes(count: usize) -> String {
    match count {
        1 => "1 process".to_owned(),
        count => format!("{count} processes"),
    }
}
