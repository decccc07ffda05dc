//! Y: runs commands on a task, or reads files, and pages through what comes of it.

use super::prompt::Ask;
use super::{Interaction, Mode, marked, scroll};
use crate::tools::top::key::{Effect, Key, Size};
use crate::tools::top::line::{Line, Look};
use std::time::Duration;
use unicode_width::UnicodeWidthChar;

/// The status line, in which messages stand too.
pub(super) const STATUS: usize = 3;
/// Lines above the output.
const ABOVE: usize = 4;
/// A step to the side.
const TAB: usize = 8;
/// No line is scrolled farther.
const FARTHEST: usize = 1 << 20;

/// An entry of the rc file.
#[derive(Clone, Debug)]
struct Entry {
    pipe: bool,
    name: String,
    command: String,
}

/// The choice, and what came of one.
#[derive(Debug)]
pub(super) struct Inspect {
    pid: u32,
    comm: String,
    entries: Vec<Entry>,
    kept: Kept,
    output: Option<Output>,
}

/// What lasts until the next task is inspected.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// Which entry is chosen.
    chosen: usize,
    /// What was looked for in each entry's output.
    wanted: Vec<String>,
}

/// What came of an entry.
#[derive(Debug)]
struct Output {
    name: String,
    bytes: usize,
    lines: Vec<Vec<u8>>,
    top: usize,
    left: usize,
    /// The status line shows the entry instead.
    about: bool,
}

impl Inspect {
    /// The choice for a task.
    pub(super) fn new(pid: u32, comm: String, lines: &[Vec<u8>], kept: Kept) -> Inspect {
        let entry = |line: &Vec<u8>| {
            let line = String::from_utf8_lossy(line);
            let mut parts = line.trim_end_matches('\n').splitn(3, '\t');
            let pipe = match parts.next()? {
                "pipe" => true,
                "file" => false,
                _ => return None,
            };
            let part = |text: &str| text.replace(char::is_control, "?");
            Some(Entry { pipe, name: part(parts.next()?), command: parts.next()?.to_owned() })
        };
        let entries = lines.iter().filter_map(entry).collect();
        Inspect { pid, comm: comm.replace(char::is_control, "?"), entries, kept, output: None }
    }

    /// Shows what came of an entry.
    pub(super) fn view(&mut self, name: &str, bytes: Vec<u8>) {
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
        let lines = if bytes.is_empty() { Vec::new() } else { lines.collect() };
        self.output = Some(Output { name: name.to_owned(), bytes: bytes.len(), lines, top: 0, left: 0, about: false });
    }

    /// What is looked for.
    fn wanted(&self) -> &str {
        self.kept.wanted.get(self.kept.chosen).map_or("", String::as_str)
    }

    fn chosen(&self) -> Option<&Entry> {
        self.entries.get(self.kept.chosen)
    }
}

impl Interaction {
    /// What a key does here.
    pub(super) fn inspect_key(&mut self, key: Key, size: Size, now: Duration) -> Effect {
        let Mode::Inspect(inspect) = &mut self.mode else { return Effect::None };
        let key = scroll::plain(key);
        let wanted = inspect.wanted().to_owned();
        let Some(output) = &mut inspect.output else { return self.choose_entry(key) };
        if std::mem::take(&mut output.about) {
            // Whatever key: it only ends that.
            return Effect::Draw;
        }
        let room = size.lines.saturating_sub(ABOVE);
        let page = room.saturating_sub(1).max(1);
        let last = output.lines.len().saturating_sub(1);
        match key {
            Key::Char('q') | Key::Esc => return self.leave_inspect(),
            Key::Enter => inspect.output = None,
            Key::Char('=') => output.about = true,
            Key::Char('L' | '/') => return self.ask(Ask::InspectLocate, "Locate string "),
            Key::Char('&' | 'n') if wanted.is_empty() => {
                return self.tell("Locate next inactive, use \"L\"", now);
            }
            Key::Char('&' | 'n') => {
                let message = output.find(&wanted);
                return message.map_or(Effect::Draw, |message| self.tell(message, now));
            }
            Key::Up => output.top = output.top.saturating_sub(1),
            Key::Down => output.top = (output.top + 1).min(last),
            Key::Wheel { up: true } => output.top = output.top.saturating_sub(3),
            Key::Wheel { up: false } => output.top = (output.top + 3).min(last),
            Key::PageUp | Key::Char('b') => output.top = output.top.saturating_sub(page),
            Key::PageDown | Key::Char(' ') => output.top = (output.top + page).min(last),
            Key::Home | Key::Char('g') => (output.top, output.left) = (0, 0),
            Key::End | Key::Char('G') => (output.top, output.left) = (output.lines.len().saturating_sub(room), 0),
            Key::Left => output.left = output.left.saturating_sub(TAB),
            Key::Right => output.left = (output.left + TAB).min(FARTHEST),
            _ => return Effect::None,
        }
        Effect::Draw
    }

    fn choose_entry(&mut self, key: Key) -> Effect {
        let Mode::Inspect(inspect) = &mut self.mode else { return Effect::None };
        let last = inspect.entries.len().saturating_sub(1);
        let chosen = &mut inspect.kept.chosen;
        match key {
            Key::Char('q') | Key::Esc => return self.leave_inspect(),
            Key::Left => *chosen = chosen.checked_sub(1).unwrap_or(last),
            Key::Right => *chosen = if *chosen < last { *chosen + 1 } else { 0 },
            Key::Home => *chosen = 0,
            Key::End => *chosen = last,
            Key::Enter => {
                let Some(entry) = inspect.chosen() else { return Effect::None };
                let command = entry.command.replacen("%d", &inspect.pid.to_string(), 1);
                return Effect::Inspect { pipe: entry.pipe, command, name: entry.name.clone() };
            }
            _ => return Effect::None,
        }
        Effect::Draw
    }

    /// Goes back to the tasks.
    fn leave_inspect(&mut self) -> Effect {
        if let Mode::Inspect(inspect) = &mut self.mode {
            self.inspected = std::mem::take(&mut inspect.kept);
        }
        self.back()
    }

    /// Looks for a text in what is shown.
    pub(super) fn inspect_locate(&mut self, wanted: &str, now: Duration) -> Effect {
        let Mode::Inspect(Inspect { output: Some(output), kept, .. }) = &mut self.mode else { return Effect::Draw };
        let Kept { chosen, wanted: all } = kept;
        all.resize(all.len().max(*chosen + 1), String::new());
        if let Some(last) = all.get_mut(*chosen) {
            wanted.clone_into(last);
        }
        if wanted.is_empty() {
            return Effect::Draw;
        }
        let message = output.find(wanted);
        message.map_or(Effect::Draw, |message| self.tell(message, now))
    }

    /// The screen.
    pub(super) fn inspect(&self, inspect: &Inspect, size: Size) -> Vec<Line> {
        match &inspect.output {
            None => choice(inspect, size),
            Some(output) => viewed(inspect, output, size),
        }
    }
}

fn choice(inspect: &Inspect, size: Size) -> Vec<Line> {
    let mut lines = marked::lines(&format!(
        "«Inspection» Pause at: pid ‹{}›, running ‹{}›\n\
         «Use»:  left/right then <Enter> to «select» an option; 'q' or <Esc> to «end» !",
        inspect.pid, inspect.comm
    ));
    let mut options = marked::line("«Options»: ");
    for (at, entry) in inspect.entries.iter().enumerate() {
        let look = if at == inspect.kept.chosen { Look::Header } else { Look::Plain };
        options.part(look, format!(" {} ", entry.name));
    }
    let mut status = Line::of(Look::Header, "");
    status.fill(size.columns);
    lines.extend([options, status]);
    lines
}

fn viewed(inspect: &Inspect, output: &Output, size: Size) -> Vec<Line> {
    let wanted = inspect.wanted();
    let (locating, blank) = if wanted.is_empty() { ("N/A", " ") } else { (wanted, "") };
    let mut lines = marked::lines(&format!(
        "«Inspection» View at pid: {}, running {}.  Locating: ‹{blank}{locating}{blank}›\n\
         «Use»:  left/right/up/down/etc to «navigate» the output; 'L'/'&' to «locate»/«next».\n\
         «Or»:   <Enter> to «select another»; 'q' or <Esc> to «end» !",
        inspect.pid, inspect.comm
    ));
    let count = output.lines.len();
    let digits = count.max(1).ilog10() as usize + 1;
    let status = match inspect.chosen().filter(|_| output.about) {
        Some(entry) => {
            let kind = if entry.pipe { "pipe" } else { "file" };
            format!("{kind}: {}", entry.command.replace(char::is_control, "?"))
        }
        None => format!(
            "{}: {:>digits$}-{count} lines, {:>2}-{} columns, {} bytes read",
            output.name,
            (output.top + 1).min(count),
            output.left + 1,
            output.left + size.columns,
            output.bytes
        ),
    };
    let mut status = Line::of(Look::Header, status);
    status.fill(size.columns);
    lines.push(status);
    let room = size.lines.saturating_sub(ABOVE);
    let seen = output.lines.iter().skip(output.top).take(room);
    lines.extend(seen.map(|line| shown(line, output.left, size.columns, wanted.as_bytes())));
    lines
}

impl Output {
    /// Scrolls to where the text is next, behind the place that is seen first, or in the lines below; else tells so.
    fn find(&mut self, text: &str) -> Option<String> {
        let wanted = text.as_bytes();
        let mut another = "";
        let found = self.lines.iter().enumerate().skip(self.top).find_map(|(at, line)| {
            let starts = line.windows(wanted.len().max(1)).enumerate().filter(|(_, part)| *part == wanted);
            let (mut passed, mut column) = (0, 0);
            let mut columns = starts.map(|(start, _)| {
                while let Some(rest) = line.get(passed..start).filter(|rest| !rest.is_empty()) {
                    let (text, length, _) = next(rest);
                    column += width(&text);
                    passed += length;
                }
                column
            });
            if at > self.top {
                return Some((at, columns.next()?));
            }
            let mut columns = columns.skip_while(|column| *column < self.left).peekable();
            another = if columns.next_if_eq(&self.left).is_some() { "another " } else { "" };
            Some((at, columns.next()?))
        });
        match found {
            Some(found) => (self.top, self.left) = found,
            None => return Some(format!("{another}\"{text}\" not found")),
        }
        None
    }
}

/// How many columns a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// A line without its first `left` columns; what a terminal would obey is shown as `^I` or `<FF>`, and what is looked for stands out.
fn shown(bytes: &[u8], left: usize, columns: usize, wanted: &[u8]) -> Line {
    let mut line = Line::default();
    let (mut at, mut column, mut found_until) = (0, 0, 0);
    while column < left.saturating_add(columns) {
        let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else { break };
        if at >= found_until && !wanted.is_empty() && rest.starts_with(wanted) {
            found_until = at + wanted.len();
        }
        let (text, length, strange) = next(rest);
        let look = if strange || at < found_until { Look::Header } else { Look::Plain };
        for c in text.chars() {
            if column >= left {
                line.part(look, c.encode_utf8(&mut [0; 4]));
            }
            column += c.width().unwrap_or(0);
        }
        at += length;
    }
    line
}

/// The next character as it is shown, how many bytes it has, and whether it could not be shown as it is.
fn next(rest: &[u8]) -> (String, usize, bool) {
    // No character is longer; what is behind it need not be looked at.
    let first = rest.get(..4).unwrap_or(rest).utf8_chunks().next();
    let valid = first.and_then(|chunk| chunk.valid().chars().next());
    match (valid, rest.first()) {
        (Some(c), _) if c.is_ascii_control() => {
            (format!("^{}", char::from(u8::try_from(u32::from(c)).unwrap_or(0) ^ 0x40)), 1, true)
        }
        (Some(c), _) if c.is_control() => ("?".to_owned(), c.len_utf8(), true),
        (Some(c), _) => (c.to_string(), c.len_utf8(), false),
        (None, byte) => (format!("<{:02X}>", byte.copied().unwrap_or_default()), 1, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        let text = |bytes: &[u8]| String::from_utf8(shown(bytes, 0, 80, b"").text).unwrap();
        assert_eq!(text(b"a\tb\x01c\x1b[m\x7f\xff"), "a^Ib^Ac^[[m^?<FF>");
        assert_eq!(text("ü漢\u{9b}".as_bytes()), "ü漢?");
        assert_eq!(shown(b"0123456789", 8, 80, b"89").text, b"89");
    }

    fn output(text: &[u8]) -> Output {
        let mut inspect = Inspect::new(1, String::new(), &[], Kept::default());
        inspect.view("", text.to_vec());
        inspect.output.unwrap()
    }

    #[test]
    fn a_text_is_found_in_the_column_where_it_is_shown() {
        let mut output = output("漢\t\u{9b}x\nüx x".as_bytes());
        let mut find = || (output.find("x"), output.top, output.left);
        assert_eq!(find(), (None, 0, 5));
        assert_eq!(find(), (None, 1, 1));
        assert_eq!(find(), (None, 1, 3));
        assert_eq!(find(), (Some("another \"x\" not found".to_owned()), 1, 3));
    }

    /// Where each character looks at all that is behind it, or each place found at all before it, this takes minutes.
    #[test]
    fn a_line_of_a_megabyte_is_no_hardship() {
        let mut output = output(&vec![b'x'; 1 << 20]);
        output.left = (1 << 20) - 2;
        assert_eq!(output.find("x"), None);
        assert_eq!(output.left, (1 << 20) - 1);
        assert_eq!(shown(&output.lines[0], output.left, 80, b"x").text, b"x");
    }
}
