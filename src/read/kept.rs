use crate::snapshot::{Statm, Task};
use crate::sys::{Below, Directory, Record};
use crate::unit::{Bytes, Ticks};
use std::collections::HashMap;
use std::io;

/// What is kept of tasks from one scan to the next, so that less need be read: their open stat, and their memory.
#[derive(Debug, Default)]
pub(super) struct Kept {
    tasks: HashMap<u32, One>,
    /// At most so many files are held open.
    most_open: usize,
    open: usize,
    scan: u64,
}

#[derive(Debug, Default)]
struct One {
    stat: Option<Record>,
    statm: Option<(Sign, Statm)>,
    /// The last scan that saw it.
    scan: u64,
}

/// A task of which this has not changed has the memory that it had: what it takes shows as faults, what it gives back as size. Its
/// CPU time, in steps of 10 ms, is but one sign more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sign {
    start: Ticks,
    run: (Ticks, Ticks),
    faults: (u64, u64),
    size: (Bytes, u64),
}

impl Sign {
    fn of(task: &Task) -> Sign {
        let stat = &task.stat;
        Sign {
            start: stat.starttime,
            run: (stat.utime, stat.stime),
            faults: (stat.minflt, stat.majflt),
            size: (stat.vsize, stat.rss),
        }
    }
}

impl Kept {
    /// Forgets all: what a number stands for is another thing now, a thread instead of its process.
    pub(super) fn forget(&mut self) {
        self.tasks.clear();
        self.open = 0;
    }

    /// From now on at most so many files are held open.
    pub(super) fn hold(&mut self, most: usize) {
        self.most_open = most;
    }

    /// A task's stat, from the file that was held open for it or from a new one.
    pub(super) fn stat<'b>(
        &mut self,
        dir: &Directory,
        tid: u32,
        path: Below,
        buffer: &'b mut [u8],
    ) -> io::Result<&'b [u8]> {
        if self.most_open == 0 {
            return dir.read(path, buffer);
        }
        let one = self.tasks.entry(tid).or_default();
        one.scan = self.scan;
        // Of a task that is gone it can be read no more, even where the number is another's by now.
        if let Some(length) = one.stat.as_ref().and_then(|stat| stat.read(buffer).ok()).map(<[u8]>::len) {
            return Ok(buffer.get(..length).unwrap_or_default());
        }
        self.open -= usize::from(one.stat.take().is_some());
        let stat = dir.record(path)?;
        let length = stat.read(buffer)?.len();
        if self.open < self.most_open {
            one.stat = Some(stat);
            self.open += 1;
        }
        Ok(buffer.get(..length).unwrap_or_default())
    }

    /// A scan has ended: what it did not see is gone.
    pub(super) fn scanned(&mut self) {
        let (scan, open) = (self.scan, &mut self.open);
        self.tasks.retain(|_, one| {
            *open -= usize::from(one.scan != scan && one.stat.is_some());
            one.scan == scan
        });
        self.scan += 1;
    }

    /// The memory of a task whose signs are what they were when it was read. Its pages may be taken from it a few at a time without a trace
    /// in its stat (the kernel counts them by CPU in batches of 32, mm/util.c); it then is shown by so many too large until it runs.
    pub(super) fn statm(&self, task: &Task) -> Option<Statm> {
        let (sign, statm) = self.tasks.get(&task.stat.pid)?.statm?;
        (sign == Sign::of(task)).then_some(statm)
    }

    /// Its memory has been read.
    pub(super) fn keep_statm(&mut self, task: &Task, statm: Statm) {
        if let Some(one) = self.tasks.get_mut(&task.stat.pid) {
            one.statm = Some((Sign::of(task), statm));
        }
    }
}
