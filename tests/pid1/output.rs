//! What programs write, and what the daemon itself writes, holds nobody up.

use super::namespace::Namespace;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long an answer may take, in a build that is not optimised, on a machine that has other things to do.
const SOON: Duration = Duration::from_millis(500);

/// Half of the answers come sooner; the others may meet with whatever else this machine does.
fn answers_soon(init: &Namespace) {
    let answer = |_| {
        std::thread::sleep(Duration::from_millis(50));
        let began = Instant::now();
        init.call("supervisor.getAllProcessInfo", vec![]).expect("information");
        began.elapsed()
    };
    let mut answers: Vec<Duration> = (0..11).map(answer).collect();
    answers.sort_unstable();
    assert!(answers[5] < SOON, "{answers:?}");
}

/// Case 24: nobody reads what the daemon says, nor what its programs say through it.
#[test]
fn a_full_standard_output_blocks_nobody() {
    let mut init = Namespace::begin_by(
        "silent=false\nloglevel=debug\n",
        "[program:y]\ncommand=yes\nstdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\nstartsecs=0\n\
         [program:e]\ncommand=sh -c 'yes >&2'\nstderr_logfile=/dev/stderr\nstderr_logfile_maxbytes=0\nstartsecs=0\n\
         [program:f]\ncommand=yes\nstdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\nstartsecs=0\n",
        |_, mut command| {
            command.stdout(Stdio::piped());
            command
        },
    );
    init.until_it_answers();
    std::thread::sleep(Duration::from_millis(300));
    answers_soon(&init);
    assert!(init.rss() < 30_000, "{} KiB", init.rss());
    let (code, took) = init.stop();
    assert!(code == Some(0) && took < Duration::from_secs(3), "{code:?} {took:?}");
}

#[test]
fn a_standard_output_that_is_gone_hurts_nobody() {
    let mut init = Namespace::begin_by(
        "silent=false\n",
        "[program:y]\ncommand=yes\nstdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\nstartsecs=0\n",
        |_, mut command| {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            command.stdout(writer);
            command
        },
    );
    init.until_it_answers();
    answers_soon(&init);
    assert_eq!(init.stop().0, Some(0));
}

/// Case 25: four floods, in little memory and with answers between.
#[test]
fn floods_are_read_fairly() {
    let init = Namespace::start(
        "[program:y]\ncommand=yes\nnumprocs=4\nprocess_name=%(process_num)d\nstartsecs=0\nstdout_logfile_maxbytes=1MB\n\
         stdout_logfile_backups=1\n",
    );
    std::thread::sleep(Duration::from_millis(500));
    answers_soon(&init);
    assert!(init.rss() < 20_000, "{} KiB", init.rss());
}

/// Case 26: the program has ended, and what it left behind still has its pipes.
#[test]
fn pipes_of_former_runs_do_not_pile_up() {
    let init = Namespace::start(
        "[program:a]\ncommand=sh -c 'sleep 1000 & exit 0'\nstartsecs=0\nautorestart=false\nautostart=false\n",
    );
    let run = || {
        init.call_with("startProcess", "a").expect("a start");
        init.until_state("a", "EXITED");
    };
    run();
    let before = init.open_files();
    for _ in 0..99 {
        run();
    }
    // Connections of this test come and go.
    let after = init.open_files();
    assert!(after.abs_diff(before) < 4, "{before} became {after}");
    init.until("a sleep of each", || (init.count("sleep") == 100).then_some(()));
}
