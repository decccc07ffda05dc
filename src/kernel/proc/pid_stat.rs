use crate::kernel::{ParseError, flat};
use crate::unit::Ticks;

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
}

/// /proc/PID/stat and /proc/PID/task/TID/stat, so far as Vat uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PidStat {
    /// The task's number (field 1).
    pub pid: u32,
    /// Its name, at most 15 bytes of anything (field 2).
    pub comm: Vec<u8>,
    /// What it does (field 3).
    pub state: TaskState,
    /// Its parent (field 4).
    pub ppid: u32,
    /// Threads of its process (field 20).
    pub num_threads: u64,
    /// When it started, after boot (field 22).
    pub starttime: Ticks,
}

impl PidStat {
    /// Parses the file's one line.
    ///
    /// # Errors
    /// When a field that Vat uses is missing or no number.
    pub fn parse(bytes: &[u8]) -> Result<PidStat, ParseError> {
        PidStat::fields(bytes).ok_or_else(|| ParseError::new("\"PID (COMM) STATE PPID ...\" as in proc(5)", 1, bytes))
    }

    fn fields(bytes: &[u8]) -> Option<PidStat> {
        // A name may contain parentheses and spaces: it ends at the last parenthesis.
        let open = bytes.iter().position(|byte| *byte == b'(')?;
        let close = bytes.iter().rposition(|byte| *byte == b')')?;
        let pid = flat::number(bytes.get(..open)?.trim_ascii_end())?;
        let comm = bytes.get(open + 1..close)?.to_vec();
        let mut fields = flat::single(bytes).get(close + 2..)?.split(|byte| *byte == b' ');
        let state = match fields.next()? {
            [state @ b'A'..=b'z'] => TaskState(*state),
            _ => return None,
        };
        let ppid = flat::number(fields.next()?)?;
        let num_threads = flat::number(fields.nth(20 - 4 - 1)?)?;
        let starttime = Ticks(flat::number(fields.nth(22 - 20 - 1)?)?);
        Some(PidStat {
            pid: u32::try_from(pid).ok()?,
            comm,
            state,
            ppid: u32::try_from(ppid).ok()?,
            num_threads,
            starttime,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"42 (a) b (c) R 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 12345 999 888 777\n";

    #[test]
    fn a_name_with_parentheses() {
        let read = PidStat::parse(LINE).unwrap();
        assert_eq!((read.pid, read.comm.as_slice(), read.ppid), (42, &b"a) b (c"[..], 7));
        assert_eq!((read.num_threads, read.starttime), (9, Ticks(12345)));
        assert!(read.state.is_active());
    }

    #[test]
    fn every_truncation_is_refused_or_read_alike() {
        for length in 0..LINE.len() {
            if let Ok(read) = PidStat::parse(&LINE[..length]) {
                assert_eq!(read.ppid, 7);
            }
        }
        for bad in [&b""[..], b")(", b"1 () RR 1", b"x (a) R 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"] {
            assert!(PidStat::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
