//! How sockets are opened and closed.

use super::*;
use crate::init::config::Level;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;

#[test]
fn a_socket_is_what_the_configuration_says_and_goes_with_the_server() {
    let mut daemon = Daemon::new(None);
    let path = daemon.directory.join("s");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::read_dir(&daemon.directory).unwrap().count(), 1, "nothing of the temporary name is left");
    let notes = daemon.server().take_notes();
    let unchecked = "Server 'unix_http_server' running without any HTTP authentication checking";
    assert_eq!(notes, [(Level::Critical, unchecked.to_owned())]);
    let used = Server::open(&[unix(&path, None)], &daemon.poll, 1000).unwrap_err();
    assert!(used.to_string().starts_with("Another program is already listening on a port that one of"), "{used}");
    daemon.server.take().unwrap().close(&daemon.poll);
    assert!(!path.exists());
}

#[test]
fn a_stale_socket_is_replaced_and_anothers_is_left() {
    let daemon = Daemon::new(None);
    let path = daemon.directory.join("stale");
    drop(UnixListener::bind(&path).unwrap());
    let mut server = Server::open(&[unix(&path, Some("x"))], &daemon.poll, 1000).unwrap();
    assert_eq!(server.take_notes(), [(Level::Warn, format!("Unlinking stale socket {}", path.display()))]);
    fs::remove_file(&path).unwrap();
    let _another = UnixListener::bind(&path).unwrap();
    server.close(&daemon.poll);
    assert!(path.exists());
}

#[test]
fn what_cannot_be_opened_is_told_as_supervisord_tells_it() {
    let daemon = Daemon::new(None);
    let error = |config: config::Server| {
        // The first is closed again.
        let configs = [unix(&daemon.directory.join("first"), None), config];
        let error = Server::open(&configs, &daemon.poll, 1000).unwrap_err().to_string();
        assert!(!daemon.directory.join("first").exists());
        error.strip_prefix("Cannot open an HTTP server: socket.error reported ").map(str::to_owned).ok_or(error)
    };
    let inet = |host: &str, port: u16| config::Server {
        section: "inet_http_server".to_owned(),
        address: Address::Inet { host: host.to_owned(), port },
        login: None,
    };
    assert_eq!(error(unix(&daemon.directory.join("x".repeat(108)), None)).as_deref(), Ok("AF_UNIX path too long"));
    assert_eq!(error(unix(&daemon.directory.join("no/s"), None)).as_deref(), Ok("errno.ENOENT (2)"));
    assert_eq!(error(inet("8.8.8.8", 1234)).as_deref(), Ok("errno.EADDRNOTAVAIL (99)"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    assert!(error(inet("127.0.0.1", port)).unwrap_err().starts_with("Another program is already listening"));
}

#[test]
fn tcp_is_served_alike() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut daemon = Daemon::new(None);
    let address = Address::Inet { host: "*".to_owned(), port: free };
    let config = config::Server { section: "inet_http_server".to_owned(), address, login: None };
    daemon.server.take().unwrap().close(&daemon.poll);
    daemon.server = Some(Server::open(&[config], &daemon.poll, TOKEN).unwrap());
    let mut client = std::net::TcpStream::connect(("127.0.0.1", free)).unwrap();
    client.write_all(b"GET /?a=b+c HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut requests = Vec::new();
    while requests.is_empty() {
        requests = daemon.turn();
    }
    assert_eq!(requests[0].query, [("a".to_owned(), "b c".to_owned())]);
    daemon.answer(&requests[0], Response::error(404));
    let mut heard = String::new();
    client.read_to_string(&mut heard).unwrap();
    assert!(heard.starts_with("HTTP/1.1 404 Not Found\r\n") && heard.contains("Message: Not Found."));
}
