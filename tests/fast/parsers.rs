//! Every parser over good input cut short, and bent in a few hundred ways: none may panic. `tests/run fuzz` goes on from here;
//! what it found is replayed.

#[path = "../fuzz/parsers.rs"]
mod table;

use crate::support::captured;
use std::collections::BTreeSet;
use std::path::Path;
use table::PARSERS;

/// Where good input is, beside the captured machines. `tests/fuzz/run` has the same list.
const GOOD: [&str; 4] = ["tests/fast/toprc", "tests/oracle/config", "tests/oracle/python", "tests/fuzz/seeds"];
/// How many of a parser's good inputs are bent: they are much alike.
const INPUTS: usize = 4;
/// How many ways each is bent.
const WAYS: u64 = 300;

#[test]
fn no_cut_and_no_bend_panics() {
    let mut files = fixture_files(&captured::fixtures());
    for place in GOOD {
        files.extend(fixture_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(place)));
    }
    for parser in PARSERS {
        let mut inputs: BTreeSet<Vec<u8>> = BTreeSet::new();
        for file in files.iter().filter(|file| file.ends_with(parser.file)) {
            inputs.extend(cases(std::fs::read(file).expect("a fixture's file")));
        }
        assert!(!inputs.is_empty(), "nothing is good input for {}", parser.file);
        // From both ends of the order: the shortest, in most files, and another.
        let some: Vec<&Vec<u8>> = inputs.iter().rev().step_by(inputs.len().div_ceil(INPUTS)).collect();
        for input in some {
            (parser.parse)(input);
            for length in 0..input.len().min(4096) {
                (parser.parse)(&input[..length]);
            }
            let mut random = Random(0x9e37_79b9_7f4a_7c15);
            for _ in 0..WAYS {
                (parser.parse)(&bent(input, &mut random));
            }
        }
    }
}

#[test]
fn what_the_fuzzer_found_is_no_trouble_any_more() {
    let found = fixture_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found"));
    for file in found {
        table::one(&std::fs::read(&file).expect("a finding"));
    }
}

/// A file of cases, each below a line `=== title`, is as many inputs.
fn cases(file: Vec<u8>) -> Vec<Vec<u8>> {
    match file.strip_prefix(b"=== ").and_then(|cases| std::str::from_utf8(cases).ok()) {
        Some(cases) => {
            let configurations = cases.split("\n=== ").filter_map(|case| Some(case.split_once('\n')?.1));
            configurations.map(|text| text.as_bytes().to_vec()).collect()
        }
        None => vec![file],
    }
}

/// All files below a directory, as paths; none where there is no directory.
fn fixture_files(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        match entry.file_type().expect("a type") {
            kind if kind.is_dir() => files.extend(fixture_files(&entry.path())),
            kind if kind.is_file() => files.extend(entry.path().to_str().map(str::to_owned)),
            _ => (),
        }
    }
    files.sort();
    files
}

/// xorshift64*: the same numbers in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).expect("31 bits") % bound.max(1)
    }
}

/// The input with one to three things done to it.
fn bent(input: &[u8], random: &mut Random) -> Vec<u8> {
    const PIECES: [&[u8]; 12] = [
        b"\0",
        b"\xff\xfe",
        b"99999999999999999999999",
        b"18446744073709551615",
        b"-",
        b"\n",
        b"\n\n",
        b" ",
        b":",
        b")",
        b"max",
        b"\\777",
    ];
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        match random.below(4) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).expect("a byte"),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..end, PIECES[random.below(PIECES.len())].iter().copied())),
            _ => {
                let again = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                drop(bytes.splice(to..to, again));
            }
        }
    }
    bytes
}
