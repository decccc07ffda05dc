//! Trying whether a port takes connections, without waiting for it.

use std::io;
use std::mem::size_of;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// A connection that is being made.
#[derive(Debug)]
pub struct Dial(TcpStream);

impl Dial {
    /// Begins to connect. What comes of it is known when there is room to write.
    ///
    /// # Errors
    /// What socket(2) and connect(2) say, where they know at once.
    pub fn begin(address: SocketAddr) -> io::Result<Dial> {
        match address {
            SocketAddr::V4(v4) => connect(
                libc::AF_INET,
                &libc::sockaddr_in {
                    sin_family: libc::AF_INET as libc::sa_family_t,
                    sin_port: v4.port().to_be(),
                    sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(v4.ip().octets()) },
                    sin_zero: [0; 8],
                },
            ),
            SocketAddr::V6(v6) => connect(
                libc::AF_INET6,
                &libc::sockaddr_in6 {
                    sin6_family: libc::AF_INET6 as libc::sa_family_t,
                    sin6_port: v6.port().to_be(),
                    sin6_flowinfo: v6.flowinfo(),
                    sin6_addr: libc::in6_addr { s6_addr: v6.ip().octets() },
                    sin6_scope_id: v6.scope_id(),
                },
            ),
        }
    }

    /// Whether somebody is there; `None` as long as that is not known.
    #[must_use]
    pub fn answer(&self) -> Option<bool> {
        if !matches!(self.0.take_error(), Ok(None)) {
            return Some(false);
        }
        let there = self.0.peer_addr().ok()?;
        // A port of those that the kernel gives out may have been given to this very connection, which is then its own other end.
        Some(self.0.local_addr().ok() != Some(there))
    }
}

impl AsFd for Dial {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn connect<A>(family: libc::c_int, address: &A) -> io::Result<Dial> {
    // SAFETY: the descriptor is new and nobody else's, and the address, which is the family's, outlives the call.
    unsafe {
        let descriptor = libc::socket(family, libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK, 0);
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        let socket = OwnedFd::from_raw_fd(descriptor);
        let length = size_of::<A>() as libc::socklen_t;
        if libc::connect(socket.as_raw_fd(), std::ptr::from_ref(address).cast(), length) < 0 {
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(libc::EINPROGRESS) {
                return Err(error);
            }
        }
        Ok(Dial(socket.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::poll::{Interest, Poll};
    use std::net::TcpListener;

    fn answers(address: SocketAddr) -> bool {
        let Ok(dial) = Dial::begin(address) else { return false };
        let (poll, mut ready) = (Poll::new().unwrap(), Vec::new());
        poll.add(&dial, 1, Interest::WRITE).unwrap();
        poll.wait(&mut ready, None).unwrap();
        dial.answer().unwrap()
    }

    #[test]
    fn a_port_that_takes_connections_and_one_that_does_not() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        assert!(answers(address));
        drop(listener);
        assert!(!answers(address));
        if let Ok(listener) = TcpListener::bind("[::1]:0") {
            assert!(answers(listener.local_addr().unwrap()));
        }
    }
}
