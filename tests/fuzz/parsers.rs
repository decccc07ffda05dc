//! All parsers of bytes that are not trusted. The fuzz target and the tests of `fast::parsers` share this table.

use std::hint::black_box;
use std::time::Duration;
use vat::handoff::{Instance, Sample};
use vat::kernel::{cgroup1, cgroup2, proc, sys};
use vat::tools::procps::Procps;
use vat::tools::top::filter::Filter;
use vat::tools::top::rc;
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
    parser("cpuacct.usage", |bytes| drop(black_box(cgroup1::cpuacct::usage(bytes)))),
    parser("cpuacct.usage_percpu", |bytes| drop(black_box(cgroup1::cpuacct::usage_percpu(bytes)))),
    parser("cpuacct.usage_all", |bytes| drop(black_box(cgroup1::cpuacct::usage_all(bytes)))),
    parser("cpuacct.stat", |bytes| drop(black_box(cgroup1::cpuacct::stat(bytes)))),
    parser("cpu.stat", |bytes| {
        drop(black_box(cgroup1::cpu::stat(bytes)));
        drop(black_box(cgroup2::cpu::stat(bytes)));
    }),
    parser("cpu.stat.local", |bytes| {
        drop(black_box(cgroup1::cpu::stat_local(bytes)));
        drop(black_box(cgroup2::cpu::stat_local(bytes)));
    }),
    parser("memory.oom_control", |bytes| drop(black_box(cgroup1::memory::oom_control(bytes)))),
    parser("memory.events", |bytes| drop(black_box(cgroup2::memory::events(bytes)))),
    parser("pids.events", |bytes| drop(black_box(cgroup1::pids::events(bytes)))),
    parser("proc/stat", |bytes| drop(black_box(proc::Stat::parse(bytes)))),
    parser("203/statm", |bytes| drop(black_box(proc::Statm::parse(bytes)))),
    parser("203/status", |bytes| drop(black_box(proc::PidStatus::parse(bytes)))),
    parser("203/io", |bytes| drop(black_box(proc::PidIo::parse(bytes)))),
    parser("203/smaps_rollup", |bytes| drop(black_box(proc::SmapsRollup::parse(bytes)))),
    parser("203/autogroup", |bytes| drop(black_box(proc::autogroup(bytes)))),
    parser("203/oom_score", |bytes| drop(black_box(proc::oom_score(bytes)))),
    parser("203/oom_score_adj", |bytes| drop(black_box(proc::oom_score_adj(bytes)))),
    parser("203/loginuid", |bytes| drop(black_box(proc::loginuid(bytes)))),
    parser("ns/as_text", |bytes| drop(black_box(proc::ns(bytes)))),
    parser("kernel/pid_max", |bytes| drop(black_box(proc::pid_max(bytes)))),
    parser("pressure/memory", |bytes| drop(black_box(proc::Pressure::parse(bytes)))),
    parser("tty/drivers", |bytes| {
        if let Ok(drivers) = proc::TtyDrivers::parse(bytes) {
            for minor in [0, 1, 64, u32::MAX] {
                drop(black_box((drivers.name(4, minor), drivers.name(136, minor), drivers.name(minor, minor))));
            }
        }
    }),
    parser("etc/passwd", |bytes| {
        let users = userland::passwd(bytes);
        assert!(users.name(0).is_none_or(|name| users.id(name).is_some()), "who has a name is found by it");
    }),
    parser("etc/group", |bytes| _ = black_box(userland::group(bytes).name(0))),
    parser("toprc/keys_filters", |bytes| {
        if let Ok(read) = rc::read(bytes, Procps::Newest) {
            let text = rc::write(&read.config, "top".as_ref(), Procps::Newest);
            let again =
                rc::read(&text, Procps::Newest).map(|read| rc::write(&read.config, "top".as_ref(), Procps::Newest));
            assert!(again == Ok(text), "what is written is what was read");
        }
    }),
    parser("toprc/keys_filters", |bytes| {
        for line in bytes.split(|byte| *byte == b'\n') {
            let text = line.strip_prefix(b"\ttype=79,\tfilter=").unwrap_or(line);
            if let Ok(filter) = Filter::parse(text, false, Procps::Newest) {
                black_box(filter.passes(b"  1.5g ", Procps::Newest));
                black_box(filter.passes(bytes, Procps::V4_0_2));
            }
        }
    }),
    parser("203/schedstat", |bytes| drop(black_box(proc::schedstat(bytes)))),
];

/// Parses the rest of the input by the parser that its first byte selects.
pub fn one(input: &[u8]) {
    if let Some((selector, bytes)) = input.split_first()
        && let Some(parser) = PARSERS.get(usize::from(*selector))
    {
        (parser.parse)(bytes);
    }
}
