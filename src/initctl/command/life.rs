//! Starting, stopping, signalling.

use super::answer::split;
use super::help::usage;
use super::{Outcome, Result, list, own};
use crate::initctl::controller::{Controller, code};
use crate::initctl::trouble::Trouble;
use crate::rpc::{Code, Value};

/// What is done to processes, and what is said of it.
struct Verb {
    /// The methods for all, for a group, for one.
    methods: [&'static str; 3],
    done: &'static str,
    /// What is said of a fault.
    faults: &'static [(Code, &'static str)],
    /// No failure: what was asked for is so already.
    wanted: Option<Code>,
    no_group: u8,
}

const START: Verb = Verb {
    methods: ["supervisor.startAllProcesses", "supervisor.startProcessGroup", "supervisor.startProcess"],
    done: "started",
    faults: &[
        (Code::BadName, "no such process"),
        (Code::NoFile, "no such file"),
        (Code::NotExecutable, "file is not executable"),
        (Code::AlreadyStarted, "already started"),
        (Code::SpawnError, "spawn error"),
        (Code::AbnormalTermination, "abnormal termination"),
    ],
    wanted: Some(Code::AlreadyStarted),
    no_group: code::INVALID_ARGUMENTS,
};

const STOP: Verb = Verb {
    methods: ["supervisor.stopAllProcesses", "supervisor.stopProcessGroup", "supervisor.stopProcess"],
    done: "stopped",
    faults: SIGNAL.faults,
    wanted: Some(Code::NotRunning),
    no_group: code::GENERIC,
};

const SIGNAL: Verb = Verb {
    methods: ["supervisor.signalAllProcesses", "supervisor.signalProcessGroup", "supervisor.signalProcess"],
    done: "signalled",
    faults: &[
        (Code::BadName, "no such process"),
        (Code::BadSignal, "bad signal name"),
        (Code::NotRunning, "not running"),
        // The server's own words.
        (Code::Failed, ""),
    ],
    wanted: None,
    no_group: code::GENERIC,
};

/// `start NAME...`.
pub(super) fn start(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let names: Vec<&str> = argument.split_whitespace().collect();
    if names.is_empty() {
        controller.say("Error: start requires a process name");
        controller.code = code::INVALID_ARGUMENTS;
        usage(controller, "start");
        return Ok(());
    }
    START.apply(controller, &names, &[])
}

/// `stop NAME...`.
pub(super) fn stop(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let names: Vec<&str> = argument.split_whitespace().collect();
    if names.is_empty() {
        controller.fail("Error: stop requires a process name");
        usage(controller, "stop");
        return Ok(());
    }
    STOP.apply(controller, &names, &[])
}

/// `restart NAME...`, `restart --rolling GROUP...`.
pub(super) fn restart(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    if argument.is_empty() {
        controller.fail("Error: restart requires a process name");
        usage(controller, "restart");
        return Ok(());
    }
    if let Some(names) = own::after_word("--rolling", argument) {
        return own::restart_rolling(controller, &names);
    }
    stop(controller, argument)?;
    start(controller, argument)
}

/// `signal SIGNAL NAME...`.
pub(super) fn signal(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let words: Vec<&str> = argument.split_whitespace().collect();
    let [signal, names @ ..] = words.as_slice() else { return signal_usage(controller) };
    if names.is_empty() {
        return signal_usage(controller);
    }
    SIGNAL.apply(controller, names, &[Value::text(*signal)])
}

fn signal_usage(controller: &mut Controller<'_>) -> Result {
    controller.fail("Error: signal requires a signal name and a process name");
    usage(controller, "signal");
    Ok(())
}

/// Says what became of the processes that `--rolling` started again.
pub(super) fn tell_started(controller: &mut Controller<'_>, outcomes: &Value) -> Result {
    START.tell(controller, outcomes)
}

impl Verb {
    /// Does it to each of the names, or to all; `more` are the methods' further parameters.
    fn apply(&self, controller: &mut Controller<'_>, names: &[&str], more: &[Value]) -> Result {
        let [all, of_group, of_one] = self.methods;
        if names.contains(&"all") {
            let outcomes = controller.call(all, more.to_vec())?;
            return self.tell(controller, &outcomes);
        }
        for name in names {
            let (group, process) = split(name);
            let with = |name: &str| [&[Value::text(name)], more].concat();
            match process {
                None => match controller.call(of_group, with(group)) {
                    Ok(outcomes) => self.tell(controller, &outcomes)?,
                    Err(trouble) if trouble.code() == Some(Code::BadName) => {
                        controller.say(format_args!("{group}: ERROR (no such group)"));
                        controller.code = self.no_group;
                    }
                    Err(trouble) => return Err(trouble),
                },
                Some(process) => {
                    let (status, description) = match controller.call(of_one, with(name)) {
                        Ok(_) => (Code::Success.number(), String::new()),
                        Err(Trouble::Fault(fault)) => (fault.code, fault.message),
                        Err(trouble) => return Err(trouble),
                    };
                    let (group, name) = (group.to_owned(), Some(process.to_owned()));
                    self.tell_one(controller, &Outcome { group, name, status, description })?;
                }
            }
        }
        Ok(())
    }

    fn tell(&self, controller: &mut Controller<'_>, outcomes: &Value) -> Result {
        let outcomes: Vec<Outcome> = list(outcomes)?;
        outcomes.iter().try_for_each(|outcome| self.tell_one(controller, outcome))
    }

    fn tell_one(&self, controller: &mut Controller<'_>, outcome: &Outcome) -> Result {
        let line = line(outcome, self.done, self.faults)?;
        controller.say(line);
        controller.count(outcome, self.wanted);
        Ok(())
    }
}

/// What is said of an outcome.
pub(super) fn line(outcome: &Outcome, done: &str, faults: &[(Code, &str)]) -> Result<String> {
    let (name, code) = (outcome.namespec(), Code::of(outcome.status));
    if code == Some(Code::Success) {
        return Ok(format!("{name}: {done}"));
    }
    match faults.iter().find(|(known, _)| Some(*known) == code) {
        Some((_, "")) => Ok(super::shown(&outcome.description)),
        Some((_, why)) => Ok(format!("{name}: ERROR ({why})")),
        None => Err(Trouble::value(format!("Unknown result code {} for {name}", outcome.status))),
    }
}
