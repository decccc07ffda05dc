use crate::sys::poll::{Interest, Poll};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};

/// What waits at most for a process to read it; a client that sends more is refused.
const MOST: usize = 8 << 20;

/// The standard input of a process: what it is sent waits until it reads it.
#[derive(Debug)]
pub(super) struct Stdin {
    pipe: File,
    token: u64,
    waiting: VecDeque<u8>,
}

impl Stdin {
    /// The end that is written to, which must not block.
    pub(super) fn new(pipe: File, token: u64) -> Stdin {
        Stdin { pipe, token, waiting: VecDeque::new() }
    }

    /// Sends something, at once or when there is room.
    ///
    /// # Errors
    /// A broken pipe where nobody reads any more; `WriteZero` where too much waits already.
    pub(super) fn send(&mut self, poll: &Poll, bytes: &[u8]) -> io::Result<()> {
        if self.waiting.len().saturating_add(bytes.len()) > MOST {
            return Err(io::ErrorKind::WriteZero.into());
        }
        let waited = !self.waiting.is_empty();
        self.waiting.extend(bytes);
        self.write()?;
        if !waited && !self.waiting.is_empty() {
            // Where it is watched already, it stays so.
            let _ = poll.add(&self.pipe, self.token, Interest::WRITE);
        }
        Ok(())
    }

    /// Sends more of what waits.
    ///
    /// # Errors
    /// A broken pipe where nobody reads any more.
    pub(super) fn ready(&mut self, poll: &Poll) -> io::Result<()> {
        let written = self.write();
        if self.waiting.is_empty() || written.is_err() {
            let _ = poll.remove(&self.pipe);
        }
        written
    }

    fn write(&mut self) -> io::Result<()> {
        while !self.waiting.is_empty() {
            let (first, _) = self.waiting.as_slices();
            match self.pipe.write(first) {
                Ok(written) => drop(self.waiting.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => {
                    self.waiting.clear();
                    return Err(error);
                }
            }
        }
        // What a burst needed is given back.
        self.waiting.shrink_to(0);
        Ok(())
    }
}
