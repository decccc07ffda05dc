//! The same cases on ours and on the originals beside them, compared byte for byte: standard output, standard error, exit code; in
//! the C locale and in C.UTF-8; into a pipe and to a terminal. A case file says at its top how it is written.
//!
//! Each case runs on the original, on ours, and on the original again. Where the originals agree ours has to; where they do not,
//! something on the machine moved, and the case is tried again.

mod case_file;
mod compare;
mod config;
mod control;
mod event;
mod one;
mod output;
mod python;
mod supervisor;
mod supervisorctl;

use case_file::{Case, Group};
use compare::Run;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How often a case is tried while the original disagrees with itself.
const TRIES: usize = 5;

#[test]
fn df() {
    oracle("df", env!("CARGO_BIN_EXE_df"), include_str!("df.cases"));
}

#[test]
fn free() {
    oracle("free", env!("CARGO_BIN_EXE_free"), include_str!("free.cases"));
}

#[test]
fn uptime() {
    oracle("uptime", env!("CARGO_BIN_EXE_uptime"), include_str!("uptime.cases"));
}

#[test]
fn nproc() {
    oracle("nproc", env!("CARGO_BIN_EXE_nproc"), include_str!("nproc.cases"));
}

#[test]
fn top() {
    oracle("top", env!("CARGO_BIN_EXE_top"), include_str!("top.cases"));
}

#[test]
fn df_documents_itself() {
    documents_itself(env!("CARGO_BIN_EXE_df"), vat::tools::df::SPEC.options);
}

#[test]
fn top_documents_itself() {
    documents_itself(env!("CARGO_BIN_EXE_top"), vat::tools::top::SPEC.options);
}

/// `--help` and `--version` are in our own words: they must work, and name every documented option.
fn documents_itself<T>(program: &str, options: &[vat::tools::getopt::Opt<T>]) {
    for argument in ["--help", "--version"] {
        let output = Command::new(program).arg(argument).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty() && !output.stdout.is_empty(), "{argument}");
        if argument == "--help" {
            let text = String::from_utf8(output.stdout).unwrap();
            for option in options.iter().filter(|option| !option.help.is_empty()) {
                let short = option.short.map(|letter| format!("-{letter}"));
                let long = option.long.map(|long| format!("--{long}"));
                for name in short.iter().chain(&long) {
                    assert!(text.contains(name.as_str()), "{name} is not in --help");
                }
            }
        }
    }
}

/// Runs a tool's cases.
fn oracle(tool: &str, ours: &str, text: &str) {
    let Some(theirs) = find_in_path(tool) else { return skip(&format!("there is no {tool} beside ours")) };
    if Command::new("unshare").args(["-m", "true"]).status().map_or(true, |status| !status.success()) {
        return skip("mount namespaces need root");
    }
    let groups = case_file::parse(text).unwrap_or_else(|error| panic!("{tool}.cases: {error}"));
    let (mut passed, mut failures) = (0, Vec::new());
    for group in &groups {
        let started = std::time::Instant::now();
        let result = run_group(tool, ours, &theirs, group);
        println!("{tool} [{}]: {} cases in {:.1} s", group.name, group.cases.len(), started.elapsed().as_secs_f64());
        match result {
            Ok(failed) => {
                passed += group.cases.len() - failed.len();
                failures.extend(failed.into_values().map(|what| format!("[{}] {what}", group.name)));
            }
            Err(Skipped(why)) => skip(&format!("{} cases of [{}]: {why}", group.cases.len(), group.name)),
        }
    }
    println!("{tool}: {passed} cases as the original");
    assert!(failures.is_empty(), "{} cases of {tool} differ:\n\n{}", failures.len(), failures.join("\n"));
}

struct Skipped(String);

/// A test that cannot run says why; where all is set up for it that is a failure.
fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "skipped: {why}");
    println!("skipped: {why}");
}

fn find_in_path(tool: &str) -> Option<PathBuf> {
    // Ours may be installed under the same name in /usr/local.
    ["/usr/bin", "/bin"].iter().map(|directory| Path::new(directory).join(tool)).find(|path| path.exists())
}

/// The cases of a group that failed, by their number, with what was wrong.
fn run_group(
    tool: &str,
    ours: &str,
    theirs: &Path,
    group: &Group,
) -> Result<std::collections::BTreeMap<usize, String>, Skipped> {
    let work = std::env::temp_dir().join(format!("vat-oracle-{}-{tool}", std::process::id()));
    let mut open: Vec<usize> = (0..group.cases.len()).collect();
    let mut failed = std::collections::BTreeMap::new();
    for _ in 1..=TRIES {
        let _ = fs::remove_dir_all(&work);
        for (name, program) in [("theirs", theirs), ("ours", Path::new(ours))] {
            fs::create_dir_all(work.join(name)).unwrap();
            symlink(program, work.join(name).join(tool)).unwrap();
        }
        fs::create_dir_all(work.join("cases")).unwrap();
        fs::create_dir_all(work.join("piped")).unwrap();
        fs::write(work.join("setup.sh"), &group.setup).unwrap();
        for number in &open {
            let case = &group.cases[*number];
            fs::write(work.join("cases").join(number.to_string()), &case.command).unwrap();
            if case.piped {
                fs::write(work.join("piped").join(number.to_string()), "").unwrap();
            }
        }
        let output = Command::new("unshare")
            .args(["-m", "--propagation", "private", "bash", "-c", include_str!("drive.sh")])
            .env("WORK", &work)
            .env("ORACLE", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle"))
            .env("THREADS", std::env::current_exe().unwrap())
            .output()
            .unwrap();
        if let Ok(why) = fs::read_to_string(work.join("skipped")) {
            return Err(Skipped(why.trim().to_owned()));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the setup of [{}] fails ({}): {said}", group.name, output.status);

        failed.clear();
        for number in &open {
            if let Some(what) = judge(&work.join("results"), *number, &group.cases[*number]) {
                failed.insert(*number, what);
            }
        }
        open = failed.keys().copied().collect();
        let settled = failed.values().all(|what| !what.starts_with(compare::MOVED));
        if settled {
            break;
        }
    }
    let _ = fs::remove_dir_all(&work);
    Ok(failed)
}

/// What is wrong with a case, over all its runs.
fn judge(results: &Path, number: usize, case: &Case) -> Option<String> {
    let mut wrong = Vec::new();
    for locale in if case.piped { &["C.UTF-8"][..] } else { &["C", "C.UTF-8"] } {
        for sink in if case.piped { &["pipe"][..] } else { &["pipe", "tty"] } {
            let read = |run: &str| Run::read(results, &format!("{number}.{locale}.{sink}.{run}"));
            let (first, ours, second) = (read("theirs1"), read("ours"), read("theirs2"));
            if let Some(what) = compare::compare(case, &first, &ours, &second) {
                wrong.push((what, format!("{locale}, {sink}")));
            }
        }
    }
    // One telling is enough where all four say the same.
    let (what, first) = wrong.first()?;
    let others = if wrong.len() > 1 { format!(" and {} more", wrong.len() - 1) } else { String::new() };
    Some(format!("{what}\n  line {}: {}\n  ({first}{others})\n", case.line, case.command))
}
