use super::path;
use crate::sys::{Root, identity, open_now};
use crate::userland::{self, Login, Membership};
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What the reading of a configuration asks of outside. [`Surroundings::live`] is the running machine; a test writes its own.
pub struct Surroundings {
    /// The environment: `%(ENV_x)s`, `$HOME`, `$TMPDIR`.
    pub environment: Vec<(String, String)>,
    /// The machine's name: `%(host_node_name)s`.
    pub host: String,
    /// The working directory, absolute.
    pub directory: String,
    /// The user whose process this is.
    pub uid: u32,
    /// The users of /etc/passwd.
    pub users: Vec<Login>,
    /// The groups of /etc/group.
    pub groups: Vec<Membership>,
    /// The files.
    pub files: Box<dyn Files>,
}

/// The files of a machine, asked for by absolute paths.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// What the system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether there is something, links followed.
    fn exists(&self, path: &Path) -> bool;

    /// Whether it is a directory, links followed.
    fn is_directory(&self, path: &Path) -> bool;

    /// Whether files can be made in a directory.
    fn may_write(&self, directory: &Path) -> bool;

    /// The names in a directory, in any order; none where it cannot be read.
    fn names(&self, directory: &Path) -> Vec<String>;

    /// The permission bits of a file.
    fn mode(&self, path: &Path) -> Option<u32>;
}

struct Disk {
    /// Whether a file may be one that is waited for, such as a shell's `<(...)`.
    waits: bool,
}

/// No configuration is larger: what is without an end (/dev/zero) must not be all of the memory.
const LARGEST: u64 = 16 << 20;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = if self.waits { File::open(path)? } else { open_now(path, false)? };
        if !self.waits && !file.metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::new();
        match file.take(LARGEST + 1).read_to_end(&mut bytes)? {
            read if read as u64 > LARGEST => Err(io::ErrorKind::FileTooLarge.into()),
            _ => Ok(bytes),
        }
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn is_directory(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn may_write(&self, directory: &Path) -> bool {
        identity::may_write(directory)
    }

    fn names(&self, directory: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(directory).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    }

    fn mode(&self, path: &Path) -> Option<u32> {
        path.metadata().ok().map(|stat| stat.permissions().mode() & 0o7777)
    }
}

/// The own user where no file knows it: as Docker has it, at home in `/`.
fn nameless(uid: u32) -> Login {
    let name = if uid == 0 { "root".to_owned() } else { uid.to_string() };
    Login { name, uid, gid: identity::group(), home: "/".to_owned(), shell: "/bin/sh".to_owned() }
}

impl Surroundings {
    /// The running machine. A missing passwd or group file is an empty one, but for the user that runs this: a container may be
    /// given any number for one (`docker run --user 12345`), and nobody need know it.
    #[must_use]
    pub fn live() -> Surroundings {
        let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let account = |name: &str| Root::host().read(Path::new(name)).unwrap_or_default();
        let uid = identity::user();
        let mut users = userland::logins(&account("etc/passwd"));
        if !users.iter().any(|user| user.uid == uid) {
            users.push(nameless(uid));
        }
        Surroundings {
            environment: std::env::vars_os().map(|(name, value)| (lossy(name), lossy(value))).collect(),
            host: identity::host(),
            directory: std::env::current_dir().map_or_else(|_| "/".to_owned(), |path| lossy(path.into_os_string())),
            uid,
            users,
            groups: userland::memberships(&account("etc/group")),
            files: Box::new(Disk { waits: true }),
        }
    }

    /// The same once the daemon runs, which waits for no file.
    #[must_use]
    pub fn while_running() -> Surroundings {
        Surroundings { files: Box::new(Disk { waits: false }), ..Surroundings::live() }
    }

    /// An environment variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.iter().find(|(its_name, _)| its_name == name).map(|(_, value)| value.as_str())
    }

    /// The user of that number.
    #[must_use]
    pub fn user(&self, uid: u32) -> Option<&Login> {
        self.users.iter().find(|user| user.uid == uid)
    }

    /// The user of that name.
    #[must_use]
    pub fn user_named(&self, name: &str) -> Option<&Login> {
        self.users.iter().find(|user| user.name == name)
    }

    /// A path as the system is asked for it: below the working directory.
    #[must_use]
    pub fn at(&self, path: &str) -> PathBuf {
        PathBuf::from(path::join(&self.directory, path))
    }

    /// `os.path.abspath`.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        path::normalized(&path::join(&self.directory, path))
    }

    /// `os.path.expanduser`: `~` and `~name` in front are a home directory.
    #[must_use]
    pub fn expand_user(&self, path: &str) -> String {
        let Some(rest) = path.strip_prefix('~') else { return path.to_owned() };
        let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let home = match name {
            "" => self.variable("HOME").or_else(|| self.user(self.uid).map(|user| user.home.as_str())),
            name => self.user_named(name).map(|user| user.home.as_str()),
        };
        match home.map(|home| format!("{}{rest}", home.trim_end_matches('/'))) {
            Some(expanded) if expanded.is_empty() => "/".to_owned(),
            Some(expanded) => expanded,
            None => path.to_owned(),
        }
    }

    /// supervisor's `normalize_path`: absolute, a home directory in place of `~`.
    #[must_use]
    pub fn normalize_path(&self, path: &str) -> String {
        self.absolute(&self.expand_user(path))
    }

    /// supervisor's `existing_dirpath`: a file of this name could be made, for its directory is there.
    ///
    /// # Errors
    /// When it is not.
    pub fn existing_dirpath(&self, path: &str) -> Result<String, String> {
        let expanded = self.expand_user(path);
        let directory = path::directory(&expanded);
        match directory.is_empty() || self.files.is_directory(&self.at(directory)) {
            true => Ok(expanded),
            false => Err(format!("The directory named as part of the path {path} does not exist")),
        }
    }

    /// supervisor's `existing_directory`.
    ///
    /// # Errors
    /// When it is none.
    pub fn existing_directory(&self, path: &str) -> Result<String, String> {
        let expanded = self.expand_user(path);
        match !expanded.is_empty() && self.files.is_directory(&self.at(&expanded)) {
            true => Ok(expanded),
            false => Err(format!("{path} is not an existing directory")),
        }
    }

    /// Python's `tempfile.gettempdir`.
    #[must_use]
    pub fn temporary_directory(&self) -> String {
        let wanted = ["TMPDIR", "TEMP", "TMP"].iter().filter_map(|name| self.variable(name));
        let wanted = wanted.filter(|path| !path.is_empty()).chain(["/tmp", "/var/tmp", "/usr/tmp"]);
        wanted
            .map(|path| self.absolute(path))
            .find(|path| self.files.is_directory(path.as_ref()) && self.files.may_write(path.as_ref()))
            .unwrap_or_else(|| self.directory.clone())
    }

    /// Python's `glob.glob`, sorted, for a path below the working directory: `*`, `?` and `[...]` in any part of it.
    #[must_use]
    pub fn glob(&self, pattern: &str) -> Vec<String> {
        if !pattern.contains(['*', '?', '[']) {
            return if self.files.exists(&self.at(pattern)) { vec![pattern.to_owned()] } else { Vec::new() };
        }
        let (directories, last) = match pattern.rsplit_once('/') {
            Some(("", last)) => (vec!["/".to_owned()], last),
            Some((above, last)) => (self.glob(above), last),
            None => (vec![String::new()], pattern),
        };
        let mut found: Vec<String> =
            directories.iter().flat_map(|directory| self.names_like(directory, last)).collect();
        found.sort();
        found
    }

    /// The paths of what is in a directory under a name of this pattern.
    fn names_like(&self, directory: &str, pattern: &str) -> Vec<String> {
        if !pattern.contains(['*', '?', '[']) {
            let path = path::join(directory, pattern);
            return if self.files.exists(&self.at(&path)) { vec![path] } else { Vec::new() };
        }
        // Two stars are no more than one; a bracket that nothing closes is itself.
        let mut pattern = pattern.to_owned();
        while pattern.contains("**") {
            pattern = pattern.replace("**", "*");
        }
        let pattern = glob::Pattern::new(&pattern).or_else(|_| glob::Pattern::new(&pattern.replace('[', "[[]")));
        let Ok(pattern) = pattern else { return Vec::new() };
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let names = self.files.names(&self.at(directory)).into_iter();
        names.filter(|name| pattern.matches_with(name, options)).map(|name| path::join(directory, &name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_that_runs_waits_for_no_file_and_reads_none_without_an_end() {
        let place = std::env::temp_dir().join(format!("vat-surroundings-{}", std::process::id()));
        std::fs::create_dir(&place).unwrap();
        let (fifo, file) = (place.join("fifo"), place.join("file"));
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        std::fs::write(&file, "text").unwrap();
        let (begins, runs) = (Surroundings::live().files, Surroundings::while_running().files);
        assert_eq!((begins.read(&file).unwrap(), runs.read(&file).unwrap()), (b"text".to_vec(), b"text".to_vec()));
        for path in [fifo.as_path(), Path::new("/dev/zero"), &place] {
            assert!(runs.read(path).is_err(), "{}", path.display());
        }
        assert_eq!(begins.read(Path::new("/dev/zero")).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        std::fs::remove_dir_all(place).unwrap();
    }
}
