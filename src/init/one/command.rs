//! The command's process.

use super::Manner;
use super::event::{Event, Voice};
use super::options::{Job, Place};
use crate::sys::relay::Relay;
use crate::sys::{child, process, session};
use std::convert::Infallible;
use std::io;

/// Starts the command, and says its pid.
///
/// # Errors
/// What fork(2) says.
pub(super) fn start(job: &Job, relay: &Relay, voice: Voice) -> io::Result<u32> {
    process::fork(|| {
        let Err(code) = begin(job, relay, voice);
        code
    })
}

/// In the child. Returns only the code of having failed.
fn begin(job: &Job, relay: &Relay, voice: Voice) -> Result<Infallible, u8> {
    let failed = |event: Event<'_>| {
        voice.say(&event);
        1
    };
    match job.place {
        Place::Here => (),
        Place::Group => {
            session::lead_group().map_err(|error| failed(Event::CannotLeadGroup(error)))?;
            // TTOU is ignored still: coming to the foreground from the background stops nobody.
            if !session::come_to_foreground().map_err(|error| failed(Event::CannotComeToForeground(error)))? {
                voice.say(&Event::NoTerminal);
            }
        }
        Place::Session => {
            session::lead_session().map_err(|error| failed(Event::CannotLeadSession(error)))?;
            if let Err(error) = session::take_terminal() {
                voice.say(&Event::CannotAttach(error));
            }
            voice.say(&Event::LeadsSession);
        }
    }
    relay.restore().map_err(|error| failed(Event::CannotRestoreSignals(error)))?;
    let error = session::execute(&job.command);
    let code = code_of(&error, voice.manner);
    voice.say(&Event::CannotExecute { command: &name(job), error });
    Err(code)
}

/// The exit code where the command could not be executed.
fn code_of(error: &io::Error, manner: Manner) -> u8 {
    match child::error_name(error).as_str() {
        _ if manner == Manner::DumbInit => 2,
        "ENOENT" => 127,
        "EACCES" => 126,
        _ => 1,
    }
}

/// The command's name, as messages have it.
pub(super) fn name(job: &Job) -> String {
    job.command.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
