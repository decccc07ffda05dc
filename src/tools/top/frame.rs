//! All that one refresh shows: a moment, and what was done since the one before.

use super::row::Row;
use crate::container::{ContainerLine, CpuShare, Memory, TaskCounts};
use crate::sys::Civil;
use std::time::Duration;

/// All that one refresh shows.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The time.
    pub clock: Civil,
    /// How long it has been up.
    pub up: Duration,
    /// CLOCK_BOOTTIME, by which tasks' starts are told.
    pub boottime: Duration,
    /// Users logged in.
    pub users: u64,
    /// The load averages in hundredths.
    pub load: [u64; 3],
    /// Memory and swap.
    pub memory: Memory,
    /// What the CPUs did.
    pub cpu: CpuShare,
    /// What each did, by its number.
    pub each_cpu: Vec<(u32, CpuShare)>,
    /// What the container has above a machine; `None` on a machine, and where nobody asked.
    pub container: Option<ContainerLine>,
    /// How many tasks do what.
    pub counts: TaskCounts,
    /// Tasks are threads.
    pub threads: bool,
    /// The tasks, in the kernel's order.
    pub rows: Vec<Row>,
}
