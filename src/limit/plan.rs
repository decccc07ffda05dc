//! The pure part: which file gets which text, in which order.

use super::{Item, Now, Seat, Wanted};
use crate::read::find::Version;
use crate::snapshot::cgroup::CpuQuota;
use crate::unit::{Bytes, Limit, Micros};
use std::fmt;
use std::path::PathBuf;

/// One write to a file of the cgroup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The file.
    pub file: PathBuf,
    /// What is written.
    pub text: String,
}

/// A limit that this machine cannot set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable(pub Item);

/// What is to be done, in this order, and what cannot be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The writes.
    pub writes: Vec<Write>,
    /// What there is no file for.
    pub unavailable: Vec<Unavailable>,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Item::Swap => f.write_str("not limited: this kernel does not account for swap"),
            item => write!(f, "not limited: this machine has no {} controller", item.controller()),
        }
    }
}

/// Plans the way from what is set `now` to what is wanted.
#[must_use]
pub fn plan(wanted: &Wanted, now: &Now, seats: &[Seat]) -> Plan {
    let mut plan = Plan::default();
    plan.memory(wanted, now, seats);
    if let Some(cpu) = wanted.cpu {
        plan.cpu(cpu, now, seats);
    }
    if let Some(cpus) = &wanted.cpuset {
        let there = now.cpuset.is_some();
        plan.one(Item::Cpuset, there, seats, |_| ("cpuset.cpus", cpus.to_string()));
    }
    if let Some(pids) = wanted.pids {
        plan.one(Item::Pids, now.pids.is_some(), seats, |_| ("pids.max", words(pids)));
    }
    plan
}

impl Plan {
    fn write(&mut self, seat: &Seat, file: &str, text: String) {
        self.writes.push(Write { file: seat.dir.join(file), text });
    }

    fn one(&mut self, item: Item, there: bool, seats: &[Seat], line: impl Fn(Version) -> (&'static str, String)) {
        match Seat::of(seats, item).filter(|_| there) {
            Some(seat) => {
                let (file, text) = line(seat.version);
                self.write(seat, file, text);
            }
            None => self.unavailable.push(Unavailable(item)),
        }
    }

    fn memory(&mut self, wanted: &Wanted, now: &Now, seats: &[Seat]) {
        let seat = Seat::of(seats, Item::Memory);
        if seat.is_some_and(|seat| seat.version == Version::V1) && now.memory_and_swap.is_some() {
            return self.memory_and_swap(wanted, now, seats);
        }
        if let Some(memory) = wanted.memory {
            self.one(Item::Memory, now.memory.is_some(), seats, |version| match version {
                Version::V1 => ("memory.limit_in_bytes", number(memory)),
                Version::V2 => ("memory.max", words(bytes(memory))),
            });
        }
        if let Some(swap) = wanted.swap {
            self.one(Item::Swap, now.swap_alone.is_some(), seats, |_| ("memory.swap.max", words(bytes(swap))));
        }
    }

    /// v1 with swap accounting knows memory, and memory and swap together; the first may never exceed the second, not even between
    /// two writes. Who changes one therefore changes both, in the order that keeps this true.
    fn memory_and_swap(&mut self, wanted: &Wanted, now: &Now, seats: &[Seat]) {
        if wanted.memory.is_none() && wanted.swap.is_none() {
            return;
        }
        let Some(seat) = Seat::of(seats, Item::Memory) else { return };
        let memory = wanted.memory.or(now.memory).unwrap_or(Limit::Max);
        let both = match (memory, wanted.swap.or(now.swap()).unwrap_or(Limit::Max)) {
            (Limit::At(memory), Limit::At(swap)) => Limit::At(memory + swap),
            _ => Limit::Max,
        };
        let memory_fits = match (memory, now.memory_and_swap) {
            (Limit::At(memory), Some(Limit::At(now))) => memory <= now,
            (Limit::Max, Some(Limit::At(_))) => false,
            _ => true,
        };
        let mut writes = [("memory.limit_in_bytes", memory), ("memory.memsw.limit_in_bytes", both)];
        if !memory_fits {
            writes.reverse();
        }
        for (file, limit) in writes {
            self.write(seat, file, number(limit));
        }
    }

    fn cpu(&mut self, cpu: Limit<CpuQuota>, now: &Now, seats: &[Seat]) {
        let Some(seat) = Seat::of(seats, Item::Cpu).filter(|_| now.cpu.is_some()) else {
            // A kernel without CONFIG_CFS_BANDWIDTH has the controller and no quota.
            self.unavailable.push(Unavailable(Item::Cpu));
            return;
        };
        match (seat.version, cpu) {
            (Version::V1, Limit::Max) => self.write(seat, "cpu.cfs_quota_us", "-1".to_owned()),
            (Version::V1, Limit::At(CpuQuota { quota, period })) => {
                if now.period != Some(period) {
                    self.write(seat, "cpu.cfs_period_us", period.0.to_string());
                }
                self.write(seat, "cpu.cfs_quota_us", quota.0.to_string());
            }
            (Version::V2, Limit::Max) => self.write(seat, "cpu.max", "max".to_owned()),
            (Version::V2, Limit::At(CpuQuota { quota: Micros(quota), period: Micros(period) })) => {
                self.write(seat, "cpu.max", format!("{quota} {period}"));
            }
        }
    }
}

fn bytes(limit: Limit<Bytes>) -> Limit<u64> {
    match limit {
        Limit::At(bytes) => Limit::At(bytes.0),
        Limit::Max => Limit::Max,
    }
}

/// As v2 and the pids controller write a limit.
fn words(limit: Limit<u64>) -> String {
    limit.at().map_or_else(|| "max".to_owned(), |value| value.to_string())
}

/// As v1's memory controller writes one.
fn number(limit: Limit<Bytes>) -> String {
    limit.at().map_or_else(|| "-1".to_owned(), |bytes| bytes.0.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::CpuSet;
    use Limit::{At, Max};

    const MIB: u64 = 1 << 20;

    fn mib(mib: u64) -> Limit<Bytes> {
        At(Bytes::from_mib(mib))
    }

    fn quota(quota: u64) -> Limit<CpuQuota> {
        At(CpuQuota { quota: Micros(quota), period: Micros(100_000) })
    }

    fn seat(version: Version, controllers: &str, dir: &str) -> Seat {
        let controllers = controllers.split_whitespace().map(str::to_owned).collect();
        Seat { version, controllers, dir: dir.into() }
    }

    fn v1() -> Vec<Seat> {
        ["memory", "cpu", "cpuset", "pids"].map(|one| seat(Version::V1, one, &format!("/{one}/x"))).to_vec()
    }

    fn v2() -> Vec<Seat> {
        vec![seat(Version::V2, "cpu cpuset memory pids", "/x")]
    }

    fn wanted() -> Wanted {
        let cpuset = Some(CpuSet::parse("0-1,3").unwrap());
        Wanted {
            memory: Some(mib(512)),
            swap: Some(At(Bytes::ZERO)),
            cpu: Some(quota(150_000)),
            cpuset,
            pids: Some(At(200)),
        }
    }

    /// A new cgroup: nothing is limited.
    fn new(version: Version) -> Now {
        let swap = |of| (version == of).then_some(Max);
        Now {
            memory: Some(Max),
            memory_and_swap: swap(Version::V1),
            swap_alone: swap(Version::V2),
            cpu: Some(Max),
            period: Some(Micros(100_000)),
            cpuset: Some(CpuSet::default()),
            pids: Some(Max),
        }
    }

    fn lines(plan: &Plan) -> Vec<String> {
        plan.writes.iter().map(|one| format!("{} {}", one.file.display(), one.text)).collect()
    }

    #[test]
    fn a_new_cgroup_on_v1() {
        let plan = plan(&wanted(), &new(Version::V1), &v1());
        let want = [
            "/memory/x/memory.limit_in_bytes 536870912",
            "/memory/x/memory.memsw.limit_in_bytes 536870912",
            "/cpu/x/cpu.cfs_quota_us 150000",
            "/cpuset/x/cpuset.cpus 0-1,3",
            "/pids/x/pids.max 200",
        ];
        assert_eq!(lines(&plan), want);
        assert!(plan.unavailable.is_empty());
    }

    #[test]
    fn a_new_cgroup_on_v2() {
        let want = [
            "/x/memory.max 536870912",
            "/x/memory.swap.max 0",
            "/x/cpu.max 150000 100000",
            "/x/cpuset.cpus 0-1,3",
            "/x/pids.max 200",
        ];
        assert_eq!(lines(&plan(&wanted(), &new(Version::V2), &v2())), want);
    }

    #[test]
    fn on_hybrid_each_controller_where_it_is() {
        let seats = [
            seat(Version::V1, "memory", "/memory/x"),
            seat(Version::V1, "cpu cpuacct", "/cpu,cpuacct/x"),
            seat(Version::V2, "pids", "/unified/x"),
        ];
        let now = Now { cpuset: None, ..new(Version::V1) };
        let plan = plan(&wanted(), &now, &seats);
        let want = [
            "/memory/x/memory.limit_in_bytes 536870912",
            "/memory/x/memory.memsw.limit_in_bytes 536870912",
            "/cpu,cpuacct/x/cpu.cfs_quota_us 150000",
            "/unified/x/pids.max 200",
        ];
        assert_eq!(lines(&plan), want);
        assert_eq!(plan.unavailable, [Unavailable(Item::Cpuset)]);
    }

    #[test]
    fn on_v1_memory_never_exceeds_memory_and_swap() {
        let at = |memory, both| Now { memory: Some(memory), memory_and_swap: Some(both), ..new(Version::V1) };
        let plan = |memory, swap, now: &Now| {
            let wanted = Wanted { memory, swap, ..Wanted::default() };
            let plan = plan(&wanted, now, &v1());
            let short = |one: &Write| {
                let file = one.file.file_name().unwrap().to_str().unwrap();
                let value = one.text.parse::<i64>().unwrap();
                (file.contains("memsw"), if value < 0 { value } else { value / MIB as i64 })
            };
            plan.writes.iter().map(short).collect::<Vec<_>>()
        };
        let (memory, both) = (false, true);
        let now = at(mib(512), mib(512));
        assert_eq!(plan(Some(mib(256)), Some(mib(0)), &now), [(memory, 256), (both, 256)], "lowering");
        assert_eq!(plan(Some(mib(1024)), Some(mib(0)), &now), [(both, 1024), (memory, 1024)], "raising");
        assert_eq!(plan(Some(Max), Some(Max), &now), [(both, -1), (memory, -1)], "taking away");
        assert_eq!(plan(Some(mib(1024)), None, &at(mib(512), mib(768))), [(both, 1280), (memory, 1024)], "swap stays");
        assert_eq!(plan(None, Some(mib(128)), &now), [(memory, 512), (both, 640)], "swap alone");
        assert_eq!(plan(None, None, &now), [], "nothing");
    }

    #[test]
    fn a_period_is_written_before_its_quota_and_only_where_it_changes() {
        let wanted =
            Wanted { cpu: Some(At(CpuQuota { quota: Micros(5_000), period: Micros(10_000) })), ..Wanted::default() };
        let want = ["/cpu/x/cpu.cfs_period_us 10000", "/cpu/x/cpu.cfs_quota_us 5000"];
        assert_eq!(lines(&plan(&wanted, &new(Version::V1), &v1())), want);
        let none = Wanted { cpu: Some(Max), ..Wanted::default() };
        assert_eq!(lines(&plan(&none, &new(Version::V1), &v1())), ["/cpu/x/cpu.cfs_quota_us -1"]);
        assert_eq!(lines(&plan(&none, &new(Version::V2), &v2())), ["/x/cpu.max max"]);
    }

    #[test]
    fn what_cannot_be_set_is_said() {
        let plan = plan(&wanted(), &Now { memory_and_swap: None, ..new(Version::V1) }, &v1()[..1]);
        assert_eq!(lines(&plan), ["/memory/x/memory.limit_in_bytes 536870912"]);
        let said: Vec<String> = plan.unavailable.iter().map(ToString::to_string).collect();
        assert_eq!(said[0], "not limited: this kernel does not account for swap");
        assert_eq!(said[3], "not limited: this machine has no pids controller");
    }
}
