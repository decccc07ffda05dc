//! Which columns a window of some width has, and how wide they are.

use super::config::{Flags, Window};
use super::field::{Field, Side, Width};
use std::collections::BTreeMap;

/// A column that has its place on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What it shows.
    pub field: Field,
    /// Columns of the terminal, without the blank behind it.
    pub width: usize,
    /// Where its texts stand.
    pub side: Side,
}

/// What the widths depend on.
#[derive(Clone, Copy, Debug)]
pub struct Widths<'g> {
    /// Digits of the largest pid.
    pub pid: usize,
    /// Digits of the number of CPUs.
    pub cpu: usize,
    /// What is added to columns that cannot be scaled (X).
    pub extra: usize,
    /// Those that have grown with their texts.
    pub grown: &'g BTreeMap<Field, usize>,
}

impl Widths<'_> {
    fn of(&self, field: Field) -> Option<usize> {
        match field.column().width {
            Width::Columns(columns) => Some(columns),
            Width::Extensible(columns) => Some(self.grown.get(&field).copied().unwrap_or(columns + self.extra)),
            Width::Pid => Some(self.pid),
            Width::Cpu => Some(self.cpu),
            Width::Rest => None,
        }
    }
}

/// The columns for which there is room in `screen` columns, beginning with the shown field number `first`. What does not fit ends
/// them: a narrower one behind it is not taken instead. What is left is shared by those without a width of their own.
#[must_use]
pub fn place(window: &Window, first: usize, widths: &Widths<'_>, screen: usize) -> Vec<Placed> {
    let (mut used, mut fixed, mut sharing) = (0, 0, 0);
    let mut fields = Vec::new();
    for field in window.shown().skip(first) {
        let width = widths.of(field);
        // One that shares must at least show its header.
        used += width.unwrap_or(field.column().name.len()) + 1;
        if used > screen {
            break;
        }
        match width {
            Some(width) => fixed += width + 1,
            None => sharing += 1,
        }
        fields.push((field, width));
    }
    let share = (screen.saturating_sub(fixed)).checked_div(sharing).unwrap_or(0).saturating_sub(1);
    let placed = |(field, width): (Field, Option<usize>)| Placed {
        field,
        width: width.unwrap_or(share),
        side: side(field, window.flags),
    };
    fields.into_iter().map(placed).collect()
}

/// Where a field's texts stand: texts and numbers can each be turned (j, J).
fn side(field: Field, flags: Flags) -> Side {
    let right = match field.column().side {
        Side::Right => flags.has(Flags::NUMBERS_RIGHT),
        Side::Left => flags.has(Flags::TEXTS_RIGHT),
    };
    if right { Side::Right } else { Side::Left }
}
