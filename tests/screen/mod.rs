//! The same keys to ours and to the original, on a terminal: the screens are compared, characters and attributes, the cursor, the
//! modes of the terminal, the files written. A case file says at its top how it is written.
//!
//! Each run has a tmux session and a stage of its own: a PID namespace whose processes have the same PIDs, names and arguments
//! each time, with the figures of the machine put over /proc. A case runs on the original and on ours; where they differ, on the
//! original again: where that differs from itself something moved, and the case is tried again.
//!
//! `VAT_SCREEN_ONLY=text` chooses the cases with that text in the title, `VAT_SCREEN_SHOW=1` shows the original's screens,
//! `VAT_SCREEN_OURS=path` is the program under test.

mod case_file;
mod look;
mod stage;
mod terminal;

use case_file::Case;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use terminal::{Shot, Tmux};

/// How often a case is tried while the original disagrees with itself.
const TRIES: usize = 4;

const CASES: [(&str, &str); 8] = [
    ("basic.keys", include_str!("basic.keys")),
    ("prompts.keys", include_str!("prompts.keys")),
    ("filters.keys", include_str!("filters.keys")),
    ("summary.keys", include_str!("summary.keys")),
    ("rows.keys", include_str!("rows.keys")),
    ("windows.keys", include_str!("windows.keys")),
    ("pages.keys", include_str!("pages.keys")),
    ("terminal.keys", include_str!("terminal.keys")),
];

#[test]
fn top() {
    let theirs = Path::new("/usr/bin/top");
    let needed = ["tmux", "unshare", "setpriv"];
    if let Some(missing) = needed.iter().find(|name| !Path::new("/usr/bin").join(name).exists()) {
        return skip(&format!("there is no {missing}"));
    }
    if !theirs.exists() {
        return skip("there is no top beside ours");
    }
    if Command::new("unshare").args(["-pfm", "true"]).status().map_or(true, |status| !status.success()) {
        return skip("namespaces need root");
    }
    let only = std::env::var("VAT_SCREEN_ONLY").unwrap_or_default();
    let mut cases = Vec::new();
    for (file, text) in CASES {
        let read = case_file::parse(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        cases.extend(read.into_iter().filter(|case| case.title.contains(&only)).map(|case| (file, case)));
    }
    let started = std::time::Instant::now();
    let failures = run_all(&cases, theirs, &ours());
    println!("top: {} of {} cases as the original", cases.len() - failures.len(), cases.len());
    println!("in {:.0} s", started.elapsed().as_secs_f64());
    assert!(failures.is_empty(), "{} cases of top differ, told above", failures.len());
}

/// A thread group for the stage, where that asks for it.
#[test]
fn threads() {
    if std::env::var_os("VAT_SCREEN_THREADS").is_none() {
        return;
    }
    std::fs::write("/proc/self/comm", "threads").unwrap();
    let spawn = |name: &str| {
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(|| std::thread::sleep(std::time::Duration::MAX))
            .unwrap()
    };
    let workers = [spawn("worker-1"), spawn("worker-2")];
    for worker in workers {
        worker.join().unwrap();
    }
}

/// The program under test. Until there is one: the original, to prove every case.
fn ours() -> PathBuf {
    let built = option_env!("CARGO_BIN_EXE_top").map(PathBuf::from);
    std::env::var_os("VAT_SCREEN_OURS").map(PathBuf::from).or(built).unwrap_or_else(|| PathBuf::from("/usr/bin/top"))
}

/// A test that cannot run says why; where all is set up for it that is a failure.
fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "skipped: {why}");
    println!("skipped: {why}");
}

/// What is wrong with each case that failed, told at once too. Most of a run is waiting, so several go beside each other.
fn run_all(cases: &[(&str, Case)], theirs: &Path, ours: &Path) -> Vec<String> {
    let work = std::env::temp_dir().join(format!("vat-screen-{}", std::process::id()));
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = 3 * std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers.min(12) {
            let (next, failures, work) = (&next, &failures, &work);
            scope.spawn(move || {
                let dir = work.join(worker.to_string());
                let tmux = Tmux::start(&worker.to_string());
                while let Some((file, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = |program: &Path| {
                        stage::prepare(&dir, case, program);
                        terminal::play(&tmux, case, &dir)
                    };
                    if let Some(what) = judge(case, run, theirs, ours) {
                        let told = format!("[{}] {file}, line {}\n{what}\n", case.title, case.line);
                        println!("{told}");
                        failures.lock().unwrap().push(told);
                    }
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(&work);
    failures.into_inner().unwrap()
}

fn judge(case: &Case, run: impl Fn(&Path) -> Result<Vec<Shot>, String>, theirs: &Path, ours: &Path) -> Option<String> {
    let (mut what, mut differs) = (None, 0);
    for _ in 0..TRIES {
        let (first, mut mine) = (run(theirs), run(ours));
        // Nothing is excused that is not there: the original in place of ours has nothing to excuse.
        if ours != theirs {
            mine = mine.and_then(|shots| excuse(shots, &case.ours));
        }
        if std::env::var_os("VAT_SCREEN_SHOW").is_some() {
            println!("{}", first.iter().flatten().map(|shot| shot.join("\n")).collect::<Vec<_>>().join("\n\n"));
        }
        what = compare(&first, &mine, "theirs", "ours  ");
        what.as_ref()?;
        // Does the original agree with itself?
        if let Some(moved) = compare(&first, &run(theirs), "first ", "second") {
            what = Some(format!("the original disagrees with itself:\n{moved}"));
        } else if differs == 1 {
            return what;
        } else {
            // A machine under load shows once what it does not show again.
            differs += 1;
        }
    }
    what
}

/// Counts what ours shows on purpose as what the original shows there.
fn excuse(mut shots: Vec<Shot>, ours: &[(String, String)]) -> Result<Vec<Shot>, String> {
    for (text, other) in ours {
        let mut found = false;
        let (text, to_end) = text.strip_suffix('*').map_or((text.as_str(), false), |text| (text, true));
        for line in shots.iter_mut().flatten() {
            if let Some(at) = line.find(text) {
                let end = if to_end { line.len() } else { at + text.len() };
                line.replace_range(at..end, other);
                found = true;
            }
        }
        if !found {
            return Err(format!("nothing of {text:?}, which is said to be shown on purpose"));
        }
    }
    Ok(shots)
}

/// The first screen that differs, line by line.
fn compare(a: &Result<Vec<Shot>, String>, b: &Result<Vec<Shot>, String>, name_a: &str, name_b: &str) -> Option<String> {
    let (a, b) = match (a, b) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(why), _) => return Some(format!("{name_a}: {why}")),
        (_, Err(why)) => return Some(format!("{name_b}: {why}")),
    };
    let (a, b) = a.iter().zip(b).find(|(a, b)| a != b)?;
    let mut told = format!("  {}\n", a.first()?);
    for at in 0..a.len().max(b.len()) {
        let (left, right) = (a.get(at), b.get(at));
        if left != right {
            let show = |line: Option<&String>| line.map_or_else(|| "(none)".to_owned(), |line| format!("{line:?}"));
            told.push_str(&format!("  line {at:2} {name_a}: {}\n          {name_b}: {}\n", show(left), show(right)));
        }
    }
    Some(told)
}
