//! `health_command`: a process that runs need not be well.

use super::errand::Purpose;
use super::journal;
use super::{Daemon, Event, Id, Timer};
use crate::init::config::{HealthAction, Level};
use crate::init::event;
use crate::init::machine::State;

/// What the checks of a process came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Whether it is well; `None` until that is known.
    pub(super) is_well: Option<bool>,
    /// So many checks failed in a row.
    pub(super) failures: u32,
}

/// What a check changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Nothing,
    /// It is well, for the first time.
    Well,
    /// It is well again.
    WellAgain,
    /// It is not well.
    Unwell,
}

impl Health {
    /// A check has ended. Its failure may be one that does not count.
    fn checked(&mut self, passed: bool, counts: bool, retries: u32) -> Change {
        if passed {
            self.failures = 0;
            return match self.is_well.replace(true) {
                None => Change::Well,
                Some(true) => Change::Nothing,
                Some(false) => Change::WellAgain,
            };
        }
        if !counts {
            return Change::Nothing;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= retries && self.is_well.replace(false) != Some(false) {
            return Change::Unwell;
        }
        Change::Nothing
    }
}

impl Daemon<'_> {
    /// A process is up: its checks begin.
    pub(super) fn expect_check(&mut self, id: Id) {
        let now = self.clock.now();
        let Some(process) = self.processes.get_mut(&id) else { return };
        let Some(health) = &process.config.health else { return };
        process.aside.health = Health::default();
        self.timers.set(Timer::Health(id), Some(now + health.interval));
    }

    /// It is time for a check.
    pub(super) fn check(&mut self, id: Id) {
        let Some(process) = self.processes.get(&id) else { return };
        let config = process.config.clone();
        let Some(health) = config.health.as_ref().filter(|_| process.state() == State::Running) else { return };
        if !self.is_short_of_processes() {
            match self.run_errand(id, Purpose::Health, &health.command, &[], health.timeout) {
                // The next one is planned when this one has ended.
                Ok(()) => return,
                Err(why) if !self.is_short_of_processes() => return self.check_ended(id, Err(why), false),
                Err(_) => (),
            }
        }
        self.timers.set(Timer::Health(id), Some(self.clock.now() + health.interval));
    }

    /// A check has ended. One beside which everything stood still may have failed for that alone.
    pub(super) fn check_ended(&mut self, id: Id, result: Result<(), String>, has_stood_still: bool) {
        let now = self.clock.now();
        let Some(process) = self.processes.get_mut(&id).filter(|process| process.state() == State::Running) else {
            return;
        };
        let config = process.config.clone();
        let Some(health) = &config.health else { return };
        let up = now.saturating_sub(process.life.started.unwrap_or_default());
        let counts = up >= health.start_period && !has_stood_still;
        let change = process.aside.health.checked(result.is_ok(), counts, health.retries);
        let name = process.full_name();
        self.timers.set(Timer::Health(id), Some(now + health.interval));
        let why = result.err().unwrap_or_default();
        match change {
            Change::Nothing if why.is_empty() => (),
            Change::Nothing => self.say(Level::Debug, format_args!("health of '{name}': {why}")),
            Change::Well => self.say(Level::Debug, format_args!("'{name}' is healthy")),
            Change::WellAgain => {
                self.say(Level::Info, format_args!("'{name}' is healthy again"));
                self.tell_health(id, true);
            }
            Change::Unwell => {
                self.say(Level::Warn, format_args!("'{name}' is unhealthy: {why}"));
                self.record(journal::Event::Unhealthy, Some(id), &why);
                self.tell_health(id, false);
                self.act_on_health(id, health.action);
            }
        }
    }

    fn tell_health(&mut self, id: Id, healthy: bool) {
        let Some(process) = self.processes.get(&id) else { return };
        let (config, group, pid) = process.names();
        let of = event::Of { process: &config.name, group: &group };
        self.tell(&event::Event::ProcessHealth { of, pid, healthy });
    }

    fn act_on_health(&mut self, id: Id, action: HealthAction) {
        match action {
            HealthAction::Log => (),
            HealthAction::Stop => self.happens(id, Event::Stop),
            HealthAction::Restart => {
                self.restarting.insert(id);
                self.happens(id, Event::Stop);
            }
            HealthAction::Shutdown => {
                self.exit_code = self.exit_code.max(1);
                self.shut_down();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_failures_in_a_row() {
        let mut health = Health::default();
        let mut told = |passed, counts| health.checked(passed, counts, 2);
        // A start period, or a freeze.
        assert_eq!([told(false, false), told(false, false)], [Change::Nothing; 2]);
        assert_eq!([told(false, true), told(true, true)], [Change::Nothing, Change::Well]);
        assert_eq!([told(false, true), told(false, true)], [Change::Nothing, Change::Unwell]);
        assert_eq!([told(false, true), told(true, true)], [Change::Nothing, Change::WellAgain]);
        assert_eq!([told(true, true), told(false, true)], [Change::Nothing; 2]);
    }
}
