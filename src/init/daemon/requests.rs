//! What clients ask: methods, pages, logs that are watched.

use super::channel::Which;
use super::{Daemon, Timer};
use crate::ini;
use crate::init::config::Level;
use crate::init::control::{self, Answer, Supervisor};
use crate::init::log::Follow;
use crate::init::server::page::Action;
use crate::init::server::{ConnectionId, Content, Pushed, Request, Response};
use crate::rpc::{self, Reply};
use crate::sys::poll::Ready;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// So much of a call that cannot be read is shown.
const SHOWN: usize = 1024;

/// How often a log that somebody watches is looked at.
const WATCH: Duration = Duration::from_millis(500);

/// How a reply is to be told.
#[derive(Debug)]
pub(super) enum Asked {
    /// By XML-RPC.
    Method,
    /// By a link of the status page.
    Page {
        /// What the link was for.
        action: Action,
        /// How the client calls this machine.
        host: Option<String>,
    },
}

impl Asked {
    /// By that request.
    pub(super) fn of_page(request: &Request, action: Action) -> Asked {
        Asked::Page { action, host: request.headers.get("Host").map(str::to_owned) }
    }
}

impl Daemon<'_> {
    /// One of the server's descriptors is ready.
    pub(super) fn serve(&mut self, ready: &Ready) {
        let Some(server) = &mut self.server else { return };
        let request = server.ready(self.poll, ready);
        let notes = server.take_notes();
        self.say_all(notes);
        if let Some(request) = request {
            self.take_request(&request);
        }
        self.expect_connections();
    }

    /// Connections that take too long are dropped.
    pub(super) fn expire_connections(&mut self) {
        if let Some(server) = &mut self.server {
            server.expire(self.poll, Instant::now());
        }
        self.expect_connections();
    }

    fn expect_connections(&mut self) {
        let deadline = self.server.as_ref().and_then(crate::init::server::Server::deadline);
        let at = deadline.map(|deadline| self.clock.now() + deadline.saturating_duration_since(Instant::now()));
        self.timers.set(Timer::Connections, at);
    }

    fn take_request(&mut self, request: &Request) {
        match request.path.as_str() {
            path if path.starts_with("/RPC2") => self.take_call(request),
            path if path.starts_with("/mainlogtail") => self.watch(request, self.log.path().map(Into::into)),
            path if path.starts_with("/logtail/") => {
                let log = self.log_named(path);
                self.watch(request, log);
            }
            _ => self.show_page(request),
        }
    }

    pub(super) fn respond(&mut self, to: ConnectionId, response: Response) {
        if let Some(server) = &mut self.server {
            server.answer(self.poll, to, response);
        }
    }

    fn take_call(&mut self, request: &Request) {
        let to = request.connection;
        if request.method != "POST" {
            return self.respond(to, Response::error(400));
        }
        let call = match rpc::read_call(&request.body) {
            Ok(call) => call,
            Err(error) => {
                let data = request.body.get(..SHOWN).unwrap_or(&request.body);
                let data = ini::repr(&String::from_utf8_lossy(data));
                self.say(Level::Error, format_args!("XML-RPC request data {data} is invalid: {error}"));
                return self.respond(to, Response::error(400));
            }
        };
        match control::call(self, &call) {
            Answer::Now(reply) => self.reply(to, &Asked::Method, &reply),
            Answer::Later(pending) => self.pending.push((to, Asked::Method, pending)),
        }
    }

    pub(super) fn reply(&mut self, to: ConnectionId, asked: &Asked, reply: &Reply) {
        let response = match asked {
            Asked::Method => Response::new("text/xml", rpc::write_reply(reply)),
            Asked::Page { action, host } => self.page_after(action, host.as_deref(), reply),
        };
        self.respond(to, response);
    }

    /// Replies to calls whose process has started or stopped by now.
    pub(super) fn answer_pending(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        for (to, asked, mut pending) in std::mem::take(&mut self.pending) {
            match pending.poll(self) {
                Some(reply) => self.reply(to, &asked, &reply),
                // Where the client has gone away, what it began goes on.
                None => self.pending.push((to, asked, pending)),
            }
        }
    }

    /// The log that `/logtail/NAME` or `/logtail/NAME/stderr` means.
    fn log_named(&self, path: &str) -> Option<PathBuf> {
        let rest = path.strip_prefix("/logtail/")?;
        let (name, channel) = rest.split_once('/').unwrap_or((rest, "stdout"));
        let which = match channel {
            "stdout" => Which::Stdout,
            "stderr" => Which::Stderr,
            _ => return None,
        };
        let (group, process) = name.split_once(':').unwrap_or((name, name));
        let id = self
            .groups
            .get(group)?
            .processes
            .iter()
            .find(|id| self.processes.get(id).is_some_and(|one| one.name() == process))?;
        let status = self.status(*id)?;
        match which {
            Which::Stdout => status.stdout_logfile,
            Which::Stderr => status.stderr_logfile,
        }
    }

    /// Shows the end of a log, and then what is added to it.
    fn watch(&mut self, request: &Request, log: Option<PathBuf>) {
        let to = request.connection;
        if request.method != "GET" {
            return self.respond(to, Response::error(400));
        }
        let Some(follow) = log.and_then(|log| Follow::open(&log).ok()) else {
            return self.respond(to, Response::error(404));
        };
        let mut response = Response::new("text/plain;charset=utf-8", "");
        response.content = Content::Pushed;
        self.respond(to, response);
        self.watched.push((to, follow));
        self.show_watched();
    }

    /// Sends what was added to the logs that are watched.
    pub(super) fn show_watched(&mut self) {
        let Some(server) = &mut self.server else { return };
        let poll = self.poll;
        self.watched.retain_mut(|(to, follow)| match server.room(*to) {
            None => false,
            Some(0) => true,
            Some(_) => match follow.more() {
                Ok(bytes) if bytes.is_empty() => true,
                Ok(bytes) => server.push(poll, *to, &bytes) != Pushed::Gone,
                Err(_) => {
                    server.finish(poll, *to);
                    false
                }
            },
        });
        let again = (!self.watched.is_empty()).then(|| self.clock.now() + WATCH);
        self.timers.set(Timer::Watched, again);
    }
}
