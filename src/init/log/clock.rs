use super::calendar::as_if_utc;
use crate::sys::{Civil, Machine};
use std::fmt::{self, Display, Formatter};

/// The clock on the wall. Knows the local time of the second it was last asked for: asking the time zone costs more than asking
/// the time.
pub struct Clock {
    machine: Box<dyn Machine>,
    second: i64,
    civil: Civil,
}

/// A moment, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    civil: Civil,
    milliseconds: u32,
    /// Seconds by which local time is ahead of UTC.
    offset: i64,
}

impl Clock {
    /// The clock of a machine.
    #[must_use]
    pub fn new(machine: Box<dyn Machine>) -> Clock {
        // Shown where the calendar does not hold the moment: a clock set to nonsense is no reason not to log.
        let civil = Civil { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
        Clock { machine, second: i64::MIN, civil }
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        i64::try_from(self.machine.realtime().as_secs()).unwrap_or(i64::MAX)
    }

    /// Now.
    pub fn stamp(&mut self) -> Stamp {
        let now = self.machine.realtime();
        let second = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        if second != self.second {
            self.second = second;
            self.civil = self.machine.local(second).unwrap_or(self.civil);
        }
        let offset = as_if_utc(&self.civil).saturating_sub(second);
        Stamp { civil: self.civil, milliseconds: now.subsec_millis(), offset }
    }

    /// A moment (seconds since 1970) in local time.
    #[must_use]
    pub fn local(&self, seconds: i64) -> Option<Civil> {
        self.machine.local(seconds)
    }
}

impl Stamp {
    /// `2026-11-23T05:18:27.123+01:00` (RFC 3339).
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let minutes = self.offset.unsigned_abs() / 60;
        let (sign, hours, minutes) = (if self.offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60);
        format!("{}T{}.{:03}{sign}{hours:02}:{minutes:02}", self.date(), self.time(), self.milliseconds)
    }

    /// `Mon Nov 23 05:18:27 2026`, as ctime(3).
    #[must_use]
    pub fn ctime(&self) -> String {
        // 1970 began on a Thursday.
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        let day = as_if_utc(&self.civil).div_euclid(24 * 3600).rem_euclid(7);
        let day = usize::try_from(day).ok().and_then(|day| DAYS.get(day)).unwrap_or(&"Thu");
        format!("{day} {} {}", self.syslog(), self.civil.year)
    }

    /// `Nov  3 05:18:27`, as in the lines of syslog(3).
    #[must_use]
    pub fn syslog(&self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = MONTHS.get(usize::from(self.civil.month).saturating_sub(1)).unwrap_or(&"Jan");
        format!("{month} {:2} {}", self.civil.day, self.time())
    }

    fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.civil.year, self.civil.month, self.civil.day)
    }

    fn time(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.civil.hour, self.civil.minute, self.civil.second)
    }
}

/// `2026-11-23 05:18:27,123`, as supervisord.
impl Display for Stamp {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{} {},{:03}", self.date(), self.time(), self.milliseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::Live;

    #[test]
    fn a_moment_is_written_as_each_reader_wants_it() {
        let civil = Civil { year: 2026, month: 11, day: 3, hour: 5, minute: 8, second: 27 };
        let stamp = |offset| Stamp { civil, milliseconds: 7, offset };
        assert_eq!(stamp(0).to_string(), "2026-11-03 05:08:27,007");
        assert_eq!(stamp(0).rfc3339(), "2026-11-03T05:08:27.007+00:00");
        assert_eq!(stamp(20_700).rfc3339(), "2026-11-03T05:08:27.007+05:45");
        assert_eq!(stamp(-12_600).rfc3339(), "2026-11-03T05:08:27.007-03:30");
        assert_eq!(stamp(0).syslog(), "Nov  3 05:08:27");
        assert_eq!(stamp(0).ctime(), "Tue Nov  3 05:08:27 2026");
        let old = Civil { year: 1969, month: 12, day: 31, ..civil };
        assert_eq!(Stamp { civil: old, milliseconds: 0, offset: 0 }.ctime(), "Wed Dec 31 05:08:27 1969");
    }

    #[test]
    fn the_clock_goes_with_the_machines() {
        let mut clock = Clock::new(Box::new(Live::new()));
        let (before, stamp, after) = (clock.seconds(), clock.stamp(), clock.seconds());
        let told = as_if_utc(&stamp.civil) - stamp.offset;
        assert!((before..=after).contains(&told));
        assert!(stamp.offset.abs() <= 14 * 3600 && stamp.offset % 60 == 0);
    }
}
