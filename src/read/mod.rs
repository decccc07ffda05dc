//! From files to snapshots: a [`Reader`] reads below a root, the parsers of `kernel` understand, and what comes out is plain data.
//!
//! With `limit` this is the only floor that knows cgroup v1 from v2 from hybrid, and what *missing*, *gone* and *denied* mean.

mod activity;
mod cpu;
mod cpu_usage;
mod events;
pub mod find;
mod kept;
mod machine;
mod memory;
mod names;
mod note;
mod pids;
mod pressure;
mod reader;
mod scan;
mod tasks;
mod tmpfs;
mod users;

pub use activity::Activity;
pub use cpu::cpu;
pub use cpu_usage::cpu_usage;
pub use events::events;
pub use machine::{loadavg, meminfo, online_cpus, pid_max, possible_cpus, stat, uptime, waited_to_run};
pub use memory::memory;
pub use names::{groups, nodes, terminals, users_by_id};
pub use note::{Note, Why};
pub use pids::pids;
pub use pressure::pressure;
pub use reader::Reader;
pub use scan::Scan;
pub use tasks::{active_tasks, pid_1_started, processes, started};
pub use tmpfs::tmpfs_inodes;
pub use users::users;
