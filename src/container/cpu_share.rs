use crate::snapshot::CpuTimes;
use crate::snapshot::cgroup::{CpuSplit, CpuUsage, PerCpuUsage};
use crate::unit::{CpuSet, Ticks};
use std::time::Duration;

/// No machine has more CPUs (NR_CPUS of kernel/Kconfig); a hostile set of them has.
const MOST_CPUS: usize = 8192;

/// What became of CPU time over an interval, in percent of all there was, under top's own names. None is below 0, and they sum to
/// 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CpuShare {
    /// User mode, not niced. Where the kernel does not tell what was niced (v1), that is in here.
    pub us: f64,
    /// Kernel mode.
    pub sy: f64,
    /// User mode, niced.
    pub ni: f64,
    /// Left unused.
    pub id: f64,
    /// Idle while waiting for a disk; for a container not told, 0.
    pub wa: f64,
    /// Hardware interrupts; for a container 0: they are the machine's.
    pub hi: f64,
    /// Software interrupts; for a container 0, likewise.
    pub si: f64,
    /// Taken: from a virtual machine by its host, from a container by its quota.
    pub st: f64,
}

impl CpuShare {
    /// Nothing was done.
    pub const IDLE: CpuShare = CpuShare { us: 0.0, sy: 0.0, ni: 0.0, id: 100.0, wa: 0.0, hi: 0.0, si: 0.0, st: 0.0 };

    /// Shares of `capacity`, which is above 0 and in the unit of the others. More use than there was (a burst, clocks that are read
    /// one after another) is all there was; `taken` is at most what is then left.
    fn of(capacity: f64, used: Parts, taken: f64) -> CpuShare {
        let total = used.user + used.system + used.nice;
        let percent = 100.0 / total.max(capacity);
        let (us, sy, ni) = (used.user * percent, used.system * percent, used.nice * percent);
        let left = (100.0 - us - sy - ni).max(0.0);
        let st = (taken * percent).clamp(0.0, left);
        CpuShare { us, sy, ni, id: left - st, st, ..CpuShare::IDLE }
    }
}

/// Seconds of CPU time by what they were used for; `user` without `nice`.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    user: f64,
    system: f64,
    nice: f64,
}

impl Parts {
    /// `total` seconds, split in proportion: the scheduler measures how long, a sample at each tick tells what for.
    fn new(total: f64, split: Option<CpuSplit>) -> Parts {
        let Some(split) = split else { return Parts { user: total, ..Parts::default() } };
        let (user, system) = (split.user.as_secs_f64(), split.system.as_secs_f64());
        let nice = split.nice.unwrap_or_default().as_secs_f64();
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 };
        let system = total * share(system, user + system);
        let nice = (total - system) * share(nice, user);
        Parts { user: total - system - nice, system, nice }
    }
}

/// What CPU time was used for between two readings; where no tick fell into the interval, what it is used for on the whole. `None`
/// where nothing tells.
fn split_between(before: Option<CpuSplit>, now: Option<CpuSplit>) -> Option<CpuSplit> {
    let (before, now) = (before?, now?);
    let split = CpuSplit {
        user: now.user.saturating_sub(before.user),
        system: now.system.saturating_sub(before.system),
        nice: now.nice.zip(before.nice).map(|(now, before)| now.saturating_sub(before)),
    };
    let is_told = !(split.user + split.system).is_zero();
    Some(if is_told { split } else { now })
}

fn seconds_between(before: Duration, now: Duration) -> f64 {
    now.saturating_sub(before).as_secs_f64()
}

/// What became of a container's capacity between two readings that lie `elapsed` apart; `cpus` is what [`super::cpus`] says. `None`
/// where there was no time, or no CPU.
///
/// `st` is what the quota took, bounded by what is left: a container that uses all of its capacity has nothing left to be taken, and
/// there the share of throttled periods tells.
#[must_use]
pub fn cpu_share(before: &CpuUsage, now: &CpuUsage, elapsed: Duration, cpus: f64) -> Option<CpuShare> {
    let capacity = elapsed.as_secs_f64() * cpus;
    let used = Parts::new(seconds_between(before.total, now.total), split_between(before.split, now.split));
    let taken = now.throttled.zip(before.throttled).map_or(0.0, |(now, before)| seconds_between(before, now));
    // The kernel adds up what each CPU's tasks waited: eight that wait together for 50 ms waited 400. Outside of the periods in which
    // the quota was used up it took nothing.
    let throttled = super::throttled_periods(before, now).map_or(f64::INFINITY, |percent| percent / 100.0 * capacity);
    let taken = taken.min(throttled);
    (capacity > 0.0).then(|| CpuShare::of(capacity, used, taken))
}

/// What became of a bare machine's CPUs, or of one of them, between two readings; against none (`CpuTimes::default()`) since boot. As
/// procps counts: guests are in `us` and `ni`, and a counter that went back stood still. `None` where no tick passed.
#[must_use]
pub fn machine_cpu_share(before: &CpuTimes, now: &CpuTimes) -> Option<CpuShare> {
    let ticks = |field: fn(&CpuTimes) -> Ticks| field(now).0.saturating_sub(field(before).0) as f64;
    let (us, sy, ni) = (ticks(|times| times.user), ticks(|times| times.system), ticks(|times| times.nice));
    let (id, wa) = (ticks(|times| times.idle), ticks(|times| times.iowait));
    let (hi, si, st) = (ticks(|times| times.irq), ticks(|times| times.softirq), ticks(|times| times.steal));
    let total = us + sy + ni + id + wa + hi + si + st;
    let percent = |part: f64| part * 100.0 / total;
    (total > 0.0).then(|| CpuShare {
        us: percent(us),
        sy: percent(sy),
        ni: percent(ni),
        id: percent(id),
        wa: percent(wa),
        hi: percent(hi),
        si: percent(si),
        st: percent(st),
    })
}

/// What became of each CPU of `cpus` (the container's cpuset, else the CPUs that are online), a share of that one CPU, so far as
/// the kernel tells it of each (v1). A quota is not of one CPU: `st` is 0.
#[must_use]
pub fn cpu_rows(before: &CpuUsage, now: &CpuUsage, elapsed: Duration, cpus: &CpuSet) -> Vec<(u32, CpuShare)> {
    let capacity = elapsed.as_secs_f64();
    let whole = split_between(before.split, now.split);
    let pairs = before.per_cpu.iter().zip(&now.per_cpu).filter(|(before, now)| before.cpu == now.cpu);
    let ours = pairs.filter(|(_, now)| capacity > 0.0 && cpus.contains(now.cpu)).take(MOST_CPUS);
    let row = |(before, now): (&PerCpuUsage, &PerCpuUsage)| {
        let split = split_between(before.split, now.split).or(whole);
        let used = Parts::new(seconds_between(before.total, now.total), split);
        (now.cpu, CpuShare::of(capacity, used, 0.0))
    };
    ours.map(row).collect()
}

/// The same where the kernel tells only the whole (v2), estimated: `tasks` are the container's own, with the CPU each ran on last and
/// the time it used since the reading before. What the container used is laid out as theirs is; the rows sum to it.
#[must_use]
pub fn estimated_cpu_rows(
    before: &CpuUsage,
    now: &CpuUsage,
    elapsed: Duration,
    cpus: &CpuSet,
    tasks: &[(u32, Ticks)],
) -> Vec<(u32, CpuShare)> {
    let capacity = elapsed.as_secs_f64();
    if capacity <= 0.0 {
        return Vec::new();
    }
    let mut rows: Vec<(u32, f64)> = cpus.iter().take(MOST_CPUS).map(|cpu| (cpu, 0.0)).collect();
    for (cpu, used) in tasks {
        // A task of a CPU that is not the container's any more is laid out as the others are.
        if let Ok(at) = rows.binary_search_by_key(cpu, |(cpu, _)| *cpu)
            && let Some((_, seconds)) = rows.get_mut(at)
        {
            *seconds += used.seconds();
        }
    }
    let total = seconds_between(before.total, now.total);
    let split = split_between(before.split, now.split);
    let spread = spread(total, capacity, &mut rows);
    spread.into_iter().map(|(cpu, used)| (cpu, CpuShare::of(capacity, Parts::new(used, split), 0.0))).collect()
}

/// Lays `total` out in proportion to the weights, at most `most` to each; evenly where nothing has a weight.
fn spread(total: f64, most: f64, weights: &mut [(u32, f64)]) -> Vec<(u32, f64)> {
    /// What a CPU weighs that no task was seen on: nothing, unless the others are full.
    const UNSEEN: f64 = 1e-6;
    weights.iter_mut().for_each(|(_, weight)| *weight += UNSEEN);
    // Whoever has the most is full first, and what it cannot take is the others'.
    weights.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let (mut left, mut weight_left) = (total, weights.iter().map(|(_, weight)| *weight).sum::<f64>());
    let mut rows = Vec::with_capacity(weights.len());
    for (cpu, weight) in &*weights {
        let share = if weight_left > 0.0 { (weight / weight_left).min(1.0) } else { 1.0 };
        let part = (left * share).clamp(0.0, most);
        left -= part;
        weight_left -= weight;
        rows.push((*cpu, part));
    }
    rows.sort_by_key(|(cpu, _)| *cpu);
    rows
}

/// A process's %CPU: `used` over an interval, as a share of so many CPUs. The divisor is 1 in Irix mode, and in Solaris mode what
/// [`super::cpus`] says. 0 where there was no time, or no CPU.
#[must_use]
pub fn task_cpu_percent(used: Ticks, elapsed: Duration, divisor: f64) -> f64 {
    let capacity = elapsed.as_secs_f64() * divisor;
    if capacity > 0.0 { used.seconds() * 100.0 / capacity } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn split(user: u64, system: u64, nice: Option<u64>) -> Option<CpuSplit> {
        Some(CpuSplit { user: MS(user), system: MS(system), nice: nice.map(MS) })
    }

    fn usage(total: u64, split: Option<CpuSplit>, throttled: Option<u64>) -> CpuUsage {
        CpuUsage { total: MS(total), split, per_cpu: Vec::new(), throttled: throttled.map(MS), periods: None }
    }

    fn between(before: &CpuUsage, now: &CpuUsage, seconds: u64, cpus: f64) -> CpuShare {
        let share = cpu_share(before, now, Duration::from_secs(seconds), cpus).unwrap();
        let all = [share.us, share.sy, share.ni, share.id, share.wa, share.hi, share.si, share.st];
        assert!(all.iter().all(|one| *one >= 0.0), "{share:?}");
        assert!((all.iter().sum::<f64>() - 100.0).abs() < 1e-9, "{share:?}");
        share
    }

    fn is_about(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-3
    }

    #[test]
    fn the_scheduler_tells_how_much_and_the_ticks_what_for() {
        let before = usage(10_000, split(5000, 5000, None), None);
        // The ticks count 25 % too much.
        let now = usage(11_000, split(5750, 5500, None), None);
        let share = between(&before, &now, 1, 2.0);
        assert!(is_about(share.us, 30.0) && is_about(share.sy, 20.0) && is_about(share.id, 50.0), "{share:?}");
    }

    #[test]
    fn nice_is_a_part_of_user() {
        let (before, now) = (usage(0, split(0, 0, Some(0)), None), usage(1000, split(800, 200, Some(600)), None));
        let share = between(&before, &now, 1, 1.0);
        assert!(is_about(share.us, 20.0) && is_about(share.sy, 20.0) && is_about(share.ni, 60.0), "{share:?}");
        let sampled_high = usage(1000, split(800, 200, Some(900)), None);
        let share = between(&before, &sampled_high, 1, 1.0);
        assert!(is_about(share.us, 0.0) && is_about(share.ni, 80.0), "{share:?}");
    }

    #[test]
    fn what_a_quota_took_is_at_most_what_is_left() {
        let before = usage(0, split(0, 0, None), Some(0));
        let half = between(&before, &usage(250, split(250, 0, None), Some(100)), 1, 0.5);
        assert!(is_about(half.us, 50.0) && is_about(half.st, 20.0) && is_about(half.id, 30.0), "{half:?}");
        // Four threads wait for their part of half a CPU.
        let full = between(&before, &usage(495, split(495, 0, None), Some(3500)), 1, 0.5);
        assert!(is_about(full.us, 99.0) && is_about(full.st, 1.0) && is_about(full.id, 0.0), "{full:?}");
    }

    #[test]
    fn more_use_than_there_was_is_all_of_it() {
        let before = usage(0, split(0, 0, None), Some(0));
        let share = between(&before, &usage(1100, split(550, 550, None), Some(10)), 1, 1.0);
        assert!(is_about(share.us, 50.0) && is_about(share.sy, 50.0) && share.st == 0.0, "{share:?}");
    }

    #[test]
    fn without_a_tick_it_is_what_it_always_was_and_without_a_split_it_is_user() {
        let before = usage(1000, split(900, 100, None), None);
        let share = between(&before, &usage(1002, split(900, 100, None), None), 1, 1.0);
        assert!(is_about(share.us, 0.18) && is_about(share.sy, 0.02), "{share:?}");
        let share = between(&usage(0, None, None), &usage(400, None, None), 1, 1.0);
        assert!(is_about(share.us, 40.0), "{share:?}");
    }

    #[test]
    fn counters_that_go_back_and_absurd_ones() {
        let small = usage(5, split(4, 1, Some(1)), Some(1));
        let huge =
            CpuUsage { total: Duration::MAX, ..usage(0, split(u64::MAX, u64::MAX, Some(u64::MAX)), Some(u64::MAX)) };
        assert_eq!(between(&huge, &small, 1, 1.0), CpuShare::IDLE);
        let _ = between(&small, &huge, 1, 1.0);
        for (elapsed, cpus) in [(Duration::ZERO, 1.0), (MS(1), 0.0), (MS(1), f64::NAN)] {
            assert_eq!(cpu_share(&small, &huge, elapsed, cpus), None);
        }
    }

    #[test]
    fn rows_are_shares_of_one_cpu_each() {
        let one = |cpu, total, split| PerCpuUsage { cpu, total: MS(total), split };
        let mut before = usage(0, split(0, 0, None), None);
        before.per_cpu = vec![one(0, 0, split(0, 0, None)), one(1, 0, None), one(2, 0, None)];
        let mut now = usage(1000, split(750, 250, None), None);
        now.per_cpu = vec![one(0, 500, split(0, 600, None)), one(1, 400, None), one(2, 100, None)];
        let rows = cpu_rows(&before, &now, Duration::from_secs(1), &CpuSet::parse("0-1").unwrap());
        let [(0, first), (1, second)] = rows.as_slice() else { panic!("{rows:?}") };
        assert!(is_about(first.sy, 50.0) && is_about(first.id, 50.0), "{first:?}");
        assert!(is_about(second.us, 30.0) && is_about(second.sy, 10.0), "the split of the whole: {second:?}");
    }

    #[test]
    fn estimated_rows_sum_to_the_whole() {
        let rows = |set: &str, total, tasks: &[(u32, Ticks)]| {
            let now = usage(total, split(total, 0, None), None);
            let rows = estimated_cpu_rows(
                &usage(0, None, None),
                &now,
                Duration::from_secs(1),
                &CpuSet::parse(set).unwrap(),
                tasks,
            );
            rows.into_iter().map(|(cpu, share)| (cpu, share.us.round())).collect::<Vec<_>>()
        };
        assert_eq!(rows("0-1", 1000, &[(0, Ticks(30)), (1, Ticks(10))]), [(0, 75.0), (1, 25.0)]);
        assert_eq!(rows("0-1", 1000, &[(0, Ticks(10)), (7, Ticks(90))]), [(0, 100.0), (1, 0.0)], "a CPU it left");
        assert_eq!(
            rows("0,2-3", 1500, &[(2, Ticks(80)), (3, Ticks(1))]),
            [(0, 0.0), (2, 100.0), (3, 50.0)],
            "none is overfull"
        );
        assert_eq!(rows("0-2", 1500, &[(2, Ticks(80))]), [(0, 25.0), (1, 25.0), (2, 100.0)], "short-lived tasks");
        assert_eq!(rows("0-3", 2000, &[]), [(0, 50.0), (1, 50.0), (2, 50.0), (3, 50.0)]);
        assert_eq!(rows("0-4294967295", 1000, &[(9, Ticks(u64::MAX))]).len(), MOST_CPUS);
    }

    #[test]
    fn a_bare_machine_is_counted_as_procps_does() {
        let t = Ticks;
        let before = CpuTimes { user: t(100), system: t(50), idle: t(1000), iowait: t(90), ..CpuTimes::default() };
        let now =
            CpuTimes { user: t(110), nice: t(5), system: t(55), idle: t(1160), iowait: t(80), steal: t(20), ..before };
        let share = machine_cpu_share(&before, &now);
        let wanted = CpuShare { us: 5.0, ni: 2.5, sy: 2.5, id: 80.0, st: 10.0, ..CpuShare::IDLE };
        assert_eq!(share, Some(wanted), "iowait went back");
        assert_eq!(machine_cpu_share(&now, &now), None);
        let huge = CpuTimes { user: t(u64::MAX), idle: t(u64::MAX), ..before };
        assert!(is_about(machine_cpu_share(&CpuTimes::default(), &huge).unwrap().us, 50.0));
    }

    #[test]
    fn a_process_has_its_share_of_what_there_is() {
        assert!(is_about(task_cpu_percent(Ticks(150), Duration::from_secs(3), 1.0), 50.0));
        assert!(is_about(task_cpu_percent(Ticks(150), Duration::from_secs(3), 0.5), 100.0));
        assert_eq!(task_cpu_percent(Ticks(1), Duration::ZERO, 1.0), 0.0);
    }
}
