//! `vat try`: a throwaway fat container on this machine, and what free, uptime, df and nproc say in it.

mod amount;
mod container;
mod demo;
mod judge;
mod load;
mod rootfs;
mod screen;
mod trouble;

use super::{DROP_INS, complain};
use crate::limit::Wanted;
use crate::snapshot::cgroup::CpuQuota;
use crate::sys::signal::Signals;
use crate::sys::{Live, process, terminal};
use crate::unit::{Bytes, Limit};
use container::{Container, Contents};
use demo::Demo;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use trouble::Trouble;

/// See the container's truth: make a throwaway container here, and compare this machine's tools with ours in it
///
/// Without a command, shows free, uptime, df and nproc in the container, this machine's own beside ours, at rest and under load,
/// and exits with 0 when ours told the truth. The container's files are this machine's, below an overlay in memory: nothing that
/// is changed in it lasts, and nothing of it is left afterwards. The network is this machine's.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Limit of memory
    #[arg(long, value_name = "AMOUNT", default_value = "512M", value_parser = amount::memory)]
    memory: Limit<Bytes>,
    /// Limit of swap
    #[arg(long, value_name = "AMOUNT", default_value = "0", value_parser = amount::memory)]
    swap: Limit<Bytes>,
    /// Limit of CPU time, as a number of CPUs
    #[arg(long, value_name = "NUMBER", default_value = "1.5", value_parser = amount::cpus)]
    cpus: Limit<CpuQuota>,
    /// Limit of tasks
    #[arg(long, value_name = "NUMBER", default_value = "200", value_parser = amount::pids)]
    pids: Limit<u64>,
    /// Start a shell in the container, with our tools first on its PATH
    #[arg(long, conflicts_with = "command")]
    shell: bool,
    /// Run this in the container, and exit with its exit code
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs it, and says the exit code: the command's, else 0 for the truth, 1 for what is not or cannot be shown; 128 and the number
/// of a signal that ended it.
pub(super) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    match attempt(args, out, err) {
        Ok(code) => code,
        Err(Trouble::Signal(number)) => 128u8.saturating_add(u8::try_from(number).unwrap_or(0)),
        Err(Trouble::Closed) => 0,
        Err(trouble) => {
            complain(err, "try", &trouble);
            1
        }
    }
}

/// Our prompt and PATH, after what the user's own settings made of them.
const BASH_RC: &str = "[ -r ~/.bashrc ] && . ~/.bashrc\nPATH=/usr/lib/vat/bin:$PATH\nPS1='[vat-try] \\w\\$ '\n";

fn attempt(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Trouble> {
    if !process::is_root() {
        return Err(Trouble::Said(not_root()));
    }
    let signals = Signals::take();
    let wanted = Wanted {
        memory: Some(args.memory),
        swap: Some(args.swap),
        cpu: Some(args.cpus),
        cpuset: None,
        pids: Some(args.pids),
    };
    let tools = DROP_INS.map(|(name, _)| name);
    let here = std::env::current_dir().ok();
    let shown = here.as_deref().filter(|_| args.shell || !args.command.is_empty());
    let contents = Contents { wanted: &wanted, tools: &tools, shell_rc: BASH_RC, here: shown };
    let container = Container::make(&Live::new(), &contents, &signals)?;
    for note in &container.notes {
        complain(err, "try", note);
    }
    let shows_limits = args.command.is_empty() && !args.shell;
    for one in container.report.unavailable.iter().filter(|_| !shows_limits) {
        complain(err, "try", &format_args!("{}: {one}", one.0));
    }

    let code = if args.shell {
        let limits = screen::in_short(&container.report);
        complain(err, "try", &format_args!("a container with {limits}; `exit` leaves it, and removes it"));
        foreground(&container, shell(), &signals, err)
    } else if let Some((program, rest)) = args.command.split_first() {
        let mut command = Command::new(program);
        command.args(rest);
        foreground(&container, command, &signals, err)
    } else {
        Demo::new(&container, &signals, out).run().map(|is_true| u8::from(!is_true))
    };
    let removed = container.remove();
    let code = code?;
    removed.map(|()| code)
}

fn not_root() -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| "vat".into());
    format!("needs root, to make namespaces and cgroups: sudo {} try", program.display())
}

/// Runs a program that has the terminal.
fn foreground(
    container: &Container<'_>,
    mut command: Command,
    signals: &Signals,
    err: &mut dyn Write,
) -> Result<u8, Trouble> {
    let ours = Path::new("/").join(rootfs::TOOLS);
    let theirs = std::env::var_os("PATH")
        .unwrap_or_else(|| "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".into());
    let path = std::env::join_paths([ours].into_iter().chain(std::env::split_paths(&theirs)));
    command.env("PATH", path.unwrap_or(theirs));
    let name = Path::new(command.get_program()).display().to_string();
    match container.start(command, std::env::current_dir().ok()) {
        Ok(pid) => {
            let code = container::wait(signals, pid, true, None);
            terminal::take_foreground();
            code
        }
        Err(error) => {
            complain(err, "try", &Trouble::io(name, &error));
            // As shells have it.
            Ok(if error.kind() == std::io::ErrorKind::NotFound { 127 } else { 126 })
        }
    }
}

/// bash where there is one, else sh.
fn shell() -> Command {
    let bash = Path::new("/bin/bash");
    let mut command = Command::new(if bash.exists() { bash } else { Path::new("/bin/sh") });
    if bash.exists() {
        command.arg("--rcfile").arg(Path::new("/").join(rootfs::SHELL_RC));
    }
    command.arg("-i").env("PS1", "[vat-try] $ ");
    command
}
