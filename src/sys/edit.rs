use super::Root;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Changing what is below a root: for cgroups, whose files are written, and whose directories are made and removed.
impl Root {
    /// Writes a kernel file with one write(2), as each of them wants it. Never creates a file.
    ///
    /// # Errors
    /// What open(2) and write(2) say: the kernel's answer to the value.
    pub fn write_record(&self, path: &Path, text: &str) -> io::Result<()> {
        self.open_to_write(path)?.write_all(text.as_bytes())
    }

    /// Opens a kernel file that will be written later, from where its path is no longer to be seen.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn open_to_write(&self, path: &Path) -> io::Result<File> {
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
        OpenOptions::new().write(true).custom_flags(flags).open(self.path(path))
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// What mkdir(2) says.
    pub fn make_directory(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(self.path(path))
    }

    /// Removes a directory: an empty one, or a cgroup without processes and children.
    ///
    /// # Errors
    /// What rmdir(2) says.
    pub fn remove_directory(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(self.path(path))
    }
}
