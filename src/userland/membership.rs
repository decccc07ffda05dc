use super::account::account;

/// A group and who is in it besides those whose own group it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its name.
    pub name: String,
    /// Its number.
    pub gid: u32,
    /// The names of its members.
    pub members: Vec<String>,
}

/// The groups of /etc/group (group(5)): `NAME:PASSWORD:GID:MEMBER,MEMBER`, in its order. What is no such line, or no UTF-8, is
/// passed over.
#[must_use]
pub fn memberships(bytes: &[u8]) -> Vec<Membership> {
    bytes.split(|byte| *byte == b'\n').filter_map(membership).collect()
}

fn membership(line: &[u8]) -> Option<Membership> {
    let (name, gid) = account(line, 1)?;
    let members = str::from_utf8(line.split(|byte| *byte == b':').nth(3).unwrap_or_default()).ok()?;
    let members = members.split(',').map(str::trim).filter(|member| !member.is_empty());
    Some(Membership { name: str::from_utf8(name).ok()?.to_owned(), gid, members: members.map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
        let read = memberships(b"root:x:0:\nadm:x:4:syslog, ubuntu,\nbroken:x\nlast:x:7");
        let of = |name: &str, gid, members: &[&str]| Membership {
            name: name.to_owned(),
            gid,
            members: members.iter().map(|member| (*member).to_owned()).collect(),
        };
        assert_eq!(read, [of("root", 0, &[]), of("adm", 4, &["syslog", "ubuntu"]), of("last", 7, &[])]);
    }
}
