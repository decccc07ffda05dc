//! Signals, waited for instead of interrupted by.

use std::io;
use std::mem::MaybeUninit;
use std::time::Duration;

/// Signals by their names without SIG.
pub mod number {
    #![expect(missing_docs, reason = "the names are POSIX's (signal(7))")]

    pub const CHLD: i32 = libc::SIGCHLD;
    pub const CONT: i32 = libc::SIGCONT;
    pub const HUP: i32 = libc::SIGHUP;
    pub const INT: i32 = libc::SIGINT;
    pub const KILL: i32 = libc::SIGKILL;
    pub const PIPE: i32 = libc::SIGPIPE;
    pub const PWR: i32 = libc::SIGPWR;
    pub const QUIT: i32 = libc::SIGQUIT;
    pub const STOP: i32 = libc::SIGSTOP;
    pub const TERM: i32 = libc::SIGTERM;
    pub const TSTP: i32 = libc::SIGTSTP;
    pub const TTIN: i32 = libc::SIGTTIN;
    pub const TTOU: i32 = libc::SIGTTOU;
    pub const USR1: i32 = libc::SIGUSR1;
    pub const USR2: i32 = libc::SIGUSR2;
    pub const WINCH: i32 = libc::SIGWINCH;
    pub const XFSZ: i32 = libc::SIGXFSZ;
}

/// A signal's name, `SIGTERM`; `signal 40` where it has none.
#[must_use]
pub fn name(number: i32) -> String {
    match nix::sys::signal::Signal::try_from(number) {
        Ok(signal) => signal.as_str().to_owned(),
        Err(_) => format!("signal {number}"),
    }
}

/// Signals that this process takes when it waits for them, instead of being interrupted.
#[derive(Debug)]
pub struct Signals {
    set: libc::sigset_t,
    before: Mask,
}

/// Which signals are kept from a process.
#[derive(Clone, Copy, Debug)]
pub struct Mask(libc::sigset_t);

impl Mask {
    /// Makes it this process's.
    ///
    /// # Errors
    /// What sigprocmask(2) says.
    pub fn set(self) -> io::Result<()> {
        // SAFETY: reads the set, which outlives the call.
        match unsafe { libc::sigprocmask(libc::SIG_SETMASK, &self.0, std::ptr::null_mut()) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl From<libc::sigset_t> for Mask {
    fn from(set: libc::sigset_t) -> Mask {
        Mask(set)
    }
}

/// A signal that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Its number.
    pub number: i32,
    /// Whether the kernel sent it, as the terminal does at Ctrl-C: to every process in the foreground.
    pub from_kernel: bool,
}

impl Caught {
    /// A child changed its state.
    #[must_use]
    pub fn is_child(self) -> bool {
        self.number == libc::SIGCHLD
    }

    /// Ctrl-C or Ctrl-\ at the terminal, which the program in the foreground got as well.
    #[must_use]
    pub fn is_for_foreground(self) -> bool {
        self.from_kernel && matches!(self.number, libc::SIGINT | libc::SIGQUIT)
    }
}

impl Signals {
    /// From now on takes what ends a program (INT, QUIT, HUP, TERM), and children's ends. What the caller's parent ignores
    /// (nohup(1)) stays ignored. Writing to the terminal from the background stops nobody any more.
    #[must_use]
    pub fn take() -> Signals {
        let ends = [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP, libc::SIGTERM];
        let mut set = MaybeUninit::<libc::sigset_t>::uninit();
        let mut before = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: sigemptyset makes the set valid; the other calls read and write only what is handed to them. A handler of
        // SIG_DFL runs no code.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            let mut set = set.assume_init();
            for signal in ends.into_iter().filter(|signal| !is_ignored(*signal)) {
                libc::sigaddset(&mut set, signal);
            }
            // Where children's ends are ignored nobody can wait for them.
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
            libc::sigaddset(&mut set, libc::SIGCHLD);
            let mut blocked = set;
            libc::sigaddset(&mut blocked, libc::SIGTTOU);
            libc::sigprocmask(libc::SIG_BLOCK, &blocked, before.as_mut_ptr());
            Signals { set, before: Mask(before.assume_init()) }
        }
    }

    /// What was kept from this process before: what a program that it starts expects.
    #[must_use]
    pub fn before(&self) -> Mask {
        self.before
    }

    /// The next signal; `None` when none came in that time.
    ///
    /// # Errors
    /// What sigtimedwait(2) says.
    pub fn next(&self, within: Duration) -> io::Result<Option<Caught>> {
        let seconds = libc::time_t::try_from(within.as_secs()).unwrap_or(libc::time_t::MAX);
        let time = libc::timespec { tv_sec: seconds, tv_nsec: libc::c_long::from(within.subsec_nanos()) };
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        // SAFETY: all three outlive the call, and all zeroes is a valid siginfo_t.
        let (number, info) = unsafe {
            let number = libc::sigtimedwait(&self.set, info.as_mut_ptr(), &time);
            (number, info.assume_init())
        };
        if number > 0 {
            return Ok(Some(Caught { number, from_kernel: info.si_code == libc::SI_KERNEL }));
        }
        let error = io::Error::last_os_error();
        match error.raw_os_error() {
            // Stopped and continued: to the caller it is as if nothing had come.
            Some(libc::EAGAIN | libc::EINTR) => Ok(None),
            _ => Err(error),
        }
    }
}

/// Lets every signal through again: for a child before its program begins. What was ignored when this process was started stays so,
/// as nohup(1) wants it.
pub fn as_a_program_expects() {
    let mut none = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset makes the set valid.
    unsafe {
        libc::sigemptyset(none.as_mut_ptr());
        libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
    }
}

fn is_ignored(signal: i32) -> bool {
    let mut now = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: only asks; all zeroes is a valid sigaction.
    let now = unsafe {
        libc::sigaction(signal, std::ptr::null(), now.as_mut_ptr());
        now.assume_init()
    };
    now.sa_sigaction == libc::SIG_IGN
}
