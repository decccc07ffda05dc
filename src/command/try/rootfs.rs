//! The container's filesystem, as a container engine makes one: this machine's own files below an overlay in memory, and its own
//! /proc, /dev and /sys. All of it is mounted in a private mount namespace and vanishes with it.

use super::trouble::Trouble;
use crate::kernel::proc::{self, Mount};
use crate::limit::Seat;
use crate::read::find::Version;
use crate::sys::Root;
use crate::sys::mount::{self, Access};
use crate::sys::process::reason;
use crate::unit::{Bytes, Limit};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// The container's name for itself.
pub(super) const HOSTNAME: &str = "vat-try";

/// Where our tools are in the container: where an installed Vat has them.
pub(super) const TOOLS: &str = "usr/lib/vat/bin";

/// Where the shell reads how to show itself.
pub(super) const SHELL_RC: &str = "etc/vat-try.rc";

/// What is written in the container may always grow to this.
const SMALLEST: Bytes = Bytes::from_mib(64);

/// Where programs lie. A filesystem of its own there is not in the root filesystem, and gets an overlay of its own.
const PROGRAMS: [&str; 8] = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/nix", "/gnu"];

/// What is the container's own, and empty at first.
const EMPTY: [&str; 2] = ["run", "tmp"];

/// What the container has filesystems of its own for.
const OWN: [&str; 3] = ["proc", "sys", "dev"];

/// What in /proc sets or starts something in the whole machine, and what tells its secrets: as Docker has it.
const SETTINGS: [&str; 8] = ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "asound", "scsi"];
const SECRETS: [&str; 4] = ["kcore", "keys", "timer_list", "latency_stats"];

/// A filesystem under construction.
#[derive(Debug)]
pub(super) struct Rootfs {
    /// A tmpfs that holds what is written.
    store: PathBuf,
    /// What will be the root directory.
    root: PathBuf,
    /// The machine's mount points, and whether the container shows what is mounted there.
    mounts: Vec<(PathBuf, bool)>,
    /// What had to be done differently.
    pub(super) notes: Vec<String>,
}

/// What failed, for the user.
fn failed(what: impl std::fmt::Display) -> impl FnOnce(io::Error) -> Trouble {
    move |error| Trouble::io(format!("cannot {what}"), &error)
}

fn make_dir(path: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(path).map_err(failed(format_args!("make {}", path.display())))
}

fn mount_new(fs_type: &str, at: &Path, access: Access, options: &str) -> Result<(), Trouble> {
    mount::filesystem(fs_type, at, access, options).map_err(failed(format_args!("mount {fs_type} at {}", at.display())))
}

impl Rootfs {
    /// Makes the overlays, in a mount namespace of this process's own. What is written there can grow to the size given.
    pub(super) fn overlay(host: &Root, size: Limit<Bytes>, seats: &[Seat]) -> Result<Rootfs, Trouble> {
        mount::make_private().map_err(failed("cut the mounts off from the machine's"))?;
        // Nobody else sees what is mounted here, so that any directory will do that hides no cgroup, and none has to be made and
        // removed.
        let hides = |place: &Path| seats.iter().any(|seat| seat.dir.starts_with(place));
        let places = ["/tmp", "/mnt", "/run", "/var"].map(Path::new);
        let store =
            places.into_iter().find(|place| place.is_dir() && !hides(place)).unwrap_or(Path::new("/tmp")).to_owned();
        let mountinfo = host.read(Path::new("proc/self/mountinfo")).map_err(failed("read mountinfo"))?;
        let mounts = proc::mountinfo(&mountinfo, |_| true).unwrap_or_default();

        // What is written there is charged to the container's memory: it cannot hold more than that anyway.
        // Our tools are in it too, and are the machine's to pay; under a tiny limit they need room of their own.
        let size = size.at().map_or_else(String::new, |size| format!(",size={}", size.max(SMALLEST).0));
        mount_new("tmpfs", &store, Access::Full, &format!("mode=755{size}"))?;
        let root = store.join("root");
        let points = mounts.iter().map(|mount| PathBuf::from(OsStr::from_bytes(&mount.mount_point)));
        let points = points.filter(|point| point != Path::new("/")).map(|point| (point, false)).collect();
        let mut rootfs = Rootfs { store, root: root.clone(), mounts: points, notes: Vec::new() };
        rootfs.lay_over(Path::new("/"), "0", &EMPTY)?;
        for (at, programs) in programs(&mounts).iter().enumerate() {
            match rootfs.lay_over(programs, &format!("{}", at + 1), &[]) {
                Ok(()) => {
                    let here = rootfs.mounts.iter_mut().filter(|(point, _)| point == programs);
                    here.for_each(|(_, is_shown)| *is_shown = true);
                }
                Err(trouble) => rootfs.notes.push(format!("without what is in {} ({trouble})", programs.display())),
            }
        }
        Ok(rootfs)
    }

    /// An overlay over one of the machine's filesystems, at the same place in the container. What `empty` names is not shown.
    fn lay_over(&mut self, lower: &Path, name: &str, empty: &[&str]) -> Result<(), Trouble> {
        let target = self.inside(lower);
        let (upper, work) = (self.store.join(name).join("upper"), self.store.join(name).join("work"));
        for dir in [&upper, &work, &target] {
            make_dir(dir)?;
        }
        for name in empty {
            let dir = upper.join(name);
            make_dir(&dir)?;
            let mode = if *name == "tmp" { 0o1777 } else { 0o755 };
            fs::set_permissions(&dir, fs::Permissions::from_mode(mode))
                .map_err(failed("set the mode of a directory"))?;
            // Where a tmpfs has no such attributes the machine's own files show through, which does no harm.
            let _ = mount::make_opaque(&dir);
        }
        let try_lower = |lower: &Path| {
            let options =
                format!("lowerdir={},upperdir={},workdir={}", lower.display(), upper.display(), work.display());
            mount::filesystem("overlay", &target, Access::Full, &options)
        };
        // In the options these have a meaning of their own.
        let is_plain = !lower.as_os_str().as_bytes().iter().any(|byte| b",:\\".contains(byte));
        let tried = if is_plain { try_lower(lower) } else { Err(io::Error::other("for its name")) };
        let Err(error) = tried else { return Ok(()) };
        if error.raw_os_error() == Some(19) {
            return Err(Trouble::Said("this kernel has no overlay filesystem (try: modprobe overlay)".to_owned()));
        }
        // Some filesystems are no lower layer at their own place, and are one at another.
        let bound = self.store.join(name).join("lower");
        make_dir(&bound)?;
        mount::bind(lower, &bound).map_err(failed(format_args!("bind {}", lower.display())))?;
        try_lower(&bound).map_err(failed(format_args!("mount an overlay over {}", lower.display())))?;
        let why = reason(&error);
        self.notes.push(format!("{} is the overlay's lower layer by way of a bind mount ({why})", lower.display()));
        Ok(())
    }

    fn inside(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Puts our tools in: one program, and a name for each.
    pub(super) fn put_tools(&self, program: &mut File, names: &[&str], shell_rc: &str) -> Result<(), Trouble> {
        let tools = self.root.join(TOOLS);
        make_dir(&tools)?;
        let vat = tools.join("vat");
        File::create(&vat)
            .and_then(|mut copy| io::copy(program, &mut copy))
            .map_err(failed("copy this program into the container"))?;
        fs::set_permissions(&vat, fs::Permissions::from_mode(0o755)).map_err(failed("set the mode of a file"))?;
        for name in names {
            symlink("vat", tools.join(name)).map_err(failed(format_args!("put {name} into the container")))?;
        }
        fs::write(self.root.join(SHELL_RC), shell_rc).map_err(failed("write the shell's settings"))
    }

    /// /etc/hosts, /etc/hostname and /etc/resolv.conf are files of their own, mounted, as all engines do.
    pub(super) fn put_names(&self) -> Result<(), Trouble> {
        let hosts = format!("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n127.0.1.1\t{HOSTNAME}\n");
        let resolv = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
        let files = [("hosts", hosts), ("hostname", format!("{HOSTNAME}\n")), ("resolv.conf", resolv)];
        let store = self.store.join("etc");
        make_dir(&store)?;
        for (name, text) in files {
            let (file, target) = (store.join(name), self.root.join("etc").join(name));
            let ready = || {
                fs::write(&file, text)?;
                // A symbolic link would lead the mount elsewhere, often nowhere.
                if !fs::symlink_metadata(&target).is_ok_and(|meta| meta.is_file()) {
                    let _ = fs::remove_file(&target);
                    fs::write(&target, "")?;
                }
                mount::bind(&file, &target)
            };
            ready().map_err(failed(format_args!("mount /etc/{name}")))?;
        }
        Ok(())
    }

    /// Shows the files of this process's directory at the same place, to be looked at, where they would not be seen otherwise.
    pub(super) fn show(&mut self, here: &Path) -> Result<(), Trouble> {
        let is_below = |place: &str| here.starts_with(Path::new("/").join(place));
        let is_emptied = EMPTY.into_iter().find(|place| is_below(place));
        // Where the container has filesystems of its own, and where it will have to write.
        if OWN.into_iter().any(is_below) || is_emptied.is_some_and(|place| here == Path::new("/").join(place)) {
            return Ok(());
        }
        let nearest = self.mounts.iter().filter(|(point, _)| here.starts_with(point));
        let is_shown = nearest.max_by_key(|(point, _)| point.as_os_str().len()).map(|(_, is_shown)| *is_shown);
        if is_shown.unwrap_or(is_emptied.is_none()) {
            return Ok(());
        }
        let target = self.inside(here);
        // By its path the directory may be hidden by now: below our own tmpfs.
        let shown = fs::create_dir_all(&target).and_then(|()| mount::bind(Path::new("."), &target));
        if let Err(error) = shown {
            self.notes.push(format!("without what is in {} ({})", here.display(), reason(&error)));
            return Ok(());
        }
        mount::restrict(&target, Access::LookOnly).map_err(failed(format_args!("make {} read-only", here.display())))
    }

    /// /proc of this pid namespace, with the machine's settings read-only, and without what tells of the machine's memory and keys.
    pub(super) fn put_proc(&self) -> Result<(), Trouble> {
        let at = self.root.join("proc");
        make_dir(&at)?;
        mount_new("proc", &at, Access::DataOnly, "")?;
        for name in SETTINGS.map(|name| at.join(name)).iter().filter(|path| path.exists()) {
            let bound = mount::bind(name, name).and_then(|()| mount::restrict(name, Access::ReadOnly));
            bound.map_err(failed(format_args!("make {} read-only", name.display())))?;
        }
        let nothing = self.store.join("nothing");
        fs::write(&nothing, "").map_err(failed("write an empty file"))?;
        for name in SECRETS.map(|name| at.join(name)).iter().filter(|path| path.exists()) {
            let hidden = mount::bind(&nothing, name).and_then(|()| mount::restrict(name, Access::ReadOnly));
            hidden.map_err(failed(format_args!("hide {}", name.display())))?;
        }
        Ok(())
    }

    /// A fresh /dev.
    pub(super) fn put_dev(&self) -> Result<(), Trouble> {
        let at = self.root.join("dev");
        make_dir(&at)?;
        mount_new("tmpfs", &at, Access::Full, "mode=755,size=64m")?;
        // The numbers are fixed: Documentation/admin-guide/devices.txt.
        let devices =
            [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)];
        for (name, major, minor) in devices {
            let path = at.join(name);
            // Who may not make devices may still show those there are.
            let made = mount::make_device(&path, major, minor)
                .or_else(|_| fs::write(&path, "").and_then(|()| mount::bind(&Path::new("/dev").join(name), &path)));
            made.map_err(failed(format_args!("make /dev/{name}")))?;
        }
        let links = [
            ("fd", "../proc/self/fd"),
            ("stdin", "fd/0"),
            ("stdout", "fd/1"),
            ("stderr", "fd/2"),
            ("ptmx", "pts/ptmx"),
        ];
        for (name, to) in links {
            symlink(to, at.join(name)).map_err(failed(format_args!("make /dev/{name}")))?;
        }
        for name in ["pts", "shm", "mqueue"] {
            make_dir(&at.join(name))?;
        }
        mount_new("devpts", &at.join("pts"), Access::Full, "newinstance,ptmxmode=0666,mode=0620,gid=5")?;
        mount_new("tmpfs", &at.join("shm"), Access::DataOnly, "mode=1777,size=64m")?;
        // Not every kernel has message queues.
        let _ = mount::filesystem("mqueue", &at.join("mqueue"), Access::DataOnly, "");
        Ok(())
    }

    /// /sys, read-only, with the container's own cgroup where Docker shows it.
    pub(super) fn put_sys(&self, seats: &[Seat]) -> Result<(), Trouble> {
        let at = self.root.join("sys");
        make_dir(&at)?;
        mount_new("sysfs", &at, Access::ReadOnly, "")?;
        let cgroups = at.join("fs/cgroup");
        let show = |seat: &Seat, at: &Path| {
            let shown = mount::bind(&seat.dir, at).and_then(|()| mount::restrict(at, Access::ReadOnly));
            shown.map_err(failed(format_args!("show the cgroup {}", seat.dir.display())))
        };
        if let [only] = seats
            && only.version == Version::V2
        {
            return show(only, &cgroups);
        }
        mount_new("tmpfs", &cgroups, Access::DataOnly, "mode=755")?;
        for seat in seats {
            let name = match seat.version {
                Version::V1 => seat.controllers.join(","),
                Version::V2 => "unified".to_owned(),
            };
            make_dir(&cgroups.join(&name))?;
            show(seat, &cgroups.join(&name))?;
            for controller in seat.controllers.iter().filter(|one| **one != name && seat.version == Version::V1) {
                symlink(&name, cgroups.join(controller)).map_err(failed("link a controller"))?;
            }
        }
        mount::restrict(&cgroups, Access::ReadOnly).map_err(failed("make /sys/fs/cgroup read-only"))
    }

    /// Makes it this process's root.
    pub(super) fn enter(&self) -> Result<(), Trouble> {
        mount::set_hostname(HOSTNAME).map_err(failed("set the hostname"))?;
        mount::become_root(&self.root).map_err(failed("enter the container's root"))
    }
}

/// The mount points at or below which programs lie, outermost first. Only whole filesystems with a type that holds programs: not the
/// single files that a container engine mounts.
fn programs(mounts: &[Mount]) -> Vec<PathBuf> {
    let path = |mount: &Mount| PathBuf::from(OsStr::from_bytes(&mount.mount_point));
    let is_programs = |path: &PathBuf| PROGRAMS.iter().any(|programs| path.starts_with(programs)) && path.is_dir();
    let mut found: Vec<PathBuf> = mounts.iter().map(path).filter(is_programs).collect();
    found.sort();
    found.dedup();
    found
}
