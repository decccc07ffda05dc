use super::Reader;
use super::find::{CgroupDir, Controller, Own, Version};
use crate::kernel::{cgroup1, cgroup2};
use crate::snapshot::cgroup::{Memory, MemoryLevel, Pinned, Slab, Swap};
use crate::unit::{Bytes, Limit};
use std::path::{Path, PathBuf};

/// The container's memory; `None` where no memory controller is to be seen, or its usage cannot be read.
#[must_use]
pub fn memory(reader: &Reader<'_>, own: &Own) -> Option<Memory> {
    let dir = own.dir(reader, Controller::Memory)?;
    match dir.version {
        Version::V1 => v1(reader, &dir, own),
        Version::V2 => v2(reader, &dir),
    }
}

fn v1(reader: &Reader<'_>, dir: &CgroupDir, own: &Own) -> Option<Memory> {
    let (first, above) = dir.levels.split_first()?;
    let limit = |level: &Path| reader.record(&level.join("memory.limit_in_bytes"), cgroup1::memory::limit_in_bytes);
    let usage = |level: &Path| reader.record(&level.join("memory.usage_in_bytes"), cgroup1::memory::usage_in_bytes);
    let stat = |level: &Path| reader.record(&level.join("memory.stat"), cgroup1::memory::stat);
    let level = |max, current, stat: &cgroup1::memory::Stat| {
        let known = |bytes: Option<Bytes>| bytes.unwrap_or(Bytes::ZERO);
        let file_lists = known(stat.total_active_file) + known(stat.total_inactive_file);
        MemoryLevel {
            max,
            high: Limit::Max,
            current,
            file: known(stat.total_cache),
            // Before Linux 4.19: page cache that is on neither file list.
            shmem: stat.total_shmem.unwrap_or(known(stat.total_cache) - file_lists),
            file_lists,
            // Tasks and tmpfs are counted for the container only; a level above is judged without its slab.
            slab: Slab::Unknown,
        }
    };
    let max = limit(first).unwrap_or(Limit::Max);
    let (current, own_stat) = (usage(first)?, stat(first).filter(|stat| stat.total_cache.is_some())?);
    // A level above limits, whatever else it does not tell.
    let limited = |path: &PathBuf| match limit(path)? {
        Limit::Max => None,
        max => Some(level(max, usage(path)?, &stat(path).unwrap_or_default())),
    };
    let above = above.iter().filter_map(limited).collect();
    let (mut level, stat) = (level(max, current, &own_stat), own_stat);
    let kernel = first.join("memory.kmem.usage_in_bytes");
    if let Some(kernel) = reader.record(&kernel, cgroup1::memory::usage_in_bytes) {
        let whole = match level.max.min(stat.hierarchical_memory_limit.unwrap_or(Limit::Max)) {
            Limit::At(limit) => limit,
            // Without a limit the slab counts only for what is used.
            Limit::Max => level.current * 8,
        };
        let mapped = stat.total_rss.unwrap_or(Bytes::ZERO);
        let pinned = pinned(reader, own, mapped, kernel * 64 < whole);
        level.slab = pinned.map_or(Slab::Unknown, |pinned| Slab::Within { kernel, pinned });
    }
    let hierarchical = stat.hierarchical_memory_limit.unwrap_or(Limit::Max);
    // Both lines are there where swap is accounted.
    let swap = stat.total_swap.zip(stat.hierarchical_memsw_limit).map(|(current, both)| Swap {
        max: match (both, hierarchical) {
            (Limit::At(both), Limit::At(memory)) => Limit::At(both - memory),
            _ => Limit::Max,
        },
        current,
    });
    Some(Memory { own: level, above, hierarchical, min: Bytes::ZERO, swap })
}

/// Counts what pins kernel memory, as closely as it matters: where the kernel's memory is a trifle of the whole, all tasks are
/// taken for processes and tmpfs is not looked at. `None` where nothing tells how many tasks there are.
fn pinned(reader: &Reader<'_>, own: &Own, mapped: Bytes, is_trifle: bool) -> Option<Pinned> {
    let tasks = super::pids::pids_current(reader, own);
    let processes = if is_trifle { tasks } else { super::processes(reader, own).or(tasks) }?;
    let threads = tasks.unwrap_or(0).saturating_sub(processes);
    let tmpfs_inodes = if is_trifle { 0 } else { super::tmpfs_inodes(reader) };
    Some(Pinned { processes, threads, tmpfs_inodes, mapped })
}

fn v2(reader: &Reader<'_>, dir: &CgroupDir) -> Option<Memory> {
    let bytes = |level: &Path, file| reader.record(&level.join(file), cgroup2::memory::current);
    // The root of the whole hierarchy has none of these files.
    let limit = |level: &Path, file| reader.record(&level.join(file), cgroup2::memory::max).unwrap_or(Limit::Max);
    let stat = |path: &Path| reader.record(&path.join("memory.stat"), cgroup2::memory::stat);
    let level = |path: &Path, current, stat: cgroup2::memory::Stat| {
        let known = |bytes: Option<Bytes>| bytes.unwrap_or(Bytes::ZERO);
        MemoryLevel {
            max: limit(path, "memory.max"),
            high: limit(path, "memory.high"),
            current,
            file: known(stat.file),
            shmem: known(stat.shmem),
            file_lists: known(stat.active_file) + known(stat.inactive_file),
            slab: stat.slab_reclaimable.map_or(Slab::Unknown, Slab::Told),
        }
    };
    // What a cgroup without the controller uses counts to the next one above.
    let usage = |path: &PathBuf| Some((path.clone(), bytes(path, "memory.current")?));
    let mut levels = dir.levels.iter().filter_map(usage);
    let (path, current) = levels.next()?;
    let own = level(&path, current, stat(&path).filter(|stat| stat.file.is_some())?);
    let swap = bytes(&path, "memory.swap.current");

    let mut swap_max = limit(&path, "memory.swap.max");
    let mut above = Vec::new();
    for (path, current) in levels {
        swap_max = swap_max.min(limit(&path, "memory.swap.max"));
        // It limits, whatever else it does not tell.
        above.push(level(&path, current, stat(&path).unwrap_or_default()));
    }
    above.retain(|level| (level.max, level.high) != (Limit::Max, Limit::Max));
    // memory.min protects from the levels above, and "max" protects all.
    let protected = || reader.record(&path.join("memory.min"), cgroup2::memory::max);
    let min = if above.is_empty() { None } else { protected() };
    Some(Memory {
        own,
        above,
        hierarchical: Limit::Max,
        min: min.map_or(Bytes::ZERO, |min| min.of(Bytes(u64::MAX))),
        swap: swap.map(|current| Swap { max: swap_max, current }),
    })
}
