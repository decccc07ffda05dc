use crate::init::config::{self, Autorestart};
use std::time::Duration;

/// What the configuration says of a process's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// `startsecs`: up for longer than that is RUNNING.
    pub startsecs: Duration,
    /// `startretries`; `None` for no end of them.
    pub startretries: Option<u32>,
    /// `autorestart`.
    pub autorestart: Autorestart,
    /// `exitcodes`.
    pub exitcodes: Vec<i64>,
    /// `stopwaitsecs`.
    pub stopwaitsecs: Duration,
    /// `restart_delay` and its kin.
    pub restart: config::Restart,
    /// Where it tells that it is up: how long it may take.
    pub ready_within: Option<Duration>,
    /// Whether it is started by the clock: then nothing else starts it again.
    pub scheduled: bool,
}

/// A process that ended before this is not started again before it: nothing turns in a tight loop. supervisord's own loop takes
/// up to this long.
const BREATH: Duration = Duration::from_secs(1);

impl Policy {
    /// What the file says.
    #[must_use]
    pub fn of(process: &config::Process) -> Policy {
        let seconds = |seconds: i64| Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        Policy {
            // What the clock starts is there to end: however soon, that is no start that failed.
            startsecs: if process.schedule.is_some() { Duration::ZERO } else { seconds(process.startsecs) },
            startretries: match process.startretries {
                -1 => None,
                retries => Some(u32::try_from(retries.max(0)).unwrap_or(u32::MAX)),
            },
            autorestart: process.autorestart,
            exitcodes: process.exitcodes.clone(),
            stopwaitsecs: seconds(process.stopwaitsecs),
            restart: process.restart,
            ready_within: process.ready.as_ref().map(|(_, within)| *within),
            scheduled: process.schedule.is_some(),
        }
    }

    /// Whether that exit code is expected. A signal never is.
    #[must_use]
    pub fn expects(&self, code: Option<i32>) -> bool {
        code.is_some_and(|code| self.exitcodes.contains(&i64::from(code)))
    }

    /// Whether it is started again after that end.
    pub(super) fn starts_again(&self, expected: bool) -> bool {
        match self.autorestart {
            _ if self.scheduled => false,
            Autorestart::Never => false,
            Autorestart::Unexpected => !expected,
            Autorestart::Always => true,
        }
    }

    /// Whether another try follows so many that failed.
    pub(super) fn tries_again(&self, failed: u32) -> bool {
        self.startretries.is_none_or(|retries| failed <= retries)
    }

    /// How long the try after so many failed ones waits: as many seconds, or twice as long each time where a delay is given.
    pub(super) fn back_off(&self, failed: u32) -> Duration {
        let doubled = |delay: Duration| delay.saturating_mul(1 << failed.saturating_sub(1).min(30));
        self.capped(self.restart.delay.map_or(Duration::from_secs(u64::from(failed)), doubled))
    }

    /// When a process that was started then and ended now is started again.
    pub(super) fn restart_at(&self, started: Option<Duration>, now: Duration) -> Duration {
        match self.restart.delay {
            Some(delay) => now + self.capped(delay),
            None => started.map_or(now, |started| started + BREATH).max(now),
        }
    }

    fn capped(&self, delay: Duration) -> Duration {
        self.restart.delay_max.map_or(delay, |max| delay.min(max))
    }
}
