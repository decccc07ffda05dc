//! What lies on the stage: the files that a run finds.

use super::case_file::Case;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Copies of sleep, under names that tell.
const SLEEPERS: [&str; 7] = ["alpha", "bravo", "charlie", "delta", "echo1", "longcommandname-x", "zparent"];

const MEMINFO: &str = "MemTotal:       16384000 kB\nMemFree:         4096000 kB\nMemAvailable:   12288000 kB\n\
    Buffers:          204800 kB\nCached:          6144000 kB\nSwapCached:        10240 kB\nActive:          5120000 kB\n\
    Inactive:        4096000 kB\nSwapTotal:       2048000 kB\nSwapFree:        1536000 kB\nDirty:              1024 kB\n\
    Writeback:             0 kB\nAnonPages:       2867200 kB\nMapped:           614400 kB\nShmem:            102400 kB\n\
    Slab:             512000 kB\nSReclaimable:     307200 kB\nSUnreclaim:       204800 kB\n";

/// Makes the directory of a run.
pub(super) fn prepare(dir: &Path, case: &Case, program: &Path) {
    let _ = fs::remove_dir_all(dir);
    for name in ["home", "bin", "proc"] {
        fs::create_dir_all(dir.join(name)).unwrap();
    }
    for name in SLEEPERS {
        fs::copy("/bin/sleep", dir.join("bin").join(name)).unwrap();
    }
    // The test program itself: a thread group under a name of its own.
    symlink(std::env::current_exe().unwrap(), dir.join("bin/threads")).unwrap();
    symlink(program, dir.join("bin/top")).unwrap();
    fs::write(dir.join("proc/meminfo"), MEMINFO).unwrap();
    fs::write(dir.join("proc/loadavg"), "0.25 0.50 1.75 1/100 200\n").unwrap();
    fs::write(dir.join("proc/stat"), stat(case.cpus, 0)).unwrap();
    fs::write(dir.join("before.sh"), &case.before).unwrap();
    let run = if case.run.is_empty() { format!("top {}", case.args) } else { case.run.clone() };
    fs::write(dir.join("run.sh"), run + "\n").unwrap();
    fs::write(dir.join("stage.sh"), include_str!("stage.sh")).unwrap();
    if !case.rc.is_empty() {
        fs::write(dir.join("home/.toprc"), &case.rc).unwrap();
    }
}

/// `/proc/stat` after so many stretches of work: each processor is busy in a way of its own.
pub(super) fn stat(cpus: usize, worked: usize) -> String {
    let ticks = |cpu: usize| {
        let busy = [40, 5, 10, 30, 4, 3, 6, 2].map(|share| share * worked);
        let [user, nice, system, idle, wait, hard, soft, steal] = busy;
        let shift = (cpu * 13 * worked).min(idle);
        [user + shift, nice, system, idle - shift, wait, hard, soft, steal].map(|ticks| ticks + 1000)
    };
    let line = |ticks: [usize; 8]| ticks.map(|ticks| ticks.to_string()).join(" ") + " 0 0\n";
    let mut total = [0; 8];
    let mut text = String::new();
    for cpu in 0..cpus {
        total = std::array::from_fn(|at| total[at] + ticks(cpu)[at]);
        let _ = write!(text, "cpu{cpu} {}", line(ticks(cpu)));
    }
    format!(
        "cpu  {}{text}intr 0\nctxt 1\nbtime 1700000000\nprocesses 500\nprocs_running 1\nprocs_blocked 0\n",
        line(total)
    )
}
