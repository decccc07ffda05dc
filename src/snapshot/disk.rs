//! Filesystems: where they are mounted, and what they say of themselves.

/// A line of /proc/self/mountinfo.
pub use crate::kernel::proc::Mount;

/// What a filesystem says of itself (statfs(2)). Blocks are counted in units of `block_size`; a count of all ones is one that the
/// filesystem does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filesystem {
    /// Bytes of a block.
    pub block_size: u64,
    /// All blocks.
    pub blocks: u64,
    /// Free blocks.
    pub free: u64,
    /// Free blocks for an unprivileged user; with the top bit set, how many are missing: the reserve is being used up.
    pub available: u64,
    /// All inodes.
    pub files: u64,
    /// Free inodes.
    pub files_free: u64,
}

/// A disk quota, as the host told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What the container may write.
    pub size: crate::unit::Bytes,
    /// What the host measured that it has written.
    pub used: crate::unit::Bytes,
}
