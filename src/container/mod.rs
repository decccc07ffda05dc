//! What a container *has* and *uses*: pure functions of snapshots. Only this floor decides what a number means, so that `free`,
//! `top` and `tsar` cannot disagree; every figure carries its source.

mod cpu;
mod cpu_share;
mod disk;
mod figure;
mod line;
mod load;
mod memory;
mod tasks;
mod uptime;

pub use cpu::{cpu_count, cpus};
pub use cpu_share::{CpuShare, cpu_rows, cpu_share, estimated_cpu_rows, machine_cpu_share, task_cpu_percent};
pub use disk::{Usage, device_under_quota, is_mask};
pub use figure::Figure;
pub use line::{ContainerLine, Limits, PressureShare, limits, throttled_periods};
pub use load::{Load, SAMPLE_SECONDS};
pub use memory::{Memory, machine_memory, memory};
pub use tasks::TaskCounts;
pub use uptime::uptime;
