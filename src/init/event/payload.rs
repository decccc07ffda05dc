use super::{Type, text};

/// The process that something happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of<'a> {
    /// Its name.
    pub process: &'a str,
    /// Its group's name.
    pub group: &'a str,
}

/// Where a process wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum Channel {
    Stdout,
    Stderr,
}

/// The state that a process came to, and what listeners are told with it. A `pid` is 0 where there is no process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum Change {
    /// `tries`: how often it has failed to start since it last ran.
    Starting {
        tries: u32,
    },
    Backoff {
        tries: u32,
    },
    Running {
        pid: u32,
    },
    Stopping {
        pid: u32,
    },
    Stopped {
        pid: u32,
    },
    /// `expected`: its exit code is one of `exitcodes`.
    Exited {
        expected: bool,
        pid: u32,
    },
    Fatal,
    Unknown,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A process went from the state called `from` to another.
    ProcessState {
        /// The process.
        of: Of<'a>,
        /// The state's name, `STARTING`.
        from: &'a str,
        /// The other state.
        to: Change,
    },
    /// A process wrote something, and `stdout_events_enabled` or `stderr_events_enabled` is set.
    ProcessLog {
        /// The process.
        of: Of<'a>,
        /// Its number.
        pid: u32,
        /// Where it wrote.
        channel: Channel,
        /// What.
        data: &'a [u8],
    },
    /// A process wrote something between `<!--XSUPERVISOR:BEGIN-->` and `<!--XSUPERVISOR:END-->`.
    ProcessCommunication {
        /// The process.
        of: Of<'a>,
        /// Its number.
        pid: u32,
        /// Where it wrote.
        channel: Channel,
        /// What.
        data: &'a [u8],
    },
    /// Somebody called sendRemoteCommEvent.
    RemoteCommunication {
        /// Its first argument.
        kind: &'a str,
        /// Its second.
        data: &'a str,
    },
    /// The daemon begins its work.
    SupervisorRunning,
    /// The daemon begins to stop.
    SupervisorStopping,
    /// So many seconds since 1970 are a multiple of 5.
    Tick5(u64),
    /// The same with 60.
    Tick60(u64),
    /// The same with 3,600.
    Tick3600(u64),
    /// A group of this name was added.
    ProcessGroupAdded(&'a str),
    /// A group of this name was removed.
    ProcessGroupRemoved(&'a str),
    /// A process of this program, the program itself or one below it, was killed because memory ran out. Not in supervisor.
    ProcessOom {
        /// The program's process.
        of: Of<'a>,
        /// The number of the one that was killed; 0 if that is not known.
        pid: u32,
    },
    /// A program's health changed. Not in supervisor.
    ProcessHealth {
        /// The process.
        of: Of<'a>,
        /// Its number.
        pid: u32,
        /// Whether it is well now.
        healthy: bool,
    },
    /// The container has `pids` tasks, and may have `limit`. Not in supervisor.
    PidsHigh {
        /// How many there are.
        pids: u64,
        /// How many there may be.
        limit: u64,
    },
}

impl Event<'_> {
    /// What happened, in a word.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self {
            Event::ProcessState { to, .. } => match to {
                Change::Starting { .. } => Type::ProcessStateStarting,
                Change::Backoff { .. } => Type::ProcessStateBackoff,
                Change::Running { .. } => Type::ProcessStateRunning,
                Change::Stopping { .. } => Type::ProcessStateStopping,
                Change::Stopped { .. } => Type::ProcessStateStopped,
                Change::Exited { .. } => Type::ProcessStateExited,
                Change::Fatal => Type::ProcessStateFatal,
                Change::Unknown => Type::ProcessStateUnknown,
            },
            Event::ProcessLog { channel: Channel::Stdout, .. } => Type::ProcessLogStdout,
            Event::ProcessLog { channel: Channel::Stderr, .. } => Type::ProcessLogStderr,
            Event::ProcessCommunication { channel: Channel::Stdout, .. } => Type::ProcessCommunicationStdout,
            Event::ProcessCommunication { channel: Channel::Stderr, .. } => Type::ProcessCommunicationStderr,
            Event::RemoteCommunication { .. } => Type::RemoteCommunication,
            Event::SupervisorRunning => Type::SupervisorStateChangeRunning,
            Event::SupervisorStopping => Type::SupervisorStateChangeStopping,
            Event::Tick5(_) => Type::Tick5,
            Event::Tick60(_) => Type::Tick60,
            Event::Tick3600(_) => Type::Tick3600,
            Event::ProcessGroupAdded(_) => Type::ProcessGroupAdded,
            Event::ProcessGroupRemoved(_) => Type::ProcessGroupRemoved,
            Event::ProcessOom { .. } => Type::ProcessOom,
            Event::ProcessHealth { .. } => Type::ProcessHealth,
            Event::PidsHigh { .. } => Type::PidsHigh,
        }
    }

    /// What a listener reads after the header line.
    #[must_use]
    pub fn payload(&self) -> String {
        match self {
            Event::ProcessState { of, from, to } => format!("{of} from_state:{from}{to}"),
            Event::ProcessLog { of, pid, channel, data } => {
                let channel = if *channel == Channel::Stdout { "stdout" } else { "stderr" };
                format!("{of} pid:{pid} channel:{channel}\n{}", text(data))
            }
            Event::ProcessCommunication { of, pid, data, .. } => format!("{of} pid:{pid}\n{}", text(data)),
            Event::RemoteCommunication { kind, data } => format!("type:{kind}\n{data}"),
            Event::SupervisorRunning | Event::SupervisorStopping => String::new(),
            Event::Tick5(when) | Event::Tick60(when) | Event::Tick3600(when) => format!("when:{when}"),
            Event::ProcessGroupAdded(group) | Event::ProcessGroupRemoved(group) => format!("groupname:{group}\n"),
            Event::ProcessOom { of, pid } => format!("{of} pid:{pid}"),
            Event::ProcessHealth { of, pid, healthy } => {
                format!("{of} pid:{pid} health:{}", if *healthy { "healthy" } else { "unhealthy" })
            }
            Event::PidsHigh { pids, limit } => format!("pids:{pids} limit:{limit}"),
        }
    }
}

impl std::fmt::Display for Of<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "processname:{} groupname:{}", self.process, self.group)
    }
}

/// What follows the state that it came from.
impl std::fmt::Display for Change {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Change::Starting { tries } | Change::Backoff { tries } => write!(to, " tries:{tries}"),
            Change::Running { pid } | Change::Stopping { pid } | Change::Stopped { pid } => write!(to, " pid:{pid}"),
            Change::Exited { expected, pid } => write!(to, " expected:{} pid:{pid}", u8::from(*expected)),
            Change::Fatal | Change::Unknown => Ok(()),
        }
    }
}
