use super::Reader;
use crate::kernel::proc::TtyDrivers;
use crate::kernel::sys;
use crate::sys::Root;
use crate::unit::CpuSet;
use crate::userland::{self, Accounts};
use std::ffi::OsString;
use std::path::Path;

/// The users of /etc/passwd; none where it cannot be read.
#[must_use]
pub fn users_by_id(root: &Root) -> Accounts {
    userland::passwd(&root.read(Path::new("etc/passwd")).unwrap_or_default())
}

/// The groups of /etc/group, likewise.
#[must_use]
pub fn groups(root: &Root) -> Accounts {
    userland::group(&root.read(Path::new("etc/group")).unwrap_or_default())
}

/// What the kernel's terminals are called.
#[must_use]
pub fn terminals(reader: &Reader<'_>) -> Option<TtyDrivers> {
    reader.records(Path::new("proc/tty/drivers"), TtyDrivers::parse)
}

/// The NUMA node of each CPU.
#[must_use]
pub fn nodes(reader: &Reader<'_>) -> Vec<(u32, CpuSet)> {
    let dir = Path::new("sys/devices/system/node");
    let names = reader.root().names(dir).unwrap_or_default();
    let node = |name: OsString| {
        let number = name.to_str()?.strip_prefix("node")?.parse().ok()?;
        Some((number, reader.record(&dir.join(&name).join("cpulist"), sys::cpu::online)?))
    };
    names.into_iter().filter_map(node).collect()
}
