use super::oom_score_adj::signed;
use crate::kernel::{ParseError, flat};

/// /proc/PID/autogroup (kernel/sched/autogroup.c, `proc_sched_autogroup_show_task`): the session's share of the CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Autogroup {
    /// The group, one for each session.
    pub id: u64,
    /// Its nice value, which weighs the session against others: 19 to -20.
    pub nice: i64,
}

/// Parses the file's one line; it is empty for a process of no autogroup.
///
/// # Errors
/// When it is not `/autogroup-ID nice NICE`.
pub fn autogroup(bytes: &[u8]) -> Result<Option<Autogroup>, ParseError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let read = || {
        let mut words = flat::single(bytes).strip_prefix(b"/autogroup-")?.split(|byte| *byte == b' ');
        let id = flat::number(words.next()?)?;
        let nice = words.next().filter(|word| word == b"nice").and_then(|_| signed(words.next()?))?;
        words.next().is_none().then_some(Autogroup { id, nice })
    };
    read().map(Some).ok_or_else(|| ParseError::new("\"/autogroup-ID nice NICE\"", 1, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_and_none() {
        assert_eq!(autogroup(b"/autogroup-11084 nice -20\n"), Ok(Some(Autogroup { id: 11084, nice: -20 })));
        assert_eq!(autogroup(b""), Ok(None));
        let line = b"/autogroup-11084 nice 0";
        for length in 1..line.len() {
            assert!(autogroup(&line[..length]).is_err(), "{length}");
        }
        for bad in [&b"\n"[..], b"/autogroup--1 nice 0\n", b"/autogroup-1 nice 0 0\n", b"/autogroup-1  nice 0\n"] {
            assert!(autogroup(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
