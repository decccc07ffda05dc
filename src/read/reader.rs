use super::{Note, Why};
use crate::kernel::ParseError;
use crate::kernel::proc::{self, Mount};
use crate::sys::{self, Machine, Root};
use std::cell::{OnceCell, RefCell};
use std::io;
use std::path::Path;

const MOUNTINFO: &str = "proc/self/mountinfo";

/// Reads and parses a machine's files, and remembers what was wrong with those that should have been readable.
pub struct Reader<'a> {
    machine: &'a dyn Machine,
    notes: RefCell<Vec<Note>>,
    mountinfo: OnceCell<io::Result<Vec<u8>>>,
}

impl<'a> Reader<'a> {
    /// Reads this machine's files.
    #[must_use]
    pub fn new(machine: &'a dyn Machine) -> Reader<'a> {
        Reader { machine, notes: RefCell::default(), mountinfo: OnceCell::new() }
    }

    /// The machine.
    #[must_use]
    pub fn machine(&self) -> &'a dyn Machine {
        self.machine
    }

    /// Where its files are.
    #[must_use]
    pub fn root(&self) -> &'a Root {
        self.machine.root()
    }

    /// Reads a file that the kernel writes as one record. `None` where there is none, and where it is of no use: then with a note.
    pub fn record<T>(&self, path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, ParseError>) -> Option<T> {
        self.parsed(path, self.root().read_record(path), parse)
    }

    /// The same for a file of many records.
    pub fn records<T>(&self, path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, ParseError>) -> Option<T> {
        self.parsed(path, self.root().read(path), parse)
    }

    /// This process's mountinfo, which is long and is read once.
    ///
    /// # Errors
    /// What open(2) and read(2) said.
    pub fn mountinfo(&self) -> Result<&[u8], &io::Error> {
        self.mountinfo.get_or_init(|| self.root().read(Path::new(MOUNTINFO))).as_deref()
    }

    /// Its mounts of the types that are wanted; none where it is of no use: then with a note.
    pub fn mounts(&self, wanted: impl Fn(&[u8]) -> bool) -> Vec<Mount> {
        let read = match self.mountinfo() {
            Ok(bytes) => proc::mountinfo(bytes, wanted).map_err(Why::Malformed),
            Err(error) if sys::is_missing(error) => return Vec::new(),
            Err(error) => Err(Why::of(error)),
        };
        read.unwrap_or_else(|why| {
            self.note(Path::new(MOUNTINFO), why);
            Vec::new()
        })
    }

    /// What was wrong so far.
    #[must_use]
    pub fn take_notes(&self) -> Vec<Note> {
        self.notes.take()
    }

    fn parsed<T>(
        &self,
        path: &Path,
        read: io::Result<Vec<u8>>,
        parse: impl FnOnce(&[u8]) -> Result<T, ParseError>,
    ) -> Option<T> {
        let why = match read {
            Ok(bytes) => match parse(&bytes) {
                Ok(value) => return Some(value),
                Err(error) => Why::Malformed(error),
            },
            Err(error) if sys::is_missing(&error) => return None,
            Err(error) => Why::of(&error),
        };
        self.note(path, why);
        None
    }

    fn note(&self, path: &Path, why: Why) {
        let path = self.root().path(path);
        self.notes.borrow_mut().push(Note { path, why });
    }
}
