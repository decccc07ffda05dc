use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Opens a file that a user has named, for reading or for writing. Never creates one, never waits for what is at a FIFO's other
/// end, and makes no terminal this process's own.
///
/// # Errors
/// What open(2) says.
pub fn open_now(path: &Path, write: bool) -> io::Result<File> {
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    OpenOptions::new().read(!write).write(write).custom_flags(flags).open(path)
}

/// Fails where this process is root and a link on the way to `path`, or there, may have been made to lead root astray: its owner is
/// neither root nor the owner of what it leads to; of a link that leads to nothing, of the directory where that would be made.
///
/// # Errors
/// Permission denied. What is missing, or cannot be looked at, is no link.
pub fn refuse_planted_links(path: &Path) -> io::Result<()> {
    // A slash at the end would follow the link that is asked for.
    let path = path.components().as_path();
    if super::process::is_root() && path.ancestors().any(is_planted) { Err(denied()) } else { Ok(()) }
}

fn is_planted(path: &Path) -> bool {
    let link = match fs::symlink_metadata(path) {
        Ok(link) if link.is_symlink() && link.uid() != 0 => link.uid(),
        _ => return false,
    };
    let target = fs::metadata(path).or_else(|_| {
        let target = path.parent().unwrap_or(Path::new("")).join(fs::read_link(path)?);
        fs::metadata(target.parent().ok_or_else(denied)?)
    });
    // One that leads nowhere at all is not followed either.
    !target.is_ok_and(|target| target.uid() == link)
}

fn denied() -> io::Error {
    io::Error::from_raw_os_error(libc::EACCES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{chown, lchown, symlink};

    #[test]
    fn root_follows_no_link_that_its_owner_may_have_planted() {
        let home = std::env::temp_dir().join(format!("vat-planted-{}", std::process::id()));
        fs::create_dir_all(home.join("theirs")).unwrap();
        fs::create_dir_all(home.join("roots")).unwrap();
        fs::write(home.join("theirs/file"), "").unwrap();
        let root = crate::sys::process::is_root();
        let refused = |target: &str, owner: u32, below: &str| {
            let link = home.join("link");
            symlink(target, &link).unwrap();
            if root {
                lchown(&link, Some(owner), None).unwrap();
                chown(home.join("theirs"), Some(1234), None).unwrap();
                chown(home.join("theirs/file"), Some(1234), None).unwrap();
            }
            let refused = refuse_planted_links(&link.join(below)).is_err();
            fs::remove_file(link).unwrap();
            refused
        };
        assert!(!refused("theirs/file", 1234, ""));
        assert!(!refused("theirs/missing", 1234, ""));
        assert!(!refused("theirs", 1234, "file"));
        assert!(!refused("roots", 0, "missing"));
        assert!(!refused("theirs", 0, "file"));
        assert_eq!(refused("roots", 1234, "missing"), root);
        assert_eq!(refused("roots/missing", 1234, ""), root);
        assert_eq!(refused("/proc/1/status", 1234, ""), root);
        assert_eq!(refused("nowhere/missing", 1234, ""), root);
        fs::remove_dir_all(home).unwrap();
    }
}
