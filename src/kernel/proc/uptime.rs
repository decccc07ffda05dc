use crate::kernel::{ParseError, flat};

/// /proc/uptime (fs/proc/uptime.c), in hundredths of a second as the kernel prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uptime {
    /// Since boot, suspended time included.
    pub up_centis: u64,
    /// Idle time of all CPUs together.
    pub idle_centis: u64,
}

impl Uptime {
    /// Parses the file's one line.
    ///
    /// # Errors
    /// When it is not two numbers with two decimals.
    pub fn parse(bytes: &[u8]) -> Result<Uptime, ParseError> {
        let read = || {
            let mut words = flat::single(bytes).split(|byte| *byte == b' ');
            let (up_centis, idle_centis) = (centis(words.next()?)?, centis(words.next()?)?);
            words.next().is_none().then_some(Uptime { up_centis, idle_centis })
        };
        read().ok_or_else(|| ParseError::new("\"SECONDS.CC SECONDS.CC\"", 1, bytes))
    }
}

/// `12.34` as 1234.
pub(super) fn centis(text: &[u8]) -> Option<u64> {
    let (seconds, point_and_hundredths) = text.split_at_checked(text.len().checked_sub(3)?)?;
    let hundredths = flat::number(point_and_hundredths.strip_prefix(b".")?)?;
    flat::number(seconds)?.checked_mul(100)?.checked_add(hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals() {
        assert_eq!(
            Uptime::parse(b"350735.47 234388.90\n"),
            Ok(Uptime { up_centis: 35_073_547, idle_centis: 23_438_890 })
        );
        for bad in [&b""[..], b"1 2\n", b"1.5 2.5\n", b"1.50\n", b".50 1.00\n", b"1.50 1.00 1.00\n"] {
            assert!(Uptime::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
