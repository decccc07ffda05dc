use crate::kernel::{ParseError, flat};

/// /proc/PID/oom_score (fs/proc/base.c, `proc_oom_score`): how soon the process is killed when memory runs out, 0 to 2000.
///
/// # Errors
/// When it is not a number.
pub fn oom_score(bytes: &[u8]) -> Result<u64, ParseError> {
    flat::single_number(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number() {
        assert_eq!(oom_score(b"666\n"), Ok(666));
        for bad in [&b""[..], b"\n", b"-1\n", b"1 2\n", b"18446744073709551616\n"] {
            assert!(oom_score(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
