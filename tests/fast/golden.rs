//! What the tools print on every captured machine, compared with tests/golden/MACHINE. `BLESS=1` writes it anew: then read the
//! difference, for a golden is the truth about its machine, not what the code happens to say.

use crate::support::captured::{self, Captured};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use vat::tools::{self, Tool};

/// What is run on every machine.
const CASES: &[(&str, Tool, &[&[&str]])] = &[
    ("free", tools::free::run, &[&["-b", "-w"], &["-h"]]),
    ("uptime", tools::uptime::run, &[&[], &["-p"], &["-s"]]),
    ("nproc", tools::nproc::run, &[&[], &["--all"]]),
    ("df", tools::df::run, &[&[]]),
];

/// What is run besides where a machine is not `like` another, with the same filesystems.
const MORE: &[(&str, Tool, &[&[&str]])] =
    &[("df", tools::df::run, &[&["-a", "-T", "-B1"], &["-i"], &["-h", "--total", "/"]])];

#[test]
fn every_machine_reads_as_its_golden() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for name in captured::names() {
        let (path, now) = (golden(&name), told(&name));
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        if bless {
            std::fs::create_dir_all(golden("")).expect("tests/golden");
            std::fs::write(&path, now).expect("writing a golden");
        } else if before != now {
            wrong.push(difference(&name, &before, &now));
        }
    }
    assert!(wrong.is_empty(), "{}\nBLESS=1 writes them anew", wrong.join("\n"));
}

#[test]
fn no_golden_lacks_its_machine() {
    let entries = std::fs::read_dir(golden("")).expect("tests/golden");
    let goldens = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"));
    let names = captured::names();
    let orphans: Vec<String> = goldens.filter(|golden| !names.contains(golden)).collect();
    assert_eq!(orphans, Vec::<String>::new());
}

/// The same figures, whoever asks: two machines that differ only in how the container looks at itself.
#[test]
fn a_containers_own_view_does_not_matter() {
    let figures = |name: &str| Captured::load(name).run(tools::free::run, "free", &["-b", "-w"]);
    let pairs = [
        ("v1-child-cgroup", "docker-v1-private"),
        ("v1-moved-above", "docker-v1-private"),
        ("v1-whole-tree", "v1-outer-mount"),
        ("v2-moved-above", "v2-systemd-inside"),
        ("v2-limits-tree-outer", "v2-limits-tree"),
        ("instance-hostile", "docker-v1-pid-host"),
    ];
    for (name, like) in pairs {
        assert_eq!(figures(name), figures(like), "{name}");
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// All that is printed on a machine: what it is, then each command as typed, its output, its messages, and its exit code if not 0.
fn told(name: &str) -> String {
    let facts = std::fs::read_to_string(captured::fixtures().join(name).join("machine")).expect("the file machine");
    let mut text: String = facts.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let mut machine = Captured::load(name);
    let more = if facts.contains("\nlike ") { &[] } else { MORE };
    for (program, tool, all) in CASES.iter().chain(more) {
        for args in *all {
            let (code, out, err) = machine.run(*tool, program, args);
            let _ = writeln!(text, "$ {}", [&[*program], *args].concat().join(" "));
            text.push_str(&out);
            err.lines().for_each(|line| text.push_str(&format!("! {line}\n")));
            if code != 0 {
                let _ = writeln!(text, "exit {code}");
            }
        }
    }
    machine.env.insert("VAT_DEBUG".to_owned(), "1".into());
    for (program, tool, _) in &CASES[..3] {
        let (_, _, err) = machine.run(*tool, program, &[]);
        let _ = writeln!(text, "$ VAT_DEBUG=1 {program} 2>&1 >/dev/null");
        text.push_str(&err);
    }
    text
}

/// The lines that differ, old and new.
fn difference(name: &str, before: &str, now: &str) -> String {
    let mut text = format!("{name}:\n");
    let (before, now): (Vec<&str>, Vec<&str>) = (before.lines().collect(), now.lines().collect());
    for at in 0..before.len().max(now.len()) {
        let (before, now) = (before.get(at), now.get(at));
        if before != now {
            let _ = writeln!(text, "- {}\n+ {}", before.unwrap_or(&"(nothing)"), now.unwrap_or(&"(nothing)"));
        }
    }
    text
}
