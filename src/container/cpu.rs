use super::Figure;
use crate::snapshot::cgroup::Cpu;

/// How many CPUs' worth of time a container can use: 1.5 under a quota of 150 ms in 100 ms.
///
/// `online` is how many CPUs the machine has.
#[must_use]
pub fn cpus(cgroup: &Cpu, online: u64) -> Figure<f64> {
    let mut cpus = Figure::new(online as f64, "the CPUs of this machine");
    if let Some(set) = &cgroup.cpus {
        cpus = cpus.min(Figure::new(set.count() as f64, "cpuset"));
    }
    for quota in &cgroup.quotas {
        cpus = cpus.min(Figure::new(quota.cpus(), "the CPU quota"));
    }
    cpus
}

/// The same as a count, for what starts a thread for each CPU: a part of a CPU needs a whole one.
#[must_use]
pub fn cpu_count(cpus: Figure<f64>) -> u64 {
    (cpus.value.ceil() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::cgroup::CpuQuota;
    use crate::unit::{CpuSet, Micros};

    fn quota(quota: u64) -> CpuQuota {
        CpuQuota { quota: Micros(quota), period: Micros(100_000) }
    }

    #[test]
    fn the_tightest_of_quotas_cpuset_and_machine() {
        let mut cpu = Cpu { quotas: vec![quota(250_000), quota(150_000)], cpus: None };
        assert_eq!((cpus(&cpu, 8).value, cpu_count(cpus(&cpu, 8))), (1.5, 2));
        cpu.cpus = CpuSet::parse("3").ok();
        assert_eq!(cpus(&cpu, 8).value, 1.0);
        assert_eq!(cpus(&Cpu::default(), 8).value, 8.0);
    }

    #[test]
    fn a_sliver_of_a_cpu_counts_as_one() {
        let cpu = Cpu { quotas: vec![quota(1000)], cpus: None };
        assert_eq!(cpu_count(cpus(&cpu, 8)), 1);
    }
}
