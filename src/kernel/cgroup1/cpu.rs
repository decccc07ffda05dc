//! The cpu controller of cgroup v1 (kernel/sched/core.c, Documentation/scheduler/sched-bwc.rst).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::{Limit, Micros};

/// cpu.cfs_quota_us: CPU time in each period; -1 is no limit.
///
/// # Errors
/// When the file holds neither a number nor -1.
pub fn cfs_quota_us(bytes: &[u8]) -> Result<Limit<Micros>, ParseError> {
    match flat::single(bytes) {
        b"-1" => Ok(Limit::Max),
        text => match flat::number(text) {
            Some(quota) => Ok(Limit::At(Micros(quota))),
            None => Err(ParseError::new("a number or -1", 1, bytes)),
        },
    }
}

/// cpu.cfs_period_us: the length of a period.
///
/// # Errors
/// When the file does not hold one number.
pub fn cfs_period_us(bytes: &[u8]) -> Result<Micros, ParseError> {
    flat::single_number(bytes).map(Micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minus_one_is_no_limit() {
        assert_eq!(cfs_quota_us(b"-1\n"), Ok(Limit::Max));
        assert_eq!(cfs_quota_us(b"150000\n"), Ok(Limit::At(Micros(150_000))));
        assert!(cfs_quota_us(b"-2\n").is_err());
    }
}
