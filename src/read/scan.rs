use super::Reader;
use super::activity::Activity;
use super::find::Own;
use super::kept::Kept;
use crate::kernel::proc::{self, PidIo, PidStat, PidStatus, SmapsRollup, Statm};
use crate::snapshot::{Needs, Task};
use crate::sys::{self, Answered, Aside, Below, Directory, Root};
use crate::unit::{Bytes, Ticks};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Flags of a task (include/linux/sched.h): it is the kernel's own, and has no memory.
const PF_KTHREAD: u32 = 0x0020_0000;
/// At most so much of a command line or environment is read.
const LONGEST: usize = 16 << 10;
/// At most so much of another file of a task: status has a line of all its groups.
const LARGEST: usize = 64 << 10;
/// What could not be read in time is tried again after so many scans.
const AGAIN: u64 = 20;
/// In the order of [`Details::namespaces`].
const NAMESPACES: [&str; 8] = ["ipc", "mnt", "net", "pid", "user", "uts", "cgroup", "time"];

/// What the kernel looks up in a task's memory, or waits for the task to tell.
const ASIDE: [(Needs, &str, Duration); 4] = [
    (Needs::CMDLINE, "cmdline", PATIENCE),
    (Needs::ENVIRON, "environ", PATIENCE),
    // The kernel walks all of its pages: 20 ms a GiB.
    (Needs::SMAPS, "smaps_rollup", Duration::from_secs(2)),
    (Needs::IO, "io", PATIENCE),
];
/// How long one such file may take. A healthy one takes 20 microseconds.
const PATIENCE: Duration = Duration::from_millis(100);

/// What reads all tasks again and again, and keeps between the times what need not be made anew.
#[derive(Debug)]
pub struct Scan {
    proc: Directory,
    aside: Aside,
    /// What could not be read in time, by pid, start and file, and in which scan that was.
    stuck: HashMap<(u32, Ticks, &'static str), u64>,
    /// How many scans there were.
    scans: u64,
    /// Whether the last one was of threads.
    threads: bool,
    kept: Kept,
    pids: Vec<u32>,
    tids: Vec<u32>,
    buffer: Vec<u8>,
}

impl Scan {
    /// Opens /proc.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn new(root: &Root) -> io::Result<Scan> {
        let proc = Directory::open(&root.path(Path::new("proc")))?;
        let aside = Aside::new(proc.again()?, LONGEST);
        let (stuck, kept, buffer) = (HashMap::new(), Kept::default(), vec![0; LARGEST]);
        Ok(Scan { proc, aside, stuck, scans: 0, threads: false, kept, pids: Vec::new(), tids: Vec::new(), buffer })
    }

    /// Holds the stat of tasks open from now on, so far as they and the kernel's memory for them ([`Scan::OPEN_FILE`] each) find
    /// room in `memory`: reading one anew costs two thirds of opening, reading and closing it.
    pub fn hold_open(&mut self, memory: Bytes) {
        let files = sys::process::raise_open_files().saturating_sub(Scan::SPARE_FILES);
        let most = usize::try_from(memory.0 / Scan::OPEN_FILE.0).unwrap_or(usize::MAX);
        self.kept.hold(most.min(files).min(Scan::MOST_OPEN));
    }

    /// What an open file of /proc takes of the kernel's memory: a page for its text (fs/seq_file.c), and its structures.
    pub const OPEN_FILE: Bytes = Bytes(5 << 10);
    /// So many files are held open at most.
    const MOST_OPEN: usize = 8192;
    /// So many are left for everything else.
    const SPARE_FILES: usize = 64;

    /// The tasks that there are now, processes or all their threads, with nothing but their stat: all that can be seen, those of
    /// a container that shares its pid namespace, or those of `only`.
    ///
    /// # Errors
    /// When /proc cannot be read.
    pub fn tasks(
        &mut self,
        reader: &Reader<'_>,
        own: Option<&Own>,
        only: &[u32],
        threads: bool,
    ) -> io::Result<Vec<Task>> {
        if threads != self.threads {
            self.kept.forget();
            self.threads = threads;
        }
        self.scans += 1;
        self.stuck.retain(|_, scan| *scan + AGAIN > self.scans);
        self.pids.clear();
        let shared = own.filter(|own| !own.has_own_pids());
        match shared.and_then(|own| super::tasks::pids_of_cgroup(reader, own)) {
            _ if !only.is_empty() => self.pids.extend(only),
            Some(mut pids) => {
                pids.sort_unstable();
                pids.dedup();
                self.pids = pids;
            }
            None => self.proc.numbers(&mut self.pids)?,
        }
        let Scan { proc, kept, pids, tids, buffer, .. } = self;
        let mut tasks = Vec::with_capacity(pids.len() + 16);
        // A process that leaves meanwhile is none of our business, and neither is one that another user hides.
        let mut read = |tgid: u32, tid: u32, path: Below| {
            let stat = PidStat::parse(kept.stat(proc, tid, path, buffer).ok()?).ok()?;
            Some(Task { stat, tgid, owner: None, statm: None, details: None, gone: false })
        };
        for pid in &*pids {
            if !threads {
                tasks.extend(read(*pid, *pid, Below::pid(*pid, "stat")));
                continue;
            }
            tids.clear();
            // One that leaves meanwhile has no threads.
            let _ = proc.numbers_below(Below::pid(*pid, "task"), tids);
            for tid in &*tids {
                tasks.extend(read(*pid, *tid, Below::tid(*pid, *tid, "stat")));
            }
        }
        kept.scanned();
        Ok(tasks)
    }

    /// What these processes' threads do, `except` left out; or these threads, where they are such. What the load average is made of.
    pub fn activity(&mut self, tasks: &[Task], except: u32) -> Activity {
        let Scan { proc, tids, buffer, threads, .. } = self;
        let mut activity = Activity::default();
        for task in tasks.iter().filter(|task| task.tgid != except) {
            if *threads || task.stat.num_threads <= 1 {
                activity.add(proc, task.tgid, &task.stat, buffer);
                continue;
            }
            tids.clear();
            let _ = proc.numbers_below(Below::pid(task.tgid, "task"), tids);
            for tid in &*tids {
                if let Some(thread) = parsed(proc, Below::tid(task.tgid, *tid, "stat"), buffer, PidStat::parse) {
                    activity.add(proc, task.tgid, &thread, buffer);
                }
            }
        }
        activity
    }

    /// How many of them the load average counts.
    pub fn active(&mut self, tasks: &[Task], except: u32) -> u64 {
        self.activity(tasks, except).active()
    }

    /// Reads more of these tasks, what they have already left as it is. What is not there, or not for this user, stays `None`.
    pub fn fill<'t>(&mut self, tasks: impl Iterator<Item = &'t mut Task>, needs: Needs) {
        if needs == Needs::NONE {
            return;
        }
        let aside: Vec<_> = ASIDE.into_iter().filter(|(need, ..)| needs.has(*need)).collect();
        let mut all = Vec::new();
        for task in tasks {
            self.read_now(task, needs);
            if !aside.is_empty() {
                all.push(task);
            }
        }
        for (need, name, patience) in aside {
            self.read_aside(&mut all, need, name, patience);
        }
    }

    fn read_now(&mut self, task: &mut Task, needs: Needs) {
        let Scan { proc: dir, buffer, kept, .. } = self;
        if needs.has(Needs::OWNER) && task.owner.is_none() {
            match dir.owner(below(task, "")) {
                Ok(owner) => task.owner = Some(owner),
                Err(error) => task.gone = sys::is_missing(&error),
            }
        }
        if needs.has(Needs::STATM) && task.statm.is_none() {
            task.statm = kept.statm(task).or_else(|| {
                let statm = parsed(dir, below(task, "statm"), buffer, Statm::parse)?;
                kept.keep_statm(task, statm);
                Some(statm)
            });
        }
        const ALREADY: Needs = Needs::OWNER.and(Needs::STATM);
        if needs.without(ALREADY) == Needs::NONE {
            return;
        }
        let mut details = task.details.take().unwrap_or_default();
        let at = |name| below(task, name);
        if needs.has(Needs::STATUS) {
            details.status = parsed(dir, at("status"), buffer, PidStatus::parse);
        }
        if needs.has(Needs::CGROUP) {
            details.cgroup = dir.read(at("cgroup"), buffer).ok().map(<[u8]>::to_vec);
        }
        if needs.has(Needs::OOM) {
            details.oom_score = parsed(dir, at("oom_score"), buffer, proc::oom_score);
            details.oom_score_adj = parsed(dir, at("oom_score_adj"), buffer, proc::oom_score_adj);
        }
        if needs.has(Needs::AUTOGROUP) {
            details.autogroup = parsed(dir, at("autogroup"), buffer, proc::autogroup).flatten();
        }
        if needs.has(Needs::NAMESPACES) {
            for (name, inode) in NAMESPACES.into_iter().zip(&mut details.namespaces) {
                let path = Below::new(format_args!("{}/ns/{name}", task.stat.pid));
                let link = dir.read_link(path, buffer).ok();
                *inode = link.and_then(|link| proc::ns(link).ok());
            }
        }
        if needs.has(Needs::EXE) {
            details.exe = dir.read_link(at("exe"), buffer).ok().map(<[u8]>::to_vec);
        }
        if needs.has(Needs::LOGINUID) {
            details.loginuid = parsed(dir, at("loginuid"), buffer, proc::loginuid).flatten();
        }
        if needs.has(Needs::WCHAN) {
            details.wchan = dir.read(at("wchan"), buffer).ok().map(<[u8]>::to_vec);
        }
        if needs.has(Needs::FDS) {
            details.fds = dir.count(at("fd")).ok();
        }
        task.details = Some(details);
    }

    /// Reads a file of each, which may never answer.
    fn read_aside(&mut self, tasks: &mut [&mut Task], need: Needs, name: &'static str, patience: Duration) {
        let mut first = 0;
        loop {
            let stuck = &self.stuck;
            // Neither the kernel's own tasks nor what is left of an ended one has memory.
            let asks = |task: &Task| {
                let has_memory = task.stat.flags & PF_KTHREAD == 0 && task.stat.state.0 != b'Z';
                (need == Needs::IO || has_memory) && !stuck.contains_key(&(task.tgid, task.stat.starttime, name))
            };
            let numbered = tasks.iter().enumerate().skip(first);
            let (at, paths): (Vec<usize>, Vec<Below>) =
                numbered.filter(|(_, task)| asks(task)).map(|(at, task)| (at, below(task, name))).unzip();
            let mut answer = |index: usize, bytes: &[u8]| {
                if let Some(task) = at.get(index).and_then(|at| tasks.get_mut(*at)) {
                    keep(task, need, bytes);
                }
            };
            match self.aside.read(&paths, patience, &mut answer) {
                Answered::All | Answered::Refused => return,
                Answered::Until(late) => {
                    let Some(at) = at.get(late).copied() else { return };
                    if let Some(task) = tasks.get(at) {
                        self.stuck.insert((task.tgid, task.stat.starttime, name), self.scans);
                    }
                    first = at + 1;
                }
                // No thread can be had, where tasks are at their limit. Those that do not wait for something can be asked.
                Answered::None => {
                    for (at, path) in at.iter().zip(paths) {
                        let Some(task) = tasks.get_mut(*at).filter(|task| task.stat.state.0 != b'D') else { continue };
                        if let Ok(bytes) = self.proc.read(path, &mut self.buffer) {
                            keep(task, need, bytes);
                        }
                    }
                    return;
                }
            }
        }
    }
}

/// Keeps what a file said that was read aside.
fn keep(task: &mut Task, need: Needs, bytes: &[u8]) {
    let details = task.details.get_or_insert_default();
    match need {
        Needs::CMDLINE => details.cmdline = Some(bytes.to_vec()),
        Needs::ENVIRON => details.environ = Some(bytes.to_vec()),
        Needs::SMAPS => details.smaps = SmapsRollup::parse(bytes).ok(),
        _ => details.io = PidIo::parse(bytes).ok(),
    }
}

/// Where one of a task's files is, below /proc.
fn below(task: &Task, name: &str) -> Below {
    if task.stat.pid == task.tgid { Below::pid(task.tgid, name) } else { Below::tid(task.tgid, task.stat.pid, name) }
}

fn parsed<T, E>(
    proc: &Directory,
    path: Below,
    buffer: &mut [u8],
    parse: impl FnOnce(&[u8]) -> Result<T, E>,
) -> Option<T> {
    parse(proc.read(path, buffer).ok()?).ok()
}
