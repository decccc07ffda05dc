//! A task beside itself a refresh ago, and what all tasks of a frame are measured by.

use super::names::Names;
use crate::snapshot::Task;
use crate::unit::Bytes;
use std::time::Duration;

/// A task, and what it did since the last refresh.
#[derive(Clone, Debug)]
pub struct Row {
    /// The task.
    pub task: Task,
    /// CPU time since the last refresh.
    pub ticks: u64,
    /// The same as a share of the CPUs, in percent.
    pub cpu: f64,
    /// Major page faults since the last refresh.
    pub majflt: u64,
    /// Minor page faults since the last refresh.
    pub minflt: u64,
    /// Where it stands in the forest; 0 is a root.
    pub level: usize,
    /// Its children are hidden, and their CPU time is added to its own (v).
    pub folded: bool,
}

/// What all tasks of a frame are measured by.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Bytes of a page.
    pub page: u64,
    /// All memory: 100 % of %MEM.
    pub memory: Bytes,
    /// CLOCK_BOOTTIME.
    pub boottime: Duration,
    /// The names of users, groups and terminals.
    pub names: &'a Names,
    /// How many CPUs the machine has: the most a task can show as %CPU.
    pub online: u64,
    /// Whether the terminal shows UTF-8; else bytes above 127 are not shown.
    pub utf8: bool,
    /// Threads are shown as tasks.
    pub threads: bool,
    /// [`super::config::Config::task_scale`]
    pub task_scale: usize,
    /// [`super::config::Config::tics_scaled`]
    pub tics_scaled: usize,
    /// [`super::config::Config::zero_suppress`]
    pub zero_suppress: bool,
    /// [`super::config::Flags::CUMULATIVE`]
    pub cumulative: bool,
    /// [`super::config::Flags::COMMAND_LINE`]
    pub command_line: bool,
    /// [`super::config::Flags::FOREST`]
    pub forest: bool,
}
