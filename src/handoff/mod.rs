//! The files of /run/vat, which pass between the host, `vat-init` and the tools.
//!
//! All of it is optional, and nothing in it is trusted beyond display: a broken or hostile file is as if it were not there.

mod disk;
mod instance;
mod loadavg;

pub use disk::disk_used;
pub use instance::{Instance, Limits, instance};
pub use loadavg::{Sample, Taken, loadavg, write_loadavg};

use crate::sys::Machine;
use std::path::Path;

/// The host's directory, bind-mounted read-only into the container.
pub const HOST_DIR: &str = "run/vat/host";

/// No file of /run/vat is larger.
const LARGEST: usize = 64 << 10;

fn read(machine: &dyn Machine, path: &Path) -> Option<Vec<u8>> {
    machine.root().read(path).ok().filter(|bytes| bytes.len() <= LARGEST)
}
