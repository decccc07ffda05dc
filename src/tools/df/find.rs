//! Where the FILE arguments lie.

use super::mounts::Entry;
use crate::sys::{FileKind, FileStat, Machine};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The file system of a FILE.
#[derive(Debug)]
pub(super) enum Found {
    /// A mount of the table (its index). A device is looked at where it is mounted, another file where it lies.
    Mount { index: usize, is_device: bool },
    /// None of the table's, but this is where it is mounted.
    Unlisted { mount_point: PathBuf },
    /// A device over whose mount points others are mounted.
    Covered,
    /// Nothing, for this reason.
    Failed { what: PathBuf, error: io::Error },
}

/// Looks at a FILE. Opening it makes an automounter mount what lies there.
pub(super) fn stat(machine: &dyn Machine, file: &Path) -> io::Result<FileStat> {
    match machine.open(file) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Err(error),
        _ => machine.stat(file),
    }
}

/// Finds the filesystem of a FILE.
pub(super) fn find(machine: &dyn Machine, entries: &[Entry], file: &Path, seen: &FileStat) -> Found {
    if matches!(seen.kind, FileKind::Device(_))
        && let Some(found) = device(machine, entries, file)
    {
        return found;
    }
    by_path(machine, entries, file, seen)
        .or_else(|| by_device(machine, entries, seen))
        .map_or_else(|| unlisted(machine, file, seen), |index| Found::Mount { index, is_device: false })
}

/// A device that is mounted, where it can be reached best: at an accessible mount point, then at the shortest.
fn device(machine: &dyn Machine, entries: &[Entry], file: &Path) -> Option<Found> {
    let resolve = |path: &Path| machine.real_path(path).ok().filter(|real| real.is_absolute());
    let file = resolve(file).unwrap_or_else(|| file.to_owned());
    let name = |entry: &Entry| {
        let source = Path::new(OsStr::from_bytes(&entry.mount.source));
        resolve(source).unwrap_or_else(|| source.to_owned())
    };
    let mut covered = false;
    let mut best: Option<(usize, usize)> = None;
    let mut accessible = false;
    for (index, entry) in entries.iter().enumerate() {
        if name(entry) != file {
            continue;
        }
        let last = entries.iter().rev().find(|other| other.mount.mount_point == entry.mount.mount_point);
        if last.is_some_and(|last| name(last) != file) {
            covered = true;
            continue;
        }
        let length = entry.mount.mount_point.len();
        if accessible && best.is_some_and(|(_, shortest)| length >= shortest) {
            continue;
        }
        let is_there = machine.stat(entry.target()).is_ok();
        if is_there || (!accessible && best.is_none()) {
            accessible |= is_there;
            best = Some((index, length));
            if length <= 1 {
                break;
            }
        }
    }
    match best {
        Some((index, _)) => Some(Found::Mount { index, is_device: true }),
        None => covered.then_some(Found::Covered),
    }
}

/// The nearest mount point above a file, by its path alone: asking every mount point could hang on a dead one.
fn by_path(machine: &dyn Machine, entries: &[Entry], file: &Path, seen: &FileStat) -> Option<usize> {
    let real = machine.real_path(file).ok().filter(|real| real.is_absolute())?;
    let real = real.as_os_str().as_bytes();
    let mut best: Option<(usize, &Entry)> = None;
    for (index, entry) in entries.iter().enumerate() {
        let target = &entry.mount.mount_point;
        let is_above = target.len() == 1
            || real.strip_prefix(target.as_slice()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"));
        let is_better = is_candidate(entry, best)
            && is_above
            && best.is_none_or(|(_, best)| best.mount.mount_point.len() <= target.len());
        if is_better && !target.is_empty() {
            best = Some((index, entry));
        }
    }
    let (index, entry) = best?;
    machine.stat(entry.target()).is_ok_and(|there| there.device == seen.device).then_some(index)
}

/// The mount of the file's device.
fn by_device(machine: &dyn Machine, entries: &[Entry], seen: &FileStat) -> Option<usize> {
    let mut best: Option<(usize, &Entry)> = None;
    for (index, entry) in entries.iter().enumerate() {
        if entry.mount.device == seen.device
            && is_candidate(entry, best)
            && machine.stat(entry.target()).is_ok_and(|there| there.device == seen.device)
        {
            best = Some((index, entry));
        }
    }
    best.map(|(index, _)| index)
}

/// Later mounts lie over earlier ones, but a dummy never stands for a file where another does.
fn is_candidate(entry: &Entry, best: Option<(usize, &Entry)>) -> bool {
    entry.mount.fs_type != b"lofs" && best.is_none_or(|(_, best)| best.dummy || !entry.dummy)
}

/// Walks up to where the device changes.
fn unlisted(machine: &dyn Machine, file: &Path, seen: &FileStat) -> Found {
    let failed = |what: &Path, error| Found::Failed { what: what.to_owned(), error };
    let real = match machine.real_path(file) {
        Ok(real) => real,
        Err(error) => return failed(file, error),
    };
    let mut here = match seen.kind {
        FileKind::Directory => real.as_path(),
        _ => real.parent().unwrap_or(&real),
    };
    let mut device = match machine.stat(here) {
        Ok(there) => there.device,
        Err(error) => return failed(here, error),
    };
    while let Some(above) = here.parent() {
        match machine.stat(above) {
            Ok(there) if there.device == device => (here, device) = (above, there.device),
            Ok(_) => break,
            Err(error) => return failed(above, error),
        }
    }
    Found::Unlisted { mount_point: here.to_owned() }
}
