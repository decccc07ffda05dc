use super::Reader;
use super::find::{CgroupDir, Controller, Own, Version};
use crate::kernel::cgroup1::cpuacct::UsageAll;
use crate::kernel::{cgroup1, cgroup2};
use crate::snapshot::cgroup::{CpuSplit, CpuUsage, PerCpuUsage, Periods};
use crate::unit::Ticks;
use std::path::Path;
use std::time::Duration;

/// The CPU time the container has used, and what it was denied; `None` where nothing tells.
#[must_use]
pub fn cpu_usage(reader: &Reader<'_>, own: &Own) -> Option<CpuUsage> {
    let dir = own_dir(reader, own, Controller::Cpuacct)?;
    let mut usage = match dir.version {
        Version::V1 => v1(reader, dir.own())?,
        Version::V2 => v2(reader, dir.own())?,
    };
    // cpu and cpuacct may be two hierarchies.
    if let Some(dir) = own_dir(reader, own, Controller::Cpu) {
        let (periods, time) = throttling(reader, &dir);
        usage.throttled = stat_local(reader, &dir).or(time);
        usage.periods = periods;
    }
    Some(usage)
}

/// The container's directory: each cgroup has a cpu.stat, so that one which is not the container's would be taken for it.
fn own_dir(reader: &Reader<'_>, own: &Own, controller: Controller) -> Option<CgroupDir> {
    own.dir(reader, controller).filter(|dir| dir.version == Version::V1).or_else(|| own.unified_own(reader))
}

fn v1(reader: &Reader<'_>, dir: &Path) -> Option<CpuUsage> {
    let percpu = reader.record(&dir.join("cpuacct.usage_percpu"), cgroup1::cpuacct::usage_percpu).unwrap_or_default();
    // One file for the whole and its parts, so that they agree.
    let total = match percpu.is_empty() {
        false => percpu.iter().fold(Duration::ZERO, |sum, one| sum.saturating_add(*one)),
        true => reader.record(&dir.join("cpuacct.usage"), cgroup1::cpuacct::usage)?,
    };
    let all = reader.records(&dir.join("cpuacct.usage_all"), cgroup1::cpuacct::usage_all).unwrap_or_default();
    let stat = reader.record(&dir.join("cpuacct.stat"), cgroup1::cpuacct::stat).unwrap_or_default();
    let ticks = |ticks: Ticks| Duration::from_millis(ticks.0.saturating_mul(1000 / Ticks::PER_SECOND));
    let stat = stat.user.zip(stat.system);
    let stat = stat.map(|(user, system)| CpuSplit { user: ticks(user), system: ticks(system), nice: None });

    // Finer than ticks, where it is not wrong.
    let fine = all.iter().map(split_of).reduce(|sum, one| CpuSplit {
        user: sum.user.saturating_add(one.user),
        system: sum.system.saturating_add(one.system),
        nice: None,
    });
    let fine = fine.filter(|fine| stat.is_none_or(|stat| !is_all_user(fine, &stat)));
    let per_cpu = if percpu.len() == all.len() {
        let one = |(total, line): (&Duration, &UsageAll)| PerCpuUsage {
            cpu: line.cpu,
            total: *total,
            split: fine.is_some().then(|| split_of(line)),
        };
        percpu.iter().zip(&all).map(one).collect()
    } else {
        // Before Linux 4.8.
        percpu.iter().zip(0..).map(|(total, cpu)| PerCpuUsage { cpu, total: *total, split: None }).collect()
    };
    Some(CpuUsage { total, split: fine.or(stat), per_cpu, throttled: None, periods: None })
}

fn split_of(line: &UsageAll) -> CpuSplit {
    CpuSplit { user: line.user, system: line.system, nice: None }
}

/// Whether this is a kernel before 5.17, which counts all that a user's program does as user's, but in cpuacct.stat: else the
/// shares of both are alike.
fn is_all_user(fine: &CpuSplit, stat: &CpuSplit) -> bool {
    let system = |split: &CpuSplit| {
        let (user, system) = (split.user.as_secs_f64(), split.system.as_secs_f64());
        if user + system > 0.0 { system / (user + system) } else { 0.0 }
    };
    system(fine) * 2.0 < system(stat)
}

fn v2(reader: &Reader<'_>, dir: &Path) -> Option<CpuUsage> {
    let stat = reader.record(&dir.join("cpu.stat"), cgroup2::cpu::stat)?;
    let split = stat.user_usec.zip(stat.system_usec).map(|(user, system)| CpuSplit {
        user: Duration::from_micros(user.0),
        system: Duration::from_micros(system.0),
        nice: stat.nice_usec.map(|nice| Duration::from_micros(nice.0)),
    });
    let total = Duration::from_micros(stat.usage_usec?.0);
    Some(CpuUsage { total, split, per_cpu: Vec::new(), throttled: None, periods: None })
}

/// How long any quota kept the container from running, where the kernel tells.
fn stat_local(reader: &Reader<'_>, dir: &CgroupDir) -> Option<Duration> {
    let path = dir.own().join("cpu.stat.local");
    match dir.version {
        Version::V1 => reader.record(&path, cgroup1::cpu::stat_local)?,
        Version::V2 => reader.record(&path, cgroup2::cpu::stat_local)?.map(|time| Duration::from_micros(time.0)),
    }
}

/// What the tightest quota did, and how long it kept from running what lies below it.
fn throttling(reader: &Reader<'_>, dir: &CgroupDir) -> (Option<Periods>, Option<Duration>) {
    let levels = dir.levels.iter().enumerate();
    let quotas = levels.filter_map(|at| super::cpu::quota(reader, dir.version, at.1).map(|quota| (at, quota.cpus())));
    // Of equals the first, which is the nearest.
    let Some(((above, level), _)) = quotas.min_by(|(_, one), (_, other)| one.total_cmp(other)) else {
        return (None, None);
    };
    let path = level.join("cpu.stat");
    let (passed, throttled, time) = match dir.version {
        Version::V1 => {
            let stat = reader.record(&path, cgroup1::cpu::stat).unwrap_or_default();
            (stat.nr_periods, stat.nr_throttled, stat.throttled_time)
        }
        Version::V2 => {
            let stat = reader.record(&path, cgroup2::cpu::stat).unwrap_or_default();
            (stat.nr_periods, stat.nr_throttled, stat.throttled_usec.map(|time| Duration::from_micros(time.0)))
        }
    };
    (passed.zip(throttled).map(|(passed, throttled)| Periods { above, passed, throttled }), time)
}
