//! `vat-init`, also as `supervisord`: PID 1 of a fat container.
//!
//! | part | what it is | pure |
//! | --- | --- | --- |
//! | `arguments` | supervisord's command line | yes |
//! | `config` | what supervisord.conf says, as data | but for reading files |
//! | `machine` | the life of a process as a table: a state and an event give a state and what is to be done | yes |
//! | `log` | the main log, the children's logs, and where they go | but for writing |
//! | `event` | what happens, told to event listeners | yes |
//! | `server` | HTTP connections | but for reading and writing |
//! | `control` | the methods of the XML-RPC interface and the status page | |
//! | `daemon` | the loop that puts them together | |
//! | `one` | one command instead of a configuration: tini's and dumb-init's job | |

pub mod arguments;
pub mod config;
pub mod control;
pub mod daemon;
pub mod event;
pub mod log;
pub mod machine;
pub mod one;
pub mod server;

use arguments::{Arguments, Request};
use config::{Config, SEARCHED_AS_ROOT, Surroundings, check};
use daemon::CannotBegin;
use std::ffi::OsString;
use std::io::{self, Write};

/// Runs `vat-init` with this process's arguments, and says its exit code.
#[must_use]
pub fn main() -> u8 {
    let mut words = std::env::args_os();
    let called = words.next().map_or_else(|| "vat-init".to_owned(), |word| word.to_string_lossy().into_owned());
    let words: Vec<OsString> = words.collect();
    // Before anything is touched: the command is to find all as it was.
    if one::wants(&called, &words) {
        return one::run(&called, &words);
    }
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    run(&called, &words, &mut io::stdout(), &mut io::stderr())
}

fn run(called: &str, words: &[String], out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let surroundings = Surroundings::live();
    let program = arguments::program(called, &surroundings);
    let ran = match arguments::parse(&program, words, &surroundings) {
        Ok(Request::Run(arguments)) => supervise(arguments, &surroundings, err),
        Ok(Request::Help) => Ok(print(out, &arguments::help(&program))),
        Ok(Request::Version) => Ok(print(out, &arguments::version(&program))),
        Ok(Request::Check(arguments)) => Ok(check::run(&arguments, &surroundings, out, err).unwrap_or(1)),
        Err(error) => Err(error),
    };
    ran.unwrap_or_else(|error| {
        // Where nobody reads what is said there is nothing left to say.
        let _ = err.write_all(arguments::usage(&program, &error).as_bytes());
        2
    })
}

fn supervise(mut arguments: Arguments, surroundings: &Surroundings, err: &mut dyn Write) -> Result<u8, String> {
    if arguments.configuration.is_none() {
        if surroundings.uid == 0 {
            let _ = writeln!(err, "{SEARCHED_AS_ROOT}");
        }
        // The same one is read again later, wherever the daemon has gone by then.
        let found = Config::find(&arguments, surroundings).map_err(|error| error.to_string())?;
        arguments.configuration = Some(surroundings.absolute(&found));
    }
    match daemon::run(&arguments) {
        Ok(code) => Ok(code),
        Err(CannotBegin::Because(words)) => Err(words),
        Err(CannotBegin::Background) => Ok(0),
    }
}

/// Prints what was asked for; 1 where it cannot be written.
fn print(out: &mut dyn Write, text: &str) -> u8 {
    u8::from(out.write_all(text.as_bytes()).is_err())
}
