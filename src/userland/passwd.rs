use super::Accounts;

/// The users of /etc/passwd (passwd(5)): `NAME:PASSWORD:UID:GID:...`. What is no such line is passed over.
#[must_use]
pub fn passwd(bytes: &[u8]) -> Accounts {
    Accounts::of_lines(bytes, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
        sync:x:4:65534:sync:/bin:/bin/sync\n_apt:x:100:65534::/nonexistent:/usr/sbin/nologin\nbroken:x:9\n";

    #[test]
    fn users() {
        let users = passwd(FILE);
        assert_eq!((users.name(4), users.name(100), users.name(9)), (Some(&b"sync"[..]), Some(&b"_apt"[..]), None));
        assert_eq!((users.id(b"root"), users.id(b"x")), (Some(0), None));
    }

    #[test]
    fn every_truncation_keeps_what_stands_before() {
        for length in 0..FILE.len() {
            let users = passwd(&FILE[..length]);
            assert!(length < 10 || users.id(b"root") == Some(0), "{length}");
        }
    }
}
