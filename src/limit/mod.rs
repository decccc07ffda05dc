//! Limits: what is wanted, a pure plan of writes in the order that this cgroup version needs, the writing, and what the kernel
//! then says is set. Whoever makes or resizes a container does it through here.
//!
//! - [`find`] tells from mountinfo text which hierarchies there are and where this process stands in them;
//! - [`Group`] makes a cgroup in all of them, takes processes in, and removes it;
//! - [`plan`] turns [`Wanted`] into writes; [`set`] does them and reads back.
//!
//! A limit that this machine cannot set is in the report as such; one that the kernel set differently is an error.

mod cell;
mod find;
mod group;
mod now;
mod plan;
mod set;
mod wanted;

pub use cell::{Cell, own_oom_kills};
pub use find::{Hierarchies, Hierarchy, Level, find, home};
pub use group::{Doors, Group, Seat, sweep};
pub use now::Now;
pub use plan::{Plan, Unavailable, Write, plan};
pub use set::{Differs, Report, set};
pub use wanted::{Item, Wanted};

use crate::sys::process::reason;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a cgroup could not be made or limited.
#[derive(Debug)]
pub enum Error {
    /// No hierarchy of cgroups is mounted, or only those of another cgroup namespace.
    NotMounted,
    /// The cgroups may only be looked at, as engines mount them in a container.
    ReadOnly(PathBuf),
    /// Every visible cgroup of v2 has processes of its own, and below such a one the kernel sets no limits.
    NoInnerNode(PathBuf),
    /// A file or directory refused.
    Io {
        /// What was done to it.
        doing: String,
        /// Which.
        path: PathBuf,
        /// What the kernel said.
        error: io::Error,
    },
    /// The kernel set something else.
    Differs(Vec<Differs>),
}

impl Error {
    pub(crate) fn io(doing: impl Into<String>, path: impl Into<PathBuf>, error: io::Error) -> Error {
        Error::Io { doing: doing.into(), path: path.into(), error }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotMounted => f.write_str("no cgroups of this namespace are mounted here"),
            Error::ReadOnly(dir) => {
                write!(f, "the cgroups at {} are mounted read-only, as in a container", dir.display())
            }
            Error::NoInnerNode(dir) => write!(
                f,
                "every cgroup from {} up has processes of its own or lacks controllers, so none with limits can be made there",
                dir.display()
            ),
            Error::Io { doing, path, error } => write!(f, "cannot {doing} {}: {}", path.display(), reason(error)),
            Error::Differs(differences) => {
                f.write_str("the kernel set other limits than asked: ")?;
                for (at, one) in differences.iter().enumerate() {
                    write!(f, "{}{one}", if at > 0 { "; " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Error {}
