//! What the CPUs do: all together, each, by NUMA node; as figures or as graphs; several on a line.

use super::figures;
use super::graph::{self, Graph};
use crate::container::CpuShare;
use crate::tools::top::config::{Flags, Window};
use crate::tools::top::frame::Frame;
use crate::tools::top::line::{Line, Look};
use crate::unit::CpuSet;

/// The lines of the CPUs.
pub(super) fn lines(
    frame: &Frame,
    window: &Window,
    nodes: &[(u32, CpuSet)],
    node: Option<u32>,
    screen: usize,
) -> Vec<Line> {
    let rows = rows(frame, window, nodes, node);
    let beside = if window.flags.has(Flags::CPU_SUM) { 1 } else { window.double_up + 1 };
    let line = |(label, share): &(String, CpuShare)| match Graph::numbered(window.graph_cpus) {
        Some(kind) => drawn(label, share, kind, beside, screen),
        None => detailed(label, share),
    };
    let together = |rows: &[(String, CpuShare)]| {
        let mut lines = rows.iter().map(line);
        let mut first = lines.next().unwrap_or_default();
        for other in lines {
            first.part(Look::Header, " ").part(Look::Plain, " ");
            graph::append(&mut first, &other);
        }
        first
    };
    rows.chunks(beside).map(together).collect()
}

/// What is shown, with labels.
fn rows(frame: &Frame, window: &Window, nodes: &[(u32, CpuSet)], node: Option<u32>) -> Vec<(String, CpuShare)> {
    let of = |set: &CpuSet| frame.each_cpu.iter().filter(|(cpu, _)| set.contains(*cpu)).collect::<Vec<_>>();
    let cpu = |(number, share): &(u32, CpuShare)| (format!("%Cpu{number:<3}:"), *share);
    let by_node = |(number, set): &(u32, CpuSet)| {
        let share = mean(of(set).into_iter().map(|(_, share)| share));
        (format!("%Node{number:<2}:"), share.unwrap_or(frame.cpu))
    };
    if window.flags.has(Flags::NODES) {
        if let Some(node) = nodes.iter().find(|(number, _)| Some(*number) == node) {
            let each = of(&node.1);
            return [by_node(node)].into_iter().chain(each.into_iter().map(cpu)).collect();
        }
        return [all(frame)].into_iter().chain(nodes.iter().map(by_node)).collect();
    }
    // Where the kernel does not tell of each, there is the whole.
    if window.flags.has(Flags::CPU_SUM) || frame.each_cpu.is_empty() {
        return vec![all(frame)];
    }
    if window.combine_cpus == 0 {
        return frame.each_cpu.iter().map(cpu).collect();
    }
    let combined = |some: &[(u32, CpuShare)]| {
        let (first, last) = (some.first()?.0, some.last()?.0);
        Some((format!("{:<7}:", format!("{first}-{last}")), mean(some.iter().map(|(_, share)| share))?))
    };
    frame.each_cpu.chunks(window.combine_cpus + 1).filter_map(combined).collect()
}

fn all(frame: &Frame) -> (String, CpuShare) {
    ("%Cpu(s):".to_owned(), frame.cpu)
}

/// What several CPUs do on the average.
fn mean<'s>(shares: impl Iterator<Item = &'s CpuShare>) -> Option<CpuShare> {
    let (mut count, mut sums) = (0.0, [0.0; 8]);
    for CpuShare { us, sy, ni, id, wa, hi, si, st } in shares {
        count += 1.0;
        for (sum, part) in sums.iter_mut().zip([us, sy, ni, id, wa, hi, si, st]) {
            *sum += part;
        }
    }
    let [us, sy, ni, id, wa, hi, si, st] = sums.map(|sum| sum / count);
    (count > 0.0).then_some(CpuShare { us, sy, ni, id, wa, hi, si, st })
}

fn detailed(label: &str, share: &CpuShare) -> Line {
    let CpuShare { us, sy, ni, id, wa, hi, si, st } = share;
    let parts =
        [(us, " us,"), (sy, " sy,"), (ni, " ni,"), (id, " id,"), (wa, " wa,"), (hi, " hi,"), (si, " si,"), (st, " st")];
    // The blank before a word stands out with the figure.
    let parts = parts.map(|(percent, word)| (format!("{percent:5.1} "), word.trim_start()));
    let mut line = figures(label, &parts);
    line.part(Look::Plain, " ");
    line
}

fn drawn(label: &str, share: &CpuShare, graph: Graph, beside: usize, screen: usize) -> Line {
    let user = share.us + share.ni;
    let system = share.sy + share.hi + share.si;
    let mut line = Line::of(Look::Summary, label);
    if beside <= 2 {
        line.part(Look::Summary, " ").part(Look::SummaryStrong, format!("{user:5.1}"));
        line.part(Look::Summary, format!("/{system:<5.1}"));
    }
    line.part(Look::Plain, format!("{:4.0}", user + system));
    graph.draw([user, system], graph::width(screen, beside), &mut line);
    line
}
