//! Signals to processes that are not our children: their pid may be another's by the time it is used. pidfd_open(2).

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// Sends a signal to the process that has this pid, where `is_it` says that it is still the one that is meant. It is asked once the
/// process is held by a descriptor, so that nobody else is hit. On a kernel without pidfds (before Linux 5.3), or behind a filter
/// that refuses them, there is a moment between the question and kill(2).
///
/// # Errors
/// What pidfd_send_signal(2) or kill(2) says; ESRCH also where it is another one.
pub fn send_if(pid: u32, signal: i32, is_it: impl FnOnce() -> bool) -> io::Result<()> {
    let held = open(pid);
    let nobody = || io::Error::from_raw_os_error(libc::ESRCH);
    match held {
        Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Err(error),
        _ if !is_it() => Err(nobody()),
        Ok(process) => match send(&process, signal) {
            Err(error) if is_refused(&error) => super::process::send(pid, signal),
            other => other,
        },
        // Too many open files, or no such call: kill(2) needs nothing.
        Err(_) => super::process::send(pid, signal),
    }
}

fn open(pid: u32) -> io::Result<OwnedFd> {
    // SAFETY: takes only numbers; a descriptor that it gives is new and nobody else's, and closes at exec.
    let descriptor = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    match i32::try_from(descriptor) {
        // SAFETY: as above.
        Ok(descriptor) if descriptor >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(descriptor) }),
        _ => Err(io::Error::last_os_error()),
    }
}

fn send(process: &OwnedFd, signal: i32) -> io::Result<()> {
    let info = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: takes numbers, and no siginfo: the kernel makes one as kill(2) does.
    match unsafe { libc::syscall(libc::SYS_pidfd_send_signal, process.as_raw_fd(), signal, info, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Whether it is the call that is refused: old kernels have it not, and old Docker's filter says EPERM.
fn is_refused(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EPERM))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    #[test]
    fn only_who_is_meant_is_hit() {
        let mut child = Command::new("sleep").arg("100").spawn().unwrap();
        let another = send_if(child.id(), libc::SIGKILL, || false);
        assert_eq!(another.unwrap_err().raw_os_error(), Some(libc::ESRCH));
        assert!(child.try_wait().unwrap().is_none());
        send_if(child.id(), libc::SIGTERM, || true).unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGTERM));
        let gone = send_if(child.id(), libc::SIGTERM, || true);
        assert_eq!(gone.unwrap_err().raw_os_error(), Some(libc::ESRCH));
    }
}
