use super::account::{account, number};

/// A user as login(1) knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its name.
    pub name: String,
    /// Its number.
    pub uid: u32,
    /// Its group's number.
    pub gid: u32,
    /// Its home directory.
    pub home: String,
    /// Its shell.
    pub shell: String,
}

/// The users of /etc/passwd (passwd(5)): `NAME:PASSWORD:UID:GID:GECOS:HOME:SHELL`, in its order. What is no such line, or no UTF-8,
/// is passed over; what a line has not is empty.
#[must_use]
pub fn logins(bytes: &[u8]) -> Vec<Login> {
    bytes.split(|byte| *byte == b'\n').filter_map(login).collect()
}

fn login(line: &[u8]) -> Option<Login> {
    let (name, uid) = account(line, 2)?;
    let mut fields = line.split(|byte| *byte == b':').skip(3);
    let gid = fields.next().and_then(number)?;
    let mut text = || String::from_utf8(fields.next().unwrap_or_default().to_vec()).ok();
    let (_gecos, home, shell) = (text(), text()?, text()?);
    Some(Login { name: str::from_utf8(name).ok()?.to_owned(), uid, gid, home, shell })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users() {
        let read = logins(b"root:x:0:0:root:/root:/bin/bash\nbroken:x:9\n# no:x:1:1\nshort:x:7:8\nbad\xff:x:1:1:::\n");
        let root = Login { name: "root".into(), uid: 0, gid: 0, home: "/root".into(), shell: "/bin/bash".into() };
        let short = Login { name: "short".into(), uid: 7, gid: 8, home: String::new(), shell: String::new() };
        assert_eq!(read, [root, short]);
    }

    #[test]
    fn the_comment_may_be_of_any_encoding() {
        assert_eq!(logins(b"a:x:1:2:\xff:/home/a:").first().map(|user| user.home.as_str()), Some("/home/a"));
    }
}
