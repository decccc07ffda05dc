//! The orderly stop, inside Docker's ten seconds.

use super::namespace::Namespace;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use vat::sys::signal::number;

const SLOW: &str = "trap 'sleep 0.4; echo x >> ended; exit' TERM; echo x >> up; while :; do sleep 100 & wait $!; done";

fn slow_stoppers(priority: impl Fn(usize) -> usize) -> Namespace {
    let mut sections = String::new();
    for n in 0..20 {
        let priority = priority(n);
        writeln!(
            sections,
            "[program:p{n}]\ncommand=sh %(here)s/slow\npriority={priority}\nautostart=false\nstartsecs=0"
        )
        .unwrap();
    }
    let init = Namespace::start(&sections);
    fs::write(init.dir.join("slow"), SLOW).unwrap();
    init.call("supervisor.startAllProcesses", vec![vat::rpc::Value::Bool(false)]).expect("a start");
    init.until("all of them", || (init.file("up").lines().count() == 20).then_some(()));
    init
}

/// Case 8: all end by their own handlers, however slow these are.
#[test]
fn twenty_slow_programs_stop_together() {
    let mut init = slow_stoppers(|_| 999);
    let (code, took) = init.stop();
    assert_eq!((code, init.file("ended").lines().count()), (Some(0), 20), "{}", init.log());
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[test]
fn in_ten_waves_too() {
    let mut init = slow_stoppers(|n| n / 2);
    let (code, took) = init.stop();
    assert_eq!((code, init.file("ended").lines().count()), (Some(0), 20), "{}", init.log());
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn one_that_does_not_stop_does_not_take_the_time_of_others() {
    let stubborn = "sh -c 'trap \"\" TERM; echo x >> up; while :; do sleep 0.1; done'";
    let polite = "sh -c 'trap \"echo x >> ended; exit\" TERM; echo x >> up; while :; do sleep 100 & wait $!; done'";
    // The stubborn ones are stopped first.
    let mut init = Namespace::start(&format!(
        "[program:s1]\ncommand={stubborn}\npriority=3\n[program:s2]\ncommand={stubborn}\npriority=2\n\
         [program:polite]\ncommand={polite}\npriority=1\n"
    ));
    init.until("all of them", || (init.file("up").lines().count() == 3).then_some(()));
    let (code, took) = init.stop();
    assert_eq!((code, init.file("ended").as_str()), (Some(0), "x\n"), "{}", init.log());
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// What stops later does not shorten what a program needs.
#[test]
fn a_slow_program_has_most_of_the_time() {
    let slow =
        "sh -c 'trap \"sleep 6; echo x >> ended; exit\" TERM; echo x >> up; while :; do sleep 100 & wait $!; done'";
    let mut init = Namespace::start(&format!(
        "[program:slow]\ncommand={slow}\n[program:other]\ncommand=sleep 1000\npriority=5\n\
         [eventlistener:l]\ncommand=cat\nevents=EVENT\n"
    ));
    init.until("it", || (!init.file("up").is_empty()).then_some(()));
    let (code, took) = init.stop();
    assert_eq!((code, init.file("ended").as_str()), (Some(0), "x\n"), "{took:?} {}", init.log());
}

#[test]
fn the_file_says_how_long_a_stop_may_take() {
    let stubborn = "sh -c 'trap \"\" TERM; echo x >> up; while :; do sleep 0.1; done'";
    let mut init =
        Namespace::start_with("shutdown_timeout=2\n", &format!("[program:a]\ncommand={stubborn}\nstopwaitsecs=60\n"));
    init.until("it", || (!init.file("up").is_empty()).then_some(()));
    let (code, took) = init.stop();
    assert_eq!(code, Some(0));
    assert!(took > Duration::from_millis(1900) && took < Duration::from_secs(4), "{took:?}");
}

/// Case 22: what not even KILL ends is left to the kernel. A frozen cgroup of v1 holds a process so.
#[test]
fn a_process_that_nothing_ends_is_given_up() {
    let freezer = Path::new("/sys/fs/cgroup/freezer");
    if !freezer.join("cgroup.procs").exists() {
        return crate::support::docker::elsewhere("there is no freezer of cgroup v1");
    }
    let mut init = Namespace::start("[program:a]\ncommand=sleep 1000\nstartsecs=0\nstopwaitsecs=1\n");
    let frozen = Frozen::new(freezer.join(format!("vat-pid1-{}", init.host_pid)), &init);
    init.signal_from_outside(number::TERM);
    init.until_logged("a does not die of SIGKILL, leaving it to the kernel");
    // Only the kernel still waits for it.
    init.until("the end", || {
        std::fs::read_dir(format!("/proc/{}/fd", init.host_pid))
            .map_or(Some(()), |fds| (fds.count() == 0).then_some(()))
    });
    drop(frozen);
    assert_eq!(init.code(), Some(0));
}

struct Frozen(PathBuf);

impl Frozen {
    fn new(cgroup: PathBuf, init: &Namespace) -> Frozen {
        fs::create_dir(&cgroup).unwrap();
        let frozen = Frozen(cgroup);
        let child = super::namespace::only_child(init.host_pid).expect("the program");
        fs::write(frozen.0.join("cgroup.procs"), child.to_string()).unwrap();
        fs::write(frozen.0.join("freezer.state"), "FROZEN").unwrap();
        frozen
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        let _ = fs::write(self.0.join("freezer.state"), "THAWED");
        for _ in 0..200 {
            if fs::remove_dir(&self.0).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
