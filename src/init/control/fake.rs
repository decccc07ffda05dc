//! A daemon without processes: what it is told to do it writes down, and a test says what becomes of it.

use super::additions::{Additions, Failure, Health, Statistics};
use super::supervisor::{BadCommand, Group, Id, Member, Mood, Reread, Status, Supervisor};
use crate::init::config;
use crate::init::machine::State;
use crate::rpc::Code;
use crate::sys::Civil;
use std::cell::RefCell;
use std::io;
use std::path::PathBuf;

/// Name, priority, and where it stands.
pub(super) type FakeProcess<'a> = (&'a str, i64, State);

#[derive(Default)]
pub(super) struct Fake {
    pub(super) groups: Vec<Group>,
    /// By the numbers of the ids; `None` for removed.
    pub(super) statuses: Vec<Option<Status>>,
    pub(super) mood: Mood,
    pub(super) main_log: Option<PathBuf>,
    /// Why any command cannot be run.
    pub(super) bad_command: Option<BadCommand>,
    /// Why nothing can be signalled, written or cleared.
    pub(super) broken: Option<String>,
    /// What it was told to do.
    pub(super) told: RefCell<Vec<String>>,
}

impl Fake {
    /// Groups of name, priority and processes.
    pub(super) fn new(groups: &[(&str, i64, &[FakeProcess<'_>])]) -> Fake {
        let mut fake = Fake::default();
        for (name, priority, processes) in groups {
            let members =
                processes.iter().map(|(name, priority, state)| fake.member(name, *priority, *state)).collect();
            fake.groups.push(Group { name: (*name).to_owned(), priority: *priority, processes: members });
        }
        fake
    }

    fn member(&mut self, name: &str, priority: i64, state: State) -> Member {
        let id = Id(u32::try_from(self.statuses.len()).unwrap());
        self.statuses.push(Some(Status {
            state,
            pid: state.is_signallable().then_some(id.0 + 100),
            start: 0,
            stop: 0,
            spawnerr: None,
            exitstatus: None,
            stdout_logfile: None,
            stderr_logfile: None,
            waits_for: None,
            is_well: None,
        }));
        Member { id, name: name.to_owned(), priority }
    }

    pub(super) fn at(&mut self, id: u32) -> &mut Status {
        self.statuses[id as usize].as_mut().unwrap()
    }

    fn tell(&self, what: impl Into<String>) -> Result<(), String> {
        self.told.borrow_mut().push(what.into());
        self.broken.clone().map_or(Ok(()), Err)
    }

    /// What it was told since this was last asked.
    pub(super) fn told(&self) -> Vec<String> {
        self.told.take()
    }
}

impl Additions for Fake {
    fn changes(&mut self) -> Result<Vec<config::Change>, String> {
        self.tell("changes")?;
        let details = vec!["command: a -> b".to_owned()];
        let what = config::What::Restart;
        Ok(vec![config::Change { group: "late".to_owned(), process: Some("a".to_owned()), what, details }])
    }

    fn apply(&mut self) -> Result<Vec<config::Change>, Option<String>> {
        self.changes().map_err(Some)
    }

    fn applied(&mut self) -> bool {
        self.broken.is_none()
    }

    fn begin_rolling(&mut self, group: &str) -> bool {
        self.tell(format!("begin {group}")).is_ok()
    }

    fn end_rolling(&mut self, group: &str) {
        _ = self.tell(format!("end {group}"));
    }

    fn rotate_logs(&mut self, process: Id) -> Result<(), Code> {
        self.tell(format!("rotate {}", process.0)).map_err(|_| Code::Failed)
    }

    fn failures(&self, _: usize) -> Vec<Failure> {
        Vec::new()
    }

    fn refused(&mut self, _: Id, _: &str) {}

    fn health(&self) -> Vec<Health> {
        Vec::new()
    }

    fn statistics(&self) -> Statistics {
        Statistics::default()
    }
}

impl Supervisor for Fake {
    fn identification(&self) -> String {
        "fake".to_owned()
    }

    fn pid(&self) -> u32 {
        1
    }

    fn mood(&self) -> Mood {
        self.mood
    }

    fn has_rpc_interface(&self) -> bool {
        true
    }

    fn now(&self) -> i64 {
        1_000_000
    }

    fn local(&self, seconds: i64) -> Option<Civil> {
        let (hour, minute) = (u8::try_from(seconds / 3600 % 24).unwrap(), u8::try_from(seconds / 60 % 60).unwrap());
        Some(Civil { year: 1970, month: 1, day: 1, hour, minute, second: 0 })
    }

    fn groups(&self) -> Vec<Group> {
        self.groups.clone()
    }

    fn status(&self, process: Id) -> Option<Status> {
        self.statuses[process.0 as usize].clone()
    }

    fn state(&self, process: Id) -> Option<State> {
        self.status(process).map(|status| status.state)
    }

    fn has_spawnerr(&self, process: Id) -> bool {
        self.status(process).is_some_and(|status| status.spawnerr.is_some())
    }

    fn configured(&self) -> Vec<&config::Group> {
        Vec::new()
    }

    fn check_command(&self, _: Id) -> Result<(), BadCommand> {
        self.bad_command.clone().map_or(Ok(()), Err)
    }

    fn start(&mut self, process: Id) {
        _ = self.tell(format!("start {}", process.0));
        if self.at(process.0).state != State::Stopping {
            self.at(process.0).state = State::Starting;
        }
    }

    fn stop(&mut self, process: Id) -> Result<(), String> {
        self.tell(format!("stop {}", process.0))?;
        let status = self.at(process.0);
        status.state = if status.state == State::Backoff { State::Stopped } else { State::Stopping };
        Ok(())
    }

    fn report_stop(&mut self, _: Id) {}

    fn signal(&mut self, process: Id, signal: i32) -> Result<(), String> {
        self.tell(format!("signal {} {signal}", process.0))
    }

    fn write_stdin(&mut self, process: Id, bytes: &[u8]) -> io::Result<()> {
        let text = bytes.escape_ascii();
        self.tell(format!("write {} {text}", process.0)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn main_log(&self) -> Option<PathBuf> {
        self.main_log.clone()
    }

    fn clear_main_log(&mut self) -> io::Result<()> {
        self.tell("clear").map_err(io::Error::other)
    }

    fn clear_logs(&mut self, process: Id) -> io::Result<()> {
        self.tell(format!("clear {}", process.0)).map_err(io::Error::other)
    }

    fn reread(&mut self) -> Result<Reread, String> {
        self.tell("reread")?;
        Ok(Reread { added: vec!["new".to_owned()], ..Reread::default() })
    }

    fn add_group(&mut self, name: &str) -> Result<(), String> {
        self.tell(format!("add {name}"))
    }

    fn remove_group(&mut self, name: &str) {
        _ = self.tell(format!("remove {name}"));
        self.groups.retain(|group| group.name != name);
    }

    fn remote_comm_event(&mut self, kind: &str, data: &str) {
        _ = self.tell(format!("event {kind} {data}"));
    }

    fn shutdown(&mut self) {
        self.mood = Mood::Shutdown;
    }

    fn restart(&mut self) {
        self.mood = Mood::Restarting;
    }
}
