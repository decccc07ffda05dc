//! What `vat-init` has beside supervisord: changes applied process by process, the journal, the state file, rotation, what it counts.

use crate::support::supervised::Supervised;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, SystemTime};
use vat::rpc::{Code, Value};
use vat::sys;
use vat::sys::signal::number;

/// Replaces words of the configuration.
fn change(daemon: &Supervised, from: &str, to: &str) {
    let path = daemon.dir.join("conf");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replace(from, to)).unwrap();
}

fn text(value: &Value, member: &str) -> String {
    value.member(member).and_then(Value::as_text).unwrap_or_default().to_owned()
}

fn number(value: &Value, member: &str) -> Option<i64> {
    value.member(member).and_then(Value::as_int)
}

fn list(value: &Value) -> Vec<Value> {
    let Value::Array(values) = value else { panic!("{value:?}") };
    values.clone()
}

/// What a call answers, a line each: name, change, details.
fn changes(daemon: &Supervised, method: &str) -> Vec<String> {
    let changes = daemon.call(method, vec![]).unwrap();
    let line = |change: &Value| {
        let details = list(change.member("details").unwrap());
        let details: Vec<&str> = details.iter().filter_map(Value::as_text).collect();
        format!("{}:{} {} {}", text(change, "group"), text(change, "name"), text(change, "change"), details.join("; "))
    };
    list(&changes).iter().map(line).collect()
}

fn journal(daemon: &Supervised) -> Vec<Value> {
    list(&daemon.call("vat.getJournal", vec![Value::Int(1000)]).unwrap())
}

#[test]
fn a_configuration_is_applied_process_by_process() {
    let daemon = Supervised::start(
        "[program:same]\ncommand=sleep 1000\nstartsecs=0\n\
         [program:live]\ncommand=sleep 1000\nstartsecs=0\nstdout_logfile=%(here)s/live.log\n\
         [program:new_command]\ncommand=sleep 1000\nstartsecs=0\n\
         [program:gone]\ncommand=sh -c 'trap \"sleep 0.5; exit\" TERM; while :; do sleep 0.1; done'\nstartsecs=0\n\
         [program:by_hand]\ncommand=sleep 1000\nstartsecs=0\n\
         [group:g]\nprograms=x,y\n[program:x]\ncommand=sleep 1000\nstartsecs=0\n[program:y]\ncommand=sleep 1000\nstartsecs=0\n",
    );
    for name in ["same", "live", "new_command", "gone", "by_hand", "g:x", "g:y"] {
        daemon.until_state(name, "RUNNING");
    }
    daemon.call_with("stopProcess", "by_hand").unwrap();
    let pids = |names: &[&str]| names.iter().map(|name| daemon.pid(name)).collect::<Vec<_>>();
    let before = pids(&["same", "live", "g:x"]);
    let restarted = pids(&["new_command", "g:y"]);

    change(&daemon, "[program:live]", "[program:live]\nstopwaitsecs=3\nstdout_logfile_maxbytes=1000");
    change(&daemon, "[program:new_command]\ncommand=sleep 1000", "[program:new_command]\ncommand=sleep 1001");
    change(&daemon, "[program:by_hand]\ncommand=sleep 1000", "[program:by_hand]\ncommand=sleep 1001");
    change(&daemon, "[program:gone]", "[program:came]");
    change(&daemon, "[program:y]", "[program:y]\nenvironment=SECRET=\"1\"");
    change(&daemon, "programs=x,y", "programs=x,y,z");
    change(&daemon, "[program:x]", "[program:z]\ncommand=sleep 1000\nstartsecs=0\n[program:x]");
    let expected = [
        "gone:gone removed ",
        "by_hand:by_hand restart command: sleep 1000 -> sleep 1001",
        "g:y restart environment: SECRET",
        "g:z added ",
        "live:live live stopwaitsecs: 10 -> 3; stdout: ",
        "new_command:new_command restart command: sleep 1000 -> sleep 1001",
        "came:came added ",
    ];
    let told = changes(&daemon, "vat.difference");
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    assert!(told.iter().zip(expected).all(|(told, expected)| told.starts_with(expected)), "{told:#?}");
    assert_eq!(daemon.state("gone"), "RUNNING");
    assert!(daemon.call_with("getProcessInfo", "came").is_err());

    assert_eq!(changes(&daemon, "vat.apply"), told);
    assert_eq!(changes(&daemon, "vat.difference"), [""; 0]);
    assert_eq!(pids(&["same", "live", "g:x"]), before);
    assert!(daemon.call_with("getProcessInfo", "gone").unwrap_err().is(Code::BadName));
    for name in ["came", "g:z", "new_command", "g:y"] {
        daemon.until_state(name, "RUNNING");
    }
    let now = pids(&["new_command", "g:y"]);
    assert!(now.iter().zip(&restarted).all(|(now, before)| now != before && *now != 0));
    assert_eq!(daemon.state("by_hand"), "STOPPED");
    let environment = fs::read(format!("/proc/{}/environ", daemon.pid("g:y"))).unwrap();
    assert!(String::from_utf8_lossy(&environment).contains("SECRET=1"));
    // supervisorctl sees nothing that is still to be done either.
    assert_eq!(daemon.call("supervisor.reloadConfig", vec![]).unwrap(), reread());

    // A broken file changes nothing.
    change(&daemon, "[program:same]", "[program:same]\nstartretries=x");
    for method in ["vat.apply", "vat.difference"] {
        assert!(daemon.call(method, vec![]).unwrap_err().is(Code::CantReread));
    }
    assert_eq!(pids(&["same", "live", "g:x"]), before);
}

/// Nothing was added, changed or removed.
fn reread() -> Value {
    Value::Array(vec![Value::Array(vec![Value::Array(vec![]), Value::Array(vec![]), Value::Array(vec![])])])
}

#[test]
fn live_options_hold_for_the_running_process() {
    let daemon = Supervised::start(
        "[program:a]\ncommand=sh -c 'while :; do echo aaaaaaaaaaaaaaaaaaa; sleep 0.01; done'\nstartsecs=0\n\
         stdout_logfile=%(here)s/a.log\n[program:late]\ncommand=sleep 1000\nautostart=false\nstartsecs=0\n\
         [eventlistener:l]\ncommand=sh -c 'printf \"READY\\n\"; while read line; do echo $line >> %(here)s/heard; printf \"RESULT 2\\nOKREADY\\n\"; done'\n\
         events=TICK_3600\nstartsecs=0\n",
    );
    daemon.until("output", || (!daemon.file("a.log").is_empty()).then_some(()));
    daemon.until_state("l", "RUNNING");
    let pids = (daemon.pid("a"), daemon.pid("l"));
    change(&daemon, "stdout_logfile=", "stdout_logfile_maxbytes=200\nstdout_logfile_backups=2\nstdout_logfile=");
    change(&daemon, "autostart=false", "autostart=true");
    change(&daemon, "events=TICK_3600", "events=REMOTE_COMMUNICATION");
    changes(&daemon, "vat.apply");
    daemon.until("a rotation", || (!daemon.file("a.log.2").is_empty()).then_some(()));
    daemon.until_state("late", "RUNNING");
    daemon.call("supervisor.sendRemoteCommEvent", vec![Value::text("t"), Value::text("x\n")]).unwrap();
    daemon.until("the event", || daemon.file("heard").contains("REMOTE_COMMUNICATION").then_some(()));
    assert_eq!((daemon.pid("a"), daemon.pid("l")), pids);
}

#[test]
fn a_group_is_restarted_process_by_process() {
    let daemon = Supervised::start(
        "[program:w]\ncommand=sh -c 'test ! -e %(here)s/fail-%(process_num)d && exec sleep 1000'\n\
         process_name=w%(process_num)d\nnumprocs=3\nstartsecs=1\nstartretries=0\n",
    );
    let names = ["w:w0", "w:w1", "w:w2"];
    names.iter().for_each(|name| daemon.until_state(name, "RUNNING"));
    let pids = || names.map(|name| daemon.pid(name));
    let before = pids();
    let statuses = |answer: &Value| list(answer).iter().map(|one| number(one, "status").unwrap()).collect::<Vec<_>>();

    // Never more than one is missing; and nobody else may do the same.
    let down = std::thread::scope(|scope| {
        let restart = scope.spawn(|| daemon.call("vat.rollingRestart", vec![Value::text("w")]).unwrap());
        daemon.until("the first stop", || (daemon.state("w:w0") != "RUNNING").then_some(()));
        assert!(daemon.call("vat.rollingRestart", vec![Value::text("w")]).unwrap_err().is(Code::Failed));
        let mut most = 0;
        while !restart.is_finished() {
            let all = list(&daemon.call("supervisor.getAllProcessInfo", vec![]).unwrap());
            most = most.max(all.iter().filter(|info| text(info, "statename") != "RUNNING").count());
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(statuses(&restart.join().unwrap()), [80, 80, 80]);
        most
    });
    assert_eq!(down, 1);
    assert!(pids().iter().zip(before).all(|(now, before)| *now != before));

    // It ends with the first that fails.
    fs::write(daemon.dir.join("fail-1"), "").unwrap();
    let before = pids();
    let answer = daemon.call("vat.rollingRestart", vec![Value::text("w")]).unwrap();
    assert_eq!(statuses(&answer), [80, 50]);
    assert_eq!((daemon.pid("w:w2"), daemon.pid("w:w1")), (before[2], 0));
    assert!(daemon.call("vat.rollingRestart", vec![Value::text("nope")]).unwrap_err().is(Code::BadName));
}

#[test]
fn what_failed_is_in_the_journal() {
    let daemon = Supervised::start_with(
        "journal=%(here)s/journal",
        "[program:exits]\ncommand=sh -c 'sleep 0.2; exit 3'\nstartsecs=0\nautorestart=false\n\
         [program:killed]\ncommand=sh -c 'sleep 0.2; kill -SEGV $$'\nstartsecs=0\nautorestart=false\n\
         [program:fails]\ncommand=false\nstartretries=1\n[program:missing]\ncommand=/nope\nautostart=false\n\
         [program:fine]\ncommand=true\nstartsecs=0\nautorestart=false\n",
    );
    daemon.until_state("fails", "FATAL");
    daemon.until_state("exits", "EXITED");
    daemon.until_state("killed", "EXITED");
    assert!(daemon.call_with("startProcess", "missing").unwrap_err().is(Code::NoFile));
    let all = journal(&daemon);
    let of = |name: &str| all.iter().filter(|it| text(it, "name") == name).cloned().collect::<Vec<_>>();
    let told = |name: &str| of(name).iter().map(|it| text(it, "event")).collect::<Vec<_>>().join(" ");
    assert_eq!(told("exits"), "EXITED");
    assert_eq!(told("fails"), "BACKOFF BACKOFF FATAL");
    assert_eq!((told("missing"), told("fine")), ("REFUSED".to_owned(), String::new()));
    let exits = &of("exits")[0];
    assert_eq!((number(exits, "exitstatus"), number(exits, "uptime")), (Some(3), Some(0)));
    assert!(number(exits, "pid").unwrap() > 1 && text(exits, "description") == "exit status 3");
    let killed = &of("killed")[0];
    assert_eq!((text(killed, "signal"), number(killed, "exitstatus")), ("SIGSEGV".to_owned(), None));
    assert_eq!(text(&of("missing")[0], "description"), "can't find command '/nope'");
    assert_eq!(list(&daemon.call("vat.getJournal", vec![Value::Int(2)]).unwrap()), all[all.len() - 2..]);
    assert!(daemon.call("vat.getJournal", vec![Value::Int(-1)]).is_err());

    daemon.signal(number::HUP);
    daemon.until("a new beginning", || (daemon.log().matches("RPC interface").count() == 2).then_some(()));
    daemon.until_state("fine", "EXITED");
    assert_eq!(journal(&daemon)[..all.len()], all);
    daemon.until_state("fails", "FATAL");

    let lines = daemon.file("journal");
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > all.len());
    for (line, told) in lines.iter().zip(&all) {
        assert_eq!(
            (line["event"].as_str(), line["process"].as_str()),
            (Some(text(told, "event").as_str()), Some(text(told, "process").as_str()),)
        );
        assert_eq!(line["time"].as_str().unwrap().len(), "2026-11-23T05:18:27.123+01:00".len());
        assert_eq!(line["exit_code"].as_i64(), number(told, "exitstatus"));
    }
}

#[test]
fn who_was_stopped_by_hand_stays_so() {
    let sections = "[program:a]\ncommand=sleep 1000\nstartsecs=0\n[program:b]\ncommand=sleep 1000\nstartsecs=0\n\
        [program:c]\ncommand=sleep 1000\nstartsecs=0\n";
    let mut daemon = Supervised::start_with("state_file=%(here)s/state", sections);
    ["a", "b", "c"].iter().for_each(|name| daemon.until_state(name, "RUNNING"));
    daemon.call_with("stopProcess", "a").unwrap();
    daemon.call_with("stopProcess", "b").unwrap();
    daemon.call_with("startProcess", "b").unwrap();
    daemon.until("the file", || (daemon.file("state") == "a:a\n").then_some(()));

    daemon.signal(number::HUP);
    daemon.until("a new beginning", || (daemon.log().matches("RPC interface").count() == 2).then_some(()));
    daemon.until_state("b", "RUNNING");
    daemon.until_state("c", "RUNNING");
    assert_eq!(daemon.state("a"), "STOPPED");
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(daemon.file("state"), "a:a\n");

    // What is in it may be anything.
    for hostile in [&b"a:a\nnope:nope\n\n:\n\xff\0\n"[..], &[0; 3 << 20], b"a:a"] {
        fs::write(daemon.dir.join("state"), hostile).unwrap();
        daemon.start_again();
        daemon.until_state("c", "RUNNING");
        let is_stopped = hostile.starts_with(b"a:a");
        daemon.until_state("a", if is_stopped { "STOPPED" } else { "RUNNING" });
        assert_eq!(daemon.file("state"), if is_stopped { "a:a\n" } else { "" });
        assert_eq!(daemon.stop(), Some(0));
    }
    // A program that is gone is forgotten, one that is started by hand as well.
    fs::write(daemon.dir.join("state"), "a:a\nc:c\n").unwrap();
    change(&daemon, "[program:c]", "[program:d]");
    daemon.start_again();
    assert_eq!(daemon.file("state"), "a:a\n");
    daemon.call_with("startProcess", "a").unwrap();
    daemon.until("the file", || daemon.file("state").is_empty().then_some(()));
    // A place where it cannot be is said once.
    fs::remove_file(daemon.dir.join("state")).unwrap();
    fs::create_dir(daemon.dir.join("state")).unwrap();
    daemon.call_with("stopProcess", "a").unwrap();
    daemon.call_with("stopProcess", "b").unwrap();
    daemon.until_logged("could not write");
    assert_eq!(daemon.log().matches("could not write").count(), 1);
}

#[test]
fn logs_are_rotated_by_request_and_by_the_clock() {
    let daemon = Supervised::start(
        "[program:a]\ncommand=sh -c 'echo out; echo err >&2; exec sleep 1000'\nstartsecs=0\n\
         stdout_logfile=%(here)s/a.out\nstdout_logfile_backups=1\nstderr_logfile=NONE\n\
         [program:b]\ncommand=sh -c 'echo tick; exec sleep 1000'\nstartsecs=0\nstdout_logfile=%(here)s/b.out\n\
         stderr_logfile=NONE\nstdout_logfile_rotate=2s\n[program:c]\ncommand=sleep 1000\nstartsecs=0\n\
         stdout_logfile=NONE\nstderr_logfile=NONE\n",
    );
    daemon.until("output", || (daemon.file("a.out") == "out\n").then_some(()));
    let rotate = |name: &str| {
        let answer = daemon.call("vat.rotateLogs", vec![Value::text(name)]).unwrap();
        list(&answer).iter().map(|it| (text(it, "name"), number(it, "status").unwrap())).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(rotate("a"), BTreeMap::from([("a".to_owned(), 80)]));
    assert_eq!((daemon.file("a.out"), daemon.file("a.out.1")), (String::new(), "out\n".to_owned()));
    let of = [("a", 80), ("b", 80), ("c", 20)].map(|(name, status)| (name.to_owned(), status));
    assert_eq!((rotate(""), rotate("all")), (BTreeMap::from(of.clone()), BTreeMap::from(of)));
    // One that does not run has a log, too; and what cannot be rotated is said.
    daemon.call_with("stopProcess", "a").unwrap();
    fs::write(daemon.dir.join("a.out"), "old\n").unwrap();
    assert_eq!((rotate("a")["a"], daemon.file("a.out.1")), (80, "old\n".to_owned()));
    fs::remove_file(daemon.dir.join("a.out.1")).unwrap();
    fs::create_dir(daemon.dir.join("a.out.1")).unwrap();
    assert_eq!(rotate("a")["a"], 30);
    assert!(daemon.call("vat.rotateLogs", vec![Value::text("nope")]).unwrap_err().is(Code::BadName));

    // Nobody writes any more; its time comes all the same.
    fs::write(daemon.dir.join("b.out"), "later\n").unwrap();
    let rotated = |name: &str| daemon.file(name) == "later\n";
    daemon.until("the clock", || ((1..5).any(|at| rotated(&format!("b.out.{at}")))).then_some(()));
    assert_eq!(daemon.file("b.out"), "");
    assert!(
        SystemTime::now().duration_since(fs::metadata(daemon.dir.join("b.out")).unwrap().modified().unwrap()).is_ok()
    );
}

#[test]
fn lost_events_are_counted_and_told() {
    let daemon = Supervised::start_with(
        "journal=%(here)s/journal\n",
        "[eventlistener:l]\ncommand=sleep 1000\nevents=REMOTE_COMMUNICATION\nbuffer_size=2\nstartsecs=0\n",
    );
    for _ in 0..5 {
        daemon.call("supervisor.sendRemoteCommEvent", vec![Value::text("t"), Value::text("x")]).unwrap();
    }
    let statistics = daemon.call("vat.getStatistics", vec![]).unwrap();
    let pool = &list(statistics.member("pools").unwrap())[0];
    assert_eq!(
        (text(pool, "pool"), number(pool, "lost_events"), number(pool, "waiting_events")),
        ("l".to_owned(), Some(3), Some(2))
    );
    assert_eq!((number(&statistics, "running"), number(&statistics, "connections")), (Some(1), Some(1)));
    daemon.until("the journal", || daemon.file("journal").contains("pool l has lost 1 events, 1 in all").then_some(()));
    assert_eq!(daemon.file("journal").matches("has lost").count(), 1);
    assert_eq!(text(&journal(&daemon)[0], "event"), "LOST_EVENTS");
}

#[test]
fn our_methods_are_listed_by_themselves() {
    let daemon = Supervised::start("");
    let names = |method: &str| {
        let names = list(&daemon.call(method, vec![]).unwrap());
        names.iter().map(|name| name.as_text().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(names("system.listMethods").iter().all(|name| !name.starts_with("vat.")));
    for name in names("vat.listMethods") {
        let help = daemon.call("system.methodHelp", vec![Value::text(&*name)]).unwrap();
        assert!(help.as_text().unwrap().contains("@return"), "{name}");
    }
    assert_eq!(daemon.call("vat.getHealth", vec![]).unwrap(), Value::Array(vec![]));
}

/// What a process holds: its open files, and its memory in KiB. A connection that is just closed does not count.
fn held(pid: u32) -> (usize, u64) {
    let count = || {
        std::thread::sleep(Duration::from_millis(10));
        fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
    };
    let files = std::iter::repeat_with(count).take(20).min().unwrap();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    (files, rss.trim().trim_end_matches(" kB").parse().unwrap())
}

#[test]
fn beginning_anew_a_hundred_times_leaves_nothing_behind() {
    let daemon = Supervised::start_with(
        "journal=%(here)s/journal\nstate_file=%(here)s/state",
        "[program:a]\ncommand=sleep 1000\nstartsecs=0\n[program:b]\ncommand=sh -c 'echo x; exec sleep 1000'\nstartsecs=0\n\
         stdout_logfile_rotate=daily\n[eventlistener:l]\ncommand=sleep 1000\nevents=PROCESS_STATE\nstartsecs=0\n",
    );
    let again = |count: usize| {
        daemon.until_state("b", "RUNNING");
        let before = daemon.log().matches("supervisord started with pid").count();
        for round in 1..=count {
            daemon.signal(number::HUP);
            let begun = || daemon.log().matches("supervisord started with pid").count();
            daemon.until("a new beginning", || (begun() == before + round).then_some(()));
        }
        ["a", "b", "l"].iter().for_each(|name| daemon.until_state(name, "RUNNING"));
        held(daemon.own_pid())
    };
    let (files, memory) = again(10);
    let (files_later, memory_later) = again(100);
    assert_eq!(files_later, files);
    assert!(memory_later < memory + 512, "{memory} KiB, then {memory_later}");
    println!("{files} files and {memory} KiB, after a hundred times {memory_later} KiB");
    let is_auto = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains("---");
    let logs = fs::read_dir(&daemon.dir).unwrap().map(Result::unwrap).filter(is_auto).count();
    assert_eq!(logs, 6);
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", daemon.own_pid())).unwrap();
    assert_eq!(children.split_whitespace().count(), 3);
    assert!(Path::new(&daemon.dir.join("socket")).exists());
}

#[test]
fn who_waits_when_it_begins_anew_has_an_answer() {
    let daemon = Supervised::start(
        "[program:slow]\ncommand=sh -c 'trap \"sleep 0.5; exit\" TERM; while :; do sleep 0.1; done'\nstartsecs=0\n\
         [program:starting]\ncommand=sleep 1000\nstartsecs=100\nautostart=false\n",
    );
    daemon.until_state("slow", "RUNNING");
    std::thread::scope(|scope| {
        let stop = scope.spawn(|| daemon.call_with("stopProcess", "slow"));
        let start = scope.spawn(|| daemon.call_with("startProcess", "starting"));
        daemon.until("both", || {
            (daemon.state("slow") == "STOPPING" && daemon.state("starting") == "STARTING").then_some(())
        });
        let log = daemon.dir.join("log");
        fs::rename(&log, daemon.dir.join("old")).unwrap();
        daemon.signal(number::HUP);
        assert_eq!(stop.join().unwrap(), Ok(Value::Bool(true)));
        assert!(start.join().unwrap().unwrap_err().is(Code::AbnormalTermination));
        daemon.until_logged("supervisord started with pid");
    });
    assert_eq!(sys::process::send(daemon.own_pid(), 0).ok(), Some(()));
}

/// What a browser is answered: the status, and the message that the page says next.
fn browse(daemon: &Supervised, query: &str) -> (String, String) {
    let mut stream = UnixStream::connect(daemon.dir.join("socket")).unwrap();
    write!(stream, "GET /{query} HTTP/1.0\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().to_owned();
    let message = answer.lines().find_map(|line| line.strip_prefix("Location: http://x/?message="));
    (status, message.unwrap_or_default().trim().replace("%20", " ").replace("%3A", ":"))
}

#[test]
fn the_links_of_the_status_page_do_what_they_say() {
    let daemon = Supervised::start(
        "[program:a]\ncommand=sleep 1000\nstartsecs=0\n[program:slow]\nstartsecs=0\n\
         command=sh -c 'trap \"sleep 1; exit\" TERM; while :; do sleep 0.1; done'\n",
    );
    daemon.until_state("a", "RUNNING");
    let message = |query: &str| browse(&daemon, query).1;
    let refreshed = message("?action=refresh");
    let words: Vec<&str> = refreshed.split_whitespace().collect();
    // Page refreshed at Mon Nov 23 05:42:39 2026
    assert_eq!((words[..3].join(" "), words.len(), words[6].len()), ("Page refreshed at".to_owned(), 8, 8));
    assert_eq!(message("?processname=a&action=stop"), "Process a stopped");
    assert_eq!(message("?processname=a&action=start"), "Process a started");
    assert_eq!(message("?processname=a&action=start"), "ERROR: Process a: already started");
    assert_eq!(message("?processname=a:*&action=stop"), "No such process named a:%2A");
    assert_eq!(browse(&daemon, "?processname=a&action=nonsense").0, "500");
    assert_eq!(browse(&daemon, "logtail/nope").0, "404");
    assert_eq!(browse(&daemon, "").0, "200");
    // When it is about to stop there is nothing to be seen, as with supervisord.
    daemon.signal(number::TERM);
    daemon.until_logged("waiting for a, slow to die");
    assert_eq!(browse(&daemon, "").0, "500");
}
