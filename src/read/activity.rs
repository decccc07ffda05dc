use crate::kernel::proc::PidStat;
use crate::sys::{Below, Directory};

/// Flag of a task that is frozen (PF_FROZEN, include/linux/sched.h, before Linux 6.1).
const PF_FROZEN: u32 = 0x0001_0000;
/// Where a frozen task waits (kernel/freezer.c).
const REFRIGERATOR: &[u8] = b"__refrigerator";

/// What threads do, so far as the load average is made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Run or want to (R).
    pub runnable: u64,
    /// Wait uninterruptibly (D), and are not frozen.
    pub uninterruptible: u64,
}

impl Activity {
    /// How many threads the load average counts.
    #[must_use]
    pub fn active(self) -> u64 {
        self.runnable.saturating_add(self.uninterruptible)
    }

    /// Counts a thread of process `tgid`.
    pub(super) fn add(&mut self, proc: &Directory, tgid: u32, thread: &PidStat, buffer: &mut [u8]) {
        if thread.state.0 == b'R' {
            self.runnable += 1;
        } else if thread.state.is_active() && !is_frozen(proc, tgid, thread, buffer) {
            self.uninterruptible += 1;
        }
    }
}

/// Whether a thread in D is one that cgroup v1's freezer holds. The load average does not count it; under v2 it shows S.
fn is_frozen(proc: &Directory, tgid: u32, thread: &PidStat, buffer: &mut [u8]) -> bool {
    // The flag is gone since Linux 6.1; where the thread waits may be hidden from this user.
    thread.flags & PF_FROZEN != 0
        || proc.read(Below::tid(tgid, thread.pid, "wchan"), buffer).is_ok_and(|wchan| wchan == REFRIGERATOR)
}
