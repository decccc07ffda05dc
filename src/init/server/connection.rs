//! A conversation on a socket.

use super::ConnectionId;
use super::conversation::{Conversation, Phase};
use super::message::Request;
use crate::rpc::Login;
use crate::sys::poll::{Interest, Poll, Ready};
use crate::sys::socket::Stream;
use std::io;
use std::time::{Duration, Instant};

/// A request must be complete within so long, and an answer must go on.
pub const REQUEST_WITHIN: Duration = Duration::from_secs(60);

/// So long nothing need be asked, as with supervisord: an interactive supervisorctl does not survive the loss of its
/// connection.
pub const IDLE_AT_MOST: Duration = Duration::from_secs(30 * 60);

/// After the last answer the client has so long to hang up. Closing at once could take the answer from it while it still sends.
const LINGER: Duration = Duration::from_secs(2);

/// So much is read or written before others have their turn.
const AT_ONCE: usize = 64 << 10;
const WRITES_AT_ONCE: usize = 16;

/// A client's connection.
#[derive(Debug)]
pub(super) struct Connection {
    id: ConnectionId,
    stream: Stream,
    pub(super) conversation: Conversation,
    /// Through which listener it came.
    pub(super) listener: usize,
    phase: Phase,
    /// Since when the phase lasts, or when something was sent last.
    since: Instant,
    interest: Interest,
    /// The client will send nothing more.
    has_ended: bool,
    /// It is told that nothing more will be sent.
    has_said_goodbye: bool,
    /// A push was refused since there was no room for it.
    pub(super) was_full: bool,
}

/// The client is gone, or is to be.
#[derive(Debug)]
pub(super) struct Gone;

impl Connection {
    pub(super) fn new(id: ConnectionId, stream: Stream, listener: usize, poll: &Poll) -> io::Result<Connection> {
        poll.add(&stream, id.0, Interest::READ)?;
        let conversation = Conversation::new();
        Ok(Connection {
            id,
            stream,
            phase: conversation.phase(),
            conversation,
            listener,
            since: Instant::now(),
            interest: Interest::READ,
            has_ended: false,
            has_said_goodbye: false,
            was_full: false,
        })
    }

    /// Reads and writes what can be, and says what is asked.
    pub(super) fn ready(&mut self, ready: &Ready, login: Option<&Login>) -> Result<Option<Request>, Gone> {
        let reads = ready.read && self.conversation.wants_input() && !self.has_ended;
        let came = if reads { self.read()? } else { 0 };
        if ready.hung && came == 0 {
            return Err(Gone);
        }
        self.write()?;
        let request = self.conversation.next(login, self.id);
        // What was refused is told at once.
        self.write()?;
        Ok(request)
    }

    fn read(&mut self) -> Result<usize, Gone> {
        let mut buffer = [0; AT_ONCE];
        match self.stream.read(&mut buffer) {
            Ok(0) => {
                self.has_ended = true;
                Ok(0)
            }
            Ok(count) => {
                self.conversation.receive(buffer.get(..count).unwrap_or_default());
                Ok(count)
            }
            Err(error) => later(&error),
        }
    }

    /// Sends what the other end takes.
    pub(super) fn write(&mut self) -> Result<(), Gone> {
        for _ in 0..WRITES_AT_ONCE {
            let front = self.conversation.output.front();
            if front.is_empty() {
                break;
            }
            let count = self.stream.write(front.get(..AT_ONCE).unwrap_or(front)).or_else(|error| later(&error))?;
            if count == 0 {
                break;
            }
            self.conversation.output.advance(count);
            self.since = Instant::now();
        }
        Ok(())
    }

    /// Has the poll wait for what comes next; nothing does where the client is done with.
    pub(super) fn settle(&mut self, poll: &Poll) -> Result<(), Gone> {
        let phase = self.conversation.phase();
        if self.has_ended && !self.conversation.has_more() && !matches!(phase, Phase::Answering | Phase::Sending) {
            return Err(Gone);
        }
        if phase == Phase::Over && !self.has_said_goodbye {
            self.has_said_goodbye = true;
            self.stream.end_writing().map_err(|_| Gone)?;
        }
        if phase != self.phase {
            self.phase = phase;
            self.since = Instant::now();
        }
        // A request that is there already is looked at in its turn: there is always room to write by then, so the poll tells
        // at once.
        let write = !self.conversation.output.is_empty() || self.conversation.has_more();
        let wanted = Interest { read: self.conversation.wants_input() && !self.has_ended, write };
        if wanted != self.interest {
            poll.change(&self.stream, self.id.0, wanted).map_err(|_| Gone)?;
            self.interest = wanted;
        }
        Ok(())
    }

    /// When it will have lasted too long as it is.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let most = match self.phase {
            Phase::Over => LINGER,
            Phase::Idle => IDLE_AT_MOST,
            Phase::Asking | Phase::Sending => REQUEST_WITHIN,
            Phase::Answering | Phase::Pushing => return None,
        };
        self.since.checked_add(most)
    }

    /// What of all connections is missed least comes first; `None` where somebody waits for a whole answer.
    pub(super) fn dispensable(&self) -> Option<(Phase, Instant)> {
        (self.phase <= Phase::Pushing).then_some((self.phase, self.since))
    }

    /// Whether all that was pushed is sent, after a push was refused. Says so once.
    pub(super) fn take_drained(&mut self) -> bool {
        let drained = self.was_full && self.conversation.output.is_empty();
        self.was_full &= !drained;
        drained
    }

    pub(super) fn close(self, poll: &Poll) {
        // A child that was forked and has not executed anything yet still has it open.
        let _ = poll.remove(&self.stream);
    }
}

/// 0 where it only has to be tried again.
fn later(error: &io::Error) -> Result<usize, Gone> {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(0),
        _ => Err(Gone),
    }
}
