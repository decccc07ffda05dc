use crate::sys::rlimit::Rlimit;
use nix::errno::Errno;
use nix::unistd::{Gid, Uid};
use std::convert::Infallible;
use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::path::PathBuf;

/// A program to be started.
#[derive(Debug)]
pub struct Launch<'a> {
    /// The file to be run.
    pub file: &'a CStr,
    /// Its arguments, its name first.
    pub argv: &'a [CString],
    /// Its environment, `NAME=VALUE` each.
    pub env: &'a [CString],
    /// Its standard input, output and error.
    pub stdio: [BorrowedFd<'a>; 3],
    /// One more descriptor, and the number that it has there.
    pub extra: Option<(BorrowedFd<'a>, RawFd)>,
    /// What it leads.
    pub session: Session,
    /// Who it runs as; `None` to stay who we are.
    pub identity: Option<Identity<'a>>,
    /// Where it starts.
    pub directory: Option<&'a CStr>,
    /// Which rights the files it makes do not get.
    pub umask: Option<u32>,
    /// Its resource limits, where they are others than ours.
    pub rlimits: &'a [Rlimit],
    /// Its nice value.
    pub nice: Option<i32>,
    /// Its /proc/PID/oom_score_adj.
    pub oom_score_adj: Option<i32>,
    /// The cgroups that it joins.
    pub join: &'a [Join],
}

/// What a new process leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// A process group of its own.
    Group,
    /// A process group of its own, which has the terminal at its standard input: Ctrl-C and its like go there.
    Console,
}

/// Who a program runs as.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The user.
    pub uid: u32,
    /// The user's own group.
    pub gid: u32,
    /// All groups, the user's own first.
    pub groups: &'a [u32],
}

/// A cgroup.procs file, opened for writing: what is written there without a number is whoever writes.
#[derive(Debug)]
pub struct Join(pub File);

/// What failed in the child, in supervisord's words.
#[derive(Debug, PartialEq, Eq)]
struct Failed(String);

/// Starts the program, and says its pid. What goes wrong in the child before the program begins is written to its standard error,
/// and it ends with 127, as under supervisord.
///
/// # Errors
/// What fork(2) says: EAGAIN where there are too many processes. `ResourceBusy` when this process has other threads.
pub fn launch(launch: &Launch<'_>) -> io::Result<u32> {
    crate::sys::process::fork(|| {
        let Err(Failed(what)) = run(launch);
        let words = format!("supervisor: {what}\nsupervisor: child process was not spawned\n");
        // Standard error is the program's log by now, or nothing can be said at all.
        let _ = io::stderr().write_all(words.as_bytes());
        127
    })
}

/// In the child. The order is supervisord's; what only root may do comes before it is root no longer.
fn run(launch: &Launch<'_>) -> Result<Infallible, Failed> {
    // Only a session's leader is refused, and that is a new process never.
    let _ = nix::unistd::setpgid(nix::unistd::Pid::from_raw(0), nix::unistd::Pid::from_raw(0));
    // These files may have the numbers that the program's own are to have.
    let joined = join(launch);
    descriptors(launch)?;
    if let Err(error) = joined {
        // Without its limits it still runs.
        let Failed(what) = failed("join its cgroup", "", number(&error));
        let _ = io::stderr().write_all(format!("supervisor: {what}\n").as_bytes());
    }
    if launch.session == Session::Console {
        // TTOU is blocked until the program begins.
        crate::sys::terminal::take_foreground();
    }
    for limit in launch.rlimits {
        limit.set().map_err(|error| failed("set a resource limit", "", number(&error)))?;
    }
    if let Some(adjustment) = launch.oom_score_adj {
        let file = PathBuf::from("/proc/self/oom_score_adj");
        std::fs::write(file, adjustment.to_string())
            .map_err(|error| failed("set oom_score_adj to ", &adjustment.to_string(), number(&error)))?;
    }
    if let Some(nice) = launch.nice {
        // SAFETY: takes only numbers.
        let result = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, nice) };
        Errno::result(result).map_err(|error| failed("set nice to ", &nice.to_string(), error))?;
    }
    if let Some(identity) = &launch.identity {
        become_user(identity).map_err(|why| Failed(format!("couldn't setuid to {}: {why}", identity.uid)))?;
    }
    if let Some(directory) = launch.directory {
        nix::unistd::chdir(directory).map_err(|error| failed("chdir to ", &shown(directory), error))?;
    }
    if let Some(umask) = launch.umask {
        crate::sys::process::set_umask(umask);
    }
    crate::sys::signal::as_a_program_expects();
    let Err(error) = nix::unistd::execve(launch.file, launch.argv, launch.env);
    Err(failed("exec ", &launch.argv.first().map(|name| shown(name)).unwrap_or_default(), error))
}

/// Joins all that it can join.
fn join(launch: &Launch<'_>) -> io::Result<()> {
    let join = |Join(procs): &Join| {
        let mut procs: &File = procs;
        procs.write_all(b"0")
    };
    launch.join.iter().map(join).fold(Ok(()), io::Result::and)
}

fn descriptors(launch: &Launch<'_>) -> Result<(), Failed> {
    let extra = launch.extra.iter().map(|(descriptor, at)| (descriptor.as_raw_fd(), *at));
    let stdio = launch.stdio.iter().map(AsRawFd::as_raw_fd).zip(0..);
    for (from, to) in stdio.chain(extra) {
        // SAFETY: takes only numbers. What was there belongs to the parent, and is used here no more.
        let result = unsafe {
            match from == to {
                // dup2 would leave it closed at exec.
                true => libc::fcntl(from, libc::F_SETFD, 0),
                false => libc::dup2(from, to),
            }
        };
        Errno::result(result).map_err(|error| failed("dup descriptor ", &to.to_string(), error))?;
    }
    Ok(())
}

/// Becomes another user for good, with that user's groups.
///
/// # Errors
/// Why not, in supervisord's words.
pub fn become_user(identity: &Identity<'_>) -> Result<(), String> {
    let me = nix::unistd::getuid();
    if me.as_raw() == identity.uid {
        return Ok(());
    }
    if !me.is_root() {
        return Err("Can't drop privilege as nonroot user".to_owned());
    }
    let groups: Vec<Gid> = identity.groups.iter().copied().map(Gid::from_raw).collect();
    nix::unistd::setgroups(&groups).map_err(|_| "Could not set groups of effective user".to_owned())?;
    nix::unistd::setgid(Gid::from_raw(identity.gid))
        .map_err(|_| "Could not set group id of effective user".to_owned())?;
    nix::unistd::setuid(Uid::from_raw(identity.uid)).map_err(name)
}

fn failed(what: &str, object: &str, error: Errno) -> Failed {
    Failed(format!("couldn't {what}{object}: {}", name(error)))
}

/// As Python's errno.errorcode: the name in capitals.
fn name(error: Errno) -> String {
    format!("{error:?}")
}

fn number(error: &io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::UnknownErrno, Errno::from_raw)
}

fn shown(text: &CStr) -> String {
    text.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_name_that_python_gives_it() {
        assert_eq!(failed("exec ", "/bin/x", Errno::ENOENT), Failed("couldn't exec /bin/x: ENOENT".to_owned()));
        assert_eq!(failed("chdir to ", "/x", Errno::ENOTDIR), Failed("couldn't chdir to /x: ENOTDIR".to_owned()));
    }
}
