//! Zombies and orphans: whoever ends is reaped, whoever was left behind is adopted, and ended with the container.

use super::namespace::Namespace;
use crate::support::supervised::{PROGRAM, Supervised};
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use vat::sys::process::{before_exec, die_with_parent};
use vat::sys::signal::number;

/// Case 1: thousands of orphans end at once.
#[test]
fn a_storm_of_zombies_passes() {
    let storm = "i=0; while [ $i -lt 5000 ]; do (true &); i=$((i+1)); done; echo over > over; exec sleep 1000";
    let init = Namespace::start(&format!("[program:storm]\ncommand=sh -c '{storm}'\nstartsecs=0\n"));
    init.until("the storm's end", || init.dir.join("over").exists().then_some(()));
    let began = Instant::now();
    init.until("no zombies", || init.processes().iter().all(|seen| seen.state != 'Z').then_some(()));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(init.cpu() < Duration::from_secs(2), "{:?}", init.cpu());
    assert_eq!(init.log().matches("reaped unknown pid").count(), 5000);
    assert_eq!(init.state("storm"), "RUNNING");
}

/// Case 2: one SIGCHLD stands for many.
#[test]
fn ends_that_came_while_it_was_stopped_are_all_seen() {
    let init = Namespace::start(
        "[program:s]\ncommand=sleep 1000\nnumprocs=50\nprocess_name=%(process_num)02d\nstartsecs=0\nautorestart=false\n",
    );
    init.until("50 sleeps", || (init.count("sleep") == 50).then_some(()));
    init.signal_from_outside(19);
    init.run("kill -9 $(cat /proc/[0-9]*/stat | sed -n 's/^\\([0-9]*\\) (sleep) .*/\\1/p')");
    init.until("50 zombies", || {
        let all = init.processes();
        (all.iter().filter(|seen| seen.name == "sleep" && seen.state == 'Z').count() == 50).then_some(())
    });
    init.signal_from_outside(number::CONT);
    let began = Instant::now();
    init.until("all EXITED", || (0..50).all(|n| init.state(&format!("s:{n:02}")) == "EXITED").then_some(()));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(init.count("sleep"), 0);
}

/// Case 3: a daemon that forked twice is nobody's program.
#[test]
fn an_orphan_is_adopted_and_reaped_and_no_program() {
    let mut init =
        Namespace::start("[program:a]\ncommand=sh -c '(sleep 0.7; exit 3) & sh -c \"sleep 0.5 &\"; exec sleep 1000'\n");
    init.until_state("a", "RUNNING");
    let pid = init.pid("a");
    init.until_logged("reaped unknown pid");
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(init.log().matches("reaped unknown pid").count(), 1, "{}", init.log());
    assert_eq!((init.state("a").as_str(), init.pid("a")), ("RUNNING", pid));
    assert_eq!(init.stop().0, Some(0));
}

/// Case 4: whoever is left at the end gets TERM, and KILL a moment later.
#[test]
fn orphans_get_term_and_then_kill() {
    let mut init = Namespace::start("[program:a]\ncommand=sh %(here)s/script\nstartsecs=0\nautostart=false\n");
    fs::write(init.dir.join("script"), "setsid sh polite.sh & setsid sh stubborn.sh & exec sleep 1000\n").unwrap();
    fs::write(
        init.dir.join("polite.sh"),
        "trap 'echo term >> polite; exit' TERM; touch up1; while :; do sleep 0.05; done",
    )
    .unwrap();
    fs::write(
        init.dir.join("stubborn.sh"),
        "trap 'echo term >> stubborn' TERM; touch up2; while :; do sleep 0.05; done",
    )
    .unwrap();
    init.call_with("startProcess", "a").expect("a start");
    init.until("both", || (init.dir.join("up1").exists() && init.dir.join("up2").exists()).then_some(()));
    let (code, took) = init.stop();
    assert_eq!(code, Some(0));
    assert_eq!((init.file("polite"), init.file("stubborn")), ("term\n".to_owned(), "term\n".to_owned()));
    assert!(took > Duration::from_millis(900) && took < Duration::from_secs(4), "{took:?}");
}

/// Case 17: beside another PID 1 it adopts its own orphans.
#[test]
fn it_is_a_subreaper_where_it_is_not_pid_1() {
    let mut daemon = Supervised::start(
        "[program:a]\ncommand=sh -c 'sh -c \"sleep 1.5 & echo \\$! > orphan\"; exec sleep 1000'\nstartsecs=0\n",
    );
    let orphan = daemon.until("the orphan", || daemon.file("orphan").trim().parse::<u32>().ok());
    daemon.until("adoption", || {
        let status = fs::read_to_string(format!("/proc/{orphan}/status")).expect("the orphan");
        status.contains(&format!("PPid:\t{}\n", daemon.own_pid())).then_some(())
    });
    daemon.until_logged(&format!("reaped unknown pid {orphan} (exit status 0)"));
    assert_eq!(daemon.stop(), Some(0));
}

/// In the background of another PID 1 it hears signals, and of its children's ends.
#[test]
fn it_goes_to_the_background_where_it_is_not_pid_1() {
    let program = "[program:a]\ncommand=sleep 0.3\nstartsecs=0\nautorestart=false\n[program:b]\ncommand=sleep 1000\n";
    let daemon = Supervised::begin_by("nodaemon=false\n", program, |dir| {
        let script = format!("{PROGRAM} -c {}; echo $? > begun; exec sleep 1000", dir.join("conf").display());
        let mut command = Command::new("unshare");
        command.args(["--pid", "--mount", "--fork", "--kill-child", "--mount-proc", "sh", "-c", &script]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        before_exec(&mut command, die_with_parent);
        command
    });
    daemon.until("the background", || (daemon.file("begun") == "0\n").then_some(()));
    daemon.until_it_answers();
    daemon.until_state("a", "EXITED");
    let pid_1 = super::namespace::only_child(daemon.own_pid()).expect("PID 1");
    let own = daemon.file("pid");
    let kill = Command::new("nsenter")
        .args(["--pid", "--mount", "--target", &pid_1.to_string(), "kill", own.trim()])
        .status()
        .expect("nsenter");
    assert!(kill.success());
    daemon.until_logged("stopped: b (terminated by SIGTERM)");
    daemon.until("its end", || (!daemon.dir.join("pid").exists()).then_some(()));
    let _ = vat::sys::process::send(pid_1, number::KILL);
}
