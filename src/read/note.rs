use crate::kernel::ParseError;
use crate::sys;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// A file that should have been read and was not. The figure it feeds falls back to the next best source; the note lets the user
/// be told.
#[derive(Clone, Debug)]
pub struct Note {
    /// The file.
    pub path: PathBuf,
    /// What was wrong.
    pub why: Why,
}

/// What was wrong with a file. A missing one is not wrong: not every kernel has every file.
#[derive(Clone, Debug)]
pub enum Why {
    /// This user may not read it.
    Denied,
    /// It could not be read, for the reason given.
    Unreadable(String),
    /// It does not hold what the kernel writes there.
    Malformed(ParseError),
}

impl Why {
    pub(super) fn of(error: &io::Error) -> Why {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Why::Denied,
            _ => Why::Unreadable(sys::process::reason(error)),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A path inside a container may hold anything; a terminal is shown printable text only.
        write!(f, "{}: ", self.path.display().to_string().escape_debug())?;
        match &self.why {
            Why::Denied => f.write_str("permission denied"),
            Why::Unreadable(reason) => f.write_str(reason),
            Why::Malformed(error) => error.fmt(f),
        }
    }
}
