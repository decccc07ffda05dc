//! What procps 4.0.2 printed of a /proc that was made for it.

use super::*;
use crate::kernel::proc::{PidStat, PidStatus, Statm};
use crate::snapshot::{Details, Task};
use crate::tools::top::field::COLUMNS;
use crate::tools::top::names::Names;
use crate::unit::{Bytes, CpuSet, Ticks};
use std::time::Duration;

fn row() -> Row {
    let stat = b"42 (name) S 7 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0\n";
    let stat = PidStat::parse(stat).unwrap();
    let task = Task { stat, tgid: 42, owner: Some((0, 0)), statm: None, details: None, gone: false };
    Row { task, ticks: 0, cpu: 0.0, majflt: 0, minflt: 0, level: 0, folded: false }
}

fn names() -> Names {
    Names {
        users: crate::userland::passwd(b"root:x:0:0::/:\nmessagebus:x:100:1::/:\n\x1b[2J:x:7:7::/:\n"),
        groups: crate::userland::group(b"root:x:0:\ndaemon:x:1:\n"),
        terminals: None,
        nodes: vec![(3, CpuSet::parse("0-1").unwrap())],
    }
}

fn terms(names: &Names) -> Terms<'_> {
    Terms {
        page: 4096,
        memory: Bytes::from_kib(24_684_092),
        boottime: Duration::from_millis(10_000_370),
        names,
        online: 2,
        utf8: true,
        threads: false,
        task_scale: 0,
        tics_scaled: 0,
        zero_suppress: false,
        cumulative: false,
        command_line: true,
        forest: false,
    }
}

fn shown(field: Field, width: usize, row: &Row, terms: &Terms<'_>) -> String {
    let mut out = b"<".to_vec();
    let columns = write(field, row, terms, width, &mut out);
    assert!(columns <= width, "{field:?} {columns} > {width}");
    String::from_utf8(out).unwrap().split_off(1)
}

fn with(details: Details) -> Row {
    let mut row = row();
    row.task.details = Some(Box::new(details));
    row
}

fn command(cmdline: &[u8], width: usize, utf8: bool) -> String {
    let row = with(Details { cmdline: Some(cmdline.into()), ..Details::default() });
    let names = names();
    shown(Field::Command, width, &row, &Terms { utf8, ..terms(&names) })
}

fn group_file(field: Field, cgroup: &str) -> String {
    let row = with(Details { cgroup: Some(cgroup.into()), ..Details::default() });
    shown(field, 80, &row, &terms(&names()))
}

#[test]
fn memory_is_scaled_to_its_column() {
    let show = |kib, width, scale| {
        let mut out = Vec::new();
        scale::memory(kib, width, scale, &mut out);
        String::from_utf8(out).unwrap()
    };
    for (kib, seven, six) in [
        (0, "0", "0"),
        (999_996, "999996", "999996"),
        (1_000_000, "1000000", "976.6m"),
        (4_000_000, "4000000", "3.8g"),
        (9_999_996, "9999996", "9.5g"),
        (10_000_000, "9765.6m", "9.5g"),
        (10_380_902_400, "9900.0g", "9.7t"),
        (4_000_000_000_000_000, "3638.0p", "?"),
        (40_000_000_000_000_000, "?", "?"),
    ] {
        assert_eq!((show(kib, 7, 0).as_str(), show(kib, 6, 0).as_str()), (seven, six), "{kib}");
        // Exbibytes are the summary's alone.
        assert_eq!(show(kib, 7, 5), seven);
    }
    assert_eq!([1, 2, 3, 4].map(|scale| show(3_999_996, 7, scale)), ["3906.2m", "3.8g", "0.0t", "0.0p"]);
    // Ties go to the even digit; and from 16 GiB on single precision shows: 7752.95 and a little less.
    assert_eq!([256, 768].map(|kib| show(kib, 6, 1)), ["0.2m", "0.8m"]);
    assert_eq!(show(8_324_666_670_764, 7, 0), "7753.0t");
}

#[test]
fn counts_are_scaled_by_1024() {
    let show = |count, width| {
        let mut out = Vec::new();
        scale::count(count, width, &mut out);
        String::from_utf8(out).unwrap()
    };
    for (count, four, five, six) in [
        (9_999, "9999", "9999", "9999"),
        (10_000, "9.8k", "10000", "10000"),
        (99_999, "98k", "99999", "99999"),
        (999_999, "977k", "977k", "999999"),
        (1_000_000, "977k", "977k", "976.6k"),
        (9_999_999, "9.5m", "9766k", "9766k"),
        (100_000_000, "95m", "95.4m", "97656k"),
        (u64::MAX, "16e", "16.0e", "16384p"),
    ] {
        assert_eq!([4, 5, 6].map(|width| show(count, width)), [four, five, six], "{count}");
    }
    assert_eq!([1000, 99_000, 150_000, 1_000_000].map(|count| show(count, 3)), ["1k", "97k", "0m", "1m"]);
}

#[test]
fn times_are_scaled_to_their_column_and_to_their_size() {
    let show = |ticks, width, scale| {
        let mut out = Vec::new();
        scale::ticks(ticks, width, scale, &mut out);
        String::from_utf8(out).unwrap()
    };
    for (ticks, time, plus) in [
        (0, "0:00", "0:00.00"),
        (59_999, "9:59", "9:59.99"),
        (2_160_099, "360:00", "360:00.99"),
        (2_165_999, "360:59", "360:59.99"),
        (2_166_000, "6,01", "6,01"),
        (34_919_999, "96,59", "96,59"),
        (34_920_000, "4d+1h", "4d+1h"),
        (120_959_999, "13d", "13d+23h"),
        (129_599_999, "14d", "14d+23h"),
        (129_600_000, "2w+1d", "2w+1d"),
        (6_048_000_000, "100w", "100w+0d"),
        (604_799_939_520_000, "?", "9999999w"),
        (6_048_000_000_000_000, "?", "?"),
    ] {
        assert_eq!((show(ticks, 6, 1).as_str(), show(ticks, 9, 0).as_str()), (time, plus), "{ticks}");
    }
    let scales = [1, 2, 3, 4, 5, 6].map(|scale| show(10_000_000, 9, scale));
    assert_eq!(scales, ["27,46", "27,46", "1d+3h", "1d", "0w+1d", "0w"]);
    assert_eq!([show(5_999, 9, 2), show(99 * 8_640_000, 9, 4)], ["0,00", "99d"]);
}

#[test]
fn percentages_have_the_decimals_that_have_room() {
    let show = |percent, decimals, width| {
        let mut out = Vec::new();
        scale::percent(percent, decimals, width, &mut out);
        String::from_utf8(out).unwrap()
    };
    let mem = [0.0, 40.5, 405.1, 4051.2, 42_055.0, 420_550.0].map(|percent| show(percent, 1, 5));
    assert_eq!(mem, ["0.0", "40.5", "405.1", "4051", "42055", "?"]);
    let cuu = [0.0, 87.636, 757.18, 3028.68, 10_604.0, 757_175.0, 1_129_025.0].map(|percent| show(percent, 3, 6));
    assert_eq!(cuu, ["0.000", "87.636", "757.18", "3028.7", "10604", "757175", "?"]);
    assert_eq!(show(0.25, 1, 5), "0.2");
}

#[test]
fn the_share_of_cpus_has_a_cap() {
    let names = names();
    let show = |online, threads, nth| {
        let mut row = row();
        row.cpu = 1e9;
        row.task.stat.num_threads = nth;
        shown(Field::Cpu, 5, &row, &Terms { online, threads, ..terms(&names) })
    };
    assert_eq!(
        [show(1, false, 1), show(2, false, 1), show(2, false, 3), show(2, true, 3)],
        ["99.9", "100.0", "200.0", "99.9"]
    );
    assert_eq!(
        [show(9, false, 99), show(10, false, 99), show(11, false, 99), show(1024, false, 120)],
        ["900.0", "999.9", "1100", "12000"]
    );
    assert_eq!(show(1024, false, 2000), "?");
}

#[test]
fn numbers_too_wide_end_in_a_plus() {
    let names = names();
    let mut row = row();
    row.task.stat.ppid = 100_000;
    row.task.stat.num_threads = 1000;
    row.task.stat.processor = 10;
    row.task.stat.nice = -19;
    let show = |field, width| shown(field, width, &row, &terms(&names));
    let shown = [(Field::Ppid, 5), (Field::Nth, 3), (Field::P, 1), (Field::P, 2), (Field::Ni, 3), (Field::Nu, 2)];
    assert_eq!(shown.map(|(field, width)| show(field, width)), ["1000+", "10+", "+", "10", "-19", "-1"]);
    assert_eq!(show(Field::Ppid, 0), "");
}

#[test]
fn words_and_signs() {
    let names = names();
    let terms = terms(&names);
    let mut row = row();
    row.task.stat.flags = 0x5f5_e100;
    row.task.owner = Some((100, 9));
    let words = [Field::User, Field::Group, Field::Flags, Field::S, Field::Tty, Field::Wchan, Field::Lxc, Field::Cls];
    let words = words.map(|field| shown(field, 8, &row, &terms));
    assert_eq!(words, ["message+", "9", ".5f5e1..", "S", "?", "?", "-", "TS"]);
    for (priority, text) in [(-100, "rt"), (-99, "-99"), (-2, "-2"), (139, "139"), (999, "999"), (1000, "rt")] {
        row.task.stat.priority = priority;
        assert_eq!(shown(Field::Pr, 3, &row, &terms), text);
    }
    for (wchan, text) in [("0", "-"), ("", "?"), ("0x", "0x"), ("__z", "z"), ("poll_schedule_timeout", "poll_sche+")] {
        let row = with(Details { wchan: Some(wchan.into()), ..Details::default() });
        assert_eq!(shown(Field::Wchan, 10, &row, &terms), text);
    }
    let nothing =
        [Field::Environ, Field::Exe, Field::Supgids, Field::Supgrps, Field::Cgroups, Field::Cgname, Field::Docker];
    assert_eq!(nothing.map(|field| shown(field, 80, &row, &terms)), ["-"; 7]);
    assert_eq!(
        [Field::Logid, Field::Agid, Field::Agni, Field::Ior, Field::NsPid].map(|field| shown(field, 10, &row, &terms)),
        ["-1", "-1", "0", "0", "0"]
    );
}

#[test]
fn a_user_is_read_where_what_is_not_dumpable_has_one() {
    let names = names();
    let status =
        b"Name:\tx\nTgid:\t42\nUid:\t3\t4\t5\t6\nGid:\t7\t8\t9\t10\nGroups:\t0 1 99 \nVmLck:\t3 kB\nRssAnon:\t7 kB\n\
        RssFile:\t8 kB\nRssShmem:\t9 kB\nVmSwap:\t15 kB\n";
    let mut row = with(Details { status: Some(PidStatus::parse(status).unwrap()), ..Details::default() });
    row.task.statm = Some(Statm { size: 1, resident: 2, shared: 3, text: 4, lib: 5, data: 6, dt: 7 });
    let show = |field| shown(field, 20, &row, &terms(&names));
    assert_eq!([Field::Uid, Field::Ruid, Field::Suid, Field::Gid].map(show), ["4", "3", "5", "8"]);
    assert_eq!([Field::Supgids, Field::Supgrps].map(show), ["0,1,99", "root,daemon,99"]);
    assert_eq!([Field::Swap, Field::Used, Field::Rsan, Field::Rslk].map(show), ["15", "39", "7", "3"]);
    assert_eq!(
        [Field::Virt, Field::Res, Field::Shr, Field::Code, Field::Data, Field::Ndrt].map(show),
        ["4", "8", "12", "16", "24", "0"]
    );
}

#[test]
fn zeroes_that_are_not_shown() {
    let names = names();
    let terms = Terms { zero_suppress: true, ..terms(&names) };
    let mut row = row();
    row.task.stat.starttime = Ticks(0);
    row.task.stat.priority = 0;
    let shown: Vec<_> = COLUMNS.iter().filter(|column| !shown(column.field, 20, &row, &terms).is_empty()).collect();
    let shown: Vec<_> = shown.iter().take_while(|column| column.name != "CLS").map(|column| column.name).collect();
    assert_eq!(
        shown.join(" "),
        "PID PPID UID USER RUID RUSER SUID SUSER GID GROUP PGRP TTY TPGID SID PR nTH P S COMMAND WCHAN \
        Flags CGROUPS SUPGIDS SUPGRPS TGID ENVIRON LXC CGNAME NU LOGID EXE AGID ELAPSED"
    );
}

#[test]
fn a_time_to_come_is_unknown() {
    let names = names();
    let mut row = row();
    let show =
        |row: &Row| [Field::Started, Field::Elapsed, Field::Cuu].map(|field| shown(field, 7, row, &terms(&names)));
    assert_eq!(show(&row), ["0:01", "2,46", "0.000"]);
    row.task.stat.starttime = Ticks(2_000_000);
    assert_eq!(show(&row), ["333:20", "?", "0.000"]);
}

#[test]
fn command_lines() {
    let shapes = [&b""[..], b"\0", b"\0\0", b"a\0\0\0", b"a", b"a b\0c", b"a\0\0b\0", b"  a\0", b"a\nb\0", b"\0a\0"];
    let texts = ["[name]", "?", "?", "a", "a", "a b c", "a  b", "  a", "a b", " a"];
    assert_eq!(shapes.map(|cmdline| command(cmdline, 80, true)), texts);
    let names = names();
    let mut row = row();
    row.task.stat.state.0 = b'Z';
    assert_eq!(shown(Field::Command, 80, &row, &terms(&names)), "[name] <defunct>");
    assert_eq!(shown(Field::Command, 9, &row, &terms(&names)), "[name] <+");
    assert_eq!(shown(Field::Command, 80, &row, &Terms { command_line: false, ..terms(&names) }), "name");
}

#[test]
fn the_forest_ends_at_a_hundred_levels() {
    let names = names();
    let terms = Terms { forest: true, command_line: false, ..terms(&names) };
    let show = |level, folded| {
        let row = Row { level, folded, ..row() };
        shown(Field::Command, 500, &row, &terms)
    };
    assert_eq!([show(0, false), show(1, false), show(2, false)], ["name", " `- name", "     `- name"]);
    assert_eq!([show(0, true), show(1, true), show(2, true)], ["name", "+`- name", "+    `- name"]);
    assert_eq!(show(100, false), format!("{}`- name", " ".repeat(397)));
    assert_eq!(show(5000, false), format!("{}+  name", " ".repeat(397)));
}

#[test]
fn nothing_that_a_terminal_obeys() {
    assert_eq!(command(b"a\x01b\x1b[31mc\x7fd\te", 80, true), "a?b?[31mc?d?e");
    assert_eq!(command(b"a\x01b\x1b[31mc\x7fd\te", 80, false), "a.b.[31mc.d.e");
    assert_eq!(command("é日".as_bytes(), 80, false), "?????");
    assert_eq!(command(b"\xff\xfe\x80x", 80, true), "???x");
    // Behind what is no UTF-8 there is only ASCII.
    assert_eq!(command(b"\xc3\xa9\x01\xff\xc3\xa9\x01", 80, true), "é?".to_owned() + "???.");
    assert_eq!(command(b"x\xe6\x97", 80, true), "x??");
    // procps sends these as they are: controls of two bytes, and a letter cut short.
    assert_eq!(command(b"\xc2\x9b31mx\xe6\x97x", 80, true), "??31mx??x");
    let row = with(Details {
        wchan: Some(b"\x1b[2J\n".into()),
        cgroup: Some(b"0::/lxc/\x1bc\n".into()),
        ..Details::default()
    });
    let names = names();
    assert_eq!(shown(Field::Wchan, 10, &row, &terms(&names)), "?[2J?");
    assert_eq!(shown(Field::Lxc, 10, &row, &terms(&names)), "?c");
    let mut row = row;
    row.task.owner = Some((7, 7));
    assert_eq!(shown(Field::User, 8, &row, &terms(&names)), "?[2J");
}

#[test]
fn wide_letters_have_two_columns() {
    for (text, nine, ten) in [
        ("日本語日本語", "日本語日+", "日本語日+"),
        ("a日本語日本語", "a日本語+", "a日本語日+"),
        ("ééééééééééé", "éééééééé+", "ééééééééé+"),
        ("xxxxxxxx日", "xxxxxxxx+", "xxxxxxxx日"),
        ("xxxxxxx日xx", "xxxxxxx+", "xxxxxxx日+"),
        ("\u{301}xxxxxxxxx", "\u{301}xxxxxxxxx", "\u{301}xxxxxxxxx"),
        ("xxxxxxxxxx\u{301}", "xxxxxxxx+", "xxxxxxxxxx\u{301}"),
    ] {
        assert_eq!((command(text.as_bytes(), 9, true), command(text.as_bytes(), 10, true)), (nine.into(), ten.into()));
    }
    // Of marks without end there is an end.
    let marks = "\u{301}".repeat(1_000_000);
    assert!(command(marks.as_bytes(), 80, true).len() < 1400);
    assert_eq!(command(&vec![b'x'; 4 << 20], 5, true), "xxxx+");
    assert_eq!(command(b"xx", 0, true), "");
}

#[test]
fn control_groups() {
    let cases = [
        ("", "-", "-", "-"),
        ("1:cpu:/\n0::/\n", "-", "-", "-"),
        ("0::/a", "0::/a", "0::/a", "-"),
        ("3:cpu:/x\n2:mem:/\n0::/z\n", "3:cpu:/x,0::/z", "3:cpu:/x,0::/z", "-"),
        (
            "2:cpu:/lxc/abc\n1:name=systemd:/lxc/foo\n",
            "2:cpu:/lxc/abc,1:name=systemd:/lxc/foo",
            "systemd:/lxc/foo",
            "abc",
        ),
        ("1:name=a:/b\n2:name=c:/d\n", "1:name=a:/b,2:name=c:/d", "a:/b,2:name=c:/d", "-"),
        ("1:x:/lxc/a\n0::/lxc.payload/b\n", "1:x:/lxc/a,0::/lxc.payload/b", "1:x:/lxc/a,0::/lxc.payload/b", "b"),
        ("0::/lxc.payload.f/lxc/b\n", "0::/lxc.payload.f/lxc/b", "0::/lxc.payload.f/lxc/b", "f"),
        ("0::/lxc.monitor.f\n", "0::/lxc.monitor.f", "0::/lxc.monitor.f", "-"),
        ("0::/a/lxc/b/lxc/c\n", "0::/a/lxc/b/lxc/c", "0::/a/lxc/b/lxc/c", "c"),
    ];
    for (file, groups, name, lxc) in cases {
        let read = [Field::Cgroups, Field::Cgname, Field::Lxc].map(|field| group_file(field, file));
        assert_eq!(read, [groups, name, lxc], "{file}");
    }
    assert_eq!(group_file(Field::Docker, "0::/docker/0123456789abcdef\n"), "0123456789ab");
    assert_eq!(group_file(Field::Docker, "0::/system.slice/docker-0123456789abcdef.scope\n"), "0123456789ab");
    assert_eq!(group_file(Field::Docker, "0::/docker/short\n"), "-");
}

#[test]
fn columns_are_filled() {
    let names = names();
    let show = |field, width, side| {
        let mut out = b"|".to_vec();
        padded(&Placed { field, width, side }, &row(), &terms(&names), &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!([show(Field::Pid, 5, Side::Right), show(Field::User, 8, Side::Left)], ["|   42", "|root    "]);
    let mut out = Vec::new();
    pad(b"RES", 6, Side::Right, &mut out);
    pad(b"S", 1, Side::Right, &mut out);
    pad(b"PID", 5, Side::Left, &mut out);
    pad(b"NU", 1, Side::Left, &mut out);
    assert_eq!(out, b"   RESSPID  N");
}
