/// A limit: at a value, or none. `Max` is the kernel's own word for "no limit" (cgroup v2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit<T> {
    /// Limited to this.
    At(T),
    /// Not limited.
    Max,
}

impl<T: Ord + Copy> Limit<T> {
    /// The tighter of two limits.
    #[must_use]
    pub fn min(self, other: Limit<T>) -> Limit<T> {
        match (self, other) {
            (Limit::At(a), Limit::At(b)) => Limit::At(a.min(b)),
            (Limit::At(a), Limit::Max) | (Limit::Max, Limit::At(a)) => Limit::At(a),
            (Limit::Max, Limit::Max) => Limit::Max,
        }
    }

    /// What is left of `whole` under this limit.
    #[must_use]
    pub fn of(self, whole: T) -> T {
        match self {
            Limit::At(limit) => limit.min(whole),
            Limit::Max => whole,
        }
    }
}

impl<T> Limit<T> {
    /// The value, where there is one.
    #[must_use]
    pub fn at(self) -> Option<T> {
        match self {
            Limit::At(value) => Some(value),
            Limit::Max => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limit::{At, Max};

    #[test]
    fn the_tighter_limit_wins() {
        assert_eq!(At(3).min(At(2)), At(2));
        assert_eq!(Max.min(At(2)), At(2));
        assert_eq!(Max.min(super::Limit::<u8>::Max), Max);
        assert_eq!((At(5).of(3), At(2).of(3), Max.of(3)), (3, 2, 3));
    }
}
