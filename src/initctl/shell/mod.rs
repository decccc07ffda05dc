//! The shell: lines from a terminal, with editing, completion and history, or from a pipe.
//!
//! Crates were weighed: rustyline and reedline bring many others, and ways with signals and threads of their own, for an editor of
//! one line.

mod complete;
mod edit;
mod history;
mod input;
mod key;
mod line;

pub(super) use input::Input;

use super::command::Result;
use super::controller::{Controller, code};
use super::trouble::Trouble;
use super::wait::Ended;
use crate::sys::terminal;
use history::History;
use std::env;
use std::io::{self, IsTerminal};

/// Obeys lines until the user has enough. What the commands come to is not the shell's exit code.
pub(super) fn run(controller: &mut Controller<'_>) -> u8 {
    let has_terminal = terminal::is_input() && io::stdout().is_terminal();
    let can_move = env::var("TERM").is_ok_and(|kind| !kind.is_empty() && kind != "dumb");
    let mut history = History::read(controller.settings.history_file.as_deref());
    let ended = match controller.signals.take() {
        Ok(()) => obey_lines(controller, (has_terminal && can_move).then_some(&mut history)),
        Err(error) => Err(error.into()),
    };
    if has_terminal {
        history.write();
    }
    match ended {
        Ok(()) if controller.code == code::TERMINATED => code::TERMINATED,
        Ok(()) => 0,
        Err(Trouble::Ended(ended)) => {
            controller.say("");
            if ended == Ended::Terminate { code::TERMINATED } else { 0 }
        }
        Err(trouble) => {
            controller.fail(format_args!("error: {trouble}"));
            code::GENERIC
        }
    }
}

/// With a history lines are edited.
fn obey_lines(controller: &mut Controller<'_>, mut history: Option<&mut History>) -> Result {
    controller.obey("status");
    while !controller.is_over {
        let prompt = format!("{}> ", controller.settings.prompt);
        let line = match &mut history {
            Some(history) => edit::line(controller, &prompt, history)?,
            None => {
                controller.show(prompt.as_bytes());
                controller.input.line(&controller.signals)?
            }
        };
        controller.obey(line.as_deref().unwrap_or("EOF"));
    }
    Ok(())
}
