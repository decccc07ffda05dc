//! The rc files of procps before 4.0, one character per field.

use super::BIAS;
use crate::tools::top::config::Flags;
use crate::tools::top::defaults::OLD_FIELDS;

/// The letters of procps 3.2 (Id:a), from A on, as the numbers of today.
const LETTERS: [usize; 28] =
    [0, 1, 5, 2, 3, 8, 11, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32, 33, 34, 40, 39];

/// The fields of a window and whether they are shown, in their order; `None` where the file is broken. Fields that its version did
/// not have are missing.
pub(super) fn fields(id: u8, text: &[u8]) -> Option<Vec<(usize, bool)>> {
    if id == b'a' {
        let mut fields: Vec<(usize, bool)> = Vec::with_capacity(LETTERS.len());
        for letter in text {
            let number = LETTERS.get(usize::from(letter.to_ascii_uppercase()).checked_sub(usize::from(b'A'))?)?;
            fields.push((*number, !letter.is_ascii_lowercase()));
        }
        let missing = LETTERS.iter().filter(|number| fields.iter().all(|(field, _)| field != *number));
        let missing: Vec<(usize, bool)> = missing.map(|number| (*number, false)).collect();
        fields.extend(missing);
        return Some(fields);
    }
    let count = match id {
        b'f' | b'g' => Some(55),
        b'h' | b'i' => Some(70),
        _ => None,
    };
    if text.len() < OLD_FIELDS && Some(text.len()) != count {
        return None;
    }
    let number = |byte: &u8| usize::from(byte & 0x7f).checked_sub(BIAS).map(|number| (number, byte & 0x80 != 0));
    text.iter().map(number).collect()
}

/// The number of the sort field.
pub(super) fn sort(id: u8, number: usize) -> Option<usize> {
    if id == b'a' { LETTERS.get(number).copied() } else { Some(number) }
}

/// The flags of a window. What meant something else in those days is moved; numbers stood to the right before there was a choice.
pub(super) fn flags(id: u8, flags: u32) -> Flags {
    match id {
        b'a' => {
            const MOVED: [(u32, Flags); 5] = [
                (0x1, Flags::NO_BOLD),
                (0x2, Flags::FOREST),
                (0x4, Flags::DESCENDING),
                (0x8, Flags::TASKS),
                (0x10, Flags::DESCENDING),
            ];
            let mut new = Flags(flags & !0x1f) | Flags::NUMBERS_RIGHT;
            MOVED.iter().filter(|(old, _)| flags & old != 0).for_each(|(_, flag)| new.set(*flag, true));
            new
        }
        b'f' => Flags(flags) | Flags::NUMBERS_RIGHT,
        _ => Flags(flags),
    }
}

/// The unit of the memory in the summary where the file does not say it: KiB, before it was MiB.
pub(super) fn summary_scale(id: u8) -> usize {
    usize::from(id >= b'i')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters() {
        let fields = fields(b'a', b"AEhX").unwrap();
        assert_eq!(fields.get(..4), Some(&[(0, true), (3, true), (14, false), (32, true)][..]));
        assert_eq!(fields.len(), LETTERS.len());
        assert_eq!(super::fields(b'a', b"A1"), None);
        assert_eq!((sort(b'a', 10), sort(b'a', 30), sort(b'i', 30)), (Some(18), None, Some(30)));
    }

    #[test]
    fn flags_as_4_0_2_takes_them() {
        for (id, old, new) in [
            (b'a', 62905, 193_980),
            (b'a', 1, 131_080),
            (b'a', 0x10, 131_076),
            (b'a', 1 << 22, 4_325_376),
            (b'f', 0, 131_072),
            (b'f', 163_124, 163_124),
            (b'g', 0, 0),
            (b'k', u32::MAX, u32::MAX),
        ] {
            assert_eq!(flags(id, old), Flags(new), "{} {old}", char::from(id));
        }
    }
}
