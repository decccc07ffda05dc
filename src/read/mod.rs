//! From files to snapshots: a [`Reader`] reads below a root, the parsers of `kernel` understand, and what comes out is plain data.
//!
//! With `limit` this is the only floor that knows cgroup v1 from v2 from hybrid, and what *missing*, *gone* and *denied* mean.

mod cpu;
pub mod find;
mod machine;
mod memory;
mod note;
mod pids;
mod reader;
mod tasks;
mod tmpfs;
mod users;

pub use cpu::cpu;
pub use machine::{loadavg, meminfo, online_cpus, possible_cpus, uptime};
pub use memory::memory;
pub use note::{Note, Why};
pub use pids::pids;
pub use reader::Reader;
pub use tasks::{active_tasks, pid_1_started, processes, started};
pub use tmpfs::tmpfs_inodes;
pub use users::users;
