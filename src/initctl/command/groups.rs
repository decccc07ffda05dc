//! The configuration: `reread`, `add`, `remove`, `update`.

use super::answer::{array, texts};
use super::help::usage;
use super::{Outcome, Process, Result, list, own, shown};
use crate::initctl::controller::Controller;
use crate::initctl::trouble::Trouble;
use crate::rpc::{Code, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Names of groups.
struct Changes {
    added: Vec<String>,
    changed: Vec<String>,
    removed: Vec<String>,
}

fn reload_config(controller: &mut Controller<'_>) -> Result<Changes> {
    let answer = controller.call("supervisor.reloadConfig", Vec::new())?;
    // Three arrays in an array in an array.
    match array(&answer)?.first().map(array).transpose()? {
        Some([added, changed, removed]) => {
            Ok(Changes { added: texts(added)?, changed: texts(changed)?, removed: texts(removed)? })
        }
        _ => Err(Trouble::answer("the answer does not say what was added, changed and removed")),
    }
}

/// `reread`.
pub(super) fn reread(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: reread accepts no arguments");
        usage(controller, "reread");
        return Ok(());
    }
    let changes = match reload_config(controller) {
        Ok(changes) => changes,
        Err(Trouble::Fault(fault)) if fault.is(Code::ShutdownState) => {
            controller.fail("ERROR: supervisor shutting down");
            return Ok(());
        }
        Err(Trouble::Fault(fault)) if fault.is(Code::CantReread) => {
            controller.fail(format_args!("ERROR: {}", fault.message));
            return Ok(());
        }
        Err(trouble) => return Err(trouble),
    };
    let mut said = BTreeMap::new();
    for (names, what) in
        [(&changes.added, "available"), (&changes.changed, "changed"), (&changes.removed, "disappeared")]
    {
        said.extend(names.iter().map(|name| (name, what)));
    }
    for (name, what) in &said {
        controller.say(format_args!("{}: {what}", shown(name)));
    }
    if said.is_empty() {
        controller.say("No config updates to processes");
    }
    Ok(())
}

/// `add NAME...`.
pub(super) fn add(controller: &mut Controller<'_>, argument: &str) -> Result {
    for name in argument.split_whitespace() {
        match controller.call("supervisor.addProcessGroup", vec![Value::text(name)]) {
            Ok(_) => controller.say(format_args!("{name}: added process group")),
            Err(trouble) => match trouble.code() {
                Some(Code::ShutdownState) => controller.fail("ERROR: shutting down"),
                // What is so already is no failure.
                Some(Code::AlreadyAdded) => controller.say("ERROR: process group already active"),
                Some(Code::BadName) => controller.fail(format_args!("ERROR: no such process/group: {name}")),
                _ => return Err(trouble),
            },
        }
    }
    Ok(())
}

/// `remove NAME...`.
pub(super) fn remove(controller: &mut Controller<'_>, argument: &str) -> Result {
    for name in argument.split_whitespace() {
        match controller.call("supervisor.removeProcessGroup", vec![Value::text(name)]) {
            Ok(_) => controller.say(format_args!("{name}: removed process group")),
            Err(trouble) => match trouble.code() {
                Some(Code::StillRunning) => {
                    controller.fail(format_args!("ERROR: process/group still running: {name}"));
                }
                Some(Code::BadName) => controller.fail(format_args!("ERROR: no such process/group: {name}")),
                _ => return Err(trouble),
            },
        }
    }
    Ok(())
}

/// `update [NAME...]`, `update --diff`.
pub(super) fn update(controller: &mut Controller<'_>, argument: &str) -> Result {
    if let Some(names) = own::after_word("--diff", argument) {
        return own::difference(controller, &names);
    }
    let changes = match reload_config(controller) {
        Err(trouble) if trouble.code() == Some(Code::ShutdownState) => {
            controller.fail("ERROR: already shutting down");
            return Ok(());
        }
        changes => changes?,
    };
    let mut wanted: BTreeSet<&str> = argument.split_whitespace().collect();
    if wanted.contains("all") {
        wanted.clear();
    }
    if !wanted.is_empty() {
        let all: Vec<Process> = list(&controller.call("supervisor.getAllProcessInfo", Vec::new())?)?;
        for name in &wanted {
            let is_known =
                all.iter().any(|process| process.group == *name) || changes.added.iter().any(|new| new == name);
            if !is_known {
                controller.fail(format_args!("ERROR: no such group: {name}"));
            }
        }
    }
    let is_wanted = |group: &&String| wanted.is_empty() || wanted.contains(group.as_str());
    for group in changes.removed.iter().filter(is_wanted) {
        let outcomes: Vec<Outcome> = list(&of_group(controller, "stopProcessGroup", group)?)?;
        tell(controller, group, "stopped");
        if outcomes.iter().any(|outcome| outcome.status == Code::Failed.number()) {
            tell(controller, group, "has problems; not removing");
            controller.code = crate::initctl::controller::code::GENERIC;
            continue;
        }
        of_group(controller, "removeProcessGroup", group)?;
        tell(controller, group, "removed process group");
    }
    for group in changes.changed.iter().filter(is_wanted) {
        of_group(controller, "stopProcessGroup", group)?;
        tell(controller, group, "stopped");
        of_group(controller, "removeProcessGroup", group)?;
        of_group(controller, "addProcessGroup", group)?;
        tell(controller, group, "updated process group");
    }
    for group in changes.added.iter().filter(is_wanted) {
        of_group(controller, "addProcessGroup", group)?;
        tell(controller, group, "added process group");
    }
    Ok(())
}

fn of_group(controller: &mut Controller<'_>, method: &str, group: &str) -> Result<Value> {
    controller.call(&format!("supervisor.{method}"), vec![Value::text(group)])
}

fn tell(controller: &mut Controller<'_>, group: &str, what: &str) {
    controller.say(format_args!("{}: {what}", shown(group)));
}
