//! The life of a process as a table: a state and an event give the next state and what is to be done, with an answer for every pair.
//!
//! ```text
//!              Start                 Due: startsecs / Up
//! STOPPED ─────────────▶ STARTING ────────────────────────▶ RUNNING
//!    ▲                    │  ▲  │                          │   │  ▲
//!    │             Ended, │  │  │ Stop              Ended  │   │  │ (restart, by way of STARTING)
//!    │         SpawnFailed│  │  ▼                          ▼   │  │
//!    │                    ▼  │ STOPPING ◀──── Stop ────── EXITED ─┘
//!    │   Stop         BACKOFF┘  │   ▲  └ Due: KILL again
//!    ├────────────────  │       │   └── Lost ──▶ UNKNOWN ── Ended ──▶ EXITED
//!    │      too often   ▼       │
//!    │                FATAL     │ Ended
//!    └──────────────────────────┘
//! ```
//!
//! The states, when they change, and how long they wait are supervisord's (its process.py). What a file can ask for besides
//! (readiness, delays, a window for restarts) is in [`Policy`], and by default changes nothing.

mod policy;
mod step;
#[cfg(test)]
mod tests;

pub use policy::Policy;
pub use step::step;

use std::time::Duration;

/// A state, as supervisord's clients know it (its states.py).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum State {
    #[default]
    Stopped,
    Starting,
    Running,
    Backoff,
    Stopping,
    Exited,
    Fatal,
    Unknown,
}

impl State {
    /// All of them.
    pub const ALL: [State; 8] = [
        State::Stopped,
        State::Starting,
        State::Running,
        State::Backoff,
        State::Stopping,
        State::Exited,
        State::Fatal,
        State::Unknown,
    ];

    /// The number that clients see.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            State::Stopped => 0,
            State::Starting => 10,
            State::Running => 20,
            State::Backoff => 30,
            State::Stopping => 40,
            State::Exited => 100,
            State::Fatal => 200,
            State::Unknown => 1000,
        }
    }

    /// The name that clients see.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Stopped => "STOPPED",
            State::Starting => "STARTING",
            State::Running => "RUNNING",
            State::Backoff => "BACKOFF",
            State::Stopping => "STOPPING",
            State::Exited => "EXITED",
            State::Fatal => "FATAL",
            State::Unknown => "UNKNOWN",
        }
    }

    /// Nothing runs, and nothing will by itself (supervisor's STOPPED_STATES).
    #[must_use]
    pub fn is_stopped(self) -> bool {
        matches!(self, State::Stopped | State::Exited | State::Fatal | State::Unknown)
    }

    /// It runs, or is about to (RUNNING_STATES).
    #[must_use]
    pub fn is_running(self) -> bool {
        matches!(self, State::Running | State::Backoff | State::Starting)
    }

    /// There is a process that a signal would reach (SIGNALLABLE_STATES).
    #[must_use]
    pub fn is_signallable(self) -> bool {
        matches!(self, State::Running | State::Starting | State::Stopping)
    }
}

/// What is remembered of a process's life. Times are those of a clock that is never set (CLOCK_MONOTONIC).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// The state.
    pub state: State,
    /// When its last start was tried; `None` when none ever was.
    pub started: Option<Duration>,
    /// Whether there is a process.
    pub alive: bool,
    /// How many starts failed in a row.
    pub backoff: u32,
    /// When [`Event::Due`] is wanted.
    pub due: Option<Duration>,
    /// Starts within the restart window, the oldest first.
    pub starts: Vec<Duration>,
}

/// What happens to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is to be started.
    Start,
    /// There is a process now.
    Spawned,
    /// No process could be made.
    SpawnFailed,
    /// It told that it is up.
    Up,
    /// The time that [`Life::due`] named has come.
    Due,
    /// Its process ended.
    Ended {
        /// The exit code, where it was not a signal.
        code: Option<i32>,
    },
    /// It is to be stopped.
    Stop,
    /// The supervisor stops: whoever waits for another try need not.
    GiveUp,
    /// A signal could not be sent, for a reason other than that nobody is there.
    Lost,
}

/// What is to be done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make a process.
    Spawn,
    /// Send the stop signal.
    Stop,
    /// Send KILL.
    Kill,
    /// Tell the listeners.
    Enter {
        /// The state before.
        from: State,
        /// The state now.
        to: State,
        /// Of an end: whether the exit code was one that is expected.
        expected: bool,
        /// How many starts have failed in a row.
        tries: u32,
    },
    /// Tell the main log.
    Say(Said),
}

/// What the main log hears, besides what starting and signalling say themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It stayed up.
    Success,
    /// It told that it is up.
    IsReady,
    /// It ended before startsecs.
    TooQuickly,
    /// It ended by itself.
    Exited {
        /// Whether with a code that is expected.
        expected: bool,
    },
    /// It ended as it was told to.
    Stopped {
        /// Whether with a code that is expected.
        expected: bool,
    },
    /// It is not tried again.
    GaveUp,
    /// It was started too often in its window, and is not tried again.
    TooOften,
    /// It did not tell in time that it is up.
    NotReady,
    /// It did not stop in time.
    Killing,
}
