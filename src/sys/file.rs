use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Opens a file that a user has named, for reading or for writing. Never creates one, never waits for what is at a FIFO's other
/// end, and makes no terminal this process's own.
///
/// # Errors
/// What open(2) says.
pub fn open_now(path: &Path, write: bool) -> io::Result<File> {
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    OpenOptions::new().read(!write).write(write).custom_flags(flags).open(path)
}
