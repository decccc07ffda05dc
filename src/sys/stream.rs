//! Places that bytes are written to, without ever waiting for whoever reads there.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// A place for bytes, opened.
#[derive(Debug)]
pub enum Opened {
    /// A regular file, each write at its end.
    File(File),
    /// Anything else.
    Stream(Stream),
}

/// Standard output or error of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// Descriptor 1.
    Output,
    /// Descriptor 2.
    Error,
}

/// A pipe, terminal, socket or device.
#[derive(Debug)]
pub struct Stream {
    file: File,
    way: Way,
}

/// How it is written to without waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Just so: this process's own description, with O_NONBLOCK; or a regular file.
    Plain,
    /// By send(2), which takes the wish not to wait with each call.
    Socket,
    /// After a look whether there is room: others have the description as well, and O_NONBLOCK would be theirs too.
    Shared,
}

/// How many links are followed to see whether a path leads to standard output or error.
const LINKS: usize = 8;

/// The master of pseudo-terminals: opening it again makes another terminal.
const PTMX: libc::dev_t = libc::makedev(5, 2);

/// statfs(2).
const PIPEFS_MAGIC: i64 = 0x5049_5045;

/// Opens a place to which a log goes; a missing one is made as a regular file with these rights. Never waits, and makes no terminal
/// this process's own. A FIFO is opened for reading as well, so that it need not have a reader yet, and may change it. Where links
/// are not followed, a path that is one fails.
///
/// # Errors
/// What open(2) says.
pub fn open(path: &Path, rights: u32, follow_links: bool) -> io::Result<Opened> {
    let links = if follow_links { 0 } else { libc::O_NOFOLLOW };
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY | links;
    let both_ends = || OpenOptions::new().read(true).write(true).custom_flags(flags).open(path);
    let file = match OpenOptions::new().append(true).create(true).mode(rights).custom_flags(flags).open(path) {
        // A FIFO without a reader. A socket, or a device without hardware, says the same again.
        Err(error) if error.raw_os_error() == Some(libc::ENXIO) => both_ends()?,
        other => other?,
    };
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(Opened::File(file));
    }
    // Of a pipe without a name this process must not become a reader: it would never hear that the others are gone.
    let named = kind.is_fifo() && !is_on_pipefs(&file);
    let file = if named { both_ends().unwrap_or(file) } else { file };
    Ok(Opened::Stream(Stream { file, way: Way::Plain }))
}

/// Whether it is a pipe of pipe(2), which /proc/PID/fd leads to.
fn is_on_pipefs(file: &File) -> bool {
    let mut read = MaybeUninit::<libc::statfs64>::zeroed();
    // SAFETY: the kernel writes what it is handed, and all zeroes is a valid value of it.
    let read = unsafe {
        libc::fstatfs64(file.as_raw_fd(), read.as_mut_ptr());
        read.assume_init()
    };
    read.f_type == PIPEFS_MAGIC
}

/// Which of this process's standard descriptors a path leads to: /dev/stdout, /dev/fd/2, /proc/self/fd/1 and their like, or a link
/// to one of them. The descriptor itself works when the path may no longer be opened, as after a change of user.
#[must_use]
pub fn standard(path: &Path) -> Option<Standard> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if let Some(standard) = named(&path) {
            return Some(standard);
        }
        let target = fs::read_link(&path).ok()?;
        path = path.parent()?.join(target);
    }
    None
}

fn named(path: &Path) -> Option<Standard> {
    let own = format!("/proc/{}/fd", std::process::id());
    let number = match (path.parent()?, path.file_name()?.to_str()?) {
        (parent, "stdout") if parent == Path::new("/dev") => "1",
        (parent, "stderr") if parent == Path::new("/dev") => "2",
        (parent, name) if ["/dev/fd", "/proc/self/fd", own.as_str()].iter().any(|at| parent == Path::new(at)) => name,
        _ => return None,
    };
    match number {
        "1" => Some(Standard::Output),
        "2" => Some(Standard::Error),
        _ => None,
    }
}

impl Stream {
    /// This process's standard output or error as it is now. Pipes and terminals are opened anew where that is allowed: O_NONBLOCK
    /// on the description that the process was given would be seen by everybody who shares it.
    ///
    /// # Errors
    /// What fcntl(2) and fstat(2) say: bad descriptor, where it is closed.
    pub fn standard(which: Standard) -> io::Result<Stream> {
        let given = match which {
            Standard::Output => io::stdout().as_fd().try_clone_to_owned(),
            Standard::Error => io::stderr().as_fd().try_clone_to_owned(),
        };
        Stream::shared(File::from(given?))
    }

    /// A description that others may have as well.
    fn shared(file: File) -> io::Result<Stream> {
        let read = file.metadata()?;
        let way = match read.file_type() {
            kind if kind.is_socket() => Way::Socket,
            // Its position is shared, and is to stay so.
            kind if kind.is_file() => Way::Plain,
            _ => match own(&file, &read) {
                Ok(file) => return Ok(Stream { file, way: Way::Plain }),
                Err(_) => Way::Shared,
            },
        };
        Ok(Stream { file, way })
    }

    /// Writes as much as there is room for, without waiting.
    ///
    /// # Errors
    /// `WouldBlock` where there is no room now; else what write(2) says.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.way {
            Way::Plain => (&self.file).write(bytes),
            Way::Socket => self.send(bytes),
            Way::Shared => self.write_where_there_is_room(bytes),
        }
    }

    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        // SAFETY: reads as many bytes as there are.
        let sent = unsafe { libc::send(self.file.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), flags) };
        usize::try_from(sent).map_err(|_| io::Error::last_os_error())
    }

    /// A pipe that says that it has room takes PIPE_BUF bytes without waiting (pipe(7)).
    fn write_where_there_is_room(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut asked = libc::pollfd { fd: self.file.as_raw_fd(), events: libc::POLLOUT, revents: 0 };
        // SAFETY: one entry, which outlives the call.
        match unsafe { libc::poll(&mut asked, 1, 0) } {
            -1 => Err(io::Error::last_os_error()),
            0 => Err(io::ErrorKind::WouldBlock.into()),
            _ => (&self.file).write(bytes.get(..libc::PIPE_BUF).unwrap_or(bytes)),
        }
    }

    /// The device and inode of what is written to: the same for two descriptors of the same pipe or terminal.
    ///
    /// # Errors
    /// What fstat(2) says.
    pub fn identity(&self) -> io::Result<(u64, u64)> {
        let read = self.file.metadata()?;
        Ok((read.dev(), read.ino()))
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

/// The same pipe, terminal or device by a description of this process's own.
fn own(file: &File, read: &Metadata) -> io::Result<File> {
    if read.file_type().is_char_device() && read.rdev() == PTMX {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// Whether the error says that nobody will read any more: the other end of the pipe or terminal is gone.
#[must_use]
pub fn is_deserted(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EPIPE | libc::EIO | libc::ECONNRESET))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    fn fill(stream: &Stream) -> io::Error {
        loop {
            if let Err(error) = stream.write(&[b'x'; 8192]) {
                return error;
            }
        }
    }

    /// Another test may be between fork and exec, with a copy of the other end.
    fn wait_until_deserted(stream: &Stream) {
        while !stream.write(b"x").is_err_and(|error| is_deserted(&error)) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn standard_output_and_error_are_known_by_all_their_names() {
        let own = format!("/proc/{}/fd/1", std::process::id());
        for path in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "//dev//stdout", &own] {
            assert_eq!(standard(Path::new(path)), Some(Standard::Output), "{path}");
        }
        for path in ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"] {
            assert_eq!(standard(Path::new(path)), Some(Standard::Error), "{path}");
        }
        for path in ["/dev/null", "/dev/fd/3", "/proc/1/fd/1", "stdout", "/tmp/stdout", "/", ""] {
            assert_eq!(standard(Path::new(path)), None, "{path}");
        }
        let link = std::env::temp_dir().join(format!("vat-stdout-{}", std::process::id()));
        std::os::unix::fs::symlink("/dev/stdout", &link).unwrap();
        assert_eq!(standard(&link), Some(Standard::Output));
        fs::remove_file(link).unwrap();
    }

    #[test]
    fn a_full_pipe_is_not_waited_for_and_stays_as_it_was_for_others() {
        let (mut reader, writer) = crate::sys::process::pipe().unwrap();
        let others = writer.try_clone().unwrap();
        let stream = Stream::shared(writer).unwrap();
        assert_eq!(stream.way, Way::Plain);
        assert_eq!(fill(&stream).kind(), io::ErrorKind::WouldBlock);
        // SAFETY: only asks.
        let flags = unsafe { libc::fcntl(others.as_raw_fd(), libc::F_GETFL) };
        assert_eq!(flags & libc::O_NONBLOCK, 0);
        // Where it may not be opened anew.
        let stream = Stream { file: others, way: Way::Shared };
        assert_eq!(fill(&stream).kind(), io::ErrorKind::WouldBlock);
        reader.read_exact(&mut [0; 8192]).unwrap();
        assert_eq!(stream.write(&[b'x'; 8192]).unwrap(), libc::PIPE_BUF);
        drop(reader);
        wait_until_deserted(&stream);
    }

    #[test]
    fn a_full_socket_is_not_waited_for() {
        let (here, there) = UnixStream::pair().unwrap();
        let stream = Stream::shared(File::from(std::os::fd::OwnedFd::from(here))).unwrap();
        assert_eq!(fill(&stream).kind(), io::ErrorKind::WouldBlock);
        drop(there);
        wait_until_deserted(&stream);
    }

    #[test]
    fn a_fifo_needs_no_reader_and_survives_one() {
        let path = std::env::temp_dir().join(format!("vat-fifo-{}", std::process::id()));
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let Opened::Stream(stream) = open(&path, 0o666, true).unwrap() else { panic!("a FIFO is no file") };
        stream.write(b"first").unwrap();
        let mut read = [0; 5];
        File::open(&path).unwrap().read_exact(&mut read).unwrap();
        assert_eq!(&read, b"first");
        stream.write(b"second").unwrap();
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_link_is_followed_only_where_asked() {
        let base = std::env::temp_dir().join(format!("vat-follow-{}", std::process::id()));
        std::os::unix::fs::symlink("/dev/null", &base).unwrap();
        assert!(matches!(open(&base, 0o666, true).unwrap(), Opened::Stream(_)));
        assert_eq!(open(&base, 0o666, false).unwrap_err().raw_os_error(), Some(libc::ELOOP));
        fs::remove_file(base).unwrap();
    }
}
