//! `vat-initctl`, also as `supervisorctl`: the control client of `vat-init` and of supervisord.
//!
//! | part | what it is |
//! | --- | --- |
//! | `arguments`, `settings` | the command line, and what `[supervisorctl]` says |
//! | `server`, `trouble` | the connection, calls of methods, and what goes wrong, in the words of Python's exceptions |
//! | `controller` | takes a line, finds its command, and keeps the exit code |
//! | `command` | the table of commands, a file for each family |
//! | `shell` | lines from a terminal, with editing, completion and history, or from a pipe |
//! | `wait` | waiting for the server and the user, and for Ctrl-C meanwhile |
//!
//! What supervisorctl says is what this says; where it shows Python's file and line, this does not. What is different on purpose:
//! `-r` works, `-s` is enough where the file has no `[supervisorctl]`, a file that cannot be parsed is told in one line (exit code
//! 2), `fg` ends where its input ends, and control characters in names and states are escaped.

mod arguments;
mod command;
mod controller;
mod server;
mod settings;
mod shell;
mod trouble;
mod wait;

pub use arguments::options;
pub use command::names;

use crate::sys;
use arguments::Asked;
use controller::Controller;
use std::io::{self, Write};
use std::process::ExitCode;

/// The exit code for a command line or a configuration that makes no sense.
const USAGE: u8 = 2;

/// Runs the client with this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let program = settings::program(&arguments.next().unwrap_or_default());
    let mut out = sys::standard_output();
    let code = match run(&program, &arguments.collect::<Vec<_>>(), &mut out) {
        Ok(code) => code,
        Err(why) => {
            // Nothing is left to do when standard error is gone as well.
            let _ = write!(io::stderr(), "Error: {why}\nFor help, use {program} -h\n");
            USAGE
        }
    };
    ExitCode::from(code)
}

/// The exit code, or what is wrong with the command line or the configuration.
fn run(program: &str, arguments: &[String], out: &mut dyn Write) -> Result<u8, String> {
    let options = match arguments::read(arguments)? {
        Asked::Help => {
            // A reader that has seen enough is no failure.
            let _ = out.write_all(arguments::help(program).as_bytes());
            return Ok(0);
        }
        Asked::Run(options) => options,
    };
    let words = options.words.join(" ");
    let is_shell = options.words.is_empty();
    let settings = settings::Settings::find(options, program)?;
    let mut controller = Controller::new(settings, out);
    if is_shell {
        return Ok(shell::run(&mut controller));
    }
    controller.obey(&words);
    Ok(controller.code)
}
