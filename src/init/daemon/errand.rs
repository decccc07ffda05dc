//! Errands: commands that run beside a process, as its user, in its directory, with its variables. Hooks, health checks, and the
//! question whether it is up.
//!
//! Each is known by its pid, leads a process group of its own, and is killed with it when it takes too long or is wanted no longer.
//! Of what it prints the end is kept, for the message when it fails.

use super::launch::{CannotLaunch, Child};
use super::{Daemon, Id, Process, Timer, Token};
use crate::init::config::Level;
use crate::init::control::BadCommand;
use crate::sys;
use crate::sys::child::{Ended, How, Session};
use crate::sys::poll::Interest;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::time::Duration;

/// What an errand is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// `pre_start` and its kin.
    Hook(super::hooks::Hook),
    /// `health_command`.
    Health,
    /// `ready=command:...`.
    Ready,
}

/// An errand that runs.
#[derive(Debug)]
pub(super) struct Errand {
    of: Id,
    purpose: Purpose,
    /// How long it may take.
    limit: Duration,
    output: Option<File>,
    tail: Tail,
    /// It was killed, for it took too long.
    is_late: bool,
    /// It was killed, for nobody waits for it any more.
    is_unwanted: bool,
    /// How often everything had stood still when it began.
    freezes: u32,
}

/// So much is read of an errand before others have their turn.
const FAIR: usize = 64 << 10;
/// So much is read of one that has ended, whose children may still write.
const LAST: usize = 1 << 20;
/// When there were too many processes, errands that can wait do so for this long: what becomes free is for programs.
const SHORTAGE: Duration = Duration::from_secs(5);

impl Daemon<'_> {
    /// Runs a command beside a process. What becomes of it is told to its purpose's own file.
    pub(super) fn run_errand(
        &mut self,
        of: Id,
        purpose: Purpose,
        command: &str,
        variables: &[(&str, String)],
        limit: Duration,
    ) -> Result<(), String> {
        let Some(process) = self.processes.get(&of) else { return Ok(()) };
        let (pid, output) = match self.launch_errand(process, command, variables) {
            Ok(launched) => launched,
            Err(NotRun::Bad(words)) => return Err(words),
            Err(NotRun::Kernel(error)) => {
                self.note_shortage(&error);
                return Err(sys::process::reason(&error));
            }
        };
        // Where it cannot be read what it prints, it runs all the same.
        let output = self.poll.add(&output, Token::Errand(pid).bits(), Interest::READ).map(|()| output).ok();
        let freezes = self.clock.freezes();
        let errand =
            Errand { of, purpose, limit, output, tail: Tail::default(), is_late: false, is_unwanted: false, freezes };
        self.errands.insert(pid, errand);
        if !limit.is_zero() {
            self.timers.set(Timer::Errand(pid), Some(self.clock.now() + limit));
        }
        Ok(())
    }

    fn launch_errand(
        &self,
        process: &Process,
        command: &str,
        variables: &[(&str, String)],
    ) -> Result<(u32, File), NotRun> {
        let command = self.command_for(process, command).map_err(|why| match why {
            BadCommand::NotFound(words) | BadCommand::NotExecutable(words) => NotRun::Bad(words),
        })?;
        let mut environment = self.environment(process);
        environment.extend(self.environment_files(&process.config).map_err(NotRun::Bad)?);
        environment.extend(variables.iter().map(|(name, value)| ((*name).into(), value.into())));
        // A pipe that nobody writes to is at its end, also where there is no /dev/null.
        let (nothing, _) = sys::process::pipe().map_err(NotRun::Kernel)?;
        let (output, theirs) = sys::process::pipe().map_err(NotRun::Kernel)?;
        sys::process::do_not_block(&output).map_err(NotRun::Kernel)?;
        let child = Child {
            command: &command,
            environment,
            stdio: [nothing.as_fd(), theirs.as_fd(), theirs.as_fd()],
            extra: None,
            session: Session::Group,
            join: &[],
        };
        match self.launch_for(&process.config, child) {
            Ok(pid) => Ok((pid, output)),
            Err(CannotLaunch::Null) => Err(NotRun::Bad("embedded null byte".to_owned())),
            Err(CannotLaunch::Kernel(error)) => Err(NotRun::Kernel(error)),
        }
    }

    /// An errand printed something.
    pub(super) fn read_errand(&mut self, pid: u32) {
        self.read_errand_at_most(pid, FAIR);
    }

    fn read_errand_at_most(&mut self, pid: u32, most: usize) {
        let Some(errand) = self.errands.get_mut(&pid) else { return };
        let mut left = most;
        while let (Some(output), true) = (&mut errand.output, left > 0) {
            match output.read(&mut self.buffer) {
                Ok(count) if count > 0 => {
                    left = left.saturating_sub(count);
                    errand.tail.add(self.buffer.get(..count).unwrap_or_default());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Ok(_) | Err(_) => {
                    // It is not there any more where the kernel has let go of it.
                    let _ = self.poll.remove(&*output);
                    errand.output = None;
                }
            }
        }
    }

    /// Whether that child was an errand; what waited for it goes on.
    pub(super) fn errand_ended(&mut self, ended: Ended) -> bool {
        self.read_errand_at_most(ended.pid, LAST);
        let Some(errand) = self.errands.remove(&ended.pid) else { return false };
        self.timers.set(Timer::Errand(ended.pid), None);
        if let Some(output) = &errand.output {
            let _ = self.poll.remove(output);
        }
        let result = errand.result(ended.how);
        let has_stood_still = errand.freezes != self.clock.freezes();
        match errand.purpose {
            // One that was to stop a process is one that its next start waits for, wanted or not.
            Purpose::Hook(hook) => self.hook_ended(errand.of, hook, result, errand.is_unwanted),
            _ if errand.is_unwanted => (),
            Purpose::Health => self.check_ended(errand.of, result, has_stood_still),
            Purpose::Ready => self.ready_command_ended(errand.of, result.is_ok()),
        }
        true
    }

    /// An errand has taken as long as it may.
    pub(super) fn errand_is_late(&mut self, pid: u32) {
        if let Some(errand) = self.errands.get_mut(&pid) {
            errand.is_late = true;
            end(pid);
        }
    }

    /// Whether such an errand of a process runs.
    pub(super) fn has_errand(&self, of: Id, is_meant: impl Fn(Purpose) -> bool) -> bool {
        self.errands.values().any(|errand| errand.of == of && is_meant(errand.purpose))
    }

    /// Ends such errands of a process: nobody waits for them any more.
    pub(super) fn end_errands(&mut self, of: Id, is_meant: impl Fn(Purpose) -> bool) {
        for (pid, errand) in self.errands.iter_mut().filter(|(_, errand)| errand.of == of && is_meant(errand.purpose)) {
            errand.is_unwanted = true;
            end(*pid);
        }
    }

    /// Whether there were too many processes a moment ago. Who can wait then starts none.
    pub(super) fn is_short_of_processes(&self) -> bool {
        self.short_until.is_some_and(|until| self.clock.now() < until)
    }

    /// Remembers, where a child could not be made, whether it was for too many processes.
    pub(super) fn note_shortage(&mut self, error: &io::Error) {
        if sys::child::is_out_of_processes(error) {
            if !self.is_short_of_processes() {
                let words = "too many processes: health checks, readiness commands and schedules wait";
                self.say(Level::Warn, words);
            }
            self.short_until = Some(self.clock.now() + SHORTAGE);
        }
    }
}

/// Why an errand was not run.
enum NotRun {
    Bad(String),
    Kernel(io::Error),
}

/// Kills an errand with its group; itself first, for it may not lead the group yet.
fn end(pid: u32) {
    // One that has ended is in the process table still, so that nobody else has its number.
    let _ = sys::process::end(pid);
    sys::process::end_group(pid);
}

impl Errand {
    fn result(&self, how: How) -> Result<(), String> {
        if how == How::Exited(0) && !self.is_late {
            return Ok(());
        }
        let what = match self.is_late {
            true => format!("it did not end within {} s", self.limit.as_secs_f64()),
            false => super::life::described(how),
        };
        Err(match self.tail.last_line() {
            Some(line) => format!("{what}: {line}"),
            None => what,
        })
    }
}

/// The end of what was printed.
#[derive(Debug, Default)]
struct Tail(VecDeque<u8>);

impl Tail {
    /// What a line of the main log can well bear.
    const MOST: usize = 256;

    fn add(&mut self, bytes: &[u8]) {
        let bytes = bytes.get(bytes.len().saturating_sub(Tail::MOST)..).unwrap_or_default();
        self.0.extend(bytes);
        self.0.drain(..self.0.len().saturating_sub(Tail::MOST));
    }

    /// The last line that says something.
    fn last_line(&self) -> Option<String> {
        let bytes: Vec<u8> = self.0.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
        Some(line.chars().map(|c| if c.is_control() { '?' } else { c }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_printed_the_last_line_counts() {
        let mut tail = Tail::default();
        assert_eq!(tail.last_line(), None);
        tail.add(b"one\ntwo\x1b[31m \xff\n\n  \n");
        assert_eq!(tail.last_line().as_deref(), Some("two?[31m \u{fffd}"));
        tail.add(&[b'x'; 100_000]);
        tail.add(b"\nlast");
        assert_eq!((tail.last_line().as_deref(), tail.0.len()), (Some("last"), Tail::MOST));
    }
}
