use std::path::PathBuf;
use std::time::Duration;

/// A group of processes: `[group:x]`, or a program, listener pool or fcgi-program that is in none.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Lower starts first and stops last.
    pub priority: i64,
    /// What its processes are.
    pub kind: Kind,
    /// Its processes, by (priority, name).
    pub processes: Vec<Process>,
}

/// What the processes of a group are.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Programs.
    Programs,
    /// A pool of event listeners.
    Listeners {
        /// `events`, in capitals.
        events: Vec<String>,
        /// `buffer_size`.
        buffer_size: usize,
    },
    /// FastCGI programs that share a socket.
    Fcgi(Fcgi),
}

/// The socket of a `[fcgi-program:x]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fcgi {
    /// `socket`.
    pub address: SocketAddress,
    /// `socket_backlog`.
    pub backlog: Option<u32>,
    /// `socket_owner`: user and group; `u32::MAX` leaves the group as it is.
    pub owner: Option<(User, u32)>,
    /// `socket_mode`; 0700.
    pub mode: u32,
}

/// Where an fcgi-program's socket is.
#[derive(Clone, Debug, PartialEq)]
pub enum SocketAddress {
    /// `unix:///path`
    Unix(PathBuf),
    /// `tcp://host:port`
    Tcp(String, u16),
}

/// A user that the passwd file knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its number.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// All groups that it is in, `gid` among them.
    pub groups: Vec<u32>,
    /// Its home directory.
    pub home: PathBuf,
    /// Its shell.
    pub shell: PathBuf,
}

/// When a process that ended is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum Autorestart {
    Never,
    Unexpected,
    Always,
}

/// Where a channel's bytes go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogFile {
    /// A file of its own in `childlogdir`, removed at the next start.
    Auto,
    /// Nowhere.
    None,
    /// This file.
    Path(PathBuf),
}

/// When a log is rotated besides by size: `hourly`, `daily`, `weekly`, `monthly`, a time such as `90m`, or `none`. Not in supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotate {
    /// Every so many seconds of local time.
    Every(Duration),
    /// At each full hour.
    Hourly,
    /// At midnight.
    Daily,
    /// At midnight before Monday.
    Weekly,
    /// At midnight before the first of the month.
    Monthly,
}

/// How a child's line is written. Not in supervisor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LineFormat {
    /// As it came.
    #[default]
    Raw,
    /// `*_prefix=TEXT`: behind that text, in which `%(process_name)s` and the other names of a program are expanded already;
    /// `%(time)s` has become `{time}`, to be put in when the line is written.
    Prefix(String),
    /// `*_format=json`: an object a line. (`*_format=raw` is as it came.)
    Json,
}

/// Standard output or error of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// `*_logfile`.
    pub logfile: LogFile,
    /// `*_logfile_maxbytes`; 0 for no rotation.
    pub maxbytes: u64,
    /// `*_logfile_backups`.
    pub backups: u32,
    /// `*_capture_maxbytes`; 0 for no capturing.
    pub capture_maxbytes: u64,
    /// `*_events_enabled`.
    pub events_enabled: bool,
    /// `*_syslog`.
    pub syslog: bool,
    /// `*_logfile_rotate`. Not in supervisor.
    pub rotate: Option<Rotate>,
    /// `*_format`, `*_prefix`. Not in supervisor.
    pub format: LineFormat,
}

impl Default for Channel {
    /// What it is when the file says nothing.
    fn default() -> Channel {
        Channel {
            logfile: LogFile::Auto,
            maxbytes: 50 << 20,
            backups: 10,
            capture_maxbytes: 0,
            events_enabled: false,
            syslog: false,
            rotate: None,
            format: LineFormat::Raw,
        }
    }
}

/// When a process counts as up. Not in supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ready {
    /// `ready=fd:N`: it writes a newline to that descriptor (s6's notification-fd).
    Fd(i32),
    /// `ready=notify`: it sends READY=1 to $NOTIFY_SOCKET (sd_notify(3)).
    Notify,
    /// `ready=tcp:HOST:PORT`: the port takes connections.
    Tcp(String, u16),
    /// `ready=command:CMD`: the command ends with 0.
    Command(String),
}

/// How often and how fast a process is started again. Not in supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restart {
    /// `restart_delay`: between an end and the next start; a process that does not stay up waits twice as long each time.
    pub delay: Option<Duration>,
    /// `restart_delay_max`: at most so long.
    pub delay_max: Option<Duration>,
    /// `restart_window` and `restart_limit`: FATAL when it is started more often in that time.
    pub window: Option<(Duration, u32)>,
}

/// What the end of a process means for the container. Not in supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Essential {
    /// Nothing.
    #[default]
    No,
    /// `essential=true`: FATAL, or EXITED without a restart and not asked for, stops the daemon.
    Yes,
    /// `on_exit=shutdown`: any end that was not asked for stops the daemon.
    OnExit,
}

/// `health_command` and its kin. Not in supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// `health_command`: ends with 0 when all is well.
    pub command: String,
    /// `health_interval`; 30 s.
    pub interval: Duration,
    /// `health_timeout`; 5 s.
    pub timeout: Duration,
    /// `health_retries`: so many failures in a row; 3.
    pub retries: u32,
    /// `health_start_period`: failures before that do not count; 0.
    pub start_period: Duration,
    /// `health_action`.
    pub action: HealthAction,
}

/// What is done about a process that is not well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HealthAction {
    /// It is stopped and started.
    #[default]
    Restart,
    /// It is stopped.
    Stop,
    /// It is logged and told as an event.
    Log,
    /// The daemon stops.
    Shutdown,
}

/// Commands around the life of a process. Not in supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooks {
    /// `pre_start`: before each start; a failure counts as a failed start.
    pub pre_start: Option<String>,
    /// `post_start`: once RUNNING.
    pub post_start: Option<String>,
    /// `pre_stop`: before the stop signal.
    pub pre_stop: Option<String>,
    /// `post_stop`: after each end.
    pub post_stop: Option<String>,
    /// `hook_timeout`: then a hook is killed, and has failed; 30 s.
    pub timeout: Duration,
}

impl Default for Hooks {
    /// None.
    fn default() -> Hooks {
        Hooks { pre_start: None, post_start: None, pre_stop: None, post_stop: None, timeout: Duration::from_secs(30) }
    }
}

/// What the stop signal and KILL reach. `None` in [`Process::kill`] leaves it to `stopasgroup` and `killasgroup`. Not in supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// All descendants, those in other process groups and sessions too.
    Tree,
    /// Everything in the process's own cgroup.
    Cgroup,
}

/// A resource limit. Not in supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// The name as in `rlimit_nofile`, in lower case.
    pub resource: String,
    /// The soft limit; `None` for unlimited.
    pub soft: Option<u64>,
    /// The hard limit; `None` for unlimited.
    pub hard: Option<u64>,
}

/// Limits by a cgroup of the process's own. Not in supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// `cpu`: how many CPUs, in thousandths.
    pub cpu: Option<u64>,
    /// `memory`, in bytes.
    pub memory: Option<u64>,
    /// `pids`.
    pub pids: Option<u64>,
}

/// One process: a program with numprocs=3 makes three.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// `process_name`, expanded.
    pub name: String,
    /// The program, listener or fcgi-program it is of.
    pub program: String,
    /// `command`, expanded, not yet split.
    pub command: String,
    /// `directory`.
    pub directory: Option<PathBuf>,
    /// `umask`.
    pub umask: Option<u32>,
    /// `priority`.
    pub priority: i64,
    /// `autostart`.
    pub autostart: bool,
    /// `autorestart`.
    pub autorestart: Autorestart,
    /// `startsecs`.
    pub startsecs: i64,
    /// `startretries`; -1 for no end of it (not in supervisor).
    pub startretries: i64,
    /// `user`.
    pub user: Option<User>,
    /// Standard output.
    pub stdout: Channel,
    /// Standard error.
    pub stderr: Channel,
    /// `stopsignal`.
    pub stopsignal: i32,
    /// `stopwaitsecs`.
    pub stopwaitsecs: i64,
    /// `stopasgroup`.
    pub stopasgroup: bool,
    /// `killasgroup`.
    pub killasgroup: bool,
    /// `exitcodes`.
    pub exitcodes: Vec<i64>,
    /// `redirect_stderr`.
    pub redirect_stderr: bool,
    /// `environment`, expanded, and before it that of `[supervisord]`.
    pub environment: Vec<(String, String)>,
    /// `serverurl`; `None` for AUTO.
    pub serverurl: Option<String>,

    // What follows is not in supervisor.
    /// `depends_on`: processes (`group:name`), programs or groups that are up before this one starts, and stop after it. All of
    /// them are there, and there is an order for all: see [`super::dependency`].
    pub depends_on: Vec<String>,
    /// `ready`, and `ready_timeout` (60 s).
    pub ready: Option<(Ready, Duration)>,
    /// `restart_delay`, `restart_delay_max`, `restart_window`, `restart_limit`.
    pub restart: Restart,
    /// `essential`, `on_exit`.
    pub essential: Essential,
    /// `health_*`.
    pub health: Option<Health>,
    /// `pre_start` and so on.
    pub hooks: Hooks,
    /// `killmode`: `tree` or `cgroup`.
    pub kill: Option<Kill>,
    /// `user_env`: HOME, USER, LOGNAME and SHELL are the user's.
    pub user_env: bool,
    /// `rlimit_NAME=LIMIT` or `SOFT:HARD`: a number, a size such as `64MB`, or `unlimited`; by resource.
    pub rlimits: Vec<Rlimit>,
    /// `oom_score_adj`.
    pub oom_score_adj: Option<i32>,
    /// `nice`.
    pub nice: Option<i32>,
    /// `cpu` (such as `1.5`), `memory` (a size), `pids`.
    pub limits: Limits,
    /// `schedule`: started at these times (cron's words) instead of kept up.
    pub schedule: Option<String>,
    /// `environment_file=FILE,-FILE`: read at each start, `KEY=VALUE` a line; a `-` before it, which is the flag here, lets it be
    /// missing.
    pub environment_file: Vec<(PathBuf, bool)>,
    /// `console`: where the daemon is at a terminal, that is the program's input and output, and the program is in its foreground.
    pub console: bool,
}

impl Process {
    /// A process of that name as it is when the file says nothing else; without a command.
    #[must_use]
    pub fn named(name: &str) -> Process {
        Process {
            name: name.to_owned(),
            program: name.to_owned(),
            command: String::new(),
            directory: None,
            umask: None,
            priority: 999,
            autostart: true,
            autorestart: Autorestart::Unexpected,
            startsecs: 1,
            startretries: 3,
            user: None,
            stdout: Channel::default(),
            stderr: Channel::default(),
            stopsignal: 15,
            stopwaitsecs: 10,
            stopasgroup: false,
            killasgroup: false,
            exitcodes: vec![0],
            redirect_stderr: false,
            environment: Vec::new(),
            serverurl: None,
            depends_on: Vec::new(),
            ready: None,
            restart: Restart::default(),
            essential: Essential::No,
            health: None,
            hooks: Hooks::default(),
            kill: None,
            user_env: false,
            rlimits: Vec::new(),
            oom_score_adj: None,
            nice: None,
            limits: Limits::default(),
            schedule: None,
            environment_file: Vec::new(),
            console: false,
        }
    }
}
