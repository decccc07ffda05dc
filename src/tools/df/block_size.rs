//! In which units sizes are shown: the SIZE argument, the environment, and numbers in such units.

/// Letters for powers of 1000 and 1024.
const LETTERS: &[u8] = b"\0KMGTPEZY";

/// How sizes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockSize {
    /// Bytes of a unit; 1 where each number chooses its own.
    pub(super) bytes: u64,
    /// Each number in the unit that suits it (`-h`).
    pub(super) human: bool,
    /// What stands behind a number.
    pub(super) suffix: Option<Suffix>,
}

/// A unit behind a number: `K`, `KiB` or `kB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suffix {
    /// Powers of 1024.
    pub(super) binary: bool,
    /// With a B.
    pub(super) bytes: bool,
}

/// Why an argument is no size, in the original's words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadSize {
    /// `invalid -B argument 'x'`
    Invalid,
    /// `invalid suffix in -B argument '1x'`
    Suffix,
    /// `-B argument '1Y' too large`
    TooLarge,
}

impl BlockSize {
    /// Powers of 1024 as they suit.
    pub(super) const HUMAN: BlockSize =
        BlockSize { bytes: 1, human: true, suffix: Some(Suffix { binary: true, bytes: false }) };
    /// Powers of 1000 as they suit.
    pub(super) const SI: BlockSize =
        BlockSize { bytes: 1, human: true, suffix: Some(Suffix { binary: false, bytes: false }) };

    /// So many bytes, numbers bare.
    pub(super) const fn plain(bytes: u64) -> BlockSize {
        BlockSize { bytes, human: false, suffix: None }
    }

    /// What the environment asks for. What is wrong there is passed over as far as possible.
    pub(super) fn of_environment(variable: Option<&[u8]>, default: u64) -> BlockSize {
        match variable.map(BlockSize::read) {
            Some((size, None)) => size,
            Some((size, Some(_))) if size.bytes != 0 => BlockSize::plain(size.bytes),
            _ => BlockSize::plain(default),
        }
    }

    /// Reads a SIZE argument.
    pub(super) fn parse(text: &[u8]) -> Result<BlockSize, BadSize> {
        match BlockSize::read(text) {
            (size, None) => Ok(size),
            (_, Some(bad)) => Err(bad),
        }
    }

    /// The size so far as it could be read, and what was wrong.
    fn read(text: &[u8]) -> (BlockSize, Option<BadSize>) {
        // An apostrophe asks for the locale's digit groups, of which the C locales have none.
        let text = text.strip_prefix(b"'").unwrap_or(text);
        for (name, size) in [(&b"human-readable"[..], BlockSize::HUMAN), (b"si", BlockSize::SI)] {
            if !text.is_empty() && name.starts_with(text) {
                return (size, None);
            }
        }
        let (bytes, bad) = number(text);
        if bytes == 0 {
            return (BlockSize::plain(0), Some(BadSize::Invalid));
        }
        // A unit without a number is shown behind every number.
        let suffix = (bad.is_none() && !text.iter().any(u8::is_ascii_digit))
            .then(|| Suffix { binary: !text.ends_with(b"B") || text.ends_with(b"iB"), bytes: text.ends_with(b"B") });
        (BlockSize { bytes, human: false, suffix }, bad)
    }

    /// `count` units of `unit` bytes, rounded away from zero: a full disk never looks as if there were room.
    pub(super) fn show(&self, count: i128, unit: u64) -> String {
        let bytes = count.unsigned_abs().saturating_mul(u128::from(unit));
        let sign = if count < 0 { "-" } else { "" };
        format!("{sign}{}", self.amount(bytes, false))
    }

    /// The same for things that have no size, inodes: they are scaled only where each number chooses its own unit.
    pub(super) fn show_count(&self, count: i128) -> String {
        BlockSize { bytes: 1, ..*self }.show(count, 1)
    }

    /// The unit itself, as the heading of a column shows it: `1K`, `512B`, `1.1MB`.
    pub(super) fn name(&self) -> String {
        let (mut thousands, mut binaries) = (self.bytes, self.bytes);
        let by = loop {
            let by = (thousands % 1000 == 0, binaries % 1024 == 0);
            (thousands, binaries) = (thousands / 1000, binaries / 1024);
            if by != (true, true) || thousands == 0 {
                break by;
            }
        };
        let binary = match by {
            (true, false) => false,
            (false, true) => true,
            _ => self.suffix.is_some_and(|suffix| suffix.binary),
        };
        let bytes = !binary || self.suffix.is_some_and(|suffix| suffix.bytes);
        let own = BlockSize { bytes: 1, human: true, suffix: Some(Suffix { binary, bytes }) };
        own.amount(u128::from(self.bytes), true)
    }

    fn amount(&self, bytes: u128, without_point_zero: bool) -> String {
        let suffix = self.suffix.unwrap_or(Suffix { binary: true, bytes: false });
        let base: u128 = if suffix.binary { 1024 } else { 1000 };
        if !self.human {
            let size = u128::from(self.bytes.max(1));
            let mut power = 0;
            let mut unit: u128 = 1;
            while self.suffix.is_some() && unit < size && power + 1 < LETTERS.len() {
                unit *= base;
                power += 1;
            }
            return format!("{}{}", bytes.div_ceil(size), self.suffix_text(power));
        }
        let (mut power, mut unit) = (0, 1u128);
        while bytes / unit >= base && power + 1 < LETTERS.len() {
            unit *= base;
            power += 1;
        }
        let tenths = bytes.saturating_mul(10).div_ceil(unit);
        let number = if power > 0 && tenths < 100 {
            point(tenths, without_point_zero)
        } else {
            let whole = bytes.div_ceil(unit);
            match whole == base && power + 1 < LETTERS.len() {
                true => {
                    power += 1;
                    point(10, without_point_zero)
                }
                false => whole.to_string(),
            }
        };
        format!("{number}{}", self.suffix_text(power))
    }

    fn suffix_text(&self, power: usize) -> String {
        let Some(suffix) = self.suffix else { return String::new() };
        let mut text = String::new();
        match LETTERS.get(power) {
            Some(_) if power == 1 && !suffix.binary => text.push('k'),
            Some(letter) if power > 0 => text.push(char::from(*letter)),
            _ => (),
        }
        if suffix.bytes {
            text.push_str(if suffix.binary && power > 0 { "iB" } else { "B" });
        }
        text
    }
}

fn point(tenths: u128, without_point_zero: bool) -> String {
    match tenths % 10 {
        0 if without_point_zero => (tenths / 10).to_string(),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

/// A number as strtoumax(3) takes it with base 0, and a unit; the number without its unit or at its bound where one is wrong.
fn number(text: &[u8]) -> (u64, Option<BadSize>) {
    let digits = text.trim_ascii_start();
    if digits.starts_with(b"-") {
        return (0, Some(BadSize::Invalid));
    }
    let digits = digits.strip_prefix(b"+").unwrap_or(digits);
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] if rest.first().is_some_and(u8::is_ascii_hexdigit) => (16, rest),
        [b'0', ..] => (8, digits),
        _ => (10, digits),
    };
    let value_of = |byte: &u8| char::from(*byte).to_digit(radix);
    let length = digits.iter().take_while(|byte| value_of(byte).is_some()).count();
    let (digits, unit) = digits.split_at_checked(length).unwrap_or((digits, b""));
    let mut bad = None;
    let number = if digits.is_empty() {
        // A unit alone is one of it, but only right at the beginning.
        if unit.len() != text.len() || !unit.first().is_some_and(|letter| b"eEgGkKmMpPtTyYzZ".contains(letter)) {
            return (0, Some(BadSize::Invalid));
        }
        1
    } else {
        let value = digits.iter().try_fold(0u64, |value, digit| {
            value.checked_mul(u64::from(radix))?.checked_add(u64::from(value_of(digit)?))
        });
        value.unwrap_or_else(|| {
            bad = Some(BadSize::TooLarge);
            u64::MAX
        })
    };
    let Some((letter, after)) = unit.split_first() else { return (number, bad) };
    let power = match letter {
        b'k' | b'K' => 1,
        b'm' | b'M' => 2,
        b'g' | b'G' => 3,
        b't' | b'T' => 4,
        b'P' => 5,
        b'E' => 6,
        b'Z' => 7,
        b'Y' => 8,
        _ => return (number, Some(BadSize::Suffix)),
    };
    let (base, after) = match after {
        [b'i', b'B', after @ ..] => (1024, after),
        [b'B' | b'D', after @ ..] => (1000, after),
        _ => (1024u64, after),
    };
    let value = u128::from(base).checked_pow(power).and_then(|unit| unit.checked_mul(u128::from(number)));
    let value = value.and_then(|value| u64::try_from(value).ok()).unwrap_or_else(|| {
        bad = Some(BadSize::TooLarge);
        u64::MAX
    });
    (value, if after.is_empty() { bad } else { Some(BadSize::Suffix) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> BlockSize {
        BlockSize::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn human_numbers_round_up() {
        let human = |bytes| BlockSize::HUMAN.show(bytes, 1);
        let shown = [0, 1, 1023, 1024, 1025, 10_189, 10_240, 10_241, 1_047_552, 1_047_553, 1_048_576].map(human);
        assert_eq!(shown, ["0", "1", "1023", "1.0K", "1.1K", "10K", "10K", "11K", "1023K", "1.0M", "1.0M"]);
        assert_eq!(human(-1025), "-1.1K");
        assert_eq!(BlockSize::SI.show(999_001, 1), "1.0M");
        assert_eq!(BlockSize::SI.show(1001, 1), "1.1k");
        assert_eq!(BlockSize::HUMAN.show(i128::MAX, u64::MAX), "281474976710656Y");
        assert_eq!(BlockSize::HUMAN.show(u64::MAX.into(), 1), "16E");
    }

    #[test]
    fn sizes_and_their_names() {
        for (text, bytes, name) in [
            ("1", 1, "1B"),
            ("512", 512, "512B"),
            ("1K", 1024, "1K"),
            ("1kB", 1000, "1kB"),
            ("KiB", 1024, "1KiB"),
            ("1KiB", 1024, "1K"),
            ("M", 1 << 20, "1M"),
            ("MB", 1_000_000, "1MB"),
            ("1025", 1025, "1.1kB"),
            ("1024000", 1_024_000, "1.1MB"),
            ("0x10", 16, "16B"),
            ("010", 8, "8B"),
            (" +5", 5, "5B"),
            ("15E", 15 << 60, "15E"),
            ("'1K", 1024, "1K"),
        ] {
            assert_eq!((size(text).bytes, size(text).name().as_str()), (bytes, name), "{text}");
        }
        assert_eq!(BlockSize::plain(u64::MAX).name(), "19EB");
        assert_eq!((size("hu"), size("s")), (BlockSize::HUMAN, BlockSize::SI));
    }

    #[test]
    fn units_behind_numbers() {
        assert_eq!(size("MiB").show(5 << 20, 1), "5MiB");
        assert_eq!(size("M").show(1, 1), "1M");
        assert_eq!(size("kB").show(2001, 1), "3kB");
        assert_eq!(size("1M").show(1, 1), "1");
        assert_eq!(size("MiB").show_count(7), "7B");
        assert_eq!(size("M").show_count(7), "7");
    }

    #[test]
    fn what_is_no_size() {
        use BadSize::{Invalid, Suffix, TooLarge};
        for (text, bad) in [
            ("", Invalid),
            ("0", Invalid),
            ("0K", Invalid),
            ("x", Invalid),
            ("-1", Invalid),
            ("B", Invalid),
            ("'", Invalid),
            ("+K", Invalid),
            ("humanx", Invalid),
            ("1x", Suffix),
            ("e", Suffix),
            ("1B", Suffix),
            ("1iB", Suffix),
            ("1KiBx", Suffix),
            ("1Y", TooLarge),
            ("16E", TooLarge),
            ("99999999999999999999", TooLarge),
        ] {
            assert_eq!(BlockSize::parse(text.as_bytes()), Err(bad), "{text}");
        }
    }

    #[test]
    fn the_environment_is_forgiven() {
        let of = |text: &str| BlockSize::of_environment(Some(text.as_bytes()), 512);
        assert_eq!((of("5x"), of("x"), of("")), (BlockSize::plain(5), BlockSize::plain(512), BlockSize::plain(512)));
        assert_eq!(of("99999999999999999999").bytes, u64::MAX);
        assert_eq!(of("M"), size("M"));
        assert_eq!(BlockSize::of_environment(None, 1024), BlockSize::plain(1024));
    }
}
