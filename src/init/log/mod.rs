//! Where words go: the main log, the logs of children, rotation, syslog.
//!
//! ```text
//! what a child wrote -> Dispatcher -> Output      -> Destination: RotatingFile or a stream of Streams
//!                       (capture)     (by line?)  -> Syslog
//! what the daemon says             -> MainLog     -> the same
//! ```
//!
//! No error here ends anything, and nothing waits: what a place cannot take is lost and counted, and a note for the main log says
//! so, once for each trouble.

mod auto;
mod calendar;
mod clock;
mod destination;
mod dispatcher;
mod escapes;
mod follow;
mod json;
mod lines;
mod main_log;
mod output;
mod reading;
mod rotating;
mod streams;
mod syslog;
mod trouble;

pub use auto::{clean_up, create};
pub use calendar::{as_if_utc, next_rotation};
pub use clock::{Clock, Stamp};
pub use dispatcher::{Dispatcher, Piece};
pub use follow::Follow;
pub use json::{Json, json_line};
pub use main_log::MainLog;
pub use output::{Output, Source};
pub use reading::{ReadFault, Tail, read_file, tail_file};
pub use streams::{StreamHandle, Streams};
pub use syslog::Syslog;

use crate::init::config::{Level, Rotate};

/// Something for the main log.
pub type Note = (Level, String);

/// What all logs share.
pub struct Sinks {
    /// The clock on the wall.
    pub clock: Clock,
    /// Pipes, terminals and devices.
    pub streams: Streams,
    /// syslog(3).
    pub syslog: Syslog,
    /// What is still to be said in the main log: see [`MainLog::log_notes`].
    pub notes: Vec<Note>,
}

impl Sinks {
    /// What follows /dev/log knows the daemon as `ident`.
    #[must_use]
    pub fn new(clock: Clock, streams: Streams, ident: &str) -> Sinks {
        Sinks { clock, streams, syslog: Syslog::new(ident), notes: Vec::new() }
    }

    /// There is room in a stream.
    pub fn ready(&mut self, token: u64) {
        self.streams.ready(token, self.clock.seconds(), &mut self.notes);
    }
}

/// How a regular file is rotated.
#[derive(Clone, Copy, Debug)]
struct Rotation {
    /// From this size on; 0 for never.
    maxbytes: u64,
    /// So many former files are kept; with none the file is emptied.
    backups: u32,
    /// By the clock as well.
    rotate: Option<Rotate>,
    /// Whether the path may be a link. Not in a directory where anybody may make one.
    follow_links: bool,
}

#[cfg(test)]
mod stage {
    //! What tests of logs need.

    use super::{Clock, Sinks, Streams};
    use crate::sys::Live;
    use std::fs;
    use std::path::{Path, PathBuf};

    pub(super) const TOKENS: u64 = 1000;

    pub(super) fn sinks() -> Sinks {
        Sinks::new(Clock::new(Box::new(Live::new())), Streams::new(TOKENS), "supervisord")
    }

    /// A directory that is removed at the end of the test.
    pub(super) struct Place(PathBuf);

    impl Place {
        pub(super) fn new(name: &str) -> Place {
            let path = std::env::temp_dir().join(format!("vat-log-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Place(path)
        }

        pub(super) fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }

        /// All files and what is in them, by name.
        pub(super) fn files(&self) -> Vec<(String, String)> {
            let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
            let entries = fs::read_dir(&self.0).unwrap().map(Result::unwrap);
            let mut files: Vec<_> =
                entries.map(|entry| (entry.file_name().into_string().unwrap(), read(&entry.path()))).collect();
            files.sort();
            files
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }
}
