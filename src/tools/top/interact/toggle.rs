//! The keys of the summary.

use super::Interaction;
use super::prompt::Ask;
use crate::tools::procps::Procps;
use crate::tools::top::config::{Flags, Window};
use crate::tools::top::frame::Frame;
use crate::tools::top::key::{Effect, Key};
use std::time::Duration;

/// At most so many CPUs stand on a line; of 4.0.2 two.
const BESIDE: usize = 8;

impl Interaction {
    /// What a key does to the summary; `None` where it is for something else.
    pub(super) fn summary_key(&mut self, key: Key, frame: &Frame, now: Duration) -> Option<Effect> {
        let Key::Char(c) = key else { return None };
        let cpus = match frame.each_cpu.len() {
            // Nobody has asked yet.
            0 => usize::try_from(self.session.machine.online).unwrap_or(1),
            cpus => cpus,
        };
        let most = if self.session.version == Procps::V4_0_2 { 2 } else { cpus.min(BESIDE) };
        let window = self.session.config.window_mut();
        match c {
            'l' => window.flags.toggle(Flags::LOAD),
            't' => four_ways(window, Flags::STATES, |window| &mut window.graph_cpus),
            'm' => four_ways(window, Flags::MEMORY, |window| &mut window.graph_mems),
            'C' => window.flags.toggle(Flags::SCROLL),
            'K' => self.session.container_line = !self.session.container_line,
            '1' => {
                let nodes = window.flags.has(Flags::NODES);
                let sum = nodes || !window.flags.has(Flags::CPU_SUM);
                window.flags.set(Flags::CPU_SUM, sum);
                window.flags.set(Flags::NODES, false);
                window.double_up = 0;
            }
            '2' | '3' if self.session.names.nodes.is_empty() => {
                return Some(self.tell("NUMA extensions unavailable", now));
            }
            '2' => {
                let node = self.node().take();
                let window = self.session.config.window_mut();
                // A single node gives way to all.
                if node.is_none() {
                    window.flags.toggle(Flags::NODES);
                }
                window.flags.set(Flags::CPU_SUM, true);
                window.double_up = 0;
            }
            '3' => {
                let last = self.session.names.nodes.iter().map(|(node, _)| *node).max().unwrap_or(0);
                return Some(self.ask(Ask::Node, format!("expand which numa node (0-{last}) ")));
            }
            '4' => {
                window.flags.set(Flags::CPU_SUM, false);
                window.flags.set(Flags::NODES, false);
                window.double_up = if window.double_up + 1 < most { window.double_up + 1 } else { 0 };
            }
            '!' if window.flags.has(Flags::CPU_SUM) || window.flags.has(Flags::NODES) => {
                return Some(self.wrong_mode(now));
            }
            '!' => {
                let more = (window.combine_cpus * 2).max(1);
                window.combine_cpus = if more < cpus { more } else { 0 };
            }
            // No kernel tells a container what kind of cores it has.
            '5' => return Some(self.wrong_mode(now)),
            _ => return None,
        }
        Some(Effect::Draw)
    }

    fn wrong_mode(&mut self, now: Duration) -> Effect {
        self.tell("wrong mode, command inactive", now)
    }

    /// Shows the CPUs of a node.
    pub(super) fn expand_node(&mut self, node: u32) {
        *self.node() = Some(node);
        let flags = &mut self.session.config.window_mut().flags;
        flags.set(Flags::NODES, true);
        flags.set(Flags::CPU_SUM, true);
    }

    /// The node of which the current window shows the CPUs.
    fn node(&mut self) -> &mut Option<u32> {
        let current = self.session.config.current.min(self.session.panes.len() - 1);
        let [first, second, third, fourth] = &mut self.session.panes;
        let pane = match current {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        &mut pane.node
    }
}

/// Figures, bars, blocks, nothing.
fn four_ways(window: &mut Window, flag: Flags, graph: fn(&mut Window) -> &mut usize) {
    let shown = window.flags.has(flag);
    let kind = graph(window);
    if !shown {
        *kind = 0;
        window.flags.set(flag, true);
    } else if *kind < 2 {
        *kind += 1;
    } else {
        window.flags.set(flag, false);
    }
}
