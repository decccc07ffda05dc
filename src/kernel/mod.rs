//! One pure parser per kernel file: bytes in, plain data out. A parser bears its file's name: `cgroup1::memory::stat` reads
//! cgroup v1's memory.stat, `proc::Meminfo::parse` reads /proc/meminfo.
//!
//! The bytes are not trusted: inside a container anything may be mounted over any of these files. A parser never panics, never
//! allocates more than its input justifies, and never turns what it cannot read into a zero.

pub mod cgroup1;
pub mod cgroup2;
mod error;
mod flat;
pub mod proc;
pub mod sys;

pub use error::ParseError;
