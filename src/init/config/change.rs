//! A new configuration, step by step. Pure.

use super::check::{group_details, process_details};
use super::difference::{process_difference, same_socket};
use super::{Group, Process};

/// What a new configuration means for a group or one of its processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The group.
    pub group: String,
    /// The process; `None` for the whole group.
    pub process: Option<String>,
    /// What becomes of it.
    pub what: What,
    /// What differs, as `option: before -> after`.
    pub details: Vec<String>,
}

/// What becomes of a group or a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It was not there before.
    Added,
    /// It is not there any more: it is stopped, and forgotten.
    Removed,
    /// It is stopped, and started with what is new.
    Restart,
    /// It goes on, by other rules.
    Live,
}

impl What {
    /// As clients are told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            What::Added => "added",
            What::Removed => "removed",
            What::Restart => "restart",
            What::Live => "live",
        }
    }
}

/// What is to be done to come from what runs to what was read: what goes first, what comes last.
#[must_use]
pub fn changes(active: &[&Group], read: &[Group]) -> Vec<Change> {
    let after = |group: &Group| read.iter().find(|other| other.name == group.name);
    let before = |group: &Group| active.iter().find(|other| other.name == group.name);
    let gone = active.iter().filter(|group| after(group).is_none()).map(|group| of_group(group, What::Removed));
    let changed = read.iter().filter_map(|group| Some(within(before(group)?, group))).flatten();
    let new = read.iter().filter(|group| before(group).is_none()).map(|group| of_group(group, What::Added));
    gone.chain(changed).chain(new).collect()
}

/// A group that comes or goes as a whole, with the names of its processes where they are not its own.
fn of_group(group: &Group, what: What) -> Change {
    let names = group.processes.iter().map(|process| process.name.clone()).filter(|name| *name != group.name);
    Change { group: group.name.clone(), process: None, what, details: names.collect() }
}

/// What differs between a group before and after.
fn within(before: &Group, after: &Group) -> Vec<Change> {
    let mut details = group_details(before, after);
    if !same_socket(&before.kind, &after.kind) {
        return vec![Change { group: after.name.clone(), process: None, what: What::Restart, details }];
    }
    let difference = process_difference(before, after);
    let find = |group: &'_ Group, name: &str| group.processes.iter().find(|process| process.name == name).cloned();
    let change = |name: String, what: What| {
        let differs = |(before, after): (Process, Process)| process_details(&before, &after);
        let details = find(before, &name).zip(find(after, &name)).map(differs).unwrap_or_default();
        Change { group: after.name.clone(), process: Some(name), what, details }
    };
    let of = |names: Vec<String>, what: What| names.into_iter().map(move |name| (name, what));
    let processes = of(difference.removed, What::Removed)
        .chain(of(difference.restart, What::Restart))
        .chain(of(difference.live, What::Live))
        .chain(of(difference.added, What::Added));
    let mut changes: Vec<Change> = processes.map(|(name, what)| change(name, what)).collect();
    // A program that is its own group says what concerns it once.
    if let Some(own) = changes.iter().find(|change| change.process.as_ref() == Some(&after.name)) {
        details.retain(|detail| !own.details.contains(detail));
    }
    if !details.is_empty() {
        changes.insert(0, Change { group: after.name.clone(), process: None, what: What::Live, details });
    }
    changes
}
