use super::fake::Fake;
use super::*;
use crate::init::machine::State;
use crate::rpc::{Reply, Value};

fn params(text: &[&str]) -> Vec<Value> {
    text.iter().map(|text| Value::text(*text)).collect()
}

fn ask(fake: &mut Fake, method: &str, params: Vec<Value>) -> Answer {
    call(fake, &Call { method: method.to_owned(), params })
}

/// A reply that is there at once, for people: a value as Rust shows it, or a fault's message.
fn now(fake: &mut Fake, method: &str, params: Vec<Value>) -> String {
    match ask(fake, method, params) {
        Answer::Now(reply) => shown(reply),
        Answer::Later(_) => "later".to_owned(),
    }
}

fn later(fake: &mut Fake, method: &str, params: Vec<Value>) -> Pending {
    match ask(fake, method, params) {
        Answer::Later(pending) => pending,
        Answer::Now(reply) => panic!("{reply:?}"),
    }
}

fn shown(reply: Reply) -> String {
    match reply {
        Ok(value) => text(&value),
        Err(fault) => fault.message,
    }
}

/// Values, short.
fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Array(values) => format!("[{}]", values.iter().map(text).collect::<Vec<_>>().join(", ")),
        Value::Struct(members) => members.iter().map(|(_, value)| text(value)).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}"),
    }
}

fn three() -> Fake {
    Fake::new(&[
        ("late", 20, &[("a", 2, State::Stopped), ("b", 1, State::Exited)]),
        ("early", 10, &[("early", 1, State::Fatal)]),
    ])
}

#[test]
fn a_call_is_found_counted_and_refused_at_the_end() {
    let mut fake = three();
    for method in
        ["nope", "supervisor.nope", "supervisor", "supervisor._update", "supervisor.getPID.x", "system.__init__"]
    {
        assert_eq!(now(&mut fake, method, Vec::new()), "UNKNOWN_METHOD", "{method}");
    }
    assert_eq!(now(&mut fake, "supervisor.getPID", params(&["x"])), "INCORRECT_PARAMETERS");
    assert_eq!(now(&mut fake, "supervisor.startProcess", Vec::new()), "INCORRECT_PARAMETERS");
    assert_eq!(now(&mut fake, "supervisor.startProcess", params(&["a", "b", "c"])), "INCORRECT_PARAMETERS");
    assert_eq!(now(&mut fake, "supervisor.startProcess", vec![Value::Int(5)]), "INCORRECT_PARAMETERS");
    assert_eq!(now(&mut fake, "supervisor.shutdown", Vec::new()), "true");
    assert_eq!(now(&mut fake, "supervisor.getState", Vec::new()), "SHUTDOWN_STATE");
    assert_eq!(now(&mut fake, "supervisor.sendRemoteCommEvent", params(&["a", "b"])), "true");
    assert_eq!(now(&mut fake, "system.methodSignature", params(&["supervisor.getPID"])), "[int]");
}

#[test]
fn a_process_is_waited_for_until_it_runs_or_fails() {
    let mut fake = three();
    let start = |fake: &mut Fake| later(fake, "supervisor.startProcess", params(&["late:a"]));
    let mut pending = start(&mut fake);
    assert_eq!(fake.told(), ["start 0"]);
    assert_eq!(pending.poll(&mut fake), None);
    assert_eq!(now(&mut fake, "supervisor.startProcess", params(&["late:a"])), "ALREADY_STARTED: late:a");
    fake.at(0).state = State::Running;
    assert_eq!(pending.poll(&mut fake), Some(Ok(Value::Bool(true))));

    for (state, spawnerr, fault) in [
        (State::Backoff, Some("Exited too quickly (process log may have details)"), "SPAWN_ERROR: late:a"),
        (State::Exited, None, "ABNORMAL_TERMINATION: late:a"),
    ] {
        fake.at(0).state = State::Stopped;
        let mut pending = start(&mut fake);
        (fake.at(0).state, fake.at(0).spawnerr) = (state, spawnerr.map(str::to_owned));
        assert_eq!(pending.poll(&mut fake).map(shown).as_deref(), Some(fault));
        fake.at(0).spawnerr = None;
    }

    fake.at(0).state = State::Stopped;
    let mut pending = start(&mut fake);
    fake.statuses[0] = None;
    assert_eq!(pending.poll(&mut fake).map(shown).as_deref(), Some("ABNORMAL_TERMINATION: late:a"));
}

#[test]
fn who_does_not_want_to_wait_need_not() {
    let mut fake = three();
    let no_wait = |name: &str| vec![Value::text(name), Value::Bool(false)];
    assert_eq!(now(&mut fake, "supervisor.startProcess", no_wait("early")), "true");
    assert_eq!(now(&mut fake, "supervisor.stopProcess", no_wait("early:early")), "true");
    assert_eq!(now(&mut fake, "supervisor.stopProcess", no_wait("early")), "NOT_RUNNING: early");
    fake.bad_command = Some(BadCommand::NotFound("can't find command 'x'".to_owned()));
    assert_eq!(now(&mut fake, "supervisor.startProcess", no_wait("early")), "NO_FILE: can't find command 'x'");
    fake.bad_command = None;
    // It still stops: nothing is started, and somebody who waits would see no start.
    assert_eq!(now(&mut fake, "supervisor.startProcess", no_wait("early")), "true");
    let mut pending = later(&mut fake, "supervisor.startProcess", params(&["early"]));
    assert_eq!(pending.poll(&mut fake).map(shown).as_deref(), Some("ABNORMAL_TERMINATION: early"));
}

#[test]
fn all_are_started_by_priority_and_told_as_they_are_done() {
    let mut fake = three();
    fake.at(1).state = State::Running;
    let mut pending = later(&mut fake, "supervisor.startAllProcesses", Vec::new());
    assert_eq!(fake.told(), ["start 2", "start 0"]);
    fake.at(0).state = State::Running;
    assert_eq!(pending.poll(&mut fake), None);
    fake.at(2).spawnerr = Some("x".to_owned());
    let results = "[a late 80 OK, early early 50 SPAWN_ERROR: early]";
    assert_eq!(pending.poll(&mut fake).map(shown).as_deref(), Some(results));

    fake.at(2).spawnerr = None;
    fake.at(2).state = State::Backoff;
    let mut pending = later(&mut fake, "supervisor.stopAllProcesses", Vec::new());
    assert_eq!(fake.told(), ["stop 2", "stop 1", "stop 0"]);
    fake.at(1).state = State::Stopped;
    fake.at(0).state = State::Stopped;
    let results = "[early early 80 OK, b late 80 OK, a late 80 OK]";
    assert_eq!(pending.poll(&mut fake).map(shown).as_deref(), Some(results));
    assert_eq!(now(&mut fake, "supervisor.stopProcess", params(&["late:*"])), "[]");
}

#[test]
fn signals() {
    let mut fake = three();
    fake.at(0).state = State::Running;
    let mut signal = |method: &str, of: &[&str]| now(&mut fake, &format!("supervisor.signal{method}"), params(of));
    assert_eq!(signal("Process", &["late:a", "hup"]), "true");
    assert_eq!(signal("Process", &["late:b", "1"]), "NOT_RUNNING: late:b");
    assert_eq!(signal("Process", &["late:b", "nope"]), "BAD_SIGNAL: nope");
    assert_eq!(signal("Process", &["late:", "TERM"]), "[a late 80 OK]");
    assert_eq!(signal("ProcessGroup", &["late", "999"]), "[a late 11 BAD_SIGNAL: 999]");
    assert_eq!(signal("AllProcesses", &["SIGUSR1"]), "[a late 80 OK]");
    assert_eq!(fake.told(), ["signal 0 1", "signal 0 15", "signal 0 10"]);
    fake.broken = Some("no".to_owned());
    assert_eq!(now(&mut fake, "supervisor.signalProcess", vec![Value::text("late:a"), Value::Int(9)]), "FAILED: no");
}

#[test]
fn names() {
    let mut fake = three();
    for name in ["late", "late:c", ":", "", "early:early:x", "nope:*"] {
        assert_eq!(now(&mut fake, "supervisor.stopProcess", params(&[name])), format!("BAD_NAME: {name}"));
    }
    assert_eq!(now(&mut fake, "supervisor.getProcessInfo", params(&["late:*"])), "BAD_NAME: late:*");
}

#[test]
fn what_is_known_of_a_process() {
    let mut fake = three();
    let mut description = |id: usize, state: State, start: i64, stop: i64, spawnerr: Option<&str>| {
        let status = fake.at(id as u32);
        (status.state, status.start, status.stop) = (state, start, stop);
        (status.pid, status.spawnerr) = (Some(7), spawnerr.map(str::to_owned));
        match ask(&mut fake, "supervisor.getAllProcessInfo", Vec::new()) {
            Answer::Now(Ok(Value::Array(infos))) => text(infos[id + 1].member("description").unwrap()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(description(0, State::Running, 999_995, 0, None), "pid 7, uptime 0:00:05");
    assert_eq!(description(0, State::Stopped, 0, 9, None), "Not started");
    assert_eq!(description(0, State::Exited, 1, 47_100, None), "Jan 01 01:05 PM");
    assert_eq!(description(0, State::Stopped, 1, 86_400, None), "Jan 01 12:00 AM");
    assert_eq!(description(1, State::Fatal, 1, 1, None), "unknown error (try \"tail b\")");
    assert_eq!(description(1, State::Backoff, 1, 1, Some("why")), "why");
    assert_eq!(description(1, State::Stopping, 1, 1, Some("why")), "");
}

#[test]
fn a_group_goes_when_it_has_stopped() {
    let mut fake = three();
    fake.at(1).state = State::Stopping;
    let mut remove = |name: &str| now(&mut fake, "supervisor.removeProcessGroup", params(&[name]));
    assert_eq!(remove("late"), "STILL_RUNNING: late");
    assert_eq!(remove("early"), "true");
    assert_eq!(remove("early"), "BAD_NAME: early");
    assert_eq!(now(&mut fake, "supervisor.addProcessGroup", params(&["x"])), "BAD_NAME: x");
    assert_eq!(now(&mut fake, "supervisor.reloadConfig", Vec::new()), "[[[new], [], []]]");
    fake.broken = Some("File contains no section headers".to_owned());
    let fault = "CANT_REREAD: File contains no section headers";
    assert_eq!(now(&mut fake, "supervisor.reloadConfig", Vec::new()), fault);
}

#[test]
fn stdin_and_events() {
    let mut fake = three();
    let stdin = |fake: &mut Fake, name: &str, chars: Value| {
        now(fake, "supervisor.sendProcessStdin", vec![Value::text(name), chars])
    };
    assert_eq!(stdin(&mut fake, "late:a", Value::text("x")), "NOT_RUNNING: late:a");
    assert_eq!(stdin(&mut fake, "nope", Value::Int(5)), "INCORRECT_PARAMETERS: 5");
    (fake.at(0).state, fake.at(0).pid) = (State::Running, Some(7));
    assert_eq!(stdin(&mut fake, "late:a", Value::text("x\n")), "true");
    assert_eq!(fake.told(), ["write 0 x\\n"]);
    fake.broken = Some(String::new());
    assert_eq!(stdin(&mut fake, "late:a", Value::text("x\n")), "NO_FILE: late:a");
    let event = vec![Value::text("t"), Value::Bool(true)];
    fake.told();
    assert_eq!(now(&mut fake, "supervisor.sendRemoteCommEvent", event), "true");
    assert_eq!(fake.told(), ["event t True"]);
}

fn calls(calls: &[(&str, &[&str])]) -> Vec<Value> {
    let one = |(method, with): &(&str, &[&str])| {
        Value::Struct(vec![
            ("methodName".to_owned(), Value::text(*method)),
            ("params".to_owned(), Value::Array(params(with))),
        ])
    };
    vec![Value::Array(calls.iter().map(one).collect())]
}

#[test]
fn many_calls_are_made_one_after_the_other() {
    let mut fake = three();
    let many = calls(&[
        ("supervisor.getPID", &[]),
        ("supervisor.startProcess", &["late:a"]),
        ("supervisor.stopProcess", &["late:a"]),
        ("nope", &[]),
        ("system.multicall", &[]),
    ]);
    let mut pending = later(&mut fake, "system.multicall", many);
    assert_eq!(pending.poll(&mut fake), None);
    assert_eq!(fake.told(), ["start 0"]);
    fake.at(0).state = State::Running;
    assert_eq!(pending.poll(&mut fake), None);
    assert_eq!(fake.told(), ["stop 0"]);
    fake.at(0).state = State::Stopped;
    let results = "[1, true, true, 1 UNKNOWN_METHOD, 2 INCORRECT_PARAMETERS: Recursive system.multicall forbidden]";
    assert_eq!(pending.poll(&mut fake).map(shown).as_deref(), Some(results));

    let nameless = vec![Value::Array(vec![Value::Struct(Vec::new())])];
    assert_eq!(now(&mut fake, "system.multicall", nameless), "[2 INCORRECT_PARAMETERS: No methodName]");
    assert_eq!(now(&mut fake, "system.multicall", vec![Value::Array(params(&["x"]))]), "INCORRECT_PARAMETERS");
}

#[test]
fn many_calls_for_much_are_stopped() {
    let names: Vec<String> = (0..1000).map(|number| format!("{number:0>100}")).collect();
    let processes: Vec<(&str, i64, State)> = names.iter().map(|name| (&**name, 1, State::Stopped)).collect();
    let mut fake = Fake::new(&[("g", 1, &processes)]);
    let many = calls(&[("supervisor.getAllProcessInfo", &[] as &[&str]); 200]);
    let Answer::Now(Ok(Value::Array(results))) = ask(&mut fake, "system.multicall", many) else { panic!() };
    let faults = results.iter().filter(|result| result.member("faultCode") == Some(&Value::Int(30))).count();
    assert!((100..200).contains(&faults), "{faults}");
}

#[test]
fn a_group_is_restarted_one_by_one() {
    let mut fake =
        Fake::new(&[("g", 1, &[("a", 2, State::Running), ("b", 1, State::Running), ("c", 3, State::Fatal)])]);
    let mut rolling = later(&mut fake, "vat.rollingRestart", params(&["g"]));
    assert_eq!(fake.told(), ["begin g", "stop 1"]);
    assert!(rolling.poll(&mut fake).is_none());
    fake.at(1).state = State::Stopped;
    assert!(rolling.poll(&mut fake).is_none());
    assert_eq!(fake.told(), ["start 1"]);
    fake.at(1).state = State::Running;
    assert!(rolling.poll(&mut fake).is_none());
    assert_eq!(fake.told(), ["stop 0"]);
    // Somebody else starts it again, and it gives up.
    fake.at(0).state = State::Exited;
    assert!(rolling.poll(&mut fake).is_none());
    fake.at(0).state = State::Fatal;
    let reply = rolling.poll(&mut fake).unwrap();
    assert_eq!(shown(reply), "[b g 80 OK, a g 40 ABNORMAL_TERMINATION: g:a]");
    assert_eq!(fake.told(), ["start 0", "end g"]);
}

#[test]
fn what_supervisor_has_not_is_refused_at_the_end_too() {
    let mut fake = three();
    assert_eq!(now(&mut fake, "vat.difference", vec![]), "[late a restart [command: a -> b]]");
    assert_eq!(now(&mut fake, "vat.apply", vec![]), "[late a restart [command: a -> b]]");
    assert_eq!(now(&mut fake, "vat.rotateLogs", params(&["late:*"])), "[b late 80 OK, a late 80 OK]");
    fake.broken = Some("why".to_owned());
    assert_eq!(now(&mut fake, "vat.apply", vec![]), "CANT_REREAD: why");
    fake.mood = Mood::Shutdown;
    assert_eq!(now(&mut fake, "vat.difference", vec![]), "SHUTDOWN_STATE");
}
