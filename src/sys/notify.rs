//! Where a process tells that it is up: $NOTIFY_SOCKET of sd_notify(3).

use std::io;
use std::mem::{offset_of, size_of};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// A datagram socket in the abstract namespace: it needs no directory that could be read-only, full or gone.
#[derive(Debug)]
pub struct NotifySocket {
    socket: OwnedFd,
    name: String,
}

/// A message, and who sent it by the kernel's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// `NAME=VALUE` lines.
    pub text: Vec<u8>,
    /// The sender's pid in this pid namespace; 0 for one that is not in it.
    pub pid: u32,
    /// The sender's user.
    pub uid: u32,
}

/// Longer ones are cut.
const MOST: usize = 4096;

/// Room for SCM_CREDENTIALS and nothing else: descriptors that come along are closed by the kernel (scm_detach_fds).
#[repr(C)]
struct Control {
    head: libc::cmsghdr,
    credentials: libc::ucred,
    /// CMSG_SPACE is a multiple of the header's alignment.
    padding: u32,
}

impl NotifySocket {
    /// A new one, under a name that the kernel chooses (unix(7), autobind).
    ///
    /// # Errors
    /// What socket(2), setsockopt(2), bind(2) and getsockname(2) say.
    pub fn new() -> io::Result<NotifySocket> {
        let on: libc::c_int = 1;
        let mut address = libc::sockaddr_un { sun_family: libc::AF_UNIX as libc::sa_family_t, sun_path: [0; 108] };
        let mut length = size_of::<libc::sa_family_t>() as libc::socklen_t;
        // SAFETY: the descriptor is new and nobody else's; addresses, lengths and the option outlive the calls, and the kernel writes
        // within the address's own size.
        let socket = unsafe {
            let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
            let descriptor = libc::socket(libc::AF_UNIX, kind, 0);
            told(descriptor)?;
            let socket = OwnedFd::from_raw_fd(descriptor);
            let size = size_of::<libc::c_int>() as libc::socklen_t;
            told(libc::setsockopt(descriptor, libc::SOL_SOCKET, libc::SO_PASSCRED, (&raw const on).cast(), size))?;
            told(libc::bind(descriptor, (&raw const address).cast(), length))?;
            length = size_of::<libc::sockaddr_un>() as libc::socklen_t;
            told(libc::getsockname(descriptor, (&raw mut address).cast(), &raw mut length))?;
            socket
        };
        let bytes = usize::try_from(length).unwrap_or(0).saturating_sub(offset_of!(libc::sockaddr_un, sun_path) + 1);
        let name = address.sun_path.iter().skip(1).take(bytes).map(|byte| char::from(byte.cast_unsigned())).collect();
        Ok(NotifySocket { socket, name })
    }

    /// What $NOTIFY_SOCKET says: an @ in place of the zero byte before the name.
    #[must_use]
    pub fn address(&self) -> String {
        format!("@{}", self.name)
    }

    /// The message that has waited longest.
    ///
    /// # Errors
    /// What recvmsg(2) says; `WouldBlock` where none waits.
    pub fn take(&self) -> io::Result<Notice> {
        let mut text = vec![0_u8; MOST];
        let mut part = libc::iovec { iov_base: text.as_mut_ptr().cast(), iov_len: text.len() };
        // SAFETY: zeroes are a valid value of both; the kernel writes within the buffers that the message names, which outlive the
        // call.
        let (count, control) = unsafe {
            let mut control: Control = std::mem::zeroed();
            let mut message: libc::msghdr = std::mem::zeroed();
            message.msg_iov = &raw mut part;
            message.msg_iovlen = 1;
            message.msg_control = (&raw mut control).cast();
            message.msg_controllen = size_of::<Control>() as _;
            (libc::recvmsg(self.socket.as_raw_fd(), &raw mut message, libc::MSG_CMSG_CLOEXEC), control)
        };
        let count = usize::try_from(count).map_err(|_| io::Error::last_os_error())?;
        text.truncate(count);
        let is_told = control.head.cmsg_level == libc::SOL_SOCKET && control.head.cmsg_type == libc::SCM_CREDENTIALS;
        let pid = u32::try_from(control.credentials.pid).ok().filter(|_| is_told).unwrap_or(0);
        Ok(Notice { text, pid, uid: if is_told { control.credentials.uid } else { u32::MAX } })
    }
}

impl AsFd for NotifySocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn told(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    #[test]
    fn who_sent_it_is_known() {
        let socket = NotifySocket::new().unwrap();
        assert_eq!(socket.take().unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let address = SocketAddr::from_abstract_name(&socket.address()[1..]).unwrap();
        UnixDatagram::unbound().unwrap().send_to_addr(b"READY=1\n", &address).unwrap();
        let notice = socket.take().unwrap();
        assert_eq!((notice.text.as_slice(), notice.pid), (b"READY=1\n".as_slice(), std::process::id()));
        // SAFETY: it cannot fail.
        assert_eq!(notice.uid, unsafe { libc::getuid() });
        assert_ne!(NotifySocket::new().unwrap().address(), socket.address());
    }
}
