//! Texts: usage, help, versions. Those of tini 0.19.0 and dumb-init 1.2.5 to the letter, under their names.

use super::Manner;

pub(super) fn version(manner: Manner) -> String {
    match manner {
        Manner::Tini => "tini version 0.19.0\n".to_owned(),
        Manner::DumbInit => "dumb-init v1.2.5\n".to_owned(),
        Manner::VatInit => concat!("vat-init ", env!("CARGO_PKG_VERSION"), "\n").to_owned(),
    }
}

pub(super) const LICENSE: &str = "\
Vat, of which this program is a part, may be used under the MIT license or the Apache License, Version 2.0, at your option.
";

/// The help, for whoever asks for it. `program` is how this one was called.
pub(super) fn help(manner: Manner, program: &str) -> String {
    match manner {
        Manner::Tini => tini(super::base(program)),
        Manner::DumbInit => format!("{}{}", version(manner), dumb_init(program)),
        Manner::VatInit => VAT_INIT.to_owned(),
    }
}

/// What is said where there is no command.
pub(super) fn no_command(manner: Manner, program: &str) -> String {
    match manner {
        Manner::Tini => tini(super::base(program)),
        Manner::DumbInit => {
            format!("Usage: {program} [option] program [args]\nTry {program} --help for full usage.\n")
        }
        Manner::VatInit => format!("{program}: there is no command behind --\n{VAT_INIT}"),
    }
}

pub(super) const REWRITE_USAGE: &str = "\
Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.
This option can be specified multiple times.
Use --help for full usage.
";

fn tini(name: &str) -> String {
    format!(
        "\
{name} (tini version 0.19.0)
Usage: {name} [OPTIONS] PROGRAM -- [ARGS] | --version

Execute a program under the supervision of a valid init process ({name})

Command line options:

  --version: Show version and exit.
  -h: Show this help message and exit.
  -s: Register as a process subreaper (requires Linux >= 3.4).
  -p SIGNAL: Trigger SIGNAL when parent dies, e.g. \"-p SIGKILL\".
  -v: Generate more verbose output. Repeat up to 3 times.
  -w: Print a warning when processes are getting reaped.
  -g: Send signals to the child's process group.
  -e EXIT_CODE: Remap EXIT_CODE (from 0 to 255) to 0.
  -l: Show license and exit.

Environment variables:

  TINI_SUBREAPER: Register as a process subreaper (requires Linux >= 3.4).
  TINI_VERBOSITY: Set the verbosity level (default: 1).
  TINI_KILL_PROCESS_GROUP: Send signals to the child's process group.

"
    )
}

fn dumb_init(program: &str) -> String {
    format!(
        "\
Usage: {program} [option] command [[arg] ...]

dumb-init is a simple process supervisor that forwards signals to children.
It is designed to run as PID1 in minimal container environments.

Optional arguments:
   -c, --single-child   Run in single-child mode.
                        In this mode, signals are only proxied to the
                        direct child and not any of its descendants.
   -r, --rewrite s:r    Rewrite received signal s to new signal r before proxying.
                        To ignore (not proxy) a signal, rewrite it to 0.
                        This option can be specified multiple times.
   -v, --verbose        Print debugging information to stderr.
   -h, --help           Print this help message and exit.
   -V, --version        Print the current version and exit.

Full help is available online at https://github.com/Yelp/dumb-init
"
    )
}

const VAT_INIT: &str = "\
Usage: vat-init [OPTION]... -- COMMAND [ARG]...

Runs one command, passes signals on to it, reaps every orphan, and ends with
the command's exit code; 128+N where signal N ended it.

  -g                      signals go to all of the command's process group
      --session           a session of its own for the command, with the
                          terminal, and signals to all of it, as dumb-init does
  -c, --single-child      signals go to the command alone (the default)
  -r, --rewrite=S:R       pass signal S on as R; R is 0: not at all
  -p SIGNAL               have the command told by SIGNAL that our parent ended
  -e CODE                 end with 0 where the command ended with CODE
      --leftovers=SECONDS when the command has ended, send TERM to everybody
                          else, and KILL after so many seconds
  -s                      accepted: orphans are adopted in any case
  -w                      say when an orphan is reaped
  -v, --verbose           say more; up to three times
  -l                      show the license
  -h, --help              show this
  -V, --version           show the version

TINI_VERBOSITY, TINI_KILL_PROCESS_GROUP: as under tini.
";
