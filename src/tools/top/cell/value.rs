//! What a field says of a task, before it is text: tasks are sorted by it too.

use crate::snapshot::PidStatus;
use crate::tools::top::field::Field;
use crate::tools::top::row::{Row, Terms};
use crate::unit::{Bytes, Ticks};

/// What a field says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::tools::top) enum Value {
    /// A number that is never scaled.
    Number(i64),
    /// A number of things or bytes, which is.
    Count(u64),
    /// Memory.
    Kib(u64),
    /// A time, in ticks, and the least it is scaled to: 0 hundredths, 1 minutes, 2 hours.
    Ticks(u64, usize),
    /// Percent with one decimal.
    Percent(f32),
    /// Percent with up to three.
    Share(f32),
    /// What should be a number, and is not one.
    Unknown,
    /// Words.
    Text,
}

/// The effective user; `None` where it is hidden. Whoever reads status anyway takes it from there.
pub(super) fn user(row: &Row) -> Option<u32> {
    let status = row.task.details.as_ref().and_then(|details| details.status.as_ref());
    status.map(|status| status.uid[1]).or_else(|| row.task.owner.map(|(uid, _)| uid))
}

/// The effective group, likewise.
pub(super) fn group(row: &Row) -> Option<u32> {
    let status = row.task.details.as_ref().and_then(|details| details.status.as_ref());
    status.map(|status| status.gid[1]).or_else(|| row.task.owner.map(|(_, gid)| gid))
}

/// Nobody is root because it cannot be told who they are.
fn id(id: Option<u32>) -> Value {
    id.map_or(Value::Unknown, |id| Value::Number(id.into()))
}

fn number(value: u64) -> Value {
    Value::Number(value.try_into().unwrap_or(i64::MAX))
}

/// As procps, which divides in single precision: seldom, but visibly in the last digit.
fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 * 100.0 / whole as f32 }
}

impl Value {
    /// What `field` says of a task. What could not be read is 0, as procps shows it.
    pub(in crate::tools::top) fn of(field: Field, row: &Row, terms: &Terms<'_>) -> Value {
        let task = &row.task;
        let stat = &task.stat;
        let details = task.details.as_deref();
        let pages = |pages: u64| Value::Kib((Bytes(terms.page) * pages).kib());
        let statm = task.statm.unwrap_or_default();
        let status = details.and_then(|details| details.status.as_ref());
        let kib = |bytes: Option<Bytes>| Value::Kib(bytes.unwrap_or_default().kib());
        let smaps = details.and_then(|details| details.smaps.as_ref());
        let io = details.and_then(|details| details.io.as_ref());
        let inode = |nth: usize| {
            let inode = details.and_then(|details| details.namespaces.get(nth).copied().flatten());
            number(inode.unwrap_or_default())
        };
        let spent = stat.utime.0 + stat.stime.0;
        let with_children = spent + stat.cutime.0 + stat.cstime.0;
        match field {
            Field::Pid => Value::Number(stat.pid.into()),
            Field::Ppid => Value::Number(stat.ppid.into()),
            Field::Uid => id(user(row)),
            Field::Ruid => id(status.map(|status| status.uid[0])),
            Field::Suid => id(status.map(|status| status.uid[2])),
            Field::Gid => id(group(row)),
            Field::Pgrp => Value::Number(stat.pgrp.into()),
            Field::Tpgid => Value::Number(stat.tpgid.into()),
            Field::Sid => Value::Number(stat.session.into()),
            Field::Tgid => Value::Number(task.tgid.into()),
            Field::Pr => Value::Number(stat.priority),
            Field::Ni => Value::Number(stat.nice),
            Field::Nth => number(stat.num_threads),
            Field::P => Value::Number(stat.processor.into()),
            Field::Nu => {
                let node = terms.names.nodes.iter().find(|(_, cpus)| cpus.contains(stat.processor));
                Value::Number(node.map_or(-1, |(node, _)| (*node).into()))
            }
            Field::Cpu => Value::Percent(capped(row, terms)),
            Field::Mem => Value::Percent(share((Bytes(terms.page) * statm.resident).kib(), terms.memory.kib())),
            Field::Time => Value::Ticks(if terms.cumulative { with_children } else { spent }, 1),
            Field::TimePlus => Value::Ticks(if terms.cumulative { with_children } else { spent }, 0),
            Field::Started => Value::Ticks(stat.starttime.0, 1),
            Field::Elapsed => elapsed(row, terms).map_or(Value::Unknown, |ticks| Value::Ticks(ticks, 2)),
            Field::Cuu => Value::Share(share(spent, elapsed(row, terms).unwrap_or_default())),
            Field::Cuc => Value::Share(share(with_children, elapsed(row, terms).unwrap_or_default())),
            Field::Virt => pages(statm.size),
            Field::Res => pages(statm.resident),
            Field::Shr => pages(statm.shared),
            Field::Code => pages(statm.text),
            Field::Data => pages(statm.data),
            // Linux has not told since 2.6.
            Field::Ndrt => Value::Count(0),
            Field::Swap => kib(status.and_then(|status| status.vm_swap)),
            Field::Used => {
                let parts = |status: &PidStatus| [status.rss_anon, status.rss_file, status.rss_shmem, status.vm_swap];
                kib(status.map(|status| parts(status).into_iter().flatten().sum()))
            }
            Field::Rsan => kib(status.and_then(|status| status.rss_anon)),
            Field::Rsfd => kib(status.and_then(|status| status.rss_file)),
            Field::Rssh => kib(status.and_then(|status| status.rss_shmem)),
            Field::Rslk => kib(status.and_then(|status| status.vm_lck)),
            Field::Rss => kib(smaps.map(|smaps| smaps.rss)),
            Field::Pss => kib(smaps.map(|smaps| smaps.pss)),
            Field::Psan => kib(smaps.and_then(|smaps| smaps.pss_anon)),
            Field::Psfd => kib(smaps.and_then(|smaps| smaps.pss_file)),
            Field::Pssh => kib(smaps.and_then(|smaps| smaps.pss_shmem)),
            Field::Uss => kib(smaps.map(|smaps| smaps.private_clean + smaps.private_dirty)),
            Field::Nmaj => Value::Count(stat.majflt),
            Field::Nmin => Value::Count(stat.minflt),
            Field::Vmj => Value::Count(row.majflt),
            Field::Vmn => Value::Count(row.minflt),
            Field::Ior => Value::Count(io.map_or(0, |io| io.read_bytes.0)),
            Field::Iorop => Value::Count(io.map_or(0, |io| io.syscr)),
            Field::Iow => Value::Count(io.map_or(0, |io| io.write_bytes.0)),
            Field::Iowop => Value::Count(io.map_or(0, |io| io.syscw)),
            Field::Ooma => Value::Number(details.and_then(|details| details.oom_score_adj).unwrap_or_default()),
            Field::Ooms => number(details.and_then(|details| details.oom_score).unwrap_or_default()),
            Field::Agid => {
                details.and_then(|details| details.autogroup).map_or(Value::Number(-1), |group| number(group.id))
            }
            Field::Agni => Value::Number(details.and_then(|details| details.autogroup).map_or(0, |group| group.nice)),
            Field::Logid => {
                let uid = details.and_then(|details| details.loginuid);
                Value::Number(uid.map_or(-1, u32::cast_signed).into())
            }
            Field::NsIpc => inode(0),
            Field::NsMnt => inode(1),
            Field::NsNet => inode(2),
            Field::NsPid => inode(3),
            Field::NsUser => inode(4),
            Field::NsUts => inode(5),
            Field::NsCgroup => inode(6),
            Field::NsTime => inode(7),
            Field::Nfd => number(details.and_then(|details| details.fds).unwrap_or_default()),
            Field::User | Field::Ruser | Field::Suser | Field::Group | Field::Tty | Field::S | Field::Command => {
                Value::Text
            }
            Field::Wchan | Field::Flags | Field::Cgroups | Field::Supgids | Field::Supgrps | Field::Environ => {
                Value::Text
            }
            Field::Lxc | Field::Cgname | Field::Exe | Field::Cls | Field::Docker => Value::Text,
        }
    }
}

/// %CPU, no more than its threads, and all CPUs, can have: a tick is coarser than a short interval.
fn capped(row: &Row, terms: &Terms<'_>) -> f32 {
    let all = match terms.online {
        _ if terms.threads => 99.9,
        0 | 1 => 99.9,
        10 => 999.9,
        cpus => 100.0 * cpus as f32,
    };
    (row.cpu as f32).min(100.0 * row.task.stat.num_threads as f32).min(all)
}

/// The ticks since it started; `None` where that is to come. /proc/uptime has no more digits than ticks.
fn elapsed(row: &Row, terms: &Terms<'_>) -> Option<u64> {
    let now = terms.boottime.as_nanos() * u128::from(Ticks::PER_SECOND) / 1_000_000_000;
    u64::try_from(now).unwrap_or(u64::MAX).checked_sub(row.task.stat.starttime.0)
}
