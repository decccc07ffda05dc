use crate::kernel::{ParseError, flat};
use std::ops::RangeInclusive;

/// /proc/tty/drivers (fs/proc/proc_tty.c, `show_tty_range`): which terminals bear which device numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TtyDrivers(Vec<Driver>);

/// One line: a driver's devices of one major number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Driver {
    /// The devices' name below /dev, without what numbers them.
    name: Vec<u8>,
    major: u32,
    minors: RangeInclusive<u32>,
    kind: Kind,
}

/// How a driver numbers its devices (drivers/tty/tty_io.c, `tty_line_name` and `pty_line_name`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Not at all: /dev/tty and /dev/console.
    Only,
    /// By minor number: /dev/tty1.
    Minor,
    /// From its first minor number: /dev/ttyS0.
    FromFirst,
    /// In a directory: /dev/pts/0.
    Slash,
    /// With a letter and a digit, as BSD did: /dev/ttyp0.
    Bsd,
}

impl TtyDrivers {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When a line is not `DRIVER /dev/NAME MAJOR MINORS KIND`.
    pub fn parse(bytes: &[u8]) -> Result<TtyDrivers, ParseError> {
        if bytes.is_empty() {
            return Ok(TtyDrivers::default()); // a kernel without terminals
        }
        let malformed = |at, line| ParseError::new("\"DRIVER /dev/NAME MAJOR MINORS KIND\"", at, line);
        let drivers = flat::lines(bytes).map(|(at, line)| driver(line).ok_or_else(|| malformed(at, line)));
        drivers.collect::<Result<_, _>>().map(TtyDrivers)
    }

    /// The name below /dev of a terminal, such as `pts/3`: what a driver says, or else what the number means on every Linux
    /// (Documentation/admin-guide/devices.txt).
    #[must_use]
    pub fn name(&self, major: u32, minor: u32) -> Option<Vec<u8>> {
        let driver = self.0.iter().find(|driver| driver.major == major && driver.minors.contains(&minor));
        driver.and_then(|driver| driver.device(minor)).or_else(|| assigned(major, minor).map(String::into_bytes))
    }
}

impl Driver {
    fn device(&self, minor: u32) -> Option<Vec<u8>> {
        let index = minor.checked_sub(*self.minors.start())?;
        let number = match self.kind {
            Kind::Only => String::new(),
            Kind::Minor => minor.to_string(),
            Kind::FromFirst => index.to_string(),
            Kind::Slash => format!("/{index}"),
            Kind::Bsd => {
                let letter = b"pqrstuvwxyzabcde".get(usize::try_from((index >> 4) & 0xf).ok()?)?;
                format!("{}{:x}", char::from(*letter), index & 0xf)
            }
        };
        Some([&*self.name, number.as_bytes()].concat())
    }
}

fn driver(line: &[u8]) -> Option<Driver> {
    let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let _driver = words.next()?;
    let name = words.next()?.strip_prefix(b"/dev/").filter(|name| !name.is_empty())?;
    let major = small(words.next()?)?;
    let mut minors = words.next()?.splitn(2, |byte| *byte == b'-');
    let first = small(minors.next()?)?;
    let last = minors.next().map_or(Some(None), |last| small(last).map(Some))?;
    let kind = words.next().unwrap_or_default();
    // Of one device alone the kernel prints no range.
    let (name, kind) = match (name, kind) {
        (b"vc/0", _) => (&b"tty"[..], Kind::Minor), // the name of devfs, 2004; /dev/tty0 today
        (_, b"console") if last.is_some() => (name, Kind::Minor),
        (_, b"console") => (name, Kind::Only),
        (_, kind) if last.is_none() && kind.starts_with(b"system") => (name, Kind::Only),
        (b"pts" | b"ptm", _) => (name, Kind::Slash),
        (b"ttyp", b"pty:slave") => (&b"tty"[..], Kind::Bsd),
        (b"pty", b"pty:master") => (name, Kind::Bsd),
        _ => (name, Kind::FromFirst),
    };
    Some(Driver { name: name.to_vec(), major, minors: first..=last.unwrap_or(first), kind })
}

fn small(text: &[u8]) -> Option<u32> {
    flat::number(text)?.try_into().ok()
}

fn assigned(major: u32, minor: u32) -> Option<String> {
    match (major, minor) {
        (4, 0..=63) => Some(format!("tty{minor}")),
        (4, 64..=255) => Some(format!("ttyS{}", minor - 64)),
        (5, 0) => Some("tty".to_owned()),
        (5, 1) => Some("console".to_owned()),
        (5, 2) => Some("ptmx".to_owned()),
        // Eight majors of 256 each, of which kernels since 2.6 need the first alone.
        (136, _) => Some(format!("pts/{minor}")),
        (137..=143, 0..=255) => Some(format!("pts/{}", (major - 136) * 256 + minor)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"/dev/tty             /dev/tty        5       0 system:/dev/tty\n\
        /dev/console         /dev/console    5       1 system:console\n\
        /dev/ptmx            /dev/ptmx       5       2 system\n\
        /dev/vc/0            /dev/vc/0       4       0 system:vtmaster\n\
        hvc                  /dev/hvc      229 0-7 system\n\
        ttyprintk            /dev/ttyprintk   5       3 console\n\
        serial               /dev/ttyS       4 64-111 serial\n\
        usb                  /dev/ttyACM   166       0 serial\n\
        pty_slave            /dev/ttyp       3 0-255 pty:slave\n\
        pty_slave            /dev/pts      136 0-1048575 pty:slave\n\
        pty_master           /dev/ptm      128 0-1048575 pty:master\n\
        unknown              /dev/tty        4 1-63 console\n";

    fn name(drivers: &TtyDrivers, major: u32, minor: u32) -> String {
        drivers.name(major, minor).map_or("?".to_owned(), |name| name.escape_ascii().to_string())
    }

    #[test]
    fn names_are_those_of_the_devices() {
        let drivers = TtyDrivers::parse(FILE).unwrap();
        for (major, minor, wanted) in [
            (136, 3, "pts/3"),
            (136, 1_048_575, "pts/1048575"),
            (4, 1, "tty1"),
            (4, 63, "tty63"),
            (4, 0, "tty0"),
            (4, 64, "ttyS0"),
            (4, 70, "ttyS6"),
            (5, 0, "tty"),
            (5, 1, "console"),
            (5, 3, "ttyprintk"),
            (229, 2, "hvc2"),
            (166, 0, "ttyACM0"),
            (3, 0, "ttyp0"),
            (3, 0x1b, "ttyqb"),
            (229, 8, "?"),
            (1, 3, "?"),
        ] {
            assert_eq!(name(&drivers, major, minor), wanted, "{major}:{minor}");
        }
    }

    #[test]
    fn without_drivers_the_numbers_still_mean_something() {
        let none = TtyDrivers::parse(b"").unwrap();
        let names = [(136, 300), (137, 44), (4, 2), (4, 65), (5, 1), (204, 64)].map(|(a, b)| name(&none, a, b));
        assert_eq!(names, ["pts/300", "pts/300", "tty2", "ttyS1", "console", "?"]);
    }

    #[test]
    fn every_truncation_is_refused_or_read() {
        for length in 0..FILE.len() {
            if let Ok(drivers) = TtyDrivers::parse(&FILE[..length]) {
                assert_eq!(name(&drivers, 136, 3), "pts/3", "{length}");
            }
        }
    }

    #[test]
    fn what_is_no_driver_is_refused() {
        for bad in [
            &b"\n"[..],
            b"a /dev/a 1\n",
            b"a /proc/a 1 1 system\n",
            b"a /dev/ 1 1 system\n",
            b"a /dev/a -1 1 system\n",
            b"a /dev/a 1 1- system\n",
            b"a /dev/a 1 0-4294967296 system\n",
        ] {
            assert!(TtyDrivers::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
        let backwards = TtyDrivers::parse(b"a /dev/a 9 7-3 serial\n").unwrap();
        assert_eq!(name(&backwards, 9, 5), "?");
    }
}
