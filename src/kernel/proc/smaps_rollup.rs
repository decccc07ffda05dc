use super::meminfo::key_value;
use crate::kernel::{ParseError, flat};
use crate::unit::Bytes;

/// /proc/PID/smaps_rollup (fs/proc/task_mmu.c, `show_smaps_rollup`; Linux 4.14), so far as Vat uses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SmapsRollup {
    /// Resident memory, exactly.
    pub rss: Bytes,
    /// The same, with each page divided by how many processes map it.
    pub pss: Bytes,
    /// Of `pss`, what no file backs; Linux 5.2.
    pub pss_anon: Option<Bytes>,
    /// Of `pss`, pages of files; Linux 5.2.
    pub pss_file: Option<Bytes>,
    /// Of `pss`, shared memory; Linux 5.2.
    pub pss_shmem: Option<Bytes>,
    /// Pages that only this process maps, and that are on a disk as well.
    pub private_clean: Bytes,
    /// Pages that only this process maps, and that are nowhere else.
    pub private_dirty: Bytes,
    /// Huge pages of hugetlbfs that only this process maps; not part of `rss`.
    pub private_hugetlb: Bytes,
}

impl SmapsRollup {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When the first line is no range of addresses, another is not `Key: NUMBER kB`, or one that has been there from the
    /// beginning is missing.
    pub fn parse(bytes: &[u8]) -> Result<SmapsRollup, ParseError> {
        let [mut rss, mut pss, mut pss_anon, mut pss_file, mut pss_shmem] = [None; 5];
        let [mut private_clean, mut private_dirty, mut private_hugetlb] = [None; 3];
        for (at, line) in flat::lines(bytes) {
            if at == 1 {
                if !line.ends_with(b"[rollup]") {
                    return Err(ParseError::new("\"ADDRESS-ADDRESS ... [rollup]\"", at, line));
                }
                continue;
            }
            let (key, kib) = key_value(line).ok_or_else(|| ParseError::new("\"Key: NUMBER kB\"", at, line))?;
            let field = match key {
                b"Rss" => &mut rss,
                b"Pss" => &mut pss,
                b"Pss_Anon" => &mut pss_anon,
                b"Pss_File" => &mut pss_file,
                b"Pss_Shmem" => &mut pss_shmem,
                b"Private_Clean" => &mut private_clean,
                b"Private_Dirty" => &mut private_dirty,
                b"Private_Hugetlb" => &mut private_hugetlb,
                _ => continue,
            };
            *field = Some(Bytes::from_kib(kib));
        }
        let all = || {
            Some(SmapsRollup {
                rss: rss?,
                pss: pss?,
                pss_anon,
                pss_file,
                pss_shmem,
                private_clean: private_clean?,
                private_dirty: private_dirty?,
                private_hugetlb: private_hugetlb?,
            })
        };
        all().ok_or_else(|| ParseError::new("lines \"Rss\" to \"Private_Hugetlb\"", 1, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"558cf2031000-7ffdb7316000 ---p 00000000 00:00 0                          [rollup]\n\
        Rss:                1764 kB\nPss:                 294 kB\nPss_Dirty:           112 kB\nPss_Anon:            112 kB\n\
        Pss_File:            182 kB\nPss_Shmem:             1 kB\nShared_Clean:       1644 kB\nPrivate_Clean:         8 kB\n\
        Private_Dirty:       113 kB\nShared_Hugetlb:        0 kB\nPrivate_Hugetlb:    2048 kB\nLocked:                0 kB\n";

    #[test]
    fn a_process() {
        let wanted = SmapsRollup {
            rss: Bytes::from_kib(1764),
            pss: Bytes::from_kib(294),
            pss_anon: Some(Bytes::from_kib(112)),
            pss_file: Some(Bytes::from_kib(182)),
            pss_shmem: Some(Bytes::from_kib(1)),
            private_clean: Bytes::from_kib(8),
            private_dirty: Bytes::from_kib(113),
            private_hugetlb: Bytes::from_kib(2048),
        };
        assert_eq!(SmapsRollup::parse(FILE), Ok(wanted));
    }

    #[test]
    fn every_truncation_is_refused_or_read_alike() {
        for length in 0..FILE.len() {
            if let Ok(read) = SmapsRollup::parse(&FILE[..length]) {
                assert_eq!((read.rss, read.private_dirty), (Bytes::from_kib(1764), Bytes::from_kib(113)));
            }
        }
    }

    #[test]
    fn what_is_no_rollup_is_refused() {
        let text = str::from_utf8(FILE).unwrap();
        for (from, to) in [("[rollup]", ""), ("1764 kB", "-1 kB"), ("Pss:", "PSS:"), ("1764", "18446744073709551616")] {
            assert!(SmapsRollup::parse(text.replace(from, to).as_bytes()).is_err(), "{to}");
        }
    }
}
