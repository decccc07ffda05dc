use crate::snapshot::Task;

/// How many tasks do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// All.
    pub total: u64,
    /// Run, or could (R).
    pub running: u64,
    /// Wait, in whatever way has no column of its own.
    pub sleeping: u64,
    /// Wait uninterruptibly (D); they are among the sleeping too.
    pub uninterruptible: u64,
    /// Stopped, by a signal or a debugger (T, t).
    pub stopped: u64,
    /// Ended, and not yet waited for (Z).
    pub zombie: u64,
}

impl TaskCounts {
    /// Counts.
    pub fn of<'t>(tasks: impl Iterator<Item = &'t Task>) -> TaskCounts {
        let mut counts = TaskCounts::default();
        for task in tasks {
            counts.total += 1;
            let count = match task.stat.state.0 {
                b'R' => &mut counts.running,
                b'T' | b't' => &mut counts.stopped,
                b'Z' => &mut counts.zombie,
                state => {
                    counts.uninterruptible += u64::from(state == b'D');
                    &mut counts.sleeping
                }
            };
            *count += 1;
        }
        counts
    }
}
