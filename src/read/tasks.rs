use super::Reader;
use super::find::{Controller, Own};
use crate::kernel::proc::PidStat;
use crate::unit::Ticks;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Cgroups below a container that are looked into; a hostile one may have made any number.
const CHILDREN: usize = 10_000;

/// How many of the container's threads run or wait uninterruptibly now, `except` left out: what the load average is made of.
/// `None` where that cannot be told: the processes are hidden, or nothing says which they are.
#[must_use]
pub fn active_tasks(reader: &Reader<'_>, own: &Own, except: u32) -> Option<u64> {
    pid_1_started(reader)?;
    let except = except.to_string();
    let active = |pid: &OsString| -> u64 {
        let dir = Path::new("proc").join(pid);
        let Some(leader) = stat(reader, &dir.join("stat")) else { return 0 };
        if leader.num_threads <= 1 {
            return u64::from(leader.state.is_active());
        }
        let threads = reader.root().names(&dir.join("task")).unwrap_or_default();
        let states = threads.iter().filter_map(|tid| stat(reader, &dir.join("task").join(tid).join("stat")));
        states.filter(|thread| thread.state.is_active()).count() as u64
    };
    Some(pids(reader, own)?.iter().filter(|pid| pid.as_bytes() != except.as_bytes()).map(active).sum())
}

/// How many processes the container has; `None` where they are hidden.
#[must_use]
pub fn processes(reader: &Reader<'_>, own: &Own) -> Option<u64> {
    pid_1_started(reader)?;
    pids(reader, own).map(|pids| pids.len() as u64)
}

/// When PID 1 started, in ticks after boot.
#[must_use]
pub fn pid_1_started(reader: &Reader<'_>) -> Option<Ticks> {
    stat(reader, Path::new("proc/1/stat")).map(|stat| stat.starttime)
}

/// When the container started, in ticks after boot: when its PID 1 did, or the oldest of its processes where PID 1 is another's.
#[must_use]
pub fn started(reader: &Reader<'_>, own: &Own) -> Option<Ticks> {
    let first = pid_1_started(reader)?;
    if own.has_own_pids() {
        return Some(first);
    }
    let start = |pid: &OsString| stat(reader, &Path::new("proc").join(pid).join("stat")).map(|stat| stat.starttime);
    pids(reader, own)?.iter().filter_map(start).min()
}

/// A process that leaves meanwhile is none of our business, and neither is one that another user hides.
fn stat(reader: &Reader<'_>, path: &Path) -> Option<PidStat> {
    PidStat::parse(&reader.root().read_record(path).ok()?).ok()
}

/// The container's processes: all of /proc, or those in its cgroup and below where it shares a pid namespace.
fn pids(reader: &Reader<'_>, own: &Own) -> Option<Vec<OsString>> {
    if own.has_own_pids() {
        let names = reader.root().names(Path::new("proc")).unwrap_or_default();
        return Some(
            names.into_iter().filter(|name| name.as_bytes().first().is_some_and(u8::is_ascii_digit)).collect(),
        );
    }
    let pids = pids_of_cgroup(reader, own)?;
    Some(pids.into_iter().map(|pid| pid.to_string().into()).collect())
}

/// The processes in the container's cgroup and below.
pub(super) fn pids_of_cgroup(reader: &Reader<'_>, own: &Own) -> Option<Vec<u32>> {
    // Any hierarchy tells; these are the ones every container has.
    let dir = [Controller::Pids, Controller::Memory, Controller::Cpu].into_iter().find_map(|one| own.dir(reader, one));
    let dir = dir?;
    let mut pids = Vec::new();
    let mut open: Vec<PathBuf> = vec![dir.own().to_owned()];
    for _ in 0..CHILDREN {
        let Some(cgroup) = open.pop() else { break };
        let procs = reader.root().read(&cgroup.join("cgroup.procs")).unwrap_or_default();
        // A process of another pid namespace reads as 0.
        let pid = |line: &[u8]| str::from_utf8(line).ok()?.parse::<u32>().ok().filter(|pid| *pid != 0);
        pids.extend(procs.split(|byte| *byte == b'\n').filter_map(pid));
        open.extend(reader.root().directories(&cgroup).unwrap_or_default());
    }
    // This process is one of them: none at all is an answer that was kept back.
    (!pids.is_empty()).then_some(pids)
}
