use super::rotating::RotatingFile;
use super::streams::StreamHandle;
use super::{Rotation, Sinks};
use crate::init::config::Level;
use crate::sys::process;
use crate::sys::stream::{self, Opened};
use std::io;
use std::path::Path;

/// What a path given as a log leads to.
#[derive(Debug)]
pub(super) enum Destination {
    File(Box<RotatingFile>),
    Stream { path: Box<Path>, handle: StreamHandle },
}

/// Rights of a new file, from which the umask takes.
const RIGHTS: u32 = 0o666;

impl Destination {
    /// A missing file is made. What is no regular file is not rotated, whatever its maxbytes.
    ///
    /// # Errors
    /// What open(2) says.
    pub(super) fn open(path: &Path, rotation: Rotation, sinks: &mut Sinks) -> io::Result<Destination> {
        let stream = |handle| Destination::Stream { path: path.into(), handle };
        if let Some(which) = stream::standard(path) {
            return sinks.streams.standard(which).map(stream).ok_or_else(|| io::ErrorKind::NotFound.into());
        }
        Ok(match stream::open(path, RIGHTS, rotation.follow_links)? {
            Opened::File(file) => Destination::File(Box::new(RotatingFile::new(path, file, rotation, &sinks.clock))),
            Opened::Stream(opened) => stream(sinks.streams.add(opened, &path.to_string_lossy())?),
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8], sinks: &mut Sinks) {
        match self {
            Destination::File(file) => file.write(bytes, &sinks.clock, &mut sinks.notes),
            Destination::Stream { handle, .. } => {
                sinks.streams.write(handle, bytes, sinks.clock.seconds(), &mut sinks.notes);
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Destination::File(file) => file.path(),
            Destination::Stream { path, .. } => path,
        }
    }

    pub(super) fn lost(&self, sinks: &Sinks) -> u64 {
        match self {
            Destination::File(file) => file.lost(),
            Destination::Stream { handle, .. } => sinks.streams.lost(handle),
        }
    }

    /// Opens the path anew: somebody else has rotated it, or put something else there. What was open stays where that fails.
    pub(super) fn reopen(&mut self, sinks: &mut Sinks) {
        let reopened = match self {
            Destination::File(file) => file.reopen(),
            Destination::Stream { path, handle } => {
                // Only a place that leads elsewhere by now is another stream.
                let rotation = Rotation { maxbytes: 0, backups: 0, rotate: None, follow_links: true };
                Destination::open(path, rotation, sinks).map(|opened| {
                    if let Destination::Stream { handle: opened, .. } = opened {
                        *handle = opened;
                    }
                })
            }
        };
        if let Err(error) = reopened {
            let (path, why) = (self.path().display(), process::reason(&error));
            let what = format!("could not reopen {path}: {why}; what was open is written on");
            sinks.notes.push((Level::Error, what));
        }
    }

    /// Removes the file and begins a new one. Nothing where it is no regular file.
    ///
    /// # Errors
    /// What unlink(2) and open(2) say.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        match self {
            Destination::File(file) => file.clear(),
            Destination::Stream { .. } => Ok(()),
        }
    }

    /// Rotates now. Whether it could; `None` where it is no regular file.
    pub(super) fn rotate(&mut self, sinks: &mut Sinks) -> Option<bool> {
        match self {
            Destination::File(file) => Some(file.rotate(&sinks.clock, &mut sinks.notes)),
            Destination::Stream { .. } => None,
        }
    }

    /// Rotates where its time has come.
    pub(super) fn rotate_if_due(&mut self, sinks: &mut Sinks) {
        if let Destination::File(file) = self {
            file.look_at_clock(&sinks.clock, &mut sinks.notes);
        }
    }

    /// When it is rotated next, in seconds since 1970.
    pub(super) fn next_rotation(&self) -> Option<i64> {
        match self {
            Destination::File(file) => file.next_rotation(),
            Destination::Stream { .. } => None,
        }
    }
}
