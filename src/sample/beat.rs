use crate::container::SAMPLE_SECONDS;
use std::time::Duration;

/// So long after its own count of ticks says so, the kernel has taken its sample: the ticks begin 0.2 to 0.4 s after the clock does.
/// Sooner, and the kernel would count the sampler as one more thread that runs.
const LAG: Duration = Duration::from_millis(500);
/// The samplers of a host shall not all wake in the same moment.
const SPREAD: Duration = Duration::from_millis(250);

/// When samples are due: after each of the kernel's, which it takes every LOAD_FREQ = 5 * HZ + 1 ticks since boot
/// (include/linux/sched/loadavg.h).
#[derive(Clone, Copy, Debug)]
pub(super) struct Beat {
    period: Duration,
    lag: Duration,
}

impl Beat {
    /// The beat of a kernel whose tick is so long, for a sampler that starts at `now`.
    pub(super) fn new(tick: Duration, now: Duration) -> Beat {
        let spread = Duration::from_nanos(u64::from(now.subsec_nanos()) % SPREAD.as_nanos() as u64);
        Beat { period: Duration::from_secs(SAMPLE_SECONDS) + tick, lag: LAG + spread }
    }

    /// How many beats there were since boot; all times are of CLOCK_MONOTONIC.
    pub(super) fn count(self, now: Duration) -> u64 {
        (now.saturating_sub(self.lag).as_nanos() / self.period.as_nanos()) as u64
    }

    /// How long it is from `now` to the beat behind that many.
    pub(super) fn until_after(self, count: u64, now: Duration) -> Duration {
        let nanos = u128::from(count).saturating_add(1).saturating_mul(self.period.as_nanos());
        (Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)).saturating_add(self.lag)).saturating_sub(now)
    }

    /// How many beats fit into a time.
    pub(super) fn within(self, time: Duration) -> u64 {
        (time.as_nanos() / self.period.as_nanos()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(4);

    #[test]
    fn it_keeps_the_kernels_period_and_stays_behind_its_sample() {
        let beat = Beat::new(TICK, Duration::from_nanos(1_100_000_000));
        assert_eq!((beat.period, beat.lag), (Duration::from_millis(5004), Duration::from_millis(600)));
        let at = |count: u64| beat.until_after(count - 1, Duration::ZERO);
        assert_eq!(at(1000), Duration::from_millis(5_004_600));
        assert_eq!(beat.count(at(1000)), 1000);
        assert_eq!(beat.count(at(1000) - Duration::from_nanos(1)), 999);
        assert_eq!(beat.until_after(1000, at(1000)), beat.period);
        assert_eq!(beat.until_after(3, at(1000)), Duration::ZERO, "one that was missed is due now");
    }

    #[test]
    fn any_clock_is_borne() {
        for now in [Duration::ZERO, Duration::from_secs(u64::MAX)] {
            for tick in [Duration::ZERO, Duration::from_secs(1)] {
                let beat = Beat::new(tick, now);
                let _ = beat.until_after(u64::MAX, now) + beat.until_after(beat.count(now), now);
            }
        }
    }
}
