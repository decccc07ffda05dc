//! The memory controller of cgroup v2 (mm/memcontrol.c).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::{Bytes, Limit};

/// memory.max, memory.high, memory.swap.max.
///
/// # Errors
/// When the file holds neither a number nor `max`.
pub fn max(bytes: &[u8]) -> Result<Limit<Bytes>, ParseError> {
    Ok(match flat::single_limit(bytes)? {
        Limit::At(value) => Limit::At(Bytes(value)),
        Limit::Max => Limit::Max,
    })
}

/// memory.current, memory.swap.current.
///
/// # Errors
/// When the file does not hold one number.
pub fn current(bytes: &[u8]) -> Result<Bytes, ParseError> {
    flat::single_number(bytes).map(Bytes)
}

/// What memory.stat tells that Vat needs; all figures include the children.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Page cache, tmpfs and shared memory included.
    pub file: Option<Bytes>,
    /// tmpfs, SysV shared memory, shared anonymous mappings.
    pub shmem: Option<Bytes>,
    /// Page cache on the inactive list.
    pub inactive_file: Option<Bytes>,
    /// Page cache on the active list.
    pub active_file: Option<Bytes>,
    /// Slab that reclaim can free: dentries, inodes (Linux 4.18 and later with kernel memory accounting).
    pub slab_reclaimable: Option<Bytes>,
}

/// memory.stat.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat(bytes: &[u8]) -> Result<Stat, ParseError> {
    let mut stat = Stat::default();
    flat::keyed(bytes, |key, value| {
        let field = match key {
            b"file" => &mut stat.file,
            b"shmem" => &mut stat.shmem,
            b"inactive_file" => &mut stat.inactive_file,
            b"active_file" => &mut stat.active_file,
            b"slab_reclaimable" => &mut stat.slab_reclaimable,
            _ => return,
        };
        *field = Some(Bytes(value));
    })?;
    Ok(stat)
}

/// memory.events: how often it came to what; all counts include the children, unless the hierarchy is mounted with
/// memory_localevents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// Reclaim below memory.low.
    pub low: Option<u64>,
    /// Allocation slowed for memory.high.
    pub high: Option<u64>,
    /// Usage was about to exceed memory.max.
    pub max: Option<u64>,
    /// Usage reached the limit, and reclaim did not help.
    pub oom: Option<u64>,
    /// Processes killed for it (Linux 4.13).
    pub oom_kill: Option<u64>,
}

/// memory.events.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn events(bytes: &[u8]) -> Result<Events, ParseError> {
    let mut events = Events::default();
    flat::keyed(bytes, |key, value| {
        let field = match key {
            b"low" => &mut events.low,
            b"high" => &mut events.high,
            b"max" => &mut events.max,
            b"oom" => &mut events.oom,
            b"oom_kill" => &mut events.oom_kill,
            _ => return,
        };
        *field = Some(value);
    })?;
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_is_no_limit() {
        assert_eq!(max(b"max\n"), Ok(Limit::Max));
        assert_eq!(max(b"4096\n"), Ok(Limit::At(Bytes(4096))));
        for bad in [&b""[..], b"\n", b"maximum\n", b"-1\n", b"1\n2\n"] {
            assert!(max(bad).is_err(), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn file_is_not_file_mapped() {
        let read = stat(b"anon 1\nfile_mapped 9\nfile 2\nslab_reclaimable 3\nslab 4\n").unwrap();
        assert_eq!((read.file, read.slab_reclaimable, read.shmem), (Some(Bytes(2)), Some(Bytes(3)), None));
    }

    #[test]
    fn oom_is_not_oom_kill() {
        let read = events(b"low 0\nhigh 12\nmax 5\noom 2\noom_kill 1\noom_group_kill 0\n").unwrap();
        assert_eq!(
            (read.low, read.high, read.max, read.oom, read.oom_kill),
            (Some(0), Some(12), Some(5), Some(2), Some(1))
        );
        assert_eq!(events(b"oom 2\n").unwrap().oom_kill, None, "missing is not zero");
        for bad in [&b""[..], b"oom_kill\n", b"oom_kill max\n", b"oom_kill  1\n"] {
            assert!(events(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
