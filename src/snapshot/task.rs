//! The tasks of a machine or a container: what /proc/PID says, so far as it was asked for.

use crate::kernel::proc::{Autogroup, PidIo, PidStat, PidStatus, SmapsRollup, Statm};

/// What is to be read of a task beside /proc/PID/stat: each is a file of its own, and costs a system call or three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs(u16);

impl Needs {
    /// Nothing more.
    pub const NONE: Needs = Needs(0);
    /// The effective user and group: who owns /proc/PID.
    pub const OWNER: Needs = Needs(1);
    /// statm
    pub const STATM: Needs = Needs(1 << 1);
    /// status
    pub const STATUS: Needs = Needs(1 << 2);
    /// cmdline
    pub const CMDLINE: Needs = Needs(1 << 3);
    /// environ
    pub const ENVIRON: Needs = Needs(1 << 4);
    /// cgroup
    pub const CGROUP: Needs = Needs(1 << 5);
    /// io
    pub const IO: Needs = Needs(1 << 6);
    /// smaps_rollup
    pub const SMAPS: Needs = Needs(1 << 7);
    /// oom_score and oom_score_adj
    pub const OOM: Needs = Needs(1 << 8);
    /// autogroup
    pub const AUTOGROUP: Needs = Needs(1 << 9);
    /// ns/*
    pub const NAMESPACES: Needs = Needs(1 << 10);
    /// exe
    pub const EXE: Needs = Needs(1 << 11);
    /// loginuid
    pub const LOGINUID: Needs = Needs(1 << 12);
    /// wchan
    pub const WCHAN: Needs = Needs(1 << 13);
    /// fd/
    pub const FDS: Needs = Needs(1 << 14);

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Needs) -> Needs {
        Needs(self.0 | other.0)
    }

    /// These but not those.
    #[must_use]
    pub const fn without(self, other: Needs) -> Needs {
        Needs(self.0 & !other.0)
    }

    /// Whether these have all of `other`.
    #[must_use]
    pub const fn has(self, other: Needs) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A task: a process, or with threads shown each of its threads.
#[derive(Clone, Debug)]
pub struct Task {
    /// What /proc/PID/stat says; `stat.pid` is the thread's own number where threads are shown.
    pub stat: PidStat,
    /// Its process.
    pub tgid: u32,
    /// Its effective user and group; `None` when not asked for, or hidden.
    pub owner: Option<(u32, u32)>,
    /// Its memory in pages.
    pub statm: Option<Statm>,
    /// What is seldom asked for.
    pub details: Option<Box<Details>>,
    /// It was found to be gone when more of it was read.
    pub gone: bool,
}

/// What is read of a task only when a field shows it. `None` and empty: not asked for, not there, or not for this user.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// /proc/PID/status
    pub status: Option<PidStatus>,
    /// The arguments as they lie in memory, a NUL behind each; at most the first pages of them.
    pub cmdline: Option<Vec<u8>>,
    /// The environment, likewise.
    pub environ: Option<Vec<u8>>,
    /// /proc/PID/cgroup as it is.
    pub cgroup: Option<Vec<u8>>,
    /// /proc/PID/io
    pub io: Option<PidIo>,
    /// /proc/PID/smaps_rollup
    pub smaps: Option<SmapsRollup>,
    /// oom_score
    pub oom_score: Option<u64>,
    /// oom_score_adj
    pub oom_score_adj: Option<i64>,
    /// autogroup
    pub autogroup: Option<Autogroup>,
    /// The inodes of ns/ipc, mnt, net, pid, user, uts, cgroup, time.
    pub namespaces: [Option<u64>; 8],
    /// The target of exe.
    pub exe: Option<Vec<u8>>,
    /// loginuid
    pub loginuid: Option<u32>,
    /// wchan
    pub wchan: Option<Vec<u8>>,
    /// How many files are open.
    pub fds: Option<u64>,
}
