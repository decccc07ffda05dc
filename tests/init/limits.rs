//! What a program may have, and who ends with it: cgroups of the programs' own, `killmode`, OOM kills, `environment_file`.

use crate::support::docker::elsewhere;
use crate::support::supervised::{PROGRAM, Supervised};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use vat::sys::{self, signal::number};

/// Where the cgroups are that a process is in, as far as they are the programs' own.
fn cells(pid: u32) -> Vec<PathBuf> {
    let cgroup = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let mountinfo = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let mounted = |controllers: &str| {
        mountinfo.lines().find_map(|line| {
            let (left, right) = line.split_once(" - ")?;
            let [kind, _, options] = right.split(' ').collect::<Vec<_>>()[..] else { return None };
            let is_it = match controllers {
                "" => kind == "cgroup2",
                all => kind == "cgroup" && all.split(',').all(|one| options.split(',').any(|other| other == one)),
            };
            is_it.then(|| left.split(' ').nth(4).unwrap().to_owned())
        })
    };
    let dir = |line: &str| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let is_cell = path.rsplit('/').next()?.starts_with("vat.");
        is_cell.then(|| format!("{}{path}", mounted(controllers).expect("a mount")).into())
    };
    cgroup.lines().filter_map(dir).collect()
}

/// A file of the cgroups of a process's own, by its name on v1 or on v2.
fn set(pid: u32, v1: &str, v2: &str) -> Option<String> {
    let read = |dir: &PathBuf| [v1, v2].iter().find_map(|file| fs::read_to_string(dir.join(file)).ok());
    cells(pid).iter().find_map(read).map(|text| text.trim().to_owned())
}

/// Whether the cgroups can be written here; whoever runs tests without root cannot.
fn has_cgroups() -> bool {
    let is_writable = sys::process::is_root() && Path::new("/sys/fs/cgroup").exists();
    if !is_writable {
        elsewhere("the cgroups are not ours to write");
    }
    is_writable
}

/// Whether any process still has this word in its command line.
fn runs(word: &str) -> bool {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let own = std::process::id().to_string();
    let has = |dir: PathBuf| {
        let line = fs::read(dir.join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|one| one == word.as_bytes())
    };
    all.filter(|entry| entry.file_name() != *own).any(|entry| has(entry.path()))
}

/// A number that no other test sleeps for.
fn unique(number: u32) -> String {
    (u64::from(std::process::id()) * 1000 + u64::from(number)).to_string()
}

#[test]
fn a_program_is_limited_by_a_cgroup_of_its_own() {
    if !has_cgroups() {
        return;
    }
    let mut daemon = Supervised::start(
        "[program:a.b]\ncommand=sleep 1000\nmemory=64MB\npids=7\ncpu=0.5\nstartsecs=0\n[program:free]\ncommand=sleep 1000\n",
    );
    daemon.until_state("a.b", "RUNNING");
    let pid = daemon.pid("a.b");
    daemon.until("its cgroups", || (!cells(pid).is_empty()).then_some(()));
    assert_eq!(set(pid, "memory.limit_in_bytes", "memory.max").as_deref(), Some("67108864"));
    assert_eq!(set(pid, "pids.max", "pids.max").as_deref(), Some("7"));
    let cpu = set(pid, "cpu.cfs_quota_us", "cpu.max").unwrap();
    assert!(cpu == "50000" || cpu == "50000 100000", "{cpu}");
    assert!(cells(daemon.pid("free")).is_empty() && cells(daemon.own_pid()).is_empty());
    let dirs = cells(pid);
    assert!(dirs.iter().all(|dir| dir.ends_with("vat.a%2Eb.a%2Eb")), "{dirs:?}");
    daemon.call_with("stopProcess", "a.b").expect("a stop");
    daemon.until("their end", || dirs.iter().all(|dir| !dir.exists()).then_some(()));
    daemon.call_with("startProcess", "a.b").expect("a start");
    daemon.until_state("a.b", "RUNNING");
    assert_eq!(daemon.stop(), Some(0));
    assert!(dirs.iter().all(|dir| !dir.exists()), "{dirs:?}");
    assert!(!daemon.log().contains("runs without"), "{}", daemon.log());
}

/// A daemon in a mount namespace of its own, in which this shell script ran before.
fn start_behind(script: &str, sections: &str) -> Supervised {
    let daemon = Supervised::begin_by("", sections, |dir| {
        let script = format!("{script}; exec \"$@\"");
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script, "sh", PROGRAM, "-c"]).arg(dir.join("conf"));
        command
    });
    daemon.until_it_answers();
    daemon
}

/// As unprivileged Docker mounts them.
#[test]
fn where_cgroups_are_read_only_the_program_runs_all_the_same() {
    if !has_cgroups() {
        return;
    }
    let script = "mount -o bind,remount,ro /sys/fs/cgroup; for m in /sys/fs/cgroup/*; do mount -o bind,remount,ro $m; done \
                  2>/dev/null";
    let stray = unique(1);
    let sections = format!(
        "[program:a]\ncommand=sleep 1000\nmemory=64MB\nstartsecs=0\n[program:b]\ncommand=sleep 1000\nmemory=64MB\n\
         startsecs=0\n[program:c]\ncommand=sh -c 'setsid sleep {stray} & exec sleep 1000'\nkillmode=cgroup\nstartsecs=0\n\
         stopwaitsecs=1\n"
    );
    let init = start_behind(script, &sections);
    for name in ["a", "b", "c"] {
        init.until_state(name, "RUNNING");
    }
    let log = init.log();
    assert!(log.contains("WARN 'a' runs without the cgroup it asks for: the cgroups at "), "{log}");
    assert!(log.contains(" are mounted read-only, as in a container"), "{log}");
    assert!(!log.contains("'b' runs without"), "{log}");
    init.until("its stray", || runs(&stray).then_some(()));
    init.call_with("stopProcess", "c").expect("a stop");
    init.until("its end", || (!runs(&stray)).then_some(()));
}

/// A tree as npm, crond and gunicorn make it: one in another session, one that was orphaned, one that does not hear TERM.
fn tree(mode: &str, from: u32) -> ([String; 4], String) {
    let words = [0, 1, 2, 3].map(|number| unique(from + number));
    let [leader, session, orphan, deaf] = &words;
    let section = format!(
        "[program:t]\ncommand=sh -c 'setsid sleep {session} & (setsid sleep {orphan} &)\n  \
         setsid sh -c \"trap \\\"\\\" TERM && exec sleep {deaf}\" &\n  exec sleep {leader}'\n\
         {mode}\nstartsecs=0\nstopwaitsecs=1\nautorestart=false\n"
    );
    (words, section)
}

fn stops_with_its_tree(mode: &str, from: u32, start: impl FnOnce(&str) -> Supervised) {
    let (words, section) = tree(mode, from);
    let mut daemon = start(&section);
    daemon.until("all of them", || words.iter().all(|word| runs(word)).then_some(()));
    daemon.call_with("stopProcess", "t").expect("a stop");
    assert!(runs(&words[3]), "one of them does not hear TERM");
    daemon.until("their end", || (!words.iter().any(|word| runs(word))).then_some(()));
    assert_eq!(daemon.state("t"), "STOPPED");
    assert!(daemon.log().contains("WARN killing 1 process that 't' left behind with SIGKILL"), "{}", daemon.log());
    // And where the leader ends by itself.
    daemon.call_with("startProcess", "t").expect("a start");
    daemon.until("all of them again", || words.iter().all(|word| runs(word)).then_some(()));
    sys::process::send(daemon.pid("t"), number::KILL).unwrap();
    daemon.until("their end again", || (!words.iter().any(|word| runs(word))).then_some(()));
    daemon.until_state("t", "EXITED");
    // And at the daemon's own end.
    daemon.call_with("startProcess", "t").expect("a start");
    daemon.until("all of them a third time", || words.iter().all(|word| runs(word)).then_some(()));
    let dirs = cells(daemon.pid("t"));
    assert_eq!(daemon.stop(), Some(0));
    assert!(!words.iter().any(|word| runs(word)), "{}", daemon.log());
    assert!(dirs.iter().all(|dir| !dir.exists()), "{dirs:?}");
}

#[test]
fn killmode_tree_reaches_who_changed_the_session() {
    stops_with_its_tree("killmode=tree", 10, Supervised::start);
}

#[test]
fn killmode_cgroup_reaches_everybody_in_it() {
    if has_cgroups() {
        stops_with_its_tree("killmode=cgroup", 20, Supervised::start);
    }
}

/// Where only v1 is mounted there is no cgroup.kill, but a freezer.
#[test]
fn killmode_cgroup_does_with_a_freezer() {
    if has_cgroups() && Path::new("/sys/fs/cgroup/freezer").exists() {
        let script = "umount /sys/fs/cgroup/unified 2>/dev/null";
        stops_with_its_tree("killmode=cgroup", 40, |section| start_behind(script, section));
    }
}

/// Without it those that changed the session live on, as under supervisord.
#[test]
fn without_killmode_they_are_left_alone() {
    let (words, section) = tree("stopasgroup=true", 30);
    let daemon = Supervised::start(&section);
    daemon.until("all of them", || words.iter().all(|word| runs(word)).then_some(()));
    daemon.call_with("stopProcess", "t").expect("a stop");
    assert!(words[1..].iter().all(|word| runs(word)));
    for word in &words[1..] {
        let _ = Command::new("pkill").args(["-KILL", "-f", &format!("sleep {word}")]).status();
    }
}

#[test]
fn an_oom_kill_is_told_from_a_kill() {
    if !has_cgroups() {
        return;
    }
    let hog = "command=sh -c 'head -c 100m /dev/zero | tail | wc -c'";
    let eats = "command=tail /dev/zero";
    let daemon = Supervised::start(&format!(
        "[program:eats]\n{eats}\nmemory=20MB\nstartsecs=0\nautorestart=false\n\
         [program:quick]\n{eats}\nmemory=20MB\nstartsecs=30\nstartretries=0\n\
         [program:below]\n{hog}\nmemory=20MB\nstartsecs=0\nautorestart=false\n\
         [program:killed]\ncommand=sleep 1000\nmemory=20MB\nstartsecs=0\nautorestart=false\n\
         [program:plain]\ncommand=sleep 1000\nstartsecs=0\nautorestart=false\n\
         [eventlistener:l]\ncommand=/bin/sh %(here)s/listen\nevents=PROCESS_OOM\nautostart=false\nstartsecs=0\n"
    ));
    let _ = fs::write(
        daemon.dir.join("listen"),
        "while :; do echo READY; read head; set -- ${head##*len:}; head -c $1 >> events; echo >> events; \
         printf 'RESULT 2\\nOK'; done",
    );
    daemon.until_state("eats", "EXITED");
    daemon.until_state("quick", "FATAL");
    daemon.until_state("below", "EXITED");
    for name in ["killed", "plain"] {
        sys::process::send(daemon.pid(name), number::KILL).unwrap();
        daemon.until_state(name, "EXITED");
    }
    assert_eq!(
        (daemon.told("eats", "spawnerr").as_str(), daemon.told("quick", "description").as_str()),
        ("OOM killed", "OOM killed")
    );
    assert!(daemon.told("eats", "description").ends_with(", OOM killed"), "{}", daemon.told("eats", "description"));
    for name in ["killed", "plain"] {
        assert_eq!(daemon.told(name, "spawnerr"), "Bad exit code -1");
    }
    let log = daemon.log();
    assert!(
        log.contains("CRIT OOM killed: 'eats' with pid ") && log.contains(", its memory is limited to 20971520 bytes")
    );
    assert!(log.contains("CRIT OOM killed: a process of 'below', "), "{log}");
    assert_eq!(log.matches("OOM killed").count(), 3, "{log}");
    daemon.call_with("startProcess", "l").expect("a listener");
    daemon.call_with("startProcess", "eats").expect("a start");
    daemon.until("an event", || daemon.file("events").contains("processname:eats groupname:eats pid:").then_some(()));
}

#[test]
fn variables_come_from_files_at_each_start() {
    let daemon = Supervised::start(
        "[program:a]\ncommand=env\nenvironment_file=%(here)s/one,-%(here)s/two\nenvironment=OWN=\"mine\"\n\
         stdout_logfile=%(here)s/a\nautostart=false\nstartsecs=0\nautorestart=false\n\
         [program:b]\ncommand=env\nenvironment_file=%(here)s/bad\nautostart=false\nstartretries=0\n",
    );
    let start = |name| daemon.call_with("startProcess", name);
    assert!(start("a").is_err(), "the first may not be missing");
    let missing = format!("can't read environment_file {}/one: No such file or directory", daemon.dir.display());
    assert_eq!(daemon.told("a", "spawnerr"), missing);
    daemon.call_with("stopProcess", "a").expect("no more tries");
    fs::write(daemon.dir.join("one"), "# secrets\nONE='a b'\nOWN=theirs\nSUPERVISOR_ENABLED=no\n").unwrap();
    start("a").expect("a start");
    daemon.until("its words", || daemon.file("a").contains("ONE=a b\n").then_some(()));
    assert!(daemon.file("a").contains("OWN=mine\n"), "{}", daemon.file("a"));
    fs::write(daemon.dir.join("two"), "ONE=2\n").unwrap();
    daemon.until_state("a", "EXITED");
    start("a").expect("a start");
    daemon.until("other words", || daemon.file("a").contains("ONE=2\n").then_some(()));
    fs::write(daemon.dir.join("bad"), "A=1\noops\n").unwrap();
    assert!(start("b").is_err());
    assert!(daemon.told("b", "spawnerr").ends_with("/bad: line 2: no '='"), "{}", daemon.told("b", "spawnerr"));
    // Something that never ends, and something that would be waited for.
    for bad in ["/dev/zero", "fifo"] {
        let _ = fs::remove_file(daemon.dir.join("bad"));
        match bad {
            "fifo" => drop(Command::new("mkfifo").arg(daemon.dir.join("bad")).status().unwrap()),
            other => std::os::unix::fs::symlink(other, daemon.dir.join("bad")).unwrap(),
        }
        let _ = start("b");
        daemon.call("supervisor.getState", vec![]).expect("an answer");
    }
}

#[test]
fn a_program_has_its_users_variables_and_its_own_limits() {
    let user = "nobody";
    if !sys::process::is_root() {
        return elsewhere("only root may become another");
    }
    let script = "echo $HOME $USER $LOGNAME && id -un && ulimit -Hn && ulimit -Sn && ulimit -u && ulimit -c";
    let daemon = Supervised::start(&format!(
        "[program:a]\ncommand=bash -c '{script}'\nuser={user}\nuser_env=true\nrlimit_nofile=100:200\nrlimit_nproc=5000\n\
         rlimit_core=unlimited\nstdout_logfile=%(here)s/a\nstartsecs=0\nautorestart=false\n"
    ));
    daemon.until_state("a", "EXITED");
    let told = daemon.until("its words", || Some(daemon.file("a")).filter(|told| told.lines().count() == 6));
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].ends_with(" nobody nobody"), "{told}");
    assert_eq!(lines[1..], ["nobody", "200", "100", "5000", "unlimited"]);
}
