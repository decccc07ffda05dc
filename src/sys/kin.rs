//! Parents and children: what a parent's end does, who adopts the orphans, who one's children are.

use std::io;

/// Has the kernel send this process a signal when its parent ends (PR_SET_PDEATHSIG).
///
/// # Errors
/// What prctl(2) says.
pub fn tell_of_parents_end(signal: i32) -> io::Result<()> {
    // SAFETY: takes only numbers.
    match unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, signal) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Whether orphans below become this process's children: it is PID 1, or has asked for them (PR_SET_CHILD_SUBREAPER).
#[must_use]
pub fn adopts_orphans() -> bool {
    let mut asked: libc::c_int = 0;
    // SAFETY: the kernel writes one int.
    let known = unsafe { libc::prctl(libc::PR_GET_CHILD_SUBREAPER, &raw mut asked) } == 0;
    super::init::is_init() || (known && asked == 1)
}

/// This process's children, those that ended and are not collected among them. For a process with one thread.
///
/// # Errors
/// What reading /proc/PID/task/PID/children says: `NotFound` on a kernel without it, or without /proc.
pub fn children() -> io::Result<Vec<u32>> {
    let own = std::process::id();
    let text = std::fs::read_to_string(format!("/proc/{own}/task/{own}/children"))?;
    Ok(text.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pid_1_adopts_without_asking() {
        assert_eq!(adopts_orphans(), crate::sys::init::is_init());
    }
}
