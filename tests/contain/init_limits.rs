//! `vat-init` as PID 1 of a container: cgroups of the programs' own, where the container may write them and where not, and OOM kills.

use super::kinds::has_all_capabilities;
use crate::support::docker::{Container, available, elsewhere};
use std::time::Duration;

/// A container whose PID 1 is `vat-init`, with these programs.
fn supervised(options: &[&str], sections: &str) -> Container {
    let conf = format!(
        "[supervisord]\nnodaemon=true\nuser=root\nlogfile=/shared/log\npidfile=/tmp/pid\nchildlogdir=/tmp\n\
         [program:ready]\ncommand=sh -c 'echo ready && exec sleep 1000'\nstdout_logfile=/dev/stdout\n\
         stdout_logfile_maxbytes=0\n{sections}"
    );
    let script = "echo \"$1\" > /shared/conf && exec /vat/vat-init -c /shared/conf";
    Container::start(options, &["sh", "-c", script, "sh", &conf])
}

/// Waits until the main log has these words, and gives it.
fn logged(container: &Container, words: &str) -> String {
    for _ in 0..600 {
        let log = std::fs::read_to_string(container.shared.join("log")).unwrap_or_default();
        if log.contains(words) {
            return log;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let log = std::fs::read_to_string(container.shared.join("log")).unwrap_or_default();
    panic!("waited in vain for: {words}\n{log}");
}

/// A program that ends, and leaves another in a session of its own.
const STRAY: &str = "[program:stray]\ncommand=sh -c 'setsid sleep 4242 & exec sleep 2'\nkillmode=cgroup\nstopwaitsecs=1\n\
                     autorestart=false\n";

fn is_stray_gone(container: &Container) {
    logged(container, "exited: stray (exit status 0; expected)");
    let find = "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f; echo; done | grep -c '^sleep 4242'; true";
    for _ in 0..100 {
        if container.prints(&["sh", "-c", find]) == "0" {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it lives on");
}

#[test]
fn in_an_ordinary_container_programs_run_without_cgroups_of_their_own() {
    if !available() {
        return;
    }
    let sections = format!(
        "[program:limited]\ncommand=sleep 1000\nmemory=20MB\n\
         [program:eats]\ncommand=tail /dev/zero\nstartsecs=0\nautorestart=false\n\
         [program:killed]\ncommand=sh -c 'kill -9 $$'\nstartsecs=0\nautorestart=false\n{STRAY}"
    );
    let container = supervised(&["--memory", "64m", "--memory-swap", "64m"], &sections);
    let log = logged(&container, "success: limited entered RUNNING state");
    assert!(log.contains("WARN 'limited' runs without the cgroup it asks for: the cgroups at "), "{log}");
    let log = logged(&container, "exited: eats (terminated by SIGKILL; not expected)");
    assert!(
        log.contains("CRIT OOM killed: 'eats' with pid ") && log.contains(", the container's memory ran out"),
        "{log}"
    );
    let log = logged(&container, "exited: killed (terminated by SIGKILL; not expected)");
    assert!(!log.contains("OOM killed: 'killed'"), "{log}");
    is_stray_gone(&container);
}

#[test]
fn where_cgroups_can_be_written_programs_have_their_own() {
    if !available() {
        return;
    }
    if !has_all_capabilities() {
        return elsewhere("a privileged container, for root has not all capabilities");
    }
    let sections = format!(
        "[program:eats]\ncommand=tail /dev/zero\nmemory=20MB\nstartsecs=0\nautorestart=false\n\
         [program:small]\ncommand=sh -c 'cat /proc/self/cgroup > /shared/small && exec sleep 1000'\npids=7\ncpu=0.5\n\
         memory=64MB\nstartsecs=0\n{STRAY}"
    );
    let container = supervised(&["--privileged", "--memory", "512m"], &sections);
    let log = logged(&container, "exited: eats (terminated by SIGKILL; not expected)");
    assert!(log.contains("CRIT OOM killed: 'eats' with pid "), "{log}");
    assert!(log.contains(", its memory is limited to 20971520 bytes"), "{log}");
    assert!(!log.contains("runs without"), "{log}");
    // That a command can be run in the container also tells that whoever comes from outside still can.
    let said = |file: &str| container.prints(&["sh", "-c", &format!("cat $(find /sys/fs/cgroup -path '*{file}')")]);
    assert_eq!(said("/vat.small.small/pids.max"), "7");
    let small = std::fs::read_to_string(container.shared.join("small")).expect("its cgroups");
    assert!(small.contains("/vat.small.small"), "{small}");
    is_stray_gone(&container);
    let left = container.prints(&["sh", "-c", "find /sys/fs/cgroup -name 'vat.stray.*' -o -name 'vat.eats.*'"]);
    assert_eq!(left, "");
}
