use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::path::Path;

/// A directory that is held open, for what is read in it again and again: its files are found from there and not from the root,
/// and are read into buffers that are used again.
#[derive(Debug)]
pub struct Directory(File);

/// A file of the kernel's that is held open, and written anew by the kernel each time it is read.
#[derive(Debug)]
pub struct Record(File);

impl Record {
    /// Reads it from its start, into `buffer`, whose length is how much is read at most.
    ///
    /// # Errors
    /// What pread(2) says; ESRCH where its process is gone, also when another has its number by now.
    pub fn read<'b>(&self, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
        loop {
            // SAFETY: the kernel writes at most so many bytes there, and says how many.
            let read = unsafe { libc::pread(self.0.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0) };
            match usize::try_from(read) {
                Ok(read) => return Ok(buffer.get(..read).unwrap_or_default()),
                Err(_) => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => (),
                    error => return Err(error),
                },
            }
        }
    }
}

/// A path below a [`Directory`], such as `1234/task/1235/stat`, built without allocation.
#[derive(Clone, Copy, Debug)]
pub struct Below {
    bytes: [u8; Below::LONGEST],
    length: usize,
}

impl Below {
    const LONGEST: usize = 64;

    /// The path of these parts, formatted: `Below::new(format_args!("{pid}/stat"))`. What does not fit is cut off, and then names
    /// nothing that is there.
    #[must_use]
    pub fn new(parts: std::fmt::Arguments<'_>) -> Below {
        let mut bytes = [0; Below::LONGEST];
        let mut rest = bytes.get_mut(..Below::LONGEST - 1).unwrap_or_default();
        // Its only error is that it is full.
        let _ = rest.write_fmt(parts);
        let length = Below::LONGEST - 1 - rest.len();
        Below { bytes, length }
    }

    /// `PID/NAME`, without the cost of formatting.
    #[must_use]
    pub fn pid(pid: u32, name: &str) -> Below {
        let mut path = Below { bytes: [0; Below::LONGEST], length: 0 };
        path.number(pid);
        path.push(b"/");
        path.push(name.as_bytes());
        path
    }

    /// `PID/task/TID/NAME`
    #[must_use]
    pub fn tid(pid: u32, tid: u32, name: &str) -> Below {
        let mut path = Below::pid(pid, "task/");
        path.number(tid);
        path.push(b"/");
        path.push(name.as_bytes());
        path
    }

    fn number(&mut self, number: u32) {
        let mut digits = [0u8; 10];
        let (mut rest, mut first) = (number, digits.len());
        while let Some(digit) = first.checked_sub(1).and_then(|at| digits.get_mut(at)) {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            first -= 1;
            if rest == 0 {
                break;
            }
        }
        self.push(digits.get(first..).unwrap_or_default());
    }

    fn push(&mut self, part: &[u8]) {
        let end = self.length + part.len();
        // The last byte stays the NUL.
        if let Some(space) = self.bytes.get_mut(self.length..end).filter(|_| end < Below::LONGEST) {
            space.copy_from_slice(part);
            self.length = end;
        }
    }

    fn c_str(&self) -> io::Result<&CStr> {
        CStr::from_bytes_until_nul(&self.bytes).map_err(|_| io::ErrorKind::InvalidInput.into())
    }
}

impl Directory {
    /// Opens a directory.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn open(path: &Path) -> io::Result<Directory> {
        use std::os::unix::fs::OpenOptionsExt;
        std::fs::OpenOptions::new().read(true).custom_flags(libc::O_DIRECTORY).open(path).map(Directory)
    }

    /// Another handle of it, for another thread.
    ///
    /// # Errors
    /// What dup(2) says.
    pub fn again(&self) -> io::Result<Directory> {
        self.0.try_clone().map(Directory)
    }

    /// The entries of it whose names are numbers, as those of /proc and of /proc/PID/task; in the kernel's order, which is theirs.
    ///
    /// # Errors
    /// What getdents64(2) says.
    pub fn numbers(&self, numbers: &mut Vec<u32>) -> io::Result<()> {
        // SAFETY: only moves the position of our own descriptor.
        if unsafe { libc::lseek(self.fd(), 0, libc::SEEK_SET) } < 0 {
            return Err(io::Error::last_os_error());
        }
        entries(self.fd(), |name| numbers.extend(number(name)))
    }

    /// The same of a directory below.
    ///
    /// # Errors
    /// What openat(2) and getdents64(2) say.
    pub fn numbers_below(&self, path: Below, numbers: &mut Vec<u32>) -> io::Result<()> {
        let below = self.open_below(path, libc::O_DIRECTORY)?;
        entries(below.as_raw_fd(), |name| numbers.extend(number(name)))
    }

    /// How many entries a directory below has.
    ///
    /// # Errors
    /// What openat(2) and getdents64(2) say.
    pub fn count(&self, path: Below) -> io::Result<u64> {
        let below = self.open_below(path, libc::O_DIRECTORY)?;
        let mut count = 0;
        entries(below.as_raw_fd(), |name| count += u64::from(!matches!(name, b"." | b"..")))?;
        Ok(count)
    }

    /// Reads a file that the kernel writes as one record into `buffer`, whose length is how much is read at most.
    ///
    /// # Errors
    /// What openat(2) and read(2) say.
    pub fn read<'b>(&self, path: Below, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
        self.record(path)?.read(buffer)
    }

    /// Opens a file that the kernel writes as one record.
    ///
    /// # Errors
    /// What openat(2) says.
    pub fn record(&self, path: Below) -> io::Result<Record> {
        self.open_below(path, libc::O_NONBLOCK | libc::O_NOCTTY).map(Record)
    }

    /// User and group that own a file.
    ///
    /// # Errors
    /// What fstatat(2) says.
    pub fn owner(&self, path: Below) -> io::Result<(u32, u32)> {
        let mut read = MaybeUninit::<libc::stat64>::zeroed();
        // SAFETY: the path is a C string, `read` is large enough, and all zeroes is a valid value of it.
        let read = unsafe {
            if libc::fstatat64(self.fd(), path.c_str()?.as_ptr(), read.as_mut_ptr(), 0) != 0 {
                return Err(io::Error::last_os_error());
            }
            read.assume_init()
        };
        Ok((read.st_uid, read.st_gid))
    }

    /// The target of a symbolic link, of at most `buffer`'s length.
    ///
    /// # Errors
    /// What readlinkat(2) says.
    pub fn read_link<'b>(&self, path: Below, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
        // SAFETY: the path is a C string, and the kernel writes at most so many bytes as are told.
        let read =
            unsafe { libc::readlinkat(self.fd(), path.c_str()?.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) };
        match usize::try_from(read) {
            Ok(read) => Ok(buffer.get(..read).unwrap_or_default()),
            Err(_) => Err(io::Error::last_os_error()),
        }
    }

    fn open_below(&self, path: Below, flags: i32) -> io::Result<File> {
        // SAFETY: the path is a C string; the descriptor is new and ours alone.
        unsafe {
            let fd = libc::openat(self.fd(), path.c_str()?.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC | flags);
            if fd < 0 { Err(io::Error::last_os_error()) } else { Ok(File::from_raw_fd(fd)) }
        }
    }

    fn fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

/// A name that is a decimal number without leading zeroes.
fn number(name: &[u8]) -> Option<u32> {
    let digit = |value: u32, digit: &u8| {
        digit.is_ascii_digit().then(|| value.checked_mul(10)?.checked_add(u32::from(digit - b'0'))).flatten()
    };
    name.first().filter(|first| **first != b'0')?;
    name.iter().try_fold(0, digit)
}

/// Calls `each` with the names in an open directory. The standard library would allocate each.
fn entries(fd: RawFd, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    // Offsets within struct linux_dirent64 (include/linux/dirent.h).
    const LENGTH: usize = 16;
    const NAME: usize = 19;
    let mut buffer = [0u8; 32 << 10];
    loop {
        // SAFETY: the kernel writes at most so many bytes as are told.
        let read = unsafe { libc::syscall(libc::SYS_getdents64, fd, buffer.as_mut_ptr(), buffer.len()) };
        let read = usize::try_from(read).map_err(|_| io::Error::last_os_error())?;
        let mut rest = buffer.get(..read).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
        while let Some(length) = rest.get(LENGTH..).and_then(|at| at.first_chunk()) {
            let (entry, after) = rest.split_at_checked(usize::from(u16::from_ne_bytes(*length))).unwrap_or((rest, &[]));
            let name = entry.get(NAME..).unwrap_or_default();
            each(name.split(|byte| *byte == 0).next().unwrap_or_default());
            rest = if entry.is_empty() { &[] } else { after };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_there() {
        let proc = Directory::open(Path::new("/proc")).unwrap();
        for _ in 0..2 {
            let mut pids = Vec::new();
            proc.numbers(&mut pids).unwrap();
            assert!(pids.contains(&std::process::id()));
            assert!(pids.is_sorted());
        }
        let mut buffer = [0; 4096];
        let pid = std::process::id();
        let read = proc.read(Below::pid(pid, "stat"), &mut buffer).unwrap();
        assert!(read.starts_with(format!("{pid} (").as_bytes()));
        let mut tids = Vec::new();
        proc.numbers_below(Below::pid(pid, "task"), &mut tids).unwrap();
        assert!(tids.contains(&pid));
        assert!(proc.read(Below::tid(pid, pid, "stat"), &mut buffer).is_ok());
        assert!(proc.owner(Below::pid(pid, "")).is_ok());
    }

    #[test]
    fn paths_are_those_of_format() {
        let text = |path: Below| path.c_str().unwrap().to_str().unwrap().to_owned();
        assert_eq!(text(Below::pid(0, "stat")), "0/stat");
        assert_eq!(text(Below::tid(u32::MAX, 10, "stat")), "4294967295/task/10/stat");
        assert_eq!(text(Below::new(format_args!("{}/ns/{}", 12, "mnt"))), "12/ns/mnt");
        assert_eq!(text(Below::new(format_args!("{}", "x".repeat(99)))).len(), 63);
    }

    #[test]
    fn names_that_are_no_pids() {
        for name in [&b""[..], b"self", b"0", b"01", b"4294967296", b"1x"] {
            assert_eq!(number(name), None);
        }
        assert_eq!(number(b"4294967295"), Some(u32::MAX));
    }
}
