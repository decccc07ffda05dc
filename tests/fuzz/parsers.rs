//! All parsers of bytes that are not trusted. The fuzz target and the tests of `fast::parsers` share this table.

use std::hint::black_box;
use std::time::Duration;
use vat::handoff::{Instance, Sample};
use vat::kernel::{cgroup1, cgroup2, proc, sys};
use vat::unit::CpuSet;
use vat::userland;

/// A parser, by the path of the file that it reads: what ends so in tests/fixture/ is good input for it.
pub struct Parser {
    #[allow(dead_code, reason = "the fuzz target does not ask")]
    pub file: &'static str,
    pub parse: fn(&[u8]),
}

const fn parser(file: &'static str, parse: fn(&[u8])) -> Parser {
    Parser { file, parse }
}

/// The index is the first byte of a fuzz input: new ones come last, or what was found before would be another's.
pub const PARSERS: &[Parser] = &[
    parser("proc/meminfo", |bytes| drop(black_box(proc::Meminfo::parse(bytes)))),
    parser("proc/loadavg", |bytes| drop(black_box(proc::Loadavg::parse(bytes)))),
    parser("proc/uptime", |bytes| drop(black_box(proc::Uptime::parse(bytes)))),
    parser("/stat", |bytes| drop(black_box(proc::PidStat::parse(bytes)))),
    parser("/cgroup", |bytes| drop(black_box(proc::cgroup(bytes)))),
    parser("/mountinfo", |bytes| drop(black_box(proc::mountinfo(bytes, |_| true)))),
    parser("cpu/possible", |bytes| drop(black_box(sys::cpu::possible(bytes)))),
    parser("memory/memory.stat", |bytes| drop(black_box(cgroup1::memory::stat(bytes)))),
    parser("memory.limit_in_bytes", |bytes| drop(black_box(cgroup1::memory::limit_in_bytes(bytes)))),
    parser("memory.usage_in_bytes", |bytes| drop(black_box(cgroup1::memory::usage_in_bytes(bytes)))),
    parser("cpu.cfs_quota_us", |bytes| drop(black_box(cgroup1::cpu::cfs_quota_us(bytes)))),
    parser("cpu.cfs_period_us", |bytes| drop(black_box(cgroup1::cpu::cfs_period_us(bytes)))),
    parser("cpuset.cpus", |bytes| {
        if let Ok(cpus) = cgroup1::cpuset::cpus(bytes) {
            assert_eq!(CpuSet::parse(&cpus.to_string()).as_ref(), Ok(&cpus), "what is written is what was read");
            assert_eq!(cpus.count() == 0, cpus.is_empty());
        }
    }),
    parser("pids.max", |bytes| drop(black_box(cgroup1::pids::max(bytes)))),
    parser("pids.current", |bytes| drop(black_box(cgroup1::pids::current(bytes)))),
    parser("cgroup/memory.stat", |bytes| drop(black_box(cgroup2::memory::stat(bytes)))),
    parser("memory.max", |bytes| drop(black_box(cgroup2::memory::max(bytes)))),
    parser("memory.current", |bytes| drop(black_box(cgroup2::memory::current(bytes)))),
    parser("cpu.max", |bytes| drop(black_box(cgroup2::cpu::max(bytes)))),
    parser("cpuset.cpus.effective", |bytes| drop(black_box(cgroup2::cpuset::cpus_effective(bytes)))),
    parser("var/run/utmp", |bytes| {
        assert!(userland::users(bytes) <= bytes.len() as u64 / 384);
    }),
    parser("systemd/sessions/1", |bytes| _ = black_box(userland::is_user_session(bytes))),
    parser("run/vat/loadavg", |bytes| {
        if let Some(sample) = Sample::parse(bytes, Duration::from_secs(4000)) {
            assert!(sample.age <= Duration::from_secs(15));
        }
    }),
    parser("run/vat/host/instance.json", |bytes| drop(black_box(Instance::parse(bytes)))),
];

/// Parses the rest of the input by the parser that its first byte selects.
pub fn one(input: &[u8]) {
    if let Some((selector, bytes)) = input.split_first()
        && let Some(parser) = PARSERS.get(usize::from(*selector))
    {
        (parser.parse)(bytes);
    }
}
