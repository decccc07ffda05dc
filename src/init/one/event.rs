//! What happens, and what is said of it: in the words of tini and dumb-init, and on the stream that they say it on.

use super::Manner;
use crate::sys::child::{How, is_nobody};
use crate::sys::note::{self, Stream};
use crate::sys::process::reason;
use crate::sys::relay::describe;
use crate::sys::signal::number::CHLD;
use std::io;

/// What happens.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// An option has a value that it cannot have.
    Invalid {
        option: &'a str,
        value: &'a str,
    },
    /// What dumb-init's environment has it say.
    Note(&'a str),
    CannotHearOfParent,
    Registered,
    CannotRegister(io::Error),
    /// Orphans go to somebody else.
    NoReaper,
    /// The terminal was given up; by its session's leader or not.
    Detached {
        as_leader: bool,
    },
    CannotDetach(io::Error),
    CannotFork(io::Error),
    Spawned {
        command: &'a str,
        pid: u32,
    },
    CannotLeadGroup(io::Error),
    CannotLeadSession(io::Error),
    /// There is none whose foreground the command could have.
    NoTerminal,
    CannotComeToForeground(io::Error),
    CannotAttach(io::Error),
    LeadsSession,
    CannotRestoreSignals(io::Error),
    CannotExecute {
        command: &'a str,
        error: io::Error,
    },
    Received(i32),
    /// A signal that is our own doing is passed to nobody.
    HandedOff(i32),
    Translated(i32, i32),
    Forwarded(i32),
    NotForwarded,
    CannotForward {
        signal: i32,
        error: io::Error,
    },
    Suspends,
    Reaped {
        pid: u32,
        how: How,
    },
    ReapedOrphan(u32),
    MainEnded(How),
    NoneEnded,
    NoChild,
    Leftovers,
    KillsLeftovers,
    Exits(u8),
}

/// Who says it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Voice {
    pub(super) manner: Manner,
    pub(super) verbosity: u32,
}

impl Voice {
    /// Says it, where it is loud enough and somebody listens.
    pub(super) fn say(self, event: &Event<'_>) {
        if let Some((stream, text)) = self.line(event, std::process::id()) {
            note::line(stream, &text);
        }
    }

    fn line(self, event: &Event<'_>, id: u32) -> Option<(Stream, String)> {
        if self.manner == Manner::DumbInit {
            let (least, text) = dumb_init(event)?;
            return (self.verbosity >= least).then(|| (Stream::Error, format!("[dumb-init] {text}\n")));
        }
        let (level, text) = tini(event)?;
        let least = level as u32;
        let stream = if least <= Level::Warn as u32 { Stream::Error } else { Stream::Output };
        let name = self.manner.own_name();
        (self.verbosity >= least).then(|| (stream, format!("[{} {name} ({id})] {text}\n", level.word())))
    }
}

#[derive(Clone, Copy)]
enum Level {
    Fatal = 0,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Fatal => "FATAL",
            Level::Warn => "WARN ",
            Level::Info => "INFO ",
            Level::Debug => "DEBUG",
            Level::Trace => "TRACE",
        }
    }
}

const NO_REAPER: &str = "\
Tini is not running as PID 1 and isn't registered as a child subreaper.
Zombie processes will not be re-parented to Tini, so zombie reaping won't work.
To fix the problem, use the -s option or set the environment variable TINI_SUBREAPER to register Tini as a child subreaper, or run \
                         Tini as PID 1.";

fn tini(event: &Event<'_>) -> Option<(Level, String)> {
    use Level::{Debug, Fatal, Info, Trace, Warn};
    Some(match event {
        Event::Invalid { option, value } => (Fatal, format!("Not a valid option for {option}: {value}")),
        Event::CannotHearOfParent => (Fatal, "Failed to set up parent death signal".to_owned()),
        Event::Registered => (Trace, "Registered as child subreaper".to_owned()),
        Event::CannotRegister(error) => (Fatal, format!("Failed to register as child subreaper: {}", reason(error))),
        Event::NoReaper => (Warn, NO_REAPER.to_owned()),
        Event::CannotFork(error) => (Fatal, format!("fork failed: {}", reason(error))),
        Event::Spawned { command, pid } => (Info, format!("Spawned child process '{command}' with pid '{pid}'")),
        Event::CannotLeadGroup(error) => (Fatal, format!("setpgid failed: {}", reason(error))),
        Event::CannotLeadSession(error) => (Fatal, format!("setsid failed: {}", reason(error))),
        Event::NoTerminal => (Debug, "tcsetpgrp failed: no tty (ok to proceed)".to_owned()),
        Event::CannotComeToForeground(error) => (Fatal, format!("tcsetpgrp failed: {}", reason(error))),
        Event::CannotRestoreSignals(error) => {
            (Fatal, format!("Restoring child signal mask failed: '{}'", reason(error)))
        }
        Event::CannotExecute { command, error } => (Fatal, format!("exec {command} failed: {}", reason(error))),
        Event::Received(CHLD) => (Debug, "Received SIGCHLD".to_owned()),
        Event::Received(signal) => (Debug, format!("Passing signal: '{}'", describe(*signal))),
        Event::CannotForward { error, .. } if is_nobody(error) => {
            (Warn, "Child was dead when forwarding signal".to_owned())
        }
        Event::CannotForward { error, .. } => {
            (Fatal, format!("Unexpected error when forwarding signal: '{}'", reason(error)))
        }
        Event::Reaped { pid, .. } => (Debug, format!("Reaped child with pid: '{pid}'")),
        Event::ReapedOrphan(pid) => (Warn, format!("Reaped zombie process with pid={pid}")),
        Event::MainEnded(How::Exited(code)) => (Info, format!("Main child exited normally (with status '{code}')")),
        Event::MainEnded(How::Killed { signal, .. }) => {
            (Info, format!("Main child exited with signal (with signal '{}')", describe(*signal)))
        }
        Event::NoneEnded => (Trace, "No child to reap".to_owned()),
        Event::NoChild => (Trace, "No child to wait".to_owned()),
        Event::Exits(_) => (Trace, "Exiting: child has exited".to_owned()),
        // What follows tini does not do, but `vat-init` may.
        Event::CannotAttach(error) => (Debug, format!("no terminal for the session: {}", reason(error))),
        Event::HandedOff(signal) => (Debug, format!("Not passed, for we caused it: '{}'", describe(*signal))),
        Event::Translated(_, 0) => (Debug, "Not passed".to_owned()),
        Event::Translated(_, to) => (Debug, format!("Passed as '{}'", describe(*to))),
        Event::Leftovers => (Info, "Ending what is left".to_owned()),
        Event::KillsLeftovers => (Info, "Killing what is left".to_owned()),
        Event::Note(_)
        | Event::CannotDetach(_)
        | Event::Detached { .. }
        | Event::LeadsSession
        | Event::Forwarded(_)
        | Event::NotForwarded
        | Event::Suspends => return None,
    })
}

/// What dumb-init says, and from which verbosity on.
fn dumb_init(event: &Event<'_>) -> Option<(u32, String)> {
    let errno = |error: &io::Error| format!("(errno={} {})", error.raw_os_error().unwrap_or_default(), reason(error));
    let text = match event {
        Event::CannotFork(_) => return Some((0, "Unable to fork. Exiting.".to_owned())),
        Event::CannotLeadSession(error) => return Some((0, format!("Unable to setsid {}. Exiting.", errno(error)))),
        Event::CannotExecute { command, error } => return Some((0, format!("{command}: {}", reason(error)))),
        Event::Note(text) => (*text).to_owned(),
        Event::CannotDetach(error) => format!("Unable to detach from controlling tty {}.", errno(error)),
        Event::Detached { as_leader: true } => {
            "Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive.".to_owned()
        }
        Event::Detached { as_leader: false } => "Detached from controlling tty, but was not session leader.".to_owned(),
        Event::CannotAttach(error) => format!("Unable to attach to controlling tty {}.", errno(error)),
        Event::LeadsSession => "setsid complete.".to_owned(),
        Event::Spawned { pid, .. } => format!("Child spawned with PID {pid}."),
        Event::Received(signal) => format!("Received signal {signal}."),
        Event::HandedOff(signal) => format!("Ignoring tty hand-off signal {signal}."),
        Event::Translated(from, to) => format!("Translating signal {from} to {to}."),
        // Dumb-init does not look whether it could.
        Event::Forwarded(signal) | Event::CannotForward { signal, .. } => {
            format!("Forwarded signal {signal} to children.")
        }
        Event::NotForwarded => "Not forwarding signal 0 to children (ignored).".to_owned(),
        Event::Suspends => "Suspending self due to TTY signal.".to_owned(),
        Event::Reaped { pid, how: How::Exited(code) } => {
            format!("A child with PID {pid} exited with exit status {code}.")
        }
        Event::Reaped { pid, how: How::Killed { signal, .. } } => {
            format!("A child with PID {pid} was terminated by signal {signal}.")
        }
        Event::Exits(code) => format!("Child exited with status {code}. Goodbye."),
        _ => return None,
    };
    Some((1, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(manner: Manner, verbosity: u32, event: Event<'_>) -> Option<(Stream, String)> {
        Voice { manner, verbosity }.line(&event, 7)
    }

    #[test]
    fn warnings_go_to_standard_error_and_the_rest_where_tini_has_it() {
        let orphan = "[WARN  tini (7)] Reaped zombie process with pid=9\n".to_owned();
        assert_eq!(said(Manner::Tini, 1, Event::ReapedOrphan(9)), Some((Stream::Error, orphan)));
        assert_eq!(said(Manner::Tini, 0, Event::ReapedOrphan(9)), None);
        let passing = "[DEBUG vat-init (7)] Passing signal: 'Hangup'\n".to_owned();
        assert_eq!(said(Manner::VatInit, 3, Event::Received(1)), Some((Stream::Output, passing)));
        assert_eq!(said(Manner::VatInit, 2, Event::Received(1)), None);
        let received = "[dumb-init] Received signal 17.\n".to_owned();
        assert_eq!(said(Manner::DumbInit, 1, Event::Received(17)), Some((Stream::Error, received)));
        assert_eq!(said(Manner::DumbInit, 0, Event::Received(17)), None);
    }
}
