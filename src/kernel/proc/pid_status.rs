use super::meminfo::key_value;
use crate::kernel::{ParseError, flat};
use crate::unit::Bytes;

/// /proc/PID/status (fs/proc/array.c, `proc_pid_status`), so far as Vat uses it. A kernel thread has no memory of its own: `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PidStatus {
    /// The process; of a thread, the one it belongs to.
    pub tgid: u32,
    /// User: real, effective, saved, and for files.
    pub uid: [u32; 4],
    /// Group: real, effective, saved, and for files.
    pub gid: [u32; 4],
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// Locked in memory.
    pub vm_lck: Option<Bytes>,
    /// In swap; Linux 2.6.34.
    pub vm_swap: Option<Bytes>,
    /// Resident memory that no file backs; Linux 4.5.
    pub rss_anon: Option<Bytes>,
    /// Resident pages of files; Linux 4.5.
    pub rss_file: Option<Bytes>,
    /// Resident shared memory; Linux 4.5.
    pub rss_shmem: Option<Bytes>,
}

impl PidStatus {
    /// Parses the whole file.
    ///
    /// # Errors
    /// When a line that Vat uses is malformed, or `Tgid`, `Uid` or `Gid` is missing.
    pub fn parse(bytes: &[u8]) -> Result<PidStatus, ParseError> {
        let (mut tgid, mut uid, mut gid) = (None, None, None);
        let mut groups = Vec::new();
        let [mut vm_lck, mut vm_swap, mut rss_anon, mut rss_file, mut rss_shmem] = [None; 5];
        for (at, line) in flat::lines(bytes) {
            let malformed = || ParseError::new("\"Key:\" and numbers", at, line);
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (key, value) = (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default());
            let memory = match key {
                b"Tgid" => {
                    tgid = Some(small(value.trim_ascii()).ok_or_else(malformed)?);
                    continue;
                }
                b"Uid" => {
                    uid = Some(four(value).ok_or_else(malformed)?);
                    continue;
                }
                b"Gid" => {
                    gid = Some(four(value).ok_or_else(malformed)?);
                    continue;
                }
                b"Groups" => {
                    groups = words(value).map(small).collect::<Option<_>>().ok_or_else(malformed)?;
                    continue;
                }
                b"VmLck" => &mut vm_lck,
                b"VmSwap" => &mut vm_swap,
                b"RssAnon" => &mut rss_anon,
                b"RssFile" => &mut rss_file,
                b"RssShmem" => &mut rss_shmem,
                _ => continue,
            };
            let (_, kib) = key_value(line).ok_or_else(malformed)?;
            *memory = Some(Bytes::from_kib(kib));
        }
        let missing = || ParseError::new("lines \"Tgid\", \"Uid\" and \"Gid\"", 1, bytes);
        let (tgid, uid, gid) = (tgid.ok_or_else(missing)?, uid.ok_or_else(missing)?, gid.ok_or_else(missing)?);
        Ok(PidStatus { tgid, uid, gid, groups, vm_lck, vm_swap, rss_anon, rss_file, rss_shmem })
    }
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

fn four(text: &[u8]) -> Option<[u32; 4]> {
    let mut ids = words(text).map(small);
    let mut next = || ids.next().flatten();
    let four = [next()?, next()?, next()?, next()?];
    ids.next().is_none().then_some(four)
}

fn small(text: &[u8]) -> Option<u32> {
    flat::number(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"Name:\ta\\nUid: 7\nUmask:\t0022\nState:\tR (running)\nTgid:\t5323\nNgid:\t0\nPid:\t5323\nPPid:\t5318\n\
        TracerPid:\t0\nUid:\t0\t1000\t2\t3\nGid:\t4\t5\t6\t4294967295\nFDSize:\t256\nGroups:\t4 24 1000 \nNStgid:\t5323\n\
        Kthread:\t0\nVmPeak:\t    3060 kB\nVmLck:\t       8 kB\nVmRSS:\t    1760 kB\nRssAnon:\t     112 kB\n\
        RssFile:\t    1648 kB\nRssShmem:\t       0 kB\nVmSwap:\t      16 kB\nThreads:\t1\nSigQ:\t0/96365\n\
        untag_mask:\t0xffffffffffffffff\nSpeculation_Store_Bypass:\tvulnerable\nno colon\n";

    #[test]
    fn a_process() {
        let wanted = PidStatus {
            tgid: 5323,
            uid: [0, 1000, 2, 3],
            gid: [4, 5, 6, u32::MAX],
            groups: vec![4, 24, 1000],
            vm_lck: Some(Bytes::from_kib(8)),
            vm_swap: Some(Bytes::from_kib(16)),
            rss_anon: Some(Bytes::from_kib(112)),
            rss_file: Some(Bytes::from_kib(1648)),
            rss_shmem: Some(Bytes::ZERO),
        };
        assert_eq!(PidStatus::parse(FILE), Ok(wanted));
    }

    #[test]
    fn a_kernel_thread() {
        let read =
            PidStatus::parse(b"Name:\tkthreadd\nTgid:\t2\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t \n").unwrap();
        assert_eq!((read.tgid, read.groups.len(), read.vm_swap, read.rss_anon), (2, 0, None, None));
    }

    #[test]
    fn every_truncation_is_refused_or_read_alike() {
        for length in 0..FILE.len() {
            if let Ok(read) = PidStatus::parse(&FILE[..length]) {
                assert_eq!((read.tgid, read.uid), (5323, [0, 1000, 2, 3]));
            }
        }
    }

    #[test]
    fn what_is_no_status_is_refused() {
        let good = "Tgid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n";
        assert!(PidStatus::parse(good.as_bytes()).is_ok());
        for (from, to) in [
            ("Tgid:\t1", "Tgid:\t-1"),
            ("Tgid:\t1", "Tgid:\t4294967296"),
            ("Tgid", "Pid"),
            ("Uid:\t0", "Uid:"),
            ("Gid:\t0", "Gid:\t0\t0"),
            ("Tgid", "Groups:\t1 x\nTgid"),
            ("Tgid", "VmSwap:\t1 MB\nTgid"),
            ("Tgid", "VmSwap:\nTgid"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert!(PidStatus::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
