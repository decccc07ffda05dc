use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Whether an error of reading says that there is nothing to read: this kernel, or this cgroup, has no such file (missing), or
/// the process left or the cgroup was removed meanwhile (gone).
#[must_use]
pub fn is_missing(error: &io::Error) -> bool {
    const MISSING: [i32; 5] = [libc::ENOENT, libc::ENOTDIR, libc::ENODEV, libc::EOPNOTSUPP, libc::ESRCH];
    error.raw_os_error().is_some_and(|code| MISSING.contains(&code))
}

/// Where /proc, /sys, /etc and /run are: `/`, or a directory that holds a captured machine.
///
/// Paths are given without the leading slash (`proc/meminfo`).
#[derive(Clone, Debug)]
pub struct Root {
    base: PathBuf,
}

impl Root {
    /// No file that Vat reads is larger: /proc/self/mountinfo of a host with 20,000 mounts takes 4 MiB.
    pub const LARGEST: usize = 16 << 20;

    /// The running machine.
    #[must_use]
    pub fn host() -> Root {
        Root { base: PathBuf::from("/") }
    }

    /// A captured machine below this directory.
    #[must_use]
    pub fn at(base: &Path) -> Root {
        Root { base: base.to_owned() }
    }

    /// The real path of a path below this root.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.base.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Reads a whole file of at most [`Root::LARGEST`] bytes.
    ///
    /// Never waits: something may have put a FIFO where a kernel file should be. It then reads as empty.
    ///
    /// # Errors
    /// What open(2) and read(2) say; `FileTooLarge` beyond the bound.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_until(path, |read, _| read == 0)
    }

    /// The same for a file that the kernel writes as one record, as it does all cgroup files and most of /proc: a read that
    /// does not fill the buffer was the last, which saves one system call a file. Not for /proc/PID/mountinfo, a record a line.
    ///
    /// # Errors
    /// As [`Root::read`].
    pub fn read_record(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_until(path, |read, space| read < space)
    }

    fn read_until(&self, path: &Path, is_last: impl Fn(usize, usize) -> bool) -> io::Result<Vec<u8>> {
        let file =
            OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(self.path(path))?;
        // `read_to_end` would ask for the file's size and position first, which the kernel's files do not have.
        let mut bytes = Vec::with_capacity(8192);
        loop {
            let space = bytes.spare_capacity_mut();
            let room = space.len();
            // SAFETY: the kernel writes at most `room` bytes there, and says how many.
            let read = unsafe { libc::read(file.as_raw_fd(), space.as_mut_ptr().cast(), room) };
            match usize::try_from(read) {
                Ok(read) => {
                    // SAFETY: so many more have just been written.
                    unsafe { bytes.set_len(bytes.len() + read) };
                    if is_last(read, room) {
                        return Ok(bytes);
                    }
                }
                Err(_) => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => (),
                    error => return Err(error),
                },
            }
            if bytes.len() >= Root::LARGEST {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            if bytes.len() == bytes.capacity() {
                bytes.reserve(bytes.len());
            }
        }
    }

    /// The target of a symbolic link.
    ///
    /// # Errors
    /// What readlink(2) says.
    pub fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::read_link(self.path(path))
    }

    /// Whether something is there that this process may look at.
    #[must_use]
    pub fn exists(&self, path: &Path) -> bool {
        nix::unistd::access(&self.path(path), nix::unistd::AccessFlags::F_OK).is_ok()
    }

    /// The names in a directory, in the kernel's order.
    ///
    /// # Errors
    /// What open(2) and getdents(2) say.
    pub fn names(&self, path: &Path) -> io::Result<Vec<OsString>> {
        std::fs::read_dir(self.path(path))?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    /// The directories in a directory, as paths below this root. The kernel tells what is one without a look at each.
    ///
    /// # Errors
    /// What open(2) and getdents(2) say.
    pub fn directories(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let is_dir = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        let entries = std::fs::read_dir(self.path(path))?.filter_map(Result::ok);
        Ok(entries.filter(is_dir).map(|entry| path.join(entry.file_name())).collect())
    }
}
