//! The pids controller of both cgroup versions (kernel/cgroup/pids.c).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::Limit;

/// pids.max: how many tasks, threads and zombies included, may exist here and below.
///
/// # Errors
/// When the file holds neither a number nor `max`.
pub fn max(bytes: &[u8]) -> Result<Limit<u64>, ParseError> {
    flat::single_limit(bytes)
}

/// pids.current: how many tasks exist here and below.
///
/// # Errors
/// When the file does not hold one number.
pub fn current(bytes: &[u8]) -> Result<u64, ParseError> {
    flat::single_number(bytes)
}
