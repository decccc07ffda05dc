//! The files of cgroup v2 (Documentation/admin-guide/cgroup-v2.rst).

pub mod cpu;
pub mod cpuset;
pub mod memory;
/// pids.max, pids.current and pids.events are the same files in both versions.
pub use super::cgroup1::pids;
