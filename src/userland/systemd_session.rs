/// Whether a file of /run/systemd/sessions is a user's session (`CLASS=user`, `user-early`, ...), not a greeter's or a manager's.
#[must_use]
pub fn is_user_session(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"CLASS=user"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_decides() {
        assert!(is_user_session(b"UID=0\nCLASS=user\nACTIVE=1\n"));
        assert!(!is_user_session(b"UID=0\nCLASS=greeter\nXCLASS=user\n"));
        assert!(!is_user_session(b""));
    }
}
