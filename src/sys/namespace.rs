//! Namespaces: leaving them, entering others.

use nix::sched::{CloneFlags, setns, unshare};
use std::fs::File;
use std::io;

/// A kind of namespace (namespaces(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the kernel's names")]
pub enum Kind {
    Pid,
    Mount,
    Uts,
    Ipc,
    Cgroup,
}

impl Kind {
    fn flag(self) -> CloneFlags {
        match self {
            Kind::Pid => CloneFlags::CLONE_NEWPID,
            Kind::Mount => CloneFlags::CLONE_NEWNS,
            Kind::Uts => CloneFlags::CLONE_NEWUTS,
            Kind::Ipc => CloneFlags::CLONE_NEWIPC,
            Kind::Cgroup => CloneFlags::CLONE_NEWCGROUP,
        }
    }

    fn link(self) -> &'static str {
        match self {
            Kind::Pid => "pid",
            Kind::Mount => "mnt",
            Kind::Uts => "uts",
            Kind::Ipc => "ipc",
            Kind::Cgroup => "cgroup",
        }
    }
}

/// Leaves the namespaces of these kinds for new ones. A new pid namespace holds this process's next children, not itself.
///
/// # Errors
/// What unshare(2) says: EPERM without CAP_SYS_ADMIN, EINVAL where this kernel lacks the kind.
pub fn leave(kinds: &[Kind]) -> io::Result<()> {
    let flags = kinds.iter().fold(CloneFlags::empty(), |flags, kind| flags | kind.flag());
    Ok(unshare(flags)?)
}

/// A namespace that can be entered.
#[derive(Debug)]
pub struct Namespace {
    kind: Kind,
    file: File,
}

impl Namespace {
    /// The namespace of a process; of this one with `None`.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn of(pid: Option<u32>, kind: Kind) -> io::Result<Namespace> {
        let who = pid.map_or_else(|| "self".to_owned(), |pid| pid.to_string());
        Ok(Namespace { kind, file: File::open(format!("/proc/{who}/ns/{}", kind.link()))? })
    }

    /// Its number: the same for every process that is in it, and another for each other one that there is.
    ///
    /// # Errors
    /// What fstat(2) says.
    pub fn number(&self) -> io::Result<u64> {
        Ok(std::os::unix::fs::MetadataExt::ino(&self.file.metadata()?))
    }

    /// Enters it. A pid namespace is entered by this process's next children, not by itself.
    ///
    /// # Errors
    /// What setns(2) says.
    pub fn enter(&self) -> io::Result<()> {
        Ok(setns(&self.file, self.kind.flag())?)
    }
}
