//! Pieces of log files (supervisor's readFile and tailFile).
//!
//! What is no UTF-8 (a piece may begin or end inside a character) is shown as U+FFFD; supervisord answers it with status 500.

use crate::init::log::{ReadFault, Tail, read_file, tail_file};
use crate::rpc::{Code, Fault, Value};
use std::path::Path;

/// A piece of a log.
///
/// # Errors
/// BAD_ARGUMENTS; NO_FILE; FAILED where it cannot be read, or is no file that has places.
pub(super) fn read(path: &Path, offset: i64, length: i64) -> Result<Value, Fault> {
    let piece = read_file(path, offset, length).map_err(|fault| match fault {
        ReadFault::BadArguments => Code::BadArguments,
        ReadFault::Failed => Code::Failed,
        ReadFault::NoFile => Code::NoFile,
    })?;
    Ok(text(&piece))
}

/// The end of a log, its offset, and whether it had grown by more than was asked for.
pub(super) fn tail(path: &Path, offset: i64, length: i64) -> Value {
    let Tail { data, offset, overflow } = tail_file(path, offset, length);
    Value::Array(vec![text(&data), Value::Int(offset), Value::Bool(overflow)])
}

fn text(bytes: &[u8]) -> Value {
    Value::text(String::from_utf8_lossy(bytes))
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
