//! The tests of `contain` once more, inside a virtual machine: on cgroup v2, and on the other ways a kernel's cgroups are mounted.
//! `tests/vm/` builds and starts the machine.

use crate::support::docker;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder that the machine sees as /payload: the programs, and this test program itself.
struct Payload(PathBuf);

impl Payload {
    fn new() -> Payload {
        let dir = std::env::temp_dir().join(format!("vat-payload-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("examples")).expect("a folder for the payload");
        let programs = docker::programs();
        let drop_ins = ["free", "uptime", "df", "nproc", "top"];
        let others = ["vat", "vat-init", "vat-initctl", "examples/hog", "examples/sampler"];
        for name in drop_ins.into_iter().chain(others) {
            std::fs::copy(programs.join(name), dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let tests = dir.join("tests");
        std::fs::copy(std::env::current_exe().expect("this program"), &tests).expect("this program");
        // Its debug information is most of it, and nothing in the machine reads it.
        let _ = Command::new("strip").arg(&tests).status();
        Payload(dir)
    }
}

impl Drop for Payload {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether there is a virtual machine. Where there is none the test says why, and under CI that is a failure.
fn available() -> bool {
    let built = Command::new("tests/vm/build").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    assert!(built || std::env::var_os("CI").is_none(), "tests/vm/build failed");
    if !built {
        eprintln!("skipped: there is no virtual machine: run tests/run setup");
    }
    built
}

/// Runs those tests of this program whose names begin with one of these, in a machine whose cgroups are mounted so.
fn run(cgroup: &str, tests: &[&str]) {
    if !available() {
        return;
    }
    for filter in tests {
        let listed = Command::new(std::env::current_exe().expect("this program")).args([filter, "--list"]).output();
        let listed = String::from_utf8(listed.expect("a list of tests").stdout).expect("names");
        assert!(listed.contains(": test"), "no test is called {filter}...");
    }
    let payload = Payload::new();
    // How long contain::load measures.
    let load_seconds = std::env::var("VAT_LOAD_SECONDS").ok();
    let status = Command::new("tests/vm/run")
        .args(["--docker", "--swap", "--memory", "3072", "--timeout", "2400"])
        .arg(&payload.0)
        .args(["env", "VAT_PROGRAMS=/payload", "VAT_VM=1", "CI=true"])
        .args(load_seconds.map(|seconds| format!("VAT_LOAD_SECONDS={seconds}")))
        .args(["./tests", "--test-threads=1", "--nocapture"])
        .args(tests)
        .env("VAT_VM_CGROUP", cgroup)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stdin(Stdio::null())
        .status()
        .expect("tests/vm/run");
    assert!(status.success(), "in the machine with cgroup {cgroup}: {status}");
}

/// What depends on how the cgroups are mounted.
const OTHERS: [&str; 5] = [
    "contain::kinds",
    "contain::memory::total",
    "contain::r#try::it_is_a",
    "contain::r#try::limits_are_set",
    "contain::load::threads",
];

#[test]
fn containers_on_cgroup_v2() {
    run("v2", &["contain::"]);
}

#[test]
fn containers_on_cgroup_v1_with_controllers_mounted_together() {
    run("v1", &OTHERS);
}

#[test]
fn containers_on_a_hybrid_machine() {
    run("hybrid", &OTHERS);
}
