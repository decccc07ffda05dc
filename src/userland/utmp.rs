use std::ops::Range;

/// A record's size, the same on every 64-bit Linux (utmp(5)).
const RECORD: usize = 384;
/// A user logged in (ut_type).
const USER_PROCESS: u16 = 7;
const USER: Range<usize> = 44..76;

/// How many users /var/run/utmp says are logged in: records of a user process that have a name.
///
/// The file is not trusted: a record cut short at its end is none.
#[must_use]
pub fn users(bytes: &[u8]) -> u64 {
    let is_user = |record: &&[u8]| {
        let kind = record.first_chunk::<2>().map(|two| u16::from_ne_bytes(*two));
        let name = record.get(USER).and_then(|name| name.first());
        kind == Some(USER_PROCESS) && name.is_some_and(|first| *first != 0)
    };
    bytes.chunks_exact(RECORD).filter(is_user).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, name: &[u8]) -> Vec<u8> {
        let mut record = vec![0; RECORD];
        record[..2].copy_from_slice(&kind.to_ne_bytes());
        record[44..44 + name.len()].copy_from_slice(name);
        record
    }

    #[test]
    fn only_named_user_processes_count() {
        let file =
            [record(2, b"reboot"), record(7, b"root"), record(7, b""), record(8, b"gone"), record(7, b"vat")].concat();
        assert_eq!(users(&file), 2);
        assert_eq!(users(&file[..file.len() - 1]), 1, "a record cut short");
        assert_eq!(users(b""), 0);
    }
}
