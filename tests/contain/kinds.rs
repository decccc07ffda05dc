//! All kinds of containers tell the same numbers: unprivileged and privileged, read-only, without a network, with a child cgroup,
//! below a limited ancestor, with hidden processes.

use crate::support::docker::{self, Container};
use crate::support::tool::Free;
use std::path::{Path, PathBuf};

const MIB: i64 = 1 << 20;
/// A container that may mount.
const MOUNTS: [&str; 4] = ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined"];

/// Whether root may make a privileged container: on some machines it lacks a capability that such a container would get.
pub(super) fn has_all_capabilities() -> bool {
    const SYS_RESOURCE: u64 = 1 << 24;
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap().trim();
    u64::from_str_radix(effective, 16).unwrap() & SYS_RESOURCE != 0
}

fn free(container: &Container) -> Free {
    Free::parse(&container.prints(&["/vat/free", "-b", "-w"]))
}

#[test]
fn every_kind_of_container_tells_the_same_numbers() {
    if !docker::available() {
        return;
    }
    let kinds: [&[&str]; 8] = [
        &[],
        &["--cgroupns", "private"],
        &["--cgroupns", "host"],
        &["--user", "1000:1000"],
        &["--read-only"],
        &["--privileged"],
        &["--privileged", "--cgroupns", "private"],
        &["--pid", "host"],
    ];
    for kind in kinds {
        if kind.contains(&"--privileged") && !has_all_capabilities() {
            docker::elsewhere(&format!("{kind:?}, for root has not all capabilities"));
            continue;
        }
        let limits = ["--memory", "128m", "--memory-swap", "128m", "--cpus", "1.5"];
        let container = Container::loaded(&[&limits, kind].concat(), &["anon=30"]);
        let seen = free(&container);
        assert_eq!(seen.total, 128 * MIB, "{kind:?}");
        assert!((30 * MIB..36 * MIB).contains(&seen.used), "{kind:?}: {seen:?}");
        let cpus = container.prints(&["/vat/nproc"]);
        let online = container.prints(&["nproc"]);
        assert_eq!(cpus, if online == "1" { "1" } else { "2" }, "{kind:?}: 1.5 CPUs of {online}");
    }
}

#[test]
fn a_child_cgroup_does_not_change_the_answer() {
    if !docker::available() {
        return;
    }
    for namespace in ["host", "private"] {
        let options = [&MOUNTS[..], &["--memory", "128m", "--cgroupns", namespace]].concat();
        let container = Container::loaded(&options, &[]);
        // On v2 the processes of the container have to leave its own cgroup before a child may have controllers.
        let script = "set -e; cd /sys/fs/cgroup; [ ! -d memory ] || cd memory; mount -o remount,bind,rw .; cd $PWD; \
            own=$(sed -n 's/^0:://p' /proc/1/cgroup); [ -e memory.max ] || [ -e memory.limit_in_bytes ] || cd .$own; \
            mkdir child; if [ -e cgroup.subtree_control ]; then mkdir init; \
              for pid in $(cat cgroup.procs); do echo $pid >init/cgroup.procs || true; done; \
              echo +memory >cgroup.subtree_control; echo 64M >child/memory.max; \
            else echo 64M >child/memory.limit_in_bytes; fi; \
            echo $$ >child/cgroup.procs; /vat/free -b -w";
        let seen = Free::parse(&container.prints(&["sh", "-c", script]));
        assert_eq!(seen.total, 128 * MIB, "cgroupns {namespace}");
    }
}

#[test]
fn hidden_processes_hide_nothing_that_counts() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&[&MOUNTS[..], &["--memory", "128m"]].concat(), &["anon=30"]);
    container.prints(&["mount", "-o", "remount,hidepid=2", "/proc"]);
    let output = container.exec_with(&["--user", "1000"], &["/vat/free", "-b", "-w"]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_eq!(Free::parse(&String::from_utf8_lossy(&output.stdout)).total, 128 * MIB);
    let output = container.exec_with(&["--user", "1000"], &["/vat/uptime"]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn without_a_limit_and_above_ram_the_machine_is_the_limit() {
    if !docker::available() {
        return;
    }
    let machine = std::fs::read_to_string("/proc/meminfo").unwrap();
    let total: i64 = machine.lines().next().unwrap().split_whitespace().nth(1).unwrap().parse().unwrap();
    for options in [&[][..], &["--memory", "900g"]] {
        let container = Container::loaded(options, &["anon=30"]);
        let seen = free(&container);
        assert_eq!(seen.total, total * 1024, "{options:?}");
        assert!((30 * MIB..40 * MIB).contains(&seen.used), "only its own is used: {seen:?}");
    }
}

/// A cgroup of the test's own, as a parent for containers; removed when dropped.
struct Parent {
    name: String,
    dirs: Vec<PathBuf>,
}

impl Parent {
    /// A parent whose memory is limited to so many MiB.
    fn limited(mib: u32) -> Parent {
        let name = format!("vat-test-{}", std::process::id());
        let v1 = Path::new("/sys/fs/cgroup/memory");
        let (dir, file) = match v1.is_dir() {
            true => (v1.join(&name), "memory.limit_in_bytes"),
            false => (Path::new("/sys/fs/cgroup").join(&name), "memory.max"),
        };
        std::fs::create_dir(&dir).expect("a cgroup");
        std::fs::write(dir.join(file), format!("{mib}M")).expect("a limit");
        Parent { name, dirs: vec![dir] }
    }
}

impl Drop for Parent {
    fn drop(&mut self) {
        for dir in &self.dirs {
            let _ = std::fs::remove_dir(dir);
        }
        // Docker makes the parent in the other hierarchies, and leaves it there.
        for hierarchy in std::fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten() {
            let _ = std::fs::remove_dir(hierarchy.path().join(&self.name));
        }
    }
}

#[test]
fn an_ancestors_limit_counts() {
    if !docker::available() {
        return;
    }
    let parent = Parent::limited(100);
    // Where the tree is visible, or v1 tells: with a private namespace on v2 nothing does.
    let visible: &[&str] = if Path::new("/sys/fs/cgroup/memory").is_dir() { &["host", "private"] } else { &["host"] };
    for namespace in visible {
        let group = format!("/{}", parent.name);
        let options = ["--memory", "200m", "--memory-swap", "200m", "--cgroup-parent", &group, "--cgroupns", namespace];
        let container = Container::loaded(&options, &["anon=30"]);
        let seen = free(&container);
        assert_eq!(seen.total, 100 * MIB, "cgroupns {namespace}");
        assert!((60 * MIB..70 * MIB).contains(&seen.available), "cgroupns {namespace}: {seen:?}");
    }
}

#[test]
fn nothing_mounted_is_as_the_original() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&[&MOUNTS[..], &["--memory", "128m"]].concat(), &[]);
    container.prints(&["sh", "-c", "umount -R /sys/fs/cgroup"]);
    let ours = container.exec(&["/vat/free", "-b", "-w"]);
    assert!(ours.status.success() && ours.stderr.is_empty(), "{ours:?}");
    let theirs = Free::parse(&container.prints(&["free", "-b", "-w"]));
    assert_eq!(Free::parse(&String::from_utf8_lossy(&ours.stdout)).total, theirs.total);
}

#[test]
fn memory_and_swap_together_are_followed() {
    if !docker::available() {
        return;
    }
    let swaps = std::fs::read_to_string("/proc/swaps").unwrap().lines().count() > 1;
    if !swaps {
        return docker::elsewhere("it has no swap");
    }
    let options = ["--memory", "64m", "--memory-swap", "128m"];
    let container = Container::loaded(&options, &["anon=90"]);
    let seen = free(&container);
    assert_eq!((seen.total, seen.swap_total), (64 * MIB, 64 * MIB), "{seen:?}");
    // What was swapped in again still has its place in swap: all of 90 MiB may be in both.
    assert!((26 * MIB..=64 * MIB).contains(&seen.swap_used), "{seen:?}");
}
