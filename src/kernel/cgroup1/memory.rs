//! The memory controller of cgroup v1 (mm/memcontrol-v1.c, Documentation/admin-guide/cgroup-v1/memory.rst).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::{Bytes, Limit};

/// From here on a v1 limit means none. "Unlimited" reads as LONG_MAX rounded down to a page: 9223372036854771712 with 4 KiB
/// pages, less with larger ones; 1 EiB is below all of them and above any machine.
const UNLIMITED: u64 = 1 << 60;

/// memory.limit_in_bytes, memory.memsw.limit_in_bytes.
///
/// # Errors
/// When the file does not hold one number.
pub fn limit_in_bytes(bytes: &[u8]) -> Result<Limit<Bytes>, ParseError> {
    flat::single_number(bytes).map(limit)
}

/// memory.usage_in_bytes, memory.memsw.usage_in_bytes, memory.kmem.usage_in_bytes.
///
/// # Errors
/// When the file does not hold one number.
pub fn usage_in_bytes(bytes: &[u8]) -> Result<Bytes, ParseError> {
    flat::single_number(bytes).map(Bytes)
}

/// What memory.stat tells that Vat needs. Only the `total_` figures: they include the children, as the limit does.
///
/// Every figure is optional: a kernel without swap accounting has no swap lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Page cache, tmpfs and shared memory included (total_cache).
    pub total_cache: Option<Bytes>,
    /// Anonymous memory, transparent huge pages included (total_rss).
    pub total_rss: Option<Bytes>,
    /// tmpfs, SysV shared memory, shared anonymous mappings (total_shmem; Linux 4.19).
    pub total_shmem: Option<Bytes>,
    /// Swapped out (total_swap).
    pub total_swap: Option<Bytes>,
    /// Page cache on the inactive list (total_inactive_file).
    pub total_inactive_file: Option<Bytes>,
    /// Page cache on the active list (total_active_file).
    pub total_active_file: Option<Bytes>,
    /// The tightest limit of this cgroup and all above it, also those that a cgroup namespace hides.
    pub hierarchical_memory_limit: Option<Limit<Bytes>>,
    /// The same for memory and swap together.
    pub hierarchical_memsw_limit: Option<Limit<Bytes>>,
}

/// memory.stat.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat(bytes: &[u8]) -> Result<Stat, ParseError> {
    let mut stat = Stat::default();
    flat::keyed(bytes, |key, value| {
        let field = match key {
            b"total_cache" => &mut stat.total_cache,
            b"total_rss" => &mut stat.total_rss,
            b"total_shmem" => &mut stat.total_shmem,
            b"total_swap" => &mut stat.total_swap,
            b"total_inactive_file" => &mut stat.total_inactive_file,
            b"total_active_file" => &mut stat.total_active_file,
            b"hierarchical_memory_limit" => {
                stat.hierarchical_memory_limit = Some(limit(value));
                return;
            }
            b"hierarchical_memsw_limit" => {
                stat.hierarchical_memsw_limit = Some(limit(value));
                return;
            }
            _ => return,
        };
        *field = Some(Bytes(value));
    })?;
    Ok(stat)
}

/// memory.oom_control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OomControl {
    /// Whether a process that needs more memory waits instead of being killed.
    pub oom_kill_disable: Option<bool>,
    /// Whether one waits now.
    pub under_oom: Option<bool>,
    /// How many processes of this very cgroup, children left out, were killed (Linux 4.13).
    pub oom_kill: Option<u64>,
}

/// memory.oom_control.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn oom_control(bytes: &[u8]) -> Result<OomControl, ParseError> {
    let mut control = OomControl::default();
    flat::keyed(bytes, |key, value| match key {
        b"oom_kill_disable" => control.oom_kill_disable = Some(value != 0),
        b"under_oom" => control.under_oom = Some(value != 0),
        b"oom_kill" => control.oom_kill = Some(value),
        _ => (),
    })?;
    Ok(control)
}

fn limit(bytes: u64) -> Limit<Bytes> {
    if bytes >= UNLIMITED { Limit::Max } else { Limit::At(Bytes(bytes)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlimited_is_no_number() {
        assert_eq!(limit_in_bytes(b"9223372036854771712\n"), Ok(Limit::Max));
        assert_eq!(limit_in_bytes(b"9223372036854710272\n"), Ok(Limit::Max), "64 KiB pages");
        assert_eq!(limit_in_bytes(b"268435456\n"), Ok(Limit::At(Bytes::from_mib(256))));
        assert!(limit_in_bytes(b"max\n").is_err());
    }

    #[test]
    fn keys_are_matched_whole() {
        let read = stat(b"cache 1\ntotal_cache 2\ntotal_cache_x 3\nhierarchical_memory_limit 4096\n").unwrap();
        assert_eq!(read.total_cache, Some(Bytes(2)));
        assert_eq!(read.hierarchical_memory_limit, Some(Limit::At(Bytes(4096))));
        assert_eq!(read.total_shmem, None, "missing is not zero");
    }

    #[test]
    fn old_kernels_do_not_count_oom_kills() {
        let read = oom_control(b"oom_kill_disable 0\nunder_oom 1\noom_kill 7\n").unwrap();
        assert_eq!((read.oom_kill_disable, read.under_oom, read.oom_kill), (Some(false), Some(true), Some(7)));
        assert_eq!(oom_control(b"oom_kill_disable 0\nunder_oom 0\n").unwrap().oom_kill, None);
        for bad in [&b""[..], b"oom_kill\n", b"oom_kill -1\n", b"oom_kill 7 8\n"] {
            assert!(oom_control(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
