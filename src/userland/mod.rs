//! One pure parser per file that programs write, not the kernel.

mod systemd_session;
mod utmp;

pub use systemd_session::is_user_session;
pub use utmp::users;
