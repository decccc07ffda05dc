use crate::sys::process::reason;
use std::fmt::{self, Display};
use std::io;

/// Why `vat try` ended early.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Something is missing or failed: one line for the user.
    Said(String),
    /// A signal asked for the end.
    Signal(i32),
    /// Whoever read the output has seen enough.
    Closed,
}

impl Trouble {
    /// `what` failed with an error of the system.
    pub(super) fn io(what: impl Display, error: &io::Error) -> Trouble {
        Trouble::Said(format!("{what}: {}", reason(error)))
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Said(text) => f.write_str(text),
            Trouble::Closed => f.write_str("nobody reads any more"),
            Trouble::Signal(number) => write!(f, "ended by signal {number}"),
        }
    }
}
