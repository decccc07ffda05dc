//! The daemon as its methods see it.

use super::channel::Which;
use super::process::Process;
use super::{Daemon, clock};
use crate::init::config::{self, Level};
use crate::init::control::{BadCommand, Group, Id, Member, Mood, Reread, Status, Supervisor};
use crate::init::event::Event;
use crate::init::machine::{self, State};
use crate::sys::Civil;
use std::io;
use std::path::PathBuf;

impl Supervisor for Daemon<'_> {
    fn identification(&self) -> String {
        self.config.daemon.identifier.clone()
    }

    fn pid(&self) -> u32 {
        std::process::id()
    }

    fn mood(&self) -> Mood {
        self.mood
    }

    fn has_rpc_interface(&self) -> bool {
        self.config.has_rpc_interface
    }

    fn now(&self) -> i64 {
        clock::epoch(self.machine)
    }

    fn local(&self, seconds: i64) -> Option<Civil> {
        self.machine.local(seconds)
    }

    fn groups(&self) -> Vec<Group> {
        let member = |id: &Id| {
            let process = self.processes.get(id)?;
            Some(Member { id: *id, name: process.name().to_owned(), priority: process.config.priority })
        };
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|(_, group)| group.added);
        let group = |(name, group): (&std::rc::Rc<str>, &super::Group)| Group {
            name: name.to_string(),
            priority: group.config.priority,
            processes: group.processes.iter().filter_map(member).collect(),
        };
        groups.into_iter().map(group).collect()
    }

    fn status(&self, id: Id) -> Option<Status> {
        let process = self.processes.get(&id)?;
        Some(Status {
            state: process.state(),
            pid: process.pid,
            start: process.start,
            stop: process.stop,
            spawnerr: process.spawnerr.clone(),
            exitstatus: process.exitstatus,
            stdout_logfile: logfile(process, Which::Stdout),
            stderr_logfile: logfile(process, Which::Stderr),
            waits_for: self.waiting(id),
            is_well: process.config.health.as_ref().and(process.aside.health.is_well),
        })
    }

    fn state(&self, id: Id) -> Option<State> {
        self.processes.get(&id).map(Process::state)
    }

    fn has_spawnerr(&self, id: Id) -> bool {
        self.processes.get(&id).is_some_and(|process| process.spawnerr.is_some())
    }

    fn configured(&self) -> Vec<&config::Group> {
        self.next_config.as_ref().unwrap_or(&self.config).groups.iter().collect()
    }

    fn check_command(&self, id: Id) -> Result<(), BadCommand> {
        self.processes.get(&id).map_or(Ok(()), |process| self.command_of(process).map(drop))
    }

    fn start(&mut self, id: Id) {
        if let Some(process) = self.processes.get(&id).filter(|process| process.pid.is_some()) {
            let name = process.config.name.clone();
            self.say(Level::Warn, format_args!("process '{name}' already running"));
        }
        self.by_hand(id, false);
        self.happens(id, machine::Event::Start);
        self.pass_due(id);
    }

    fn stop(&mut self, id: Id) -> Result<(), String> {
        self.trouble = None;
        self.by_hand(id, true);
        if let Some(process) = self.processes.get_mut(&id) {
            process.reported = None;
        }
        self.happens(id, machine::Event::Stop);
        self.trouble.take().map_or(Ok(()), Err)
    }

    fn report_stop(&mut self, id: Id) {
        self.report_stop_of(id);
    }

    fn signal(&mut self, id: Id, signal: i32) -> Result<(), String> {
        self.trouble = None;
        self.send_by_hand(id, signal);
        self.trouble.take().map_or(Ok(()), Err)
    }

    fn write_stdin(&mut self, id: Id, bytes: &[u8]) -> io::Result<()> {
        let stdin = self.processes.get_mut(&id).and_then(|process| process.stdin.as_mut());
        let Some(stdin) = stdin else { return Err(io::ErrorKind::BrokenPipe.into()) };
        stdin.send(self.poll, bytes)
    }

    fn main_log(&self) -> Option<PathBuf> {
        self.log.path().map(Into::into)
    }

    fn clear_main_log(&mut self) -> io::Result<()> {
        self.log.clear(&mut self.sinks).map_err(|fault| io::Error::other(format!("{fault:?}")))
    }

    fn clear_logs(&mut self, id: Id) -> io::Result<()> {
        let Some(process) = self.processes.get_mut(&id) else { return Ok(()) };
        for channel in [&mut process.stdout, &mut process.stderr].into_iter().flatten() {
            channel.output.clear()?;
        }
        Ok(())
    }

    fn reread(&mut self) -> Result<Reread, String> {
        let new = self.read_config().map_err(|error| error.to_string())?;
        let mut active: Vec<_> = self.groups.values().collect();
        active.sort_by_key(|group| group.added);
        let active: Vec<&config::Group> = active.into_iter().map(|group| &group.config).collect();
        let difference = config::difference(&active, &new.groups);
        self.next_config = Some(new);
        Ok(Reread { added: difference.added, changed: difference.changed, removed: difference.removed })
    }

    fn add_group(&mut self, name: &str) -> Result<(), String> {
        let config = self.next_config.as_ref().unwrap_or(&self.config);
        if let Some(group) = config.groups.iter().find(|group| group.name == name).cloned() {
            Daemon::add_group(self, group);
            self.show_auto_logs(name);
            self.autostart(name);
        }
        Ok(())
    }

    fn remove_group(&mut self, name: &str) {
        Daemon::remove_group(self, name);
    }

    fn remote_comm_event(&mut self, kind: &str, data: &str) {
        self.tell(&Event::RemoteCommunication { kind, data });
    }

    fn shutdown(&mut self) {
        self.shut_down();
    }

    fn restart(&mut self) {
        Daemon::restart(self);
    }
}

/// Where a channel's bytes go.
fn logfile(process: &Process, which: Which) -> Option<PathBuf> {
    match &process.channel_config(which).logfile {
        config::LogFile::Path(path) => Some(path.clone()),
        config::LogFile::None => None,
        config::LogFile::Auto => process.auto(which).map(Into::into),
    }
}
