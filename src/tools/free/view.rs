use super::scale::Scale;
use crate::container::Memory;
use crate::snapshot::Meminfo;
use crate::unit::Bytes;
use std::io::{self, Write};

/// Which rows and columns are shown.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub wide: bool,
    pub lohi: bool,
    pub line: bool,
    pub total: bool,
    pub committed: bool,
}

/// Total, used and free of one kind of memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    total: Bytes,
    used: Bytes,
    free: Bytes,
}

/// All that `free` can show of one reading.
#[derive(Debug)]
pub(super) struct Row {
    memory: Part,
    shared: Bytes,
    buffers: Bytes,
    cache: Bytes,
    available: Bytes,
    low: Part,
    high: Part,
    swap: Part,
    commit_limit: Bytes,
    committed: Bytes,
}

impl Row {
    pub(super) fn of(memory: &Memory, host: &Meminfo, is_container: bool) -> Row {
        let zero = |bytes: Option<Bytes>| bytes.unwrap_or(Bytes::ZERO);
        let part = |total, free| Part { total, used: total - free, free };
        // Only 32-bit kernels divide memory into low and high; of a container's nothing of the kind is known.
        let divided = !is_container && host.low_total.is_some_and(|low| low > Bytes::ZERO);
        let (low, high) = match divided {
            true => {
                (part(zero(host.low_total), zero(host.low_free)), part(zero(host.high_total), zero(host.high_free)))
            }
            false => (part(memory.total.value, memory.free.value), part(Bytes::ZERO, Bytes::ZERO)),
        };
        Row {
            memory: Part { total: memory.total.value, used: memory.used.value, free: memory.free.value },
            shared: memory.shared.value,
            buffers: memory.buffers.value,
            cache: memory.cache.value,
            available: memory.available.value,
            low,
            high,
            swap: Part { total: memory.swap_total.value, used: memory.swap_used.value, free: memory.swap_free.value },
            commit_limit: zero(host.commit_limit),
            committed: zero(host.committed_as),
        }
    }
}

/// Prints one block, or with `--line` one line.
pub(super) fn print(out: &mut dyn Write, row: &Row, columns: &Columns, scale: &Scale) -> io::Result<()> {
    let show = |bytes| scale.show(bytes);
    if columns.line {
        let (swap, cache) = (show(row.swap.used), show(row.buffers + row.cache));
        let (used, free) = (show(row.memory.used), show(row.memory.free));
        return writeln!(out, "SwapUse {swap:>11} CachUse {cache:>11}  MemUse {used:>11} MemFree {free:>11} ");
    }
    let cache_heads: &[&str] = if columns.wide { &["buffers", "cache"] } else { &["buff/cache"] };
    let heads = ["total", "used", "free", "shared"].iter().chain(cache_heads).chain(&["available"]);
    line(out, "", heads.map(|head| (*head).to_owned()))?;

    let three = |part: &Part| [part.total, part.used, part.free].map(show);
    let caches = if columns.wide { vec![row.buffers, row.cache] } else { vec![row.buffers + row.cache] };
    let rest = [row.shared].into_iter().chain(caches).chain([row.available]).map(show);
    line(out, "Mem:", three(&row.memory).into_iter().chain(rest))?;
    if columns.lohi {
        line(out, "Low:", three(&row.low).into_iter())?;
        line(out, "High:", three(&row.high).into_iter())?;
    }
    line(out, "Swap:", three(&row.swap).into_iter())?;
    if columns.total {
        let (a, b) = (&row.memory, &row.swap);
        let sum = Part { total: a.total + b.total, used: a.used + b.used, free: a.free + b.free };
        line(out, "Total:", three(&sum).into_iter())?;
    }
    if columns.committed {
        let left = i128::from(row.commit_limit.0) - i128::from(row.committed.0);
        line(out, "Comm:", [show(row.commit_limit), show(row.committed), scale.show_signed(left)].into_iter())?;
    }
    Ok(())
}

fn line(out: &mut dyn Write, label: &str, cells: impl Iterator<Item = String>) -> io::Result<()> {
    write!(out, "{label:<8}")?;
    for cell in cells {
        write!(out, " {cell:>11}")?;
    }
    writeln!(out)
}
