//! The kernel's own arithmetic of the load average (kernel/sched/loadavg.c), on a container's own threads.

/// Bits behind the fixed point (FSHIFT, include/linux/sched/loadavg.h).
const SHIFT: u32 = 11;
/// 1.0 in fixed point (FIXED_1).
const ONE: u64 = 1 << SHIFT;
/// 1/exp(5s/1min), 1/exp(5s/5min), 1/exp(5s/15min) in fixed point.
const EXP: [u64; 3] = [1884, 2014, 2037];

/// Seconds between two samples (LOAD_FREQ, which is a tick longer).
pub const SAMPLE_SECONDS: u64 = 5;

/// The three load averages in the kernel's fixed point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load(pub [u64; 3]);

impl Load {
    /// What a container that has always had so many active threads would show.
    #[must_use]
    pub fn steady(active: u64) -> Load {
        Load([active.saturating_mul(ONE); 3])
    }

    /// One sample later, with so many threads active (`calc_load`).
    #[must_use]
    pub fn sampled(self, active: u64) -> Load {
        self.decayed(EXP, active)
    }

    /// After `samples` that nobody took, with so many threads active all the while (`calc_load_n`).
    #[must_use]
    pub fn missed(self, active: u64, samples: u64) -> Load {
        if samples == 0 { self } else { self.decayed(EXP.map(|exp| power(exp, samples)), active) }
    }

    fn decayed(self, exp: [u64; 3], active: u64) -> Load {
        let active = active.min(u64::from(u32::MAX)) << SHIFT;
        let [mut one, mut five, mut fifteen] = self.0;
        for (load, exp) in [&mut one, &mut five, &mut fifteen].into_iter().zip(exp) {
            let decayed = load.saturating_mul(exp).saturating_add(active.saturating_mul(ONE - exp));
            let rounding = if active >= *load { ONE - 1 } else { 0 };
            *load = decayed.saturating_add(rounding) >> SHIFT;
        }
        Load([one, five, fifteen])
    }

    /// As /proc/loadavg shows them, in hundredths.
    #[must_use]
    pub fn hundredths(self) -> [u64; 3] {
        self.0.map(|load| {
            let rounded = load.saturating_add(ONE / 200);
            (rounded >> SHIFT).saturating_mul(100).saturating_add(((rounded & (ONE - 1)) * 100) >> SHIFT)
        })
    }
}

/// `base` to the power of `exponent` in fixed point, rounded at each step as the kernel does (`fixed_power_int`).
fn power(mut base: u64, mut exponent: u64) -> u64 {
    let times = |a: u64, b: u64| (a * b + (1 << (SHIFT - 1))) >> SHIFT;
    let mut result = ONE;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        exponent >>= 1;
        base = times(base, base);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_climbs_as_the_kernel_does() {
        let mut load = Load::default();
        for _ in 0..12 {
            load = load.sampled(4); // one minute
        }
        let [one, five, fifteen] = load.hundredths();
        assert!((251..=255).contains(&one), "1 - 1/e of 4 is 2.53: {one}");
        assert!((71..=74).contains(&five), "{five}");
        assert!((25..=27).contains(&fifteen), "{fifteen}");
    }

    #[test]
    fn steady_stays_and_reads_whole() {
        let load = Load::steady(3);
        assert_eq!(load.sampled(3), load);
        assert_eq!(load.hundredths(), [300; 3]);
    }

    #[test]
    fn missed_samples_are_the_same_as_taken_ones() {
        let mut taken = Load([5000, 3000, 1000]);
        let missed = taken.missed(2, 9);
        for _ in 0..9 {
            taken = taken.sampled(2);
        }
        for (a, b) in taken.0.iter().zip(missed.0) {
            assert!(a.abs_diff(b) <= 8, "{taken:?} {missed:?}");
        }
        assert_eq!(taken.missed(2, 0), taken);
    }

    #[test]
    fn absurd_numbers_do_not_overflow() {
        let load = Load([u64::MAX; 3]);
        let _ = load.sampled(u64::MAX).missed(u64::MAX, u64::MAX).hundredths();
        let _ = Load::steady(u64::MAX).hundredths();
    }
}
