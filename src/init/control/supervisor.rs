use super::additions::Additions;
use crate::init::config;
use crate::init::machine::State;
use crate::sys::Civil;
use std::io;
use std::path::PathBuf;

/// A process of the daemon, running or not. Never used again for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u32);

/// A group as it stands in the daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// `priority`.
    pub priority: i64,
    /// Its processes, in the order of the file.
    pub processes: Vec<Member>,
}

/// A process of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which one.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// `priority`.
    pub priority: i64,
}

/// What is known of a process. Times are seconds since 1970, 0 for never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where it stands.
    pub state: State,
    /// Its pid, while there is one.
    pub pid: Option<u32>,
    /// When it was started last.
    pub start: i64,
    /// When it ended last.
    pub stop: i64,
    /// Why it could not be started, or ended badly.
    pub spawnerr: Option<String>,
    /// How it ended: its exit code, -1 for a signal.
    pub exitstatus: Option<i64>,
    /// Where its standard output goes; the name of the file where that is `AUTO`.
    pub stdout_logfile: Option<PathBuf>,
    /// Where its standard error goes.
    pub stderr_logfile: Option<PathBuf>,
    /// What its start or its stop waits for. Not in supervisor.
    pub waits_for: Option<String>,
    /// Whether its health checks say that it is well; `None` where there are none, or none has ended yet. Not in supervisor.
    pub is_well: Option<bool>,
}

/// What the daemon is about to do (supervisor's SupervisorStates).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub enum Mood {
    #[default]
    Running,
    Restarting,
    Shutdown,
}

/// Why a command cannot be run, in supervisor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadCommand {
    /// There is no such file.
    NotFound(String),
    /// It cannot be run, or makes no sense.
    NotExecutable(String),
}

/// What a new reading of the files found, as names of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are supervisor's")]
pub struct Reread {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

/// The daemon, as its methods see it. Nothing here waits: what takes time is asked about again at the next pass of the loop.
pub trait Supervisor: Additions {
    /// `identifier`.
    fn identification(&self) -> String;

    /// The daemon's pid.
    fn pid(&self) -> u32;

    /// What the daemon is about to do.
    fn mood(&self) -> Mood;

    /// Whether there is a section `[rpcinterface:supervisor]`.
    fn has_rpc_interface(&self) -> bool;

    /// Seconds since 1970.
    fn now(&self) -> i64;

    /// A moment in the local time zone.
    fn local(&self, seconds: i64) -> Option<Civil>;

    /// All groups, in the order in which they were added.
    fn groups(&self) -> Vec<Group>;

    /// What is known of a process; `None` where it was removed.
    fn status(&self, process: Id) -> Option<Status>;

    /// Where a process stands; `None` where it was removed. While somebody waits for a thousand of them this is asked often.
    fn state(&self, process: Id) -> Option<State>;

    /// Whether there is a `spawnerr`; asked as often.
    fn has_spawnerr(&self, process: Id) -> bool;

    /// The groups of the configuration that was read last, in use or not. A log file is `Auto` until its group is in use.
    fn configured(&self) -> Vec<&config::Group>;

    /// Whether a process's command could be run now.
    ///
    /// # Errors
    /// Why not.
    fn check_command(&self, process: Id) -> Result<(), BadCommand>;

    /// Starts a process, as far as that goes at once: one without `startsecs` may be RUNNING when this returns.
    fn start(&mut self, process: Id);

    /// Stops a process, as far as that goes at once.
    ///
    /// # Errors
    /// Why its signal could not be sent.
    fn stop(&mut self, process: Id) -> Result<(), String>;

    /// Somebody waits until a process has stopped: now and then the main log hears `waiting for x to stop`.
    fn report_stop(&mut self, process: Id);

    /// Sends a signal to a process.
    ///
    /// # Errors
    /// Why it could not be sent.
    fn signal(&mut self, process: Id, signal: i32) -> Result<(), String>;

    /// Writes to a process's standard input, at once or when there is room.
    ///
    /// # Errors
    /// It is closed, or too much waits already.
    fn write_stdin(&mut self, process: Id, bytes: &[u8]) -> io::Result<()>;

    /// Where the main log goes.
    fn main_log(&self) -> Option<PathBuf>;

    /// Removes the main log and begins it anew.
    ///
    /// # Errors
    /// It could not be removed.
    fn clear_main_log(&mut self) -> io::Result<()>;

    /// Removes a process's logs and begins them anew.
    ///
    /// # Errors
    /// One could not be removed.
    fn clear_logs(&mut self, process: Id) -> io::Result<()>;

    /// Reads the files again. Nothing is applied yet.
    ///
    /// # Errors
    /// What is wrong with them.
    fn reread(&mut self) -> Result<Reread, String>;

    /// Takes a group of the configuration into use.
    ///
    /// # Errors
    /// Why not.
    fn add_group(&mut self, name: &str) -> Result<(), String>;

    /// Forgets a group that has stopped.
    fn remove_group(&mut self, name: &str);

    /// Tells the listeners of a REMOTE_COMMUNICATION.
    fn remote_comm_event(&mut self, kind: &str, data: &str);

    /// Begins the orderly stop.
    fn shutdown(&mut self);

    /// The same, and a new start after it.
    fn restart(&mut self);
}
