use super::{Item, Seat};
use crate::kernel::{ParseError, cgroup1, cgroup2};
use crate::read::Reader;
use crate::read::find::Version;
use crate::snapshot::cgroup::CpuQuota;
use crate::unit::{Bytes, CpuSet, Limit, Micros};
use std::path::PathBuf;

/// What a cgroup's files say is set. `None` where no file says anything: no such controller, or, for swap, no accounting of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Memory.
    pub memory: Option<Limit<Bytes>>,
    /// v1: memory and swap together.
    pub memory_and_swap: Option<Limit<Bytes>>,
    /// v2: swap alone.
    pub swap_alone: Option<Limit<Bytes>>,
    /// CPU time.
    pub cpu: Option<Limit<CpuQuota>>,
    /// The CPU time's period, also where there is no limit.
    pub period: Option<Micros>,
    /// The CPUs that were asked for; empty for "as the parent".
    pub cpuset: Option<CpuSet>,
    /// Tasks.
    pub pids: Option<Limit<u64>>,
}

impl Now {
    /// Reads the files.
    #[must_use]
    pub fn read(reader: &Reader<'_>, seats: &[Seat]) -> Now {
        let mut now = Now::default();
        let seat = |item: Item| Seat::of(seats, item);
        if let Some(seat) = seat(Item::Memory) {
            let read = |file, parse: fn(&[u8]) -> _| reader.record(&seat.dir.join(file), parse);
            match seat.version {
                Version::V1 => {
                    now.memory = read("memory.limit_in_bytes", cgroup1::memory::limit_in_bytes);
                    now.memory_and_swap = read("memory.memsw.limit_in_bytes", cgroup1::memory::limit_in_bytes);
                }
                Version::V2 => {
                    now.memory = read("memory.max", cgroup2::memory::max);
                    now.swap_alone = read("memory.swap.max", cgroup2::memory::max);
                }
            }
        }
        if let Some(seat) = seat(Item::Cpu) {
            let pair = match seat.version {
                Version::V1 => reader
                    .record(&seat.dir.join("cpu.cfs_quota_us"), cgroup1::cpu::cfs_quota_us)
                    .zip(reader.record(&seat.dir.join("cpu.cfs_period_us"), cgroup1::cpu::cfs_period_us)),
                Version::V2 => reader.record(&seat.dir.join("cpu.max"), cgroup2::cpu::max),
            };
            now.period = pair.map(|(_, period)| period);
            now.cpu = pair.map(|(quota, period)| match quota {
                Limit::At(quota) => Limit::At(CpuQuota { quota, period }),
                Limit::Max => Limit::Max,
            });
        }
        if let Some(seat) = seat(Item::Cpuset) {
            now.cpuset = reader.record(&seat.dir.join("cpuset.cpus"), cgroup1::cpuset::cpus);
        }
        if let Some(seat) = seat(Item::Pids) {
            now.pids = reader.record(&seat.dir.join("pids.max"), cgroup2::pids::max);
        }
        now
    }

    /// Swap beside memory, whichever way this version counts it.
    #[must_use]
    pub fn swap(&self) -> Option<Limit<Bytes>> {
        match (self.swap_alone, self.memory_and_swap, self.memory) {
            (Some(swap), _, _) => Some(swap),
            (None, Some(Limit::At(both)), Some(Limit::At(memory))) => Some(Limit::At(both - memory)),
            (None, Some(_), _) => Some(Limit::Max),
            _ => None,
        }
    }
}

/// The files that hold a limit, and what they say, as the kernel writes it.
#[must_use]
pub(super) fn raw(reader: &Reader<'_>, seats: &[Seat], item: Item) -> Vec<(PathBuf, String)> {
    let Some(seat) = Seat::of(seats, item) else { return Vec::new() };
    let names: &[&str] = match (item, seat.version) {
        (Item::Memory, Version::V1) => &["memory.limit_in_bytes"],
        (Item::Memory, Version::V2) => &["memory.max"],
        (Item::Swap, Version::V1) => &["memory.memsw.limit_in_bytes"],
        (Item::Swap, Version::V2) => &["memory.swap.max"],
        (Item::Cpu, Version::V1) => &["cpu.cfs_quota_us", "cpu.cfs_period_us"],
        (Item::Cpu, Version::V2) => &["cpu.max"],
        (Item::Cpuset, _) => &["cpuset.cpus"],
        (Item::Pids, _) => &["pids.max"],
    };
    let text = |bytes: &[u8]| Ok::<_, ParseError>(String::from_utf8_lossy(bytes).trim().to_owned());
    names.iter().filter_map(|name| Some((seat.dir.join(name), reader.record(&seat.dir.join(name), text)?))).collect()
}
