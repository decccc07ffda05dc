//! Keys, and what is on the screen then.

mod screens;

use super::*;
use crate::container::{self, CpuShare, TaskCounts};
use crate::kernel::proc::{Meminfo, PidStat, Statm};
use crate::snapshot::Task;
use crate::sys::Civil;
use crate::tools::procps::Procps;
use crate::tools::top::config::{Config, Flags};
use crate::tools::top::field::Field;
use crate::tools::top::names::Names;
use crate::tools::top::session::Hardware;
use crate::unit::CpuSet;

const SIZE: Size = Size { columns: 80, lines: 24 };

/// A screen, and a user before it.
struct Desk {
    top: Interaction,
    frame: Frame,
    now: Duration,
    size: Size,
}

fn row(pid: u32, ppid: u32, comm: &str, state: char, uid: u32) -> Row {
    let stat = format!(
        "{pid} ({comm}) {state} {ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {pid} 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0\n"
    );
    let stat = PidStat::parse(stat.as_bytes()).unwrap();
    let statm = Some(Statm { size: 730, resident: 450, shared: 420, ..Statm::default() });
    let task = Task { stat, tgid: pid, owner: Some((uid, uid)), statm, details: None, gone: false };
    Row { task, ticks: 0, cpu: 0.0, majflt: 0, minflt: 0, level: 0, folded: false }
}

fn frame() -> Frame {
    let rows = vec![
        row(1, 0, "bash", 'S', 0),
        row(100, 1, "alpha", 'S', 0),
        row(105, 100, "delta", 'S', 0),
        row(106, 100, "delta", 'S', 0),
        row(107, 1, "longcommandname", 'S', 65534),
        row(200, 1, "top", 'R', 0),
    ];
    let meminfo = b"MemTotal: 24684134 kB\nMemFree: 20784128 kB\nMemAvailable: 21741056 kB\nBuffers: 0 kB\n\
        Cached: 1779712 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n";
    let idle = CpuShare { us: 25.0, sy: 25.0, ni: 0.0, id: 50.0, wa: 0.0, hi: 0.0, si: 0.0, st: 0.0 };
    Frame {
        clock: Civil { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 },
        up: Duration::from_secs(3 * 3600 + 60),
        boottime: Duration::from_secs(12_000),
        users: 1,
        load: [1, 2, 3],
        memory: container::machine_memory(&Meminfo::parse(meminfo).unwrap()).unwrap(),
        cpu: idle,
        each_cpu: vec![(0, idle), (1, CpuShare { us: 75.0, id: 0.0, ..idle })],
        container: None,
        counts: TaskCounts::of(rows.iter().map(|row| &row.task)),
        threads: false,
        rows,
    }
}

impl Desk {
    fn new() -> Desk {
        let session = Session {
            config: Config::default(),
            version: Procps::V4_0_2,
            program: "top".to_owned(),
            names: Names {
                users: crate::userland::passwd(b"root:x:0:0::/:\nnobody:x:65534:65534::/:\n"),
                nodes: vec![(0, CpuSet::parse("0-1").unwrap())],
                ..Names::default()
            },
            panes: Default::default(),
            grown: Default::default(),
            pids: Vec::new(),
            threads: false,
            container_line: false,
            utf8: true,
            machine: Hardware { page: 4096, online: 2, pid_width: 7 },
        };
        let mut desk = Desk {
            top: Interaction::new(session, false, Vec::new()),
            frame: frame(),
            now: Duration::from_secs(1),
            size: SIZE,
        };
        desk.page();
        desk
    }

    fn page(&mut self) -> Page {
        self.frame.threads = self.top.session.threads;
        self.top.draw(&mut self.frame, &mut |rows, _| rows.for_each(drop), self.size, self.now)
    }

    /// Types a key, and waits until a message is gone, so that the next is taken.
    fn press(&mut self, key: Key) -> Effect {
        let effect = self.top.key(key, &mut self.frame, self.size, self.now);
        self.page();
        effect
    }

    fn type_in(&mut self, text: &str) -> Effect {
        let mut effect = Effect::None;
        for c in text.chars() {
            effect = self.press(if c == '\n' { Key::Enter } else { Key::Char(c) });
        }
        effect
    }

    fn lines(&mut self) -> Vec<String> {
        let page = self.page();
        assert!(page.lines.len() <= self.size.lines);
        page.lines.iter().map(|line| String::from_utf8(line.text.clone()).unwrap()).collect()
    }

    fn line(&mut self, at: usize) -> String {
        self.lines().into_iter().nth(at).unwrap_or_default().trim_end().to_owned()
    }

    /// A line with its looks, as the notes on the original have them.
    fn styled(&mut self, at: usize) -> String {
        let page = self.page();
        let mut text = String::new();
        let mut before = Style::default();
        for (look, part) in page.lines[at].parts() {
            let style = self.top.style(look);
            if style != before {
                let mut words = Vec::new();
                words.extend(style.bold.then_some("b".to_owned()));
                words.extend(style.reverse.then_some("r".to_owned()));
                words.extend(style.colour.map(|colour| format!("fg{colour}")));
                text += &format!("<{}>", words.join(" "));
            }
            before = style;
            text += str::from_utf8(part).unwrap();
        }
        text
    }

    /// The message, after which it is gone.
    fn message(&mut self) -> String {
        let line = self.line(self.top.drawn.summary);
        self.now += MESSAGE;
        line.trim().to_owned()
    }

    fn pids(&mut self) -> Vec<u32> {
        self.page();
        let header = self.top.drawn.summary + 1;
        let lines = self.lines();
        lines.iter().skip(header + 1).filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
    }

    fn flags(&self) -> Flags {
        self.top.session.config.window().flags
    }
}

#[test]
fn the_first_page() {
    let mut desk = Desk::new();
    let lines = desk.lines();
    assert_eq!(lines[0], "top - 03:04:05 up  3:01,  1 user,  load average: 0.01, 0.02, 0.03");
    assert_eq!(lines[1], "Tasks:   6 total,   1 running,   5 sleeping,   0 stopped,   0 zombie");
    assert_eq!(lines[2], "%Cpu(s): 25.0 us, 25.0 sy,  0.0 ni, 50.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ");
    assert_eq!(lines[3], "MiB Mem :  24105.6 total,  20297.0 free,   2874.1 used,   1738.0 buff/cache     ");
    assert_eq!(lines[5], "");
    assert_eq!(lines[6], "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND  ");
    assert_eq!(lines[11], "    107 nobody    20   0    2920   1800   1680 S   0.0   0.0   0:00.00 longcom+ ");
    assert_eq!(desk.styled(12), "<b>    200 root      20   0    2920   1800   1680 R   0.0   0.0   0:00.00 top      ");
    assert_eq!(
        desk.styled(1),
        "Tasks:<b>   6 <>total,<b>   1 <>running,<b>   5 <>sleeping,<b>   0 <>stopped,<b>   0 <>zombie"
    );
    assert_eq!(desk.page().cursor, None);
    desk.press(Key::Char('x'));
    assert!(desk.styled(7).contains(" S <b>  0.0 <>  0.0 "), "{}", desk.styled(7));
    desk.type_in("z");
    assert!(desk.styled(2).starts_with("<fg1>%Cpu(s):<b> 25.0 <fg1>us,"));
    assert!(desk.styled(6).starts_with("<r fg3>    PID"));
    assert!(desk.styled(7).contains(" S <b fg1>  0.0 <fg1>  0.0 "));
    desk.type_in("B");
    assert!(desk.styled(7).contains(" S <>  0.0 <fg1>  0.0 "));
}

#[test]
fn prompts_and_their_messages() {
    let mut desk = Desk::new();
    for (keys, message) in [
        ("dabc\n", "Unacceptable floating point"),
        ("s-1\n", "Unacceptable floating point"),
        ("kx\n", "Unacceptable integer"),
        ("k100\nfoo\n", "Invalid signal"),
        ("r100\nbar\n", "Unacceptable integer"),
        ("n2.5\n", "Unacceptable integer"),
        ("#-1\n", "Invalid maximum"),
        ("unosuch\n", "Invalid user"),
        ("oPID\n", "'include' filter delimiter is missing"),
        ("O!NOPE=1\n", "unrecognized field name 'NOPE'"),
        ("&", "Locate next inactive, use \"L\""),
        ("Lnope\n", "\"nope\" not found"),
        ("&", "\"nope\" not found"),
        ("L\n", ""),
        ("Xx\n", "Unacceptable integer"),
        ("I", "Irix mode Off"),
        ("S", "Cumulative time On"),
        ("5", "wrong mode, command inactive"),
        ("!", "wrong mode, command inactive"),
        ("37\n", "invalid numa node"),
        ("a", "Command disabled, 'A' mode required"),
        ("@", "Unknown command - try 'h' for help"),
        ("o\n", ""),
        ("d", "Change delay from 3.0 to"),
        ("\nk", "PID to signal/kill [default pid = 1]"),
        ("106\n", "Send pid 106 signal [15/sigterm]"),
        ("0\nr7\n", "Renice PID 7 to value"),
        ("\nn", "Maximum tasks = 0, change to (0 is unlimited)"),
        ("\nU", "Which user (blank for all)"),
        ("\nX", "width incr is 0, change to (0 default, -1 auto)"),
        ("\nY", "to enable 'Y' press <Enter> then type 'W' and restart top"),
        ("\n", ""),
    ] {
        desk.type_in(keys);
        assert_eq!(desk.message(), message, "{keys}");
    }
    desk.press(Key::Ctrl('r'));
    desk.type_in("6\n33\n");
    assert_eq!(desk.styled(5), "<r> valid AGNI range is -20 to +19 ");
    assert_eq!(desk.top.message_until(), Some(desk.now + MESSAGE));
    desk.message();
    desk.press(Key::Ctrl('l'));
    assert!(desk.line(19).starts_with("message log, last 10 messages:"), "{:?}", desk.lines());
    assert!(desk.line(20).starts_with("valid AGNI range is -20 to +19; Unknown command"));
}

#[test]
fn effects() {
    let mut desk = Desk::new();
    assert_eq!(desk.type_in("k\n\n"), Effect::Kill { pid: 1, signal: 15 });
    assert_eq!(desk.type_in("k106\nkill\n"), Effect::Kill { pid: 106, signal: 9 });
    assert_eq!(desk.type_in("k106\n0\n"), Effect::Draw);
    assert_eq!(desk.type_in("r106\n-7\n"), Effect::Renice { pid: 106, nice: -7 });
    assert_eq!(desk.type_in("W"), Effect::WriteConfig);
    assert_eq!(desk.type_in(" "), Effect::Refresh);
    assert_eq!(desk.type_in("x"), Effect::Draw);
    assert_eq!(desk.type_in("1"), Effect::Refresh, "CPUs were not read");
    assert_eq!(desk.type_in("H"), Effect::Refresh);
    assert_eq!(desk.press(Key::Ctrl('z')), Effect::Suspend);
    assert!(desk.top.delay().is_some());
    desk.type_in("d");
    assert_eq!(desk.top.delay(), None);
    assert_eq!(desk.page().cursor, Some((25, 6)));
    desk.type_in("0.5\n");
    assert_eq!(desk.top.delay(), Some(Duration::from_millis(500)));
    assert_eq!(desk.type_in("q"), Effect::Quit);
    desk.top.secure = true;
    for c in ["d", "s", "k", "r"] {
        desk.type_in(c);
        assert_eq!(desk.message(), "Unavailable in secure mode");
    }
    desk.top.doubts = vec![crate::tools::top::rc::Doubt::Older];
    assert_eq!(desk.type_in("Wn"), Effect::Draw);
    assert_eq!(desk.type_in("Wy"), Effect::WriteConfig);
}

#[test]
fn line_editing_and_history() {
    let mut desk = Desk::new();
    desk.type_in("o!PID=105\noCOMMAND=a\n");
    desk.press(Key::Ctrl('o'));
    assert_eq!(desk.message(), "<Enter> to resume, filters: '!PID=105' + 'COMMAND=a'");
    desk.press(Key::Esc);
    desk.type_in("=o");
    desk.press(Key::Up);
    assert!(desk.line(5).ends_with("[!]FLD?VAL COMMAND=a"));
    desk.press(Key::Up);
    desk.press(Key::Up);
    assert!(desk.line(5).ends_with("[!]FLD?VAL !PID=105"));
    for key in [Key::Left, Key::Left, Key::Backspace, Key::Delete, Key::Home, Key::Char('Q')] {
        desk.press(key);
    }
    assert!(desk.line(5).ends_with("[!]FLD?VAL Q!PID=5"), "{}", desk.line(5));
    assert_eq!(desk.page().cursor, Some((46, 5)));
    for key in [Key::Insert, Key::Char('R'), Key::End, Key::Down, Key::Down] {
        desk.press(key);
    }
    assert!(desk.line(5).ends_with("[!]FLD?VAL"));
    desk.press(Key::Esc);
    assert_eq!(desk.line(5), "");
}

#[test]
fn sorting_filters_and_users() {
    let mut desk = Desk::new();
    desk.type_in("N");
    assert_eq!(desk.pids(), [200, 107, 106, 105, 100, 1]);
    desk.type_in("R");
    assert_eq!(desk.pids(), [1, 100, 105, 106, 107, 200]);
    desk.type_in(">");
    assert_eq!(desk.top.session.config.window().sort, Field::User);
    desk.type_in("<<<N");
    assert_eq!(desk.top.session.config.window().sort, Field::Pid);
    desk.type_in("oCOMMAND=DELTA\n");
    assert_eq!(desk.pids(), [105, 106]);
    desk.type_in("O!PID=105\n");
    assert_eq!(desk.pids(), [106]);
    desk.type_in("=u!root\n");
    assert_eq!(desk.pids(), [107]);
    // The place of the first row is kept.
    desk.type_in("u0\n");
    assert_eq!(desk.pids(), [200]);
    desk.press(Key::Home);
    assert_eq!(desk.pids(), [1, 100, 105, 106, 200]);
    desk.type_in("u\ni");
    assert_eq!(desk.pids(), [200]);
    desk.type_in("=n2\n");
    assert_eq!(desk.pids(), [1, 100]);
}

#[test]
fn clicks_and_the_wheel() {
    let mut desk = Desk::new();
    desk.press(Key::Click(3, 6));
    assert_eq!(desk.top.session.config.window().sort, Field::Pid);
    let before = desk.flags();
    desk.press(Key::Click(6, 6));
    assert_ne!(desk.flags(), before);
    desk.press(Key::Click(8, 6));
    assert_eq!(desk.top.session.config.window().sort, Field::User);
    assert_eq!(desk.press(Key::Click(8, 9)), Effect::None);
    desk.press(Key::Wheel { up: false });
    assert_eq!(desk.pids().len(), 3);
    desk.press(Key::Wheel { up: true });
    assert_eq!(desk.pids().len(), 6);
}

#[test]
fn scrolling() {
    let mut desk = Desk::new();
    desk.type_in("C");
    assert_eq!(desk.styled(5), "  scroll coordinates: y = 1/6 (tasks), x = 1/12 (fields)");
    desk.press(Key::Down);
    desk.press(Key::Right);
    assert_eq!(desk.line(5), "  scroll coordinates: y = 2/6 (tasks), x = 2/12 (fields)");
    assert!(desk.line(6).starts_with("USER      PR "));
    desk.press(Key::PageDown);
    assert_eq!(desk.line(5), "  scroll coordinates: y = 6/6 (tasks), x = 2/12 (fields)");
    desk.press(Key::End);
    assert_eq!(desk.line(5), "  scroll coordinates: y = 1/6 (tasks), x = 1/12 (fields)");
    for _ in 0..13 {
        desk.press(Key::Alt('l'));
    }
    assert_eq!(desk.line(5), "  scroll coordinates: y = 1/6 (tasks), x = 12/12 (fields) + 16");
    assert_eq!(desk.lines()[6].trim_end(), "COMMAND");
    desk.press(Key::Left);
    assert_eq!(desk.line(11), "andname");
    desk.press(Key::Home);
    assert_eq!(desk.line(5), "  scroll coordinates: y = 1/6 (tasks), x = 1/12 (fields)");
}

#[test]
fn forest_fold_focus() {
    let mut desk = Desk::new();
    desk.type_in("V");
    assert_eq!(desk.pids(), [1, 100, 105, 106, 107, 200]);
    desk.press(Key::Down);
    desk.frame.rows[2].cpu = 10.0;
    desk.frame.rows[3].cpu = 5.0;
    desk.type_in("v");
    assert_eq!(desk.pids(), [100, 107, 200]);
    desk.page();
    assert!(desk.line(7).contains(" 15.0 "), "added once: {}", desk.line(7));
    desk.type_in("vF");
    assert_eq!(desk.pids(), [100, 105, 106]);
    assert!(desk.line(8).ends_with(" |    `-+") && desk.line(7).ends_with(" |`- alp+"), "{:?}", desk.lines());
    desk.type_in("F");
    assert_eq!(desk.pids(), [100, 105, 106, 107, 200]);
    desk.type_in("N");
    assert!(!desk.flags().has(Flags::FOREST));
}

#[test]
fn locating() {
    let mut desk = Desk::new();
    desk.type_in("Ldelta\n");
    assert_eq!(desk.pids(), [105, 106, 107, 200]);
    assert!(desk.styled(7).ends_with(" 0:00.00 <r>delta<>    "));
    desk.type_in("&");
    assert_eq!(desk.pids(), [106, 107, 200]);
    desk.type_in("&");
    assert_eq!(desk.message(), "another \"delta\" not found");
    desk.type_in("=L0\n");
    assert!(desk.styled(7).starts_with("    1<r>00<> root      2<r>0<>   <r>0<> "), "{}", desk.styled(7));
    assert!(desk.styled(11).starts_with("<b>    2<b r>00<b> root"), "{}", desk.styled(11));
}
