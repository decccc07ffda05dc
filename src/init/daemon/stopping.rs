//! The orderly stop: wave after wave, then whoever is left.

use super::stop_order::{Standing, waves};
use super::{Daemon, Id, Mood, Outcome, Timer};
use crate::init::config::Level;
use crate::init::event::Event;
use crate::init::machine::{self, State};
use crate::sys;
use std::collections::VecDeque;
use std::time::Duration;

/// As PID 1, where no process asks for more time than this to stop, everything stops within [`BUDGET`]: Docker gives ten seconds.
const PATIENCE: i64 = 10;
const BUDGET: Duration = Duration::from_secs(9);
/// What of that is kept for each wave that is still to come, where there is so much; all else is for who stops first.
const KEPT: Duration = Duration::from_millis(500);
/// How often it is said for whom the stop waits.
const REPORT: Duration = Duration::from_secs(3);
/// How long a process that KILL does not end is waited for.
const UNKILLABLE: Duration = Duration::from_secs(10);
/// How long the orphans of a container have between TERM and KILL, where the stop may still take so long.
const ORPHANS: Duration = Duration::from_secs(1);
/// How long they are waited for after KILL.
const KILLED: Duration = Duration::from_millis(500);

/// A stop that goes on.
#[derive(Debug)]
pub(super) struct Stopping {
    /// Who stops now.
    wave: Vec<Id>,
    /// Who stops after that.
    waves: VecDeque<Vec<Id>>,
    /// When everything is to have stopped.
    by: Option<Duration>,
    /// What becomes of processes that are not the configuration's.
    orphans: Orphans,
}

/// Where the end of everybody else stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Orphans {
    /// It has not begun.
    Untouched,
    /// They got TERM, and have until then.
    Asked { until: Duration },
    /// They got KILL, and have until then.
    Killed { until: Duration },
    /// Nobody is left, or nobody that could be ended.
    Gone,
}

impl Daemon<'_> {
    /// Stops everything, and then ends.
    pub(super) fn shut_down(&mut self) {
        self.mood = Mood::Shutdown;
        self.begin_stopping();
    }

    /// Stops everything, and then begins anew, where the configuration can be read.
    pub(super) fn restart(&mut self) {
        match self.read_config() {
            Ok(config) => {
                self.next_config = Some(config);
                self.mood = Mood::Restarting;
                self.begin_stopping();
            }
            Err(error) => self.say(Level::Critical, format_args!("{error}; everything goes on as it is")),
        }
    }

    fn begin_stopping(&mut self) {
        if self.stopping.is_some() {
            return;
        }
        self.tell(&Event::SupervisorStopping);
        let standing: Vec<Standing<Id>> = self.standing();
        let now = self.clock.now();
        let by = self.budget().map(|budget| now + budget);
        let waves = waves(&standing).into();
        self.stopping = Some(Stopping { wave: Vec::new(), waves, by, orphans: Orphans::Untouched });
        self.timers.set(Timer::StopBudget, by);
        self.timers.set(Timer::Report, Some(now));
    }

    fn standing(&self) -> Vec<Standing<Id>> {
        let standing = self.groups.values().flat_map(|group| {
            group.processes.iter().filter_map(|id| {
                let process = self.processes.get(id)?;
                let depends_on = self.dependencies(&process.config.depends_on);
                Some(Standing { id: *id, priority: group.config.priority, depends_on })
            })
        });
        standing.collect()
    }

    /// How long the whole stop may take.
    fn budget(&self) -> Option<Duration> {
        let is_default = || self.processes.values().all(|process| process.config.stopwaitsecs <= PATIENCE);
        match self.config.daemon.shutdown_timeout {
            Some(budget) if budget.is_zero() => None,
            Some(budget) => Some(budget),
            None => (self.is_init && is_default()).then_some(BUDGET),
        }
    }

    /// Goes on with the stop as far as it can.
    pub(super) fn advance_stopping(&mut self) {
        loop {
            let Some(stopping) = &self.stopping else { return };
            let is_up = |id: &Id| self.processes.get(id).is_some_and(|process| !process.state().is_stopped());
            let is_left = |id: &Id| self.cells.leftovers.iter().any(|left| left.is_of(*id));
            let waits = |id: &Id| is_up(id) || is_left(id) || self.has_errand(*id, |_| true);
            if stopping.wave.iter().any(waits) {
                return;
            }
            let Some(stopping) = &mut self.stopping else { return };
            match stopping.waves.pop_front() {
                Some(wave) => {
                    stopping.wave.clone_from(&wave);
                    self.stop_wave(&wave);
                }
                None => return self.end_orphans(),
            }
        }
    }

    /// A wave may take the time that is left but for a little of it.
    fn stop_wave(&mut self, wave: &[Id]) {
        let now = self.clock.now();
        let until = self.stopping.as_ref().and_then(|stopping| {
            let (by, later) = (stopping.by?, u32::try_from(stopping.waves.len()).unwrap_or(u32::MAX));
            Some(now + time_of_wave(by.saturating_sub(now), later))
        });
        // supervisord signals a group's processes from the highest priority down.
        for id in wave.iter().rev() {
            let event = match self.processes.get(id).map(|process| process.state()) {
                Some(State::Backoff) => machine::Event::GiveUp,
                _ => machine::Event::Stop,
            };
            self.happens(*id, event);
            if let (Some(until), Some(process)) = (until, self.processes.get_mut(id))
                && process.life.due.is_some_and(|due| due > until)
            {
                process.life.due = Some(until);
                self.timers.set(Timer::Life(*id), Some(until));
            }
        }
    }

    pub(super) fn stop_budget_is_spent(&mut self) {
        self.say(Level::Warn, "shutdown_timeout is over, killing what is left");
        self.kill_all_now();
    }

    /// Whether everything is to be gone at once.
    pub(super) fn has_no_time(&self) -> bool {
        self.stopping.as_ref().and_then(|stopping| stopping.by).is_some_and(|by| by <= self.clock.now())
    }

    /// KILL for everybody, whose turn it is or not.
    pub(super) fn kill_all_now(&mut self) {
        let now = self.clock.now();
        let Some(stopping) = &mut self.stopping else { return };
        stopping.by = Some(now);
        self.timers.set(Timer::StopBudget, None);
        let left: Vec<Id> = stopping.wave.drain(..).chain(stopping.waves.drain(..).flatten()).collect();
        stopping.wave.clone_from(&left);
        for id in left {
            // Stopping first, for those whose turn had not come.
            self.happens(id, machine::Event::Stop);
            self.happens(id, machine::Event::Due);
            self.end_errands(id, |_| true);
        }
        self.kill_leftovers(Duration::MAX);
    }

    /// supervisord's "waiting for a, b to die", at once and then every three seconds; and an end of the waiting for those that
    /// nothing can end.
    pub(super) fn report_who_is_waited_for(&mut self, now: Duration) {
        if self.stopping.is_none() {
            return;
        }
        let unstopped: Vec<&super::Process> =
            self.processes.values().filter(|process| !process.state().is_stopped()).collect();
        if unstopped.is_empty() {
            return;
        }
        let names: Vec<&str> = unstopped.iter().map(|process| process.name()).collect();
        let words = format!("waiting for {} to die", names.join(", "));
        self.say(Level::Info, words);
        self.timers.set(Timer::Report, Some(now + REPORT));
        self.leave_the_unkillable(now);
    }

    fn leave_the_unkillable(&mut self, now: Duration) {
        let lost = self.processes.iter().filter(|(_, process)| {
            process.killed.is_some_and(|killed| now.saturating_sub(killed) >= UNKILLABLE) && process.life.alive
        });
        for id in lost.map(|(id, _)| *id).collect::<Vec<_>>() {
            if let Some(process) = self.processes.get(&id) {
                let words = format!("{} does not die of SIGKILL, leaving it to the kernel", process.full_name());
                self.say(Level::Critical, words);
            }
            self.happens(id, machine::Event::Lost);
        }
    }

    /// Everything in the container that is left ends with PID 1; so it gets TERM first, and a moment.
    fn end_orphans(&mut self) {
        let now = self.clock.now();
        let alone = !self.is_init || self.mood != Mood::Shutdown || !sys::child::any();
        let Some(stopping) = &mut self.stopping else { return };
        let until = (now + ORPHANS).min(stopping.by.unwrap_or(Duration::MAX));
        let kill = (sys::signal::number::KILL, Orphans::Killed { until: now + KILLED });
        let (signal, next) = match stopping.orphans {
            _ if alone => return stopping.orphans = Orphans::Gone,
            Orphans::Untouched if until > now => (sys::signal::number::TERM, Orphans::Asked { until }),
            Orphans::Untouched => kill,
            Orphans::Asked { until } if now >= until => kill,
            Orphans::Killed { until } if now >= until => return stopping.orphans = Orphans::Gone,
            Orphans::Asked { .. } | Orphans::Killed { .. } | Orphans::Gone => return,
        };
        stopping.orphans = next;
        if let Orphans::Asked { until } | Orphans::Killed { until } = next {
            self.timers.set(Timer::StopBudget, None);
            self.timers.set(Timer::Orphans, Some(until));
        }
        sys::child::send_to_all(signal);
    }

    /// What the run comes to, where everything has stopped.
    pub(super) fn outcome(&mut self) -> Option<Outcome> {
        let stopping = self.stopping.as_ref()?;
        if stopping.orphans != Orphans::Gone {
            return None;
        }
        Some(match (self.mood, self.next_config.take()) {
            (Mood::Restarting, Some(config)) => {
                Outcome::Restart { config: Box::new(config), failures: self.journal.take() }
            }
            _ => Outcome::Exit(self.exit_code),
        })
    }
}

/// How long a wave may take, where so much time is left, and so many waves come later.
fn time_of_wave(left: Duration, later: u32) -> Duration {
    let fair = left / later.saturating_add(1);
    left.saturating_sub(KEPT.saturating_mul(later)).max(fair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wave_has_most_of_the_time_and_each_has_some() {
        let milliseconds = |left, later| time_of_wave(Duration::from_millis(left), later).as_millis();
        assert_eq!((milliseconds(9000, 0), milliseconds(9000, 1), milliseconds(9000, 4)), (9000, 8500, 7000));
        assert_eq!((milliseconds(9000, 29), milliseconds(0, 3)), (300, 0));
    }
}
