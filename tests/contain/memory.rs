//! The truth of `free`: the limit to the byte, a driven load followed, and available is what can be allocated.

use crate::support::docker::{self, Container};
use crate::support::tool::Free;

const MIB: i64 = 1 << 20;
/// The container of the measurements: 256 MiB and no swap.
const LIMIT: i64 = 256 * MIB;
const OPTIONS: [&str; 4] = ["--memory", "256m", "--memory-swap", "256m"];

fn free(container: &Container) -> Free {
    Free::parse(&container.prints(&["/vat/free", "-b", "-w"]))
}

/// Allocates in the container until the OOM killer comes; how far it got.
fn allocated(container: &Container) -> i64 {
    let progress = container.shared.join("allocated");
    let output = container.exec(&["/vat/examples/hog", "allocate=/shared/allocated"]);
    let bytes = std::fs::read(&progress).unwrap_or_else(|_| panic!("{output:?}"));
    i64::from_ne_bytes(bytes.try_into().expect("eight bytes"))
}

/// What would be available if docker's working set were all that cannot be had.
fn docker_available(container: &Container) -> i64 {
    let script = "cd /sys/fs/cgroup; cat memory/memory.usage_in_bytes memory.current 2>/dev/null; \
                  grep -h -e '^total_inactive_file ' -e '^inactive_file ' memory/memory.stat memory.stat 2>/dev/null | tail -1";
    let text = container.prints(&["sh", "-c", script]);
    let mut numbers = text.split_whitespace().filter_map(|word| word.parse::<i64>().ok());
    LIMIT - (numbers.next().expect("usage") - numbers.next().expect("inactive_file"))
}

#[test]
fn total_is_the_limit_to_the_byte_and_a_load_is_followed() {
    if !docker::available() {
        return;
    }
    for namespace in ["host", "private"] {
        let options = [&OPTIONS[..], &["--cgroupns", namespace]].concat();
        let idle = free(&Container::loaded(&options, &[]));
        assert_eq!(idle.total, LIMIT, "cgroupns {namespace}");
        assert_eq!((idle.swap_total, idle.swap_used), (0, 0), "cgroupns {namespace}");

        let between = |name: &str, grown: i64, least: i64, most: i64| {
            let fits = (least * MIB..=most * MIB).contains(&grown);
            assert!(fits, "cgroupns {namespace}: {name} grew by {grown} bytes, not by {least} to {most} MiB");
        };
        let near = |name: &str, grown: i64, mib: i64| between(name, grown, mib - 2, mib + 2);
        let anon = free(&Container::loaded(&options, &["anon=40"]));
        near("used", anon.used - idle.used, 40);
        let shm = free(&Container::loaded(&[&options[..], &["--shm-size", "128m"]].concat(), &["shm=60"]));
        near("shared", shm.shared - idle.shared, 60);
        near("buff/cache of tmpfs", shm.cache - idle.cache, 60);
        near("used of tmpfs", shm.used - idle.used, 60);
        let cache = free(&Container::loaded(&options, &["write=/file:150"]));
        // Each page of cache on ext4 has a buffer head, 2.75 % in all: reclaimable slab, which belongs to buff/cache.
        between("buff/cache", cache.cache - idle.cache, 148, 156);
        near("used of page cache", cache.used - idle.used, 0);
    }
}

/// Loads a container and allocates in it: a row of the table, and how far off "available" was in percent of the limit.
fn allocatable(name: &str, steps: &[&str]) -> (String, f64) {
    let container = Container::loaded(&[&OPTIONS[..], &["--shm-size", "128m"]].concat(), steps);
    let docker = docker_available(&container);
    let available = free(&container).available;
    let allocated = allocated(&container);
    let off = (allocated - available) as f64 * 100.0 / LIMIT as f64;
    let mib = |bytes: i64| bytes as f64 / MIB as f64;
    let row = format!("| {name} | {:.1} | {:.1} | {off:+.1} % | {:.1} |", mib(available), mib(allocated), mib(docker));
    (row, off)
}

#[test]
fn available_is_what_can_be_allocated() {
    if !docker::available() {
        return;
    }
    // (what is loaded, its steps, how far off the figure may be in percent of the limit)
    let cases: [(&str, &[&str], i64); 7] = [
        ("nothing", &[], 2),
        ("100 MiB of anonymous memory", &["anon=100"], 2),
        ("150 MiB of dirty page cache", &["write=/file:150"], 2),
        ("150 MiB of clean page cache", &["write=/file:150", "sync"], 2),
        ("60 MiB of tmpfs", &["shm=60"], 2),
        ("20,000 empty files", &["files=/d:20000"], 5),
        // Its 5,000 inodes and dentries are 2 % of the limit: the OOM killer may come before they are given back.
        ("a bit of everything", &["anon=40", "shm=30", "write=/file:60", "files=/d:5000"], 4),
    ];
    let mut failures = Vec::new();
    println!("| load | available | allocated | off | docker's working set says |");
    println!("| --- | --- | --- | --- | --- |");
    for (name, steps, percent) in cases {
        // How much reclaim gives back before the OOM killer comes varies by itself: what is too far off is measured once more.
        let too_far = |_| {
            let (line, off) = allocatable(name, steps);
            println!("{line}");
            (off.abs() > percent as f64).then_some(line)
        };
        let measured: Vec<String> = (0..2).map_while(too_far).collect();
        if measured.len() == 2 {
            failures.extend(measured);
        }
    }
    assert!(failures.is_empty(), "too far off: {failures:#?}");
}

#[test]
fn memory_high_bounds_what_is_available() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&OPTIONS, &["anon=20"]);
    let membership = std::fs::read_to_string(format!("/proc/{}/cgroup", container.inspect("{{.State.Pid}}"))).unwrap();
    let path = membership.lines().find_map(|line| line.strip_prefix("0::/")).unwrap_or_default();
    let high = std::path::Path::new("/sys/fs/cgroup").join(path).join("memory.high");
    if !high.exists() {
        return docker::elsewhere("cgroup v1 has no memory.high");
    }
    std::fs::write(&high, "128M").expect("memory.high");
    let seen = free(&container);
    assert_eq!(seen.total, LIMIT, "slowed is not limited");
    // The allocator is slowed there, not killed: it stops when the kernel counts a `high` event.
    let allocated = allocated(&container);
    let off = (allocated - seen.available) as f64 * 100.0 / LIMIT as f64;
    println!("| memory.high of 128 MiB | {} | {allocated} | {off:+.1} % |", seen.available);
    assert!(off.abs() <= 2.0, "available {}, allocated {allocated}: {off:+.1} %", seen.available);
}
