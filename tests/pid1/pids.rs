//! Pids come again: nobody gets a signal that was another's.

use super::namespace::Namespace;
use std::time::{Duration, Instant};
use vat::rpc::Value;

/// Case 13: with 400 pids, a churn of processes, and clients that send signals as fast as they can to programs that end by
/// themselves all the time.
#[test]
fn a_bystander_never_gets_a_signal() {
    if !each_namespace_has_its_own_pid_max() {
        return crate::support::docker::elsewhere("pid_max is that of the whole machine before Linux 6.14");
    }
    let churn = "while :; do sh -c ':' ; [ $? -gt 128 ] && echo hit >> hits; done";
    let init = Namespace::start(&format!(
        "[program:churn]\ncommand=sh -c '{churn}'\nnumprocs=2\nprocess_name=%(process_num)d\n\
         [program:short]\ncommand=sh -c 'exec sleep 0.03'\nnumprocs=20\nprocess_name=%(process_num)d\nstartsecs=0\n\
         autorestart=true\nrestart_delay=1ms\n"
    ));
    let limit = init.run("echo 400 > /proc/sys/kernel/pid_max && cat /proc/sys/kernel/pid_max");
    assert_eq!(String::from_utf8_lossy(&limit.stdout), "400\n", "{limit:?}");
    let began = Instant::now();
    let mut sent = 0;
    while began.elapsed() < Duration::from_secs(6) {
        for n in 0..20 {
            let name = format!("short:{n}");
            sent += usize::from(
                init.call("supervisor.signalProcess", vec![Value::text(name), Value::text("USR1")]).is_ok(),
            );
        }
    }
    let log = init.log();
    let spawned = log.matches("spawned: ").count();
    assert!(sent > 50 && spawned > 100, "{sent} signals, {spawned} processes");
    assert_eq!(init.file("hits"), "");
    assert!(!log.contains("unknown problem"), "{log}");
}

fn each_namespace_has_its_own_pid_max() -> bool {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse().unwrap_or(0));
    (numbers.next(), numbers.next()) >= (Some(6), Some(14))
}
