//! One container's cgroup, whichever version it came from.

use crate::kernel::proc::Pressure;
use crate::unit::{Bytes, CpuSet, Limit, Micros};
use std::time::Duration;

/// The memory controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The container's own cgroup.
    pub own: MemoryLevel,
    /// The visible cgroups above it that have a limit, nearest first.
    pub above: Vec<MemoryLevel>,
    /// The tightest limit of all levels, hidden ones included, where the kernel tells it (v1).
    pub hierarchical: Limit<Bytes>,
    /// What memory.min keeps from reclaim by the levels above (v2).
    pub min: Bytes,
    /// Swap, where it is accounted.
    pub swap: Option<Swap>,
}

/// The memory of one cgroup and all below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLevel {
    /// The hard limit: beyond it comes the OOM killer (memory.max, memory.limit_in_bytes).
    pub max: Limit<Bytes>,
    /// Beyond it allocation is slowed (memory.high; v2 only).
    pub high: Limit<Bytes>,
    /// All that is charged (memory.current, memory.usage_in_bytes).
    pub current: Bytes,
    /// Page cache, tmpfs included (file, total_cache).
    pub file: Bytes,
    /// tmpfs and shared memory.
    pub shmem: Bytes,
    /// Page cache that reclaim may take: both file lists.
    pub file_lists: Bytes,
    /// The kernel's own memory that reclaim may take.
    pub slab: Slab,
}

/// Reclaimable slab: dentries, inodes and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slab {
    /// The kernel says how much (v2).
    Told(Bytes),
    /// The kernel says only how much memory it holds for the cgroup in all (v1, memory.kmem.usage_in_bytes).
    Within {
        /// All kernel memory: slab, stacks, page tables, pipes.
        kernel: Bytes,
        /// What of it cannot be reclaimed.
        pinned: Pinned,
    },
    /// The kernel says nothing.
    Unknown,
}

/// What keeps kernel memory from reclaim, so far as it can be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pinned {
    /// Processes: stacks, page tables and structures of their own.
    pub processes: u64,
    /// Threads beside each process's first.
    pub threads: u64,
    /// Files and directories on tmpfs: their inodes and dentries have nowhere else to be.
    pub tmpfs_inodes: u64,
    /// Anonymous memory, which page tables map.
    pub mapped: Bytes,
}

/// Swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    /// How much of it the container may use.
    pub max: Limit<Bytes>,
    /// How much it uses.
    pub current: Bytes,
}

/// The cpu and cpuset controllers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cpu {
    /// The quotas of all visible levels that have one, nearest first.
    pub quotas: Vec<CpuQuota>,
    /// The CPUs the container may run on; `None` where nothing tells.
    pub cpus: Option<CpuSet>,
}

/// CPU time in each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuQuota {
    /// CPU time.
    pub quota: Micros,
    /// The period's length, never 0.
    pub period: Micros,
}

impl CpuQuota {
    /// As many CPUs running all the time would use it up.
    #[must_use]
    pub fn cpus(self) -> f64 {
        self.quota.0 as f64 / self.period.0 as f64
    }
}

/// The pids controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pids {
    /// The tightest visible limit.
    pub max: Limit<u64>,
    /// Tasks that exist, threads and zombies included.
    pub current: u64,
}

/// The CPU time a container has used, and what it was denied, since it was made. Two readings make an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuUsage {
    /// All of it, as the scheduler measured it: exact (cpuacct.usage; usage_usec).
    pub total: Duration,
    /// What it was used for; `None` where that is not told.
    pub split: Option<CpuSplit>,
    /// Where it was used; empty where that is not told (v2).
    pub per_cpu: Vec<PerCpuUsage>,
    /// How long the container was kept from running by a quota, summed over the CPUs; `None` where nothing tells.
    ///
    /// From Linux 6.6 on (cpu.stat.local) it is the container's own time, whichever quota above it, visible or hidden, did it.
    /// Before, it is the time of the tightest visible quota, which neighbours share where it lies above the container.
    pub throttled: Option<Duration>,
    /// What the tightest visible quota did; `None` where there is none.
    pub periods: Option<Periods>,
}

/// What CPU time was used for. The kernel samples it at each tick: it tells a proportion of what was used in all, and need not sum
/// to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuSplit {
    /// In user mode, niced or not.
    pub user: Duration,
    /// In the kernel.
    pub system: Duration,
    /// The part of `user` that had a positive nice value; `None` where that is not told (v1; v2 before Linux 6.13).
    pub nice: Option<Duration>,
}

/// The CPU time used on one CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerCpuUsage {
    /// The CPU's number.
    pub cpu: u32,
    /// All of it, exact.
    pub total: Duration,
    /// What it was used for; `None` where that is not told of each CPU.
    pub split: Option<CpuSplit>,
}

/// The periods of a quota. A child's quota is no concern of the container's; the tightest of its own and those above is what
/// throttles it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// How many levels above the container the quota lies: 0 is its own, others it shares with neighbours.
    pub above: usize,
    /// Periods in which something wanted to run (nr_periods).
    pub passed: u64,
    /// Of these, the ones in which the quota was used up (nr_throttled).
    pub throttled: u64,
}

/// What the kernel refused a container, or did to it, since it was made; each is `None` where that is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// Forks that failed for a limit of tasks. v1, and v2 before Linux 6.11, leave out what happened in child cgroups.
    pub pids_rejected: Option<u64>,
    /// Processes the OOM killer took. v1 leaves out those in child cgroups.
    pub oom_kills: Option<u64>,
}

/// How long the container's tasks were held up for want of each resource; `None` where the kernel does not tell: v1 alone, before
/// Linux 4.20, or switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressures {
    /// cpu.pressure
    pub cpu: Option<Pressure>,
    /// memory.pressure
    pub memory: Option<Pressure>,
    /// io.pressure
    pub io: Option<Pressure>,
}
