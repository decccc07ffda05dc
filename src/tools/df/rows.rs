//! The rows of the table: which filesystems, and their figures.

use super::Messages;
use super::arguments::Arguments;
use super::find::{self, Found};
use super::mounts::{self, Device, Entry, Listed, Listing, Seen};
use super::view::Row;
use crate::container::{self, Usage};
use crate::handoff;
use crate::snapshot::disk::{Filesystem, Quota};
use crate::sys::{FileKind, FileStat, Machine, Statfs};
use crate::tools::here::Here;
use std::cell::OnceCell;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Collects rows.
pub(super) struct Rows<'a> {
    arguments: &'a Arguments,
    machine: &'a dyn Machine,
    entries: &'a [Entry],
    here: &'a Here<'a>,
    /// The disk quota, and the device it bounds.
    quota: OnceCell<Option<(Quota, Device)>>,
    memory: OnceCell<Option<container::Memory>>,
    /// The rows so far.
    pub(super) rows: Vec<Row>,
    /// Where figures come from that are not the filesystem's own, a line for each such row.
    pub(super) notes: Vec<Vec<u8>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        arguments: &'a Arguments,
        machine: &'a dyn Machine,
        entries: &'a [Entry],
        here: &'a Here<'a>,
    ) -> Rows<'a> {
        let (quota, memory) = (OnceCell::new(), OnceCell::new());
        Rows { arguments, machine, entries, here, quota, memory, rows: Vec::new(), notes: Vec::new() }
    }

    /// A row for every filesystem.
    pub(super) fn list(&mut self, messages: &mut Messages<'_>) -> io::Result<()> {
        let entries = self.entries;
        let wants_type = |fs_type: &[u8]| self.arguments.wants_type(fs_type);
        let listing = Listing {
            all: self.arguments.all,
            local: self.arguments.local,
            total: self.arguments.total,
            contained: self.here.is_container(),
            wants_type: &wants_type,
        };
        let stat = |entry: &Entry| {
            let seen = self.machine.stat(entry.target()).ok()?;
            Some(Seen { device: seen.device, is_directory: seen.kind == FileKind::Directory })
        };
        let listed = mounts::listed(entries, &listing, stat);
        for index in &listed.shown {
            let Some(entry) = entries.get(*index) else { continue };
            if self.wants(entry) && (self.arguments.all || !entry.dummy) && entry.target().is_absolute() {
                self.listed(entry, &listed, messages)?;
            }
        }
        Ok(())
    }

    fn listed(&mut self, entry: &Entry, listed: &Listed, messages: &mut Messages<'_>) -> io::Result<()> {
        let all = self.arguments.all;
        let figures = match self.machine.statfs(entry.target()) {
            Ok(figures) if !all => (figures.blocks > 0).then_some(figures).ok_or(()),
            Ok(figures) => Ok(figures),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Err(()),
                _ => return messages.file_error(entry.target(), &error),
            },
        };
        let mut row = self.row(entry);
        match figures {
            Ok(figures) if !all || !self.is_covered(entry, listed) => self.fill(&mut row, Some(entry), &figures),
            _ if !all => return Ok(()),
            // Not there, not ours to see, or another lies over it: then nothing can be told.
            _ => row.fs_type = None,
        }
        if let Some(device) = self.by_uuid(entry) {
            row.source = Some(device.into_os_string().as_encoded_bytes().to_vec());
        }
        self.rows.push(row);
        Ok(())
    }

    /// A row for the filesystem of a FILE.
    pub(super) fn file(&mut self, file: &Path, seen: &FileStat, messages: &mut Messages<'_>) -> io::Result<()> {
        let entries = self.entries;
        let name = file.as_os_str().as_bytes();
        let (mut row, entry, at) = match find::find(self.machine, entries, file, seen) {
            Found::Mount { index, is_device } => {
                let Some(entry) = entries.get(index).filter(|entry| self.wants(entry)) else { return Ok(()) };
                (self.row(entry), Some(entry), if is_device { entry.target() } else { file })
            }
            Found::Unlisted { mount_point } => {
                // No type is known then, and none can be refused.
                let target = Some(mount_point.into_os_string().as_encoded_bytes().to_vec());
                let unknown = Usage::UNKNOWN;
                let row = Row { source: None, fs_type: None, file: None, target, blocks: unknown, inodes: unknown };
                (row, None, file)
            }
            Found::Covered => {
                let quoted = crate::tools::quote::shell(name, !name.is_ascii() && messages.locale.is_utf8(), true);
                return messages.error(&[b"cannot access ", &quoted, b": over-mounted by another device"]);
            }
            Found::Failed { what, error } => return messages.file_error(&what, &error),
        };
        match self.machine.statfs(at) {
            Ok(figures) => {
                row.file = Some(name.to_vec());
                self.fill(&mut row, entry, &figures);
                self.rows.push(row);
                Ok(())
            }
            Err(error) => messages.file_error(at, &error),
        }
    }

    fn wants(&self, entry: &Entry) -> bool {
        !(entry.remote && self.arguments.local) && self.arguments.wants_type(&entry.mount.fs_type)
    }

    fn row(&self, entry: &Entry) -> Row {
        Row {
            source: Some(entry.mount.source.clone()),
            fs_type: Some(entry.mount.fs_type.clone()),
            file: None,
            target: Some(entry.mount.mount_point.clone()),
            blocks: Usage::UNKNOWN,
            inodes: Usage::UNKNOWN,
        }
    }

    /// Whether what is found at a mount point belongs to another mount. Two names of one server may mean the same.
    fn is_covered(&self, entry: &Entry, listed: &Listed) -> bool {
        let there = self.machine.stat(entry.target()).ok();
        let index = there.and_then(|there| listed.of_device.get(&there.device));
        let other = index.and_then(|index| self.entries.get(*index));
        other.is_some_and(|other| other.mount.source != entry.mount.source && !(other.remote && entry.remote))
    }

    /// What a name such as `/dev/disk/by-uuid/…` stands for: it would make the column needlessly wide.
    fn by_uuid(&self, entry: &Entry) -> Option<PathBuf> {
        let source = &entry.mount.source;
        let uuid = source.get(source.len().checked_sub(36).filter(|at| *at > 0)?..)?;
        let is_uuid = uuid.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
        if !is_uuid {
            return None;
        }
        self.machine.real_path(Path::new(OsStr::from_bytes(source))).ok()
    }

    /// Sets the figures of a row: the filesystem's own, but for what the container bounds.
    fn fill(&mut self, row: &mut Row, entry: Option<&Entry>, figures: &Statfs) {
        let filesystem = Filesystem {
            block_size: figures.block_size,
            blocks: figures.blocks,
            free: figures.free,
            available: figures.available,
            files: figures.files,
            files_free: figures.files_free,
        };
        row.inodes = Usage::of_inodes(&filesystem);
        row.blocks = self.blocks(entry, &filesystem);
        if row.blocks.is_corrected() {
            self.note(row);
        }
    }

    fn blocks(&self, entry: Option<&Entry>, filesystem: &Filesystem) -> Usage {
        let own = || Usage::of_blocks(filesystem);
        let Some(mount) = entry.map(|entry| &entry.mount).filter(|_| self.here.is_container()) else { return own() };
        if mount.fs_type == b"tmpfs" {
            let memory = self.memory.get_or_init(|| self.here.memory());
            let bounded = memory.map(|memory| Usage::of_tmpfs(filesystem, memory.total.value, memory.available.value));
            return bounded.unwrap_or_else(own);
        }
        let mounts = || self.entries.iter().map(|entry| &entry.mount);
        let bounded = self.quota.get_or_init(|| quota(self.machine).zip(container::device_under_quota(mounts())));
        match bounded {
            Some((quota, device)) if *device == mount.device => Usage::of_quota(filesystem, quota),
            _ => own(),
        }
    }

    fn note(&mut self, row: &Row) {
        let target = row.target.as_deref().unwrap_or_default();
        let figures = [("size", row.blocks.total), ("used", row.blocks.used), ("available", row.blocks.available)];
        let told = figures.map(|(name, figure)| match figure {
            Some(figure) => format!("{name}: {} bytes from {}", figure.value, figure.source),
            None => format!("{name}: unknown"),
        });
        self.notes
            .push([&*crate::tools::quote::shell(target, false, false), b": ", told.join(", ").as_bytes()].concat());
    }
}

/// The disk quota, where the host tells both the quota and what is used of it. Without a measure no figure is made up.
fn quota(machine: &dyn Machine) -> Option<Quota> {
    let size = handoff::instance(machine)?.disk_quota()?;
    Some(Quota { size, used: handoff::disk_used(machine)? })
}
