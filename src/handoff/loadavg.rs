use crate::sys::Machine;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where `vat-init` leaves its samples.
const OWN: &str = "run/vat/loadavg";

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
    let files = [PathBuf::from(OWN), Path::new(super::HOST_DIR).join("loadavg")];
    files.iter().find_map(|path| Sample::parse(&super::read(machine, path)?, machine.boottime()))
}

/// What a sampler writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The averages in hundredths.
    pub hundredths: [u64; 3],
    /// Threads that run or want to.
    pub runnable: u64,
    /// All threads.
    pub threads: u64,
    /// The pid given last.
    pub last_pid: u64,
    /// CLOCK_BOOTTIME of the sample.
    pub taken: Duration,
    /// The loads in fixed point (11 bits).
    pub loads: [u64; 3],
}

impl Taken {
    fn text(&self) -> String {
        let [one, five, fifteen] = self.hundredths.map(|load| format!("{}.{:02}", load / 100, load % 100));
        let first = format_args!("{one} {five} {fifteen} {}/{} {}", self.runnable, self.threads, self.last_pid);
        let [one, five, fifteen] = self.loads;
        format!("{first}\n{} {one} {five} {fifteen}\n", self.taken.as_nanos())
    }
}

/// Writes `/run/vat/loadavg`, so that a reader finds the old one or the new one; with its directory where that is missing.
///
/// # Errors
/// What the system calls say, such as that it is a read-only filesystem.
pub fn write_loadavg(machine: &dyn Machine, taken: &Taken) -> io::Result<()> {
    let path = machine.root().path(Path::new(OWN));
    match replace(&path, taken.text().as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let dir = path.parent().unwrap_or(Path::new("/"));
            fs::create_dir_all(dir)?;
            // Whatever umask a configuration set: it is for everybody to read.
            fs::set_permissions(dir, Permissions::from_mode(0o755))?;
            replace(&path, taken.text().as_bytes())
        }
        other => other,
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_file_name(".loadavg");
    // What an earlier sampler left when it was killed; a link that someone planted is not followed.
    let _ = fs::remove_file(&new);
    let written = File::create_new(&new).and_then(|mut file| {
        file.set_permissions(Permissions::from_mode(0o644))?;
        file.write_all(bytes)
    });
    let renamed = written.and_then(|()| fs::rename(&new, path));
    if renamed.is_err() {
        let _ = fs::remove_file(&new);
    }
    renamed
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
    fn what_is_written_is_read() {
        let taken = Taken {
            hundredths: [1205, 50, 7],
            runnable: 3,
            threads: 40,
            last_pid: 99,
            taken: Duration::new(100, 5),
            loads: [24_679, 1024, 143],
        };
        assert_eq!(taken.text(), "12.05 0.50 0.07 3/40 99\n100000000005 24679 1024 143\n");
        let read = Sample::parse(taken.text().as_bytes(), Duration::new(101, 5)).unwrap();
        assert_eq!(read, Sample { age: Duration::from_secs(1), loads: taken.loads });
    }

    #[test]
    fn a_file_is_replaced_for_everybody_to_read() {
        let dir = std::env::temp_dir().join(format!("vat-loadavg-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join("loadavg");
        std::os::unix::fs::symlink(dir.join("elsewhere"), dir.join(".loadavg")).unwrap();
        for text in [&b"a\n"[..], b"b\n"] {
            replace(&path, text).unwrap();
            assert_eq!(fs::read(&path).unwrap(), text);
        }
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "nothing is left beside it");
        assert_eq!(replace(&dir.join("no/loadavg"), b"").unwrap_err().kind(), io::ErrorKind::NotFound);
        fs::remove_dir_all(dir).unwrap();
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
