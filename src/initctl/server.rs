//! The server: a connection, calls of its methods, and logs that it sends as they grow.

use super::trouble::Trouble;
use super::wait::Signals;
use crate::rpc::body::Body;
use crate::rpc::head::{self, Headers, ReplyHead, RequestHead, Version};
use crate::rpc::{self, Call, Value};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// An answer may be so large; the largest log that one asks for at once.
const ANSWER_MOST: usize = 1 << 30;
/// So much is read at once.
const PIECE: usize = 64 << 10;

trait Stream: Read + Write + AsFd {}
impl<T: Read + Write + AsFd> Stream for T {}

/// Where a server is.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    Unix(&'a str),
    Inet { host: String, port: u16 },
}

impl Place<'_> {
    fn of(url: &str) -> Result<Place<'_>, Trouble> {
        if let Some(path) = url.strip_prefix("unix://") {
            return Ok(Place::Unix(path));
        }
        let unknown = || Trouble::value(format!("Unknown protocol for serverurl {url}"));
        let authority = url.strip_prefix("http://").ok_or_else(unknown)?;
        let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
        let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
        let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or_default()),
            None => address.split_once(':').unwrap_or((address, "")),
        };
        let port = match port {
            "" => 80,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| Trouble::value("Port out of range 0-65535"))?
            }
            other => {
                let other = crate::ini::repr(other);
                return Err(Trouble::value(format!("Port could not be cast to integer value as {other}")));
            }
        };
        Ok(Place::Inet { host: host.to_lowercase(), port })
    }

    fn connect(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Place::Unix(path) => Box::new(UnixStream::connect(path)?),
            Place::Inet { host, port } => Box::new(TcpStream::connect((host.as_str(), *port))?),
        })
    }

    /// For the header `Host`.
    fn name(&self) -> String {
        match self {
            Place::Unix(_) => "localhost".to_owned(),
            Place::Inet { host, port } => format!("{host}:{port}"),
        }
    }
}

/// A connection to a server.
pub(super) struct Server {
    stream: Box<dyn Stream>,
    host: String,
    login: Option<String>,
    /// What came and was not yet looked at.
    came: Vec<u8>,
    ended: bool,
}

impl Server {
    /// Connects to a server.
    pub(super) fn connect(url: &str, login: Option<(&str, &str)>) -> Result<Server, Trouble> {
        let place = Place::of(url)?;
        let login = login.map(|(name, password)| rpc::authorization(name, password));
        Ok(Server { stream: place.connect()?, host: place.name(), login, came: Vec::new(), ended: false })
    }

    /// Whether another call can be made on this connection.
    pub(super) fn lasts(&self) -> bool {
        !self.ended
    }

    /// Calls a method.
    pub(super) fn call(&mut self, method: &str, params: Vec<Value>, signals: &Signals) -> Result<Value, Trouble> {
        let document = rpc::write_call(&Call { method: method.to_owned(), params });
        let mut headers = Headers::default();
        headers.add("Content-Type", "text/xml");
        headers.add("Accept", "text/xml");
        headers.add("Content-Length", document.len().to_string());
        self.send("POST", "/RPC2", headers, &document)?;
        let head = self.head(signals)?;
        if head.status != 200 {
            self.ended = true;
            return Err(Trouble::Protocol { status: head.status, reason: head.reason });
        }
        let mut body = Body::of(&head).map_err(|_| malformed())?;
        let mut answer = Vec::new();
        while self.more(&mut body, &mut answer, signals)? {
            if answer.len() > ANSWER_MOST {
                return Err(Trouble::answer("the answer is too large"));
            }
        }
        self.ended |= !head.keep_alive();
        rpc::read_reply(&answer).map_err(Trouble::malformed)?.map_err(Trouble::Fault)
    }

    /// Asks for a log that goes on for ever. The head says whether there is one; the body comes with [`Server::more`].
    pub(super) fn follow(&mut self, path: &str, signals: &Signals) -> Result<ReplyHead, Trouble> {
        let mut headers = Headers::default();
        headers.add("Accept", "*/*");
        self.send("GET", path, headers, b"")?;
        self.ended = true;
        self.head(signals)
    }

    /// Adds to `out` what comes next of a body, which may be nothing. False at its end.
    pub(super) fn more(&mut self, body: &mut Body, out: &mut Vec<u8>, signals: &Signals) -> Result<bool, Trouble> {
        if body.is_complete() {
            return Ok(false);
        }
        if self.came.is_empty() && !self.receive(signals)? {
            self.ended = true;
            return if body.may_end() { Ok(false) } else { Err(gone()) };
        }
        let taken = body.take(&self.came, out).map_err(|_| malformed())?;
        self.came.drain(..taken.min(self.came.len()));
        Ok(true)
    }

    /// Whether something came that was not yet looked at.
    pub(super) fn has_more(&self) -> bool {
        !self.came.is_empty()
    }

    fn send(&mut self, method: &str, target: &str, mut headers: Headers, body: &[u8]) -> Result<(), Trouble> {
        headers.add("Host", self.host.clone());
        headers.add("User-Agent", "vat-initctl");
        if let Some(login) = &self.login {
            headers.add("Authorization", login.clone());
        }
        let (method, target) = (method.to_owned(), target.to_owned());
        let request = RequestHead { method, target, version: Version::Http11, headers }.write();
        // What cannot be sent may have been answered: a server that refuses does not read to the end.
        match self.stream.write_all(&[&request, body].concat()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn head(&mut self, signals: &Signals) -> Result<ReplyHead, Trouble> {
        let mut looked_at = 0;
        let end = loop {
            if let Some(end) = head::end(&self.came, looked_at) {
                break end;
            }
            looked_at = self.came.len();
            if looked_at > head::HEAD_MOST {
                return Err(malformed());
            }
            if !self.receive(signals)? {
                return Err(gone());
            }
        };
        let head: Vec<u8> = self.came.drain(..end).collect();
        ReplyHead::read(&head).map_err(|_| malformed())
    }

    /// Takes what comes next; false where the server has ended the connection.
    fn receive(&mut self, signals: &Signals) -> Result<bool, Trouble> {
        let mut piece = [0; PIECE];
        let count = loop {
            signals.wait(self.stream.as_fd(), None)??;
            match self.stream.read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.came.extend(piece.iter().take(count));
        Ok(count > 0)
    }
}

impl AsFd for Server {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

fn gone() -> Trouble {
    Trouble::Exception("http.client.RemoteDisconnected", "Remote end closed connection without response".to_owned())
}

fn malformed() -> Trouble {
    Trouble::Exception("http.client.BadStatusLine", "the server does not speak HTTP".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_where() {
        let inet = |host: &str, port| Place::Inet { host: host.to_owned(), port };
        for (url, place) in [
            ("unix:///run/x.sock", Place::Unix("/run/x.sock")),
            ("unix://x", Place::Unix("x")),
            ("http://LocalHost:9001", inet("localhost", 9001)),
            ("http://me:it@host/RPC2", inet("host", 80)),
            ("http://[::1]:9/", inet("::1", 9)),
            ("http://host:?x", inet("host", 80)),
        ] {
            assert_eq!(Place::of(url).unwrap(), place, "{url}");
        }
        for (url, error) in [
            ("https://x", "Unknown protocol for serverurl https://x"),
            ("http://x:99999", "Port out of range 0-65535"),
            ("http://x:a'", "Port could not be cast to integer value as \"a'\""),
        ] {
            let Err(Trouble::Exception(class, text)) = Place::of(url) else { panic!("{url}") };
            assert_eq!((class, text.as_str()), ("ValueError", error));
        }
    }

    #[test]
    fn a_bad_answer_is_an_error_and_no_more() {
        let endless = [b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &[b'x'; 1 << 20]].concat();
        for (answer, class) in [
            (b"".as_slice(), "http.client.RemoteDisconnected"),
            (b"HTTP/1.1 200 OK\r\n", "http.client.RemoteDisconnected"),
            (b"SSH-2.0\r\n\r\n", "http.client.BadStatusLine"),
            (&endless, "http.client.BadStatusLine"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "http.client.RemoteDisconnected"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "xml.parsers.expat.ExpatError"),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfrob\r\n", "http.client.BadStatusLine"),
        ] {
            let (here, mut there) = UnixStream::pair().unwrap();
            let answer = answer.to_vec();
            let serving = std::thread::spawn(move || {
                let _ = there.read(&mut [0; 4096]).unwrap();
                // A client that has heard enough closes.
                let _ = there.write_all(&answer);
            });
            let mut server =
                Server { stream: Box::new(here), host: String::new(), login: None, came: Vec::new(), ended: false };
            let Err(Trouble::Exception(said, _)) = server.call("x", Vec::new(), &Signals::default()) else { panic!() };
            assert_eq!(said, class);
            drop(server);
            serving.join().unwrap();
        }
    }
}
