//! What /proc/PID/cgroup says, as procps cuts it.

use super::text::Text;

/// Lines without those of a root.
fn lines(cgroup: &[u8]) -> impl Iterator<Item = &[u8]> {
    cgroup.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && !line.ends_with(b"/"))
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// CGROUPS: all of it, commas between lines.
pub(super) fn all(cgroup: &[u8], text: &mut Text<'_>) {
    push_lines(lines(cgroup), text);
}

/// CGNAME: what stands behind the first `:name=`, later lines too; all of it where there is none.
pub(super) fn name(cgroup: &[u8], text: &mut Text<'_>) {
    const NAME: &[u8] = b":name=";
    let mut rest = lines(cgroup).skip_while(|line| find(line, NAME).is_none());
    match rest.next().and_then(|line| line.get(find(line, NAME)? + NAME.len()..)) {
        Some(name) => push_lines(std::iter::once(name).chain(rest), text),
        None => all(cgroup, text),
    }
}

fn push_lines<'a>(lines: impl Iterator<Item = &'a [u8]>, text: &mut Text<'_>) {
    let mut none = true;
    for line in lines {
        text.push(if none { b"" } else { b"," });
        text.push(line);
        none = false;
        if text.is_full() {
            break;
        }
    }
    text.push(if none { b"-" } else { b"" });
}

/// LXC: the name of the innermost container that a line tells.
pub(super) fn lxc(cgroup: &[u8]) -> Option<&[u8]> {
    [&b"lxc.payload."[..], b"lxc.payload/", b"lxc/"].into_iter().find_map(|mark| {
        let line = cgroup.split(|byte| *byte == b'\n').find(|line| find(line, mark).is_some())?;
        let last = line.windows(mark.len()).rposition(|window| window == mark)?;
        line.get(last + mark.len()..)?.split(|byte| *byte == b'/').next()
    })
}

/// Docker: the first 12 digits of the container's number.
pub(super) fn docker(cgroup: &[u8]) -> Option<&[u8]> {
    [&b"docker-"[..], b"docker/"].into_iter().find_map(|mark| {
        let id = cgroup.get(find(cgroup, mark)? + mark.len()..)?.get(..12)?;
        id.iter().all(u8::is_ascii_hexdigit).then_some(id)
    })
}
