use super::aside::Aside;
use super::cells::Own;
use super::channel::Channel;
use super::stdin::Stdin;
use crate::init::config;
use crate::init::machine::{Life, Policy, State};
use crate::sys::child::How;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

/// What is known of a process of the configuration, running or not.
#[derive(Debug)]
pub(super) struct Process {
    /// What the file says of it.
    pub(super) config: Rc<config::Process>,
    /// The group it is in.
    pub(super) group: Rc<str>,
    /// Whether it is an event listener: its standard output is a conversation.
    pub(super) listens: bool,
    /// What the file says of its life.
    pub(super) policy: Policy,
    /// Where it stands.
    pub(super) life: Life,
    /// Its pid, while there is one.
    pub(super) pid: Option<u32>,
    /// Why it could not be started, or ended badly.
    pub(super) spawnerr: Option<String>,
    /// How it ended: its exit code, -1 for a signal; `None` before, and where it was not up.
    pub(super) exitstatus: Option<i64>,
    /// When it was started last; seconds since 1970, 0 for never.
    pub(super) start: i64,
    /// When it ended last; the same.
    pub(super) stop: i64,
    /// Its standard input.
    pub(super) stdin: Option<Stdin>,
    /// Its standard output, as long as anybody has the other end.
    pub(super) stdout: Option<Channel>,
    /// The same for standard error.
    pub(super) stderr: Option<Channel>,
    /// Its cgroup, and who belongs to it.
    pub(super) own: Own,
    /// How its last process ended.
    pub(super) how: Option<How>,
    /// When KILL was sent to its process.
    pub(super) killed: Option<Duration>,
    /// Whether a client stopped it, and nobody has started it since.
    pub(super) by_hand: bool,
    /// What goes on beside its life.
    pub(super) aside: Aside,
    /// When the main log last heard that somebody waits for its end.
    pub(super) reported: Option<Duration>,
    /// The files of its `AUTO` logs.
    pub(super) auto: [Option<PathBuf>; 2],
}

impl Process {
    /// One that was never started.
    pub(super) fn new(config: config::Process, group: Rc<str>, listens: bool) -> Process {
        Process {
            policy: Policy::of(&config),
            config: Rc::new(config),
            group,
            listens,
            life: Life::default(),
            pid: None,
            spawnerr: None,
            exitstatus: None,
            start: 0,
            stop: 0,
            stdin: None,
            stdout: None,
            stderr: None,
            own: Own::default(),
            how: None,
            killed: None,
            by_hand: false,
            reported: None,
            aside: Aside::default(),
            auto: [None, None],
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.config.name
    }

    /// Its state.
    pub(super) fn state(&self) -> State {
        self.life.state
    }

    /// What an event says of it: its configuration, its group, its pid.
    pub(super) fn names(&self) -> (Rc<config::Process>, Rc<str>, u32) {
        (self.config.clone(), self.group.clone(), self.pid.unwrap_or(0))
    }

    /// Its name with its group's, as clients write it.
    pub(super) fn full_name(&self) -> String {
        match &*self.group == self.name() {
            true => self.name().to_owned(),
            false => format!("{}:{}", self.group, self.name()),
        }
    }
}
