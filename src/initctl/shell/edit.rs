//! A line typed at a terminal.

use super::complete::{self, Completion};
use super::history::History;
use super::key::{self, Key};
use super::line::{Effect, Line};
use crate::initctl::command::{self, Process, Result};
use crate::initctl::controller::Controller;
use crate::rpc::Value;
use crate::sys::terminal;

/// The width of a terminal that does not tell.
const COLUMNS: usize = 80;

/// A line being typed.
struct Edit<'a> {
    prompt: &'a str,
    history: &'a mut History,
    line: Line,
    /// In which row below the prompt's first the cursor is.
    row: usize,
    /// How many lines ago the one shown was typed; 0 for the new one, which `new` keeps meanwhile.
    ago: usize,
    new: String,
    /// What there is to complete, asked once for a line.
    processes: Option<Vec<Process>>,
    /// Whether the key before was a Tab that could complete nothing: the next one shows what there is.
    shows_all: bool,
}

/// Reads a line; `None` where the user has enough. The terminal is as it was afterwards.
pub(super) fn line(controller: &mut Controller<'_>, prompt: &str, history: &mut History) -> Result<Option<String>> {
    terminal::take_keys()?;
    controller.signals.has_keys = true;
    let mut edit = Edit {
        prompt,
        history,
        line: Line::default(),
        row: 0,
        ago: 0,
        new: String::new(),
        processes: None,
        shows_all: false,
    };
    let line = edit.run(controller);
    controller.signals.has_keys = false;
    terminal::give_back(b"");
    if let Ok(Some(line)) = &line {
        edit.history.add(line);
    }
    line
}

impl Edit<'_> {
    fn run(&mut self, controller: &mut Controller<'_>) -> Result<Option<String>> {
        self.draw(controller);
        while !controller.is_over {
            let Some((key, count)) = key::read(&controller.input.came) else {
                // The terminal is lost.
                if !controller.input.receive(&controller.signals)? {
                    return Ok(None);
                }
                continue;
            };
            controller.input.came.drain(..count.min(controller.input.came.len()));
            let effect = self.line.press(key);
            self.shows_all &= key == Key::Tab;
            match effect {
                Effect::Obey => {
                    self.line.press(Key::End);
                    self.draw(controller);
                    controller.say("");
                    return Ok(Some(self.line.text()));
                }
                Effect::End => return Ok(None),
                Effect::Draw => {}
                Effect::Complete => self.complete(controller),
                Effect::Older => self.recall(self.ago.saturating_add(1)),
                Effect::Newer => self.recall(self.ago.saturating_sub(1)),
                Effect::Clear => {
                    controller.show(b"\x1b[H\x1b[2J");
                    self.row = 0;
                }
            }
            self.draw(controller);
        }
        Ok(None)
    }

    fn draw(&mut self, controller: &mut Controller<'_>) {
        let columns = terminal::columns().unwrap_or(COLUMNS);
        let (drawing, row) = self.line.draw(self.prompt, columns, self.row);
        self.row = row;
        controller.show(drawing.as_bytes());
    }

    /// Shows an older line in place of this one, or the new one again.
    fn recall(&mut self, ago: usize) {
        if self.ago == 0 {
            self.new = self.line.text();
        }
        let text = if ago == 0 { Some(self.new.as_str()) } else { self.history.ago(ago) };
        if let Some(text) = text {
            self.line.set(text);
            self.ago = ago;
        }
    }

    fn complete(&mut self, controller: &mut Controller<'_>) {
        let known = &mut self.processes;
        // Whom one cannot ask, one cannot complete.
        let processes = || known.get_or_insert_with(|| ask(controller).unwrap_or_default()).clone();
        let (line, before) = (self.line.text(), self.line.before());
        let Completion { count, common, all } = complete::complete(&line, &before, processes);
        if common.chars().count() > count {
            self.line.replace(count, &common);
        } else if self.shows_all && all.len() > 1 {
            self.line.press(Key::End);
            let names: Vec<&str> = all.iter().map(|name| name.trim_end()).collect();
            controller.show(format!("\n{}", command::columns(&names)).as_bytes());
            self.row = 0;
        } else {
            controller.show(b"\x07");
        }
        self.shows_all = all.len() > 1;
    }
}

fn ask(controller: &mut Controller<'_>) -> Result<Vec<Process>> {
    command::list(&controller.call("supervisor.getAllProcessInfo", Vec::<Value>::new())?)
}
