use super::Root;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A machine as a tool sees it: its files, its clocks, its filesystems, the environment. [`super::Live`] is the running one; a
/// test hands in a captured one.
pub trait Machine {
    /// Where /proc, /sys, /etc and /run are.
    fn root(&self) -> &Root;

    /// CLOCK_REALTIME.
    fn realtime(&self) -> Duration;

    /// CLOCK_BOOTTIME: since boot, suspended time included.
    fn boottime(&self) -> Duration;

    /// A moment of CLOCK_REALTIME (seconds since 1970) in the local time zone; `None` beyond what the calendar holds.
    fn local(&self, seconds: i64) -> Option<Civil>;

    /// Waits.
    fn sleep(&self, duration: Duration);

    /// An environment variable.
    fn env(&self, name: &str) -> Option<OsString>;

    /// The pid of the running tool.
    fn pid(&self) -> u32;

    /// Bytes of a page of memory.
    fn page_size(&self) -> u64 {
        4096
    }

    /// How many CPUs the scheduler may run this process on (sched_getaffinity(2)).
    fn affinity(&self) -> Option<u64>;

    /// The filesystem at a path (statfs(2)).
    ///
    /// # Errors
    /// What the system call says.
    fn statfs(&self, path: &Path) -> io::Result<Statfs>;

    /// The file at a path, symbolic links followed (stat(2)).
    ///
    /// # Errors
    /// What the system call says.
    fn stat(&self, path: &Path) -> io::Result<FileStat>;

    /// Whether a file can be opened for reading, which also makes an automounter mount it (open(2)).
    ///
    /// # Errors
    /// What the system call says.
    fn open(&self, path: &Path) -> io::Result<()>;

    /// The path without symbolic links, `.` and `..` (realpath(3)).
    ///
    /// # Errors
    /// What the system calls say.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;

    /// Writes what is still in memory to the disks (sync(2)). A captured machine has none.
    fn sync(&self) {}

    /// Whether the tool runs as root.
    fn is_root(&self) -> bool {
        true
    }

    /// How many columns the terminal at standard output has; `None` where that is none.
    fn columns(&self) -> Option<usize> {
        None
    }

    /// Whether standard output is a terminal.
    fn stdout_is_terminal(&self) -> bool {
        false
    }
}

/// A moment in the local time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the calendar's")]
pub struct Civil {
    pub year: i64,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

/// What statfs(2) tells of a filesystem. Counts are in units of `block_size`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statfs {
    /// Bytes of a block (f_frsize, or f_bsize where that is 0).
    pub block_size: u64,
    /// All blocks (f_blocks).
    pub blocks: u64,
    /// Free blocks (f_bfree).
    pub free: u64,
    /// Free blocks for an unprivileged user (f_bavail); "negative" where the reserve is used up, as the kernel's bits.
    pub available: u64,
    /// All inodes (f_files).
    pub files: u64,
    /// Free inodes (f_ffree).
    pub files_free: u64,
}

/// What kind of file it is, so far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A directory.
    Directory,
    /// A block or character device, with the number of the device it stands for.
    Device((u32, u32)),
    /// Anything else.
    Other,
}

/// What stat(2) tells of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// The device it lies on, major and minor.
    pub device: (u32, u32),
    /// The inode's number.
    pub inode: u64,
    /// What it is.
    pub kind: FileKind,
}
