use crate::sys::Machine;
use std::time::{Duration, Instant};

/// The two times that the daemon knows: one that is never set, for what waits, and one for what is shown.
#[derive(Debug)]
pub(super) struct Clock {
    start: Instant,
    /// How long everything stood still.
    lost: Duration,
    /// How often.
    freezes: u32,
}

/// Who comes to a timer so much later than planned was not merely busy: the container was frozen, or the machine slept.
const FREEZE: Duration = Duration::from_secs(2);

impl Clock {
    /// A clock that begins now.
    pub(super) fn new() -> Clock {
        Clock { start: Instant::now(), lost: Duration::ZERO, freezes: 0 }
    }

    /// CLOCK_MONOTONIC, since the daemon began, without the time in which everything stood still: nobody could use that, so that no
    /// patience ran out in it. Not 0: that is never.
    pub(super) fn now(&self) -> Duration {
        (self.start.elapsed() + Duration::from_secs(1)).saturating_sub(self.lost)
    }

    /// Looks whether everything has stood still: the next timer is due since long.
    pub(super) fn has_stood_still(&mut self, next: Option<Duration>) -> bool {
        let late = next.map_or(Duration::ZERO, |next| self.now().saturating_sub(next));
        let has_stood_still = late > FREEZE;
        if has_stood_still {
            self.lost += late;
            self.freezes = self.freezes.wrapping_add(1);
        }
        has_stood_still
    }

    /// How often everything stood still.
    pub(super) fn freezes(&self) -> u32 {
        self.freezes
    }
}

/// CLOCK_REALTIME in seconds since 1970.
pub(super) fn epoch(machine: &dyn Machine) -> i64 {
    i64::try_from(machine.realtime().as_secs()).unwrap_or(i64::MAX)
}
