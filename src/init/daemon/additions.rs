//! The daemon as the methods see it that supervisor has not.

use super::channel::{Channel, Which};
use super::journal::Event;
use super::{Daemon, Process};
use crate::init::config::Change;
use crate::init::control::{Additions, Failure, Health, Id, Statistics};
use crate::init::event::Pool;
use crate::init::server::Server;
use crate::rpc::Code;
use crate::sample::Sampler;

impl Additions for Daemon<'_> {
    fn changes(&mut self) -> Result<Vec<Change>, String> {
        let read = self.read_config().map_err(|error| error.to_string())?;
        Ok(self.changes_to(&read.groups))
    }

    fn apply(&mut self) -> Result<Vec<Change>, Option<String>> {
        if self.applying.is_some() {
            return Err(None);
        }
        let read = self.read_config().map_err(|error| Some(error.to_string()))?;
        Ok(self.begin_to_apply(read))
    }

    fn applied(&mut self) -> bool {
        self.go_on_applying()
    }

    fn begin_rolling(&mut self, group: &str) -> bool {
        self.rolling.insert(group.to_owned())
    }

    fn end_rolling(&mut self, group: &str) {
        self.rolling.remove(group);
    }

    fn rotate_logs(&mut self, id: Id) -> Result<(), Code> {
        match self.rotate_logs_of(id).as_slice() {
            [] => Err(Code::NoFile),
            rotated if rotated.contains(&false) => Err(Code::Failed),
            _ => Ok(()),
        }
    }

    fn failures(&self, most: usize) -> Vec<Failure> {
        self.journal.last(most)
    }

    fn refused(&mut self, id: Id, why: &str) {
        self.record(Event::Refused, Some(id), why);
    }

    fn health(&self) -> Vec<Health> {
        let health = |process: &Process| {
            process.config.health.as_ref()?;
            let checked = process.aside.health;
            let health = match checked.is_well {
                None => "starting",
                Some(true) => "healthy",
                Some(false) => "unhealthy",
            };
            let (group, name) = (process.group.to_string(), process.name().to_owned());
            let description = match checked.failures {
                0 => String::new(),
                failures => format!("{failures} checks failed in a row"),
            };
            Some(Health { group, name, health, failures: checked.failures, description })
        };
        self.processes.values().filter_map(health).collect()
    }

    fn statistics(&self) -> Statistics {
        let pool = |pool: &Pool| (pool.name().to_owned(), pool.waiting(), pool.lost());
        let lost_output = |process: &Process| {
            let lost = [Which::Stdout, Which::Stderr].map(|which| self.lost_output(process.channel(which)));
            (lost != [0, 0]).then(|| (process.group.to_string(), process.name().to_owned(), lost))
        };
        Statistics {
            pools: self.pools.iter().map(pool).collect(),
            lost_output: self.processes.values().filter_map(lost_output).collect(),
            groups: self.groups.len(),
            processes: self.processes.len(),
            running: self.pids.len(),
            connections: self.server.as_ref().map_or(0, Server::count),
            waiting_calls: self.pending.len(),
            watched_logs: self.watched.len(),
            sampling: self.sampler.as_ref().map(Sampler::cost),
        }
    }
}

impl Daemon<'_> {
    fn lost_output(&self, channel: Option<&Channel>) -> u64 {
        channel.map_or(0, |channel| channel.output.lost(&self.sinks))
    }
}
