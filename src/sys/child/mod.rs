//! Children of a supervisor: starting them with all that they are to have, and learning how they ended.
//!
//! A child is made by fork(2), and what is done in it is ordinary code: the supervisor has one thread. What goes wrong there is
//! written to its standard error, which is the program's log, in supervisord's words.

mod ended;
mod launch;
mod tell;

pub use ended::{Ended, How, collect, peek};
pub use launch::{Identity, Join, Launch, Session, become_user, launch};
pub use tell::{any, error_name, is_nobody, is_out_of_files, is_out_of_processes, send_to_all, send_to_group};

/// Whether this process may run that file (access(2)).
#[must_use]
pub fn may_execute(file: &std::path::Path) -> bool {
    nix::unistd::access(file, nix::unistd::AccessFlags::X_OK).is_ok()
}
