use super::Reader;
use super::find::Own;
use super::kept::Kept;
use crate::kernel::proc::{self, PidIo, PidStat, PidStatus, SmapsRollup, Statm};
use crate::snapshot::{Needs, Task};
use crate::sys::{self, Aside, Below, Directory, Root};
use crate::unit::{Bytes, Ticks};
use std::collections::HashSet;
use std::io;
use std::path::Path;

/// Flags of a task (include/linux/sched.h): it is the kernel's own, and has no memory.
const PF_KTHREAD: u32 = 0x0020_0000;
/// At most so much of a command line or environment is read.
const LONGEST: usize = 16 << 10;
/// In the order of [`Details::namespaces`].
const NAMESPACES: [&str; 8] = ["ipc", "mnt", "net", "pid", "user", "uts", "cgroup", "time"];

/// What the kernel looks up in a task's memory, or waits for the task to tell.
const ASIDE: [(Needs, &str); 4] =
    [(Needs::CMDLINE, "cmdline"), (Needs::ENVIRON, "environ"), (Needs::SMAPS, "smaps_rollup"), (Needs::IO, "io")];

/// What reads all tasks again and again, and keeps between the times what need not be made anew.
#[derive(Debug)]
pub struct Scan {
    proc: Directory,
    aside: Aside,
    /// Processes whose memory could not be read in time, by pid and start: they are not asked again.
    stuck: HashSet<(u32, Ticks)>,
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
        let (stuck, pids, tids) = (HashSet::new(), Vec::new(), Vec::new());
        Ok(Scan { proc, aside, stuck, kept: Kept::default(), pids, tids, buffer: vec![0; LONGEST] })
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
            Some(Task { stat, tgid, owner: None, statm: None, details: None })
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

    /// Reads more of these tasks, what they have already left as it is. What is not there, or not for this user, stays `None`.
    pub fn fill<'t>(&mut self, tasks: impl Iterator<Item = &'t mut Task>, needs: Needs) {
        if needs == Needs::NONE {
            return;
        }
        let aside: Vec<_> = ASIDE.into_iter().filter(|(need, _)| needs.has(*need)).collect();
        let mut patient = Vec::new();
        for task in tasks {
            self.read_now(task, needs);
            if !aside.is_empty() && !self.stuck.contains(&(task.tgid, task.stat.starttime)) {
                patient.push(task);
            }
        }
        for (need, name) in aside {
            self.read_aside(&mut patient, need, name);
        }
    }

    fn read_now(&mut self, task: &mut Task, needs: Needs) {
        let Scan { proc: dir, buffer, kept, .. } = self;
        if needs.has(Needs::OWNER) && task.owner.is_none() {
            task.owner = dir.owner(below(task, "")).ok();
        }
        if needs.has(Needs::STATM) && task.statm.is_none() {
            task.statm = kept.statm(task).or_else(|| {
                let statm = parsed(dir, below(task, "statm"), buffer, Statm::parse)?;
                kept.keep_statm(task, statm);
                Some(statm)
            });
        }
        const SELDOM: Needs = Needs::OWNER.and(Needs::STATM).and(Needs::NUMA);
        if needs.without(SELDOM) == Needs::NONE {
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
            self.tids.clear();
            let counted = dir.numbers_below(at("fd"), &mut self.tids);
            // Descriptor 0 is no pid.
            details.fds = counted.ok().map(|()| self.tids.len() as u64);
        }
        task.details = Some(details);
    }

    /// Reads a file of each that may never answer.
    fn read_aside(&mut self, tasks: &mut Vec<&mut Task>, need: Needs, name: &str) {
        // Neither the kernel's own tasks nor what is left of an ended one has memory.
        let has_memory = |task: &Task| task.stat.flags & PF_KTHREAD == 0 && task.stat.state.0 != b'Z';
        let mut first = 0;
        loop {
            let at: Vec<usize> = (first..tasks.len())
                .filter(|at| tasks.get(*at).is_some_and(|task| need == Needs::IO || has_memory(task)))
                .collect();
            let paths: Vec<Below> = at.iter().filter_map(|at| tasks.get(*at)).map(|task| below(task, name)).collect();
            let late = self.aside.read(&paths, |index, answer| {
                let task = at.get(index).and_then(|at| tasks.get_mut(*at));
                let (Some(task), Ok(bytes)) = (task, answer) else { return };
                let details = task.details.get_or_insert_default();
                match need {
                    Needs::CMDLINE => details.cmdline = Some(bytes),
                    Needs::ENVIRON => details.environ = Some(bytes),
                    Needs::SMAPS => details.smaps = SmapsRollup::parse(&bytes).ok(),
                    _ => details.io = PidIo::parse(&bytes).ok(),
                }
            });
            let Some(at) = late.and_then(|index| at.get(index).copied()) else { return };
            if at < tasks.len() {
                let task = tasks.remove(at);
                self.stuck.insert((task.tgid, task.stat.starttime));
            }
            first = at;
        }
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
