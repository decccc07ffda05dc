//! The cpu controller of cgroup v2 (kernel/sched/core.c).

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::{Limit, Micros};

/// cpu.max: CPU time in each period (`max` is no limit), and the period's length.
///
/// # Errors
/// When the file does not hold a quota and a period.
pub fn max(bytes: &[u8]) -> Result<(Limit<Micros>, Micros), ParseError> {
    let read = || {
        let mut words = flat::single(bytes).split(|byte| *byte == b' ');
        let quota = match words.next()? {
            b"max" => Limit::Max,
            text => Limit::At(Micros(flat::number(text)?)),
        };
        let period = Micros(flat::number(words.next()?)?);
        words.next().is_none().then_some((quota, period))
    };
    read().ok_or_else(|| ParseError::new("\"QUOTA PERIOD\" in microseconds", 1, bytes))
}

/// cpu.stat. CPU time includes the children; what the quota did is this one cgroup's, and not there without the controller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// All CPU time.
    pub usage_usec: Option<Micros>,
    /// In user mode; with `system_usec` it sums to `usage_usec`.
    pub user_usec: Option<Micros>,
    /// In the kernel.
    pub system_usec: Option<Micros>,
    /// In user mode with a positive nice value (Linux 6.13): a part of `user_usec`, but sampled at each tick and not scaled.
    pub nice_usec: Option<Micros>,
    /// Periods in which something wanted to run.
    pub nr_periods: Option<u64>,
    /// Of these, the ones in which the quota was used up.
    pub nr_throttled: Option<u64>,
    /// How long it was kept from running then, summed over the CPUs.
    pub throttled_usec: Option<Micros>,
}

/// cpu.stat.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat(bytes: &[u8]) -> Result<Stat, ParseError> {
    let mut stat = Stat::default();
    flat::keyed(bytes, |key, value| match key {
        b"usage_usec" => stat.usage_usec = Some(Micros(value)),
        b"user_usec" => stat.user_usec = Some(Micros(value)),
        b"system_usec" => stat.system_usec = Some(Micros(value)),
        b"nice_usec" => stat.nice_usec = Some(Micros(value)),
        b"nr_periods" => stat.nr_periods = Some(value),
        b"nr_throttled" => stat.nr_throttled = Some(value),
        b"throttled_usec" => stat.throttled_usec = Some(Micros(value)),
        _ => (),
    })?;
    Ok(stat)
}

/// cpu.stat.local: how long this cgroup and those below were kept from running by any quota, those above included, also where a
/// cgroup namespace hides them; summed over the CPUs (Linux 6.6). `None` at the root, where the file is empty.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat_local(bytes: &[u8]) -> Result<Option<Micros>, ParseError> {
    if bytes.is_empty() { Ok(None) } else { stat(bytes).map(|stat| stat.throttled_usec) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quota_and_period() {
        assert_eq!(max(b"150000 100000\n"), Ok((Limit::At(Micros(150_000)), Micros(100_000))));
        assert_eq!(max(b"max 100000\n"), Ok((Limit::Max, Micros(100_000))));
        for bad in [&b"max\n"[..], b"", b"1 2 3\n", b"a b\n"] {
            assert!(max(bad).is_err(), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn a_cgroup_without_the_controller_tells_no_throttling() {
        let text = b"usage_usec 120\nuser_usec 90\nsystem_usec 30\nnice_usec 11\ncore_sched.force_idle_usec 0\n";
        let read = stat(text).unwrap();
        assert_eq!(
            (read.usage_usec, read.user_usec, read.system_usec),
            (Some(Micros(120)), Some(Micros(90)), Some(Micros(30)))
        );
        assert_eq!((read.nice_usec, read.nr_periods, read.throttled_usec), (Some(Micros(11)), None, None));
        let read = stat(b"nr_periods 9\nnr_throttled 8\nthrottled_usec 7\nnr_bursts 0\nburst_usec 0\n").unwrap();
        assert_eq!((read.nr_periods, read.nr_throttled, read.throttled_usec), (Some(9), Some(8), Some(Micros(7))));
        for bad in [&b""[..], b"usage_usec\n", b"usage_usec 1.5\n", b"usage_usec 18446744073709551616\n", b"\xff 1 1\n"]
        {
            assert!(stat(bad).is_err(), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn at_the_root_nothing_throttles() {
        assert_eq!(stat_local(b""), Ok(None));
        assert_eq!(stat_local(b"throttled_usec 28926\n"), Ok(Some(Micros(28_926))));
        assert!(stat_local(b"\n").is_err());
    }
}
