//! The loop: waits for a signal and for nothing else, passes it on, reaps whoever has ended.

use super::Manner;
use super::event::{Event, Voice};
use super::options::{Job, Place};
use super::{command, leftovers};
use crate::sys::child::{self, How};
use crate::sys::relay::{Relay, STOP, STOPS, Taken};
use crate::sys::signal::number::{CHLD, CONT, HUP, TERM};
use crate::sys::{init, kin, process, session};
use std::collections::BTreeSet;

/// Runs the command until it ends. Returns the exit code.
pub(super) fn run(manner: Manner, job: &Job) -> u8 {
    let voice = Voice { manner, verbosity: job.verbosity };
    for note in &job.notes {
        voice.say(&Event::Note(note));
    }
    let relay = Relay::open(if manner == Manner::DumbInit { Taken::All } else { Taken::ButFaults });
    if let Err(event) = take_part(manner, job, voice) {
        voice.say(&event);
        return 1;
    }
    let caused = if job.place == Place::Session { leave_terminal(voice) } else { BTreeSet::new() };
    let pid = match command::start(job, &relay, voice) {
        Ok(pid) => pid,
        Err(error) => {
            voice.say(&Event::CannotFork(error));
            return 1;
        }
    };
    voice.say(&Event::Spawned { command: &command::name(job), pid });
    if manner == Manner::DumbInit {
        // No file system is kept from being unmounted. Without a root directory there is none to be kept.
        let _ = std::env::set_current_dir("/");
    }
    let how = Passing { job, voice, relay: &relay, pid, caused }.until_the_end();
    if let Some(within) = job.leftovers {
        leftovers::end(&relay, voice, within);
    }
    let code = how.code();
    let code = if job.forgiven.contains(&code) { 0 } else { code };
    voice.say(&Event::Exits(code));
    code
}

/// Settles who is told of whose end.
fn take_part(manner: Manner, job: &Job, voice: Voice) -> Result<(), Event<'static>> {
    if let Some(signal) = job.parent_death {
        kin::tell_of_parents_end(signal).map_err(|_| Event::CannotHearOfParent)?;
    }
    if job.subreaper {
        init::adopt_orphans().map_err(Event::CannotRegister)?;
        voice.say(&Event::Registered);
    }
    if manner != Manner::DumbInit && !kin::adopts_orphans() {
        voice.say(&Event::NoReaper);
    }
    Ok(())
}

/// Leaves the terminal to the command's session. Returns the signals that this causes, which are meant for nobody.
fn leave_terminal(voice: Voice) -> BTreeSet<i32> {
    let as_leader = session::leads_session();
    match session::leave_terminal() {
        Ok(()) => {
            voice.say(&Event::Detached { as_leader });
            if as_leader { BTreeSet::from([HUP, CONT]) } else { BTreeSet::new() }
        }
        Err(error) => {
            voice.say(&Event::CannotDetach(error));
            BTreeSet::new()
        }
    }
}

/// Between the command's start and its end.
struct Passing<'a> {
    job: &'a Job,
    voice: Voice,
    relay: &'a Relay,
    /// The command's.
    pid: u32,
    /// Signals that we caused ourselves and that have not come yet.
    caused: BTreeSet<i32>,
}

impl Passing<'_> {
    fn until_the_end(mut self) -> How {
        loop {
            if let Some(signal) = self.relay.next(None) {
                self.take(signal);
            }
            if let Some(how) = self.reap() {
                return how;
            }
        }
    }

    fn take(&mut self, signal: i32) {
        self.voice.say(&Event::Received(signal));
        if self.caused.remove(&signal) {
            return self.voice.say(&Event::HandedOff(signal));
        }
        if signal == CHLD {
            return;
        }
        self.pass(signal);
        // The shell that we were started from waits for this process to stop, not for the command.
        if self.job.place != Place::Group && STOPS.contains(&signal) {
            self.voice.say(&Event::Suspends);
            // PID 1 cannot be stopped from within its namespace.
            let _ = process::send(std::process::id(), STOP);
        }
    }

    fn pass(&self, received: i32) {
        let signal = self.job.rewrite.get(&received).copied().unwrap_or(received);
        if self.job.rewrite.contains_key(&received) {
            self.voice.say(&Event::Translated(received, signal));
        }
        if signal == 0 {
            return self.voice.say(&Event::NotForwarded);
        }
        // The group may not be there yet: until the child has made it, the child is all there is.
        let sent = match self.job.to_group {
            true => child::send_to_group(self.pid, signal).or_else(|_| process::send(self.pid, signal)),
            false => process::send(self.pid, signal),
        };
        match sent {
            Ok(()) => self.voice.say(&Event::Forwarded(signal)),
            // The command may be another user's by now. That is no reason to end.
            Err(error) => self.voice.say(&Event::CannotForward { signal, error }),
        }
    }

    /// Reaps all that have ended. How the command ended, if it did.
    fn reap(&self) -> Option<How> {
        let mut main = None;
        loop {
            match child::peek() {
                Ok(Some(ended)) => {
                    self.voice.say(&Event::Reaped { pid: ended.pid, how: ended.how });
                    if ended.pid == self.pid {
                        self.voice.say(&Event::MainEnded(ended.how));
                        main = Some(ended.how);
                        // Before its pid, and so its group's number, may be somebody else's.
                        self.pass_the_end();
                    } else if self.job.warn_on_reap {
                        self.voice.say(&Event::ReapedOrphan(ended.pid));
                    }
                    child::collect(ended.pid);
                    if main.is_some() && self.voice.manner == Manner::DumbInit {
                        break;
                    }
                }
                Ok(None) => break self.voice.say(&Event::NoneEnded),
                Err(_) => break self.voice.say(&Event::NoChild),
            }
        }
        main
    }

    /// Those of the command's session who are left are asked to end as well.
    fn pass_the_end(&self) {
        if self.voice.manner == Manner::DumbInit || self.job.place == Place::Session {
            self.pass(TERM);
        }
    }
}
