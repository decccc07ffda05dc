//! A captured machine, as `tests/capture` leaves one in tests/fixture/: the files below its directory, and in the file `machine`
//! what is no file, one fact a line:
//!
//! | line | meaning |
//! | --- | --- |
//! | `like NAME` | first everything of that machine; what follows, and the files beside it, change that |
//! | `without PATH` | but not that file or directory |
//! | `unreadable PATH` | there, but not for the user who runs the tool |
//! | `realtime SECONDS`, `boottime SECONDS` | the clocks |
//! | `pid PID`, `affinity CPUS` | of the tool |
//! | `stat PATH MAJOR:MINOR INODE directory` | stat(2); or `other`, or `device MAJOR:MINOR` |
//! | `statfs PATH BLOCK BLOCKS FREE AVAILABLE FILES FREE` | statfs(2) |
//! | `fails PATH ERRNO` | what stat, statfs and open say there |
//! | `# ...` | what this machine is |
//!
//! Paths are escaped as in mountinfo. Of several lines for a path the last holds, as the last mount hides the others.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use vat::sys::{Civil, FileKind, FileStat, Machine, Root, Statfs};
use vat::tools::{Call, Tool};

/// Where the captured machines are.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture")
}

/// The names of all captured machines.
pub fn names() -> Vec<String> {
    let entries = std::fs::read_dir(fixtures()).expect("tests/fixture");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// A machine of files, clocks and filesystems that a test may change. It lies in a directory of its own, gone when this is dropped.
pub struct Captured {
    root: Root,
    pub dir: PathBuf,
    pub realtime: Duration,
    pub boottime: Duration,
    pub pid: u32,
    pub affinity: Option<u64>,
    pub env: BTreeMap<String, OsString>,
    stats: BTreeMap<PathBuf, FileStat>,
    filesystems: BTreeMap<PathBuf, Statfs>,
    failures: BTreeMap<PathBuf, i32>,
    unreadable: BTreeSet<PathBuf>,
    /// Whether the tools run as a user who does not own the files.
    pub other_user: bool,
    /// How long it has slept.
    pub slept: Cell<Duration>,
    /// The paths that were opened by [`Machine::open`].
    pub opened: RefCell<Vec<PathBuf>>,
}

impl Captured {
    /// The machine of tests/fixture/NAME.
    pub fn load(name: &str) -> Captured {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("vat-machine-{}-{count}", std::process::id()));
        let mut machine = Captured {
            root: Root::at(&dir),
            dir,
            realtime: Duration::ZERO,
            boottime: Duration::ZERO,
            pid: 0,
            affinity: None,
            env: BTreeMap::new(),
            stats: BTreeMap::new(),
            filesystems: BTreeMap::new(),
            failures: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            other_user: false,
            slept: Cell::default(),
            opened: RefCell::default(),
        };
        machine.add(name);
        machine.other_user = !machine.unreadable.is_empty();
        for path in &machine.unreadable {
            set_mode(&machine.root.path(path), 0);
        }
        machine
    }

    fn add(&mut self, name: &str) {
        let from = fixtures().join(name);
        let lines = std::fs::read_to_string(from.join("machine")).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Before the files: they may replace what is taken away.
        for line in lines.lines() {
            let mut words = line.split(' ').filter(|word| !word.is_empty());
            let Some(kind) = words.next() else { continue };
            let rest: Vec<&str> = words.collect();
            self.fact(kind, &rest).unwrap_or_else(|| panic!("{name}: {line}"));
        }
        copy(&from, &self.dir).unwrap_or_else(|error| panic!("{name}: {error}"));
        remove(&self.dir.join("machine"));
    }

    fn fact(&mut self, kind: &str, words: &[&str]) -> Option<()> {
        let seconds = |text: &str| text.parse().ok().map(Duration::from_secs_f64);
        match (kind, words) {
            ("like", [name]) => self.add(name),
            ("without", [path]) => remove(&self.root.path(&unescape(path))),
            ("unreadable", [path]) => _ = self.unreadable.insert(unescape(path)),
            ("realtime", [time]) => self.realtime = seconds(time)?,
            ("boottime", [time]) => self.boottime = seconds(time)?,
            ("pid", [pid]) => self.pid = pid.parse().ok()?,
            ("affinity", [cpus]) => self.affinity = Some(cpus.parse().ok()?),
            ("stat", [path, device, inode, kind @ ..]) => {
                let kind = match kind {
                    ["directory"] => FileKind::Directory,
                    ["other"] => FileKind::Other,
                    ["device", number] => FileKind::Device(device_number(number)?),
                    _ => return None,
                };
                let stat = FileStat { device: device_number(device)?, inode: inode.parse().ok()?, kind };
                self.stats.insert(unescape(path), stat);
            }
            ("statfs", [path, numbers @ ..]) => {
                let numbers: Option<Vec<u64>> = numbers.iter().map(|number| count(number)).collect();
                let [block_size, blocks, free, available, files, files_free] = numbers?[..] else { return None };
                let filesystem = Statfs { block_size, blocks, free, available, files, files_free };
                self.filesystems.insert(unescape(path), filesystem);
            }
            ("fails", [path, errno]) => _ = self.failures.insert(unescape(path), errno.parse().ok()?),
            (comment, _) if comment.starts_with('#') => (),
            _ => return None,
        }
        Some(())
    }

    /// All its files, as paths below its root; links are none.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut open = vec![self.dir.clone()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry")) {
                match entry.file_type().expect("a type") {
                    kind if kind.is_dir() => open.push(entry.path()),
                    kind if kind.is_file() => {
                        files.push(entry.path().strip_prefix(&self.dir).expect("below").to_owned());
                    }
                    _ => (),
                }
            }
        }
        files.sort();
        files
    }

    /// Runs a tool on it: exit code, standard output, standard error.
    pub fn run(&self, tool: Tool, program: &str, args: &[&str]) -> (u8, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = args.iter().map(OsString::from).collect();
        let mut call = Call { program: program.into(), args, machine: self, out: &mut out, err: &mut err };
        let code = if self.other_user { as_user(|| tool(&mut call)) } else { tool(&mut call) };
        let code = code.expect("writing to memory");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        // Messages name the files of this directory.
        let here = format!("{}/", self.dir.display());
        (code, text(out), text(err).replace(&here, "/"))
    }

    fn fails(&self, path: &Path) -> io::Result<()> {
        self.failures.get(path).map_or(Ok(()), |errno| Err(io::Error::from_raw_os_error(*errno)))
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        remove(&self.dir);
    }
}

impl Machine for Captured {
    fn root(&self) -> &Root {
        &self.root
    }

    fn realtime(&self) -> Duration {
        self.realtime + self.slept.get()
    }

    fn boottime(&self) -> Duration {
        self.boottime + self.slept.get()
    }

    /// In UTC.
    fn local(&self, seconds: i64) -> Option<Civil> {
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Howard Hinnant's days-to-civil: years that begin in March, in eras of 400.
        let day = days.checked_add(719_468)?;
        let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let small = |number: i64| u8::try_from(number).ok();
        Some(Civil {
            year: year + era * 400 + i64::from(month >= 10),
            month: small(if month < 10 { month + 3 } else { month - 9 })?,
            day: small(day - (153 * month + 2) / 5 + 1)?,
            hour: small(second / 3600)?,
            minute: small(second / 60 % 60)?,
            second: small(second % 60)?,
        })
    }

    fn sleep(&self, duration: Duration) {
        self.slept.set(self.slept.get().saturating_add(duration));
    }

    fn env(&self, name: &str) -> Option<OsString> {
        self.env.get(name).cloned()
    }

    fn pid(&self) -> u32 {
        self.pid
    }

    fn affinity(&self) -> Option<u64> {
        self.affinity
    }

    fn statfs(&self, path: &Path) -> io::Result<Statfs> {
        self.fails(path)?;
        self.filesystems.get(path).copied().ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        self.fails(path)?;
        self.stats.get(path).copied().ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))
    }

    fn open(&self, path: &Path) -> io::Result<()> {
        self.opened.borrow_mut().push(path.to_owned());
        self.stat(path).map(|_| ())
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let mut real = PathBuf::from("/");
        for part in path.components() {
            match part {
                Component::ParentDir => _ = real.pop(),
                Component::Normal(name) => real.push(name),
                _ => (),
            }
        }
        self.stat(&real).map(|_| real)
    }
}

/// Does something with the rights of a user who does not own the files: root would read them all the same.
fn as_user<T>(each: impl FnOnce() -> T) -> T {
    let own = nix::unistd::getuid();
    if own.is_root() {
        // Only this thread's, and only for files.
        nix::unistd::setfsuid(nix::unistd::Uid::from_raw(65534));
    }
    let result = each();
    nix::unistd::setfsuid(own);
    result
}

/// statfs counts are 64 bits of anything; some programs print them with a sign.
fn count(text: &str) -> Option<u64> {
    text.parse().ok().or_else(|| text.parse().ok().map(i64::cast_unsigned))
}

fn device_number(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn unescape(text: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let octal = (*first == b'\\').then(|| after.split_at_checked(3)).flatten();
        let code = octal.and_then(|(digits, _)| u8::from_str_radix(str::from_utf8(digits).ok()?, 8).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[3..] } else { after };
    }
    PathBuf::from(OsString::from_vec(bytes))
}

/// Copies a directory over another.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        let kind = std::fs::symlink_metadata(&entry)?.file_type();
        if kind.is_dir() {
            copy(&entry, &target)?;
            continue;
        }
        remove(&target);
        match kind.is_symlink() {
            true => std::os::unix::fs::symlink(std::fs::read_link(&entry)?, target)?,
            false => _ = std::fs::copy(&entry, &target)?,
        }
    }
    Ok(())
}

/// Removes a file, a link or a whole directory, if it is there.
pub fn remove(path: &Path) {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => std::fs::remove_dir_all(path).expect("removing a directory"),
        Ok(_) => std::fs::remove_file(path).expect("removing a file"),
        Err(_) => (),
    }
}

/// Sets a file's permissions.
pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("changing permissions");
}
