//! What goes on beside a process's life, put together; each part has a file of its own.
//!
//! ```text
//! Action::Spawn -> begin: depends -> hooks of the last run -> pre_start -> launch (+ ready) -> RUNNING: post_start, health
//! Action::Stop  -> pre_stop -> the stop signal                       the end: post_stop
//! ```
//!
//! A start that waits is STARTING without a pid.

use super::errand::Purpose;
use super::hooks::{Hook, is_of_last_run};
use super::{Daemon, Event, Id, Timer};
use crate::init::machine::State;

/// What goes on beside a process's life.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// What its start or its stop waits for.
    pub(super) waits_for: WaitsFor,
    /// How it is known that it is up.
    pub(super) ready: Option<super::ready::Watch>,
    /// Whether it is well.
    pub(super) health: super::health::Health,
    /// When it is started by the clock.
    pub(super) runs: super::schedule::Runs,
}

/// What a start or a stop waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum WaitsFor {
    /// It does not wait.
    #[default]
    Nothing,
    /// For those it depends on.
    Others(Vec<Id>),
    /// For a hook of its last run.
    LastRun,
    /// For a hook.
    Hook(Hook),
}

impl Daemon<'_> {
    /// A process is to be started, which may take some time.
    pub(super) fn begin(&mut self, id: Id) {
        if !self.start_waits_for_others(id) {
            self.start_when_alone(id);
        }
    }

    /// All that it depends on are up. No hook of its last run may be at work beside the next one.
    pub(super) fn start_when_alone(&mut self, id: Id) {
        if self.stopping.is_some() {
            // It is stopped when its turn comes.
        } else if self.has_errand(id, is_of_last_run) {
            self.let_wait(id, WaitsFor::LastRun);
        } else if !self.start_waits_for_hook(id) {
            self.start_after_hooks(id);
        }
    }

    /// Its own hook has run.
    pub(super) fn start_after_hooks(&mut self, id: Id) {
        if self.stopping.is_none() {
            self.let_wait(id, WaitsFor::Nothing);
            self.spawn(id);
        }
    }

    pub(super) fn let_wait(&mut self, id: Id, waits_for: WaitsFor) {
        if let Some(process) = self.processes.get_mut(&id) {
            process.aside.waits_for = waits_for;
        }
    }

    /// A process came to another state: what was begun for the one before ends, and what belongs to this one begins.
    pub(super) fn entered_aside(&mut self, id: Id, to: State) {
        self.has_changed = true;
        let Some(process) = self.processes.get(&id) else { return };
        match to {
            State::Starting => (),
            // It may have ended already.
            State::Running if process.state() != State::Running => (),
            State::Running => {
                self.leave_ready(id, true);
                self.run_post_start(id);
                self.expect_check(id);
            }
            State::Stopping => {
                self.leave_ready(id, true);
                self.end_errands(id, |purpose| !is_of_last_run(purpose));
                self.timers.set(Timer::Health(id), None);
            }
            State::Stopped | State::Backoff | State::Exited | State::Fatal | State::Unknown => {
                self.leave_ready(id, false);
                self.end_errands(id, |purpose| !is_of_last_run(purpose));
                self.timers.set(Timer::Health(id), None);
                self.let_wait(id, WaitsFor::Nothing);
                if self.processes.get(&id).is_some_and(|process| process.state() == to) {
                    self.mind_the_dependents(id);
                }
            }
        }
    }

    /// Goes on with what waited for other processes.
    pub(super) fn advance_aside(&mut self) {
        // What starts now may be what others wait for.
        while std::mem::take(&mut self.has_changed) && self.stopping.is_none() {
            self.start_dependents();
            self.start_again();
        }
    }

    /// Starts those that were stopped for it.
    fn start_again(&mut self) {
        for id in std::mem::take(&mut self.restarting) {
            match self.processes.get(&id).map(super::Process::state) {
                Some(State::Stopped) => {
                    self.happens(id, Event::Start);
                    self.pass_due(id);
                }
                Some(State::Stopping) => _ = self.restarting.insert(id),
                _ => (),
            }
        }
    }

    /// A process is taken away.
    pub(super) fn forget_aside(&mut self, id: Id) {
        for timer in [Timer::Ready(id), Timer::Health(id), Timer::Schedule(id)] {
            self.timers.set(timer, None);
        }
        self.end_errands(id, |_| true);
        self.restarting.remove(&id);
        // Nobody waits for one that is not there.
        self.has_changed = true;
    }

    /// What a process waits for, for whoever asks.
    pub(super) fn waiting(&self, id: Id) -> Option<String> {
        let name = |id: &Id| self.processes.get(id).map(super::Process::full_name);
        let what = match &self.processes.get(&id)?.aside.waits_for {
            WaitsFor::Nothing => return None,
            WaitsFor::Others(others) => others.iter().filter_map(name).collect::<Vec<_>>().join(", "),
            WaitsFor::LastRun if self.has_errand(id, |purpose| purpose == Purpose::Hook(Hook::PreStop)) => {
                Hook::PreStop.name().to_owned()
            }
            WaitsFor::LastRun => Hook::PostStop.name().to_owned(),
            WaitsFor::Hook(hook) => hook.name().to_owned(),
        };
        Some(format!("waiting for {what}"))
    }
}
