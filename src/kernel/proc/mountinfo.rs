use crate::kernel::{ParseError, flat};

/// One line of /proc/PID/mountinfo (proc(5)). Paths are raw bytes with the kernel's octal escapes undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// This mount.
    pub id: u64,
    /// The mount it is mounted on.
    pub parent: u64,
    /// The device number, major and minor, as stat(2) gives it for files there (btrfs differs).
    pub device: (u32, u32),
    /// Which directory of the filesystem is the root of this mount.
    pub root: Vec<u8>,
    /// Where it is mounted, seen from the process's root.
    pub mount_point: Vec<u8>,
    /// Options of this mount, such as `ro`.
    pub options: Vec<u8>,
    /// The filesystem's type, such as `ext4`.
    pub fs_type: Vec<u8>,
    /// What is mounted, such as `/dev/vda1`; the filesystem's own name for it.
    pub source: Vec<u8>,
    /// Options of the filesystem, such as a v1 hierarchy's controllers.
    pub super_options: Vec<u8>,
}

impl Mount {
    /// Whether the filesystem's own options name this one, whole.
    #[must_use]
    pub fn has_super_option(&self, name: &[u8]) -> bool {
        self.super_options.split(|byte| *byte == b',').any(|option| option == name)
    }
}

/// The lines of /proc/PID/mountinfo whose filesystem type `wanted` accepts; the others are not looked at further, for
/// there may be thousands.
///
/// # Errors
/// When a line that is wanted, or the part that tells whether it is, is malformed.
pub fn mountinfo(bytes: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<Mount>, ParseError> {
    let mut mounts = Vec::new();
    if bytes.is_empty() {
        return Ok(mounts); // nothing is mounted in this namespace
    }
    for (at, line) in flat::lines(bytes) {
        let malformed =
            || ParseError::new("\"ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS ... - TYPE SOURCE OPTIONS\"", at, line);
        let dash = separator(line).ok_or_else(malformed)?;
        let (front, back) = (line.get(..dash).unwrap_or_default(), line.get(dash + 3..).unwrap_or_default());
        let fs_type = back.split(|byte| *byte == b' ').next().unwrap_or_default();
        if wanted(fs_type) {
            mounts.push(mount(front, back).ok_or_else(malformed)?);
        }
    }
    Ok(mounts)
}

/// Where " - " stands: behind the optional fields, and neither they nor the escaped paths can contain it.
fn separator(line: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let dash = from + line.get(from..)?.iter().position(|byte| *byte == b'-')?;
        let before = dash.checked_sub(1)?;
        if line.get(before..dash + 2) == Some(b" - ") {
            return Some(before);
        }
        from = dash + 1;
    }
}

fn mount(front: &[u8], back: &[u8]) -> Option<Mount> {
    let mut front = front.split(|byte| *byte == b' ');
    let mut back = back.split(|byte| *byte == b' ');
    let small = |text| flat::number(text).and_then(|number| u32::try_from(number).ok());
    let (id, parent) = (flat::number(front.next()?)?, flat::number(front.next()?)?);
    let mut device = front.next()?.splitn(2, |byte| *byte == b':');
    Some(Mount {
        id,
        parent,
        device: (small(device.next()?)?, small(device.next()?)?),
        root: unescape(front.next()?),
        mount_point: unescape(front.next()?),
        options: front.next()?.to_vec(),
        fs_type: unescape(back.next()?),
        source: unescape(back.next()?),
        super_options: back.next().unwrap_or_default().to_vec(),
    })
}

/// Undoes the kernel's octal escapes: \040 for a space, \011 tab, \012 newline, \134 backslash, \043 hash.
fn unescape(text: &[u8]) -> Vec<u8> {
    if !text.contains(&b'\\') {
        return text.to_vec();
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        match after {
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] if *first == b'\\' => {
                plain.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            _ => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] =
        b"35 31 0:32 /docker/x /sys/fs/cgroup/my\\040memory rw,relatime shared:3 master:1 - cgroup cgroup rw,memory\n";

    #[test]
    fn a_line_with_optional_fields_and_escapes() {
        let mounts = mountinfo(LINE, |_| true).unwrap();
        assert_eq!(mounts.len(), 1);
        assert_eq!(mounts[0].device, (0, 32));
        assert_eq!(mounts[0].root, b"/docker/x");
        assert_eq!(mounts[0].mount_point, b"/sys/fs/cgroup/my memory");
        assert!(mounts[0].has_super_option(b"memory") && !mounts[0].has_super_option(b"mem"));
    }

    #[test]
    fn what_is_not_wanted_is_not_read() {
        assert_eq!(mountinfo(LINE, |fs_type| fs_type == b"ext4"), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_mount_is_refused() {
        for bad in [&b"\n"[..], b"1 2 3 - ext4 a b\n", b"1 1 0:x / / rw - ext4 a b\n", b"1 1 0:1 / / rw ext4 a b\n"] {
            assert!(mountinfo(bad, |_| true).is_err(), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn an_escape_cut_short_stays_as_it_is() {
        assert_eq!(unescape(b"a\\04"), b"a\\04");
        assert_eq!(unescape(b"\\134\\"), b"\\\\");
        assert_eq!(unescape(b"\\777"), b"\\777");
    }
}
