use super::User;
use std::path::PathBuf;

/// A place where the daemon listens.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// `unix_http_server`, `inet_http_server`, or with the suffix that the section has.
    pub section: String,
    /// Where.
    pub address: Address,
    /// `username` and `password`, the latter as written (`{SHA}` and hexadecimal digits, or plain).
    pub login: Option<(String, String)>,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// A unix socket.
    Unix {
        /// `file`.
        path: PathBuf,
        /// `chmod`; 0700.
        mode: u32,
        /// `chown`: user and group, `u32::MAX` leaving the group as it is; `None` for the daemon's own.
        owner: Option<(User, u32)>,
    },
    /// A TCP port, of one address or (empty) of all.
    Inet {
        /// Empty for all addresses.
        host: String,
        /// The port.
        port: u16,
    },
}
