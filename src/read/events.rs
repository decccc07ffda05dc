use super::Reader;
use super::find::{Controller, Own, Version};
use crate::kernel::{cgroup1, cgroup2};
use crate::snapshot::cgroup::Events;

/// What the kernel refused the container, or did to it.
#[must_use]
pub fn events(reader: &Reader<'_>, own: &Own) -> Events {
    let pids_rejected = own
        .dir(reader, Controller::Pids)
        .and_then(|dir| reader.record(&dir.own().join("pids.events"), cgroup2::pids::events)?.max);
    let oom_kills = own.dir(reader, Controller::Memory).and_then(|dir| match dir.version {
        Version::V1 => reader.record(&dir.own().join("memory.oom_control"), cgroup1::memory::oom_control)?.oom_kill,
        Version::V2 => reader.record(&dir.own().join("memory.events"), cgroup2::memory::events)?.oom_kill,
    });
    Events { pids_rejected, oom_kills }
}
