//! The four windows: which is the current one, and which are shown (A a w g G - _ = +).

use super::prompt::Ask;
use super::{Interaction, Mode};
use crate::tools::top::config::Flags;
use crate::tools::top::field::Field;
use crate::tools::top::key::{Effect, Key};
use crate::tools::top::session::Pane;
use std::time::Duration;

impl Interaction {
    /// The next window, or the one before, is the current one.
    pub(super) fn step_window(&mut self, forward: bool) {
        let windows = self.session.config.windows.len();
        let step = if forward { 1 } else { windows - 1 };
        self.session.config.current = (self.session.config.current + step) % windows;
    }

    /// The window of a number is the current one; any other key leaves it.
    pub(super) fn choose_window(&mut self, key: Key) -> Effect {
        if let Key::Char(number @ '1'..='4') = key {
            let number = u32::from(number) - u32::from('1');
            self.session.config.current = usize::try_from(number).unwrap_or_default();
        }
        Effect::Draw
    }

    /// What a key does that is for several windows; `None` where it is another's.
    pub(super) fn windows_key(&mut self, key: Key, now: Duration) -> Option<Effect> {
        match key {
            Key::Char('A') => self.session.config.alternate = !self.session.config.alternate,
            Key::Char('g') => return Some(self.ask(Ask::Window, "Choose field group (1 - 4) ")),
            Key::Char('=') => self.equalize(self.session.config.current),
            Key::Char('a' | 'w' | 'G' | '-' | '_' | '+') if !self.session.config.alternate => {
                return Some(self.tell("Command disabled, 'A' mode required", now));
            }
            Key::Char(step @ ('a' | 'w')) => self.step_window(step == 'a'),
            Key::Char('G') => {
                let text = format!("Rename window '{}' to (1-3 chars) ", self.session.config.window().name);
                return Some(self.ask(Ask::Name, text));
            }
            Key::Char('-') => self.session.config.window_mut().flags.toggle(Flags::TASKS),
            Key::Char('_') => {
                // With all of them shown, that hides all.
                self.session.config.windows.iter_mut().for_each(|window| window.flags.toggle(Flags::TASKS));
            }
            Key::Char('+') => (0..self.session.panes.len()).for_each(|at| self.equalize(at)),
            _ => return None,
        }
        Some(Effect::Draw)
    }

    /// Shows all tasks of a window again, from the first.
    fn equalize(&mut self, at: usize) {
        if let Some(window) = self.session.config.windows.get_mut(at) {
            window.flags.set(Flags::TASKS, true);
            window.flags.set(Flags::IDLE, true);
            window.filters.clear();
            (window.max_tasks, window.combine_cpus) = (0, 0);
        }
        if let Some(pane) = self.session.panes.get_mut(at) {
            *pane = Pane { node: pane.node, ..Pane::default() };
        }
        if let Some(located) = self.located.get_mut(at) {
            located.clear();
        }
        self.session.pids.clear();
        self.bottom = None;
    }

    /// Whether the current window's tasks can be seen; else the user is told how.
    pub(super) fn has_tasks(&mut self, now: Duration) -> bool {
        let config = &self.session.config;
        let window = config.window();
        let seen = !config.alternate || window.flags.has(Flags::TASKS);
        if !seen {
            let name = format!("{}:{}", config.current + 1, window.name);
            self.say(format!("Command disabled, activate {name} with '-' or '_'"), now);
        }
        seen
    }

    /// Whoever sorts does not want the forest.
    pub(super) fn leave_forest(&mut self) {
        self.session.config.window_mut().flags.set(Flags::FOREST, false);
    }

    /// Sorts by a field.
    pub(super) fn sort(&mut self, field: Field) -> Effect {
        self.session.config.window_mut().sort = field;
        self.leave_forest();
        Effect::Draw
    }

    /// Goes back to the tasks.
    pub(super) fn back(&mut self) -> Effect {
        self.mode = Mode::Tasks;
        Effect::Draw
    }
}
