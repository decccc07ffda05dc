//! Groups of processes: they come with the configuration, and by request.

use super::channel::Which;
use super::{Daemon, Id, Process};
use crate::init::config::{self, Kind, Level, LogFile};
use crate::init::event::{Event, Pool, Type};
use crate::init::{log, machine};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::rc::Rc;

/// A group while the daemon runs.
#[derive(Debug)]
pub(super) struct Group {
    /// What the file says of it.
    pub(super) config: config::Group,
    /// Its processes, as the file orders them.
    pub(super) processes: Vec<Id>,
    /// Which one it is in the order in which they were added.
    pub(super) added: u32,
    /// What FastCGI programs share, while one of them runs.
    pub(super) socket: Option<OwnedFd>,
}

impl Daemon<'_> {
    /// Adds a group. Its processes are not started by this.
    pub(super) fn add_group(&mut self, config: config::Group) {
        let name: Rc<str> = config.name.as_str().into();
        let listens = matches!(config.kind, Kind::Listeners { .. });
        let mut processes = Vec::with_capacity(config.processes.len());
        for process in &config.processes {
            processes.push(self.add_process(process, &name, listens));
        }
        if let Kind::Listeners { events, buffer_size } = &config.kind {
            let types: Vec<Type> = events.iter().filter_map(|name| Type::by_name(name)).collect();
            let members = config.processes.iter().map(|process| process.name.as_str());
            self.pools.add(Pool::new(&config.name, &types, *buffer_size, members));
        }
        self.groups.insert(name.clone(), Group { config, processes, added: self.last_id, socket: None });
        self.tell(&Event::ProcessGroupAdded(&name));
        self.tick();
    }

    fn add_process(&mut self, config: &config::Process, group: &Rc<str>, listens: bool) -> Id {
        self.last_id = self.last_id.wrapping_add(1);
        let id = Id(self.last_id);
        let mut process = Process::new(config.clone(), group.clone(), listens);
        process.auto = self.make_auto_logs(&process);
        self.processes.insert(id, process);
        self.begin_schedule(id);
        id
    }

    /// Adds a process to a group that is there.
    pub(super) fn add_process_to(&mut self, group: &str, config: &config::Process) {
        let Some((name, of)) = self.groups.get_key_value(group) else { return };
        let (name, listens) = (name.clone(), matches!(of.config.kind, Kind::Listeners { .. }));
        let id = self.add_process(config, &name, listens);
        if let Some(group) = self.groups.get_mut(group) {
            group.processes.push(id);
        }
    }

    /// Takes a process away that is stopped.
    pub(super) fn remove_process(&mut self, id: Id) {
        let Some(process) = self.forget_process(id) else { return };
        if let Some(group) = self.groups.get_mut(&process.group) {
            group.processes.retain(|other| *other != id);
        }
    }

    fn forget_process(&mut self, id: Id) -> Option<Process> {
        self.timers.set(super::Timer::Life(id), None);
        self.forget_aside(id);
        let process = self.processes.remove(&id)?;
        self.forget_stopped(process.by_hand);
        Some(process)
    }

    /// The files of `AUTO` logs that a process has come to need.
    pub(super) fn make_auto_logs_of(&mut self, id: Id) {
        let Some(process) = self.processes.remove(&id) else { return };
        let auto = self.make_auto_logs(&process);
        self.processes.insert(id, Process { auto, ..process });
    }

    /// The files of a process's `AUTO` logs, where it has none yet. Without a place for them it runs without.
    fn make_auto_logs(&mut self, process: &Process) -> [Option<PathBuf>; 2] {
        [Which::Stdout, Which::Stderr].map(|which| {
            if process.channel_config(which).logfile != LogFile::Auto {
                return None;
            }
            if let Some(path) = process.auto(which) {
                return Some(path.to_owned());
            }
            let daemon = &self.config.daemon;
            match log::create(&daemon.childlogdir, process.name(), which.name(), &daemon.identifier) {
                Ok(path) => Some(path),
                Err(error) => {
                    let words = format!("no {} log for '{}': {error}", which.name(), process.name());
                    self.say(Level::Warn, words);
                    None
                }
            }
        })
    }

    /// Clients see the files of `AUTO` logs in the configuration that is in use.
    pub(super) fn show_auto_logs(&mut self, group: &str) {
        let Some(active) = self.groups.get(group) else { return };
        let read = self.next_config.as_mut().unwrap_or(&mut self.config);
        let Some(group) = read.groups.iter_mut().find(|other| other.name == group) else { return };
        for (config, process) in
            group.processes.iter_mut().zip(active.processes.iter().map(|id| self.processes.get(id)))
        {
            let Some(process) = process else { continue };
            for (channel, which) in [(&mut config.stdout, Which::Stdout), (&mut config.stderr, Which::Stderr)] {
                if let Some(path) = process.auto(which) {
                    channel.logfile = LogFile::Path(path.to_owned());
                }
            }
        }
    }

    /// Starts what a group starts by itself.
    pub(super) fn autostart(&mut self, group: &str) {
        let Some(group) = self.groups.get(group) else { return };
        for id in group.processes.clone() {
            // Another may have needed it, and started it before its turn came.
            let starts = self.processes.get(&id).is_some_and(|process| {
                let is_wanted = process.config.autostart && !process.policy.scheduled && !process.by_hand;
                is_wanted && process.state() == machine::State::Stopped
            });
            if starts {
                self.happens(id, machine::Event::Start);
            }
        }
    }

    /// Takes a group away, all of whose processes are stopped.
    pub(super) fn remove_group(&mut self, name: &str) {
        let Some(group) = self.groups.remove(name) else { return };
        for id in group.processes {
            self.forget_process(id);
        }
        self.pools.remove(name);
        self.tell(&Event::ProcessGroupRemoved(name));
    }

    /// Groups in the order in which they start.
    pub(super) fn group_names(&self) -> Vec<Rc<str>> {
        let mut names: Vec<(i64, Rc<str>)> =
            self.groups.iter().map(|(name, group)| (group.config.priority, name.clone())).collect();
        names.sort();
        names.into_iter().map(|(_, name)| name).collect()
    }
}
