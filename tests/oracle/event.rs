//! Events, pools, listeners and ticks beside those of the original, which `event/original.py` drives: the same random sequences,
//! and after every step the same lines of log, the same bytes to the same listeners, the same states and lengths of buffers.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use vat::init::config::Level;
use vat::init::event::{Change, Channel, Event, Of, Offer, Pool, Pools, State, Ticks, Type};

/// How many sequences, and how many steps each has.
const SEQUENCES: u64 = 200;
const STEPS: usize = 200;

#[test]
fn event() {
    let Some(python) = python() else { return };
    let steps: Vec<Value> = (1..=SEQUENCES).flat_map(sequence).collect();
    let theirs = original(&python, include_str!("event/original.py"), &steps);
    assert_eq!(theirs.len(), steps.len(), "the original stopped at {:?}", steps.get(theirs.len()));
    let mut ours = Ours::default();
    for (number, (step, theirs)) in steps.iter().zip(theirs).enumerate() {
        let before = &steps[number.saturating_sub(5)..number];
        assert_eq!(ours.act(step), theirs, "ours and theirs differ at step {number}, {step}, after {before:#?}");
    }
    println!("event: {} steps as the original", steps.len());
}

/// The Python that can import supervisor, if there is one.
pub(super) fn python() -> Option<PathBuf> {
    let venv = std::env::var_os("VAT_SUPERVISOR");
    if venv.is_none() {
        super::skip("VAT_SUPERVISOR does not say where supervisor's virtual environment is");
    }
    venv.map(|venv| Path::new(&venv).join("bin/python"))
}

/// What a script that drives the original says to each step.
pub(super) fn original(python: &Path, script: &str, steps: &[Value]) -> Vec<Value> {
    let mut child = Command::new(python)
        .args(["-c", script])
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input: String = steps.iter().map(|step| format!("{step}\n")).collect();
    let writer = std::thread::spawn(move || _ = stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Ours, driven by the same words as `original.py`.
#[derive(Default)]
struct Ours {
    pools: Pools,
    ticks: Ticks,
    /// Running, and with a broken standard input: of each (pool, listener) that is not as usual.
    is: HashMap<(String, String), (bool, bool)>,
}

impl Ours {
    fn act(&mut self, step: &Value) -> Value {
        let (mut notes, mut sent) = (Vec::new(), Vec::new());
        let word = |key: &str| step[key].as_str().unwrap().to_owned();
        match step["do"].as_str().unwrap() {
            "begin" => {
                *self = Ours::default();
                step["pools"].as_array().unwrap().iter().for_each(|given| self.begin(given));
            }
            "event" => notes = with_event(step, |event| self.pools.notify(event)),
            "tick" => {
                let now = Duration::from_secs_f64(step["now"].as_f64().unwrap());
                let due = self.ticks.due(now, |_| true);
                notes = due.iter().flat_map(|event| self.pools.notify(event)).collect();
            }
            "dispatch" => {
                let name = word("pool");
                let is = &self.is;
                notes = self.pools.get_mut(&name).unwrap().dispatch("the server", |listener, bytes| {
                    match is.get(&(name.clone(), listener.to_owned())).copied().unwrap_or((true, false)) {
                        (false, _) => Offer::NotRunning,
                        (true, true) => Offer::Broken,
                        (true, false) => {
                            sent.push(json!([listener, hex(bytes)]));
                            Offer::Taken
                        }
                    }
                });
            }
            "hear" => notes = self.pool(step).heard(&word("listener"), &bytes(step)),
            "end" => {
                let (pool, listener) = (word("pool"), word("listener"));
                self.is.entry((pool, listener.clone())).or_default().0 = true;
                notes = self.pool(step).ended(&listener);
            }
            "is" => {
                let flags = (step["running"] == true, step["broken"] == true);
                self.is.insert((word("pool"), word("listener")), flags);
            }
            other => panic!("{other}"),
        }
        let notes: Vec<Value> = notes.iter().map(|(level, text)| json!([level_name(*level), text])).collect();
        let pools: Vec<&Pool> = self.pools.iter().collect();
        let states: Vec<&str> = pools.iter().flat_map(|pool| pool.listeners()).map(|one| one.state().name()).collect();
        let waiting: Vec<usize> = pools.iter().map(|pool| pool.waiting()).collect();
        json!({"notes": notes, "sent": sent, "states": states, "waiting": waiting})
    }

    fn begin(&mut self, given: &Value) {
        let name = given["name"].as_str().unwrap();
        let events: Vec<Type> =
            given["events"].as_str().unwrap().split(',').map(|event| Type::by_name(event).unwrap()).collect();
        let listeners = given["listeners"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        let size = given["buffer_size"].as_u64().unwrap() as usize;
        self.pools.add(Pool::new(name, &events, size, listeners));
    }

    fn state(&self, pool: &Value, listener: &Value) -> State {
        let pool = self.pools.iter().find(|one| one.name() == pool).unwrap();
        pool.listeners().find(|one| one.process() == listener).unwrap().state()
    }

    fn pool(&mut self, step: &Value) -> &mut Pool {
        self.pools.get_mut(step["pool"].as_str().unwrap()).unwrap()
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Warn => "warn",
        Level::Error => "error",
        _ => panic!("no note has {level:?}"),
    }
}

/// Calls `notify` with the event that a step tells.
fn with_event<T>(step: &Value, notify: impl FnOnce(&Event<'_>) -> T) -> T {
    let word = |key: &str| step[key].as_str().unwrap_or_default();
    let of = Of { process: word("process"), group: word("group") };
    let pid = step["pid"].as_i64().unwrap_or_default() as u32;
    let tries = step["tries"].as_u64().unwrap_or_default() as u32;
    let expected = step["expected"] == true;
    let data = &bytes(step);
    let state = |to| Event::ProcessState { of, from: word("from"), to };
    let log = |channel| Event::ProcessLog { of, pid, channel, data };
    let communication = |channel| Event::ProcessCommunication { of, pid, channel, data };
    let event = match word("type") {
        "PROCESS_STATE_STARTING" => state(Change::Starting { tries }),
        "PROCESS_STATE_BACKOFF" => state(Change::Backoff { tries }),
        "PROCESS_STATE_RUNNING" => state(Change::Running { pid }),
        "PROCESS_STATE_STOPPING" => state(Change::Stopping { pid }),
        "PROCESS_STATE_STOPPED" => state(Change::Stopped { pid }),
        "PROCESS_STATE_EXITED" => state(Change::Exited { expected, pid }),
        "PROCESS_STATE_FATAL" => state(Change::Fatal),
        "PROCESS_STATE_UNKNOWN" => state(Change::Unknown),
        "PROCESS_LOG_STDOUT" => log(Channel::Stdout),
        "PROCESS_LOG_STDERR" => log(Channel::Stderr),
        "PROCESS_COMMUNICATION_STDOUT" => communication(Channel::Stdout),
        "PROCESS_COMMUNICATION_STDERR" => communication(Channel::Stderr),
        "REMOTE_COMMUNICATION" => Event::RemoteCommunication { kind: word("kind"), data: word("text") },
        "SUPERVISOR_STATE_CHANGE_RUNNING" => Event::SupervisorRunning,
        "SUPERVISOR_STATE_CHANGE_STOPPING" => Event::SupervisorStopping,
        "PROCESS_GROUP_ADDED" => Event::ProcessGroupAdded(word("group")),
        "PROCESS_GROUP_REMOVED" => Event::ProcessGroupRemoved(word("group")),
        other => panic!("{other}"),
    };
    notify(&event)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(step: &Value) -> Vec<u8> {
    let hex = step["data"].as_str().unwrap_or_default();
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Few names, so that they meet.
const EVENTS: [&str; 17] = [
    "PROCESS_STATE_STARTING",
    "PROCESS_STATE_BACKOFF",
    "PROCESS_STATE_RUNNING",
    "PROCESS_STATE_STOPPING",
    "PROCESS_STATE_STOPPED",
    "PROCESS_STATE_EXITED",
    "PROCESS_STATE_FATAL",
    "PROCESS_STATE_UNKNOWN",
    "PROCESS_LOG_STDOUT",
    "PROCESS_LOG_STDERR",
    "PROCESS_COMMUNICATION_STDOUT",
    "PROCESS_COMMUNICATION_STDERR",
    "REMOTE_COMMUNICATION",
    "SUPERVISOR_STATE_CHANGE_RUNNING",
    "SUPERVISOR_STATE_CHANGE_STOPPING",
    "PROCESS_GROUP_ADDED",
    "PROCESS_GROUP_REMOVED",
];
const SUBSCRIPTIONS: [&str; 8] = [
    "EVENT",
    "PROCESS_STATE",
    "PROCESS_LOG,PROCESS_COMMUNICATION_STDERR",
    "REMOTE_COMMUNICATION,TICK",
    "TICK_5,TICK_3600",
    "SUPERVISOR_STATE_CHANGE,PROCESS_GROUP",
    "PROCESS_STATE_EXITED,PROCESS_STATE_FATAL,PROCESS_GROUP_ADDED,TICK_60",
    "PROCESS_COMMUNICATION,PROCESS_LOG_STDOUT,SUPERVISOR_STATE_CHANGE_STOPPING",
];
const POOLS: [&str; 2] = ["first", "zweit\u{e4}r"];
const LISTENERS: [&str; 3] = ["one", "tw\u{f6}", "three"];
const NAMES: [&str; 4] = ["cat", "k\u{e4}tzchen", "a b:c", "%(x)s"];
const STATES: [&str; 5] = ["STOPPED", "STARTING", "RUNNING", "BACKOFF", "UNKNOWN"];
const DATA: [&[u8]; 9] = [
    b"",
    b"hello\n",
    "\u{fc}\u{1f600}".as_bytes(),
    b"\xff\xfe'",
    b"\xc3'\"\\",
    b"\x00\x7f",
    b"\xed\xa0\x80",
    b"a\r\n\tb\x80\x1f ",
    b"\xf4\x90\x80\x80 %s",
];
/// What a listener says that keeps to the protocol: when it is asked nothing, and when it has an event.
const READY: [&[u8]; 1] = [b"READY\n"];
const RESULTS: [&[u8]; 7] = [
    b"RESULT 2\nOK",
    b"RESULT 2\nOKREADY\n",
    b"RESULT 4\nFAIL",
    b"RESULT 4\nFAILREADY\n",
    b"RESULT  +1_0 \n0123456789",
    b"xxxxxxx2\nOK",
    b"RESULT 0\n",
];
/// Pieces, nonsense, and more than was asked for.
const WORDS: [&[u8]; 12] = [
    b"REA",
    b"DY\n",
    b"READY\nREADY\n",
    b"RESULT 2",
    b"\nO",
    b"K",
    b"RESULT 2\nOKx",
    b"RESULT 4\nOK\n\n",
    b"RESULT two\n",
    b"RESULT \xff\n",
    b"RESULT\n",
    b"hello\n",
];

fn sequence(seed: u64) -> Vec<Value> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut now = 1_700_000_000.0 + dice.below(4000) as f64;
    let pools: Vec<Value> = POOLS
        .iter()
        .map(|name| {
            let listeners = &LISTENERS[..1 + dice.below(3)];
            let (events, size) = (dice.of(&SUBSCRIPTIONS), 1 + dice.below(4));
            json!({"name": name, "listeners": listeners, "events": events, "buffer_size": size})
        })
        .collect();
    let mut steps = vec![json!({"do": "begin", "pools": pools})];
    // What is said fits where the listener stands, mostly.
    let mut ours = Ours::default();
    ours.act(&steps[0]);
    for _ in 0..STEPS {
        let pool = &pools[dice.below(POOLS.len())];
        let listeners = pool["listeners"].as_array().unwrap();
        let (pool, listener) = (&pool["name"], &listeners[dice.below(listeners.len())]);
        let hear = |said| json!({"do": "hear", "pool": pool, "listener": listener, "data": hex(said)});
        steps.push(match dice.below(20) {
            0..6 => some_event(&mut dice),
            6..8 => {
                now += dice.below(100) as f64 * dice.below(100) as f64 / 16.0
                    - if dice.below(20) == 0 { 60.0 } else { 0.0 };
                json!({"do": "tick", "now": now})
            }
            8..12 => json!({"do": "dispatch", "pool": pool}),
            12..18 => match (dice.below(10), ours.state(pool, listener)) {
                (0, _) => hear(dice.of(&WORDS)),
                (_, State::Acknowledged) => hear(dice.of(&READY)),
                (_, State::Busy) => hear(dice.of(&RESULTS)),
                (_, State::Ready) => json!({"do": "dispatch", "pool": pool}),
                (_, State::Unknown) => json!({"do": "end", "pool": pool, "listener": listener}),
            },
            18 => json!({"do": "end", "pool": pool, "listener": listener}),
            _ => json!({
                "do": "is", "pool": pool, "listener": listener,
                "running": dice.below(3) > 0, "broken": dice.below(4) == 0,
            }),
        });
        ours.act(&steps[steps.len() - 1]);
    }
    steps
}

fn some_event(dice: &mut Dice) -> Value {
    json!({
        "do": "event", "type": dice.of(&EVENTS), "process": dice.of(&NAMES), "group": dice.of(&NAMES),
        "pid": dice.below(1 << 22), "tries": dice.below(5), "expected": dice.below(2) == 0, "from": dice.of(&STATES),
        "data": hex(dice.of(&DATA)), "kind": dice.of(&NAMES), "text": dice.of(&NAMES),
    })
}

/// The same every time: a failure can be seen again.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as usize % end
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
