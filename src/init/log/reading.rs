use crate::sys::open_now;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Why a log is not read: the names of the XML-RPC faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// `BAD_ARGUMENTS`: offset and length do not go together.
    BadArguments,
    /// `FAILED`: the file cannot be read, or is no regular file.
    Failed,
    /// `NO_FILE`: there is none.
    NoFile,
}

/// The end of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The last bytes.
    pub data: Vec<u8>,
    /// Where the next reading is to go on: the size of the file.
    pub offset: i64,
    /// Whether there was more than was asked for.
    pub overflow: bool,
}

/// More is not read at once, for it has to fit into memory: who wants more asks for the next piece.
const MOST: u64 = 8 << 20;

/// `length` bytes from `offset` on, all from there where `length` is 0; the last bytes where `offset` is negative.
///
/// # Errors
/// See [`ReadFault`].
pub fn read_file(path: &Path, offset: i64, length: i64) -> Result<Vec<u8>, ReadFault> {
    let (mut file, size) = match open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ReadFault::NoFile),
        other => other.map_err(|_| ReadFault::Failed)?,
    };
    let (from, length) = match (offset, u64::try_from(length)) {
        (..0, Ok(0)) => (size.saturating_sub(offset.unsigned_abs()), offset.unsigned_abs()),
        (0.., Ok(0)) => (offset.unsigned_abs(), u64::MAX),
        (0.., Ok(length)) => (offset.unsigned_abs(), length),
        _ => return Err(ReadFault::BadArguments),
    };
    read(&mut file, from, length).map_err(|_| ReadFault::Failed)
}

/// The last `length` bytes at most, of those that came after `offset`: what a page shows that is refreshed.
#[must_use]
pub fn tail_file(path: &Path, offset: i64, length: i64) -> Tail {
    let nothing = |offset| Tail { data: Vec::new(), offset, overflow: false };
    let (mut file, size) = match open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return nothing(0),
        Err(_) => return nothing(offset),
        Ok(opened) => opened,
    };
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let (mut from, mut length) = (offset, length);
    let overflow = size > from.saturating_add(length);
    if overflow {
        from = size - 1;
    }
    if from.saturating_add(length) > size {
        if from > size - 1 {
            length = 0;
        }
        from = size.saturating_sub(length);
    }
    let (from, length) = (from.max(0).unsigned_abs(), length.max(0).unsigned_abs());
    match read(&mut file, from, length) {
        Ok(data) => Tail { data, offset: size, overflow },
        Err(_) => nothing(offset),
    }
}

/// A regular file and its size. What is none, such as a FIFO, could not be read without taking its bytes from somebody.
pub(super) fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = open_now(path, false)?;
    let read = file.metadata()?;
    if read.is_file() { Ok((file, read.len())) } else { Err(io::ErrorKind::Unsupported.into()) }
}

/// At most so many bytes from there.
pub(super) fn read(file: &mut File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut data = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(length.min(MOST)).read_to_end(&mut data)?;
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_from_a_place_or_from_its_end() {
        let path = std::env::temp_dir().join(format!("vat-read-{}", std::process::id()));
        std::fs::write(&path, "0123456789").unwrap();
        let read = |offset, length| read_file(&path, offset, length).map(|data| String::from_utf8(data).unwrap());
        assert_eq!(read(0, 0).unwrap(), "0123456789");
        assert_eq!(read(3, 4).unwrap(), "3456");
        assert_eq!(read(8, 100).unwrap(), "89");
        assert_eq!(read(100, 0).unwrap(), "");
        assert_eq!(read(-4, 0).unwrap(), "6789");
        assert_eq!(read(-100, 0).unwrap(), "0123456789");
        assert_eq!(read(i64::MIN, 0).unwrap(), "0123456789");
        assert_eq!(read(-4, 1), Err(ReadFault::BadArguments));
        assert_eq!(read(0, -1), Err(ReadFault::BadArguments));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read(0, 0), Err(ReadFault::NoFile));
        assert_eq!(read_file(Path::new("/"), 0, 0), Err(ReadFault::Failed));
        assert_eq!(read_file(Path::new("/dev/zero"), 0, 0), Err(ReadFault::Failed));
    }

    #[test]
    fn what_is_too_large_is_not_read_at_once() {
        let path = std::env::temp_dir().join(format!("vat-large-{}", std::process::id()));
        File::create(&path).unwrap().set_len(MOST + 1).unwrap();
        for offset in [0, i64::MIN] {
            assert_eq!(read_file(&path, offset, 0).unwrap().len(), usize::try_from(MOST).unwrap());
        }
        assert_eq!(read_file(&path, 5, 3), Ok(vec![0; 3]));
        std::fs::remove_file(&path).unwrap();
    }
}
