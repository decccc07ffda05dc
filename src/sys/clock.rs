//! Clocks that count from boot, and the CPU time of this process.

use super::live::clock;
use std::time::Duration;

/// CLOCK_MONOTONIC: since boot, suspended time left out. It never steps, and neither does the kernel's count of ticks beside it.
#[must_use]
pub fn monotonic() -> Duration {
    clock(libc::CLOCK_MONOTONIC)
}

/// The CPU time that this thread has used (CLOCK_THREAD_CPUTIME_ID).
#[must_use]
pub fn thread_cpu_time() -> Duration {
    clock(libc::CLOCK_THREAD_CPUTIME_ID)
}

/// How long the kernel's tick is, 1/HZ: the coarse clocks are written once a tick, and their resolution says so.
#[must_use]
pub fn tick() -> Duration {
    let mut resolution = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `resolution` outlives the call, which cannot fail for a clock that every kernel has.
    unsafe { libc::clock_getres(libc::CLOCK_MONOTONIC_COARSE, &mut resolution) };
    Duration::new(0, u32::try_from(resolution.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_go_on_and_a_tick_is_one_that_linux_is_built_with() {
        let (wall, cpu) = (monotonic(), thread_cpu_time());
        assert!(wall > Duration::ZERO && monotonic() >= wall && thread_cpu_time() >= cpu);
        assert!((1_000..=10_000).contains(&tick().as_micros()), "{:?}", tick());
    }
}
