//! Clients of all kinds, over real sockets.

mod crowd;
mod socket;

use super::*;
use crate::init::config::Address;
use crate::rpc::authorization;
use std::fs;
use std::io::{Read, Write};

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const TOKEN: u64 = 100;

/// A server on a unix socket in a directory of its own.
struct Daemon {
    directory: PathBuf,
    poll: Poll,
    server: Option<Server>,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.directory).unwrap();
    }
}

fn directory() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("vat-server-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let directory = std::env::temp_dir().join(name);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn unix(path: &Path, login: Option<&str>) -> config::Server {
    config::Server {
        section: "unix_http_server".to_owned(),
        address: Address::Unix { path: path.to_owned(), mode: 0o700, owner: None },
        login: login.map(|password| ("user".to_owned(), password.to_owned())),
    }
}

impl Daemon {
    fn new(login: Option<&str>) -> Daemon {
        let (directory, poll) = (directory(), Poll::new().unwrap());
        let server = Server::open(&[unix(&directory.join("s"), login)], &poll, TOKEN).unwrap();
        Daemon { directory, poll, server: Some(server) }
    }

    fn server(&mut self) -> &mut Server {
        self.server.as_mut().unwrap()
    }

    fn connect(&self) -> UnixStream {
        let client = UnixStream::connect(self.directory.join("s")).unwrap();
        client.set_nonblocking(true).unwrap();
        client
    }

    /// Does what can be done until nothing more happens.
    fn turn(&mut self) -> Vec<Request> {
        let (mut ready, mut requests) = (Vec::new(), Vec::new());
        for turns in 0.. {
            assert!(turns < 10_000, "it spins");
            self.poll.wait(&mut ready, Some(Duration::ZERO)).unwrap();
            if ready.is_empty() {
                break;
            }
            let server = self.server.as_mut().unwrap();
            requests.extend(ready.iter().filter_map(|ready| server.ready(&self.poll, ready)));
        }
        requests
    }

    fn answer(&mut self, request: &Request, response: Response) {
        let Daemon { poll, server, .. } = self;
        server.as_mut().unwrap().answer(poll, request.connection, response);
    }

    /// Answers all requests with their bodies, and gives what this client hears.
    fn echo(&mut self, client: &mut UnixStream) -> String {
        let mut heard = Vec::new();
        loop {
            let requests = self.turn();
            for request in &requests {
                self.answer(request, Response::new("text/plain", request.body.clone()));
            }
            let before = heard.len();
            hear(client, &mut heard);
            if requests.is_empty() && heard.len() == before {
                return String::from_utf8(heard).unwrap();
            }
        }
    }

    fn expire(&mut self, after: Duration) {
        let Daemon { poll, server, .. } = self;
        server.as_mut().unwrap().expire(poll, Instant::now() + after);
    }
}

/// Reads what is there; says whether it is the end.
fn hear(client: &mut UnixStream, heard: &mut Vec<u8>) -> bool {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match client.read(&mut buffer) {
            Ok(0) => return true,
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(_) => return false,
        }
    }
}

fn post(body: &str) -> String {
    format!("POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn status(heard: &str) -> &str {
    heard.get(9..12).unwrap_or("none")
}

#[test]
fn requests_are_answered_one_by_one_however_they_come() {
    let mut daemon = Daemon::new(None);
    let mut client = daemon.connect();
    let first = post("first");
    for (at, byte) in first.bytes().enumerate() {
        client.write_all(&[byte]).unwrap();
        assert_eq!(daemon.echo(&mut client).ends_with("first"), at + 1 == first.len());
    }
    client.write_all([post("one"), "\r\n".to_owned(), post(""), post("three")].concat().as_bytes()).unwrap();
    let requests = daemon.turn();
    assert_eq!(requests.len(), 1, "the next is read when this one is answered");
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", "/RPC2"));
    daemon.answer(&requests[0], Response::new("text/plain", "1"));
    daemon.answer(&requests[0], Response::new("text/plain", "twice"));
    let heard = daemon.echo(&mut client);
    assert_eq!(heard.matches("HTTP/1.1 200 OK\r\nServer: vat-init\r\nDate: ").count(), 3);
    assert!(heard.ends_with("Content-Length: 5\r\n\r\nthree"), "{heard}");
    assert!(!heard.contains("twice") && !heard.contains("Connection"));
}

#[test]
fn the_connection_lasts_as_the_client_wishes() {
    for (head, lasts, says) in [
        ("GET /ok.html HTTP/1.0\r\n\r\n", false, "HTTP/1.0 200 OK"),
        ("GET /ok.html HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true, "\r\nConnection: Keep-Alive\r\n"),
        ("GET /ok.html HTTP/1.1\r\nConnection: close\r\n\r\n", false, "\r\nConnection: close\r\n"),
        ("GET /ok.html HTTP/1.1\r\n\r\n", true, "HTTP/1.1 200 OK"),
    ] {
        let mut daemon = Daemon::new(None);
        let mut client = daemon.connect();
        client.write_all(head.as_bytes()).unwrap();
        let heard = daemon.echo(&mut client);
        assert!(heard.contains(says), "{heard}");
        assert_eq!(hear(&mut client, &mut Vec::new()), !lasts);
        drop(client);
        daemon.turn();
        assert!(daemon.server().connections.is_empty());
    }
}

#[test]
fn a_head_is_answered_without_a_body() {
    let mut daemon = Daemon::new(None);
    let mut client = daemon.connect();
    client.write_all(b"HEAD / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab").unwrap();
    let heard = daemon.echo(&mut client);
    assert!(heard.contains("Content-Length: 2\r\n") && heard.ends_with("\r\n\r\n"), "{heard}");
}

#[test]
fn only_who_proves_it_comes_in() {
    let mut daemon = Daemon::new(Some("{SHA}82ab876d1387bfafe46cc1c8a2ef074eae50cb1d"));
    for (password, expected) in [("thepassword", "200"), ("wrong", "401")] {
        let mut client = daemon.connect();
        let proof = authorization("user", password);
        client.write_all(format!("GET / HTTP/1.1\r\nauthorization: {proof}\r\n\r\n").as_bytes()).unwrap();
        assert_eq!(status(&daemon.echo(&mut client)), expected);
    }
    let mut client = daemon.connect();
    // Nothing of the body is read for somebody unknown.
    client.write_all(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n").unwrap();
    let heard = daemon.echo(&mut client);
    assert_eq!(status(&heard), "401");
    assert!(heard.contains("WWW-Authenticate: Basic realm=\"default\"\r\n") && heard.contains("Connection: close\r\n"));
}

#[test]
fn an_answer_may_come_later_and_is_dropped_where_nobody_waits() {
    let mut daemon = Daemon::new(None);
    let (mut waits, mut leaves) = (daemon.connect(), daemon.connect());
    waits.write_all(post("waits").as_bytes()).unwrap();
    leaves.write_all(post("leaves").as_bytes()).unwrap();
    let requests = daemon.turn();
    assert_eq!(requests.len(), 2);
    drop(leaves);
    assert!(daemon.turn().is_empty());
    let open: Vec<bool> = requests.iter().map(|request| daemon.server().is_open(request.connection)).collect();
    assert_eq!(open, [true, false]);
    daemon.expire(Duration::from_secs(1000));
    for request in &requests {
        daemon.answer(request, Response::new("text/plain", "done"));
    }
    assert!(daemon.echo(&mut waits).ends_with("done"));
}

#[test]
fn who_hangs_up_after_asking_is_still_heard() {
    let mut daemon = Daemon::new(None);
    let mut client = daemon.connect();
    client.write_all(post("shutdown").as_bytes()).unwrap();
    drop(client);
    let mut half = daemon.connect();
    half.write_all(post("half").as_bytes()).unwrap();
    half.shutdown(std::net::Shutdown::Write).unwrap();
    let requests = daemon.turn();
    assert_eq!(
        requests.iter().map(|request| request.body.as_slice()).collect::<Vec<_>>(),
        [b"shutdown".as_slice(), b"half"]
    );
    daemon.answer(&requests[1], Response::new("text/plain", "done"));
    assert!(daemon.echo(&mut half).ends_with("done"));
    assert!(hear(&mut half, &mut Vec::new()));
    assert!(daemon.server().connections.is_empty());
}

#[test]
fn what_is_pushed_comes_in_chunks_and_waits_for_who_reads_slowly() {
    let mut daemon = Daemon::new(None);
    let mut client = daemon.connect();
    client.write_all(b"GET /logtail/a HTTP/1.1\r\n\r\n\r\n\r\n").unwrap();
    let tail = daemon.turn().remove(0);
    daemon.answer(&tail, Response { content: Content::Pushed, ..Response::new("text/plain", "") });
    let Daemon { poll, server, .. } = &mut daemon;
    let server = server.as_mut().unwrap();
    assert_eq!(server.push(poll, tail.connection, b"hello"), Pushed::Taken);
    let mut heard = Vec::new();
    hear(&mut client, &mut heard);
    let text = String::from_utf8(heard.clone()).unwrap();
    assert!(text.contains("Transfer-Encoding: chunked\r\n") && text.ends_with("\r\n\r\n5\r\nhello\r\n"), "{text}");
    let mut pushed = 0;
    while server.push(poll, tail.connection, &[b'z'; 10_000]) == Pushed::Taken {
        pushed += 1;
        assert!(pushed < 1000, "the queue is bounded");
    }
    assert_eq!(server.room(tail.connection), Some(0));
    assert!(server.take_drained().is_empty());
    let connection = tail.connection;
    for _ in 0..100 {
        hear(&mut client, &mut heard);
        daemon.turn();
    }
    assert_eq!(daemon.server().take_drained(), [connection]);
    let Daemon { poll, server, .. } = &mut daemon;
    server.as_mut().unwrap().finish(poll, connection);
    hear(&mut client, &mut heard);
    assert_eq!(heard.iter().filter(|byte| **byte == b'z').count(), pushed * 10_000);
    assert!(heard.ends_with(b"z\r\n0\r\n\r\n"));
    client.write_all(post("next").as_bytes()).unwrap();
    assert!(daemon.echo(&mut client).ends_with("next"));
}

#[test]
fn an_old_client_hears_what_is_pushed_until_the_end() {
    let mut daemon = Daemon::new(None);
    let mut client = daemon.connect();
    client.write_all(b"GET /logtail/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").unwrap();
    let tail = daemon.turn().remove(0);
    daemon.answer(&tail, Response { content: Content::Pushed, ..Response::new("text/plain", "") });
    let Daemon { poll, server, .. } = &mut daemon;
    let server = server.as_mut().unwrap();
    server.push(poll, tail.connection, b"hello");
    server.finish(poll, tail.connection);
    let mut heard = Vec::new();
    assert!(hear(&mut client, &mut heard));
    assert!(heard.ends_with(b"\r\n\r\nhello"));
    drop(client);
    daemon.turn();
    let Daemon { poll, server, .. } = &mut daemon;
    assert_eq!(server.as_mut().unwrap().push(poll, tail.connection, b"x"), Pushed::Gone);
}
