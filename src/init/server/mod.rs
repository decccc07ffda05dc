//! HTTP connections on unix and TCP sockets.
//!
//! | part | what it is | pure |
//! | --- | --- | --- |
//! | `listen` | opens the sockets, and removes their files | |
//! | `connection` | reads and writes, and what may last how long | |
//! | `conversation` | bytes in, requests out; answers in, bytes out | but for the date |
//! | `message` | requests and answers | but for the date |
//! | `page` | the status page, and what its links ask for | yes |
//!
//! Nobody waits here: each call does what can be done now. Whatever clients do, at most [`CONNECTIONS_MOST`] of them are kept,
//! of each a request and an answer, and of all requests together [`KEPT_MOST`].

mod connection;
mod conversation;
mod listen;
mod message;
pub mod page;
#[cfg(test)]
mod tests;

pub use connection::{IDLE_AT_MOST, REQUEST_WITHIN};
pub use conversation::{BODY_MOST, PUSHED_MOST};
pub use listen::OpenError;
pub use message::{Content, Request, Response};

use super::config;
use crate::sys::poll::{Interest, Poll, Ready};
use connection::{Connection, Gone};
use listen::Open;
use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

/// So many clients may be connected. Who comes then takes the place of one that asks nothing.
pub const CONNECTIONS_MOST: usize = 256;

/// So many bytes of requests are kept, of all clients together; who sends more then is told to come later.
pub const KEPT_MOST: usize = 16 << 20;

/// So many clients are let in before others have their turn.
const ACCEPTS_AT_ONCE: usize = 64;

/// Where the process may open no more files, nobody is let in for so long.
const PAUSE: Duration = Duration::from_secs(1);

/// A client's connection. None has the same for as long as the daemon runs, if each server begins at the former's
/// [`Server::next_token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(u64);

/// What became of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is sent, or will be.
    Taken,
    /// Nothing of it was taken. [`Server::take_drained`] tells when to try again.
    Full,
    /// Nobody is there any more.
    Gone,
}

/// Listeners and connections.
#[derive(Debug)]
pub struct Server {
    listeners: Vec<Open>,
    connections: BTreeMap<ConnectionId, Connection>,
    /// The token of the first listener; that of the others, and of the connections, follow.
    first_token: u64,
    next_token: u64,
    /// Nobody is let in until then.
    paused: Option<Instant>,
    /// Nobody was let in since a pause: one note of it is enough.
    is_short: bool,
    drained: Vec<ConnectionId>,
    notes: Vec<(config::Level, String)>,
}

impl Server {
    /// Opens all, or none. All tokens from `first_token` on are the server's.
    ///
    /// # Errors
    /// What supervisord says after `Error: `.
    pub fn open(configs: &[config::Server], poll: &Poll, first_token: u64) -> Result<Server, OpenError> {
        let mut server = Server {
            listeners: Vec::new(),
            connections: BTreeMap::new(),
            first_token,
            next_token: first_token,
            paused: None,
            is_short: false,
            drained: Vec::new(),
            notes: Vec::new(),
        };
        for config in configs {
            if let Err(error) = server.open_another(config, poll) {
                server.close(poll);
                return Err(error);
            }
        }
        Ok(server)
    }

    fn open_another(&mut self, config: &config::Server, poll: &Poll) -> Result<(), OpenError> {
        let open = Open::new(config, &mut self.notes)?;
        let added = poll.add(&open.listener, self.next_token, Interest::READ);
        self.listeners.push(open);
        self.next_token += 1;
        Ok(added?)
    }

    /// The first token that it does not use yet, and never did.
    #[must_use]
    pub fn next_token(&self) -> u64 {
        self.next_token
    }

    /// What the main log is to hear: once, as it is taken.
    pub fn take_notes(&mut self) -> Vec<(config::Level, String)> {
        std::mem::take(&mut self.notes)
    }

    /// Does what can be done for one of the server's tokens, and gives the request that is complete now. Nothing more is read
    /// from its client until it is answered.
    pub fn ready(&mut self, poll: &Poll, ready: &Ready) -> Option<Request> {
        let listener = usize::try_from(ready.token.checked_sub(self.first_token)?).ok()?;
        if listener < self.listeners.len() {
            self.accept(poll, listener);
            return None;
        }
        let id = ConnectionId(ready.token);
        let connection = self.connections.get_mut(&id)?;
        let login = self.listeners.get(connection.listener).and_then(|open| open.login.as_ref());
        let asked = connection.ready(ready, login);
        let (request, result) = match asked {
            Ok(request) => (request, Ok(())),
            Err(gone) => (None, Err(gone)),
        };
        let is_refused = request.is_none() && self.kept_too_much(id);
        let result = result.and_then(|()| if is_refused { self.refuse(id) } else { Ok(()) });
        self.settle(poll, id, result);
        request
    }

    /// Whether all clients together, and this one not least, have sent more than is kept.
    fn kept_too_much(&self, id: ConnectionId) -> bool {
        let kept = |connection: &Connection| connection.conversation.kept();
        let is_large = self.connections.get(&id).is_some_and(|one| kept(one) > KEPT_MOST / CONNECTIONS_MOST);
        is_large && self.connections.values().map(kept).sum::<usize>() > KEPT_MOST
    }

    fn refuse(&mut self, id: ConnectionId) -> Result<(), Gone> {
        let connection = self.connections.get_mut(&id).ok_or(Gone)?;
        connection.conversation.refuse(503);
        connection.write()
    }

    /// Answers a request, now or any time later. Nobody hears it where the client is gone.
    pub fn answer(&mut self, poll: &Poll, to: ConnectionId, response: Response) {
        let Some(connection) = self.connections.get_mut(&to) else { return };
        connection.conversation.answer(response);
        let written = connection.write();
        self.settle(poll, to, written);
    }

    /// Adds to an answer whose content is [`Content::Pushed`]. At most [`Server::room`] bytes at once, for the queue to stay
    /// bounded.
    pub fn push(&mut self, poll: &Poll, to: ConnectionId, bytes: &[u8]) -> Pushed {
        let Some(connection) = self.connections.get_mut(&to) else { return Pushed::Gone };
        match connection.conversation.room() {
            None => Pushed::Gone,
            Some(0) => {
                connection.was_full = true;
                Pushed::Full
            }
            Some(_) => {
                connection.conversation.push(bytes);
                let written = connection.write();
                self.settle(poll, to, written);
                if self.is_open(to) { Pushed::Taken } else { Pushed::Gone }
            }
        }
    }

    /// So many bytes may be pushed now; `None` where the client is gone.
    #[must_use]
    pub fn room(&self, to: ConnectionId) -> Option<usize> {
        self.connections.get(&to).and_then(|connection| connection.conversation.room())
    }

    /// Ends an answer whose content is [`Content::Pushed`].
    pub fn finish(&mut self, poll: &Poll, to: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&to) else { return };
        connection.conversation.finish();
        let written = connection.write();
        self.settle(poll, to, written);
    }

    /// To whom something can be pushed again that could not before: once, as it is taken.
    pub fn take_drained(&mut self) -> Vec<ConnectionId> {
        std::mem::take(&mut self.drained)
    }

    /// How many clients are connected.
    #[must_use]
    pub fn count(&self) -> usize {
        self.connections.len()
    }

    /// Whether the client is still there.
    #[must_use]
    pub fn is_open(&self, id: ConnectionId) -> bool {
        self.connections.contains_key(&id)
    }

    /// When [`Server::expire`] is to be called.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.connections.values().filter_map(Connection::deadline).chain(self.paused).min()
    }

    /// Drops clients that take too long over a request or an answer, or asked nothing for too long.
    pub fn expire(&mut self, poll: &Poll, now: Instant) {
        let is_late = |connection: &Connection| connection.deadline().is_some_and(|deadline| deadline <= now);
        let late = self.connections.iter().filter(|(_, connection)| is_late(connection)).map(|(id, _)| *id);
        for id in late.collect::<Vec<_>>() {
            self.drop_connection(poll, id);
        }
        if self.paused.is_some_and(|until| until <= now) {
            self.go_on_accepting(poll);
        }
    }

    /// Ends all connections, and removes the files of the unix sockets that are still ours.
    pub fn close(self, poll: &Poll) {
        for connection in self.connections.into_values() {
            connection.close(poll);
        }
        for open in self.listeners {
            let _ = poll.remove(&open.listener);
            open.close();
        }
    }

    fn settle(&mut self, poll: &Poll, id: ConnectionId, so_far: Result<(), Gone>) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if so_far.and_then(|()| connection.settle(poll)).is_err() {
            self.drop_connection(poll, id);
        } else if connection.take_drained() {
            self.drained.push(id);
        }
    }

    fn drop_connection(&mut self, poll: &Poll, id: ConnectionId) {
        if let Some(connection) = self.connections.remove(&id) {
            connection.close(poll);
            // There is a descriptor for the next one.
            self.go_on_accepting(poll);
        }
    }

    fn go_on_accepting(&mut self, poll: &Poll) {
        if self.paused.take().is_some() {
            self.listen(poll, Interest::READ);
        }
    }

    fn accept(&mut self, poll: &Poll, listener: usize) {
        for _ in 0..ACCEPTS_AT_ONCE {
            let Some(open) = self.listeners.get(listener) else { return };
            let stream = match open.listener.accept() {
                Ok(stream) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // This client is gone again; another may wait.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted) => {
                    continue;
                }
                // No descriptor, or no memory, is left. The client waits on, and so would the poll tell on and on.
                Err(error) => return self.pause(poll, &error),
            };
            self.is_short = false;
            let id = ConnectionId(self.next_token);
            self.next_token += 1;
            // Where not even the poll takes it, it is closed.
            let Ok(connection) = Connection::new(id, stream, listener, poll) else { continue };
            let is_full = self.connections.len() >= CONNECTIONS_MOST && !self.make_room(poll);
            self.connections.insert(id, connection);
            if is_full {
                let _ = self.refuse(id);
                self.drop_connection(poll, id);
            }
        }
    }

    /// Drops the connection that is missed least, and says whether there was one.
    fn make_room(&mut self, poll: &Poll) -> bool {
        let dispensable = |(id, one): (&ConnectionId, &Connection)| one.dispensable().map(|rank| (rank, *id));
        let Some((_, id)) = self.connections.iter().filter_map(dispensable).min() else { return false };
        self.drop_connection(poll, id);
        true
    }

    fn pause(&mut self, poll: &Poll, error: &io::Error) {
        if !std::mem::replace(&mut self.is_short, true) {
            self.notes.push((config::Level::Error, format!("cannot accept a connection: {error}")));
        }
        self.make_room(poll);
        self.paused = Instant::now().checked_add(PAUSE);
        self.listen(poll, Interest::NONE);
    }

    fn listen(&self, poll: &Poll, interest: Interest) {
        for (open, token) in self.listeners.iter().zip(self.first_token..) {
            // It is registered since it was opened.
            let _ = poll.change(&open.listener, token, interest);
        }
    }
}
