use super::{Event, Type};
use std::time::Duration;

/// A period in seconds, its type and its event.
type Period = (u64, Type, fn(u64) -> Event<'static>);

const PERIODS: [Period; 3] =
    [(5, Type::Tick5, Event::Tick5), (60, Type::Tick60, Event::Tick60), (3600, Type::Tick3600, Event::Tick3600)];

/// When TICK_5, TICK_60 and TICK_3600 are due. Times are since 1970.
#[derive(Debug, Default)]
pub struct Ticks {
    /// For each period the time of the last tick, rounded down; `None` while nobody wants it.
    last: [Option<u64>; PERIODS.len()],
}

impl Ticks {
    /// The ticks that are due `now`: those whose period has changed since this was last called, one each however long ago that
    /// was. Who has just subscribed waits for the next one.
    pub fn due(&mut self, now: Duration, wants: impl Fn(Type) -> bool) -> Vec<Event<'static>> {
        let mut due = Vec::new();
        for ((period, kind, event), last) in PERIODS.into_iter().zip(&mut self.last) {
            let this = wants(kind).then(|| now.as_secs() - now.as_secs() % period);
            if let (Some(this), Some(last)) = (this, *last)
                && this != last
            {
                due.push(event(this));
            }
            *last = this;
        }
        due
    }

    /// How long until the next tick that somebody wants.
    pub fn next(now: Duration, wants: impl Fn(Type) -> bool) -> Option<Duration> {
        let wanted = PERIODS.iter().filter(|(_, kind, _)| wants(*kind));
        let boundaries = wanted.map(|(period, ..)| now.as_secs() - now.as_secs() % period + period);
        boundaries.min().map(|boundary| Duration::from_secs(boundary).saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_tick_comes_when_its_period_begins_and_once_after_a_long_sleep() {
        let mut ticks = Ticks::default();
        let mut at = |millis| ticks.due(Duration::from_millis(millis), |_| true);
        assert_eq!(at(7_200_100), []);
        assert_eq!(at(7_204_999), []);
        assert_eq!(at(7_205_000), [Event::Tick5(7205)]);
        assert_eq!(at(7_205_000), []);
        assert_eq!(at(14_400_000), [Event::Tick5(14_400), Event::Tick60(14_400), Event::Tick3600(14_400)]);
        // As supervisord when the clock is set back.
        assert_eq!(at(14_399_999), [Event::Tick5(14_395), Event::Tick60(14_340), Event::Tick3600(10_800)]);
    }

    #[test]
    fn nobody_is_woken_for_nothing() {
        assert_eq!(Ticks::next(SECOND * 7, |_| false), None);
        assert_eq!(Ticks::next(SECOND * 7, |kind| Type::Tick.includes(kind)), Some(SECOND * 3));
        assert_eq!(Ticks::next(SECOND * 10, |kind| kind == Type::Tick5), Some(SECOND * 5));
        assert_eq!(Ticks::next(Duration::from_millis(59_500), |kind| kind == Type::Tick60), Some(SECOND / 2));
    }

    #[test]
    fn a_new_subscriber_waits_for_the_next_tick() {
        let mut ticks = Ticks::default();
        assert_eq!(ticks.due(SECOND * 4, |_| true), []);
        assert_eq!(ticks.due(SECOND * 6, |_| false), []);
        assert_eq!(ticks.due(SECOND * 12, |_| true), []);
        assert_eq!(ticks.due(SECOND * 15, |_| true), [Event::Tick5(15)]);
    }
}
