use crate::kernel::{ParseError, flat};

/// /proc/PID/oom_score_adj (fs/proc/base.c, `oom_score_adj_read`): what is added to its score, -1000 (never kill it) to 1000.
///
/// # Errors
/// When it is not a number.
pub fn oom_score_adj(bytes: &[u8]) -> Result<i64, ParseError> {
    signed(flat::single(bytes)).ok_or_else(|| ParseError::new("a number", 1, bytes))
}

/// A decimal number with or without a minus, as the kernel prints it.
pub(super) fn signed(text: &[u8]) -> Option<i64> {
    match text.strip_prefix(b"-") {
        Some(digits) => i64::try_from(flat::number(digits)?).ok()?.checked_neg(),
        None => flat::number(text)?.try_into().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_either_sign() {
        assert_eq!(oom_score_adj(b"-1000\n"), Ok(-1000));
        assert_eq!(oom_score_adj(b"0\n"), Ok(0));
        for bad in [&b""[..], b"-\n", b"--1\n", b"+1\n", b"- 1\n", b"9223372036854775808\n", b"-9223372036854775808\n"]
        {
            assert!(oom_score_adj(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
