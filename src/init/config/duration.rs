//! How long something takes, as the options of our own have it.

use std::time::Duration;

const UNITS: [(&str, f64); 5] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86400.0)];

/// A hundred years are long enough for any clock to count on.
const LONGEST: f64 = 100.0 * 366.0 * 86400.0;

/// Seconds, or a number with the suffix `ms`, `s`, `m`, `h` or `d`; it may have a fraction.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let number = text.trim().to_lowercase();
    let suffixed = UNITS.iter().find_map(|(unit, seconds)| Some((number.strip_suffix(unit)?, *seconds)));
    let (number, unit) = suffixed.unwrap_or((&number, 1.0));
    let number = number.trim();
    // What `f64::from_str` takes besides: inf, nan, 1e9.
    let is_plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    match number.parse::<f64>() {
        Ok(number) if is_plain && number * unit <= LONGEST => Ok(Duration::from_secs_f64(number * unit)),
        _ => Err(format!("not a valid duration: {}", crate::ini::repr(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_suffixes() {
        for (text, milliseconds) in
            [("0", 0), ("1.5", 1500), (" 30s ", 30_000), ("250ms", 250), ("2M", 120_000), ("1.5 h", 5_400_000)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "s", "-1", "+1", "1e9", "inf", "nan", "1,5", "5 weeks", "99999999999d", "."] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
