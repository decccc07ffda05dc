//! Which of two tasks comes first.

use super::cell::{self, Value};
use super::field::Field;
use super::row::{Row, Terms};
use std::cmp::Ordering;
use std::ops::Range;

/// So many columns of a text are compared.
const COLUMNS: usize = 128 << 10;

/// Sorts numbers of `rows` by a field. Those that are alike keep their order, descending too.
pub fn sort(all: &mut [usize], rows: &[Row], field: Field, descending: bool, terms: &Terms<'_>) {
    let terms = &Terms { forest: false, ..*terms };
    let by = |left: Ordering| if descending { left.reverse() } else { left };
    let words = |at: &usize| rows.get(*at).is_some_and(|row| number(field, row, terms).is_none());
    if all.first().is_some_and(words) {
        let mut texts = Vec::with_capacity(16 * all.len());
        let mut keys: Vec<(Range<usize>, usize)> = Vec::with_capacity(all.len());
        for at in &*all {
            let start = texts.len();
            if let Some(row) = rows.get(*at) {
                cell::write(field, row, terms, COLUMNS, &mut texts);
            }
            keys.push((start..texts.len(), *at));
        }
        let text = |range: &Range<usize>| texts.get(range.clone()).unwrap_or_default();
        keys.sort_by(|left, right| by(strings(field, text(&left.0), text(&right.0))));
        all.iter_mut().zip(keys).for_each(|(to, (_, at))| *to = at);
    } else {
        let key = |at: &usize| (rows.get(*at).and_then(|row| number(field, row, terms)), *at);
        let mut keys: Vec<_> = all.iter().map(key).collect();
        keys.sort_by(|left, right| by(left.0.cmp(&right.0)));
        all.iter_mut().zip(keys).for_each(|(to, (_, at))| *to = at);
    }
}

/// Words are compared byte by byte, as they are shown; terminals by their numbers too, tty2 before tty10.
fn strings(field: Field, left: &[u8], right: &[u8]) -> Ordering {
    if field != Field::Tty {
        return left.cmp(right);
    }
    let parts = |text: &[u8]| {
        let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let (name, digits) = text.split_at_checked(text.len() - digits)?;
        Some((name.to_vec(), digits.len(), digits.to_vec()))
    };
    parts(left).cmp(&parts(right))
}

/// A number that is the larger the more the field says; `None` of words.
fn number(field: Field, row: &Row, terms: &Terms<'_>) -> Option<u64> {
    // What is shown of these is less exact.
    let field = if field == Field::Mem { Field::Res } else { field };
    if field == Field::Cpu {
        return Some(real(row.cpu));
    }
    match Value::of(field, row, terms) {
        Value::Number(number) => Some(number.cast_unsigned() ^ 1 << 63),
        Value::Count(count) | Value::Kib(count) | Value::Ticks(count, _) => Some(count),
        Value::Percent(share) | Value::Share(share) => Some(real(share.into())),
        Value::Unknown => Some(u64::MAX),
        Value::Text => None,
    }
}

/// The bits of numbers that are not less than 0 are in their order.
fn real(number: f64) -> u64 {
    number.max(0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_byte_by_byte_but_terminals_by_number() {
        let mut words = ["a", "B", "a10", "a9", "_a", "", "~", "-a", "é"];
        words.sort_by(|left, right| strings(Field::Command, left.as_bytes(), right.as_bytes()));
        assert_eq!(words, ["", "-a", "B", "_a", "a", "a10", "a9", "~", "é"]);
        let mut terminals = ["tty10", "tty2", "?", "pts/10", "pts/0", "tty1", "pts/9"];
        terminals.sort_by(|left, right| strings(Field::Tty, left.as_bytes(), right.as_bytes()));
        assert_eq!(terminals, ["?", "pts/0", "pts/9", "pts/10", "tty1", "tty2", "tty10"]);
    }

    #[test]
    fn numbers_below_0_come_first() {
        let key = |number: i64| number.cast_unsigned() ^ 1 << 63;
        assert!(key(i64::MIN) < key(-1) && key(-1) < key(0) && key(0) < key(i64::MAX));
        assert!(real(-1.0) == real(0.0) && real(0.1) < real(99.9) && real(99.9) < real(100.0));
    }
}
