use crate::kernel::{ParseError, flat};

/// What a link of /proc/PID/ns points to, such as `mnt:[4026531841]` (fs/nsfs.c, `ns_get_name`): the namespace's inode number,
/// which no other has while it lives.
///
/// # Errors
/// When it is not `KIND:[INODE]`.
pub fn ns(target: &[u8]) -> Result<u64, ParseError> {
    let read = || {
        let open = target.iter().position(|byte| *byte == b':')?;
        let is_kind = target.get(..open)?.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
        let inode = target.get(open..)?.strip_prefix(b":[")?.strip_suffix(b"]")?;
        flat::number(inode).filter(|_| is_kind && open > 0)
    };
    read().ok_or_else(|| ParseError::new("\"KIND:[INODE]\"", 1, target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inode() {
        assert_eq!(ns(b"mnt:[4026531841]"), Ok(4_026_531_841));
        assert_eq!(ns(b"pid_for_children:[1]"), Ok(1));
        let link = b"mnt:[4026531841]";
        for length in 0..link.len() {
            assert!(ns(&link[..length]).is_err(), "{length}");
        }
        for bad in [&b":[1]"[..], b"mnt:[-1]", b"mnt:[18446744073709551616]", b"/etc/x:[1]", b"mnt:[1] (deleted)"] {
            assert!(ns(bad).is_err(), "{}", bad.escape_ascii());
        }
    }
}
