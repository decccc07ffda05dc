//! The options of top, and the text that tells of them.

use crate::tools::getopt::{Opt, Spec, Value};
use crate::tools::procps::Procps;
use std::fmt::Write;

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// `--apply-defaults`, newer than 4.0.2.
    ApplyDefaults,
    /// `--batch-mode`
    Batch,
    /// `--cmdline-toggle`
    CommandLine,
    /// `--delay`
    Delay,
    /// `--scale-summary-mem`
    SummaryScale,
    /// `--scale-task-mem`
    TaskScale,
    /// `--threads-show`
    Threads,
    /// `--idle-toggle`
    Idle,
    /// `--iterations`
    Iterations,
    /// `--list-fields`
    ListFields,
    /// `--sort-override`
    Sort,
    /// `--pid`
    Pid,
    /// `--accum-time-toggle`
    Cumulative,
    /// `--secure-mode`
    Secure,
    /// `--filter-any-user`
    AnyUser,
    /// `--filter-only-euser`
    EffectiveUser,
    /// `--width`
    Width,
    /// `--single-cpu-toggle`
    SingleCpu,
    /// `--help`
    Help,
    /// `--version`
    Version,
    /// `--container-line`, Vat's own.
    ContainerLine,
}

const fn opt(id: Id, short: char, long: &'static str, value: Value, help: &'static str) -> Opt<Id> {
    Opt { id, short: Some(short), long: Some(long), value, help }
}

/// The arguments of `top`.
pub const SPEC: Spec<Id> = {
    use Value::{None, Optional, Required};
    Spec {
        name: "top",
        about: "show what tasks do, and what they use",
        operands: Option::None,
        options: &[
            opt(Id::ApplyDefaults, 'A', "apply-defaults", None, "start as if there was no rc file"),
            opt(Id::Batch, 'b', "batch-mode", None, "run in non-interactive batch mode"),
            opt(Id::CommandLine, 'c', "cmdline-toggle", None, "reverse last remembered 'c' state"),
            opt(Id::Delay, 'd', "delay", Required("SECS [.TENTHS]"), "iterative delay as SECS [.TENTHS]"),
            opt(Id::SummaryScale, 'E', "scale-summary-mem", Required("SCALE"), "set mem as: k,m,g,t,p,e for SCALE"),
            opt(Id::TaskScale, 'e', "scale-task-mem", Required("SCALE"), "set mem with: k,m,g,t,p for SCALE"),
            opt(Id::Threads, 'H', "threads-show", None, "show tasks plus all their threads"),
            opt(Id::Idle, 'i', "idle-toggle", None, "reverse last remembered 'i' state"),
            opt(Id::Iterations, 'n', "iterations", Required("NUMBER"), "exit on maximum iterations NUMBER"),
            opt(Id::ListFields, 'O', "list-fields", None, "output all field names, then exit"),
            opt(Id::Sort, 'o', "sort-override", Required("FIELD"), "force sorting on this named FIELD"),
            opt(Id::Pid, 'p', "pid", Required("PIDLIST"), "monitor only the tasks in PIDLIST"),
            opt(Id::Cumulative, 'S', "accum-time-toggle", None, "reverse last remembered 'S' state"),
            opt(Id::Secure, 's', "secure-mode", None, "run with secure mode restrictions"),
            opt(Id::AnyUser, 'U', "filter-any-user", Required("USER"), "show only processes owned by USER"),
            opt(Id::EffectiveUser, 'u', "filter-only-euser", Required("USER"), "show only processes owned by USER"),
            opt(Id::Width, 'w', "width", Optional("COLUMNS"), "change print width [,use COLUMNS]"),
            opt(Id::SingleCpu, '1', "single-cpu-toggle", None, "reverse last remembered '1' state"),
            Opt {
                id: Id::ContainerLine,
                short: Option::None,
                long: Some("container-line"),
                value: None,
                help: "show the container's limits and pressure",
            },
            opt(Id::Help, 'h', "help", None, "display this help text, then exit"),
            opt(Id::Version, 'V', "version", None, "output version information & exit"),
        ],
    }
};

/// The text of `-h`. `name` is the program's short name.
#[must_use]
pub(crate) fn usage(name: &str, version: Procps) -> String {
    let mut text = format!("\nUsage:\n {name} [options]\n\nOptions:\n");
    for option in SPEC.options.iter().filter(|option| known(option.id, version)) {
        let value = match option.value {
            Value::Required(name) => format!(" ={name}"),
            Value::Optional(name) => format!(" [={name}]"),
            Value::None => String::new(),
        };
        let short = option.short.map_or("    ".to_owned(), |letter| format!("-{letter}, "));
        let names = format!("{short}--{}{value}", option.long.unwrap_or_default());
        let gap = if option.id == Id::Help { "\n" } else { "" };
        let _ = writeln!(text, "{gap} {names:<31} {}", option.help);
    }
    let _ = writeln!(text, "\nFor more details see {}(1).", SPEC.name);
    text
}

/// Whether this version has the option.
pub(super) fn known(id: Id, version: Procps) -> bool {
    version > Procps::V4_0_2 || !matches!(id, Id::ApplyDefaults | Id::ContainerLine)
}
