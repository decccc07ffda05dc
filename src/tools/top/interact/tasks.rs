//! The main screen: the summary, the message line, and the windows' tasks below it.

use super::{Interaction, locate};
use crate::tools::top::config::Flags;
use crate::tools::top::frame::Frame;
use crate::tools::top::key::Size;
use crate::tools::top::line::Line;
use crate::tools::top::session::Fill;
use crate::tools::top::summary;
use std::time::Duration;

/// What was seen last, by which keys go.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    /// Lines of the summary: the message line is below it.
    pub(super) summary: usize,
    windows: [Seen; 4],
}

/// What was seen of a window.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Where its header is.
    header: Option<usize>,
    /// Its first task.
    first: Option<u32>,
    /// For how many tasks there is room.
    pub(super) room: usize,
    /// Where its tasks stand, among all.
    pub(super) places: Vec<usize>,
    /// How many all are.
    pub(super) tasks: usize,
}

impl Drawn {
    /// What was seen of a window.
    pub(super) fn pane(&self, at: usize) -> Option<&Seen> {
        self.windows.get(at)
    }

    /// The window whose header is on a line.
    pub(super) fn window_of_header(&self, line: usize) -> Option<usize> {
        self.windows.iter().position(|seen| seen.header == Some(line))
    }
}

impl Interaction {
    /// The first task that is seen in the current window, else in any.
    pub(super) fn first_pid(&self) -> u32 {
        let of = |seen: &Seen| seen.first;
        let current = self.drawn.windows.get(self.session.config.current).and_then(of);
        current.or_else(|| self.drawn.windows.iter().find_map(of)).unwrap_or(0)
    }

    /// The screen.
    pub(super) fn tasks(&mut self, frame: &mut Frame, fill: &mut Fill<'_>, size: Size, now: Duration) -> Vec<Line> {
        let bottom = self.bottom_lines(frame, fill, size);
        let room = size.lines.saturating_sub(bottom.len());
        let mut lines = Vec::new();
        for mut part in summary::parts(frame, &self.session, size.columns) {
            // The message line and a header come first. Of many CPUs those are shown that have room.
            let left = room.saturating_sub(lines.len() + 2);
            if part.len() > left && (part.len() < 3 || left < 2) {
                continue;
            }
            part.truncate(left);
            lines.extend(part);
        }
        for line in &mut lines {
            self.resolve(line, self.session.config.current);
        }
        self.drawn = Drawn { summary: lines.len(), ..Drawn::default() };
        if room > lines.len() + 1 {
            lines.push(Line::default());
        }
        let shown: Vec<usize> = self.session.shown().into_iter().filter(|at| self.is_shown(*at)).collect();
        for (nth, at) in shown.iter().enumerate() {
            let left = room.saturating_sub(lines.len());
            if left == 0 {
                break;
            }
            let share = (left / (shown.len() - nth)).max(1);
            self.window(*at, share - 1, left - 1, frame, fill, size, now, &mut lines);
        }
        lines.resize_with(room.max(lines.len()), Line::default);
        lines.extend(bottom);
        lines
    }

    /// A window begins with a task that it shows: the one at its top, else the next, else the last.
    pub(super) fn keep(&mut self, at: usize, places: &[usize]) {
        if let Some(pane) = self.session.panes.get_mut(at) {
            let next = places.get(places.partition_point(|place| *place < pane.top));
            pane.top = next.or(places.last()).copied().unwrap_or(0);
        }
    }

    fn is_shown(&self, at: usize) -> bool {
        let window = self.session.config.windows.get(at);
        !self.session.config.alternate || window.is_some_and(|window| window.flags.has(Flags::TASKS))
    }

    /// A window: its header, and `share` tasks; if the user wants so many, up to `most`.
    #[expect(clippy::too_many_arguments, reason = "a page in the making")]
    fn window(
        &mut self,
        at: usize,
        share: usize,
        most: usize,
        frame: &mut Frame,
        fill: &mut Fill<'_>,
        size: Size,
        now: Duration,
        lines: &mut Vec<Line>,
    ) {
        // To hide children adds to their parents, which are other windows' too, and drawn again.
        let folds = self.session.panes.get(at).is_some_and(|pane| !pane.folded.is_empty());
        let before: Vec<_> = frame.rows.iter().filter(|_| folds).map(|row| (row.ticks, row.cpu)).collect();
        let (tasks, places) = self.session.arrange(at, frame, size.columns);
        self.keep(at, &places);
        self.seek(at, &tasks, &places, frame, fill, size.columns, now);
        let room = match self.session.config.windows.get(at).map_or(0, |window| window.max_tasks) {
            0 => share,
            wanted => wanted.min(most),
        };
        let Some(pane) = self.session.panes.get_mut(at) else { return };
        let from = places.partition_point(|place| *place < pane.top);
        let seen: Vec<usize> = tasks.iter().skip(from).take(room).copied().collect();
        let first = tasks.get(from).and_then(|first| frame.rows.get(*first)).map(|row| row.task.stat.pid);
        if let Some(drawn) = self.drawn.windows.get_mut(at) {
            *drawn = Seen { header: Some(lines.len()), first, room, places, tasks: frame.rows.len() };
        }
        if self.session.config.fixed_widest < 0 {
            self.session.table(at, frame, fill, &seen, size.columns, |_| ());
            // Fewer columns have room then, but none that has not been asked.
            self.session.grow(at, frame, &seen, size.columns, usize::MAX / 2);
        }
        let wanted = self.located.get(at).map(String::as_bytes).unwrap_or_default();
        let mut header = true;
        self.session.table(at, frame, fill, &seen, size.columns, |line| {
            let mut line = if header || wanted.is_empty() { line.clone() } else { locate::mark(line, wanted) };
            header = false;
            self.resolve(&mut line, at);
            lines.push(line);
        });
        for (row, (ticks, cpu)) in frame.rows.iter_mut().zip(before) {
            (row.ticks, row.cpu) = (ticks, cpu);
        }
    }
}
