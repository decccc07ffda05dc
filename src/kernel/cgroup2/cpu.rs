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
}
