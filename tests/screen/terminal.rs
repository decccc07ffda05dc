//! A program on a terminal, in a tmux of its own.

use super::case_file::{Case, Step};
use super::look;
use std::fs;
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// How long one step may take; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(8);

/// A program may wait so long for what follows an ESC, before it takes it for the key.
const ESCAPE: Duration = Duration::from_millis(90);

/// A tmux server; it goes with its socket.
pub(super) struct Tmux {
    socket: String,
}

impl Tmux {
    pub(super) fn start(name: &str) -> Self {
        Self { socket: format!("vat-screen-{}-{name}", std::process::id()) }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("tmux").args(["-L", &self.socket, "-f", "/dev/null"]).args(arguments).output().unwrap()
    }

    fn ask(&self, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.run(arguments).stdout).into_owned()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

/// One screen of a run, or a file, as lines; the first says what it is.
pub(super) type Shot = Vec<String>;

/// Runs a case with one program, in a directory of its own that holds what `prepare` put there.
pub(super) fn play(tmux: &Tmux, case: &Case, dir: &Path) -> Result<Vec<Shot>, String> {
    let stage = Stage::open(tmux, case, dir);
    let played = stage.play();
    tmux.run(&["kill-session", "-t", "=stage"]);
    played
}

struct Stage<'a> {
    tmux: &'a Tmux,
    case: &'a Case,
    dir: &'a Path,
    shell: u32,
    tty: PathBuf,
}

impl<'a> Stage<'a> {
    fn open(tmux: &'a Tmux, case: &'a Case, dir: &'a Path) -> Self {
        let (width, height) = (case.size.0.to_string(), case.size.1.to_string());
        let mut command = vec!["env", "-i", "PATH=/mnt/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/mnt/home", "TZ=UTC"];
        command.extend(["TERM=screen", "LC_ALL=C.UTF-8", "VAT_PROCPS_COMPAT=4.0.2", "VAT_CONTAINER=0"]);
        command.extend(case.env.iter().map(String::as_str));
        command.extend(["unshare", "-pfm", "--kill-child", "--mount-proc", "bash", "stage.sh"]);
        let dir_name = dir.to_str().unwrap();
        let mut all = vec!["new-session", "-d", "-s", "stage", "-x", &width, "-y", &height, "-c", dir_name];
        all.extend(&command);
        all.extend([";", "set", "-g", "status", "off", ";", "set", "-sg", "escape-time", "0"]);
        all.extend([";", "set", "-g", "remain-on-exit", "on", ";", "set", "-sg", "exit-empty", "off"]);
        tmux.run(&all);
        let ids = tmux.ask(&["display-message", "-p", "-t", "=stage:", "#{pane_pid} #{pane_tty}"]);
        let (pid, tty) = ids.trim().split_once(' ').unwrap_or(("0", ""));
        Self { tmux, case, dir, shell: pid.parse().unwrap_or(0), tty: PathBuf::from(tty) }
    }

    fn play(&self) -> Result<Vec<Shot>, String> {
        self.settle(true)?;
        let mut shots = Vec::new();
        let mut last = String::from("start");
        let mut worked = 0;
        for (at, step) in self.case.steps.iter().enumerate() {
            match step {
                Step::Capture => {
                    shots.push(self.shot(&last));
                    continue;
                }
                Step::File(name) => {
                    let text =
                        fs::read_to_string(self.dir.join("home").join(name)).unwrap_or_else(|why| why.to_string());
                    shots.push(
                        std::iter::once(format!("the file {name}")).chain(text.lines().map(str::to_owned)).collect(),
                    );
                    continue;
                }
                Step::Work => {
                    worked += 1;
                    self.work(worked);
                }
                Step::Key(key) => drop(self.tmux.run(&["send-keys", "-t", "=stage:", "--", key])),
                Step::Text(text) => drop(self.tmux.run(&["send-keys", "-t", "=stage:", "-l", "--", text])),
                Step::Resize(width, height) => {
                    let (width, height) = (width.to_string(), height.to_string());
                    self.tmux.run(&["resize-window", "-t", "=stage:", "-x", &width, "-y", &height]);
                    self.await_size(&format!("{height} {width}"));
                }
                Step::Signal(name) => {
                    let pid = self.program().ok_or("no program to signal")?.to_string();
                    let _ = Command::new("kill").args(["-s", name, &pid]).status();
                }
            }
            if matches!(step, Step::Key(key) if key == "Escape") {
                std::thread::sleep(ESCAPE);
            }
            last = format!("step {}, {step:?}", at + 1);
            self.settle(false)?;
        }
        Ok(shots)
    }

    /// The screen, and where the cursor can be seen, the modes of the terminal.
    fn shot(&self, after: &str) -> Shot {
        let screen = self.screen();
        let (modes, capture) = screen.split_once('\n').unwrap_or_default();
        let parts: Vec<&str> = modes.split_whitespace().collect();
        let modes = match parts[..] {
            ["0", _, alternate] => format!("cursor invisible, alternate {alternate}"),
            ["1", place, alternate] => format!("cursor at {place}, alternate {alternate}"),
            _ => String::from("no terminal"),
        };
        let mut shot = vec![format!("after {after}: {modes}")];
        shot.extend(look::lines(capture, &self.case.moves));
        shot
    }

    /// A line about the cursor and the modes, and the screen.
    fn screen(&self) -> String {
        let format = "#{cursor_flag} #{cursor_x},#{cursor_y} #{alternate_on}";
        let mut ask = vec!["display-message", "-p", "-t", "=stage:", format];
        ask.extend([";", "capture-pane", "-p", "-e", "-N", "-t", "=stage:"]);
        self.tmux.ask(&ask)
    }

    /// Waits until the program has read all keys, sleeps again, and its screen stands still.
    fn settle(&self, is_start: bool) -> Result<(), String> {
        let started = Instant::now();
        let (mut before, mut still, mut since) = (String::new(), 0, started);
        while started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(8));
            let program = self.program();
            if self.unread() > 0 || program.is_some_and(|pid| !sleeps(pid)) {
                still = 0;
                continue;
            }
            let screen = self.screen();
            let is_blank = screen.lines().skip(1).all(|line| line.trim().is_empty());
            let is_quiet = screen.contains("EXIT=") || program.is_some() && !(is_start && is_blank);
            if screen == before && is_quiet {
                still += 1;
            } else {
                (still, since) = (0, Instant::now());
            }
            // A pause in the middle of the work is short; a message stays on for longer.
            let is_pause = program.is_some_and(pauses) && since.elapsed() < Duration::from_millis(350);
            if still >= if is_start { 3 } else { 2 } && !is_pause {
                return Ok(());
            }
            before = screen;
        }
        let program = self.program();
        Err(format!("does not come to rest (process {program:?}, {} bytes not read):\n{before}", self.unread()))
    }

    /// Lets the processors work, and waits for the next frame. After a key the original looks at the machine twice in a row: only a
    /// frame that comes with time tells of the work.
    fn work(&self, worked: usize) {
        let (before, started) = (self.screen(), Instant::now());
        // The figures only grow: what is written over them is no shorter.
        let mut file = fs::OpenOptions::new().write(true).open(self.dir.join("proc/stat")).unwrap();
        file.write_all(super::stage::stat(self.case.cpus, worked).as_bytes()).unwrap();
        while started.elapsed() < PATIENCE && self.screen() == before {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// tmux tells a terminal of its new size after a while.
    fn await_size(&self, size: &str) {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let told = Command::new("stty").arg("-F").arg(&self.tty).arg("size").output().unwrap();
            if String::from_utf8_lossy(&told.stdout).trim() == size {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The program among the descendants of the terminal's first process.
    fn program(&self) -> Option<u32> {
        let mut open = vec![self.shell];
        while let Some(pid) = open.pop() {
            if fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "top") {
                return Some(pid);
            }
            let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
            open.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        }
        None
    }

    /// How many bytes of input lie in the terminal.
    fn unread(&self) -> i32 {
        let mut options = fs::OpenOptions::new();
        options.read(true).custom_flags(libc::O_NOCTTY | libc::O_NONBLOCK);
        let Ok(tty) = options.open(&self.tty) else { return 0 };
        let mut bytes = 0;
        #[allow(unsafe_code, reason = "std has no way to ask how much a terminal holds")]
        // SAFETY: FIONREAD writes one int, to the address of one that outlives the call.
        let done = unsafe { libc::ioctl(tty.as_raw_fd(), libc::FIONREAD, &raw mut bytes) };
        if done == 0 { bytes } else { 0 }
    }
}

/// Whether a process lets time pass, rather than wait for something.
fn pauses(pid: u32) -> bool {
    let call = fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
    // nanosleep and clock_nanosleep, on x86-64 and on AArch64, where nothing that waits has the other's numbers.
    matches!(call.split(' ').next(), Some("35" | "230" | "101" | "115"))
}

/// Whether a process waits, or is stopped.
fn sleeps(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['S', 'T']))
}
