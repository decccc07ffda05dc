//! One container's cgroup, whichever version it came from.

use crate::unit::{Bytes, CpuSet, Limit, Micros};

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

/// The pids controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pids {
    /// The tightest visible limit.
    pub max: Limit<u64>,
    /// Tasks that exist, threads and zombies included.
    pub current: u64,
}
