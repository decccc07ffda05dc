//! Logs: `tail`, `maintail`, `clear`.

use super::answer::split;
use super::help::usage;
use super::life::line;
use super::{Outcome, Result, list};
use crate::ini;
use crate::initctl::controller::Controller;
use crate::initctl::trouble::Trouble;
use crate::initctl::wait::Ended;
use crate::rpc::body::Body;
use crate::rpc::{Code, Value};

/// So many bytes of a log where the user does not say.
const BYTES: i64 = 1600;

/// What is said of the faults of `clear`.
const CLEAR: &[(Code, &str)] = &[(Code::BadName, "no such process"), (Code::Failed, "failed")];

/// `tail [-f|-N] NAME [stdout|stderr]`.
pub(super) fn tail(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let mut words: Vec<&str> = argument.split_whitespace().collect();
    if words.is_empty() || words.len() > 3 {
        let amount = if words.is_empty() { "few" } else { "many" };
        controller.fail(format_args!("Error: too {amount} arguments"));
        usage(controller, "tail");
        return Ok(());
    }
    let modifier = words.first().copied().and_then(|word| word.strip_prefix('-'));
    if modifier.is_some() {
        words.remove(0);
    }
    let (name, channel) = match words.as_slice() {
        [] => {
            controller.fail("Error: tail requires process name");
            return Ok(());
        }
        [name] => (*name, "stdout".to_owned()),
        [name, .., channel] => (*name, channel.to_lowercase()),
    };
    let method = match channel.as_str() {
        "stdout" => "supervisor.readProcessStdoutLog",
        "stderr" => "supervisor.readProcessStderrLog",
        channel => {
            controller.fail(format_args!("Error: bad channel {}", ini::repr(channel)));
            return Ok(());
        }
    };
    let bytes = match modifier {
        Some("f") => return follow(controller, &format!("/logtail/{name}/{channel}")),
        Some(count) => match ini::value::integer(count) {
            Ok(bytes) => bytes,
            Err(_) => {
                controller.fail(format_args!("Error: bad argument -{count}"));
                return Ok(());
            }
        },
        None => BYTES,
    };
    let answer = controller.call(method, vec![Value::text(name), Value::Int(bytes.saturating_neg()), Value::Int(0)]);
    show(controller, name, answer)
}

/// `maintail [-f|-N]`.
pub(super) fn maintail(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let words: Vec<&str> = argument.split_whitespace().collect();
    let bytes = match words.as_slice() {
        [] => BYTES,
        ["-f"] => return follow(controller, "/mainlogtail"),
        [word] => match word.strip_prefix('-').map(ini::value::integer) {
            Some(Ok(bytes)) => bytes,
            _ => {
                controller.fail(format_args!("Error: bad argument {word}"));
                return Ok(());
            }
        },
        _ => {
            controller.fail("Error: too many arguments");
            usage(controller, "maintail");
            return Ok(());
        }
    };
    let answer = controller.call("supervisor.readLog", vec![Value::Int(bytes.saturating_neg()), Value::Int(0)]);
    show(controller, "supervisord", answer)
}

/// Shows a piece of a log as it is.
fn show(controller: &mut Controller<'_>, name: &str, answer: Result<Value>) -> Result {
    match answer {
        Ok(Value::Bytes(bytes)) => {
            controller.show(&bytes);
            controller.say("");
        }
        Ok(text) => controller.say(text.as_text().unwrap_or_default()),
        Err(trouble) => {
            let why = match trouble.code() {
                Some(Code::NoFile) => "no log file",
                Some(Code::Failed) => "unknown error reading log",
                Some(Code::BadName) if name != "supervisord" => "no such process name",
                _ => return Err(trouble),
            };
            controller.fail(format_args!("{name}: ERROR ({why})"));
        }
    }
    Ok(())
}

/// Shows a log as it grows, until Ctrl-C, or until the server ends it.
fn follow(controller: &mut Controller<'_>, path: &str) -> Result {
    controller.say("==> Press Ctrl-C to exit <==");
    controller.signals.take()?;
    match follow_on(controller, path) {
        Err(Trouble::Ended(Ended::Interrupt)) => controller.say(""),
        Err(trouble @ Trouble::Ended(_)) => return Err(trouble),
        Err(trouble) => controller.complain(path, format_args!("Cannot connect, error: {trouble}")),
        Ok(()) => {}
    }
    Ok(())
}

fn follow_on(controller: &mut Controller<'_>, path: &str) -> Result {
    let mut server = controller.connect()?;
    let head = server.follow(path, &controller.signals)?;
    let mut body = match Body::of(&head) {
        Ok(body) if head.status == 200 => body,
        _ => {
            controller.complain(path, format_args!("Cannot read, status code {}", head.status));
            return Ok(());
        }
    };
    let mut piece = Vec::new();
    while !controller.is_over {
        match server.more(&mut body, &mut piece, &controller.signals) {
            Ok(true) => controller.show(&std::mem::take(&mut piece)),
            Err(trouble @ Trouble::Ended(_)) => return Err(trouble),
            // The server has ended.
            Ok(false) | Err(_) => break,
        }
    }
    Ok(())
}

/// `clear NAME...`.
pub(super) fn clear(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let names: Vec<&str> = argument.split_whitespace().collect();
    if names.is_empty() {
        controller.fail("Error: clear requires a process name");
        usage(controller, "clear");
        return Ok(());
    }
    if names.contains(&"all") {
        let outcomes: Vec<Outcome> = list(&controller.call("supervisor.clearAllProcessLogs", Vec::new())?)?;
        return outcomes.iter().try_for_each(|outcome| tell_cleared(controller, outcome));
    }
    for name in names {
        let (group, process) = split(name);
        let (status, description) = match controller.call("supervisor.clearProcessLogs", vec![Value::text(name)]) {
            Ok(_) => (Code::Success.number(), String::new()),
            Err(Trouble::Fault(fault)) => (fault.code, fault.message),
            Err(trouble) => return Err(trouble),
        };
        let (group, name) = (group.to_owned(), process.map(str::to_owned));
        tell_cleared(controller, &Outcome { group, name, status, description })?;
    }
    Ok(())
}

fn tell_cleared(controller: &mut Controller<'_>, outcome: &Outcome) -> Result {
    controller.say(line(outcome, "cleared", CLEAR)?);
    controller.count(outcome, None);
    Ok(())
}
