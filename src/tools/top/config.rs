//! How the user wants to see things: what the rc file holds, the keys change and the options override.

use super::field::Field;
use super::filter::Filter;
use std::ops::{BitAnd, BitOr, BitXor, Not};

/// The whole of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// All four windows at once, instead of the current one alone (A).
    pub alternate: bool,
    /// %CPU of one CPU; not Irix is Solaris: of all the CPUs there are (I).
    pub irix: bool,
    /// Seconds between two refreshes (d).
    pub delay: f64,
    /// Which of the windows is the current one.
    pub current: usize,
    /// The windows Def, Job, Mem and Usr.
    pub windows: [Window; 4],
    /// Columns added to those of a fixed width (X); negative: as wide as the widest text so far.
    pub fixed_widest: i32,
    /// The unit of the memory in the summary: KiB, MiB, GiB, ... (E).
    pub summary_scale: usize,
    /// The unit of the memory of tasks (e).
    pub task_scale: usize,
    /// Zeroes are not shown (0).
    pub zero_suppress: bool,
    /// How far TIME and TIME+ are scaled (Ctrl-E).
    pub tics_scaled: usize,
    /// The lines for Y, `pipe` or `file`, name and command, as they are in the rc file.
    pub inspect: Vec<Vec<u8>>,
}

/// One of the four windows, which procps also calls field groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Its name, at most three characters.
    pub name: String,
    /// All fields in their order, and which are shown.
    pub columns: Vec<(Field, bool)>,
    /// What is on and off.
    pub flags: Flags,
    /// By what tasks are sorted.
    pub sort: Field,
    /// At most so many tasks; 0: as many as there is room for (n).
    pub max_tasks: usize,
    /// How CPUs are drawn: 0 figures, 1 bars, 2 blocks (t; CPUSUM says whether at all).
    pub graph_cpus: usize,
    /// The same of memory (m).
    pub graph_mems: usize,
    /// So many CPUs on a line, less one (4).
    pub double_up: usize,
    /// CPUs shown together as one row (!).
    pub combine_cpus: usize,
    /// The colours of summary, messages, header and tasks, terminal colours 0 to 7 (or to 255).
    pub colours: [i32; 4],
    /// Of which kind of cores the rows are: 0 all (5).
    pub core_types: usize,
    /// Cores instead of CPUs (4.0.6's ^); `None` where the rc file did not say so.
    pub cores_vs_cpus: Option<usize>,
    /// The filters, all of which a task must pass (o, O).
    pub filters: Vec<Filter>,
}

/// What is on in a window, by procps' bits, which are those of the rc file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub u32);

impl Flags {
    /// Sorted from the highest down (R reverses).
    pub const DESCENDING: Flags = Flags(0x4);
    /// Children below their parents (V).
    pub const FOREST: Flags = Flags(0x2);
    /// Bold is off (B).
    pub const NO_BOLD: Flags = Flags(0x8);
    /// The window's tasks are shown (-).
    pub const TASKS: Flags = Flags(0x10);
    /// Idle tasks are shown too (i).
    pub const IDLE: Flags = Flags(0x20);
    /// Times count those of children that have ended (S).
    pub const CUMULATIVE: Flags = Flags(0x40);
    /// The command line instead of the name (c).
    pub const COMMAND_LINE: Flags = Flags(0x80);
    /// Running tasks stand out (y).
    pub const HIGH_ROWS: Flags = Flags(0x100);
    /// The sort column stands out (x).
    pub const HIGH_COLUMN: Flags = Flags(0x200);
    /// To stand out is bold, else reverse (b).
    pub const HIGH_BOLD: Flags = Flags(0x400);
    /// Colours (z).
    pub const COLOURS: Flags = Flags(0x800);
    /// The memory lines of the summary (m).
    pub const MEMORY: Flags = Flags(0x1000);
    /// The task and CPU lines of the summary (t).
    pub const STATES: Flags = Flags(0x2000);
    /// The load line of the summary (l).
    pub const LOAD: Flags = Flags(0x4000);
    /// One CPU line instead of one a CPU (1).
    pub const CPU_SUM: Flags = Flags(0x8000);
    /// Numbers to the right (J).
    pub const NUMBERS_RIGHT: Flags = Flags(0x20000);
    /// Texts to the right (j).
    pub const TEXTS_RIGHT: Flags = Flags(0x40000);
    /// The scroll message (C).
    pub const SCROLL: Flags = Flags(0x80000);
    /// CPU lines by NUMA node (2).
    pub const NODES: Flags = Flags(0x400000);

    /// Whether all of `flag` is on.
    #[must_use]
    pub fn has(self, flag: Flags) -> bool {
        self & flag == flag
    }

    /// Turns it the other way.
    pub fn toggle(&mut self, flag: Flags) {
        *self = *self ^ flag;
    }

    /// Turns it on or off.
    pub fn set(&mut self, flag: Flags, on: bool) {
        *self = if on { *self | flag } else { *self & !flag };
    }
}

impl BitOr for Flags {
    type Output = Flags;
    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

impl BitAnd for Flags {
    type Output = Flags;
    fn bitand(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }
}

impl BitXor for Flags {
    type Output = Flags;
    fn bitxor(self, other: Flags) -> Flags {
        Flags(self.0 ^ other.0)
    }
}

impl Not for Flags {
    type Output = Flags;
    fn not(self) -> Flags {
        Flags(!self.0)
    }
}

impl Config {
    /// The current window.
    #[must_use]
    pub fn window(&self) -> &Window {
        let [first, ..] = &self.windows;
        self.windows.get(self.current).unwrap_or(first)
    }

    /// The current window, to change it.
    pub fn window_mut(&mut self) -> &mut Window {
        let current = self.current.min(self.windows.len() - 1);
        let [first, second, third, fourth] = &mut self.windows;
        match current {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        }
    }
}

impl Window {
    /// The fields that are shown, in their order.
    pub fn shown(&self) -> impl Iterator<Item = Field> {
        self.columns.iter().filter(|(_, shown)| *shown).map(|(field, _)| *field)
    }
}
