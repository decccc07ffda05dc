//! The only floor that calls the kernel, and the only one with `unsafe`. Everything above asks a [`Machine`], so that a test can
//! hand in a captured one.

#![allow(unsafe_code, reason = "system calls that no safe wrapper covers live here and nowhere else")]

mod aside;
pub mod clock;
mod directory;
mod edit;
mod file;
mod live;
mod machine;
pub mod mount;
pub mod namespace;
mod output;
pub mod process;
mod root;
pub mod signal;
pub mod terminal;
pub mod watch;

pub use aside::{Answered, Aside};
pub use directory::{Below, Directory, Record};
pub use file::{open_now, refuse_planted_links};
pub use live::Live;
pub use machine::{Civil, FileKind, FileStat, Machine, Statfs};
pub use output::standard_output;
pub use root::{Root, is_missing};
