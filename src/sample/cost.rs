use std::time::Duration;

/// What sampling has cost: CPU time of the thread that does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How many samples were taken.
    pub samples: u64,
    /// All of them.
    pub total: Duration,
    /// The last one.
    pub last: Duration,
}

impl Cost {
    /// One sample more.
    pub(super) fn add(&mut self, sample: Duration) {
        self.samples += 1;
        self.total = self.total.saturating_add(sample);
        self.last = sample;
    }

    /// One sample on average, in microseconds.
    #[must_use]
    pub fn mean_micros(&self) -> u64 {
        (self.total.as_micros() / u128::from(self.samples.max(1))) as u64
    }
}
