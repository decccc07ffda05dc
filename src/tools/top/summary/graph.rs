//! Bars of how much of something is used.

use crate::tools::top::line::{Line, Look};

/// How a share is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Graph {
    /// Of `|`.
    Bars,
    /// Of reversed blanks.
    Blocks,
}

/// No graph is wider.
const WIDEST: usize = 100;
/// And none narrower, though the line may be cut off.
const NARROWEST: usize = 10;
/// What stands on a line beside the graph.
const WORDS: usize = 27;

/// How wide graphs are, so many beside each other.
pub(super) fn width(screen: usize, beside: usize) -> usize {
    let between = 2 * (beside - 1);
    let each = screen.saturating_sub(between) / beside.max(1);
    // Three or more leave out two of the figures.
    let words = if beside > 2 { WORDS - 11 } else { WORDS };
    each.saturating_sub(words).clamp(NARROWEST, WIDEST)
}

/// Adds all of a line to another.
pub(super) fn append(line: &mut Line, other: &Line) {
    for (look, part) in other.parts() {
        line.part(look, part);
    }
}

impl Graph {
    /// By the number in the rc file; 0 is none.
    pub(super) fn numbered(number: usize) -> Option<Graph> {
        match number {
            1 => Some(Graph::Bars),
            2 => Some(Graph::Blocks),
            _ => None,
        }
    }

    /// Draws two shares, in percent, one behind the other.
    pub(super) fn draw(self, shares: [f64; 2], width: usize, line: &mut Line) {
        let (looks, with) = match self {
            Graph::Bars => ([Look::TaskStrong, Look::Task], "|"),
            Graph::Blocks => ([Look::Message, Look::Header], " "),
        };
        line.part(Look::Plain, "[");
        let mut left = width;
        for (look, share) in looks.into_iter().zip(shares) {
            let length = (share.clamp(0.0, 100.0) * width as f64 / 100.0).round() as usize;
            let length = length.min(left);
            left -= length;
            line.part(look, with.repeat(length));
        }
        line.part(Look::Plain, format!("{}] ", " ".repeat(left)));
    }
}
