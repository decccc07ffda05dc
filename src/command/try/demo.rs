//! The show: the machine's tools and ours, in the container at rest and under load, and on the bare machine.

use super::container::{self, Container, Printed};
use super::judge::{self, Figures, Truth};
use super::load::Load;
use super::rootfs::TOOLS;
use super::screen;
use super::trouble::Trouble;
use crate::limit::{Item, Unavailable};
use crate::read::Reader;
use crate::read::find::{Place, own};
use crate::sys::signal::Signals;
use crate::sys::{Live, Machine, process, terminal};
use crate::unit::{Bytes, Limit};
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The tools that are shown, with their arguments.
const SHOWN: [(&str, &[&str]); 4] = [("free", &["-m"]), ("uptime", &[]), ("df", &["-h"]), ("nproc", &[])];

/// How much memory the load takes, and how many loops it has.
const HELD: Bytes = Bytes::from_mib(200);
const LOOPS: u32 = 3;

/// How often two outputs are compared before they count as different.
const TRIES: u32 = 5;

pub(super) struct Demo<'a> {
    container: &'a Container<'a>,
    signals: &'a Signals,
    columns: usize,
    /// What the installed procps calls itself, such as 4.0.2: ours then print its shape.
    procps: Option<String>,
    held: Bytes,
    out: &'a mut dyn Write,
}

impl<'a> Demo<'a> {
    pub(super) fn new(container: &'a Container<'a>, signals: &'a Signals, out: &'a mut dyn Write) -> Demo<'a> {
        // Under a small limit a load that fits.
        let limit = container.report.now.memory.and_then(Limit::at);
        let held = limit.map_or(HELD, |limit| HELD.min(Bytes(limit.0 / 5 * 2)));
        Demo { container, signals, columns: terminal::columns().unwrap_or(100), procps: None, held, out }
    }

    /// Shows all of it. True when ours told the truth.
    pub(super) fn run(mut self) -> Result<bool, Trouble> {
        self.procps = self.outside("free", &["-V"], Whose::Machines)?.and_then(|said| procps_version(&said.out));
        let limits = screen::limits(&self.container.report);
        self.say(&format!(
            "A throwaway container on this machine, with its own pid, mount, uts, ipc and cgroup namespaces.\n\
             Its limits, read back from the kernel:\n{limits}\n== In the container, at rest ==\n\n"
        ))?;
        for (tool, args) in SHOWN {
            self.show_inside(tool, args)?;
        }
        let rest = self.figures()?;

        let held = screen::memory(self.held);
        self.say(&format!(
            "== In the container, while a program holds {held} and {LOOPS} loops want a CPU each ==\n\n"
        ))?;
        let container = self.container;
        let load = Load::start(self.held, LOOPS, &|run| container.fork(run), self.signals)?;
        self.settle()?;
        for (tool, args) in [("free", &["-m"][..]), ("uptime", &[])] {
            self.show_inside(tool, args)?;
        }
        let loaded = self.figures()?;
        load.stop()?;

        let outside = self.bare_machine()?;
        self.verdict(rest, loaded, outside)
    }

    fn say(&mut self, text: &str) -> Result<(), Trouble> {
        let said = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        said.map_err(|error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => Trouble::Closed,
            _ => Trouble::io("write error", &error),
        })
    }

    /// Lets the load begin to run: a new process waits for its turn like any other.
    fn settle(&self) -> Result<(), Trouble> {
        let until = Instant::now() + Duration::from_secs(1);
        while Instant::now() < until {
            container::pause(self.signals, until.saturating_duration_since(Instant::now()), false)?;
        }
        Ok(())
    }

    fn show_inside(&mut self, tool: &str, args: &[&str]) -> Result<(), Trouble> {
        let machines = self.inside(tool, args, Whose::Machines)?;
        let ours = self.inside(tool, args, Whose::Ours)?;
        self.show(tool, args, machines, ours)
    }

    fn show(
        &mut self,
        tool: &str,
        args: &[&str],
        machines: Option<Printed>,
        ours: Option<Printed>,
    ) -> Result<(), Trouble> {
        let both = |printed: Printed| printed.out + &printed.err;
        let machines = machines.map_or_else(|| "(not on this machine)".to_owned(), both);
        let command = [&[tool], args].concat().join(" ");
        let pair = screen::pair(&command, &machines, &ours.map(both).unwrap_or_default(), self.columns);
        self.say(&format!("{pair}\n"))
    }

    /// What a tool prints in the container; `None` where there is none.
    fn inside(&self, tool: &str, args: &[&str], whose: Whose) -> Result<Option<Printed>, Trouble> {
        let program = match whose {
            Whose::Machines => original(tool),
            Whose::Ours => Some(Path::new("/").join(TOOLS).join(tool)),
        };
        let Some(program) = program else { return Ok(None) };
        let start = |command| self.container.start(command, None);
        container::output(self.signals, self.command(&program, args), start).map(Some)
    }

    /// What a tool prints on the machine.
    fn outside(&self, tool: &str, args: &[&str], whose: Whose) -> Result<Option<Printed>, Trouble> {
        let command = match whose {
            Whose::Machines => original(tool).map(|program| self.command(&program, args)),
            Whose::Ours => std::env::current_exe().ok().map(|program| {
                let mut command = self.command(&program, args);
                std::os::unix::process::CommandExt::arg0(&mut command, tool);
                command
            }),
        };
        let Some(mut command) = command else { return Ok(None) };
        let mask = self.signals.before();
        process::before_exec(&mut command, move || {
            mask.set()?;
            process::die_with_parent()
        });
        container::output(self.signals, command, |mut command| command.spawn().map(|child| child.id())).map(Some)
    }

    fn command(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        // Both print for one reader, who compares: what the user likes to see otherwise is not for here.
        command.args(args).env("LC_ALL", "C");
        for (name, _) in std::env::vars_os().filter(|(name, _)| changes_output(name)) {
            command.env_remove(name);
        }
        if let Some(version) = &self.procps {
            command.env("VAT_PROCPS_COMPAT", version);
        }
        command
    }

    fn figures(&self) -> Result<Both, Trouble> {
        let of = |whose| {
            let read = |tool, args| self.inside(tool, args, whose).map(Option::unwrap_or_default);
            Ok(Figures::read(&read("free", &["-b"])?.out, &read("nproc", &[])?.out, &read("uptime", &[])?.out))
        };
        Ok(Both { machines: of(Whose::Machines)?, ours: of(Whose::Ours)? })
    }

    /// The same load where nothing limits: ours must print what the machine's print. Names the tools that do not.
    fn bare_machine(&mut self) -> Result<Outside, Trouble> {
        let live = Live::new();
        if let Place::Inside(_) = own(&Reader::new(&live)) {
            self.say("== Outside it == is a container too, so that there is no bare machine to compare with.\n\n")?;
            return Ok(Outside::NotBare);
        }
        self.say("== The same load on the bare machine, where nothing limits it ==\n\n")?;
        let fork =
            |run: Box<dyn FnOnce() -> u8>| process::fork(|| if process::die_with_parent().is_ok() { run() } else { 1 });
        let load = Load::start(self.held, LOOPS, &fork, self.signals)?;
        self.settle()?;
        let (mut same, mut differ, mut strange) = (Vec::new(), Vec::new(), Vec::new());
        let mut unseen = Vec::new();
        for (tool, args) in SHOWN {
            let Some((machines, ours, is_same)) = self.both_outside(tool, args)? else { continue };
            if is_same && !matches!(tool, "free" | "uptime") {
                unseen.push(tool);
            } else {
                self.show(tool, args, Some(machines), Some(ours))?;
            }
            if is_same {
                same.push(tool);
            } else if self.is_model(tool)? {
                differ.push(tool);
            } else {
                strange.push(tool);
            }
        }
        load.stop()?;
        if !unseen.is_empty() {
            self.say(&format!("{}: the same from both.\n\n", unseen.join(", ")))?;
        }
        if !strange.is_empty() {
            let strange = strange.join(", ");
            self.say(&format!("{strange}: cannot be compared, being neither procps-ng's nor GNU coreutils'.\n\n"))?;
        }
        Ok(Outside::Bare { same, differ })
    }

    /// Whether the machine's tool is the one that ours is made after: another may print another shape.
    fn is_model(&self, tool: &str) -> Result<bool, Trouble> {
        let maker = if matches!(tool, "free" | "uptime") { "procps-ng" } else { "GNU coreutils" };
        let said = self.outside(tool, &["--version"], Whose::Machines)?;
        Ok(said.is_some_and(|said| said.out.contains(maker)))
    }

    /// What both print on the bare machine, and whether that is the same; `None` where the machine has no such tool. Its figures may
    /// move between the two: that is tried again.
    fn both_outside(&self, tool: &str, args: &[&str]) -> Result<Option<(Printed, Printed, bool)>, Trouble> {
        let mut left = TRIES;
        loop {
            let Some(machines) = self.outside(tool, args, Whose::Machines)? else { return Ok(None) };
            let ours = self.outside(tool, args, Whose::Ours)?.unwrap_or_default();
            let is_same = judge::is_same(tool, &machines.out, &ours.out);
            left -= 1;
            if is_same || left == 0 {
                return Ok(Some((machines, ours, is_same)));
            }
        }
    }

    fn verdict(&mut self, rest: Both, loaded: Both, outside: Outside) -> Result<bool, Trouble> {
        let truth = self.truth();
        let mut wrong = judge::lies(&truth, &rest.ours, &loaded.ours);
        wrong.extend(judge::gaps(&rest.ours, &loaded.ours).into_iter().map(str::to_owned));
        wrong.extend(judge::strays(&truth, &rest.ours, &loaded.ours));
        let is_same_outside = match &outside {
            Outside::NotBare => false,
            Outside::Bare { same, differ } => {
                let lie = |tool| format!("{tool} differs from this machine's where nothing limits");
                wrong.extend(differ.iter().map(lie));
                !same.is_empty()
            }
        };
        let ours = if !wrong.is_empty() {
            format!("Ours did NOT tell the truth: {}.", wrong.join("; "))
        } else {
            let outside = if is_same_outside { "; outside, what this machine's print" } else { "" };
            let total = truth.total.map(|total| format!("{}, ", screen::memory(total))).unwrap_or_default();
            format!("Ours told the truth: {total}{} CPUs, the load as it came{outside}.", truth.cpus)
        };
        let doubt = if truth.total.is_some() {
            ""
        } else {
            "Memory could not be limited here, so that nothing is shown of the truth about it.\n"
        };
        let lies = judge::lies(&truth, &rest.machines, &loaded.machines);
        let machines = if judge::gaps(&rest.machines, &loaded.machines).len() == judge::FIGURES {
            "This machine has none of its own that could be compared.".to_owned()
        } else if lies.is_empty() {
            "This machine's own did as well.".to_owned()
        } else {
            format!("This machine's own did not: {}.", lies.join("; "))
        };
        self.say(&format!("{ours}\n{machines}\n{doubt}Next: `vat try --shell` leaves you in such a container.\n"))?;
        Ok(wrong.is_empty() && truth.total.is_some())
    }

    /// What is true of the container, from what the kernel says is set.
    fn truth(&self) -> Truth {
        let live = Live::new();
        let now = &self.container.report.now;
        let whole = Reader::new(&live).records(Path::new("proc/meminfo"), crate::kernel::proc::Meminfo::parse);
        let whole = whole.and_then(|meminfo| meminfo.mem_total).unwrap_or(Bytes(u64::MAX));
        let all = live.affinity().unwrap_or(u64::MAX);
        let quota = now.cpu.and_then(Limit::at).map_or(all, |cpu| cpu.quota.0.div_ceil(cpu.period.0.max(1)).max(1));
        let is_limited = !self.container.report.unavailable.contains(&Unavailable(Item::Memory));
        let total = is_limited.then(|| now.memory.unwrap_or(Limit::Max).of(whole));
        Truth { total, cpus: quota.min(all), held: self.held, loops: LOOPS }
    }
}

/// The figures of both.
struct Both {
    machines: Figures,
    ours: Figures,
}

/// What the bare machine showed.
enum Outside {
    /// This is a container itself.
    NotBare,
    /// The tools of which ours print the same, and those of which they print something else.
    Bare { same: Vec<&'static str>, differ: Vec<&'static str> },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Machines,
    Ours,
}

/// Whether a variable of the environment changes what one of the tools prints.
fn changes_output(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let starts = ["VAT_", "OMP_", "PROCPS_"].iter().any(|start| name.starts_with(start));
    starts || name == "POSIXLY_CORRECT" || name.contains("BLOCK") && name.contains("SIZE")
}

/// The machine's own program of this name: not ours, which may be installed before it. By its own path: a program that has many
/// names goes by the one it is called by.
fn original(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    let own = std::env::current_exe().ok();
    let is_original = |file: &PathBuf| {
        let real = std::fs::canonicalize(file).unwrap_or_default();
        let is_ours = own.as_ref() == Some(&real) || real.parent().is_some_and(|dir| dir.ends_with(TOOLS));
        real.is_file() && !is_ours
    };
    std::env::split_paths(&path).filter(|dir| dir.is_absolute()).map(|dir| dir.join(name)).find(is_original)
}

/// The version in what procps' `free -V` says: "free from procps-ng 4.0.2".
fn procps_version(said: &str) -> Option<String> {
    let version = said.trim().strip_prefix("free from procps-ng ")?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_output_is_kept_from_the_tools() {
        for name in
            ["OMP_NUM_THREADS", "VAT_DEBUG", "POSIXLY_CORRECT", "BLOCKSIZE", "DF_BLOCK_SIZE", "PROCPS_CONTAINER"]
        {
            assert!(changes_output(OsStr::new(name)), "{name}");
        }
        assert!(!changes_output(OsStr::new("PATH")) && !changes_output(OsStr::new("HOME")));
    }

    #[test]
    fn versions() {
        assert_eq!(procps_version("free from procps-ng 4.0.2\n").as_deref(), Some("4.0.2"));
        assert_eq!(procps_version("free (busybox)\n"), None);
    }
}
