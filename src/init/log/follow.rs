use super::reading::{open, read};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A log that somebody watches (`tail -f`): its end, and then what comes, over rotations. To be asked when the file may have grown.
#[derive(Debug)]
pub struct Follow {
    path: PathBuf,
    file: File,
    at: u64,
}

/// So much of the past is shown.
const HEAD: u64 = 1024;

/// At most so many bytes are read at once.
const AT_ONCE: u64 = 64 * 1024;

impl Follow {
    /// From 1024 bytes before the end of a regular file.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn open(path: &Path) -> io::Result<Follow> {
        let (file, size) = open(path)?;
        Ok(Follow { path: path.to_owned(), file, at: size.saturating_sub(HEAD) })
    }

    /// What has come since, or a part of that; empty where nothing has. To be asked again until it is.
    ///
    /// # Errors
    /// What fstat(2) and read(2) say.
    pub fn more(&mut self) -> io::Result<Vec<u8>> {
        let more = self.more_of_this()?;
        if more.is_empty() && self.go_on_with_another() { self.more_of_this() } else { Ok(more) }
    }

    fn more_of_this(&mut self) -> io::Result<Vec<u8>> {
        if self.file.metadata()?.len() < self.at {
            self.at = 0;
            return Ok(b"==> File truncated <==\n".to_vec());
        }
        let more = read(&mut self.file, self.at, AT_ONCE)?;
        self.at += u64::try_from(more.len()).unwrap_or(0);
        Ok(more)
    }

    /// Whether there is another file by now: the log was rotated. One that is missing may come yet.
    fn go_on_with_another(&mut self) -> bool {
        let identity = |read: fs::Metadata| (read.dev(), read.ino());
        let now = fs::metadata(&self.path).map(identity).ok();
        if now.is_none() || now == self.file.metadata().map(identity).ok() {
            return false;
        }
        let Ok((file, _)) = open(&self.path) else { return false };
        self.file = file;
        self.at = 0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_log_is_followed_over_rotation_truncation_and_removal() {
        let path = std::env::temp_dir().join(format!("vat-tail-{}", std::process::id()));
        let rotated = path.with_extension("1");
        let append = |text: &str| {
            fs::OpenOptions::new().append(true).create(true).open(&path).unwrap().write_all(text.as_bytes()).unwrap();
        };
        append(&format!("old{}", "x".repeat(1024)));
        let mut follow = Follow::open(&path).unwrap();
        let mut more = || String::from_utf8(follow.more().unwrap()).unwrap();
        assert_eq!(more(), "x".repeat(1024));
        assert_eq!(more(), "");
        append("more");
        assert_eq!(more(), "more");
        // The last of the former file comes before the first of the next.
        append("last");
        fs::rename(&path, &rotated).unwrap();
        append("first");
        assert_eq!(more(), "last");
        assert_eq!(more(), "first");
        assert_eq!(more(), "");
        fs::write(&path, "new").unwrap();
        assert_eq!(more(), "==> File truncated <==\n");
        assert_eq!(more(), "new");
        fs::remove_file(&path).unwrap();
        assert_eq!(more(), "");
        append("there");
        assert_eq!(more(), "there");
        append(&"y".repeat(100_000));
        assert_eq!((more().len(), more().len(), more().len()), (65_536, 34_464, 0));
        fs::remove_file(&path).unwrap();
        fs::remove_file(&rotated).unwrap();
        assert!(Follow::open(&path).is_err() && Follow::open(Path::new("/dev/zero")).is_err());
    }
}
