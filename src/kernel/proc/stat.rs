use crate::kernel::{ParseError, flat};
use crate::unit::Ticks;

/// What CPUs did since boot (fs/proc/stat.c, `show_stat`). Columns that an old kernel lacks are 0: it does not count them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuTimes {
    /// User mode, `guest` included.
    pub user: Ticks,
    /// User mode of nice tasks, `guest_nice` included.
    pub nice: Ticks,
    /// Kernel mode.
    pub system: Ticks,
    /// Nothing to do.
    pub idle: Ticks,
    /// Nothing to do while a task waits for a disk. It may go down from one reading to the next.
    pub iowait: Ticks,
    /// Hardware interrupts.
    pub irq: Ticks,
    /// Software interrupts.
    pub softirq: Ticks,
    /// Wanted to run, while the hypervisor ran others.
    pub steal: Ticks,
    /// Guests of this machine; Linux 2.6.24.
    pub guest: Ticks,
    /// Nice guests; Linux 2.6.33.
    pub guest_nice: Ticks,
}

/// /proc/stat, so far as Vat uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// All CPUs together, those that went offline included.
    pub total: CpuTimes,
    /// Each CPU that is online, with its number, as the file orders them.
    pub cpus: Vec<(u32, CpuTimes)>,
    /// When the machine was booted, in seconds since 1970.
    pub btime: Option<u64>,
}

impl Stat {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When there is no line `cpu`, or a line that Vat uses is malformed.
    pub fn parse(bytes: &[u8]) -> Result<Stat, ParseError> {
        let mut total = None;
        let mut cpus = Vec::new();
        let mut btime = None;
        for (at, line) in flat::lines(bytes) {
            if let Some(rest) = line.strip_prefix(b"cpu") {
                let malformed = || ParseError::new("\"cpuN USER NICE SYSTEM IDLE ...\"", at, line);
                let (cpu, times) = cpu_times(rest).ok_or_else(malformed)?;
                match cpu {
                    b"" => total = Some(times),
                    cpu => cpus.push((small(cpu).ok_or_else(malformed)?, times)),
                }
            } else if let Some(seconds) = line.strip_prefix(b"btime ") {
                btime = Some(flat::number(seconds).ok_or_else(|| ParseError::new("\"btime SECONDS\"", at, line))?);
            }
        }
        let total = total.ok_or_else(|| ParseError::new("a line \"cpu\"", 1, bytes))?;
        Ok(Stat { total, cpus, btime })
    }
}

/// The CPU's number, and its times; there are two spaces behind the `cpu` of all CPUs.
fn cpu_times(line: &[u8]) -> Option<(&[u8], CpuTimes)> {
    let mut words = line.split(|byte| *byte == b' ');
    let cpu = words.next()?;
    let mut numbers = words.filter(|word| !word.is_empty()).map(flat::number);
    let mut required = || numbers.next().flatten().map(Ticks);
    let (user, nice, system, idle) = (required()?, required()?, required()?, required()?);
    // What is missing is 0, what is no number is refused.
    let mut later = || numbers.next().unwrap_or(Some(0)).map(Ticks);
    let times = CpuTimes {
        user,
        nice,
        system,
        idle,
        iowait: later()?,
        irq: later()?,
        softirq: later()?,
        steal: later()?,
        guest: later()?,
        guest_nice: later()?,
    };
    Some((cpu, times))
}

fn small(text: &[u8]) -> Option<u32> {
    flat::number(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"cpu  778249 115818 286271 994034 9502 0 2173 985 0 0\n\
        cpu0 386726 48766 140575 514313 2338 0 225 492 0 0\n\
        cpu1 391522 67052 145695 479720 7164 0 1948 492 0 7\n\
        intr 15367172 0 0 0 14\nctxt 42512339\nbtime 1795388376\nprocesses 491819\nprocs_running 4\nprocs_blocked 0\n\
        softirq 5751772 0 561869 494 21292 1597273 0 79 1250559 2 2320204\n";

    #[test]
    fn a_machine_of_two_cpus() {
        let read = Stat::parse(FILE).unwrap();
        assert_eq!((read.total.user, read.total.idle, read.total.steal), (Ticks(778_249), Ticks(994_034), Ticks(985)));
        assert_eq!(read.btime, Some(1_795_388_376));
        let cpus: Vec<u32> = read.cpus.iter().map(|(cpu, _)| *cpu).collect();
        assert_eq!(cpus, [0, 1]);
        assert_eq!((read.cpus[1].1.nice, read.cpus[1].1.guest_nice), (Ticks(67052), Ticks(7)));
    }

    #[test]
    fn columns_and_lines_that_are_missing() {
        let read = Stat::parse(b"cpu 1 2 3 4\ncpu63 1 2 3 4 5 6 7 8 9 10 11\nnew\n").unwrap();
        assert_eq!((read.total.idle, read.total.iowait, read.btime), (Ticks(4), Ticks(0), None));
        assert_eq!((read.cpus[0].0, read.cpus[0].1.guest_nice), (63, Ticks(10)));
    }

    #[test]
    fn every_truncation_is_refused_or_read_alike() {
        for length in 0..FILE.len() {
            if let Ok(read) = Stat::parse(&FILE[..length]) {
                assert_eq!(read.total.user, Ticks(778_249));
            }
        }
    }

    #[test]
    fn what_is_no_stat_is_refused() {
        for bad in [
            &b""[..],
            b"cpu0 1 2 3 4\n",
            b"cpu 1 2 3\n",
            b"cpu 1 2 3 -4\n",
            b"cpu 1 2 3 4 x\n",
            b"cpu 1 2 3 18446744073709551616\n",
            b"cpu 1 2 3 4\ncpux 1 2 3 4\n",
            b"cpu 1 2 3 4\ncpu4294967296 1 2 3 4\n",
            b"cpu 1 2 3 4\nbtime -1\n",
        ] {
            assert!(Stat::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
