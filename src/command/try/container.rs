use super::rootfs::Rootfs;
use super::trouble::Trouble;
use crate::limit::{self, Doors, Group, Report, Seat, Wanted};
use crate::sys::namespace::{self, Kind, Namespace};
use crate::sys::process::{self, Ended};
use crate::sys::signal::Signals;
use crate::sys::{Machine, Root, is_missing};
use crate::unit::Limit;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the cgroup of a `vat try` is called, behind it the number of its pid namespace and its pid: so that the next one knows a dead
/// one's. In another pid namespace its pid says nothing.
const NAME: &str = "vat-try";

/// A throwaway container. It lives as long as this value, and not longer than this process. (The order of the fields is the order
/// in which they are dropped: first the processes, then their cgroup.)
#[derive(Debug)]
pub(super) struct Container<'a> {
    signals: &'a Signals,
    first: First,
    inside: Arc<Inside>,
    machine_pids: Namespace,
    container_pids: Namespace,
    group: Group,
    /// The limits that are really set.
    pub(super) report: Report,
    /// What had to be done differently.
    pub(super) notes: Vec<String>,
}

/// What a process enters to be inside. Its pid namespace it was born in.
#[derive(Debug)]
struct Inside {
    doors: Doors,
    namespaces: Vec<Namespace>,
}

impl Inside {
    fn enter(&self) -> io::Result<()> {
        process::die_with_parent()?;
        self.doors.enter()?;
        self.namespaces.iter().try_for_each(Namespace::enter)?;
        process::keep_only_capabilities(&CAPABILITIES)
    }
}

/// What root in a container may do, as engines have it by default: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID,
/// SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, AUDIT_WRITE, SETFCAP (include/uapi/linux/capability.h). Not MKNOD, which they
/// have: they bound it by a list of devices.
const CAPABILITIES: [u32; 13] = [0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 29, 31];

/// What goes into a container.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    /// The limits.
    pub(super) wanted: &'a Wanted,
    /// The names of our tools.
    pub(super) tools: &'a [&'a str],
    /// The shell's settings.
    pub(super) shell_rc: &'a str,
    /// This process's directory, where its files shall be seen in the container too.
    pub(super) here: Option<&'a Path>,
}

impl<'a> Container<'a> {
    /// Makes one, and removes what dead ones left behind.
    pub(super) fn make(
        machine: &dyn Machine,
        contents: &Contents<'_>,
        signals: &'a Signals,
    ) -> Result<Container<'a>, Trouble> {
        let root = machine.root();
        let unseen = |error: io::Error| Trouble::io("cannot see namespaces", &error);
        let machine_pids = Namespace::of(None, Kind::Pid).map_err(unseen)?;
        let name = format!("{NAME}-{}-", machine_pids.number().map_err(unseen)?);
        let own = std::process::id();
        let is_left_over = |found: &str| {
            let pid = found.strip_prefix(&name).and_then(|pid| pid.parse::<u32>().ok());
            pid.is_some_and(|pid| pid == own || !process::exists(pid))
        };
        limit::sweep(root, is_left_over);

        // First, because it is the shortest way to learn whether we may do any of this.
        namespace::leave(&[Kind::Pid]).map_err(|error| cannot_leave(&error))?;
        let said = |error: limit::Error| {
            Trouble::Said(match error {
                limit::Error::ReadOnly(_) | limit::Error::NoInnerNode(_) => {
                    format!("{error}: run it on the machine itself, or in a container with its own writable cgroups")
                }
                error => error.to_string(),
            })
        };
        let group = Group::make(root, &format!("{name}{own}"), &contents.wanted.items()).map_err(said)?;
        let report = limit::set(machine, group.seats(), contents.wanted).map_err(said)?;
        let doors = group.doors().map_err(said)?;

        let piped = |error: io::Error| Trouble::io("cannot make a pipe", &error);
        let (mut told, mut tell) = process::pipe().map_err(piped)?;
        let born = process::fork(|| {
            // So that a word to a parent that is no more fails.
            process::close_copy(&told);
            init(root, contents, group.seats(), &doors, &mut tell, signals)
        });
        machine_pids.enter().map_err(|error| Trouble::io("cannot return to the machine's pid namespace", &error))?;
        let init = born.map_err(|error| Trouble::io("cannot start the container's first process", &error))?;
        drop(tell);
        let first = First(Some(init));
        let notes = first_words(&mut told)?;

        let namespace = |kind| Namespace::of(Some(init), kind).map_err(unseen);
        let mut namespaces = vec![namespace(Kind::Uts)?, namespace(Kind::Ipc)?];
        match Namespace::of(Some(init), Kind::Cgroup) {
            Err(error) if is_missing(&error) => (), // before Linux 4.6
            other => namespaces.push(other.map_err(unseen)?),
        }
        namespaces.push(namespace(Kind::Mount)?);
        let container_pids = namespace(Kind::Pid)?;
        let inside = Arc::new(Inside { doors, namespaces });
        Ok(Container { signals, first, inside, machine_pids, container_pids, group, report, notes })
    }

    /// Starts a program in it: in that directory, or in / where it has no such one.
    pub(super) fn start(&self, mut command: Command, directory: Option<PathBuf>) -> io::Result<u32> {
        let inside = Arc::clone(&self.inside);
        let mask = self.signals.before();
        process::before_exec(&mut command, move || {
            mask.set()?;
            inside.enter()?;
            // What was the directory on the machine is none in here.
            if let Some(directory) = &directory {
                let _ = std::env::set_current_dir(directory);
            }
            Ok(())
        });
        self.born_inside(|| command.spawn().map(|child| child.id()))
    }

    /// Starts a process in it that runs a part of this program. It is inside when this returns.
    pub(super) fn fork(&self, run: impl FnOnce() -> u8) -> io::Result<u32> {
        let (mut told, mut tell) = process::pipe()?;
        let child = self.born_inside(|| {
            process::fork(|| {
                let entered = self.inside.enter();
                let number = entered.as_ref().err().map_or(0, |error| error.raw_os_error().unwrap_or(-1));
                if tell.write_all(&number.to_ne_bytes()).is_err() || entered.is_err() {
                    return 1;
                }
                process::close_copy(&tell);
                run()
            })
        })?;
        drop(tell);
        let mut number = [0; 4];
        told.read_exact(&mut number).map_err(|_| io::Error::other("it was killed before it began"))?;
        match i32::from_ne_bytes(number) {
            0 => Ok(child),
            number => Err(io::Error::from_raw_os_error(number)),
        }
    }

    fn born_inside(&self, birth: impl FnOnce() -> io::Result<u32>) -> io::Result<u32> {
        self.container_pids.enter()?;
        let born = birth();
        self.machine_pids.enter()?;
        born
    }

    /// Ends it, and removes all there is of it.
    pub(super) fn remove(mut self) -> Result<(), Trouble> {
        self.first.end();
        self.group.remove().map_err(|error| Trouble::Said(error.to_string()))
    }
}

/// The container's first process. The container ends with it.
#[derive(Debug)]
struct First(Option<u32>);

impl First {
    /// Kills it, with which the kernel kills all others of its pid namespace, and waits for those that are our children: until
    /// then their cgroup is busy.
    fn end(&mut self) {
        let Some(pid) = self.0.take() else { return };
        let _ = process::end(pid);
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            match process::ended_child(None) {
                Ok(Some(_)) => (),
                Ok(None) => std::thread::sleep(Duration::from_millis(2)),
                Err(_) => break, // there are no children any more
            }
        }
    }
}

impl Drop for First {
    fn drop(&mut self) {
        self.end();
    }
}

fn cannot_leave(error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Trouble::Said(
            "this root has no CAP_SYS_ADMIN, as in a container: run it on the machine itself, or in a privileged container".to_owned(),
        ),
        _ => Trouble::io("cannot make a pid namespace", error),
    }
}

const READY: &str = "ready";

/// What the first process says: its notes, then that it is ready; or what failed.
fn first_words(told: &mut File) -> Result<Vec<String>, Trouble> {
    let mut text = String::new();
    let mut byte = [0];
    // A few lines, read to the word that ends them: the pipe may have another end that stays open.
    while !text.ends_with(READY) && told.read(&mut byte).is_ok_and(|read| read > 0) {
        text.push(char::from(byte[0]));
    }
    match text.strip_suffix(READY) {
        Some(notes) => Ok(notes.lines().map(str::to_owned).collect()),
        None if text.is_empty() => {
            Err(Trouble::Said("the container's first process was killed: is the memory limit too small?".to_owned()))
        }
        None => Err(Trouble::Said(text)),
    }
}

/// The container's PID 1: makes the filesystem, then waits for whoever loses its parent.
fn init(root: &Root, contents: &Contents<'_>, seats: &[Seat], doors: &Doors, tell: &mut File, signals: &Signals) -> u8 {
    let made = furnish(root, contents, seats, doors);
    let words = match &made {
        Ok(notes) => notes.iter().map(|note| format!("{note}\n")).chain([READY.to_owned()]).collect(),
        Err(trouble) => trouble.to_string(),
    };
    if tell.write_all(words.as_bytes()).is_err() || made.is_err() {
        return 1;
    }
    process::close_others();
    loop {
        while matches!(process::ended_child(None), Ok(Some(_))) {}
        let _ = signals.next(Duration::from_secs(3600));
    }
}

fn furnish(root: &Root, contents: &Contents<'_>, seats: &[Seat], doors: &Doors) -> Result<Vec<String>, Trouble> {
    let failed = |what: &'static str| move |error: io::Error| Trouble::io(what, &error);
    process::die_with_parent().map_err(failed("cannot tie the container to this process"))?;
    // The container's files are for all of its users, whatever the caller keeps from others.
    process::set_umask(0o022);
    process::set_name("init").map_err(failed("cannot name the container's first process"))?;
    namespace::leave(&[Kind::Mount, Kind::Uts, Kind::Ipc]).map_err(failed("cannot make namespaces"))?;
    let mut rootfs = Rootfs::overlay(root, contents.wanted.memory.unwrap_or(Limit::Max), seats)?;
    let mut program = process::own_program().map_err(failed("cannot open this program"))?;
    rootfs.put_tools(&mut program, contents.tools, contents.shell_rc)?;
    rootfs.put_names()?;
    if let Some(here) = contents.here {
        rootfs.show(here)?;
    }
    // What was read and copied so far is the machine's to pay; from here on the container pays.
    doors.enter().map_err(failed("cannot enter the cgroup"))?;
    if let Err(error) = namespace::leave(&[Kind::Cgroup]) {
        rootfs.notes.push(format!("without a cgroup namespace of its own ({})", process::reason(&error)));
    }
    rootfs.put_proc()?;
    rootfs.put_dev()?;
    rootfs.put_sys(seats)?;
    rootfs.enter()?;
    Ok(rootfs.notes)
}

/// Waits for one of our children. Gives up when a signal asks for the end, unless it
/// is one for the program in the `foreground`; after `patience` kills the child.
pub(super) fn wait(signals: &Signals, pid: u32, foreground: bool, patience: Option<Duration>) -> Result<u8, Trouble> {
    let until = patience.map(|patience| Instant::now() + patience);
    loop {
        match process::ended_child(Some(pid)) {
            Ok(Some(Ended { code, .. })) => return Ok(code),
            Ok(None) => (),
            Err(error) => return Err(Trouble::io("cannot wait for a program", &error)),
        }
        let rest = until.map_or(Duration::from_secs(3600), |until| until.saturating_duration_since(Instant::now()));
        if rest.is_zero() {
            let _ = process::end(pid);
        }
        pause(signals, rest.max(Duration::from_millis(20)), foreground)?;
    }
}

/// Waits for a child's end or for that time; an error when a signal asks for the end.
pub(super) fn pause(signals: &Signals, time: Duration, foreground: bool) -> Result<(), Trouble> {
    match signals.next(time).map_err(|error| Trouble::io("cannot wait", &error))? {
        Some(caught) if !(caught.is_child() || foreground && caught.is_for_foreground()) => {
            Err(Trouble::Signal(caught.number))
        }
        _ => Ok(()),
    }
}

/// How long a tool may take.
const TOOL: Duration = Duration::from_secs(10);

/// What a program printed.
#[derive(Clone, Debug, Default)]
pub(super) struct Printed {
    /// On standard output.
    pub(super) out: String,
    /// On standard error.
    pub(super) err: String,
}

/// What a program prints, started by `start`.
pub(super) fn output(
    signals: &Signals,
    mut command: Command,
    start: impl FnOnce(Command) -> io::Result<u32>,
) -> Result<Printed, Trouble> {
    let program = Path::new(command.get_program()).display().to_string();
    let failed = |error: io::Error| Trouble::io(format!("cannot run {program}"), &error);
    let mut files = [process::memory_file().map_err(failed)?, process::memory_file().map_err(failed)?];
    let [out, err] = &files;
    let copy = |file: &File| file.try_clone().map(Stdio::from).map_err(failed);
    command.stdin(Stdio::null()).stdout(copy(out)?).stderr(copy(err)?);
    let pid = start(command).map_err(failed)?;
    wait(signals, pid, false, Some(TOOL))?;
    let text = |file: &mut File| {
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(failed)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let [out, err] = &mut files;
    Ok(Printed { out: text(out)?, err: text(err)? })
}
