//! The files of /proc (Documentation/filesystems/proc.rst, proc(5)).

mod cgroup;
mod loadavg;
mod meminfo;
mod mountinfo;
mod pid_stat;
mod uptime;

pub use cgroup::{Membership, cgroup};
pub use loadavg::Loadavg;
pub use meminfo::Meminfo;
pub use mountinfo::{Mount, mountinfo};
pub use pid_stat::{PidStat, TaskState};
pub use uptime::Uptime;
