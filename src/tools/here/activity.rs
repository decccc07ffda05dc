//! What goes on here: tasks, and what became of the CPUs' time.

use super::Here;
use crate::container::{self, ContainerLine, CpuShare};
use crate::handoff;
use crate::read::find::Place;
use crate::read::{self, Scan};
use crate::snapshot::cgroup::CpuUsage;
use crate::snapshot::{CpuTimes, Stat, Task, TtyDrivers};
use crate::unit::{CpuSet, Ticks};
use std::io;
use std::time::Duration;

/// The CPU time that was used so far: two of these make an interval.
#[derive(Clone, Debug)]
pub enum CpuReading {
    /// A container's.
    Container(CpuUsage),
    /// The machine's, or that of a container that cannot tell its own.
    Machine(Stat),
    /// Nothing tells.
    Unknown,
}

impl Here<'_> {
    /// The tasks that there are now; with `only` these processes.
    ///
    /// # Errors
    /// When /proc cannot be read.
    pub fn tasks(&self, scan: &mut Scan, only: &[u32], threads: bool) -> io::Result<Vec<Task>> {
        let own = match &self.place {
            Place::Inside(own) => Some(own),
            Place::Outside => None,
        };
        scan.tasks(&self.reader, own, only, threads)
    }

    /// The CPU time that was used so far.
    pub fn cpu_reading(&self) -> CpuReading {
        let container = match &self.place {
            Place::Inside(own) => read::cpu_usage(&self.reader, own).map(CpuReading::Container),
            Place::Outside => None,
        };
        let machine = || read::stat(&self.reader).map(CpuReading::Machine);
        container.or_else(machine).unwrap_or(CpuReading::Unknown)
    }

    /// What became of the CPUs' time between two readings that lie `elapsed` apart.
    pub fn cpu_share(&self, before: &CpuReading, now: &CpuReading, elapsed: Duration) -> CpuShare {
        match (before, now) {
            (CpuReading::Container(before), CpuReading::Container(now)) => {
                container::cpu_share(before, now, elapsed, self.cpus().value).unwrap_or(CpuShare::IDLE)
            }
            (CpuReading::Machine(before), CpuReading::Machine(now)) => {
                container::machine_cpu_share(&before.total, &now.total).unwrap_or(CpuShare::IDLE)
            }
            _ => CpuShare::IDLE,
        }
    }

    /// The same of each CPU, by its number. `tasks` are the CPU each task ran on last and what it used since: where the kernel does
    /// not tell of each CPU (v2), that is how they are estimated.
    pub fn each_cpu_share(
        &self,
        before: &CpuReading,
        now: &CpuReading,
        elapsed: Duration,
        tasks: &[(u32, Ticks)],
    ) -> Vec<(u32, CpuShare)> {
        match (before, now) {
            (CpuReading::Container(before), CpuReading::Container(now)) => {
                let Some(cpus) = self.cpu_set() else { return Vec::new() };
                match now.per_cpu.is_empty() {
                    false => container::cpu_rows(before, now, elapsed, &cpus),
                    true => container::estimated_cpu_rows(before, now, elapsed, &cpus, tasks),
                }
            }
            (CpuReading::Machine(before), CpuReading::Machine(now)) => {
                let share = |(cpu, now): &(u32, CpuTimes)| {
                    let earlier = before.cpus.iter().find(|(other, _)| other == cpu).map(|(_, times)| *times);
                    let share = container::machine_cpu_share(&earlier.unwrap_or_default(), now);
                    (*cpu, share.unwrap_or(CpuShare::IDLE))
                };
                now.cpus.iter().map(share).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the container has above a machine, over an interval; `None` on a machine.
    pub fn container_line(&self, before: &CpuReading, now: &CpuReading) -> Option<ContainerLine> {
        let Place::Inside(own) = &self.place else { return None };
        let told = handoff::instance(self.machine).map(|instance| instance.name.into_bytes());
        let name = told.filter(|name| !name.is_empty()).or_else(|| own.name().map(<[u8]>::to_vec));
        let pids = read::pids(&self.reader, own);
        let memory = read::memory(&self.reader, own);
        let cpu = read::cpu(&self.reader, own);
        let usage = match (before, now) {
            (CpuReading::Container(before), CpuReading::Container(now)) => Some((before, now)),
            _ => None,
        };
        Some(ContainerLine::new(
            name,
            container::limits(memory.as_ref(), &cpu, pids.as_ref(), self.online_cpus()),
            usage,
            pids.as_ref(),
            read::events(&self.reader, own),
            read::pressure(&self.reader, own),
        ))
    }

    /// How many digits the largest pid has.
    pub fn pid_digits(&self) -> usize {
        // The kernel's own default (PID_MAX_DEFAULT, include/linux/threads.h).
        read::pid_max(&self.reader).unwrap_or(32_768).saturating_sub(1).max(10_000).ilog10() as usize + 1
    }

    /// What the kernel's terminals are called.
    pub fn terminals(&self) -> Option<TtyDrivers> {
        read::terminals(&self.reader)
    }

    /// The CPUs of each NUMA node.
    pub fn nodes(&self) -> Vec<(u32, CpuSet)> {
        read::nodes(&self.reader)
    }
}
