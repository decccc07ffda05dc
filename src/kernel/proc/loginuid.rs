use crate::kernel::{ParseError, flat};

/// /proc/PID/loginuid (fs/proc/base.c, `proc_loginuid_read`): the user who logged in, whoever the process is now; `None` for a
/// process of no login, which the kernel prints as -1 without its sign.
///
/// # Errors
/// When it is not a number of 32 bits.
pub fn loginuid(bytes: &[u8]) -> Result<Option<u32>, ParseError> {
    let uid: Option<u32> = flat::single_number(bytes)?.try_into().ok();
    let uid = uid.ok_or_else(|| ParseError::new("a number of 32 bits", 1, bytes))?;
    Ok((uid != u32::MAX).then_some(uid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_or_none() {
        assert_eq!(loginuid(b"1000"), Ok(Some(1000)));
        assert_eq!(loginuid(b"0\n"), Ok(Some(0)));
        assert_eq!(loginuid(b"4294967295"), Ok(None));
        for bad in [&b""[..], b"-1", b"4294967296", b"root"] {
            assert!(loginuid(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
