use crate::snapshot::Task;
use crate::snapshot::cgroup::Pids;
use crate::unit::Limit;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

/// So much below the part of the limit that is too many, in percent of the limit, there are few enough again that the next rise is
/// told.
const CALM: u64 = 5;
/// How many of the biggest spawners are named.
const NAMED: usize = 5;

/// Watches how near the container is to its limit of tasks, and tells once when it comes too near.
#[derive(Clone, Copy, Debug)]
pub struct PidsWatch {
    /// From this part of the limit on there are too many, in percent; 0 for never.
    percent: u64,
    high: bool,
}

/// There are too many tasks for the container's limit, and before there were fewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PidsHigh {
    /// How many tasks there are: threads, and zombies.
    pub current: u64,
    /// How many there may be.
    pub max: u64,
    /// The processes that have made most of them, the biggest first.
    pub spawners: Vec<Spawner>,
}

/// A process, and how many tasks are there because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spawner {
    /// Its number.
    pub pid: u32,
    /// Its name; any bytes.
    pub name: Box<[u8]>,
    /// Its children, zombies included. Orphans are PID 1's.
    pub children: u64,
    /// Its threads.
    pub threads: u64,
}

impl PidsWatch {
    /// Tells of that part of the limit, in percent; never where it is 0.
    #[must_use]
    pub fn new(percent: u8) -> PidsWatch {
        PidsWatch { percent: percent.into(), high: false }
    }

    /// Looks once; `tasks` are all processes now.
    pub fn look(&mut self, pids: Pids, tasks: &[Task]) -> Option<PidsHigh> {
        let (Limit::At(max), 1..) = (pids.max, self.percent) else {
            self.high = false;
            return None;
        };
        let is_at = |percent: u64| u128::from(pids.current) * 100 >= u128::from(max) * u128::from(percent);
        let was_high = self.high;
        self.high = is_at(if was_high { self.percent.saturating_sub(CALM) } else { self.percent });
        (self.high && !was_high).then(|| PidsHigh { current: pids.current, max, spawners: spawners(tasks) })
    }
}

/// The processes with most children and threads.
fn spawners(tasks: &[Task]) -> Vec<Spawner> {
    let mut children: HashMap<u32, u64> = HashMap::with_capacity(tasks.len());
    for task in tasks {
        *children.entry(task.stat.ppid).or_default() += 1;
    }
    let made = |task: &Task| {
        let children = children.get(&task.tgid).copied().unwrap_or(0);
        children.saturating_add(task.stat.num_threads)
    };
    let mut most: Vec<(u64, &Task)> = tasks.iter().map(|task| (made(task), task)).collect();
    most.sort_by_key(|(made, task)| (Reverse(*made), task.tgid));
    let spawner = |(made, task): (u64, &Task)| {
        let threads = task.stat.num_threads;
        Spawner { pid: task.tgid, name: task.stat.comm.clone(), children: made.saturating_sub(threads), threads }
    };
    most.into_iter().take(NAMED).map(spawner).collect()
}

impl fmt::Display for PidsHigh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of at most {} tasks", self.current, self.max)?;
        for (at, one) in self.spawners.iter().enumerate() {
            let before = if at == 0 { "; most are made by" } else { "," };
            let name = one.name.escape_ascii();
            write!(f, "{before} {name} (pid {}: {} children, {} threads)", one.pid, one.children, one.threads)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::proc::PidStat;

    fn task(pid: u32, ppid: u32, threads: u64, name: &str) -> Task {
        let line = format!("{pid} ({name}) S {ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 {threads} 0 9 1 1\n");
        let stat = PidStat::parse(line.as_bytes()).unwrap();
        Task { stat, tgid: pid, owner: None, statm: None, details: None, gone: false }
    }

    #[test]
    fn a_rise_is_told_once_until_it_has_calmed() {
        let mut watch = PidsWatch::new(85);
        let mut told =
            |current, max: u64| watch.look(Pids { current, max: Limit::At(max) }, &[]).is_some().then_some(current);
        let course = [50, 84, 85, 99, 84, 85, 80, 90, 79, 84, 86, 79, 85, 100];
        let told: Vec<u64> = course.iter().filter_map(|current| told(*current, 100)).collect();
        assert_eq!(told, [85, 86, 85]);
    }

    #[test]
    fn no_limit_is_never_near() {
        let mut watch = PidsWatch::new(85);
        assert_eq!(watch.look(Pids { current: u64::MAX, max: Limit::Max }, &[]), None);
        assert!(watch.look(Pids { current: u64::MAX, max: Limit::At(u64::MAX) }, &[]).is_some());
        assert!(PidsWatch::new(85).look(Pids { current: 0, max: Limit::At(0) }, &[]).is_some());
    }

    #[test]
    fn the_biggest_spawners_first() {
        let mut tasks = vec![task(1, 0, 1, "vat-init"), task(5, 1, 40, "java"), task(6, 1, 1, "a b")];
        tasks.extend((100..110).map(|pid| task(pid, 6, 1, "sleep")));
        let high = PidsWatch::new(85).look(Pids { current: 60, max: Limit::At(64) }, &tasks).unwrap();
        let seen: Vec<_> = high.spawners.iter().map(|one| (one.pid, one.children, one.threads)).collect();
        assert_eq!(seen, [(5, 0, 40), (6, 10, 1), (1, 2, 1), (100, 0, 1), (101, 0, 1)]);
        let text = high.to_string();
        assert!(
            text.starts_with("60 of at most 64 tasks; most are made by java (pid 5: 0 children, 40 threads), a b (")
        );
    }
}
