//! Real containers, through the `docker` command.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The image that `tests/setup/image` builds.
pub const IMAGE: &str = "vat-test:1";

/// Where the built programs are: ours, and the helpers of the tests.
pub fn programs() -> PathBuf {
    match std::env::var_os("VAT_PROGRAMS") {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(env!("CARGO_BIN_EXE_free")).parent().expect("a directory").to_owned(),
    }
}

/// Whether Docker answers. Where it does not, the test cannot say anything: it says why, and under CI that is a failure.
pub fn available() -> bool {
    let answers = Command::new("docker").arg("info").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let reason = match answers {
        Ok(status) if status.success() => return true,
        Ok(_) => "no Docker daemon answers: run tests/setup/docker start",
        Err(_) => "there is no docker command: run tests/run setup",
    };
    assert!(std::env::var_os("CI").is_none(), "{reason}");
    eprintln!("skipped: {reason}");
    false
}

/// Says that something cannot be tested on this machine, where the virtual machine's run does it; there it is a failure.
pub fn elsewhere(why: &str) {
    assert!(std::env::var_os("VAT_VM").is_none(), "the virtual machine should be able to: {why}");
    println!("not on this machine: {why}; the virtual machine's run has it");
}

/// A running container, removed when it is dropped. Its own directory on the host is /shared in it; our programs are in /vat.
pub struct Container {
    pub id: String,
    pub shared: PathBuf,
}

impl Container {
    /// Starts a container with these options of `docker run`, whose PID 1 is this command, and waits for the command to say
    /// "ready".
    pub fn start(options: &[&str], command: &[&str]) -> Container {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let shared = std::env::temp_dir().join(format!("vat-test-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&shared).expect("a directory to share");
        let programs = programs();
        let volumes = [format!("{}:/vat:ro", programs.display()), format!("{}:/shared", shared.display())];
        let mut run = Command::new("docker");
        run.args(["run", "--detach", "--network", "none", "-v", &volumes[0], "-v", &volumes[1]]);
        let output = run.args(options).arg(IMAGE).args(command).output().expect("docker run");
        let container = Container { id: text(&output.stdout), shared };
        assert!(output.status.success(), "docker run {options:?}: {}", String::from_utf8_lossy(&output.stderr));
        for _ in 0..1200 {
            let logs = Command::new("docker").args(["logs", &container.id]).output().expect("docker logs");
            if String::from_utf8_lossy(&logs.stdout).contains("ready") {
                return container;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the container's load never was ready: {command:?}");
    }

    /// A container that is loaded by these steps of `hog`.
    pub fn loaded(options: &[&str], steps: &[&str]) -> Container {
        let command: Vec<&str> = ["/vat/examples/hog"].iter().chain(steps).chain(&["ready", "hold"]).copied().collect();
        Container::start(options, &command)
    }

    /// Runs a command in it.
    pub fn exec(&self, command: &[&str]) -> Output {
        self.exec_with(&[], command)
    }

    /// Runs a command in it, with options of `docker exec`.
    pub fn exec_with(&self, options: &[&str], command: &[&str]) -> Output {
        Command::new("docker").arg("exec").args(options).arg(&self.id).args(command).output().expect("docker exec")
    }

    /// What a command in it prints; it must succeed.
    pub fn prints(&self, command: &[&str]) -> String {
        let output = self.exec(command);
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        text(&output.stdout)
    }

    /// What `docker inspect` says.
    pub fn inspect(&self, format: &str) -> String {
        text(
            &Command::new("docker")
                .args(["inspect", "--format", format, &self.id])
                .output()
                .expect("docker inspect")
                .stdout,
        )
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if !self.id.is_empty() {
            let _ = Command::new("docker").args(["rm", "--force", "--volumes", &self.id]).output();
        }
        let _ = std::fs::remove_dir_all(&self.shared);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}
