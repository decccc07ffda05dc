//! Lines whose looks are marked in the text.

use crate::tools::top::line::{Line, Look};

/// The lines of a text in which `«so»` stands out, `‹so›` looks as a column header, and `‡so‡` as a running task.
pub(super) fn lines(text: &str) -> Vec<Line> {
    text.lines().map(line).collect()
}

/// A line of such a text.
pub(super) fn line(text: &str) -> Line {
    let mut line = Line::default();
    line.look(Look::Plain);
    let mut running = false;
    let mut bytes = [0; 4];
    for c in text.chars() {
        match c {
            '«' => _ = line.look(Look::SummaryStrong),
            '‹' => _ = line.look(Look::Header),
            '»' | '›' => _ = line.look(Look::Plain),
            '‡' => {
                running = !running;
                line.look(if running { Look::TaskStrong } else { Look::Plain });
            }
            c => _ = line.push(c.encode_utf8(&mut bytes)),
        }
    }
    line
}
