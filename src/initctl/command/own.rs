//! What vat-init has beside supervisord: methods `vat.*`. A supervisord does not know them, and then that is said.

use super::answer::{array, number, text, texts};
use super::{Outcome, Result, life, list, namespec, shown};
use crate::ini;
use crate::initctl::controller::{Controller, code};
use crate::initctl::trouble::Trouble;
use crate::rpc::{Code, Value};

/// So many events where the user does not say.
const EVENTS: i64 = 20;

/// What follows a word, where the argument begins with it.
pub(super) fn after_word<'a>(word: &str, argument: &'a str) -> Option<Vec<&'a str>> {
    let mut words = argument.split_whitespace();
    (words.next() == Some(word)).then(|| words.collect())
}

/// Calls a method of vat-init's; `None`, with the reason said, where that did not come to an answer.
fn call(controller: &mut Controller<'_>, method: &str, params: Vec<Value>) -> Result<Option<Value>> {
    match controller.call(method, params) {
        Ok(answer) => return Ok(Some(answer)),
        Err(trouble) if trouble.code() == Some(Code::UnknownMethod) => controller
            .fail(format_args!("ERROR: this server does not know {method}: it is supervisord, or an older vat-init")),
        Err(Trouble::Fault(fault)) if Code::of(fault.code).is_some() => {
            controller.fail(format_args!("ERROR: {}", shown(&fault.message)));
        }
        Err(trouble) => return Err(trouble),
    }
    Ok(None)
}

/// `restart --rolling GROUP...`: `vat.rollingRestart(name)`, which answers as `startProcessGroup`.
pub(super) fn restart_rolling(controller: &mut Controller<'_>, groups: &[&str]) -> Result {
    if groups.is_empty() {
        controller.fail("Error: restart --rolling requires a group name");
        super::help::usage(controller, "restart");
    }
    for group in groups {
        let group = group.strip_suffix(":*").unwrap_or(group);
        if let Some(outcomes) = call(controller, "vat.rollingRestart", vec![Value::text(group)])? {
            life::tell_started(controller, &outcomes)?;
        }
    }
    Ok(())
}

/// `rotate [NAME...]`: `vat.rotateLogs(name)`, where the name is a process, `group:*` or `all`, and the answer as that of
/// `clearAllProcessLogs`.
pub(super) fn rotate(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let mut names: Vec<&str> = argument.split_whitespace().collect();
    if names.is_empty() || names.contains(&"all") {
        names = vec!["all"];
    }
    for name in names {
        let Some(answer) = call(controller, "vat.rotateLogs", vec![Value::text(name)])? else { continue };
        let outcomes: Vec<Outcome> = list(&answer)?;
        for outcome in outcomes {
            let faults = &[(Code::BadName, "no such process"), (Code::NoFile, "no log file"), (Code::Failed, "failed")];
            controller.say(life::line(&outcome, "rotated", faults)?);
            // A process without a log has nothing to rotate.
            controller.count(&outcome, Some(Code::NoFile));
        }
    }
    Ok(())
}

/// `journal [N]`: `vat.getJournal(n)`, an array of structs `when` (the server's local time), `event`, `name` (a process, or
/// nothing) and `description`, the latest last.
pub(super) fn journal(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let count = if argument.is_empty() { Ok(EVENTS) } else { ini::value::integer(argument) };
    let Ok(count @ 1..) = count else {
        controller.fail(format_args!("Error: bad argument {argument}"));
        super::help::usage(controller, "journal");
        return Ok(());
    };
    let Some(events) = call(controller, "vat.getJournal", vec![Value::Int(count)])? else { return Ok(()) };
    for event in array(&events)? {
        let [when, what, name, description] =
            [text(event, "when")?, text(event, "event")?, text(event, "name")?, text(event, "description")?];
        let line = format!("{} {:24} {:30} {}", shown(&when), shown(&what), shown(&name), shown(&description));
        controller.say(line.trim_end());
    }
    Ok(())
}

/// `health`: `vat.getHealth()`, an array of structs `group`, `name`, `health` (`healthy`, `starting`, `unhealthy`), `failures` (in
/// a row) and `description`, for the processes that have a check.
pub(super) fn health(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: health accepts no arguments");
        super::help::usage(controller, "health");
        return Ok(());
    }
    if !controller.is_up()? {
        return Ok(());
    }
    let Some(checks) = call(controller, "vat.getHealth", Vec::new())? else { return Ok(()) };
    for check in array(&checks)? {
        let name = shown(&namespec(&text(check, "group")?, &text(check, "name")?));
        let (health, failures) = (text(check, "health")?, number(check, "failures")?);
        let line = format!("{name:33}{:12}{failures:<4}{}", shown(&health), shown(&text(check, "description")?));
        controller.say(line.trim_end());
        if health == "unhealthy" {
            controller.code = code::STATUS_NOT_RUNNING;
        }
    }
    Ok(())
}

/// `update --diff [GROUP...]`: `vat.difference()`, which changes nothing.
pub(super) fn difference(controller: &mut Controller<'_>, groups: &[&str]) -> Result {
    let Some(changes) = call(controller, "vat.difference", Vec::new())? else { return Ok(()) };
    tell_changes(controller, &changes, groups)
}

/// `apply`: `vat.apply()`.
pub(super) fn apply(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: apply accepts no arguments");
        super::help::usage(controller, "apply");
        return Ok(());
    }
    let Some(changes) = call(controller, "vat.apply", Vec::new())? else { return Ok(()) };
    tell_changes(controller, &changes, &[])
}

/// An array of structs `group`, `name` (the group's own for all of it), `change` (such as `added`, `restart`, `live`) and `details`
/// (texts, such as `command: a -> b`).
fn tell_changes(controller: &mut Controller<'_>, changes: &Value, groups: &[&str]) -> Result {
    let mut is_same = true;
    for change in array(changes)? {
        let group = text(change, "group")?;
        if !groups.is_empty() && !groups.contains(&group.as_str()) && !groups.contains(&"all") {
            continue;
        }
        is_same = false;
        let name = shown(&namespec(&group, &text(change, "name")?));
        controller.say(format_args!("{name}: {}", shown(&text(change, "change")?)));
        for detail in texts(change.member("details").unwrap_or(&Value::Nil))? {
            controller.say(format_args!("    {}", shown(&detail)));
        }
    }
    if is_same {
        controller.say("No config updates to processes");
    }
    Ok(())
}
