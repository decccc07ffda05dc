//! What is taken at a steady beat: the container's load average, as the kernel would if it had no other threads, and how near the
//! container is to its limit of tasks.
//!
//! No thread, no sleeping: a [`Sampler`] says when it is due ([`Sampler::due_in`]), and who has the loop calls [`Sampler::sample`].
//!
//! The threads' states are read from /proc on both cgroup versions. Taskstats (CGROUPSTATS_CMD_GET), which would count those of a v1
//! cgroup in one call, knows a state only where it has no flag: on Linux 6.1 and 6.18 it left out threads that sleep or wait for a
//! futex, parents in vfork, and writers to a frozen filesystem, the last two of which the load average counts.

mod beat;
mod cost;
mod pids;
mod sampler;

pub use cost::Cost;
pub use pids::{PidsHigh, PidsWatch, Spawner};
pub use sampler::{Sample, Sampler};
