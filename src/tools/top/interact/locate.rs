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
}

impl Interaction {
    /// Scrolls to the next row of `tasks`, which have these places, that has the text, behind the first that is seen.
    #[expect(clippy::too_many_arguments, reason = "a page in the making")]
    pub(super) fn seek(
        &mut self,
        at: usize,
        tasks: &[usize],
        places: &[usize],
        frame: &mut Frame,
        fill: &mut Fill<'_>,
        screen: usize,
        now: Duration,
    ) {
        if self.search.take_if(|search| search.window == at).is_none() {
            return;
        }
        let wanted = self.located.get(at).cloned().unwrap_or_default();
        let top = self.session.panes.get(at).map_or(0, |pane| pane.top);
        let first = places.partition_point(|place| *place < top);
        let mut lines = 0;
        let (mut here, mut found) = (false, None);
        self.session.table(at, frame, fill, tasks.get(first..).unwrap_or_default(), screen, |line| {
            // The first is the header, then comes the row that is at the top already.
            if found.is_none() && lines > 0 && occurs(&line.text, wanted.as_bytes()).is_some() {
                here |= lines == 1;
                found = places.get(first + lines - 1).filter(|_| lines > 1);
            }
            lines += 1;
        });
        match (found, self.session.panes.get_mut(at)) {
            (Some(found), Some(pane)) => pane.top = *found,
            _ => self.say(format!("{}\"{wanted}\" not found", if here { "another " } else { "" }), now),
        }
    }
}

fn occurs(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len().max(1)).position(|part| part == wanted)
}

/// Marks every occurrence of a text in a row. Behind one, the sort column does not stand out any more.
pub(super) fn mark(line: &Line, wanted: &[u8]) -> Line {
    let mut marked = Line::default();
    let usual = line.looks.first().map_or(Look::Task, |(_, look)| *look);
    // Where an occurrence ends that has begun.
    let mut end = 0;
    for (mut look, part) in line.parts() {
        for byte in part {
            let at = marked.text.len();
            if at >= end && !wanted.is_empty() && line.text.get(at..).is_some_and(|rest| rest.starts_with(wanted)) {
                end = at + wanted.len();
            }
            let strong = if look == Look::TaskStrong { Look::HeaderStrong } else { Look::Header };
            marked.part(if at < end { strong } else { look }, [*byte]);
            if at + 1 == end {
                look = usual;
            }
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
        assert_eq!(parts, [&b"0"[..], b"0", b"0", b"00"]);
        for wanted in [&b"t 0.0 0:"[..], b"10 root 0.0 0:00", b"", b"x", b"00"] {
            assert_eq!(mark(&line, wanted).text, line.text, "{wanted:?}");
        }
    }
}
