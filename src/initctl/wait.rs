//! Waiting for the server or the user, and for Ctrl-C meanwhile.

use crate::sys::terminal;
use crate::sys::watch::{Asked, For, Watch, Woken};
use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

/// Signals end this process, as they do by themselves, until it takes them.
#[derive(Debug, Default)]
pub(super) struct Signals {
    watch: Option<Watch>,
    /// Whether keys are taken as they are typed: while this process is stopped the terminal is others'.
    pub(super) has_keys: bool,
}

/// What the user wants instead of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Ctrl-C.
    Interrupt,
    /// The end.
    Terminate,
}

impl Signals {
    /// From now on signals end what is being waited for, and not this process.
    pub(super) fn take(&mut self) -> io::Result<()> {
        if self.watch.is_none() {
            self.watch = Some(Watch::new()?);
        }
        Ok(())
    }

    /// Waits until there is something to read, be it the end; false where there was nothing in that time.
    pub(super) fn wait(&self, file: BorrowedFd<'_>, within: Option<Duration>) -> io::Result<Result<bool, Ended>> {
        // Without a watch reading itself waits.
        let Some(watch) = &self.watch else { return Ok(Ok(true)) };
        loop {
            match watch.wait(Some((file, For::Input)), within)? {
                Woken::Ready { .. } => return Ok(Ok(true)),
                Woken::Signal(Asked::Interrupt) => return Ok(Err(Ended::Interrupt)),
                Woken::Signal(Asked::End) => return Ok(Err(Ended::Terminate)),
                Woken::Signal(Asked::Stop) if self.has_keys => {
                    terminal::give_back(b"");
                    watch.stop();
                    terminal::take_keys()?;
                }
                Woken::Signal(Asked::Stop) => watch.stop(),
                Woken::Nothing if within.is_some() => return Ok(Ok(false)),
                Woken::Signal(Asked::Resize | Asked::Continue) | Woken::Nothing => {}
            }
        }
    }
}
