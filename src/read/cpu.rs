use super::Reader;
use super::find::{Controller, Own, Version};
use crate::kernel::{cgroup1, cgroup2};
use crate::snapshot::cgroup::{Cpu, CpuQuota};
use crate::unit::Limit;
use std::path::Path;

/// The CPUs and the CPU time the container may have.
#[must_use]
pub fn cpu(reader: &Reader<'_>, own: &Own) -> Cpu {
    let quotas = own
        .dir(reader, Controller::Cpu)
        .map(|dir| dir.levels.iter().filter_map(|level| quota(reader, dir.version, level)).collect());
    let cpus = own.dir(reader, Controller::Cpuset).and_then(|dir| match dir.version {
        // Both are the kernel's own minimum over all levels; v1's older kernels have only what was asked for.
        Version::V1 => reader
            .record(&dir.own().join("cpuset.effective_cpus"), cgroup1::cpuset::cpus)
            .or_else(|| reader.record(&dir.own().join("cpuset.cpus"), cgroup1::cpuset::cpus)),
        Version::V2 => reader.record(&dir.own().join("cpuset.cpus.effective"), cgroup2::cpuset::cpus_effective),
    });
    Cpu { quotas: quotas.unwrap_or_default(), cpus: cpus.filter(|cpus| !cpus.is_empty()) }
}

/// The quota of one level, where it has one.
pub(super) fn quota(reader: &Reader<'_>, version: Version, level: &Path) -> Option<CpuQuota> {
    let (quota, period) = match version {
        Version::V1 => (
            reader.record(&level.join("cpu.cfs_quota_us"), cgroup1::cpu::cfs_quota_us)?,
            reader.record(&level.join("cpu.cfs_period_us"), cgroup1::cpu::cfs_period_us)?,
        ),
        Version::V2 => reader.record(&level.join("cpu.max"), cgroup2::cpu::max)?,
    };
    match quota {
        Limit::At(quota) if period.0 > 0 => Some(CpuQuota { quota, period }),
        _ => None,
    }
}
