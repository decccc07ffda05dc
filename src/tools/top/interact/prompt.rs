//! A question in the message line, and the editing of its answer.

use super::Interaction;
use crate::tools::top::frame::Frame;
use crate::tools::top::key::{Effect, Key};
use crate::tools::top::line::{Line, Look};
use std::time::Duration;
use unicode_width::UnicodeWidthChar;

/// No answer is longer.
const LONGEST: usize = 1024;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Seconds between two refreshes.
    Delay,
    /// Whom to send a signal; what is told else.
    KillPid(u32),
    /// Which signal.
    KillSignal(u32),
    /// Whose nice value to change; what is told else.
    RenicePid(u32),
    /// To what.
    ReniceValue(u32),
    /// The same of autogroups.
    AutogroupPid(u32),
    /// The same of autogroups.
    AutogroupValue(u32),
    /// How many tasks at most.
    MaxTasks,
    /// Whose tasks; by any of the four users of a task?
    User(bool),
    /// Which tasks; does case matter?
    Filter(bool),
    /// Nothing: something is told until Enter.
    Nothing,
    /// What to look for.
    Locate,
    /// What to add to columns.
    Width,
    /// What a window is called.
    Name,
    /// Which window; one key is the answer.
    Window,
    /// Which NUMA node, of so many.
    Node,
    /// Which task to inspect; what is told else.
    InspectPid(u32),
    /// What to look for in what is inspected.
    InspectLocate,
    /// Whether to write the rc file all the same; one key is the answer.
    Save,
}

impl Ask {
    /// Whether one key is the answer.
    fn takes_a_key(self) -> bool {
        matches!(self, Ask::Window | Ask::Save)
    }
}

/// A question.
#[derive(Debug)]
pub(super) struct Prompt {
    /// What is asked for.
    pub(super) ask: Ask,
    text: String,
    input: Vec<char>,
    at: usize,
    overtype: bool,
    /// How many answers ago the recalled one was given, from 1; 0: it is new.
    recalled: usize,
}

impl Prompt {
    /// A question in these words.
    pub(super) fn new(ask: Ask, text: impl Into<String>) -> Prompt {
        Prompt { ask, text: text.into(), input: Vec::new(), at: 0, overtype: false, recalled: 0 }
    }

    /// The question, cut off so that the cursor has room behind it, and what has been typed.
    pub(super) fn line(&self, columns: usize) -> Line {
        let text = self.text.strip_suffix(' ').unwrap_or(&self.text);
        let mut line = Line::of(Look::Prompt, text);
        line.clip(columns.saturating_sub(2));
        line.push(" ");
        line.part(Look::Plain, self.input.iter().collect::<String>());
        line
    }

    /// Where the cursor stands; `None` where a single key is waited for.
    pub(super) fn cursor(&self) -> Option<usize> {
        let width = |c: char| c.width().unwrap_or(0);
        let before = self.input.iter().take(self.at).map(|c| width(*c)).sum::<usize>();
        (!self.ask.takes_a_key()).then(|| self.text.chars().map(width).sum::<usize>() + before)
    }

    fn edit(&mut self, key: Key, history: &[String]) {
        match key {
            Key::Char(c) if !c.is_control() && self.input.len() < LONGEST => {
                if self.overtype && self.at < self.input.len() {
                    self.input.remove(self.at);
                }
                self.input.insert(self.at, c);
                self.at += 1;
            }
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.input.remove(self.at);
            }
            Key::Delete if self.at < self.input.len() => _ = self.input.remove(self.at),
            Key::Left => self.at = self.at.saturating_sub(1),
            Key::Right => self.at = (self.at + 1).min(self.input.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.input.len(),
            Key::Insert => self.overtype = !self.overtype,
            Key::Up => self.recall(self.recalled + 1, history),
            Key::Down => self.recall(self.recalled.saturating_sub(1), history),
            _ => {}
        }
    }

    /// Takes an earlier answer, so many ago; 0 is an empty line.
    fn recall(&mut self, ago: usize, history: &[String]) {
        let Some(at) = history.len().checked_sub(ago) else { return };
        self.recalled = ago;
        self.input = history.get(at).map(|earlier| earlier.chars().collect()).unwrap_or_default();
        self.at = self.input.len();
    }
}

impl Interaction {
    /// Asks.
    pub(super) fn ask(&mut self, ask: Ask, text: impl Into<String>) -> Effect {
        self.prompt = Some(Prompt::new(ask, text));
        Effect::Draw
    }

    /// What a key does while something is asked.
    pub(super) fn prompt_key(&mut self, key: Key, frame: &mut Frame, now: Duration) -> Effect {
        let Some(prompt) = &mut self.prompt else { return Effect::None };
        let key = super::scroll::plain(key);
        if prompt.ask.takes_a_key() {
            let ask = prompt.ask;
            self.prompt = None;
            return if ask == Ask::Save { self.save(key) } else { self.choose_window(key) };
        }
        match key {
            Key::Esc => {
                self.prompt = None;
                Effect::Draw
            }
            Key::Enter => {
                let (ask, answer) = (prompt.ask, prompt.input.iter().collect::<String>());
                self.prompt = None;
                if !answer.is_empty() && self.history.last() != Some(&answer) {
                    self.history.push(answer.clone());
                }
                self.answer(ask, &answer, frame, now)
            }
            _ => {
                prompt.edit(key, &self.history);
                Effect::Draw
            }
        }
    }

    /// Asks what must be asked before the rc file is written, and writes it.
    pub(super) fn write_config(&mut self) -> Effect {
        match self.doubts.first() {
            Some(doubt) => self.ask(Ask::Save, format!("{} ", doubt.question())),
            None => Effect::WriteConfig,
        }
    }

    fn save(&mut self, key: Key) -> Effect {
        if key != Key::Char('y') {
            return Effect::Draw;
        }
        self.doubts.drain(..1.min(self.doubts.len()));
        self.write_config()
    }
}
