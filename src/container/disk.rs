use super::Figure;
use crate::snapshot::disk::{Filesystem, Mount, Quota};
use crate::unit::Bytes;

/// What a filesystem has, and what of it is used. `None` is a figure that the filesystem does not know.
///
/// Figures may be negative: on a damaged filesystem more may be free than there is, and root may use up the reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of one of what is counted: a block, or 1 for inodes.
    pub unit: u64,
    /// All there is.
    pub total: Option<Figure<i128>>,
    /// What is used.
    pub used: Option<Figure<i128>>,
    /// What an unprivileged user may still use.
    pub available: Option<Figure<i128>>,
}

/// How the filesystem's own figures are called.
const STATFS: &str = "statfs";

impl Usage {
    /// One of which nothing is known.
    pub const UNKNOWN: Usage = Usage { unit: 1, total: None, used: None, available: None };

    /// The sum of nothing, to which [`Usage::add`] adds.
    pub const NOTHING: Usage = {
        let zero = Some(Figure::new(0, "sum"));
        Usage { unit: 1, total: zero, used: zero, available: zero }
    };

    /// The blocks of a filesystem, as it counts them itself.
    #[must_use]
    pub fn of_blocks(filesystem: &Filesystem) -> Usage {
        let (total, free) = (known(filesystem.blocks), known(filesystem.free));
        Usage {
            unit: filesystem.block_size,
            total: total.map(statfs),
            used: total.zip(free).map(|(total, free)| statfs(total - free)),
            // The kernel's bits are a negative number where the reserve is used up.
            available: known(filesystem.available).map(|_| statfs(i128::from(filesystem.available.cast_signed()))),
        }
    }

    /// The inodes of a filesystem.
    #[must_use]
    pub fn of_inodes(filesystem: &Filesystem) -> Usage {
        let (total, free) = (known(filesystem.files), known(filesystem.files_free));
        Usage {
            unit: 1,
            total: total.map(statfs),
            used: total.zip(free).map(|(total, free)| statfs(total - free)),
            available: free.map(statfs),
        }
    }

    /// The blocks of a filesystem that a disk quota bounds, though the filesystem does not know it.
    #[must_use]
    pub fn of_quota(filesystem: &Filesystem, quota: &Quota) -> Usage {
        let own = Usage::of_blocks(filesystem).in_bytes();
        if own.total.is_some_and(|total| total.value <= i128::from(quota.size.0)) {
            return own; // the filesystem knows the quota itself, and what is used at this moment
        }
        let left = Figure::new(i128::from((quota.size - quota.used).0), "the disk quota - what the host measured");
        Usage {
            unit: 1,
            total: Some(Figure::new(i128::from(quota.size.0), "the disk quota in instance.json")),
            used: Some(Figure::new(i128::from(quota.used.0), "what the host measured")),
            // The host's disk may be full before the quota is.
            available: own.available.map(|disk| left.min(disk)),
        }
    }

    /// The blocks of a tmpfs: its pages are charged to the container, so that it holds no more than the container's memory.
    #[must_use]
    pub fn of_tmpfs(filesystem: &Filesystem, limit: Bytes, available: Bytes) -> Usage {
        let own = Usage::of_blocks(filesystem).in_bytes();
        let (Some(total), Some(used), Some(left)) = (own.total, own.used, own.available) else { return own };
        let size = total.min(Figure::new(i128::from(limit.0), "the memory limit"));
        // A limit may be lowered below what is stored.
        let size = if size.value < used.value { used } else { size };
        let free = left
            .min(Figure::new(i128::from(available.0), "the memory available"))
            .min(Figure::new(size.value - used.value, "the memory limit - used"));
        Usage { unit: 1, total: Some(size), used: Some(used), available: Some(free) }
    }

    /// The same in bytes.
    fn in_bytes(self) -> Usage {
        let bytes = |figure: Option<Figure<i128>>| {
            figure.map(|f| Figure::new(f.value.saturating_mul(i128::from(self.unit)), f.source))
        };
        Usage { unit: 1, total: bytes(self.total), used: bytes(self.used), available: bytes(self.available) }
    }

    /// Adds another's figures; what that one does not know counts as nothing.
    pub fn add(&mut self, other: &Usage) {
        let other = other.in_bytes();
        let sum = |a: &mut Option<Figure<i128>>, b: Option<Figure<i128>>| {
            if let (Some(a), Some(b)) = (a, b) {
                a.value = a.value.saturating_add(b.value);
            }
        };
        sum(&mut self.total, other.total);
        sum(&mut self.used, other.used);
        sum(&mut self.available, other.available);
    }

    /// How much of what an unprivileged user may use is used, in percent, rounded up.
    #[must_use]
    pub fn percent(&self) -> Option<i128> {
        let (used, available) = (self.used?.value, self.available?.value);
        let all = used.checked_add(available).filter(|all| *all != 0)?;
        let hundred_fold = used.checked_mul(100)?;
        let (quotient, rest) = (hundred_fold / all, hundred_fold % all);
        let up = i128::from(rest != 0 && (rest > 0) == (all > 0));
        // Percentages below nothing mean nothing.
        Some(quotient + up).filter(|percent| *percent >= 0)
    }

    /// Whether any figure is another's than the filesystem's own.
    #[must_use]
    pub fn is_corrected(&self) -> bool {
        [self.total, self.used, self.available].iter().flatten().any(|figure| figure.source != STATFS)
    }
}

fn statfs(value: i128) -> Figure<i128> {
    Figure::new(value, STATFS)
}

fn known(count: u64) -> Option<i128> {
    (count != u64::MAX).then_some(i128::from(count))
}

/// Whether a mount is no place of the container's: a read-only tmpfs that hides a part of proc or sysfs, or the host's record.
#[must_use]
pub fn is_mask(mount: &Mount) -> bool {
    let below = |directory: &[u8]| mount.mount_point.strip_prefix(b"/").is_some_and(|path| path.starts_with(directory));
    let is_record = mount.mount_point == b"/run/vat/host";
    let hides = mount.fs_type == b"tmpfs"
        && (below(b"proc/") || below(b"sys/"))
        && mount.options.split(|byte| *byte == b',').any(|option| option == b"ro");
    is_record || hides
}

/// The device whose filesystem the disk quota bounds: the root's, and that of whatever shares it.
#[must_use]
pub fn device_under_quota<'a>(mounts: impl Iterator<Item = &'a Mount>) -> Option<(u32, u32)> {
    mounts.filter(|mount| mount.mount_point == b"/").last().map(|root| root.device)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FS: Filesystem =
        Filesystem { block_size: 4096, blocks: 1000, free: 600, available: 500, files: 10, files_free: 4 };

    fn values(usage: &Usage) -> [Option<i128>; 3] {
        [usage.total, usage.used, usage.available].map(|figure| figure.map(|figure| figure.value))
    }

    #[test]
    fn the_filesystems_own_figures() {
        assert_eq!(values(&Usage::of_blocks(&FS)), [Some(1000), Some(400), Some(500)]);
        assert_eq!(values(&Usage::of_inodes(&FS)), [Some(10), Some(6), Some(4)]);
        assert_eq!(Usage::of_blocks(&FS).percent(), Some(45), "400 / 900, rounded up");
        assert!(!Usage::of_blocks(&FS).is_corrected());
    }

    #[test]
    fn weird_figures_neither_overflow_nor_lie() {
        let weird = |blocks, free, available| {
            Usage::of_blocks(&Filesystem { block_size: u64::MAX, blocks, free, available, ..FS })
        };
        assert_eq!(values(&weird(u64::MAX, 1, u64::MAX)), [None, None, None]);
        assert_eq!(weird(u64::MAX, 1, 1).percent(), None);
        assert_eq!(values(&weird(100, 150, 5)), [Some(100), Some(-50), Some(5)]);
        assert_eq!(weird(100, 150, 5).percent(), Some(112), "both negative");
        assert_eq!(weird(100, 150, 100).percent(), None, "less than nothing is used");
        assert_eq!(values(&weird(100, 5, (-3i64).cast_unsigned())), [Some(100), Some(95), Some(-3)]);
        assert_eq!(weird(100, 5, (-3i64).cast_unsigned()).percent(), Some(104));
        assert_eq!(weird(0, 0, 0).percent(), None);
        let mut sum = Usage::NOTHING;
        sum.add(&weird(u64::MAX - 1, 0, i64::MAX.cast_unsigned()));
        sum.add(&weird(u64::MAX - 1, 0, u64::MAX));
        let _ = (sum.percent(), Usage::of_tmpfs(&weird_fs(), Bytes(u64::MAX), Bytes(0)));
    }

    fn weird_fs() -> Filesystem {
        Filesystem { block_size: u64::MAX, blocks: u64::MAX - 1, free: 0, available: 1 << 63, files: 0, files_free: 1 }
    }

    #[test]
    fn a_quota_is_the_size_and_the_hosts_disk_bounds_what_is_left() {
        let quota = |size, used| Quota { size: Bytes(size), used: Bytes(used) };
        let usage = Usage::of_quota(&FS, &quota(1_000_000, 400_000));
        assert_eq!(values(&usage), [Some(1_000_000), Some(400_000), Some(600_000)]);
        assert!(usage.is_corrected());
        let usage = Usage::of_quota(&FS, &quota(1 << 40, 400_000));
        assert_eq!(values(&usage)[2], Some(500 * 4096), "the disk");
        let usage = Usage::of_quota(&FS, &quota(1000, 4000));
        assert_eq!((values(&usage), usage.percent()), ([Some(1000), Some(4000), Some(0)], Some(100)));
    }

    #[test]
    fn a_tmpfs_holds_no_more_than_memory() {
        let tmpfs = |limit, available| values(&Usage::of_tmpfs(&FS, Bytes(limit), Bytes(available)));
        const USED: i128 = 400 * 4096;
        assert_eq!(tmpfs(2_000_000, 100_000), [Some(2_000_000), Some(USED), Some(100_000)]);
        assert_eq!(tmpfs(u64::MAX, u64::MAX), [Some(1000 * 4096), Some(USED), Some(500 * 4096)]);
        assert_eq!(tmpfs(1000, 5000), [Some(USED), Some(USED), Some(0)], "a limit below what is stored");
        assert_eq!(tmpfs(2_000_000, 900_000)[2], Some(2_000_000 - USED));
    }

    #[test]
    fn masks_and_the_roots_device() {
        let mount = |point: &str, options: &str, minor| Mount {
            id: 1,
            parent: 1,
            device: (0, minor),
            root: b"/".to_vec(),
            mount_point: point.into(),
            options: options.into(),
            fs_type: b"tmpfs".to_vec(),
            source: b"tmpfs".to_vec(),
            super_options: Vec::new(),
        };
        assert!(is_mask(&mount("/proc/acpi", "ro,relatime", 1)) && is_mask(&mount("/sys/firmware", "ro", 1)));
        assert!(!is_mask(&mount("/sys/fs/cgroup", "rw", 1)) && !is_mask(&mount("/data/proc/x", "ro", 1)));
        let all = [mount("/", "rw", 6), mount("/data", "rw", 8), mount("/", "rw", 7)];
        assert_eq!(device_under_quota(all.iter()), Some((0, 7)), "the root that is seen is the last");
        assert_eq!(device_under_quota(all.iter().skip(3)), None);
    }
}
