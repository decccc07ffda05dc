//! A new configuration applied process by process: who need not stop goes on.

use super::channel::Which;
use super::{Daemon, Id, Timer};
use crate::init::config::{self, Change, Config, Kind, What, changes, with_live_options};
use crate::init::event::Type;
use crate::init::machine::{Event, Policy, State};
use std::collections::HashMap;
use std::rc::Rc;

/// A configuration that is not wholly in use yet.
#[derive(Debug)]
pub(super) struct Applying {
    /// What was read.
    groups: Vec<config::Group>,
    /// What is still to be done, when those have stopped that have to.
    open: Vec<Open>,
}

/// A change that is still to be made.
#[derive(Debug)]
struct Open {
    change: Change,
    /// Who runs again afterwards, by name.
    starts: Vec<String>,
}

impl Daemon<'_> {
    /// What it would take to come to these groups.
    pub(super) fn changes_to(&self, read: &[config::Group]) -> Vec<Change> {
        let mut active: Vec<_> = self.groups.values().collect();
        active.sort_by_key(|group| group.added);
        let active: Vec<&config::Group> = active.into_iter().map(|group| &group.config).collect();
        changes(&active, read)
    }

    /// Does what can be done at once, and tells those to stop who have to.
    pub(super) fn begin_to_apply(&mut self, read: Config) -> Vec<Change> {
        let changes = self.changes_to(&read.groups);
        let groups = read.groups.clone();
        self.next_config = Some(read);
        let open = changes.iter().filter(|change| change.what != What::Live);
        let open = open.map(|change| Open { starts: self.starts_again(change, &groups), change: change.clone() });
        let open: Vec<Open> = open.collect();
        for change in changes.iter().filter(|change| change.what == What::Live) {
            self.change_live(change, &groups);
        }
        for Open { change, .. } in open.iter().filter(|open| open.change.what != What::Added) {
            for id in self.ids_of(change) {
                self.happens(id, Event::Stop);
            }
        }
        self.applying = Some(Applying { groups, open });
        changes
    }

    /// Goes on as far as it can, and says whether all is done.
    pub(super) fn go_on_applying(&mut self) -> bool {
        let Some(Applying { groups, open }) = self.applying.take() else { return true };
        let (removals, others): (Vec<Open>, Vec<Open>) =
            open.into_iter().partition(|open| open.change.what == What::Removed);
        let mut left: Vec<Open> = removals.into_iter().filter(|open| !self.try_change(open, &groups)).collect();
        // Who is new may need what somebody else has to leave first, such as a port.
        let may_add = left.is_empty();
        let is_left = |open: &Open| (open.change.what == What::Added && !may_add) || !self.try_change(open, &groups);
        left.extend(others.into_iter().filter(is_left));
        if left.is_empty() {
            for group in &groups {
                self.take_group_options(group);
                self.show_auto_logs(&group.name);
            }
            return true;
        }
        self.applying = Some(Applying { groups, open: left });
        false
    }

    /// The processes that a change is about, as far as they are there.
    fn ids_of(&self, change: &Change) -> Vec<Id> {
        let Some(group) = self.groups.get(change.group.as_str()) else { return Vec::new() };
        let is_meant = |id: &&Id| match &change.process {
            None => true,
            Some(name) => self.processes.get(id).is_some_and(|process| process.name() == name),
        };
        group.processes.iter().filter(is_meant).copied().collect()
    }

    /// Who of those that stay is to run when the change is made: who runs now, and who starts by itself and was not stopped by hand.
    fn starts_again(&self, change: &Change, groups: &[config::Group]) -> Vec<String> {
        let Some(new) = groups.iter().find(|group| group.name == change.group) else { return Vec::new() };
        if (change.what, &change.process) == (What::Added, &None) {
            return Vec::new();
        }
        let ids = self.ids_of(change);
        let before = |name: &str| ids.iter().filter_map(|id| self.processes.get(id)).find(|it| it.name() == name);
        let starts = |process: &&config::Process| match before(&process.name) {
            Some(before) => before.state().is_running() || process.autostart && !before.by_hand,
            None => process.autostart,
        };
        let meant = new.processes.iter().filter(|it| change.process.as_ref().is_none_or(|name| *name == it.name));
        meant.filter(starts).map(|process| process.name.clone()).collect()
    }

    /// Makes a change, where nobody has to stop for it any more.
    fn try_change(&mut self, Open { change, starts }: &Open, groups: &[config::Group]) -> bool {
        let ids = self.ids_of(change);
        if change.what != What::Added && !self.have_stopped(&ids) {
            return false;
        }
        let group = groups.iter().find(|group| group.name == change.group);
        match (change.what, &change.process, group) {
            (What::Removed, None, _) => self.remove_group(&change.group),
            (What::Removed, Some(_), _) => ids.into_iter().for_each(|id| self.remove_process(id)),
            (What::Restart, None, Some(group)) => self.replace_group(&ids, group),
            (What::Restart, Some(name), Some(group)) => self.replace_processes(&ids, group, name),
            (What::Added, None, Some(group)) if !self.groups.contains_key(change.group.as_str()) => {
                self.add_group(group.clone());
                self.autostart(&change.group);
            }
            (What::Added, Some(name), Some(group)) if ids.is_empty() => {
                if let Some(process) = group.processes.iter().find(|process| process.name == *name) {
                    self.add_process_to(&change.group, process);
                }
            }
            // Somebody else was quicker.
            (What::Added | What::Restart | What::Live, _, _) => (),
        }
        if let Some(group) = group {
            self.take_group_options(group);
        }
        self.start_those(&change.group, starts);
        true
    }

    fn have_stopped(&self, ids: &[Id]) -> bool {
        ids.iter().all(|id| self.processes.get(id).is_none_or(|process| process.state().is_stopped()))
    }

    fn start_those(&mut self, group: &str, names: &[String]) {
        let Some(group) = self.groups.get(group) else { return };
        for id in group.processes.clone() {
            if self.processes.get(&id).is_some_and(|process| names.iter().any(|name| name == process.name())) {
                self.happens(id, Event::Start);
                self.pass_due(id);
            }
        }
    }

    /// All of a group is another: who was stopped by hand is so in the new one.
    fn replace_group(&mut self, ids: &[Id], group: &config::Group) {
        let by_hand = ids.iter().filter_map(|id| self.processes.get(id)).filter(|process| process.by_hand);
        let by_hand: Vec<String> = by_hand.map(|process| process.name().to_owned()).collect();
        self.remove_group(&group.name);
        self.add_group(group.clone());
        for id in self.groups.get(group.name.as_str()).map(|group| group.processes.clone()).unwrap_or_default() {
            let stopped = self.processes.get(&id).is_some_and(|process| by_hand.iter().any(|it| it == process.name()));
            self.by_hand(id, stopped);
        }
    }

    fn replace_processes(&mut self, ids: &[Id], group: &config::Group, name: &str) {
        let Some(new) = group.processes.iter().find(|process| process.name == name) else { return };
        for id in ids {
            for which in [Which::Stdout, Which::Stderr] {
                self.close_channel(*id, which);
            }
            let Some(process) = self.processes.get_mut(id) else { continue };
            process.policy = Policy::of(new);
            process.config = Rc::new(new.clone());
            process.spawnerr = None;
            self.make_auto_logs_of(*id);
        }
    }

    /// What holds at once, and nobody stops for.
    fn change_live(&mut self, change: &Change, groups: &[config::Group]) {
        let Some(group) = groups.iter().find(|group| group.name == change.group) else { return };
        self.take_group_options(group);
        let Some(name) = &change.process else { return };
        let Some(wanted) = group.processes.iter().find(|process| process.name == *name) else { return };
        for id in self.ids_of(change) {
            let Some(process) = self.processes.get_mut(&id) else { continue };
            let before = process.config.clone();
            let live = with_live_options(&before, wanted);
            process.policy = Policy::of(&live);
            process.config = Rc::new(live);
            let (state, by_hand) = (process.state(), process.by_hand);
            if state == State::Running && before.health != wanted.health {
                self.timers.set(Timer::Health(id), None);
                self.expect_check(id);
            }
            if before.schedule != wanted.schedule {
                self.begin_schedule(id);
            }
            for (which, before, now) in
                [(Which::Stdout, &before.stdout, &wanted.stdout), (Which::Stderr, &before.stderr, &wanted.stderr)]
            {
                if before != now {
                    self.change_channel(id, which, before);
                }
            }
            if wanted.autostart && !before.autostart && state == State::Stopped && !by_hand {
                self.happens(id, Event::Start);
            }
        }
    }

    /// What a group is besides its processes: its priority, their order, what its listeners subscribe to.
    fn take_group_options(&mut self, new: &config::Group) {
        let Some(group) = self.groups.get_mut(new.name.as_str()) else { return };
        let order: HashMap<&str, usize> =
            new.processes.iter().enumerate().map(|(at, process)| (process.name.as_str(), at)).collect();
        let processes = &self.processes;
        group.processes.sort_by_key(|id| processes.get(id).and_then(|process| order.get(process.name())).copied());
        // What is told of a process is what it runs with.
        let in_use = group.processes.iter().filter_map(|id| Some((*processes.get(id)?.config).clone())).collect();
        group.config = config::Group { processes: in_use, ..new.clone() };
        if let Kind::Listeners { events, buffer_size } = &new.kind
            && let Some(pool) = self.pools.get_mut(&new.name)
        {
            let types: Vec<Type> = events.iter().filter_map(|name| Type::by_name(name)).collect();
            let names = group.config.processes.iter().map(|process| process.name.as_str());
            let notes = pool.change(&types, *buffer_size, names);
            self.say_all(notes);
            self.undelivered = true;
            self.expect_tick();
        }
    }
}
