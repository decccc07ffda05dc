//! Scrolling a window by keys, and the message that tells where it stands.

use super::Interaction;
use crate::tools::procps::Procps;
use crate::tools::top::config::Flags;
use crate::tools::top::field::Width;
use crate::tools::top::frame::Frame;
use crate::tools::top::key::{Effect, Key, Size};
use crate::tools::top::line::{Line, Look};

/// A text that is alone on the line is scrolled by so many columns.
const TAB: usize = 8;
/// No text is scrolled farther.
const FARTHEST: usize = 1024;
/// The wheel scrolls so many rows.
const WHEEL: isize = 3;

/// The key that a combination stands for, on keyboards that lack it.
pub(super) fn plain(key: Key) -> Key {
    match key {
        Key::Alt('h') => Key::Left,
        Key::Alt('j') => Key::Down,
        Key::Alt('k') => Key::Up,
        Key::Alt('l') => Key::Right,
        key => key,
    }
}

/// The place so many before or behind another, as far as there are.
fn beside(places: &[usize], place: usize, by: isize) -> usize {
    let at = places.partition_point(|other| *other < place).saturating_add_signed(by);
    places.get(at).or(places.last()).copied().unwrap_or(0)
}

impl Interaction {
    /// Scrolls the current window.
    pub(super) fn scroll(&mut self, key: Key, size: Size) -> Effect {
        let current = self.session.config.current;
        let Some(seen) = self.drawn.pane(current) else { return Effect::None };
        let (places, room, tasks, version) = (seen.places.clone(), seen.room, seen.tasks, self.session.version);
        let fields = self.session.config.window().shown().count();
        let last = tasks.saturating_sub(1);
        let widest = match self.session.config.window().shown().last() {
            Some(field) if field.column().width == Width::Rest => FARTHEST,
            _ => 0,
        };
        let end = self.rightmost(size);
        // As the original counts them: with the header; of a number that the user chose, one less.
        let lines = match self.session.config.window().max_tasks {
            wanted @ 1.. if wanted <= room => wanted - 1,
            _ => room + 1,
        };
        let page = lines.saturating_sub(2).max(1);
        let beyond = tasks.cast_signed() - lines.saturating_sub(1).cast_signed();
        let Some(pane) = self.session.panes.get_mut(current) else { return Effect::None };
        match key {
            Key::Up => pane.top = beside(&places, pane.top, -1),
            Key::Down => pane.top = beside(&places, pane.top, 1),
            Key::Wheel { up } => pane.top = beside(&places, pane.top, if up { -WHEEL } else { WHEEL }),
            Key::PageUp => pane.top = pane.top.saturating_sub(page),
            Key::PageDown => pane.top = (pane.top + page).min(last),
            Key::Home => (pane.top, pane.left, pane.shift) = (0, 0, 0),
            Key::End => {
                // 4.0.2 goes on from where it is.
                let from = if version == Procps::V4_0_2 { pane.top } else { 0 };
                let bottom = from.saturating_add_signed(beyond).min(last);
                (pane.top, pane.left, pane.shift) = (bottom, end, 0);
            }
            Key::Left if pane.shift > 0 => pane.shift -= TAB,
            Key::Left => pane.left = pane.left.saturating_sub(1),
            Key::Right if pane.left + 1 < fields => pane.left += 1,
            Key::Right if pane.shift < widest => pane.shift += TAB,
            _ => {}
        }
        self.keep(current, &places);
        Effect::Draw
    }

    /// The first field from which on the last has room.
    fn rightmost(&mut self, size: Size) -> usize {
        let current = self.session.config.current;
        let fields = self.session.config.window().shown().count();
        let before = self.session.panes.get(current).map_or(0, |pane| pane.left);
        let mut found = 0;
        for left in 0..fields {
            if let Some(pane) = self.session.panes.get_mut(current) {
                pane.left = left;
            }
            found = left;
            if left + self.session.columns(current, size.columns).len() >= fields {
                break;
            }
        }
        if let Some(pane) = self.session.panes.get_mut(current) {
            pane.left = before;
        }
        found
    }

    /// Where the current window stands (C).
    pub(super) fn coordinates(&self, frame: &Frame) -> Option<Line> {
        let window = self.session.config.window();
        let pane = self.session.panes.get(self.session.config.current)?;
        let hidden = self.session.config.alternate && !window.flags.has(Flags::TASKS);
        if hidden || !window.flags.has(Flags::SCROLL) {
            return None;
        }
        let shift = if pane.shift > 0 { format!(" + {}", pane.shift) } else { String::new() };
        let (top, tasks) = (pane.top + 1, frame.counts.total);
        let (left, fields) = (pane.left + 1, window.shown().count());
        let text = format!("  scroll coordinates: y = {top}/{tasks} (tasks), x = {left}/{fields} (fields){shift}");
        Some(Line::of(Look::Plain, text))
    }
}
