//! The fields screen (f): which fields are shown, in which order, and by which tasks are sorted.

use super::{Interaction, Mode, marked};
use crate::tools::procps::Procps;
use crate::tools::top::config::Window;
use crate::tools::top::defaults;
use crate::tools::top::field::Field;
use crate::tools::top::key::{Effect, Key, Size};
use crate::tools::top::line::{Line, Look};

/// Where the fields begin.
const FIRST: usize = 4;
/// A field's mark, name and words.
const WIDEST: usize = 33;
/// Its name alone.
const NARROWEST: usize = 11;

/// Where the user is.
#[derive(Debug)]
pub(super) struct Fields {
    /// At which field, in the window's order of those that this version has.
    at: usize,
    /// Which moves with the cursor.
    moves: bool,
}

/// Where a window has the fields that a version has.
fn known(window: &Window, version: Procps) -> Vec<usize> {
    let columns = window.columns.iter().enumerate();
    columns.filter(|(_, (field, _))| defaults::known(*field, version)).map(|(at, _)| at).collect()
}

impl Interaction {
    /// Goes to the screen.
    pub(super) fn open_fields(&mut self) -> Effect {
        let window = self.session.config.window();
        let places = known(window, self.session.version);
        let is_sort = |place: &usize| window.columns.get(*place).is_some_and(|(field, _)| *field == window.sort);
        let at = places.iter().position(is_sort).unwrap_or(0);
        self.mode = Mode::Fields(Fields { at, moves: false });
        Effect::Draw
    }

    /// What a key does there.
    pub(super) fn fields_key(&mut self, key: Key) -> Effect {
        let Mode::Fields(fields) = &mut self.mode else { return Effect::None };
        let window = self.session.config.window_mut();
        let places = known(window, self.session.version);
        let last = places.len().saturating_sub(1);
        let goal = match super::scroll::plain(key) {
            Key::Up | Key::Wheel { up: true } => fields.at.saturating_sub(1),
            Key::Down | Key::Wheel { up: false } => (fields.at + 1).min(last),
            Key::Home | Key::PageUp => 0,
            Key::End | Key::PageDown => last,
            _ => fields.at,
        };
        if let (true, Some(from), Some(to)) = (fields.moves, places.get(fields.at), places.get(goal)) {
            let moved = window.columns.remove(*from);
            window.columns.insert(*to, moved);
        }
        fields.at = goal;
        let place = places.get(goal).copied().unwrap_or_default();
        match super::scroll::plain(key) {
            Key::Right => fields.moves = true,
            Key::Left | Key::Enter => fields.moves = false,
            Key::Char('d' | ' ') => {
                if let Some((_, shown)) = window.columns.get_mut(place) {
                    *shown = !*shown;
                }
            }
            Key::Char('s') => {
                if let Some((field, _)) = window.columns.get(place) {
                    self.session.config.window_mut().sort = *field;
                    self.leave_forest();
                }
            }
            Key::Char(step @ ('a' | 'w')) => {
                self.step_window(step == 'a');
                return self.open_fields();
            }
            Key::Char('q') | Key::Esc => {
                self.mode = Mode::Tasks;
                self.keep_in_view();
            }
            _ => {}
        }
        Effect::Draw
    }

    /// A window that has fewer fields now is not scrolled beyond them.
    fn keep_in_view(&mut self) {
        for (pane, window) in self.session.panes.iter_mut().zip(&self.session.config.windows) {
            pane.left = pane.left.min(window.shown().count().saturating_sub(1));
            pane.shift = 0;
        }
    }

    /// The screen.
    pub(super) fn fields(&self, fields: &Fields, size: Size) -> Vec<Line> {
        let config = &self.session.config;
        let window = config.window();
        let sort = window.sort.column().name;
        let mut lines = marked::lines(&format!(
            "«Fields Management» for window ‹{}:{}›, whose current sort field is «{sort}»\n   \
             Navigate with Up/Dn, Right selects for move then <Enter> or Left commits,\n   \
             'd' or <Space> toggles display, 's' sets sort.  Use 'q' or <Esc> to end!\n\n",
            config.current + 1,
            window.name
        ));
        let room = size.lines.saturating_sub(FIRST);
        let places = known(window, self.session.version);
        let columns = places.len().div_ceil(room.max(1)).max(1);
        let width = (size.columns / columns).min(WIDEST);
        if room == 0 || width < NARROWEST {
            let words = "even using field names only, window is now too small";
            let wrapped = words.as_bytes().chunks(size.columns.max(1)).map(|part| Line::of(Look::Plain, part));
            lines.extend(wrapped);
            return super::last(lines, size);
        }
        let mut rows: Vec<Line> = (0..room).map(|_| Line::default()).collect();
        let entries = places.iter().filter_map(|place| window.columns.get(*place));
        for (at, (field, shown)) in entries.enumerate() {
            let Some(line) = rows.get_mut(at % room) else { continue };
            entry(*field, *shown, (at == fields.at).then_some(fields.moves), width, line);
        }
        lines.extend(rows);
        lines
    }
}

/// Adds a field; where it is the cursor's, `moves` says whether it moves with it.
fn entry(field: Field, shown: bool, moves: Option<bool>, width: usize, line: &mut Line) {
    let column = field.column();
    let words = format!(" {:<8} = {:<20} ", column.name, column.about);
    let words = words.get(..width - 1).unwrap_or(&words);
    let look = if shown { Look::SummaryStrong } else { Look::Plain };
    line.part(Look::Plain, if shown { "*" } else { " " });
    let strong = if shown { Look::HeaderStrong } else { Look::Header };
    match moves {
        None => _ = line.part(look, words),
        Some(true) => _ = line.part(strong, words),
        Some(false) => {
            let (before, rest) = words.split_at_checked(1).unwrap_or((words, ""));
            let (name, behind) = rest.split_at_checked(8).unwrap_or((rest, ""));
            line.part(look, before).part(strong, name).part(look, behind);
        }
    }
}
