//! Signals to PID 1, from inside the container and from outside.

use super::namespace::{Namespace, mask};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use vat::sys::signal::number;

const SLEEP: &str = "[program:a]\ncommand=sleep 1000\nstartsecs=0\n";

/// Case 5: PID 1 gets only what it is ready to take.
#[test]
fn each_signal_that_asks_for_the_end_ends_it() {
    let by_number: [(i32, &str); 5] = [
        (number::TERM, "SIGTERM"),
        (number::INT, "SIGINT"),
        (number::QUIT, "SIGQUIT"),
        (number::PWR, "SIGPWR"),
        (vat::sys::halt(), "signal 37"),
    ];
    for (signal, name) in by_number {
        let mut init = Namespace::start(SLEEP);
        init.signal_from_outside(signal);
        assert_eq!(init.code(), Some(0), "{name}");
        assert!(init.log().contains(&format!("received {name} indicating exit request")), "{name}: {}", init.log());
        assert!(init.log().contains("stopped: a (terminated by SIGTERM)"), "{name}");
    }
}

#[test]
fn term_from_inside_ends_it_and_kill_does_not() {
    let mut init = Namespace::start(SLEEP);
    for signal in ["KILL", "STOP", "SEGV", "USR1", "WINCH", "TSTP", "TTIN", "TTOU", "PIPE", "ALRM"] {
        init.run(&format!("kill -{signal} 1"));
        init.until_state("a", "RUNNING");
    }
    for signal in [number::USR1, number::WINCH, number::TSTP, number::PIPE, number::XFSZ] {
        init.signal_from_outside(signal);
        init.until_state("a", "RUNNING");
    }
    assert!(init.is_alive());
    init.run("kill -TERM 1");
    assert_eq!(init.code(), Some(0));
}

/// Case 6: TERM as early as the kernel lets it through. (PID 1 is deaf until it says otherwise: what comes before its first
/// system call is nobody's.)
#[test]
fn an_early_term_always_ends_it() {
    const RUNS: usize = 200;
    const AT_ONCE: usize = 4;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let run = next.fetch_add(1, Ordering::Relaxed);
                    if run >= RUNS {
                        break;
                    }
                    let mut init = Namespace::begin_by("", SLEEP, |_, command| command);
                    let began = Instant::now();
                    while mask(init.host_pid, "SigBlk").is_some_and(|mask| mask & (1 << (number::TERM - 1)) == 0) {
                        assert!(began.elapsed() < Duration::from_secs(10), "it never listens");
                    }
                    // 0 to 20 ms, each a few times.
                    std::thread::sleep(Duration::from_micros(u64::try_from(run * 7919 % RUNS * 100).unwrap()));
                    init.signal_from_outside(number::TERM);
                    assert_eq!(init.code(), Some(0), "run {run}: {}", init.log());
                    let log = init.log();
                    assert_eq!(log.matches("spawned:").count(), log.matches("stopped:").count(), "{log}");
                }
            });
        }
    });
}

/// Case 7: who asks twice means it, where the file says so.
#[test]
fn a_second_signal_kills_what_is_left() {
    let stubborn =
        "[program:a]\ncommand=sh -c 'trap \"\" TERM; touch up; while :; do sleep 1; done'\nstopwaitsecs=60\n";
    let mut init = Namespace::start_with("second_signal=kill\n", stubborn);
    init.until("it", || init.dir.join("up").exists().then_some(()));
    let began = Instant::now();
    init.signal_from_outside(number::INT);
    init.until_logged("received SIGINT");
    init.signal_from_outside(number::INT);
    assert_eq!(init.code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

/// Case 23: a program that is stopped gets its stop signal all the same.
#[test]
fn a_stopped_program_goes_on_to_stop() {
    let mut init = Namespace::start("[program:a]\ncommand=sh -c 'kill -STOP $$'\nstartsecs=0\n");
    let pid = init.pid("a");
    init.until("a stopped program", || init.see(pid).filter(|seen| seen.state == 'T'));
    let began = Instant::now();
    init.call_with("stopProcess", "a").expect("a stop");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    init.call_with("startProcess", "a").expect("a start");
    let pid = init.pid("a");
    init.until("a stopped program", || init.see(pid).filter(|seen| seen.state == 'T'));
    let (code, took) = init.stop();
    assert!(code == Some(0) && took < Duration::from_secs(1), "{code:?} {took:?}");
}

/// Case 32: a broken file changes nothing, a good one is taken.
#[test]
fn hup_with_a_broken_file_keeps_everything_as_it_is() {
    let mut init = Namespace::start(SLEEP);
    let (conf, pid) = (init.dir.join("conf"), init.pid("a"));
    let good = fs::read_to_string(&conf).unwrap();
    for broken in ["[program:a\n", "[supervisord]\nnodaemon=true\n[program:a]\n", ""] {
        fs::write(&conf, broken).unwrap();
        let before = init.log().matches("everything goes on as it is").count();
        init.signal_from_outside(number::HUP);
        init.until("a refusal", || (init.log().matches("everything goes on as it is").count() > before).then_some(()));
        assert_eq!((init.state("a").as_str(), init.pid("a")), ("RUNNING", pid), "{broken}");
    }
    assert!(init.log().contains(" CRIT "));
    fs::remove_file(&conf).unwrap();
    init.signal_from_outside(number::HUP);
    init.until("a refusal", || (init.log().matches("everything goes on as it is").count() > 3).then_some(()));
    fs::write(&conf, good.replace("[program:a]", "[program:b]")).unwrap();
    init.signal_from_outside(number::HUP);
    init.until("the new program", || {
        let names = init.try_call("supervisor.getAllProcessInfo", vec![])?.ok()?;
        format!("{names:?}").contains("\"b\"").then_some(())
    });
    init.until_state("b", "RUNNING");
    init.until("one program", || (init.count("sleep") == 1).then_some(()));
    assert!(init.is_alive());
    assert_eq!(init.stop().0, Some(0));
}
