//! Waiting for many descriptors at once: epoll(7).

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;

/// Descriptors that are waited for, each under a token of the caller's.
#[derive(Debug)]
pub struct Poll {
    epoll: OwnedFd,
}

/// What a descriptor is waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// There is something to read, or the other end is gone.
    pub read: bool,
    /// There is room to write.
    pub write: bool,
}

impl Interest {
    /// Something to read.
    pub const READ: Interest = Interest { read: true, write: false };
    /// Room to write.
    pub const WRITE: Interest = Interest { read: false, write: true };
    /// Both.
    pub const BOTH: Interest = Interest { read: true, write: true };
    /// Nothing but that the other end is gone, which the kernel always tells.
    pub const NONE: Interest = Interest { read: false, write: false };

    fn events(self) -> u32 {
        let read = if self.read { libc::EPOLLIN | libc::EPOLLRDHUP } else { 0 };
        let write = if self.write { libc::EPOLLOUT } else { 0 };
        (read | write).unsigned_abs()
    }
}

/// A descriptor that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Which.
    pub token: u64,
    /// There is something to read, be it the end.
    pub read: bool,
    /// There is room to write.
    pub write: bool,
    /// The other end is gone, or the descriptor is in error: nothing more can be written.
    pub hung: bool,
}

/// So many are told at once; the others at the next call.
const AT_ONCE: usize = 128;

impl Poll {
    /// None yet.
    ///
    /// # Errors
    /// What epoll_create1(2) says.
    pub fn new() -> io::Result<Poll> {
        // SAFETY: the descriptor is new and nobody else's.
        unsafe {
            match libc::epoll_create1(libc::EPOLL_CLOEXEC) {
                -1 => Err(io::Error::last_os_error()),
                descriptor => Ok(Poll { epoll: OwnedFd::from_raw_fd(descriptor) }),
            }
        }
    }

    /// Waits for this one as well, until it is removed or closed.
    ///
    /// # Errors
    /// What epoll_ctl(2) says; `PermissionDenied` for a regular file, which is always ready.
    pub fn add(&self, descriptor: impl AsFd, token: u64, interest: Interest) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_ADD, descriptor, token, interest)
    }

    /// Waits for something else of it from now on.
    ///
    /// # Errors
    /// What epoll_ctl(2) says.
    pub fn change(&self, descriptor: impl AsFd, token: u64, interest: Interest) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_MOD, descriptor, token, interest)
    }

    /// Waits for it no longer. To be called before it is closed, where a child may still have it open.
    ///
    /// # Errors
    /// What epoll_ctl(2) says.
    pub fn remove(&self, descriptor: impl AsFd) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_DEL, descriptor, 0, Interest::default())
    }

    fn control(&self, what: libc::c_int, descriptor: impl AsFd, token: u64, interest: Interest) -> io::Result<()> {
        let mut event = libc::epoll_event { events: interest.events(), u64: token };
        // SAFETY: both descriptors are open, and the event outlives the call.
        let result =
            unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), what, descriptor.as_fd().as_raw_fd(), &mut event) };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits until some are ready, at most so long; for ever where `None`. `ready` is emptied first.
    ///
    /// # Errors
    /// What epoll_wait(2) says, but for an interruption: then none is ready.
    pub fn wait(&self, ready: &mut Vec<Ready>, within: Option<Duration>) -> io::Result<()> {
        ready.clear();
        let timeout = within.map_or(-1, |within| {
            // Rounded up: waking before the time would mean waking twice.
            libc::c_int::try_from(within.as_nanos().div_ceil(1_000_000)).unwrap_or(libc::c_int::MAX)
        });
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; AT_ONCE];
        // SAFETY: the kernel writes at most as many events as there is room for.
        let count = unsafe {
            libc::epoll_wait(
                self.epoll.as_raw_fd(),
                events.as_mut_ptr(),
                libc::c_int::try_from(AT_ONCE).unwrap_or(1),
                timeout,
            )
        };
        let Ok(count) = usize::try_from(count) else {
            let error = io::Error::last_os_error();
            return if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) };
        };
        ready.extend(events.iter().take(count).map(|event| {
            let (events, token) = (event.events, event.u64);
            let has = |flags: libc::c_int| events & flags.unsigned_abs() != 0;
            let hung = has(libc::EPOLLHUP | libc::EPOLLERR);
            Ready { token, read: has(libc::EPOLLIN | libc::EPOLLRDHUP) || hung, write: has(libc::EPOLLOUT), hung }
        }));
        Ok(())
    }
}

impl AsFd for Poll {
    /// There is something to read when one of the descriptors is ready.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    #[test]
    fn what_is_ready_is_told_under_its_token() {
        let poll = Poll::new().unwrap();
        let (mut here, there) = UnixStream::pair().unwrap();
        poll.add(&there, 7, Interest::READ).unwrap();
        let mut ready = Vec::new();
        poll.wait(&mut ready, Some(Duration::ZERO)).unwrap();
        assert_eq!(ready, []);
        here.write_all(b"x").unwrap();
        poll.wait(&mut ready, None).unwrap();
        assert_eq!(ready, [Ready { token: 7, read: true, write: false, hung: false }]);
        poll.change(&there, 8, Interest::BOTH).unwrap();
        drop(here);
        poll.wait(&mut ready, None).unwrap();
        assert_eq!(ready, [Ready { token: 8, read: true, write: true, hung: true }]);
        poll.remove(&there).unwrap();
        poll.wait(&mut ready, Some(Duration::ZERO)).unwrap();
        assert_eq!(ready, []);
    }
}
