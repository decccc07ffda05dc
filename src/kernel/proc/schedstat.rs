use crate::kernel::{ParseError, flat};
use std::time::Duration;

/// /proc/PID/schedstat: how long a task ran, and how long it wanted to run and did not (`run_delay`,
/// Documentation/scheduler/sched-stats.rst).
///
/// # Errors
/// When it is not three numbers.
pub fn schedstat(bytes: &[u8]) -> Result<[Duration; 2], ParseError> {
    let read = || {
        let mut numbers = flat::single(bytes).split(|byte| *byte == b' ').map(flat::number);
        let (ran, waited) = (numbers.next()??, numbers.next()??);
        numbers.next()??;
        numbers.next().is_none().then_some([Duration::from_nanos(ran), Duration::from_nanos(waited)])
    };
    read().ok_or_else(|| ParseError::new("\"RUN WAITED TIMES\"", 1, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_and_nothing_else() {
        let read = schedstat(b"215412003 18446744073709551615 77\n");
        assert_eq!(read, Ok([Duration::from_nanos(215_412_003), Duration::from_nanos(u64::MAX)]));
        for bad in [&b""[..], b"1 2\n", b"1 2 3 4\n", b"1  2 3\n", b"-1 2 3\n", b"1 18446744073709551616 3\n", b"\xff"]
        {
            assert!(schedstat(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
