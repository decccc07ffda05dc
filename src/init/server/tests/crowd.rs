//! Clients who want too much, or are too many.

use super::*;

#[test]
fn without_descriptors_nobody_is_let_in_for_a_while_and_nothing_spins() {
    let mut daemon = Daemon::new(None);
    daemon.server().take_notes();
    let Daemon { poll, server, .. } = &mut daemon;
    let short = io::Error::from_raw_os_error(24);
    server.as_mut().unwrap().pause(poll, &short);
    server.as_mut().unwrap().pause(poll, &short);
    let notes = daemon.server().take_notes();
    assert_eq!(
        notes.iter().map(|(_, note)| note.as_str()).collect::<Vec<_>>(),
        ["cannot accept a connection: Too many open files (os error 24)"]
    );
    let mut client = daemon.connect();
    client.write_all(post("x").as_bytes()).unwrap();
    assert!(daemon.turn().is_empty());
    assert!(daemon.server().deadline().unwrap() <= Instant::now() + PAUSE);
    daemon.expire(PAUSE);
    assert_eq!(daemon.turn().len(), 1);
    assert_eq!(daemon.server().deadline(), None);
}

#[test]
fn what_is_no_request_is_refused_and_harms_nobody() {
    let mut daemon = Daemon::new(None);
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(80 << 10));
    let endless = "x".repeat(100 << 10);
    for (sent, expected) in [
        ("x\r\n\r\n", "400"),
        ("GET /ok.html\r\n\r\n", "400"),
        ("\x16\x03\x01\x02\n\n", "400"),
        ("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", "400"),
        ("POST / HTTP/1.1\r\n\r\n", "411"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "411"),
        ("POST / HTTP/1.1\r\nContent-Length: 1073741824\r\n\r\n", "413"),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999999\r\n\r\n", "413"),
        (long.as_str(), "431"),
        (endless.as_str(), "431"),
    ] {
        let mut client = daemon.connect();
        client.set_nonblocking(false).unwrap();
        client.write_all(sent.as_bytes()).unwrap();
        client.set_nonblocking(true).unwrap();
        // What follows what was refused is not looked at.
        let _ = client.write_all(post("smuggled").as_bytes());
        let heard = daemon.echo(&mut client);
        assert_eq!(status(&heard), expected, "{sent:.60}");
        assert!(!heard.contains("smuggled"));
        assert!(hear(&mut client, &mut Vec::new()), "{sent:.60}");
    }
    daemon.expire(Duration::from_secs(3));
    assert!(daemon.server().connections.is_empty());
}

#[test]
fn slow_clients_are_dropped_in_time() {
    let mut daemon = Daemon::new(None);
    let mut slow = daemon.connect();
    slow.write_all(b"POST / HTTP/1.1\r\nContent-Le").unwrap();
    let mut idle = daemon.connect();
    idle.write_all(post("x").as_bytes()).unwrap();
    daemon.echo(&mut idle);
    // Asks, and does not read the answer.
    let mut deaf = daemon.connect();
    deaf.write_all(post("deaf").as_bytes()).unwrap();
    let request = daemon.turn().remove(0);
    daemon.answer(&request, Response::new("text/plain", vec![b'x'; 4 << 20]));
    assert_eq!(daemon.server().connections.len(), 3);
    assert!(daemon.server().deadline().unwrap() <= Instant::now() + REQUEST_WITHIN);
    daemon.expire(Duration::from_secs(61));
    assert_eq!(daemon.server().connections.len(), 1);
    assert!(daemon.echo(&mut idle).is_empty());
    idle.write_all(post("still here").as_bytes()).unwrap();
    assert!(daemon.echo(&mut idle).ends_with("still here"));
    daemon.expire(IDLE_AT_MOST + Duration::from_secs(1));
    assert!(daemon.server().connections.is_empty());
    assert_eq!(daemon.server().deadline(), None);
}

#[test]
fn a_thousand_clients_are_bounded_and_others_are_served() {
    let mut daemon = Daemon::new(None);
    let mut crowd = Vec::new();
    for at in 0..1000 {
        let mut client = daemon.connect();
        client.write_all(if at % 2 == 0 { b"GET / HT" } else { b"" }).unwrap();
        crowd.push(client);
        if at % 50 == 0 {
            daemon.turn();
        }
    }
    daemon.turn();
    assert_eq!(daemon.server().connections.len(), CONNECTIONS_MOST);
    let mut client = daemon.connect();
    client.write_all(post("me").as_bytes()).unwrap();
    assert!(daemon.echo(&mut client).ends_with("me"));
    assert!(daemon.server().connections.len() <= CONNECTIONS_MOST);
}

#[test]
fn nobody_who_waits_for_an_answer_makes_room() {
    let mut daemon = Daemon::new(None);
    let mut waiting: Vec<UnixStream> = (0..CONNECTIONS_MOST).map(|_| daemon.connect()).collect();
    for client in &mut waiting {
        client.write_all(post("x").as_bytes()).unwrap();
    }
    let requests = daemon.turn();
    assert_eq!(requests.len(), CONNECTIONS_MOST);
    let mut late = daemon.connect();
    assert_eq!(status(&daemon.echo(&mut late)), "503");
    for request in &requests {
        daemon.answer(request, Response::new("text/plain", "done"));
    }
    assert!(waiting.iter_mut().all(|client| daemon.echo(client).ends_with("done")));
}

#[test]
fn all_requests_together_are_bounded() {
    let mut daemon = Daemon::new(None);
    let mut crowd: Vec<UnixStream> = (0..40).map(|_| daemon.connect()).collect();
    let body = vec![b'x'; BODY_MOST - 1];
    let mut refused = 0;
    for client in &mut crowd {
        client.write_all(format!("POST / HTTP/1.1\r\nContent-Length: {BODY_MOST}\r\n\r\n").as_bytes()).unwrap();
        let mut sent = 0;
        while sent < body.len() {
            // It is no longer read from where it was refused.
            sent += client.write(&body[sent..]).unwrap_or(0);
            daemon.turn();
        }
        let mut heard = Vec::new();
        hear(client, &mut heard);
        refused += usize::from(status(&String::from_utf8(heard).unwrap()) == "503");
        let kept: usize = daemon.server().connections.values().map(|one| one.conversation.kept()).sum();
        assert!(kept <= KEPT_MOST, "{kept}");
    }
    assert_eq!(refused, 40 - KEPT_MOST / BODY_MOST);
}
