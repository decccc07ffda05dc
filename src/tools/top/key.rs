//! What the user does, and what must be done about it outside of top.

/// What the user did, terminal left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// A letter with Ctrl, in lower case.
    Ctrl(char),
    /// A character with Alt.
    Alt(char),
    /// Enter.
    Enter,
    /// Esc.
    Esc,
    /// The key left of Delete.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// An arrow.
    Up,
    /// An arrow.
    Down,
    /// An arrow.
    Left,
    /// An arrow.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// The left button of the mouse, at column and line of the screen, from 0.
    Click(usize, usize),
    /// The wheel of the mouse, up or down.
    Wheel {
        /// Up.
        up: bool,
    },
}

/// What must be done outside, which may fail: then [`super::interact::Interaction::failed`] is told why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Draw again, of the same frame.
    Draw,
    /// Take a new frame and draw it.
    Refresh,
    /// End.
    Quit,
    /// Stop as Ctrl-Z does, until continued.
    Suspend,
    /// Send a signal.
    Kill {
        /// To this process or thread.
        pid: u32,
        /// The signal's number.
        signal: i32,
    },
    /// Set a nice value.
    Renice {
        /// Of this process or thread.
        pid: u32,
        /// The value.
        nice: i32,
    },
    /// Set the nice value of an autogroup.
    ReniceAutogroup {
        /// Of the autogroup of this process.
        pid: u32,
        /// The value.
        nice: i32,
    },
    /// Write the rc file.
    WriteConfig,
    /// Run a command of the rc file, or read a file, and show what comes of it.
    Inspect {
        /// `true`: a shell command; `false`: a file.
        pipe: bool,
        /// The command or the path, the pid filled in.
        command: String,
        /// What it is called.
        name: String,
    },
}

/// A screen's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub columns: usize,
    /// Lines.
    pub lines: usize,
}
