//! The place a tool runs in.

mod activity;

pub use activity::CpuReading;

use crate::container::{self, Figure, Load, Memory};
use crate::handoff;
use crate::read::find::{self, Own, Place};
use crate::read::{self, Note, Reader, Why};
use crate::snapshot::Meminfo;
use crate::sys::Machine;
use crate::unit::CpuSet;
use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

/// The place a tool runs in, container or bare machine, and its figures. Each is read when it is asked for.
///
/// What a tool cannot read it falls back from, to the next best source and at last to what the original prints.
pub struct Here<'a> {
    machine: &'a dyn Machine,
    reader: Reader<'a>,
    place: Place,
    meminfo: Cell<Option<Option<Meminfo>>>,
    /// `VAT_DEBUG=1`: where each figure came from.
    debug: Option<RefCell<Vec<String>>>,
}

impl<'a> Here<'a> {
    /// Looks around; with `VAT_CONTAINER=0` takes any place for a bare machine.
    #[must_use]
    pub fn new(machine: &'a dyn Machine) -> Here<'a> {
        let reader = Reader::new(machine);
        let as_machine = machine.env("VAT_CONTAINER").is_some_and(|value| value == "0");
        let place = if as_machine { Place::Outside } else { find::own(&reader) };
        let debug = machine.env("VAT_DEBUG").is_some_and(|value| value == "1").then(RefCell::default);
        Here { machine, reader, place, meminfo: Cell::default(), debug }
    }

    /// This process's mountinfo.
    ///
    /// # Errors
    /// What open(2) and read(2) said.
    pub fn mountinfo(&self) -> Result<&[u8], &io::Error> {
        self.reader.mountinfo()
    }

    /// Whether `VAT_DEBUG=1` asks where figures come from.
    #[must_use]
    pub fn explains(&self) -> bool {
        self.debug.is_some()
    }

    /// Whether this is a container.
    #[must_use]
    pub fn is_container(&self) -> bool {
        matches!(self.place, Place::Inside(_))
    }

    /// The machine's /proc/meminfo; `None` where it cannot be read.
    pub fn meminfo(&self) -> Option<Meminfo> {
        if self.meminfo.get().is_none() {
            self.meminfo.set(Some(read::meminfo(&self.reader)));
        }
        self.meminfo.get().flatten()
    }

    /// From now on figures are read anew, and what was wrong with those before is forgotten: for a tool that goes on showing them.
    pub fn look_again(&self) {
        self.meminfo.set(None);
        drop(self.reader.take_notes());
        self.debug.iter().for_each(|lines| lines.borrow_mut().clear());
    }

    /// Memory and swap; `None` where /proc/meminfo cannot be read.
    pub fn memory(&self) -> Option<Memory> {
        let host = self.meminfo()?;
        let own = match &self.place {
            Place::Inside(own) => read::memory(&self.reader, own).and_then(|cgroup| container::memory(&cgroup, &host)),
            Place::Outside => None,
        };
        let memory = own.or_else(|| container::machine_memory(&host))?;
        if self.debug.is_some() {
            let figures = [
                ("total", memory.total),
                ("used", memory.used),
                ("free", memory.free),
                ("shared", memory.shared),
                ("buffers", memory.buffers),
                ("cache", memory.cache),
                ("available", memory.available),
                ("swap total", memory.swap_total),
                ("swap used", memory.swap_used),
                ("swap free", memory.swap_free),
            ];
            for (name, figure) in figures {
                self.explain(name, format_args!("{} bytes", figure.value.0), figure.source);
            }
        }
        Some(memory)
    }

    /// How many CPUs' worth of time there is.
    pub fn cpus(&self) -> Figure<f64> {
        let online = self.online_cpus();
        let cgroup = match &self.place {
            Place::Inside(own) => read::cpu(&self.reader, own),
            Place::Outside => Default::default(),
        };
        let cpus = container::cpus(&cgroup, online);
        self.explain("cpus", cpus.value, cpus.source);
        cpus
    }

    /// How many CPUs the machine has that run.
    pub fn online_cpus(&self) -> u64 {
        let online = read::online_cpus(&self.reader).map(|cpus| cpus.count());
        online.or_else(|| self.machine.affinity()).unwrap_or(1)
    }

    /// The CPUs that this place may run on; `None` where nothing tells.
    pub fn cpu_set(&self) -> Option<CpuSet> {
        let own = match &self.place {
            Place::Inside(own) => read::cpu(&self.reader, own).cpus,
            Place::Outside => None,
        };
        own.or_else(|| read::online_cpus(&self.reader))
    }

    /// How many CPUs the machine may ever have; `None` where it does not say.
    pub fn possible_cpus(&self) -> Option<u64> {
        read::possible_cpus(&self.reader)
    }

    /// How long it has been up; `None` where that cannot be told.
    pub fn uptime(&self) -> Option<Duration> {
        if let Place::Inside(own) = &self.place {
            let created = || Some((self.created()?, "created of instance.json"));
            let started = || {
                let up = container::uptime(self.machine.boottime(), read::started(&self.reader, own)?);
                Some((up.value, up.source))
            };
            let up = if own.has_own_pids() { started().or_else(created) } else { created().or_else(started) };
            if let Some((up, source)) = up {
                self.explain("uptime", format_args!("{} s", up.as_secs_f64()), source);
                return Some(up);
            }
        }
        let up = read::uptime(&self.reader)?;
        self.explain("uptime", format_args!("{} cs", up.up_centis), "the machine's uptime");
        Some(Duration::from_millis(up.up_centis.saturating_mul(10)))
    }

    /// How long the container has been up, or outside of one PID 1; `None` where it is hidden.
    pub fn container_uptime(&self) -> Option<Duration> {
        if self.is_container() {
            return self.uptime();
        }
        let started = read::pid_1_started(&self.reader)?;
        Some(container::uptime(self.machine.boottime(), started).value)
    }

    /// The load averages in hundredths; `None` where they cannot be told.
    pub fn load(&self) -> Option<[u64; 3]> {
        self.load_of(|own| read::active_tasks(&self.reader, own, self.machine.pid()))
    }

    /// The same for who knows already how many of the container's threads are active.
    pub fn load_with(&self, active: impl Fn() -> u64) -> Option<[u64; 3]> {
        self.load_of(|_| Some(active()))
    }

    fn load_of(&self, active: impl Fn(&Own) -> Option<u64>) -> Option<[u64; 3]> {
        let (load, source) = match &self.place {
            Place::Inside(own) => Here::container_load(self.machine, || active(own)),
            Place::Outside => None,
        }
        .or_else(|| {
            let averages = read::loadavg(&self.reader)?.averages;
            Some((averages.map(|load| (load * 100.0).round() as u64), "the machine's loadavg"))
        })?;
        self.explain("load", format_args!("{load:?} hundredths"), source);
        Some(load)
    }

    fn container_load(machine: &dyn Machine, active: impl Fn() -> Option<u64>) -> Option<([u64; 3], &'static str)> {
        let (load, source) = match handoff::loadavg(machine) {
            Some(sample) => {
                let missed = sample.age.as_secs() / container::SAMPLE_SECONDS;
                let taken = Load(sample.loads);
                (if missed == 0 { taken } else { taken.missed(active()?, missed) }, "the sampler's loadavg in /run/vat")
            }
            None => (Load::steady(active()?), "the threads that run or wait now, for no sampler runs"),
        };
        Some((load.hundredths(), source))
    }

    /// How many users are logged in.
    pub fn users(&self) -> u64 {
        read::users(self.machine.root())
    }

    /// Says on standard error what could not be used, and with `VAT_DEBUG=1` where each figure came from.
    ///
    /// # Errors
    /// Those of writing.
    pub fn report(&self, program: &str, err: &mut dyn Write) -> io::Result<()> {
        for note in self.reader.take_notes() {
            // Without the right to read a file the next source is the answer, and no reason to bother the user.
            if self.debug.is_some() || !matches!(note, Note { why: Why::Denied, .. }) {
                writeln!(err, "{program}: {note}")?;
            }
        }
        for line in self.debug.iter().flat_map(RefCell::take) {
            writeln!(err, "{program}: {line}")?;
        }
        Ok(())
    }

    /// Since the host created the container.
    fn created(&self) -> Option<Duration> {
        let created = handoff::instance(self.machine)?.created?;
        Duration::try_from_secs_f64(self.machine.realtime().as_secs_f64() - created).ok()
    }

    fn explain(&self, name: &str, value: impl Display, source: &str) {
        if let Some(lines) = &self.debug {
            lines.borrow_mut().push(format!("{name}: {value} from {source}"));
        }
    }
}
