use super::find::{self, Hierarchy};
use super::group::Seat;
use super::{Error, Item};
use crate::kernel::{cgroup1, cgroup2};
use crate::read::Reader;
use crate::read::find::Version;
use crate::sys::{Root, is_missing};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A cgroup for one program of a supervisor, below the supervisor's own, so that the limits of both hold. Nothing here waits: the
/// supervisor has others to look after.
#[derive(Debug)]
pub struct Cell {
    root: Root,
    seats: Vec<Seat>,
}

/// The cgroup into which the supervisor moves on v2, where a cgroup that hands on controllers may have no processes.
const LEAF: &str = "init";
/// So often whoever was forked meanwhile is moved as well.
const MOVES: usize = 8;
/// A name may be taken so often by the program's earlier runs.
const TAKEN: usize = 64;
/// The most cgroups in a cell that are looked at.
const WITHIN: usize = 1024;

impl Cell {
    /// Makes a cgroup of this name in those hierarchies that limit `items`, and with `to_kill` in one that can tell who is in it.
    /// What cannot be done is told beside; where nothing can be done there is no cell. A cgroup of that name which still has
    /// processes is left alone, and another name is taken.
    pub fn make(root: &Root, name: &str, items: &[Item], to_kill: bool) -> (Option<Cell>, Vec<Error>) {
        let hierarchies = match find::read(root) {
            Ok(hierarchies) => hierarchies,
            Err(error) => return (None, vec![error]),
        };
        let mut cell = Cell { root: root.clone(), seats: Vec::new() };
        let mut troubles = Vec::new();
        let mut wanted: Vec<&str> = items.iter().map(|item| item.controller()).collect();
        wanted.dedup();
        for hierarchy in &hierarchies {
            let at = Place::of(root, hierarchy);
            let (here, rest) = wanted.iter().partition::<Vec<&str>, _>(|one| at.has(one));
            if !here.is_empty() {
                wanted = rest;
                troubles.extend(cell.sit(&at, name, &here).err());
            }
        }
        if to_kill && !cell.seats.iter().any(|seat| seat.version == Version::V2) {
            let is_v2 = |one: &&Hierarchy| one.version == Version::V2;
            let freezes = |one: &&Hierarchy| one.controllers.iter().any(|controller| controller == FREEZER);
            let best = hierarchies.iter().find(is_v2).into_iter().chain(hierarchies.iter().find(freezes));
            let mut tried: Vec<Error> = Vec::new();
            let sits = best.into_iter().any(|hierarchy| {
                let at = Place::of(root, hierarchy);
                cell.sit(&at, name, &[]).map_err(|error| tried.push(error)).is_ok()
            });
            if !sits && cell.seats.is_empty() {
                troubles.extend(tried);
                troubles.extend(troubles.is_empty().then_some(Error::NotMounted));
            }
        }
        ((!cell.seats.is_empty()).then_some(cell), troubles)
    }

    fn sit(&mut self, at: &Place<'_>, name: &str, controllers: &[&str]) -> Result<(), Error> {
        at.enable(controllers)?;
        for number in 1..=TAKEN {
            let dir = match number {
                1 => at.dir.join(name),
                _ => at.dir.join(format!("{name}.{number}")),
            };
            match self.root.make_directory(&dir) {
                // Of a run before: an empty one is made anew, so that it counts from 0.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if super::group::remove_tree(&self.root, &dir).is_err() || self.root.make_directory(&dir).is_err() {
                        continue;
                    }
                }
                Err(error) => return Err(at.refused("make the cgroup", dir, error)),
                Ok(()) => (),
            }
            let controllers = match at.hierarchy.version {
                Version::V1 => at.hierarchy.controllers.clone(),
                Version::V2 => controllers.iter().map(|one| (*one).to_owned()).collect(),
            };
            self.seats.push(Seat { version: at.hierarchy.version, controllers, dir });
            return Ok(());
        }
        Err(Error::io("make the cgroup", at.dir.join(name), io::ErrorKind::AlreadyExists.into()))
    }

    /// Its directories.
    #[must_use]
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    /// The files by which a process joins it.
    ///
    /// # Errors
    /// What open(2) says.
    pub fn doors(&self) -> Result<Vec<File>, Error> {
        let open = |seat: &Seat| {
            let file = seat.dir.join("cgroup.procs");
            self.root.open_to_write(&file).map_err(|error| Error::io("open", file, error))
        };
        self.seats.iter().map(open).collect()
    }

    /// Who is in it, and in the cgroups that were made below it.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        let mut pids = Vec::new();
        let mut open: Vec<PathBuf> = self.teller().map(|seat| seat.dir.clone()).into_iter().collect();
        for _ in 0..WITHIN {
            let Some(dir) = open.pop() else { break };
            let procs = self.root.read(&dir.join("cgroup.procs")).unwrap_or_default();
            pids.extend(String::from_utf8_lossy(&procs).split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
            open.extend(self.root.directories(&dir).unwrap_or_default());
        }
        // 0 is one of another pid namespace: nobody that could be signalled.
        pids.retain(|pid| *pid != 0);
        pids
    }

    /// Has the kernel kill all that are in it at once (Linux 5.14, v2); `false` where it cannot.
    #[must_use]
    pub fn kill(&self) -> bool {
        let v2 = self.seats.iter().find(|seat| seat.version == Version::V2);
        v2.is_some_and(|seat| self.root.write_record(&seat.dir.join("cgroup.kill"), "1").is_ok())
    }

    /// Keeps all that are in it from running, and from forking, or lets them go on; where there is a freezer.
    pub fn freeze(&self, frozen: bool) {
        for seat in &self.seats {
            let (file, text) = match (seat.version, frozen) {
                (Version::V2, true) => ("cgroup.freeze", "1"),
                (Version::V2, false) => ("cgroup.freeze", "0"),
                (Version::V1, true) => ("freezer.state", "FROZEN"),
                (Version::V1, false) => ("freezer.state", "THAWED"),
            };
            if seat.version == Version::V2 || seat.controllers.iter().any(|one| one == FREEZER) {
                // Without one its processes are only faster than we are.
                let _ = self.root.write_record(&seat.dir.join(file), text);
            }
        }
    }

    /// How many processes in it were killed because memory ran out; `None` where nobody counts them.
    #[must_use]
    pub fn oom_kills(&self, reader: &Reader<'_>) -> Option<u64> {
        let seat = Seat::of(&self.seats, Item::Memory)?;
        oom_kills(reader, seat.version, &seat.dir)
    }

    /// Removes it, where it is empty. Says whether it is gone.
    pub fn remove(&mut self) -> bool {
        self.seats.retain(|seat| super::group::remove_tree(&self.root, &seat.dir).is_err());
        self.seats.is_empty()
    }

    /// Whether the other one has a directory in common with it: then that was removed, and made anew for one of them.
    #[must_use]
    pub fn is_in_place_of(&self, other: &Cell) -> bool {
        self.seats.iter().any(|seat| other.seats.iter().any(|its| its.dir == seat.dir))
    }

    /// The seat that tells who is in it: where the kernel can kill or freeze them, if there is one.
    fn teller(&self) -> Option<&Seat> {
        let rank = |seat: &&Seat| {
            (seat.version == Version::V2, seat.controllers.iter().any(|controller| controller == FREEZER))
        };
        self.seats.iter().max_by_key(rank)
    }
}

const FREEZER: &str = "freezer";

/// Where cells are made in a hierarchy.
struct Place<'a> {
    root: &'a Root,
    hierarchy: &'a Hierarchy,
    dir: PathBuf,
    /// v2: what it may hand on, and what it does.
    available: Vec<String>,
    enabled: Vec<String>,
    /// v2: whether it may hand on controllers and have processes all the same.
    is_root: bool,
}

impl<'a> Place<'a> {
    fn of(root: &'a Root, hierarchy: &'a Hierarchy) -> Place<'a> {
        let mut place = Place {
            root,
            hierarchy,
            dir: hierarchy.own.clone(),
            available: hierarchy.controllers.clone(),
            enabled: hierarchy.controllers.clone(),
            is_root: true,
        };
        if hierarchy.version == Version::V2 {
            let mut levels = find::levels(root, hierarchy).into_iter();
            let own = levels.next();
            // We moved into the leaf ourselves, some time before.
            let is_leaf = hierarchy.own != hierarchy.top && hierarchy.own.ends_with(LEAF);
            let above = levels.next().filter(|above| is_leaf && !above.enabled.is_empty());
            if let Some(level) = above.or(own) {
                (place.dir, place.available) = (level.dir, level.available);
                (place.enabled, place.is_root) = (level.enabled, level.is_root);
            }
        }
        place
    }

    fn has(&self, controller: &str) -> bool {
        self.available.iter().any(|one| one == controller)
    }

    /// Has it hand on these controllers.
    fn enable(&self, controllers: &[&str]) -> Result<(), Error> {
        let missing: Vec<&&str> =
            controllers.iter().filter(|one| !self.enabled.iter().any(|other| other == *one)).collect();
        if !missing.is_empty() && !self.is_root {
            self.vacate()?;
        }
        for controller in missing {
            let file = self.dir.join("cgroup.subtree_control");
            let written = self.root.write_record(&file, &format!("+{controller}"));
            written.map_err(|error| self.refused(&format!("write +{controller} to"), file, error))?;
        }
        Ok(())
    }

    /// Moves everybody into the leaf: ourselves, the programs that run already, who came by `docker exec`.
    fn vacate(&self) -> Result<(), Error> {
        let leaf = self.dir.join(LEAF);
        match self.root.make_directory(&leaf) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(self.refused("make the cgroup", leaf, error));
            }
            _ => (),
        }
        let door = leaf.join("cgroup.procs");
        for _ in 0..MOVES {
            let procs = self.root.read(&self.dir.join("cgroup.procs")).unwrap_or_default();
            if procs.is_empty() {
                break;
            }
            for pid in String::from_utf8_lossy(&procs).split_whitespace() {
                match self.root.write_record(&door, pid) {
                    // It has ended, or is of another pid namespace: then the kernel says what comes of it.
                    Err(error) if is_missing(&error) || pid == "0" => (),
                    Err(error) => return Err(self.refused(&format!("move {pid} by"), door, error)),
                    Ok(()) => (),
                }
            }
        }
        Ok(())
    }

    fn refused(&self, doing: &str, path: PathBuf, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly(self.hierarchy.top.clone()),
            _ if self.hierarchy.read_only => Error::ReadOnly(self.hierarchy.top.clone()),
            _ => Error::io(doing, path, error),
        }
    }
}

/// How many processes were killed because memory ran out that are in the same cgroup as this one; `None` where nobody counts them.
#[must_use]
pub fn own_oom_kills(reader: &Reader<'_>) -> Option<u64> {
    let memory = Item::Memory.controller();
    find::read(reader.root()).ok()?.iter().find_map(|hierarchy| match hierarchy.version {
        Version::V1 if hierarchy.controllers.iter().any(|one| one == memory) => {
            oom_kills(reader, Version::V1, &hierarchy.own)
        }
        Version::V1 => None,
        // Where our own has no memory controller, the nearest above that has one counts.
        Version::V2 => {
            let above = hierarchy.own.ancestors().take_while(|dir| dir.starts_with(&hierarchy.top));
            above.into_iter().find_map(|dir| oom_kills(reader, Version::V2, dir))
        }
    })
}

fn oom_kills(reader: &Reader<'_>, version: Version, dir: &Path) -> Option<u64> {
    match version {
        Version::V1 => reader.record(&dir.join("memory.oom_control"), cgroup1::memory::oom_control)?.oom_kill,
        Version::V2 => {
            let read = |file| reader.record(&dir.join(file), cgroup2::memory::events)?.oom_kill;
            // The first is of Linux 5.2; the second counts the cgroups below as well.
            read("memory.events.local").or_else(|| read("memory.events"))
        }
    }
}
