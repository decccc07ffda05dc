//! `fg`: a process's output on the terminal, and the terminal's input to it.

use super::help::usage;
use super::{Process, Result};
use crate::initctl::controller::Controller;
use crate::initctl::server::Server;
use crate::initctl::trouble::{Trouble, fault_text};
use crate::initctl::wait::Ended;
use crate::rpc::body::Body;
use crate::rpc::{Code, Value};
use crate::sys::poll::{Interest, Poll};
use crate::sys::terminal;
use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// The token of standard input; those of the logs follow.
const INPUT: u64 = 0;

/// When input ends that is no terminal, what it made the process say is still waited for: supervisord looks once a second whether a
/// log has grown.
const LINGER: Duration = Duration::from_millis(1500);

/// A log that is followed.
struct Log {
    server: Server,
    body: Body,
    token: u64,
}

/// `fg NAME`.
pub(super) fn fg(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !controller.is_up()? {
        return Ok(());
    }
    let names: Vec<&str> = argument.split_whitespace().collect();
    let name = match names.as_slice() {
        [] => {
            controller.fail("ERROR: no process name supplied");
            usage(controller, "fg");
            return Ok(());
        }
        [name] => *name,
        _ => {
            controller.fail("ERROR: too many process names supplied");
            return Ok(());
        }
    };
    match controller.call("supervisor.getProcessInfo", vec![Value::text(name)]) {
        Ok(process) if !Process::try_from(&process)?.is_running() => {
            controller.fail("ERROR: process not running");
            return Ok(());
        }
        Ok(_) => {}
        Err(Trouble::Fault(fault)) if fault.is(Code::BadName) => {
            controller.fail("ERROR: bad process name supplied");
            return Ok(());
        }
        Err(Trouble::Fault(fault)) => {
            controller.say(format_args!("ERROR: {}", fault_text(&fault)));
            return Ok(());
        }
        Err(trouble) => return Err(trouble),
    }
    controller.say("==> Press Ctrl-C to exit <==");
    controller.signals.take()?;
    match attach(controller, name) {
        Ok(()) | Err(Trouble::Ended(Ended::Interrupt)) => {
            controller.say("Exiting foreground");
            Ok(())
        }
        Err(trouble) => Err(trouble),
    }
}

/// Returns when the process or the input has ended.
fn attach(controller: &mut Controller<'_>, name: &str) -> Result {
    let poll = Poll::new()?;
    let mut logs = Vec::new();
    for (token, channel) in (1..).zip(["stdout", "stderr"]) {
        if let Some(log) = open(controller, name, channel, token)? {
            poll.add(&log.server, token, Interest::READ)?;
            logs.push(log);
        }
    }
    // A file is always ready, and cannot be waited for.
    let is_file = match poll.add(io::stdin(), INPUT, Interest::READ) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => true,
        result => result.map(|()| false)?,
    };
    // What was typed ahead came with the command's own line.
    let mut is_typed = is_file || controller.input.has_line();
    let mut ready = Vec::new();
    let mut until: Option<Instant> = None;
    loop {
        if is_typed && until.is_none() {
            is_typed = is_file || controller.input.has_line();
            match controller.input.line(&controller.signals)? {
                Some(line) if !send(controller, name, &line)? => return Ok(()),
                Some(_) => continue,
                None if terminal::is_input() => return Ok(()),
                None => {
                    until = Some(Instant::now() + LINGER);
                    if !is_file {
                        poll.remove(io::stdin())?;
                    }
                }
            }
        }
        let within = until.map(|until| until.saturating_duration_since(Instant::now()));
        if !controller.signals.wait(poll.as_fd(), within)?? {
            return Ok(());
        }
        poll.wait(&mut ready, Some(Duration::ZERO))?;
        for ready in &ready {
            if ready.token == INPUT {
                is_typed = true;
            } else if !show(controller, &mut logs, ready.token)? {
                // Dropped, it is waited for no longer.
                logs.retain(|log| log.token != ready.token);
            }
        }
        if controller.is_over {
            return Ok(());
        }
    }
}

fn open(controller: &mut Controller<'_>, name: &str, channel: &str, token: u64) -> Result<Option<Log>> {
    let path = format!("/logtail/{name}/{channel}");
    let mut server = controller.connect()?;
    let head = server.follow(&path, &controller.signals)?;
    match Body::of(&head) {
        Ok(body) if head.status == 200 => {
            let mut logs = vec![Log { server, body, token }];
            // What came together with the head wakes nobody.
            while logs.iter().any(|log| log.server.has_more()) && show(controller, &mut logs, token)? {}
            Ok(logs.pop())
        }
        _ => {
            controller.complain(&path, format_args!("Cannot read, status code {}", head.status));
            Ok(None)
        }
    }
}

/// Shows what came of a log; false at its end.
fn show(controller: &mut Controller<'_>, logs: &mut [Log], token: u64) -> Result<bool> {
    let Some(log) = logs.iter_mut().find(|log| log.token == token) else { return Ok(true) };
    let mut piece = Vec::new();
    let goes_on = match log.server.more(&mut log.body, &mut piece, &controller.signals) {
        Err(trouble @ Trouble::Ended(_)) => return Err(trouble),
        more => more.unwrap_or_default(),
    };
    controller.show(&piece);
    Ok(goes_on)
}

/// Sends a line to the process; false, with the reason said, where that was the last.
fn send(controller: &mut Controller<'_>, name: &str, line: &str) -> Result<bool> {
    let input = vec![Value::text(name), Value::text(format!("{line}\n"))];
    let is_running = match controller.call("supervisor.sendProcessStdin", input) {
        Ok(_) => {
            let process = controller.call("supervisor.getProcessInfo", vec![Value::text(name)])?;
            Process::try_from(&process)?.is_running()
        }
        Err(Trouble::Fault(fault)) if !fault.is(Code::NotRunning) => {
            controller.say(format_args!("ERROR: {}", fault_text(&fault)));
            return Ok(false);
        }
        Err(Trouble::Fault(_)) => false,
        Err(trouble) => return Err(trouble),
    };
    if !is_running {
        controller.say("Process got killed");
    }
    Ok(is_running)
}
