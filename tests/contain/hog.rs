//! Loads the container it runs in, one step after another, for the tests that drive a known load and look at what the tools say.
//!
//!   anon=MIB            touches so much anonymous memory, and keeps it
//!   shm=MIB             writes a file of so many MiB to /dev/shm
//!   write=PATH:MIB      writes a file: dirty page cache
//!   sync                writes it back: clean page cache
//!   files=DIR:COUNT     makes so many empty files: dentries and inodes
//!   spin=COUNT          so many threads that run without end
//!   doze=COUNT          so many threads that sleep
//!   wait=COUNT          so many threads that wait uninterruptibly (D)
//!   rewrite=DIR:COUNT   so many threads that write a file each to the disk, again and again
//!   ready               says "ready" on standard output
//!   hold                waits to be killed
//!   allocate=PATH       allocates until it is killed, or slowed by memory.high; PATH holds the bytes reached

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unsafe_code,
    reason = "a tool of the tests: what goes wrong in it shall stop the test"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

const MIB: usize = 1 << 20;
const CHUNK: usize = 64 << 10;

fn main() {
    for step in std::env::args().skip(1) {
        let (name, value) = step.split_once('=').unwrap_or((&step, ""));
        match name {
            "anon" => std::mem::forget(touched(number(value) * MIB)),
            "shm" => write(Path::new("/dev/shm/hog"), number(value)),
            "write" => {
                let (path, mib) = value.split_once(':').expect("PATH:MIB");
                write(Path::new(path), number(mib));
            }
            "sync" => nix::unistd::sync(),
            "files" => {
                let (dir, count) = value.split_once(':').expect("DIR:COUNT");
                fs::create_dir_all(dir).expect("a directory for the files");
                for n in 0..number(count) {
                    File::create(format!("{dir}/{n}")).expect("an empty file");
                }
            }
            "spin" => threads(number(value), |_| {
                loop {
                    std::hint::spin_loop();
                }
            }),
            "doze" => threads(number(value), |_| hold()),
            "wait" => threads(number(value), |_| wait()),
            "rewrite" => {
                let (dir, count) = value.split_once(':').expect("DIR:COUNT");
                let dir = Path::new(dir).to_owned();
                threads(number(count), move |n| rewrite(&dir.join(format!("hog-{n}"))));
            }
            "ready" => {
                println!("ready");
                std::io::stdout().flush().expect("standard output");
            }
            "hold" => hold(),
            "allocate" => allocate(Path::new(value)),
            _ => panic!("hog: no such step: {step}"),
        }
    }
}

fn threads(count: usize, run: impl Fn(usize) + Clone + Send + 'static) {
    for n in 0..count {
        let run = run.clone();
        std::thread::Builder::new().stack_size(64 << 10).spawn(move || run(n)).expect("a thread");
    }
}

fn hold() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

/// Waits uninterruptibly, for a child which neither executes a program nor ends.
fn wait() {
    // SAFETY: the child has its memory to itself, and does nothing but wait for this thread's end.
    unsafe {
        if libc::syscall(libc::SYS_clone, libc::CLONE_VFORK | libc::SIGCHLD, 0, 0, 0, 0) == 0 {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            loop {
                libc::pause();
            }
        }
    }
}

/// Past the page cache, so that it is this thread that waits for the disk, and none of the kernel's.
fn rewrite(path: &Path) {
    const PAGE: usize = 4096;
    let memory = touched(MIB + PAGE);
    let block = &memory[memory.as_ptr().align_offset(PAGE)..][..MIB];
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(true).write(true).custom_flags(libc::O_DIRECT).open(path);
    let file = file.expect("a file to write");
    loop {
        file.write_all_at(block, 0).expect("room for the file");
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("hog: expected a number, found {text:?}"))
}

/// Memory that is really there: every page written, with bytes that nothing can merge or compress away.
fn touched(bytes: usize) -> Vec<u8> {
    let mut memory = vec![0u8; bytes];
    for (index, page) in memory.chunks_mut(4096).enumerate() {
        page[..8].copy_from_slice(&(index as u64 | 1 << 63).to_ne_bytes());
    }
    memory
}

fn write(path: &Path, mib: usize) {
    let mut file = File::create(path).expect("a file to write");
    let block = touched(MIB);
    for _ in 0..mib {
        file.write_all(&block).expect("room for the file");
    }
}

/// Takes memory until something stops it. The count is kept in a file outside the container, for this process does not come back.
fn allocate(progress: &Path) {
    // The OOM killer shall take this process, not the container.
    fs::write("/proc/self/oom_score_adj", "1000").expect("oom_score_adj");
    let count =
        OpenOptions::new().create(true).truncate(true).write(true).open(progress).expect("a file for the count");
    let slowed_before = slowed();
    let mut taken = Vec::new();
    for chunks in 1u64.. {
        taken.push(touched(CHUNK));
        count.write_all_at(&(chunks * CHUNK as u64).to_ne_bytes(), 0).expect("the count");
        if slowed() != slowed_before {
            return;
        }
    }
}

/// How often memory.high has slowed this container (cgroup v2).
fn slowed() -> Option<u64> {
    let mut text = String::new();
    File::open("/sys/fs/cgroup/memory.events").ok()?.read_to_string(&mut text).ok()?;
    text.lines().find_map(|line| line.strip_prefix("high "))?.parse().ok()
}
