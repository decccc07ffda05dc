//! Processes that the kernel ended because memory ran out, told from those that somebody killed.

use super::{Daemon, Id, journal};
use crate::init::config::Level;
use crate::init::control::OOM_KILLED;
use crate::init::event::{Event, Of};
use crate::limit;
use crate::read::Reader;
use crate::sys::child::How;
use crate::sys::signal::number::KILL;
use std::time::Duration;

/// What one reading found more than the one before is put down to those that end within this time.
const TOGETHER: Duration = Duration::from_secs(1);

/// A count that several processes share.
#[derive(Debug, Default)]
pub(super) struct Counted {
    seen: u64,
    /// So many of them are not put down to anybody yet, and may be so long.
    open: u64,
    until: Duration,
}

impl Counted {
    /// Whether one more is to be put down to the process that has just been killed.
    fn takes(&mut self, count: u64, now: Duration) -> bool {
        if now > self.until {
            self.open = 0;
        }
        if count > self.seen {
            self.open += count - self.seen;
            self.until = now + TOGETHER;
        }
        self.seen = count;
        let taken = self.open > 0;
        self.open = self.open.saturating_sub(1);
        taken
    }
}

impl Daemon<'_> {
    /// Looks how many were killed so far in the cgroup that processes without their own share.
    pub(super) fn note_shared_oom_kills(&mut self) {
        if let Some(count) = limit::own_oom_kills(&Reader::new(self.machine)) {
            self.cells.shared.seen = count;
        }
    }

    /// A process has ended: because memory ran out?
    pub(super) fn mind_oom(&mut self, id: Id, how: How) {
        let now = self.clock.now();
        let Some(process) = self.processes.get_mut(&id) else { return };
        let reader = Reader::new(self.machine);
        // We may have killed it ourselves.
        let was_killed = matches!(how, How::Killed { signal: KILL, .. }) && process.killed.is_none();
        let in_cell = process.own.cell.as_ref().and_then(|cell| cell.oom_kills(&reader));
        let (grown, whose) = match in_cell {
            Some(count) => {
                let before = std::mem::replace(&mut process.own.oom_kills, count);
                (count > before, process.config.limits.memory)
            }
            None if was_killed => {
                let count = limit::own_oom_kills(&reader);
                (count.is_some_and(|count| self.cells.shared.takes(count, now)), None)
            }
            None => (false, None),
        };
        if !grown {
            return;
        }
        let why = match whose {
            Some(limit) => format!("its memory is limited to {limit} bytes"),
            None => "the container's memory ran out".to_owned(),
        };
        let name = process.full_name();
        // Otherwise it was one below it, whose number nobody knows any more.
        let pid = process.pid.filter(|_| was_killed);
        process.own.was_oom_killed = was_killed;
        let (config, group, _) = process.names();
        let whom = match pid {
            Some(pid) => format!("'{name}' with pid {pid}"),
            None => format!("a process of '{name}'"),
        };
        self.record(journal::Event::Oom, Some(id), &format!("{whom}, {why}"));
        self.say(Level::Critical, format_args!("{OOM_KILLED}: {whom}, {why}"));
        let of = Of { process: &config.name, group: &group };
        self.tell(&Event::ProcessOom { of, pid: pid.unwrap_or(0) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_put_down_to_as_many_as_were_killed() {
        let at = Duration::from_secs;
        let mut counted = Counted { seen: 3, ..Counted::default() };
        assert!(!counted.takes(3, at(10)), "somebody else's kill -9");
        assert!(counted.takes(5, at(11)) && counted.takes(5, at(11)), "two at once");
        assert!(!counted.takes(5, at(11)));
        assert!(counted.takes(7, at(12)));
        assert!(!counted.takes(7, at(20)), "the other was nobody of ours");
        assert!(!counted.takes(0, at(21)), "another cgroup's count");
        assert!(counted.takes(1, at(22)));
    }
}
