//! Signals as something to be read: signalfd(2).

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, FromRawFd};

/// Signals that are kept from this process and wait here to be read: they interrupt nothing, and PID 1 loses none of them, for the
/// kernel drops only those that are not blocked (kernel/signal.c, `sig_ignored`).
#[derive(Debug)]
pub struct Inbox {
    signals: File,
}

/// A signal that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its number.
    pub number: i32,
    /// Who sent it; 0 for the kernel, or someone outside of this pid namespace.
    pub sender: u32,
}

impl Inbox {
    /// From now on these signals come here; these others are kept from the process and told nobody.
    ///
    /// # Errors
    /// What signalfd(2) says.
    pub fn open(signals: &[i32], deaf: &[i32]) -> io::Result<Inbox> {
        let (wanted, blocked) = (set(signals), set(&[signals, deaf].concat()));
        // SAFETY: the sets outlive the calls; the descriptor is new and nobody else's. A handler of SIG_DFL runs no code.
        unsafe {
            // Where children's ends are ignored nobody can wait for them.
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
            libc::sigprocmask(libc::SIG_BLOCK, &blocked, std::ptr::null_mut());
            match libc::signalfd(-1, &wanted, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) {
                -1 => Err(io::Error::last_os_error()),
                descriptor => Ok(Inbox { signals: File::from_raw_fd(descriptor) }),
            }
        }
    }

    /// The next one that has come. Does not wait.
    pub fn take(&mut self) -> Option<Received> {
        let mut record = [0; size_of::<libc::signalfd_siginfo>()];
        self.signals.read_exact(&mut record).ok()?;
        // struct signalfd_siginfo: ssi_signo, ssi_errno, ssi_code, ssi_pid, 32 bits each.
        let word = |at: usize| record.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
        Some(Received { number: i32::try_from(word(0)?).ok()?, sender: word(12)? })
    }
}

impl AsFd for Inbox {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.signals.as_fd()
    }
}

/// The number of a signal by which systemd, and containers by its example, ask for a shutdown: SIGRTMIN+3.
#[must_use]
pub fn halt() -> i32 {
    libc::SIGRTMIN() + 3
}

fn set(signals: &[i32]) -> libc::sigset_t {
    let mut set = std::mem::MaybeUninit::<libc::sigset_t>::zeroed();
    // SAFETY: sigemptyset makes the set valid.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        let mut set = set.assume_init();
        for signal in signals {
            libc::sigaddset(&mut set, *signal);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_read_with_its_sender() {
        let mut inbox = Inbox::open(&[libc::SIGUSR2], &[]).unwrap();
        assert_eq!(inbox.take(), None);
        // SAFETY: to this thread alone, which has it blocked.
        unsafe { libc::raise(libc::SIGUSR2) };
        assert_eq!(inbox.take(), Some(Received { number: libc::SIGUSR2, sender: std::process::id() }));
        assert_eq!(inbox.take(), None);
    }
}
