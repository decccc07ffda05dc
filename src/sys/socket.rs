//! Stream sockets that never block, of unix and of TCP alike.

use std::io;
use std::mem::{offset_of, size_of};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// So many connections may wait to be accepted.
const BACKLOG: libc::c_int = 1024;

/// Where clients connect.
#[derive(Debug)]
pub struct Listener(OwnedFd);

/// A connection.
#[derive(Debug)]
pub struct Stream(OwnedFd);

impl Listener {
    /// A unix socket in the file system, with no permissions for anybody: nobody can connect until its mode is set and
    /// [`Listener::listen`] is called.
    ///
    /// # Errors
    /// What socket(2) and bind(2) say; `InvalidInput` where the path does not fit.
    pub fn bind_unix(path: &Path) -> io::Result<Listener> {
        let (address, length) = unix_address(path)?;
        let socket = unix_socket()?;
        // SAFETY: the descriptor is open, the address outlives the call, and `length` is within it. The mode that a socket has
        // before it is bound is that of its file.
        unsafe {
            told(libc::fchmod(socket.as_raw_fd(), 0))?;
            told(libc::bind(socket.as_raw_fd(), (&raw const address).cast(), length))?;
        }
        Ok(Listener(socket))
    }

    /// A TCP port, also where connections of a former program still linger (SO_REUSEADDR). It listens at once.
    ///
    /// # Errors
    /// What socket(2), bind(2) and listen(2) say.
    pub fn bind_inet(address: SocketAddr) -> io::Result<Listener> {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let listener = Listener(socket.into());
        listener.listen()?;
        Ok(listener)
    }

    /// Lets clients connect.
    ///
    /// # Errors
    /// What listen(2) says.
    pub fn listen(&self) -> io::Result<()> {
        // SAFETY: the descriptor is open.
        told(unsafe { libc::listen(self.0.as_raw_fd(), BACKLOG) })
    }

    /// The connection that has waited longest.
    ///
    /// # Errors
    /// What accept(2) says; `WouldBlock` where none waits.
    pub fn accept(&self) -> io::Result<Stream> {
        // SAFETY: the descriptor is open, nobody asks for the address, and what comes is new and nobody else's.
        unsafe {
            let descriptor = libc::accept4(
                self.0.as_raw_fd(),
                std::ptr::null_mut(),
                std::ptr::null_mut(),
                libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK,
            );
            told(descriptor)?;
            Ok(Stream(OwnedFd::from_raw_fd(descriptor)))
        }
    }
}

impl Stream {
    /// Connects to a unix socket, or says at once why not.
    ///
    /// # Errors
    /// What socket(2) and connect(2) say: `ConnectionRefused` where nobody listens, `WouldBlock` where too many wait already.
    pub fn connect_unix(path: &Path) -> io::Result<Stream> {
        let (address, length) = unix_address(path)?;
        let socket = unix_socket()?;
        // SAFETY: the descriptor is open, the address outlives the call, and `length` is within it.
        told(unsafe { libc::connect(socket.as_raw_fd(), (&raw const address).cast(), length) })?;
        Ok(Stream(socket))
    }

    /// Takes what has come, and says how much; 0 at the end.
    ///
    /// # Errors
    /// What recv(2) says; `WouldBlock` where nothing has come yet.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the descriptor is open, and the kernel writes within the buffer.
        let count = unsafe { libc::recv(self.0.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len(), 0) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// Gives what there is room for, and says how much.
    ///
    /// # Errors
    /// What send(2) says, without a signal; `WouldBlock` where there is no room.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the descriptor is open, and the kernel reads within the bytes.
        let count = unsafe { libc::send(self.0.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), libc::MSG_NOSIGNAL) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// Tells the other end that nothing more will be written.
    ///
    /// # Errors
    /// What shutdown(2) says.
    pub fn end_writing(&self) -> io::Result<()> {
        // SAFETY: the descriptor is open.
        told(unsafe { libc::shutdown(self.0.as_raw_fd(), libc::SHUT_WR) })
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The name of an error's number, such as `EACCES`.
#[must_use]
pub fn error_name(error: &io::Error) -> Option<String> {
    let errno = nix::errno::Errno::from_raw(error.raw_os_error()?);
    (errno != nix::errno::Errno::UnknownErrno).then(|| format!("{errno:?}"))
}

fn unix_socket() -> io::Result<OwnedFd> {
    // SAFETY: the descriptor is new and nobody else's.
    unsafe {
        let descriptor = libc::socket(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK, 0);
        told(descriptor)?;
        Ok(OwnedFd::from_raw_fd(descriptor))
    }
}

fn unix_address(path: &Path) -> io::Result<(libc::sockaddr_un, libc::socklen_t)> {
    let mut address = libc::sockaddr_un { sun_family: libc::AF_UNIX as libc::sa_family_t, sun_path: [0; 108] };
    let bytes = path.as_os_str().as_bytes();
    // One byte is for the end.
    if bytes.len() >= address.sun_path.len() || bytes.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    for (room, byte) in address.sun_path.iter_mut().zip(bytes) {
        *room = byte.cast_signed();
    }
    let length = offset_of!(libc::sockaddr_un, sun_path) + bytes.len() + 1;
    Ok((address, libc::socklen_t::try_from(length).unwrap_or(size_of::<libc::sockaddr_un>() as libc::socklen_t)))
}

fn told(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Has so many connections wait for a listening socket at most.
///
/// # Errors
/// What listen(2) says.
pub fn set_backlog(listener: &impl std::os::fd::AsFd, backlog: u32) -> io::Result<()> {
    let backlog = libc::c_int::try_from(backlog).unwrap_or(libc::c_int::MAX);
    // SAFETY: takes only numbers; the descriptor is open.
    match unsafe { libc::listen(std::os::fd::AsRawFd::as_raw_fd(&listener.as_fd()), backlog) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_unix_socket_is_closed_to_all_until_it_listens() {
        let directory = std::env::temp_dir().join(format!("vat-socket-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let path = directory.join("s");
        let listener = Listener::bind_unix(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0);
        assert_eq!(Stream::connect_unix(&path).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        listener.listen().unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let client = Stream::connect_unix(&path).unwrap();
        let server = listener.accept().unwrap();
        let mut buffer = [0; 8];
        assert_eq!(server.read(&mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        assert_eq!(client.write(b"hello").unwrap(), 5);
        client.end_writing().unwrap();
        assert_eq!((server.read(&mut buffer).unwrap(), &buffer[..5]), (5, b"hello".as_slice()));
        assert_eq!(server.read(&mut buffer).unwrap(), 0);
        drop(client);
        assert_eq!(error_name(&server.write(b"x").unwrap_err()).as_deref(), Some("EPIPE"));
        assert!(Listener::bind_unix(&directory.join("x".repeat(108))).is_err());
        fs::remove_dir_all(&directory).unwrap();
    }
}
