//! Who and where this process is.

use std::path::Path;

/// The user whose process this is (getuid(2)).
#[must_use]
pub fn user() -> u32 {
    nix::unistd::getuid().as_raw()
}

/// The group of that user's that this process is in (getgid(2)).
#[must_use]
pub fn group() -> u32 {
    nix::unistd::getgid().as_raw()
}

/// The machine's name (gethostname(2)).
#[must_use]
pub fn host() -> String {
    nix::unistd::gethostname().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether this process may make files in a directory (access(2)).
#[must_use]
pub fn may_write(directory: &Path) -> bool {
    nix::unistd::access(directory, nix::unistd::AccessFlags::W_OK).is_ok()
}
