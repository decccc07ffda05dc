use std::fmt;

/// A number and where it comes from, in the field's own words (`memory.max`, `MemTotal of /proc/meminfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure<T> {
    /// The number.
    pub value: T,
    /// The file it was read from, or the figures it is made of.
    pub source: &'static str,
}

impl<T> Figure<T> {
    pub(super) const fn new(value: T, source: &'static str) -> Figure<T> {
        Figure { value, source }
    }
}

impl<T: PartialOrd> Figure<T> {
    /// The smaller of two, with its own source.
    pub(super) fn min(self, other: Figure<T>) -> Figure<T> {
        if other.value < self.value { other } else { self }
    }
}

impl<T: fmt::Display> fmt::Display for Figure<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.value, self.source)
    }
}
