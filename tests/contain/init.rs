//! `vat-init` as Docker runs it.

use crate::support::docker::{IMAGE, available, elsewhere, programs};
use crate::support::supervised::Supervised;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::PermissionsExt;
use std::process::{ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A container whose PID 1 is `vat-init`; its directory has the same name inside as outside. Removed when it is dropped.
struct Container {
    supervised: Supervised,
    name: String,
}

impl Container {
    /// `docker run` with these options, without waiting for anything.
    fn begin(docker: &[&str], options: &str, sections: &str) -> Container {
        Container::begin_by(docker, options, sections, |command| command)
    }

    fn begin_by(docker: &[&str], options: &str, sections: &str, change: impl FnOnce(Command) -> Command) -> Container {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("vat-init-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let supervised = Supervised::begin_by(options, sections, |dir| {
            // Whoever it runs as.
            let conf = fs::read_to_string(dir.join("conf")).expect("the configuration");
            fs::write(dir.join("conf"), conf.replacen("user=root\n", "", 1)).expect("the configuration");
            fs::set_permissions(dir, fs::Permissions::from_mode(0o777)).expect("its directory");
            let mut run = Command::new("docker");
            run.args(["run", "--network", "none", "--name", &name]).args(docker);
            run.arg("-v").arg(format!("{0}:{0}", dir.display()));
            run.arg("-v").arg(format!("{}:/vat-init:ro", programs().join("vat-init").display()));
            run.args([IMAGE, "/vat-init", "-c"]).arg(dir.join("conf"));
            run.stdin(Stdio::null()).stdout(Stdio::null());
            change(run)
        });
        Container { supervised, name }
    }

    fn start(docker: &[&str], options: &str, sections: &str) -> Container {
        let container = Container::begin(docker, options, sections);
        container.until_it_answers();
        container
    }

    /// `docker VERB ARGUMENT... CONTAINER`.
    fn docker(&self, arguments: &[&str]) -> Output {
        Command::new("docker").args(arguments).arg(&self.name).output().expect("docker")
    }

    /// `docker stop`: how long it took, and the container's exit code.
    fn stop(&self) -> (Duration, String) {
        let began = Instant::now();
        assert!(self.docker(&["stop"]).status.success());
        let took = began.elapsed();
        let code = self.docker(&["inspect", "--format", "{{.State.ExitCode}}"]).stdout;
        (took, String::from_utf8_lossy(&code).trim().to_owned())
    }
}

impl Deref for Container {
    type Target = Supervised;

    fn deref(&self) -> &Supervised {
        &self.supervised
    }
}

impl DerefMut for Container {
    fn deref_mut(&mut self) -> &mut Supervised {
        &mut self.supervised
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.docker(&["rm", "--force"]);
    }
}

const SLEEP: &str = "[program:a]\ncommand=sleep 1000\nstartsecs=0\n";

#[test]
fn docker_stop_waits_for_twenty_slow_programs() {
    if !available() {
        return;
    }
    let slow = "command=sh -c 'trap \"sleep 0.4; echo x >> %(here)s/ended; exit\" TERM; echo x >> %(here)s/up; \
                while :; do sleep 0.1; done'\nnumprocs=20\nprocess_name=%(process_num)d\n";
    let container = Container::start(&[], "", &format!("[program:slow]\n{slow}"));
    container.until("all of them", || (container.file("up").lines().count() == 20).then_some(()));
    let (took, code) = container.stop();
    assert_eq!((container.file("ended").lines().count(), code.as_str()), (20, "0"), "{}", container.log());
    println!("docker stop of 20 programs that take 0.4 s each: {took:?}");
    assert!(took < Duration::from_secs(9), "{took:?}");
}

#[test]
fn docker_stop_is_in_time_with_a_program_that_does_not_stop() {
    if !available() {
        return;
    }
    let stubborn = "command=sh -c 'trap \"\" TERM; echo x >> %(here)s/up; while :; do sleep 0.1; done'\n";
    let container = Container::start(&[], "", &format!("[program:stubborn]\n{stubborn}"));
    container.until("it", || (!container.file("up").is_empty()).then_some(()));
    let (took, code) = container.stop();
    // 137 is what Docker's own KILL would make of it.
    assert_eq!(code, "0", "{took:?}");
}

#[test]
fn docker_run_has_the_essential_programs_exit_code() {
    if !available() {
        return;
    }
    let ends = [0, 1, 2, 127, 255].map(|code| (format!("exit {code}"), code));
    let killed = [("TERM", 143), ("KILL", 137), ("SEGV", 139)].map(|(name, code)| (format!("kill -{name} $$"), code));
    for (script, code) in ends.into_iter().chain(killed) {
        let program = format!("command=sh -c '{script}'\nessential=true\nautorestart=false\nstartsecs=0\n");
        let mut container = Container::begin(&[], "", &format!("[program:a]\n{program}"));
        assert_eq!(container.code(), Some(code), "{script}");
    }
}

#[test]
fn docker_pause_is_no_time_that_passed() {
    if !available() {
        return;
    }
    let listener = "printf \"READY\\\\n\"; while read -r header; do echo \"$header\" >> %(here)s/told; \
                    head -c \"$${header##*len:}\" > /dev/null; printf \"RESULT 2\\\\nOKREADY\\\\n\"; done";
    let container = Container::start(
        &[],
        "",
        &format!("{SLEEP}[eventlistener:l]\ncommand=sh -c '{}'\nevents=TICK_5\n", listener.replace("$$", "$")),
    );
    let ticks = || container.file("told").matches("eventname:TICK_5").count();
    container.until("a first tick", || (ticks() > 0).then_some(()));
    assert!(container.docker(&["pause"]).status.success());
    std::thread::sleep(Duration::from_secs(16));
    let before = ticks();
    assert!(container.docker(&["unpause"]).status.success());
    std::thread::sleep(Duration::from_secs(2));
    let burst = ticks() - before;
    assert!(burst == 1 || burst == 2, "{burst}");
    assert_eq!(container.log().matches("spawned: ").count(), 2, "{}", container.log());
}

/// Begins one with `docker run -it`, and whoever types there.
fn begin_at_terminal(sections: &str) -> (Container, ChildStdin) {
    let mut container = Container::begin_by(&["-it"], "silent=false\n", sections, |run| {
        let words = std::iter::once(run.get_program()).chain(run.get_args());
        let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
        let mut script = Command::new("script");
        script.args(["-q", "-e", "-f", "-c", &words.join(" "), "typescript"]);
        script.stdin(Stdio::piped()).stdout(Stdio::null());
        script
    });
    let typing = container.stdin();
    container.until_it_answers();
    (container, typing)
}

#[test]
fn ctrl_c_at_docker_run_it_stops_everything() {
    if !available() {
        return;
    }
    let (mut container, mut typing) = begin_at_terminal(SLEEP);
    container.until_state("a", "RUNNING");
    typing.write_all(b"\x03").expect("a key");
    assert_eq!(container.code(), Some(0));
    assert!(container.log().contains("received SIGINT indicating exit request"), "{}", container.log());
}

#[test]
fn a_shell_at_docker_run_it_has_job_control() {
    if !available() {
        return;
    }
    let shell = "[program:shell]\ncommand=bash --norc -i\ndirectory=%(here)s\nconsole=true\nstartsecs=0\nessential=true\n\
                 autorestart=false\n";
    let (mut container, mut typing) = begin_at_terminal(&format!("{shell}{SLEEP}"));
    typing.write_all(b"sh -c 'trap \"echo x > on\" CONT; echo x > up; while :; do sleep 0.1; done'\n").expect("keys");
    container.until("it to sleep", || (container.file("up") == "x\n").then_some(()));
    typing.write_all(b"\x1a").expect("a key");
    container.type_until(&mut typing, "jobs > jobs", "jobs", "Stopped");
    assert_eq!(container.state("a"), "RUNNING");
    typing.write_all(b"fg\n").expect("keys");
    container.until("it to go on", || (container.file("on") == "x\n").then_some(()));
    typing.write_all(b"\x03").expect("a key");
    container.type_until(&mut typing, "echo back > back", "back", "back");
    typing.write_all(b"exit 5\n").expect("keys");
    assert_eq!(container.code(), Some(5));
}

#[test]
fn any_user_and_a_read_only_root_will_do() {
    if !available() {
        return;
    }
    for docker in
        [&["--user", "12345"][..], &["--read-only"], &["--read-only", "--user", "12345:54321"], &["--cap-drop", "ALL"]]
    {
        let container =
            Container::begin(docker, "", &format!("{SLEEP}[program:i]\ncommand=id\nautorestart=false\nstartsecs=0\n"));
        container.until_it_answers();
        container.until_state("a", "RUNNING");
        container.until_state("i", "EXITED");
        assert_eq!(container.stop().1, "0", "{docker:?}: {}", container.log());
    }
}

#[test]
fn docker_kill_hup_with_a_broken_file_ends_nothing() {
    if !available() {
        return;
    }
    let container = Container::start(&[], "", SLEEP);
    let pid = container.pid("a");
    fs::write(container.dir.join("conf"), "[program:a\n").expect("the file");
    assert!(container.docker(&["kill", "--signal", "HUP"]).status.success());
    container.until_logged("everything goes on as it is");
    assert_eq!((container.state("a").as_str(), container.pid("a")), ("RUNNING", pid));
    assert!(container.log().contains(" CRIT "));
}

/// Case 27: the clock is set while it runs, forth and back. For the virtual machine, whose clock is nobody's.
#[test]
fn a_clock_that_is_set_stalls_nothing() {
    if std::env::var_os("VAT_VM").is_none() {
        return elsewhere("its clock is others' as well");
    }
    let container =
        Container::start(&[], "", "[program:a]\ncommand=sleep 1000\n[program:b]\ncommand=false\nautostart=false\n");
    let set = |by: &str| assert!(Command::new("date").args(["-s", by]).status().expect("date").success());
    set("2 hours ago");
    let began = Instant::now();
    container.until_state("a", "RUNNING");
    set("4 hours");
    let _ = container.call_with("startProcess", "b");
    container.until_state("b", "FATAL");
    set("2 hours ago");
    // Six seconds of backing off, and a slow machine; hours if it went by that clock.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert_eq!(container.stop().1, "0");
}
