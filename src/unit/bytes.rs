/// A number of bytes. Arithmetic saturates: kernel counters are read one after another, so a part may exceed its whole
/// for a moment, and a difference below zero means zero here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub u64);

impl Bytes {
    /// No bytes.
    pub const ZERO: Bytes = Bytes(0);

    /// So many KiB, as /proc/meminfo counts.
    #[must_use]
    pub const fn from_kib(kib: u64) -> Bytes {
        Bytes(kib.saturating_mul(1024))
    }

    /// So many MiB.
    #[must_use]
    pub const fn from_mib(mib: u64) -> Bytes {
        Bytes(mib.saturating_mul(1024 * 1024))
    }

    /// Whole KiB, the rest cut off.
    #[must_use]
    pub const fn kib(self) -> u64 {
        self.0 / 1024
    }

    /// Part `numerator` of `denominator` of these bytes; all of them when the denominator is 0.
    #[must_use]
    pub fn share(self, numerator: Bytes, denominator: Bytes) -> Bytes {
        match u128::from(self.0) * u128::from(numerator.0) {
            _ if denominator.0 == 0 => self,
            product => Bytes(u64::try_from(product / u128::from(denominator.0)).unwrap_or(u64::MAX)),
        }
    }
}

impl std::ops::Add for Bytes {
    type Output = Bytes;
    fn add(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Bytes {
    type Output = Bytes;
    fn sub(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_sub(other.0))
    }
}

impl std::ops::Mul<u64> for Bytes {
    type Output = Bytes;
    fn mul(self, times: u64) -> Bytes {
        Bytes(self.0.saturating_mul(times))
    }
}

impl std::iter::Sum for Bytes {
    fn sum<I: Iterator<Item = Bytes>>(all: I) -> Bytes {
        all.fold(Bytes::ZERO, |sum, one| sum + one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_below_zero_is_zero() {
        assert_eq!(Bytes(3) - Bytes(5), Bytes::ZERO);
        assert_eq!(Bytes(u64::MAX) + Bytes(1), Bytes(u64::MAX));
    }

    #[test]
    fn a_share_neither_overflows_nor_divides_by_zero() {
        assert_eq!(Bytes(u64::MAX).share(Bytes(u64::MAX), Bytes(u64::MAX)), Bytes(u64::MAX));
        assert_eq!(Bytes(90).share(Bytes(1), Bytes(3)), Bytes(30));
        assert_eq!(Bytes(7).share(Bytes(1), Bytes(0)), Bytes(7));
    }
}
