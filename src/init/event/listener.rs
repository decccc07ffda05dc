use super::pool::{Buffer, Buffered};
use super::{Note, text};
use crate::ini::value;
use crate::init::config::Level;

const READY: &[u8] = b"READY\n";
const RESULT: &[u8] = b"RESULT ";
/// What a listener answers when it has done its work with an event.
const OK: &[u8] = b"OK";
/// A line longer than this, in bytes, is no result line.
const LONGEST_LINE: usize = 16 << 10;

/// Where a listener stands in the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has just started, or has done its work with an event; `READY` is awaited.
    Acknowledged,
    /// It waits for an event.
    Ready,
    /// It was sent one; `RESULT` is awaited.
    Busy,
    /// It wrote what it should not, and gets no events until it is started anew.
    Unknown,
}

impl State {
    /// Its name, `READY`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Acknowledged => "ACKNOWLEDGED",
            State::Ready => "READY",
            State::Busy => "BUSY",
            State::Unknown => "UNKNOWN",
        }
    }
}

/// A listener's conversation: what it wrote on its standard output, and the event that it has. It keeps a line at most, and never
/// the body of a result.
#[derive(Debug)]
pub struct Listener {
    process: String,
    state: State,
    /// What was read and is not yet understood.
    heard: Vec<u8>,
    /// The body of a result, once its line was read.
    body: Option<Body>,
    /// The event it is busy with.
    event: Option<Buffered>,
}

/// The body of a result, as far as it was read.
#[derive(Debug)]
struct Body {
    /// How many bytes are missing.
    missing: u64,
    /// Its first bytes, as many as tell `OK` from anything else.
    start: Vec<u8>,
}

impl Listener {
    /// A listener that has not said anything.
    pub(super) fn new(process: &str) -> Listener {
        Listener { process: process.to_owned(), state: State::Acknowledged, heard: Vec::new(), body: None, event: None }
    }

    /// The name of its process.
    #[must_use]
    pub fn process(&self) -> &str {
        &self.process
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// It was sent this event.
    pub(super) fn take(&mut self, event: Buffered) {
        self.state = State::Busy;
        self.event = Some(event);
    }

    /// Its process ended; the event it had not done with is given back.
    pub(super) fn end(&mut self) -> Option<Buffered> {
        std::mem::replace(self, Listener::new(&self.process)).event
    }

    /// Understands what it wrote; an event that it rejects goes back into `buffer`.
    pub(super) fn hear(&mut self, bytes: &[u8], buffer: &mut Buffer, notes: &mut Vec<Note>) {
        self.heard.extend_from_slice(bytes);
        while !self.heard.is_empty() {
            let understood = match (self.state, &mut self.body) {
                (State::Acknowledged, _) => self.await_ready(notes),
                (State::Ready, _) => self.fail(notes),
                (State::Busy, None) => self.await_result(buffer, notes),
                (State::Busy, Some(_)) => self.await_body(buffer, notes),
                (State::Unknown, _) => {
                    self.heard.clear();
                    true
                }
            };
            if !understood {
                break;
            }
        }
    }

    /// Each of these says whether it understood anything; if not, more has to be read.
    fn await_ready(&mut self, notes: &mut Vec<Note>) -> bool {
        if self.heard.len() < READY.len() {
            return false;
        }
        if !self.heard.starts_with(READY) {
            return self.fail(notes);
        }
        self.heard.drain(..READY.len());
        self.change(State::Ready, notes);
        true
    }

    fn await_result(&mut self, buffer: &mut Buffer, notes: &mut Vec<Note>) -> bool {
        let end = self.heard.iter().position(|byte| *byte == b'\n');
        let line: Vec<u8> = match end {
            Some(end) => self.heard.drain(..=end).take(end).collect(),
            None if self.heard.len() > LONGEST_LINE => std::mem::take(&mut self.heard),
            None => return false,
        };
        // Supervisor does not look at the word, only at what stands where the length should.
        if let Some(missing) = end.and(line.get(RESULT.len()..)).and_then(length) {
            self.body = Some(Body { missing, start: Vec::new() });
            return true;
        }
        notes.push((Level::Warn, format!("{}: bad result line: '{}'", self.process, text(&line))));
        self.fail(notes);
        self.give_back(buffer, notes);
        true
    }

    fn await_body(&mut self, buffer: &mut Buffer, notes: &mut Vec<Note>) -> bool {
        let Some(body) = &mut self.body else { return false };
        let some = self.heard.len().min(usize::try_from(body.missing).unwrap_or(usize::MAX));
        let wanted = (OK.len() + 1).saturating_sub(body.start.len());
        body.start.extend(self.heard.drain(..some).take(wanted));
        body.missing -= some as u64;
        if body.missing > 0 {
            return true;
        }
        let is_ok = body.start == OK;
        self.body = None;
        if is_ok {
            notes.push((Level::Debug, format!("{}: event was processed", self.process)));
            self.event = None;
        } else {
            notes.push((Level::Warn, format!("{}: event was rejected", self.process)));
        }
        self.change(State::Acknowledged, notes);
        self.give_back(buffer, notes);
        true
    }

    /// Puts the event that it did not do with back where it was taken from.
    fn give_back(&mut self, buffer: &mut Buffer, notes: &mut Vec<Note>) {
        if let Some(event) = self.event.take() {
            buffer.put_back(event, notes);
        }
    }

    /// It said what it should not.
    fn fail(&mut self, notes: &mut Vec<Note>) -> bool {
        self.heard.clear();
        self.change(State::Unknown, notes);
        true
    }

    fn change(&mut self, to: State, notes: &mut Vec<Note>) {
        notes.push((Level::Debug, format!("{}: {} -> {}", self.process, self.state.name(), to.name())));
        self.state = to;
        if to == State::Unknown {
            let text = format!(
                "{}: has entered the UNKNOWN state and will no longer receive events, this usually indicates the \
                 process violated the eventlistener protocol",
                self.process
            );
            notes.push((Level::Warn, text));
        }
    }
}

/// A length as Python reads it: blanks around it, a sign and underscores between digits are fine.
fn length(bytes: &[u8]) -> Option<u64> {
    let number = value::integer(std::str::from_utf8(bytes).ok()?).ok()?;
    u64::try_from(number).ok()
}
