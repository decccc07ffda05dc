//! What a screen looks like: characters and their attributes, without what legitimately moves.

use std::fmt::Write as _;

/// A character and how it is shown: a sorted list such as `b fg1`, empty where plain.
type Cell = (char, String);

/// Figures in these columns move: the memory of a process depends on what the page cache mapped around, its time on the machine.
const MOVES: [&str; 17] = [
    "RES", "SHR", "TIME+", "TIME", "USED", "RSan", "RSfd", "RSsh", "RSS", "PSS", "PSan", "PSfd", "USS", "ELAPSED",
    "STARTED", "nMin", "nMaj",
];

/// The lines of a screen as text, with `<b r fg1>` where the look changes, `<>` where it becomes plain.
pub(super) fn lines(capture: &str, moves: &[String]) -> Vec<String> {
    let mut look = Look::default();
    let mut lines: Vec<Vec<Cell>> = capture.lines().map(|line| cells(line, &mut look)).collect();
    mask(&mut lines, moves);
    let mut lines: Vec<String> = lines.into_iter().map(marked).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

#[derive(Default)]
struct Look {
    flags: std::collections::BTreeSet<&'static str>,
    foreground: Option<String>,
    background: Option<String>,
}

impl Look {
    fn name(&self) -> String {
        let mut parts: Vec<String> = self.flags.iter().map(|&flag| flag.to_owned()).collect();
        parts.extend(self.foreground.iter().map(|colour| format!("fg{colour}")));
        parts.extend(self.background.iter().map(|colour| format!("bg{colour}")));
        parts.join(" ")
    }

    /// Select graphic rendition.
    fn select(&mut self, parameters: &str) {
        let numbers: Vec<u16> = parameters.split([';', ':']).map(|number| number.parse().unwrap_or(0)).collect();
        let mut numbers = numbers.into_iter();
        while let Some(number) = numbers.next() {
            match number {
                0 => *self = Self::default(),
                1 => drop(self.flags.insert("b")),
                2 => drop(self.flags.insert("dim")),
                3 => drop(self.flags.insert("i")),
                4 => drop(self.flags.insert("u")),
                5 => drop(self.flags.insert("blink")),
                7 => drop(self.flags.insert("r")),
                8 => drop(self.flags.insert("hidden")),
                30..=37 => self.foreground = Some((number - 30).to_string()),
                40..=47 => self.background = Some((number - 40).to_string()),
                90..=97 => self.foreground = Some((number - 82).to_string()),
                100..=107 => self.background = Some((number - 92).to_string()),
                39 => self.foreground = None,
                49 => self.background = None,
                38 | 48 => {
                    // 5;N, a colour of the palette; all else is not used here.
                    let colour = Some(format!("{}", numbers.by_ref().nth(1).unwrap_or(0)));
                    *(if number == 38 { &mut self.foreground } else { &mut self.background }) = colour;
                }
                _ => drop(self.flags.insert("other")),
            }
        }
    }
}

/// The cells of a captured line. tmux tells the look as it changes, on over the end of a line.
fn cells(line: &str, look: &mut Look) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        match letter {
            '\x1b' => {
                let text = rest.as_str();
                let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
                if text.starts_with('[') && text[end..].starts_with('m') {
                    look.select(&text[1..end]);
                }
                rest = text[(end + 1).min(text.len())..].chars();
            }
            // The shifts between character sets.
            '\x0e' | '\x0f' => (),
            _ => cells.push((letter, look.name())),
        }
    }
    // Plain blanks at the end cannot be seen.
    while cells.last().is_some_and(|(letter, look)| *letter == ' ' && look.is_empty()) {
        cells.pop();
    }
    cells
}

fn marked(cells: Vec<Cell>) -> String {
    let mut text = String::new();
    let mut before = String::new();
    for (letter, look) in cells {
        if look != before {
            let _ = write!(text, "<{look}>");
            before = look;
        }
        text.push(letter);
    }
    text
}

/// Takes out what moves: the clock and the load, the figures of some columns, terminals, namespaces.
fn mask(lines: &mut [Vec<Cell>], moves: &[String]) {
    let mut spans = Vec::new();
    for line in lines {
        let text: String = line.iter().map(|(letter, _)| *letter).collect();
        if let Some(from) = clock(&text) {
            // The time, since when, who is there; what follows is given by the stage.
            let plain = line[from].1.clone();
            let end = text.find("load average:").map_or_else(Vec::new, |to| line.split_off(text[..to].chars().count()));
            line.truncate(from);
            line.extend(" - ... ".chars().map(|letter| (letter, plain.clone())));
            line.extend(end);
            continue;
        }
        if is_header(line, &text) {
            spans = columns(&text, moves);
            continue;
        }
        let letters: Vec<char> = text.chars().collect();
        // top shows itself, and ours is another program: its memory also has other widths.
        let is_top = text.trim_end().ends_with(" top");
        if is_top {
            line.iter_mut().filter(|cell| cell.0.is_ascii_digit()).for_each(|cell| cell.0 = '#');
        }
        for (at, cell) in line.iter_mut().enumerate() {
            for (_, moving) in spans.iter().filter(|(span, _)| span.contains(&at)) {
                if is_top || *moving == Moving::All {
                    cell.0 = '~';
                } else if *moving == Moving::Digits && cell.0.is_ascii_digit() {
                    cell.0 = '#';
                }
            }
            if at >= 4 && (0..3).any(|back| at >= 4 + back && letters[at - 4 - back..at - back] == ['p', 't', 's', '/'])
            {
                cell.0 = '#';
            }
        }
        // Inode numbers of namespaces.
        for at in 0..letters.len() {
            let run = letters[at..].iter().take_while(|letter| letter.is_ascii_digit()).count();
            if run >= 4 && letters[at..].starts_with(&['4', '0', '2', '6']) {
                line[at..at + run].iter_mut().for_each(|cell| cell.0 = '#');
            }
        }
    }
}

/// Where " - " stands before a clock.
fn clock(text: &str) -> Option<usize> {
    let at = text.find(" - ")?;
    let is_clock = text[at + 3..].chars().zip("00:0".chars()).all(|(letter, like)| match like {
        ':' => letter == ':',
        _ => letter.is_ascii_digit(),
    });
    (is_clock && text.len() >= at + 7).then(|| text[..at].chars().count())
}

fn is_header(line: &[Cell], text: &str) -> bool {
    let titles = ["PID", "PPID", "USER", "PR", "NI", "VIRT", "RES", "SHR", "%CPU", "%MEM", "TIME+", "COMMAND"];
    let found = text.split_whitespace().filter(|word| titles.contains(word)).count();
    // A narrow terminal shows few titles; a running row that is reversed shows none.
    found >= 3 || found >= 1 && line.iter().all(|(_, look)| look.contains('r'))
}

/// How the figures of a column move.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moving {
    /// Their digits.
    Digits,
    /// Their width too.
    All,
    /// Only in the row of top itself, their width too.
    Own,
}

/// Where the columns lie whose figures move: from the end of the title before to the begin of the title behind.
fn columns(header: &str, moves: &[String]) -> Vec<(std::ops::Range<usize>, Moving)> {
    let mut titles: Vec<(usize, usize, &str)> = Vec::new();
    for word in header.split_whitespace() {
        let from = titles.last().map_or(0, |(_, to, _)| *to);
        let at = from + header[from..].find(word).unwrap();
        titles.push((at, at + word.len(), word));
    }
    let mut spans = Vec::new();
    for (at, (_, _, title)) in titles.iter().enumerate() {
        let moving = match *title {
            _ if moves.iter().any(|moving| moving == title) => Moving::All,
            moving if MOVES.contains(&moving) => Moving::Digits,
            "VIRT" | "DATA" | "CODE" => Moving::Own,
            _ => continue,
        };
        let from = if at == 0 { 0 } else { titles[at - 1].1 };
        spans.push((from..titles.get(at + 1).map_or(usize::MAX, |(begin, _, _)| *begin), moving));
    }
    spans
}
