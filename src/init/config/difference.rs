//! What a new configuration changes.

use super::{Channel, Group, Kind, LogFile, Process};

/// Names of groups, as `reloadConfig` answers them and `supervisorctl reread` shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub struct Difference {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

/// What becomes of a group's processes, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessDifference {
    /// Not there before.
    pub added: Vec<String>,
    /// Not there any more.
    pub removed: Vec<String>,
    /// Another command, user, environment...: it has to be stopped and started.
    pub restart: Vec<String>,
    /// Other rules for it, which hold at once.
    pub live: Vec<String>,
}

/// Compares what runs with what was read, as supervisord does (supervisord.py: diff_to_active).
#[must_use]
pub fn difference(active: &[&Group], read: &[Group]) -> Difference {
    let before = |name: &str| active.iter().rfind(|group| group.name == name);
    let names = |wanted: &dyn Fn(&Group) -> bool| {
        read.iter().filter(|group| wanted(group)).map(|group| group.name.clone()).collect()
    };
    let is_gone = |group: &&&Group| !read.iter().any(|other| other.name == group.name);
    Difference {
        added: names(&|group| before(&group.name).is_none()),
        changed: names(&|group| before(&group.name).is_some_and(|before| !same_group(before, group))),
        removed: active.iter().filter(is_gone).map(|group| group.name.clone()).collect(),
    }
}

/// What a changed group means for each of its processes, where supervisord would restart them all.
#[must_use]
pub fn process_difference(old: &Group, new: &Group) -> ProcessDifference {
    let mut difference = ProcessDifference::default();
    let find = |group: &'_ Group, name: &str| group.processes.iter().find(|process| process.name == name).cloned();
    for process in &new.processes {
        let kind = match find(old, &process.name) {
            None => &mut difference.added,
            Some(before) if !same_socket(&old.kind, &new.kind) || !same_logs(&before, process) => {
                &mut difference.restart
            }
            Some(before) if same_process(&before, process) => continue,
            Some(before) if same_process(&with_live_options(&before, process), process) => &mut difference.live,
            Some(_) => &mut difference.restart,
        };
        kind.push(process.name.clone());
    }
    let gone = old.processes.iter().filter(|process| find(new, &process.name).is_none());
    difference.removed = gone.map(|process| process.name.clone()).collect();
    difference
}

fn same_group(old: &Group, new: &Group) -> bool {
    let same_kind = match (&old.kind, &new.kind) {
        (Kind::Listeners { .. }, Kind::Listeners { .. }) => old.kind == new.kind,
        (old, new) => same_socket(old, new),
    };
    let mut processes = old.processes.iter().zip(&new.processes);
    same_kind
        && old.priority == new.priority
        && old.processes.len() == new.processes.len()
        && processes.all(|(old, new)| same_process(old, new))
}

/// Whether processes of one kind can stay when the other takes its place. An fcgi-program's socket is the same when it is at the
/// same place: supervisord compares nothing else of it.
pub(super) fn same_socket(old: &Kind, new: &Kind) -> bool {
    match (old, new) {
        (Kind::Programs, Kind::Programs) | (Kind::Listeners { .. }, Kind::Listeners { .. }) => true,
        (Kind::Fcgi(old), Kind::Fcgi(new)) => old.address == new.address,
        _ => false,
    }
}

/// Whether both channels go to the same place, AUTO being one.
fn same_logs(old: &Process, new: &Process) -> bool {
    old.stdout.logfile == new.stdout.logfile && old.stderr.logfile == new.stderr.logfile
}

/// supervisor's `ProcessConfig.__eq__`: a log named AUTO is any log, the order of variables does not count, of a user only the
/// number does. Then the options of our own.
fn same_process(old: &Process, new: &Process) -> bool {
    let log = |old: &Channel, new: &Channel| {
        let is_auto = old.logfile == LogFile::Auto || new.logfile == LogFile::Auto;
        Channel { logfile: if is_auto { new } else { old }.logfile.clone(), ..old.clone() }
    };
    let sorted = |process: &Process| {
        let mut variables = process.environment.clone();
        variables.sort();
        variables
    };
    let uid = |process: &Process| process.user.as_ref().map(|user| user.uid);
    sorted(old) == sorted(new)
        && uid(old) == uid(new)
        && *new
            == Process {
                stdout: log(&old.stdout, &new.stdout),
                stderr: log(&old.stderr, &new.stderr),
                environment: new.environment.clone(),
                user: new.user.clone(),
                ..old.clone()
            }
}

/// `running` with those options of `wanted` that a process need not be started again for.
#[must_use]
pub fn with_live_options(running: &Process, wanted: &Process) -> Process {
    // A channel stays where it goes; what is done with its bytes does not.
    let channel = |running: &Channel, wanted: &Channel| Channel { logfile: running.logfile.clone(), ..wanted.clone() };
    Process {
        stdout: channel(&running.stdout, &wanted.stdout),
        stderr: channel(&running.stderr, &wanted.stderr),
        priority: wanted.priority,
        autostart: wanted.autostart,
        autorestart: wanted.autorestart,
        startsecs: wanted.startsecs,
        startretries: wanted.startretries,
        stopsignal: wanted.stopsignal,
        stopwaitsecs: wanted.stopwaitsecs,
        stopasgroup: wanted.stopasgroup,
        killasgroup: wanted.killasgroup,
        exitcodes: wanted.exitcodes.clone(),
        depends_on: wanted.depends_on.clone(),
        restart: wanted.restart,
        essential: wanted.essential,
        health: wanted.health.clone(),
        hooks: wanted.hooks.clone(),
        kill: wanted.kill,
        schedule: wanted.schedule.clone(),
        ..running.clone()
    }
}
