//! What there is and how it is: `status`, `pid`, `avail`; and `open`, which shows another server's status.

use super::answer::{array, number, split, text, truth};
use super::help::usage;
use super::{Process, Result, list, namespec, shown};
use crate::initctl::controller::{Controller, code};
use crate::rpc::{Code, Value};

/// `status [NAME...]`.
pub(super) fn status(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        controller.code = code::STATUS_UNKNOWN;
        return Ok(());
    }
    let all: Vec<Process> = list(&controller.call("supervisor.getAllProcessInfo", Vec::new())?)?;
    let names: Vec<&str> = argument.split_whitespace().collect();
    let mut matching = Vec::new();
    if names.is_empty() || names.contains(&"all") {
        matching = all;
    } else {
        for name in names {
            let (group, process) = split(name);
            let before = matching.len();
            let is_meant =
                |known: &&Process| known.group == group && process.is_none_or(|process| known.name == process);
            matching.extend(all.iter().filter(is_meant).cloned());
            if matching.len() == before {
                controller.say(match process {
                    None => format!("{group}: ERROR (no such group)"),
                    Some(_) => format!("{name}: ERROR (no such process)"),
                });
                controller.code = code::STATUS_UNKNOWN;
            }
        }
    }
    show(controller, &matching);
    if matching.iter().any(Process::is_stopped) {
        controller.code = code::STATUS_NOT_RUNNING;
    }
    Ok(())
}

fn show(controller: &mut Controller<'_>, processes: &[Process]) {
    let names: Vec<String> = processes.iter().map(|process| shown(&namespec(&process.group, &process.name))).collect();
    let width = names.iter().map(|name| name.chars().count()).fold(30, usize::max).saturating_add(3);
    for (process, name) in processes.iter().zip(names) {
        let (state, description) = (shown(&process.statename), shown(&process.description));
        controller.say(format_args!("{name:width$}{state:10}{description}"));
    }
}

/// `pid [NAME...]`.
pub(super) fn pid(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let names: Vec<&str> = argument.split_whitespace().collect();
    if names.is_empty() {
        let pid = controller.call("supervisor.getPID", Vec::new())?;
        controller.say(pid.as_int().unwrap_or_default());
    } else if names.contains(&"all") {
        let all: Vec<Process> = list(&controller.call("supervisor.getAllProcessInfo", Vec::new())?)?;
        for process in all {
            controller.say(process.pid);
        }
    } else {
        for name in names {
            match controller.call("supervisor.getProcessInfo", vec![Value::text(name)]) {
                Ok(process) => {
                    let process = Process::try_from(&process)?;
                    controller.say(process.pid);
                    if process.pid == 0 {
                        controller.code = code::NOT_RUNNING;
                    }
                }
                Err(trouble) if trouble.code() == Some(Code::BadName) => {
                    controller.fail(format_args!("No such process {name}"));
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }
    Ok(())
}

/// `avail`.
pub(super) fn avail(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: avail accepts no arguments");
        usage(controller, "avail");
        return Ok(());
    }
    let answer = match controller.call("supervisor.getAllConfigInfo", Vec::new()) {
        Err(trouble) if trouble.code() == Some(Code::ShutdownState) => {
            controller.fail("ERROR: supervisor shutting down");
            return Ok(());
        }
        answer => answer?,
    };
    for config in array(&answer)? {
        let name = shown(&namespec(&text(config, "group")?, &text(config, "name")?));
        let in_use = if truth(config, "inuse")? { "in use" } else { "avail" };
        let autostart = if truth(config, "autostart")? { "auto" } else { "manual" };
        let (group, process) = (number(config, "group_prio")?, number(config, "process_prio")?);
        controller.say(format_args!("{name:32} {in_use:9} {autostart:9} {group}:{process}"));
    }
    Ok(())
}

/// `open URL`.
pub(super) fn open(controller: &mut Controller<'_>, url: &str) -> Result {
    if !matches!(url.split_once(':').map(|(scheme, _)| scheme.to_lowercase()).as_deref(), Some("unix" | "http")) {
        controller.fail("ERROR: url must be http:// or unix://");
        return Ok(());
    }
    controller.settings.serverurl = url.to_owned();
    let before = controller.code;
    status(controller, "")?;
    controller.code = before;
    Ok(())
}
