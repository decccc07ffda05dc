//! The wall time of programs that end at once, for where hyperfine is not: `walltime RUNS PROGRAM...` runs each in turn, so that a
//! machine whose speed drifts drifts for all, and prints each one's median in microseconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a tool of the tests: what goes wrong in it shall stop the test"
)]

use std::process::{Command, Stdio};
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let runs: usize = args.next().and_then(|runs| runs.parse().ok()).expect("usage: walltime RUNS PROGRAM...");
    let programs: Vec<String> = args.collect();
    let mut times: Vec<Vec<u128>> = vec![Vec::new(); programs.len()];
    for _ in 0..runs {
        for (program, times) in programs.iter().zip(&mut times) {
            let mut words = program.split(' ');
            let mut command = Command::new(words.next().expect("a program"));
            let start = Instant::now();
            let status = command.args(words).stdout(Stdio::null()).status().expect(program);
            times.push(start.elapsed().as_micros());
            assert!(status.success(), "{program}: {status}");
        }
    }
    for (program, times) in programs.iter().zip(&mut times) {
        times.sort_unstable();
        println!("{} {program}", times[times.len() / 2]);
    }
}
