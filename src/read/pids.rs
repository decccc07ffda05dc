use super::Reader;
use super::find::{Controller, Own};
use crate::kernel::cgroup2;
use crate::snapshot::cgroup::Pids;
use crate::unit::Limit;

/// How many tasks the container has; `None` where no pids controller is to be seen.
pub(super) fn pids_current(reader: &Reader<'_>, own: &Own) -> Option<u64> {
    let dir = own.dir(reader, Controller::Pids)?;
    reader.record(&dir.own().join("pids.current"), cgroup2::pids::current)
}

/// The container's tasks and their limit; `None` where no pids controller is to be seen.
#[must_use]
pub fn pids(reader: &Reader<'_>, own: &Own) -> Option<Pids> {
    let dir = own.dir(reader, Controller::Pids)?;
    let current = pids_current(reader, own)?;
    let limit = |level: &std::path::PathBuf| reader.record(&level.join("pids.max"), cgroup2::pids::max);
    let max = dir.levels.iter().filter_map(limit).fold(Limit::Max, Limit::min);
    Some(Pids { max, current })
}
