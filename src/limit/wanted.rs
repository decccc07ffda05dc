use crate::snapshot::cgroup::CpuQuota;
use crate::unit::{Bytes, CpuSet, Limit};
use std::fmt;

/// The limits that a cgroup shall have. `None` leaves one as it is; `Limit::Max` takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Memory.
    pub memory: Option<Limit<Bytes>>,
    /// Swap, beside the memory (v1 knows only the sum of both; the plan adds them up).
    pub swap: Option<Limit<Bytes>>,
    /// CPU time in each period.
    pub cpu: Option<Limit<CpuQuota>>,
    /// Which CPUs.
    pub cpuset: Option<CpuSet>,
    /// Tasks.
    pub pids: Option<Limit<u64>>,
}

/// One of the things that are limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the fields of `Wanted`")]
pub enum Item {
    Memory,
    Swap,
    Cpu,
    Cpuset,
    Pids,
}

impl Wanted {
    /// What is wanted at all.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let all = [
            (Item::Memory, self.memory.is_some()),
            (Item::Swap, self.swap.is_some()),
            (Item::Cpu, self.cpu.is_some()),
            (Item::Cpuset, self.cpuset.is_some()),
            (Item::Pids, self.pids.is_some()),
        ];
        all.into_iter().filter(|(_, wanted)| *wanted).map(|(item, _)| item).collect()
    }
}

impl Item {
    /// The kernel's name of the controller that limits it.
    #[must_use]
    pub fn controller(self) -> &'static str {
        match self {
            Item::Memory | Item::Swap => "memory",
            Item::Cpu => "cpu",
            Item::Cpuset => "cpuset",
            Item::Pids => "pids",
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Item::Memory => "memory",
            Item::Swap => "swap",
            Item::Cpu => "CPU time",
            Item::Cpuset => "CPUs",
            Item::Pids => "tasks",
        })
    }
}
