use std::io;
use std::mem::MaybeUninit;

/// A child that ended and is still in the process table: nobody else has its pid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub pid: u32,
    /// How.
    pub how: How,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By itself, with this code.
    Exited(i32),
    /// By a signal.
    Killed {
        /// Which.
        signal: i32,
        /// Whether the kernel wrote its memory to a file.
        core: bool,
    },
}

impl How {
    /// The code that a shell, tini and Docker give it: 128 and the signal's number where a signal ended it.
    #[must_use]
    pub fn code(self) -> u8 {
        let code = match self {
            How::Exited(code) => code,
            How::Killed { signal, .. } => 128 + signal,
        };
        u8::try_from(code).unwrap_or(u8::MAX)
    }
}

/// A child that has ended, left in the process table until [`collect`] takes it out; `None` when none has. Does not wait.
///
/// # Errors
/// What waitid(2) says: ECHILD when there are no children.
pub fn peek() -> io::Result<Option<Ended>> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    // SAFETY: the kernel writes a siginfo_t or leaves the zeroes, which are a valid one; its fields of a child are read only when it
    // says that there is one.
    unsafe {
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        if libc::waitid(libc::P_ALL, 0, info.as_mut_ptr(), flags) < 0 {
            return Err(io::Error::last_os_error());
        }
        let info = info.assume_init();
        let Some(pid) = u32::try_from(info.si_pid()).ok().filter(|pid| *pid != 0) else { return Ok(None) };
        let how = match info.si_code {
            libc::CLD_EXITED => How::Exited(info.si_status()),
            code => How::Killed { signal: info.si_status(), core: code == libc::CLD_DUMPED },
        };
        Ok(Some(Ended { pid, how }))
    }
}

/// Takes a child that has ended out of the process table: its pid may be another's from now on.
pub fn collect(pid: u32) {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    // SAFETY: the kernel writes at most a siginfo_t. A child that is no more needs no collecting.
    unsafe { libc::waitid(libc::P_PID, pid, info.as_mut_ptr(), libc::WEXITED | libc::WNOHANG) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_as_a_shell_gives_them() {
        assert_eq!(How::Exited(3).code(), 3);
        assert_eq!(How::Killed { signal: 15, core: false }.code(), 143);
        assert_eq!(How::Killed { signal: 64, core: true }.code(), 192);
    }
}
