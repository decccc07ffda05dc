//! What keys do, and what the screen shows: keys in; a changed [`Session`], [`Effect`]s and [`Page`]s out. No terminal, clock or
//! file is touched here.

mod answer;
mod bottom;
mod colours;
mod command;
mod fields;
mod help;
mod inspect;
mod locate;
mod marked;
mod number;
mod prompt;
mod scroll;
mod signal;
mod tasks;
#[cfg(test)]
mod tests;
mod toggle;
mod windows;

use super::frame::Frame;
use super::key::{Effect, Key, Size};
use super::line::{Line, Look, Style};
use super::page::Page;
use super::rc::Doubt;
use super::row::Row;
use super::sampler::Sampler;
use super::session::{Fill, Session};
use crate::snapshot::Needs;
use bottom::Bottom;
use colours::Colours;
use fields::Fields;
use inspect::Inspect;
use locate::Search;
use prompt::Prompt;
use std::collections::VecDeque;
use std::time::Duration;
use tasks::Drawn;

/// So long a message is seen.
const MESSAGE: Duration = Duration::from_millis(1250);
/// So many messages are kept to be shown again (Ctrl-L).
const LOGGED: usize = 10;

/// The conversation with the user.
#[derive(Debug)]
pub(super) struct Interaction {
    /// What lasts from frame to frame.
    pub(super) session: Session,
    /// How many colours the terminal has.
    pub(super) palette: u16,
    secure: bool,
    /// What the user is asked before the rc file is written.
    doubts: Vec<Doubt>,
    mode: Mode,
    prompt: Option<Prompt>,
    message: Option<(String, Duration)>,
    log: VecDeque<String>,
    history: Vec<String>,
    /// What was looked for in each window, and is marked there.
    located: [String; 4],
    search: Option<Search>,
    bottom: Option<Bottom>,
    inspected: inspect::Kept,
    drawn: Drawn,
}

/// Which screen is shown.
#[derive(Debug)]
enum Mode {
    /// The tasks.
    Tasks,
    /// The first page of the help.
    Help,
    /// The second, on windows.
    HelpWindows,
    /// The fields.
    Fields(Fields),
    /// The colours.
    Colours(Colours),
    /// The output of commands and files.
    Inspect(Inspect),
}

impl Interaction {
    /// The beginning: the tasks are shown. In secure mode nothing outside can be changed. `doubts` are asked about before the rc file
    /// is written.
    #[must_use]
    pub(super) fn new(session: Session, secure: bool, doubts: Vec<Doubt>) -> Interaction {
        Interaction {
            session,
            palette: 8,
            secure,
            doubts,
            mode: Mode::Tasks,
            prompt: None,
            message: None,
            log: VecDeque::new(),
            history: Vec::new(),
            located: Default::default(),
            search: None,
            bottom: None,
            inspected: inspect::Kept::default(),
            drawn: Drawn::default(),
        }
    }

    /// What a key does; `frame` is the one that is shown, on a screen of that size. `now` is since boot.
    pub(super) fn key(&mut self, key: Key, frame: &mut Frame, size: Size, now: Duration) -> Effect {
        let asked = self.asked();
        let effect = match (self.prompt.is_some(), &self.mode) {
            (true, _) => self.prompt_key(key, frame, now),
            (_, Mode::Tasks) => self.command(key, frame, size, now),
            (_, Mode::Help | Mode::HelpWindows) => self.help_key(key),
            (_, Mode::Fields(_)) => self.fields_key(key),
            (_, Mode::Colours(_)) => self.colours_key(key),
            (_, Mode::Inspect(_)) => self.inspect_key(key, size, now),
        };
        match effect {
            // What is shown now must be read first; a message stands before what was shown, and a frame is taken when it has gone.
            Effect::Draw if self.asked() != asked && self.message.is_none() => Effect::Refresh,
            effect => effect,
        }
    }

    /// What a frame must bring.
    fn asked(&self) -> (Needs, [bool; 4], Vec<u32>) {
        let wanted = self.session.wanted();
        (wanted.needs, [wanted.threads, wanted.irix, wanted.each_cpu, wanted.container], wanted.pids.to_vec())
    }

    /// The screen of a frame.
    pub(super) fn page(&mut self, frame: &mut Frame, sampler: &mut Sampler<'_>, size: Size, now: Duration) -> Page {
        self.draw(frame, &mut |rows: &mut dyn Iterator<Item = &mut Row>, needs| sampler.fill(rows, needs), size, now)
    }

    fn draw(&mut self, frame: &mut Frame, fill: &mut Fill<'_>, size: Size, now: Duration) -> Page {
        if self.message_until().is_some_and(|until| until <= now) {
            self.message = None;
        }
        let mut lines = match &self.mode {
            Mode::Tasks => self.tasks(frame, fill, size, now),
            Mode::Help => last(self.help(), size),
            Mode::HelpWindows => last(self.help_windows(), size),
            Mode::Fields(fields) => self.fields(fields, size),
            Mode::Colours(colours) => last(self.colours(colours), size),
            Mode::Inspect(inspect) => self.inspect(inspect, size),
        };
        let mut cursor = None;
        let at = self.message_line(size);
        if let Some(spoken) = self.spoken(frame, size, &mut cursor) {
            if lines.len() <= at {
                lines.resize(at + 1, Line::default());
            }
            if let Some(line) = lines.get_mut(at) {
                *line = spoken;
            }
        }
        lines.truncate(size.lines);
        for line in &mut lines {
            line.clip(size.columns);
            self.resolve(line, self.session.config.current);
        }
        Page { lines, cursor: cursor.map(|column| (column, at)) }
    }

    /// Where messages and prompts stand.
    fn message_line(&self, size: Size) -> usize {
        let line = if matches!(self.mode, Mode::Inspect(_)) { inspect::STATUS } else { self.drawn.summary };
        line.min(size.lines.saturating_sub(1))
    }

    /// What stands in the message line, and in which column the cursor.
    fn spoken(&self, frame: &Frame, size: Size, cursor: &mut Option<usize>) -> Option<Line> {
        if let Some(prompt) = &self.prompt {
            *cursor = prompt.cursor().map(|column| column.min(size.columns.saturating_sub(1)));
            return Some(prompt.line(size.columns));
        }
        if let Some((message, _)) = &self.message {
            return Some(Line::of(Look::Message, format!(" {message} ")));
        }
        // Where there is no line for it, the header has precedence.
        let has_line = matches!(self.mode, Mode::Tasks) && size.lines > self.drawn.summary + 1;
        has_line.then(|| self.coordinates(frame)).flatten()
    }

    /// Tells the user that an effect failed, and why.
    pub(super) fn failed(&mut self, message: String, now: Duration) {
        self.say(message, now);
    }

    /// Tells the user what an effect did.
    pub(super) fn succeeded(&mut self, message: String, now: Duration) {
        self.say(message, now);
    }

    fn say(&mut self, message: impl Into<String>, now: Duration) {
        let message = message.into();
        self.log.push_front(message.clone());
        self.log.truncate(LOGGED);
        self.message = Some((message, now + MESSAGE));
    }

    /// Says something, and draws it.
    fn tell(&mut self, message: impl Into<String>, now: Duration) -> Effect {
        self.say(message, now);
        Effect::Draw
    }

    /// Shows what came of an [`Effect::Inspect`].
    pub(super) fn show_inspected(&mut self, name: &str, bytes: Vec<u8>) {
        if let Mode::Inspect(inspect) = &mut self.mode {
            inspect.view(name, bytes);
        }
    }

    /// The time between two refreshes; `None` while something holds the screen still.
    #[must_use]
    pub(super) fn delay(&self) -> Option<Duration> {
        let runs = self.prompt.is_none() && matches!(self.mode, Mode::Tasks);
        runs.then(|| Duration::try_from_secs_f64(self.session.config.delay).unwrap_or(Duration::MAX))
    }

    /// Until when a message is seen, since boot. Keys wait that long.
    #[must_use]
    pub(super) fn message_until(&self) -> Option<Duration> {
        self.message.as_ref().map(|(_, until)| *until)
    }

    /// The style of a look, under the colours of the current window.
    #[must_use]
    pub(super) fn style(&self, look: Look) -> Style {
        self.style_in(look, self.session.config.current)
    }

    fn style_in(&self, look: Look, window: usize) -> Style {
        let current = self.session.config.window();
        colours::style(look, self.session.config.windows.get(window).unwrap_or(current))
    }

    /// Makes styles of a line's looks, where it is known whose colours they have.
    fn resolve(&self, line: &mut Line, window: usize) {
        for (_, look) in &mut line.looks {
            *look = Look::Is(self.style_in(*look, window));
        }
    }
}

/// The last lines that have room, as if they were printed onto the screen: the last leaves its last column to the cursor.
fn last(mut lines: Vec<Line>, size: Size) -> Vec<Line> {
    lines.drain(..lines.len().saturating_sub(size.lines));
    if let Some(last) = lines.last_mut() {
        last.clip(size.columns.saturating_sub(1));
    }
    lines
}
