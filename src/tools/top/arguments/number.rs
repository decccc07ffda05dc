//! Numbers as C reads them.

use std::borrow::Cow;

/// A number as strtol(3) takes it with base 0: white space and a sign before it, 0x for sixteen, 0 for eight; what is too large is
/// as large as can be.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim_start_matches(is_space);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (base, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (16, digits),
        None if digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0_i64, |value, digit| {
        let digit = i64::from(digit.to_digit(base)?);
        Some(value.saturating_mul(i64::from(base)).saturating_add(sign * digit))
    })
}

/// A number as strtod(3) takes it, but with a comma for a point as well, and not none.
pub(in crate::tools::top) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(is_space);
    let text: Cow<'_, str> = if text.contains(',') { text.replace(',', ".").into() } else { text.into() };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
    };
    if let Some(digits) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return Some(sign * hexadecimal(digits)?);
    }
    if ["inf", "infinity"].iter().any(|infinity| digits.eq_ignore_ascii_case(infinity)) {
        return Some(sign * f64::INFINITY);
    }
    let number = digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let value: f64 = Some(digits).filter(|digits| number && !digits.starts_with(['+', '-']))?.parse().ok()?;
    Some(sign * value)
}

/// What stands behind 0x: digits, a point among them, and how often it is doubled.
fn hexadecimal(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once(['p', 'P']).map_or((text, Some(0)), |(a, b)| (a, b.parse().ok()));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let value = whole
        .chars()
        .chain(fraction.chars())
        .try_fold(0.0, |value, digit| Some(value * 16.0 + f64::from(digit.to_digit(16)?)))?;
    let places = i32::try_from(fraction.len()).ok()?.checked_mul(-4)?;
    Some(value * 2f64.powi(places.checked_add(exponent?)?))
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t'..='\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_as_strtol_takes_them() {
        for (text, number) in [("1", 1), (" +1", 1), ("-3", -3), ("0x1F", 31), ("010", 8), ("0", 0), ("00", 0)] {
            assert_eq!(integer(text), Some(number), "{text}");
        }
        assert_eq!(integer("99999999999999999999"), Some(i64::MAX));
        for bad in ["", " ", "-", "+-1", "1x", "1.5", "0x", "08", "0b1", "1 ", "=1"] {
            assert_eq!(integer(bad), None, "{bad}");
        }
    }

    #[test]
    fn seconds_as_strtod_takes_them() {
        for (text, number) in [("1", 1.0), (".5", 0.5), ("1.", 1.0), ("1,5", 1.5), (" +1e0", 1.0), ("-0.5", -0.5)] {
            assert_eq!(seconds(text), Some(number), "{text}");
        }
        assert_eq!(
            (seconds("0x1p2"), seconds("0x1.8"), seconds("-INF")),
            (Some(4.0), Some(1.5), Some(f64::NEG_INFINITY))
        );
        assert_eq!(seconds("1e400"), Some(f64::INFINITY));
        for bad in [
            "", ".", ",", "x", "-x", "1x", "1 ", "1e", "nan", "-nan", "1.5.5", "1,5,5", "--1", "+-1", "0x", "0x.",
            "0x1p",
        ] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
        assert_eq!(seconds("0x1p99999999999"), None);
    }
}
