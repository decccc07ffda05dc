//! The shapes that most cgroup files share, by the kernel's own names for them (Documentation/admin-guide/cgroup-v2.rst,
//! "Interface Files"): a single value, and "flat keyed".

use super::ParseError;
use crate::unit::{CpuSet, Limit};

/// A decimal number and nothing else, as the kernel prints it.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |value, digit| match digit {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// The one value of a single-value file.
pub(super) fn single(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").unwrap_or(bytes)
}

/// A file that holds one number.
pub(super) fn single_number(bytes: &[u8]) -> Result<u64, ParseError> {
    number(single(bytes)).ok_or_else(|| ParseError::new("a number", 1, bytes))
}

/// A file that holds one number, or `max`.
pub(super) fn single_limit(bytes: &[u8]) -> Result<Limit<u64>, ParseError> {
    match single(bytes) {
        b"max" => Ok(Limit::Max),
        text => number(text).map(Limit::At).ok_or_else(|| ParseError::new("a number or \"max\"", 1, bytes)),
    }
}

/// A file that holds a list of CPUs.
pub(super) fn single_cpu_set(bytes: &[u8]) -> Result<CpuSet, ParseError> {
    let list = str::from_utf8(bytes).ok().and_then(|text| CpuSet::parse(text).ok());
    list.ok_or_else(|| ParseError::new("a list of CPUs such as \"0-3,8\"", 1, bytes))
}

/// Lines, numbered from 1, without a last empty one.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    single(bytes).split(|byte| *byte == b'\n').enumerate().map(|(index, line)| (index + 1, line))
}

/// Calls `each` with every `KEY VALUE` line of a flat keyed file. A key that `each` does not know is no error: kernels add keys.
pub(super) fn keyed(bytes: &[u8], mut each: impl FnMut(&[u8], u64)) -> Result<(), ParseError> {
    for (at, line) in lines(bytes) {
        let space = line.iter().position(|byte| *byte == b' ');
        let pair = space.and_then(|space| Some((line.get(..space)?, number(line.get(space + 1..)?)?)));
        match pair {
            Some((key, value)) => each(key, value),
            None => return Err(ParseError::new("\"KEY NUMBER\"", at, line)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_and_bounded() {
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        for text in [&b"18446744073709551616"[..], b"", b"-1", b"+1", b"1 ", b"0x1", b"1.5"] {
            assert_eq!(number(text), None, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = keyed(b"cache 1\nrss\n", |_, _| ()).unwrap_err();
        assert_eq!(error.to_string(), "line 2: expected \"KEY NUMBER\", found \"rss\"");
        assert!(keyed(b"", |_, _| ()).is_err(), "an empty file is not an answer");
    }
}
