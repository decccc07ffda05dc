//! Pieces of log files (supervisor's readFile and tailFile).
//!
//! What is no UTF-8 (a piece may begin or end inside a character) is shown as U+FFFD; supervisord answers it with status 500.

use crate::rpc::{Code, Fault, Value};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// What is read at most at once, in bytes: who wants more asks for the next piece.
const MOST: u64 = 8 << 20;

/// `length` bytes from `offset` on; all that follow where it is 0. From an offset below 0 on, counted from the end, there can be
/// no length.
///
/// # Errors
/// BAD_ARGUMENTS; FAILED where it cannot be read, or is no file that has places.
pub(super) fn read(path: &Path, offset: i64, length: i64) -> Result<Value, Fault> {
    let failed = |_| Fault::from(Code::Failed);
    let (mut file, size) = open(path).map_err(failed)?;
    let (from, length) = match (u64::try_from(offset), u64::try_from(length)) {
        (Ok(offset), Ok(0)) => (offset, u64::MAX),
        (Ok(offset), Ok(length)) => (offset, length),
        (Err(_), Ok(0)) => (size.saturating_sub(offset.unsigned_abs()), offset.unsigned_abs()),
        _ => return Err(Code::BadArguments.into()),
    };
    piece(&mut file, from, length).map(Value::Text).map_err(failed)
}

/// The last `length` bytes, where the log has grown beyond `offset + length`; else what is there from `offset` on. With it the
/// offset of the end, and whether it had grown.
pub(super) fn tail(path: &Path, offset: i64, length: i64) -> Value {
    let answer =
        |text, offset, overflow| Value::Array(vec![Value::Text(text), Value::Int(offset), Value::Bool(overflow)]);
    let Ok((mut file, size)) = open(path) else { return answer(String::new(), offset, false) };
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let (mut from, mut wanted) = (offset, length);
    let overflow = size > from.saturating_add(wanted);
    if overflow {
        from = size - 1;
    }
    if from.saturating_add(wanted) > size {
        if from > size - 1 {
            wanted = 0;
        }
        from = size.saturating_sub(wanted);
    }
    let (from, wanted) = (u64::try_from(from).unwrap_or(0), u64::try_from(wanted).unwrap_or(0));
    match piece(&mut file, from, wanted) {
        Ok(text) => answer(text, size, overflow),
        Err(_) => answer(String::new(), offset, false),
    }
}

/// Opens a log that is a file. A pipe or a terminal (`/dev/stdout`) cannot be read back, and would let the daemon wait.
fn open(path: &Path) -> io::Result<(File, u64)> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

fn piece(file: &mut File, from: u64, length: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(length.min(MOST)).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_log(test: impl FnOnce(&Path)) {
        let path =
            std::env::temp_dir().join(format!("vat-log-file-{}-{:?}", std::process::id(), std::thread::current().id()));
        std::fs::write(&path, "0123456789").unwrap();
        test(&path);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_piece_of_a_log() {
        with_log(|log| {
            let read = |offset, length| read(log, offset, length).map_err(|fault| fault.message);
            let text = |text: &str| Ok(Value::text(text));
            assert_eq!(read(0, 0), text("0123456789"));
            assert_eq!(read(2, 3), text("234"));
            assert_eq!(read(8, 30), text("89"));
            assert_eq!(read(80, 0), text(""));
            assert_eq!(read(-4, 0), text("6789"));
            assert_eq!(read(-40, 0), text("0123456789"));
            assert_eq!(read(-4, 1), Err("BAD_ARGUMENTS".to_owned()));
            assert_eq!(read(0, -1), Err("BAD_ARGUMENTS".to_owned()));
            assert_eq!(read(i64::MIN, i64::MIN), Err("BAD_ARGUMENTS".to_owned()));
        });
        assert_eq!(read(Path::new("/"), 0, 0).map_err(|fault| fault.message), Err("FAILED".to_owned()));
        assert_eq!(read(Path::new("/dev/null"), 0, 0).map_err(|fault| fault.message), Err("FAILED".to_owned()));
    }

    /// What supervisor's tailFile answers for the same file.
    #[test]
    fn the_tail_of_a_log() {
        with_log(|log| {
            for (offset, length, text, overflow) in [
                (0, 10, "0123456789", false),
                (0, 4, "6789", true),
                (4, 100, "0123456789", false),
                (9, 1, "9", false),
                (10, 5, "", false),
                (0, 0, "", true),
                (0, -5, "", true),
                (-5, 3, "789", true),
                (i64::MAX, i64::MAX, "", false),
                (i64::MIN, i64::MIN, "", true),
            ] {
                let expected = Value::Array(vec![Value::text(text), Value::Int(10), Value::Bool(overflow)]);
                assert_eq!(tail(log, offset, length), expected, "{offset} {length}");
            }
        });
        let nothing = Value::Array(vec![Value::text(""), Value::Int(7), Value::Bool(false)]);
        assert_eq!(tail(Path::new("/"), 7, 1), nothing);
    }
}
