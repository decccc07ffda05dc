//! The keys of the main screen.

use super::bottom::Kind;
use super::locate::Search;
use super::prompt::Ask;
use super::{Interaction, Mode, scroll};
use crate::tools::top::config::Flags;
use crate::tools::top::field::Field;
use crate::tools::top::frame::Frame;
use crate::tools::top::key::{Effect, Key, Size};
use std::time::Duration;

impl Interaction {
    /// What a key does while tasks are shown.
    pub(super) fn command(&mut self, key: Key, frame: &mut Frame, size: Size, now: Duration) -> Effect {
        let key = scroll::plain(key);
        let effect = self.global(key, now);
        let effect = effect.or_else(|| self.windows_key(key, now));
        let effect = effect.or_else(|| self.summary_key(key, frame, now));
        let effect = effect.or_else(|| self.bottom_key(key, frame));
        let effect = effect.or_else(|| self.task_key(key, frame, size, now));
        effect.unwrap_or_else(|| self.tell("Unknown command - try 'h' for help", now))
    }

    /// Keys that are for all of top.
    fn global(&mut self, key: Key, now: Duration) -> Option<Effect> {
        let changes = matches!(key, Key::Char('d' | 's' | 'k' | 'r') | Key::Ctrl('r'));
        if changes && self.secure {
            return Some(self.tell("Unavailable in secure mode", now));
        }
        let first = self.first_pid();
        let config = &mut self.session.config;
        Some(match key {
            Key::Char('q') | Key::Ctrl('c') => Effect::Quit,
            Key::Ctrl('z') => Effect::Suspend,
            Key::Char(' ') | Key::Enter => Effect::Refresh,
            Key::Esc | Key::Insert | Key::Delete | Key::Backspace => Effect::Draw,
            Key::Char('h' | '?') => {
                self.mode = Mode::Help;
                Effect::Draw
            }
            Key::Char('f') => self.open_fields(),
            Key::Char('Z') => self.open_colours(),
            Key::Char('W') => self.write_config(),
            Key::Char('d' | 's') => {
                let text = format!("Change delay from {:.1} to ", config.delay);
                self.ask(Ask::Delay, text)
            }
            Key::Char('k') => self.ask(Ask::KillPid(first), format!("PID to signal/kill [default pid = {first}] ")),
            Key::Char('r') => self.ask(Ask::RenicePid(first), format!("PID to renice [default pid = {first}] ")),
            Key::Ctrl('r') => self.ask(Ask::AutogroupPid(first), format!("PID to renice [default pid = {first}] ")),
            Key::Char('X') => {
                let text = format!("width incr is {}, change to (0 default, -1 auto) ", config.fixed_widest);
                self.ask(Ask::Width, text)
            }
            Key::Char('Y') if config.inspect.is_empty() => {
                self.ask(Ask::Nothing, "to enable 'Y' press <Enter> then type 'W' and restart top ")
            }
            Key::Char('Y') => self.ask(Ask::InspectPid(first), format!("inspect at PID [default pid = {first}] ")),
            Key::Char('H') => {
                self.session.threads = !self.session.threads;
                Effect::Refresh
            }
            Key::Char('I') => {
                config.irix = !config.irix;
                let state = if config.irix { "On" } else { "Off" };
                self.tell(format!("Irix mode {state}"), now)
            }
            Key::Char('B') => self.toggle(Flags::NO_BOLD),
            Key::Char('0') => {
                config.zero_suppress = !config.zero_suppress;
                Effect::Draw
            }
            Key::Char('E') => turn(&mut config.summary_scale, 6),
            Key::Char('e') => turn(&mut config.task_scale, 5),
            Key::Ctrl('e') => turn(&mut config.tics_scaled, 7),
            _ => return None,
        })
    }

    /// Turns something of the current window on or off.
    pub(super) fn toggle(&mut self, flag: Flags) -> Effect {
        self.session.config.window_mut().flags.toggle(flag);
        Effect::Draw
    }

    /// Keys for the windows at the bottom.
    fn bottom_key(&mut self, key: Key, frame: &Frame) -> Option<Effect> {
        let kind = match key {
            Key::Ctrl('g') => Kind::Cgroups,
            Key::Ctrl('k') => Kind::CommandLine,
            Key::Ctrl('l') => Kind::Messages,
            Key::Ctrl('n') => Kind::Environment,
            Key::Ctrl('p') => Kind::Namespaces,
            Key::Ctrl('u') => Kind::Groups,
            Key::Tab | Key::BackTab => {
                self.step_bottom(key == Key::Tab);
                return Some(Effect::Draw);
            }
            _ => return None,
        };
        self.open_bottom(kind, frame);
        Some(Effect::Draw)
    }

    /// Keys for the tasks of the current window, which must be seen.
    fn task_key(&mut self, key: Key, frame: &mut Frame, size: Size, now: Duration) -> Option<Effect> {
        let is_one = match key {
            Key::Char(c) => "bxyzJjcFOoSUuVvn#i<>RMNPTL&".contains(c),
            Key::Ctrl('o') | Key::Up | Key::Down | Key::Left | Key::Right | Key::Home | Key::End => true,
            Key::PageUp | Key::PageDown | Key::Wheel { .. } => true,
            Key::Click(column, line) => return Some(self.click(column, line, size)),
            _ => false,
        };
        if !is_one {
            return None;
        }
        if !self.has_tasks(now) {
            return Some(Effect::Draw);
        }
        let Key::Char(c) = key else {
            return Some(if key == Key::Ctrl('o') { self.show_filters() } else { self.scroll(key, size) });
        };
        Some(match c {
            'b' => self.toggle(Flags::HIGH_BOLD),
            'x' => self.toggle(Flags::HIGH_COLUMN),
            'y' => self.toggle(Flags::HIGH_ROWS),
            'z' => self.toggle(Flags::COLOURS),
            'J' => self.toggle(Flags::NUMBERS_RIGHT),
            'j' => self.toggle(Flags::TEXTS_RIGHT),
            'c' => self.toggle(Flags::COMMAND_LINE),
            'i' => self.toggle(Flags::IDLE),
            'V' => self.toggle(Flags::FOREST),
            'S' => {
                self.toggle(Flags::CUMULATIVE);
                let on = self.session.config.window().flags.has(Flags::CUMULATIVE);
                self.tell(format!("Cumulative time {}", if on { "On" } else { "Off" }), now)
            }
            'v' => self.fold(frame),
            'F' => self.focus(),
            'n' | '#' => {
                let most = self.session.config.window().max_tasks;
                self.ask(Ask::MaxTasks, format!("Maximum tasks = {most}, change to (0 is unlimited) "))
            }
            'u' | 'U' => self.ask(Ask::User(c == 'U'), "Which user (blank for all) "),
            'o' | 'O' => {
                let number = self.session.config.window().filters.len() + 1;
                let case = if c == 'O' { "case sensitive" } else { "ignoring case" };
                self.ask(Ask::Filter(c == 'O'), format!("add filter #{number} ({case}) as: [!]FLD?VAL "))
            }
            'L' => self.ask(Ask::Locate, "Locate string "),
            '&' => self.locate_next(now),
            '<' | '>' => self.move_sort(c == '>', size),
            'R' => {
                self.leave_forest();
                self.toggle(Flags::DESCENDING)
            }
            'M' => self.sort(Field::Mem),
            'N' => self.sort(Field::Pid),
            'P' => self.sort(Field::Cpu),
            _ => self.sort(Field::TimePlus),
        })
    }

    fn show_filters(&mut self) -> Effect {
        // The last that was added is the first.
        let filters = self.session.config.window().filters.iter().rev();
        let shown: Vec<String> = filters.map(|filter| format!("'{}'", String::from_utf8_lossy(&filter.text))).collect();
        let shown = if shown.is_empty() { "none".to_owned() } else { shown.join(" + ") };
        self.ask(Ask::Nothing, format!("<Enter> to resume, filters: {shown} "))
    }

    fn locate_next(&mut self, now: Duration) -> Effect {
        let window = self.session.config.current;
        if self.located.get(window).is_none_or(String::is_empty) {
            return self.tell("Locate next inactive, use \"L\"", now);
        }
        self.search = Some(Search { window });
        Effect::Draw
    }

    /// Sorts by the column beside, if the one there is now can be seen.
    fn move_sort(&mut self, right: bool, size: Size) -> Effect {
        let columns = self.session.columns(self.session.config.current, size.columns);
        let sort = self.session.config.window().sort;
        let at = columns.iter().position(|column| column.field == sort);
        let beside = at.and_then(|at| if right { at.checked_add(1) } else { at.checked_sub(1) });
        match beside.and_then(|beside| columns.get(beside)) {
            Some(column) => self.sort(column.field),
            None => Effect::Draw,
        }
    }

    /// Sorts by the column that was clicked at; once more, the other way round.
    fn click(&mut self, x: usize, line: usize, size: Size) -> Effect {
        let Some(window) = self.drawn.window_of_header(line) else { return Effect::None };
        let columns = self.session.columns(window, size.columns);
        let mut end = usize::from(self.session.config.alternate);
        let clicked = columns.iter().find(|column| {
            end += column.width + 1;
            x < end
        });
        let Some(field) = clicked.map(|column| column.field) else { return Effect::None };
        self.session.config.current = window;
        let chosen = self.session.config.window_mut();
        if chosen.sort == field && !chosen.flags.has(Flags::FOREST) {
            return self.toggle(Flags::DESCENDING);
        }
        self.sort(field)
    }

    /// Hides or shows the children of the first task (v).
    fn fold(&mut self, frame: &Frame) -> Effect {
        let first = self.first_pid();
        let forest = self.session.config.window().flags.has(Flags::FOREST);
        let has_children = frame.rows.iter().any(|row| {
            let thread = row.task.stat.pid != row.task.tgid;
            first == if thread { row.task.tgid } else { row.task.stat.ppid }
        });
        if let Some(pane) = self.session.panes.get_mut(self.session.config.current).filter(|_| forest && has_children) {
            match pane.folded.iter().position(|pid| *pid == first) {
                Some(at) => _ = pane.folded.remove(at),
                None => pane.folded.push(first),
            }
        }
        Effect::Draw
    }

    /// Shows the first task and those below it alone; where it is so already, all again (F).
    fn focus(&mut self) -> Effect {
        let first = self.first_pid();
        let forest = self.session.config.window().flags.has(Flags::FOREST);
        if let Some(pane) = self.session.panes.get_mut(self.session.config.current).filter(|_| forest) {
            pane.focus = if pane.focus == Some(first) { None } else { Some(first) };
        }
        Effect::Draw
    }
}

/// The next of so many.
fn turn(number: &mut usize, of: usize) -> Effect {
    *number = (*number + 1) % of;
    Effect::Draw
}
