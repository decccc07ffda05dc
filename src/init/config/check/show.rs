use super::super::dependency;
use super::super::options::Options;
use super::super::{
    Address, Arguments, Channel, Config, Daemon, Group, Health, Kind, Limits, LineFormat, LogFile, Process, Ready,
    Restart, Rlimit, Server, SocketAddress, Surroundings, User, supervisord,
};
use super::{escaped, is_device};
use crate::ini::{Ini, Names, repr};
use std::path::PathBuf;
use std::time::Duration;

/// A configuration as it was understood, what is not as it is by default, a block for each part.
pub(super) fn text(config: &Config, surroundings: &Surroundings) -> String {
    let files: Vec<String> = config.files.iter().map(|file| file.display().to_string()).collect();
    let mut blocks = vec![files.join("\n") + "\n", block("supervisord", daemon(&config.daemon, surroundings))];
    blocks.extend(config.servers.iter().map(server));
    for group in &config.groups {
        // A program that is a group of its own needs no second heading.
        let is_alone = group.kind == Kind::Programs && group.processes.iter().all(|it| it.name == group.name);
        if !is_alone || group.processes.is_empty() {
            blocks.push(block(&heading(group), rows_of_kind(&group.kind)));
        }
        let process = |it| block(&format!("process {}", dependency::namespec((group, it))), process(it));
        blocks.extend(group.processes.iter().map(process));
    }
    blocks.join("\n")
}

type Row = (&'static str, String);

fn block(heading: &str, rows: Vec<Row>) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let rows = rows.iter().map(|(name, value)| format!("    {name:width$}  {}\n", escaped(value)));
    format!("{}\n{}", escaped(heading), rows.collect::<String>())
}

fn heading(group: &Group) -> String {
    let kind = match &group.kind {
        Kind::Programs => "group",
        Kind::Listeners { .. } => "listeners",
        Kind::Fcgi(_) => "fcgi programs",
    };
    format!("{kind} {}, priority {}", group.name, group.priority)
}

fn rows_of_kind(kind: &Kind) -> Vec<Row> {
    match kind {
        Kind::Programs => Vec::new(),
        Kind::Listeners { events, buffer_size } => {
            vec![("events", events.join(",")), ("buffer_size", buffer_size.to_string())]
        }
        Kind::Fcgi(fcgi) => {
            let socket = match &fcgi.address {
                SocketAddress::Unix(path) => format!("unix://{}, mode {:04o}", path.display(), fcgi.mode),
                SocketAddress::Tcp(host, port) => format!("tcp://{host}:{port}"),
            };
            let owner = fcgi.owner.as_ref().map(|(user, _)| ("socket_owner", user.name.clone()));
            std::iter::once(("socket", socket)).chain(owner).collect()
        }
    }
}

fn server(server: &Server) -> String {
    let address = match &server.address {
        Address::Unix { path, mode, .. } => format!("{}, mode {mode:04o}", path.display()),
        Address::Inet { host, port } if host.is_empty() => format!("*:{port}"),
        Address::Inet { host, port } => format!("{host}:{port}"),
    };
    let login = match &server.login {
        Some((username, _)) => format!("{username}, with a password"),
        None => "anybody".to_owned(),
    };
    block(&server.section, vec![("listens at", address), ("lets in", login)])
}

/// Those rows that are not as they are by default.
fn other(rows: Vec<Row>, by_default: Vec<Row>) -> Vec<Row> {
    rows.into_iter().filter(|row| !by_default.contains(row)).collect()
}

fn daemon(it: &Daemon, surroundings: &Surroundings) -> Vec<Row> {
    let empty = Options { ini: &Ini::new(), section: "supervisord", names: Names::new() };
    let by_default = supervisord::daemon(&empty, &Arguments::default(), surroundings);
    other(daemon_rows(it), by_default.as_ref().map(daemon_rows).unwrap_or_default())
}

fn daemon_rows(it: &Daemon) -> Vec<Row> {
    vec![
        ("logfile", if it.syslog { "syslog".to_owned() } else { logfile(&it.logfile) }),
        ("logfile_maxbytes", it.logfile_maxbytes.to_string()),
        ("logfile_backups", it.logfile_backups.to_string()),
        ("loglevel", format!("{:?}", it.loglevel).to_lowercase()),
        ("pidfile", it.pidfile.display().to_string()),
        ("umask", format!("{:03o}", it.umask)),
        ("directory", path(it.directory.as_ref())),
        ("nodaemon", it.nodaemon.to_string()),
        ("silent", it.silent.to_string()),
        ("minfds", it.minfds.to_string()),
        ("minprocs", it.minprocs.to_string()),
        ("nocleanup", it.nocleanup.to_string()),
        ("childlogdir", it.childlogdir.display().to_string()),
        ("user", user(it.user.as_ref())),
        ("identifier", it.identifier.clone()),
        ("environment", pairs(&it.environment)),
        ("strip_ansi", it.strip_ansi.to_string()),
        ("shutdown_timeout", it.shutdown_timeout.map(seconds).unwrap_or_default()),
        ("exit_code_from", it.exit_code_from.clone().unwrap_or_default()),
        ("log_format", format!("{:?}", it.log_format).to_lowercase()),
        ("journal", path(it.journal.as_ref())),
        ("state_file", path(it.state_file.as_ref())),
        ("loadavg", it.loadavg.to_string()),
        ("pids_high", format!("{} %", it.pids_high)),
        ("second_signal", if it.second_signal_kills { "kill" } else { "ignore" }.to_owned()),
    ]
}

fn process(it: &Process) -> Vec<Row> {
    other(process_rows(it), process_rows(&Process::named(&it.name)))
}

fn process_rows(it: &Process) -> Vec<Row> {
    let mut rows = vec![
        ("command", it.command.clone()),
        ("program", it.program.clone()),
        ("directory", path(it.directory.as_ref())),
        ("umask", it.umask.map(|umask| format!("{umask:03o}")).unwrap_or_default()),
        ("priority", it.priority.to_string()),
        ("autostart", it.autostart.to_string()),
        ("autorestart", format!("{:?}", it.autorestart).to_lowercase()),
        ("startsecs", it.startsecs.to_string()),
        ("startretries", it.startretries.to_string()),
        ("exitcodes", list(&it.exitcodes, ToString::to_string)),
        ("stopsignal", it.stopsignal.to_string()),
        ("stopwaitsecs", it.stopwaitsecs.to_string()),
        ("stopasgroup", it.stopasgroup.to_string()),
        ("killasgroup", it.killasgroup.to_string()),
        ("user", user(it.user.as_ref())),
        ("redirect_stderr", it.redirect_stderr.to_string()),
    ];
    rows.extend(channel_rows(&it.stdout, ["stdout", "stdout_capture_maxbytes", "stdout_events_enabled"]));
    rows.extend(channel_rows(&it.stderr, ["stderr", "stderr_capture_maxbytes", "stderr_events_enabled"]));
    rows.extend([
        ("environment", pairs(&it.environment)),
        ("serverurl", it.serverurl.clone().unwrap_or_default()),
        ("depends_on", it.depends_on.join(", ")),
        ("ready", it.ready.as_ref().map(ready).unwrap_or_default()),
        ("restart", restart(&it.restart)),
        ("essential", format!("{:?}", it.essential).to_lowercase()),
        ("health", it.health.as_ref().map(health).unwrap_or_default()),
        ("pre_start", it.hooks.pre_start.clone().unwrap_or_default()),
        ("post_start", it.hooks.post_start.clone().unwrap_or_default()),
        ("pre_stop", it.hooks.pre_stop.clone().unwrap_or_default()),
        ("post_stop", it.hooks.post_stop.clone().unwrap_or_default()),
        ("killmode", it.kill.map(|kill| format!("{kill:?}").to_lowercase()).unwrap_or_default()),
        ("user_env", it.user_env.to_string()),
        ("rlimits", list(&it.rlimits, rlimit)),
        ("oom_score_adj", it.oom_score_adj.map(|number| number.to_string()).unwrap_or_default()),
        ("nice", it.nice.map(|number| number.to_string()).unwrap_or_default()),
        ("limits", limits(&it.limits)),
        ("schedule", it.schedule.clone().unwrap_or_default()),
        ("environment_file", list(&it.environment_file, |(file, _)| file.display().to_string())),
        ("console", it.console.to_string()),
    ]);
    rows
}

/// What differs between two processes, as `option: before -> after`. Of variables only the names: values may be secrets.
pub(in crate::init::config) fn process_details(before: &Process, after: &Process) -> Vec<String> {
    let without = |it: &Process| process_rows(&Process { environment: Vec::new(), ..it.clone() });
    let mut details = details(&without(before), &without(after));
    let variables = other_variables(&before.environment, &after.environment);
    if !variables.is_empty() {
        details.push(format!("environment: {}", variables.join(", ")));
    }
    details
}

/// The same of what two groups are besides their processes.
pub(in crate::init::config) fn group_details(before: &Group, after: &Group) -> Vec<String> {
    let rows = |it: &Group| {
        let priority = ("priority", it.priority.to_string());
        std::iter::once(priority).chain(rows_of_kind(&it.kind)).collect::<Vec<_>>()
    };
    details(&rows(before), &rows(after))
}

fn details(before: &[Row], after: &[Row]) -> Vec<String> {
    let value = |rows: &[Row], name: &str| rows.iter().find(|row| row.0 == name).map(|row| row.1.clone());
    let gone = before.iter().filter(|(name, _)| value(after, name).is_none());
    let names = gone.chain(after).map(|(name, _)| *name);
    let detail = |name| {
        let (before, after) = (value(before, name).unwrap_or_default(), value(after, name).unwrap_or_default());
        (before != after).then(|| format!("{name}: {before} -> {after}"))
    };
    names.filter_map(detail).collect()
}

/// The names of variables that only one of them has, or that have other values.
fn other_variables<'a>(before: &'a [(String, String)], after: &'a [(String, String)]) -> Vec<&'a str> {
    let others = |these: &'a [(String, String)], those: &'a [(String, String)]| {
        these.iter().filter(|variable| !those.contains(variable)).map(|(name, _)| name.as_str())
    };
    let mut names: Vec<&str> = others(before, after).chain(others(after, before)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn channel_rows(it: &Channel, [name, capture, events]: [&'static str; 3]) -> Vec<Row> {
    let mut said = vec![logfile(&it.logfile)];
    said.extend(match (&it.logfile, it.maxbytes) {
        (LogFile::None, _) => None,
        (LogFile::Path(path), _) if is_device(path) => Some("not rotated".to_owned()),
        (_, 0) => Some("not rotated".to_owned()),
        (_, maxbytes) => Some(format!("rotated at {maxbytes} bytes, {} kept", it.backups)),
    });
    said.extend(it.rotate.map(|rotate| format!("and {rotate:?}").to_lowercase()));
    said.extend(it.syslog.then(|| "syslog".to_owned()));
    said.extend(match &it.format {
        LineFormat::Raw => None,
        LineFormat::Prefix(prefix) => Some(format!("prefix {}", repr(prefix))),
        LineFormat::Json => Some("an object a line".to_owned()),
    });
    vec![(name, said.join(", ")), (capture, it.capture_maxbytes.to_string()), (events, it.events_enabled.to_string())]
}

fn logfile(it: &LogFile) -> String {
    match it {
        LogFile::Auto => "AUTO".to_owned(),
        LogFile::None => "NONE".to_owned(),
        LogFile::Path(path) => path.display().to_string(),
    }
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn path(path: Option<&PathBuf>) -> String {
    path.map(|path| path.display().to_string()).unwrap_or_default()
}

fn user(user: Option<&User>) -> String {
    user.map(|user| format!("{} ({}:{})", user.name, user.uid, user.gid)).unwrap_or_default()
}

fn pairs(pairs: &[(String, String)]) -> String {
    list(pairs, |(name, value)| format!("{name}={}", repr(value)))
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

fn ready((ready, within): &(Ready, Duration)) -> String {
    let ready = match ready {
        Ready::Fd(descriptor) => format!("fd:{descriptor}"),
        Ready::Notify => "notify".to_owned(),
        Ready::Tcp(host, port) => format!("tcp:{host}:{port}"),
        Ready::Command(command) => format!("command:{command}"),
    };
    format!("{ready}, within {}", seconds(*within))
}

fn restart(it: &Restart) -> String {
    let delay = it.delay.map(|delay| format!("after {}", seconds(delay)));
    let most = it.delay_max.map(|delay| format!("after {} at most", seconds(delay)));
    let window = it.window.map(|(window, limit)| format!("{limit} times in {} at most", seconds(window)));
    [delay, most, window].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn health(it: &Health) -> String {
    let action = format!("{:?}", it.action).to_lowercase();
    let (interval, timeout, start) = (seconds(it.interval), seconds(it.timeout), seconds(it.start_period));
    let Health { command, retries, .. } = it;
    format!("{command}, every {interval} for {timeout}, after {start}; {action} at {retries} failures")
}

fn rlimit(it: &Rlimit) -> String {
    let number = |limit: Option<u64>| limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string());
    format!("{}={}:{}", it.resource, number(it.soft), number(it.hard))
}

fn limits(it: &Limits) -> String {
    let cpu = it.cpu.map(|cpu| format!("{}.{:03} CPUs", cpu / 1000, cpu % 1000));
    let memory = it.memory.map(|memory| format!("{memory} bytes of memory"));
    let pids = it.pids.map(|pids| format!("{pids} processes"));
    [cpu, memory, pids].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
