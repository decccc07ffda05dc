//! /sys/devices/system/cpu (Documentation/admin-guide/cputopology.rst).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::CpuSet;

/// online: the CPUs that run.
///
/// # Errors
/// When the file does not hold a list of CPUs.
pub fn online(bytes: &[u8]) -> Result<CpuSet, ParseError> {
    flat::single_cpu_set(bytes)
}

/// possible: the CPUs that may ever be there.
///
/// # Errors
/// When the file does not hold a list of CPUs.
pub fn possible(bytes: &[u8]) -> Result<CpuSet, ParseError> {
    flat::single_cpu_set(bytes)
}
