//! What the daemon can be asked besides what supervisord can: the namespace `vat`.

use super::supervisor::Id;
use crate::init::config::Change;
use crate::rpc::Code;
use crate::sample::Cost;

/// Something that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// When, in local time: `2026-11-23 05:18:27,123`.
    pub when: String,
    /// The same with its offset (RFC 3339).
    pub time: String,
    /// What happened, such as `FATAL`.
    pub event: &'static str,
    /// Whom it happened to, by group and name; `None` for what is nobody's.
    pub process: Option<(String, String)>,
    /// Its pid, where it had one.
    pub pid: Option<u32>,
    /// Its exit code, where it ended with one.
    pub exit_code: Option<i32>,
    /// The signal that ended it, `SIGKILL`.
    pub signal: Option<String>,
    /// How long it had been up, in seconds.
    pub uptime: Option<u64>,
    /// Why.
    pub reason: String,
}

/// What the checks of a process found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Its group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// `healthy`, `starting` or `unhealthy`.
    pub health: &'static str,
    /// How many checks failed in a row.
    pub failures: u32,
    /// The same in words.
    pub description: String,
}

/// What the daemon counts of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Of each pool of listeners: its name, how many events wait, how many were lost since it was added.
    pub pools: Vec<(String, usize, u64)>,
    /// Of each process that lost any: its group and name, and how many bytes of its standard output and error could not be written
    /// since its last start.
    pub lost_output: Vec<(String, String, [u64; 2])>,
    /// How many groups there are.
    pub groups: usize,
    /// How many processes there are, running or not.
    pub processes: usize,
    /// How many of them have a pid.
    pub running: usize,
    /// How many clients are connected.
    pub connections: usize,
    /// How many calls wait for their reply.
    pub waiting_calls: usize,
    /// How many clients watch a log.
    pub watched_logs: usize,
    /// What sampling the load has cost, where it is sampled.
    pub sampling: Option<Cost>,
}

/// The daemon, as the methods see it that supervisor has not.
pub trait Additions {
    /// Reads the files again, and tells what would be done to apply them. Nothing changes.
    ///
    /// # Errors
    /// What is wrong with the files.
    fn changes(&mut self) -> Result<Vec<Change>, String>;

    /// Reads the files again and begins to apply them; [`Additions::applied`] tells when it is done.
    ///
    /// # Errors
    /// What is wrong with the files, and nothing changes; `None` where this is being done already.
    fn apply(&mut self) -> Result<Vec<Change>, Option<String>>;

    /// Goes on applying, and tells whether all is done.
    fn applied(&mut self) -> bool;

    /// Whether this group may be restarted process by process now: it is not while somebody does so.
    fn begin_rolling(&mut self, group: &str) -> bool;

    /// That is done.
    fn end_rolling(&mut self, group: &str);

    /// Rotates a process's logs now.
    ///
    /// # Errors
    /// NO_FILE where it has none, FAILED where one could not be rotated.
    fn rotate_logs(&mut self, process: Id) -> Result<(), Code>;

    /// The last things that failed, the latest last.
    fn failures(&self, most: usize) -> Vec<Failure>;

    /// A client may not start this process, for this reason.
    fn refused(&mut self, process: Id, why: &str);

    /// What the checks of those processes found that have one.
    fn health(&self) -> Vec<Health>;

    /// What the daemon counts of itself.
    fn statistics(&self) -> Statistics;
}
