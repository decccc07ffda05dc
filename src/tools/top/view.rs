//! The column header and the tasks below it, as lines.

use super::cell;
use super::columns::Placed;
use super::config::{Flags, Window};
use super::field::{Field, Side};
use super::line::{Line, Look, bytes_of_columns};
use super::row::{Row, Terms};

/// What stands where in a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout<'a> {
    /// The columns that have room.
    pub(super) columns: &'a [Placed],
    /// The window's number, in front of the header, where several windows are shown.
    pub(super) number: Option<usize>,
    /// So many columns of the only field that is shown are scrolled away.
    pub(super) shift: usize,
    /// Only a part of the forest is shown (F).
    pub(super) focused: bool,
}

/// The column header.
#[must_use]
pub(super) fn header(layout: &Layout<'_>) -> Line {
    let mut line = Line::default();
    line.look(Look::Header);
    if let Some(number) = layout.number {
        line.push(number.to_string());
    }
    for column in layout.columns {
        cell::pad(column.field.column().name.as_bytes(), column.width, column.side, &mut line.text);
        line.push(" ");
    }
    line
}

/// A task. A running one stands out, else the column that tasks are sorted by, with the blank behind it.
pub(super) fn task(row: &Row, layout: &Layout<'_>, window: &Window, terms: &Terms<'_>, line: &mut Line) {
    line.text.clear();
    line.looks.clear();
    let runs = window.flags.has(Flags::HIGH_ROWS) && row.task.stat.state.0 == b'R';
    let usual = if runs { Look::TaskStrong } else { Look::Task };
    line.look(usual);
    if layout.number.is_some() {
        line.push(" ");
    }
    for column in layout.columns {
        let sorted = window.flags.has(Flags::HIGH_COLUMN) && column.field == window.sort && !runs;
        line.look(if sorted { Look::TaskStrong } else { usual });
        let start = line.text.len();
        if layout.shift == 0 {
            cell::padded(column, row, terms, &mut line.text);
            // The trunk, of which the rest is not seen.
            let branch = layout.focused && column.field == Field::Command && row.level > 0;
            if let Some(first @ b' ') = line.text.get_mut(start).filter(|_| branch && column.side == Side::Left) {
                *first = b'|';
            }
        } else {
            scrolled(column, layout.shift, row, terms, &mut line.text);
        }
        line.push(" ");
    }
}

/// A column without its first `shift` columns of the terminal.
fn scrolled(column: &Placed, shift: usize, row: &Row, terms: &Terms<'_>, out: &mut Vec<u8>) {
    let mut whole = Vec::new();
    let columns = cell::write(column.field, row, terms, column.width + shift, &mut whole);
    let start = bytes_of_columns(&whole, shift);
    out.extend_from_slice(whole.get(start..).unwrap_or_default());
    out.extend(std::iter::repeat_n(b' ', column.width.saturating_sub(columns.saturating_sub(shift))));
}
