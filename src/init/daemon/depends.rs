//! `depends_on`: a process starts when all that it depends on are up.
//!
//! Up is RUNNING, or EXITED as expected with no restart to come: a program that had one thing to do and did it. Those that are
//! STOPPED are started along. (With `startsecs=0` such a program is RUNNING before it has done its thing; where others are to wait
//! for its end, it has `ready=fd:3`, `autorestart=false`, and a command such as `sh -c 'migrate && echo >&3'`.)
//!
//! One that goes down later takes nobody with it: who depends on it was promised that it is there at the start, and has a restart
//! policy of its own.

use super::aside::WaitsFor;
use super::{Daemon, Event, Id, Process};
use crate::init::config::Level;
use crate::init::machine::State;
use crate::sys::child::How;

/// How one that others depend on stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Those who wait for it can start.
    Up,
    /// It is on its way.
    Coming,
    /// It has to be started.
    Stopped,
    /// It has failed, and nothing is tried any more.
    Failed,
}

fn standing(process: &Process) -> Standing {
    let has_done_it = || matches!(process.how, Some(How::Exited(code)) if process.policy.expects(Some(code)));
    match process.state() {
        State::Running => Standing::Up,
        State::Exited if process.life.due.is_some() => Standing::Coming,
        State::Exited if has_done_it() => Standing::Up,
        State::Starting | State::Backoff | State::Stopping => Standing::Coming,
        State::Stopped => Standing::Stopped,
        State::Exited | State::Fatal | State::Unknown => Standing::Failed,
    }
}

impl Daemon<'_> {
    /// Those that these names mean: `group:process`, `group:*`, or else a group, a program or a process, the first that there is.
    pub(super) fn dependencies(&self, names: &[String]) -> Vec<Id> {
        let mut found: Vec<Id> = names.iter().flat_map(|name| self.named(name)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn named(&self, name: &str) -> Vec<Id> {
        let find = |is_it: &dyn Fn(&Process) -> bool| -> Vec<Id> {
            self.processes.iter().filter(|(_, process)| is_it(process)).map(|(id, _)| *id).collect()
        };
        match name.split_once(':') {
            Some((group, "" | "*")) => find(&|process| *process.group == *group),
            Some((group, one)) => find(&|process| *process.group == *group && process.name() == one),
            None if self.groups.contains_key(name) => find(&|process| *process.group == *name),
            None => match find(&|process| process.config.program == name) {
                none if none.is_empty() => find(&|process| process.name() == name),
                some => some,
            },
        }
    }

    /// Whether a start has to wait for others. Those of them that are stopped are started.
    pub(super) fn start_waits_for_others(&mut self, id: Id) -> bool {
        let Some(process) = self.processes.get(&id) else { return false };
        if process.config.depends_on.is_empty() {
            return false;
        }
        let mut others = self.dependencies(&process.config.depends_on);
        others.retain(|other| *other != id);
        let stopped: Vec<Id> = others.iter().copied().filter(|other| self.stands(*other, Standing::Stopped)).collect();
        for other in stopped {
            self.happens(other, Event::Start);
            self.pass_due(other);
        }
        others.retain(|other| !self.stands(*other, Standing::Up));
        let failed: Vec<Id> = others.iter().copied().filter(|other| self.stands(*other, Standing::Failed)).collect();
        let Some(process) = self.processes.get_mut(&id) else { return false };
        if others.is_empty() {
            return false;
        }
        let name = process.full_name();
        process.aside.waits_for = WaitsFor::Others(others);
        let waiting = self.waiting(id).unwrap_or_default();
        self.say(Level::Info, format_args!("'{name}' is {waiting}"));
        for other in failed {
            self.say_in_vain(id, other);
        }
        true
    }

    /// One has failed: who waits for it does so in vain.
    pub(super) fn mind_the_dependents(&mut self, id: Id) {
        if self.stands(id, Standing::Failed) {
            let waits = |process: &Process| matches!(&process.aside.waits_for, WaitsFor::Others(others) if others.contains(&id));
            let waiting = self.processes.iter().filter(|(_, process)| waits(process));
            for waiting in waiting.map(|(id, _)| *id).collect::<Vec<_>>() {
                self.say_in_vain(waiting, id);
            }
        }
    }

    fn say_in_vain(&mut self, id: Id, other: Id) {
        let (Some(process), Some(other)) = (self.processes.get(&id), self.processes.get(&other)) else { return };
        let (name, other, state) = (process.full_name(), other.full_name(), other.state().name());
        let words = format!("'{name}' waits in vain for '{other}', which is {state}, until somebody starts that");
        self.say(Level::Warn, words);
    }

    fn stands(&self, id: Id, wanted: Standing) -> bool {
        self.processes.get(&id).is_some_and(|process| standing(process) == wanted)
    }

    /// Starts those that have waited long enough.
    pub(super) fn start_dependents(&mut self) {
        let mut free = Vec::new();
        let mut fewer = Vec::new();
        for (id, process) in &self.processes {
            let WaitsFor::Others(others) = &process.aside.waits_for else { continue };
            let left = |other: &&Id| self.processes.get(other).is_some_and(|it| standing(it) != Standing::Up);
            let left: Vec<Id> = others.iter().filter(left).copied().collect();
            if left.is_empty() {
                free.push(*id);
            } else if left.len() != others.len() {
                fewer.push((*id, left));
            }
        }
        for (id, left) in fewer {
            self.let_wait(id, WaitsFor::Others(left));
        }
        for id in free {
            self.start_when_alone(id);
            self.pass_due(id);
        }
    }
}
