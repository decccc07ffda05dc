//! Keeps the load of the container it runs in, as `vat-init` does, for the tests. Says `ready` after the first sample, then:
//!
//!   `sampler`              a line for each sample: `sample ACTIVE THREADS LOAD1 LOAD5 LOAD15` (fixed point), and what it has to report
//!   `sampler watch`        a line each second: `at UPTIME OURS... KERNELS... ACTIVE`, the averages of /run/vat/loadavg and of /proc/loadavg
//!   `sampler cost COUNT`   takes so many samples without a pause, and prints the CPU time of one in microseconds

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a tool of the tests: what goes wrong in it shall stop the test"
)]

use std::fs;
use std::io::Write;
use std::time::Duration;
use vat::sample::{Sample, Sampler};
use vat::sys::{Live, Machine};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let machine = Live::new();
    let mut sampler = Sampler::new(&machine, 85).expect("/proc").expect("a container");
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => keep(&machine, &mut sampler),
        ["watch"] => watch(&machine, &mut sampler),
        ["cost", count] => {
            for _ in 0..count.parse().expect("a number") {
                sampler.sample().expect("a sample");
            }
            println!("{}", sampler.cost().mean_micros());
        }
        _ => panic!("usage: sampler [watch | cost COUNT]"),
    }
}

fn keep(machine: &Live, sampler: &mut Sampler<'_>) {
    loop {
        let sample = take(sampler);
        let [one, five, fifteen] = sample.load.0;
        say(&format!("sample {} {} {one} {five} {fifteen}", sample.activity.active(), sample.threads));
        machine.sleep(sampler.due_in());
    }
}

fn watch(machine: &Live, sampler: &mut Sampler<'_>) {
    let mut active = take(sampler).activity.active();
    loop {
        machine.sleep(sampler.due_in().min(Duration::from_secs(1)));
        if sampler.due_in().is_zero() {
            active = take(sampler).activity.active();
            continue;
        }
        let averages = |path: &str| {
            let text = fs::read_to_string(path).expect("a loadavg");
            text.split(' ').take(3).collect::<Vec<_>>().join(" ")
        };
        let at = machine.boottime().as_secs_f64();
        let ours = averages("/run/vat/loadavg");
        say(&format!("at {at:.1} {ours} {} {active}", averages("/proc/loadavg")));
    }
}

fn take(sampler: &mut Sampler<'_>) -> Sample {
    let is_first = sampler.cost().samples == 0;
    let sample = sampler.sample().expect("a sample");
    if let Some(trouble) = &sample.trouble {
        say(&format!("trouble: {trouble}"));
    }
    if let Some(high) = &sample.pids_high {
        say(&format!("pids: {high}"));
    }
    if is_first {
        say("ready");
    }
    sample
}

fn say(line: &str) {
    println!("{line}");
    std::io::stdout().flush().expect("standard output");
}
