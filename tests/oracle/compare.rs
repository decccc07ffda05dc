//! Two runs beside each other.

use super::case_file::Case;
use std::fs;
use std::path::Path;

/// How the judgement begins when the original disagrees with itself.
pub(super) const MOVED: &str = "the original disagrees with itself";

/// What a run left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    out: Vec<u8>,
    err: Vec<u8>,
    code: i32,
}

impl Run {
    /// Reads what the driver left of the run called `name` (`NUMBER.LOCALE.SINK.RUN`).
    pub(super) fn read(results: &Path, name: &str) -> Run {
        let file = |ending: &str| results.join(format!("{name}.{ending}"));
        let code = fs::read_to_string(file("code")).unwrap();
        let out = fs::read(file("out")).unwrap_or_else(|_| on_terminal(results, name));
        Run { out, err: fs::read(file("err")).unwrap_or_default(), code: code.trim().parse().unwrap() }
    }
}

/// What a terminal showed of a run: all of a case's runs are in one file, each behind a line with a mark and its name.
fn on_terminal(results: &Path, name: &str) -> Vec<u8> {
    let number = name.split('.').next().unwrap();
    let all = fs::read(results.join(format!("{number}.tty"))).unwrap();
    let mark = format!("/{name}\r\n");
    let behind_mark =
        |run: &[u8]| run.windows(mark.len()).position(|at| at == mark.as_bytes()).map(|at| at + mark.len());
    let own = all.split(|byte| *byte == 0x1e).find_map(|run| run.get(behind_mark(run)?..));
    own.unwrap_or_else(|| panic!("no {name}")).to_vec()
}

/// What is wrong, if anything. Figures that move may differ a little.
pub(super) fn compare(case: &Case, first: &Run, ours: &Run, second: &Run) -> Option<String> {
    for theirs in [first, second] {
        if theirs.code != case.code {
            let err = theirs.err.escape_ascii();
            return Some(format!("a broken case: the original exits with {}, not {}: {err}", theirs.code, case.code));
        }
    }
    if ours == first || ours == second {
        return None;
    }
    let differ = || difference(second, ours);
    match first == second {
        true if !case.moves => Some(differ()),
        // The clock may have moved between the second original and ours.
        true => (!is_near(ours, second)).then(differ),
        false if case.moves && (is_near(ours, first) || is_near(ours, second)) => None,
        false => Some(format!("{MOVED}; {}", differ())),
    }
}

fn difference(theirs: &Run, ours: &Run) -> String {
    // Of long texts only what the other has not.
    let show = |text: &[u8], other: &[u8]| {
        let lines = |text| <[u8]>::split_inclusive(text, |byte| *byte == b'\n');
        let others: std::collections::HashSet<&[u8]> = lines(other).collect();
        let is_long = lines(text).count() > 30;
        let shown = lines(text).filter(|line| !is_long || !others.contains(line));
        shown.map(|line| format!("\n    {}", line.escape_ascii())).collect::<String>()
    };
    let mut text = "ours differs".to_owned();
    if theirs.code != ours.code {
        text.push_str(&format!("\n  exit code {}, not {}", ours.code, theirs.code));
    }
    for (name, theirs, ours) in [("output", &theirs.out, &ours.out), ("errors", &theirs.err, &ours.err)] {
        if theirs != ours {
            let (original, own) = (show(theirs, ours), show(ours, theirs));
            text.push_str(&format!("\n  {name} of the original:{original}\n  {name} of ours:{own}"));
        }
    }
    text
}

/// Whether two runs are the same but for figures that differ a little, and the blanks before them.
fn is_near(a: &Run, b: &Run) -> bool {
    let near = |a: &[u8], b: &[u8]| {
        let (a, b) = (tokens(a), tokens(b));
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| is_near_token(a, b))
    };
    a.code == b.code && near(&a.out, &b.out) && near(&a.err, &b.err)
}

/// Numbers, line ends, and the words between; blanks are left out.
fn tokens(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let kind = |character: char| match character {
        '0'..='9' | '.' => 0,
        '\n' => 1,
        _ if character.is_whitespace() => 2,
        _ => 3,
    };
    let characters: Vec<char> = text.chars().collect();
    let runs = characters.chunk_by(|a, b| kind(*a) == kind(*b) && kind(*a) != 1);
    runs.filter(|run| kind(run[0]) != 2).map(|run| run.iter().collect()).collect()
}

fn is_near_token(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => (x - y).abs() <= (x.max(y) * 0.02).max(1.0),
        _ => a == b,
    }
}

#[test]
fn figures_may_move_a_little_and_nothing_else() {
    let run = |out: &str| Run { out: out.into(), err: Vec::new(), code: 0 };
    let near = |a: &str, b: &str| is_near(&run(a), &run(b));
    assert!(near("up 1:05,  load 0.10\n", "up 1:06,  load  0.52\n"));
    assert!(near("/dev/vda  99 1000 5%\n", "/dev/vda 100 1010 5%\n"));
    assert!(!near("a 100 b\n", "a 200 b\n"));
    assert!(!near("a 100 b\n", "a 100 c\n"));
    assert!(!near("a\n\n", "a\n"));
    assert!(!near("a b\n", "a\nb\n"));
}
