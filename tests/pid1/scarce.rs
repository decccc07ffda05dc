//! When pids, descriptors or room on the disk run out the daemon goes on, and what it could not do comes later.

use super::namespace::Namespace;
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A pids cgroup, v1 or v2.
struct Pids(PathBuf);

impl Pids {
    fn new(name: &str) -> Option<Pids> {
        let root = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"].map(Path::new);
        let root = root.into_iter().find(|root| root.join("cgroup.procs").exists())?;
        let _ = fs::write(root.join("cgroup.subtree_control"), "+pids");
        let own = Pids(root.join(format!("vat-pid1-{name}-{}", std::process::id())));
        fs::create_dir(&own.0).ok()?;
        own.0.join("pids.max").exists().then_some(own)
    }

    fn current(&self) -> usize {
        fs::read_to_string(self.0.join("pids.current")).unwrap().trim().parse().unwrap()
    }

    fn limit(&self, limit: &str) {
        fs::write(self.0.join("pids.max"), limit).unwrap();
    }
}

impl Drop for Pids {
    fn drop(&mut self) {
        for _ in 0..200 {
            if fs::remove_dir(&self.0).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn in_state(init: &Namespace, program: &str, count: usize, state: &str) -> usize {
    (0..count).filter(|n| init.state(&format!("{program}:{n}")) == state).count()
}

/// Case 14: no more processes.
#[test]
fn programs_wait_for_pids() {
    let Some(pids) = Pids::new("pids") else {
        return crate::support::docker::elsewhere("there is no pids controller to be had");
    };
    let init = Namespace::start(
        "[program:s]\ncommand=sleep 1000\nnumprocs=10\nprocess_name=%(process_num)d\nautostart=false\nstartsecs=0\n\
         startretries=100\nrestart_delay=200ms\nrestart_delay_max=200ms\n",
    );
    fs::write(pids.0.join("cgroup.procs"), init.host_pid.to_string()).unwrap();
    pids.limit(&(pids.current() + 3).to_string());
    let wait = vat::rpc::Value::Bool(false);
    let _ = init.call("supervisor.startProcessGroup", vec![vat::rpc::Value::text("s"), wait]);
    init.until("three and no more", || (in_state(&init, "s", 10, "RUNNING") == 3).then_some(()));
    assert_eq!(in_state(&init, "s", 10, "BACKOFF"), 7);
    init.until_logged("spawnerr: Too many processes in process table to spawn '");
    pids.limit("max");
    init.until("all ten", || (in_state(&init, "s", 10, "RUNNING") == 10).then_some(()));
    drop(init);
}

/// Case 16: no more descriptors, for programs and for clients.
#[test]
fn programs_and_clients_wait_for_descriptors() {
    let init = Namespace::begin_run_by(
        "minfds=16\nloadavg=false\n",
        "[program:s]\ncommand=sleep 1000\nnumprocs=10\nprocess_name=%(process_num)d\nstartsecs=0\n\
         startretries=100\nrestart_delay=200ms\nrestart_delay_max=200ms\n",
        &["prlimit", "--nofile=28:28"],
        |_, command| command,
    );
    init.until_it_answers();
    init.until_logged("spawnerr: too many open files to spawn '");
    let running = in_state(&init, "s", 10, "RUNNING");
    assert!(running > 0 && running < 10, "{running}");
    // Connections take all that is left, and one more waits.
    let clients: Vec<UnixStream> = (0..40).filter_map(|_| UnixStream::connect(init.dir.join("socket")).ok()).collect();
    std::thread::sleep(Duration::from_millis(300));
    let before = init.cpu();
    std::thread::sleep(Duration::from_secs(2));
    let spent = init.cpu() - before;
    assert!(spent < Duration::from_millis(400), "{spent:?} while nothing could be done");
    assert!(init.is_alive());
    drop(clients);
    init.until_it_answers();
    for n in 0..10 {
        if init.state(&format!("s:{n}")) == "RUNNING" {
            init.call_with("stopProcess", &format!("s:{n}")).expect("a stop");
        }
    }
    init.until("as many others", || (in_state(&init, "s", 10, "RUNNING") == running).then_some(()));
    assert_eq!(in_state(&init, "s", 10, "STOPPED"), running);
}

/// Case 16: no more room for logs.
#[test]
fn a_full_disk_costs_only_what_is_logged() {
    let mut init = Namespace::begin_run_by(
        "logfile=%(here)s/small/log\n",
        "[program:y]\ncommand=sh -c 'yes | head -c 3000000; exec sleep 1000'\nstdout_logfile=%(here)s/small/y\nstartsecs=0\n\
         [program:t]\ncommand=sleep 1000\nstartsecs=0\n",
        &["sh", "-c", "mount -t tmpfs -o size=64k tmpfs small && exec \"$@\"", "sh"],
        |dir, command| {
            fs::create_dir(dir.join("small")).unwrap();
            command
        },
    );
    init.until_it_answers();
    init.until("the flood's end", || (init.count("yes") == 0 && init.count("sleep") == 2).then_some(()));
    let began = Instant::now();
    for _ in 0..20 {
        init.call_with("stopProcess", "t").expect("a stop");
        init.call_with("startProcess", "t").expect("a start");
    }
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!((init.state("y").as_str(), init.state("t").as_str()), ("RUNNING", "RUNNING"));
    assert!(init.run("rm small/y; kill -USR2 1; sleep 0.3; df small").status.success());
    init.call_with("stopProcess", "t").expect("a stop");
    assert_eq!(init.stop().0, Some(0));
}
