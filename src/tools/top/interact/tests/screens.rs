//! The screens beside the tasks, the summary, and small screens.

use super::*;

#[test]
fn the_summary() {
    let mut desk = Desk::new();
    desk.type_in("t");
    let bars = |count| "|".repeat(count);
    assert_eq!(
        desk.styled(2),
        format!("%Cpu(s): <b> 25.0<>/25.0   50[<b>{}<>{}{}] ", bars(13), bars(13), " ".repeat(27))
    );
    desk.type_in("m");
    assert_eq!(
        desk.styled(3),
        format!("MiB Mem :<b> 11.9<>/24105.6  [<b>{}<>{}{}] ", bars(5), bars(2), " ".repeat(46))
    );
    desk.type_in("t4");
    let blocks = " ".repeat(3);
    assert_eq!(
        desk.styled(2),
        format!(
            "%Cpu0  : <b> 25.0<>/25.0   50[<r>{blocks}{blocks}<>{0}] <r> <> %Cpu1  : <b> 75.0<>/25.0  100[<r>{1}<>] ",
            " ".repeat(6),
            " ".repeat(12)
        )
    );
    assert_eq!(desk.line(4), "", "memory and swap are beside each other");
    desk.type_in("t4!");
    assert!(desk.line(1).starts_with("MiB Mem"));
    desk.type_in("t");
    assert!(desk.line(2).starts_with("0-1    : 50.0 us, 25.0 sy,"), "{}", desk.line(2));
    desk.type_in("!");
    assert!(desk.line(3).starts_with("%Cpu1  : 75.0 us,"));
    desk.type_in("12");
    assert!(desk.line(2).starts_with("%Cpu(s): 25.0 us"));
    assert!(desk.line(3).starts_with("%Node0 : 50.0 us"));
    desk.type_in("30\n");
    assert!(desk.line(2).starts_with("%Node0 : 50.0 us") && desk.line(4).starts_with("%Cpu1  :"));
    desk.type_in("1mml");
    assert!(desk.line(0).starts_with("Tasks:") && desk.line(1).starts_with("%Cpu(s):"));
    assert!(desk.line(3).starts_with("    PID"), "{:?}", desk.lines());
    desk.type_in("K");
    assert_eq!(desk.line(2), "Container: none");
}

#[test]
fn the_alternate_display() {
    let mut desk = Desk::new();
    desk.type_in("A");
    assert!(desk.styled(0).starts_with("<r>1:Def<> - 03:04:05"));
    assert_eq!(desk.lines()[6], "1    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND ");
    // 18 lines: 4, 4, 5 and 5.
    assert!(desk.line(10).starts_with("2    PID    PPID") && desk.line(14).starts_with("3    PID  %MEM"));
    assert!(desk.line(19).starts_with("4    PID"));
    desk.type_in("aa-");
    assert!(desk.styled(0).starts_with("3:Mem - "));
    assert!(!desk.lines().iter().any(|line| line.starts_with("3  ")));
    desk.type_in("N");
    assert_eq!(desk.message(), "Command disabled, activate 3:Mem with '-' or '_'");
    desk.type_in("_");
    assert!(desk.line(6).starts_with("3  ") && !desk.lines().iter().any(|line| line.starts_with("1  ")));
    desk.type_in("GNewname\n");
    assert!(desk.styled(0).starts_with("<r>3:New<> - "));
    desk.type_in("+g4");
    assert!(desk.styled(0).starts_with("<r>4:Usr<> - "));
    desk.type_in("z");
    assert!(desk.styled(19).starts_with("<r fg2>4"), "{}", desk.styled(19));
    assert!(desk.styled(6).starts_with("<r>1"), "each has its own colours");
    desk.type_in("w");
    desk.type_in("n12\n");
    assert!(
        desk.line(14).starts_with("3  ") && !desk.lines().iter().any(|line| line.starts_with("4  "))
            || desk.pids().len() > 9
    );
}

#[test]
fn the_fields_screen() {
    let mut desk = Desk::new();
    desk.type_in("f");
    assert_eq!(desk.styled(0), "<b>Fields Management<> for window <r>1:Def<>, whose current sort field is <b>%CPU");
    assert_eq!(desk.lines()[4], "* PID      = Process  PGRP     = Process  OOMs     = OOMEM S  RSS      = Res Mem");
    assert!(desk.styled(12).starts_with("*<b> <b r>%CPU    <b> = CPU Usa<>  CODE "), "{}", desk.styled(12));
    desk.type_in("d");
    assert!(desk.styled(12).starts_with("  <r>%CPU    <> = CPU Usa  CODE "), "{}", desk.styled(12));
    desk.press(Key::Right);
    desk.press(Key::Up);
    assert!(desk.styled(11).starts_with(" <r> %CPU     = CPU Usa<>  "), "{}", desk.styled(11));
    desk.press(Key::Enter);
    desk.press(Key::Home);
    desk.type_in("s");
    assert!(desk.styled(0).ends_with("<b>PID"));
    desk.press(Key::End);
    assert!(desk.styled(21).contains("<r>nsTIME  <> = "), "4.0.2 has 78 fields");
    desk.type_in("a");
    assert!(desk.styled(0).contains("<r>2:Job<>"));
    desk.type_in("wq");
    assert_eq!(desk.line(6), "    PID USER      PR  NI    VIRT    RES    SHR S  %MEM     TIME+ COMMAND");
    desk.size = Size { columns: 80, lines: 16 };
    desk.type_in("f");
    assert!(desk.line(4).starts_with("* PID        PPID       nTH        SUPGIDS"), "{}", desk.line(4));
    desk.size = Size { columns: 80, lines: 15 };
    assert_eq!(desk.line(4), "even using field names only, window is now too small");
}

#[test]
fn help_and_colours() {
    let mut desk = Desk::new();
    desk.type_in("h");
    assert!(desk.styled(0).starts_with("<b>Help for Interactive Commands<> - procps-ng 4.0.2"), "{}", desk.styled(0));
    assert_eq!(
        desk.styled(1),
        "Window <r>1:Def<>: Cumulative mode <b>Off<>.  <r>System<>: Delay <b>3.0 secs<>; Secure mode <b>Off<>."
    );
    assert_eq!(desk.lines().len(), 24);
    assert_eq!(desk.lines()[23], "Type 'q' or <Esc> to continue ");
    assert!(
        desk.lines()[17].starts_with("  d,k,r,^R 'd' set delay") && desk.lines()[18].starts_with("  ^G,K,N,U  View")
    );
    assert!(desk.top.help().iter().all(|line| line.text.len() <= 80));
    desk.type_in("h");
    assert!(desk.line(0).starts_with("Help for Windows / Field Groups"));
    assert_eq!(desk.lines().len(), 24);
    desk.type_in("3\n");
    assert_eq!(desk.top.session.config.current, 2);
    desk.type_in("g1Z");
    assert_eq!(desk.styled(0), "<b>Help for color mapping<> - \"Current Window\" = <r fg3> 1:Def ");
    assert!(desk.line(23).starts_with("   'a' or 'w' to commit"), "{:?}", desk.lines());
    assert_eq!(desk.styled(5), "   <r fg1> Nasty Message! <>  -or-  <b fg1>Input Prompt");
    desk.type_in("H5");
    assert_eq!(desk.styled(17), "   to raise/lower the 8 colors value, <b>current color<> is <r fg1> 5 <>:");
    desk.type_in("q");
    assert_eq!(desk.top.session.config.window().colours[2], 3);
    desk.type_in("ZT4\n");
    assert_eq!(desk.top.session.config.window().colours[3], 4);
}

#[test]
fn windows_at_the_bottom() {
    let mut desk = Desk::new();
    desk.press(Key::Ctrl('k'));
    assert_eq!(desk.styled(22), format!("<r>{:<80}", "command line for pid 1, bash"));
    assert_eq!(desk.line(23), "[bash]");
    desk.press(Key::Tab);
    assert!(desk.styled(23).starts_with("<r>[bash]"));
    desk.press(Key::Ctrl('u'));
    assert_eq!(desk.line(23), "n/a");
    desk.press(Key::Ctrl('u'));
    assert_eq!(desk.lines()[22], "");
    desk.press(Key::Ctrl('p'));
    desk.type_in("=");
    assert_eq!(desk.lines()[22], "");
}

#[test]
fn inspecting() {
    let mut desk = Desk::new();
    let entries = ["pipe\tOpen Files\tls /proc/%d", "file\tNUMA\t/x", "nonsense"];
    desk.top.session.config.inspect = entries.map(|entry| entry.as_bytes().to_vec()).to_vec();
    desk.type_in("Y999\n");
    assert_eq!(desk.message(), "unable to inspect, pid 999 not found");
    desk.type_in("Y\n");
    assert_eq!(desk.styled(2), "<b>Options<>: <r> Open Files <> NUMA ");
    let effect = desk.press(Key::Enter);
    let (command, name) = ("ls /proc/1".to_owned(), "Open Files".to_owned());
    assert_eq!(effect, Effect::Inspect { pipe: true, command, name });
    let text: String = (1..=57).map(|number| format!("line {number}\n")).collect();
    desk.top.show_inspected("Open Files", text.into_bytes());
    assert_eq!(desk.line(3), "Open Files:  1-57 lines,  1-80 columns, 447 bytes read");
    desk.press(Key::PageDown);
    assert!(desk.line(3).starts_with("Open Files: 20-57 lines,"));
    desk.press(Key::End);
    assert_eq!(desk.line(23), "line 57");
    desk.type_in("gL33\n");
    assert_eq!(desk.styled(4), "<r>33");
    assert!(desk.line(3).starts_with("Open Files: 33-57 lines,  6-85 columns,"));
    desk.type_in("n");
    assert_eq!(desk.line(3), " another \"33\" not found");
    desk.now += MESSAGE;
    desk.type_in("=");
    assert_eq!(desk.line(3), "pipe: ls /proc/%d");
    desk.top.show_inspected("none", Vec::new());
    assert!(desk.line(3).starts_with("none: 0-0 lines,  1-80 columns, 0 bytes read"));
    desk.type_in("\nq");
    assert!(desk.line(0).starts_with("top - "));
}

#[test]
fn small_screens() {
    let mut desk = Desk::new();
    desk.size = Size { columns: 80, lines: 6 };
    assert_eq!(desk.pids(), [1]);
    assert!(desk.line(2).starts_with("%Cpu(s)") && desk.line(4).starts_with("    PID"));
    desk.size = Size { columns: 60, lines: 3 };
    assert!(desk.line(0).starts_with("top - ") && desk.line(2).starts_with("    PID"));
    desk.size = Size { columns: 60, lines: 1 };
    assert!(desk.line(0).starts_with("    PID"));
    let keys = "xhqhhqfdaqZ4qzA\u{1}+tmtm1!4KCVvFLa\n&k\ntA?qd\u{2}Y\nW0eEcjJ=";
    for size in [(20, 5), (12, 2), (1, 1), (0, 0), (300, 1), (2, 60), (7, 3)] {
        let mut desk = Desk::new();
        desk.size = Size { columns: size.0, lines: size.1 };
        for c in keys.chars() {
            let special = [Key::Ctrl('k'), Key::Tab, Key::End, Key::PageDown, Key::Right, Key::Click(3, 1)];
            match c {
                '\u{1}' => special.into_iter().for_each(|key| _ = desk.press(key)),
                '\u{2}' => _ = desk.press(Key::Esc),
                c => _ = desk.type_in(&c.to_string()),
            }
            desk.now += MESSAGE;
            for line in desk.page().lines {
                assert!(String::from_utf8(line.text).unwrap().chars().count() <= size.0);
            }
        }
    }
}
