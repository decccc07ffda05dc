//! Writes a file whole or not at all, where that can be.

use crate::sys;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

/// Writes `bytes` to a file beside `file` and gives it the other's name, so that nobody ever sees, or is left with, a part of it;
/// into the file itself where it cannot be replaced, and over what is no file. What `make` names are directories that are made where
/// they are missing. Where the file is a link, what it leads to is written, unless somebody may have planted it for root.
///
/// # Errors
/// What the system calls say; what was there is still there, unless the writing into the file itself fails.
pub(super) fn save(file: &Path, make: &[PathBuf], bytes: &[u8]) -> io::Result<()> {
    sys::refuse_planted_links(file)?;
    for directory in make.iter().filter(|directory| file.starts_with(directory)) {
        // That it is missing still, the file will tell.
        let _ = fs::DirBuilder::new().mode(0o700).create(directory);
    }
    let target = match fs::canonicalize(file) {
        Ok(target) => target,
        // A link that leads nowhere.
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::read_link(file)
            .map_or_else(|_| file.to_path_buf(), |link| file.parent().unwrap_or(Path::new("")).join(link)),
        Err(error) => return Err(error),
    };
    if !target.exists() {
        return replace(&target, None, bytes);
    }
    // Whoever may not write the old file may not replace it; and a directory, a device or a pipe stays.
    let mut opened = sys::open_now(&target, true)?;
    let old = opened.metadata()?;
    if !old.is_file() {
        return opened.write_all(bytes);
    }
    match replace(&target, Some(&old), bytes) {
        // A mount of its own, as in containers; a directory that may not be written; an owner that cannot be kept.
        Err(error) if cannot_be_replaced(&error) => {
            // From here on until all is written there is less than a whole file.
            opened.set_len(0)?;
            write(&opened, bytes)
        }
        replaced => replaced,
    }
}

/// Whether that is for ever, and says nothing of the file itself: EBUSY, EACCES, EPERM, EROFS, EXDEV.
fn cannot_be_replaced(error: &io::Error) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(error.kind(), ResourceBusy | PermissionDenied | ReadOnlyFilesystem | CrossesDevices)
}

/// Writes a new file with the rights and the owner of the old one, and puts it in its place.
fn replace(target: &Path, old: Option<&Metadata>, bytes: &[u8]) -> io::Result<()> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = target.with_file_name(name);
    let written = OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|new| {
        if let Some(old) = old {
            fchown(&new, Some(old.uid()), Some(old.gid())).map_err(|_| io::ErrorKind::PermissionDenied)?;
            new.set_permissions(fs::Permissions::from_mode(old.permissions().mode() & 0o777))?;
        }
        write(&new, bytes)?;
        fs::rename(&beside, target)
    });
    if written.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::AlreadyExists) {
        // It may not even have been made.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    // A disk that is full may say so only now.
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of the test's own, empty.
    fn place(name: &str) -> PathBuf {
        let place = std::env::temp_dir().join(format!("vat-save-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).unwrap();
        place
    }

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_missing_is_made_and_nothing_stays_beside_the_file() {
        let home = place("new");
        let make = [home.join(".config"), home.join(".config/procps")];
        let file = home.join(".config/procps/toprc");
        save(&file, &make, b"one").unwrap();
        save(&file, &make, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!((mode(&make[0]), mode(&make[1])), (0o700, 0o700));
        assert_eq!(fs::read_dir(&make[1]).unwrap().count(), 1);
        save(&home.join("a/b"), &[], b"x").unwrap_err();
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn links_rights_and_what_is_no_file_stay() {
        let home = place("old");
        let [real, link, nowhere] = ["real", "link", "nowhere"].map(|name| home.join(name));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        save(&link, &[], b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!((fs::read(&real).unwrap(), mode(&real)), (b"new".to_vec(), 0o640));

        std::os::unix::fs::symlink("made", &nowhere).unwrap();
        save(&nowhere, &[], b"there").unwrap();
        assert_eq!(fs::read(home.join("made")).unwrap(), b"there");

        assert_eq!(save(&home, &[], b"x").unwrap_err().kind(), io::ErrorKind::IsADirectory);
        save(Path::new("/dev/null"), &[], b"x").unwrap();
        let below_a_file = save(&real.join("toprc"), &[], b"x").unwrap_err();
        assert_eq!(below_a_file.kind(), io::ErrorKind::NotADirectory);
        fs::remove_dir_all(home).unwrap();
    }

    /// Root keeps another's file another's; others write into a file whose directory is not theirs to change.
    #[test]
    fn the_owner_stays() {
        let home = place("owner");
        let file = home.join("toprc");
        fs::write(&file, "something longer").unwrap();
        let root = sys::process::is_root();
        if root {
            std::os::unix::fs::chown(&file, Some(1234), Some(4321)).unwrap();
        } else {
            fs::set_permissions(&home, fs::Permissions::from_mode(0o555)).unwrap();
        }
        let before = fs::metadata(&file).unwrap();
        save(&file, &[], b"new").unwrap();
        let after = fs::metadata(&file).unwrap();
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        assert_eq!(after.ino() == before.ino(), !root, "replaced where that can be");
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::read_dir(&home).unwrap().count(), 1);
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
        fs::remove_dir_all(home).unwrap();
    }
}
