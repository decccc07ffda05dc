use crate::sys::Machine;
use crate::unit::Bytes;
use std::path::Path;

/// How many bytes the container has written to its disk, as the host measured: one decimal number.
#[must_use]
pub fn disk_used(machine: &dyn Machine) -> Option<Bytes> {
    let bytes = super::read(machine, &Path::new(super::HOST_DIR).join("disk"))?;
    let text = str::from_utf8(&bytes).ok()?.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok().map(Bytes)).flatten()
}
