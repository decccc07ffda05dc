//! The logs that are AUTO: made where children's logs are, removed at the next start.

use super::Note;
use crate::init::config::Level;
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// How many names are tried.
const TRIES: usize = 100;

/// Makes a log of its own for a channel (`stdout` or `stderr`) of a process: a file that was not there, for this user alone, as
/// mkstemp(3).
///
/// # Errors
/// What open(2) says.
pub fn create(directory: &Path, process: &str, channel: &str, identifier: &str) -> io::Result<PathBuf> {
    let mut made = Err(io::ErrorKind::AlreadyExists.into());
    for _ in 0..TRIES {
        let path = directory.join(format!("{process}-{channel}---{identifier}-{}.log", random_name()));
        made = OpenOptions::new().append(true).create_new(true).mode(0o600).open(&path).map(|_| path);
        if !made.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists) {
            break;
        }
    }
    made
}

/// Eight characters that nobody foresees.
fn random_name() -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789_";
    // Each state has keys of its own.
    let mut random = RandomState::new().hash_one(());
    let mut next = || {
        let letters = u64::try_from(LETTERS.len()).unwrap_or(1);
        let at = usize::try_from(random % letters).unwrap_or(0);
        random /= letters;
        char::from(*LETTERS.get(at).unwrap_or(&b'_'))
    };
    (0..8).map(|_| next()).collect()
}

/// Removes the AUTO logs of former runs and their rotated files. What the main log should hear of it is returned.
#[must_use]
pub fn clean_up(directory: &Path, identifier: &str) -> Vec<Note> {
    let Ok(entries) = fs::read_dir(directory) else {
        return vec![(Level::Warn, "Could not clear childlog dir".to_owned())];
    };
    let left = entries.flatten().filter(|entry| is_auto(entry.file_name().as_bytes(), identifier));
    let failed = left.map(|entry| entry.path()).filter(|path| fs::remove_file(path).is_err());
    failed.map(|path| (Level::Warn, format!("Failed to clean up '{}'", path.display()))).collect()
}

/// Supervisor's `.+?---<identifier>-\S+\.log\.{0,1}\d{0,4}`, which says nothing of what follows; but for an identifier that is
/// meant as it is written.
fn is_auto(name: &[u8], identifier: &str) -> bool {
    let name = String::from_utf8_lossy(name);
    let middle = format!("---{identifier}-");
    let first_line = name.split('\n').next().unwrap_or_default().len();
    // Found one by one: an identifier with dashes may overlap itself.
    (1..=first_line).filter_map(|at| name.get(at..)?.strip_prefix(&middle)).any(|rest| {
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        word.char_indices()
            .nth(1)
            .is_some_and(|(second, _)| word.get(second..).is_some_and(|word| word.contains(".log")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_auto_log_is_known_by_its_name() {
        let auto = |name: &str| is_auto(name.as_bytes(), "supervisor");
        assert!(auto("web-stdout---supervisor-abc_1234.log"));
        assert!(auto("web-stdout---supervisor-abc_1234.log.10"));
        assert!(auto("web-stdout---supervisor-abc_1234.log.bak"));
        assert!(auto("x---supervisor----supervisor-a.log"));
        assert!(auto("x---supervisor-é.log"));
        assert!(!auto("---supervisor-abc.log"));
        assert!(!auto("web---supervisor-.log"));
        assert!(!auto("web---supervisor-a b.log"));
        assert!(!auto("web---supervisor-abc"));
        assert!(!auto("web---other-abc.log"));
        assert!(!auto("a\nb---supervisor-abc.log"));
        assert!(!auto(""));
        assert!(is_auto(b"\xff---my.id-a.log", "my.id") && !is_auto(b"x---my_id-a.log", "my.id"));
    }

    #[test]
    fn auto_logs_are_made_for_one_user_and_removed_at_the_next_start() {
        let directory = std::env::temp_dir().join(format!("vat-auto-{}", std::process::id()));
        assert_eq!(clean_up(&directory, "id"), [(Level::Warn, "Could not clear childlog dir".to_owned())]);
        fs::create_dir(&directory).unwrap();
        let first = create(&directory, "web", "stdout", "id").unwrap();
        let second = create(&directory, "web", "stdout", "id").unwrap();
        assert_ne!(first, second);
        assert_eq!(fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(first.with_extension("log.1"), "").unwrap();
        fs::write(directory.join("mine.log"), "").unwrap();
        let stuck = directory.join("x---id-y.log");
        fs::create_dir(&stuck).unwrap();
        let note = format!("Failed to clean up '{}'", stuck.display());
        assert_eq!(clean_up(&directory, "id"), [(Level::Warn, note)]);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 2);
        assert!(create(&directory, "a/b", "stdout", "id").is_err());
        fs::remove_dir_all(&directory).unwrap();
    }
}
