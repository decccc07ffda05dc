use super::Reader;
use crate::kernel::proc::Mount;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Files and directories on all tmpfs to be seen, each filesystem counted once.
#[must_use]
pub fn tmpfs_inodes(reader: &Reader<'_>) -> u64 {
    let mounts = reader.mounts(|fs_type| fs_type == b"tmpfs");
    let once: BTreeMap<(u32, u32), Mount> = mounts.into_iter().map(|mount| (mount.device, mount)).collect();
    let inodes = |mount: &Mount| {
        let path = Path::new(OsStr::from_bytes(&mount.mount_point));
        // Something else may be mounted over it.
        reader.machine().stat(path).ok().filter(|there| there.device == mount.device)?;
        let read = reader.machine().statfs(path).ok()?;
        Some(read.files.saturating_sub(read.files_free))
    };
    once.values().filter_map(inodes).fold(0, u64::saturating_add)
}
