//! The window at the bottom: all of one task's control groups, command line, environment, namespaces or groups; or the messages.

use super::Interaction;
use crate::snapshot::{Details, Needs};
use crate::tools::top::cell;
use crate::tools::top::field::Field;
use crate::tools::top::frame::Frame;
use crate::tools::top::key::Size;
use crate::tools::top::line::{Line, Look, bytes_of_columns};
use crate::tools::top::row::Terms;
use crate::tools::top::session::Fill;

/// No text is longer, in columns of the terminal.
const LONGEST: usize = 128 * 1024;

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Control groups (Ctrl-G).
    Cgroups,
    /// The command line (Ctrl-K).
    CommandLine,
    /// Messages (Ctrl-L).
    Messages,
    /// The environment (Ctrl-N).
    Environment,
    /// Namespaces (Ctrl-P).
    Namespaces,
    /// Supplementary groups (Ctrl-U).
    Groups,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Kind::Cgroups => "control groups",
            Kind::CommandLine => "command line",
            Kind::Messages => "message log",
            Kind::Environment => "environment",
            Kind::Namespaces => "namespaces",
            Kind::Groups => "supplementary groups",
        }
    }

    fn needs(self) -> Needs {
        match self {
            Kind::Cgroups => Needs::CGROUP,
            Kind::CommandLine => Needs::CMDLINE,
            Kind::Messages => Needs::NONE,
            Kind::Environment => Needs::ENVIRON,
            Kind::Namespaces => Needs::NAMESPACES,
            Kind::Groups => Needs::STATUS,
        }
    }

    /// What stands between two elements.
    fn between(self) -> &'static [char] {
        match self {
            Kind::Cgroups => &['/', ','],
            Kind::CommandLine | Kind::Environment => &[' '],
            Kind::Messages => &[';'],
            Kind::Namespaces | Kind::Groups => &[','],
        }
    }
}

/// The window.
#[derive(Debug)]
pub(super) struct Bottom {
    kind: Kind,
    /// The task.
    pid: u32,
    /// What it is called.
    name: String,
    /// What was last known of it: it may have ended.
    text: String,
    /// Which element stands out, from 1.
    element: usize,
}

impl Interaction {
    /// Opens the window on the first task that is shown; the same once more closes it.
    pub(super) fn open_bottom(&mut self, kind: Kind, frame: &Frame) {
        if self.bottom.take().is_some_and(|bottom| bottom.kind == kind) {
            return;
        }
        let pid = self.first_pid();
        let row = frame.rows.iter().find(|row| row.task.stat.pid == pid);
        let name = row.map(|row| String::from_utf8_lossy(&row.task.stat.comm).into_owned()).unwrap_or_default();
        let name = name.replace(char::is_control, "?");
        self.bottom = Some(Bottom { kind, pid, name, text: String::new(), element: 0 });
    }

    /// Goes to the next element, or back.
    pub(super) fn step_bottom(&mut self, forward: bool) {
        if let Some(bottom) = &mut self.bottom {
            let elements = elements(&bottom.text, bottom.kind).len();
            bottom.element = match (forward, bottom.element) {
                (true, at) if at < elements => at + 1,
                (true, _) => 1.min(elements),
                (false, at) if at > 1 => at - 1,
                (false, _) => elements,
            };
        }
    }

    /// Its lines: at most all but the message line and a header.
    pub(super) fn bottom_lines(&mut self, frame: &mut Frame, fill: &mut Fill<'_>, size: Size) -> Vec<Line> {
        let room = size.lines.saturating_sub(2);
        let Some(mut bottom) = self.bottom.take() else { return Vec::new() };
        if let Some(text) = self.bottom_text(&bottom, frame, fill) {
            bottom.text = text;
        }
        let title = match bottom.kind {
            Kind::Messages => "message log, last 10 messages:".to_owned(),
            kind => format!("{} for pid {}, {}", kind.title(), bottom.pid, bottom.name),
        };
        let mut header = Line::of(Look::Header, title);
        header.fill(size.columns);
        let mut lines = vec![header];
        lines.extend(wrapped(&bottom, size.columns));
        lines.truncate(room);
        // A header alone tells nothing.
        if lines.len() < 2 {
            lines.clear();
        }
        self.bottom = Some(bottom);
        lines
    }

    fn bottom_text(&self, bottom: &Bottom, frame: &mut Frame, fill: &mut Fill<'_>) -> Option<String> {
        if bottom.kind == Kind::Messages {
            let messages: Vec<&str> = self.log.iter().map(String::as_str).collect();
            return Some(if messages.is_empty() { "n/a".to_owned() } else { messages.join("; ") });
        }
        let at = frame.rows.iter().position(|row| row.task.stat.pid == bottom.pid)?;
        fill(&mut frame.rows.get_mut(at).into_iter(), bottom.kind.needs());
        let terms = self.session.terms(self.session.config.window(), frame);
        let terms = Terms { command_line: true, forest: false, ..terms };
        let row = frame.rows.get(at)?;
        let field = match bottom.kind {
            Kind::Cgroups => Field::Cgroups,
            Kind::CommandLine => Field::Command,
            Kind::Environment => Field::Environ,
            Kind::Groups => Field::Supgrps,
            _ => return Some(row.task.details.as_deref().map_or_else(|| "n/a".to_owned(), namespaces)),
        };
        let mut text = Vec::new();
        cell::write(field, row, &terms, LONGEST, &mut text);
        let mut text = String::from_utf8_lossy(&text).into_owned();
        if matches!(bottom.kind, Kind::CommandLine | Kind::Environment) && text != "-" {
            text.push(' ');
        }
        Some(if text == "-" { "n/a".to_owned() } else { text })
    }
}

/// Their inodes, by name.
fn namespaces(details: &Details) -> String {
    let [ipc, mnt, net, pid, user, uts, cgroup, time] = details.namespaces;
    let named = [
        ("cgroup", cgroup),
        ("ipc", ipc),
        ("mnt", mnt),
        ("net", net),
        ("pid", pid),
        ("time", time),
        ("user", user),
        ("uts", uts),
    ];
    let inodes = named.iter().map(|(name, inode)| format!("{name}: {}", inode.unwrap_or_default()));
    inodes.collect::<Vec<_>>().join(", ")
}

/// Where the elements of a text stand.
fn elements(text: &str, kind: Kind) -> Vec<(usize, usize)> {
    let mut start = 0;
    let mut elements = Vec::new();
    for part in text.split(kind.between()) {
        let blanks = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            elements.push((start + blanks, start + part.trim_end().len()));
        }
        start += part.len() + 1;
    }
    elements
}

/// The text in lines, the chosen element reversed.
fn wrapped(bottom: &Bottom, columns: usize) -> Vec<Line> {
    let text = bottom.text.as_bytes();
    let chosen = bottom.element.checked_sub(1);
    let chosen = chosen.and_then(|at| elements(&bottom.text, bottom.kind).get(at).copied());
    let (first, end) = chosen.unwrap_or((text.len(), text.len()));
    let mut lines = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        // A character that is wider than the screen is left out.
        let length = bytes_of_columns(rest, columns);
        let behind = start + if length == 0 { rest.len() } else { length };
        let mut line = Line::default();
        let cuts = [start, first.clamp(start, behind), end.clamp(start, behind), behind];
        for (look, (from, to)) in
            [Look::Plain, Look::Reverse, Look::Plain].into_iter().zip(cuts.into_iter().zip(cuts.into_iter().skip(1)))
        {
            line.part(look, text.get(from..to).unwrap_or_default());
        }
        lines.push(line);
        start = behind;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bottom(kind: Kind, text: &str, element: usize) -> Bottom {
        Bottom { kind, pid: 1, name: "init".to_owned(), text: text.to_owned(), element }
    }

    #[test]
    fn elements_are_between_what_parts_them() {
        let words = |kind, text: &str| {
            elements(text, kind).into_iter().map(|(from, to)| text[from..to].to_owned()).collect::<Vec<_>>().join("|")
        };
        assert_eq!(words(Kind::Cgroups, "4:memory:/process_api/b24"), "4:memory:|process_api|b24");
        assert_eq!(words(Kind::CommandLine, "bash -c top "), "bash|-c|top");
        assert_eq!(words(Kind::Namespaces, "cgroup: 1, ipc: 2"), "cgroup: 1|ipc: 2");
        assert_eq!(words(Kind::Messages, "Irix mode On; x y"), "Irix mode On|x y");
    }

    #[test]
    fn wraps_and_marks_across_lines() {
        let lines = wrapped(&bottom(Kind::CommandLine, "abcdef ghi", 1), 4);
        let parts: Vec<_> = lines.iter().map(|line| line.parts().collect::<Vec<_>>()).collect();
        assert_eq!(parts[0], [(Look::Reverse, &b"abcd"[..])]);
        assert_eq!(parts[1], [(Look::Reverse, &b"ef"[..]), (Look::Plain, b" g")]);
        assert_eq!(wrapped(&bottom(Kind::Groups, "漢字", 0), 1).len(), 1);
    }
}
