//! What becomes of a child's output, beside supervisor's own classes: capture, event data, rotation, reading. The cases are random,
//! but the same at each run.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use vat::init::config::{Channel, LineFormat, LogFile};
use vat::init::log::{Clock, Dispatcher, Output, Piece, ReadFault, Sinks, Source, Streams, read_file, tail_file};
use vat::sys::Live;

/// What the original makes of each case; `None` where there is none.
fn originals(cases: &[Value]) -> Option<Vec<Value>> {
    let Some(supervisor) = std::env::var_os("VAT_SUPERVISOR") else {
        super::skip("VAT_SUPERVISOR does not say where supervisor is");
        return None;
    };
    let mut python = Command::new(Path::new(&supervisor).join("bin/python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/output/original.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = python.stdin.take().unwrap();
    let text: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let results: Vec<Value> =
        output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(results.len(), cases.len());
    Some(results)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Numbers that look random (Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// A text of such words.
    fn text(&mut self, words: &[&str], most: usize) -> Vec<u8> {
        let count = self.below(most);
        (0..count).flat_map(|_| words[self.below(words.len())].bytes()).collect()
    }

    /// The same text in pieces.
    fn pieces<'a>(&mut self, mut text: &'a [u8]) -> Vec<&'a [u8]> {
        let most = 1 + self.below(60);
        let mut pieces = Vec::new();
        while !text.is_empty() {
            let (piece, rest) = text.split_at((1 + self.below(most)).min(text.len()));
            pieces.push(piece);
            text = rest;
        }
        pieces
    }
}

const TOKENS: [&str; 14] = [
    "<!--XSUPERVISOR:BEGIN-->",
    "<!--XSUPERVISOR:END-->",
    "<!--XSUPERVISOR:BEGIN-->",
    "<!--XSUPERVISOR:END-->",
    "<!--XSUPERVISOR:",
    "<!--XSUPERVISOR:BEGIN--",
    "<!--",
    "<",
    "-->",
    "a line of some length\n",
    "x",
    "é",
    "\n",
    "another line, longer than a token is\n",
];

const SEQUENCES: [&str; 8] = ["\x1b[1;31m", "\x1b[0m", "\x1b[2K", "\x1b[?25l", "red", "\x1b", "[", " 1;2 "];

/// What the pieces say, in the words of `original.py`.
fn told(pieces: Vec<Piece<'_>>) -> Vec<[String; 2]> {
    let told = |what: &str, data: &[u8]| [what.to_owned(), hex(data)];
    pieces
        .iter()
        .flat_map(|piece| match piece {
            Piece::Log(data) => vec![told("log", data), told("event", data)],
            Piece::Capturing(data) => vec![told("event", data)],
            Piece::Captured(data) => vec![told("captured", data)],
        })
        .collect()
}

#[test]
fn capture() {
    let mut random = Random(1);
    let texts: Vec<Vec<u8>> = (0..3000).map(|_| random.text(&TOKENS, 40)).collect();
    let cases: Vec<(Vec<&[u8]>, usize)> =
        texts.iter().map(|text| (random.pieces(text), [0, 1, 10, 100, 100_000][random.below(5)])).collect();
    let asked: Vec<Value> = cases
        .iter()
        .map(|(chunks, capture)| {
            let chunks: Vec<String> = chunks.iter().map(|chunk| hex(chunk)).collect();
            json!({"kind": "dispatch", "capture": capture, "strip": false, "chunks": chunks})
        })
        .collect();
    let Some(originals) = originals(&asked) else { return };
    let mut captured = 0;
    for ((chunks, capture), original) in cases.iter().zip(originals) {
        let mut dispatcher = Dispatcher::new(u64::try_from(*capture).unwrap(), false);
        let ours: Vec<_> = chunks.iter().flat_map(|chunk| told(dispatcher.record(chunk))).collect();
        captured += ours.iter().filter(|[what, _]| what == "captured").count();
        assert_eq!(json!(ours), original, "{chunks:?} with {capture}");
    }
    assert!(captured > 1000);
}

/// The original strips each read by itself, so that what is split is left: ours makes of each splitting what the original makes
/// of the whole.
#[test]
fn escape_sequences() {
    let mut random = Random(2);
    let texts: Vec<Vec<u8>> = (0..3000).map(|_| random.text(&SEQUENCES, 30)).collect();
    let asked: Vec<Value> = texts
        .iter()
        .map(|text| json!({"kind": "dispatch", "capture": 0, "strip": true, "chunks": [hex(text)]}))
        .collect();
    let Some(originals) = originals(&asked) else { return };
    for (text, original) in texts.iter().zip(originals) {
        let logged = original.as_array().unwrap().iter().filter(|said| said[0] == "log");
        let theirs: String = logged.map(|said| said[1].as_str().unwrap()).collect();
        let mut dispatcher = Dispatcher::new(0, true);
        let mut ours: Vec<_> = random.pieces(text).iter().flat_map(|piece| told(dispatcher.record(piece))).collect();
        ours.extend(told(dispatcher.finish()));
        let ours: String = ours.iter().filter(|[what, _]| what == "log").map(|[_, data]| data.as_str()).collect();
        assert_eq!(ours, theirs, "{text:?}");
    }
}

#[test]
fn rotation() {
    let mut random = Random(3);
    let texts: Vec<Vec<u8>> = (0..200).map(|_| random.text(&TOKENS, 60)).collect();
    let cases: Vec<(Vec<&[u8]>, u64, u32)> = texts
        .iter()
        .map(|text| {
            let (maxbytes, backups) = (random.below(200), random.below(5));
            (random.pieces(text), u64::try_from(maxbytes).unwrap(), u32::try_from(backups).unwrap())
        })
        .collect();
    let asked: Vec<Value> = cases
        .iter()
        .map(|(chunks, maxbytes, backups)| {
            let chunks: Vec<String> = chunks.iter().map(|chunk| hex(chunk)).collect();
            json!({"kind": "rotate", "maxbytes": maxbytes, "backups": backups, "chunks": chunks})
        })
        .collect();
    let Some(originals) = originals(&asked) else { return };
    let mut sinks = Sinks::new(Clock::new(Box::new(Live::new())), Streams::new(0), "supervisord");
    for ((chunks, maxbytes, backups), original) in cases.iter().zip(originals) {
        assert_eq!(json!(rotated(chunks, *maxbytes, *backups, &mut sinks)), original, "{maxbytes}, {backups}");
    }
    assert_eq!(sinks.notes, []);
}

fn rotated(chunks: &[&[u8]], maxbytes: u64, backups: u32, sinks: &mut Sinks) -> BTreeMap<String, String> {
    let directory = scratch("rotate");
    fs::create_dir(&directory).unwrap();
    let channel = Channel {
        logfile: LogFile::Path(directory.join("f")),
        maxbytes,
        backups,
        capture_maxbytes: 0,
        events_enabled: false,
        syslog: false,
        rotate: None,
        format: LineFormat::Raw,
    };
    let source = Source { group: "group".to_owned(), process: "process".to_owned(), channel: "stdout" };
    let mut output = Output::open(&channel, None, source, sinks).unwrap();
    chunks.iter().for_each(|chunk| output.write(chunk, sinks));
    let entries = fs::read_dir(&directory).unwrap().map(Result::unwrap);
    let files = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), hex(&fs::read(entry.path()).unwrap())))
        .collect();
    fs::remove_dir_all(directory).unwrap();
    files
}

#[test]
fn reading() {
    let mut random = Random(4);
    let text = "0123456789abcdefghij";
    let mut places: Vec<(i64, i64)> = (0..3000)
        .map(|_| (i64::try_from(random.below(60)).unwrap() - 30, i64::try_from(random.below(60)).unwrap() - 30))
        .collect();
    places.extend((-30..30).map(|offset| (offset, 0)));
    let far = i64::from(i32::MAX);
    places.extend([(-far, 0), (far, 0), (far, 5), (far, -far), (far, far)]);
    let Some(originals) = originals(&[json!({"kind": "read", "text": hex(text.as_bytes()), "places": places})]) else {
        return;
    };
    let path = scratch("read");
    fs::write(&path, text).unwrap();
    for ((offset, length), original) in places.into_iter().zip(originals[0].as_array().unwrap()) {
        let read = match read_file(&path, offset, length) {
            Ok(data) => hex(&data),
            Err(ReadFault::BadArguments) => "BAD_ARGUMENTS".to_owned(),
            Err(ReadFault::Failed) => "FAILED".to_owned(),
            Err(ReadFault::NoFile) => "NO_FILE".to_owned(),
        };
        let tail = tail_file(&path, offset, length);
        assert_eq!(&json!([read, hex(&tail.data), tail.offset, tail.overflow]), original, "{offset}, {length}");
    }
    fs::remove_file(path).unwrap();
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("vat-oracle-output-{name}-{}", std::process::id()))
}
