//! The only floor that calls the kernel, and the only one with `unsafe`. Everything above asks a [`Machine`], so that a test can
//! hand in a captured one.

#![allow(unsafe_code, reason = "system calls that no safe wrapper covers live here and nowhere else")]

mod aside;
pub mod child;
pub mod clock;
mod dial;
mod directory;
mod edit;
mod file;
pub mod identity;
mod inbox;
pub mod init;
pub mod kin;
mod live;
mod machine;
pub mod mount;
pub mod namespace;
pub mod note;
mod notify;
mod output;
pub mod pidfd;
pub mod poll;
pub mod process;
pub mod relay;
pub mod rlimit;
mod root;
pub mod session;
pub mod signal;
pub mod socket;
pub mod stream;
pub mod terminal;
pub mod watch;

pub use aside::{Answered, Aside};
pub use dial::Dial;
pub use directory::{Below, Directory, Record};
pub use file::{open_now, refuse_planted_links};
pub use inbox::{Inbox, Received, halt};
pub use live::Live;
pub use machine::{Civil, FileKind, FileStat, Machine, Statfs};
pub use notify::{Notice, NotifySocket};
pub use output::standard_output;
pub use root::{Root, is_missing};
