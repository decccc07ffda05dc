//! The fields a task can be shown with, by procps' names, numbers and words.

use crate::snapshot::Needs;

/// A field. The number is procps' own, which the rc file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is told in COLUMNS")]
pub enum Field {
    Pid,
    Ppid,
    Uid,
    User,
    Ruid,
    Ruser,
    Suid,
    Suser,
    Gid,
    Group,
    Pgrp,
    Tty,
    Tpgid,
    Sid,
    Pr,
    Ni,
    Nth,
    P,
    Cpu,
    Time,
    TimePlus,
    Mem,
    Virt,
    Swap,
    Res,
    Code,
    Data,
    Shr,
    Nmaj,
    Nmin,
    Ndrt,
    S,
    Command,
    Wchan,
    Flags,
    Cgroups,
    Supgids,
    Supgrps,
    Tgid,
    Ooma,
    Ooms,
    Environ,
    Vmj,
    Vmn,
    Used,
    NsIpc,
    NsMnt,
    NsNet,
    NsPid,
    NsUser,
    NsUts,
    Lxc,
    Rsan,
    Rsfd,
    Rslk,
    Rssh,
    Cgname,
    Nu,
    Logid,
    Exe,
    Rss,
    Pss,
    Psan,
    Psfd,
    Pssh,
    Uss,
    Ior,
    Iorop,
    Iow,
    Iowop,
    Agid,
    Agni,
    Started,
    Elapsed,
    Cuu,
    Cuc,
    NsCgroup,
    NsTime,
    Cls,
    Docker,
    Nfd,
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many columns of the terminal.
    Columns(usize),
    /// So many, and what the user adds (X): a text cut off here cannot be scaled as a number can.
    Extensible(usize),
    /// As many as the number of the last CPU has digits.
    Cpu,
    /// As many as the largest pid of the machine has digits.
    Pid,
    /// All that is left of the line; several share it.
    Rest,
}

/// To which side of its column a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Side {
    Left,
    Right,
}

/// A field's column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The field.
    pub field: Field,
    /// Its name: the header, and what `-o` and filters call it.
    pub name: &'static str,
    /// How wide it is, where the user asks for no other width.
    pub width: Width,
    /// Where its texts stand.
    pub side: Side,
    /// What must be read of a task to show it, beside /proc/PID/stat.
    pub needs: Needs,
    /// What it is, in the words of the fields screen.
    pub about: &'static str,
}

const fn column(
    field: Field,
    name: &'static str,
    width: Width,
    side: Side,
    needs: Needs,
    about: &'static str,
) -> Column {
    Column { field, name, width, side, needs, about }
}

/// All fields, in the order of their numbers.
pub const COLUMNS: [Column; 81] = [
    column(Field::Pid, "PID", Width::Pid, Side::Right, Needs::NONE, "Process Id"),
    column(Field::Ppid, "PPID", Width::Pid, Side::Right, Needs::NONE, "Parent Process pid"),
    column(Field::Uid, "UID", Width::Extensible(5), Side::Right, Needs::OWNER, "Effective User Id"),
    column(Field::User, "USER", Width::Extensible(8), Side::Left, Needs::OWNER, "Effective User Name"),
    column(Field::Ruid, "RUID", Width::Extensible(5), Side::Right, Needs::STATUS, "Real User Id"),
    column(Field::Ruser, "RUSER", Width::Extensible(8), Side::Left, Needs::STATUS, "Real User Name"),
    column(Field::Suid, "SUID", Width::Extensible(5), Side::Right, Needs::STATUS, "Saved User Id"),
    column(Field::Suser, "SUSER", Width::Extensible(8), Side::Left, Needs::STATUS, "Saved User Name"),
    column(Field::Gid, "GID", Width::Extensible(5), Side::Right, Needs::OWNER, "Group Id"),
    column(Field::Group, "GROUP", Width::Extensible(8), Side::Left, Needs::OWNER, "Group Name"),
    column(Field::Pgrp, "PGRP", Width::Pid, Side::Right, Needs::NONE, "Process Group Id"),
    column(Field::Tty, "TTY", Width::Extensible(8), Side::Left, Needs::NONE, "Controlling Tty"),
    column(Field::Tpgid, "TPGID", Width::Pid, Side::Right, Needs::NONE, "Tty Process Grp Id"),
    column(Field::Sid, "SID", Width::Pid, Side::Right, Needs::NONE, "Session Id"),
    column(Field::Pr, "PR", Width::Columns(3), Side::Right, Needs::NONE, "Priority"),
    column(Field::Ni, "NI", Width::Columns(3), Side::Right, Needs::NONE, "Nice Value"),
    column(Field::Nth, "nTH", Width::Columns(3), Side::Right, Needs::NONE, "Number of Threads"),
    column(Field::P, "P", Width::Cpu, Side::Right, Needs::NONE, "Last Used Cpu (SMP)"),
    column(Field::Cpu, "%CPU", Width::Columns(5), Side::Right, Needs::NONE, "CPU Usage"),
    column(Field::Time, "TIME", Width::Columns(6), Side::Right, Needs::NONE, "CPU Time"),
    column(Field::TimePlus, "TIME+", Width::Columns(9), Side::Right, Needs::NONE, "CPU Time, hundredths"),
    column(Field::Mem, "%MEM", Width::Columns(5), Side::Right, Needs::STATM, "Memory Usage (RES)"),
    column(Field::Virt, "VIRT", Width::Columns(7), Side::Right, Needs::STATM, "Virtual Image (KiB)"),
    column(Field::Swap, "SWAP", Width::Columns(6), Side::Right, Needs::STATUS, "Swapped Size (KiB)"),
    column(Field::Res, "RES", Width::Columns(6), Side::Right, Needs::STATM, "Resident Size (KiB)"),
    column(Field::Code, "CODE", Width::Columns(6), Side::Right, Needs::STATM, "Code Size (KiB)"),
    column(Field::Data, "DATA", Width::Columns(7), Side::Right, Needs::STATM, "Data+Stack (KiB)"),
    column(Field::Shr, "SHR", Width::Columns(6), Side::Right, Needs::STATM, "Shared Memory (KiB)"),
    column(Field::Nmaj, "nMaj", Width::Columns(4), Side::Right, Needs::NONE, "Major Page Faults"),
    column(Field::Nmin, "nMin", Width::Columns(4), Side::Right, Needs::NONE, "Minor Page Faults"),
    column(Field::Ndrt, "nDRT", Width::Columns(4), Side::Right, Needs::STATM, "Dirty Pages Count"),
    column(Field::S, "S", Width::Columns(1), Side::Right, Needs::NONE, "Process Status"),
    column(Field::Command, "COMMAND", Width::Rest, Side::Left, Needs::NONE, "Command Name/Line"),
    column(Field::Wchan, "WCHAN", Width::Extensible(10), Side::Left, Needs::WCHAN, "Sleeping in Function"),
    column(Field::Flags, "Flags", Width::Columns(8), Side::Left, Needs::NONE, "Task Flags <sched.h>"),
    column(Field::Cgroups, "CGROUPS", Width::Rest, Side::Left, Needs::CGROUP, "Control Groups"),
    column(Field::Supgids, "SUPGIDS", Width::Rest, Side::Left, Needs::STATUS, "Supp Groups IDs"),
    column(Field::Supgrps, "SUPGRPS", Width::Rest, Side::Left, Needs::STATUS, "Supp Groups Names"),
    column(Field::Tgid, "TGID", Width::Pid, Side::Right, Needs::NONE, "Thread Group Id"),
    column(Field::Ooma, "OOMa", Width::Columns(5), Side::Right, Needs::OOM, "OOMEM Adjustment"),
    column(Field::Ooms, "OOMs", Width::Columns(4), Side::Right, Needs::OOM, "OOMEM Score current"),
    column(Field::Environ, "ENVIRON", Width::Rest, Side::Left, Needs::ENVIRON, "Environment vars"),
    column(Field::Vmj, "vMj", Width::Columns(3), Side::Right, Needs::NONE, "Major Faults delta"),
    column(Field::Vmn, "vMn", Width::Columns(3), Side::Right, Needs::NONE, "Minor Faults delta"),
    column(Field::Used, "USED", Width::Columns(6), Side::Right, Needs::STATM.and(Needs::STATUS), "Res+Swap Size (KiB)"),
    column(Field::NsIpc, "nsIPC", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "IPC namespace Inode"),
    column(Field::NsMnt, "nsMNT", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "MNT namespace Inode"),
    column(Field::NsNet, "nsNET", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "NET namespace Inode"),
    column(Field::NsPid, "nsPID", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "PID namespace Inode"),
    column(Field::NsUser, "nsUSER", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "USER namespace Inode"),
    column(Field::NsUts, "nsUTS", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "UTS namespace Inode"),
    column(Field::Lxc, "LXC", Width::Extensible(8), Side::Left, Needs::CGROUP, "LXC container name"),
    column(Field::Rsan, "RSan", Width::Columns(6), Side::Right, Needs::STATUS, "RES Anonymous (KiB)"),
    column(Field::Rsfd, "RSfd", Width::Columns(6), Side::Right, Needs::STATUS, "RES File-based (KiB)"),
    column(Field::Rslk, "RSlk", Width::Columns(6), Side::Right, Needs::STATUS, "RES Locked (KiB)"),
    column(Field::Rssh, "RSsh", Width::Columns(6), Side::Right, Needs::STATUS, "RES Shared (KiB)"),
    column(Field::Cgname, "CGNAME", Width::Rest, Side::Left, Needs::CGROUP, "Control Group name"),
    column(Field::Nu, "NU", Width::Columns(2), Side::Right, Needs::NONE, "Last Used NUMA node"),
    column(Field::Logid, "LOGID", Width::Extensible(5), Side::Right, Needs::LOGINUID, "Login User Id"),
    column(Field::Exe, "EXE", Width::Rest, Side::Left, Needs::EXE, "Executable Path"),
    column(Field::Rss, "RSS", Width::Columns(6), Side::Right, Needs::SMAPS, "Res Mem (smaps), KiB"),
    column(Field::Pss, "PSS", Width::Columns(6), Side::Right, Needs::SMAPS, "Proportion RSS,  KiB"),
    column(Field::Psan, "PSan", Width::Columns(6), Side::Right, Needs::SMAPS, "Proportion Anon, KiB"),
    column(Field::Psfd, "PSfd", Width::Columns(6), Side::Right, Needs::SMAPS, "Proportion File, KiB"),
    column(Field::Pssh, "PSsh", Width::Columns(6), Side::Right, Needs::SMAPS, "Proportion Shrd, KiB"),
    column(Field::Uss, "USS", Width::Columns(6), Side::Right, Needs::SMAPS, "Unique RSS, KiB"),
    column(Field::Ior, "ioR", Width::Columns(6), Side::Right, Needs::IO, "I/O Bytes Read"),
    column(Field::Iorop, "ioRop", Width::Columns(5), Side::Right, Needs::IO, "I/O Read Operations"),
    column(Field::Iow, "ioW", Width::Columns(6), Side::Right, Needs::IO, "I/O Bytes Written"),
    column(Field::Iowop, "ioWop", Width::Columns(5), Side::Right, Needs::IO, "I/O Write Operations"),
    column(Field::Agid, "AGID", Width::Columns(5), Side::Right, Needs::AUTOGROUP, "Autogroup Identifier"),
    column(Field::Agni, "AGNI", Width::Columns(4), Side::Right, Needs::AUTOGROUP, "Autogroup Nice Value"),
    column(Field::Started, "STARTED", Width::Columns(7), Side::Right, Needs::NONE, "Start Time from boot"),
    column(Field::Elapsed, "ELAPSED", Width::Columns(7), Side::Right, Needs::NONE, "Elapsed Running Time"),
    column(Field::Cuu, "%CUU", Width::Columns(6), Side::Right, Needs::NONE, "CPU Utilization"),
    column(Field::Cuc, "%CUC", Width::Columns(7), Side::Right, Needs::NONE, "Utilization + child"),
    column(Field::NsCgroup, "nsCGROUP", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "CGRP namespace Inode"),
    column(Field::NsTime, "nsTIME", Width::Extensible(10), Side::Right, Needs::NAMESPACES, "TIME namespace Inode"),
    column(Field::Cls, "CLS", Width::Columns(3), Side::Left, Needs::NONE, "Scheduling Class"),
    column(Field::Docker, "Docker", Width::Extensible(8), Side::Left, Needs::CGROUP, "Docker container id"),
    column(Field::Nfd, "nFD", Width::Columns(3), Side::Right, Needs::FDS, "Open File Descriptors"),
];

impl Field {
    /// Its column.
    #[must_use]
    pub fn column(self) -> &'static Column {
        const FIRST: &Column = &COLUMNS[0];
        // The table has a row for each, in this order: a test says so.
        COLUMNS.get(self as usize).unwrap_or(FIRST)
    }

    /// The field of a name, letter by letter.
    #[must_use]
    pub fn named(name: &[u8]) -> Option<Field> {
        COLUMNS.iter().find(|column| column.name.as_bytes() == name).map(|column| column.field)
    }

    /// The field of a number.
    #[must_use]
    pub fn numbered(number: usize) -> Option<Field> {
        COLUMNS.get(number).map(|column| column.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stands_at_its_number() {
        for (number, column) in COLUMNS.iter().enumerate() {
            assert_eq!(column.field as usize, number, "{}", column.name);
            assert_eq!(Field::named(column.name.as_bytes()), Some(column.field));
        }
    }
}
