//! The exit code.

use super::namespace::Namespace;
use std::process::Command;
use std::time::Duration;

fn code_of(options: &str, program: &str) -> Option<i32> {
    let mut init = Namespace::begin_by(options, &format!("[program:a]\n{program}\n"), |_, command: Command| command);
    init.code()
}

/// Case 9: the code of the program that the container is about.
#[test]
fn the_container_ends_as_its_essential_program_does() {
    for code in [0, 1, 2, 127, 255] {
        let program = format!("command=sh -c 'exit {code}'\nessential=true\nautorestart=false\nstartsecs=0");
        assert_eq!(code_of("", &program), Some(code));
    }
    for (signal, code) in [("TERM", 143), ("KILL", 137), ("SEGV", 139)] {
        let program = format!("command=sh -c 'kill -{signal} $$'\nessential=true\nautorestart=false\nstartsecs=0");
        assert_eq!(code_of("", &program), Some(code), "{signal}");
    }
    let cannot = "command=/no/such/program\nessential=true\nstartretries=0";
    assert_eq!(code_of("", cannot), Some(1));
}

#[test]
fn or_as_the_one_that_is_named_did() {
    let program = "command=sh -c 'trap \"exit 7\" TERM; touch up; while :; do sleep 0.05; done'\nstartsecs=0";
    let mut init = Namespace::start_with("exit_code_from=a\n", &format!("[program:a]\n{program}\n"));
    init.until("it", || init.dir.join("up").exists().then_some(()));
    assert_eq!(init.stop().0, Some(7));
    let mut init = Namespace::start(&format!("[program:a]\n{program}\n"));
    init.until("it", || init.dir.join("up").exists().then_some(()));
    assert_eq!(init.stop().0, Some(0));
}

/// Case 21: a program that left its memory behind.
#[test]
fn a_core_dump_is_said() {
    let crash =
        "command=sh -c 'ulimit -c unlimited; kill -SEGV $$'\ndirectory=%(here)s\nautorestart=false\nstartsecs=0";
    let init = Namespace::start(&format!("[program:a]\n{crash}\n"));
    init.until_state("a", "EXITED");
    assert!(init.log().contains("exited: a (terminated by SIGSEGV (core dumped); not expected)"), "{}", init.log());
    init.call_with("startProcess", "a").expect("a start");
    std::thread::sleep(Duration::from_millis(10));
    init.until_state("a", "EXITED");
}
