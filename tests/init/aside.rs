//! What happens beside a process's life: dependencies, readiness, hooks, health, schedules, and what the end of one means for all.

use crate::support::supervised::Supervised;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::{Duration, Instant};
use vat::rpc::{Code, Value};
use vat::sys;

/// Whether these words stand in the log in this order.
fn in_order(log: &str, words: &[&str]) -> bool {
    let mut rest = log;
    words.iter().all(|words| match rest.split_once(words) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// How often words stand in the log.
fn count(log: &str, words: &str) -> usize {
    log.matches(words).count()
}

#[test]
fn a_process_starts_when_all_that_it_depends_on_are_up() {
    let mut daemon = Supervised::start(
        "[program:app]\ncommand=sleep 100\nstartsecs=0\ndepends_on=db, migrate\npriority=1\n\
         [program:migrate]\ncommand=sh -c 'sleep 0.2; echo >&3'\nready=fd:3\nautorestart=false\n\
         [program:db]\ncommand=sh -c 'until test -e go; do sleep 0.05; done; echo >&3; exec sleep 100'\nready=fd:3\nautostart=false\n",
    );
    daemon.until("migrate", || (daemon.state("migrate") == "EXITED").then_some(()));
    daemon.until("one", || (daemon.told("app", "description") == "waiting for db").then_some(()));
    assert_eq!((daemon.state("app").as_str(), daemon.pid("app")), ("STARTING", 0));
    assert_eq!((daemon.state("db").as_str(), daemon.told("app", "spawnerr").as_str()), ("STARTING", ""));
    // Waiting, it can be stopped, and its start waited for.
    assert_eq!(daemon.call_with("stopProcess", "app"), Ok(Value::Bool(true)));
    assert_eq!(daemon.state("app"), "STOPPED");
    assert_eq!(
        daemon.call("supervisor.startProcess", vec![Value::text("app"), Value::Bool(false)]),
        Ok(Value::Bool(true))
    );
    std::fs::write(daemon.dir.join("go"), "").unwrap();
    daemon.until_state("app", "RUNNING");
    let said = ["'app' is waiting for ", "success: db entered RUNNING", "spawned: 'app'", "success: app entered"];
    assert!(in_order(&daemon.log(), &said), "{}", daemon.log());
    // One that goes down later takes nobody with it.
    daemon.call_with("stopProcess", "db").unwrap();
    assert_eq!(daemon.state("app"), "RUNNING");
    // But it is started along with who needs it.
    daemon.call_with("stopProcess", "app").unwrap();
    assert_eq!(daemon.call_with("startProcess", "app"), Ok(Value::Bool(true)));
    assert_eq!(daemon.state("db"), "RUNNING");
    assert_eq!(daemon.stop(), Some(0));
    assert!(in_order(&daemon.log(), &["received SIGTERM", "stopped: app", "stopped: db"]), "{}", daemon.log());
}

#[test]
fn one_that_failed_is_waited_for_in_vain_and_that_is_said_once() {
    let mut daemon = Supervised::start(
        "[program:app]\ncommand=sleep 100\ndepends_on=g:db\nstartsecs=0\n\
         [program:db]\ncommand=/nowhere\nstartretries=0\n[group:g]\nprograms=db\n",
    );
    daemon.until_logged("'app' waits in vain for 'g:db', which is FATAL, until somebody starts that");
    assert_eq!(daemon.told("app", "description"), "waiting for g:db");
    assert_eq!(count(&daemon.log(), "in vain"), 1);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn it_tells_by_notify_that_it_is_up() {
    let perl = |words: &str| {
        format!(
            "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_DGRAM, 0); my $a = $ENV{{NOTIFY_SOCKET}}; $a =~ s/^@/\\0/; \
             send(S, \"{words}\", 0, pack_sockaddr_un($a)) or die $!;'"
        )
    };
    let script = format!(
        "#!/bin/sh\necho $NOTIFY_SOCKET >address\nuntil test -e go; do sleep 0.05; done\n{}\nexec sleep 100\n",
        perl("STATUS=soon\\nREADY=1\\n")
    );
    let mut daemon = Supervised::start("[program:a]\ncommand=sh %(here)s/script\nready=notify\nautostart=false");
    std::fs::write(daemon.dir.join("script"), script).unwrap();
    daemon.call("supervisor.startProcess", vec![Value::text("a"), Value::Bool(false)]).unwrap();
    let address = daemon.until("address", || daemon.file("address").strip_suffix('\n').map(str::to_owned));
    // Anybody could say so.
    let stranger = SocketAddr::from_abstract_name(address.strip_prefix('@').unwrap()).unwrap();
    UnixDatagram::unbound().unwrap().send_to_addr(b"READY=1", &stranger).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(daemon.state("a"), "STARTING");
    std::fs::write(daemon.dir.join("go"), "").unwrap();
    daemon.until_state("a", "RUNNING");
    daemon.until_logged("success: a entered RUNNING state, process told that it is ready");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn it_is_up_when_its_port_takes_connections_or_a_command_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let daemon = Supervised::start(&format!(
        "[program:port]\ncommand=sleep 100\nready=tcp:localhost:{port}\n\
         [program:command]\ncommand=sleep 100\nready=command:test -e up\n\
         [program:name]\ncommand=sleep 100\nready=tcp:no.such.host.invalid:80\nstartretries=0\n"
    ));
    daemon.until_logged("spawnerr: ready=tcp: no.such.host.invalid is no address, and /etc/hosts does not know it");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((daemon.state("port").as_str(), daemon.state("command").as_str()), ("STARTING", "STARTING"));
    let _listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    std::fs::write(daemon.dir.join("up"), "").unwrap();
    daemon.until_state("port", "RUNNING");
    daemon.until_state("command", "RUNNING");
}

#[test]
fn what_is_not_ready_in_time_has_not_started() {
    let daemon = Supervised::start(
        "[program:late]\ncommand=sleep 100\nready=fd:7\nready_timeout=200ms\nstartretries=0\n\
         [program:mute]\ncommand=sh -c 'exec 7>&-; exec sleep 100'\nready=fd:7\nready_timeout=300ms\nstartretries=0\n",
    );
    for name in ["late", "mute"] {
        daemon.until_state(name, "FATAL");
        assert!(daemon.log().contains(&format!("killing '{name}' (")), "{}", daemon.log());
    }
}

#[test]
fn hooks_run_around_the_life_of_a_process() {
    let note = |what: &str| format!("{what}=sh -c 'echo $VAT_HOOK $A $PWD $EXIT_CODE$EXIT_SIGNAL >>%(here)s/hooks'\n");
    let hooks = ["pre_start", "post_start", "pre_stop", "post_stop"].map(note).concat();
    let mut daemon = Supervised::start(&format!(
        "[program:a]\ncommand=sleep 100\nstartsecs=0\nautostart=false\ndirectory=/tmp\nenvironment=A=1\n{hooks}\
         [program:b]\ncommand=sh -c 'exit 3'\nstartsecs=0\nautorestart=false\nautostart=false\n{hooks}"
    ));
    assert_eq!(daemon.call_with("startProcess", "a"), Ok(Value::Bool(true)));
    let until = |words: &str| daemon.until(words, || (daemon.file("hooks") == words).then_some(()));
    until("pre_start 1 /tmp\npost_start 1 /tmp\n");
    assert_eq!(daemon.call_with("stopProcess", "a"), Ok(Value::Bool(true)));
    let of_a = "pre_start 1 /tmp\npost_start 1 /tmp\npre_stop 1 /tmp\npost_stop 1 /tmp SIGTERM\n";
    until(of_a);
    daemon.call("supervisor.startProcess", vec![Value::text("b"), Value::Bool(false)]).unwrap();
    let end = format!("post_stop {} 3\n", daemon.dir.display());
    daemon.until("its end", || daemon.file("hooks").contains(&end).then_some(()));
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_start_whose_hook_fails_has_failed() {
    let daemon = Supervised::start(
        "[program:a]\ncommand=sleep 100\npre_start=sh -c 'echo no; echo no disk >&2; exit 7'\nstartretries=0\nautostart=false\n\
         [program:b]\ncommand=sleep 100\npre_start=sh -c 'sleep 300 & wait'\nhook_timeout=200ms\nstartretries=0\n\
         [program:c]\ncommand=sleep 100\npre_start=/nowhere/x\nstartretries=0\n\
         [program:d]\ncommand=sleep 100\npre_start=sleep 100\n",
    );
    let failed = daemon.call_with("startProcess", "a").unwrap_err();
    assert!(failed.is(Code::SpawnError), "{failed:?}");
    assert_eq!(daemon.state("a"), "FATAL");
    assert_eq!(daemon.told("a", "description"), "pre_start failed: exit status 7: no disk");
    daemon.until_state("b", "FATAL");
    assert_eq!(daemon.told("b", "description"), "pre_start failed: it did not end within 0.2 s");
    assert_eq!(daemon.told("c", "description"), "pre_start failed: can't find command '/nowhere/x'");
    assert_eq!(
        (daemon.state("d"), daemon.told("d", "description")),
        ("STARTING".into(), "waiting for pre_start".into())
    );
    assert_eq!(daemon.call_with("stopProcess", "d"), Ok(Value::Bool(true)));
    assert_eq!(daemon.state("d"), "STOPPED");
}

#[test]
fn the_next_start_waits_for_the_hook_of_the_last_end() {
    let mut daemon = Supervised::start(
        "[program:a]\ncommand=sleep 100\nstartsecs=0\nstopwaitsecs=1\n\
         pre_stop=sh -c 'echo pre_stop >>order; sleep 0.2'\n\
         post_stop=sh -c 'sleep 0.4; echo post_stop >>order'\npre_start=sh -c 'echo pre_start >>order'\n",
    );
    daemon.until_state("a", "RUNNING");
    daemon.call_with("stopProcess", "a").unwrap();
    assert_eq!(daemon.file("order"), "pre_start\npre_stop\n");
    daemon.call("supervisor.startProcess", vec![Value::text("a"), Value::Bool(false)]).unwrap();
    assert_eq!(daemon.told("a", "description"), "waiting for post_stop");
    daemon.until_state("a", "RUNNING");
    // The daemon waits for it, too.
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(daemon.file("order"), "pre_start\npre_stop\npost_stop\npre_start\npre_stop\npost_stop\n");
}

#[test]
fn who_is_not_well_is_started_anew() {
    let mut daemon = Supervised::start(
        "[program:a]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=50ms\nhealth_retries=2\n\
         health_command=sh -c 'echo tried; test ! -e sick'\n\
         [program:b]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=50ms\nhealth_retries=1\nhealth_timeout=100ms\n\
         health_command=sleep 100\nhealth_action=stop\n\
         [program:c]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=50ms\nhealth_retries=1\n\
         health_command=sh -c 'test ! -e sick'\nhealth_action=log\n\
         [program:d]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=20ms\nhealth_retries=1\nhealth_start_period=1h\n\
         health_command=false\n\
         [eventlistener:e]\nevents=PROCESS_HEALTH\nstartsecs=0\nstderr_logfile=%(here)s/events\n\
         command=sh -c 'while echo READY; read line; do echo $line >&2; dd bs=1 count=${line##*len:} >&2 2>/dev/null; \
         echo >&2; printf \"RESULT 2\\nOK\"; done'\n",
    );
    daemon.until_logged("'b' is unhealthy: it did not end within 0.1 s");
    daemon.until_state("b", "STOPPED");
    let before = daemon.pid("a");
    std::fs::write(daemon.dir.join("sick"), "").unwrap();
    daemon.until_logged("'a' is unhealthy: exit status 1: tried");
    daemon.until("unhealthy", || daemon.told("c", "description").ends_with(", unhealthy").then_some(()));
    std::fs::remove_file(daemon.dir.join("sick")).unwrap();
    daemon.until("another", || (daemon.pid("a") != before && daemon.state("a") == "RUNNING").then_some(()));
    daemon.until_logged("'c' is healthy again");
    daemon.until("events", || {
        let events = daemon.file("events");
        let told = |name: &str, health: &str| {
            events.lines().any(|line| line.starts_with(&format!("processname:{name} ")) && line.ends_with(health))
        };
        (told("a", " health:unhealthy") && told("b", " health:unhealthy") && told("c", " health:healthy")).then_some(())
    });
    assert!(!daemon.log().contains("'d' is unhealthy") && daemon.state("d") == "RUNNING");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn who_is_not_well_may_end_everything() {
    let mut daemon = Supervised::start(
        "[program:a]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=50ms\nhealth_retries=1\nhealth_command=false\n\
         health_action=shutdown\n",
    );
    assert_eq!(daemon.code(), Some(1));
}

#[test]
fn nobody_is_ill_for_having_been_frozen() {
    let mut daemon = Supervised::start(
        "[program:a]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=50ms\nhealth_retries=1\nhealth_timeout=400ms\n\
         health_command=sh -c 'echo $$ >check; sleep 0.3'\n\
         [program:b]\ncommand=sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\nstartsecs=0\nstopwaitsecs=2\n",
    );
    let check = daemon.until("a check", || daemon.file("check").trim().parse::<u32>().ok());
    daemon.call("supervisor.stopProcess", vec![Value::text("b"), Value::Bool(false)]).unwrap();
    // The whole container: the check and whoever it runs stand still, too.
    sys::child::send_to_group(check, sys::signal::number::STOP).unwrap();
    daemon.signal(sys::signal::number::STOP);
    std::thread::sleep(Duration::from_millis(2800));
    sys::child::send_to_group(check, sys::signal::number::CONT).unwrap();
    daemon.signal(sys::signal::number::CONT);
    assert_eq!(daemon.state("b"), "STOPPING", "{}", daemon.log());
    std::thread::sleep(Duration::from_millis(600));
    assert!(!daemon.log().contains("unhealthy"), "{}", daemon.log());
    sys::process::end(daemon.pid("b")).unwrap();
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn programs_are_started_by_the_clock() {
    let mut daemon = Supervised::start(
        "[program:often]\ncommand=sh -c 'echo x >>runs'\nschedule=* * * * * *\n\
         [program:long]\ncommand=sleep 100\nschedule=* * * * * *\n\
         [program:never]\ncommand=sleep 100\nschedule=0 0 1 1 *\n",
    );
    assert_eq!(daemon.told("often", "description"), "Not started");
    daemon.until("two runs", || (daemon.file("runs") == "x\nx\n").then_some(()));
    daemon.until_logged("schedule of 'long': it still runs, this run is left out");
    assert_eq!(count(&daemon.log(), "spawned: 'long'"), 1);
    daemon.until_state("often", "EXITED");
    assert_eq!(daemon.told("never", "description"), "Not started");
    assert!(!daemon.log().contains("not expected"), "{}", daemon.log());
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn the_end_of_an_essential_process_is_the_end_and_its_code_the_code() {
    let ends = [("exit 0", 0), ("exit 1", 1), ("exit 2", 2), ("exit 127", 127), ("exit 255", 255)];
    let signals = [("kill -TERM $$", 143), ("kill -KILL $$", 137), ("kill -SEGV $$", 139)];
    let start = |(end, code): (&str, i32)| {
        let options = "startsecs=0\nautorestart=false\nessential=true";
        let daemon = Supervised::begin(
            "",
            &format!("[program:a]\ncommand=sh -c '{end}'\n{options}\n[program:b]\ncommand=sleep 9"),
        );
        (daemon, code)
    };
    let mut daemons: Vec<(Supervised, i32)> = ends.into_iter().chain(signals).map(start).collect();
    for (daemon, code) in &mut daemons {
        assert_eq!(daemon.code(), Some(*code), "{}", daemon.log());
        assert!(in_order(&daemon.log(), &["essential process a is EXITED, shutting down", "stopped: b"]));
    }
}

#[test]
fn what_is_and_what_is_not_the_end_of_an_essential_process() {
    let essential = |options: &str| Supervised::begin("", &format!("[program:a]\n{options}\n"));
    // One that cannot even be started is a failure, and so is one that gives up, whatever its code.
    let mut nowhere = essential("command=/nowhere\nstartretries=0\nessential=true");
    let mut quick = essential("command=true\nstartretries=0\nessential=true");
    // on_exit minds any end, also one that a restart would follow.
    let mut any = essential("command=sh -c 'exit 5'\nstartsecs=0\nautorestart=true\non_exit=shutdown");
    let mut early = essential("command=sh -c 'exit 6'\non_exit=shutdown");
    // The code of one, and the end of another.
    let mut from = Supervised::begin(
        "exit_code_from=b",
        "[program:a]\ncommand=sh -c 'sleep 0.2; exit 5'\nstartsecs=0\nautorestart=false\non_exit=shutdown\n\
         [program:b]\ncommand=sh -c 'trap \"exit 9\" TERM; while :; do sleep 0.05; done'\n",
    );
    for (daemon, code) in [(&mut nowhere, 1), (&mut quick, 1), (&mut any, 5), (&mut early, 6), (&mut from, 9)] {
        assert_eq!(daemon.code(), Some(code), "{}", daemon.log());
    }
    // Nobody minds an end that was asked for, nor one that a restart follows.
    let mut daemon = Supervised::start(
        "[program:a]\ncommand=sleep 100\nstartsecs=0\nessential=true\n\
         [program:b]\ncommand=sh -c 'exit 1'\nstartsecs=0\nessential=true\nautorestart=true\nrestart_delay=60s\n",
    );
    daemon.until_state("b", "EXITED");
    daemon.call_with("stopProcess", "a").unwrap();
    assert_eq!((daemon.state("a").as_str(), daemon.stop()), ("STOPPED", Some(0)));
}

#[test]
fn nothing_that_ran_beside_a_process_is_left_behind() {
    let mut daemon = Supervised::start_with(
        "shutdown_timeout=700ms",
        "[program:a]\ncommand=sleep 100\nstartsecs=0\npost_start=sh -c 'echo $$ >>pids; sleep 60 & wait'\n\
         [program:b]\ncommand=sleep 100\nstartsecs=0\nhealth_interval=1ms\nhealth_timeout=60s\n\
         health_command=sh -c 'echo $$ >>pids; sleep 60 & wait'\n\
         [program:c]\ncommand=sleep 100\nready=command:sh -c 'echo $$ >>pids; sleep 60 & wait'\n\
         [program:d]\ncommand=sleep 100\npre_start=sh -c 'echo $$ >>pids; sleep 60 & wait'\n\
         [program:e]\ncommand=sleep 100\nstartsecs=0\npost_stop=sh -c 'echo $$ >>pids; sleep 60 & wait'\n\
         [program:f]\ncommand=sleep 100\nstartsecs=0\npre_stop=sh -c 'echo $$ >>pids; sleep 60 & wait'\n",
    );
    daemon.until("four", || (daemon.file("pids").lines().count() == 4).then_some(()));
    let began = Instant::now();
    assert_eq!(daemon.stop(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}\n{}", began.elapsed(), daemon.log());
    let pids: Vec<u32> = daemon.file("pids").lines().map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(pids.len(), 6);
    for pid in pids {
        // Those of the group had init as their parent, which takes a moment.
        daemon.until("its end", || sys::child::send_to_group(pid, 0).is_err().then_some(()));
    }
}
