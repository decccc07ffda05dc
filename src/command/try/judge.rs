//! Whether what a tool printed is true: pure.

use crate::unit::Bytes;

/// The figures that are checked, as far as the outputs tell them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// `free -b`: total memory.
    pub(super) total: Option<Bytes>,
    /// `free -b`: used memory.
    pub(super) used: Option<Bytes>,
    /// `nproc`.
    pub(super) cpus: Option<u64>,
    /// `uptime`: the first load average.
    pub(super) load: Option<f64>,
}

impl Figures {
    /// Reads the outputs of free -b, nproc and uptime in the C locale.
    pub(super) fn read(free: &str, nproc: &str, uptime: &str) -> Figures {
        let memory = free.lines().find_map(|line| line.strip_prefix("Mem:"));
        let amount = |column: usize| memory?.split_whitespace().nth(column)?.parse().ok().map(Bytes);
        let loads = uptime.split_once("load average:").map(|(_, loads)| loads);
        Figures {
            total: amount(0),
            used: amount(1),
            cpus: nproc.trim().parse().ok(),
            load: loads.and_then(|loads| loads.split(',').next()?.trim().parse().ok()),
        }
    }
}

/// What is true of the container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Truth {
    /// The memory it can have; `None` where that could not be limited, so that nothing is known of it.
    pub(super) total: Option<Bytes>,
    /// The CPUs, counted in whole ones.
    pub(super) cpus: u64,
    /// The memory that the load holds.
    pub(super) held: Bytes,
    /// The loops that want a CPU.
    pub(super) loops: u32,
}

/// What is false in what was printed at rest and under load; nothing when all of it is true. What was not printed is no lie.
pub(super) fn lies(truth: &Truth, rest: &Figures, load: &Figures) -> Vec<String> {
    let mib = |bytes: Bytes| bytes.0 >> 20;
    let total = rest.total.zip(truth.total).filter(|(total, is)| total != is);
    let cpus = rest.cpus.filter(|cpus| *cpus != truth.cpus);
    // What a neighbour uses is none of the container's.
    let used = rest.used.filter(|used| truth.total.is_some_and(|total| mib(*used) >= mib(total) / 4));
    // The tool itself is not counted; whatever else runs for a moment may be.
    let average = load.load.filter(|average| (average - f64::from(truth.loops)).abs() > 1.0);
    let lies = [
        total.map(|(total, is)| format!("total {} MiB, not {}", mib(total), mib(is))),
        cpus.map(|cpus| format!("{cpus} CPUs, not {}", truth.cpus)),
        used.map(|used| format!("{} MiB used at rest", mib(used))),
        average.map(|average| format!("load {average:.2} with {} busy loops", truth.loops)),
    ];
    lies.into_iter().flatten().collect()
}

/// How many figures are checked.
pub(super) const FIGURES: usize = 4;

/// What should have been printed and was not.
pub(super) fn gaps(rest: &Figures, load: &Figures) -> Vec<&'static str> {
    let gaps: [_; FIGURES] = [
        (rest.total.is_none(), "no total"),
        (rest.cpus.is_none(), "no number of CPUs"),
        (rest.used.is_none() || load.used.is_none(), "no used memory"),
        (load.load.is_none(), "no load average"),
    ];
    gaps.into_iter().filter(|(is_gap, _)| *is_gap).map(|(_, gap)| gap).collect()
}

/// What is false in how `used` followed the load.
pub(super) fn strays(truth: &Truth, rest: &Figures, load: &Figures) -> Option<String> {
    truth.total?;
    let mib = |bytes: Bytes| (bytes.0 >> 20).cast_signed();
    let (grown, held) = (mib(load.used?) - mib(rest.used?), mib(truth.held));
    let slack = (held / 20).max(4);
    ((grown - held).abs() > slack).then(|| format!("used grew by {grown} MiB when {held} MiB were taken"))
}

/// Whether two outputs of a tool (`free -m`, `uptime`, `df -h`, `nproc`) are the same but for figures that move from one run to the
/// next.
pub(super) fn is_same(tool: &str, a: &str, b: &str) -> bool {
    let is_same_line = match tool {
        "free" => is_same_memory,
        "uptime" => is_same_uptime,
        "df" => |a: &str, b: &str| is_each(a, b, is_close_amount),
        _ => |a: &str, b: &str| a == b,
    };
    let (lines, others) = (a.lines(), b.lines());
    lines.clone().count() == others.clone().count()
        && lines.clone().next().is_some()
        && lines.zip(others).all(|(a, b)| is_same_line(a, b))
}

fn is_each(a: &str, b: &str, is_close: impl Fn(&str, &str) -> bool) -> bool {
    let (words, others) = (a.split_whitespace(), b.split_whitespace());
    words.clone().count() == others.clone().count() && words.zip(others).all(|(a, b)| a == b || is_close(a, b))
}

/// Two numbers of one unit that are no further apart than that.
fn is_within(a: &str, b: &str, slack: f64) -> bool {
    let (a, b) = (a.parse::<f64>(), b.parse::<f64>());
    a.is_ok_and(|a| b.is_ok_and(|b| (a - b).abs() <= slack))
}

/// A line of `free -m`: memory comes and goes, what there is of it stays, and swap hardly moves.
fn is_same_memory(a: &str, b: &str) -> bool {
    let total = |line: &str| line.split_whitespace().nth(1).map(str::to_owned);
    let slack = if a.starts_with("Mem:") { 64.0 } else { 1.0 };
    total(a) == total(b) && is_each(a, b, |a, b| is_within(a, b, slack))
}

/// A line of `uptime`: time passes, the load changes a little; users stay.
fn is_same_uptime(a: &str, b: &str) -> bool {
    let parts = |line: &str| {
        let (before, loads) = line.split_once("load average:").unwrap_or((line, ""));
        (before.replace(',', " "), loads.replace(',', " "))
    };
    let ((before, loads), (other_before, other_loads)) = (parts(a), parts(b));
    let is_minutes = |line: &str, word: &str| line.contains(&format!("{word} min"));
    let is_later = |a: &str, b: &str| match (clock(a), clock(b)) {
        (Some(a), Some(b)) => {
            a.len() == b.len() && seconds(&a).abs_diff(seconds(&b)) <= if a.len() == 2 { 60 } else { 10 }
        }
        _ => is_minutes(&before, a) && is_minutes(&other_before, b) && is_within(a, b, 1.0),
    };
    is_each(&before, &other_before, is_later) && is_each(&loads, &other_loads, |a, b| is_within(a, b, 0.5))
}

/// The numbers in hours:minutes or hours:minutes:seconds.
fn clock(word: &str) -> Option<Vec<u64>> {
    let numbers: Option<Vec<u64>> = word.split(':').map(|number| number.parse().ok()).collect();
    numbers.filter(|numbers| matches!(numbers.len(), 2 | 3))
}

fn seconds(clock: &[u64]) -> u64 {
    clock.iter().zip([3600, 60, 1]).map(|(number, weight)| number * weight).sum()
}

/// An amount of `df -h`, such as 1.3G or 15%: one unit, and the last digit may move.
fn is_close_amount(a: &str, b: &str) -> bool {
    let split = |word: &str| {
        let end = word.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
        (word.get(..end).unwrap_or_default().to_owned(), word.get(end..).unwrap_or_default().to_owned())
    };
    let ((a, unit), (b, other)) = (split(a), split(b));
    let digit = if a.contains('.') || b.contains('.') { 0.2 } else { 1.0 };
    let slack = a.parse::<f64>().map_or(0.0, |a| a * 0.05).max(digit);
    !unit.is_empty() && unit == other && is_within(&a, &b, slack)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: &str =
        "               total        used        free\nMem:       536870912     4194304   532676608\nSwap: 0 0 0\n";

    fn truth() -> Truth {
        Truth { total: Some(Bytes::from_mib(512)), cpus: 2, held: Bytes::from_mib(200), loops: 3 }
    }

    #[test]
    fn figures_are_read() {
        let read = Figures::read(FREE, "2\n", " 10:00:00 up 0 min,  0 users,  load average: 3.00, 2.00, 1.00\n");
        let want = Figures {
            total: Some(Bytes::from_mib(512)),
            used: Some(Bytes::from_mib(4)),
            cpus: Some(2),
            load: Some(3.0),
        };
        assert_eq!(read, want);
        assert_eq!(Figures::read("", "", ""), Figures::default());
    }

    #[test]
    fn the_truth_has_no_lies() {
        let rest = Figures::read(FREE, "2\n", "load average: 0.00, 0, 0");
        let load = Figures { used: Some(Bytes::from_mib(206)), load: Some(3.0), ..rest };
        assert_eq!(lies(&truth(), &rest, &load), Vec::<String>::new());
        assert_eq!(strays(&truth(), &rest, &load), None);
    }

    #[test]
    fn lies_are_named() {
        let rest = Figures {
            total: Some(Bytes::from_mib(24_000)),
            used: Some(Bytes::from_mib(900)),
            cpus: Some(24),
            load: None,
        };
        let load = Figures { load: Some(9.0), ..rest };
        let want =
            ["total 24000 MiB, not 512", "24 CPUs, not 2", "900 MiB used at rest", "load 9.00 with 3 busy loops"];
        assert_eq!(lies(&truth(), &rest, &load), want);
        assert_eq!(gaps(&rest, &rest), ["no load average"]);
        assert_eq!(strays(&truth(), &rest, &rest).unwrap(), "used grew by 0 MiB when 200 MiB were taken");
        let unlimited = Truth { total: None, ..truth() };
        assert_eq!(lies(&unlimited, &rest, &load).len(), 2, "nothing is known of memory");
        assert_eq!(strays(&unlimited, &rest, &rest), None);
        let nothing = Figures::default();
        assert_eq!(lies(&truth(), &nothing, &nothing), Vec::<String>::new(), "what is not there does not lie");
        assert_eq!(gaps(&nothing, &nothing).len(), 4);
    }

    #[test]
    fn figures_that_move_are_no_difference() {
        assert!(is_same("free", "Mem: 24105 455 23340\nSwap: 9 0 9\n", "Mem: 24105 460 23330\nSwap: 9 0 9\n"));
        assert!(!is_same("free", "Mem: 24105 455\n", "Mem: 24104 455\n"), "the total does not move");
        assert!(!is_same("free", "Mem: 24105 455\n", "Mem: 24105 555\n"));
        assert!(!is_same("free", "Swap: 100 0 100\n", "Swap: 100 40 60\n"));
        assert!(!is_same("free", "a\nb\n", "a\n"), "a line less");
        assert!(!is_same("free", "", ""), "nothing is no answer");
        assert!(!is_same("free", "free: bad\n", "free: worse\n"));
    }

    #[test]
    fn uptime_moves_with_time() {
        let line =
            |clock, up, users, load| format!(" {clock} up {up},  {users} users,  load average: {load}, 0.50, 0.00\n");
        let one = line("10:00:59", "1 min", 2, "0.10");
        assert!(is_same("uptime", &one, &line("10:01:00", "2 min", 2, "0.40")));
        assert!(!is_same("uptime", &one, &line("10:31:00", "1 min", 2, "0.10")));
        assert!(!is_same("uptime", &one, &line("10:00:59", "5 min", 2, "0.10")));
        assert!(!is_same("uptime", &one, &line("10:00:59", "1 min", 3, "0.10")), "nobody came");
        assert!(!is_same("uptime", &one, &line("10:00:59", "1 min", 2, "0.70")));
        let days = line("10:00:00", "3 days,  9:59", 0, "0.00");
        assert!(is_same("uptime", &days, &line("10:00:01", "3 days, 10:00", 0, "0.00")));
        assert!(!is_same("uptime", &days, &line("10:00:00", "4 days,  9:59", 0, "0.00")));
        assert!(!is_same("uptime", &days, &line("10:00:00", "3 days,  9:57", 0, "0.00")));
    }

    #[test]
    fn the_last_digit_of_df_moves() {
        assert!(is_same("df", "overlay 252G 13G 79G 15% /\n", "overlay 252G 14G 79G 16% /\n"));
        assert!(is_same("df", "tmpfs 1.3M\n", "tmpfs 1.4M\n"));
        assert!(!is_same("df", "tmpfs 1.3M\n", "tmpfs 1.9M\n"));
        assert!(!is_same("df", "overlay 252G\n", "overlay 512M\n"));
        assert!(!is_same("df", "overlay 252G 1%\n", "overlay 252G 9%\n"));
        assert!(!is_same("df", "/dev/sda1 1G\n", "/dev/sda2 1G\n"));
    }

    #[test]
    fn numbers_of_cpus_are_exact() {
        assert!(is_same("nproc", "24\n", "24\n"));
        assert!(!is_same("nproc", "24\n", "2\n"));
        assert!(!is_same("nproc", "", ""));
    }
}
