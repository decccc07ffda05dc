/// Microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub u64);

/// Clock ticks as /proc counts them: `sysconf(_SC_CLK_TCK)` to the second, 100 on every Linux that Vat knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(pub u64);

impl Ticks {
    /// Ticks to the second (USER_HZ in include/asm-generic/param.h; a fixed part of the /proc interface).
    pub const PER_SECOND: u64 = 100;

    /// As seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / Ticks::PER_SECOND as f64
    }
}
