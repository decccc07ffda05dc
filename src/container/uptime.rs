use super::Figure;
use crate::unit::Ticks;
use std::time::Duration;

/// How long a container has been up: since its first process started, where `since_boot` is CLOCK_BOOTTIME now.
///
/// The start is counted in ticks of 10 ms, so this is true to 10 ms.
#[must_use]
pub fn uptime(since_boot: Duration, started: Ticks) -> Figure<Duration> {
    let started = Duration::from_millis(started.0.saturating_mul(1000 / Ticks::PER_SECOND));
    Figure::new(since_boot.saturating_sub(started), "CLOCK_BOOTTIME - the start of the container's first process")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_in_the_future_is_no_negative_uptime() {
        assert_eq!(uptime(Duration::from_secs(10), Ticks(350)).value, Duration::from_millis(6500));
        assert_eq!(uptime(Duration::from_secs(1), Ticks(u64::MAX)).value, Duration::ZERO);
    }
}
