//! Memory and swap, as figures or as graphs.

use super::figures;
use super::graph::{self, Graph};
use crate::tools::top::config::{Flags, Window};
use crate::tools::top::frame::Frame;
use crate::tools::top::line::{Line, Look};
use crate::unit::Bytes;

/// The units of the summary's memory (E).
const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// Two lines, or one where several elements stand on a line (4).
pub(super) fn lines(frame: &Frame, window: &Window, scale: usize, screen: usize) -> Vec<Line> {
    // Not beside all CPUs together.
    let beside = window.double_up > 0 && !window.flags.has(Flags::CPU_SUM);
    let [first, second] = match Graph::numbered(window.graph_mems) {
        Some(graph) => graphs(frame, scale, graph, graph::width(screen, if beside { 2 } else { 1 })),
        None => details(frame, scale),
    };
    if !beside {
        return vec![first, second];
    }
    // The blanks behind the figures belong to what parts the two.
    let mut line = first;
    let kept = line.text.trim_ascii_end().len() + 1;
    let blanks = line.text.len() - kept;
    line.text.truncate(kept);
    line.part(Look::Header, " ".repeat(blanks + 1)).part(Look::Plain, " ");
    graph::append(&mut line, &second);
    vec![line]
}

fn graphs(frame: &Frame, scale: usize, graph: Graph, width: usize) -> [Line; 2] {
    let memory = &frame.memory;
    let total = memory.total.value.0;
    let share = |part: u64, whole: u64| if whole > 0 { part as f64 * 100.0 / whole as f64 } else { 0.0 };
    let cached = memory.free.value.0.saturating_add(memory.buffers.value.0).saturating_add(memory.cache.value.0);
    let own = share(total.saturating_sub(cached), total);
    // What is neither available nor in use: of a cache that pins more than it frees, nothing.
    let taken = share(total.saturating_sub(memory.available.value.0), total).max(own);
    let swap = share(memory.swap_used.value.0, memory.swap_total.value.0);
    let unit = UNITS.get(scale).copied().unwrap_or("EiB");
    let line = |what: &str, all: Bytes, percent: f64, bars: [f64; 2]| {
        let mut line = Line::of(Look::Summary, format!("{unit} {what}:"));
        line.part(Look::SummaryStrong, format!("{percent:5.1}"));
        line.part(Look::Summary, format!("/{:<9.9}", amount(all, scale).trim()));
        graph.draw(bars, width, &mut line);
        line
    };
    [
        line("Mem ", memory.total.value, taken, [own, taken - own]),
        line("Swap", memory.swap_total.value, swap, [0.0, swap]),
    ]
}

fn details(frame: &Frame, scale: usize) -> [Line; 2] {
    let memory = &frame.memory;
    let unit = UNITS.get(scale).copied().unwrap_or("EiB");
    let amount = |bytes: Bytes| amount(bytes, scale);
    let cache = Bytes(memory.buffers.value.0.saturating_add(memory.cache.value.0));
    let mut first = figures(
        &format!("{unit} Mem :"),
        &[
            (format!("{} ", amount(memory.total.value)), "total,"),
            (format!("{} ", amount(memory.free.value)), "free,"),
            (format!("{} ", amount(memory.used.value)), "used,"),
            (format!("{} ", amount(cache)), "buff/cache"),
        ],
    );
    let second = figures(
        &format!("{unit} Swap:"),
        &[
            (format!("{} ", amount(memory.swap_total.value)), "total,"),
            (format!("{} ", amount(memory.swap_free.value)), "free,"),
            (format!("{} ", amount(memory.swap_used.value)), "used."),
            (format!("{} ", amount(memory.available.value)), "avail Mem "),
        ],
    );
    first.part(Look::Plain, "     ");
    [first, second]
}

/// An amount in nine columns, cut off with a `+` where that is too narrow.
fn amount(bytes: Bytes, scale: usize) -> String {
    let kib = bytes.0 as f64 / 1024.0;
    let scaled = match scale {
        0 => format!("{kib:.0}"),
        _ => format!("{:.1}", kib / 1024f64.powi(i32::try_from(scale).unwrap_or(5))),
    };
    match scaled.get(..8) {
        Some(start) if scaled.len() > 9 => format!("{start}+"),
        _ => format!("{scaled:>9}"),
    }
}
