//! The daemon itself, its groups, and what is told to processes and listeners.

use super::answer::Answer;
use super::arguments::Arguments;
use super::name::{bad_name, find_group, find_process};
use super::supervisor::{Mood, Supervisor};
use crate::init::machine::State;
use crate::rpc::{Code, Fault, Value};

/// The version of the interface; supervisorctl talks to no other.
const API_VERSION: &str = "3.0";
/// The supervisor that this stands in for: clients ask for what it can do.
pub const SUPERVISOR_VERSION: &str = "4.3.0";

pub(super) fn get_api_version(_: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    Answer::text(API_VERSION)
}

pub(super) fn get_supervisor_version(_: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    Answer::text(SUPERVISOR_VERSION)
}

pub(super) fn get_identification(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    Answer::text(supervisor.identification())
}

pub(super) fn get_state(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let (code, name) = match supervisor.mood() {
        Mood::Running => (1, "RUNNING"),
        Mood::Restarting => (0, "RESTARTING"),
        Mood::Shutdown => (-1, "SHUTDOWN"),
    };
    let members = [("statecode", Value::Int(code)), ("statename", Value::text(name))];
    Answer::value(Value::Struct(members.map(|(name, value)| (name.to_owned(), value)).into()))
}

pub(super) fn get_pid(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    Answer::value(Value::Int(i64::from(supervisor.pid())))
}

pub(super) fn shutdown(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    supervisor.shutdown();
    Answer::yes()
}

pub(super) fn restart(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    supervisor.restart();
    Answer::yes()
}

/// The three lists stand in a list of their own.
pub(super) fn reload_config(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let reread = supervisor.reread().map_err(|why| Fault::because(Code::CantReread, why))?;
    let names = |names: Vec<String>| Value::Array(names.into_iter().map(Value::Text).collect());
    let lists = [reread.added, reread.changed, reread.removed].map(names);
    Answer::value(Value::Array(vec![Value::Array(lists.into())]))
}

pub(super) fn add_process_group(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let name = &*with.shown(0)?;
    if !supervisor.configured().iter().any(|group| group.name == name) {
        return Err(bad_name(name));
    }
    if find_group(supervisor, name).is_ok() {
        return Err(Fault::because(Code::AlreadyAdded, name));
    }
    supervisor.add_group(name).map_err(|why| Fault::because(Code::Failed, why))?;
    Answer::yes()
}

pub(super) fn remove_process_group(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let name = &*with.shown(0)?;
    let group = find_group(supervisor, name)?;
    let is_stopped = |id| supervisor.state(id).is_none_or(State::is_stopped);
    if !group.processes.iter().all(|member| is_stopped(member.id)) {
        return Err(Fault::because(Code::StillRunning, name));
    }
    supervisor.remove_group(name);
    Answer::yes()
}

pub(super) fn send_process_stdin(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let bytes = with.bytes(1)?;
    let target = find_process(supervisor, with.text(0)?)?;
    let status = supervisor.status(target.id);
    if !status.is_some_and(|status| status.pid.is_some() && status.state != State::Stopping) {
        return Err(Fault::because(Code::NotRunning, target.called));
    }
    supervisor.write_stdin(target.id, bytes).map_err(|_| Fault::because(Code::NoFile, target.called))?;
    Answer::yes()
}

pub(super) fn send_remote_comm_event(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    supervisor.remote_comm_event(&with.shown(0)?, &with.shown(1)?);
    Answer::yes()
}
