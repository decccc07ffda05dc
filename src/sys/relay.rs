//! Signals of one who only passes them on: kept from the process, taken one by one, and for its child as if nothing had been touched.

use std::io;
use std::mem::MaybeUninit;
use std::time::Duration;

/// What a fault of the process's own sends: held back it would only be a fault without an end.
const FAULTS: [i32; 7] =
    [libc::SIGFPE, libc::SIGILL, libc::SIGSEGV, libc::SIGBUS, libc::SIGABRT, libc::SIGTRAP, libc::SIGSYS];

/// What stops a process in the background that uses the terminal.
const BACKGROUND: [i32; 2] = [libc::SIGTTIN, libc::SIGTTOU];

/// Signals with a name; those above are the real-time ones.
pub const NAMED: std::ops::RangeInclusive<i32> = 1..=31;

/// What stops a process and can be told to do otherwise.
pub const STOPS: [i32; 3] = [libc::SIGTSTP, libc::SIGTTOU, libc::SIGTTIN];

/// What stops a process whatever it wants.
pub const STOP: i32 = libc::SIGSTOP;

/// Which signals are taken, and what a child begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// All but faults, and but the terminal's to the background, which are ignored. A child has all as this process had it. Tini's way.
    ButFaults,
    /// All. A child has none blocked and none ignored. Dumb-init's way.
    All,
}

/// Signals that wait here until they are taken.
pub struct Relay {
    taken: Taken,
    set: libc::sigset_t,
    mask_before: libc::sigset_t,
    /// Signals that were ignored before and are not now, or the other way round, and how they were.
    changed: Vec<(i32, libc::sigaction)>,
}

impl Relay {
    /// From now on signals wait.
    #[must_use]
    pub fn open(taken: Taken) -> Relay {
        let mut set = MaybeUninit::<libc::sigset_t>::zeroed();
        let mut mask_before = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: sigfillset makes the set valid; the other calls read and write only what is handed to them.
        let (set, mask_before) = unsafe {
            libc::sigfillset(set.as_mut_ptr());
            let mut set = set.assume_init();
            if taken == Taken::ButFaults {
                for signal in FAULTS.into_iter().chain(BACKGROUND) {
                    libc::sigdelset(&mut set, signal);
                }
            }
            libc::sigprocmask(libc::SIG_SETMASK, &set, mask_before.as_mut_ptr());
            (set, mask_before.assume_init())
        };
        let mut changed = Vec::new();
        if taken == Taken::ButFaults {
            changed.extend(BACKGROUND.into_iter().filter_map(|signal| dispose(signal, libc::SIG_IGN)));
        }
        // Where children's ends are ignored nobody can wait for them.
        changed.extend(dispose(libc::SIGCHLD, libc::SIG_DFL));
        Relay { taken, set, mask_before, changed }
    }

    /// The next signal. Waits as long as it takes where `within` is `None`; `None` when none came in that time, or when the process
    /// was stopped and continued meanwhile.
    #[must_use]
    pub fn next(&self, within: Option<Duration>) -> Option<i32> {
        let time = within.map(|within| libc::timespec {
            tv_sec: libc::time_t::try_from(within.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: libc::c_long::from(within.subsec_nanos()),
        });
        let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: the set and the time outlive the call; who sent it is not asked.
        Some(unsafe { libc::sigtimedwait(&self.set, std::ptr::null_mut(), time) }).filter(|number| *number > 0)
    }

    /// In a child: makes all what its program is to begin with.
    ///
    /// # Errors
    /// What sigprocmask(2) says.
    pub fn restore(&self) -> io::Result<()> {
        match self.taken {
            Taken::ButFaults => {
                for (signal, before) in &self.changed {
                    // SAFETY: reads what sigaction itself has written before.
                    unsafe { libc::sigaction(*signal, before, std::ptr::null_mut()) };
                }
                set_mask(&self.mask_before)
            }
            Taken::All => {
                for signal in NAMED {
                    dispose(signal, libc::SIG_DFL);
                }
                let mut none = MaybeUninit::<libc::sigset_t>::zeroed();
                // SAFETY: sigemptyset makes the set valid.
                let none = unsafe {
                    libc::sigemptyset(none.as_mut_ptr());
                    none.assume_init()
                };
                set_mask(&none)
            }
        }
    }
}

fn set_mask(mask: &libc::sigset_t) -> io::Result<()> {
    // SAFETY: reads the set, which outlives the call.
    match unsafe { libc::sigprocmask(libc::SIG_SETMASK, mask, std::ptr::null_mut()) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Has a signal ignored (SIG_IGN) or do what it does by itself (SIG_DFL), and says how it was; `None` for one that cannot be changed.
fn dispose(signal: i32, to: libc::sighandler_t) -> Option<(i32, libc::sigaction)> {
    let mut before = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all zeroes is a valid sigaction, and neither disposition runs code.
    unsafe {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        action.sa_sigaction = to;
        (libc::sigaction(signal, &action, before.as_mut_ptr()) == 0).then(|| (signal, before.assume_init()))
    }
}

/// What the C library calls a signal: `Terminated`.
#[must_use]
pub fn describe(signal: i32) -> String {
    // SAFETY: the text is the library's own, or of this thread's until the next call.
    unsafe {
        let text = libc::strsignal(signal);
        if text.is_null() { signal.to_string() } else { std::ffi::CStr::from_ptr(text).to_string_lossy().into_owned() }
    }
}

/// The number of a signal by its name, `SIGTERM`; none of the real-time ones.
#[must_use]
pub fn number(name: &str) -> Option<i32> {
    // Historical names of others, and one that Linux has and never sends.
    let known = !matches!(name, "SIGSTKFLT" | "SIGIO" | "SIGPWR");
    let signal = name.parse::<nix::sys::signal::Signal>().ok()?;
    known.then_some(signal as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_names_and_numbers() {
        assert_eq!(describe(15), "Terminated");
        assert_eq!(describe(libc::SIGRTMIN()), "Real-time signal 0");
        assert_eq!(number("SIGTERM"), Some(15));
        assert_eq!((number("TERM"), number("sigterm"), number("15"), number("SIGPWR")), (None, None, None, None));
    }
}
