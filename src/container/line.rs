use crate::snapshot::Pressure;
use crate::snapshot::cgroup::{Cpu, CpuUsage, Events, Memory, Pids, Pressures};
use crate::unit::{Bytes, Limit};

/// What a container has above a machine: limits, and what came of them. Each is `None` where nothing tells.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerLine {
    /// What it is called; raw bytes, to be escaped by who shows them.
    pub name: Option<Vec<u8>>,
    /// What it may use at most.
    pub limits: Limits,
    /// Tasks that exist, threads and zombies included.
    pub pids: Option<u64>,
    /// Forks that failed for a limit, since the container was made.
    pub pids_rejected: Option<u64>,
    /// Processes the OOM killer took, since the container was made.
    pub oom_kills: Option<u64>,
    /// Percent of the quota's periods in which it was used up, over the interval; 0 where none passed.
    pub throttled: Option<f64>,
    /// How long tasks waited for a CPU.
    pub cpu_pressure: Option<PressureShare>,
    /// For memory.
    pub memory_pressure: Option<PressureShare>,
    /// For a disk.
    pub io_pressure: Option<PressureShare>,
}

/// What a container may use at most: the tightest of all levels that are told of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Memory, swap left out.
    pub memory: Option<Limit<Bytes>>,
    /// CPUs, a part of one included, by quota or cpuset.
    pub cpus: Limit<f64>,
    /// Tasks.
    pub pids: Option<Limit<u64>>,
}

/// Percent of the last ten seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PressureShare {
    /// At least one task waited.
    pub some: Option<f64>,
    /// All of them did.
    pub full: Option<f64>,
}

/// The limits of a container on a machine with `online` CPUs; a cpuset of all of them is none.
#[must_use]
pub fn limits(memory: Option<&Memory>, cpu: &Cpu, pids: Option<&Pids>, online: u64) -> Limits {
    let memory = memory.map(|memory| {
        let above = memory.above.iter().map(|level| level.max);
        above.fold(memory.own.max.min(memory.hierarchical), Limit::min)
    });
    let cpus = super::cpus(cpu, online).value;
    let cpus = if cpus < online as f64 { Limit::At(cpus) } else { Limit::Max };
    Limits { memory, cpus, pids: pids.map(|pids| pids.max) }
}

impl ContainerLine {
    /// The line of one moment; `usage` are the readings at the interval's two ends.
    #[must_use]
    pub fn new(
        name: Option<Vec<u8>>,
        limits: Limits,
        usage: Option<(&CpuUsage, &CpuUsage)>,
        pids: Option<&Pids>,
        events: Events,
        pressures: Pressures,
    ) -> ContainerLine {
        ContainerLine {
            name,
            limits,
            pids: pids.map(|pids| pids.current),
            pids_rejected: events.pids_rejected,
            oom_kills: events.oom_kills,
            throttled: usage.and_then(|(before, now)| throttled_periods(before, now)),
            cpu_pressure: pressures.cpu.map(share),
            memory_pressure: pressures.memory.map(share),
            io_pressure: pressures.io.map(share),
        }
    }
}

/// Percent of the periods between two readings in which the tightest visible quota was used up; 0 where none passed. `None` where
/// there is no quota, or not the same at both ends.
#[must_use]
pub fn throttled_periods(before: &CpuUsage, now: &CpuUsage) -> Option<f64> {
    let (before, now) = before.periods.zip(now.periods).filter(|(before, now)| before.above == now.above)?;
    let (passed, throttled) =
        (now.passed.saturating_sub(before.passed), now.throttled.saturating_sub(before.throttled));
    // Both are read one after the other.
    Some(if passed > 0 { (throttled as f64 * 100.0 / passed as f64).min(100.0) } else { 0.0 })
}

fn share(pressure: Pressure) -> PressureShare {
    let percent = |hundredths: u32| f64::from(hundredths) / 100.0;
    PressureShare {
        some: pressure.some.map(|stalled| percent(stalled.avg10)),
        full: pressure.full.map(|stalled| percent(stalled.avg10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Stalled;
    use crate::snapshot::cgroup::{CpuQuota, MemoryLevel, Periods, Slab};
    use crate::unit::{CpuSet, Micros};
    use std::time::Duration;

    fn usage(periods: Option<(usize, u64, u64)>) -> CpuUsage {
        let periods = periods.map(|(above, passed, throttled)| Periods { above, passed, throttled });
        CpuUsage { total: Duration::ZERO, split: None, per_cpu: Vec::new(), throttled: None, periods }
    }

    #[test]
    fn periods_of_one_quota_are_compared() {
        let between = |one, other| throttled_periods(&usage(one), &usage(other));
        assert_eq!(between(Some((0, 11, 10)), Some((0, 61, 55))), Some(90.0));
        assert_eq!(between(Some((0, 11, 10)), Some((0, 11, 10))), Some(0.0), "idle");
        assert_eq!(between(Some((1, 11, 10)), Some((0, 61, 60))), None, "another quota is the tightest");
        assert_eq!(between(None, Some((0, 61, 60))), None);
        assert_eq!(between(Some((0, 9, 0)), Some((0, 10, u64::MAX))), Some(100.0));
    }

    #[test]
    fn the_tightest_limit_and_what_is_none() {
        let level = |max| MemoryLevel {
            max,
            high: Limit::Max,
            current: Bytes::ZERO,
            file: Bytes::ZERO,
            shmem: Bytes::ZERO,
            file_lists: Bytes::ZERO,
            slab: Slab::Unknown,
        };
        let memory = Memory {
            own: level(Limit::Max),
            above: vec![level(Limit::At(Bytes(9))), level(Limit::At(Bytes(7)))],
            hierarchical: Limit::At(Bytes(8)),
            min: Bytes::ZERO,
            swap: None,
        };
        let quota = CpuQuota { quota: Micros(150_000), period: Micros(100_000) };
        let told = limits(Some(&memory), &Cpu { quotas: vec![quota], cpus: None }, None, 4);
        assert_eq!(told, Limits { memory: Some(Limit::At(Bytes(7))), cpus: Limit::At(1.5), pids: None });
        let whole = Cpu { quotas: Vec::new(), cpus: CpuSet::parse("0-3").ok() };
        assert_eq!(limits(None, &whole, None, 4), Limits { memory: None, cpus: Limit::Max, pids: None });
    }

    #[test]
    fn what_nothing_tells_stays_unsaid() {
        let none = limits(None, &Cpu::default(), None, 1);
        let line = ContainerLine::new(None, none, None, None, Events::default(), Pressures::default());
        assert_eq!((line.throttled, line.oom_kills, line.pids, line.cpu_pressure), (None, None, None, None));
        let some = Some(Stalled { avg10: 6336, ..Stalled::default() });
        let pressures = Pressures { cpu: Some(Pressure { some, full: None }), ..Pressures::default() };
        let line = ContainerLine::new(None, none, None, None, Events::default(), pressures);
        assert_eq!(line.cpu_pressure, Some(PressureShare { some: Some(63.36), full: None }));
    }
}
