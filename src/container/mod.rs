//! What a container *has* and *uses*: pure functions of snapshots. Only this floor decides what a number means, so that `free`,
//! `top` and `tsar` cannot disagree; every figure carries its source.

mod cpu;
mod disk;
mod figure;
mod load;
mod memory;
mod uptime;

pub use cpu::{cpu_count, cpus};
pub use disk::{Usage, device_under_quota, is_mask};
pub use figure::Figure;
pub use load::{Load, SAMPLE_SECONDS};
pub use memory::{Memory, machine_memory, memory};
pub use uptime::uptime;
