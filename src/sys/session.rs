//! What a new process does before its program begins: its process group, its session, its terminal; and the program.

use nix::errno::Errno;
use nix::unistd::Pid;
use std::ffi::CString;
use std::io;

/// Makes this process the leader of a process group of its own.
///
/// # Errors
/// What setpgid(2) says.
pub fn lead_group() -> io::Result<()> {
    Ok(nix::unistd::setpgid(Pid::from_raw(0), Pid::from_raw(0))?)
}

/// Makes this process's group the one in the foreground of the terminal at standard input; `false` where there is none. Stops the
/// process where it is in the background and does not ignore SIGTTOU.
///
/// # Errors
/// What tcsetpgrp(3) says.
pub fn come_to_foreground() -> io::Result<bool> {
    match nix::unistd::tcsetpgrp(io::stdin(), nix::unistd::getpgrp()) {
        Ok(()) => Ok(true),
        Err(Errno::ENOTTY | Errno::ENXIO) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes this process the leader of a session of its own, without a terminal.
///
/// # Errors
/// What setsid(2) says: EPERM for the leader of a group.
pub fn lead_session() -> io::Result<()> {
    Ok(nix::unistd::setsid().map(drop)?)
}

/// Whether this process leads its session.
#[must_use]
pub fn leads_session() -> bool {
    nix::unistd::getsid(None).is_ok_and(|session| session == nix::unistd::getpid())
}

/// Makes the terminal at standard input this session's own.
///
/// # Errors
/// What ioctl(2) says: EPERM where it is another session's.
pub fn take_terminal() -> io::Result<()> {
    // SAFETY: takes only numbers.
    told(unsafe { libc::ioctl(libc::STDIN_FILENO, libc::TIOCSCTTY, 0) })
}

/// Gives up the terminal. Where this process leads the session, the kernel sends HUP and CONT to whoever is in the foreground.
///
/// # Errors
/// What ioctl(2) says: ENOTTY where standard input is not this session's terminal.
pub fn leave_terminal() -> io::Result<()> {
    // SAFETY: takes only numbers.
    told(unsafe { libc::ioctl(libc::STDIN_FILENO, libc::TIOCNOTTY) })
}

/// Becomes that program, looked for in PATH; a file that the kernel does not know how to run is a script for /bin/sh. Returns only why
/// not.
#[must_use]
pub fn execute(argv: &[CString]) -> io::Error {
    let Some(program) = argv.first() else { return io::ErrorKind::InvalidInput.into() };
    let Err(error) = nix::unistd::execvp(program, argv);
    error.into()
}

fn told(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
