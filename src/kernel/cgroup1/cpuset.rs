//! The cpuset controller of cgroup v1 (kernel/cgroup/cpuset-v1.c).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::CpuSet;

/// cpuset.cpus, cpuset.effective_cpus.
///
/// # Errors
/// When the file does not hold a list of CPUs.
pub fn cpus(bytes: &[u8]) -> Result<CpuSet, ParseError> {
    flat::single_cpu_set(bytes)
}
