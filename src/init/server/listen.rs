//! The sockets where clients connect.

use crate::init::config::{Address, Level, Server as Config, User};
use crate::read;
use crate::rpc::Login;
use crate::sys::Root;
use crate::sys::socket::{Listener, Stream, error_name};
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, Permissions};
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

/// A stale socket is replaced so often. More than once only where others do the same at the same time.
const ATTEMPTS: usize = 8;

/// Why a server could not be opened, in supervisord's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError(String);

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OpenError {}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> OpenError {
        let reported =
            |what: &dyn fmt::Display| OpenError(format!("Cannot open an HTTP server: socket.error reported {what}"));
        match (error.kind(), error.raw_os_error()) {
            (io::ErrorKind::AddrInUse, _) => OpenError(
                "Another program is already listening on a port that one of our HTTP servers is configured to use.  \
                 Shut this program down first before starting supervisord."
                    .to_owned(),
            ),
            (_, Some(number)) => match error_name(&error) {
                Some(name) => reported(&format_args!("errno.{name} ({number})")),
                None => reported(&number),
            },
            (_, None) => reported(&error),
        }
    }
}

/// A listener, and what belongs to it.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) listener: Listener,
    pub(super) login: Option<Login>,
    /// The file of a unix socket.
    file: Option<File>,
}

/// A file, and the device and inode that tell whether it is still the same.
#[derive(Debug)]
struct File {
    path: PathBuf,
    identity: (u64, u64),
}

impl Open {
    pub(super) fn new(config: &Config, notes: &mut Vec<(Level, String)>) -> Result<Open, OpenError> {
        let (listener, file) = match &config.address {
            Address::Unix { path, mode, owner } => {
                let listener = open_unix(path, *mode, owner.as_ref(), notes)?;
                (listener, identity(path).ok().map(|identity| File { path: path.clone(), identity }))
            }
            Address::Inet { host, port } => (Listener::bind_inet(resolve(host, *port)?)?, None),
        };
        if config.login.is_none() {
            let message = format!("Server '{}' running without any HTTP authentication checking", config.section);
            notes.push((Level::Critical, message));
        }
        let login = config.login.clone().map(|(name, password)| Login { name, password });
        Ok(Open { listener, login, file })
    }

    /// Removes the file of a unix socket, if nobody else has put theirs there.
    pub(super) fn close(self) {
        if let Some(file) = self.file
            && identity(&file.path).is_ok_and(|identity| identity == file.identity)
        {
            // Who starts next finds it stale, and replaces it.
            let _ = fs::remove_file(&file.path);
        }
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|file| (file.dev(), file.ino()))
}

/// The first address, of version 4 where there is one.
fn resolve(host: &str, port: u16) -> Result<SocketAddr, OpenError> {
    let host = if matches!(host, "" | "*") { "0.0.0.0" } else { host };
    // What Python says of any name that is not known (EAI_NONAME).
    let unknown = || OpenError::from(io::Error::other("-2"));
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs().map_err(|_| unknown())?.collect();
    addresses.iter().find(|address| address.is_ipv4()).or(addresses.first()).copied().ok_or_else(unknown)
}

/// Makes the socket under another name, and gives it its own when its mode and owner are right. As link(2) does not replace,
/// of two daemons one fails.
fn open_unix(
    path: &Path,
    mode: u32,
    owner: Option<&(User, u32)>,
    notes: &mut Vec<(Level, String)>,
) -> Result<Listener, OpenError> {
    let mut name = OsString::from(path);
    name.push(format!(".{}", std::process::id()));
    let temporary = PathBuf::from(name);
    // One that a former process of this number left.
    let _ = fs::remove_file(&temporary);
    let opened = Listener::bind_unix(&temporary).map_err(too_long).map_err(OpenError::from).and_then(|listener| {
        fs::set_permissions(&temporary, Permissions::from_mode(mode))?;
        if let Some((user, group)) = owner {
            give(path, &temporary, user, *group)?;
        }
        listener.listen()?;
        name_it(&temporary, path, notes)?;
        Ok(listener)
    });
    let _ = fs::remove_file(&temporary);
    opened
}

fn too_long(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::InvalidInput => io::Error::other("AF_UNIX path too long"),
        _ => error,
    }
}

fn give(path: &Path, temporary: &Path, user: &User, group: u32) -> Result<(), OpenError> {
    let Err(error) = chown(temporary, Some(user.uid), Some(group)) else { return Ok(()) };
    if error.kind() != io::ErrorKind::PermissionDenied {
        return Err(error.into());
    }
    let own = fs::symlink_metadata(temporary)?.uid();
    let users = read::users_by_id(&Root::host());
    let name = users.name(own).map_or_else(|| own.to_string(), |name| String::from_utf8_lossy(name).into_owned());
    Err(OpenError(format!(
        "Not permitted to chown {} to uid/gid ({}, {group}); adjust \"sockchown\" value in config file or on command line \
         to values that the current user ({name}) can successfully chown",
        path.display(),
        user.uid,
    )))
}

fn name_it(temporary: &Path, path: &Path, notes: &mut Vec<(Level, String)>) -> io::Result<()> {
    for _ in 0..ATTEMPTS {
        match fs::hard_link(temporary, path) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if is_used(path) {
                    break;
                }
                notes.push((Level::Warn, format!("Unlinking stale socket {}", path.display())));
                fs::remove_file(path)?;
            }
            // There are file systems without links; and who has given a file away may not always link it
            // (fs.protected_hardlinks).
            Err(_) => return fs::rename(temporary, path),
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

/// Whether somebody listens. Nobody waits for an answer here, as a daemon that was stopped would never give one.
fn is_used(path: &Path) -> bool {
    match Stream::connect_unix(path) {
        Ok(_) => true,
        Err(error) => error.kind() == io::ErrorKind::WouldBlock,
    }
}
