use super::Reader;
use super::find::Own;
use crate::kernel::proc::Pressure;
use crate::snapshot::cgroup::Pressures;

/// How long the container's tasks were held up. Only the v2 hierarchy tells, also where the limits are on v1.
#[must_use]
pub fn pressure(reader: &Reader<'_>, own: &Own) -> Pressures {
    let Some(dir) = own.unified_own(reader) else { return Pressures::default() };
    let read = |file| reader.record(&dir.own().join(file), Pressure::parse);
    Pressures { cpu: read("cpu.pressure"), memory: read("memory.pressure"), io: read("io.pressure") }
}
