//! `vat-initctl` beside supervisorctl, each with a supervisord of its own, both of the original: the same command lines, one after the
//! other, standard output, standard error and exit code compared. `VAT_SUPERVISOR` says where supervisor is installed (a directory
//! with `bin/supervisord`).

use super::case_file::{self, Case, Group};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const OURS: &str = env!("CARGO_BIN_EXE_vat-initctl");

/// How long supervisord may take until its programs are what they shall be.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn commands() {
    let Some(supervisor) = supervisor() else { return };
    let groups = case_file::parse(include_str!("supervisorctl/commands.cases")).unwrap();
    let only = std::env::var("VAT_ONLY").unwrap_or_default();
    let (mut passed, mut failures) = (0, Vec::new());
    std::thread::scope(|scope| {
        let groups = groups.iter().filter(|group| group.name.contains(&only));
        let running: Vec<_> = groups
            .map(|group| {
                let supervisor = &supervisor;
                scope.spawn(move || (group, run_group(supervisor, group)))
            })
            .collect();
        for (group, failed) in running.into_iter().map(|running| running.join().unwrap()) {
            passed += group.cases.len() - failed.len();
            failures.extend(failed.into_iter().map(|what| format!("[{}] {what}", group.name)));
        }
    });
    println!("supervisorctl: {passed} cases as the original");
    assert!(failures.is_empty(), "{} cases of supervisorctl differ:\n\n{}", failures.len(), failures.join("\n"));
}

/// The same keys bring both to show the same.
#[test]
fn a_terminal() {
    let Some(supervisor) = supervisor() else { return };
    for (name, program) in [("theirs", supervisor.join("bin/supervisorctl")), ("ours", PathBuf::from(OURS))] {
        let stage = Stage::open(&supervisor, &program, "terminal", name);
        stage.settle();
        let output = stage
            .command(&supervisor.join("bin/python"))
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/supervisorctl/terminal.py"))
            .arg(&stage.client)
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What only vat-init knows is refused in so many words by a supervisord.
#[test]
fn what_supervisord_does_not_know_is_said() {
    let Some(supervisor) = supervisor() else { return };
    let stage = Stage::open(&supervisor, Path::new(OURS), "own", "ours");
    stage.settle();
    for command in
        ["restart --rolling w", "rotate", "rotate writer", "journal", "journal 5", "health", "update --diff", "apply"]
    {
        let output = stage.command(&stage.client).args(command.split(' ')).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.starts_with("ERROR: this server does not know vat."), "{command}: {said}");
        assert_eq!(output.status.code(), Some(1), "{command}");
    }
    for command in ["restart --rolling", "journal x", "journal 0", "health x", "apply x"] {
        let output = stage.command(&stage.client).args(command.split(' ')).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}");
    }
}

fn supervisor() -> Option<PathBuf> {
    let place = std::env::var_os("VAT_SUPERVISOR").map(PathBuf::from);
    if place.is_none() {
        super::skip("VAT_SUPERVISOR does not say where supervisor is");
    }
    place
}

/// The cases of a group that failed, and how.
fn run_group(supervisor: &Path, group: &Group) -> Vec<String> {
    let open = |name: &str, program: &Path| Stage::open(supervisor, program, &group.name, name);
    let (theirs, ours) = (open("theirs", &supervisor.join("bin/supervisorctl")), open("ours", Path::new(OURS)));
    theirs.settle();
    ours.settle();
    // What waits waits for both at once.
    let run_both = |case: &Case| {
        std::thread::scope(|scope| {
            let first = scope.spawn(|| theirs.run(case));
            (ours.run(case), first.join().unwrap())
        })
    };
    let judge = |case: &Case| {
        let (ours, theirs) = run_both(case);
        let differs = if case.moves { ours.sketch() != theirs.sketch() } else { ours != theirs };
        let (line, command) = (case.line, &case.command);
        if theirs.code != case.code {
            Some(format!("line {line}: {command}\n  the original ends with {}: {theirs:?}\n", theirs.code))
        } else if differs {
            Some(format!("line {line}: {command}\n  theirs {theirs:#?}\n  ours {ours:#?}\n"))
        } else {
            None
        }
    };
    group.cases.iter().filter_map(judge).collect()
}

/// What a command came to, with what differs from run to run masked.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    code: i32,
    out: Vec<String>,
    err: Vec<String>,
}

impl Run {
    fn sketch(&self) -> (i32, bool, bool) {
        (self.code, self.out.is_empty(), self.err.is_empty())
    }
}

/// A supervisord, and a client for it.
struct Stage {
    directory: PathBuf,
    client: PathBuf,
    port: u16,
    daemon: Child,
}

impl Stage {
    fn open(supervisor: &Path, program: &Path, group: &str, name: &str) -> Stage {
        let name = format!("vat-supervisorctl-{}-{}-{name}", std::process::id(), group.replace(' ', "-"));
        let directory = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(directory.join("bin")).unwrap();
        fs::write(directory.join("supervisord.conf"), include_str!("supervisorctl/supervisord.conf")).unwrap();
        let client = directory.join("bin/supervisorctl");
        symlink(program, &client).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let daemon = Command::new(supervisor.join("bin/supervisord"))
            .args(["-c", "supervisord.conf"])
            .current_dir(&directory)
            .env("PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Stage { directory, client, port, daemon }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.directory).env("LC_ALL", "C.UTF-8").env("C", &self.client);
        command.env("PORT", self.port.to_string());
        command
    }

    /// Waits until every program is what it shall be.
    fn settle(&self) {
        let until = Instant::now() + PATIENCE;
        loop {
            let output = self.command(&self.client).arg("status").output().unwrap();
            let status = String::from_utf8_lossy(&output.stdout);
            let is =
                |name: &str, state: &str| status.lines().any(|line| line.starts_with(name) && line.contains(state));
            if !status.contains("STARTING") && is("fatal", "FATAL") && is("exited", "EXITED") && is("cat", "RUNNING") {
                return;
            }
            assert!(Instant::now() < until, "supervisord does not come up: {status}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn run(&self, case: &Case) -> Run {
        let output = self
            .command(Path::new("timeout"))
            .args(["-k", "1", "40", "bash", "-o", "pipefail", "-c", &case.command])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run { code: output.status.code().unwrap_or(-1), out: self.mask(&output.stdout), err: self.mask(&output.stderr) }
    }

    fn mask(&self, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes).replace(self.directory.to_str().unwrap(), "DIRECTORY");
        let text = text.replace(&format!(":{}", self.port), ":PORT");
        let is_ours = |line: &&str| line.contains("(vat-init)");
        // What vat-init has beside the original's commands.
        let text = match text.split_once("\nvat-init commands") {
            Some((before, own)) => {
                let rest =
                    own.split_once("version\n\n").or_else(|| own.split_once("\n\n")).map_or("", |(_, rest)| rest);
                format!("{before}{rest}")
            }
            None => text,
        };
        text.lines().filter(|line| !is_ours(line)).map(mask_line).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It starts nothing any more, and does not have to wait for its programs.
        let pid = self.daemon.id().to_string();
        let _ = Command::new("kill").arg(&pid).status();
        let _ = Command::new("pkill").args(["-KILL", "-P", &pid]).status();
        let _ = self.daemon.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Masks pids, times, and where in Python's library something went wrong.
fn mask_line(line: &str) -> String {
    let line = line.split_once(": file: ").map_or(line, |(before, _)| before);
    // A pid alone in its line, be it behind a prompt. That 0 is none is to be seen.
    let (before, last) = line.rsplit_once(' ').map_or(("", line), |(before, last)| (before, last));
    if last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_digit()) && (before.is_empty() || before.ends_with('>'))
    {
        return format!("{before} PID").trim_start().to_owned();
    }
    let mut masked = line.to_owned();
    for shape in ["9999-99-99 99:99:99,999", "uptime 9:99:99", " 99 99:99 AM", " 99 99:99 PM"] {
        masked = mask_shape(&masked, shape);
    }
    let mut parts = masked.split("pid ");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + "pid " + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Masks whatever has this shape, in which 9 is any digit.
fn mask_shape(text: &str, shape: &str) -> String {
    let has_shape = |text: &str| {
        let mut chars = text.chars();
        shape
            .chars()
            .all(|wanted| chars.next().is_some_and(|c| if wanted == '9' { c.is_ascii_digit() } else { c == wanted }))
    };
    let (mut masked, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        if has_shape(rest) {
            masked.push_str("TIME");
            rest = &rest[shape.len()..];
        } else {
            masked.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    masked
}
