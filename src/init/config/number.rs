//! Python's numbers in the room that there is for them.

/// A size or a count: below nothing there is nothing.
pub(crate) fn size(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A count that nobody means to be larger.
pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// The permission bits of a number, as umask(2) and chmod(2) take them.
pub(crate) fn mode(number: i64) -> u32 {
    u32::try_from(number & 0o7777).unwrap_or(0)
}
