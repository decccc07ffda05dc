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

/// What pids.events tells (Linux 4.7; v2: 4.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// How often fork(2) failed for a limit. On v2 since Linux 6.11 it is this cgroup's limit, and those of the cgroups below;
    /// else any limit, for processes that stood in this very cgroup.
    pub max: Option<u64>,
}

/// pids.events.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn events(bytes: &[u8]) -> Result<Events, ParseError> {
    let mut events = Events::default();
    flat::keyed(bytes, |key, value| {
        if key == b"max" {
            events.max = Some(value);
        }
    })?;
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forks_that_failed() {
        assert_eq!(events(b"max 3\n"), Ok(Events { max: Some(3) }));
        assert_eq!(events(b"max.imposed 3\n"), Ok(Events::default()));
        for bad in [&b""[..], b"max max\n", b"max -1\n", b"max 18446744073709551616\n", b"\0\n"] {
            assert!(events(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
