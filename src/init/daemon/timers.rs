use super::Id;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// What is waited for by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// A process's life goes on.
    Life(Id),
    /// Who is left of a process that has ended had the time to stop.
    Leftovers,
    /// An errand has taken long enough.
    Errand(u32),
    /// It is tried again whether a process is up.
    Ready(Id),
    /// A process's health is checked.
    Health(Id),
    /// The clock on the wall is looked at for a process.
    Schedule(Id),
    /// A listener waits for TICK events.
    Tick,
    /// It is said for whom the stop waits.
    Report,
    /// The stop has taken as long as it may.
    StopBudget,
    /// The orphans had their time.
    Orphans,
    /// The load is sampled.
    Sample,
    /// A connection has waited long enough.
    Connections,
    /// A log that somebody watches is looked at.
    Watched,
    /// A log is rotated by the clock.
    Rotation,
    /// It is said how many events were lost.
    Losses,
}

/// Timers, each at most once. Times are those of the daemon's clock.
#[derive(Debug, Default)]
pub(super) struct Timers {
    by_time: BTreeSet<(Duration, Timer)>,
    by_timer: HashMap<Timer, Duration>,
}

impl Timers {
    /// Sets a timer, or with `None` takes it away.
    pub(super) fn set(&mut self, timer: Timer, at: Option<Duration>) {
        if let Some(before) = self.by_timer.remove(&timer) {
            self.by_time.remove(&(before, timer));
        }
        if let Some(at) = at {
            self.by_timer.insert(timer, at);
            self.by_time.insert((at, timer));
        }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Duration> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// Takes one that is due.
    pub(super) fn take_due(&mut self, now: Duration) -> Option<Timer> {
        let (at, timer) = *self.by_time.first().filter(|(at, _)| *at <= now)?;
        self.by_time.remove(&(at, timer));
        self.by_timer.remove(&timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_once_and_in_order() {
        let mut timers = Timers::default();
        let seconds = Duration::from_secs;
        timers.set(Timer::Tick, Some(seconds(5)));
        timers.set(Timer::Report, Some(seconds(2)));
        timers.set(Timer::Tick, Some(seconds(1)));
        assert_eq!(timers.next(), Some(seconds(1)));
        assert_eq!(timers.take_due(seconds(0)), None);
        assert_eq!(timers.take_due(seconds(9)), Some(Timer::Tick));
        assert_eq!(timers.take_due(seconds(9)), Some(Timer::Report));
        assert_eq!(timers.take_due(seconds(9)), None);
        timers.set(Timer::Report, Some(seconds(2)));
        timers.set(Timer::Report, None);
        assert_eq!(timers.next(), None);
    }
}
