//! Python's `int(text, base)`.

/// A whole number in base 10, or 8 where a `0o` may stand before it: white space around it, a sign, and underscores between the
/// digits. What is beyond 64 bits becomes the nearest number that there is.
pub(super) fn int(text: &str, base: u32) -> Option<i64> {
    // ASCII's separators, white space elsewhere, are none here.
    let text = text.trim_matches(|c: char| c.is_whitespace());
    let (is_negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let unprefixed = digits.strip_prefix("0o").or_else(|| digits.strip_prefix("0O")).filter(|_| base == 8);
    let digits = unprefixed.map_or(digits, |digits| digits.strip_prefix('_').unwrap_or(digits));

    let mut value = 0_i64;
    for part in digits.split('_') {
        if part.is_empty() {
            return None;
        }
        for c in part.chars() {
            let digit = i64::from(c.to_digit(base)?);
            let digit = if is_negative { digit.saturating_neg() } else { digit };
            value = value.saturating_mul(i64::from(base)).saturating_add(digit);
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (text, value) in
            [("5", 5), (" +5\n", 5), ("-0_0_7", -7), ("\u{a0}1_000", 1000), ("9223372036854775808", i64::MAX)]
        {
            assert_eq!(int(text, 10), Some(value), "{text:?}");
        }
        for text in ["", "+", "- 5", "5_", "_5", "1__0", "5.0", "0x5", "0o5", "5\0", "\u{1c}5", "--5"] {
            assert_eq!(int(text, 10), None, "{text:?}");
        }
        assert_eq!(
            [int("022", 8), int("0o22", 8), int("-0O_2_2", 8), int("8", 8)],
            [Some(18), Some(18), Some(-18), None]
        );
        assert_eq!(int("-99999999999999999999", 10), Some(i64::MIN));
    }
}
