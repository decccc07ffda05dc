//! The main log and the logs of processes.

use super::answer::Answer;
use super::arguments::Arguments;
use super::lifecycle::result;
use super::log_file;
use super::name::{by_priority, find_process};
use super::supervisor::{Status, Supervisor};
use crate::rpc::{Code, Fault, Value};
use std::path::{Path, PathBuf};

pub(super) fn read_log(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    read(supervisor.main_log(), with, 0)
}

pub(super) fn read_stdout(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    read(stdout(status(supervisor, with)?), with, 1)
}

pub(super) fn read_stderr(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    read(stderr(status(supervisor, with)?), with, 1)
}

pub(super) fn tail_stdout(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    tail(stdout(status(supervisor, with)?), with)
}

pub(super) fn tail_stderr(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    tail(stderr(status(supervisor, with)?), with)
}

pub(super) fn clear_log(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    if !supervisor.main_log().is_some_and(|path| path.exists()) {
        return Err(Code::NoFile.into());
    }
    supervisor.clear_main_log().map_err(|_| Code::Failed)?;
    Answer::yes()
}

pub(super) fn clear_process_logs(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let target = find_process(supervisor, with.text(0)?)?;
    supervisor.clear_logs(target.id).map_err(|_| Fault::because(Code::Failed, target.called))?;
    Answer::yes()
}

pub(super) fn clear_all_process_logs(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let targets = by_priority(supervisor.groups());
    let results = targets.iter().map(|target| {
        let cleared = supervisor.clear_logs(target.id).map_err(|_| Fault::because(Code::Failed, &target.called));
        result(target, cleared)
    });
    Answer::value(Value::Array(results.collect()))
}

fn status(supervisor: &dyn Supervisor, with: Arguments<'_>) -> Result<Option<Status>, Fault> {
    Ok(supervisor.status(find_process(supervisor, with.text(0)?)?.id))
}

fn stdout(status: Option<Status>) -> Option<PathBuf> {
    status.and_then(|status| status.stdout_logfile)
}

fn stderr(status: Option<Status>) -> Option<PathBuf> {
    status.and_then(|status| status.stderr_logfile)
}

/// The numbers, offset and length, stand at `at`.
fn read(log: Option<PathBuf>, with: Arguments<'_>, at: usize) -> Result<Answer, Fault> {
    let log = log.ok_or(Code::NoFile)?;
    if !log.exists() {
        return Err(Fault::because(Code::NoFile, log.display()));
    }
    Answer::value(log_file::read(&log, with.int(at)?, with.int(at + 1)?)?)
}

fn tail(log: Option<PathBuf>, with: Arguments<'_>) -> Result<Answer, Fault> {
    let Some(log) = log.as_deref().filter(|log: &&Path| log.exists()) else {
        return Answer::value(Value::Array(vec![Value::text(""), Value::Int(0), Value::Bool(false)]));
    };
    Answer::value(log_file::tail(log, with.int(1)?, with.int(2)?))
}
