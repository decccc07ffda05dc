//! Hooks: commands before and after a process's start and stop.
//!
//! | hook | when | what its failure means |
//! | --- | --- | --- |
//! | `pre_start` | before each start; the start waits for it | the start has failed |
//! | `post_start` | once RUNNING | a line in the main log |
//! | `pre_stop` | before the stop signal, which waits for it; so does `stopwaitsecs` | a line in the main log |
//! | `post_stop` | after each end; the next start waits for it | a line in the main log |
//!
//! They know their own name by `VAT_HOOK`; `post_stop` knows by `EXIT_CODE` or `EXIT_SIGNAL` how the process ended.

use super::aside::WaitsFor;
use super::errand::Purpose;
use super::{Daemon, Id, Timer};
use crate::init::config::{self, Level};
use crate::init::machine::State;
use crate::sys;
use crate::sys::child::How;
use std::time::Duration;

/// A hook of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hook {
    PreStart,
    PostStart,
    PreStop,
    PostStop,
}

impl Hook {
    /// As the file calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Hook::PreStart => "pre_start",
            Hook::PostStart => "post_start",
            Hook::PreStop => "pre_stop",
            Hook::PostStop => "post_stop",
        }
    }

    fn command(self, hooks: &config::Hooks) -> Option<&str> {
        let command = match self {
            Hook::PreStart => &hooks.pre_start,
            Hook::PostStart => &hooks.post_start,
            Hook::PreStop => &hooks.pre_stop,
            Hook::PostStop => &hooks.post_stop,
        };
        command.as_deref()
    }
}

/// Whether that is a hook of a process's last run, for which the next one waits.
pub(super) fn is_of_last_run(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Hook(Hook::PreStop | Hook::PostStop))
}

impl Daemon<'_> {
    /// Runs a hook, and says whether it does; `None` where there is no such hook.
    fn run_hook(&mut self, id: Id, hook: Hook, more: Option<(&str, String)>) -> Option<Result<(), String>> {
        let process = self.processes.get(&id)?;
        let config = process.config.clone();
        let command = hook.command(&config.hooks)?;
        let variables: Vec<_> = [("VAT_HOOK", hook.name().to_owned())].into_iter().chain(more).collect();
        self.say(Level::Debug, format_args!("running {} of '{}'", hook.name(), config.name));
        Some(self.run_errand(id, Purpose::Hook(hook), command, &variables, config.hooks.timeout))
    }

    /// Runs a hook for which nobody waits.
    fn run_hook_aside(&mut self, id: Id, hook: Hook, more: Option<(&str, String)>) {
        if let Some(Err(why)) = self.run_hook(id, hook, more) {
            self.say_hook_failed(id, hook, &why);
        }
    }

    /// Whether a start waits for `pre_start`, or has failed by it.
    pub(super) fn start_waits_for_hook(&mut self, id: Id) -> bool {
        match self.run_hook(id, Hook::PreStart, None) {
            None => false,
            Some(Ok(())) => {
                self.let_wait(id, WaitsFor::Hook(Hook::PreStart));
                true
            }
            Some(Err(why)) => {
                self.cannot_start(id, format!("pre_start failed: {why}"));
                true
            }
        }
    }

    /// The process is up.
    pub(super) fn run_post_start(&mut self, id: Id) {
        self.run_hook_aside(id, Hook::PostStart, None);
    }

    /// The process is to stop: it hears of it when `pre_stop` has run. Where time is over there is no time for that.
    pub(super) fn ask_to_stop(&mut self, id: Id) {
        let waits = if self.has_no_time() { None } else { self.run_hook(id, Hook::PreStop, None) };
        match waits {
            None => return self.send_stop_signal(id),
            Some(Err(why)) => {
                self.say_hook_failed(id, Hook::PreStop, &why);
                return self.send_stop_signal(id);
            }
            Some(Ok(())) => self.let_wait(id, WaitsFor::Hook(Hook::PreStop)),
        }
        let Some(process) = self.processes.get_mut(&id) else { return };
        process.life.due = match process.config.hooks.timeout {
            Duration::ZERO => None,
            timeout => process.life.due.map(|due| due + timeout),
        };
        self.timers.set(Timer::Life(id), process.life.due);
    }

    /// The process has ended.
    pub(super) fn run_post_stop(&mut self, id: Id, how: How) {
        let end = match how {
            How::Exited(code) => ("EXIT_CODE", code.to_string()),
            How::Killed { signal, .. } => ("EXIT_SIGNAL", sys::signal::name(signal)),
        };
        if self.has_no_time() {
            // Whoever runs is killed, and nobody new is begun.
            return;
        }
        self.run_hook_aside(id, Hook::PostStop, Some(end));
    }

    /// A hook has ended. One that is unwanted was not waited for any more.
    pub(super) fn hook_ended(&mut self, id: Id, hook: Hook, result: Result<(), String>, is_unwanted: bool) {
        let Some(process) = self.processes.get(&id) else { return };
        let (state, waits_for) = (process.state(), process.aside.waits_for.clone());
        if let (Err(why), false) = (&result, is_unwanted) {
            self.say_hook_failed(id, hook, why);
        }
        match (hook, waits_for) {
            _ if is_unwanted && !is_of_last_run(Purpose::Hook(hook)) => (),
            (Hook::PreStart, WaitsFor::Hook(Hook::PreStart)) if state == State::Starting => match result {
                Ok(()) => self.start_after_hooks(id),
                Err(why) => self.cannot_start(id, format!("pre_start failed: {why}")),
            },
            (Hook::PreStop, WaitsFor::Hook(Hook::PreStop)) if state == State::Stopping && !is_unwanted => {
                self.let_wait(id, WaitsFor::Nothing);
                self.stop_after_hook(id);
            }
            (Hook::PreStop | Hook::PostStop, WaitsFor::LastRun) if state == State::Starting => {
                self.start_when_alone(id)
            }
            _ => (),
        }
    }

    fn stop_after_hook(&mut self, id: Id) {
        let now = self.clock.now();
        if let Some(process) = self.processes.get_mut(&id) {
            // The whole daemon may be in more of a hurry.
            let own = now + process.policy.stopwaitsecs;
            let due = process.life.due.map_or(own, |due| due.min(own));
            process.life.due = Some(due);
            self.timers.set(Timer::Life(id), Some(due));
        }
        self.send_stop_signal(id);
    }

    fn say_hook_failed(&mut self, id: Id, hook: Hook, why: &str) {
        if let Some(process) = self.processes.get(&id) {
            let words = format!("{} of '{}' failed: {why}", hook.name(), process.config.name);
            self.say(Level::Warn, words);
        }
    }
}
