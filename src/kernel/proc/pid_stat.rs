use crate::kernel::{ParseError, flat};
use crate::unit::{Bytes, Ticks};
use std::slice;

/// What a task is doing, the third field of /proc/PID/stat (fs/proc/array.c, `task_state_array`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskState(pub u8);

impl TaskState {
    /// Whether the kernel counts it in the load average: running or runnable (R), or waiting uninterruptibly (D). An idle
    /// kernel thread (I) waits uninterruptibly too, and is not counted.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self.0, b'R' | b'D')
    }

    /// Whether a signal (T) or a debugger (t) stopped it.
    #[must_use]
    pub fn is_stopped(self) -> bool {
        matches!(self.0, b'T' | b't')
    }
}

/// /proc/PID/stat and /proc/PID/task/TID/stat (fs/proc/array.c, `do_task_stat`), so far as Vat uses it.
///
/// What stands behind `starttime` may be missing, and is 0 then: so does the kernel itself print what a task does not have, or
/// what this reader may not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PidStat {
    /// The task's number (field 1).
    pub pid: u32,
    /// Its name (field 2): at most 15 bytes of anything, 63 for a kernel thread.
    pub comm: Box<[u8]>,
    /// What it does (field 3).
    pub state: TaskState,
    /// Its parent (field 4); 0 where that is in an outer pid namespace.
    pub ppid: u32,
    /// Its process group (field 5); 0 where that is in an outer pid namespace, or the task is leaving.
    pub pgrp: u32,
    /// Its session (field 6); 0 as for `pgrp`.
    pub session: u32,
    /// The device number of its terminal (field 7), in the kernel's packing; 0 for none. See [`PidStat::tty`].
    pub tty_nr: u32,
    /// The foreground process group of its terminal (field 8); -1 for none.
    pub tpgid: i32,
    /// `PF_*` of include/linux/sched.h (field 9).
    pub flags: u32,
    /// Page faults that needed no disk (field 10).
    pub minflt: u64,
    /// Page faults that did (field 12).
    pub majflt: u64,
    /// CPU time in user mode (field 14), guest time included.
    pub utime: Ticks,
    /// CPU time in the kernel (field 15).
    pub stime: Ticks,
    /// User time of the children it waited for (field 16).
    pub cutime: Ticks,
    /// Kernel time of the children it waited for (field 17).
    pub cstime: Ticks,
    /// The kernel's priority, less 100 (field 18): 0 to 39, or -1 - `rt_priority` of a real-time task.
    pub priority: i64,
    /// From 19, the lowest, to -20 (field 19).
    pub nice: i64,
    /// Threads of its process (field 20); 0 when it is leaving.
    pub num_threads: u64,
    /// When it started, after boot (field 22).
    pub starttime: Ticks,
    /// Virtual memory (field 23).
    pub vsize: Bytes,
    /// Resident memory, in pages (field 24), less exact than /proc/PID/statm on old kernels.
    pub rss: u64,
    /// The CPU it ran on last (field 39).
    pub processor: u32,
    /// Real-time priority, 1 to 99; 0 when it has none (field 40).
    pub rt_priority: u32,
    /// `SCHED_*` of include/uapi/linux/sched.h (field 41).
    pub policy: u32,
}

impl PidStat {
    /// The longest name: `tcomm` of `proc_task_name`, without the NUL at its end.
    const NAME: usize = 63;

    /// Parses the file's one line.
    ///
    /// # Errors
    /// When a field up to `starttime` is missing, or one that Vat uses is no number.
    pub fn parse(bytes: &[u8]) -> Result<PidStat, ParseError> {
        PidStat::fields(bytes).ok_or_else(|| ParseError::new("\"PID (COMM) STATE PPID ...\" as in proc(5)", 1, bytes))
    }

    /// Major and minor number of its terminal (include/linux/kdev_t.h, `new_encode_dev`).
    #[must_use]
    pub fn tty(&self) -> Option<(u32, u32)> {
        let number = self.tty_nr;
        (number != 0).then_some(((number >> 8) & 0xfff, (number & 0xff) | ((number >> 12) & 0xf_ff00)))
    }

    fn fields(bytes: &[u8]) -> Option<PidStat> {
        let open = bytes.iter().position(|byte| *byte == b'(')?;
        let pid = flat::number(bytes.get(..open)?.trim_ascii_end())?.try_into().ok()?;
        let name = bytes.get(open + 1..)?;
        // A name may contain parentheses and spaces. Where it is cut too short, what is left of it does not read as fields: they
        // have no parentheses, and a name that a program can choose has no room for the fields that are required.
        let mut ends = name.iter().take(PidStat::NAME + 1).enumerate().filter(|(_, byte)| **byte == b')');
        ends.find_map(|(close, _)| PidStat::behind(name.get(close + 1..)?, pid, name.get(..close)?))
    }

    fn behind(bytes: &[u8], pid: u32, comm: &[u8]) -> Option<PidStat> {
        let [b' ', state @ b'A'..=b'z', b' ', rest @ ..] = flat::single(bytes) else { return None };
        let mut fields = Fields(rest.iter());
        let [ppid, pgrp, session, tty_nr, tpgid, flags, minflt, _, majflt, _] = fields.take(Fields::number)?;
        let [utime, stime, cutime, cstime, priority, nice, num_threads, _, starttime] = fields.take(Fields::number)?;
        let [vsize, rss] = fields.take(Fields::number_or_0)?;
        fields.skip(39 - 24 - 1);
        let [processor, rt_priority, policy] = fields.take(Fields::number_or_0)?;
        // What may be printed as less than nothing: -1 for "not any more", or a sum read while it changed.
        let no_less_than_0 = |number: i64| number.max(0).cast_unsigned();
        Some(PidStat {
            pid,
            comm: comm.into(),
            state: TaskState(*state),
            ppid: ppid.try_into().ok()?,
            pgrp: no_less_than_0(pgrp).try_into().ok()?,
            session: no_less_than_0(session).try_into().ok()?,
            tty_nr: i32::try_from(tty_nr).ok()?.cast_unsigned(),
            tpgid: tpgid.try_into().ok()?,
            flags: flags.try_into().ok()?,
            minflt: minflt.try_into().ok()?,
            majflt: majflt.try_into().ok()?,
            utime: Ticks(utime.try_into().ok()?),
            stime: Ticks(stime.try_into().ok()?),
            cutime: Ticks(no_less_than_0(cutime)),
            cstime: Ticks(no_less_than_0(cstime)),
            priority,
            nice,
            num_threads: num_threads.try_into().ok()?,
            starttime: Ticks(starttime.try_into().ok()?),
            vsize: Bytes(vsize.try_into().ok()?),
            rss: no_less_than_0(rss),
            processor: processor.try_into().ok()?,
            rt_priority: rt_priority.try_into().ok()?,
            policy: policy.try_into().ok()?,
        })
    }
}

/// The numbers behind the name: taken one by one, for this is read of every process at every refresh of a screen.
struct Fields<'a>(slice::Iter<'a, u8>);

impl Fields<'_> {
    /// The next fields, each by `one`.
    fn take<const N: usize>(&mut self, one: impl Fn(&mut Self) -> Option<i64>) -> Option<[i64; N]> {
        let mut values = [0; N];
        for value in &mut values {
            *value = one(self)?;
        }
        Some(values)
    }

    /// A number of at most 18 digits, which cannot overflow; no field that is read here has more.
    #[inline]
    fn number(&mut self) -> Option<i64> {
        // Most have one digit: nice 0, one thread, no faults.
        if let [digit @ b'0'..=b'9', b' ', rest @ ..] = self.0.as_slice() {
            self.0 = rest.iter();
            return Some(i64::from(digit - b'0'));
        }
        let is_negative = self.0.as_slice().first() == Some(&b'-');
        if is_negative {
            self.0.next();
        }
        let before = self.0.len();
        let mut value = 0i64;
        let mut end = 0;
        for byte in self.0.by_ref() {
            match byte.wrapping_sub(b'0') {
                digit @ 0..=9 => value = value.wrapping_mul(10).wrapping_add(i64::from(digit)),
                _ if *byte == b' ' => {
                    end = 1;
                    break;
                }
                _ => return None,
            }
        }
        let digits = before - self.0.len() - end;
        (1..=18).contains(&digits).then_some(if is_negative { -value } else { value })
    }

    /// A number that may be missing.
    #[inline]
    fn number_or_0(&mut self) -> Option<i64> {
        if self.0.as_slice().is_empty() { Some(0) } else { self.number() }
    }

    /// Passes over so many fields, whatever they are, or what is left.
    fn skip(&mut self, mut fields: u64) {
        const ONES: u64 = u64::from_ne_bytes([1; 8]);
        const LOW: u64 = ONES * 0x7f;
        // Eight bytes at a time, while the field looked for does not begin in them or right behind.
        while let Some((eight, rest)) = self.0.as_slice().split_first_chunk() {
            let zero_if_space = u64::from_ne_bytes(*eight) ^ (ONES * u64::from(b' '));
            let is_space = !(((zero_if_space & LOW) + LOW) | zero_if_space | LOW);
            let spaces = (is_space >> 7).wrapping_mul(ONES) >> 56;
            if spaces >= fields {
                break;
            }
            fields -= spaces;
            self.0 = rest.iter();
        }
        for _ in 0..fields {
            self.0.find(|byte| **byte == b' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"42 (a) b (c) R 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 12345 999 888 777\n";
    /// A shell on a terminal, Linux 6.18.
    const SHELL: &[u8] = b"5295 (bash) S 5287 5294 3988 34817 5301 4194304 1201 17 3 4 12 7 300 25 -51 -5 2 0 1103011 3133440 393 \
        18446744073709551615 94546095194112 94546095213993 140731812707824 0 0 0 0 0 0 0 0 0 17 1 50 2 0 0 0 94546095230000 \
        94546095231616 94546193760256 140731812710933 140731812710953 140731812710953 140731812712427 0\n";

    #[test]
    fn every_field() {
        let read = PidStat::parse(SHELL).unwrap();
        let wanted = PidStat {
            pid: 5295,
            comm: (*b"bash").into(),
            state: TaskState(b'S'),
            ppid: 5287,
            pgrp: 5294,
            session: 3988,
            tty_nr: 34817,
            tpgid: 5301,
            flags: 4_194_304,
            minflt: 1201,
            majflt: 3,
            utime: Ticks(12),
            stime: Ticks(7),
            cutime: Ticks(300),
            cstime: Ticks(25),
            priority: -51,
            nice: -5,
            num_threads: 2,
            starttime: Ticks(1_103_011),
            vsize: Bytes(3_133_440),
            rss: 393,
            processor: 1,
            rt_priority: 50,
            policy: 2,
        };
        assert_eq!(read, wanted);
        assert_eq!(read.tty(), Some((136, 1)));
    }

    #[test]
    fn a_name_with_parentheses() {
        let read = PidStat::parse(LINE).unwrap();
        assert_eq!((read.pid, &*read.comm, read.ppid), (42, &b"a) b (c"[..], 7));
        assert_eq!((read.num_threads, read.starttime), (9, Ticks(12345)));
        assert!(read.state.is_active());
        assert_eq!((read.vsize, read.rss, read.processor, read.policy), (Bytes(999), 888, 0, 0));
    }

    #[test]
    fn a_name_that_looks_like_fields() {
        for name in [&b") S 1 2 3 4 5 6"[..], b") R 1 1 1 1 1 1", b"))))))))))))) R", b"a)\n"] {
            let line = [b"1 (", name, b") R 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9 1 1\n"].concat();
            let read = PidStat::parse(&line).unwrap();
            assert_eq!((&*read.comm, read.ppid, read.starttime), (name, 7, Ticks(9)));
        }
    }

    #[test]
    fn a_name_is_as_long_as_the_kernel_makes_it() {
        let line = |length| [b"1 (", &*vec![b')'; length], b") R 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9\n"].concat();
        assert_eq!(PidStat::parse(&line(63)).unwrap().comm.len(), 63);
        assert!(PidStat::parse(&line(64)).is_err());
        assert!(PidStat::parse(&line(0)).unwrap().comm.is_empty());
    }

    #[test]
    fn a_task_that_leaves() {
        let read = PidStat::parse(b"9 (sh) Z 1 -1 -1 0 -1 4 0 0 0 0 0 0 -3 -4 20 0 0 0 77 0 -2 0\n").unwrap();
        assert_eq!((read.pgrp, read.session, read.tpgid, read.tty()), (0, 0, -1, None));
        assert_eq!((read.cutime, read.cstime, read.rss), (Ticks(0), Ticks(0), 0));
    }

    #[test]
    fn a_terminal_with_a_large_minor() {
        let line = b"1 (a) R 0 1 1 -1048447 1 0 0 0 0 0 0 0 0 0 20 0 1 0 9\n";
        let read = PidStat::parse(line).unwrap();
        assert_eq!(read.tty(), Some(((read.tty_nr >> 8) & 0xfff, 0xf_ff81)));
    }

    #[test]
    fn every_truncation_is_refused_or_read_alike() {
        let starttime = SHELL.windows(7).position(|text| text == b"1103011").unwrap();
        for length in 0..SHELL.len() {
            let read = PidStat::parse(&SHELL[..length]);
            assert_eq!(read.is_ok(), length > starttime, "{length}: {read:?}");
            if let Ok(read) = read {
                assert_eq!((read.ppid, read.nice), (5287, -5));
            }
        }
    }

    #[test]
    fn what_is_no_stat_is_refused() {
        for bad in [
            &b""[..],
            b")(",
            b"1 () RR 1",
            b"1 () R",
            b"1 (a)R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            b"x (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            b"1 (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 ",
            b"4294967296 (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            b"1 (a) R -1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            b"1 (a) R 1 1 1 2147483648 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            b"1 (a) R 1 1 1 1 1 1 18446744073709551616 1 1 1 1 1 1 1 1 1 1 1 1",
            b"1 (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 - 1 1 1",
            b"1 (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 x",
            b"1 (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n2",
        ] {
            assert!(PidStat::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
