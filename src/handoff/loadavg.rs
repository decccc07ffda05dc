use crate::sys::Machine;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A sample older than this is ignored: whoever took it is gone.
const STALE: Duration = Duration::from_secs(15);

/// What a sampler left in `/run/vat/loadavg` or `/run/vat/host/loadavg`: the first line as the kernel's /proc/loadavg, the second
/// `NANOSECONDS LOAD1 LOAD5 LOAD15`, CLOCK_BOOTTIME of the sample and the loads in the kernel's fixed point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How old it is.
    pub age: Duration,
    /// The loads in fixed point (11 bits).
    pub loads: [u64; 3],
}

impl Sample {
    /// Parses the file, whose sample must not be stale at `now` (CLOCK_BOOTTIME).
    #[must_use]
    pub fn parse(bytes: &[u8], now: Duration) -> Option<Sample> {
        let mut lines = str::from_utf8(bytes).ok()?.lines();
        let mut words = lines.nth(1)?.split(' ').map(str::parse::<u64>);
        let mut number = || words.next()?.ok();
        let (taken, loads) = (Duration::from_nanos(number()?), [number()?, number()?, number()?]);
        // From the future: another boot's.
        let age = now.checked_sub(taken)?;
        (age <= STALE && number().is_none()).then_some(Sample { age, loads })
    }
}

/// A sample that is not stale, where a sampler runs: `vat-init`'s own before the host's.
#[must_use]
pub fn loadavg(machine: &dyn Machine) -> Option<Sample> {
    let files = [PathBuf::from("run/vat/loadavg"), Path::new(super::HOST_DIR).join("loadavg")];
    files.iter().find_map(|path| Sample::parse(&super::read(machine, path)?, machine.boottime()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"1.00 0.50 0.25 1/10 99\n100000000000 2048 1024 512\n";

    #[test]
    fn a_fresh_sample() {
        let read = Sample::parse(FILE, Duration::from_secs(107)).unwrap();
        assert_eq!(read, Sample { age: Duration::from_secs(7), loads: [2048, 1024, 512] });
    }

    #[test]
    fn stale_future_and_broken_ones_are_ignored() {
        assert_eq!(Sample::parse(FILE, Duration::from_secs(116)), None);
        assert_eq!(Sample::parse(FILE, Duration::from_secs(99)), None);
        for bad in
            [&b""[..], b"\n", b"\n1 2 3\n", b"\n100000000000 1 1 x\n", b"\n100000000000 1 1 1 1\n", b"\xff\n\xff"]
        {
            assert_eq!(Sample::parse(bad, Duration::from_secs(101)), None, "{}", bad.escape_ascii());
        }
    }
}
