//! Limits as they are typed: `512M`, `1.5`, `200`, `max`.

use crate::snapshot::cgroup::CpuQuota;
use crate::unit::{Bytes, Limit, Micros};

/// The word for no limit, as the kernel has it.
const MAX: &str = "max";

/// An amount of memory: bytes, or with K, M, G or T units of 1024.
pub(super) fn memory(text: &str) -> Result<Limit<Bytes>, String> {
    if text == MAX {
        return Ok(Limit::Max);
    }
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (text.get(..at), 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 30),
        Some((at, 't' | 'T')) => (text.get(..at), 40),
        _ => (Some(text), 0),
    };
    let number = digits.and_then(|digits| digits.parse::<u64>().ok());
    let bytes = number.and_then(|number| number.checked_mul(1 << shift));
    bytes.map(|bytes| Limit::At(Bytes(bytes))).ok_or_else(|| "an amount is a number such as 512M, 2G or max".to_owned())
}

/// The kernel's own default, and what container engines take.
const PERIOD: Micros = Micros(100_000);

/// A number of CPUs, such as 1.5.
pub(super) fn cpus(text: &str) -> Result<Limit<CpuQuota>, String> {
    if text == MAX {
        return Ok(Limit::Max);
    }
    // The kernel takes no quota below a millisecond, which is a hundredth of the period.
    let number = text.parse::<f64>().ok().filter(|number| (0.01..=65_536.0).contains(number));
    let quota = number.map(|number| Micros((number * PERIOD.0 as f64).round() as u64));
    let limit = quota.map(|quota| Limit::At(CpuQuota { quota, period: PERIOD }));
    limit.ok_or_else(|| "a number of CPUs is at least 0.01, such as 1.5, or max".to_owned())
}

/// A number of tasks.
pub(super) fn pids(text: &str) -> Result<Limit<u64>, String> {
    if text == MAX {
        return Ok(Limit::Max);
    }
    let number = text.parse::<u64>().ok().filter(|number| *number > 0);
    number.map(Limit::At).ok_or_else(|| "a number of tasks is at least 1, or max".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_memory() {
        assert_eq!(memory("512M"), Ok(Limit::At(Bytes::from_mib(512))));
        assert_eq!(memory("2g"), Ok(Limit::At(Bytes::from_mib(2048))));
        assert_eq!(memory("4096"), Ok(Limit::At(Bytes(4096))));
        assert_eq!(memory("max"), Ok(Limit::Max));
        for bad in ["", "M", "-1", "1.5G", "99999999999T", "12Q", "5é"] {
            assert!(memory(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_of_cpus() {
        let quota = |quota| Ok(Limit::At(CpuQuota { quota: Micros(quota), period: PERIOD }));
        assert_eq!(cpus("1.5"), quota(150_000));
        assert_eq!(cpus("0.29"), quota(29_000), "not cut off by binary fractions");
        assert_eq!(cpus("max"), Ok(Limit::Max));
        for bad in ["", "0", "-1", "NaN", "inf", "1e9", "0.001"] {
            assert!(cpus(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_of_tasks() {
        assert_eq!(pids("200"), Ok(Limit::At(200)));
        assert!(pids("0").is_err() && pids("x").is_err());
    }
}
