use crate::kernel::{ParseError, flat};

/// /proc/PID/statm (fs/proc/array.c, `proc_pid_statm`), all in pages; 0 throughout for a kernel thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statm {
    /// Virtual memory.
    pub size: u64,
    /// Resident memory.
    pub resident: u64,
    /// Of that, pages of files and shared memory.
    pub shared: u64,
    /// Code.
    pub text: u64,
    /// Always 0 since Linux 2.6.
    pub lib: u64,
    /// Data and stack.
    pub data: u64,
    /// Always 0 since Linux 2.6.
    pub dt: u64,
}

impl Statm {
    /// Parses the file's one line.
    ///
    /// # Errors
    /// When it is not seven numbers.
    pub fn parse(bytes: &[u8]) -> Result<Statm, ParseError> {
        let read = || {
            let mut numbers = flat::single(bytes).split(|byte| *byte == b' ').map(flat::number);
            let mut next = || numbers.next().flatten();
            // In the file's order.
            let read = Statm {
                size: next()?,
                resident: next()?,
                shared: next()?,
                text: next()?,
                lib: next()?,
                data: next()?,
                dt: next()?,
            };
            numbers.next().is_none().then_some(read)
        };
        read().ok_or_else(|| ParseError::new("seven numbers", 1, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"765 445 416 5 0 123 0\n";

    #[test]
    fn seven_numbers() {
        let wanted = Statm { size: 765, resident: 445, shared: 416, text: 5, lib: 0, data: 123, dt: 0 };
        assert_eq!(Statm::parse(LINE), Ok(wanted));
        for length in 0..LINE.len() - 2 {
            assert!(Statm::parse(&LINE[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn what_is_no_statm_is_refused() {
        for bad in
            [&b"1 2 3 4 5 6 7 8\n"[..], b"1 2 3 4 5 6 -7\n", b"18446744073709551616 2 3 4 5 6 7", b"1  2 3 4 5 6 7"]
        {
            assert!(Statm::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
