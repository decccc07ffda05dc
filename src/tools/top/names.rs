//! The names of numbers: users, groups, terminals.

use crate::snapshot::TtyDrivers;
use crate::unit::CpuSet;
use crate::userland::Accounts;

/// The names of numbers. A static program cannot ask the name services; /etc/passwd and /etc/group are what a container has.
#[derive(Debug, Default)]
pub struct Names {
    /// Users.
    pub users: Accounts,
    /// Groups.
    pub groups: Accounts,
    /// Terminals; `None` where the kernel does not tell.
    pub terminals: Option<TtyDrivers>,
    /// The CPUs of each NUMA node.
    pub nodes: Vec<(u32, CpuSet)>,
}
