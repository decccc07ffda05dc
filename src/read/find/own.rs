use super::super::Reader;
use crate::kernel::proc::{self, Membership, Mount};
use std::cell::RefCell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// The inode numbers of the namespaces that the kernel starts with (include/linux/proc_ns.h).
const INITIAL_PID_NAMESPACE: &str = "pid:[4026531836]";
const INITIAL_CGROUP_NAMESPACE: &str = "cgroup:[4026531835]";

/// Where this process is.
#[derive(Clone, Debug)]
pub enum Place {
    /// On a bare machine: the kernel's own figures are the truth.
    Outside,
    /// In a container.
    Inside(Own),
}

/// The most directories looked at for our own: a host has hundreds of containers, not more.
const SEARCHED: usize = 4096;

/// A cgroup controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the kernel's names")]
pub enum Controller {
    Memory,
    Cpu,
    Cpuacct,
    Cpuset,
    Pids,
}

impl Controller {
    /// The kernel's name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Controller::Memory => "memory",
            Controller::Cpu => "cpu",
            Controller::Cpuacct => "cpuacct",
            Controller::Cpuset => "cpuset",
            Controller::Pids => "pids",
        }
    }
}

/// Which files a cgroup directory has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One hierarchy for each controller, or for a few together.
    V1,
    /// One hierarchy for all.
    V2,
}

/// The container's cgroup in one hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CgroupDir {
    /// Which files it has.
    pub version: Version,
    /// The container's own directory, then the visible ones above it, up to the mount's root.
    pub levels: Vec<PathBuf>,
}

impl CgroupDir {
    /// The container's own directory.
    #[must_use]
    pub fn own(&self) -> &Path {
        self.levels.first().map_or(Path::new("/"), PathBuf::as_path)
    }
}

/// The container this process is in.
#[derive(Clone, Debug)]
pub struct Own {
    /// All mounts of cgroup hierarchies.
    mounts: Vec<Mount>,
    /// Where the container's PID 1 stands, or this process where that cannot be told.
    memberships: Vec<Membership>,
    /// Whether it has a cgroup namespace of its own.
    private: bool,
    /// Whether it has a pid namespace of its own: then all of /proc is the container's.
    own_pids: bool,
    /// The directories that were found: looking for one may mean to look into each cgroup of the machine, and a container stays
    /// where it is.
    found: RefCell<Vec<(Controller, Option<CgroupDir>)>>,
}

/// Finds the container this process is in.
#[must_use]
pub fn own(reader: &Reader<'_>) -> Place {
    let namespace = |name: &str| reader.root().read_link(&Path::new("proc/self/ns").join(name)).ok();
    // A kernel too old for a kind of namespace has no link for it, and then there is only the initial one.
    let is_own = |name, initial: &str| namespace(name).is_some_and(|link| link != Path::new(initial));
    let own_pids = is_own("pid", INITIAL_PID_NAMESPACE);
    let private = is_own("cgroup", INITIAL_CGROUP_NAMESPACE);

    let mounts = reader.mounts(|fs_type| matches!(fs_type, b"cgroup" | b"cgroup2"));
    let membership = |pid: &str| reader.record(&Path::new("proc").join(pid).join("cgroup"), proc::cgroup);
    let first = membership("1");

    let pid_1_is_at_root = first.iter().flatten().all(|member| matches!(member.path.as_slice(), b"/" | b"/init.scope"));
    let mounts_are_whole = mounts.iter().all(|mount| mount.root == b"/");
    let told_by_host = reader.root().exists(Path::new("run/vat/host"));
    if !own_pids && !private && pid_1_is_at_root && mounts_are_whole && !told_by_host {
        return Place::Outside;
    }

    // With a shared pid namespace PID 1 is another's: the host's, or a sibling's, which does not stand in our cgroup.
    let own_pids = own_pids && !is_siblings(&mounts, first.as_deref().unwrap_or_default());
    let memberships = match first {
        Some(first) if own_pids => first.into_iter().map(without_init_scope).collect(),
        _ => membership("self").unwrap_or_default(),
    };
    Place::Inside(Own { mounts, memberships, private, own_pids, found: RefCell::default() })
}

/// Whether these are the memberships of a process that stands beside our cgroup in every hierarchy.
fn is_siblings(mounts: &[Mount], members: &[Membership]) -> bool {
    let of_mount = |mount| members.iter().filter(move |member| is_of(mount, member)).map(move |member| (mount, member));
    let mut pairs = mounts.iter().flat_map(of_mount).peekable();
    pairs.peek().is_some() && pairs.all(|(mount, member)| is_beside(mount, member))
}

/// Whether a process stands beside what a mount shows, not in it: outside the namespace's root, in a cgroup that has a name there
/// (`/../other`), or outside the one directory that was mounted.
fn is_beside(mount: &Mount, member: &Membership) -> bool {
    let has_name_outside = member.path.starts_with(b"/..") && depth_below(&member.path).is_none();
    let is_outside = depth_below(&mount.root).is_none() && rest_of(&member.path, &mount.root).is_none();
    has_name_outside || (is_outside && !member.path.starts_with(b"/.."))
}

/// Whether a mount shows the hierarchy of which a line of /proc/PID/cgroup speaks.
fn is_of(mount: &Mount, member: &Membership) -> bool {
    match mount.fs_type.as_slice() {
        b"cgroup2" => member.controllers.is_empty(),
        _ => member.controllers.split(',').any(|name| !name.is_empty() && mount.has_super_option(name.as_bytes())),
    }
}

/// systemd, as the container's PID 1, stands in a cgroup of its own below the container's.
fn without_init_scope(mut member: Membership) -> Membership {
    if let Some(path) = member.path.strip_suffix(b"/init.scope") {
        member.path = if path.is_empty() { b"/".to_vec() } else { path.to_vec() };
    }
    member
}

impl Own {
    /// Whether the container has a pid namespace of its own, so that all of /proc is its own.
    #[must_use]
    pub fn has_own_pids(&self) -> bool {
        self.own_pids
    }

    /// The container's directory for a controller; `None` where no hierarchy with it is mounted.
    #[must_use]
    pub fn dir(&self, reader: &Reader<'_>, controller: Controller) -> Option<CgroupDir> {
        let found = self.found.borrow().iter().find(|(one, _)| *one == controller).map(|(_, dir)| dir.clone());
        found.unwrap_or_else(|| {
            let dir = self.look_for(reader, controller);
            self.found.borrow_mut().push((controller, dir.clone()));
            dir
        })
    }

    fn look_for(&self, reader: &Reader<'_>, controller: Controller) -> Option<CgroupDir> {
        let name = controller.name();
        let v1 = self.mounts.iter().filter(|m| m.fs_type == b"cgroup" && m.has_super_option(name.as_bytes()));
        let member = |one: &&Membership| one.controllers.split(',').any(|controller| controller == name);
        self.resolve(reader, Version::V1, v1.collect(), self.memberships.iter().find(member))
            .or_else(|| self.unified(reader))
    }

    /// The container's directory in the v2 hierarchy; `None` where that is not mounted.
    #[must_use]
    pub fn unified(&self, reader: &Reader<'_>) -> Option<CgroupDir> {
        let v2 = self.mounts.iter().filter(|mount| mount.fs_type == b"cgroup2");
        let member = self.memberships.iter().find(|member| member.controllers.is_empty());
        self.resolve(reader, Version::V2, v2.collect(), member)
    }

    /// The same where it is the container's own. On a hybrid host a runtime may have made none there; then the container stands in
    /// the whole machine's or its runtime's, and what that one tells is not the container's.
    #[must_use]
    pub fn unified_own(&self, reader: &Reader<'_>) -> Option<CgroupDir> {
        let dir = self.unified(reader)?;
        let v2 = self.memberships.iter().find(|member| member.controllers.is_empty());
        let is_v1 =
            |member: &&Membership| !member.controllers.split(',').all(|name| name.is_empty() || name.contains('='));
        let mut v1 = self.memberships.iter().filter(is_v1).peekable();
        let is_own = if v1.peek().is_none() {
            true // not a hybrid host
        } else if self.private {
            // All paths read `/`. The machine's has no cgroup.events; in the runtime's are processes that we have no number for.
            let procs = reader.root().read(&dir.own().join("cgroup.procs")).unwrap_or_default();
            let is_shared = self.own_pids && procs.split(|byte| *byte == b'\n').any(|pid| pid == b"0");
            reader.root().exists(&dir.own().join("cgroup.events")) && !is_shared
        } else {
            v2.is_some_and(|v2| v2.path != b"/" && v1.any(|v1| v1.path == v2.path))
        };
        is_own.then_some(dir)
    }

    /// What the container's cgroup is called: the last part of its path; `None` where a cgroup namespace hides it. Any bytes.
    #[must_use]
    pub fn name(&self) -> Option<&[u8]> {
        let paths = self.memberships.iter().map(|member| member.path.as_slice());
        paths
            .filter_map(|path| path.rsplit(|byte| *byte == b'/').next())
            .find(|name| !name.is_empty() && *name != b"..")
    }

    /// Chooses among the mounts of one hierarchy, and finds the container below it.
    fn resolve(
        &self,
        reader: &Reader<'_>,
        version: Version,
        mut mounts: Vec<&Mount>,
        member: Option<&Membership>,
    ) -> Option<CgroupDir> {
        let path = member.map_or(&b"/"[..], |member| member.path.as_slice());
        mounts.sort_by_key(|mount| !is_for_containers(mount));
        let dir = |levels| Some(CgroupDir { version, levels });
        if self.private {
            // The namespace's root is the container, whatever child of it a process is in; a path such as `/..` only says
            // that the process was moved out of it.
            // Where a tree from outside is visible, it shows the levels above as well.
            let in_tree = |mount: &&Mount| self.below(reader, &mount_point(mount), depth_below(&mount.root)?, path);
            let whole = || mounts.iter().find(|mount| mount.root == b"/").or_else(|| mounts.first());
            return dir(mounts.iter().find_map(in_tree).or_else(|| Some(vec![mount_point(whole()?)]))?);
        }
        let prefix = |mount: &&Mount| rest_of(path, &mount.root).map(|_| (is_for_containers(mount), mount.root.len()));
        // `max_by_key` takes the last of equals, and the first is the preferred one.
        let mount = mounts.iter().copied().rev().max_by_key(prefix)?;
        let top = mount_point(mount);
        if !self.own_pids && mount.root != b"/" {
            // Ours is not where PID 1 stands, and this process may stand in a child: what was mounted for us is ours.
            return dir(vec![top]);
        }
        let rest = rest_of(path, &mount.root).unwrap_or_default();
        let own = if rest.is_empty() { top.clone() } else { top.join(OsStr::from_bytes(rest)) };
        if own == top || !reader.root().exists(&own) {
            return dir(vec![top]);
        }
        dir(own.ancestors().take_while(|level| level.starts_with(&top)).map(Path::to_owned).collect())
    }

    /// Finds the directory `depth` levels below `top` in which (or in whose child `path`) this process stands: the kernel hides its
    /// name, but cgroup.procs tells.
    fn below(&self, reader: &Reader<'_>, top: &Path, depth: usize, path: &[u8]) -> Option<Vec<PathBuf>> {
        let relative = Path::new(OsStr::from_bytes(path.strip_prefix(b"/").unwrap_or(path)));
        if relative.components().any(|step| step == Component::ParentDir) {
            return None; // moved out of the namespace's root: our pid stands elsewhere
        }
        let own_pid = reader.root().read_link(Path::new("proc/self")).unwrap_or_default();
        // A shared pid namespace's PID 1 is not ours.
        let pids = [Some(own_pid.as_os_str().as_bytes()), self.own_pids.then_some(&b"1"[..])];
        let mut level = vec![top.to_owned()];
        let mut budget = SEARCHED;
        for _ in 0..depth {
            let mut next = Vec::new();
            for dir in level {
                next.extend(reader.root().directories(&dir).unwrap_or_default().into_iter().take(budget));
                budget = SEARCHED.saturating_sub(next.len());
            }
            level = next;
        }
        let holds_us = |dir: &PathBuf| {
            // A v2 cgroup with children has no processes of its own: with systemd, PID 1 is in init.scope.
            [relative.to_owned(), relative.join("init.scope")].iter().any(|place| {
                let procs = reader.root().read(&dir.join(place).join("cgroup.procs")).unwrap_or_default();
                procs.split(|byte| *byte == b'\n').any(|pid| pids.contains(&Some(pid)))
            })
        };
        let own = level.into_iter().find(holds_us)?;
        Some(own.ancestors().take_while(|level| level.starts_with(top)).map(Path::to_owned).collect())
    }
}

/// The path relative to a mount's root, without a leading slash; `None` where it does not lie below it.
fn rest_of<'a>(path: &'a [u8], root: &[u8]) -> Option<&'a [u8]> {
    let rest = path.strip_prefix(root.strip_suffix(b"/").unwrap_or(root))?;
    match rest {
        b"" => Some(rest),
        [b'/', rest @ ..] => Some(rest),
        _ => None, // /docker/ab is not below /docker/a
    }
}

/// /cgroup is where the host shows a container its tree on purpose; it wins over what is mounted by custom.
fn is_for_containers(mount: &Mount) -> bool {
    mount.mount_point.starts_with(b"/cgroup")
}

fn mount_point(mount: &Mount) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(&mount.mount_point))
}

/// How many levels the namespace's root lies below a mount whose root field is made of `/..` only: then a tree from outside the
/// namespace is visible.
fn depth_below(root: &[u8]) -> Option<usize> {
    let steps = root.strip_prefix(b"/")?.split(|byte| *byte == b'/');
    let mut depth = 0;
    for step in steps {
        if step != b".." {
            return None;
        }
        depth += 1;
    }
    Some(depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_a_root_only_by_whole_names() {
        assert_eq!(rest_of(b"/docker/a/b", b"/docker/a"), Some(&b"b"[..]));
        assert_eq!(rest_of(b"/docker/a", b"/docker/a"), Some(&b""[..]));
        assert_eq!(rest_of(b"/docker/ab", b"/docker/a"), None);
        assert_eq!(rest_of(b"/docker/a", b"/"), Some(&b"docker/a"[..]));
        assert_eq!(rest_of(b"/", b"/"), Some(&b""[..]));
    }

    #[test]
    fn only_dots_tell_a_depth() {
        assert_eq!(depth_below(b"/.."), Some(1));
        assert_eq!(depth_below(b"/../../.."), Some(3));
        assert_eq!(depth_below(b"/../x"), None);
        assert_eq!(depth_below(b"/"), None);
    }
}
