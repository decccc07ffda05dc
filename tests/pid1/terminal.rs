//! `docker run -it`: PID 1 has a terminal, and leads its session.

use super::namespace::Namespace;
use crate::support::supervised::PROGRAM;
use std::io::Write;
use std::process::{ChildStdin, Command, Stdio};

/// Begins one at a terminal that script(1) makes, and whoever types there.
fn begin_at_terminal(options: &str, sections: &str) -> (Namespace, ChildStdin) {
    let mut init = Namespace::begin_by(options, sections, |dir, _| {
        let init = format!("{PROGRAM} -c {}", dir.join("conf").display());
        let unshare = format!("exec unshare --pid --mount --fork --kill-child --mount-proc setsid -c {init}");
        let mut command = Command::new("script");
        command.args(["-q", "-e", "-f", "-c", &unshare, "typescript"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        command
    });
    init.until_it_answers();
    let typing = init.stdin();
    (init, typing)
}

/// Case 11: Ctrl-C is for the daemon, which stops everybody in order, and once.
#[test]
fn ctrl_c_stops_everything_once() {
    let counting = "sh -c 'trap \"echo int >> ints\" INT; trap \"echo term >> terms; exit\" TERM; echo x >> up; \
                    while :; do sleep 0.05; done'";
    let sections = format!("[program:a]\ncommand={counting}\n[program:b]\ncommand={counting}\n");
    let (mut init, mut typing) = begin_at_terminal("", &sections);
    init.until("both", || (init.file("up").lines().count() == 2).then_some(()));
    typing.write_all(b"\x03").unwrap();
    assert_eq!(init.code(), Some(0));
    assert_eq!((init.file("ints"), init.file("terms")), (String::new(), "term\n".repeat(2)));
    assert_eq!(init.log().matches("received SIGINT indicating exit request").count(), 1);
}

/// Case 11: a shell at the console has job control, and Ctrl-C is for what it runs.
#[test]
fn a_console_program_has_the_terminal() {
    let sections = "[program:shell]\ncommand=bash --norc -i\nconsole=true\nstartsecs=0\nessential=true\nautorestart=false\n\
                    [program:a]\ncommand=sleep 1000\nstartsecs=0\n";
    let (mut init, mut typing) = begin_at_terminal("", sections);
    init.until("a prompt", || {
        init.file("typescript").contains('$').then_some(()).or(init.file("typescript").contains('#').then_some(()))
    });
    typing.write_all(b"tty > tty; sleep 1000\n").unwrap();
    init.until("it to sleep", || (init.count("sleep") == 2).then_some(()));
    typing.write_all(b"\x1a").unwrap();
    init.type_until(&mut typing, "jobs > jobs", "jobs", "Stopped");
    typing.write_all(b"fg\n").unwrap();
    init.until("it to go on", || init.processes().iter().all(|seen| seen.state != 'T').then_some(()));
    typing.write_all(b"\x03").unwrap();
    init.until("its end", || (init.count("sleep") == 1).then_some(()));
    assert_eq!((init.state("shell").as_str(), init.state("a").as_str()), ("RUNNING", "RUNNING"));
    assert!(!init.file("typescript").contains("job control"), "{}", init.file("typescript"));
    init.type_until(&mut typing, "echo back > back", "back", "back");
    typing.write_all(b"exit 5\n").unwrap();
    assert_eq!(init.code(), Some(5));
}

/// The terminal comes back to the daemon.
#[test]
fn after_the_console_program_ctrl_c_is_for_the_daemon_again() {
    let sections = "[program:c]\ncommand=sh -c 'read line; exit 0'\nconsole=true\nstartsecs=0\nautorestart=false\n";
    let (mut init, mut typing) = begin_at_terminal("", sections);
    init.until_state("c", "RUNNING");
    typing.write_all(b"line\n").unwrap();
    init.until_state("c", "EXITED");
    typing.write_all(b"\x03").unwrap();
    assert_eq!(init.code(), Some(0));
}
