use super::super::dependency;
use super::super::source::Source;
use super::super::{Address, Autorestart, Channel, Config, Kind, Level, LogFile, Process, Surroundings};
use super::is_device;
use super::names::{self, Known};
use crate::ini::{self, Ini};

/// What may not be meant as it is written.
pub(super) fn warnings(source: &Source, config: &Config, surroundings: &Surroundings) -> Vec<String> {
    let mut warnings: Vec<String> = Vec::new();
    let notes = config.notes.iter().filter(|(level, _)| *level >= Level::Warn);
    warnings.extend(notes.map(|(_, text)| text.clone()));
    warnings.extend(cuts(&source.ini));
    warnings.extend(unknown(&source.ini));
    warnings.extend(without_effect_on_the_daemon(&source.ini, config));
    warnings.extend(servers(&source.ini, config, surroundings));
    for group in &config.groups {
        let mut before = "";
        for process in &group.processes {
            // What is true of one of a program's processes is true of all.
            if process.program != before {
                let section = section(&source.ini, process);
                let said = of_process(&source.ini, &section, process, &group.kind, config);
                warnings.extend(said.into_iter().map(|what| format!("[{section}] {what}")));
            }
            before = &process.program;
        }
    }
    warnings
}

fn cuts(ini: &Ini) -> impl Iterator<Item = String> {
    ini.cuts().iter().map(|cut| {
        let ini::Cut { source, line, section, option, text } = cut;
        let text = ini::repr(text.trim_end());
        format!("{source}, line {line}: [{section}] {option} ends inside quotes: {text} is taken for a comment")
    })
}

fn unknown(ini: &Ini) -> Vec<String> {
    let hint = |near: Option<&str>| near.map(|near| format!(", did you mean {near}?")).unwrap_or_default();
    let mut warnings = Vec::new();
    for section in ini.sections() {
        match names::known(section) {
            Known::Anything => (),
            Known::Nothing(near) => {
                let near = near.map(|near| match near.ends_with(':') {
                    true => format!("[{near}NAME]"),
                    false => format!("[{near}]"),
                });
                warnings.push(format!("[{section}] is not a known section{}", hint(near.as_deref())));
            }
            Known::Options(known) => {
                // What stands in [DEFAULT] is for those sections that know it.
                let own = ini.options(section).map(|(name, _)| name).filter(|name| ini.get("DEFAULT", name).is_none());
                for name in own.filter(|name| !known.iter().any(|known| known == name)) {
                    let near = names::nearest(name, known.iter().map(String::as_str));
                    warnings.push(format!("[{section}] {name} is not a known option{}", hint(near)));
                }
            }
        }
    }
    warnings
}

fn without_effect_on_the_daemon(ini: &Ini, config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    for option in ["umask", "directory"] {
        if config.daemon.nodaemon && ini.get("supervisord", option).is_some() {
            warnings.push(format!("[supervisord] {option} has no effect with nodaemon=true"));
        }
    }
    if config.daemon.silent && !config.daemon.nodaemon {
        warnings.push("[supervisord] silent has no effect without nodaemon=true".to_owned());
    }
    if let (LogFile::Path(path), true) = (&config.daemon.logfile, config.daemon.logfile_maxbytes > 0)
        && is_device(path)
        && ini.get("supervisord", "logfile_maxbytes").is_some()
    {
        let path = path.display();
        warnings.push(format!("[supervisord] logfile_maxbytes has no effect: {path} is not rotated"));
    }
    if !config.has_rpc_interface && !config.servers.is_empty() {
        let what = "supervisorctl and other clients can do nothing";
        warnings.push(format!("there is a server, but no [rpcinterface:supervisor]: {what}"));
    }
    for section in ini.sections().filter(|section| section.starts_with("rpcinterface:")) {
        if section != "rpcinterface:supervisor" {
            warnings.push(format!("[{section}] has no effect: there is only [rpcinterface:supervisor]"));
        }
    }
    warnings
}

fn servers(ini: &Ini, config: &Config, surroundings: &Surroundings) -> Vec<String> {
    let mut warnings = Vec::new();
    for server in &config.servers {
        let section = &server.section;
        match (&server.address, &server.login) {
            (Address::Inet { .. }, None) => {
                warnings.push(format!(
                    "[{section}] has no password: whoever reaches the port runs commands as the daemon's user"
                ));
            }
            (Address::Unix { mode, .. }, None) if mode & 0o006 != 0 => {
                warnings.push(format!(
                    "[{section}] has no password, and chmod={mode:04o} lets everybody on the machine in"
                ));
            }
            _ => (),
        }
        // A password from the environment, or only its hash, is not in the file.
        let password = ini.get(section, "password").unwrap_or_default();
        let is_written = server.login.is_some() && !password.starts_with("%(ENV_") && !password.starts_with("{SHA}");
        let file = ini.file_of(section).unwrap_or_default();
        let mode = surroundings.files.mode(&surroundings.at(file)).unwrap_or(0);
        if is_written && mode & 0o004 != 0 {
            warnings.push(format!("[{section}] password stands in {file}, which everybody may read"));
        }
    }
    warnings
}

/// The section that a process is from.
fn section(ini: &Ini, process: &Process) -> String {
    let name = |section: &&str| {
        let (kind, name) = section.split_once(':').unwrap_or_default();
        ["program", "eventlistener", "fcgi-program"].contains(&kind) && name.trim() == process.program
    };
    ini.sections().find(name).unwrap_or(&process.program).to_owned()
}

fn of_process(ini: &Ini, section: &str, process: &Process, kind: &Kind, config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    let is_set = |option: &str| ini.get(section, option).is_some();
    let mut useless = |option: &str, is_useless: bool, why: &str| {
        if is_useless && is_set(option) {
            warnings.push(format!("{option} has no effect{why}"));
        }
    };
    for (name, channel) in [("stdout", &process.stdout), ("stderr", &process.stderr)] {
        for option in ["logfile_maxbytes", "logfile_backups", "logfile_rotate"] {
            let Some(why) = why_not_rotated(channel) else { continue };
            let is_off = option == "logfile_maxbytes" && channel.maxbytes == 0;
            useless(&format!("{name}_{option}"), !is_off, &format!(": {why}"));
        }
    }
    let redirected = " with redirect_stderr=true";
    for option in ["capture_maxbytes", "events_enabled", "syslog", "format", "prefix"] {
        useless(&format!("stderr_{option}"), process.redirect_stderr, redirected);
    }
    if let Kind::Listeners { .. } = kind {
        for option in ["stdout_capture_maxbytes", "stdout_events_enabled"] {
            useless(option, true, ": a listener's standard output is its answers");
        }
    }
    let is_fcgi = matches!(kind, Kind::Fcgi(_));
    useless("socket", section.starts_with("fcgi-program:") && !is_fcgi, " in a group");
    useless("startretries", process.startsecs == 0, " with startsecs=0: what ends has not failed to start");
    useless("ready_timeout", process.ready.is_none(), " without ready");
    useless("restart_delay_max", process.restart.delay.is_none(), " without restart_delay");
    for option in ["health_interval", "health_timeout", "health_retries", "health_start_period", "health_action"] {
        useless(option, process.health.is_none(), " without health_command");
    }
    let hooks = &process.hooks;
    let has_hook =
        [&hooks.pre_start, &hooks.post_start, &hooks.pre_stop, &hooks.post_stop].iter().any(|hook| hook.is_some());
    useless("hook_timeout", !has_hook, " without a hook");
    useless("user_env", process.user.is_none(), " without user");
    for option in ["autostart", "autorestart"] {
        useless(option, process.schedule.is_some(), " with schedule");
    }

    let restarts_at_once = process.startsecs == 0
        && process.autorestart == Autorestart::Always
        && process.restart.delay.is_none()
        && process.restart.window.is_none();
    if restarts_at_once {
        warnings.push(
            "autorestart=true with startsecs=0 restarts for ever and without a pause; restart_delay or restart_window help"
                .to_owned(),
        );
    }
    if let Err(error) = ini::split(&process.command) {
        warnings.push(format!("command cannot be started: {error}"));
    }
    if let Some(budget) = config.daemon.shutdown_timeout
        && i64::try_from(budget.as_secs()).is_ok_and(|budget| process.stopwaitsecs > budget)
    {
        let (seconds, budget) = (process.stopwaitsecs, budget.as_secs_f64());
        warnings.push(format!("stopwaitsecs={seconds} is more than shutdown_timeout={budget} leaves at the end"));
    }
    for name in &process.depends_on {
        let members = dependency::members(&config.groups, name).unwrap_or_default();
        let idle = members.iter().find(|(_, other)| !other.autostart || other.schedule.is_some());
        if let (true, Some(other)) = (process.autostart, idle) {
            let other = dependency::namespec(*other);
            warnings.push(format!("depends_on={name} waits for {other}, which is not started by itself"));
        }
    }
    warnings
}

fn why_not_rotated(channel: &Channel) -> Option<String> {
    match &channel.logfile {
        LogFile::None => Some("there is no log file".to_owned()),
        LogFile::Path(path) if is_device(path) => Some(format!("{} is not rotated", path.display())),
        LogFile::Auto | LogFile::Path(_) => None,
    }
}
