//! The beginning: who we are, the limits, the logs, the sockets, the first processes.

use super::journal::Journal;
use super::losses::Losses;
use super::stopped::Stopped;
use super::{Clock, Daemon, Mood, Outcome, Timers, Token, signals};
use crate::init::arguments::Arguments;
use crate::init::config::{Config, Error, Level, LogFile, Surroundings};
use crate::init::control::Failure;
use crate::init::event::{Event, Pools, Ticks};
use crate::init::log::{self, MainLog, Sinks, Streams};
use crate::init::server::Server;
use crate::sys::child::Identity;
use crate::sys::poll::{Interest, Poll};
use crate::sys::rlimit::{Resource, Rlimit};
use crate::sys::{self, Inbox, Live};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Why the daemon does not begin.
#[derive(Debug)]
pub enum CannotBegin {
    /// The reason, in supervisord's words.
    Because(String),
    /// It does, in the background.
    Background,
}

/// How long whoever reads the logs may take over the last of them.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What is done once, however often the daemon begins anew.
struct Once {
    /// Whether the daemon has begun before.
    begun: bool,
    is_init: bool,
    /// Who the daemon is, which it says each time it begins.
    user: Option<(Level, String)>,
    /// The limit of open files as it was, which children get, or `minfds` where that is more.
    open_files: Option<Rlimit>,
    notes: Vec<(Level, String)>,
    /// What failed before it began anew.
    failures: VecDeque<Failure>,
}

/// Runs the daemon until it ends, and says the exit code.
///
/// # Errors
/// Why it cannot begin.
pub fn run(arguments: &Arguments) -> Result<u8, CannotBegin> {
    // First of all, so that no signal is lost, and none ends us.
    let mut inbox = Inbox::open(&signals::wanted(), &signals::deaf()).map_err(cannot)?;
    sys::init::open_standard_descriptors();
    sys::init::keep_descriptors();
    // It stays, too: what the kernel gave once it need not be asked for when the daemon begins anew.
    let poll = Poll::new().map_err(cannot)?;
    poll.add(&inbox, Token::Signals.bits(), Interest::READ).map_err(cannot)?;
    let machine = Live::new();
    let config = Config::read(arguments, &Surroundings::live());
    let mut config = config.map_err(|error| CannotBegin::Because(error.to_string()))?;
    let mut once = begin_once(&config)?;
    loop {
        let daemon = match Daemon::new(arguments, config, &machine, &poll, &mut inbox, &mut once) {
            Err(CannotBegin::Background) => return Ok(0),
            other => other?,
        };
        match daemon.run() {
            Outcome::Restart { config: new, failures } => {
                config = *new;
                once.failures = failures;
            }
            Outcome::Exit(code) => return Ok(code),
        }
    }
}

fn cannot(error: io::Error) -> CannotBegin {
    CannotBegin::Because(sys::process::reason(&error))
}

fn begin_once(config: &Config) -> Result<Once, CannotBegin> {
    let mut notes = Vec::new();
    let is_init = sys::init::is_init();
    if !is_init && let Err(error) = sys::init::adopt_orphans() {
        notes.push((Level::Warn, format!("orphans go elsewhere: {}", sys::process::reason(&error))));
    }
    let user = become_user(config).map_err(CannotBegin::Because)?;
    let before = Rlimit::of(Resource::OPEN_FILES).ok();
    notes.extend(raise(FILES, config.daemon.minfds).map_err(CannotBegin::Because)?);
    let open_files = Rlimit::of(Resource::OPEN_FILES).ok().or(before);
    notes.extend(raise(TASKS, config.daemon.minprocs).map_err(CannotBegin::Because)?);
    // Every process needs some of the daemon, which are not to be taken from what `minfds` promises to the processes.
    let _ = sys::process::raise_open_files();
    Ok(Once { begun: false, is_init, user, open_files, notes, failures: VecDeque::new() })
}

/// The main log. A container that has no place for it still has its programs to run.
fn open_log(config: &mut Config, sinks: &mut Sinks, once: &mut Once) -> Result<MainLog, CannotBegin> {
    match MainLog::open(&config.daemon, sinks) {
        Err(error) if once.is_init => {
            once.notes.push((Level::Warn, format!("no main log: {error}")));
            config.daemon.logfile = LogFile::None;
            MainLog::open(&config.daemon, sinks).map_err(cannot)
        }
        other => other.map_err(cannot),
    }
}

/// `user`.
fn become_user(config: &Config) -> Result<Option<(Level, String)>, String> {
    let Some(user) = &config.daemon.user else {
        const AS_ROOT: &str = "Supervisor is running as root.  Privileges were not dropped because no user is specified in \
             the config file.  If you intend to run as root, you can set user=root in the config file to avoid this message.";
        return Ok(sys::process::is_root().then(|| (Level::Critical, AS_ROOT.to_owned())));
    };
    sys::child::become_user(&Identity { uid: user.uid, gid: user.gid, groups: &user.groups })?;
    Ok(Some((Level::Info, format!("Set uid to user {} succeeded", user.uid))))
}

/// A limit that the file asks a minimum of: the resource, what a message calls it, and what is said where it cannot be had.
struct Minimum(Resource, &'static str, &'static str);

const FILES: Minimum = Minimum(
    Resource::OPEN_FILES,
    "RLIMIT_NOFILE",
    "The minimum number of file descriptors required to run this process is {least} as per the \"minfds\" command-line \
     argument or config file setting. The current environment will only allow you to open {hard} file descriptors.  Either \
     raise the number of usable file descriptors in your environment (see README.rst) or lower the minfds setting in the \
     config file to allow the process to start.",
);
const TASKS: Minimum = Minimum(
    Resource::PROCESSES,
    "RLIMIT_NPROC",
    "The minimum number of available processes required to run this program is {least} as per the \"minprocs\" command-line \
     argument or config file setting. The current environment will only allow you to open {hard} processes.  Either raise \
     the number of usable processes in your environment (see README.rst) or lower the minprocs setting in the config file \
     to allow the program to start.",
);

fn raise(minimum: Minimum, least: u64) -> Result<Option<(Level, String)>, String> {
    let Minimum(resource, name, words) = minimum;
    let Ok(limit) = Rlimit::of(resource) else { return Ok(None) };
    if limit.soft >= least {
        return Ok(None);
    }
    let hard = limit.hard.max(least);
    match (Rlimit { soft: least, hard, ..limit }).set() {
        Ok(()) => Ok(Some((Level::Info, format!("Increased {name} limit to {least}")))),
        Err(_) => Err(words.replace("{least}", &least.to_string()).replace("{hard}", &hard.to_string())),
    }
}

impl<'m> Daemon<'m> {
    fn new(
        arguments: &'m Arguments,
        mut config: Config,
        machine: &'m Live,
        poll: &'m Poll,
        inbox: &'m mut Inbox,
        once: &mut Once,
    ) -> Result<Daemon<'m>, CannotBegin> {
        let ident = Path::new(&arguments.program).file_name().unwrap_or_default().to_string_lossy();
        let mut sinks = Sinks::new(log::Clock::new(Box::new(Live::new())), Streams::new(Token::FIRST_STREAM), &ident);
        let background = !once.begun && !config.daemon.nodaemon && !once.is_init;
        let log = open_log(&mut config, &mut sinks, once)?;
        let journal = Journal::open(std::mem::take(&mut once.failures), config.daemon.journal.as_deref(), &mut sinks);
        let mut daemon = Daemon {
            machine,
            arguments,
            server_url: config.server_url(),
            next_config: None,
            clock: Clock::new(),
            poll,
            inbox,
            log,
            sinks,
            processes: BTreeMap::new(),
            groups: BTreeMap::new(),
            pids: HashMap::new(),
            last_id: 0,
            timers: Timers::default(),
            cells: super::cells::Cells::default(),
            errands: HashMap::new(),
            short_until: None,
            restarting: BTreeSet::new(),
            has_changed: false,
            pools: Pools::default(),
            ticks: Ticks::default(),
            sampler: None,
            server: None,
            pending: Vec::new(),
            watched: Vec::new(),
            trouble: None,
            mood: Mood::Running,
            stopping: None,
            applying: None,
            rolling: HashSet::new(),
            journal,
            losses: Losses::default(),
            stopped: Stopped::default(),
            is_init: once.is_init,
            open_files: once.open_files,
            exit_code: 0,
            undelivered: false,
            unreaped: true,
            buffer: vec![0; super::channel::BUFFER],
            config,
        };
        daemon.say_all(once.user.clone());
        daemon.say_all(once.notes.drain(..));
        let notes = std::mem::take(&mut daemon.config.notes);
        daemon.say_all(notes);
        if !daemon.config.daemon.nocleanup {
            let notes = log::clean_up(&daemon.config.daemon.childlogdir, &daemon.config.daemon.identifier);
            daemon.say_all(notes);
        }
        for group in daemon.config.groups.clone() {
            let name = group.name.clone();
            daemon.add_group(group);
            daemon.show_auto_logs(&name);
        }
        daemon.recall_stopped();
        daemon.open_servers()?;
        if background && !daemon.go_to_background()? {
            // The one that was called; its child goes on.
            return Err(CannotBegin::Background);
        }
        daemon.note_shared_oom_kills();
        daemon.write_pidfile();
        once.begun = true;
        Ok(daemon)
    }

    fn open_servers(&mut self) -> Result<(), CannotBegin> {
        match Server::open(&self.config.servers, self.poll, Token::FIRST_OF_SERVER) {
            Ok(mut server) => {
                let notes = server.take_notes();
                self.server = Some(server);
                self.say_of_servers(notes);
                Ok(())
            }
            // A container can be looked after without being talked to; without PID 1 it is gone.
            Err(error) if self.is_init => {
                self.say(Level::Critical, format_args!("{error}  Going on without."));
                Ok(())
            }
            Err(error) => Err(CannotBegin::Because(error.to_string())),
        }
    }

    /// What is said of the servers, in supervisord's order: of each that it is ready, and that anybody may use it.
    fn say_of_servers(&mut self, notes: Vec<(Level, String)>) {
        let (open_to_all, others): (Vec<_>, Vec<_>) =
            notes.into_iter().partition(|(level, _)| *level == Level::Critical);
        for (_, words) in others {
            // supervisord says it before its log is there.
            let _ = writeln!(io::stderr(), "{words}");
        }
        let mut open_to_all = open_to_all.into_iter();
        for has_login in self.config.servers.iter().map(|server| server.login.is_some()).collect::<Vec<_>>() {
            if self.config.has_rpc_interface {
                self.say(Level::Info, "RPC interface 'supervisor' initialized");
            }
            if !has_login {
                self.say_all(open_to_all.next());
            }
        }
    }

    /// Whether this is the one that goes on.
    fn go_to_background(&mut self) -> Result<bool, CannotBegin> {
        self.say(Level::Debug, "daemonizing the supervisord process");
        if !sys::init::go_to_background().map_err(cannot)? {
            return Ok(false);
        }
        // Signals are told to the process that asked for them, and that was the one before.
        self.poll.remove(&*self.inbox).map_err(cannot)?;
        self.poll.add(&*self.inbox, Token::Signals.bits(), Interest::READ).map_err(cannot)?;
        self.sinks.streams.take_standard();
        if let Some(directory) = &self.config.daemon.directory
            && let Err(error) = std::env::set_current_dir(directory)
        {
            let words = format!("can't chdir into {}: {}", directory.display(), sys::process::reason(&error));
            self.say(Level::Critical, words);
        }
        sys::process::set_umask(self.config.daemon.umask);
        Ok(true)
    }

    fn write_pidfile(&mut self) {
        let pid = std::process::id();
        let file = self.config.daemon.pidfile.clone();
        match std::fs::write(&file, format!("{pid}\n")) {
            Ok(()) => self.say(Level::Info, format_args!("supervisord started with pid {pid}")),
            Err(_) => self.say(Level::Critical, format_args!("could not write pidfile {}", file.display())),
        }
    }

    /// Begins with what is to run from the beginning, unless a signal that came already says otherwise.
    pub(super) fn start(&mut self) {
        self.take_signals();
        self.tell(&Event::SupervisorRunning);
        for group in self.group_names() {
            self.autostart(&group);
        }
        self.tick();
        self.begin_sampling();
    }

    /// Reads the configuration anew.
    pub(super) fn read_config(&self) -> Result<Config, Error> {
        Config::read(self.arguments, &Surroundings::while_running())
    }

    /// Leaves nothing behind: cgroups, sockets, the pid file, what was still to be written.
    pub(super) fn clean_up(&mut self) {
        self.forget_the_gone();
        if let Some(server) = self.server.take() {
            server.close(self.poll);
        }
        if std::fs::read_to_string(&self.config.daemon.pidfile)
            .is_ok_and(|text| text.trim() == std::process::id().to_string())
        {
            let _ = std::fs::remove_file(&self.config.daemon.pidfile);
        }
        self.log.log_notes(&mut self.sinks);
        let until = self.clock.now() + LAST_WORDS;
        let mut ready = Vec::new();
        while self.sinks.streams.is_waiting() && self.clock.now() < until {
            self.sinks.streams.arm(self.poll);
            let _ = self.poll.wait(&mut ready, Some(LAST_WORDS));
            for ready in &ready {
                self.sinks.ready(ready.token);
            }
        }
    }
}
