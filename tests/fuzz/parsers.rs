//! All parsers of bytes that are not trusted. The fuzz target and the tests of `fast::parsers` share this table.

use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::Duration;
use vat::handoff::{Instance, Sample};
use vat::ini::{self, Ini, Names};
use vat::init::arguments::Arguments;
use vat::init::config::{Config, Files, Surroundings, check, difference};
use vat::init::event::{Event, Offer, Pool, Pools, Type};
use vat::init::log::{Dispatcher, Piece};
use vat::kernel::{cgroup1, cgroup2, proc, sys};
use vat::rpc;
use vat::rpc::body::Body;
use vat::rpc::head::{self, ReplyHead, RequestHead};
use vat::tools::procps::Procps;
use vat::tools::top::filter::Filter;
use vat::tools::top::rc;
use vat::unit::CpuSet;
use vat::userland;

/// A parser, by the path of the file that it reads: what ends so in tests/fixture/, or another of the directories that fast/parsers.rs
/// and fuzz/run name, is good input for it.
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
    parser(".conf", |bytes| {
        let Ok(text) = ini::decode(bytes) else { return };
        let mut conf = Ini::new();
        drop(black_box(conf.read(text, "main").map_err(|error| error.to_string())));
        conf.expand_here("/etc");
        let mut names = Names::new();
        names.text("ENV_PATH", "/bin");
        names.number("process_num", 7);
        for section in conf.sections() {
            assert!(conf.file_of(section) == Some("main"), "it came from somewhere");
            for (option, value) in conf.options(section) {
                assert_eq!(conf.get(section, option), Some(value), "what is listed is what is got");
                drop(black_box((ini::expand(value, &names, option), ini::split(value), ini::pairs(value))));
                drop(black_box((ini::value::byte_size(value), ini::value::octal_type(value))));
                drop(black_box((ini::value::signal_number(value), ini::value::url(value))));
                drop(black_box((ini::value::inet_address(value), ini::value::fcgi_socket(value))));
                drop(black_box((ini::value::list_of_exitcodes(value), ini::value::process_or_group_name(value))));
            }
        }
    }),
    parser(".conf", |bytes| {
        let machine = machine(bytes);
        let arguments = Arguments { configuration: Some("/etc/main.conf".to_owned()), ..Arguments::default() };
        let read = Config::read(&arguments, &machine);
        assert_eq!(check::check(&arguments, &machine).is_ok(), read.is_ok(), "both read the same file");
        if let Ok(config) = read {
            drop(black_box(difference(&config.groups.iter().collect::<Vec<_>>(), &config.groups)));
        }
    }),
    parser("seeds/call.xml", |bytes| {
        if let Ok(call) = rpc::read_call(bytes) {
            assert!(rpc::read_call(&rpc::write_call(&call)).is_ok(), "what is written can be read");
        }
    }),
    parser("seeds/reply.xml", |bytes| {
        if let Ok(reply) = rpc::read_reply(bytes) {
            assert!(rpc::read_reply(&rpc::write_reply(&reply)).is_ok(), "what is written can be read");
        }
    }),
    parser("seeds/request.http", |bytes| {
        let Some(end) = head::end(bytes, 0) else { return };
        if let Ok(head) = bytes.get(..end).map_or(Err(head::Malformed), RequestHead::read) {
            drop(black_box((head.path_and_query(), head.keep_alive(), head.headers.content_length(), head.write())));
        }
    }),
    parser("seeds/reply.http", |bytes| {
        let Some((head, rest)) = head::end(bytes, 0).and_then(|end| bytes.split_at_checked(end)) else { return };
        let Ok(body) = ReplyHead::read(head).and_then(|head| Body::of(&head)) else { return };
        let (mut whole, mut pieces) = ((body.clone(), Vec::new()), (body, Vec::new()));
        let taken = whole.0.take(rest, &mut whole.1);
        let taken_apart = rest.chunks(1).try_fold(0, |sum, byte| Ok(sum + pieces.0.take(byte, &mut pieces.1)?));
        assert_eq!((taken, whole.1), (taken_apart, pieces.1), "a body is the same however it comes");
    }),
    parser("seeds/listener.answers", |bytes| {
        for size in [1, 7, bytes.len().max(1)] {
            let mut pools = Pools::default();
            pools.add(Pool::new("ears", &[Type::Event], 3, ["ear"]));
            for piece in bytes.chunks(size) {
                drop(black_box(pools.notify(&Event::Tick5(5))));
                for pool in pools.iter_mut() {
                    drop(black_box((pool.dispatch("box", |_, _| Offer::Taken), pool.heard("ear", piece))));
                    assert!(pool.waiting() <= 3, "no more wait than may");
                }
            }
            drop(black_box(pools.iter_mut().map(|pool| pool.ended("ear")).collect::<Vec<_>>()));
        }
    }),
    parser("seeds/output.log", |bytes| {
        let logged = |pieces: Vec<Piece<'_>>| -> Vec<u8> {
            let logged = pieces.iter().map(|piece| match piece {
                Piece::Log(text) => text.as_ref(),
                Piece::Capturing(_) | Piece::Captured(_) => &[],
            });
            logged.flatten().copied().collect()
        };
        assert_eq!(logged(Dispatcher::new(0, false).record(bytes)), bytes, "nothing is lost");
        let mut dispatcher = Dispatcher::new(16, true);
        let mut all: Vec<u8> = bytes.chunks(3).flat_map(|piece| logged(dispatcher.record(piece))).collect();
        all.extend(logged(dispatcher.finish()));
        assert!(all.len() <= bytes.len(), "nothing is added");
    }),
    parser("/schedstat", |bytes| drop(black_box(proc::schedstat(bytes)))),
];

/// Parses the rest of the input by the parser that its first byte selects.
pub fn one(input: &[u8]) {
    if let Some((selector, bytes)) = input.split_first()
        && let Some(parser) = PARSERS.get(usize::from(*selector))
    {
        (parser.parse)(bytes);
    }
}

/// A machine that has one file, /etc/main.conf.
fn machine(main: &[u8]) -> Surroundings {
    Surroundings {
        environment: vec![("PATH".to_owned(), "/bin".to_owned()), ("HOME".to_owned(), "/home/me".to_owned())],
        host: "box".to_owned(),
        directory: "/".to_owned(),
        uid: 0,
        users: userland::logins(b"root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/bash\n"),
        groups: userland::memberships(b"root:x:0:\nme:x:1000:\nadm:x:4:you,me\n"),
        files: Box::new(OneFile(main.to_vec())),
    }
}

struct OneFile(Vec<u8>);

impl OneFile {
    const PATH: &str = "/etc/main.conf";
}

impl Files for OneFile {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == Path::new(Self::PATH) { Ok(self.0.clone()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn exists(&self, path: &Path) -> bool {
        path == Path::new(Self::PATH) || self.is_directory(path)
    }

    fn is_directory(&self, path: &Path) -> bool {
        ["/", "/etc", "/tmp"].map(Path::new).contains(&path)
    }

    fn may_write(&self, _: &Path) -> bool {
        true
    }

    fn names(&self, directory: &Path) -> Vec<String> {
        if directory == Path::new("/etc") { vec!["main.conf".to_owned()] } else { Vec::new() }
    }

    fn mode(&self, _: &Path) -> Option<u32> {
        Some(0o644)
    }
}
