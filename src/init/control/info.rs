//! What processes are, and what the files say of them, as structs.

use super::answer::Answer;
use super::arguments::Arguments;
use super::name::{Target, by_name, find_process};
use super::supervisor::{Status, Supervisor};
use crate::init::config::{Group, LogFile, Process};
use crate::init::machine::State;
use crate::rpc::{Fault, Value};
use std::path::Path;

pub(super) fn get_process_info(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let target = find_process(supervisor, with.text(0)?)?;
    match supervisor.status(target.id) {
        Some(status) => Answer::value(process_info(supervisor, &target, &status)),
        None => Err(super::name::bad_name(&target.called)),
    }
}

pub(super) fn get_all_process_info(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let targets = by_name(supervisor.groups());
    let info = |target: &Target| Some(process_info(supervisor, target, &supervisor.status(target.id)?));
    Answer::value(Value::Array(targets.iter().filter_map(info).collect()))
}

pub(super) fn get_all_config_info(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let in_use: Vec<String> = supervisor.groups().into_iter().map(|group| group.name).collect();
    let configured = supervisor.configured();
    let mut infos: Vec<(&str, Value)> = configured
        .iter()
        .flat_map(|group| group.processes.iter().map(move |process| (group, process)))
        .map(|(group, process)| (&*process.name, config_info(group, process, in_use.contains(&group.name))))
        .collect();
    infos.sort_by_key(|(name, _)| *name);
    Answer::value(Value::Array(infos.into_iter().map(|(_, info)| info).collect()))
}

/// The order of the members is supervisord's.
fn process_info(supervisor: &dyn Supervisor, target: &Target, status: &Status) -> Value {
    let now = supervisor.now();
    let path = |path: &Option<_>| path.as_deref().map_or(Value::text(""), path_text);
    members([
        ("name", Value::text(&*target.process)),
        ("group", Value::text(&*target.group)),
        ("start", Value::Int(status.start)),
        ("stop", Value::Int(status.stop)),
        ("now", Value::Int(now)),
        ("state", Value::Int(status.state.code())),
        ("statename", Value::text(status.state.name())),
        ("spawnerr", Value::text(status.spawnerr.as_deref().unwrap_or_default())),
        ("exitstatus", Value::Int(status.exitstatus.unwrap_or(0))),
        ("logfile", path(&status.stdout_logfile)),
        ("stdout_logfile", path(&status.stdout_logfile)),
        ("stderr_logfile", path(&status.stderr_logfile)),
        ("pid", Value::Int(status.pid.map_or(0, i64::from))),
        ("description", Value::Text(description(supervisor, target, status, now))),
    ])
}

/// What is said of a process that the kernel ended because memory ran out. Not in supervisor.
pub const OOM_KILLED: &str = "OOM killed";

/// What `supervisorctl status` shows behind the state.
fn description(supervisor: &dyn Supervisor, target: &Target, status: &Status, now: i64) -> String {
    match status.state {
        State::Running => {
            let pid = status.pid.unwrap_or(0);
            let unwell = if status.is_well == Some(false) { ", unhealthy" } else { "" };
            format!("pid {pid}, uptime {}{unwell}", uptime(now.saturating_sub(status.start)))
        }
        State::Fatal | State::Backoff => match status.spawnerr.as_deref() {
            None | Some("") => format!("unknown error (try \"tail {}\")", target.process),
            Some(why) => why.to_owned(),
        },
        State::Stopped | State::Exited if status.start == 0 => "Not started".to_owned(),
        State::Exited if status.spawnerr.as_deref() == Some(OOM_KILLED) => {
            format!("{}, {OOM_KILLED}", moment(supervisor, status.stop))
        }
        State::Stopped | State::Exited => moment(supervisor, status.stop),
        State::Starting | State::Stopping | State::Unknown => status.waits_for.clone().unwrap_or_default(),
    }
}

/// `0:00:05`, `1 day, 0:00:00`. A clock that was set back makes nobody younger than 0.
fn uptime(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let time = format!("{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    match days {
        0 => time,
        1 => format!("1 day, {time}"),
        _ => format!("{days} days, {time}"),
    }
}

/// `Nov 23 05:18 AM`, in local time.
fn moment(supervisor: &dyn Supervisor, seconds: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(at) = supervisor.local(seconds) else { return String::new() };
    let month = MONTHS.get(usize::from(at.month).saturating_sub(1)).unwrap_or(&"");
    let hour = match at.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if at.hour < 12 { "AM" } else { "PM" };
    format!("{month} {:02} {hour:02}:{:02} {half}", at.day, at.minute)
}

/// The order of the members is supervisord's.
fn config_info(group: &Group, process: &Process, is_in_use: bool) -> Value {
    let (stdout, stderr) = (&process.stdout, &process.stderr);
    let size = |bytes: u64| Value::Int(i64::try_from(bytes).unwrap_or(i64::MAX));
    members([
        ("autostart", Value::Bool(process.autostart)),
        ("directory", process.directory.as_deref().map_or(Value::text("none"), path_text)),
        ("uid", process.user.as_ref().map_or(Value::text("none"), |user| Value::Int(i64::from(user.uid)))),
        ("command", Value::text(&*process.command)),
        ("exitcodes", Value::Array(process.exitcodes.iter().copied().map(Value::Int).collect())),
        ("group", Value::text(&*group.name)),
        ("group_prio", Value::Int(group.priority)),
        ("inuse", Value::Bool(is_in_use)),
        ("killasgroup", Value::Bool(process.killasgroup)),
        ("name", Value::text(&*process.name)),
        ("process_prio", Value::Int(process.priority)),
        ("redirect_stderr", Value::Bool(process.redirect_stderr)),
        ("startretries", Value::Int(process.startretries)),
        ("startsecs", Value::Int(process.startsecs)),
        ("stdout_capture_maxbytes", size(stdout.capture_maxbytes)),
        ("stdout_events_enabled", Value::Bool(stdout.events_enabled)),
        ("stdout_logfile", log_file(&stdout.logfile)),
        ("stdout_logfile_backups", Value::Int(i64::from(stdout.backups))),
        ("stdout_logfile_maxbytes", size(stdout.maxbytes)),
        ("stdout_syslog", Value::Bool(stdout.syslog)),
        ("stopsignal", Value::Int(i64::from(process.stopsignal))),
        ("stopwaitsecs", Value::Int(process.stopwaitsecs)),
        ("stderr_capture_maxbytes", size(stderr.capture_maxbytes)),
        ("stderr_events_enabled", Value::Bool(stderr.events_enabled)),
        ("stderr_logfile", log_file(&stderr.logfile)),
        ("stderr_logfile_backups", Value::Int(i64::from(stderr.backups))),
        ("stderr_logfile_maxbytes", size(stderr.maxbytes)),
        ("stderr_syslog", Value::Bool(stderr.syslog)),
        ("serverurl", Value::text(process.serverurl.as_deref().unwrap_or("none"))),
    ])
}

fn log_file(log: &LogFile) -> Value {
    match log {
        LogFile::Auto => Value::text("auto"),
        LogFile::None => Value::text("none"),
        LogFile::Path(path) => path_text(path),
    }
}

fn path_text(path: &Path) -> Value {
    Value::text(path.to_string_lossy())
}

pub(super) fn members<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Struct(members.map(|(name, value)| (name.to_owned(), value)).into())
}

#[test]
fn an_uptime_is_told_as_python_tells_it() {
    let told = [-5, 5, 3599, 86_399, 86_400, 180_061].map(uptime);
    assert_eq!(told, ["0:00:00", "0:00:05", "0:59:59", "23:59:59", "1 day, 0:00:00", "2 days, 2:01:01"]);
}
