use crate::kernel::{ParseError, flat};
use crate::unit::Bytes;

/// /proc/PID/io (fs/proc/base.c, `do_io_accounting`), since the process started; its threads together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PidIo {
    /// Asked for by read(2) and its like, from a disk or not.
    pub rchar: Bytes,
    /// Handed to write(2) and its like.
    pub wchar: Bytes,
    /// Calls of read(2) and its like.
    pub syscr: u64,
    /// Calls of write(2) and its like.
    pub syscw: u64,
    /// Fetched from a disk.
    pub read_bytes: Bytes,
    /// Sent to a disk, or to be sent.
    pub write_bytes: Bytes,
    /// Of these, what was not sent after all: the file was truncated before.
    pub cancelled_write_bytes: Bytes,
}

impl PidIo {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When a line is not `key: NUMBER`, or one of the seven is missing.
    pub fn parse(bytes: &[u8]) -> Result<PidIo, ParseError> {
        let [mut rchar, mut wchar, mut syscr, mut syscw, mut read, mut write, mut cancelled] = [None; 7];
        flat::keyed(bytes, |key, value| {
            let field = match key {
                b"rchar:" => &mut rchar,
                b"wchar:" => &mut wchar,
                b"syscr:" => &mut syscr,
                b"syscw:" => &mut syscw,
                b"read_bytes:" => &mut read,
                b"write_bytes:" => &mut write,
                b"cancelled_write_bytes:" => &mut cancelled,
                _ => return,
            };
            *field = Some(value);
        })?;
        let all = || {
            Some(PidIo {
                rchar: Bytes(rchar?),
                wchar: Bytes(wchar?),
                syscr: syscr?,
                syscw: syscw?,
                read_bytes: Bytes(read?),
                write_bytes: Bytes(write?),
                cancelled_write_bytes: Bytes(cancelled?),
            })
        };
        all().ok_or_else(|| ParseError::new("seven lines, \"rchar\" to \"cancelled_write_bytes\"", 1, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] =
        b"rchar: 6976\nwchar: 5\nsyscr: 10\nsyscw: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 9\n";

    #[test]
    fn seven_lines() {
        let wanted = PidIo {
            rchar: Bytes(6976),
            wchar: Bytes(5),
            syscr: 10,
            syscw: 1,
            read_bytes: Bytes(4096),
            write_bytes: Bytes(8192),
            cancelled_write_bytes: Bytes(9),
        };
        assert_eq!(PidIo::parse(FILE), Ok(wanted));
        for length in 0..FILE.len() - 2 {
            assert!(PidIo::parse(&FILE[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn what_is_no_io_is_refused() {
        let text = str::from_utf8(FILE).unwrap();
        for (from, to) in [("6976", "-1"), ("6976", "18446744073709551616"), ("rchar: ", "rchar:\t"), ("syscw", "sys")]
        {
            assert!(PidIo::parse(text.replace(from, to).as_bytes()).is_err(), "{to}");
        }
    }
}
