//! What a supervisor asks of the kernel once, when it begins: as PID 1, or as a daemon.

use nix::unistd::ForkResult;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

/// Whether this is PID 1 of its pid namespace.
#[must_use]
pub fn is_init() -> bool {
    std::process::id() == 1
}

/// Becomes the parent of whoever is orphaned below (PR_SET_CHILD_SUBREAPER), as PID 1 is by itself.
///
/// # Errors
/// What prctl(2) says.
pub fn adopt_orphans() -> io::Result<()> {
    // SAFETY: takes only numbers.
    match unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Makes sure that standard input, output and error are something, so that no other file ever has their numbers.
pub fn open_standard_descriptors() {
    loop {
        // Without /dev/null the end of a pipe does as well: nobody reads it, nobody writes it.
        let any = File::options()
            .read(true)
            .write(true)
            .open("/dev/null")
            .or_else(|_| super::process::pipe().map(|(read, _)| read));
        match any {
            Ok(file) if file.as_raw_fd() <= 2 => {
                // SAFETY: takes only numbers; it is there for children, too.
                unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETFD, 0) };
                std::mem::forget(file);
            }
            _ => break,
        }
    }
}

/// Keeps the files that this process was started with from its children, but for standard input, output and error.
pub fn keep_descriptors() {
    // Linux 5.11; an older one, or a filter of system calls, has them marked one by one.
    // SAFETY: takes only numbers.
    let all = unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if all != 0 {
        let limit = super::rlimit::Rlimit::of(super::rlimit::Resource::OPEN_FILES).map_or(1024, |limit| limit.soft);
        for descriptor in 3..i32::try_from(limit.min(1 << 16)).unwrap_or(1024) {
            // SAFETY: takes only numbers; one that is not open is refused.
            unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
}

/// Goes on in the background: in a new process and session, without a terminal, as supervisord does. Returns in the new process; in
/// the one before `false`.
///
/// # Errors
/// What fork(2) says.
pub fn go_to_background() -> io::Result<bool> {
    // SAFETY: there is one thread, so that the child may do anything.
    if let ForkResult::Parent { .. } = unsafe { nix::unistd::fork() }? {
        return Ok(false);
    }
    // A new process leads no session: this cannot be refused.
    let _ = nix::unistd::setsid();
    let null = OpenOptions::new().read(true).write(true).open(Path::new("/dev/null"))?;
    for standard in 0..=2 {
        // SAFETY: takes only numbers.
        unsafe { libc::dup2(null.as_raw_fd(), standard) };
    }
    Ok(true)
}
