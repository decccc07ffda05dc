//! Waits for a file and for signals at once: for a program that has the terminal to itself.

use super::signal::Mask;
use std::fs::File;
use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd};
use std::time::Duration;

/// Signals that come as if they were input, instead of interrupting.
#[derive(Debug)]
pub struct Watch {
    signals: File,
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To end.
    End,
    /// To end what is being done: Ctrl-C.
    Interrupt,
    /// To look how large the terminal is now.
    Resize,
    /// To stop: Ctrl-Z.
    Stop,
    /// To go on after a stop.
    Continue,
}

/// What one waits for a file to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// There is something to read.
    Input,
    /// There is room to write.
    Room,
}

/// What woke the waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// A signal.
    Signal(Asked),
    /// The file.
    Ready {
        /// Nobody is at its other end any more. There may still be something to read.
        hung: bool,
    },
    /// Nothing, in that time.
    Nothing,
}

/// What ends a program. Those that the caller's parent ignores (nohup(1)) as well, as top does.
const ENDS: [libc::c_int; 7] = [
    libc::SIGQUIT,
    libc::SIGHUP,
    libc::SIGTERM,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGALRM,
    // What cannot be written says so itself.
    libc::SIGPIPE,
];
const OTHERS: [libc::c_int; 4] = [libc::SIGINT, libc::SIGWINCH, libc::SIGTSTP, libc::SIGCONT];

impl Watch {
    /// From now on takes what ends, stops and continues a program and what tells it of the terminal's size.
    ///
    /// # Errors
    /// What signalfd(2) says.
    pub fn new() -> io::Result<Watch> {
        let set = set(ENDS.into_iter().chain(OTHERS));
        // SAFETY: reads the set; the descriptor is new and nobody else's.
        unsafe {
            libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
            let descriptor = libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK);
            if descriptor < 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(Watch { signals: File::from_raw_fd(descriptor) })
        }
    }

    /// Waits for a signal, or a file where there is one, at most so long; for ever where `None`. A signal comes first.
    ///
    /// # Errors
    /// What ppoll(2) says.
    pub fn wait(&self, file: Option<(BorrowedFd<'_>, For)>, within: Option<Duration>) -> io::Result<Woken> {
        let (fd, events) = match file {
            Some((file, For::Input)) => (file.as_raw_fd(), libc::POLLIN),
            Some((file, For::Room)) => (file.as_raw_fd(), libc::POLLOUT),
            // One that poll(2) passes over.
            None => (-1, 0),
        };
        let mut both = [
            libc::pollfd { fd: self.signals.as_raw_fd(), events: libc::POLLIN, revents: 0 },
            libc::pollfd { fd, events, revents: 0 },
        ];
        let time = within.map(|within| libc::timespec {
            tv_sec: libc::time_t::try_from(within.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: libc::c_long::from(within.subsec_nanos()),
        });
        let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: two descriptors and a time that outlive the call, or no time.
        let ready = unsafe { libc::ppoll(both.as_mut_ptr(), 2, time, std::ptr::null()) };
        if ready < 0 {
            let error = io::Error::last_os_error();
            // Stopped and continued: to the caller it is as if nothing had come.
            return if error.kind() == io::ErrorKind::Interrupted { Ok(Woken::Nothing) } else { Err(error) };
        }
        let [signal, other] = both;
        if signal.revents != 0
            && let Some(asked) = self.next()
        {
            return Ok(Woken::Signal(asked));
        }
        let hung = other.revents & (libc::POLLHUP | libc::POLLERR | libc::POLLNVAL) != 0;
        Ok(if other.revents == 0 { Woken::Nothing } else { Woken::Ready { hung } })
    }

    /// The next signal that has come already.
    fn next(&self) -> Option<Asked> {
        let mut record = [0; size_of::<libc::signalfd_siginfo>()];
        (&self.signals).read_exact(&mut record).ok()?;
        // The signal's number is the first of the record's fields.
        let number = u32::from_ne_bytes(*record.first_chunk()?);
        Some(match libc::c_int::try_from(number).ok()? {
            libc::SIGINT => Asked::Interrupt,
            libc::SIGWINCH => Asked::Resize,
            libc::SIGTSTP => Asked::Stop,
            libc::SIGCONT => Asked::Continue,
            _ => Asked::End,
        })
    }

    /// Stops this process as Ctrl-Z does, until it is continued. Does nothing where nobody could continue it.
    pub fn stop(&self) {
        let stop = set([libc::SIGTSTP]);
        let mut before = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: both sets outlive the calls. The signal is let in, is not handled, and so stops the process in the second call.
        unsafe {
            libc::raise(libc::SIGTSTP);
            libc::sigprocmask(libc::SIG_UNBLOCK, &stop, before.as_mut_ptr());
            let _ = Mask::from(before.assume_init()).set();
        }
    }
}

fn set(signals: impl IntoIterator<Item = libc::c_int>) -> libc::sigset_t {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset makes the set valid.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        let mut set = set.assume_init();
        for signal in signals {
            libc::sigaddset(&mut set, signal);
        }
        set
    }
}
