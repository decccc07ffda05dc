use crate::kernel::{ParseError, flat};

/// /proc/loadavg (fs/proc/loadavg.c).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loadavg {
    /// Averages over 1, 5 and 15 minutes of the threads that run or wait uninterruptibly.
    pub averages: [f64; 3],
    /// Threads that run or want to, now.
    pub runnable: u64,
    /// All threads.
    pub threads: u64,
    /// The pid given last.
    pub last_pid: u64,
}

impl Loadavg {
    /// Parses the file's one line.
    ///
    /// # Errors
    /// When it is not three averages, `RUNNABLE/THREADS` and a pid.
    pub fn parse(bytes: &[u8]) -> Result<Loadavg, ParseError> {
        let read = || {
            let mut words = flat::single(bytes).split(|byte| *byte == b' ');
            let averages = [average(words.next()?)?, average(words.next()?)?, average(words.next()?)?];
            let mut tasks = words.next()?.splitn(2, |byte| *byte == b'/');
            let (runnable, threads) = (flat::number(tasks.next()?)?, flat::number(tasks.next()?)?);
            let last_pid = flat::number(words.next()?)?;
            words.next().is_none().then_some(Loadavg { averages, runnable, threads, last_pid })
        };
        read().ok_or_else(|| ParseError::new("\"1.00 1.00 1.00 1/100 12345\"", 1, bytes))
    }
}

/// A decimal fraction as the kernel prints it: digits, a point, digits.
fn average(text: &[u8]) -> Option<f64> {
    if !text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None; // `f64::from_str` also takes "inf", "nan" and exponents
    }
    str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_fields() {
        let read = Loadavg::parse(b"0.66 1.32 15.00 3/101 2147483647\n").unwrap();
        assert_eq!(read.averages, [0.66, 1.32, 15.0]);
        assert_eq!((read.runnable, read.threads, read.last_pid), (3, 101, 2_147_483_647));
    }

    #[test]
    fn what_is_no_loadavg_is_refused() {
        for bad in [
            &b""[..],
            b"1 2 3\n",
            b"nan 1 1 1/1 1\n",
            b"1 1 inf 1/1 1\n",
            b"-1 1 1 1/1 1\n",
            b"1 1 1 1/1 1 1\n",
            b"1 1 1 1 1\n",
        ] {
            assert!(Loadavg::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
