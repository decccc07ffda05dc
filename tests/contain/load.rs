//! The truth of the container's load: what a sampler in it counts, and, where no other container runs, the kernel's own figure.

use crate::support::docker::{self, Container};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use vat::container::Load;

const SAMPLER: &str = "/vat/examples/sampler";
/// Threads that a quota holds back want to run all the same, and leave the machine to others.
const QUOTA: [&str; 2] = ["--cpus", "0.3"];

/// A container whose PID 1 samples.
struct Sampled(Container);

/// What it told of a sample.
#[derive(Clone, Copy, Debug)]
struct Told {
    active: u64,
    threads: u64,
    load: Load,
}

impl Sampled {
    fn start(options: &[&str]) -> Sampled {
        Sampled(Container::start(&[&QUOTA, options].concat(), &[SAMPLER]))
    }

    fn lines(&self) -> Vec<String> {
        let logs = std::process::Command::new("docker").args(["logs", &self.0.id]).output().expect("docker logs");
        String::from_utf8_lossy(&logs.stdout).lines().map(str::to_owned).collect()
    }

    /// All samples but the first, which was taken at the start.
    fn samples(&self) -> Vec<Told> {
        let lines = self.lines();
        let numbers = lines.iter().filter_map(|line| line.strip_prefix("sample "));
        let told = |line: &str| {
            let numbers: Vec<u64> = line.split(' ').map(|word| word.parse().expect("a number")).collect();
            Told { active: numbers[0], threads: numbers[1], load: Load([numbers[2], numbers[3], numbers[4]]) }
        };
        numbers.map(told).collect()
    }

    /// The samples from now on, so many.
    fn next(&self, count: usize) -> Vec<Told> {
        let seen = self.samples().len();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(300));
            let samples = self.samples();
            if samples.len() >= seen + count {
                return samples[seen..].to_vec();
            }
        }
        panic!("no samples: {:?}", self.lines());
    }

    fn runs(&self, command: &[&str]) {
        let output = self.0.exec_with(&["--detach"], command);
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Moves the hog that was started last six cgroups deeper, in each hierarchy where that can be done.
fn move_deep(container: &Container) {
    let pid = container.inspect("{{.State.Pid}}");
    let lines = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).expect("the cgroups of PID 1");
    let mut moved = 0;
    for line in lines.lines() {
        let (controllers, path) = line.split_once(':').and_then(|(_, rest)| rest.split_once(':')).expect(line);
        let hierarchies = [format!("/{controllers}"), "/unified".to_owned(), String::new()];
        let own = hierarchies.iter().map(|hierarchy| PathBuf::from(format!("/sys/fs/cgroup{hierarchy}{path}")));
        let Some(own) = own.into_iter().find(|dir| dir.join("cgroup.procs").exists()) else { continue };
        let procs = std::fs::read_to_string(own.join("cgroup.procs")).expect("processes");
        let is_hog =
            |pid: &&str| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name == "hog\n");
        let last = procs.lines().filter(is_hog).max_by_key(|pid| pid.parse::<u32>().expect("a pid")).expect("a hog");
        let deep = own.join("a/b/c/d/e/f");
        // cpuset has no CPUs there.
        if std::fs::create_dir_all(&deep).and_then(|()| std::fs::write(deep.join("cgroup.procs"), last)).is_ok() {
            moved += 1;
        }
    }
    assert!(moved > 0, "{lines}");
}

#[test]
fn threads_that_run_or_wait_count_at_all_depths() {
    if !docker::available() {
        return;
    }
    for options in [&[][..], &["--pid", "host"], &["--cgroupns", "private"]] {
        let sampled = Sampled::start(options);
        let hog = "/vat/examples/hog";
        let calm = sampled.next(1)[0];
        assert_eq!(calm.active, 0, "{options:?}: the sampler itself does not count");
        sampled.runs(&[hog, "spin=2", "doze=300", "wait=3", "hold"]);
        sampled.runs(&[hog, "spin=1", "hold"]);
        let all_run = || (310..320).contains(&sampled.next(1)[0].threads);
        assert!((0..10).any(|_| all_run()), "{options:?}: {:?}", sampled.samples());
        move_deep(&sampled.0);
        // One that was being taken then may have missed the one that moved.
        sampled.next(1);
        let samples = sampled.next(3);
        for told in &samples {
            assert_eq!(told.active, 6, "{options:?}: {told:?}");
            assert!((310..320).contains(&told.threads), "{options:?}: {told:?}");
        }
        for pair in samples.windows(2) {
            // Where the machine is so slow that the quota does not last, a sampler is late and catches up.
            let caught_up = |missed| pair[1].load == pair[0].load.missed(6, missed).sampled(6);
            assert!((0..4).any(caught_up), "{options:?}: {pair:?} by the kernel's arithmetic");
        }
        // The tools show it.
        let shown = sampled.0.prints(&["/vat/uptime"]);
        let text =
            |told: &Told| told.load.hundredths().map(|load| format!("{}.{:02}", load / 100, load % 100)).join(", ");
        let samples = sampled.samples();
        let is_shown = |told: &Told| shown.ends_with(&format!("load average: {}", text(told)));
        assert!(samples.iter().rev().take(3).any(is_shown), "{options:?}: {shown}; {samples:?}");
    }
}

#[test]
fn a_new_container_begins_at_nothing_and_its_file_is_for_everybody() {
    if !docker::available() {
        return;
    }
    let sampled = Sampled::start(&["--user", "0"]);
    sampled.next(1);
    assert_eq!(sampled.samples()[0].load, Load::default(), "as on a machine that boots");
    let file = sampled.0.prints(&["cat", "/run/vat/loadavg"]);
    let pid: u64 = sampled.0.prints(&["sh", "-c", "echo $$"]).parse().expect("a pid");
    let words: Vec<&str> = file.split_whitespace().collect();
    assert_eq!((words[..3].join(" ").as_str(), words.len()), ("0.00 0.00 0.00", 9), "{file}");
    assert!(words[4].parse::<u64>().is_ok_and(|last| (1..pid).contains(&last)), "a pid of this namespace: {file}");
    assert_eq!(sampled.0.prints(&["stat", "-c", "%a", "/run/vat", "/run/vat/loadavg"]), "755\n644");
    let copy = sampled.0.shared.join("copy");
    sampled.0.prints(&["cp", "-p", "/run/vat/loadavg", "/shared/copy"]);
    assert_eq!(std::fs::metadata(copy).expect("a copy").permissions().mode() & 0o777, 0o644);
}

#[test]
fn a_frozen_container_rests_and_its_load_says_so() {
    if !docker::available() {
        return;
    }
    let sampled = Sampled::start(&[]);
    sampled.runs(&["/vat/examples/hog", "spin=4", "hold"]);
    sampled.next(2);
    let docker = |verb: &str| {
        let status =
            std::process::Command::new("docker").args([verb, sampled.0.id.as_str()]).output().expect("docker").status;
        assert!(status.success(), "docker {verb}");
    };
    docker("pause");
    std::thread::sleep(Duration::from_secs(23));
    docker("unpause");
    sampled.next(1);
    let samples = sampled.samples();
    let gaps = samples.windows(2).filter(|pair| pair[1].load != pair[0].load.sampled(pair[1].active));
    let gaps: Vec<&[Told]> = gaps.collect();
    // Who took the container for busy all the while would have climbed on.
    let rested = |gap: &[Told]| (3..=6).any(|missed| gap[1].load == gap[0].load.missed(0, missed).sampled(4));
    assert!(matches!(gaps.as_slice(), [gap] if rested(gap)), "{gaps:?} of {samples:?}");
}

#[test]
fn what_is_wrong_is_said_once() {
    if !docker::available() {
        return;
    }
    let sampled = Sampled::start(&["--read-only", "--pids-limit", "40"]);
    sampled.runs(&["/vat/examples/hog", "doze=35", "hold"]);
    let last = *sampled.next(2).last().expect("a sample");
    let lines = sampled.lines();
    let told = |what: &str| lines.iter().filter(|line| line.starts_with(what)).cloned().collect::<Vec<_>>();
    let trouble = "trouble: the load average cannot be written: Read-only file system (os error 30)";
    assert_eq!(told("trouble: "), [trouble], "{lines:?}");
    let high = told("pids: ");
    assert_eq!(high.len(), 1, "{lines:?}");
    assert!(high[0].starts_with("pids: 37 of at most 40 tasks; most are made by hog (pid "), "{high:?} {last:?}");
    assert!(high[0].contains(": 0 children, 36 threads), sampler (pid 1: "), "{high:?}");
}

/// A part of the measure: what runs in the container, for what part of the time, and how many threads of it are active, where that
/// stays as it is.
struct Phase {
    name: &'static str,
    part: f64,
    command: &'static str,
    active: Option<u64>,
}

const fn phase(name: &'static str, part: f64, command: &'static str, active: Option<u64>) -> Phase {
    Phase { name, part, command, active }
}

const PHASES: [Phase; 9] = [
    phase("nothing", 0.08, "hold", Some(0)),
    phase("1 busy", 0.14, "spin=1 hold", Some(1)),
    phase("4 busy", 0.16, "spin=4 hold", Some(4)),
    phase("nothing", 0.08, "hold", Some(0)),
    phase("3 writers", 0.16, "rewrite=/var/tmp:3 hold", None),
    phase("300 threads, 2 busy", 0.12, "doze=298 spin=2 hold", Some(2)),
    phase("3 waiting in D", 0.08, "wait=3 hold", Some(3)),
    phase("1 busy, six cgroups deep", 0.1, "spin=1 hold", Some(1)),
    phase("nothing", 0.08, "hold", Some(0)),
];
/// So long after a step both have taken a sample, in seconds.
const STEP: f64 = 6.0;

/// Holds still what else runs in the virtual machine: the kernel would count it, and by a beat of five seconds, which is also that
/// of its own writing back, over and over.
struct Stillness;

impl Stillness {
    fn begin() -> Stillness {
        // khugepaged is so nice that it wants to run for seconds where the CPUs are busy.
        Stillness::set("STOP", 0, "never");
        Stillness
    }

    fn set(signal: &str, write_back: u32, huge_pages: &str) {
        let script = format!(
            "echo {write_back} >/proc/sys/vm/dirty_writeback_centisecs
             echo {huge_pages} >/sys/kernel/mm/transparent_hugepage/enabled
             kill -{signal} $(pidof dockerd containerd containerd-shim-runc-v2)"
        );
        let status = std::process::Command::new("sh").args(["-c", &script]).status().expect("sh");
        assert!(status.success() || std::thread::panicking(), "{script}");
    }
}

impl Drop for Stillness {
    fn drop(&mut self) {
        Stillness::set("CONT", 500, "always");
    }
}

/// A second of the measure.
struct Row {
    at: f64,
    ours: [f64; 3],
    kernels: [f64; 3],
    active: f64,
}

impl Row {
    fn parse(line: &str) -> Option<Row> {
        let numbers: Option<Vec<f64>> = line.strip_prefix("at ")?.split(' ').map(|word| word.parse().ok()).collect();
        let numbers = numbers?;
        let [at, ours @ .., active] = numbers.as_slice() else { return None };
        let (ours, kernels) = ours.split_at(3);
        Some(Row { at: *at, ours: ours.try_into().ok()?, kernels: kernels.try_into().ok()?, active: *active })
    }

    fn off(&self) -> [f64; 3] {
        [0, 1, 2].map(|at| (self.ours[at] - self.kernels[at]).abs())
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count.max(1))
}

/// Moves itself six cgroups deeper, where the container may write to its cgroup (v2), and becomes what follows.
const DEEP: &str = r#"
    mkdir -p /sys/fs/cgroup/a/b/c/d/e/f && echo $$ >/sys/fs/cgroup/a/b/c/d/e/f/cgroup.procs && exec "$@"
"#;

/// Both wait for what it took to start them to be over.
const WAIT: &str = "until [ -e /shared/go ]; do sleep 0.5; done";

/// `VAT_LOAD_SECONDS` says how long (150); the whole of it is 600.
#[test]
fn the_load_is_what_the_kernel_says_where_nothing_else_runs() {
    if std::env::var_os("VAT_VM").is_none() {
        docker::elsewhere("others run here, whom the kernel counts as well");
        return;
    }
    let total: f64 = std::env::var("VAT_LOAD_SECONDS").map_or(150.0, |seconds| seconds.parse().expect("seconds"));
    // Now and then the kernel's own threads run just when it counts, and the more so the slower the machine is emulated.
    for attempt in 1..=3 {
        let (begins, rows) = measure(total);
        let breaches = judge(&begins, &rows);
        if breaches.is_empty() {
            return;
        }
        println!("attempt {attempt}: {}", breaches.join("; "));
    }
    panic!("never what the kernel says");
}

/// Drives the phases for so many seconds: when they began and the last one ended, and what was read.
fn measure(total: f64) -> (Vec<f64>, Vec<Row>) {
    let mut script =
        format!("{WAIT}\nDEEP='{DEEP}'\nbegins() {{ read -r up _ </proc/uptime; echo $up >>/shared/phases; }}\n");
    for phase in PHASES {
        let seconds = (phase.part * total).round();
        let deep = if phase.name.contains("deep") { "sh -c \"$DEEP\" sh " } else { "" };
        let run = format!("{deep}/vat/examples/hog {} & sleep {seconds}; kill -9 $!; wait", phase.command);
        script.push_str(&format!("begins\n{run}\n"));
    }
    script.push_str("begins\n");
    // Both begin with the same history: what came before the container is the kernel's alone. What is measured goes to a file, for
    // Docker's daemon would run for each line of a log.
    let history = r#"mkdir -p /run/vat; awk 'NR == FNR {one = $1; five = $2; fifteen = $3}
        NR != FNR {printf "x\n%.0f %.0f %.0f %.0f\n", $1 * 1e9, one * 2048, five * 2048, fifteen * 2048}' \
        /proc/loadavg /proc/uptime >/run/vat/loadavg; exec /vat/examples/sampler watch >/shared/rows"#;
    let sampled =
        Sampled(Container::start(&["--privileged"], &["sh", "-c", &format!("echo ready; {WAIT}; {history}")]));
    sampled.runs(&["sh", "-c", &script]);
    let stillness = Stillness::begin();
    // What it took to get here the kernel has counted by then.
    std::thread::sleep(Duration::from_secs(8));
    std::fs::write(sampled.0.shared.join("go"), "").expect("a file");
    std::thread::sleep(Duration::from_secs_f64(total));
    let text = |name: &str| std::fs::read_to_string(sampled.0.shared.join(name)).unwrap_or_default();
    let late = Instant::now();
    while text("phases").lines().count() <= PHASES.len() {
        assert!(late.elapsed() < Duration::from_secs(60), "{}", text("phases"));
        std::thread::sleep(Duration::from_millis(700));
    }
    drop(stillness);
    let begins: Vec<f64> = text("phases").lines().map(|line| line.parse().expect("the uptime")).collect();
    (begins, text("rows").lines().filter_map(Row::parse).collect())
}

/// What is wrong with what was measured.
fn judge(begins: &[f64], rows: &[Row]) -> Vec<String> {
    println!("| s | what runs | active | ours | the kernel's |");
    println!("| ---: | --- | ---: | ---: | ---: |");
    let text = |loads: [f64; 3]| loads.map(|load| format!("{load:.2}")).join(" ");
    let total = begins[PHASES.len()] - begins[0];
    let rows: Vec<&Row> = rows.iter().filter(|row| (begins[0]..begins[PHASES.len()]).contains(&row.at)).collect();
    let (mut steady, mut steps, mut counted, mut before) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (phase, time) in PHASES.iter().zip(begins.windows(2)) {
        let inside: Vec<&Row> = rows.iter().copied().filter(|row| (time[0]..time[1]).contains(&row.at)).collect();
        let every = (inside.len() / 4).max(1);
        for row in inside.iter().skip(every - 1).step_by(every) {
            let (at, ours, kernels) = (row.at - begins[0], text(row.ours), text(row.kernels));
            println!("| {at:.0} | {} | {} | {ours} | {kernels} |", phase.name, row.active);
        }
        let (first, last) = (inside[0], inside[inside.len() - 1]);
        let decayed = f64::exp((first.at - last.at) / 60.0);
        let count = |load: fn(&Row) -> f64| (load(last) - load(first) * decayed) / (1.0 - decayed);
        let (ours, kernels) = (count(|row| row.ours[0]), count(|row| row.kernels[0]));
        counted.push(format!("{}: {ours:.1} threads, the kernel {kernels:.1}", phase.name));
        if let Some(active) = phase.active {
            steady.extend(inside.iter().filter(|row| row.at >= time[0] + STEP).map(|row| row.off()));
            if let Some(before) = before {
                let last = rows.iter().rfind(|row| row.at < time[0]).map_or(0.0, |row| row.off()[0]);
                let off = inside.iter().take_while(|row| row.at < time[0] + 2.0 * STEP).map(|row| row.off()[0]);
                steps.push((phase.name, active.abs_diff(before) as f64 * 0.08, off.fold(0.0, f64::max) - last));
            }
        }
        before = phase.active;
    }
    let of_all = [0, 1, 2].map(|at| mean(rows.iter().map(|row| row.off()[at])));
    let of_steady = [0, 1, 2].map(|at| mean(steady.iter().map(|off| off[at])));
    println!("\ncounted on average, by the change of load1: {}", counted.join("; "));
    println!("mean absolute difference: {of_all:.3?}; at steady load: {of_steady:.3?}; {} readings", rows.len());
    assert!(rows.len() as f64 > total * 0.7, "{} readings in {total} s", rows.len());
    let mut breaches = Vec::new();
    for (name, worth, off) in steps {
        println!("step to {name}: {off:.2} more off than before it, one sample's worth is {worth:.2}");
        if off > worth + 0.05 {
            breaches.push(format!("the step to {name}"));
        }
    }
    if of_all.iter().any(|off| *off > 0.10) {
        breaches.push("more than 0.10 off".to_owned());
    }
    if of_steady.iter().any(|off| *off > 0.05) {
        breaches.push("more than 0.05 off at steady load".to_owned());
    }
    breaches
}
