//! The daemon itself: `shutdown`, `reload`, `version`.

use super::Result;
use super::help::usage;
use crate::initctl::controller::Controller;
use crate::initctl::trouble::Trouble;
use crate::rpc::Code;
use std::io::ErrorKind;

/// `shutdown`.
pub(super) fn shutdown(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: shutdown accepts no arguments");
        usage(controller, "shutdown");
        return Ok(());
    }
    if !controller.is_sure("Really shut the remote supervisord process down y/N? ")? {
        return Ok(());
    }
    let url = controller.settings.serverurl.clone();
    match controller.call("supervisor.shutdown", Vec::new()) {
        Ok(_) => controller.say("Shut down"),
        Err(Trouble::Socket(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            controller.fail(format_args!("ERROR: {url} refused connection (already shut down?)"));
        }
        Err(Trouble::Socket(error)) if error.kind() == ErrorKind::NotFound => {
            controller.fail(format_args!("ERROR: {url} no such file (already shut down?)"));
        }
        // What was asked for is under way.
        Err(trouble) if trouble.code() == Some(Code::ShutdownState) => {
            controller.say("ERROR: already shutting down");
        }
        Err(trouble) => return Err(trouble),
    }
    Ok(())
}

/// `reload`.
pub(super) fn reload(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: reload accepts no arguments");
        usage(controller, "reload");
        return Ok(());
    }
    if !controller.is_sure("Really restart the remote supervisord process y/N? ")? {
        return Ok(());
    }
    match controller.call("supervisor.restart", Vec::new()) {
        Ok(_) => controller.say("Restarted supervisord"),
        Err(trouble) if trouble.code() == Some(Code::ShutdownState) => {
            controller.fail("ERROR: already shutting down");
        }
        Err(trouble) => return Err(trouble),
    }
    Ok(())
}

/// `version`.
pub(super) fn version(controller: &mut Controller<'_>, argument: &str) -> Result {
    if !argument.is_empty() {
        controller.fail("Error: version accepts no arguments");
        usage(controller, "version");
        return Ok(());
    }
    if controller.is_up()? {
        let version = controller.call("supervisor.getSupervisorVersion", Vec::new())?;
        controller.say(super::shown(version.as_text().unwrap_or_default()));
    }
    Ok(())
}
