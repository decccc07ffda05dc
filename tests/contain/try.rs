//! `vat try`, as root and for real: its limits, its end in every way it can come, and what it says where it cannot work.

use crate::support::docker;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn program() -> String {
    docker::programs().join("vat").to_str().unwrap().to_owned()
}

fn vat(args: &[&str]) -> Output {
    Command::new(program()).arg("try").args(args).stdin(Stdio::null()).output().unwrap()
}

/// Runs a shell script in the container.
fn inside(options: &[&str], script: &str) -> Output {
    vat(&[options, &["--", "sh", "-c", script]].concat())
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The cgroups of the `vat try` with this pid, in all hierarchies of this machine.
fn cgroups(pid: u32) -> Vec<PathBuf> {
    let mountinfo = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let is_cgroup = |line: &&str| line.contains(" - cgroup ") || line.contains(" - cgroup2 ");
    let mut waiting: Vec<PathBuf> =
        mountinfo.lines().filter(is_cgroup).map(|line| line.split(' ').nth(4).unwrap().into()).collect();
    let mut found = Vec::new();
    while let Some(dir) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        let dirs = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        waiting.extend(dirs.map(|entry| entry.path()));
        let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("vat-try-") && name.ends_with(&format!("-{pid}")) {
            found.push(dir);
        }
    }
    found
}

/// Whether a process runs whose command line has this in it.
fn runs(mark: &str) -> bool {
    let own = std::process::id().to_string();
    fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        // The vat that started it has it in its own command line.
        let is_program = line.starts_with(b"sleep\0");
        entry.file_name() != *own && is_program && String::from_utf8_lossy(&line).contains(mark)
    })
}

fn soon(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < until, "not within 10 s: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A container in which something sleeps, with a command line that nothing else has.
fn asleep(seconds: &str) -> Child {
    let child = Command::new(program()).args(["try", "--", "sleep", seconds]).stdin(Stdio::null()).spawn().unwrap();
    soon("the command runs", || runs(seconds));
    child
}

fn signal(name: &str, pid: u32) {
    assert!(Command::new("kill").args(["-s", name, &pid.to_string()]).status().unwrap().success());
}

#[test]
fn limits_are_set_as_asked() {
    let script = "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max 2>/dev/null; \
                  cat cpu/cpu.cfs_quota_us cpu.max 2>/dev/null; cat pids/pids.max pids.max 2>/dev/null";
    let said = inside(&["--memory", "300M", "--cpus", "0.5", "--pids", "50"], script);
    let said = out(&said);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines == ["314572800", "50000", "50"] || lines == ["314572800", "50000 100000", "50"], "{said}");
}

#[test]
fn memory_is_limited_and_swap_too() {
    let killed = inside(&["--memory", "64M"], "head -c 200m /dev/zero | tail > /dev/null");
    assert_eq!(killed.status.code(), Some(137), "{}", err(&killed));
    let fits = inside(&["--memory", "64M"], "head -c 20m /dev/zero | tail | wc -c");
    assert_eq!(out(&fits).trim(), "20971520");
}

#[test]
fn tasks_are_limited() {
    let said =
        inside(&["--pids", "20"], "for i in 1 2 3 4 5 6 7 8 9 0; do for j in 1 2 3; do sleep 2 & done; done; wait");
    assert!(err(&said).to_lowercase().contains("fork"), "{}", err(&said));
}

#[test]
fn it_is_a_container() {
    let said = inside(
        &[],
        "hostname; echo $$; cat /proc/1/comm; cat /etc/hostname; ls /run | wc -l; echo x > /dev/null && echo y",
    );
    let said = out(&said);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "vat-try");
    assert!(lines[1].parse::<u32>().unwrap() < 10, "{said}");
    assert_eq!(lines[2..], ["init", "vat-try", "0", "y"]);
    let mark = format!("/etc/vat-try-test-{}", std::process::id());
    assert_eq!(inside(&[], &format!("echo x > {mark} && cat {mark} > /dev/null")).status.code(), Some(0));
    assert!(!Path::new(&mark).exists(), "what is written stays in it");
    assert_ne!(inside(&[], "echo 1 > /proc/sys/vm/swappiness").status.code(), Some(0), "nor changes the machine");
    assert_ne!(inside(&[], "mount -t tmpfs x /mnt").status.code(), Some(0), "root is not the machine's root");
}

#[test]
fn the_machines_settings_are_only_shown() {
    let said =
        inside(&[], "for one in sys irq bus fs; do [ ! -e /proc/$one ] || grep \" /proc/$one \" /proc/mounts; done");
    assert!(!out(&said).is_empty() && out(&said).lines().all(|line| line.contains(" ro,")), "{}", out(&said));
    let write = "f=/proc/irq/default_smp_affinity; [ ! -e $f ] && exit 9; cat $f > /tmp/x; cat /tmp/x > $f";
    assert_ne!(inside(&[], write).status.code(), Some(0));
    assert_eq!(out(&inside(&[], "cat /proc/kcore /proc/keys 2>/dev/null | head -c 1 | wc -c")).trim(), "0");
}

#[test]
fn the_callers_umask_stays_outside() {
    let script = format!("umask 077; exec {} try -- sh -c 'stat -c %a / /etc/hosts /run; umask'", program());
    let said = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(out(&said), "755\n644\n755\n0077\n", "{}", err(&said));
}

#[test]
fn a_command_runs_where_its_caller_is() {
    let here = std::env::temp_dir().join(format!("vat-here-{}", std::process::id()));
    fs::create_dir(&here).unwrap();
    fs::write(here.join("file"), "seen\n").unwrap();
    let at = |dir: &Path, script: &str| {
        let mut command = Command::new(program());
        command.args(["try", "--", "sh", "-c", script]).current_dir(dir).stdin(Stdio::null()).output().unwrap()
    };
    let said = at(&here, "pwd; cat file; ls /tmp | wc -l; echo x > file || echo read-only");
    assert_eq!(out(&said), format!("{}\nseen\n1\nread-only\n", here.display()), "{}", err(&said));
    fs::remove_dir_all(&here).unwrap();
    assert_eq!(out(&at(Path::new("/etc"), "pwd; echo x > vat-try-here && echo own")), "/etc\nown\n");
    assert_eq!(out(&at(Path::new("/tmp"), "pwd; ls | wc -l; echo x > new && echo own")), "/tmp\n0\nown\n");
    assert_eq!(out(&at(Path::new("/proc/sys"), "pwd")), "/proc/sys\n");
    // A filesystem of its own, and a program that runs from it.
    let script = format!(
        "mount -t tmpfs x /mnt && mkdir /mnt/here && cd /mnt/here && cp /bin/echo say && exec {} try -- sh -c './say yes; : > x'",
        program()
    );
    let said = Command::new("unshare").args(["-m", "sh", "-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert_eq!((out(&said).as_str(), said.status.success()), ("yes\n", false), "{}", err(&said));
}

#[test]
fn a_mount_with_a_strange_name_does_not_end_it() {
    let script = format!(
        "mkdir -p /opt && mount -t tmpfs x /opt && mkdir /opt/a,b:c && mount -t tmpfs x /opt/a,b:c && echo seen > /opt/a,b:c/file && \
         mkdir /opt/sys && mount -t proc x /opt/sys && exec {} try -- cat /opt/a,b:c/file",
        program()
    );
    let said = Command::new("unshare").args(["-m", "sh", "-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert_eq!((out(&said).as_str(), said.status.code()), ("seen\n", Some(0)), "{}", err(&said));
}

#[test]
fn ours_are_first_on_the_path() {
    let said = inside(&["--memory", "300M"], "command -v free; free -b | awk '/^Mem:/ { print $2 }'; nproc; uptime");
    let said = out(&said);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..2], ["/usr/lib/vat/bin/free", "314572800"], "{said}");
    assert!(lines[3].contains("up 0 min"), "{said}");
}

#[test]
fn exit_codes_pass_through() {
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137)] {
        assert_eq!(inside(&[], script).status.code(), Some(code), "{script}");
    }
    let missing = vat(&["--", "no-such-program"]);
    assert_eq!(
        (missing.status.code(), err(&missing).as_str()),
        (Some(127), "vat try: no-such-program: No such file or directory\n")
    );
    let denied = vat(&["--", "/etc"]);
    assert_eq!((denied.status.code(), err(&denied).as_str()), (Some(126), "vat try: /etc: Permission denied\n"));
}

#[test]
fn orphans_are_reaped() {
    let said = inside(&[], "(sleep 0.1 &); sleep 0.5; ps -e -o stat= | grep -c Z");
    assert_eq!(out(&said).trim(), "0");
}

#[test]
fn nothing_is_left_of_success_and_failure() {
    for script in ["true", "false", "sleep 300 & sleep 300 & true", "kill -9 -1", "no-such-program"] {
        let child = Command::new(program())
            .args(["try", "--", "sh", "-c", script])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap();
        child.wait().unwrap();
        assert_eq!(cgroups(child.id()), Vec::<PathBuf>::new(), "{script}");
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        assert!(!mounts.contains("/0/upper,"), "{script}: {mounts}");
    }
}

#[test]
fn nothing_is_left_after_a_signal() {
    for (name, code, mark) in [("INT", 130, "987601"), ("TERM", 143, "987602"), ("HUP", 129, "987603")] {
        let mut child = asleep(mark);
        assert!(!cgroups(child.id()).is_empty());
        signal(name, child.id());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{name}");
        assert_eq!(cgroups(child.id()), Vec::<PathBuf>::new(), "{name}");
        assert!(!runs(mark), "{name}");
    }
}

#[test]
fn after_kill_9_its_processes_die_and_the_next_one_sweeps() {
    let mut child = asleep("987604");
    signal("KILL", child.id());
    child.wait().unwrap();
    soon("its processes die", || !runs("987604"));
    assert!(!cgroups(child.id()).is_empty(), "nobody was left to remove them");
    // The kernel may need a moment to let go of the dead.
    soon("the next one sweeps", || {
        assert_eq!(vat(&["--", "true"]).status.code(), Some(0));
        cgroups(child.id()).is_empty()
    });
}

#[test]
fn others_cgroups_are_left_alone() {
    let mut living = asleep("987605");
    assert_eq!(vat(&["--", "true"]).status.code(), Some(0));
    assert!(!cgroups(living.id()).is_empty() && runs("987605"), "a living one is not swept");
    signal("TERM", living.id());
    living.wait().unwrap();
}

/// Types into a terminal in which the command runs (with `exec`: a shell in between would die of Ctrl-C as well); gives all that is printed, and the exit code.
fn at_a_terminal(command: &str, typed: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut child = Command::new("script")
        .args(["-qec", command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keyboard = child.stdin.take().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut seen = String::new();
    let mut read = |until: &str, seen: &mut String| {
        let from = seen.len();
        let mut bytes = [0; 4096];
        while !seen[from..].contains(until) {
            let length = std::io::Read::read(&mut screen, &mut bytes).unwrap();
            if length == 0 {
                break;
            }
            seen.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    };
    for (wait_for, keys) in typed {
        read(wait_for, &mut seen);
        keyboard.write_all(keys.as_bytes()).unwrap();
    }
    read("\u{0}", &mut seen);
    drop(keyboard);
    (seen, child.wait().unwrap().code())
}

#[test]
fn a_shell_at_a_terminal() {
    let typed =
        [("[vat-try]", "free -b | grep Mem\n"), ("268435456", "set -m; sleep 0.1 & fg\n"), ("[vat-try]", "exit 3\n")];
    let (seen, code) = at_a_terminal(&format!("exec {} try --shell --memory 256M", program()), &typed);
    assert!(seen.contains("256 MiB, 1.5 CPUs, 200 tasks"), "{seen}");
    assert!(!seen.contains("job control"), "{seen}");
    assert_eq!(code, Some(3), "{seen}");
}

#[test]
fn ctrl_c_is_for_the_program_in_the_foreground() {
    let script = "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.1; done";
    let (seen, code) = at_a_terminal(&format!("exec {} try -- sh -c \"{script}\"", program()), &[("ready", "\u{3}")]);
    assert!(seen.contains("caught"), "{seen}");
    assert_eq!(code, Some(5), "{seen}");
}

#[test]
fn ctrl_c_ends_the_show() {
    let (seen, code) = at_a_terminal(&format!("exec {} try", program()), &[("$ free", "\u{3}")]);
    assert_eq!(code, Some(130), "{seen}");
}

/// Runs `vat try -- true` behind a command that takes something from it.
fn without(wrapper: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(wrapper[0]).args(&wrapper[1..]).stdin(Stdio::null()).output().unwrap();
    (err(&output), output.status.code())
}

#[test]
fn what_is_missing_is_said_in_one_line() {
    // A copy that everyone may run: the directory of the build may be root's alone.
    let copy = std::env::temp_dir().join(format!("vat-{}", std::process::id()));
    fs::copy(program(), &copy).unwrap();
    let path = copy.to_str().unwrap();

    let (said, code) = without(&["setpriv", "--reuid", "65534", "--clear-groups", path, "try"]);
    assert_eq!(said, format!("vat try: needs root, to make namespaces and cgroups: sudo {path} try\n"));
    assert_eq!(code, Some(1));

    let (said, code) = without(&["setpriv", "--bounding-set", "-sys_admin", path, "try"]);
    assert!(said.starts_with("vat try: this root has no CAP_SYS_ADMIN") && said.lines().count() == 1, "{said}");
    assert_eq!(code, Some(1));

    let read_only = "awk '$3 == \"cgroup\" || $3 == \"cgroup2\" { print $2 }' /proc/mounts | \
                     while read -r at; do mount -o remount,bind,ro \"$at\"; done";
    let (said, code) = without(&["unshare", "-m", "sh", "-c", &format!("{read_only}; {path} try")]);
    assert!(said.contains("mounted read-only, as in a container: run it on the machine itself"), "{said}");
    assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");

    let (said, code) = without(&["unshare", "-m", "sh", "-c", &format!("mount -t tmpfs x /sys/fs/cgroup; {path} try")]);
    assert_eq!((said.as_str(), code), ("vat try: no cgroups of this namespace are mounted here\n", Some(1)));
    fs::remove_file(&copy).unwrap();
}

#[test]
fn a_controller_that_is_missing_is_said() {
    // On v2 there is no single controller to hide.
    let Ok(pids) = fs::canonicalize("/sys/fs/cgroup/pids") else { return };
    let script = format!("mount -t tmpfs x {}; exec {} try -- true", pids.display(), program());
    let (said, code) = without(&["unshare", "-m", "sh", "-c", &script]);
    assert_eq!(said, "vat try: tasks: not limited: this machine has no pids controller\n");
    assert_eq!(code, Some(0));
}

#[test]
fn without_a_limit_of_memory_nothing_is_claimed() {
    let Ok(memory) = fs::canonicalize("/sys/fs/cgroup/memory") else { return };
    let script = format!("mount -t tmpfs x {}; exec {} try", memory.display(), program());
    let said = Command::new("unshare").args(["-m", "sh", "-c", &script]).stdin(Stdio::null()).output().unwrap();
    assert!(out(&said).contains("\nMemory could not be limited here"), "{}{}", out(&said), err(&said));
    assert_eq!(said.status.code(), Some(1));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let script = format!("{{ {} try; echo $? >&2; }} | head -n 1", program());
    let (said, _) = without(&["sh", "-c", &script]);
    assert_eq!(said, "0\n");
}

#[test]
fn the_show_tells_the_truth() {
    // Whatever the user likes to see otherwise.
    let likes = [("OMP_NUM_THREADS", "1"), ("VAT_DEBUG", "1"), ("POSIXLY_CORRECT", "1"), ("BLOCK_SIZE", "1K")];
    let said = Command::new(program()).arg("try").envs(likes).stdin(Stdio::null()).output().unwrap();
    let text = out(&said);
    assert!(text.contains("Ours told the truth: 512 MiB, "), "{text}{}", err(&said));
    assert_eq!(said.status.code(), Some(0));
}
