//! Making a process: what it is given, and what becomes of a start that fails.

use super::channel::Which;
use super::command::{self, Command};
use super::stdin::Stdin;
use super::{Daemon, Id, Process, Token};
use crate::init::config::{self, Level};
use crate::init::control::BadCommand;
use crate::init::machine::Event;
use crate::sys;
use crate::sys::child::{Identity, Join, Launch, Session, launch};
use crate::sys::rlimit::{Resource, Rlimit};
use std::collections::BTreeMap;
use std::ffi::{CString, OsString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What a new process has for its standard input, output and error; it closes here when it has them.
struct Theirs {
    stdin: OwnedFd,
    stdout: OwnedFd,
    /// `None` for standard output.
    stderr: Option<OwnedFd>,
}

/// A child that is to be made, as far as it is not like all others of its process.
pub(super) struct Child<'a> {
    /// What it runs.
    pub(super) command: &'a Command,
    /// Its variables.
    pub(super) environment: BTreeMap<OsString, OsString>,
    /// Its standard input, output and error.
    pub(super) stdio: [BorrowedFd<'a>; 3],
    /// One more descriptor, and the number that it has there.
    pub(super) extra: Option<(BorrowedFd<'a>, RawFd)>,
    /// What it leads.
    pub(super) session: Session,
    /// The cgroups that it joins.
    pub(super) join: &'a [Join],
}

/// Why a child cannot be made.
pub(super) enum CannotLaunch {
    /// What it is to be given has a zero byte in it.
    Null,
    /// What fork(2) says.
    Kernel(io::Error),
}

impl Daemon<'_> {
    /// Makes a process; where that is impossible says why, and lets its life go on from there.
    pub(super) fn spawn(&mut self, id: Id) {
        match self.try_spawn(id) {
            Ok(Some(pid)) => {
                self.pids.insert(pid, id);
                if let Some(process) = self.processes.get_mut(&id) {
                    process.pid = Some(pid);
                    process.how = None;
                    process.killed = None;
                    process.own.was_oom_killed = false;
                    let name = process.config.name.clone();
                    self.say(Level::Info, format_args!("spawned: '{name}' with pid {pid}"));
                }
                self.remember_exit_code(id, 0);
                self.happens(id, Event::Spawned);
            }
            Ok(None) => (),
            Err(why) => self.cannot_start(id, why),
        }
    }

    /// A process cannot be made: its life goes on from there.
    pub(super) fn cannot_start(&mut self, id: Id, why: String) {
        self.say(Level::Info, format_args!("spawnerr: {why}"));
        if let Some(process) = self.processes.get_mut(&id) {
            process.spawnerr = Some(why);
            process.stdin = None;
            process.how = None;
        }
        self.leave_cell(id);
        // While it waits for another try it keeps no descriptors, which others may wait for.
        self.close_channel(id, Which::Stdout);
        self.close_channel(id, Which::Stderr);
        self.happens(id, Event::SpawnFailed);
    }

    /// The pid; `None` where it has to wait.
    fn try_spawn(&mut self, id: Id) -> Result<Option<u32>, String> {
        let Some(process) = self.processes.get(&id) else { return Ok(None) };
        let config = process.config.clone();
        let mut environment = self.environment(process);
        environment.extend(self.environment_files(&config)?);
        let command = self.command_of(process).map_err(|why| match why {
            BadCommand::NotFound(words) | BadCommand::NotExecutable(words) => words,
        })?;
        let ready = self.prepare_ready(process)?;
        environment.extend(ready.variable.map(|(name, value)| (name.into(), value.into())));
        let stdin = self.group_socket(id)?;
        let console = config.console && sys::terminal::is_input();
        if config.console && !console {
            self.say(Level::Warn, format_args!("'{}' has no console: the daemon has no terminal", config.name));
        }
        let theirs = if console { self.give_terminal(id) } else { self.make_pipes(id) };
        let theirs = theirs.map_err(|error| match sys::child::is_out_of_files(&error) {
            true => format!("too many open files to spawn '{}'", config.name),
            false => {
                format!("unknown error making dispatchers for '{}': {}", config.name, sys::child::error_name(&error))
            }
        })?;
        let join = self.confine(id);
        let stdin = stdin.as_ref().map_or(theirs.stdin.as_fd(), AsFd::as_fd);
        let stderr = theirs.stderr.as_ref().unwrap_or(&theirs.stdout);
        let child = Child {
            command: &command,
            environment,
            stdio: [stdin, theirs.stdout.as_fd(), stderr.as_fd()],
            extra: ready.extra.as_ref().map(|(end, number)| (end.as_fd(), *number)),
            session: if console { Session::Console } else { Session::Group },
            join: &join,
        };
        let pid = self.launch_for(&config, child).map_err(|why| match why {
            CannotLaunch::Null => "embedded null byte".to_owned(),
            CannotLaunch::Kernel(error) => {
                self.note_shortage(&error);
                match sys::child::is_out_of_processes(&error) {
                    true => format!("Too many processes in process table to spawn '{}'", config.name),
                    false => {
                        format!("unknown error during fork for '{}': {}", config.name, sys::child::error_name(&error))
                    }
                }
            }
        })?;
        self.watch_ready(id, ready.watch);
        Ok(Some(pid))
    }

    /// Makes a child as the file wants a process and all that runs beside it.
    pub(super) fn launch_for(&self, config: &config::Process, child: Child<'_>) -> Result<u32, CannotLaunch> {
        let text = |bytes: &[u8]| CString::new(bytes).map_err(|_| CannotLaunch::Null);
        let words = child.command.words.iter();
        let argv: Vec<CString> = words.map(|word| text(word.as_bytes())).collect::<Result<_, _>>()?;
        let variables = child.environment.into_iter();
        let env: Vec<CString> = variables
            .map(|(name, value)| text(&[name.as_bytes(), b"=", value.as_bytes()].concat()))
            .collect::<Result<_, _>>()?;
        let directory = config.directory.as_deref().map(|path| text(path.as_os_str().as_bytes())).transpose()?;
        let rlimits = self.rlimits(config);
        let launched = launch(&Launch {
            file: &text(child.command.file.as_os_str().as_bytes())?,
            argv: &argv,
            env: &env,
            stdio: child.stdio,
            extra: child.extra,
            session: child.session,
            identity: config.user.as_ref().map(|user| Identity { uid: user.uid, gid: user.gid, groups: &user.groups }),
            directory: directory.as_deref(),
            umask: config.umask,
            rlimits: &rlimits,
            nice: config.nice,
            oom_score_adj: config.oom_score_adj,
            join: child.join,
        });
        launched.map_err(CannotLaunch::Kernel)
    }

    /// A process's own limits; of open files at least what the daemon was given, whatever it took for itself.
    fn rlimits(&self, config: &config::Process) -> Vec<Rlimit> {
        let own = config.rlimits.iter().filter_map(|limit| {
            let resource = Resource::by_name(&limit.resource)?;
            Some(Rlimit { resource, soft: limit.soft.unwrap_or(u64::MAX), hard: limit.hard.unwrap_or(u64::MAX) })
        });
        self.open_files.into_iter().chain(own).collect()
    }

    /// What a process would run.
    pub(super) fn command_of(&self, process: &Process) -> Result<Command, BadCommand> {
        self.command_for(process, &process.config.command)
    }

    /// What a command is for a process: where it is looked for the process's own variables say.
    pub(super) fn command_for(&self, process: &Process, command: &str) -> Result<Command, BadCommand> {
        let own = process.config.environment.iter().rev().find(|(name, _)| name == "PATH");
        let inherited = || self.machine.env("PATH").and_then(|path| path.into_string().ok());
        let path = own.map(|(_, path)| path.clone()).or_else(inherited);
        command::find(command, path.as_deref())
    }

    /// The environment of a process: the daemon's own, what tells it that it is supervised, and what the file says.
    pub(super) fn environment(&self, process: &Process) -> BTreeMap<OsString, OsString> {
        let mut environment: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        let config = &process.config;
        let mut set = |name: &str, value: &str| environment.insert(name.into(), value.into());
        set("SUPERVISOR_ENABLED", "1");
        if let Some(url) = config.serverurl.as_deref().or(self.server_url.as_deref()) {
            set("SUPERVISOR_SERVER_URL", url);
        }
        set("SUPERVISOR_PROCESS_NAME", &config.name);
        set("SUPERVISOR_GROUP_NAME", &process.group);
        if let (true, Some(user)) = (config.user_env, &config.user) {
            set("USER", &user.name);
            set("LOGNAME", &user.name);
            environment.insert("HOME".into(), user.home.clone().into_os_string());
            environment.insert("SHELL".into(), user.shell.clone().into_os_string());
        }
        for (name, value) in &config.environment {
            environment.insert(name.into(), OsString::from_vec(value.clone().into_bytes()));
        }
        environment
    }

    /// The terminal that the daemon was started at, in place of pipes: nothing of what is said there goes through the daemon.
    fn give_terminal(&mut self, id: Id) -> io::Result<Theirs> {
        self.close_channel(id, Which::Stdout);
        self.close_channel(id, Which::Stderr);
        let stdin = io::stdin().as_fd().try_clone_to_owned()?;
        let stdout = io::stdout().as_fd().try_clone_to_owned()?;
        Ok(Theirs { stdin, stdout, stderr: Some(io::stderr().as_fd().try_clone_to_owned()?) })
    }

    /// New pipes for a process, in place of those of its last run.
    fn make_pipes(&mut self, id: Id) -> io::Result<Theirs> {
        // A program may not have the last descriptors: clients need some to say what is to stop.
        let _spare = [sys::process::pipe()?, sys::process::pipe()?];
        let (stdin_read, stdin_write) = sys::process::pipe()?;
        let (stdout_read, stdout_write) = sys::process::pipe()?;
        let merged = self.processes.get(&id).is_some_and(|process| process.config.redirect_stderr);
        let stderr = if merged { None } else { Some(sys::process::pipe()?) };
        for file in [&stdin_write, &stdout_read].into_iter().chain(stderr.as_ref().map(|(read, _)| read)) {
            sys::process::do_not_block(file)?;
        }
        self.open_channel(id, Which::Stdout, stdout_read)?;
        let stderr = match stderr {
            Some((read, write)) => {
                self.open_channel(id, Which::Stderr, read)?;
                Some(write.into())
            }
            None => {
                self.close_channel(id, Which::Stderr);
                None
            }
        };
        if let Some(process) = self.processes.get_mut(&id) {
            process.stdin = Some(Stdin::new(stdin_write, Token::Stdin(id).bits()));
        }
        Ok(Theirs { stdin: stdin_read.into(), stdout: stdout_write.into(), stderr })
    }

    pub(super) fn stdin_is_ready(&mut self, id: Id) {
        let Some(stdin) = self.processes.get_mut(&id).and_then(|process| process.stdin.as_mut()) else { return };
        if stdin.ready(self.poll).is_err() {
            self.stdin_is_closed(id);
        }
    }

    /// Nobody reads what a process is sent.
    pub(super) fn stdin_is_closed(&mut self, id: Id) {
        if let Some(process) = self.processes.get_mut(&id) {
            process.stdin = None;
        }
    }
}
