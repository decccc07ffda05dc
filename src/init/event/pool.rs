use super::{Listener, Note, State, Type};
use crate::init::config::Level;
use std::collections::VecDeque;
use std::rc::Rc;

/// An event as all pools hold it.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) kind: Type,
    pub(super) payload: String,
    /// Its number among all events that any pool took.
    pub(super) serial: u64,
}

/// An event in a pool.
#[derive(Debug)]
pub(super) struct Buffered {
    message: Rc<Message>,
    /// Its number among the pool's events.
    pool_serial: u64,
}

/// What waits in a pool. When one more comes than `size` the oldest is lost, even if it was put back a moment ago.
#[derive(Debug)]
pub(super) struct Buffer {
    pool: String,
    events: VecDeque<Buffered>,
    size: usize,
    lost: u64,
}

impl Buffer {
    fn push(&mut self, event: Buffered) -> Option<Note> {
        let note = self.make_room();
        self.events.push_back(event);
        note
    }

    /// Takes back an event that was sent to a listener which did not do with it.
    pub(super) fn put_back(&mut self, event: Buffered, notes: &mut Vec<Note>) {
        let (serial, pool, length, size) = (event.message.serial, &self.pool, self.events.len(), self.size);
        let text = format!("rebuffering event {serial} for pool {pool} (buf size={length}, max={size})");
        notes.push((Level::Debug, text));
        notes.extend(self.make_room());
        self.events.push_front(event);
    }

    fn make_room(&mut self) -> Option<Note> {
        if self.events.len() < self.size {
            return None;
        }
        let serial = self.events.pop_front()?.message.serial;
        self.lost += 1;
        Some((Level::Error, format!("pool {} event buffer overflowed, discarding event {serial}", self.pool)))
    }
}

/// What became of an event that was offered to a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It was written, or will be.
    Taken,
    /// The listener is not RUNNING.
    NotRunning,
    /// Its standard input is closed.
    Broken,
}

/// The listeners of an `[eventlistener:x]`, what they subscribed to, and what waits for one of them.
#[derive(Debug)]
pub struct Pool {
    events: Vec<Type>,
    buffer: Buffer,
    /// How many events it has taken: the next one's `poolserial:`.
    serial: u64,
    listeners: Vec<Listener>,
}

impl Pool {
    /// The pool of the group `name`. An event goes to the first of `processes` that is ready.
    #[must_use]
    pub fn new<'a>(
        name: &str,
        events: &[Type],
        buffer_size: usize,
        processes: impl IntoIterator<Item = &'a str>,
    ) -> Pool {
        Pool {
            events: events.to_vec(),
            buffer: Buffer { pool: name.to_owned(), events: VecDeque::new(), size: buffer_size, lost: 0 },
            serial: 0,
            listeners: processes.into_iter().map(Listener::new).collect(),
        }
    }

    /// Takes another configuration: what waits goes on to wait, as far as there is room; so do listeners that stay, where they
    /// stand.
    pub fn change<'a>(
        &mut self,
        events: &[Type],
        buffer_size: usize,
        processes: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Note> {
        let mut notes = Vec::new();
        self.events = events.to_vec();
        self.buffer.size = buffer_size;
        while self.buffer.events.len() > buffer_size {
            notes.extend(self.buffer.make_room());
        }
        let mut before = std::mem::take(&mut self.listeners);
        for name in processes {
            let there = before.iter().position(|listener| listener.process() == name);
            self.listeners.push(there.map_or_else(|| Listener::new(name), |at| before.swap_remove(at)));
        }
        for event in before.iter_mut().filter_map(Listener::end) {
            self.buffer.put_back(event, &mut notes);
        }
        notes
    }

    /// Its group's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.buffer.pool
    }

    /// Whether it subscribed to this.
    #[must_use]
    pub fn wants(&self, kind: Type) -> bool {
        self.events.iter().any(|subscribed| subscribed.includes(kind))
    }

    /// How many events were discarded because it was full.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.buffer.lost
    }

    /// How many events wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.events.len()
    }

    /// Its listeners, in the order in which they are offered events.
    pub fn listeners(&self) -> impl Iterator<Item = &Listener> {
        self.listeners.iter()
    }

    /// Takes an event that has just happened; a note says which one was discarded for it.
    pub(super) fn accept(&mut self, message: &Rc<Message>) -> Option<Note> {
        let event = Buffered { message: Rc::clone(message), pool_serial: self.serial };
        self.serial += 1;
        self.buffer.push(event)
    }

    /// Offers what waits, oldest first, to the listeners that are READY, until nobody takes it. `offer` gets the name of a
    /// process and what is to be written to its standard input; `server` is the daemon's `identifier`.
    pub fn dispatch(&mut self, server: &str, mut offer: impl FnMut(&str, &[u8]) -> Offer) -> Vec<Note> {
        let mut notes = Vec::new();
        while self.listeners.iter().any(|listener| listener.state() == State::Ready) {
            let Some(event) = self.buffer.events.pop_front() else { break };
            let (envelope, serial) = (self.envelope(server, &event), event.message.serial);
            let taker = self.listeners.iter_mut().filter(|listener| listener.state() == State::Ready).find(|listener| {
                let offered = offer(listener.process(), envelope.as_bytes());
                if offered == Offer::Broken {
                    let listener = listener.process();
                    let broken =
                        format!("epipe occurred while sending event {serial} to listener {listener}, listener state unchanged");
                    notes.push((Level::Debug, broken));
                }
                offered == Offer::Taken
            });
            let Some(listener) = taker else {
                self.buffer.events.push_front(event);
                break;
            };
            notes.push((Level::Debug, format!("event {serial} sent to listener {}", listener.process())));
            listener.take(event);
        }
        notes
    }

    /// A listener wrote this on its standard output.
    pub fn heard(&mut self, process: &str, bytes: &[u8]) -> Vec<Note> {
        let mut notes = Vec::new();
        if let Some(listener) = self.listeners.iter_mut().find(|listener| listener.process() == process) {
            listener.hear(bytes, &mut self.buffer, &mut notes);
        }
        notes
    }

    /// A listener's process ended, and all that it wrote was heard. An event that it had not done with waits for the next one.
    pub fn ended(&mut self, process: &str) -> Vec<Note> {
        let mut notes = Vec::new();
        let ended = self.listeners.iter_mut().find(|listener| listener.process() == process);
        if let Some(event) = ended.and_then(Listener::end) {
            self.buffer.put_back(event, &mut notes);
        }
        notes
    }

    /// The header line and the payload. `len:` counts characters, though bytes are sent: Python listeners read text, and count on
    /// it.
    fn envelope(&self, server: &str, event: &Buffered) -> String {
        let Message { kind, payload, serial } = &*event.message;
        let (pool, pool_serial) = (self.name(), event.pool_serial);
        let (name, len) = (kind.name(), payload.chars().count());
        format!(
            "ver:3.0 server:{server} serial:{serial} pool:{pool} poolserial:{pool_serial} eventname:{name} len:{len}\n{payload}"
        )
    }
}
