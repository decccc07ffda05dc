//! Quantities as types: a unit is never a comment.

mod bytes;
mod cpu_set;
mod limit;
mod time;

pub use bytes::Bytes;
pub use cpu_set::{CpuSet, CpuSetError};
pub use limit::Limit;
pub use time::{Micros, Ticks};
