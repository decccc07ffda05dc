use super::{Civil, FileKind, FileStat, Machine, Root, Statfs};
use std::ffi::{CString, OsString};
use std::io::{self, IsTerminal};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The running machine.
#[derive(Debug)]
pub struct Live {
    root: Root,
}

impl Live {
    /// The machine this process runs on.
    #[must_use]
    pub fn new() -> Live {
        Live { root: Root::host() }
    }
}

impl Default for Live {
    fn default() -> Live {
        Live::new()
    }
}

impl Machine for Live {
    fn root(&self) -> &Root {
        &self.root
    }

    fn realtime(&self) -> Duration {
        clock(libc::CLOCK_REALTIME)
    }

    fn boottime(&self) -> Duration {
        clock(libc::CLOCK_BOOTTIME)
    }

    fn local(&self, seconds: i64) -> Option<Civil> {
        let mut parts = MaybeUninit::<libc::tm>::uninit();
        // SAFETY: `parts` is written by localtime_r when it returns non-null, and read only then.
        let parts = unsafe {
            if libc::localtime_r(&seconds, parts.as_mut_ptr()).is_null() {
                return None;
            }
            parts.assume_init()
        };
        let small = |value: libc::c_int| u8::try_from(value).ok();
        Some(Civil {
            year: i64::from(parts.tm_year) + 1900,
            month: small(parts.tm_mon + 1)?,
            day: small(parts.tm_mday)?,
            hour: small(parts.tm_hour)?,
            minute: small(parts.tm_min)?,
            second: small(parts.tm_sec)?,
        })
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn env(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn pid(&self) -> u32 {
        std::process::id()
    }

    fn page_size(&self) -> u64 {
        // SAFETY: it takes a number and cannot fail for this one.
        u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
    }

    fn affinity(&self) -> Option<u64> {
        // A mask that is too small for the machine makes the kernel say EINVAL: 8192 CPUs are its largest build.
        let mut mask = [0u64; 8192 / 64];
        // SAFETY: the kernel writes at most the size given.
        let written = unsafe { libc::syscall(libc::SYS_sched_getaffinity, 0, size_of_val(&mask), mask.as_mut_ptr()) };
        (written > 0).then(|| mask.iter().map(|word| u64::from(word.count_ones())).sum())
    }

    fn statfs(&self, path: &Path) -> io::Result<Statfs> {
        let path = CString::new(path.as_os_str().as_bytes())?;
        let mut read = MaybeUninit::<libc::statfs64>::zeroed();
        // SAFETY: `path` is a C string and `read` is large enough; all zeroes is a valid value of it.
        let read = unsafe {
            if libc::statfs64(path.as_ptr(), read.as_mut_ptr()) != 0 {
                return Err(io::Error::last_os_error());
            }
            read.assume_init()
        };
        let fragment = u64::try_from(read.f_frsize).unwrap_or(0);
        Ok(Statfs {
            block_size: if fragment > 0 { fragment } else { u64::try_from(read.f_bsize).unwrap_or(0) },
            blocks: read.f_blocks,
            free: read.f_bfree,
            available: read.f_bavail,
            files: read.f_files,
            files_free: read.f_ffree,
        })
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        // Not std's metadata, which asks the kernel for more, and once more whether it may.
        let read = nix::sys::stat::stat(path)?;
        let kind = match read.st_mode & libc::S_IFMT {
            libc::S_IFDIR => FileKind::Directory,
            libc::S_IFBLK | libc::S_IFCHR => FileKind::Device(device(read.st_rdev)),
            _ => FileKind::Other,
        };
        Ok(FileStat { device: device(read.st_dev), inode: read.st_ino, kind })
    }

    fn open(&self, path: &Path) -> io::Result<()> {
        std::fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path).map(|_| ())
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }

    fn sync(&self) {
        // SAFETY: it takes nothing and cannot fail.
        unsafe { libc::sync() };
    }

    fn is_root(&self) -> bool {
        nix::unistd::geteuid().is_root()
    }

    fn columns(&self) -> Option<usize> {
        super::terminal::columns()
    }

    fn stdout_is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }
}

fn device(number: u64) -> (u32, u32) {
    (libc::major(number), libc::minor(number))
}

pub(super) fn clock(id: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` outlives the call. It cannot fail: these clocks exist on every kernel that Vat runs on.
    unsafe { libc::clock_gettime(id, &mut time) };
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
