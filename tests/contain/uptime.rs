//! The truth of `uptime`: since PID 1 started, and the load of the container's own threads.

use crate::support::docker::{self, Container};
use std::time::{SystemTime, UNIX_EPOCH};

/// When a process started, in seconds since 1970, as seen from outside: field 22 of its stat, and the boot time.
fn started(pid: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("the container's PID 1");
    let ticks: f64 = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap().parse().unwrap();
    let since_boot: f64 =
        std::fs::read_to_string("/proc/uptime").unwrap().split_whitespace().next().unwrap().parse().unwrap();
    now() - since_boot + ticks / 100.0
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// The fields of `uptime --raw`: now, seconds up, users, three loads.
fn raw(container: &Container) -> Vec<f64> {
    container.prints(&["/vat/uptime", "--raw"]).split(' ').map(|word| word.parse().expect("a number")).collect()
}

#[test]
fn up_since_pid_1_started_seen_from_outside() {
    if !docker::available() {
        return;
    }
    for options in [&["--cgroupns", "host"][..], &["--cgroupns", "private"], &["--pid", "host"]] {
        let container = Container::loaded(options, &[]);
        let start = started(&container.inspect("{{.State.Pid}}"));
        let before = now();
        let up = raw(&container)[1];
        let after = now();
        let (least, most) = (before - start - 0.05, after - start + 0.05);
        assert!((least..=most).contains(&up), "{options:?}: up {up}, expected {least} to {most}");
    }
}

#[test]
fn the_load_is_that_of_the_containers_own_threads() {
    if !docker::available() {
        return;
    }
    // Threads that a quota holds back want to run all the same, and leave the machine to others.
    const QUOTA: [&str; 2] = ["--cpus", "0.2"];
    let neighbour = Container::loaded(&QUOTA, &["spin=2"]);
    for options in [&["--cgroupns", "host"][..], &["--cgroupns", "private"], &["--pid", "host"]] {
        let container = Container::loaded(&[&QUOTA, options].concat(), &["spin=3"]);
        assert_eq!(raw(&container)[3..], [3.0; 3], "{options:?}");
        let idle = Container::loaded(options, &[]);
        assert_eq!(raw(&idle)[3..], [0.0; 3], "{options:?}");
    }
    drop(neighbour);
}

#[test]
fn a_samplers_loadavg_is_read_and_decays() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&[], &[]);
    let sample = |age: f64| {
        let script = format!(
            "mkdir -p /run/vat; awk '{{printf \"x\\n%.0f 4096 2048 1024\\n\", ($1 - {age}) * 1e9}}' /proc/uptime >/run/vat/loadavg"
        );
        container.prints(&["sh", "-c", &script]);
        raw(&container)[3..].to_vec()
    };
    assert_eq!(sample(0.5), [2.0, 1.0, 0.5]);
    let decayed = sample(6.0);
    assert!(decayed[0] < 1.9 && decayed[0] > 1.8, "one sample of idleness: {decayed:?}");
    assert_eq!(sample(20.0), [0.0; 3], "too old: the present activity");
}
