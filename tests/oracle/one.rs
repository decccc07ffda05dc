//! `vat-init` as tini and as dumb-init, beside Debian's own: the same commands, as PID 1 and not, with and without a terminal; and what
//! an init in a container has to stand.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const OURS: &str = env!("CARGO_BIN_EXE_vat-init");
const ONE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/one");

/// How often a case is tried while the two disagree: a signal may come late on a busy machine.
const TRIES: usize = 4;

#[test]
fn tini() {
    oracle("tini", include_str!("one/tini.cases"));
}

#[test]
fn dumb_init() {
    oracle("dumb-init", include_str!("one/dumb-init.cases"));
}

fn oracle(name: &str, cases: &str) {
    let theirs = Path::new("/usr/bin").join(name);
    if !theirs.exists() {
        return super::skip(&format!("there is no {name} beside ours"));
    }
    let Some(stage) = Stage::new(name) else { return };
    let theirs = stage.programs("theirs", &theirs, &[name]);
    let ours = stage.programs("ours", Path::new(OURS), &[name]);
    let mut failures = Vec::new();
    let mut passed = 0;
    for (at, line) in cases.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (ways, command) = line.split_once(": ").unwrap_or_else(|| panic!("{name}.cases, line {}: no ways", at + 1));
        for way in ways.split(' ') {
            let run = |programs: &Path| Seen::of(&stage.run(way, command, programs));
            let both = (0..TRIES).map(|_| (run(&theirs), run(&ours)));
            // The last disagreement, where none agreed.
            match both.fold_while_different() {
                None => passed += 1,
                Some((theirs, ours)) => failures
                    .push(format!("line {} ({way}): {command}\n  theirs: {theirs:?}\n  ours:   {ours:?}", at + 1)),
            }
        }
    }
    println!("{name}: {passed} runs as the original");
    assert!(failures.is_empty(), "{} runs of {name} differ:\n{}", failures.len(), failures.join("\n"));
}

trait Different: Iterator {
    fn fold_while_different(self) -> Option<Self::Item>;
}

impl<T: PartialEq, I: Iterator<Item = (T, T)>> Different for I {
    fn fold_while_different(self) -> Option<(T, T)> {
        let mut last = None;
        for (one, other) in self {
            if one == other {
                return None;
            }
            last = Some((one, other));
        }
        last
    }
}

/// What a run left, without what differs from run to run.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    output: Vec<String>,
    /// What tini says on standard output. Into a pipe it comes at its end, and twice where a child had it in its buffer as well.
    said: BTreeSet<String>,
    error: Vec<String>,
    code: Option<i32>,
}

impl Seen {
    fn of(output: &Output) -> Seen {
        let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(mask).collect::<Vec<_>>();
        let is_said = |line: &String| ["[INFO ", "[DEBUG", "[TRACE"].iter().any(|level| line.starts_with(level));
        let (said, shown): (Vec<_>, Vec<_>) = lines(&output.stdout).into_iter().partition(is_said);
        // Tini's child says this into a buffer that its program never empties.
        let said = said.into_iter().filter(|line| !line.contains("tcsetpgrp failed: no tty")).collect();
        let mut error = lines(&output.stderr);
        if error.iter().any(|line| line.starts_with("[dumb-init]")) {
            // Parent and child speak at the same time.
            error.sort();
        }
        Seen { output: shown, said, error, code: output.status.code() }
    }
}

/// Pids are no one's but this run's.
fn mask(line: &str) -> String {
    let mut line = line.to_owned();
    for before in ["tini (", "pid '", "pid: '", "pid=", "PID "] {
        if let Some(at) = line.find(before) {
            let digits = line[at + before.len()..].chars().take_while(char::is_ascii_digit).count();
            line.replace_range(at + before.len()..at + before.len() + digits, "N");
        }
    }
    line
}

/// A directory for one test, removed at its end.
struct Stage(PathBuf);

impl Stage {
    fn new(name: &str) -> Option<Stage> {
        if Command::new("unshare").args(["--pid", "--fork", "true"]).status().map_or(true, |status| !status.success()) {
            super::skip("pid namespaces need root");
            return None;
        }
        let directory = std::env::temp_dir().join(format!("vat-one-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        Some(Stage(directory))
    }

    /// A directory in which a program has these names.
    fn programs(&self, directory: &str, program: &Path, names: &[&str]) -> PathBuf {
        let directory = self.0.join(directory);
        fs::create_dir_all(&directory).unwrap();
        for name in names {
            symlink(program, directory.join(name)).unwrap();
        }
        directory
    }

    /// Runs a bash command in a directory and a pid namespace of its own, so that it leaves nobody behind.
    fn run(&self, way: &str, command: &str, programs: &Path) -> Output {
        let here = self.0.join("here");
        let _ = fs::remove_dir_all(&here);
        fs::create_dir_all(&here).unwrap();
        let mut run = Command::new("unshare");
        run.args(["--pid", "--fork", "--mount-proc", "timeout", "60", "bash", "-c"]);
        match way {
            "plain" => run.arg(command),
            "pid1" => run.args([r#"unshare --pid --fork --mount-proc bash -c "exec $0"; exit $?"#, command]),
            "tty" => run.args([r#"SHELL=$BASH script -qefc "$0" /dev/null"#, command]),
            _ => panic!("{way}: there is no such way"),
        };
        // Usage texts say where the program lies: it is the same place for both.
        let now = self.0.join("now");
        let _ = fs::remove_file(&now);
        symlink(programs, &now).unwrap();
        let path = format!("{}:{}", now.display(), std::env::var("PATH").unwrap());
        let names =
            ["TINI_SUBREAPER", "TINI_VERBOSITY", "TINI_KILL_PROCESS_GROUP", "DUMB_INIT_DEBUG", "DUMB_INIT_SETSID"];
        for name in names.into_iter().chain(["POSIXLY_CORRECT"]) {
            run.env_remove(name);
        }
        run.env("PATH", path)
            .env("ONE", ONE)
            .env("LC_ALL", "C")
            .current_dir(&here)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A stage on which ours has all its names.
fn ours(test: &str) -> Option<(Stage, PathBuf)> {
    let stage = Stage::new(test)?;
    let programs = stage.programs("ours", Path::new(OURS), &["vat-init", "tini", "dumb-init"]);
    Some((stage, programs))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Under its own name: what no original has, or has differently.
#[test]
fn own_ways() {
    let Some((stage, programs)) = ours("own") else { return };
    for (way, command, code, output) in [
        // It adopts orphans without being asked, and warns of nothing.
        ("plain", "vat-init -- sh -c 'exit 3'", 3, ""),
        ("plain", "vat-init -w -- sh -c '(sleep 0.1 &); sleep 0.3' 2>&1 | grep -c 'Reaped zombie'", 0, "1\n"),
        // Options of both kinds.
        (
            "plain",
            "vat-init -g -e 5 --rewrite=10:15 -- bash -c 'trap \"exit 5\" TERM; kill -USR1 $PPID; sleep 1 & wait'",
            0,
            "",
        ),
        (
            "plain",
            "vat-init --session -- bash -c 'read -r a b c d e f g < /proc/$$/stat; [ $f = $$ ] && echo leads'",
            0,
            "leads\n",
        ),
        // Those that are left see TERM first.
        (
            "pid1",
            "vat-init --leftovers=5 -- bash -c 'setsid bash -c \"trap \\\"echo asked; exit\\\" TERM; sleep 9 & wait\" & sleep 0.3; exit 4'",
            4,
            "asked\n",
        ),
        (
            "plain",
            "vat-init --leftovers=5 -- bash -c '(setsid bash -c \"trap \\\"echo asked; exit\\\" TERM; sleep 9 & wait\" &); sleep 0.3; exit 4'",
            4,
            "asked\n",
        ),
        // Then KILL: in a second, not in nine.
        (
            "plain",
            "time=$SECONDS; vat-init --leftovers=1 -- bash -c '(setsid bash -c \"trap : TERM; sleep 9; sleep 9\" &); sleep 0.3; exit 4'; [ $((SECONDS - time)) -lt 4 ] && ! pgrep -x sleep",
            0,
            "",
        ),
        // Children that nobody would be told of.
        ("plain", "trap '' CHLD; exec tini -s -- sh -c 'exit 6'", 6, ""),
        ("plain", "exec tini -s -- cat <&-", 0, ""),
    ] {
        let seen = stage.run(way, command, &programs);
        assert_eq!(
            (seen.status.code(), text(&seen.stdout).as_str()),
            (Some(code), output),
            "{command}: {}",
            text(&seen.stderr)
        );
    }
    let refused = stage.run("plain", "vat-init -g foo -- true", &programs);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).starts_with("vat-init: foo: the command begins behind --\n"));
}

/// The command is another user's by now, and may not be told: no reason for PID 1 to end, as tini does.
#[test]
fn lives_on_where_it_may_not_signal() {
    let Some((stage, programs)) = ours("user") else { return };
    let command = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all -- tini -s -- bash -c 'kill -WINCH $PPID; sleep 0.3; exit 4'";
    assert_eq!(stage.run("plain", command, &programs).status.code(), Some(4));
    // A program that is root whoever starts it stands for su(1) and its like.
    let stuck = "cp /bin/sleep rootly; chmod 4755 rootly; chmod 755 . ; \
        setpriv --reuid 65534 --regid 65534 --clear-groups -- tini -s ./rootly 1 & sleep 0.3; kill -WINCH $!; wait $!";
    assert_eq!(stage.run("plain", stuck, &programs).status.code(), Some(0));
}

/// TERM at any moment after its start: it ends, and so does what it started.
#[test]
fn ends_at_an_early_term() {
    let Some((stage, programs)) = ours("early") else { return };
    for name in ["vat-init", "tini -s", "dumb-init", "tini -s -g"] {
        let script = format!(
            "for i in {{1..50}}; do
                {name} -- sleep 5 & pid=$!; sleep 0.0$((RANDOM % 20)); kill -TERM $pid; wait $pid; echo $?; pgrep -x sleep
            done 2> /dev/null | sort | uniq -c"
        );
        let seen = text(&stage.run("plain", &script, &programs).stdout);
        assert_eq!(seen.split_whitespace().collect::<Vec<_>>(), ["50", "143"], "{name}");
    }
    // As PID 1 what comes before it blocks signals is lost, whatever init it is: TERM again, as whoever waits for it would do. KILL is
    // not needed.
    let script = "for i in {1..50}; do
            unshare --pid --fork --kill-child vat-init -- sleep 5 & unshare=$!
            until pid=$(cat /proc/$unshare/task/$unshare/children) && [ -n \"$pid\" ]; do :; done
            sleep 0.00$((RANDOM % 9))
            while kill -TERM $pid; do sleep 0.1; done
            wait $unshare; echo $?; pgrep -x sleep
        done 2> /dev/null | sort | uniq -c";
    let seen = text(&stage.run("plain", script, &programs).stdout);
    assert_eq!(seen.split_whitespace().collect::<Vec<_>>(), ["50", "143"]);
}

/// Idle it sleeps: no context switch in two seconds. (Tini wakes once a second.)
#[test]
fn wakes_for_nothing() {
    let Some((stage, programs)) = ours("idle") else { return };
    for name in ["vat-init", "tini -s", "dumb-init"] {
        let script = format!(
            "{name} -- sleep 9 & sleep 0.5; grep -h ctxt /proc/$!/status > a; sleep 2; grep -h ctxt /proc/$!/status | cmp - a"
        );
        let seen = stage.run("plain", &script, &programs);
        assert!(seen.status.success(), "{name}: {}", text(&seen.stdout));
    }
}

/// Thousands of orphans at once are all reaped, and cost next to nothing.
#[test]
fn reaps_a_storm() {
    let Some((stage, programs)) = ours("storm") else { return };
    let script = r#"vat-init -- bash -c 'for i in {1..40}; do (for j in {1..50}; do true & done); done; sleep 0.5
        grep -l "^State:.Z" /proc/[0-9]*/status | wc -l; cut -d" " -f14,15 /proc/1/stat'"#;
    let seen = text(&stage.run("pid1", script, &programs).stdout);
    let figures: Vec<u32> = seen.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    assert!(figures[0] == 0 && figures[1] + figures[2] < 100, "{seen}: zombies, ticks");
}

/// A full pipe on standard output and error: it says nothing, and goes on.
#[test]
fn does_not_wait_for_who_does_not_read() {
    let Some((stage, programs)) = ours("full") else { return };
    let mut program = Command::new(programs.join("tini"));
    let program = program.args(["-s", "-vvvv", "sleep", "1"]).stdin(Stdio::null());
    let (mut full, write) = std::io::pipe().unwrap();
    // 16 pages are all that a pipe holds.
    (&write).write_all(&[b'x'; 65536]).unwrap();
    let begun = Instant::now();
    let status = program.stdout(write.try_clone().unwrap()).stderr(write).status().unwrap();
    assert!(status.success() && begun.elapsed() < Duration::from_secs(5));
    let mut rest = vec![0; 65536];
    std::io::Read::read_exact(&mut full, &mut rest).unwrap();
    drop(stage);
}
