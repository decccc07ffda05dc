//! A pid and a mount namespace whose PID 1 is `vat-init`.

use crate::support::supervised::{PROGRAM, Supervised};
use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use vat::sys;
use vat::sys::signal::number;

/// One that runs. When this is dropped all in it is gone.
pub struct Namespace {
    supervised: Supervised,
    /// PID 1 as the host numbers it; 0 where it ended at once.
    pub host_pid: u32,
}

/// A process as PID 1 sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub pid: u32,
    pub name: String,
    pub state: char,
    pub parent: u32,
}

impl Namespace {
    /// Starts one with these sections, and waits until it answers.
    pub fn start(sections: &str) -> Namespace {
        Namespace::start_with("", sections)
    }

    /// The same with more options in `[supervisord]`.
    pub fn start_with(options: &str, sections: &str) -> Namespace {
        let namespace = Namespace::begin_by(options, sections, |_, command| command);
        namespace.until_it_answers();
        namespace
    }

    /// The same without waiting; the command that makes it may be changed.
    pub fn begin_by(options: &str, sections: &str, change: impl FnOnce(&Path, Command) -> Command) -> Namespace {
        Namespace::begin_run_by(options, sections, &[], change)
    }

    /// The same, where this command in the namespace execs `vat-init`: its own words stand before those.
    pub fn begin_run_by(
        options: &str,
        sections: &str,
        by: &[&str],
        change: impl FnOnce(&Path, Command) -> Command,
    ) -> Namespace {
        let supervised = Supervised::begin_by(options, sections, |dir| {
            let mut command = Command::new("unshare");
            command.args(["--pid", "--mount", "--fork", "--kill-child", "--mount-proc"]);
            command.args(by).arg(PROGRAM).arg("-c").arg(dir.join("conf"));
            command.stdin(Stdio::null()).stdout(Stdio::null());
            let mut command = change(dir, command);
            sys::process::before_exec(&mut command, sys::process::die_with_parent);
            command
        });
        let outermost = supervised.own_pid();
        let host_pid = supervised.until("PID 1", || {
            // It may have been quicker.
            pid_1_below(outermost).or_else(|| (state_of(outermost) == Some('Z')).then_some(0))
        });
        Namespace { supervised, host_pid }
    }

    /// Runs a shell command in it, in the directory of its configuration.
    pub fn run(&self, script: &str) -> Output {
        let mut enter = Command::new("nsenter");
        enter.args(["--pid", "--mount", "--target"]).arg(self.host_pid.to_string());
        let script = format!("cd {} && {script}", self.dir.display());
        enter.args(["timeout", "-k", "1", "20", "sh", "-c", &script]);
        enter.stdin(Stdio::null()).output().expect("nsenter")
    }

    /// Who is in it, PID 1 and its /proc aside.
    pub fn processes(&self) -> Vec<Seen> {
        let Ok(all) = fs::read_dir(format!("/proc/{}/root/proc", self.host_pid)) else { return Vec::new() };
        let pids = all.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let mut seen: Vec<Seen> = pids.filter(|pid| *pid != 1).filter_map(|pid: u32| self.see(pid)).collect();
        seen.sort_by_key(|one| one.pid);
        seen
    }

    /// One process of it.
    pub fn see(&self, pid: u32) -> Option<Seen> {
        let stat = fs::read_to_string(self.proc(&format!("{pid}/stat"))).ok()?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
        let mut rest = rest.split_whitespace();
        let state = rest.next()?.chars().next()?;
        Some(Seen { pid, name: name.to_owned(), state, parent: rest.next()?.parse().ok()? })
    }

    /// How many of that name are in it.
    pub fn count(&self, name: &str) -> usize {
        self.processes().iter().filter(|seen| seen.name == name).count()
    }

    /// A file of its /proc.
    pub fn proc(&self, file: &str) -> PathBuf {
        format!("/proc/{}/root/proc/{file}", self.host_pid).into()
    }

    /// Sends PID 1 a signal from outside.
    pub fn signal_from_outside(&self, signal: i32) {
        sys::process::send(self.host_pid, signal).expect("PID 1 is there");
    }

    /// Asks it to stop as Docker does, and says the exit code and how long it took.
    pub fn stop(&mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        self.signal_from_outside(number::TERM);
        let code = self.code();
        (code, began.elapsed())
    }

    /// Whether PID 1 runs.
    pub fn is_alive(&self) -> bool {
        state_of(self.host_pid).is_some_and(|state| state != 'Z')
    }

    /// How much CPU time PID 1 has used.
    pub fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.host_pid)).expect("PID 1");
        let rest: Vec<u64> =
            stat.rsplit_once(')').unwrap().1.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
        // utime and stime are 14 and 15; the name and the state, 2 and 3, are not among these.
        Duration::from_millis((rest[10] + rest[11]) * 10)
    }

    /// How much memory PID 1 has, in KiB.
    pub fn rss(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.host_pid)).expect("PID 1");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// How many files PID 1 has open.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.host_pid)).expect("PID 1").count()
    }
}

impl Deref for Namespace {
    type Target = Supervised;

    fn deref(&self) -> &Supervised {
        &self.supervised
    }
}

impl DerefMut for Namespace {
    fn deref_mut(&mut self) -> &mut Supervised {
        &mut self.supervised
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Its number is not another's as long as unshare(1) has not ended, which waits for it.
        if pid_1_below(self.supervised.own_pid()) == Some(self.host_pid) {
            let _ = sys::process::send(self.host_pid, number::KILL);
        }
    }
}

/// The child of a process that has one.
pub fn only_child(pid: u32) -> Option<u32> {
    fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?.split_whitespace().next()?.parse().ok()
}

/// The `vat-init` that this process runs, itself or by others.
fn pid_1_below(pid: u32) -> Option<u32> {
    let child = only_child(pid)?;
    let status = fs::read_to_string(format!("/proc/{child}/status")).ok()?;
    let is_init = status.lines().any(|line| line.starts_with("NSpid:") && line.ends_with("\t1"));
    match is_init {
        // It may not have begun yet.
        true => status.starts_with("Name:\tvat-init\n").then_some(child),
        false => pid_1_below(child),
    }
}

/// The state of a process of the host's, as ps(1) shows it.
pub fn state_of(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// Which signals are in a mask of /proc/PID/status, such as `SigBlk`.
pub fn mask(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mask = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}
