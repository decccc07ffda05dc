//! Events on their way to the listeners, and what those answer.

use super::{Daemon, Id, Timer};
use crate::init::event::{Event, Offer, Ticks};
use crate::init::machine::State;
use std::collections::HashMap;

impl Daemon<'_> {
    /// Something happened: whoever listens hears of it.
    pub(super) fn tell(&mut self, event: &Event<'_>) {
        let notes = self.pools.notify(event);
        self.say_all(notes);
        self.undelivered = true;
    }

    /// Sends what waits to those that are ready.
    pub(super) fn dispatch_events(&mut self) {
        if !std::mem::take(&mut self.undelivered) {
            return;
        }
        let identifier = self.config.daemon.identifier.clone();
        let mut notes = Vec::new();
        let Daemon { pools, groups, processes, poll, .. } = self;
        for pool in pools.iter_mut() {
            let Some(group) = groups.get(pool.name()).filter(|_| pool.waiting() > 0) else { continue };
            let ids: HashMap<String, Id> =
                group.processes.iter().filter_map(|id| Some((processes.get(id)?.name().to_owned(), *id))).collect();
            notes.extend(pool.dispatch(&identifier, |name, bytes| {
                let Some(process) = ids.get(name).and_then(|id| processes.get_mut(id)) else {
                    return Offer::NotRunning;
                };
                if process.state() != State::Running {
                    return Offer::NotRunning;
                }
                match process.stdin.as_mut().map(|stdin| stdin.send(poll, bytes)) {
                    Some(Ok(())) => Offer::Taken,
                    Some(Err(_)) | None => Offer::Broken,
                }
            }));
        }
        self.say_all(notes);
    }

    /// A listener said something.
    pub(super) fn heard(&mut self, id: Id, bytes: &[u8]) {
        let Some(process) = self.processes.get(&id) else { return };
        let (name, group) = (process.config.clone(), process.group.clone());
        let Some(pool) = self.pools.get_mut(&group) else { return };
        let notes = pool.heard(&name.name, bytes);
        self.say_all(notes);
        self.undelivered = true;
    }

    /// A listener ended: what it was at comes again.
    pub(super) fn listener_ended(&mut self, id: Id) {
        let Some(process) = self.processes.get(&id) else { return };
        let (config, group, _) = process.names();
        let notes = self.pools.get_mut(&group).map(|pool| pool.ended(&config.name)).unwrap_or_default();
        self.say_all(notes);
    }

    /// TICK events, for whoever subscribed to them.
    pub(super) fn tick(&mut self) {
        let now = self.machine.realtime();
        let due = self.ticks.due(now, |kind| self.pools.wants(kind));
        for event in due {
            self.tell(&event);
        }
        self.expect_tick();
    }

    /// Waits for the next tick, where anybody wants it.
    pub(super) fn expect_tick(&mut self) {
        let wall = self.machine.realtime();
        let next = Ticks::next(wall, |kind| self.pools.wants(kind));
        self.timers.set(Timer::Tick, next.map(|within| self.clock.now() + within));
    }
}
