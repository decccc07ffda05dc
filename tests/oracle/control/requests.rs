//! Random processes, and random requests about them: JSON, as `original.py` reads it.

use crate::oracle::event::Dice;
use serde_json::{Value as Json, json};
use std::path::Path;
use vat::rpc::{Call, Value, write_call};

/// How many steps a sequence has.
const STEPS: usize = 60;
/// 2001-09-09 01:46:40.
pub(super) const NOW: i64 = 1_000_000_000;

const GROUPS: [(&str, &[&str]); 3] =
    [("beta", &["tw\u{f6}", "one", "beta"]), ("alpha", &["alpha"]), ("gamma", &["a<b>&"])];
const NAMES: [&str; 13] = [
    "alpha",
    "alpha:alpha",
    "beta",
    "beta:one",
    "beta:tw\u{f6}",
    "beta:*",
    "beta:",
    "gamma:a<b>&",
    "gamma",
    "nope",
    "alpha:nope",
    "",
    ":",
];
const PROCESSES: [&str; 5] = ["alpha:alpha", "beta:one", "beta:tw\u{f6}", "beta:beta", "gamma:a<b>&"];
const GROUP_NAMES: [&str; 5] = ["alpha", "beta", "gamma", "nope", ""];
const SIGNALS: [&str; 8] = ["TERM", "sighup", "9", " usr1 ", "nope", "999", "SIG", ""];
const TEXTS: [&str; 4] = ["", "hello\n", "\u{e4}\u{1f600}", "<&>"];
const NUMBERS: [i64; 9] = [0, 1, 5, 19, 100, 1_000, -1, -30, -1_000];
const STATES: [&str; 8] = ["STOPPED", "STARTING", "RUNNING", "BACKOFF", "STOPPING", "EXITED", "FATAL", "UNKNOWN"];

/// Methods, and what they take: a process's (n) or group's (g) name, a signal, whether to wait, a number (i), text.
const METHODS: [(&str, &str); 41] = [
    ("supervisor.addProcessGroup", "g"),
    ("supervisor.clearAllProcessLogs", ""),
    ("supervisor.clearLog", ""),
    ("supervisor.clearProcessLog", "n"),
    ("supervisor.clearProcessLogs", "n"),
    ("supervisor.getAPIVersion", ""),
    ("supervisor.getAllConfigInfo", ""),
    ("supervisor.getAllProcessInfo", ""),
    ("supervisor.getIdentification", ""),
    ("supervisor.getPID", ""),
    ("supervisor.getProcessInfo", "n"),
    ("supervisor.getState", ""),
    ("supervisor.getSupervisorVersion", ""),
    ("supervisor.getVersion", ""),
    ("supervisor.readLog", "ii"),
    ("supervisor.readMainLog", "ii"),
    ("supervisor.readProcessLog", "nii"),
    ("supervisor.readProcessStderrLog", "nii"),
    ("supervisor.readProcessStdoutLog", "nii"),
    ("supervisor.reloadConfig", ""),
    ("supervisor.removeProcessGroup", "g"),
    ("supervisor.restart", ""),
    ("supervisor.sendProcessStdin", "nt"),
    ("supervisor.sendRemoteCommEvent", "tt"),
    ("supervisor.shutdown", ""),
    ("supervisor.signalAllProcesses", "s"),
    ("supervisor.signalProcess", "ns"),
    ("supervisor.signalProcessGroup", "gs"),
    ("supervisor.startAllProcesses", "w"),
    ("supervisor.startProcess", "nw"),
    ("supervisor.startProcessGroup", "gw"),
    ("supervisor.stopAllProcesses", "w"),
    ("supervisor.stopProcess", "nw"),
    ("supervisor.stopProcessGroup", "gw"),
    ("supervisor.tailProcessLog", "nii"),
    ("supervisor.tailProcessStderrLog", "nii"),
    ("supervisor.tailProcessStdoutLog", "nii"),
    ("system.listMethods", ""),
    ("system.methodSignature", "t"),
    ("supervisor._update", "t"),
    ("supervisor.nope.nope", ""),
];

/// A beginning and what is asked after it.
pub(super) fn sequence(seed: u64, log: &Path) -> Vec<Json> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let groups = some_groups(&mut dice, |dice, name| process(dice, name, log));
    let configured = some_groups(&mut dice, configured_process);
    let main_log = log_name(&mut dice, log);
    let broken = dice.of(&[None, None, Some("it is broken <here>")]);
    let mut steps = vec![begin(&groups, &configured, main_log.as_deref(), broken)];
    for _ in 0..STEPS {
        steps.push(match dice.below(10) {
            0..4 => {
                let name = dice.of(&PROCESSES);
                let given = process(&mut dice, name.split(':').nth(1).unwrap(), log);
                json!({"do": "become", "process": name, "given": given})
            }
            4..6 => json!({"do": "poll"}),
            6 => ask(&multicall(&mut dice)),
            _ => ask(&some_call(&mut dice)),
        });
    }
    steps
}

/// The step that begins with these groups; `broken` says why nothing works.
pub(super) fn begin(groups: &[Json], configured: &[Json], main_log: Option<&str>, broken: Option<&str>) -> Json {
    json!({
        "do": "begin", "now": NOW, "main_log": main_log, "broken": broken, "groups": groups, "configured": configured,
    })
}

pub(super) fn request(method: &str, params: Vec<Value>) -> Call {
    Call { method: method.to_owned(), params }
}

/// The step that calls a method.
pub(super) fn ask(call: &Call) -> Json {
    json!({"do": "call", "xml": String::from_utf8(write_call(call)).unwrap()})
}

fn some_groups(dice: &mut Dice, make: impl Fn(&mut Dice, &str) -> Json) -> Vec<Json> {
    let mut groups = Vec::new();
    for (name, processes) in GROUPS {
        if dice.below(4) > 0 {
            let processes: Vec<Json> = processes.iter().map(|process| make(dice, process)).collect();
            groups.push(json!({"name": name, "priority": dice.below(3), "processes": processes}));
        }
    }
    groups
}

fn log_name(dice: &mut Dice, log: &Path) -> Option<String> {
    let log = log.to_str().unwrap();
    dice.of(&[Some(log), Some(log), Some("/nonexistent/log"), None]).map(str::to_owned)
}

fn process(dice: &mut Dice, name: &str, log: &Path) -> Json {
    let state = dice.of(&STATES);
    let is_alive = ["STARTING", "RUNNING", "STOPPING"].contains(&state);
    json!({
        "config": {
            "name": name, "priority": dice.below(3),
            "stdout_logfile": log_name(dice, log), "stderr_logfile": log_name(dice, log),
        },
        "state": state,
        "pid": if is_alive { 100 + dice.below(1000) } else { 0 },
        "start": if dice.below(4) > 0 { NOW - dice.below(90_000) as i64 + 100 } else { 0 },
        "stop": NOW - dice.below(90_000) as i64,
        "spawnerr": dice.of(&[None, None, Some(""), Some("Exited too quickly (process log may have details)")])
            .filter(|why| !why.is_empty()),
        "exitstatus": dice.of(&[None, Some(0), Some(-1), Some(3)]),
        "command": dice.of(&["found", "found", "found", "missing", "directory"]),
        "fails": dice.of(&[None, None, Some("can't fork")]),
        "quick": dice.below(3) == 0,
        "broken": dice.of(&[None, None, Some("unknown problem")]),
    })
}

fn configured_process(dice: &mut Dice, name: &str) -> Json {
    let mut flag = || dice.below(2) == 0;
    let (autostart, killasgroup, redirect_stderr) = (flag(), flag(), flag());
    let (out_events, out_syslog, err_events, err_syslog) = (flag(), flag(), flag(), flag());
    let uid = if flag() { json!(1000) } else { json!(null) };
    let mut number = || dice.below(1 << 20);
    json!({
        "name": name, "command": "/bin/x -y '%'", "autostart": autostart, "killasgroup": killasgroup, "uid": uid,
        "redirect_stderr": redirect_stderr, "priority": number(), "startsecs": number(), "startretries": number(),
        "stopwaitsecs": number(), "exitcodes": [0, number()],
        "stdout_logfile_maxbytes": number(), "stdout_logfile_backups": number(), "stdout_capture_maxbytes": number(),
        "stderr_logfile_maxbytes": number(), "stderr_logfile_backups": number(), "stderr_capture_maxbytes": number(),
        "stdout_events_enabled": out_events, "stdout_syslog": out_syslog, "stderr_events_enabled": err_events,
        "stderr_syslog": err_syslog, "stopsignal": 1 + dice.below(31),
        "stdout_logfile": dice.of(&[None, Some("AUTO"), Some("/a/b")]), "directory": dice.of(&[None, Some("/d")]),
        "stderr_logfile": dice.of(&[None, Some("AUTO"), Some("/a/b")]), "serverurl": dice.of(&[None, Some("http://x:1")]),
    })
}

/// Mostly one that starts, stops or signals; seldom one after which all else is refused.
fn some_method(dice: &mut Dice) -> (&'static str, &'static str) {
    loop {
        let method = dice.of(&METHODS);
        let share = match method.0.trim_start_matches("supervisor.") {
            "restart" | "shutdown" => 2,
            name if name.starts_with("st") || name.starts_with("signal") => 100,
            _ => 20,
        };
        if dice.below(100) < share {
            return method;
        }
    }
}

fn some_call(dice: &mut Dice) -> Call {
    let (name, kinds) = some_method(dice);
    let mut params: Vec<Value> = Vec::new();
    for kind in kinds.chars() {
        params.push(match dice.below(25) {
            0 => wrong(dice, kind),
            _ => right(dice, kind),
        });
    }
    match (dice.below(25), kinds.ends_with('w')) {
        (0, _) => drop(params.pop()),
        (1, _) => params.push(Value::text("more")),
        (2..12, true) => drop(params.pop()),
        _ => (),
    }
    request(name, params)
}

fn right(dice: &mut Dice, kind: char) -> Value {
    match kind {
        'n' if dice.below(3) > 0 => Value::text(dice.of(&PROCESSES)),
        'n' => Value::text(dice.of(&NAMES)),
        'g' => Value::text(dice.of(&GROUP_NAMES)),
        's' => Value::text(dice.of(&SIGNALS)),
        'w' => Value::Bool(dice.below(4) > 0),
        'i' => Value::Int(NUMBERS[dice.below(NUMBERS.len())]),
        't' => Value::text(dice.of(&TEXTS)),
        other => panic!("{other}"),
    }
}

/// Something of another type. What Python would show as a list is left out.
fn wrong(dice: &mut Dice, kind: char) -> Value {
    let all = [
        Value::Int(5),
        Value::Int(0),
        Value::Bool(true),
        Value::Double(1.5),
        Value::text(" 7 "),
        Value::Array(Vec::new()),
    ];
    let count = if "niw".contains(kind) { all.len() } else { all.len() - 1 };
    all[dice.below(count)].clone()
}

fn multicall(dice: &mut Dice) -> Call {
    let mut calls = Vec::new();
    for _ in 0..dice.below(5) {
        let (name, kinds) = some_method(dice);
        let params: Vec<Value> = kinds.chars().map(|kind| right(dice, kind)).collect();
        let name = if dice.below(10) == 0 { "system.multicall" } else { name };
        let mut members = vec![("params".to_owned(), Value::Array(params))];
        if dice.below(10) > 0 {
            members.push(("methodName".to_owned(), Value::text(name)));
        }
        calls.push(Value::Struct(members));
    }
    request("system.multicall", vec![Value::Array(calls)])
}
