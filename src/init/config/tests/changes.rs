//! What reread and update make of a changed file.

use super::super::*;
use super::read;

const OLD: &str = "[program:a]\ncommand=a\n[program:b]\ncommand=b\n[group:g]\nprograms=x,y\n[program:x]\ncommand=x\n\
    [program:y]\ncommand=y\n[fcgi-program:f]\ncommand=f\nsocket=unix:///tmp/f\n[eventlistener:l]\ncommand=l\nevents=TICK\n";

fn between(active: &Config, read: &Config) -> Difference {
    difference(&active.groups.iter().collect::<Vec<_>>(), &read.groups)
}

fn changed(replacements: &[(&str, &str)]) -> Difference {
    let new = replacements.iter().fold(OLD.to_owned(), |text, (from, to)| text.replace(from, to));
    between(&read(OLD).unwrap(), &read(&new).unwrap())
}

#[test]
fn groups_as_supervisord_compares_them() {
    assert_eq!(changed(&[]), Difference::default());
    let replaced = changed(&[("program:b", "program:c"), ("program:a", "program:A")]);
    assert_eq!((replaced.added.join(" "), replaced.removed.join(" ")), ("A c".into(), "a b".into()));
    for (from, to, expected) in [
        ("command=x", "command=z", "g"),
        ("command=x", "command=x\nautorestart=true", "g"),
        ("command=a", "command=a\nstdout_logfile=AUTO", ""),
        ("command=a", "command=a\nenvironment=A=1", "a"),
        ("programs=x,y", "programs=x", "g"),
        ("programs=x,y", "programs=x,y\npriority=1", "g"),
        ("/tmp/f", "/tmp/g", "f"),
        ("/tmp/f", "/tmp/f\nsocket_backlog=5", ""),
        ("=TICK", "=TICK_5", "l"),
        ("=TICK", "=TICK\nbuffer_size=11", "l"),
        // An AUTO log name is like any other.
        ("command=a", "command=a\nstdout_logfile=/tmp/a", ""),
        ("command=a", "command=a\nuser=me", "a"),
    ] {
        assert_eq!(changed(&[(from, to)]).changed.join(" "), expected, "{to}");
    }
    assert_eq!(changed(&[("[program:a]", "[supervisord]\nenvironment=E=1\n[program:a]")]).changed.len(), 5);
}

#[test]
fn the_order_of_variables_does_not_count() {
    let [one, two] =
        ["A=1,B=2", "B=2,A=1"].map(|it| read(&format!("[program:a]\ncommand=a\nenvironment={it}")).unwrap());
    assert_eq!(between(&one, &two), Difference::default());
}

fn processes(old: &str, new: &str) -> ProcessDifference {
    let [old, new] = [old, new].map(|text| read(text).unwrap().groups.remove(0));
    process_difference(&old, &new)
}

#[test]
fn a_process_is_restarted_only_for_what_it_was_started_with() {
    let of = |options: &str| format!("[program:x]\ncommand=x\nprocess_name=%(program_name)s%(process_num)d\n{options}");
    let one = |kind: &str, options: &str| {
        let difference = processes(&of(""), &of(options));
        let is = match kind {
            "live" => difference.live,
            _ => difference.restart,
        };
        assert_eq!(is, ["x0"], "{options}");
    };
    for options in [
        "autorestart=true",
        "priority=5",
        "startretries=9",
        "exitcodes=0,3",
        "stopsignal=INT",
        "stopwaitsecs=3",
        "stdout_logfile_maxbytes=1MB",
        "stderr_logfile_backups=1",
        "restart_delay=5",
        "health_command=y",
        "essential=true",
        "post_stop=y",
    ] {
        one("live", options);
    }
    for options in [
        "command=y",
        "environment=A=1",
        "user=me",
        "directory=/tmp",
        "umask=0",
        "redirect_stderr=true",
        "nice=5",
        "stdout_logfile=NONE",
    ] {
        one("restart", options);
    }
    assert_eq!(processes(&of(""), &of("")), ProcessDifference::default());
    let more = processes(&of("numprocs=2"), &of("numprocs=2\nnumprocs_start=1"));
    assert_eq!((more.added, more.removed, more.restart), (vec!["x2".to_owned()], vec!["x0".to_owned()], vec![]));
}

#[test]
fn another_socket_restarts_all() {
    let of = |socket: &str| format!("[fcgi-program:f]\ncommand=f\nsocket={socket}");
    assert_eq!(processes(&of("tcp://a:1"), &of("tcp://a:2")).restart, ["f"]);
    assert_eq!(processes(&of("tcp://a:1"), &of("tcp://A:1")), ProcessDifference::default());
}

/// All that is to be done, a line each.
fn told(old: &str, new: &str) -> String {
    let [old, new] = [old, new].map(|text| read(text).unwrap().groups);
    let changes = changes(&old.iter().collect::<Vec<_>>(), &new);
    let line = |it: &Change| {
        let name = it.process.as_ref().map(|process| format!(":{process}")).unwrap_or_default();
        format!("{}{name} {} ({})\n", it.group, it.what.name(), it.details.join("; "))
    };
    changes.iter().map(line).collect()
}

#[test]
fn changes_are_told_process_by_process() {
    assert_eq!(told(OLD, OLD), "");
    let new = OLD
        .replace("command=x", "command=z\nenvironment=SECRET=1")
        .replace("command=a", "command=a\npriority=5")
        .replace("program:b", "program:c")
        .replace("[program:y]", "[program:y]\nnumprocs=2\nprocess_name=y%(process_num)d")
        .replace("=TICK", "=TICK\nbuffer_size=11");
    let lines = "b removed ()\na:a live (priority: 999 -> 5)\nl live (buffer_size: 10 -> 11)\ng:y removed ()\n\
        g:x restart (command: x -> z; environment: SECRET)\ng:y0 added ()\ng:y1 added ()\nc added ()\n";
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let all = told(OLD, &new);
    assert_eq!(sorted(&all), sorted(lines));
    assert!(all.starts_with("b removed") && all.ends_with("c added ()\n"));
    let moved = "f restart (socket: unix:///tmp/f, mode 0700 -> unix:///tmp/g, mode 0700)\n";
    assert_eq!(told(OLD, &OLD.replace("/tmp/f", "/tmp/g")), moved);
}
