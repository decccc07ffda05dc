//! A whole screen.

use super::line::Line;

/// A whole screen.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its lines from the top; what is not told is empty.
    pub lines: Vec<Line>,
    /// Where the cursor is seen, column and line; `None` where it is hidden.
    pub cursor: Option<(usize, usize)>,
}
