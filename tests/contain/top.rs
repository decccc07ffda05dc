//! The truth of `top`: shares of the container's capacity, and tasks that add up to them.

use crate::support::docker::{self, Container};
use vat::tools::procps::Procps;
use vat::tools::top::config::Config;
use vat::tools::top::rc;

/// A frame of `top -b`, and what the kernel says of the same time.
struct Frame {
    /// us, sy, ni, id, wa, hi, si, st of each CPU row.
    cpus: Vec<[f64; 8]>,
    /// The container line, where it is shown.
    container: String,
    /// %CPU and COMMAND.
    tasks: Vec<(f64, String)>,
    /// CPU time that the container used, in percent of one CPU, by its cgroup: on a machine with other work to do that is less
    /// than it may use.
    kernel: f64,
}

impl Frame {
    fn used(&self) -> f64 {
        let [us, sy, ni, ..] = self.cpus[0];
        us + sy + ni
    }

    /// The %CPU of the tasks of that name.
    fn of(&self, name: &str) -> Vec<f64> {
        self.tasks.iter().filter(|(_, command)| command == name).map(|(cpu, _)| *cpu).collect()
    }

    /// Whether the kernel gave the container so many percent of a CPU, so that top must say so.
    fn is_given(&self, percent: f64) -> bool {
        let given = self.kernel >= percent * 0.98;
        if !given {
            println!("the machine was busy: the container had {:.1} of {percent} % of a CPU", self.kernel);
        }
        given
    }
}

/// Tells before and after a command what CPU time the container has used (ns), and when (s).
const MEASURE: &str = r#"
    tell() {
        cat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null || { read -r _ us < /sys/fs/cgroup/cpu.stat; echo "${us}000"; }
        cut -d ' ' -f 1 /proc/uptime
    }
    tell; "$@"; tell"#;

/// The second of two frames of `top`, so many seconds after the first.
fn last_frame(container: &Container, seconds: &str, options: &[&str]) -> Frame {
    last_frame_of(container, &["/vat/top"], seconds, options)
}

fn last_frame_of(container: &Container, top: &[&str], seconds: &str, options: &[&str]) -> Frame {
    let top = [top, &["-b", "-w", "200", "-n", "2", "-d", seconds], options].concat();
    let text = container.prints(&[&["sh", "-c", MEASURE, "sh"], &top[..]].concat());
    let lines: Vec<&str> = text.lines().collect();
    let number = |at: usize| lines[at].parse::<f64>().expect(&text);
    let end = lines.len() - 2;
    let kernel = (number(end) - number(0)) / 1e9 / (number(end + 1) - number(1)) * 100.0;

    let text = lines[2..end].join("\n");
    let frame = text.rsplit("top - ").next().unwrap();
    let cpu = |line: &str| -> Option<[f64; 8]> {
        let (_, figures) = line.strip_prefix("%Cpu")?.split_once(':')?;
        let figure = |part: &str| part.trim().split(' ').next().unwrap().parse::<f64>().unwrap();
        Some(figures.split(',').map(figure).collect::<Vec<_>>().try_into().unwrap())
    };
    let (summary, table) = frame.split_once("\n\n").expect(&text);
    let header: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    let at = header.iter().position(|name| *name == "%CPU").unwrap();
    let task = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words[at].parse().unwrap(), words[words.len() - 1].to_owned())
    };
    Frame {
        cpus: summary.lines().filter_map(cpu).collect(),
        container: summary.lines().find(|line| line.contains(" thr,")).unwrap_or_default().to_owned(),
        tasks: table.lines().skip(1).map(task).collect(),
        kernel,
    }
}

/// A process of its own that loads a CPU.
fn spin(container: &Container) {
    let output = container.exec_with(&["--detach"], &["/vat/examples/hog", "spin=1", "hold"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn assert_near(what: &str, value: f64, wanted: f64, by: f64) {
    println!("{what}: {value:.1}, expected {wanted:.1}");
    assert!((value - wanted).abs() <= by, "{what}: {value}, expected {wanted} +- {by}");
}

#[test]
fn two_loops_under_half_a_cpu_use_all_of_it() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&["--cpus", "0.5"], &[]);
    spin(&container);
    spin(&container);
    let frame = last_frame(&container, "10", &["--container-line"]);
    assert_near("us + sy of what the kernel gave", frame.used(), frame.kernel / 0.5, 3.0);
    let loops: Vec<f64> = frame.of("hog").into_iter().filter(|cpu| *cpu > 5.0).collect();
    assert_eq!(loops.len(), 2);
    assert_near("both loops", loops.iter().sum(), frame.kernel, 3.0);
    if frame.is_given(50.0) {
        assert_near("us + sy", frame.used(), 100.0, 3.0);
        assert!(frame.cpus[0][7] <= 3.0, "st: {}", frame.cpus[0][7]);
        for cpu in loops {
            assert_near("a loop in Irix mode", cpu, 25.0, 3.0);
        }
        let throttled = frame.container.split(" thr,").next().unwrap().rsplit(' ').next().unwrap();
        let throttled: f64 = throttled.trim_end_matches('%').parse().expect(&frame.container);
        println!("{}", frame.container);
        assert!(throttled >= 90.0, "{}", frame.container);
    }
}

#[test]
fn one_loop_uses_two_thirds_of_a_cpu_and_a_half() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&["--cpus", "1.5"], &[]);
    spin(&container);
    let frame = last_frame(&container, "10", &[]);
    assert_near("us + sy of what the kernel gave", frame.used(), frame.kernel / 1.5, 3.0);
    assert_near("all of it", frame.cpus[0].iter().sum(), 100.0, 0.5);
    if frame.is_given(100.0) {
        assert_near("us + sy", frame.used(), 66.7, 3.0);
        assert_near("id", frame.cpus[0][3], 33.3, 3.0);
    }
}

#[test]
fn tasks_in_solaris_mode_sum_to_the_summary() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&["--cpus", "1.5"], &[]);
    spin(&container);
    spin(&container);
    let solaris = Config { irix: false, ..Config::default() };
    let rc = rc::write(&solaris, "top".as_ref(), Procps::Newest);
    std::fs::write(container.shared.join(".toprc"), rc).unwrap();
    let frame = last_frame_of(&container, &["env", "HOME=/shared", "/vat/top"], "5", &[]);
    assert!(frame.kernel > 20.0, "they did run: {}", frame.kernel);
    assert_near("the tasks", frame.tasks.iter().map(|(cpu, _)| cpu).sum(), frame.used(), 3.0);
    assert_near("us + sy of what the kernel gave", frame.used(), frame.kernel / 1.5, 4.0);
}

#[test]
fn what_ended_meanwhile_is_counted() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&["--cpus", "1"], &[]);
    let output = container.exec_with(&["--detach"], &["sh", "-c", "while :; do /bin/true; done"]);
    assert!(output.status.success());
    let frame = last_frame(&container, "5", &[]);
    assert!(frame.kernel > 20.0, "it did run: {}", frame.kernel);
    assert_near("us + sy of what the kernel gave", frame.used(), frame.kernel, 4.0);
    let seen: f64 = frame.tasks.iter().map(|(cpu, _)| cpu).sum();
    assert!(seen < frame.used(), "{seen} of {} was seen in tasks", frame.used());
}

#[test]
fn a_row_for_each_cpu_of_the_container() {
    if !docker::available() {
        return;
    }
    let container = Container::loaded(&["--cpuset-cpus", "1"], &[]);
    spin(&container);
    let frame = last_frame(&container, "5", &["-1"]);
    assert_eq!(frame.cpus.len(), 1, "the container has one CPU of two");
    assert_near("us + sy of what the kernel gave", frame.used(), frame.kernel, 4.0);
}

#[test]
fn tasks_are_the_containers_also_in_a_shared_pid_namespace() {
    if !docker::available() {
        return;
    }
    let neighbour = Container::loaded(&[], &["spin=1"]);
    for options in [&["--pid", "host"][..], &[], &["--cgroupns", "host"]] {
        let container = Container::loaded(options, &[]);
        let frame = last_frame(&container, "0.1", &[]);
        let mut names: Vec<&str> = frame.tasks.iter().map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["hog", "sh", "top"], "{options:?}");
    }
    drop(neighbour);
}
