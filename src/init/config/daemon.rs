use super::{LogFile, User};
use std::path::PathBuf;
use std::time::Duration;

/// How much the main log tells (supervisor's loggers.py).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum Level {
    Blather,
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Critical,
}

impl Level {
    /// The level of that number in supervisor's loggers.py; the next higher one where there is none.
    #[must_use]
    pub fn of_number(number: u8) -> Level {
        match number {
            ..=3 => Level::Blather,
            4..=5 => Level::Trace,
            6..=10 => Level::Debug,
            11..=20 => Level::Info,
            21..=30 => Level::Warn,
            31..=40 => Level::Error,
            _ => Level::Critical,
        }
    }
}

/// How a line of the main log looks. Not in supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// `2026-11-23 05:18:27,123 INFO message`, as supervisord.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// `[supervisord]` and what the command line says instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Daemon {
    /// `logfile`, absolute; `Auto` does not occur, and `None` is `logfile=syslog`.
    pub logfile: LogFile,
    /// `logfile=syslog`.
    pub syslog: bool,
    /// `logfile_maxbytes`; 0 for no rotation.
    pub logfile_maxbytes: u64,
    /// `logfile_backups`.
    pub logfile_backups: u32,
    /// `loglevel`.
    pub loglevel: Level,
    /// `pidfile`.
    pub pidfile: PathBuf,
    /// `umask`: set when going to the background only, as supervisord.
    pub umask: u32,
    /// `directory`: gone to when going to the background only, as supervisord.
    pub directory: Option<PathBuf>,
    /// `nodaemon`.
    pub nodaemon: bool,
    /// `silent`: with `nodaemon`, nothing on standard output.
    pub silent: bool,
    /// `minfds`.
    pub minfds: u64,
    /// `minprocs`.
    pub minprocs: u64,
    /// `nocleanup`.
    pub nocleanup: bool,
    /// `childlogdir`.
    pub childlogdir: PathBuf,
    /// `user`.
    pub user: Option<User>,
    /// `identifier`.
    pub identifier: String,
    /// `environment`, for every child.
    pub environment: Vec<(String, String)>,
    /// `strip_ansi`.
    pub strip_ansi: bool,
    /// `shutdown_timeout`: how long the whole orderly stop may take. `None` where the file does not say. Not in supervisor.
    pub shutdown_timeout: Option<Duration>,
    /// `exit_code_from`: the process (`name` or `group:name`) whose exit code is the daemon's own. Not in supervisor.
    pub exit_code_from: Option<String>,
    /// `log_format`. Not in supervisor.
    pub log_format: LogFormat,
    /// `journal`: where failures are written, an object a line. Not in supervisor.
    pub journal: Option<PathBuf>,
    /// `state_file`: where it is kept which programs were stopped by hand. Not in supervisor.
    pub state_file: Option<PathBuf>,
    /// `loadavg`: whether the container's load is sampled. Not in supervisor; true by default.
    pub loadavg: bool,
    /// `pids_high`: at which share of the pids limit, in percent, `PIDS_HIGH` is told; 0 for never. Not in supervisor; 85 by
    /// default.
    pub pids_high: u8,
    /// `second_signal=kill`: a second TERM, INT or QUIT kills what is left. Not in supervisor.
    pub second_signal_kills: bool,
}
