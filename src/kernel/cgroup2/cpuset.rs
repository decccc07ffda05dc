//! The cpuset controller of cgroup v2 (kernel/cgroup/cpuset.c).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::CpuSet;

/// cpuset.cpus.effective.
///
/// # Errors
/// When the file does not hold a list of CPUs.
pub fn cpus_effective(bytes: &[u8]) -> Result<CpuSet, ParseError> {
    flat::single_cpu_set(bytes)
}
