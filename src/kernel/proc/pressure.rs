use super::uptime::centis;
use crate::kernel::{ParseError, flat};
use crate::unit::Micros;

/// How long tasks were held up for want of a resource (Documentation/accounting/psi.rst).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stalled {
    /// Share of the last 10 seconds, in hundredths of a percent.
    pub avg10: u32,
    /// Of the last minute.
    pub avg60: u32,
    /// Of the last five minutes.
    pub avg300: u32,
    /// Since boot, or since the cgroup was made.
    pub total: Micros,
}

/// /proc/pressure/cpu, io, memory and irq, and the `*.pressure` of a cgroup v2 (kernel/sched/psi.c, `psi_show`; Linux 4.20).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressure {
    /// At least one task was held up; not told of interrupts.
    pub some: Option<Stalled>,
    /// All tasks were; told of a CPU since Linux 5.13.
    pub full: Option<Stalled>,
}

impl Pressure {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When a line `some` or `full` is malformed, or there is none of both.
    pub fn parse(bytes: &[u8]) -> Result<Pressure, ParseError> {
        let mut read = Pressure::default();
        for (at, line) in flat::lines(bytes) {
            let mut words = line.split(|byte| *byte == b' ');
            let field = match words.next() {
                Some(b"some") => &mut read.some,
                Some(b"full") => &mut read.full,
                _ => continue,
            };
            let malformed = || ParseError::new("\"some avg10=0.00 avg60=0.00 avg300=0.00 total=0\"", at, line);
            *field = Some(stalled(words).ok_or_else(malformed)?);
        }
        match read {
            Pressure { some: None, full: None } => Err(ParseError::new("a line \"some\" or \"full\"", 1, bytes)),
            read => Ok(read),
        }
    }
}

fn stalled<'a>(words: impl Iterator<Item = &'a [u8]>) -> Option<Stalled> {
    let [mut avg10, mut avg60, mut avg300, mut total] = [None; 4];
    for word in words {
        let equals = word.iter().position(|byte| *byte == b'=')?;
        let (field, is_average) = match word.get(..equals)? {
            b"avg10" => (&mut avg10, true),
            b"avg60" => (&mut avg60, true),
            b"avg300" => (&mut avg300, true),
            b"total" => (&mut total, false),
            _ => continue, // kernels add keys
        };
        let value = word.get(equals + 1..)?;
        *field = Some(if is_average { centis(value)? } else { flat::number(value)? });
    }
    let small = |number: Option<u64>| u32::try_from(number?).ok();
    Some(Stalled { avg10: small(avg10)?, avg60: small(avg60)?, avg300: small(avg300)?, total: Micros(total?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"some avg10=14.17 avg60=0.20 avg300=0.51 total=2612373185\n\
        full avg10=0.36 avg60=0.12 avg300=100.00 total=66787508\n";

    #[test]
    fn both_lines_and_one() {
        let some = Stalled { avg10: 1417, avg60: 20, avg300: 51, total: Micros(2_612_373_185) };
        let full = Stalled { avg10: 36, avg60: 12, avg300: 10_000, total: Micros(66_787_508) };
        assert_eq!(Pressure::parse(FILE), Ok(Pressure { some: Some(some), full: Some(full) }));
        let first = FILE.split(|byte| *byte == b'\n').next().unwrap();
        assert_eq!(Pressure::parse(first), Ok(Pressure { some: Some(some), full: None }));
        let second = b"full avg10=0.36 avg60=0.12 avg300=100.00 total=66787508 new=x\n";
        assert_eq!(Pressure::parse(second), Ok(Pressure { some: None, full: Some(full) }));
    }

    #[test]
    fn every_truncation_is_refused_or_read_alike() {
        for length in 0..FILE.len() {
            if let Ok(read) = Pressure::parse(&FILE[..length]) {
                assert_eq!(read.some.map(|some| some.avg10), Some(1417));
            }
        }
    }

    #[test]
    fn what_is_no_pressure_is_refused() {
        for bad in [
            &b""[..],
            b"some\n",
            b"some \n",
            b"full",
            b"some avg10=0.00 avg60=0.00 avg300=0.00\n",
            b"some avg10=-1.00 avg60=0.00 avg300=0.00 total=0\n",
            b"some avg10=0 avg60=0.00 avg300=0.00 total=0\n",
            b"some avg10=nan avg60=0.00 avg300=0.00 total=0\n",
            b"some avg10=42949673.00 avg60=0.00 avg300=0.00 total=0\n",
            b"some avg10=0.00 avg60=0.00 avg300=0.00 total=18446744073709551616\n",
            b"some avg10 avg60=0.00 avg300=0.00 total=0\n",
        ] {
            assert!(Pressure::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
