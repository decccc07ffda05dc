//! What lasts from frame to frame: how the user wants things, and where each window stands.

use super::arrange::{self, User};
use super::cell;
use super::columns::{self, Placed, Widths};
use super::config::{Config, Flags, Window};
use super::field::{Field, Width};
use super::frame::Frame;
use super::line::Line;
use super::names::Names;
use super::row::{Row, Terms};
use super::sampler::Wanted;
use super::view::{self, Layout};
use crate::snapshot::Needs;
use crate::tools::procps::Procps;
use std::collections::BTreeMap;

/// No column grows wider.
const WIDEST: usize = 512;

/// What lasts from frame to frame.
#[derive(Debug)]
pub struct Session {
    /// How the user wants things.
    pub config: Config,
    /// Which top this is.
    pub version: Procps,
    /// The program's name, as the user called it.
    pub program: String,
    /// Names of users and the like.
    pub names: Names,
    /// Where each window stands.
    pub panes: [Pane; 4],
    /// Columns that have grown with their texts, and how wide they are (X -1).
    pub grown: BTreeMap<Field, usize>,
    /// Only these processes (-p).
    pub pids: Vec<u32>,
    /// Threads as tasks (H).
    pub threads: bool,
    /// What the container has above a machine is shown.
    pub container_line: bool,
    /// The terminal shows UTF-8.
    pub utf8: bool,
    /// What the machine is like.
    pub machine: Hardware,
}

/// Where a window stands.
#[derive(Clone, Debug, Default)]
pub struct Pane {
    /// Whose tasks are shown.
    pub user: Option<User>,
    /// Tasks whose children are hidden.
    pub folded: Vec<u32>,
    /// The first column, among those shown.
    pub left: usize,
    /// So many columns of the terminal are scrolled away of the last field, where it alone is shown.
    pub shift: usize,
    /// The first task, counted among all, also those that are not shown.
    pub top: usize,
    /// Only this task and those below it, in forest view (F).
    pub focus: Option<u32>,
    /// The NUMA node whose CPUs are shown (3).
    pub node: Option<u32>,
}

/// Reads more of some tasks.
pub type Fill<'f> = dyn FnMut(&mut dyn Iterator<Item = &mut Row>, Needs) + 'f;

/// What does not change while the machine runs.
#[derive(Clone, Copy, Debug)]
pub struct Hardware {
    /// Bytes of a page.
    pub page: u64,
    /// CPUs that run.
    pub online: u64,
    /// Digits of the largest pid.
    pub pid_width: usize,
}

impl Session {
    /// What a frame must bring for the windows that are shown.
    #[must_use]
    pub fn wanted(&self) -> Wanted<'_> {
        let shown = self.shown();
        let needs = shown.iter().map(|at| self.needs_of_all(*at)).fold(Needs::NONE, Needs::and);
        let each_cpu = |window: &Window| {
            let apart = !window.flags.has(Flags::CPU_SUM) || window.flags.has(Flags::NODES);
            window.flags.has(Flags::STATES) && apart
        };
        Wanted {
            pids: &self.pids,
            threads: self.threads,
            irix: self.config.irix,
            needs,
            each_cpu: each_cpu(self.config.window()),
            container: self.container_line,
        }
    }

    /// The numbers of the windows on the screen: the current one, or in the alternate display all.
    #[must_use]
    pub fn shown(&self) -> Vec<usize> {
        if self.config.alternate { (0..self.panes.len()).collect() } else { vec![self.config.current] }
    }

    /// What must be known of every task, to choose and sort.
    fn needs_of_all(&self, at: usize) -> Needs {
        let (Some(window), Some(pane)) = (self.config.windows.get(at), self.panes.get(at)) else { return Needs::NONE };
        let of = |field: Field| needs(field, window);
        let sort = if window.flags.has(Flags::FOREST) { Needs::NONE } else { of(window.sort) };
        let filters = window.filters.iter().map(|filter| of(filter.field));
        let user = match pane.user {
            Some(user) if user.any => Needs::OWNER.and(Needs::STATUS),
            Some(_) => Needs::OWNER,
            None => Needs::NONE,
        };
        filters.fold(sort.and(user), Needs::and)
    }

    /// The columns of a window on a screen of that width.
    #[must_use]
    pub fn columns(&self, at: usize, screen: usize) -> Vec<Placed> {
        let (Some(window), Some(pane)) = (self.config.windows.get(at), self.panes.get(at)) else { return Vec::new() };
        let number = usize::from(self.config.alternate);
        columns::place(window, pane.left, &self.widths(), screen.saturating_sub(number))
    }

    fn widths(&self) -> Widths<'_> {
        let extra = usize::try_from(self.config.fixed_widest).unwrap_or(0);
        let cpu = self.machine.online.max(1).ilog10() as usize + 1;
        Widths { pid: self.machine.pid_width, cpu, extra, grown: &self.grown }
    }

    /// What all tasks of a frame are measured by in a window.
    pub(super) fn terms<'s>(&'s self, window: &Window, frame: &Frame) -> Terms<'s> {
        Terms {
            page: self.machine.page,
            memory: frame.memory.total.value,
            boottime: frame.boottime,
            names: &self.names,
            // Of a thread, and of all CPUs together, there is no more than 100 %.
            online: if self.config.irix && !self.threads { self.machine.online } else { 1 },
            utf8: self.utf8,
            threads: self.threads,
            task_scale: self.config.task_scale,
            tics_scaled: self.config.tics_scaled,
            zero_suppress: self.config.zero_suppress,
            cumulative: window.flags.has(Flags::CUMULATIVE),
            command_line: window.flags.has(Flags::COMMAND_LINE),
            forest: window.flags.has(Flags::FOREST),
        }
    }

    /// The tasks that a window shows of a frame on a screen of that width, in their order, as numbers of its rows; and which place
    /// each has among all.
    #[must_use]
    pub fn arrange(&self, at: usize, frame: &mut Frame, screen: usize) -> (Vec<usize>, Vec<usize>) {
        let (Some(window), Some(pane)) = (self.config.windows.get(at), self.panes.get(at)) else {
            return Default::default();
        };
        let terms = self.terms(window, frame);
        let columns = self.columns(at, screen);
        let mut tasks = arrange::arrange(&mut frame.rows, window, pane, &columns, &terms, self.version);
        if let Some(focus) = pane.focus.filter(|_| window.flags.has(Flags::FOREST)) {
            focused(&mut tasks, focus, &frame.rows);
        }
        tasks.into_iter().map(|(place, task)| (task, place)).unzip()
    }

    /// The column header of a window, and a line for each of `tasks`, which are numbers of the frame's rows.
    pub fn table(
        &self,
        at: usize,
        frame: &mut Frame,
        fill: &mut Fill<'_>,
        tasks: &[usize],
        screen: usize,
        mut each: impl FnMut(&Line),
    ) {
        let (Some(window), Some(pane)) = (self.config.windows.get(at), self.panes.get(at)) else { return };
        let columns = self.columns(at, screen);
        let needs = columns.iter().map(|column| needs(column.field, window)).fold(Needs::NONE, Needs::and);
        let needs = needs.without(self.wanted().needs);
        if needs != Needs::NONE {
            let mut rows: Vec<_> = frame.rows.iter_mut().map(Some).collect();
            fill(&mut tasks.iter().filter_map(|task| rows.get_mut(*task)?.take()), needs);
        }
        let terms = self.terms(window, frame);
        let number = self.config.alternate.then_some(at + 1);
        let shift = if columns.len() == 1 { pane.shift } else { 0 };
        let focused = pane.focus.is_some() && window.flags.has(Flags::FOREST);
        let layout = Layout { columns: &columns, number, shift, focused };
        each(&view::header(&layout));
        let mut line = Line::default();
        let here = |row: &&Row| !row.task.gone;
        for row in tasks.iter().filter_map(|task| frame.rows.get(*task)).filter(here) {
            view::task(row, &layout, window, &terms, &mut line);
            each(&line);
        }
    }
}

impl Session {
    /// Lets columns grow by so much at most, where a text of these tasks, drawn before, was cut off and the user wants it so (X -1).
    /// Says whether one has.
    pub fn grow(&mut self, at: usize, frame: &Frame, tasks: &[usize], screen: usize, most: usize) -> bool {
        let Some(window) = self.config.windows.get(at).filter(|_| self.config.fixed_widest < 0) else { return false };
        let terms = self.terms(window, frame);
        let mut grown = Vec::new();
        let mut text = Vec::new();
        let columns = self.columns(at, screen);
        for column in columns.iter().filter(|column| matches!(column.field.column().width, Width::Extensible(_))) {
            let rows = tasks.iter().filter_map(|task| frame.rows.get(*task));
            let widths = rows.map(|row| {
                text.clear();
                cell::write(column.field, row, &terms, WIDEST, &mut text)
            });
            let widest = widths.max().unwrap_or(0).min(column.width + most);
            if widest > column.width {
                grown.push((column.field, widest));
            }
        }
        self.grown.extend(grown.iter().copied());
        !grown.is_empty()
    }
}

/// Leaves of a forest only one task and those below it.
fn focused(tasks: &mut Vec<(usize, usize)>, focus: u32, rows: &[Row]) {
    let level = |(_, task): &(usize, usize)| rows.get(*task).map_or(0, |row| row.level);
    let is_focus = |(_, task): &(usize, usize)| rows.get(*task).is_some_and(|row| row.task.stat.pid == focus);
    let Some(first) = tasks.iter().position(is_focus) else { return };
    tasks.drain(..first);
    let above = tasks.first().map_or(0, level);
    let behind = tasks.iter().skip(1).position(|task| level(task) <= above);
    tasks.truncate(behind.map_or(tasks.len(), |behind| behind + 1));
}

/// What must be read to show a field in a window.
fn needs(field: Field, window: &Window) -> Needs {
    match field {
        Field::Command if window.flags.has(Flags::COMMAND_LINE) => Needs::CMDLINE,
        _ => field.column().needs,
    }
}
