//! One pure parser per file that programs write, not the kernel.

mod account;
mod group;
mod login;
mod membership;
mod passwd;
mod systemd_session;
mod utmp;

pub use account::Accounts;
pub use group::group;
pub use login::{Login, logins};
pub use membership::{Membership, memberships};
pub use passwd::passwd;
pub use systemd_session::is_user_session;
pub use utmp::users;
