use super::trouble::Trouble;
use super::{Clock, Note};
use crate::init::config::Level;
use crate::sys::process;
use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;

/// The log of the system, at /dev/log: what syslog(3) writes, but without ever waiting for who reads there.
#[derive(Debug)]
pub struct Syslog {
    socket: Option<UnixDatagram>,
    path: PathBuf,
    ident: String,
    /// When connecting failed, in seconds since 1970: it is tried once a second.
    failed: Option<i64>,
    trouble: Trouble,
}

/// Facility user, level info (RFC 3164), whatever the level of the message: as supervisord.
const PRIORITY: &str = "<14>";

impl Syslog {
    /// Connects when there is something to say. `ident` is what the messages begin with: the program's name.
    #[must_use]
    pub fn new(ident: &str) -> Syslog {
        let path = PathBuf::from("/dev/log");
        Syslog { socket: None, path, ident: ident.to_owned(), failed: None, trouble: Trouble::default() }
    }

    /// Sends a line, given in parts.
    pub fn send(&mut self, line: &[&[u8]], clock: &mut Clock, notes: &mut Vec<Note>) {
        let head = format!("{PRIORITY}{} {}: ", clock.stamp().syslog(), self.ident);
        let message = [&[head.as_bytes()], line].concat().concat();
        match self.try_send(&message, clock) {
            Ok(()) => {
                if let Some(lost) = self.trouble.succeed(|| clock.seconds()) {
                    notes.push((Level::Warn, format!("syslog works again; {lost} bytes were lost")));
                }
            }
            Err(error) => {
                if self.trouble.lose(message.len(), clock.seconds()) {
                    notes.push((Level::Error, format!("could not write to syslog: {}", process::reason(&error))));
                }
            }
        }
    }

    fn try_send(&mut self, message: &[u8], clock: &Clock) -> io::Result<()> {
        if let Some(socket) = &self.socket {
            match socket.send(message) {
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(error),
                // Whoever read there may have been started again.
                Err(_) => self.socket = None,
            }
        }
        let now = clock.seconds();
        if self.failed == Some(now) {
            return Err(io::ErrorKind::NotConnected.into());
        }
        self.failed = Some(now);
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        socket.connect(&self.path)?;
        socket.send(message)?;
        self.failed = None;
        self.socket = Some(socket);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::Live;
    use std::fs;

    #[test]
    fn a_line_is_sent_as_by_syslog_and_nobody_is_waited_for() {
        let path = std::env::temp_dir().join(format!("vat-syslog-{}", std::process::id()));
        let mut syslog = Syslog { path: path.clone(), ..Syslog::new("supervisord") };
        let (mut clock, mut notes) = (Clock::new(Box::new(Live::new())), Vec::new());
        let mut send = |syslog: &mut Syslog, line: &[u8]| {
            syslog.failed = None;
            syslog.send(&[b"web ", line], &mut clock, &mut notes);
            std::mem::take(&mut notes)
        };
        let missing = "could not write to syslog: No such file or directory";
        assert_eq!(send(&mut syslog, b"lost"), [(Level::Error, missing.to_owned())]);
        assert_eq!(send(&mut syslog, b"lost"), []);

        let reader = UnixDatagram::bind(&path).unwrap();
        let read = |reader: &UnixDatagram| {
            let mut read = [0; 1000];
            let count = reader.recv(&mut read).unwrap();
            String::from_utf8_lossy(&read[..count]).into_owned()
        };
        send(&mut syslog, b"hello");
        let line = read(&reader);
        assert!(line.starts_with("<14>") && line.ends_with(" supervisord: web hello"), "{line}");
        assert_eq!(line.len(), "<14>Nov 23 05:18:27 supervisord: web hello".len());

        // Started again.
        reader.shutdown(std::net::Shutdown::Both).unwrap();
        drop(reader);
        fs::remove_file(&path).unwrap();
        let reader = UnixDatagram::bind(&path).unwrap();
        send(&mut syslog, b"again");
        assert!(read(&reader).ends_with("web again"));

        // Not read any more.
        for _ in 0..10_000 {
            send(&mut syslog, &[b'x'; 1000]);
        }
        assert!(syslog.trouble.lost() > 1_000_000);
        fs::remove_file(path).unwrap();
    }
}
