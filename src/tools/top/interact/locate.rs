//! L and &: looks for a text in the rows, and marks it there.

use super::Interaction;
use crate::tools::top::frame::Frame;
use crate::tools::top::line::{Line, Look};
use crate::tools::top::session::Fill;
use std::time::Duration;

/// What is to be looked for when the page is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// In the rows of this window.
    pub(super) window: usize,
    /// It was found before (&).
    pub(super) next: bool,
}

impl Interaction {
    /// Scrolls to the next row of `tasks` that has the text, behind the first that is seen.
    pub(super) fn seek(
        &mut self,
        at: usize,
        tasks: &[usize],
        frame: &mut Frame,
        fill: &mut Fill<'_>,
        screen: usize,
        now: Duration,
    ) {
        let Some(search) = self.search.take_if(|search| search.window == at) else { return };
        let wanted = self.located.get(at).cloned().unwrap_or_default();
        let top = self.session.panes.get(at).map_or(0, |pane| pane.top);
        let behind = tasks.get(top + 1..).unwrap_or_default();
        let mut lines = 0;
        let mut found = None;
        self.session.table(at, frame, fill, behind, screen, |line| {
            // The first is the header.
            if found.is_none() && lines > 0 && occurs(&line.text, wanted.as_bytes()).is_some() {
                found = Some(top + lines);
            }
            lines += 1;
        });
        match (found, self.session.panes.get_mut(at)) {
            (Some(found), Some(pane)) => pane.top = found,
            _ => self.say(format!("{}\"{wanted}\" not found", if search.next { "another " } else { "" }), now),
        }
    }
}

fn occurs(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len().max(1)).position(|part| part == wanted)
}

/// Marks every occurrence of a text in a row.
pub(super) fn mark(line: &Line, wanted: &[u8]) -> Line {
    let mut marked = Line::default();
    // Where an occurrence ends that has begun.
    let mut end = 0;
    for (look, part) in line.parts() {
        for byte in part {
            let at = marked.text.len();
            if at >= end && !wanted.is_empty() && line.text.get(at..).is_some_and(|rest| rest.starts_with(wanted)) {
                end = at + wanted.len();
            }
            let strong = if look == Look::TaskStrong { Look::HeaderStrong } else { Look::Header };
            marked.part(if at < end { strong } else { look }, [*byte]);
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_each_occurrence() {
        let mut line = Line::of(Look::Task, "10 root ");
        line.part(Look::TaskStrong, "0.0 ").part(Look::Task, "0:00");
        let marked = mark(&line, b"0");
        assert_eq!(marked.text, line.text);
        let parts: Vec<_> =
            marked.parts().filter(|(look, _)| *look == Look::Header).map(|(_, part)| part.to_vec()).collect();
        assert_eq!(parts, [&b"0"[..], b"0", b"00"]);
        for wanted in [&b"t 0.0 0:"[..], b"10 root 0.0 0:00", b"", b"x", b"00"] {
            assert_eq!(mark(&line, wanted).text, line.text, "{wanted:?}");
        }
    }
}
