//! The commands: a table, and a file for each family.

mod answer;
mod foreground;
mod groups;
mod help;
mod life;
mod logs;
mod own;
mod report;
mod supervisor;

pub(super) use answer::{Outcome, Process, list, namespec, shown};
pub(super) use help::columns;

use super::controller::Controller;
use super::trouble::Trouble;

/// What a command comes to. What it has to say, and its exit code, went to the controller.
pub(super) type Result<T = ()> = std::result::Result<T, Trouble>;

type Run = fn(&mut Controller<'_>, &str) -> Result;

/// A command.
pub(super) struct Command {
    /// What one types.
    pub(super) name: &'static str,
    /// How it is used, a line for each way.
    pub(super) help: &'static str,
    run: Run,
}

/// The commands of supervisorctl, by name.
pub(super) const COMMANDS: &[Command] = &[
    Command { name: "add", help: help::ADD, run: groups::add },
    Command { name: "avail", help: help::AVAIL, run: report::avail },
    Command { name: "clear", help: help::CLEAR, run: logs::clear },
    Command { name: "exit", help: help::EXIT, run: quit },
    Command { name: "fg", help: help::FG, run: foreground::fg },
    Command { name: "maintail", help: help::MAINTAIL, run: logs::maintail },
    Command { name: "open", help: help::OPEN, run: report::open },
    Command { name: "pid", help: help::PID, run: report::pid },
    Command { name: "quit", help: help::QUIT, run: quit },
    Command { name: "reload", help: help::RELOAD, run: supervisor::reload },
    Command { name: "remove", help: help::REMOVE, run: groups::remove },
    Command { name: "reread", help: help::REREAD, run: groups::reread },
    Command { name: "restart", help: help::RESTART, run: life::restart },
    Command { name: "shutdown", help: help::SHUTDOWN, run: supervisor::shutdown },
    Command { name: "signal", help: help::SIGNAL, run: life::signal },
    Command { name: "start", help: help::START, run: life::start },
    Command { name: "status", help: help::STATUS, run: report::status },
    Command { name: "stop", help: help::STOP, run: life::stop },
    Command { name: "tail", help: help::TAIL, run: logs::tail },
    Command { name: "update", help: help::UPDATE, run: groups::update },
    Command { name: "version", help: help::VERSION, run: supervisor::version },
];

/// What vat-init has beside them, by name.
pub(super) const OWN: &[Command] = &[
    Command { name: "apply", help: help::APPLY, run: own::apply },
    Command { name: "health", help: help::HEALTH, run: own::health },
    Command { name: "journal", help: help::JOURNAL, run: own::journal },
    Command { name: "rotate", help: help::ROTATE, run: own::rotate },
];

/// The names of all commands, for whoever tells of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().chain(OWN).map(|command| command.name)
}

/// The command of this name.
pub(super) fn find(name: &str) -> Option<Run> {
    match name {
        "help" => Some(help::help),
        // What a shell takes the end of its input for.
        "EOF" => Some(quit),
        name => named(name).map(|command| command.run),
    }
}

fn named(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().chain(OWN).find(|command| command.name == name)
}

fn quit(controller: &mut Controller<'_>, _: &str) -> Result {
    controller.say("");
    controller.is_over = true;
    Ok(())
}
