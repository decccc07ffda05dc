//! The methods of the namespace `vat`, which supervisord has not. `system.listMethods` does not name them: there a client finds what
//! the original has. `vat.listMethods` does.

use super::additions::{Failure, Health, Statistics};
use super::answer::{Answer, Waiting};
use super::arguments::Arguments;
use super::info::members;
use super::lifecycle::result;
use super::method::{Method, NO_PARAMS, Param, param, row};
use super::name::{Named, Target, by_priority, find, find_group};
use super::rolling::Rolling;
use super::supervisor::{Mood, Supervisor};
use crate::init::config::Change;
use crate::rpc::{Code, Fault, Reply, Value};

const GROUP: &[Param] = &[param("string", "name", "the group")];
const LOGS: &[Param] = &[param("string", "name", "the process, group:process, group:*, or all")];
const COUNT: &[Param] = &[param("int", "count", "how many at most")];

/// By name: the order of `vat.listMethods`.
pub(super) const METHODS: &[Method] = &[
    row(
        "vat.apply",
        "array",
        NO_PARAMS,
        apply,
        "Reads the configuration again and applies it, process by process: only those are restarted that were started with \
         something else. Answers as vat.difference when all has stopped that had to.",
    ),
    row(
        "vat.difference",
        "array",
        NO_PARAMS,
        difference,
        "What vat.apply would do: structs of group, name (the group's own for all of it), change (added, removed, restart or live) \
         and details. Nothing changes.",
    ),
    row(
        "vat.getHealth",
        "array",
        NO_PARAMS,
        get_health,
        "What health checks found: structs of group, name, health (healthy, starting or unhealthy), failures in a row, and \
         description.",
    ),
    row(
        "vat.getJournal",
        "array",
        COUNT,
        get_journal,
        "What failed, the latest last: structs of when, event, name and description, and of time, group, process, pid, exitstatus, \
         signal and uptime (in seconds) where there is one.",
    ),
    row("vat.getStatistics", "struct", NO_PARAMS, get_statistics, "What the daemon counts of itself."),
    row("vat.listMethods", "array", NO_PARAMS, list_methods, "The names of these methods."),
    row(
        "vat.rollingRestart",
        "array",
        GROUP,
        rolling_restart,
        "Restarts the processes of a group one after the other, each when the one before is RUNNING; ends with the first that fails. \
         Answers what became of each.",
    ),
    row("vat.rotateLogs", "array", LOGS, rotate_logs, "Rotates log files now. Answers what became of each process's."),
];

fn list_methods(_: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    Answer::value(Value::Array(METHODS.iter().map(|method| Value::text(method.name)).collect()))
}

fn difference(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let changes = supervisor.changes().map_err(|why| Fault::because(Code::CantReread, why))?;
    Answer::value(told(&changes))
}

fn apply(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let changes = supervisor.apply().map_err(|why| match why {
        Some(why) => Fault::because(Code::CantReread, why),
        None => Fault::because(Code::Failed, "a configuration is being applied"),
    })?;
    let applying = Applying { changes: told(&changes) };
    match applying.poll(supervisor) {
        Some(reply) => Ok(Answer::Now(reply)),
        None => Answer::later(Waiting::Applying(applying)),
    }
}

/// A configuration that is being applied.
#[derive(Debug)]
pub(super) struct Applying {
    changes: Value,
}

impl Applying {
    pub(super) fn poll(&self, supervisor: &mut dyn Supervisor) -> Option<Reply> {
        if supervisor.mood() != Mood::Running {
            return Some(Err(Code::ShutdownState.into()));
        }
        supervisor.applied().then(|| Ok(self.changes.clone()))
    }
}

fn told(changes: &[Change]) -> Value {
    let told = |change: &Change| {
        members([
            ("group", Value::text(&*change.group)),
            ("name", Value::text(change.process.as_ref().unwrap_or(&change.group))),
            ("change", Value::text(change.what.name())),
            ("details", Value::Array(change.details.iter().map(Value::text).collect())),
        ])
    };
    Value::Array(changes.iter().map(told).collect())
}

fn rolling_restart(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let group = find_group(supervisor, &with.shown(0)?)?;
    if !supervisor.begin_rolling(&group.name) {
        return Err(Fault::because(Code::Failed, format!("{} is being restarted", group.name)));
    }
    let mut rolling = Rolling::new(group);
    match rolling.poll(supervisor) {
        Some(results) => Answer::value(results),
        None => Answer::later(Waiting::Rolling(Box::new(rolling))),
    }
}

fn rotate_logs(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let targets: Vec<Target> = match with.text(0)? {
        "" | "all" => by_priority(supervisor.groups()),
        name => match find(supervisor, name)? {
            Named::Process(target) => vec![target],
            Named::Group(group) => by_priority(vec![group]),
        },
    };
    let results = targets.iter().map(|target| {
        result(target, supervisor.rotate_logs(target.id).map_err(|code| Fault::because(code, &target.called)))
    });
    Answer::value(Value::Array(results.collect()))
}

fn get_journal(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let most = usize::try_from(with.int(0)?).map_err(|_| Code::BadArguments)?;
    Answer::value(Value::Array(supervisor.failures(most).iter().map(failure).collect()))
}

fn failure(failure: &Failure) -> Value {
    let name = failure.process.as_ref().map(|(group, name)| match group == name {
        true => name.clone(),
        false => format!("{group}:{name}"),
    });
    let text = |text: &str| Some(Value::text(text));
    let process = failure.process.as_ref();
    let known = [
        ("when", text(&failure.when)),
        ("time", text(&failure.time)),
        ("event", text(failure.event)),
        ("name", Some(Value::text(name.unwrap_or_default()))),
        ("group", process.map(|(group, _)| Value::text(&**group))),
        ("process", process.map(|(_, name)| Value::text(&**name))),
        ("pid", failure.pid.map(|pid| Value::Int(i64::from(pid)))),
        ("exitstatus", failure.exit_code.map(|code| Value::Int(i64::from(code)))),
        ("signal", failure.signal.as_deref().map(Value::text)),
        ("uptime", failure.uptime.map(number)),
        ("description", text(&failure.reason)),
    ];
    Value::Struct(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn get_health(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let told = |health: &Health| {
        members([
            ("group", Value::text(&*health.group)),
            ("name", Value::text(&*health.name)),
            ("health", Value::text(health.health)),
            ("failures", Value::Int(i64::from(health.failures))),
            ("description", Value::text(&*health.description)),
        ])
    };
    Answer::value(Value::Array(supervisor.health().iter().map(told).collect()))
}

fn get_statistics(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let statistics = supervisor.statistics();
    let pool = |(name, waiting, lost): &(String, usize, u64)| {
        members([("pool", Value::text(&**name)), ("waiting_events", count(*waiting)), ("lost_events", number(*lost))])
    };
    let output = |(group, name, [stdout, stderr]): &(String, String, [u64; 2])| {
        members([
            ("group", Value::text(&**group)),
            ("name", Value::text(&**name)),
            ("stdout_lost_bytes", number(*stdout)),
            ("stderr_lost_bytes", number(*stderr)),
        ])
    };
    let Statistics { pools, lost_output, groups, processes, running, connections, waiting_calls, .. } = &statistics;
    let cost = statistics.sampling.unwrap_or_default();
    Answer::value(members([
        ("pools", Value::Array(pools.iter().map(pool).collect())),
        ("lost_output", Value::Array(lost_output.iter().map(output).collect())),
        ("groups", count(*groups)),
        ("processes", count(*processes)),
        ("running", count(*running)),
        ("connections", count(*connections)),
        ("waiting_calls", count(*waiting_calls)),
        ("watched_logs", count(statistics.watched_logs)),
        ("samples", number(cost.samples)),
        ("mean_sample_microseconds", number(cost.mean_micros())),
    ]))
}

fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
