//! The plan of the house: who may import whom, and what a floor may not do. The tables are the plan; change them with it.

use std::fs;
use std::path::{Path, PathBuf};

/// Each floor, and the floors it may import. `src/README.md` says what lives there.
const FLOORS: [(&str, &[&str]); 17] = [
    ("unit", &[]),
    ("kernel", &["unit"]),
    ("userland", &["unit"]),
    ("snapshot", &["unit", "kernel", "userland"]),
    ("container", &["unit", "snapshot"]),
    ("sys", &["unit"]),
    ("read", &["unit", "kernel", "userland", "snapshot", "sys"]),
    ("limit", &["unit", "kernel", "snapshot", "sys", "read"]),
    ("handoff", &["unit", "sys"]),
    ("tools", &["unit", "kernel", "userland", "snapshot", "container", "sys", "read", "handoff"]),
    ("sample", &["unit", "kernel", "userland", "snapshot", "container", "sys", "read", "handoff"]),
    ("ini", &[]),
    ("rpc", &[]),
    (
        "init",
        &[
            "unit",
            "kernel",
            "userland",
            "snapshot",
            "container",
            "sys",
            "read",
            "limit",
            "handoff",
            "sample",
            "ini",
            "rpc",
        ],
    ),
    ("initctl", &["unit", "userland", "sys", "ini", "rpc"]),
    ("command", &["unit", "kernel", "userland", "snapshot", "container", "sys", "read", "limit", "handoff", "tools"]),
    ("lib.rs", &[]),
];

/// Floors whose code depends on its arguments alone: no file, clock, environment, thread.
const PURE: [&str; 6] = ["unit", "kernel", "snapshot", "container", "ini", "rpc"];
const IMPURE: [&str; 8] =
    ["std::fs", "std::env", "std::net", "std::process", "std::thread", "std::io", "SystemTime", "Instant"];

/// A crate, and its one door: a floor, or a folder of one.
const DOORS: [(&str, &str); 12] = [
    ("libc", "sys"),
    ("nix", "sys"),
    ("serde_json", "handoff"),
    ("clap", "command"),
    ("ratatui_core", "tools/top/screen"),
    ("crossterm", "tools/top/screen"),
    ("quick_xml", "rpc"),
    ("httparse", "rpc"),
    ("base64", "rpc"),
    ("sha1_smol", "rpc"),
    ("glob", "init/config"),
    ("croner", "init/daemon/schedule"),
];

/// Names that say nothing about what is in them.
const NO_NOUNS: [&str; 6] = ["utils", "util", "common", "helpers", "misc", "types"];

/// A file that one can read in one sitting.
const SITTING: usize = 450;

struct Source {
    path: String,
    floor: String,
    /// The code without comments and tests.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut open = vec![src.clone()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false if entry.path().extension().is_some_and(|ending| ending == "rs") => files.push(entry.path()),
                false => (),
            }
        }
    }
    files.sort();
    files.iter().map(|file| source(&src, file)).collect()
}

fn source(src: &Path, file: &PathBuf) -> Source {
    let path = file.strip_prefix(src).unwrap().to_str().unwrap().to_owned();
    let text = fs::read_to_string(file).unwrap();
    // A test may call what it tests by any name.
    let code = text.split("#[cfg(test)]").next().unwrap();
    let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let floor = path.split('/').next().unwrap().to_owned();
    Source { path, floor, code: code.join("\n"), lines: text.lines().count() }
}

/// The names that follow `prefix` in the code, such as the floors after `crate::`.
fn names_after<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(prefix)
        .filter(|(at, _)| !code[..*at].ends_with(is_name))
        .map(|(at, _)| code[at + prefix.len()..].split(|c| !is_name(c)).next().unwrap())
        .collect()
}

/// Fails with every breach, a line each.
fn none(breaches: Vec<String>) {
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn a_floor_imports_only_floors_below_it() {
    let mut breaches = Vec::new();
    for source in sources() {
        let Some((_, below)) = FLOORS.iter().find(|(floor, _)| *floor == source.floor) else {
            breaches.push(format!("{}: {} is on no floor of the plan", source.path, source.floor));
            continue;
        };
        for name in names_after(&source.code, "crate::") {
            if name.is_empty() {
                breaches.push(format!("{}: import floors one by one, not by crate::{{}}", source.path));
            }
            let is_floor = FLOORS.iter().any(|(floor, _)| *floor == name);
            if is_floor && name != source.floor && !below.contains(&name) {
                breaches.push(format!("{}: {} may not import {name}", source.path, source.floor));
            }
        }
    }
    none(breaches);
}

#[test]
fn tools_do_not_import_each_other() {
    let shared = ["getopt", "here", "procps", "locale", "quote", "Call", "Tool", "run", "self"];
    let tool = |path: &str| path.split('/').nth(1).unwrap().trim_end_matches(".rs").to_owned();
    let mut breaches = Vec::new();
    for source in sources().iter().filter(|source| source.floor == "tools" && source.path != "tools/mod.rs") {
        for name in names_after(&source.code, "crate::tools::") {
            if name != tool(&source.path) && !shared.contains(&name) && !name.is_empty() {
                breaches.push(format!("{}: a tool may not import {name}", source.path));
            }
        }
    }
    none(breaches);
}

#[test]
fn pure_floors_depend_on_their_arguments_alone() {
    let is_pure = |source: &&Source| PURE.contains(&source.floor.as_str());
    let breach = |source: &Source| {
        let used = IMPURE.iter().filter(|name| source.code.contains(**name));
        used.map(|name| format!("{}: {} is pure and may not use {name}", source.path, source.floor)).collect::<Vec<_>>()
    };
    none(sources().iter().filter(is_pure).flat_map(breach).collect());
}

#[test]
fn a_crate_has_one_door() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (name, door) in DOORS {
            let used = !names_after(&source.code, &format!("{name}::")).is_empty();
            if used && !Path::new(&source.path).starts_with(door) {
                breaches.push(format!("{}: {name} is used in {door} only", source.path));
            }
        }
        if source.floor != "sys" && source.code.contains("unsafe ") {
            breaches.push(format!("{}: unsafe is for sys only", source.path));
        }
    }
    none(breaches);
}

#[test]
fn only_sys_spells_where_the_kernels_files_are() {
    let spelt = |source: &Source| {
        // What a message shows the user is no path that is opened.
        let lines = source.code.lines().filter(|line| ["\"/proc", "\"/sys/"].iter().any(|path| line.contains(path)));
        lines.map(|line| format!("{}: {}", source.path, line.trim())).collect::<Vec<_>>()
    };
    let above = |source: &&Source| source.floor != "sys" && !PURE.contains(&source.floor.as_str());
    none(sources().iter().filter(above).flat_map(spelt).collect());
}

#[test]
fn a_module_has_a_noun_and_fits_one_sitting() {
    let mut breaches = Vec::new();
    for source in sources() {
        let names: Vec<&str> = source.path.split('/').map(|name| name.trim_end_matches(".rs")).collect();
        if names.iter().any(|name| NO_NOUNS.contains(name)) {
            breaches.push(format!("{}: a module is named after what is in it", source.path));
        }
        if source.lines > SITTING {
            breaches.push(format!("{}: {} lines are more than one sitting", source.path, source.lines));
        }
    }
    none(breaches);
}
