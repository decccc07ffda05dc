//! Plain data of one reading: what the files said at one moment, cgroup v1 and v2 already made one.

pub mod cgroup;
pub mod disk;

/// The machine's memory, shared by all its containers.
pub use crate::kernel::proc::Meminfo;
