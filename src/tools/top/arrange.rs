//! Which tasks a window shows, and in what order.

use super::cell;
use super::columns::Placed;
use super::config::{Flags, Window};
use super::filter::Filter;
use super::order;
use super::row::{Row, Terms};
use super::session::Pane;
use crate::tools::procps::Procps;
use std::collections::HashMap;

/// Whose tasks are shown (u, U, -u, -U).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub uid: u32,
    /// Also by real, saved and filesystem user, not by the effective one alone.
    pub any: bool,
    /// All but theirs.
    pub negated: bool,
}

impl User {
    fn has(&self, row: &Row) -> bool {
        let effective = row.task.owner.is_some_and(|(uid, _)| uid == self.uid);
        let status = row.task.details.as_ref().and_then(|details| details.status.as_ref());
        let others = || status.is_some_and(|status| status.uid.contains(&self.uid));
        (effective || (self.any && others())) != self.negated
    }
}

/// The tasks of a window in their order, as their places among all and numbers of `rows`; in forest view each row gets how deep it
/// stands. `columns` are those that are seen: a filter looks at their cells as they are shown, and sleeps where its own is not seen.
#[must_use]
pub fn arrange(
    rows: &mut [Row],
    window: &Window,
    pane: &Pane,
    columns: &[Placed],
    terms: &Terms<'_>,
    version: Procps,
) -> Vec<(usize, usize)> {
    let all: Vec<(usize, bool)> = if window.flags.has(Flags::FOREST) {
        forest(rows, &pane.folded)
    } else {
        let mut all: Vec<usize> = (0..rows.len()).collect();
        order::sort(&mut all, rows, window.sort, window.flags.has(Flags::DESCENDING), terms);
        all.into_iter().map(|at| (at, false)).collect()
    };
    let idle = window.flags.has(Flags::IDLE);
    let filters: Vec<(&Filter, &Placed)> = window
        .filters
        .iter()
        .filter_map(|filter| Some((filter, columns.iter().find(|column| column.field == filter.field)?)))
        .collect();
    let mut cell = Vec::new();
    let mut shows = |row: &Row| {
        (idle || row.ticks > 0 || row.task.stat.state.0 == b'R')
            && pane.user.is_none_or(|user| user.has(row))
            && filters.iter().all(|(filter, column)| {
                cell.clear();
                cell::padded(column, row, terms, &mut cell);
                cell.push(b' ');
                filter.passes(&cell, version)
            })
    };
    let places = all.into_iter().enumerate().filter(|(_, (_, is_hidden))| !is_hidden);
    places.map(|(place, (at, _))| (place, at)).filter(|(_, at)| rows.get(*at).is_some_and(&mut shows)).collect()
}

/// Children below their parents, those of one parent as they started; and which are hidden below a folded one, that has their CPU
/// time beside its own. A task whose parent is not among them is a root.
fn forest(rows: &mut [Row], folded: &[u32]) -> Vec<(usize, bool)> {
    let mut by_start: Vec<usize> = (0..rows.len()).collect();
    by_start.sort_by_key(|at| rows.get(*at).map(|row| row.task.stat.starttime));
    let mut at_pid = HashMap::with_capacity(rows.len());
    for at in &by_start {
        if let Some(row) = rows.get(*at) {
            at_pid.entry(row.task.stat.pid).or_insert(*at);
        }
    }
    let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut roots = Vec::new();
    for at in by_start {
        let Some(row) = rows.get(at) else { continue };
        // A thread stands below its process, a process below its parent.
        let thread = row.task.stat.pid != row.task.tgid;
        let above = if thread { row.task.tgid } else { row.task.stat.ppid };
        match at_pid.get(&above) {
            Some(parent) if *parent != at => children.entry(*parent).or_default().push(at),
            _ => roots.push(at),
        }
    }
    let mut order = Vec::with_capacity(rows.len());
    // Each with how deep it stands, and the folded one that it is hidden below.
    let mut open: Vec<(usize, usize, Option<usize>)> = roots.into_iter().rev().map(|root| (root, 0, None)).collect();
    while let Some((at, level, mut under)) = open.pop() {
        let Some(row) = rows.get_mut(at) else { continue };
        row.level = level;
        row.folded = folded.contains(&row.task.stat.pid);
        let (folds, ticks, cpu) = (row.folded, row.ticks, row.cpu);
        order.push((at, under.is_some()));
        if let Some(above) = under.and_then(|above| rows.get_mut(above)) {
            above.ticks += ticks;
            above.cpu += cpu;
        } else if folds {
            under = Some(at);
        }
        let below = children.remove(&at).unwrap_or_default();
        open.extend(below.into_iter().rev().map(|child| (child, level + 1, under)));
    }
    order
}
