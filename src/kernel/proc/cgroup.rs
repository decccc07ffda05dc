use crate::kernel::{ParseError, flat};

/// One line of /proc/PID/cgroup (cgroups(7)): where the process stands in one hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Controllers of a v1 hierarchy, comma separated, or `name=systemd`; empty for v2.
    pub controllers: String,
    /// The path from the root of the reader's cgroup namespace, `/` first; `/..` where it lies outside it. Raw bytes:
    /// a cgroup's name may be anything but a slash or a newline.
    pub path: Vec<u8>,
}

/// /proc/PID/cgroup.
///
/// # Errors
/// When a line is not `ID:CONTROLLERS:/PATH`.
pub fn cgroup(bytes: &[u8]) -> Result<Vec<Membership>, ParseError> {
    if bytes.is_empty() {
        return Ok(Vec::new()); // a kernel thread on its way out, or no hierarchy at all
    }
    flat::lines(bytes)
        .map(|(at, line)| membership(line).ok_or_else(|| ParseError::new("\"ID:CONTROLLERS:/PATH\"", at, line)))
        .collect()
}

fn membership(line: &[u8]) -> Option<Membership> {
    let mut parts = line.splitn(3, |byte| *byte == b':');
    flat::number(parts.next()?)?;
    let controllers = str::from_utf8(parts.next()?).ok()?.to_owned();
    let path = parts.next()?;
    // A cgroup that was removed under its process keeps its path, with this appended.
    let path = path.strip_suffix(b" (deleted)").unwrap_or(path);
    path.starts_with(b"/").then(|| Membership { controllers, path: path.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions() {
        let read = cgroup(b"4:cpu,cpuacct:/docker/a:b\n1:name=systemd:/\n0::/x (deleted)\n").unwrap();
        let read: Vec<_> = read.iter().map(|one| (one.controllers.as_str(), one.path.as_slice())).collect();
        assert_eq!(read, [("cpu,cpuacct", &b"/docker/a:b"[..]), ("name=systemd", b"/"), ("", b"/x")]);
    }

    #[test]
    fn what_is_no_membership_is_refused() {
        for bad in [&b"\n"[..], b"a::/\n", b"0:/\n", b"0::x\n", b"1:\xff:/\n"] {
            assert!(cgroup(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
