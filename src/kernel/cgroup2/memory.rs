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
}
