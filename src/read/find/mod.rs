//! Which container am I in: where its cgroup's files are to be seen.

mod own;

pub use own::{CgroupDir, Controller, Own, Place, Version, own};
