//! The words of `schedule`, and the times that they mean.
//!
//! The words are cron's, in local time: minute, hour, day of the month, month, day of the week; seconds may stand before them, and
//! `@daily` and its like are known. Where the clock is put forward, a time of day that is skipped comes at the first moment after the
//! gap; where it is put back, a time of day comes once, the first time. What comes every hour or minute does so by the clock on the
//! wall: not at times that are skipped, and twice at those that come twice.

use crate::init::log::as_if_utc;
use crate::sys::Civil;
use croner::errors::CronError;
use croner::{CivilDate, CivilDateTime, CivilTime, Cron, CronDateTime, JobType, Resolution, Weekday};
use std::cmp::Ordering;

const DAY: i64 = 24 * 60 * 60;
/// When the clock is set back by less than this, a time of day that was is not again; what comes at many times waits a minute.
const SAME_DAY: i64 = 3 * 60 * 60;
const SAME_MINUTE: i64 = 60;

/// The times at which a program is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule(Cron);

impl Schedule {
    /// Reads the words of cron.
    ///
    /// # Errors
    /// What is wrong with them; that they mean no day of any year is wrong, too.
    pub fn parse(words: &str) -> Result<Schedule, String> {
        let cron: Cron = words.trim().parse().map_err(|error: CronError| error.to_string())?;
        let schedule = Schedule(cron);
        match schedule.0.find_next_occurrence(&Anywhere(BEGINNING), true) {
            Ok(_) => Ok(schedule),
            Err(_) => Err("there is no such day".to_owned()),
        }
    }

    /// The first moment after `now` (both seconds since 1970). `local` tells what the clock on the wall shows at a moment.
    #[must_use]
    pub fn next(&self, now: i64, local: &dyn Fn(i64) -> Option<Civil>) -> Option<i64> {
        let now = Moment { seconds: now, local };
        self.0.find_next_occurrence(&now, false).ok().map(|moment| moment.seconds).filter(|next| *next > now.seconds)
    }

    /// From when on the next time is looked for, where the clock shows `now` and the run of `last` was begun: a clock that was set
    /// back a little does not begin it again.
    pub(super) fn after(&self, now: i64, last: Option<i64>) -> i64 {
        let guard = match self.0.determine_job_type() {
            JobType::FixedTime => SAME_DAY,
            JobType::IntervalWildcard => SAME_MINUTE,
        };
        last.filter(|last| (now..=now.saturating_add(guard)).contains(last)).unwrap_or(now)
    }
}

/// A moment, and how the clock on the wall shows it.
#[derive(Clone)]
struct Moment<'a> {
    seconds: i64,
    local: &'a dyn Fn(i64) -> Option<Civil>,
}

impl Moment<'_> {
    /// What the clock shows, as seconds since 1970 if it showed UTC.
    fn shown(&self, seconds: i64) -> Option<i64> {
        (self.local)(seconds).map(|civil| as_if_utc(&civil))
    }
}

impl CronDateTime for Moment<'_> {
    fn to_civil(&self) -> CivilDateTime {
        let civil = (self.local)(self.seconds).and_then(|civil| {
            let [month, day, hour, minute] = [civil.month, civil.day, civil.hour, civil.minute].map(u32::from);
            // A leap second, where the clock knows them, is the last one before it.
            let second = u32::from(civil.second).min(59);
            CivilDateTime::from_ymd_hms_opt(i32::try_from(civil.year).ok()?, month, day, hour, minute, second)
        });
        civil.unwrap_or(END)
    }

    fn civil_weekday(&self) -> Weekday {
        weekday(self.shown(self.seconds).unwrap_or(0))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let wanted = as_if_utc(&of_cron(civil));
        let shown = |seconds| self.shown(seconds).ok_or(CronError::InvalidTime);
        // Within two days the clock is put forward or back once at most: the offsets of the day before and of the day after are
        // all there are.
        let (before, after) = (wanted - DAY, wanted + DAY);
        let mut moments = [wanted - (shown(before)? - before), wanted - (shown(after)? - after)];
        moments.sort_unstable();
        let [first, second] = moments;
        let at = |seconds: i64| Moment { seconds, local: self.local };
        Ok(match (shown(first)? == wanted, shown(second)? == wanted) {
            (true, true) if first != second => Resolution::Ambiguous(at(first), at(second)),
            (true, _) => Resolution::Single(at(first)),
            (false, true) => Resolution::Single(at(second)),
            (false, false) => Resolution::Gap,
        })
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        Some(Moment { seconds: self.seconds.checked_add(seconds)?, ..self.clone() })
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.seconds.cmp(&other.seconds)
    }
}

/// A time where no clock is ever put forward or back: there it shows whether there is such a day at all.
#[derive(Clone)]
struct Anywhere(CivilDateTime);

impl CronDateTime for Anywhere {
    fn to_civil(&self) -> CivilDateTime {
        self.0
    }

    fn civil_weekday(&self) -> Weekday {
        weekday(as_if_utc(&of_cron(self.0)))
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        Ok(Resolution::Single(Anywhere(civil)))
    }

    fn checked_add_seconds(&self, _: i64) -> Option<Self> {
        None
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

const BEGINNING: CivilDateTime = CivilDateTime::new(CivilDate::from_parts_unchecked(2000, 1, 1), CivilTime::MIDNIGHT);
/// Nothing is found after this.
const END: CivilDateTime = CivilDateTime::new(CivilDate::from_parts_unchecked(9999, 12, 31), CivilTime::END_OF_DAY);

fn weekday(shown: i64) -> Weekday {
    // 1970 began on a Thursday.
    let days = (shown.div_euclid(DAY) + 4).rem_euclid(7);
    Weekday::from_days_from_sunday(u32::try_from(days).unwrap_or(0))
}

fn of_cron(civil: CivilDateTime) -> Civil {
    let small = |number: u32| u8::try_from(number).unwrap_or(0);
    Civil {
        year: i64::from(civil.year()),
        month: small(civil.month()),
        day: small(civil.day()),
        hour: small(civil.hour()),
        minute: small(civil.minute()),
        second: small(civil.second()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) const HOUR: i64 = 3600;
    /// 2026-03-29 01:00 and 2026-10-25 01:00, both UTC: there the clocks of Berlin are put forward and back.
    const FORWARD: i64 = 1_774_746_000;
    const BACK: i64 = 1_792_890_000;
    /// 2026-11-16 00:00 UTC, a Monday; 01:00 in Berlin.
    pub(in super::super) const MONDAY: i64 = 1_794_787_200;

    /// The calendar, month by month: slow, and plainly right.
    fn utc(seconds: i64) -> Civil {
        let (mut year, mut month, mut left) = (2026, 1, seconds.div_euclid(DAY) - 20_454);
        assert!((0..10_000).contains(&left), "{seconds}");
        loop {
            let length = match month {
                2 if year % 4 == 0 => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            if left < length {
                break;
            }
            left -= length;
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        let time = seconds.rem_euclid(DAY);
        let small = |number: i64| u8::try_from(number).unwrap();
        let [hour, minute, second] = [time / HOUR, time / 60 % 60, time % 60].map(small);
        Civil { year, month, day: small(left + 1), hour, minute, second }
    }

    pub(in super::super) fn berlin(seconds: i64) -> Option<Civil> {
        let summer = (FORWARD..BACK).contains(&seconds);
        Some(utc(seconds + if summer { 2 * HOUR } else { HOUR }))
    }

    /// The next runs after a moment, in minutes from it.
    fn runs(words: &str, from: i64, count: usize) -> Vec<i64> {
        let schedule = Schedule::parse(words).unwrap();
        let next = |now: &i64| schedule.next(*now, &berlin);
        std::iter::successors(next(&from), next).take(count).map(|moment| (moment - from) / 60).collect()
    }

    #[test]
    fn the_clock_is_put_forward() {
        let one = FORWARD - HOUR;
        // 02:30 is skipped, so that it comes at 03:00; a day later it is itself again.
        assert_eq!(runs("30 2 * * *", one, 2), [60, 24 * 60 + 30]);
        assert_eq!(runs("0 * * * *", one, 3), [60, 120, 180]);
        assert_eq!(runs("*/30 2 * * *", one, 1), [24 * 60]);
        assert_eq!(runs("0 0 * * *", one, 1), [22 * 60]);
    }

    #[test]
    fn the_clock_is_put_back() {
        let midnight = BACK - 3 * HOUR;
        // 02:30 comes twice, the run once.
        assert_eq!(runs("30 2 * * *", midnight, 2), [150, 150 + 25 * 60]);
        assert_eq!(runs("30 2 * * *", BACK - HOUR / 4, 1), [15 + 30 + 24 * 60]);
        // Every half hour is every half hour, though the clock shows two of them twice.
        assert_eq!(runs("*/30 * * * *", BACK - HOUR, 5), [30, 60, 90, 120, 150]);
    }

    #[test]
    fn words_of_cron() {
        assert_eq!(runs("0 9 * * MON-FRI", MONDAY, 2), [8 * 60, 32 * 60]);
        assert_eq!(runs("@daily", MONDAY, 1), [23 * 60]);
        assert_eq!(runs("0 */20 * * * *", MONDAY, 3), [20, 40, 60]);
        // Either day will do, as for cron.
        assert_eq!(runs("0 1 20 * TUE", MONDAY, 2), [24 * 60, 96 * 60]);
        for bad in ["", "* * * *", "61 * * * *", "0 0 30 2 *", "@reboot", "* * * * MOO", "\0", "*/0 * * * *"] {
            assert!(Schedule::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn hostile_words_end_in_an_answer() {
        let alphabet: Vec<char> = "0123456789*/-,LW#?+@ \tJANMONSUxé".chars().collect();
        let mut state = 7_u64;
        for _ in 0..2_000 {
            let mut words = String::new();
            for _ in 0..state >> 59 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                words.push(alphabet[usize::try_from(state >> 33).unwrap() % alphabet.len()]);
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let _ = Schedule::parse(&words);
        }
    }
}
