//! The table of mounts, and which of them the listing shows.

use crate::container;
use crate::kernel::proc::mountinfo;
use crate::snapshot::disk::Mount;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A device number, major and minor.
pub(super) type Device = (u32, u32);

/// A mount and what df makes of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mount: Mount,
    /// It holds no files that anybody stored.
    pub(super) dummy: bool,
    /// It lies on another machine.
    pub(super) remote: bool,
}

impl Entry {
    pub(super) fn of(mount: Mount) -> Entry {
        let (dummy, remote) = (is_dummy(&mount.fs_type), is_remote(&mount.source, &mount.fs_type));
        Entry { mount, dummy, remote }
    }

    pub(super) fn target(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.mount.mount_point))
    }
}

/// The table, or of it what is wanted.
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
    /// Whether it has no lines at all.
    pub(super) is_empty: bool,
}

/// The table. Lines that are none are passed over, as the original does. What the listing never shows is not looked at
/// further unless `whole`: in a container that is most of it.
pub(super) fn table(mountinfo_text: &[u8], whole: bool) -> Table {
    let is_empty = Cell::new(true);
    let mut listed = entries(mountinfo_text, |fs_type| {
        is_empty.set(false);
        whole || !(is_dummy(fs_type) || has_no_blocks(fs_type))
    });
    if !whole && covers_empty(mountinfo_text, &listed) {
        listed = entries(mountinfo_text, |fs_type| !is_dummy(fs_type));
        leave_out_empty(&mut listed);
    }
    Table { entries: listed, is_empty: is_empty.get() }
}

fn lines(mountinfo_text: &[u8]) -> impl Iterator<Item = &[u8]> {
    mountinfo_text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

fn entries(mountinfo_text: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<Entry> {
    let mounts = lines(mountinfo_text).filter_map(|line| mountinfo(line, &wanted).ok()).flatten();
    mounts.filter(|mount| !mount.super_options.is_empty()).map(Entry::of).collect()
}

/// Whether one of these mounts covers one that has no blocks: it is mounted on it, and stands at the same place.
fn covers_empty(mountinfo_text: &[u8], listed: &[Entry]) -> bool {
    let parents: BTreeSet<u64> = listed.iter().map(|entry| entry.mount.parent).collect();
    let places: BTreeSet<(u64, &[u8])> =
        listed.iter().map(|entry| (entry.mount.parent, entry.mount.mount_point.as_slice())).collect();
    let number = |line: &[u8]| str::from_utf8(line.split(|byte| *byte == b' ').next()?).ok()?.parse().ok();
    let is_parent = |line: &&[u8]| number(line).is_some_and(|id: u64| parents.contains(&id));
    let mut covered = lines(mountinfo_text).filter(is_parent).flat_map(|line| entries(line, has_no_blocks));
    covered.any(|entry| places.contains(&(entry.mount.id, entry.mount.mount_point.as_slice())))
}

/// Leaves out the mounts that have no blocks, but for those that a later mount covers: that one is listed in their place.
fn leave_out_empty(entries: &mut Vec<Entry>) {
    let mut later = BTreeSet::new();
    let mut kept: Vec<bool> = Vec::with_capacity(entries.len());
    for Entry { mount, .. } in entries.iter().rev() {
        kept.push(!has_no_blocks(&mount.fs_type) || later.contains(mount.mount_point.as_slice()));
        later.insert(mount.mount_point.as_slice());
    }
    entries.retain(|_| kept.pop().unwrap_or(true));
}

fn is_dummy(fs_type: &[u8]) -> bool {
    matches!(
        fs_type,
        b"autofs"
            | b"proc"
            | b"subfs"
            | b"debugfs"
            | b"devpts"
            | b"fusectl"
            | b"fuse.portal"
            | b"mqueue"
            | b"rpc_pipefs"
            | b"sysfs"
            | b"devfs"
            | b"kernfs"
            | b"ignore"
            | b"none"
    )
}

fn is_remote(source: &[u8], fs_type: &[u8]) -> bool {
    source.contains(&b':')
        || (source.starts_with(b"//") && matches!(fs_type, b"smbfs" | b"smb3" | b"cifs"))
        || matches!(
            fs_type,
            b"acfs" | b"afs" | b"coda" | b"auristorfs" | b"fhgfs" | b"gpfs" | b"ibrix" | b"ocfs2" | b"vxfs"
        )
        || source == b"-hosts"
}

/// Filesystems of the kernel that have no blocks, ever: nothing of them is listed, so nothing needs to be asked of them.
fn has_no_blocks(fs_type: &[u8]) -> bool {
    matches!(
        fs_type,
        b"cgroup" | b"cgroup2" | b"securityfs" | b"pstore" | b"bpf" | b"tracefs" | b"configfs" | b"selinuxfs" | b"nsfs"
    )
}

/// What the listing without FILE is to show.
pub(super) struct Listing<'a> {
    pub(super) all: bool,
    pub(super) local: bool,
    pub(super) total: bool,
    /// Inside a container what is mounted over single files, and what only hides, is left out.
    pub(super) contained: bool,
    pub(super) wants_type: &'a dyn Fn(&[u8]) -> bool,
}

/// The entries of the listing.
pub(super) struct Listed {
    /// Their indices, in order.
    pub(super) shown: Vec<usize>,
    /// For each device the entry that stands for it.
    pub(super) of_device: BTreeMap<Device, usize>,
}

/// What stat(2) told of a mount point, as far as the listing needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) device: Device,
    pub(super) is_directory: bool,
}

/// Chooses one entry for each device, so that a filesystem mounted in two places is listed, and counted, once. `stat` is asked
/// only where the answer matters: a dead server behind a mount that is not shown must not hang df.
pub(super) fn listed(entries: &[Entry], listing: &Listing<'_>, stat: impl Fn(&Entry) -> Option<Seen>) -> Listed {
    let mut kept: Vec<usize> = Vec::with_capacity(entries.len());
    // The place in `kept` of the entry last seen on a device.
    let mut places: BTreeMap<Device, usize> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if listing.contained && !listing.all && container::is_mask(&entry.mount) {
            continue;
        }
        let uninteresting = (entry.remote && listing.local)
            || (!listing.all && entry.dummy)
            || !(listing.wants_type)(&entry.mount.fs_type);
        let seen = if uninteresting { None } else { stat(entry) };
        if listing.contained && !listing.all && seen.is_some_and(|seen| !seen.is_directory) {
            continue;
        }
        let device = seen.map_or(entry.mount.device, |seen| seen.device);
        let place = places.get(&device).copied().filter(|_| seen.is_some());
        let rival = place.and_then(|place| kept.get_mut(place));
        match rival.and_then(|rival| Some((entries.get(*rival)?, rival))) {
            Some((other, _)) if !listing.total && are_two_exports(other, entry) => (),
            Some((other, rival)) => {
                if is_better(entry, other) {
                    *rival = index;
                }
                continue;
            }
            None => (),
        }
        places.insert(device, kept.len());
        kept.push(index);
    }
    let of_device = places.iter().filter_map(|(device, place)| Some((*device, *kept.get(*place)?))).collect();
    let mut shown = if listing.all { (0..entries.len()).collect() } else { kept };
    if listing.contained {
        // Stable: what is mounted at the root first, the others as they were.
        shown.sort_by_key(|index| entries.get(*index).is_none_or(|entry| entry.mount.mount_point != b"/"));
    }
    Listed { shown, of_device }
}

/// A server may give one device number to different exports of it.
fn are_two_exports(one: &Entry, other: &Entry) -> bool {
    one.remote && other.remote && one.mount.source != other.mount.source
}

/// Whether an entry stands for its device better than the one before it.
fn is_better(new: &Entry, old: &Entry) -> bool {
    let (new, old) = (&new.mount, &old.mount);
    let names_device = |mount: &Mount| mount.source.contains(&b'/');
    let is_nearer = new.mount_point.len() < old.mount_point.len() && new.root.len() <= old.root.len();
    let is_over = new.mount_point == old.mount_point && new.source != old.source;
    (names_device(new) && !names_device(old)) || is_nearer || is_over
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(source: &str, target: &str, fs_type: &str, root: &str, minor: u32) -> Entry {
        Entry::of(Mount {
            id: 1,
            parent: 1,
            device: (0, minor),
            root: root.into(),
            mount_point: target.into(),
            options: b"rw".to_vec(),
            fs_type: fs_type.into(),
            source: source.into(),
            super_options: Vec::new(),
        })
    }

    const LISTING: Listing<'static> =
        Listing { all: false, local: false, total: false, contained: false, wants_type: &|_| true };

    fn shown(entries: &[Entry], listing: &Listing<'_>) -> Vec<usize> {
        let file = |entry: &Entry| entry.target().extension().is_some();
        listed(entries, listing, |entry| Some(Seen { device: entry.mount.device, is_directory: !file(entry) })).shown
    }

    #[test]
    fn one_entry_for_a_device() {
        let pair = |a: [&str; 3], b: [&str; 3]| {
            shown(&[entry(a[0], a[1], "foo", a[2], 1), entry(b[0], b[1], "foo", b[2], 1)], &LISTING)
        };
        assert_eq!(pair(["a", "/x", "/"], ["b", "/x/y", "/"]), [0], "the shorter target");
        assert_eq!(pair(["a", "/x/y", "/"], ["b", "/x", "/"]), [1]);
        assert_eq!(pair(["a", "/x/y", "/"], ["b", "/x", "/sub"]), [0], "but not a directory of what the other shows");
        assert_eq!(pair(["a", "/x", "/"], ["/b", "/x/y", "/"]), [1], "a name with a slash");
        assert_eq!(pair(["a", "/x", "/"], ["b", "/x", "/"]), [1], "mounted over");
        assert_eq!(pair(["a", "/x", "/"], ["a", "/x", "/"]), [0], "twice the same");
        assert_eq!(pair(["h:/a", "/x", "/"], ["h:/b", "/x/y", "/"]), [0, 1], "two exports");
    }

    #[test]
    fn a_replaced_entry_keeps_the_place_of_the_first() {
        let entries =
            [entry("a", "/x/y", "foo", "/", 1), entry("b", "/z", "foo", "/", 2), entry("c", "/x", "foo", "/", 1)];
        assert_eq!(shown(&entries, &LISTING), [2, 1]);
        assert_eq!(shown(&entries, &Listing { all: true, ..LISTING }), [0, 1, 2]);
    }

    #[test]
    fn a_container_does_not_list_single_files_and_masks() {
        let mut mask = entry("tmpfs", "/proc/acpi", "tmpfs", "/", 4);
        mask.mount.options = b"ro,relatime".to_vec();
        let entries = [
            entry("/dev/vda", "/etc/resolv.conf", "ext4", "/docker/resolv.conf", 1),
            entry("/dev/vda", "/srv/data", "ext4", "/data", 1),
            mask,
            entry("overlay", "/", "overlay", "/", 3),
        ];
        let contained = Listing { contained: true, ..LISTING };
        assert_eq!(shown(&entries, &contained), [3, 1], "the root first");
        assert_eq!(shown(&entries, &Listing { all: true, ..contained }), [3, 0, 1, 2]);
        assert_eq!(shown(&entries, &LISTING), [1, 2, 3]);
    }

    #[test]
    fn what_is_not_shown_is_not_touched() {
        let entries = [
            entry("proc", "/proc", "proc", "/", 1),
            entry("h:/x", "/n", "nfs", "/", 2),
            entry("b", "/b", "bar", "/", 3),
        ];
        let listing = Listing { local: true, wants_type: &|fs_type| fs_type != b"bar", ..LISTING };
        listed(&entries, &listing, |entry| panic!("{entry:?}"));
    }
}
