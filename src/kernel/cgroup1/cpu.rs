//! The cpu controller of cgroup v1 (kernel/sched/core.c, Documentation/scheduler/sched-bwc.rst).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::{Limit, Micros};
use std::time::Duration;

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

/// cpu.stat: what the quota of this one cgroup did; a child's quota does not count here, nor one above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Periods in which something wanted to run.
    pub nr_periods: Option<u64>,
    /// Of these, the ones in which the quota was used up.
    pub nr_throttled: Option<u64>,
    /// How long it was kept from running then, summed over the CPUs.
    pub throttled_time: Option<Duration>,
}

/// cpu.stat.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat(bytes: &[u8]) -> Result<Stat, ParseError> {
    let mut stat = Stat::default();
    flat::keyed(bytes, |key, value| match key {
        b"nr_periods" => stat.nr_periods = Some(value),
        b"nr_throttled" => stat.nr_throttled = Some(value),
        b"throttled_time" => stat.throttled_time = Some(Duration::from_nanos(value)),
        _ => (),
    })?;
    Ok(stat)
}

/// cpu.stat.local: how long this cgroup and those below were kept from running by any quota, those above included, also where a
/// cgroup namespace hides them; summed over the CPUs (Linux 6.6). `None` at the root, where the file is empty.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat_local(bytes: &[u8]) -> Result<Option<Duration>, ParseError> {
    if bytes.is_empty() { Ok(None) } else { stat(bytes).map(|stat| stat.throttled_time) }
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

    #[test]
    fn throttling_is_told_in_nanoseconds() {
        let read =
            stat(b"nr_periods 41\nnr_throttled 40\nthrottled_time 5736613296\nnr_bursts 0\nburst_time 0\n").unwrap();
        assert_eq!((read.nr_periods, read.nr_throttled), (Some(41), Some(40)));
        assert_eq!(read.throttled_time, Some(Duration::from_nanos(5_736_613_296)));
        assert_eq!(stat(b"nr_periods_x 1\n"), Ok(Stat::default()), "missing is not zero");
        assert!(stat(b"nr_periods -1\n").is_err());
    }

    #[test]
    fn at_the_root_nothing_throttles() {
        assert_eq!(stat_local(b""), Ok(None));
        assert_eq!(stat_local(b"throttled_time 2892649019\n"), Ok(Some(Duration::from_nanos(2_892_649_019))));
        assert!(stat_local(b"\n").is_err());
    }
}
