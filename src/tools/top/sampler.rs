//! Takes frames: reads the machine now, and beside it the reading before.

use super::frame::Frame;
use super::row::Row;
use crate::container::{self, TaskCounts};
use crate::read::Scan;
use crate::snapshot::{Needs, Task};
use crate::sys::Machine;
use crate::tools::here::{CpuReading, Here};
use crate::unit::{Bytes, Ticks};
use std::io;
use std::time::Duration;

/// Between the two readings that a first frame is made of. The shorter, the coarser: a tick of 10 ms is 10 % of a CPU then.
const FIRST: Duration = Duration::from_millis(100);

/// Takes frames.
pub struct Sampler<'a> {
    here: &'a Here<'a>,
    machine: &'a dyn Machine,
    scan: Scan,
    before: Option<Before>,
}

/// What of a frame the next one needs.
struct Before {
    at: Duration,
    /// Its tasks are threads.
    threads: bool,
    cpu: CpuReading,
    tasks: Vec<Counters>,
}

/// What of a task only grows.
#[derive(Clone, Copy)]
struct Counters {
    pid: u32,
    starttime: u64,
    ticks: u64,
    majflt: u64,
    minflt: u64,
}

impl Counters {
    fn of(task: &Task) -> Counters {
        let stat = &task.stat;
        Counters {
            pid: stat.pid,
            starttime: stat.starttime.0,
            ticks: stat.utime.0.saturating_add(stat.stime.0),
            majflt: stat.majflt,
            minflt: stat.minflt,
        }
    }
}

/// By pid, so that one is found quickly.
fn counters(tasks: &[Task]) -> Vec<Counters> {
    let mut counters: Vec<Counters> = tasks.iter().map(Counters::of).collect();
    // They come in this order already, unless the user named them in another.
    counters.sort_by_key(|one| one.pid);
    counters
}

/// Ticks, major and minor faults of a task since it was seen before. One that was not there, or had started at another time and
/// only has the same number, has done all it ever did since.
fn since(task: &Task, earlier: &[Counters]) -> (u64, u64, u64) {
    let now = Counters::of(task);
    let at = earlier.binary_search_by_key(&now.pid, |one| one.pid).ok();
    match at.and_then(|at| earlier.get(at)).filter(|one| one.starttime == now.starttime) {
        Some(one) => (
            now.ticks.saturating_sub(one.ticks),
            now.majflt.saturating_sub(one.majflt),
            now.minflt.saturating_sub(one.minflt),
        ),
        None => (now.ticks, now.majflt, now.minflt),
    }
}

/// What is asked of a frame.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Only these processes; all where it is empty.
    pub pids: &'a [u32],
    /// Threads as tasks.
    pub threads: bool,
    /// %CPU is of one CPU, not of all there are.
    pub irix: bool,
    /// What must be known of all tasks, to sort and choose by it.
    pub needs: Needs,
    /// What each CPU did is shown.
    pub each_cpu: bool,
    /// What the container has above a machine is shown.
    pub container: bool,
}

impl<'a> Sampler<'a> {
    /// Gets ready.
    ///
    /// # Errors
    /// When there is no /proc.
    pub fn new(here: &'a Here<'a>, machine: &'a dyn Machine) -> io::Result<Sampler<'a>> {
        let mut scan = Scan::new(machine.root())?;
        // Those whom top looks at shall not notice that it does.
        let available = here.memory().map_or(Bytes(0), |memory| memory.available.value);
        scan.hold_open(Bytes(available.0 / 100));
        Ok(Sampler { here, machine, scan, before: None })
    }

    /// Reads only what a first frame is compared with.
    fn prime(&mut self, wanted: &Wanted<'_>) -> io::Result<()> {
        let tasks = self.here.tasks(&mut self.scan, wanted.pids, wanted.threads)?;
        let cpu = self.here.cpu_reading();
        let at = self.machine.boottime();
        self.before = Some(Before { at, threads: wanted.threads, cpu, tasks: counters(&tasks) });
        Ok(())
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// When /proc, or what the summary cannot do without, cannot be read.
    pub fn take(&mut self, wanted: &Wanted<'_>) -> io::Result<Frame> {
        self.here.look_again();
        if self.before.as_ref().is_none_or(|before| before.threads != wanted.threads) {
            // Nothing that was before can be compared with: a process is not its first thread.
            self.prime(wanted)?;
            self.machine.sleep(FIRST);
        }
        let mut tasks = self.here.tasks(&mut self.scan, wanted.pids, wanted.threads)?;
        let cpu = self.here.cpu_reading();
        let at = self.machine.boottime();
        // Of some processes only the load cannot be told.
        let counts = self.here.is_container() && wanted.pids.is_empty();
        let active = counts.then(|| self.scan.active(&tasks, self.machine.pid()));
        self.scan.fill(tasks.iter_mut(), wanted.needs);
        tasks.retain(|task| !task.gone);

        let counts = TaskCounts::of(tasks.iter());
        let before = self.before.take();
        let elapsed = before.as_ref().map_or(at, |before| at.saturating_sub(before.at));
        let cpus = if wanted.irix { 1.0 } else { self.here.cpus().value };
        let earlier = before.as_ref().map_or(&[][..], |before| &before.tasks);
        let counters = counters(&tasks);
        let row = |task: Task| {
            let (ticks, majflt, minflt) = since(&task, earlier);
            let cpu = container::task_cpu_percent(Ticks(ticks), elapsed, cpus);
            Row { task, ticks, cpu, majflt, minflt, level: 0, folded: false }
        };
        let rows: Vec<Row> = tasks.into_iter().map(row).collect();
        let began = before.map_or_else(|| cpu.clone(), |before| before.cpu);
        let share = self.here.cpu_share(&began, &cpu, elapsed);
        let each_cpu = if wanted.each_cpu {
            let used: Vec<_> = rows.iter().map(|row| (row.task.stat.processor, Ticks(row.ticks))).collect();
            self.here.each_cpu_share(&began, &cpu, elapsed, &used)
        } else {
            Vec::new()
        };
        let container = if wanted.container { self.here.container_line(&began, &cpu) } else { None };
        self.before = Some(Before { at, threads: wanted.threads, cpu, tasks: counters });

        let load = match active {
            Some(active) => self.here.load_with(|| active),
            None => self.here.load(),
        };
        let memory = self.here.memory().ok_or_else(|| missing("meminfo"))?;
        let seconds = i64::try_from(self.machine.realtime().as_secs()).unwrap_or(i64::MAX);
        Ok(Frame {
            clock: self.machine.local(seconds).ok_or_else(|| missing("clock"))?,
            up: self.here.uptime().ok_or_else(|| missing("uptime"))?,
            boottime: at,
            users: self.here.users(),
            load: load.ok_or_else(|| missing("loadavg"))?,
            memory,
            cpu: share,
            each_cpu,
            container,
            counts,
            threads: wanted.threads,
            rows,
        })
    }

    /// Reads more of these tasks.
    pub fn fill<'r>(&mut self, rows: impl Iterator<Item = &'r mut Row>, needs: Needs) {
        self.scan.fill(rows.map(|row| &mut row.task), needs);
    }
}

/// What the summary cannot do without.
fn missing(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, what)
}
