//! Mounts, and the few other things that make a root filesystem.

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a mount forbids, and whether it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anything goes.
    Full,
    /// No set-user-id programs, no devices, and no writing.
    LookOnly,
    /// No set-user-id programs, no devices, and no programs at all.
    DataOnly,
    /// These, and no writing.
    ReadOnly,
}

impl Access {
    fn flags(self) -> MsFlags {
        let no_devices = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        match self {
            Access::Full => MsFlags::empty(),
            Access::LookOnly => no_devices | MsFlags::MS_RDONLY,
            Access::DataOnly => no_devices | MsFlags::MS_NOEXEC,
            Access::ReadOnly => no_devices | MsFlags::MS_NOEXEC | MsFlags::MS_RDONLY,
        }
    }
}

const NOTHING: Option<&Path> = None;

/// Cuts this mount namespace off from others: what is mounted in it stays in it.
///
/// # Errors
/// What mount(2) says.
pub fn make_private() -> io::Result<()> {
    Ok(mount(NOTHING, "/", NOTHING, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NOTHING)?)
}

/// Mounts a filesystem that lies on no device.
///
/// # Errors
/// What mount(2) says; ENODEV where this kernel does not have the filesystem.
pub fn filesystem(fs_type: &str, target: &Path, access: Access, options: &str) -> io::Result<()> {
    Ok(mount(Some(fs_type), target, Some(fs_type), access.flags(), Some(options))?)
}

/// Shows a file or directory at a second place, without what is mounted below it.
///
/// # Errors
/// What mount(2) says.
pub fn bind(from: &Path, to: &Path) -> io::Result<()> {
    Ok(mount(Some(from), to, NOTHING, MsFlags::MS_BIND, NOTHING)?)
}

/// Changes what a mount forbids.
///
/// # Errors
/// What mount(2) says.
pub fn restrict(target: &Path, access: Access) -> io::Result<()> {
    Ok(mount(NOTHING, target, NOTHING, MsFlags::MS_REMOUNT | MsFlags::MS_BIND | access.flags(), NOTHING)?)
}

/// Makes a mount the root directory, and lets go of the old one.
///
/// # Errors
/// What chdir(2), pivot_root(2) and umount(2) say.
pub fn become_root(new: &Path) -> io::Result<()> {
    nix::unistd::chdir(new)?;
    // pivot_root(2) "." ".": the old root lies on top of the new one, and leaves no directory behind.
    nix::unistd::pivot_root(".", ".")?;
    umount2(".", MntFlags::MNT_DETACH)?;
    Ok(nix::unistd::chdir("/")?)
}

/// Makes a character device that everyone may read and write. The mode does not depend on the umask.
///
/// # Errors
/// What mknod(2) and chmod(2) say.
pub fn make_device(path: &Path, major: u64, minor: u64) -> io::Result<()> {
    let everyone = Mode::from_bits_truncate(0o666);
    mknod(path, SFlag::S_IFCHR, everyone, makedev(major, minor))?;
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

/// Marks a directory of an overlay's upper layer as all there is: what the lower layer has in it is hidden.
///
/// # Errors
/// What setxattr(2) says.
pub fn make_opaque(directory: &Path) -> io::Result<()> {
    let path = CString::new(directory.as_os_str().as_bytes())?;
    // SAFETY: two C strings and one byte that outlive the call.
    let set = unsafe { libc::setxattr(path.as_ptr(), c"trusted.overlay.opaque".as_ptr(), b"y".as_ptr().cast(), 1, 0) };
    if set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sets this uts namespace's hostname.
///
/// # Errors
/// What sethostname(2) says.
pub fn set_hostname(name: &str) -> io::Result<()> {
    Ok(nix::unistd::sethostname(name)?)
}
