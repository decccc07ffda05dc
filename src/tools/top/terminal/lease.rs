//! The terminal as top's own, and how it is given back: at the end, at a stop, and in a panic.

use crate::sys::terminal;
use crate::sys::watch::{Asked, For, Watch, Woken};
use std::collections::VecDeque;
use std::io;
use std::os::fd::AsFd;
use std::panic;
use std::thread;
use std::time::Duration;

/// So much is written at once: what a terminal that says it has room takes without waiting.
const CHUNK: usize = 1024;

/// The terminal as top's own, until dropped.
#[derive(Debug)]
pub(super) struct Lease {
    watch: Watch,
    /// Signals that came while something else was waited for.
    pending: VecDeque<Asked>,
    words: Words,
}

/// What the terminal hears.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// When it is taken.
    pub(super) begin: Vec<u8>,
    /// When it is lent to others.
    pub(super) pause: Vec<u8>,
    /// When it is given back.
    pub(super) end: Vec<u8>,
}

impl Lease {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When the terminal is lost.
    pub(super) fn take(words: Words) -> io::Result<Lease> {
        let mut lease = Lease { watch: Watch::new()?, pending: VecDeque::new(), words };
        // Nothing is unwound in a program that aborts: whoever looks for the message of a panic must be able to read it.
        let (last, before) = (lease.words.end.clone(), panic::take_hook());
        panic::set_hook(Box::new(move |told| {
            terminal::give_back(&last);
            before(told);
        }));
        lease.again()?;
        Ok(lease)
    }

    /// Takes it once more, after others had it.
    pub(super) fn again(&mut self) -> io::Result<()> {
        terminal::take_keys()?;
        let begin = self.words.begin.clone();
        self.write(&begin).map(drop)
    }

    /// Gives it back, stops, and takes it again when continued.
    pub(super) fn stop(&mut self) -> io::Result<()> {
        terminal::give_back(&self.words.pause);
        self.watch.stop();
        // The signal that continued it is one of them, and is done with.
        while let Woken::Signal(asked) = self.watch.wait(None, Some(Duration::ZERO))? {
            if !matches!(asked, Asked::Continue | Asked::Stop) {
                self.pending.push_back(asked);
            }
        }
        self.again()
    }

    /// A signal that has come already.
    pub(super) fn asked(&mut self) -> Option<Asked> {
        self.pending.pop_front().or_else(|| match self.watch.wait(None, Some(Duration::ZERO)) {
            Ok(Woken::Signal(asked)) => Some(asked),
            _ => None,
        })
    }

    /// Waits for a signal, and with `keys` for keys as well.
    pub(super) fn wait(&self, keys: bool, within: Option<Duration>) -> io::Result<Woken> {
        let input = io::stdin();
        self.watch.wait(keys.then_some((input.as_fd(), For::Input)), within)
    }

    /// Whether nobody is at the terminal any more.
    pub(super) fn is_lost(&mut self) -> bool {
        loop {
            match self.watch.wait(Some((io::stdin().as_fd(), For::Input)), Some(Duration::ZERO)) {
                Ok(Woken::Signal(asked)) => self.pending.push_back(asked),
                Ok(Woken::Ready { hung }) => return hung,
                Ok(Woken::Nothing) => return false,
                Err(_) => return true,
            }
        }
    }

    /// What waits for signals.
    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Has a signal done later.
    pub(super) fn postpone(&mut self, asked: Asked) {
        self.pending.push_back(asked);
    }

    /// Writes to the terminal, which may be held (Ctrl-S) or slow: `false` where a signal that cannot wait came before all was
    /// written.
    ///
    /// # Errors
    /// When the terminal is lost.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.watch.wait(Some((io::stdout().as_fd(), For::Room)), None)? {
                Woken::Signal(asked) => {
                    self.pending.push_back(asked);
                    if asked != Asked::Resize {
                        return Ok(false);
                    }
                }
                Woken::Ready { .. } => match terminal::write(rest.get(..CHUNK).unwrap_or(rest)) {
                    Ok(len) => rest = rest.get(len..).unwrap_or_default(),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                    Err(error) => return Err(error),
                },
                Woken::Nothing => (),
            }
        }
        Ok(true)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        terminal::give_back(&self.words.end);
        // The terminal is no longer this program's to change. In a panic the hook has run.
        if !thread::panicking() {
            drop(panic::take_hook());
        }
    }
}
