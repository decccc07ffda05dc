//! Time that passes while nobody looks.

use super::namespace::Namespace;
use std::fs;
use std::time::Duration;
use vat::sys::signal::number;

const LISTENER: &str = "printf 'READY\\n'
while read -r header; do
    echo \"$header\" >> told
    head -c \"${header##*len:}\" > /dev/null
    printf 'RESULT 2\\nOKREADY\\n'
done
";

/// Case 28: frozen for a while (docker pause), it makes up for nothing.
#[test]
fn after_a_pause_there_is_one_tick_and_no_kill() {
    let mut init = Namespace::start(
        "[program:a]\ncommand=sleep 1000\n[eventlistener:l]\ncommand=sh %(here)s/listener\nevents=TICK_5\nautostart=false\n",
    );
    fs::write(init.dir.join("listener"), LISTENER).unwrap();
    init.call_with("startProcess", "l").expect("a start");
    init.until_state("a", "RUNNING");
    let ticks = || init.file("told").matches("eventname:TICK_5").count();
    init.until("a first tick", || (ticks() > 0).then_some(()));
    init.signal_from_outside(19);
    std::thread::sleep(Duration::from_secs(16));
    let before = ticks();
    init.signal_from_outside(number::CONT);
    std::thread::sleep(Duration::from_millis(1500));
    // The next regular one may come by chance.
    let burst = ticks() - before;
    assert!(burst == 1 || burst == 2, "{burst}: {}", init.file("told"));
    assert_eq!(init.log().matches("spawned: ").count(), 2, "{}", init.log());
    assert_eq!(init.stop().0, Some(0));
}

/// Case 27: no timer is of a clock that can be set. Here the monotonic clock begins long ago.
#[test]
fn another_boot_time_changes_nothing() {
    let mut init = Namespace::begin_by("", "[program:a]\ncommand=sleep 0.1\nstartretries=1\n", |dir, _| {
        let mut command = std::process::Command::new("unshare");
        command.args(["--time", "--monotonic", "90000000", "--boottime", "90000000"]);
        command.args([
            "--pid",
            "--mount",
            "--fork",
            "--kill-child",
            "--mount-proc",
            crate::support::supervised::PROGRAM,
            "-c",
        ]);
        command.arg(dir.join("conf")).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
        command
    });
    init.until_it_answers();
    init.until_state("a", "FATAL");
    assert_eq!(init.stop().0, Some(0));
}
