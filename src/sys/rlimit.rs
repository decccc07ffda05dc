//! Resource limits: getrlimit(2), setrlimit(2).

use std::io;

/// A resource that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource(pub(super) u32);

impl Resource {
    /// How many files a process may have open.
    pub const OPEN_FILES: Resource = Resource(libc::RLIMIT_NOFILE);
    /// How many processes a user may have.
    pub const PROCESSES: Resource = Resource(libc::RLIMIT_NPROC);

    /// By the kernel's name without RLIMIT_, in lower case: `nofile`.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Resource> {
        NAMES.iter().find(|(one, _)| *one == name).map(|(_, resource)| Resource(*resource))
    }

    /// The names of all.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

const NAMES: [(&str, u32); 16] = [
    ("as", libc::RLIMIT_AS),
    ("core", libc::RLIMIT_CORE),
    ("cpu", libc::RLIMIT_CPU),
    ("data", libc::RLIMIT_DATA),
    ("fsize", libc::RLIMIT_FSIZE),
    ("locks", libc::RLIMIT_LOCKS),
    ("memlock", libc::RLIMIT_MEMLOCK),
    ("msgqueue", libc::RLIMIT_MSGQUEUE),
    ("nice", libc::RLIMIT_NICE),
    ("nofile", libc::RLIMIT_NOFILE),
    ("nproc", libc::RLIMIT_NPROC),
    ("rss", libc::RLIMIT_RSS),
    ("rtprio", libc::RLIMIT_RTPRIO),
    ("rttime", libc::RLIMIT_RTTIME),
    ("sigpending", libc::RLIMIT_SIGPENDING),
    ("stack", libc::RLIMIT_STACK),
];

/// A limit; `u64::MAX` is unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// What.
    pub resource: Resource,
    /// What holds now.
    pub soft: u64,
    /// How far the process itself may raise it.
    pub hard: u64,
}

impl Rlimit {
    /// That of this process.
    ///
    /// # Errors
    /// What getrlimit(2) says.
    pub fn of(resource: Resource) -> io::Result<Rlimit> {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: writes the limit, which outlives the call.
        match unsafe { libc::getrlimit(resource.0, &mut limit) } {
            0 => Ok(Rlimit { resource, soft: limit.rlim_cur, hard: limit.rlim_max }),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Makes it this process's.
    ///
    /// # Errors
    /// What setrlimit(2) says: EPERM for more than the hard limit, without CAP_SYS_RESOURCE.
    pub fn set(self) -> io::Result<()> {
        let limit = libc::rlimit { rlim_cur: self.soft, rlim_max: self.hard };
        // SAFETY: reads the limit, which outlives the call.
        match unsafe { libc::setrlimit(self.resource.0, &limit) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_by_its_name() {
        let resource = Resource::by_name("nofile").unwrap();
        assert_eq!(resource, Resource::OPEN_FILES);
        let limit = Rlimit::of(resource).unwrap();
        assert!(limit.soft <= limit.hard && limit.soft > 0);
        limit.set().unwrap();
        assert_eq!((Resource::by_name("NOFILE"), Resource::names().count()), (None, 16));
    }
}
