//! The cpuacct controller of cgroup v1 (kernel/sched/cpuacct.c). All figures include the children.

use super::super::flat;
use crate::kernel::ParseError;
use crate::unit::Ticks;
use std::time::Duration;

/// cpuacct.usage, cpuacct.usage_user, cpuacct.usage_sys: CPU time, counted in nanoseconds.
///
/// `usage` is what the scheduler measured. Since Linux 5.17 the other two are sampled at each tick, so they tell a proportion but do
/// not sum to it: measured on 6.18 in a virtual machine, 22 to 30 % more. Before, all that a user's program did counted as user's.
///
/// # Errors
/// When the file does not hold one number.
pub fn usage(bytes: &[u8]) -> Result<Duration, ParseError> {
    flat::single_number(bytes).map(Duration::from_nanos)
}

/// cpuacct.usage_percpu: what `usage` counts, for each possible CPU (before Linux 4.8 each present one), the first being CPU 0.
///
/// # Errors
/// When something in it is no number.
pub fn usage_percpu(bytes: &[u8]) -> Result<Vec<Duration>, ParseError> {
    let words = flat::single(bytes).split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let times: Option<Vec<Duration>> = words.map(|word| flat::number(word).map(Duration::from_nanos)).collect();
    times.filter(|times| !times.is_empty()).ok_or_else(|| ParseError::new("numbers of nanoseconds", 1, bytes))
}

/// A line of cpuacct.usage_all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageAll {
    /// The CPU's number.
    pub cpu: u32,
    /// Time in user mode there, sampled as `usage_user` is.
    pub user: Duration,
    /// Time in the kernel there, sampled as `usage_sys` is.
    pub system: Duration,
}

/// cpuacct.usage_all: user and system time of each possible CPU, counted in nanoseconds (Linux 4.8).
///
/// # Errors
/// When the header is not `cpu user system`, or a line below it not three numbers.
pub fn usage_all(bytes: &[u8]) -> Result<Vec<UsageAll>, ParseError> {
    let mut lines = flat::lines(bytes);
    match lines.next() {
        Some((_, b"cpu user system")) => (),
        other => {
            let (at, line) = other.unwrap_or((1, bytes));
            return Err(ParseError::new("\"cpu user system\"", at, line));
        }
    }
    let read = |line: &[u8]| {
        let mut numbers = line.split(|byte| *byte == b' ').map(flat::number);
        let cpu = u32::try_from(numbers.next()??).ok()?;
        let (user, system) = (Duration::from_nanos(numbers.next()??), Duration::from_nanos(numbers.next()??));
        numbers.next().is_none().then_some(UsageAll { cpu, user, system })
    };
    lines.map(|(at, line)| read(line).ok_or_else(|| ParseError::new("\"CPU USER SYSTEM\"", at, line))).collect()
}

/// cpuacct.stat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Time in user mode.
    pub user: Option<Ticks>,
    /// Time in the kernel.
    pub system: Option<Ticks>,
}

/// cpuacct.stat: sampled at each tick; since Linux 5.17 scaled so that both sum to `usage`.
///
/// # Errors
/// When a line is not `KEY NUMBER`.
pub fn stat(bytes: &[u8]) -> Result<Stat, ParseError> {
    let mut stat = Stat::default();
    flat::keyed(bytes, |key, value| match key {
        b"user" => stat.user = Some(Ticks(value)),
        b"system" => stat.system = Some(Ticks(value)),
        _ => (),
    })?;
    Ok(stat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes() {
        assert_eq!(usage(b"12110178083903\n"), Ok(Duration::new(12_110, 178_083_903)));
        assert_eq!(usage_percpu(b"5908689890067 6201495861305 \n").map(|times| times.len()), Ok(2));
        let all = usage_all(b"cpu user system\n0 4410638391530 1421603372598\n1 4638290802825 0\n").unwrap();
        assert_eq!(all.iter().map(|line| line.cpu).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(all[1].user, Duration::from_nanos(4_638_290_802_825));
        assert_eq!(stat(b"user 915984\nsystem 295033\n").unwrap().system, Some(Ticks(295_033)));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in [&b""[..], b"\n", b"-1\n", b"1.5\n", b"1 x\n", b"99999999999999999999999 1\n"] {
            assert!(usage(bad).is_err() && usage_percpu(bad).is_err(), "{}", bad.escape_ascii());
        }
        let header = b"cpu user system\n".to_vec();
        assert_eq!(usage_all(&header), Ok(Vec::new()));
        for bad in [&b"0 1"[..], b"0 1 2 3", b"4294967296 1 2", b"0  1 2", b"-1 1 2", b"\n"] {
            assert!(usage_all(&[&header, bad].concat()).is_err(), "{}", bad.escape_ascii());
        }
        assert!(usage_all(b"cpu system user\n0 1 2\n").is_err());
        assert!(usage_all(b"").is_err());
    }
}
