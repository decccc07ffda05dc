//! What a program is given by the daemon, and what not.

use super::namespace::{Namespace, mask};
use std::fs;
use vat::sys::process::before_exec;
use vat::sys::signal::number;

/// Case 10: whatever the daemon does with signals, its programs begin as any program expects.
#[test]
fn no_signal_is_kept_from_a_program() {
    let init = Namespace::begin_by(
        "",
        "[program:a]\ncommand=cat /proc/self/status\nstdout_logfile=%(here)s/a\nstartsecs=0\nautorestart=false\n",
        |_, mut command| {
            before_exec(&mut command, || {
                let mut all = nix::sys::signal::SigSet::all();
                all.remove(nix::sys::signal::Signal::SIGTERM);
                Ok(all.thread_block()?)
            });
            command
        },
    );
    init.until_it_answers();
    init.until_state("a", "EXITED");
    let status = init.until("all of it", || Some(init.file("a")).filter(|status| status.contains("SigCgt")));
    for mask in ["SigPnd", "SigBlk", "SigCgt"] {
        assert!(status.contains(&format!("{mask}:\t0000000000000000\n")), "{status}");
    }
    assert!(status.contains(&format!("SigIgn:\t{:016x}\n", ignored_here())), "{status}");
}

/// What was ignored on purpose (nohup(1)) stays so.
#[test]
fn a_signal_that_was_ignored_from_outside_stays_ignored() {
    let init = Namespace::begin_run_by(
        "",
        "[program:a]\ncommand=cat /proc/self/status\nstdout_logfile=%(here)s/a\nstartsecs=0\nautorestart=false\n",
        &["sh", "-c", "trap '' USR1; exec \"$@\"", "sh"],
        |_, command| command,
    );
    init.until_it_answers();
    let status = init.until("all of it", || Some(init.file("a")).filter(|status| status.contains("SigCgt")));
    let usr1 = 1 << (number::USR1 - 1);
    assert!(status.contains(&format!("SigIgn:\t{:016x}\n", ignored_here() | usr1)), "{status}");
}

/// What whoever runs the tests ignores; PIPE is Rust's own doing, which its children do not inherit.
fn ignored_here() -> u64 {
    mask(std::process::id(), "SigIgn").expect("a mask") & !(1 << (number::PIPE - 1))
}

/// Case 33: what the daemon needs for itself its programs do not get.
#[test]
fn a_program_has_what_the_file_says_and_nothing_of_the_daemons() {
    let script = "ulimit -Sn; ulimit -Hn; ulimit -Sc; umask; pwd; cat /proc/self/oom_score_adj; \
                  ls /proc/self/fd | tr '\\n' ' '; echo; ps -o nice= -p $$; ps -o pid=,pgid=,sid= -p $$; env | sort";
    let mut init = Namespace::begin_run_by(
        "environment=COMMON=\"1\"\n",
        "[program:a]\ncommand=sh %(here)s/script\nstdout_logfile=%(here)s/a\nstartsecs=0\nautorestart=false\n\
         autostart=false\numask=027\ndirectory=/\nnice=5\noom_score_adj=123\nrlimit_core=0:1024\nenvironment=OWN=\"2\"\n",
        // A descriptor that somebody forgot goes to nobody.
        &["prlimit", "--nofile=300:4000", "sh", "-c", "exec \"$@\" 9</dev/zero", "sh"],
        |_, mut command| {
            command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
            command
        },
    );
    init.until_it_answers();
    fs::write(init.dir.join("script"), script).unwrap();
    init.call_with("startProcess", "a").expect("a start");
    let pid = init.log().split("spawned: 'a' with pid ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    init.until_state("a", "EXITED");
    let dir = init.dir.display().to_string();
    let told = init.until("all of it", || Some(init.file("a")).filter(|told| told.contains("SUPERVISOR_SERVER_URL")));
    let told: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.starts_with("_=")).collect();
    let ids: Vec<&str> = told[8].split_whitespace().collect();
    assert_eq!(ids[..2], [pid.as_str(), pid.as_str()], "a process group of its own");
    let expected = ["300", "4000", "0", "0027", "/", "123", "0 1 2 3", "5"];
    assert_eq!(told[..8], expected);
    let url = format!("SUPERVISOR_SERVER_URL=unix://{dir}/socket");
    let environment = [
        "COMMON=1",
        "OWN=2",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "PWD=/",
        "SUPERVISOR_ENABLED=1",
        "SUPERVISOR_GROUP_NAME=a",
        "SUPERVISOR_PROCESS_NAME=a",
        &url,
    ];
    assert_eq!(told[9..], environment);
    assert_eq!(init.stop().0, Some(0));
}
