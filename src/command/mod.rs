//! `vat`, the command line of the host: one file, one verb.

mod r#try;

use crate::tools::{self, Tool};
use clap::{CommandFactory, Parser, Subcommand};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Makes fat containers honest and keeps their hosts in order
#[derive(Debug, Parser)]
#[command(name = "vat", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Try(r#try::Args),
}

/// The definition of the command line, for the man page and the completions.
#[must_use]
pub fn cli() -> clap::Command {
    Cli::command()
}

/// Runs `vat` with this process's arguments.
///
/// Under the name of a drop-in it is that drop-in: so `vat try` has all of them in its container, built or installed beside it or
/// not.
#[must_use]
pub fn main() -> ExitCode {
    let name = std::env::args_os().next().unwrap_or_default();
    if let Some(tool) = Path::new(&name).file_name().and_then(|name| name.to_str()).and_then(drop_in) {
        return ExitCode::from(tools::run(tool));
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(said) => {
            // Help and the version are asked for, and go to standard output; where that is closed nothing is left to say.
            let _ = said.print();
            return ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2));
        }
    };
    let code = match cli.verb {
        Verb::Try(args) => r#try::run(&args, &mut io::stdout(), &mut io::stderr()),
    };
    ExitCode::from(code)
}

/// The drop-ins by name.
const DROP_INS: [(&str, Tool); 5] = [
    ("free", tools::free::run),
    ("uptime", tools::uptime::run),
    ("df", tools::df::run),
    ("nproc", tools::nproc::run),
    ("top", tools::top::run),
];

fn drop_in(name: &str) -> Option<Tool> {
    DROP_INS.iter().find(|(one, _)| *one == name).map(|(_, tool)| *tool)
}

/// One line on standard error; where that is closed there is nobody to tell.
fn complain(err: &mut dyn Write, verb: &str, what: &dyn std::fmt::Display) {
    let _ = writeln!(err, "vat {verb}: {what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        cli().debug_assert();
    }
}
