//! Every file that is read, broken in every way that comes to mind, one at a time, and all tools over it: none panics, none waits,
//! each falls back to the next best source or fails as the original does, and none shows a zero that is not one.

use crate::support::captured::{Captured, remove, set_mode};
use std::os::unix::fs::symlink;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use vat::tools::{self, Tool};

const TOOLS: [(&str, Tool, &[&str]); 4] = [
    ("free", tools::free::run, &["-b"]),
    ("uptime", tools::uptime::run, &[]),
    ("nproc", tools::nproc::run, &[]),
    ("df", tools::df::run, &[]),
];

/// What a tool printed.
struct Told {
    program: &'static str,
    code: u8,
    out: String,
    err: String,
}

/// How a file is broken.
enum Way {
    Bytes(Vec<u8>),
    Missing,
    Directory,
    Loop,
    Fifo,
    Unreadable,
    /// A link to a file that is larger than any kernel file.
    Huge,
}

#[test]
fn a_container_on_v1_with_any_file_broken() {
    each_file_broken("docker-v1");
}

#[test]
fn a_container_on_v2_with_any_file_broken() {
    each_file_broken("v2-outer-mount");
}

#[test]
fn a_shared_pid_namespace_with_any_file_broken() {
    each_file_broken("instance-quota");
}

#[test]
fn a_bare_machine_with_any_file_broken() {
    each_file_broken("bare-systemd-v2");
}

#[test]
fn nothing_of_proc_or_sys() {
    for name in ["docker-v1", "v2-systemd-inside", "bare-hybrid", "v2-pid-host"] {
        let machine = Captured::load(name);
        remove(&machine.dir.join("sys"));
        for told in run(&machine, name) {
            assert_eq!(told.code, 0, "{name} without /sys: {} {}", told.program, told.err);
        }
        remove(&machine.dir.join("proc"));
        for told in run(&machine, name) {
            let message = match told.program {
                "free" => "free: Memory information file /proc/meminfo does not exist\n",
                "uptime" => "uptime: Cannot get system uptime: No such file or directory\n",
                "df" => "df: cannot read table of mounted file systems: No such file or directory\n",
                _ => "",
            };
            let code = u8::from(!message.is_empty());
            assert_eq!((told.code, told.err.as_str()), (code, message), "{name} without /proc");
            assert!(told.program == "nproc" || told.out.is_empty(), "{name} without /proc: {}", told.out);
        }
    }
}

#[test]
fn fifty_thousand_mounts() {
    for name in ["docker-v1", "v2-systemd-inside"] {
        let machine = Captured::load(name);
        let path = machine.dir.join("proc/self/mountinfo");
        let mut text = std::fs::read_to_string(&path).expect("mountinfo");
        for at in 0..50_000 {
            let kind = if at % 10 == 0 { "cgroup none rw,name=many" } else { "tmpfs tmpfs rw" };
            text.push_str(&format!("{} 1 9:{at} /x/{at} /mnt/{at} rw - {kind}\n", at + 1000));
        }
        let before = run(&machine, name);
        std::fs::write(&path, text).expect("mountinfo");
        for (before, after) in before.iter().zip(run(&machine, name)) {
            assert_eq!((before.code, &before.out), (after.code, &after.out), "{name}: {}", after.err);
        }
    }
}

#[test]
fn any_number_of_cgroups_and_processes() {
    let machine = Captured::load("v2-pid-host");
    let top = machine.dir.join("sys/fs/cgroup");
    for at in 0..2000 {
        std::fs::create_dir(top.join(format!("child{at}"))).expect("a directory");
    }
    let deep: PathBuf = (0..300).map(|_| "deep").collect();
    std::fs::create_dir_all(top.join(&deep)).expect("directories");
    symlink("..", top.join("deep/up")).expect("a link");
    let gone: String = (1_000_000..1_050_000).map(|pid| format!("{pid}\n")).collect();
    std::fs::write(top.join("child7/cgroup.procs"), gone + "../../etc\n/dev/zero\n\n0\n700x\n").expect("cgroup.procs");
    std::fs::write(top.join(deep).join("cgroup.procs"), "900\n").expect("cgroup.procs");
    let told = run(&machine, "many cgroups");
    assert!(told.iter().all(|told| told.code == 0));
    assert!(told[1].out.contains("load average: 2.00"), "900 is listed twice: {}", told[1].out);
}

fn each_file_broken(name: &str) {
    let mut machine = Captured::load(name);
    let huge = machine.dir.join("huge");
    std::fs::write(&huge, vec![b'9'; 20 << 20]).expect("a huge file");
    let good = run(&machine, name);
    assert!(good.iter().all(|told| told.code == 0), "{name} is a good machine");
    let files = machine.files();
    for file in files.iter().filter(|file| **file != Path::new("huge")) {
        let path = machine.dir.join(file);
        let bytes = std::fs::read(&path).expect("a file of the machine");
        for (how, way) in ways(&bytes) {
            let what = format!("{name}: {} {how}", file.display());
            remove(&path);
            match &way {
                Way::Bytes(bytes) => std::fs::write(&path, bytes).expect("writing"),
                Way::Missing => (),
                Way::Directory => std::fs::create_dir(&path).expect("a directory"),
                Way::Loop => symlink(path.file_name().expect("a name"), &path).expect("a link"),
                Way::Fifo => {
                    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::from_bits_truncate(0o644)).expect("a FIFO")
                }
                Way::Huge => std::fs::hard_link(&huge, &path).expect("a link"),
                Way::Unreadable => {
                    std::fs::write(&path, &bytes).expect("writing");
                    set_mode(&path, 0);
                }
            }
            machine.other_user = matches!(way, Way::Unreadable);
            for (good, told) in good.iter().zip(run(&machine, &what)) {
                judge(file, &way, good, &told, &what);
            }
        }
        remove(&path);
        std::fs::write(&path, bytes).expect("writing");
    }
}

/// A broken file may cost figures, but neither the whole answer nor the truth.
fn judge(file: &Path, way: &Way, good: &Told, told: &Told, what: &str) {
    let what = format!("{what}: {} printed\n{}{}", told.program, told.out, told.err);
    for line in told.err.lines() {
        assert!(line.starts_with(told.program) && !line.contains(char::is_control), "{what}");
    }
    // The files without which the original cannot do either.
    let needs: &[&str] = match told.program {
        "free" => &["meminfo"],
        "df" => &["mountinfo"],
        "uptime" => &["uptime", "loadavg"],
        _ => &[],
    };
    if told.code != 0 {
        assert!(needs.iter().any(|name| file.ends_with(name)), "{what}");
        assert!(told.code == 1 && told.out.is_empty() && !told.err.is_empty(), "{what}");
        return;
    }
    match told.program {
        "free" => {
            let figures = |told: &Told| -> Vec<u64> {
                let row = told.out.lines().nth(1).expect("the row Mem");
                row.split_whitespace().skip(1).map(|word| word.parse().expect("a number")).collect()
            };
            let (good, now) = (figures(good), figures(told));
            assert!(now[0] > 0, "{what}");
            // A number in the file may have become a true zero, or have been cut to one; what has no number has no zero.
            let numberless = !matches!(way, Way::Bytes(bytes) if bytes.iter().any(u8::is_ascii_digit));
            for (good, now) in good.iter().zip(&now) {
                // Shared memory, buffers and cache are told by one file each, and of none else is a container's known.
                assert!(!numberless || *good == 0 || *now > 0, "{what}");
            }
            assert!(now[1..].iter().all(|figure| *figure <= now[0].max(good[0])), "{what}");
        }
        "nproc" => assert!(told.out.trim().parse::<u64>().is_ok_and(|cpus| (1..=8192).contains(&cpus)), "{what}"),
        "uptime" => assert!(told.out.contains(" up ") && told.out.contains("load average: "), "{what}"),
        _ => assert!(told.out.starts_with("Filesystem "), "{what}"),
    }
}

/// All ways to break a file.
fn ways(bytes: &[u8]) -> Vec<(String, Way)> {
    let mut ways = vec![
        ("is missing".to_owned(), Way::Missing),
        ("is a directory".to_owned(), Way::Directory),
        ("is a loop of links".to_owned(), Way::Loop),
        ("is a FIFO".to_owned(), Way::Fifo),
        ("is not for this user".to_owned(), Way::Unreadable),
        ("has 20 MiB".to_owned(), Way::Huge),
    ];
    let mut add = |how: String, bytes: Vec<u8>| ways.push((how, Way::Bytes(bytes)));
    let numbers = |with: &[u8]| {
        let pieces = bytes.split(u8::is_ascii_digit).filter(|piece| !piece.is_empty());
        let mut bent = with.to_vec();
        pieces.for_each(|piece| bent.extend(piece.iter().chain(with)));
        bent
    };
    let middle = bytes.len() / 2;
    let inserted = |piece: &[u8]| [&bytes[..middle], piece, &bytes[middle..]].concat();
    add("is empty".to_owned(), Vec::new());
    add("is garbage".to_owned(), b"\x7fELF\x02\x01\0\0\xff\xfe\x1b[31mred\n".to_vec());
    add("is one line of a million nines".to_owned(), vec![b'9'; 1_000_000]);
    add("is a hundred thousand empty lines".to_owned(), vec![b'\n'; 100_000]);
    add("has numbers beyond 64 bits".to_owned(), numbers(b"99999999999999999999999"));
    add("has the largest numbers".to_owned(), numbers(b"18446744073709551615"));
    add("has zeroes only".to_owned(), numbers(b"0"));
    add("has negative numbers".to_owned(), numbers(b"-1"));
    add("has no numbers".to_owned(), numbers(b""));
    add("has a NUL".to_owned(), inserted(b"\0"));
    add("has NULs for an end".to_owned(), [bytes, &[0; 100]].concat());
    add("is not UTF-8".to_owned(), inserted(b"\xff\xfe\xc3"));
    add("has an empty line".to_owned(), inserted(b"\n\n"));
    add("comes twice".to_owned(), [bytes, bytes].concat());
    // Of the parsers alone, `fast::parsers` tries every byte of every file.
    let step = if bytes.len() <= 32 { 1 } else { bytes.len().div_ceil(24) };
    for length in (1..bytes.len()).step_by(step) {
        add(format!("is cut to {length} bytes"), bytes[..length].to_vec());
    }
    ways
}

fn run(machine: &Captured, what: &str) -> Vec<Told> {
    let one = |(program, tool, args): (&'static str, Tool, &[&str])| {
        let start = Instant::now();
        let ran = catch_unwind(AssertUnwindSafe(|| machine.run(tool, program, args)));
        let (code, out, err) = ran.unwrap_or_else(|_| panic!("{what}: {program} panicked"));
        assert!(start.elapsed() < Duration::from_secs(20), "{what}: {program} took {:?}", start.elapsed());
        Told { program, code, out, err }
    };
    TOOLS.map(one).into()
}
