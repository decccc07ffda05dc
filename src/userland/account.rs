use std::collections::BTreeMap;

/// Names and numbers of users, or of groups. What is given twice is what it is first, as for getpwuid(3) and getpwnam(3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    names: BTreeMap<u32, Box<[u8]>>,
    ids: BTreeMap<Box<[u8]>, u32>,
}

impl Accounts {
    /// No name is longer (LOGIN_NAME_MAX in include/uapi/linux/limits.h, without the NUL).
    const NAME: usize = 255;

    /// What a number is called. Raw bytes: escape them before a terminal sees them.
    #[must_use]
    pub fn name(&self, id: u32) -> Option<&[u8]> {
        self.names.get(&id).map(|name| &**name)
    }

    /// The number of a name.
    #[must_use]
    pub fn id(&self, name: &[u8]) -> Option<u32> {
        self.ids.get(name).copied()
    }

    /// Lines `NAME:PASSWORD:ID`, and behind it `numbers - 1` further numbers. A line that is none is passed over, as glibc does
    /// (nss/nss_files/files-parse.c).
    pub(super) fn of_lines(bytes: &[u8], numbers: usize) -> Accounts {
        let mut accounts = Accounts::default();
        for line in bytes.split(|byte| *byte == b'\n') {
            if let Some((name, id)) = account(line, numbers) {
                accounts.names.entry(id).or_insert_with(|| name.into());
                accounts.ids.entry(name.into()).or_insert(id);
            }
        }
        accounts
    }
}

/// The name and the number of such a line.
pub(super) fn account(line: &[u8], numbers: usize) -> Option<(&[u8], u32)> {
    let mut fields = line.trim_ascii_start().split(|byte| *byte == b':');
    let name = fields.next()?;
    let is_name = match name.first()? {
        b'#' | b'+' | b'-' => false, // a comment; lines of NIS
        _ => name.len() <= Accounts::NAME && !name.contains(&0),
    };
    let mut ids = fields.skip(1).map(number);
    let id = ids.next().flatten()?;
    let has_rest = ids.take(numbers - 1).filter(Option::is_some).count() == numbers - 1;
    (is_name && has_rest).then_some((name, id))
}

/// A decimal number of 32 bits; u32::MAX is nobody's, for chown(2) means "leave it" by it.
pub(super) fn number(text: &[u8]) -> Option<u32> {
    let is_decimal = text.iter().all(u8::is_ascii_digit); // `u32::from_str` also takes "+1"
    str::from_utf8(text).ok().filter(|_| is_decimal)?.parse().ok().filter(|id| *id != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wins() {
        let read = Accounts::of_lines(b"root:x:0:0\ntoor:x:0:0\nroot:x:7:7\n", 2);
        assert_eq!((read.name(0), read.id(b"root")), (Some(&b"root"[..]), Some(0)));
        assert_eq!((read.id(b"toor"), read.name(7)), (Some(0), Some(&b"root"[..])));
        assert_eq!((read.name(8), read.id(b"")), (None, None));
    }

    #[test]
    fn what_is_no_account_is_passed_over() {
        let long = [&[b'a'; 256][..], b":x:1:1\n"].concat();
        for bad in [
            &b""[..],
            b"\n\n",
            b"a",
            b"a:x",
            b"a:x:1",
            b"a:x:1:",
            b":x:1:1",
            b"a:x:-1:1",
            b"a:x:+1:1",
            b"a:x::1",
            b"a:x:4294967295:1",
            b"a:x:4294967296:1",
            b"a:x:99999999999999999999999:1",
            b"a\0:x:1:1",
            b"# a:x:1:1",
            b"+a:x:1:1",
            b"+",
            &long,
        ] {
            assert_eq!(Accounts::of_lines(bad, 2), Accounts::default(), "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn names_are_bytes() {
        let read = Accounts::of_lines(b"  \xff\x1b[2J:x:4294967294:0:rest", 2);
        assert_eq!(read.name(u32::MAX - 1), Some(&b"\xff\x1b[2J"[..]));
    }
}
