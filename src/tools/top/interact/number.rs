//! What users type for numbers, as the original takes it.

/// A whole number; blanks in front are passed over, behind it nothing may stand.
pub(super) fn integer(text: &str) -> Result<i32, &'static str> {
    text.trim_start().parse().map_err(|_| "Unacceptable integer")
}

/// Seconds.
pub(super) fn seconds(text: &str) -> Result<f64, &'static str> {
    let seconds: Option<f64> = text.trim_start().parse().ok();
    seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0).ok_or("Unacceptable floating point")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, number) in [("3", 3), (" 9", 9), ("-1", -1), ("+7", 7)] {
            assert_eq!(integer(text), Ok(number));
        }
        for text in ["x", "2.5", "99999999999", "5 ", ""] {
            assert!(integer(text).is_err(), "{text}");
        }
        assert_eq!(seconds("1e3"), Ok(1000.0));
        for text in ["abc", "-1", "9.9.9", "5 ", "nan", "inf"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
