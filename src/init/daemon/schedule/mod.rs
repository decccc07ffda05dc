//! `schedule`: programs that are started by the clock on the wall.

mod words;

pub use words::Schedule;

use super::{Daemon, Id, Timer};
use crate::init::config::Level;
use crate::init::machine::{Event, State};
use crate::sys::Civil;
use std::time::Duration;

/// The clock on the wall may be set at any time: so often it is looked at.
const GLANCE: Duration = Duration::from_secs(60);
/// Where there are too many processes a run waits so long, and again.
const SHORT: Duration = Duration::from_secs(1);
/// A run whose time passed unseen longer ago than this, for the clock was set forward or everything stood still, is left out.
const TOO_LATE: i64 = 5 * 60;

/// Where a process's next run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs {
    /// When it comes.
    next: Option<i64>,
    /// For when the last one was planned.
    last: Option<i64>,
    /// What the clock showed when it was looked at last.
    seen: i64,
}

/// What a look at the clock brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// It is not yet time.
    Early,
    /// Now.
    Run,
    /// It was time when nobody could look.
    Missed,
}

impl Runs {
    fn look(&mut self, schedule: &Schedule, now: i64, local: &dyn Fn(i64) -> Option<Civil>) -> Look {
        let look = match self.next {
            Some(next) if next.saturating_add(TOO_LATE) < now => Look::Missed,
            Some(next) if next <= now => Look::Run,
            _ => Look::Early,
        };
        // Where the clock was set back, what was planned by it is planned anew.
        let stands = look == Look::Early && self.next.is_some() && now >= self.seen;
        self.seen = now;
        if stands {
            return look;
        }
        if look == Look::Run {
            self.last = self.next;
        }
        self.next = schedule.next(schedule.after(now, self.last), local);
        look
    }
}

impl Daemon<'_> {
    /// A process has this schedule from now on.
    pub(super) fn begin_schedule(&mut self, id: Id) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        process.aside.runs = Runs::default();
        self.timers.set(Timer::Schedule(id), None);
        self.look_at_schedule(id);
    }

    /// Plans a process's next run, and begins the one that is due.
    pub(super) fn look_at_schedule(&mut self, id: Id) {
        if self.is_short_of_processes() {
            return self.timers.set(Timer::Schedule(id), Some(self.clock.now() + SHORT));
        }
        let machine = self.machine;
        let Some(process) = self.processes.get_mut(&id) else { return };
        let Some(words) = process.config.schedule.as_deref() else { return };
        let name = process.full_name();
        let schedule = match Schedule::parse(words) {
            Ok(schedule) => schedule,
            Err(why) => {
                let words = format!("'{name}' is never started by its schedule {words}: {why}");
                return self.say(Level::Error, words);
            }
        };
        let wall = machine.realtime();
        let now = i64::try_from(wall.as_secs()).unwrap_or(i64::MAX);
        let look = process.aside.runs.look(&schedule, now, &|seconds| machine.local(seconds));
        let next = process.aside.runs.next;
        let state = process.state();
        if let Some(next) = next {
            let next = Duration::from_secs(u64::try_from(next).unwrap_or(0));
            // A little after it: never before, by another clock's lights.
            let within = next.saturating_sub(wall).min(GLANCE) + Duration::from_millis(1);
            self.timers.set(Timer::Schedule(id), Some(self.clock.now() + within));
        }
        match look {
            Look::Early => (),
            Look::Missed => self.say(Level::Warn, format_args!("schedule of '{name}': the clock passed over a run")),
            Look::Run if state.is_running() || state == State::Stopping => {
                self.say(Level::Info, format_args!("schedule of '{name}': it still runs, this run is left out"));
            }
            Look::Run => {
                self.happens(id, Event::Start);
                self.pass_due(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::words::tests::{HOUR, MONDAY, berlin};
    use super::*;

    const DAY: i64 = 24 * HOUR;

    #[test]
    fn a_clock_that_is_set() {
        let schedule = Schedule::parse("0 3 * * *").unwrap();
        let three = MONDAY + DAY + 2 * HOUR;
        let mut runs = Runs::default();
        let mut look = |now: i64| runs.look(&schedule, now, &berlin);
        assert_eq!([three - 15 * HOUR, three - HOUR, three - 1].map(&mut look), [Look::Early; 3]);
        assert_eq!([three, three + 1].map(&mut look), [Look::Run, Look::Early]);
        // Back, and past it again: it was.
        assert_eq!([three - HOUR, three, three + 60].map(&mut look), [Look::Early; 3]);
        // Far back: that is another night.
        assert_eq!([three - 5 * HOUR, three].map(&mut look), [Look::Early, Look::Run]);
        // Forward over three nights: none of them, and then the next one.
        assert_eq!([three + 3 * DAY + HOUR, three + 4 * DAY].map(&mut look), [Look::Missed, Look::Run]);
    }
}
