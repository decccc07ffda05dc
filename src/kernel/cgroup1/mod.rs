//! The files of cgroup v1 (Documentation/admin-guide/cgroup-v1/).

pub mod cpu;
pub mod cpuacct;
pub mod cpuset;
pub mod memory;
pub mod pids;
