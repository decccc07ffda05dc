//! System calls of the daemon that fail, one in a few: it lives, and what could not be done then is done later.

use super::namespace::Namespace;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use vat::rpc::Value;
use vat::sys::signal::number;

const SECTIONS: &str = "[program:a]\ncommand=sh -c 'echo out; echo err >&2; exec sleep 1000'\nstartsecs=0\n\
                        [program:m]\ncommand=sh -c 'sleep 0.1; echo x'\nnumprocs=5\nprocess_name=%(process_num)d\nstartsecs=0\n\
                        autorestart=true\nrestart_delay=20ms\nrestart_delay_max=50ms\nstartretries=1000000\n\
                        [eventlistener:l]\ncommand=cat\nevents=PROCESS_STATE,TICK_5\nstartretries=1000000\n";

/// A client whose connection was lost does not wait longer.
const SOON: Duration = Duration::from_millis(300);

/// strace(1), which makes a system call of PID 1 fail every so often.
struct Faults(Child);

impl Faults {
    fn begin(init: &Namespace, call: &str, error: &str, every: u32) -> Faults {
        let inject = format!("inject={call}:error={error}:when=2+{every}");
        let mut strace = Command::new("strace");
        strace.args([
            "-q",
            "-e",
            &format!("trace={call}"),
            "-e",
            &inject,
            "-o",
            "strace",
            "-p",
            &init.host_pid.to_string(),
        ]);
        let strace = strace.current_dir(&init.dir).stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("strace");
        init.until("a tracer", || {
            let status = std::fs::read_to_string(format!("/proc/{}/status", init.host_pid)).expect("PID 1");
            (!status.contains("TracerPid:\t0\n")).then_some(())
        });
        Faults(strace)
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        // It lets go of the process when it is told to end.
        let _ = vat::sys::process::send(self.0.id(), 15);
        let _ = self.0.wait();
    }
}

fn lives_through(call: &str, errors: &[&str], every: u32) {
    let mut init = Namespace::start(SECTIONS);
    for error in errors {
        let faults = Faults::begin(&init, call, error, every);
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(1500) {
            // Any answer will do, and none.
            for method in ["supervisor.stopProcess", "supervisor.startProcess"] {
                let _ = init.try_call_within(SOON, method, vec![Value::text("a")]);
            }
            assert!(init.is_alive(), "{call} {error}: {}{}", init.file("stderr"), init.log());
        }
        drop(faults);
        let failed = init.file("strace").matches("(INJECTED)").count();
        println!("{failed} calls failed with {error}: {call}");
        assert!(init.is_alive(), "{call} {error}: {}{}", init.file("stderr"), init.log());
    }
    init.until_it_answers();
    init.until("a to be what it is told", || {
        let _ = init.call_with("stopProcess", "a");
        // Whoever could not be signalled is not known to have stopped before that is seen.
        if init.state("a") == "UNKNOWN" {
            init.run(&format!("kill -9 {}", init.pid("a")));
        }
        let _ = init.call_with("startProcess", "a");
        (init.state("a") == "RUNNING").then_some(())
    });
    assert!(!init.file("stderr").contains("panicked"), "{}", init.file("stderr"));
    assert!(init.open_files() < 80, "{} open files", init.open_files());
    let (code, took) = init.stop();
    assert!(code == Some(0) && took < Duration::from_secs(10), "{code:?} {took:?}");
}

macro_rules! faults {
    ($($name:ident: $calls:literal, $errors:expr, $every:literal;)*) => {$(
        #[test]
        fn $name() {
            lives_through($calls, &$errors, $every);
        }
    )*};
}

// Case 34.
faults! {
    files_that_cannot_be_opened: "openat", ["EMFILE", "EIO"], 2;
    writes_that_fail: "write,writev,sendto", ["ENOSPC", "EIO"], 3;
    reads_that_fail: "read,recvfrom", ["EIO", "ENOMEM"], 3;
    pipes_that_cannot_be_made: "pipe2", ["ENFILE", "ENOMEM"], 2;
    forks_that_fail: "clone,fork,vfork", ["EAGAIN", "ENOMEM"], 2;
    polls_that_fail: "epoll_ctl", ["ENOMEM", "ENOSPC"], 3;
    waits_that_fail: "epoll_wait,epoll_pwait", ["EINTR", "ENOMEM"], 2;
    connections_that_fail: "accept4,accept,getpeername,getsockname", ["EMFILE", "ECONNABORTED"], 2;
    signals_that_fail: "kill", ["EPERM", "ESRCH"], 2;
    children_that_are_not_told: "waitid,wait4", ["EINTR", "ECHILD"], 2;
    small_things_that_fail: "fcntl,lseek,fstat,statx,newfstatat,rename,unlink,prlimit64", ["EIO", "ENOMEM"], 5;
}

/// To begin anew takes files, sockets and memory, all of which may be refused by then.
#[test]
fn beginning_anew_survives_failures() {
    let mut init = Namespace::start(SECTIONS);
    let calls =
        "openat,epoll_create1,epoll_ctl,socket,bind,listen,connect,fchmod,chmod,rename,link,unlink,setrlimit,prlimit64";
    for error in ["EMFILE", "EACCES"] {
        let faults = Faults::begin(&init, calls, error, 3);
        for _ in 0..6 {
            init.signal_from_outside(number::HUP);
            std::thread::sleep(Duration::from_millis(400));
            assert!(init.is_alive(), "{error}: {}{}", init.file("stderr"), init.log());
        }
        drop(faults);
    }
    // One that could not listen does so when it is told to begin anew.
    init.signal_from_outside(number::HUP);
    init.until_it_answers();
    init.until_state("a", "RUNNING");
    assert_eq!(init.stop().0, Some(0));
}

/// Numbers that no clock counts to.
#[test]
fn extreme_numbers_are_numbers() {
    const MOST: i64 = i64::MAX;
    let mut init = Namespace::start(&format!(
        "[program:a]\ncommand=sleep 1000\nstartsecs={MOST}\nstopwaitsecs={MOST}\npriority={MOST}\nstartretries=2147483647\n\
         [program:b]\ncommand=/no/such\nstartretries=3\nrestart_delay=36500d\npriority=-{MOST}\n\
         [program:c]\ncommand=sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\nstartsecs=0\nstopwaitsecs=0\n\
         [eventlistener:l]\ncommand=cat\nevents=EVENT\nbuffer_size={MOST}\nstartsecs=-1\n"
    ));
    assert_eq!((init.state("a").as_str(), init.state("b").as_str()), ("STARTING", "BACKOFF"));
    init.call_with("stopProcess", "c").expect("a stop");
    let (code, took) = init.stop();
    assert!(code == Some(0) && took < Duration::from_secs(4), "{code:?} {took:?}");
}
