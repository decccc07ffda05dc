//! What each command's help says, and which commands there are.

use super::{COMMANDS, Command, OWN, Result, named};
use crate::initctl::controller::Controller;

pub(super) const ADD: &str = "add <name> [...]\tActivates any updates in config for process/group";
pub(super) const APPLY: &str =
    "apply\t\t\tReload config and change running programs without restart where that is possible";
pub(super) const AVAIL: &str = "avail\t\t\tDisplay all configured processes";
pub(super) const CLEAR: &str = "clear <name>\t\tClear a process' log files.
clear <name> <name>\tClear multiple process' log files
clear all\t\tClear all process' log files";
pub(super) const EXIT: &str = "exit\tExit the supervisor shell.";
pub(super) const FG: &str = "fg <process>\tConnect to a process in foreground mode
\t\tCtrl-C to exit";
pub(super) const HEALTH: &str = "health\t\t\tShow what the health checks found last";
pub(super) const JOURNAL: &str = "journal [<n>]\t\tShow the last events that were written down (20)";
pub(super) const MAINTAIL: &str = "maintail -f \tContinuous tail of supervisor main log file (Ctrl-C to exit)
maintail -100\tlast 100 *bytes* of supervisord main log file
maintail\tlast 1600 *bytes* of supervisor main log file
";
pub(super) const OPEN: &str = "open <url>\tConnect to a remote supervisord process.
\t\t(for UNIX domain socket, use unix:///socket/path)";
pub(super) const PID: &str = "pid\t\t\tGet the PID of supervisord.
pid <name>\t\tGet the PID of a single child process by name.
pid all\t\t\tGet the PID of every child process, one per line.";
pub(super) const QUIT: &str = "quit\tExit the supervisor shell.";
pub(super) const RELOAD: &str = "reload \t\tRestart the remote supervisord.";
pub(super) const REMOVE: &str = "remove <name> [...]\tRemoves process/group from active config";
pub(super) const REREAD: &str = "reread \t\t\tReload the daemon's configuration files without add/remove";
pub(super) const RESTART: &str = "restart <name>\t\tRestart a process
restart <gname>:*\tRestart all processes in a group
restart <name> <name>\tRestart multiple processes or groups
restart all\t\tRestart all processes
restart --rolling <gname>\tRestart the processes of a group one after the other (vat-init)
Note: restart does not reread config files. For that, see reread and update.";
pub(super) const ROTATE: &str = "rotate\t\t\tRotate all log files now
rotate <name> [...]\tRotate the log files of processes or groups now";
pub(super) const SHUTDOWN: &str = "shutdown \tShut the remote supervisord down.";
pub(super) const SIGNAL: &str = "signal <signal name> <name>\t\tSignal a process
signal <signal name> <gname>:*\t\tSignal all processes in a group
signal <signal name> <name> <name>\tSignal multiple processes or groups
signal <signal name> all\t\tSignal all processes";
pub(super) const START: &str = "start <name>\t\tStart a process
start <gname>:*\t\tStart all processes in a group
start <name> <name>\tStart multiple processes or groups
start all\t\tStart all processes";
pub(super) const STATUS: &str = "status <name>\t\tGet status for a single process
status <gname>:*\tGet status for all processes in a group
status <name> <name>\tGet status for multiple named processes
status\t\t\tGet all process status info";
pub(super) const STOP: &str = "stop <name>\t\tStop a process
stop <gname>:*\t\tStop all processes in a group
stop <name> <name>\tStop multiple processes or groups
stop all\t\tStop all processes";
pub(super) const TAIL: &str = "tail [-f] <name> [stdout|stderr] (default stdout)
Ex:
tail -f <name>\t\tContinuous tail of named process stdout
\t\t\tCtrl-C to exit.
tail -100 <name>\tlast 100 *bytes* of process stdout
tail <name> stderr\tlast 1600 *bytes* of process stderr";
pub(super) const UPDATE: &str =
    "update\t\t\tReload config and add/remove as necessary, and will restart affected programs
update all\t\tReload config and add/remove as necessary, and will restart affected programs
update <gname> [...]\tUpdate specific groups
update --diff\t\tTell what an update would change, and change nothing (vat-init)";
pub(super) const VERSION: &str = "version\t\t\tShow the version of the remote supervisord process";
const HELP: &str = "help\t\tPrint a list of available actions
help <action>\tPrint help for <action>";

/// Lists of names are so wide.
const WIDTH: usize = 79;

/// `help [ACTION]`.
pub(super) fn help(controller: &mut Controller<'_>, topic: &str) -> Result {
    match (topic, named(topic)) {
        ("", _) => {
            for (owner, commands) in [("default", COMMANDS), ("vat-init", OWN)] {
                let title = format!("{owner} commands (type help <topic>):");
                let names: Vec<&str> = commands.iter().map(|command| command.name).collect();
                controller.say(format_args!("\n{title}\n{}\n{}", "=".repeat(title.len()), columns(&names)));
            }
        }
        ("help", _) => controller.say(HELP),
        (_, Some(command)) => controller.say(command.help),
        (topic, None) => controller.say(format_args!("*** No help on {topic}")),
    }
    Ok(())
}

/// Says how a command is used, after it was used wrongly.
pub(super) fn usage(controller: &mut Controller<'_>, name: &str) {
    controller.say(named(name).map_or("", |command: &Command| command.help));
}

/// Names in columns, downwards, in as few lines as fit.
pub(in crate::initctl) fn columns(names: &[&str]) -> String {
    let width = |name: &&str| name.chars().count();
    let rows = (1..names.len()).find(|rows| {
        let widths = names.chunks(*rows).map(|column| column.iter().map(width).max().unwrap_or_default());
        widths.map(|width| width.saturating_add(2)).sum::<usize>() <= WIDTH.saturating_add(2)
    });
    let rows = rows.unwrap_or(names.len()).max(1);
    let columns: Vec<&[&str]> = names.chunks(rows).collect();
    let mut text = String::new();
    for row in 0..rows {
        let cells = columns.iter().filter_map(|column| {
            let widest = column.iter().map(width).max().unwrap_or_default();
            column.get(row).map(|name| format!("{name:widest$}"))
        });
        text.push_str(&cells.collect::<Vec<_>>().join("  "));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_narrow_as_their_names() {
        assert_eq!(columns(&["a"]), "a\n");
        assert_eq!(columns(&[]), "\n");
        let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        assert_eq!(
            columns(&names),
            "add    exit      open  reload  restart   start   tail   \n\
             avail  fg        pid   remove  shutdown  status  update \n\
             clear  maintail  quit  reread  signal    stop    version\n"
        );
    }

    #[test]
    fn every_command_has_help() {
        for command in COMMANDS.iter().chain(OWN) {
            assert!(command.help.starts_with(command.name), "{}", command.name);
        }
    }
}
