//! The lines above the tasks.

mod container;
mod cpus;
mod graph;
mod memory;

use super::config::{Config, Flags};
use super::frame::Frame;
use super::line::{Line, Look};
use super::session::Session;
use crate::container::TaskCounts;
use crate::tools::procps::{self, Procps};

/// The summary of the current window, on a screen so many columns wide.
#[must_use]
pub(super) fn lines(frame: &Frame, session: &Session, screen: usize) -> Vec<Line> {
    parts(frame, session, screen).into_iter().flatten().collect()
}

/// The same in its parts, each of which is shown where there is room for it: load, states, memory, container.
#[must_use]
pub(super) fn parts(frame: &Frame, session: &Session, screen: usize) -> [Vec<Line>; 4] {
    let config = &session.config;
    let window = config.window();
    let mut parts = [const { Vec::new() }; 4];
    let [first, states, memory, container] = &mut parts;
    if window.flags.has(Flags::LOAD) {
        first.push(load(frame, config, &session.program, session.version));
    }
    if window.flags.has(Flags::STATES) {
        states.push(tasks(frame.counts, frame.threads, session.version));
        let node = session.panes.get(config.current).and_then(|pane| pane.node);
        states.extend(cpus::lines(frame, window, &session.names.nodes, node, screen));
    }
    if window.flags.has(Flags::MEMORY) {
        memory.extend(memory::lines(frame, window, config.summary_scale, screen));
    }
    if session.container_line {
        container.extend(container::lines(frame.container.as_ref(), frame.memory.used.value));
    }
    parts
}

/// The program's name in front; the current window's, where several are shown: no header's look tells that its tasks are not.
fn load(frame: &Frame, config: &Config, program: &str, version: Procps) -> Line {
    let uptime = procps::uptime_line(frame.clock, frame.up.as_secs(), frame.users, frame.load, version);
    if !config.alternate {
        return Line::of(Look::Plain, format!("{program} - {uptime}"));
    }
    let window = config.window();
    let mut line = Line::default();
    line.part(
        if window.flags.has(Flags::TASKS) { Look::Header } else { Look::Plain },
        format!("{}:{}", config.current + 1, window.name),
    );
    line.part(Look::Plain, format!(" - {uptime}"));
    line
}

/// The figures stand out, the words between them do not: `figure` then `word`, in turns.
fn figures(label: &str, parts: &[(String, &str)]) -> Line {
    let mut line = Line::of(Look::Summary, label);
    for (figure, word) in parts {
        line.look(Look::SummaryStrong).push(figure).look(Look::Summary).push(word);
    }
    line
}

fn tasks(counts: TaskCounts, threads: bool, version: Procps) -> Line {
    let what = if threads { "Threads:" } else { "Tasks:" };
    let TaskCounts { total, running, sleeping, uninterruptible, stopped, zombie } = counts;
    match version {
        Procps::V4_0_2 => figures(
            what,
            &[
                (format!(" {total:3} "), "total,"),
                (format!(" {running:3} "), "running,"),
                (format!(" {sleeping:3} "), "sleeping,"),
                (format!(" {stopped:3} "), "stopped,"),
                (format!(" {zombie:3} "), "zombie"),
            ],
        ),
        Procps::Newest => figures(
            what,
            &[
                (format!(" {total} "), "total,"),
                (format!(" {running} "), "running,"),
                (format!(" {} ", sleeping - uninterruptible), "sleep,"),
                (format!(" {uninterruptible} "), "d-sleep,"),
                (format!(" {stopped} "), "stopped,"),
                (format!(" {zombie} "), "zombie"),
            ],
        ),
    }
}
