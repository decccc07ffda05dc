/// What can happen. A listener subscribes to a type and gets what is below it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are supervisor's, and those of our own are told in TYPES")]
pub enum Type {
    Event,
    ProcessState,
    ProcessStateStopped,
    ProcessStateExited,
    ProcessStateStarting,
    ProcessStateStopping,
    ProcessStateBackoff,
    ProcessStateFatal,
    ProcessStateRunning,
    ProcessStateUnknown,
    ProcessCommunication,
    ProcessCommunicationStdout,
    ProcessCommunicationStderr,
    ProcessLog,
    ProcessLogStdout,
    ProcessLogStderr,
    RemoteCommunication,
    SupervisorStateChange,
    SupervisorStateChangeRunning,
    SupervisorStateChangeStopping,
    Tick,
    Tick5,
    Tick60,
    Tick3600,
    ProcessGroup,
    ProcessGroupAdded,
    ProcessGroupRemoved,
    ProcessOom,
    ProcessHealth,
    PidsHigh,
}

/// Each type, its name, and the one above it.
const TYPES: [(Type, &str, Option<Type>); 30] = [
    (Type::Event, "EVENT", None),
    (Type::ProcessState, "PROCESS_STATE", Some(Type::Event)),
    (Type::ProcessStateStopped, "PROCESS_STATE_STOPPED", Some(Type::ProcessState)),
    (Type::ProcessStateExited, "PROCESS_STATE_EXITED", Some(Type::ProcessState)),
    (Type::ProcessStateStarting, "PROCESS_STATE_STARTING", Some(Type::ProcessState)),
    (Type::ProcessStateStopping, "PROCESS_STATE_STOPPING", Some(Type::ProcessState)),
    (Type::ProcessStateBackoff, "PROCESS_STATE_BACKOFF", Some(Type::ProcessState)),
    (Type::ProcessStateFatal, "PROCESS_STATE_FATAL", Some(Type::ProcessState)),
    (Type::ProcessStateRunning, "PROCESS_STATE_RUNNING", Some(Type::ProcessState)),
    (Type::ProcessStateUnknown, "PROCESS_STATE_UNKNOWN", Some(Type::ProcessState)),
    (Type::ProcessCommunication, "PROCESS_COMMUNICATION", Some(Type::Event)),
    (Type::ProcessCommunicationStdout, "PROCESS_COMMUNICATION_STDOUT", Some(Type::ProcessCommunication)),
    (Type::ProcessCommunicationStderr, "PROCESS_COMMUNICATION_STDERR", Some(Type::ProcessCommunication)),
    (Type::ProcessLog, "PROCESS_LOG", Some(Type::Event)),
    (Type::ProcessLogStdout, "PROCESS_LOG_STDOUT", Some(Type::ProcessLog)),
    (Type::ProcessLogStderr, "PROCESS_LOG_STDERR", Some(Type::ProcessLog)),
    (Type::RemoteCommunication, "REMOTE_COMMUNICATION", Some(Type::Event)),
    (Type::SupervisorStateChange, "SUPERVISOR_STATE_CHANGE", Some(Type::Event)),
    (Type::SupervisorStateChangeRunning, "SUPERVISOR_STATE_CHANGE_RUNNING", Some(Type::SupervisorStateChange)),
    (Type::SupervisorStateChangeStopping, "SUPERVISOR_STATE_CHANGE_STOPPING", Some(Type::SupervisorStateChange)),
    (Type::Tick, "TICK", Some(Type::Event)),
    (Type::Tick5, "TICK_5", Some(Type::Tick)),
    (Type::Tick60, "TICK_60", Some(Type::Tick)),
    (Type::Tick3600, "TICK_3600", Some(Type::Tick)),
    (Type::ProcessGroup, "PROCESS_GROUP", Some(Type::Event)),
    (Type::ProcessGroupAdded, "PROCESS_GROUP_ADDED", Some(Type::ProcessGroup)),
    (Type::ProcessGroupRemoved, "PROCESS_GROUP_REMOVED", Some(Type::ProcessGroup)),
    // What follows is not in supervisor. Nothing is above it, not even EVENT: a listener that asked for EVENT was written when
    // these did not exist, and gets them only when it asks for them by name.
    // The kernel killed a process of a program because memory ran out.
    (Type::ProcessOom, "PROCESS_OOM", None),
    // A program's health_command has failed too often, or works again.
    (Type::ProcessHealth, "PROCESS_HEALTH", None),
    // The container has nearly as many tasks as it may have.
    (Type::PidsHigh, "PIDS_HIGH", None),
];

impl Type {
    /// The type that supervisord.conf calls `name` (in capitals).
    #[must_use]
    pub fn by_name(name: &str) -> Option<Type> {
        TYPES.iter().find(|(_, its_name, _)| *its_name == name).map(|(kind, ..)| *kind)
    }

    /// All names, as `events=` may list them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TYPES.iter().map(|(_, name, _)| *name)
    }

    /// Its name in supervisord.conf and in `eventname:`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, _)| name)
    }

    /// Whether who subscribed to `self` gets `other`.
    #[must_use]
    pub fn includes(self, other: Type) -> bool {
        std::iter::successors(Some(other), |kind| kind.row().and_then(|(.., above)| *above)).any(|kind| kind == self)
    }

    fn row(self) -> Option<&'static (Type, &'static str, Option<Type>)> {
        TYPES.iter().find(|(kind, ..)| *kind == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_includes_itself_and_all_below() {
        assert!(Type::Event.includes(Type::ProcessStateFatal) && Type::ProcessState.includes(Type::ProcessStateFatal));
        assert!(Type::Tick5.includes(Type::Tick5) && !Type::Tick5.includes(Type::Tick60));
        assert!(!Type::ProcessLog.includes(Type::ProcessCommunicationStdout));
        assert!(!Type::Event.includes(Type::PidsHigh) && Type::PidsHigh.includes(Type::PidsHigh));
    }

    #[test]
    fn every_type_has_a_name_and_every_name_a_type() {
        for (kind, name, _) in TYPES {
            assert_eq!((Type::by_name(name), kind.name()), (Some(kind), name));
        }
        assert_eq!(Type::by_name("process_state"), None);
    }
}
