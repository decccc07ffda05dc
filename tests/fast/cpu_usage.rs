//! What captured machines tell of a container beside its limits.

use crate::support::captured::Captured;
use std::path::Path;
use std::time::Duration;
use vat::read::find::{self, Own, Place};
use vat::read::{self, Reader};
use vat::snapshot::cgroup::{CpuSplit, Events, Periods, Pressures};
use vat::sys::Machine;

fn with<T>(name: &str, check: impl FnOnce(&Reader<'_>, &Own) -> T) -> T {
    let machine = Captured::load(name);
    let reader = Reader::new(&machine);
    let Place::Inside(own) = find::own(&reader) else { panic!("{name} is a container") };
    let checked = check(&reader, &own);
    assert!(reader.take_notes().is_empty(), "{name}: nothing is malformed");
    checked
}

#[test]
fn v1_tells_of_each_cpu() {
    let usage = with("docker-v1", read::cpu_usage).unwrap();
    assert_eq!(usage.total, Duration::from_nanos(12_110_178_083_903));
    let rows: Vec<_> = usage.per_cpu.iter().map(|row| (row.cpu, row.total, row.split.is_some())).collect();
    let [first, second] = [5_908_682_222_598, 6_201_495_861_305].map(Duration::from_nanos);
    assert_eq!(rows, [(0, first, true), (1, second, true)]);
    let (user, system) = (Duration::from_nanos(9_048_929_194_355), Duration::from_nanos(2_914_608_138_682));
    assert_eq!(usage.split, Some(CpuSplit { user, system, nice: None }));
    assert_eq!(usage.throttled, Some(Duration::from_nanos(2_456_557_280)));
    assert_eq!(usage.periods, Some(Periods { above: 0, passed: 62, throttled: 61 }));
}

#[test]
fn v2_tells_the_whole() {
    let usage = with("docker-v2", read::cpu_usage).unwrap();
    let split = usage.split.unwrap();
    assert_eq!(usage.total, split.user + split.system);
    assert_eq!((split.nice, usage.per_cpu.len()), (Some(Duration::from_micros(1_158_185_740)), 0));
    assert_eq!(usage.throttled, Some(Duration::from_micros(2_456_557)));
    assert_eq!(usage.periods, Some(Periods { above: 0, passed: 62, throttled: 61 }));
}

#[test]
fn before_linux_5_17_the_ticks_tell_user_from_system() {
    let machine = Captured::load("docker-v1");
    let file = |name: &str| machine.root().path(Path::new("sys/fs/cgroup/cpuacct")).join(name);
    std::fs::write(file("cpuacct.usage_all"), "cpu user system\n0 5908682222598 0\n1 6201495861305 0\n").unwrap();
    let reader = Reader::new(&machine);
    let Place::Inside(own) = find::own(&reader) else { panic!("a container") };
    let usage = read::cpu_usage(&reader, &own).unwrap();
    assert_eq!(usage.split.unwrap().system, Duration::from_millis(2_950_330));
    assert!(usage.per_cpu.iter().all(|row| row.split.is_none()));
}

#[test]
fn what_was_refused_and_killed() {
    assert_eq!(with("docker-v1", read::events), Events { pids_rejected: Some(3), oom_kills: Some(2) });
    assert_eq!(with("docker-v2", read::events), Events { pids_rejected: Some(3), oom_kills: Some(1) });
    assert_eq!(with("centos7", read::events), Events::default(), "missing is not zero");
}

#[test]
fn pressure_is_the_containers_or_none() {
    let pressures = with("docker-v2", read::pressure);
    assert_eq!(pressures.cpu.and_then(|cpu| cpu.some).map(|some| some.avg10), Some(6336));
    assert!(pressures.memory.is_some() && pressures.io.is_some());
    assert_eq!(with("docker-v1", read::pressure), Pressures::default());
    assert_eq!(with("docker-hybrid", read::pressure), Pressures::default());
}
