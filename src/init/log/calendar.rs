//! When a log is rotated by the clock on the wall. Pure.

use crate::init::config::Rotate;
use crate::sys::Civil;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Seconds from 1970 to what the clock on the wall shows, as if it showed UTC.
#[must_use]
pub fn as_if_utc(civil: &Civil) -> i64 {
    let time = i64::from(civil.hour) * HOUR + i64::from(civil.minute) * 60 + i64::from(civil.second);
    days(civil.year, i64::from(civil.month)) * DAY + (i64::from(civil.day) - 1) * DAY + time
}

/// Days from 1970 to the first of a month.
fn days(year: i64, month: i64) -> i64 {
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 153 days are five months from March on; 719,468 days are from March of the year 0 to 1970.
    year * 365 + leap_days + (153 * month + 2) / 5 - 719_468
}

/// The first moment after `now` (both seconds since 1970) at which a log is rotated. `local` tells what the clock on the wall shows
/// at a moment. `None` beyond what the calendar holds.
#[must_use]
pub fn next_rotation(rotate: Rotate, now: i64, local: impl Fn(i64) -> Option<Civil>) -> Option<i64> {
    let shown = local(now)?;
    let here = as_if_utc(&shown);
    let next_multiple = |period: i64| here - here.rem_euclid(period) + period;
    let day = here.div_euclid(DAY);
    let wanted = match rotate {
        Rotate::Every(period) => next_multiple(i64::try_from(period.as_secs()).ok()?.max(1)),
        Rotate::Hourly => next_multiple(HOUR),
        Rotate::Daily => next_multiple(DAY),
        // 1970 began on a Thursday.
        Rotate::Weekly => (day + 7 - (day + 3).rem_euclid(7)) * DAY,
        Rotate::Monthly if shown.month == 12 => days(shown.year + 1, 1) * DAY,
        Rotate::Monthly => days(shown.year, i64::from(shown.month) + 1) * DAY,
    };
    let moment = now.checked_add(wanted - here)?;
    // Clocks are put forward and back by an hour: within one there is nothing to correct.
    let moment = if wanted - here > HOUR { shown_first(wanted, moment, local)? } else { moment };
    Some(moment.max(now + 1))
}

/// When the clock shows `wanted`, or first shows more where it is put forward over that. `guess` is right but for the clock being
/// put forward or back until then.
fn shown_first(wanted: i64, guess: i64, local: impl Fn(i64) -> Option<Civil>) -> Option<i64> {
    let shown = |moment| Some(as_if_utc(&local(moment)?));
    let better = guess.checked_add(wanted - shown(guess)?)?;
    Some(if better < guess && shown(better)? < wanted { guess } else { better })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// The other way round, day by day: slow, and plainly right.
    fn civil(seconds: i64) -> Civil {
        let (mut year, mut month, mut left) = (1970, 1, seconds.div_euclid(DAY));
        loop {
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            let length = match month {
                2 => 28 + i64::from(leap),
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
        let small = |value: i64| u8::try_from(value).unwrap();
        Civil {
            year,
            month,
            day: small(left + 1),
            hour: small(time / HOUR),
            minute: small(time / 60 % 60),
            second: small(time % 60),
        }
    }

    fn utc(seconds: i64) -> Option<Civil> {
        Some(civil(seconds))
    }

    fn at(year: i64, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> i64 {
        as_if_utc(&Civil { year, month, day, hour, minute, second })
    }

    #[test]
    fn the_calendar_is_the_calendar() {
        assert_eq!(at(1970, 1, 1, 0, 0, 0), 0);
        assert_eq!(at(2026, 11, 23, 5, 18, 27), 1_795_411_107);
        for day in (0..60_000).step_by(13) {
            assert_eq!(as_if_utc(&civil(day * DAY + 4711)), day * DAY + 4711);
        }
    }

    #[test]
    fn the_next_moment_is_the_next_of_its_kind() {
        // A Monday.
        let now = at(2026, 11, 23, 5, 18, 27);
        let next = |rotate| next_rotation(rotate, now, utc).unwrap();
        assert_eq!(next(Rotate::Every(Duration::from_secs(600))), at(2026, 11, 23, 5, 20, 0));
        assert_eq!(next(Rotate::Every(Duration::from_secs(21_600))), at(2026, 11, 23, 6, 0, 0));
        assert_eq!(next(Rotate::Hourly), at(2026, 11, 23, 6, 0, 0));
        assert_eq!(next(Rotate::Daily), at(2026, 11, 24, 0, 0, 0));
        assert_eq!(next(Rotate::Weekly), at(2026, 11, 30, 0, 0, 0));
        assert_eq!(next(Rotate::Monthly), at(2026, 12, 1, 0, 0, 0));
        assert_eq!(next_rotation(Rotate::Monthly, at(2026, 12, 31, 23, 59, 59), utc), Some(at(2027, 1, 1, 0, 0, 0)));
        // At the very moment it is the one after.
        assert_eq!(next_rotation(Rotate::Weekly, at(2026, 11, 30, 0, 0, 0), utc), Some(at(2026, 12, 7, 0, 0, 0)));
        // Nonsense is no hang and no overflow.
        assert_eq!(next_rotation(Rotate::Every(Duration::ZERO), now, utc), Some(now + 1));
        assert_eq!(next_rotation(Rotate::Every(Duration::MAX), now, utc), None);
        assert_eq!(next_rotation(Rotate::Daily, now, |_| None), None);
    }

    #[test]
    fn clocks_that_are_put_forward_or_back_change_the_length_of_a_day() {
        // Central Europe: forward on 29 March 2026 at 01:00 UTC, back on 25 October at 01:00 UTC.
        let (forward, back) = (at(2026, 3, 29, 1, 0, 0), at(2026, 10, 25, 1, 0, 0));
        let berlin = |t| utc(t + if (forward..back).contains(&t) { 2 * HOUR } else { HOUR });
        let next = |rotate, now| next_rotation(rotate, now, berlin).unwrap();
        let midnight = at(2026, 3, 28, 23, 0, 0);
        assert_eq!(next(Rotate::Daily, midnight), midnight + 23 * HOUR);
        assert_eq!(next(Rotate::Daily, at(2026, 10, 24, 22, 0, 0)), at(2026, 10, 25, 23, 0, 0));
        assert_eq!(next(Rotate::Hourly, forward - 10), forward);
        assert_eq!(next(Rotate::Hourly, back - 10), back);
        // A day that begins at one o'clock, since there is no midnight; and one whose last hour comes twice.
        let (gap, fold) = (at(2026, 9, 6, 4, 0, 0), at(2026, 4, 5, 3, 0, 0));
        let chile = |t| utc(t - if t >= gap || t < fold { 3 * HOUR } else { 4 * HOUR });
        assert_eq!(next_rotation(Rotate::Daily, gap - 5 * HOUR, chile), Some(gap));
        assert_eq!(next_rotation(Rotate::Daily, fold - 5 * HOUR, chile), Some(fold + HOUR));
    }
}
