//! The socket that FastCGI programs share as standard input: there while one of them runs.

use super::{Daemon, Id};
use crate::init::config::{Fcgi, Kind, Level, SocketAddress};
use crate::sys::{child, socket};
use std::fs::{self, Permissions};
use std::io;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener;

/// As supervisord's messages have it.
fn url(fcgi: &Fcgi) -> String {
    match &fcgi.address {
        SocketAddress::Unix(path) => format!("unix://{}", path.display()),
        SocketAddress::Tcp(host, port) => format!("tcp://{host}:{port}"),
    }
}

fn listen(fcgi: &Fcgi) -> io::Result<OwnedFd> {
    let listener: OwnedFd = match &fcgi.address {
        SocketAddress::Tcp(host, port) => TcpListener::bind((host.as_str(), *port))?.into(),
        SocketAddress::Unix(path) => {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => (),
            }
            let listener = UnixListener::bind(path)?;
            if let Some((user, group)) = &fcgi.owner {
                chown(path, Some(user.uid), Some(*group))?;
            }
            fs::set_permissions(path, Permissions::from_mode(fcgi.mode))?;
            listener.into()
        }
    };
    if let Some(backlog) = fcgi.backlog {
        socket::set_backlog(&listener, backlog)?;
    }
    Ok(listener)
}

impl Daemon<'_> {
    /// The socket of a process's group, for its standard input; `None` where it has none.
    pub(super) fn group_socket(&mut self, id: Id) -> Result<Option<OwnedFd>, String> {
        let Some(name) = self.processes.get(&id).map(|process| process.group.clone()) else { return Ok(None) };
        let Some(group) = self.groups.get(&name) else { return Ok(None) };
        let Kind::Fcgi(fcgi) = group.config.kind.clone() else { return Ok(None) };
        if group.socket.is_none() {
            let url = url(&fcgi);
            self.say(Level::Info, format_args!("Creating socket {url}"));
            let listener = listen(&fcgi)
                .map_err(|error| format!("Could not create FastCGI socket {url}: {}", child::error_name(&error)))?;
            if let Some(group) = self.groups.get_mut(&name) {
                group.socket = Some(listener);
            }
        }
        let socket = self.groups.get(&name).and_then(|group| group.socket.as_ref());
        socket.map(OwnedFd::try_clone).transpose().map_err(|error| child::error_name(&error))
    }

    /// Closes the socket of a process's group with its last process.
    pub(super) fn leave_socket(&mut self, id: Id) {
        let Some(name) = self.processes.get(&id).map(|process| process.group.clone()) else { return };
        let Some(group) = self.groups.get_mut(&name) else { return };
        let Kind::Fcgi(fcgi) = &group.config.kind else { return };
        let used = group.processes.iter().any(|id| self.processes.get(id).is_some_and(|process| process.life.alive));
        if !used && group.socket.take().is_some() {
            let url = url(fcgi);
            self.say(Level::Info, format_args!("Closing socket {url}"));
        }
    }
}
