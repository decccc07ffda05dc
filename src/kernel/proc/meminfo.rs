use crate::kernel::{ParseError, flat};
use crate::unit::Bytes;

/// /proc/meminfo (fs/proc/meminfo.c). A line that this kernel does not have is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the kernel's own keys, described in proc(5)")]
pub struct Meminfo {
    pub mem_total: Option<Bytes>,
    pub mem_free: Option<Bytes>,
    /// Linux 3.14.
    pub mem_available: Option<Bytes>,
    pub buffers: Option<Bytes>,
    pub cached: Option<Bytes>,
    pub swap_total: Option<Bytes>,
    pub swap_free: Option<Bytes>,
    /// Only kernels with high memory (32 bit).
    pub high_total: Option<Bytes>,
    pub high_free: Option<Bytes>,
    pub low_total: Option<Bytes>,
    pub low_free: Option<Bytes>,
    pub shmem: Option<Bytes>,
    pub slab: Option<Bytes>,
    pub s_reclaimable: Option<Bytes>,
    pub commit_limit: Option<Bytes>,
    pub committed_as: Option<Bytes>,
}

impl Meminfo {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When a line is not `Key: NUMBER` with an optional `kB`.
    pub fn parse(bytes: &[u8]) -> Result<Meminfo, ParseError> {
        let mut read = Meminfo::default();
        for (at, line) in flat::lines(bytes) {
            let (key, value) = key_value(line).ok_or_else(|| ParseError::new("\"Key: NUMBER kB\"", at, line))?;
            let field = match key {
                b"MemTotal" => &mut read.mem_total,
                b"MemFree" => &mut read.mem_free,
                b"MemAvailable" => &mut read.mem_available,
                b"Buffers" => &mut read.buffers,
                b"Cached" => &mut read.cached,
                b"SwapTotal" => &mut read.swap_total,
                b"SwapFree" => &mut read.swap_free,
                b"HighTotal" => &mut read.high_total,
                b"HighFree" => &mut read.high_free,
                b"LowTotal" => &mut read.low_total,
                b"LowFree" => &mut read.low_free,
                b"Shmem" => &mut read.shmem,
                b"Slab" => &mut read.slab,
                b"SReclaimable" => &mut read.s_reclaimable,
                b"CommitLimit" => &mut read.commit_limit,
                b"Committed_AS" => &mut read.committed_as,
                _ => continue,
            };
            *field = Some(Bytes::from_kib(value));
        }
        Ok(read)
    }
}

/// `Key: NUMBER kB`; other files of /proc have such lines too.
pub(super) fn key_value(line: &[u8]) -> Option<(&[u8], u64)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let value = line.get(colon + 1..)?.trim_ascii();
    let number = value.strip_suffix(b" kB").unwrap_or(value);
    Some((line.get(..colon)?, flat::number(number)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kib_become_bytes_and_missing_stays_missing() {
        let read = Meminfo::parse(b"MemTotal:       24684208 kB\nHugePages_Total:       0\nShmem:   7 kB\n").unwrap();
        assert_eq!(read.mem_total, Some(Bytes(24_684_208 * 1024)));
        assert_eq!(read.shmem, Some(Bytes(7 * 1024)));
        assert_eq!(read.mem_available, None);
    }

    #[test]
    fn what_is_no_meminfo_is_refused() {
        for bad in [&b""[..], b"MemTotal\n", b"MemTotal: x kB\n", b"MemTotal: 1 kB\n\0\0"] {
            assert!(Meminfo::parse(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
