use crate::kernel::{ParseError, flat};

/// /proc/sys/kernel/pid_max (Documentation/admin-guide/sysctl/kernel.rst): one more than the largest pid.
///
/// # Errors
/// When it is not a number of 32 bits.
pub fn pid_max(bytes: &[u8]) -> Result<u32, ParseError> {
    let number = flat::single_number(bytes)?.try_into();
    number.map_err(|_| ParseError::new("a number of 32 bits", 1, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number() {
        assert_eq!(pid_max(b"4194304\n"), Ok(4_194_304));
        for bad in [&b""[..], b"-1\n", b"4294967296\n", b"max\n"] {
            assert!(pid_max(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
