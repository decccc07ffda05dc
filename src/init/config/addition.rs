//! The options of a process that are not in supervisor.

use super::duration::duration;
use super::options::Options;
use super::{
    Channel, Essential, Health, HealthAction, Hooks, Kill, Limits, LineFormat, Process, Ready, Restart, Rlimit, Rotate,
    Surroundings, number,
};
use crate::ini::{self, value};
use crate::init::daemon::Schedule;
use std::time::Duration;

/// The resources of setrlimit(2) without RLIMIT_, in lower case.
pub(super) const RESOURCES: [&str; 16] = [
    "as",
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

/// A process with what its section says besides.
pub(super) fn add(process: Process, options: &Options<'_>, surroundings: &Surroundings) -> Result<Process, String> {
    Ok(Process {
        stdout: channel("stdout", process.stdout, options, &process.name)?,
        stderr: channel("stderr", process.stderr, options, &process.name)?,
        depends_on: options.take("depends_on", Vec::new(), |text| Ok(words(text)))?,
        ready: ready(options)?,
        restart: restart(options)?,
        essential: essential(options)?,
        health: health(options)?,
        hooks: hooks(options)?,
        kill: options.choose("killmode", &[("tree", Kill::Tree), ("cgroup", Kill::Cgroup)])?,
        user_env: options.take("user_env", false, value::boolean)?,
        rlimits: rlimits(options)?,
        oom_score_adj: options.find("oom_score_adj", |text| within(text, -1000, 1000))?,
        nice: options.find("nice", |text| within(text, -20, 19))?,
        limits: limits(options)?,
        schedule: options.find("schedule", schedule)?,
        environment_file: options.take("environment_file", Vec::new(), |text| Ok(files(text, surroundings)))?,
        console: options.take("console", false, value::boolean)?,
        ..process
    })
}

/// Names between commas or white space.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn within(text: &str, least: i32, most: i32) -> Result<i32, String> {
    let number = value::integer(text)?;
    let fits = i32::try_from(number).ok().filter(|number| (least..=most).contains(number));
    fits.ok_or_else(|| format!("{number} is not between {least} and {most}"))
}

/// A whole number from 1.
fn at_least_one(text: &str) -> Result<u64, String> {
    match value::integer(text)? {
        number if number < 1 => Err(format!("{number} is below lower bound (1)")),
        number => Ok(number::size(number)),
    }
}

fn schedule(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("schedule is empty".to_owned()),
        words => match Schedule::parse(words) {
            Ok(_) => Ok(words.to_owned()),
            Err(why) => Err(format!("schedule={words}: {why}")),
        },
    }
}

fn ready(options: &Options<'_>) -> Result<Option<(Ready, Duration)>, String> {
    let ready = options.find("ready", |text| {
        let bad = || {
            let it = ini::repr(text);
            format!("invalid 'ready' value {it}, it is one of: fd:N, notify, tcp:HOST:PORT, command:COMMAND")
        };
        match text.trim().split_once(':') {
            None if text.trim() == "notify" => Ok(Ready::Notify),
            Some(("fd", descriptor)) => match value::integer(descriptor)? {
                // 0 to 2 are the channels.
                descriptor @ 3..=1023 => Ok(Ready::Fd(i32::try_from(descriptor).unwrap_or(3))),
                descriptor => Err(format!("{descriptor} is not between 3 and 1023")),
            },
            Some(("tcp", address)) => {
                let (host, port) = value::inet_address(address)?;
                Ok(Ready::Tcp(if host.is_empty() { "localhost".to_owned() } else { host }, port))
            }
            Some(("command", command)) if !command.trim().is_empty() => Ok(Ready::Command(command.trim().to_owned())),
            _ => Err(bad()),
        }
    })?;
    let timeout = options.take("ready_timeout", Duration::from_secs(60), duration)?;
    Ok(ready.map(|ready| (ready, timeout)))
}

fn restart(options: &Options<'_>) -> Result<Restart, String> {
    let window = options.find("restart_window", duration)?;
    let limit = options.find("restart_limit", at_least_one)?;
    let window = match (window, limit) {
        (Some(window), Some(limit)) => Some((window, u32::try_from(limit).unwrap_or(u32::MAX))),
        (None, None) => None,
        _ => return Err("restart_window and restart_limit need each other".to_owned()),
    };
    let (delay, delay_max) = (options.find("restart_delay", duration)?, options.find("restart_delay_max", duration)?);
    Ok(Restart { delay, delay_max, window })
}

fn essential(options: &Options<'_>) -> Result<Essential, String> {
    let is_essential = options.take("essential", false, value::boolean)?;
    let on_exit = options.choose("on_exit", &[("shutdown", Essential::OnExit), ("none", Essential::No)])?;
    Ok(match on_exit {
        Some(Essential::OnExit) => Essential::OnExit,
        _ if is_essential => Essential::Yes,
        _ => Essential::No,
    })
}

fn health(options: &Options<'_>) -> Result<Option<Health>, String> {
    let actions = [
        ("restart", HealthAction::Restart),
        ("stop", HealthAction::Stop),
        ("log", HealthAction::Log),
        ("shutdown", HealthAction::Shutdown),
    ];
    let more_than_nothing = |text: &str| match duration(text)? {
        Duration::ZERO => Err(format!("not a valid duration: {}", ini::repr(text))),
        duration => Ok(duration),
    };
    let rest = Health {
        command: String::new(),
        interval: options.take("health_interval", Duration::from_secs(30), more_than_nothing)?,
        timeout: options.take("health_timeout", Duration::from_secs(5), more_than_nothing)?,
        retries: options
            .take("health_retries", 3, |text| at_least_one(text).map(|n| u32::try_from(n).unwrap_or(u32::MAX)))?,
        start_period: options.take("health_start_period", Duration::ZERO, duration)?,
        action: options.choose("health_action", &actions)?.unwrap_or_default(),
    };
    Ok(command("health_command", options)?.map(|command| Health { command, ..rest }))
}

fn hooks(options: &Options<'_>) -> Result<Hooks, String> {
    Ok(Hooks {
        pre_start: command("pre_start", options)?,
        post_start: command("post_start", options)?,
        pre_stop: command("pre_stop", options)?,
        post_stop: command("post_stop", options)?,
        timeout: options.take("hook_timeout", Hooks::default().timeout, duration)?,
    })
}

/// A command; an empty one is none.
fn command(option: &str, options: &Options<'_>) -> Result<Option<String>, String> {
    Ok(options.get(option)?.filter(|command| !command.trim().is_empty()))
}

fn channel(name: &str, channel: Channel, options: &Options<'_>, process: &str) -> Result<Channel, String> {
    let rotate = options.find(&format!("{name}_logfile_rotate"), |text| match text.trim().to_lowercase().as_str() {
        "none" | "off" => Ok(None),
        "hourly" => Ok(Some(Rotate::Hourly)),
        "daily" => Ok(Some(Rotate::Daily)),
        "weekly" => Ok(Some(Rotate::Weekly)),
        "monthly" => Ok(Some(Rotate::Monthly)),
        other => match duration(other)? {
            every if every < Duration::from_secs(1) => Err(format!("not a valid duration: {}", ini::repr(text))),
            every => Ok(Some(Rotate::Every(every))),
        },
    })?;
    let prefix = prefix(&format!("{name}_prefix"), options, process)?;
    let is_json = options.choose(&format!("{name}_format"), &[("raw", false), ("json", true)])?.unwrap_or(false);
    let format = match (is_json, prefix) {
        (true, Some(_)) => return Err(format!("{name}_prefix and {name}_format=json exclude each other")),
        (true, None) => LineFormat::Json,
        (false, Some(prefix)) => LineFormat::Prefix(prefix),
        (false, None) => LineFormat::Raw,
    };
    Ok(Channel { rotate: rotate.flatten(), format, ..channel })
}

/// What stands before each line. What is known only when a line is written stays in braces.
fn prefix(option: &str, options: &Options<'_>, process: &str) -> Result<Option<String>, String> {
    if options.raw(option).is_none() {
        return Ok(None);
    }
    let mut names = options.names.clone();
    names.text("process_name", process);
    names.text("time", "{time}");
    Options { ini: options.ini, section: options.section, names }.get(option)
}

fn rlimits(options: &Options<'_>) -> Result<Vec<Rlimit>, String> {
    let limit = |text: &str| match text.trim().to_lowercase().as_str() {
        "unlimited" | "infinity" | "-1" => Ok(None),
        number => match value::byte_size(number)? {
            number if number < 0 => Err(format!("{number} is below lower bound (0)")),
            number => Ok(Some(number::size(number))),
        },
    };
    let of_resource = |resource: &str| {
        options.find(&format!("rlimit_{resource}"), |text| {
            let (soft, hard) = text.split_once(':').unwrap_or((text, text));
            let rlimit = Rlimit { resource: resource.to_owned(), soft: limit(soft)?, hard: limit(hard)? };
            match (rlimit.soft, rlimit.hard) {
                (soft, Some(hard)) if soft.is_none_or(|soft| soft > hard) => {
                    Err(format!("rlimit_{resource}={text}: the soft limit is above the hard one"))
                }
                _ => Ok(rlimit),
            }
        })
    };
    RESOURCES.iter().filter_map(|resource| of_resource(resource).transpose()).collect()
}

fn limits(options: &Options<'_>) -> Result<Limits, String> {
    let thousandths = |text: &str| match text.trim().parse::<f64>() {
        Ok(cpus) if (0.001..=1_000_000.0).contains(&cpus) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1 and a thousand million"
            )]
            Ok((cpus * 1000.0).round() as u64)
        }
        _ => Err(format!("not a valid number of CPUs: {}", ini::repr(text))),
    };
    let size = |text: &str| match value::byte_size(text)? {
        size if size < 1 => Err(format!("{size} is below lower bound (1)")),
        size => Ok(number::size(size)),
    };
    Ok(Limits {
        cpu: options.find("cpu", thousandths)?,
        memory: options.find("memory", size)?,
        pids: options.find("pids", at_least_one)?,
    })
}

/// `FILE,-FILE`: with whether it may be missing.
fn files(text: &str, surroundings: &Surroundings) -> Vec<(std::path::PathBuf, bool)> {
    let file = |word: &String| match word.strip_prefix('-') {
        Some(path) => (surroundings.expand_user(path).into(), true),
        None => (surroundings.expand_user(word).into(), false),
    };
    words(text).iter().map(file).collect()
}
