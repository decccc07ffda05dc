use super::Reader;
use crate::kernel::proc::{self, Loadavg, Meminfo, Stat, Uptime};
use crate::kernel::sys;
use crate::unit::CpuSet;
use std::path::Path;
use std::time::Duration;

/// The machine's memory.
#[must_use]
pub fn meminfo(reader: &Reader<'_>) -> Option<Meminfo> {
    reader.record(Path::new("proc/meminfo"), Meminfo::parse)
}

/// The machine's load average.
#[must_use]
pub fn loadavg(reader: &Reader<'_>) -> Option<Loadavg> {
    reader.record(Path::new("proc/loadavg"), Loadavg::parse)
}

/// How long the machine has been up.
#[must_use]
pub fn uptime(reader: &Reader<'_>) -> Option<Uptime> {
    reader.record(Path::new("proc/uptime"), Uptime::parse)
}

/// The machine's CPUs that run.
#[must_use]
pub fn online_cpus(reader: &Reader<'_>) -> Option<CpuSet> {
    reader.record(Path::new("sys/devices/system/cpu/online"), sys::cpu::online)
}

/// How many CPUs the machine may ever have.
#[must_use]
pub fn possible_cpus(reader: &Reader<'_>) -> Option<u64> {
    reader.record(Path::new("sys/devices/system/cpu/possible"), sys::cpu::possible).map(|cpus| cpus.count())
}

/// What the machine's CPUs have done since boot.
#[must_use]
pub fn stat(reader: &Reader<'_>) -> Option<Stat> {
    reader.records(Path::new("proc/stat"), Stat::parse)
}

/// No pid is as large.
#[must_use]
pub fn pid_max(reader: &Reader<'_>) -> Option<u32> {
    reader.record(Path::new("proc/sys/kernel/pid_max"), proc::pid_max)
}

/// How long this process has wanted to run so far and did not, for want of a CPU; `None` where the kernel does not tell.
#[must_use]
pub fn waited_to_run(reader: &Reader<'_>) -> Option<Duration> {
    reader.record(Path::new("proc/self/schedstat"), proc::schedstat).map(|[_, waited]| waited)
}
