use super::find;
use super::{Error, Item};
use crate::read::find::Version;
use crate::sys::Root;
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A cgroup's directory in one hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Which files it has.
    pub version: Version,
    /// The controllers it has.
    pub controllers: Vec<String>,
    /// The directory.
    pub dir: PathBuf,
}

impl Seat {
    /// The seat that limits this. A controller of v1 is not at the same time one of v2.
    #[must_use]
    pub fn of(seats: &[Seat], item: Item) -> Option<&Seat> {
        seats.iter().find(|seat| seat.controllers.iter().any(|one| one == item.controller()))
    }
}

/// A cgroup in every hierarchy, made by us and removed by us.
#[derive(Debug)]
pub struct Group {
    root: Root,
    seats: Vec<Seat>,
}

/// How long dying processes may keep a cgroup busy before we give up removing it.
const PATIENCE: Duration = Duration::from_secs(5);

impl Group {
    /// Makes a cgroup of this name: on v1 below our own cgroup in every hierarchy with controllers, on v2 where [`find::home`]
    /// says. It will be able to limit all `items` for which this machine has a controller.
    ///
    /// Controllers that had to be enabled for it on v2 stay enabled: nobody can tell who else relies on them by then, and taking them
    /// back takes away the limits of all cgroups beside ours.
    ///
    /// # Errors
    /// When there is no place for it. Nothing is left then.
    pub fn make(root: &Root, name: &str, items: &[Item]) -> Result<Group, Error> {
        let hierarchies = find::read(root)?;
        let mut group = Group { root: root.clone(), seats: Vec::new() };
        let mut missing: Vec<&str> = items.iter().map(|item| item.controller()).collect();
        missing.sort_unstable();
        missing.dedup();
        for hierarchy in &hierarchies {
            let has_needed = match hierarchy.version {
                Version::V1 => hierarchy.controllers.iter().any(|one| missing.contains(&one.as_str())),
                Version::V2 => true,
            };
            let made = match hierarchy.version {
                Version::V1 => group.make_v1(hierarchy, name),
                Version::V2 => group.make_v2(hierarchy, name, &missing),
            };
            match made {
                Ok(()) => missing.retain(|one| !hierarchy.controllers.iter().any(|other| other == one)),
                // What limits nothing is there only for the tools' figures.
                Err(_) if !has_needed => (),
                // A v2 tree beside v1 controllers holds nothing that is needed either.
                Err(_) if missing.is_empty() => (),
                Err(error) => return Err(error),
            }
        }
        if group.seats.is_empty() { Err(Error::NotMounted) } else { Ok(group) }
    }

    fn make_v1(&mut self, hierarchy: &find::Hierarchy, name: &str) -> Result<(), Error> {
        let seat =
            Seat { version: Version::V1, controllers: hierarchy.controllers.clone(), dir: hierarchy.own.join(name) };
        let is_cpuset = seat.controllers.iter().any(|one| one == "cpuset");
        let dir = seat.dir.clone();
        self.make_seat(seat, hierarchy.read_only)?;
        if is_cpuset {
            // A new cpuset is empty, and takes no process before it has CPUs and memory nodes.
            for file in ["cpuset.cpus", "cpuset.mems"] {
                let parents = self.root.read(&hierarchy.own.join(file)).unwrap_or_default();
                let text = String::from_utf8_lossy(&parents);
                let path = dir.join(file);
                if let Err(error) = self.root.write_record(&path, &text) {
                    self.seats.pop();
                    let _ = self.root.remove_directory(&dir);
                    return Err(Error::io("write", path, error));
                }
            }
        }
        Ok(())
    }

    fn make_v2(&mut self, hierarchy: &find::Hierarchy, name: &str, needed: &[&str]) -> Result<(), Error> {
        let levels = find::levels(&self.root, hierarchy);
        // A controller that not even the top has is none of this machine's (or one of its v1 hierarchies').
        let known = levels.last().map(|top| top.available.clone()).unwrap_or_default();
        let needed: Vec<&str> = needed.iter().copied().filter(|one| known.iter().any(|other| other == one)).collect();
        let no_home = || Error::NoInnerNode(hierarchy.own.clone());
        let (at, to_enable) = find::home(&levels, &needed).ok_or_else(no_home)?;
        let home = levels.get(at).ok_or_else(no_home)?;
        if !to_enable.is_empty() {
            let file = home.dir.join("cgroup.subtree_control");
            let text: Vec<String> = to_enable.iter().map(|one| format!("+{one}")).collect();
            let text = text.join(" ");
            self.root.write_record(&file, &text).map_err(|error| match error.kind() {
                io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly(hierarchy.top.clone()),
                _ => Error::io(format!("write {text} to"), file, error),
            })?;
        }
        let controllers = needed.iter().map(|one| (*one).to_owned()).collect();
        self.make_seat(Seat { version: Version::V2, controllers, dir: home.dir.join(name) }, hierarchy.read_only)
    }

    fn make_seat(&mut self, seat: Seat, read_only: bool) -> Result<(), Error> {
        let made = self.root.make_directory(&seat.dir);
        made.map_err(|error| match error.kind() {
            io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly(seat.dir.parent().unwrap_or(&seat.dir).to_owned()),
            _ if read_only => Error::ReadOnly(seat.dir.parent().unwrap_or(&seat.dir).to_owned()),
            _ => Error::io("make the cgroup", &seat.dir, error),
        })?;
        self.seats.push(seat);
        Ok(())
    }

    /// Its directories.
    #[must_use]
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// The files that take a process in, opened: it joins also from where their paths are no longer to be seen.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn doors(&self) -> Result<Doors, Error> {
        let open = |seat: &Seat| {
            let file = seat.dir.join("cgroup.procs");
            self.root.open_to_write(&file).map_err(|error| Error::io("open", file, error))
        };
        Ok(Doors(self.seats.iter().map(open).collect::<Result<_, _>>()?))
    }

    /// Removes it. Waits a moment for processes that are just dying; those that live make it fail.
    ///
    /// # Errors
    /// When a directory stays. It is tried again at the next call, and a last time when the group is dropped.
    pub fn remove(&mut self) -> Result<(), Error> {
        let until = Instant::now() + PATIENCE;
        while let Some(seat) = self.seats.last() {
            match remove_tree(&self.root, &seat.dir) {
                Err(error) if error.kind() != io::ErrorKind::ResourceBusy || Instant::now() >= until => {
                    return Err(Error::io("remove the cgroup", &seat.dir, error));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
                Ok(()) => drop(self.seats.pop()),
            }
        }
        Ok(())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Whoever wants to know why calls `remove` before.
        let _ = self.remove();
    }
}

/// The open files that take processes into a cgroup.
#[derive(Debug)]
pub struct Doors(Vec<File>);

impl Doors {
    /// Takes this process in.
    ///
    /// # Errors
    /// What write(2) says: ENODEV when the cgroup is gone. The number of tasks is no reason: only fork(2) is refused for it.
    pub fn enter(&self) -> io::Result<()> {
        self.0.iter().try_for_each(|mut door| io::Write::write_all(&mut door, b"0"))
    }
}

/// Removes a cgroup and the empty ones in it, deepest first.
pub(super) fn remove_tree(root: &Root, dir: &Path) -> io::Result<()> {
    for child in root.directories(dir).unwrap_or_default() {
        remove_tree(root, &child)?;
    }
    match root.remove_directory(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The most directories that are looked at for leftovers in one hierarchy.
const SWEPT: usize = 4096;

/// Removes the empty cgroups whose names `is_left_over` knows, anywhere in all hierarchies, and says how many. One that has
/// processes is never touched: the kernel refuses to remove it.
pub fn sweep(root: &Root, is_left_over: impl Fn(&str) -> bool) -> usize {
    let mut swept = 0;
    for hierarchy in find::read(root).unwrap_or_default() {
        let mut waiting = VecDeque::from([hierarchy.top]);
        for _ in 0..SWEPT {
            let Some(dir) = waiting.pop_front() else { break };
            let is_ours = dir.file_name().is_some_and(|name| name.to_str().is_some_and(&is_left_over));
            if is_ours {
                swept += usize::from(remove_tree(root, &dir).is_ok());
            } else {
                waiting.extend(root.directories(&dir).unwrap_or_default());
            }
        }
    }
    swept
}
