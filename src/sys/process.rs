//! Processes: making them, waiting for them, ending them.

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid};
use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::OnceLock;

/// A child that ended, and the exit code that a shell would give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub pid: u32,
    /// Its exit code; 128 and the signal's number where a signal ended it.
    pub code: u8,
}

/// Whether this process is root.
#[must_use]
pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// The program that this process runs, also where its path shows something else by now.
///
/// # Errors
/// What open(2) says.
pub fn own_program() -> io::Result<File> {
    File::open("/proc/self/exe")
}

/// Makes a child that runs `run` and ends with its result. Only for a process with a single thread: the child has no other, and a
/// lock that another one held would stay locked for ever.
///
/// # Errors
/// What fork(2) says; `ResourceBusy` when there are more threads.
pub fn fork(run: impl FnOnce() -> u8) -> io::Result<u32> {
    if std::fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() > 1) {
        return Err(io::ErrorKind::ResourceBusy.into());
    }
    // SAFETY: there is one thread, so that the child may do anything.
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Parent { child } => Ok(number(child)),
        ForkResult::Child => {
            let abort = AbortWhenUnwound;
            let code = run();
            std::mem::forget(abort);
            // SAFETY: ends the child without running what the parent left to be done at its own exit.
            unsafe { libc::_exit(i32::from(code)) }
        }
    }
}

/// A panic in the child must not unwind into what the parent was doing.
struct AbortWhenUnwound;

impl Drop for AbortWhenUnwound {
    fn drop(&mut self) {
        std::process::abort();
    }
}

/// Lets the kernel kill this process when its parent ends, however that happens.
///
/// # Errors
/// What prctl(2) says.
pub fn die_with_parent() -> io::Result<()> {
    // SAFETY: takes and gives only numbers.
    told(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) })
}

/// Names this process, for ps(1) and top(1); cut to 15 bytes.
///
/// # Errors
/// What prctl(2) says.
pub fn set_name(name: &str) -> io::Result<()> {
    let name = CString::new(name)?;
    // SAFETY: a C string that outlives the call.
    told(unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) })
}

/// Takes all capabilities but these from the programs that this process starts, now and later, root or not.
///
/// # Errors
/// What prctl(2) says.
pub fn keep_only_capabilities(keep: &[u32]) -> io::Result<()> {
    for capability in (0..64).filter(|capability| !keep.contains(capability)) {
        // SAFETY: takes and gives only numbers.
        match told(unsafe { libc::prctl(libc::PR_CAPBSET_DROP, libc::c_ulong::from(capability)) }) {
            // Beyond the last one that this kernel knows.
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => break,
            other => other?,
        }
    }
    Ok(())
}

/// Has a command do something in its new process, before the program begins.
pub fn before_exec(command: &mut Command, each: impl FnMut() -> io::Result<()> + Send + Sync + 'static) {
    // SAFETY: whoever starts programs here has a single thread (see `fork`), so that nothing is locked in the child.
    unsafe { command.pre_exec(each) };
}

/// Kills a process.
///
/// # Errors
/// What kill(2) says.
pub fn end(pid: u32) -> io::Result<()> {
    Ok(kill(Pid::from_raw(i32::try_from(pid).unwrap_or(i32::MAX)), Signal::SIGKILL)?)
}

/// Kills a child that was made with a process group of its own, and all in the group. Does nothing where nobody is left.
pub fn end_group(pid: u32) {
    // Without the process there is nothing to end.
    let _ = i32::try_from(pid).map(|pid| nix::sys::signal::killpg(Pid::from_raw(pid), Signal::SIGKILL));
}

/// Sends a signal to a process or thread, whatever number the user gave; to this process's group where `pid` is 0.
///
/// # Errors
/// What kill(2) says.
pub fn send(pid: u32, signal: i32) -> io::Result<()> {
    let pid = libc::pid_t::try_from(pid).map_err(|_| io::Error::from_raw_os_error(libc::ESRCH))?;
    // SAFETY: takes only numbers.
    told(unsafe { libc::kill(pid, signal) })
}

/// Sets the nice value of a process or thread.
///
/// # Errors
/// What setpriority(2) says.
pub fn set_nice(pid: u32, nice: i32) -> io::Result<()> {
    // SAFETY: takes only numbers.
    told(unsafe { libc::setpriority(libc::PRIO_PROCESS, pid, nice) })
}

/// Whether a process with this number exists.
#[must_use]
pub fn exists(pid: u32) -> bool {
    let asked = i32::try_from(pid).map(|pid| kill(Pid::from_raw(pid), None));
    matches!(asked, Ok(Ok(()) | Err(nix::Error::EPERM)))
}

/// A child that has ended, this one or any; `None` when none has. Does not wait.
///
/// # Errors
/// What waitpid(2) says: ECHILD when there is no such child.
pub fn ended_child(pid: Option<u32>) -> io::Result<Option<Ended>> {
    let pid = pid.map(|pid| Pid::from_raw(i32::try_from(pid).unwrap_or(i32::MAX)));
    Ok(match waitpid(pid, Some(WaitPidFlag::WNOHANG))? {
        WaitStatus::Exited(pid, code) => Some(Ended { pid: number(pid), code: u8::try_from(code).unwrap_or(u8::MAX) }),
        WaitStatus::Signaled(pid, signal, _) => {
            Some(Ended { pid: number(pid), code: u8::try_from(128 + signal as i32).unwrap_or(u8::MAX) })
        }
        _ => None,
    })
}

/// A pipe: what is read from, what is written to. Programs that are started do not inherit it.
///
/// # Errors
/// What pipe(2) says.
pub fn pipe() -> io::Result<(File, File)> {
    let (read, write) = nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
    Ok((File::from(read), File::from(write)))
}

/// Has reads and writes of a pipe's end that nobody else has return instead of waiting.
///
/// # Errors
/// What fcntl(2) says.
pub fn do_not_block(file: &File) -> io::Result<()> {
    nix::fcntl::fcntl(file, nix::fcntl::FcntlArg::F_SETFL(nix::fcntl::OFlag::O_NONBLOCK))?;
    Ok(())
}

/// A file in memory that has no name and vanishes with its last descriptor: holds what a program prints, however much.
///
/// # Errors
/// What memfd_create(2) says.
pub fn memory_file() -> io::Result<File> {
    // SAFETY: the descriptor is new and nobody else's.
    unsafe {
        let descriptor = libc::memfd_create(c"output".as_ptr(), libc::MFD_CLOEXEC);
        told(descriptor)?;
        Ok(File::from_raw_fd(descriptor))
    }
}

/// Closes a child's copy of a file, so that only its parent's is left.
///
/// For a child of [`fork`] alone, which never drops what its parent had: there the descriptor must not be used again.
pub fn close_copy(file: &File) {
    // SAFETY: the owner is the parent's value; its copy in this process is dropped by nobody.
    unsafe { libc::close(file.as_raw_fd()) };
}

/// Closes all files but standard input, output and error, as far as this kernel can do it at once (Linux 5.9).
pub fn close_others() {
    // SAFETY: for a child of `fork` that lives on by itself: it closes copies that nothing in it will use again.
    unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) };
}

/// Sets which rights the files that this process makes do not get.
pub fn set_umask(without: u32) {
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(without));
}

/// What the system said, in its own words: without the number that Rust puts behind them.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// How many open files this process was allowed before [`raise_open_files`].
static OPEN_FILES: OnceLock<libc::rlimit> = OnceLock::new();

/// Lets this process have as many open files as it may, and says how many those are. What it starts inherits that, but for
/// [`with_own_open_files`].
#[must_use]
pub fn raise_open_files() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: reads and writes `limit`, which outlives the calls.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) != 0 {
            return 0;
        }
        OPEN_FILES.get_or_init(|| limit);
        let raised = libc::rlimit { rlim_cur: limit.rlim_max, ..limit };
        if libc::setrlimit(libc::RLIMIT_NOFILE, &raised) == 0 {
            limit = raised;
        }
    }
    usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
}

/// Has a command start with the limit of open files that this process was started with: one that knows only select(2) fails above
/// 1024.
pub fn with_own_open_files(command: &mut Command) -> &mut Command {
    let Some(before) = OPEN_FILES.get().copied() else { return command };
    let lower = move || {
        // SAFETY: reads `before`, which outlives the call. The command may do without.
        let _ = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &before) };
        Ok(())
    };
    // SAFETY: a single system call, which no lock of another thread can hold up.
    unsafe { command.pre_exec(lower) }
}

fn told(result: libc::c_int) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn number(pid: Pid) -> u32 {
    pid.as_raw().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_no_number() {
        assert_eq!(reason(&io::Error::from_raw_os_error(libc::ENOENT)), "No such file or directory");
        assert_eq!(reason(&io::Error::other("mine")), "mine");
    }

    #[test]
    fn a_command_has_the_limit_of_open_files_that_this_process_had() {
        assert!(raise_open_files() > 0);
        let limits = with_own_open_files(Command::new("/bin/cat").arg("/proc/self/limits")).output().unwrap();
        let limits = String::from_utf8(limits.stdout).unwrap();
        let soft = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next());
        assert_eq!(soft, Some(OPEN_FILES.get().unwrap().rlim_cur.to_string().as_str()));
    }
}
