//! What top costs: CPU time of a first frame and of each later one, beside the kernel's floor.
//!
//! `cost floor FILE...` reads these files of every process (`stat statm`), or with `task/` before them of every thread, ten times,
//! and prints the CPU time of one such scan. `cost frames N PROGRAM...` runs each `PROGRAM -n 1` and `-n N` in turn a few times, and
//! prints the CPU time of the first frame and of each later one, in microseconds, and the peak memory in KiB.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    unsafe_code,
    reason = "a tool of the tests: what goes wrong in it shall stop the test"
)]

use std::fs::File;
use std::io::Read;
use std::mem::MaybeUninit;
use std::process::{Command, Stdio};

const TIMES: usize = 5;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["floor", files @ ..] => floor(files),
        ["frames", frames, programs @ ..] => costs(frames.parse().expect("a number"), programs),
        _ => panic!("usage: cost floor FILE... | cost frames N PROGRAM..."),
    }
}

fn floor(files: &[&str]) {
    let mut buffer = [0; 4096];
    let before = cpu_time(libc::RUSAGE_SELF).0;
    for _ in 0..10 {
        scan("/proc", files, &mut buffer);
    }
    println!("{}", (cpu_time(libc::RUSAGE_SELF).0 - before) / 10);
}

fn scan(dir: &str, files: &[&str], buffer: &mut [u8]) {
    let is_pid = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if !is_pid(&name) {
            continue;
        }
        let threads: Vec<&str> = files.iter().filter_map(|file| file.strip_prefix("task/")).collect();
        if !threads.is_empty() {
            scan(&format!("{dir}/{name}/task"), &threads, buffer);
        }
        for file in files.iter().filter(|file| !file.starts_with("task/")) {
            if let Ok(mut file) = File::open(format!("{dir}/{name}/{file}")) {
                let _ = file.read(buffer);
            }
        }
    }
}

fn costs(frames: u64, programs: &[&str]) {
    let mut rows = vec![[Vec::new(), Vec::new(), Vec::new()]; programs.len()];
    for _ in 0..TIMES {
        for (program, row) in programs.iter().zip(&mut rows) {
            let (first, peak) = run(program, 1);
            let (all, _) = run(program, frames);
            row[0].push(first);
            row[1].push(all.saturating_sub(first) / (frames - 1));
            row[2].push(peak);
        }
    }
    for (program, row) in programs.iter().zip(&mut rows) {
        let medians = row.each_mut().map(|one| {
            one.sort_unstable();
            one[one.len() / 2]
        });
        println!("{} {} {} {program}", medians[0], medians[1], medians[2]);
    }
}

/// CPU time and peak memory of so many frames of a program. Each is run by a process of its own, as peaks are not told of one child.
fn run(program: &str, frames: u64) -> (u64, u64) {
    let mut words = program.split(' ');
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words).args(["-n", &frames.to_string()]).stdout(Stdio::null()).stdin(Stdio::null());
    let mut child = command.spawn().expect(program);
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    let mut status = 0;
    // SAFETY: our own child, not yet waited for; all zeroes is a valid rusage.
    let usage = unsafe {
        assert_eq!(libc::wait4(child.id().cast_signed(), &mut status, 0, usage.as_mut_ptr()), child.id().cast_signed());
        usage.assume_init()
    };
    assert_eq!(status, 0, "{program}");
    let _ = child.try_wait();
    (micros(&usage), usage.ru_maxrss.unsigned_abs())
}

fn cpu_time(who: i32) -> (u64, u64) {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the kernel writes it; all zeroes is a valid rusage.
    let usage = unsafe {
        libc::getrusage(who, usage.as_mut_ptr());
        usage.assume_init()
    };
    (micros(&usage), usage.ru_maxrss.unsigned_abs())
}

fn micros(usage: &libc::rusage) -> u64 {
    let micros = |time: libc::timeval| time.tv_sec.unsigned_abs() * 1_000_000 + time.tv_usec.unsigned_abs();
    micros(usage.ru_utime) + micros(usage.ru_stime)
}
