//! Signals to children, and what can be wrong about starting one.

use std::io;

/// Sends a signal to all of a child's process group, whose leader it is.
///
/// # Errors
/// What kill(2) says.
pub fn send_to_group(pid: u32, signal: i32) -> io::Result<()> {
    let group = libc::pid_t::try_from(pid).map_err(|_| io::Error::from_raw_os_error(libc::ESRCH))?;
    // SAFETY: takes only numbers. Not 0, which would be our own group, nor 1, which with its sign would be everybody.
    match unsafe { if group > 1 { libc::kill(-group, signal) } else { libc::kill(group, signal) } } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Sends a signal to everybody in the pid namespace but this process, and CONT, so that who is stopped gets it. For PID 1 alone.
pub fn send_to_all(signal: i32) {
    if super::super::init::is_init() {
        for signal in [signal, libc::SIGCONT] {
            // SAFETY: takes only numbers. That nobody is there is no failure.
            unsafe { libc::kill(-1, signal) };
        }
    }
}

/// Whether there is any child.
#[must_use]
pub fn any() -> bool {
    !matches!(super::peek(), Err(error) if error.raw_os_error() == Some(libc::ECHILD))
}

/// Whether a signal reached nobody because nobody is there.
#[must_use]
pub fn is_nobody(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ESRCH)
}

/// Whether there are too many open files.
#[must_use]
pub fn is_out_of_files(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EMFILE)
}

/// Whether there are too many processes.
#[must_use]
pub fn is_out_of_processes(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EAGAIN)
}

/// An error by its name in capitals, as Python's errno.errorcode.
#[must_use]
pub fn error_name(error: &io::Error) -> String {
    error
        .raw_os_error()
        .map_or_else(|| error.to_string(), |number| format!("{:?}", nix::errno::Errno::from_raw(number)))
}
