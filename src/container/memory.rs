use super::Figure;
use crate::snapshot::Meminfo;
use crate::snapshot::cgroup::{self, MemoryLevel, Slab};
use crate::unit::{Bytes, Limit};

/// What a container has of memory, and what of it is used. No tool computes any of these again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// All there is for the container.
    pub total: Figure<Bytes>,
    /// What the container itself uses and would not give back: neighbours never leak into it.
    pub used: Figure<Bytes>,
    /// Not charged to anything yet.
    pub free: Figure<Bytes>,
    /// tmpfs and shared memory.
    pub shared: Figure<Bytes>,
    /// Block device buffers: not told for a container, and 0 there.
    pub buffers: Figure<Bytes>,
    /// Page cache, tmpfs included, and reclaimable slab.
    pub cache: Figure<Bytes>,
    /// What can still be allocated before the OOM killer comes.
    pub available: Figure<Bytes>,
    /// Swap the container may use.
    pub swap_total: Figure<Bytes>,
    /// Swap it uses.
    pub swap_used: Figure<Bytes>,
    /// Swap that is left.
    pub swap_free: Figure<Bytes>,
}

/// The memory of a bare machine, as procps-ng 4 counts it. `None` where the kernel does not tell the total.
#[must_use]
pub fn machine_memory(host: &Meminfo) -> Option<Memory> {
    let total = Figure::new(host.mem_total?, "MemTotal of /proc/meminfo");
    let free = Figure::new(or_zero(host.mem_free), "MemFree of /proc/meminfo");
    let available = host_available(host).unwrap_or(free);
    let used = match available.value > total.value {
        true => total.value - free.value,
        false => total.value - available.value,
    };
    let (swap_total, swap_used, swap_free) = machine_swap(host);
    Some(Memory {
        total,
        used: Figure::new(used, "MemTotal - MemAvailable of /proc/meminfo"),
        free,
        shared: Figure::new(or_zero(host.shmem), "Shmem of /proc/meminfo"),
        buffers: Figure::new(or_zero(host.buffers), "Buffers of /proc/meminfo"),
        cache: Figure::new(
            or_zero(host.cached) + or_zero(host.s_reclaimable),
            "Cached + SReclaimable of /proc/meminfo",
        ),
        available,
        swap_total,
        swap_used,
        swap_free,
    })
}

/// The memory of a container: its cgroup's, bounded by what the machine itself has.
#[must_use]
pub fn memory(cgroup: &cgroup::Memory, host: &Meminfo) -> Option<Memory> {
    let own = &cgroup.own;
    let slab = reclaimable_slab(&own.slab, host);
    let reclaimable = (own.file_lists + slab).min(own.current);
    let tightest = own.max.min(cgroup.hierarchical).min(own.high);

    let mut total = Figure::new(host.mem_total?, "MemTotal of /proc/meminfo");
    total = total.min(limit(own.max, "the cgroup's memory limit"));
    total = total.min(limit(cgroup.hierarchical, "hierarchical_memory_limit of memory.stat"));
    for level in &cgroup.above {
        total = total.min(limit(level.max, "the memory limit of a cgroup above"));
    }

    let mut available = total;
    if let Limit::At(limit) = tightest {
        let in_time = reclaimable - late_slab(&own.slab, slab, limit);
        let left = (limit - own.current) + in_time;
        available = available.min(Figure::new(left, "the cgroup's limit - usage + what reclaim frees"));
    }
    for level in &cgroup.above {
        if let Limit::At(limit) = level.max.min(level.high) {
            let left = (limit - level.current) + reclaimable_at(level, host, cgroup.min);
            available = available.min(Figure::new(left, "the limit above - usage there + what reclaim frees"));
        }
    }
    available = available.min(host_available(host).unwrap_or_else(|| estimated_available(host)));

    let free = Figure::new(total.value - own.current, "total - the cgroup's usage");
    let free = host.mem_free.map_or(free, |machine| free.min(Figure::new(machine, "MemFree of /proc/meminfo")));
    let (swap_total, swap_used, swap_free) = swap(cgroup, host);
    Some(Memory {
        total,
        used: Figure::new(own.current - reclaimable, "the cgroup's usage - what reclaim frees"),
        free,
        shared: Figure::new(own.shmem, "shmem of memory.stat"),
        buffers: Figure::new(Bytes::ZERO, "a cgroup has no buffers of its own"),
        cache: Figure::new(own.file + slab, "file of memory.stat + reclaimable slab"),
        available,
        swap_total,
        swap_used,
        swap_free,
    })
}

/// What reclaim frees of a level above, where `min` of the container's own memory is protected from it.
fn reclaimable_at(level: &MemoryLevel, host: &Meminfo, min: Bytes) -> Bytes {
    (level.file_lists + reclaimable_slab(&level.slab, host)).min(level.current) - min
}

/// Slab that reclaim takes. cgroup v1 does not tell it: there it is all kernel memory but what its processes, threads, page tables
/// and tmpfs pin, at the price that one of each was measured to have (x86-64, kernel 6.18).
///
/// What it cannot see are full pipes and sockets: up to their size the figure is too high.
fn reclaimable_slab(slab: &Slab, host: &Meminfo) -> Bytes {
    /// Stacks, structures and the page tables of a small program.
    const PROCESS: Bytes = Bytes::from_kib(90);
    /// A stack and structures.
    const THREAD: Bytes = Bytes::from_kib(23);
    /// Inode and dentry.
    const TMPFS_FILE: Bytes = Bytes(960);
    /// A page table entry takes 8 bytes for a page of 4 KiB.
    const PAGES_TO_A_TABLE: u64 = 512;
    match slab {
        Slab::Told(bytes) => *bytes,
        Slab::Within { kernel, pinned } => {
            let tasks = PROCESS * pinned.processes + THREAD * pinned.threads;
            let tables = Bytes(pinned.mapped.0 / PAGES_TO_A_TABLE);
            let free = *kernel - tasks - tables - TMPFS_FILE * pinned.tmpfs_inodes;
            host.s_reclaimable.map_or(free, |whole_machine| free.min(whole_machine))
        }
        Slab::Unknown => Bytes::ZERO,
    }
}

/// Slab that reclaim gives back too late on cgroup v1: it is freed behind RCU, and the OOM killer comes before a part of it is there.
/// Measured: with 20,000 cached files 241 to 250 of 256 MiB were reached; never less than this says.
fn late_slab(slab: &Slab, reclaimable: Bytes, limit: Bytes) -> Bytes {
    match slab {
        Slab::Within { .. } => Bytes(reclaimable.0 / 4).min(Bytes(limit.0 / 50)),
        Slab::Told(_) | Slab::Unknown => Bytes::ZERO,
    }
}

/// Total, used and free.
type SwapFigures = (Figure<Bytes>, Figure<Bytes>, Figure<Bytes>);

fn swap(cgroup: &cgroup::Memory, host: &Meminfo) -> SwapFigures {
    // Where swap is not accounted it is shared with the whole machine.
    let Some(swap) = cgroup.swap else { return machine_swap(host) };
    let used = Figure::new(swap.current, "the cgroup's swap in use");
    let (machine, _, machine_free) = machine_swap(host);
    let total = machine.min(limit(swap.max, "the cgroup's swap limit"));
    // A limit may be lowered below what is already swapped out.
    let total = if total.value < used.value { used } else { total };
    (total, used, Figure::new(total.value - used.value, "swap total - swap used").min(machine_free))
}

fn machine_swap(host: &Meminfo) -> SwapFigures {
    let (total, free) = (or_zero(host.swap_total), or_zero(host.swap_free));
    (
        Figure::new(total, "SwapTotal of /proc/meminfo"),
        Figure::new(total - free, "SwapTotal - SwapFree of /proc/meminfo"),
        Figure::new(free, "SwapFree of /proc/meminfo"),
    )
}

/// MemAvailable. 0 stands for "not told" in some emulations of /proc, and more than the total happens in LXC's; neither can be.
fn host_available(host: &Meminfo) -> Option<Figure<Bytes>> {
    let told =
        host.mem_available.filter(|told| *told > Bytes::ZERO && host.mem_total.is_none_or(|total| *told <= total));
    told.map(|told| Figure::new(told, "MemAvailable of /proc/meminfo"))
}

/// About what MemAvailable would be on a kernel that does not tell it, before Linux 3.14.
fn estimated_available(host: &Meminfo) -> Figure<Bytes> {
    let given_back = [host.buffers, host.cached, host.s_reclaimable].map(or_zero).into_iter().sum::<Bytes>();
    let free = or_zero(host.mem_free) + given_back - or_zero(host.shmem);
    Figure::new(free, "MemFree + Buffers + Cached + SReclaimable - Shmem of /proc/meminfo")
}

fn limit(limit: Limit<Bytes>, source: &'static str) -> Figure<Bytes> {
    Figure::new(limit.of(Bytes(u64::MAX)), source)
}

fn or_zero(bytes: Option<Bytes>) -> Bytes {
    bytes.unwrap_or(Bytes::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: fn(u64) -> Bytes = Bytes::from_mib;

    fn host() -> Meminfo {
        Meminfo {
            mem_total: Some(MIB(24_000)),
            mem_free: Some(MIB(20_000)),
            mem_available: Some(MIB(22_000)),
            swap_total: Some(MIB(1000)),
            swap_free: Some(MIB(400)),
            ..Meminfo::default()
        }
    }

    fn level(max: Limit<Bytes>, current: u64, file: u64) -> MemoryLevel {
        let file = MIB(file);
        MemoryLevel {
            max,
            high: Limit::Max,
            current: MIB(current),
            file,
            shmem: Bytes::ZERO,
            file_lists: file,
            slab: Slab::Told(Bytes::ZERO),
        }
    }

    fn cgroup(own: MemoryLevel) -> cgroup::Memory {
        cgroup::Memory { own, above: Vec::new(), hierarchical: Limit::Max, min: Bytes::ZERO, swap: None }
    }

    fn mib(bytes: Figure<Bytes>) -> u64 {
        bytes.value.0 >> 20
    }

    #[test]
    fn a_limit_is_the_total_and_cache_is_available() {
        let read = memory(&cgroup(level(Limit::At(MIB(256)), 200, 150)), &host()).unwrap();
        assert_eq!((mib(read.total), mib(read.used), mib(read.free), mib(read.available)), (256, 50, 56, 206));
    }

    #[test]
    fn without_a_limit_the_machine_bounds_and_neighbours_do_not_count_as_used() {
        let read = memory(&cgroup(level(Limit::Max, 200, 150)), &host()).unwrap();
        assert_eq!((mib(read.total), mib(read.used), mib(read.available)), (24_000, 50, 22_000));
        let read = memory(&cgroup(level(Limit::At(MIB(99_000)), 200, 150)), &host()).unwrap();
        assert_eq!(mib(read.total), 24_000, "a limit above RAM");
    }

    #[test]
    fn every_visible_level_bounds() {
        let mut tree = cgroup(level(Limit::At(MIB(600)), 100, 0));
        tree.above = vec![level(Limit::At(MIB(500)), 450, 20)];
        let read = memory(&tree, &host()).unwrap();
        assert_eq!((mib(read.total), mib(read.available), mib(read.used)), (500, 70, 100));
    }

    #[test]
    fn a_hidden_ancestor_bounds_where_v1_tells_it() {
        let mut tree = cgroup(level(Limit::Max, 100, 0));
        tree.hierarchical = Limit::At(MIB(500));
        let read = memory(&tree, &host()).unwrap();
        assert_eq!((mib(read.total), mib(read.available)), (500, 400));
    }

    #[test]
    fn nothing_underflows_and_high_bounds_what_is_available() {
        let read = memory(&cgroup(level(Limit::At(MIB(100)), 120, 200)), &host()).unwrap();
        assert_eq!((mib(read.used), mib(read.free)), (0, 0));
        let mut slowed = level(Limit::At(MIB(256)), 50, 0);
        slowed.high = Limit::At(MIB(128));
        let read = memory(&cgroup(slowed), &host()).unwrap();
        assert_eq!((mib(read.total), mib(read.available)), (256, 78));
    }

    #[test]
    fn v1_slab_is_the_kernels_memory_less_what_is_pinned() {
        let mut one = level(Limit::At(MIB(256)), 100, 0);
        let pinned = cgroup::Pinned { processes: 100, threads: 100, tmpfs_inodes: 1000, mapped: MIB(50) };
        one.slab = Slab::Within { kernel: MIB(40), pinned };
        let host = Meminfo { s_reclaimable: Some(MIB(900)), ..host() };
        let read = memory(&cgroup(one), &host).unwrap();
        // 40 MiB - 9000 KiB - 2300 KiB - 938 KiB - 100 KiB = 27.9 MiB, of which 5.1 MiB come too late.
        assert_eq!((mib(read.used), mib(read.available), mib(read.cache)), (72, 178, 27));
        one.slab = Slab::Within { kernel: MIB(5), pinned };
        assert_eq!(mib(memory(&cgroup(one), &host).unwrap().available), 156, "more pinned than there is");
    }

    #[test]
    fn swap_is_never_less_than_what_is_used_and_never_garbage() {
        let mut one = cgroup(level(Limit::At(MIB(100)), 10, 0));
        one.swap = Some(cgroup::Swap { max: Limit::At(MIB(5)), current: MIB(7) });
        let read = memory(&one, &host()).unwrap();
        assert_eq!((mib(read.swap_total), mib(read.swap_used), read.swap_free.value), (7, 7, Bytes::ZERO));
        one.swap = None;
        let read = memory(&one, &host()).unwrap();
        assert_eq!((mib(read.swap_total), mib(read.swap_used)), (1000, 600));
    }

    #[test]
    fn a_machine_without_mem_available_is_counted_as_procps_does() {
        let old = Meminfo { mem_available: None, ..host() };
        assert_eq!(mib(machine_memory(&old).unwrap().available), 20_000);
        let lxc = Meminfo { mem_available: Some(MIB(90_000)), ..host() };
        assert_eq!(mib(machine_memory(&lxc).unwrap().available), 20_000);
        assert_eq!(machine_memory(&Meminfo::default()), None);
    }
}
