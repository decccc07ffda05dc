//! top on a terminal: takes keys and signals, shows pages, and does what keys ask for. What they mean is said in `interact`; what
//! is seen is made in `screen`.

mod check;
mod effect;
mod inspect;
mod lease;
mod save;

pub(super) use check::check;

use super::frame::Frame;
use super::interact::Interaction;
use super::rc::Places;
use super::sampler::Sampler;
use super::screen::{Keys, Kind, Screen};
use crate::sys::Machine;
use crate::sys::terminal;
use crate::sys::watch::{Asked, Woken};
use lease::{Lease, Words};
use std::io;
use std::time::Duration;

/// After what may be the beginning of a key, the rest is waited for so long. Terminals send a key's bytes at once.
const REST: Duration = Duration::from_millis(50);

/// How top on a terminal is started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'a> {
    /// What the terminal can.
    pub(super) kind: Kind,
    /// No line is wider; as wide as the terminal where `None`.
    pub width: Option<usize>,
    /// It ends after so many frames; never where `None`.
    pub(super) iterations: Option<u64>,
    /// Where W writes.
    pub(super) places: &'a Places,
}

/// Runs until the user has enough, and says the exit code: 0 also where a signal ends it, 1 where the terminal is lost.
///
/// # Errors
/// Those of reading what top cannot do without. The terminal is given back by then.
pub(super) fn run(
    interaction: &mut Interaction,
    sampler: &mut Sampler<'_>,
    machine: &dyn Machine,
    start: &Start<'_>,
) -> io::Result<u8> {
    interaction.palette = start.kind.colours;
    let screen = Screen::new(start.kind, interaction.session.utf8);
    let words = Words { begin: screen.begin(), pause: screen.pause(), end: screen.end() };
    let Ok(lease) = Lease::take(words) else { return Ok(1) };
    let frame = sampler.take(&interaction.session.wanted())?;
    let mut top = Top {
        taken: machine.boottime(),
        interaction,
        sampler,
        machine,
        start,
        frame,
        frames: 1,
        screen,
        lease,
        keys: Keys::default(),
        said: false,
        wanted: Wanted::Page,
    };
    loop {
        match top.step() {
            Ok(()) => (),
            Err(Over::Ended) => return Ok(0),
            Err(Over::Lost) => return Ok(1),
            Err(Over::Unreadable(error)) => return Err(error),
        }
    }
}

/// Why it is over.
#[derive(Debug)]
enum Over {
    /// Somebody wanted it so.
    Ended,
    /// The terminal is gone.
    Lost,
    /// There is no frame to be had.
    Unreadable(io::Error),
}

/// What the screen lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    Nothing,
    /// It does not show what is so.
    Page,
    /// It shows what was.
    Frame,
}

/// Top while it runs.
struct Top<'t, 's> {
    interaction: &'t mut Interaction,
    sampler: &'t mut Sampler<'s>,
    machine: &'t dyn Machine,
    start: &'t Start<'t>,
    frame: Frame,
    /// When the frame was taken.
    taken: Duration,
    /// How many were.
    frames: u64,
    screen: Screen,
    lease: Lease,
    keys: Keys,
    /// A message stands on the screen.
    said: bool,
    wanted: Wanted,
}

impl Top<'_, '_> {
    /// Does what is to be done next: a signal, a key, a page. Waits where there is nothing.
    fn step(&mut self) -> Result<(), Over> {
        if let Some(asked) = self.lease.asked() {
            return self.asked(asked);
        }
        let now = self.machine.boottime();
        // While a message stands, keys wait.
        let message = self.interaction.message_until().filter(|until| *until > now);
        if self.said && message.is_none() {
            self.want(Wanted::Frame);
        }
        self.said = message.is_some();
        let due = self.interaction.delay().map(|delay| self.taken.saturating_add(delay));
        if message.is_none() {
            if let Some(key) = self.keys.next(false) {
                return self.key(key, now);
            }
            if due.is_some_and(|due| due <= now) {
                // Where a page takes longer than the delay, one is always due: keys come first.
                self.wait(Some(if self.keys.is_empty() { Duration::ZERO } else { REST }))?;
                if !self.keys.is_empty() {
                    return Ok(());
                }
                self.want(Wanted::Frame);
            }
        }
        if self.wanted != Wanted::Nothing {
            return self.show();
        }
        let next = match message {
            None if !self.keys.is_empty() => Some(now.saturating_add(REST)),
            None => due,
            message => message,
        };
        self.wait(next.map(|next| next.saturating_sub(now)))
    }

    /// Remembers that the screen lacks something.
    fn want(&mut self, wanted: Wanted) {
        self.wanted = self.wanted.max(wanted);
    }

    /// Takes a frame where it is wanted, and shows it.
    fn show(&mut self) -> Result<(), Over> {
        if self.wanted == Wanted::Frame {
            self.frame = self.sampler.take(&self.interaction.session.wanted()).map_err(Over::Unreadable)?;
            self.taken = self.machine.boottime();
            self.frames += 1;
        }
        self.wanted = Wanted::Nothing;
        self.draw()?;
        match self.start.iterations {
            Some(most) if self.frames >= most => Err(Over::Ended),
            _ => Ok(()),
        }
    }

    /// Shows the frame.
    fn draw(&mut self) -> Result<(), Over> {
        if let Some((columns, lines)) = terminal::size() {
            self.screen.resize(self.start.width.unwrap_or(columns).min(columns), lines);
        }
        let now = self.machine.boottime();
        let page = self.interaction.page(&mut self.frame, self.sampler, self.screen.size(), now);
        let mut bytes = Vec::new();
        let interaction = &*self.interaction;
        let drawn = self.screen.draw(&page, |look| interaction.style(look), &mut bytes);
        match drawn.and_then(|()| self.lease.write(&bytes)) {
            Ok(true) => (),
            // A signal came before all was written, and nobody knows what is seen.
            Ok(false) => {
                self.screen.forget();
                self.want(Wanted::Page);
            }
            Err(_) => return Err(Over::Lost),
        }
        Ok(())
    }

    /// Waits for keys and signals, so long at most; for ever where `None`.
    fn wait(&mut self, within: Option<Duration>) -> Result<(), Over> {
        // What is typed too far ahead, or while a message stands, the terminal keeps.
        match self.lease.wait(!self.said && self.keys.has_room(), within).map_err(|_| Over::Lost)? {
            Woken::Signal(asked) => self.asked(asked),
            Woken::Ready { hung } => self.read(hung),
            Woken::Nothing if self.said => Ok(()),
            // What looked like the beginning of a key is one.
            Woken::Nothing => match self.keys.next(true) {
                Some(key) => self.key(key, self.machine.boottime()),
                None => Ok(()),
            },
        }
    }

    fn read(&mut self, hung: bool) -> Result<(), Over> {
        let mut typed = [0; 4096];
        match terminal::read(&mut typed) {
            Ok(0) if hung => Err(Over::Lost),
            Ok(len) => {
                self.keys.push(typed.get(..len).unwrap_or_default());
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(_) => Err(Over::Lost),
        }
    }

    /// Does what a signal asks for.
    fn asked(&mut self, asked: Asked) -> Result<(), Over> {
        match asked {
            // The terminal's end is told by a signal as well.
            Asked::End if self.lease.is_lost() => return Err(Over::Lost),
            Asked::End | Asked::Interrupt => return Err(Over::Ended),
            Asked::Resize => (),
            Asked::Stop => return self.stop(),
            Asked::Continue => {
                self.lease.again().map_err(|_| Over::Lost)?;
                self.screen.forget();
            }
        }
        self.want(Wanted::Page);
        Ok(())
    }

    /// Stops until continued.
    fn stop(&mut self) -> Result<(), Over> {
        self.lease.stop().map_err(|_| Over::Lost)?;
        self.screen.forget();
        self.want(Wanted::Frame);
        Ok(())
    }
}
