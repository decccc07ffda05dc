//! Starting, stopping and signalling: one process, a group, all.

use super::answer::{Answer, Waiting};
use super::arguments::Arguments;
use super::name::{Named, Target, by_priority, find, find_group};
use super::supervisor::{BadCommand, Group, Supervisor};
use crate::ini::value;
use crate::init::machine::State;
use crate::rpc::{Code, Fault, Value};

/// What somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    Started,
    Stopped,
}

/// A process that somebody waits for.
#[derive(Debug)]
pub(super) struct One {
    target: Target,
    goal: Goal,
}

/// Many processes that somebody waits for, and what became of those that are done.
#[derive(Debug)]
pub(super) struct All {
    waiting: Vec<One>,
    results: Vec<Value>,
}

pub(super) fn start_process(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    match find(supervisor, with.text(0)?)? {
        Named::Process(target) => answer(start(supervisor, target, with.wait(1))?),
        Named::Group(group) => start_all(supervisor, vec![group], with.wait(1)),
    }
}

pub(super) fn start_process_group(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let group = find_group(supervisor, &with.shown(0)?)?;
    start_all(supervisor, vec![group], with.wait(1))
}

pub(super) fn start_all_processes(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let groups = supervisor.groups();
    start_all(supervisor, groups, with.wait(0))
}

pub(super) fn stop_process(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    match find(supervisor, with.text(0)?)? {
        Named::Process(target) => answer(stop(supervisor, target, with.wait(1))?),
        Named::Group(group) => stop_all(supervisor, vec![group], with.wait(1)),
    }
}

pub(super) fn stop_process_group(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let group = find_group(supervisor, &with.shown(0)?)?;
    stop_all(supervisor, vec![group], with.wait(1))
}

pub(super) fn stop_all_processes(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let groups = supervisor.groups();
    stop_all(supervisor, groups, with.wait(0))
}

pub(super) fn signal_process(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    match find(supervisor, with.text(0)?)? {
        Named::Process(target) => {
            signal(supervisor, &target, &signal_name(with, 1)?)?;
            Answer::yes()
        }
        Named::Group(group) => signal_all(supervisor, vec![group], &signal_name(with, 1)?),
    }
}

pub(super) fn signal_process_group(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let group = find_group(supervisor, &with.shown(0)?)?;
    signal_all(supervisor, vec![group], &signal_name(with, 1)?)
}

pub(super) fn signal_all_processes(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let groups = supervisor.groups();
    signal_all(supervisor, groups, &signal_name(with, 0)?)
}

/// Starts a process; what is given back is still to be waited for.
pub(super) fn start(supervisor: &mut dyn Supervisor, target: Target, wait: bool) -> Result<Option<One>, Fault> {
    if let Err(bad) = supervisor.check_command(target.id) {
        let (code, why) = match bad {
            BadCommand::NotFound(why) => (Code::NoFile, why),
            BadCommand::NotExecutable(why) => (Code::NotExecutable, why),
        };
        supervisor.refused(target.id, &why);
        return Err(Fault::because(code, why));
    }
    match state(supervisor, &target) {
        state if state.is_running() => return Err(Fault::because(Code::AlreadyStarted, target.called)),
        State::Unknown => {
            let why = format!("{} is in an unknown process state", target.called);
            return Err(Fault::because(Code::Failed, why));
        }
        _ => supervisor.start(target.id),
    }
    if supervisor.has_spawnerr(target.id) {
        return Err(Fault::because(Code::SpawnError, target.called));
    }
    let is_up = state(supervisor, &target) == State::Running;
    Ok((wait && !is_up).then_some(One { target, goal: Goal::Started }))
}

/// Stops a process; what is given back is still to be waited for.
pub(super) fn stop(supervisor: &mut dyn Supervisor, target: Target, wait: bool) -> Result<Option<One>, Fault> {
    if !state(supervisor, &target).is_running() {
        return Err(Fault::because(Code::NotRunning, target.called));
    }
    supervisor.stop(target.id).map_err(|why| Fault::because(Code::Failed, why))?;
    let has_stopped = state(supervisor, &target).is_stopped();
    Ok((wait && !has_stopped).then_some(One { target, goal: Goal::Stopped }))
}

fn signal(supervisor: &mut dyn Supervisor, target: &Target, signal: &str) -> Result<(), Fault> {
    let number = value::signal_number(signal).map_err(|_| Fault::because(Code::BadSignal, signal))?;
    if !state(supervisor, target).is_signallable() {
        return Err(Fault::because(Code::NotRunning, &target.called));
    }
    supervisor.signal(target.id, number).map_err(|why| Fault::because(Code::Failed, why))
}

/// A signal may be told as a number.
fn signal_name(with: Arguments<'_>, at: usize) -> Result<String, Fault> {
    with.text(at).map(str::to_owned).or_else(|_| with.int(at).map(|number| number.to_string()))
}

fn start_all(supervisor: &mut dyn Supervisor, groups: Vec<Group>, wait: bool) -> Result<Answer, Fault> {
    all(supervisor, groups, |state| !state.is_running(), |supervisor, target| start(supervisor, target, wait))
}

/// In the order in which they are started, as supervisord: to stop in the other order is for its own end.
fn stop_all(supervisor: &mut dyn Supervisor, groups: Vec<Group>, wait: bool) -> Result<Answer, Fault> {
    all(supervisor, groups, State::is_running, |supervisor, target| stop(supervisor, target, wait))
}

fn signal_all(supervisor: &mut dyn Supervisor, groups: Vec<Group>, name: &str) -> Result<Answer, Fault> {
    all(supervisor, groups, State::is_signallable, |supervisor, target| {
        signal(supervisor, &target, name).map(|()| None)
    })
}

/// Does something to all processes in a certain state, at once; then they are waited for together (supervisor's make_allfunc).
fn all(
    supervisor: &mut dyn Supervisor,
    groups: Vec<Group>,
    is_meant: impl Fn(State) -> bool,
    order: impl Fn(&mut dyn Supervisor, Target) -> Result<Option<One>, Fault>,
) -> Result<Answer, Fault> {
    let mut all = All { waiting: Vec::new(), results: Vec::new() };
    for target in by_priority(groups) {
        if is_meant(state(supervisor, &target)) {
            match order(supervisor, target.clone()) {
                Ok(Some(one)) => all.waiting.push(one),
                done => all.results.push(result(&target, done.map(|_| ()))),
            }
        }
    }
    match all.poll(supervisor) {
        Some(results) => Answer::value(results),
        None => Answer::later(Waiting::All(all)),
    }
}

/// What became of one of many processes.
pub(super) fn result(target: &Target, done: Result<(), Fault>) -> Value {
    let (status, description) = match done {
        Ok(()) => (Code::Success.number(), "OK".to_owned()),
        Err(fault) => (fault.code, fault.message),
    };
    Value::Struct(vec![
        ("name".to_owned(), Value::text(&*target.process)),
        ("group".to_owned(), Value::text(&*target.group)),
        ("status".to_owned(), Value::Int(status)),
        ("description".to_owned(), Value::Text(description)),
    ])
}

fn answer(waiting: Option<One>) -> Result<Answer, Fault> {
    match waiting {
        Some(one) => Answer::later(Waiting::One(one)),
        None => Answer::yes(),
    }
}

/// One that was removed has stopped.
pub(super) fn state(supervisor: &dyn Supervisor, target: &Target) -> State {
    supervisor.state(target.id).unwrap_or_default()
}

impl One {
    /// One that is stopped already.
    pub(super) fn to_stop(target: Target) -> One {
        One { target, goal: Goal::Stopped }
    }

    pub(super) fn poll(&self, supervisor: &mut dyn Supervisor) -> Option<Result<(), Fault>> {
        let called = &self.target.called;
        match self.goal {
            Goal::Started => {
                if supervisor.has_spawnerr(self.target.id) {
                    return Some(Err(Fault::because(Code::SpawnError, called)));
                }
                match state(supervisor, &self.target) {
                    State::Running => Some(Ok(())),
                    State::Starting => None,
                    _ => Some(Err(Fault::because(Code::AbnormalTermination, called))),
                }
            }
            Goal::Stopped => {
                supervisor.report_stop(self.target.id);
                state(supervisor, &self.target).is_stopped().then_some(Ok(()))
            }
        }
    }
}

impl All {
    pub(super) fn poll(&mut self, supervisor: &mut dyn Supervisor) -> Option<Value> {
        let results = &mut self.results;
        self.waiting.retain(|one| match one.poll(supervisor) {
            Some(done) => {
                results.push(result(&one.target, done));
                false
            }
            None => true,
        });
        self.waiting.is_empty().then(|| Value::Array(std::mem::take(results)))
    }
}
