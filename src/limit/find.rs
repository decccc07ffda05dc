//! Which hierarchies of cgroups there are, and where a new cgroup belongs in them. Told by mountinfo text alone: a hierarchy may be
//! mounted anywhere, twice, or in part.

use super::Error;
use crate::kernel::proc::{self, Membership, Mount};
use crate::read::find::Version;
use crate::sys::Root;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// One mounted hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// Which files it has.
    pub version: Version,
    /// The controllers of a v1 hierarchy. On v2 each directory says for itself.
    pub controllers: Vec<String>,
    /// Where it is mounted.
    pub top: PathBuf,
    /// The cgroup this process is in, `top` or below it.
    pub own: PathBuf,
    /// Whether it may only be looked at.
    pub read_only: bool,
}

/// All of them, those with v1 controllers first.
pub type Hierarchies = Vec<Hierarchy>;

/// Finds the hierarchies in what /proc/self/mountinfo and /proc/self/cgroup tell. v1 hierarchies without controllers
/// (`name=systemd`) are left to whoever made them.
#[must_use]
pub fn find(mounts: &[Mount], memberships: &[Membership]) -> Hierarchies {
    let mut found: Hierarchies = memberships
        .iter()
        .filter(|member| !member.controllers.is_empty() && !member.controllers.starts_with("name="))
        .filter_map(|member| {
            let controllers: Vec<String> = member.controllers.split(',').map(str::to_owned).collect();
            let is_it = |mount: &Mount| {
                mount.fs_type == b"cgroup" && controllers.iter().all(|one| mount.has_super_option(one.as_bytes()))
            };
            hierarchy(mounts, is_it, member, Version::V1, controllers.clone())
        })
        .collect();
    let v2 = memberships.iter().find(|member| member.controllers.is_empty());
    let is_v2 = |mount: &Mount| mount.fs_type == b"cgroup2";
    found.extend(v2.and_then(|member| hierarchy(mounts, is_v2, member, Version::V2, Vec::new())));
    found
}

/// The best of a hierarchy's mounts: one that can be written to, and shows our own cgroup or comes nearest to it.
fn hierarchy(
    mounts: &[Mount],
    is_it: impl Fn(&Mount) -> bool,
    member: &Membership,
    version: Version,
    controllers: Vec<String>,
) -> Option<Hierarchy> {
    let path = Path::new(OsStr::from_bytes(&member.path));
    let rest = |mount: &Mount| path.strip_prefix(OsStr::from_bytes(&mount.root)).ok().map(Path::to_owned);
    let is_read_only = |mount: &Mount| mount.options.split(|byte| *byte == b',').any(|option| option == b"ro");
    // What was mounted from outside our cgroup namespace (`/..`) has no place in it for us.
    let is_ours = |mount: &Mount| !mount.root.starts_with(b"/..");
    let worth = |mount: &&Mount| (!is_read_only(mount), rest(mount).is_some(), mount.root.len());
    // `max_by_key` takes the last of equals: of two mounts on one place that is the visible one.
    let mount = mounts.iter().filter(|mount| is_it(mount) && is_ours(mount)).max_by_key(worth)?;
    let top = PathBuf::from(OsStr::from_bytes(&mount.mount_point));
    // A path such as `/..` lies outside a cgroup namespace: then the top is as near as we can see.
    let visible = rest(mount).filter(|rest| !rest.as_os_str().is_empty() && !rest.starts_with(".."));
    let own = visible.map_or_else(|| top.clone(), |rest| top.join(rest));
    Some(Hierarchy { version, controllers, top, own, read_only: is_read_only(mount) })
}

/// Reads what [`find`] needs.
///
/// # Errors
/// When a file cannot be read or understood, or no hierarchy is mounted.
pub(super) fn read(root: &Root) -> Result<Hierarchies, Error> {
    let read = |path: &'static str| {
        root.read(Path::new(path)).map_err(|error| Error::io("read", root.path(Path::new(path)), error))
    };
    let bad = |path: &'static str, error: crate::kernel::ParseError| {
        Error::io("understand", path, std::io::Error::other(error.to_string()))
    };
    let (mountinfo, cgroup) = ("proc/self/mountinfo", "proc/self/cgroup");
    let is_cgroup = |fs_type: &[u8]| matches!(fs_type, b"cgroup" | b"cgroup2");
    let mounts = proc::mountinfo(&read(mountinfo)?, is_cgroup).map_err(|error| bad(mountinfo, error))?;
    let memberships = proc::cgroup(&read(cgroup)?).map_err(|error| bad(cgroup, error))?;
    let mut found = find(&mounts, &memberships);
    // The path may be hidden below another mount.
    for one in &mut found {
        if !root.exists(&one.own.join("cgroup.procs")) {
            one.own.clone_from(&one.top);
        }
    }
    found.retain(|one| root.exists(&one.own.join("cgroup.procs")));
    if found.is_empty() { Err(Error::NotMounted) } else { Ok(found) }
}

/// One cgroup of the v2 hierarchy, as a place to make another in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its directory.
    pub dir: PathBuf,
    /// The controllers it may hand on (cgroup.controllers).
    pub available: Vec<String>,
    /// The controllers it hands on (cgroup.subtree_control).
    pub enabled: Vec<String>,
    /// Whether it has processes of its own.
    pub has_processes: bool,
    /// Whether it is the root of the whole hierarchy, which alone may hand on controllers and have processes.
    pub is_root: bool,
}

/// Where on v2 to make a cgroup with these controllers: the nearest of our own cgroup and those above it that can hand all of them
/// on. Below our own is where it belongs, for then our own limits hold for it too; but a cgroup that has processes, as ours has at
/// least one, hands nothing on ("no internal processes"), so in practice it is the one above it, or the root.
///
/// Gives the index of the level, and the controllers that are yet to be enabled there.
#[must_use]
pub fn home<'a>(levels: &[Level], controllers: &[&'a str]) -> Option<(usize, Vec<&'a str>)> {
    let has = |list: &[String], one: &str| list.iter().any(|other| other == one);
    let fits = |level: &Level| {
        let free = controllers.is_empty() || !level.has_processes || level.is_root;
        free && controllers.iter().all(|one| has(&level.available, one))
    };
    let at = levels.iter().position(fits)?;
    let enabled = levels.get(at).map(|level| level.enabled.as_slice()).unwrap_or_default();
    Some((at, controllers.iter().copied().filter(|one| !has(enabled, one)).collect()))
}

/// Reads the levels from our own cgroup up to the top.
pub(super) fn levels(root: &Root, hierarchy: &Hierarchy) -> Vec<Level> {
    let words = |path: PathBuf| -> Vec<String> {
        let bytes = root.read(&path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).split_whitespace().map(str::to_owned).collect()
    };
    let level = |dir: &Path| Level {
        dir: dir.to_owned(),
        available: words(dir.join("cgroup.controllers")),
        enabled: words(dir.join("cgroup.subtree_control")),
        // What cannot be read counts as taken: a threaded cgroup does not list its processes.
        has_processes: root.read(&dir.join("cgroup.procs")).map_or(true, |procs| !procs.is_empty()),
        // Only the root of the whole hierarchy has no type; the root of a cgroup namespace has one.
        is_root: !root.exists(&dir.join("cgroup.type")),
    };
    hierarchy.own.ancestors().take_while(|dir| dir.starts_with(&hierarchy.top)).map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(mountinfo: &str, cgroup: &str) -> Vec<(String, String, bool)> {
        let mounts = proc::mountinfo(mountinfo.as_bytes(), |_| true).unwrap();
        let found = find(&mounts, &proc::cgroup(cgroup.as_bytes()).unwrap());
        found.into_iter().map(|one| (one.controllers.join(","), one.own.display().to_string(), one.read_only)).collect()
    }

    fn row(controllers: &str, own: &str, read_only: bool) -> (String, String, bool) {
        (controllers.to_owned(), own.to_owned(), read_only)
    }

    #[test]
    fn v1_separate_together_and_hybrid() {
        let mounts = "35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n\
                      36 31 0:33 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
                      37 31 0:37 / /cg/systemd rw - cgroup cgroup rw,name=systemd\n\
                      38 31 0:38 / /cg/unified rw - cgroup2 cgroup2 rw\n";
        let own = "4:memory:/a/b\n3:cpu,cpuacct:/\n2:pids:/\n1:name=systemd:/x\n0::/x\n";
        let want = [
            row("memory", "/cg/memory/a/b", false),
            row("cpu,cpuacct", "/cg/cpu,cpuacct", false),
            row("", "/cg/unified/x", false),
        ];
        assert_eq!(found(mounts, own), want, "pids is not mounted, systemd's own is not ours");
    }

    #[test]
    fn v2_anywhere() {
        assert_eq!(found("9 1 0:9 / /cg rw - cgroup2 none rw\n", "0::/s/t\n"), [row("", "/cg/s/t", false)]);
        assert_eq!(found("9 1 0:9 / /cg ro,nosuid - cgroup2 none rw\n", "0::/\n"), [row("", "/cg", true)]);
        assert_eq!(found("9 1 0:9 / /cg rw - cgroup2 none rw\n", "0::/../x\n"), [row("", "/cg", false)], "outside");
        assert_eq!(found("9 1 0:9 /../.. /cg rw - cgroup2 none rw\n", "0::/\n"), [], "another namespace's");
    }

    #[test]
    fn of_two_mounts_the_one_that_can_be_written_and_shows_us() {
        let mounts = "5 1 0:9 /other /a rw - cgroup cgroup rw,memory\n\
                      6 1 0:9 /docker /b rw - cgroup cgroup rw,memory\n\
                      7 1 0:9 /docker/x /c ro - cgroup cgroup rw,memory\n";
        assert_eq!(found(mounts, "4:memory:/docker/x\n"), [row("memory", "/b/x", false)]);
    }

    fn level(dir: &str, available: &str, enabled: &str, has_processes: bool) -> Level {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let (available, enabled) = (words(available), words(enabled));
        Level { dir: dir.into(), available, enabled, has_processes, is_root: dir == "/" }
    }

    #[test]
    fn a_home_is_the_nearest_that_may_hand_on_all() {
        let all = "cpu memory pids";
        let session = [
            level("/user/session", "memory pids", "", true),
            level("/user", "memory pids", "memory pids", false),
            level("/", all, "memory pids", true),
        ];
        assert_eq!(home(&session, &["memory", "pids"]), Some((1, vec![])), "beside the session");
        assert_eq!(home(&session, &["memory", "cpu"]), Some((2, vec!["cpu"])), "only the root has cpu");
        assert_eq!(home(&session, &[]), Some((0, vec![])), "without controllers below ourselves");
        assert_eq!(home(&session, &["io"]), None);
        let container = [Level { is_root: false, ..level("/", all, "", true) }];
        assert_eq!(home(&container, &["memory"]), None, "a container's own root has processes");
    }
}
