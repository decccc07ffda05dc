//! vat-init beside supervisord 4.3.0: the same client code (`supervisor/drive.py`) drives both through each of `supervisor/cases`,
//! and what it prints has to be the same: replies, faults, HTTP, events, logs, files, exit codes.
//!
//! The original polls, so most of a case is waiting: cases run beside each other. Where the two differ both run again, for the
//! original may differ from itself. What differs on purpose is told, with the reason, in the comments of the case.
//!
//! `VAT_SUPERVISOR_ONLY=words` chooses cases by their names; `VAT_SUPERVISOR_SELF=1` puts the original in our place, which proves a
//! new case.

use super::skip;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// How many cases run at a time.
const BESIDE: usize = 8;
/// How often a case is tried while the two differ.
const TRIES: usize = 3;

const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/supervisor");

#[test]
fn supervisord() {
    let Some(original) = env::var_os("VAT_SUPERVISOR").map(PathBuf::from) else {
        return skip("VAT_SUPERVISOR does not name the place of the original; tests/run does");
    };
    let cases = cases();
    let (next, started) = (AtomicUsize::new(0), Instant::now());
    let failures = Mutex::new(Vec::new());
    let worker = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let began = Instant::now();
            if let Err(what) = judge(&original, case) {
                failures.lock().unwrap().push(format!("[{}] {what}", case.name));
            }
            println!("supervisord [{}]: {:.0} s", case.name, began.elapsed().as_secs_f64());
        }
    };
    thread::scope(|scope| (0..BESIDE).for_each(|_| drop(scope.spawn(worker))));
    println!("supervisord: {} cases in {:.0} s", cases.len(), started.elapsed().as_secs_f64());
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} cases of supervisord differ:\n\n{}", failures.len(), failures.join("\n"));
}

/// A script for `drive.py`.
struct Case {
    path: PathBuf,
    name: String,
    differs: Vec<Difference>,
}

/// Where ours does something else, on purpose.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    why: String,
    /// Lines that stand together in the original's transcript.
    theirs: Vec<String>,
    /// What stands in their place in ours.
    ours: Vec<String>,
}

/// All cases, those first that take long.
fn cases() -> Vec<Case> {
    let only = env::var("VAT_SUPERVISOR_ONLY").unwrap_or_default();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(Path::new(PLACE).join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "py"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !only.is_empty() && !only.split_whitespace().any(|word| name.contains(word)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let is_slow = text.lines().any(|line| line == "# slow");
        let differs = differences(&text).unwrap_or_else(|what| panic!("{name}: {what}"));
        cases.push((!is_slow, Case { path, name, differs }));
    }
    cases.sort_by_key(|(is_quick, _)| *is_quick);
    cases.into_iter().map(|(_, case)| case).collect()
}

/// Reads the comments that tell differences: `# differs: why`, below it `# - a line of the original's` and `# + a line of ours`.
fn differences(text: &str) -> Result<Vec<Difference>, String> {
    let mut found: Vec<Difference> = Vec::new();
    for line in text.lines() {
        let new = |why: &str| Difference { why: why.to_owned(), theirs: Vec::new(), ours: Vec::new() };
        if let Some(why) = line.strip_prefix("# differs: ") {
            found.push(new(why));
        } else if let Some(theirs) = line.strip_prefix("# - ") {
            found.last_mut().ok_or(format!("no reason before {line:?}"))?.theirs.push(theirs.to_owned());
        } else if let Some(ours) = line.strip_prefix("# + ") {
            found.last_mut().ok_or(format!("no reason before {line:?}"))?.ours.push(ours.to_owned());
        }
    }
    match found.iter().find(|difference| difference.theirs.is_empty()) {
        Some(difference) => Err(format!("no line of the original below {:?}", difference.why)),
        None => Ok(found),
    }
}

/// The original's transcript as ours has to be.
fn expected(theirs: &str, differs: &[Difference]) -> Result<String, String> {
    let mut lines: Vec<&str> = theirs.lines().collect();
    for Difference { why, theirs, ours } in differs {
        let mut at = 0;
        let mut places = 0;
        while at + theirs.len() <= lines.len() {
            if lines[at..at + theirs.len()].iter().eq(theirs) {
                lines.splice(at..at + theirs.len(), ours.iter().map(String::as_str));
                at += ours.len();
                places += 1;
            } else {
                at += 1;
            }
        }
        if places == 0 {
            return Err(format!(
                "the original does not print what is said to differ ({why}):\n    {}",
                theirs.join("\n    ")
            ));
        }
    }
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}

fn judge(original: &Path, case: &Case) -> Result<(), String> {
    let itself = env::var_os("VAT_SUPERVISOR_SELF").is_some();
    let theirs = original.join("bin/supervisord");
    let ours = if itself { &theirs } else { Path::new(env!("CARGO_BIN_EXE_vat-init")) };
    let differs: &[Difference] = if itself { &[] } else { &case.differs };
    let mut what = String::new();
    let mut seen = Vec::new();
    for _ in 1..=TRIES {
        let (our_text, their_text) = thread::scope(|scope| {
            let beside = scope.spawn(|| drive(original, &theirs, case));
            (drive(original, ours, case), beside.join().unwrap())
        });
        if their_text.contains("the case ends early") {
            what = format!("a broken case:\n{their_text}");
            continue;
        }
        match expected(&their_text, differs) {
            Ok(text) => seen.push(text),
            Err(error) => {
                what = error;
                continue;
            }
        }
        if seen.contains(&our_text) {
            return Ok(());
        }
        what = difference(case, seen.last().unwrap(), &our_text);
    }
    let moved =
        if seen.windows(2).any(|pair| pair[0] != pair[1]) { "the original disagrees with itself; " } else { "" };
    Err(format!("{moved}{what}"))
}

/// What a daemon does in a case.
fn drive(original: &Path, daemon: &Path, case: &Case) -> String {
    let mut command = Command::new(original.join("bin/python"));
    command.arg(Path::new(PLACE).join("drive.py")).arg("--daemon").arg(daemon).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.arg(&case.path).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Both transcripts beside each other, as diff shows them.
fn difference(case: &Case, theirs: &str, ours: &str) -> String {
    let place = env::temp_dir().join(format!("vat-oracle-{}-{}", std::process::id(), case.name.replace(' ', "")));
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("theirs"), theirs).unwrap();
    fs::write(place.join("ours"), ours).unwrap();
    let output = Command::new("diff").args(["-U2", "theirs", "ours"]).current_dir(&place).output().unwrap();
    let _ = fs::remove_dir_all(&place);
    format!("ours differs\n{}", String::from_utf8_lossy(&output.stdout))
}

#[test]
fn what_differs_on_purpose_is_replaced_and_has_to_be_there() {
    let text = "\"\"\"A case.\"\"\"\n# differs: why\n# - a\n# - b\n# + c\ncode()\n";
    let differs = differences(text).unwrap();
    assert_eq!(differs.len(), 1);
    assert_eq!(expected("x\na\nb\ny\na\nb\n", &differs).unwrap(), "x\nc\ny\nc\n");
    assert!(expected("x\na\ny\n", &differs).unwrap_err().contains("why"));
    assert!(differences("# - a\n").is_err());
    assert!(differences("# differs: why\n# + a\n").is_err());
}
