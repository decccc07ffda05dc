//! One command instead of a configuration: what tini and dumb-init do, under their names and as `vat-init [OPTION]... -- COMMAND`.
//!
//! | part | what it is | pure |
//! | --- | --- | --- |
//! | `getopt` | the table of options, and their parsing | yes |
//! | `options` | what the command line and the environment ask for: a `Job`, or an answer | yes |
//! | `words` | usage, help, versions | yes |
//! | `event` | what happens, and what is said of it | but for saying it |
//! | `command` | the command's process: its group or session, its terminal, its signals | |
//! | `relay` | the loop: signals are passed on, children reaped | |
//! | `leftovers` | the end of those whom the command left behind | |

mod command;
mod event;
mod getopt;
mod leftovers;
mod options;
mod relay;
mod words;

use crate::sys::{self, standard_output};
use event::{Event, Voice};
use std::ffi::OsString;
use std::io::Write;

/// Whose ways are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Tini,
    DumbInit,
    VatInit,
}

impl Manner {
    /// By how the program was called.
    fn of(name: &str) -> Option<Manner> {
        match base(name) {
            "tini" | "tini-static" | "docker-init" => Some(Manner::Tini),
            "dumb-init" => Some(Manner::DumbInit),
            "vat-init" => Some(Manner::VatInit),
            _ => None,
        }
    }

    /// What messages say who speaks.
    fn own_name(self) -> &'static str {
        match self {
            Manner::Tini => "tini",
            Manner::DumbInit => "dumb-init",
            Manner::VatInit => "vat-init",
        }
    }
}

/// The last part of a path.
fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a program called so (its argv\[0\]), with these arguments behind it, is to run one command: always as `tini`, `tini-static`,
/// `docker-init` and `dumb-init`; as `vat-init` where there is a `--`.
#[must_use]
pub fn wants(name: &str, args: &[OsString]) -> bool {
    Manner::of(name).is_some_and(|manner| manner != Manner::VatInit || args.iter().any(|arg| arg == "--"))
}

/// Runs the command that the arguments name, until it ends. `name` is argv\[0\] as it was given, which usage texts repeat. Returns the
/// exit code.
#[must_use]
pub fn run(name: &str, args: &[OsString]) -> u8 {
    // What it opens is to have the number of none of these.
    sys::init::open_standard_descriptors();
    let manner = Manner::of(name).unwrap_or(Manner::VatInit);
    match options::parse(name, manner, args, &|name| std::env::var_os(name)) {
        Ok(job) => relay::run(manner, &job),
        Err(answer) => {
            // Nobody is left to be told that nobody listens.
            let _ = standard_output().write_all(answer.output.as_bytes());
            let _ = std::io::stderr().write_all(answer.error.as_bytes());
            if let Some((option, value)) = &answer.fatal {
                Voice { manner, verbosity: 0 }.say(&Event::Invalid { option, value });
            }
            answer.code
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_a_double_dash_choose_this_mode() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(wants("/usr/bin/tini", &[]) && wants("tini-static", &[]) && wants("docker-init", &[]));
        assert!(wants("/x/dumb-init", &args("-c true")));
        assert!(wants("vat-init", &args("-g -- true")) && !wants("vat-init", &args("-n -c x")));
        assert!(!wants("supervisord", &args("-- true")) && !wants("", &args("-- true")));
    }
}
