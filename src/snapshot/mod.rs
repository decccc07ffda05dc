//! Plain data of one reading: what the files said at one moment, cgroup v1 and v2 already made one.

pub mod cgroup;
pub mod disk;
mod task;

pub use task::{Details, Needs, Task};

/// The machine's memory, shared by all its containers.
pub use crate::kernel::proc::Meminfo;
/// What the files of a task say.
pub use crate::kernel::proc::{Autogroup, PidIo, PidStat, PidStatus, SmapsRollup, Statm, TaskState, TtyDrivers};
/// What the machine's CPUs did, together and each.
pub use crate::kernel::proc::{CpuTimes, Stat};
/// How long tasks were held up for want of a resource.
pub use crate::kernel::proc::{Pressure, Stalled};
