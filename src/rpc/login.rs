//! Basic authentication, as supervisord does it: one user, the password plain or as `{SHA}` and hexadecimal digits.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1_smol::Sha1;

/// Who may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// `username`.
    pub name: String,
    /// `password` as the configuration has it.
    pub password: String,
}

impl Login {
    /// Whether the header `Authorization` proves it. How long the answer takes does not depend on how much of it was right.
    #[must_use]
    pub fn is_proved_by(&self, authorization: &str) -> bool {
        let Some((scheme, proof)) = authorization.split_once(' ') else { return false };
        let Ok(proof) = STANDARD.decode(proof.trim()) else { return false };
        let Some(colon) = proof.iter().position(|byte| *byte == b':') else { return false };
        let (name, password) = proof.split_at(colon);
        let password = password.get(1..).unwrap_or_default();
        let right = match self.password.strip_prefix("{SHA}") {
            Some(digest) => same(Sha1::from(password).digest().to_string().as_bytes(), digest.as_bytes()),
            None => same(password, self.password.as_bytes()),
        };
        // Both are always compared.
        scheme.eq_ignore_ascii_case("basic") & same(name, self.name.as_bytes()) & right
    }
}

/// What a client says in the header `Authorization`.
#[must_use]
pub fn authorization(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

/// Compares digests, which are of one length, to their last byte.
fn same(given: &[u8], wanted: &[u8]) -> bool {
    let (given, wanted) = (Sha1::from(given).digest().bytes(), Sha1::from(wanted).digest().bytes());
    given.iter().zip(wanted).fold(0, |differs, (given, wanted)| differs | (given ^ wanted)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_name_and_password_let_in() {
        let login = |password: &str| Login { name: "user".to_owned(), password: password.to_owned() };
        let plain = login("12:3");
        assert!(plain.is_proved_by(&authorization("user", "12:3")));
        assert!(plain.is_proved_by("bAsIc dXNlcjoxMjoz"));
        for wrong in [
            authorization("user", "12:"),
            authorization("user", ""),
            authorization("", "12:3"),
            authorization("User", "12:3"),
            "Bearer dXNlcjoxMjoz".to_owned(),
            "Basic".to_owned(),
            "Basic ".to_owned(),
            "Basic dXNlcg==".to_owned(),
            "Basic ===".to_owned(),
            "dXNlcjoxMjoz".to_owned(),
            String::new(),
        ] {
            assert!(!plain.is_proved_by(&wrong), "{wrong}");
        }
    }

    #[test]
    fn the_password_may_be_hashed() {
        let digest = "{SHA}82ab876d1387bfafe46cc1c8a2ef074eae50cb1d".to_owned();
        let login = Login { name: "user".to_owned(), password: digest.clone() };
        assert!(login.is_proved_by(&authorization("user", "thepassword")));
        assert!(!login.is_proved_by(&authorization("user", &digest)));
    }
}
