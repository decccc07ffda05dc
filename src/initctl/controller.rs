//! One line after the other: which command it is, what became of it.

use super::command::{self, Outcome, Result};
use super::server::Server;
use super::settings::Settings;
use super::shell::Input;
use super::trouble::Trouble;
use super::wait::{Ended, Signals};
use crate::rpc::{Code, Value};
use std::fmt::Display;
use std::io::{self, Write};

/// The version of the interface that server and client must agree on.
const API_VERSION: &str = "3.0";

/// Exit codes, after those of the Linux Standard Base for init scripts.
pub(super) mod code {
    pub(in crate::initctl) const GENERIC: u8 = 1;
    pub(in crate::initctl) const INVALID_ARGUMENTS: u8 = 2;
    pub(in crate::initctl) const UNIMPLEMENTED: u8 = 3;
    pub(in crate::initctl) const INSUFFICIENT_PRIVILEGES: u8 = 4;
    pub(in crate::initctl) const NOT_INSTALLED: u8 = 5;
    pub(in crate::initctl) const NOT_RUNNING: u8 = 7;
    /// Of `status` alone.
    pub(in crate::initctl) const STATUS_NOT_RUNNING: u8 = 3;
    /// Of `status` alone.
    pub(in crate::initctl) const STATUS_UNKNOWN: u8 = 4;
    /// As a shell tells of SIGTERM.
    pub(in crate::initctl) const TERMINATED: u8 = 143;
}

/// What obeys commands, and what it knows from one to the next.
pub(super) struct Controller<'a> {
    pub(super) settings: Settings,
    /// The exit code so far.
    pub(super) code: u8,
    /// Whether to obey no more.
    pub(super) is_over: bool,
    pub(super) signals: Signals,
    pub(super) input: Input,
    out: &'a mut dyn Write,
    server: Option<Server>,
}

impl<'a> Controller<'a> {
    pub(super) fn new(settings: Settings, out: &'a mut dyn Write) -> Controller<'a> {
        let (signals, input) = (Signals::default(), Input::default());
        Controller { settings, code: 0, is_over: false, signals, input, out, server: None }
    }

    /// Shows a line.
    pub(super) fn say(&mut self, line: impl Display) {
        self.show(format!("{line}\n").as_bytes());
    }

    /// Shows these bytes as they are. When nobody reads any more, it is over.
    pub(super) fn show(&mut self, bytes: &[u8]) {
        self.is_over |= self.out.write_all(bytes).and_then(|()| self.out.flush()).is_err();
    }

    /// Shows a line, and says that something was wrong.
    pub(super) fn fail(&mut self, line: impl Display) {
        self.say(line);
        self.code = code::GENERIC;
    }

    /// Says on standard error what is wrong with an address.
    pub(super) fn complain(&mut self, path: &str, why: impl Display) {
        // Nothing is left to do when standard error is gone.
        let _ = writeln!(io::stderr(), "{}{path} {why}", self.settings.serverurl);
    }

    /// Obeys a line.
    pub(super) fn obey(&mut self, line: &str) {
        let line = line.trim();
        let Some((name, argument)) = parse(line) else {
            if !line.is_empty() {
                self.fail(format_args!("*** Unknown syntax: {line}"));
            }
            return;
        };
        let Some(run) = command::find(&name) else {
            let line = line.strip_prefix('?').map_or_else(|| line.to_owned(), |topic| format!("help {topic}"));
            self.fail(format_args!("*** Unknown syntax: {line}"));
            return;
        };
        // A server may have ended the connection since.
        self.server = None;
        match run(self, argument) {
            Ok(()) => {}
            Err(Trouble::Protocol { status: 401, .. }) => {
                self.say("Server requires authentication");
                if !self.settings.interactive {
                    // The original tries once more, and tells of it.
                    let again = run(self, argument);
                    self.report(again);
                    return;
                }
                match self.log_in() {
                    Ok(()) => self.obey(line),
                    Err(trouble) => self.report(Err(trouble)),
                }
            }
            failed => self.report(failed),
        }
    }

    /// Tells what ended a command.
    fn report(&mut self, result: Result) {
        match result {
            Ok(()) => {}
            Err(Trouble::Ended(ended)) => {
                self.say("");
                self.is_over = true;
                if ended == Ended::Terminate {
                    self.code = code::TERMINATED;
                }
            }
            Err(trouble) => self.fail(format_args!("error: {trouble}")),
        }
    }

    fn log_in(&mut self) -> Result {
        let name = self.ask("Username:")?;
        self.show(b"Password:");
        let password = self.input.secret(&self.signals)?.ok_or_else(Trouble::end_of_input)?;
        self.say("");
        self.say("");
        self.settings.username = Some(name);
        self.settings.password = Some(password);
        Ok(())
    }

    /// Asks the user for a line.
    pub(super) fn ask(&mut self, question: &str) -> Result<String> {
        self.show(question.as_bytes());
        self.input.line(&self.signals)?.ok_or_else(Trouble::end_of_input)
    }

    /// Whether the user, who is asked only in a shell, wants it.
    pub(super) fn is_sure(&mut self, question: &str) -> Result<bool> {
        Ok(!self.settings.interactive || self.ask(question)?.to_lowercase().starts_with('y'))
    }

    /// Connects to the server, for something else than calls.
    pub(super) fn connect(&self) -> Result<Server> {
        let settings = &self.settings;
        Server::connect(&settings.serverurl, settings.username.as_deref().zip(settings.password.as_deref()))
    }

    /// Calls a method of the server.
    pub(super) fn call(&mut self, method: &str, params: Vec<Value>) -> Result<Value> {
        let mut server = match self.server.take().filter(Server::lasts) {
            Some(server) => server,
            None => self.connect()?,
        };
        let answer = server.call(method, params, &self.signals);
        if matches!(answer, Ok(_) | Err(Trouble::Fault(_))) {
            self.server = Some(server);
        }
        answer
    }

    /// Whether there is a server that speaks this client's language. Where not, that is said.
    pub(super) fn is_up(&mut self) -> Result<bool> {
        let (said, code) = match self.call("supervisor.getVersion", Vec::new()) {
            Ok(version) if version.as_text() == Some(API_VERSION) => return Ok(true),
            Ok(version) => (
                format!(
                    "Sorry, this version of supervisorctl expects to talk to a server with API version {API_VERSION}, \
                     but the remote version is {}.",
                    command::shown(version.as_text().unwrap_or_default())
                ),
                code::NOT_INSTALLED,
            ),
            Err(trouble) if trouble.code() == Some(Code::UnknownMethod) => (
                "Sorry, supervisord responded but did not recognize the supervisor namespace commands that \
                 supervisorctl uses to control it.  Please check that the [rpcinterface:supervisor] section is enabled \
                 in the configuration file (see sample.conf)."
                    .to_owned(),
                code::UNIMPLEMENTED,
            ),
            Err(Trouble::Socket(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                (format!("{} refused connection", self.settings.serverurl), code::INSUFFICIENT_PRIVILEGES)
            }
            Err(Trouble::Socket(error)) if error.kind() == io::ErrorKind::NotFound => {
                (format!("{} no such file", self.settings.serverurl), code::NOT_RUNNING)
            }
            Err(trouble) => return Err(trouble),
        };
        self.say(said);
        self.code = code;
        Ok(false)
    }

    /// Lets what became of one process count for the exit code. What was `wanted` anyway is no failure.
    pub(super) fn count(&mut self, outcome: &Outcome, wanted: Option<Code>) {
        match Code::of(outcome.status) {
            Some(Code::Success) => {}
            some if some.is_some() && some == wanted => {}
            Some(Code::SpawnError | Code::AbnormalTermination | Code::NotRunning) => self.code = code::NOT_RUNNING,
            _ => self.code = code::GENERIC,
        }
    }
}

/// The command and its argument. `?` is `help`; a command is followed by whatever is no letter, digit or underscore.
fn parse(line: &str) -> Option<(String, &str)> {
    if let Some(topic) = line.strip_prefix('?') {
        return Some(("help".to_owned(), topic.trim()));
    }
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
    let (name, argument) = line.split_at_checked(end)?;
    (!name.is_empty()).then(|| (name.to_owned(), argument.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_commands_and_arguments() {
        for (line, name, argument) in [
            ("start a b", "start", "a b"),
            ("start-all", "start", "-all"),
            ("?", "help", ""),
            ("? start", "help", "start"),
            ("frob", "frob", ""),
        ] {
            assert_eq!(parse(line), Some((name.to_owned(), argument)), "{line}");
        }
        for line in ["", "!ls", "#", "ö"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
