//! The table of methods. Names, parameters and types are supervisor's; a row here is all that listMethods, methodSignature and
//! methodHelp know, too.

use super::answer::Answer;
use super::arguments::Arguments;
use super::supervisor::Supervisor;
use super::{info, introspection, itself, lifecycle, logs, multicall, vat};
use crate::rpc::Fault;

type Run = fn(&mut dyn Supervisor, Arguments<'_>) -> Result<Answer, Fault>;

/// A method.
pub(super) struct Method {
    /// With its namespace, `supervisor.getPID`.
    pub(super) name: &'static str,
    /// The type of what it answers.
    pub(super) returns: &'static str,
    pub(super) params: &'static [Param],
    pub(super) run: Run,
    /// What it does, in a sentence or two.
    pub(super) help: &'static str,
}

/// A parameter of a method.
pub(super) struct Param {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    /// Whether it may be left out.
    pub(super) is_optional: bool,
}

impl Method {
    /// Finds a method by its name with the namespace.
    pub(super) fn find(name: &str) -> Option<&'static Method> {
        METHODS.iter().chain(vat::METHODS).find(|method| method.name == name)
    }

    /// Whether it can be called with so many parameters.
    pub(super) fn takes(&self, count: usize) -> bool {
        let needed = self.params.iter().filter(|param| !param.is_optional).count();
        (needed..=self.params.len()).contains(&count)
    }

    /// Whether it is of the namespace `system`, which is always there.
    pub(super) fn is_systems(&self) -> bool {
        self.name.starts_with("system.")
    }

    /// Whether it can be called once the daemon is about to stop.
    pub(super) fn is_for_the_end(&self) -> bool {
        self.is_systems() || self.name == "supervisor.sendRemoteCommEvent"
    }
}

pub(super) const fn param(kind: &'static str, name: &'static str, help: &'static str) -> Param {
    Param { kind, name, help, is_optional: false }
}

pub(super) const fn row(
    name: &'static str,
    returns: &'static str,
    params: &'static [Param],
    run: Run,
    help: &'static str,
) -> Method {
    Method { name, returns, params, run, help }
}

pub(super) const NO_PARAMS: &[Param] = &[];
const WAIT: Param = Param {
    kind: "boolean",
    name: "wait",
    help: "whether to answer only when it is done; true by default",
    is_optional: true,
};
const NAME: Param = param("string", "name", "the process, or group:process");
const NAMES: Param = param("string", "name", "the process, group:process, or group:* for all of a group");
const GROUP: Param = param("string", "name", "the group");
const SIGNAL: Param = param("string", "signal", "its name (HUP) or its number (1)");
const OFFSET: Param = param("int", "offset", "where to begin, in bytes; below 0 counted from the end");
const LENGTH: Param = param("int", "length", "how many bytes; 0 for all that follow, and with an offset below 0");
const METHOD: Param = param("string", "name", "the method, with its namespace");
const READ: &[Param] = &[NAME, OFFSET, LENGTH];
const TAIL: &[Param] = &[
    NAME,
    param("int", "offset", "up to where the log is known, in bytes"),
    param("int", "length", "how many bytes at most"),
];

const START_ALL: &str =
    "Starts those that do not run, in the order of their priorities, all at once. Answers what became of each.";
const STOP_ALL: &str = "Stops those that run, all at once. Answers what became of each.";
const SIGNAL_ALL: &str = "Sends a signal to those that run. Answers what became of each.";
const READ_STDOUT: &str = "Reads a piece of what a process wrote to its standard output.";
const TAIL_STDOUT: &str = "Reads the end of what a process wrote to its standard output. Answers the text, the offset \
                           of the end, and whether there was more than was asked for.";
const TAIL_STDERR: &str = "Reads the end of what a process wrote to its standard error. Answers the text, the offset of \
                           the end, and whether there was more than was asked for.";
const CLEAR: &str = "Removes both logs of a process and begins them anew.";

/// All methods of the original, by name: the order of listMethods.
pub(super) const METHODS: &[Method] = &[
    row(
        "supervisor.addProcessGroup",
        "boolean",
        &[GROUP],
        itself::add_process_group,
        "Takes a group into use that reloadConfig has found.",
    ),
    row(
        "supervisor.clearAllProcessLogs",
        "array",
        &[],
        logs::clear_all_process_logs,
        "Removes the logs of all processes and begins them anew. Answers what became of each.",
    ),
    row("supervisor.clearLog", "boolean", &[], logs::clear_log, "Removes the main log and begins it anew."),
    row("supervisor.clearProcessLog", "boolean", &[NAME], logs::clear_process_logs, CLEAR),
    row("supervisor.clearProcessLogs", "boolean", &[NAME], logs::clear_process_logs, CLEAR),
    row("supervisor.getAPIVersion", "string", &[], itself::get_api_version, "The version of these methods."),
    row(
        "supervisor.getAllConfigInfo",
        "array",
        &[],
        info::get_all_config_info,
        "What the configuration says of each process, by name.",
    ),
    row(
        "supervisor.getAllProcessInfo",
        "array",
        &[],
        info::get_all_process_info,
        "What is known of each process, by group and name.",
    ),
    row("supervisor.getIdentification", "string", &[], itself::get_identification, "The daemon's identifier."),
    row("supervisor.getPID", "int", &[], itself::get_pid, "The daemon's pid."),
    row("supervisor.getProcessInfo", "struct", &[NAME], info::get_process_info, "What is known of a process."),
    row(
        "supervisor.getState",
        "struct",
        &[],
        itself::get_state,
        "What the daemon is about to do: statecode and statename.",
    ),
    row(
        "supervisor.getSupervisorVersion",
        "string",
        &[],
        itself::get_supervisor_version,
        "The version of the supervisor that this behaves as.",
    ),
    row("supervisor.getVersion", "string", &[], itself::get_api_version, "The version of these methods."),
    row("supervisor.readLog", "string", &[OFFSET, LENGTH], logs::read_log, "Reads a piece of the main log."),
    row("supervisor.readMainLog", "string", &[OFFSET, LENGTH], logs::read_log, "Reads a piece of the main log."),
    row("supervisor.readProcessLog", "string", READ, logs::read_stdout, READ_STDOUT),
    row(
        "supervisor.readProcessStderrLog",
        "string",
        READ,
        logs::read_stderr,
        "Reads a piece of what a process wrote to its standard error.",
    ),
    row("supervisor.readProcessStdoutLog", "string", READ, logs::read_stdout, READ_STDOUT),
    row(
        "supervisor.reloadConfig",
        "array",
        &[],
        itself::reload_config,
        "Reads the configuration again and applies nothing. Answers the names of the groups that were added, changed \
         and removed.",
    ),
    row(
        "supervisor.removeProcessGroup",
        "boolean",
        &[GROUP],
        itself::remove_process_group,
        "Forgets a group that has stopped.",
    ),
    row("supervisor.restart", "boolean", &[], itself::restart, "Stops everything in order, and starts anew."),
    row(
        "supervisor.sendProcessStdin",
        "boolean",
        &[NAME, param("string", "chars", "what to write")],
        itself::send_process_stdin,
        "Writes to the standard input of a process.",
    ),
    row(
        "supervisor.sendRemoteCommEvent",
        "boolean",
        &[param("string", "type", "what kind of event it is"), param("string", "data", "what is told")],
        itself::send_remote_comm_event,
        "Tells the listeners that subscribed to REMOTE_COMMUNICATION.",
    ),
    row("supervisor.shutdown", "boolean", &[], itself::shutdown, "Stops everything in order, and ends."),
    row("supervisor.signalAllProcesses", "array", &[SIGNAL], lifecycle::signal_all_processes, SIGNAL_ALL),
    row(
        "supervisor.signalProcess",
        "boolean",
        &[NAMES, SIGNAL],
        lifecycle::signal_process,
        "Sends a signal to a process.",
    ),
    row("supervisor.signalProcessGroup", "array", &[GROUP, SIGNAL], lifecycle::signal_process_group, SIGNAL_ALL),
    row("supervisor.startAllProcesses", "array", &[WAIT], lifecycle::start_all_processes, START_ALL),
    row("supervisor.startProcess", "boolean", &[NAMES, WAIT], lifecycle::start_process, "Starts a process."),
    row("supervisor.startProcessGroup", "array", &[GROUP, WAIT], lifecycle::start_process_group, START_ALL),
    row("supervisor.stopAllProcesses", "array", &[WAIT], lifecycle::stop_all_processes, STOP_ALL),
    row("supervisor.stopProcess", "boolean", &[NAMES, WAIT], lifecycle::stop_process, "Stops a process."),
    row("supervisor.stopProcessGroup", "array", &[GROUP, WAIT], lifecycle::stop_process_group, STOP_ALL),
    row("supervisor.tailProcessLog", "array", TAIL, logs::tail_stdout, TAIL_STDOUT),
    row("supervisor.tailProcessStderrLog", "array", TAIL, logs::tail_stderr, TAIL_STDERR),
    row("supervisor.tailProcessStdoutLog", "array", TAIL, logs::tail_stdout, TAIL_STDOUT),
    row("system.listMethods", "array", &[], introspection::list_methods, "The names of all methods."),
    row("system.methodHelp", "string", &[METHOD], introspection::method_help, "What a method does."),
    row(
        "system.methodSignature",
        "array",
        &[METHOD],
        introspection::method_signature,
        "The type of what a method answers, and those of its parameters.",
    ),
    row(
        "system.multicall",
        "array",
        &[param("array", "calls", "structs of methodName and params")],
        multicall::multicall,
        "Calls methods one after the other. Answers their results; for a fault a struct of faultCode and faultString.",
    ),
];

#[test]
fn the_table_is_in_order() {
    assert!(METHODS.iter().chain(vat::METHODS).map(|method| method.name).is_sorted());
}
