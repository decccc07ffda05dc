use super::Accounts;

/// The groups of /etc/group (group(5)): `NAME:PASSWORD:GID:MEMBERS`. What is no such line is passed over.
#[must_use]
pub fn group(bytes: &[u8]) -> Accounts {
    Accounts::of_lines(bytes, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"root:x:0:\nadm:x:4:syslog,ubuntu\nnogroup:x:65534:\nlast:x:7";

    #[test]
    fn groups() {
        let groups = group(FILE);
        assert_eq!((groups.name(4), groups.name(65534)), (Some(&b"adm"[..]), Some(&b"nogroup"[..])));
        assert_eq!((groups.id(b"last"), groups.id(b"syslog")), (Some(7), None));
    }

    #[test]
    fn every_truncation_keeps_what_stands_before() {
        for length in 0..FILE.len() {
            assert_eq!(group(&FILE[..length]).id(b"root").is_some(), length >= 8, "{length}");
        }
    }
}
