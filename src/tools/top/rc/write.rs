//! Writes the rc file.
//!
//! What 4.0.2 writes is Id:k, and it reads nothing newer, while the newest reads it too: so that is what is written as long as it can
//! tell all. Only where a field is shown that 4.0.2 has not, or cores stand for CPUs, the newest's Id:n is written.

use super::{BIAS, EYE_CATCHER, FILTERS_BEGIN, FILTERS_END, SLOTS};
use crate::tools::procps::Procps;
use crate::tools::top::config::{Config, Window};
use crate::tools::top::defaults;
use crate::tools::top::field::{COLUMNS, Field};
use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;

/// So many fields stand on a line.
const PER_LINE: usize = 20;

/// The rc file of these settings. `name` is the program's short name, which the first line bears.
#[must_use]
pub fn write(config: &Config, name: &OsStr, version: Procps) -> Vec<u8> {
    let mut text = Vec::with_capacity(4096);
    // Memory takes all that is written to it.
    let _ = write_to(&mut text, config, name, version);
    text
}

fn write_to(out: &mut Vec<u8>, config: &Config, name: &OsStr, version: Procps) -> io::Result<()> {
    out.extend(name.as_bytes());
    out.extend(EYE_CATCHER.strip_prefix(b"top").unwrap_or_default());
    let id = if version > Procps::V4_0_2 && config.windows.iter().any(is_newer) { 'n' } else { 'k' };
    let (alternate, irix) = (u8::from(config.alternate), u8::from(config.irix));
    let delay = delay(config.delay, version);
    write!(out, "\nId:{id}, Mode_altscr={alternate}, Mode_irixps={irix}, Delay_time={delay}")?;
    writeln!(out, ", Curwin={}", config.current)?;
    for window in &config.windows {
        self::window(out, window, id == 'n')?;
    }
    write!(out, "Fixed_widest={}, Summ_mscale={}", config.fixed_widest, config.summary_scale)?;
    write!(out, ", Task_mscale={}, Zero_suppress={}", config.task_scale, u8::from(config.zero_suppress))?;
    writeln!(out, ", Tics_scaled={}", config.tics_scaled)?;
    filters(out, config, version)?;
    if !config.inspect.is_empty() {
        out.push(b'\n');
    }
    for line in &config.inspect {
        out.extend(line);
        out.push(b'\n');
    }
    Ok(())
}

/// Whether a window says what 4.0.2 cannot read.
fn is_newer(window: &Window) -> bool {
    let is_new = |field: Field| !defaults::known(field, Procps::V4_0_2);
    window.shown().any(is_new) || is_new(window.sort) || window.cores_vs_cpus.is_some_and(|on| on > 0)
}

/// Seconds, a point, thousandths. 4.0.2 cuts them where it should round, and forgets the zeroes before them: it reads its own 1.050
/// as half a second more. That is kept where it is asked for.
fn delay(delay: f64, version: Procps) -> String {
    if version == Procps::V4_0_2 {
        let delay = delay as f32;
        let thousandths = (delay - delay.trunc()) * 1000.0;
        return if thousandths as i32 >= 0 && delay < 2_147_483_648.0 {
            format!("{}.{}", delay as i32, thousandths as i32)
        } else {
            "0.0".to_owned()
        };
    }
    let thousandths = (delay.clamp(0.0, f64::from(i32::MAX)) * 1000.0).round() as u64;
    match thousandths % 1000 {
        0 => format!("{}.0", thousandths / 1000),
        rest => format!("{}.{rest:03}", thousandths / 1000),
    }
}

fn window(out: &mut Vec<u8>, window: &Window, newest: bool) -> io::Result<()> {
    let mut name = String::new();
    for letter in window.name.chars().map(|letter| if letter.is_whitespace() { '_' } else { letter }) {
        if name.len() + letter.len_utf8() <= 3 {
            name.push(letter);
        }
    }
    write!(out, "{name}\tfieldscur=")?;
    for (at, number) in numbers(window, newest).enumerate() {
        if at > 0 && at % PER_LINE == 0 {
            out.extend(b"\n\t\t  ");
        }
        write!(out, "{number:4} ")?;
    }
    write!(out, "\n\twinflags={}, sortindx={}", window.flags.0.cast_signed(), window.sort as usize)?;
    write!(out, ", maxtasks={}, graph_cpus={}", window.max_tasks, window.graph_cpus)?;
    write!(out, ", graph_mems={}, double_up={}", window.graph_mems, window.double_up)?;
    write!(out, ", combine_cpus={}", window.combine_cpus)?;
    if !newest {
        write!(out, ", core_types={}", window.core_types)?;
    }
    let [summary, messages, header, tasks] = window.colours;
    write!(out, "\n\tsummclr={summary}, msgsclr={messages}, headclr={header}, taskclr={tasks}")?;
    if newest {
        let cores = window.cores_vs_cpus.unwrap_or_default();
        write!(out, ", task_xy={tasks}, core_types={}, cores_vs_cpus={cores}", window.core_types)?;
    }
    writeln!(out)
}

/// The fields as the file has them. 4.0.2 wants all of its own before others, so that hidden ones of ours go to the end.
fn numbers(window: &Window, newest: bool) -> impl Iterator<Item = usize> {
    let (old, new): (Vec<(Field, bool)>, Vec<_>) =
        window.columns.iter().partition(|(field, _)| newest || defaults::known(*field, Procps::V4_0_2));
    let fields = old.into_iter().chain(new).map(|(field, shown)| (field as usize, shown));
    fields.chain((COLUMNS.len()..SLOTS).map(|number| (number, false))).map(|(number, shown)| {
        let number = (number + BIAS) << 1;
        number | usize::from(shown)
    })
}

fn filters(out: &mut Vec<u8>, config: &Config, version: Procps) -> io::Result<()> {
    if config.windows.iter().all(|window| window.filters.is_empty()) {
        return Ok(());
    }
    out.push(b'\n');
    out.extend(FILTERS_BEGIN);
    out.push(b'\n');
    for (number, window) in config.windows.iter().enumerate().filter(|(_, window)| !window.filters.is_empty()) {
        writeln!(out, "window #{number}, osel_tot={}", window.filters.len())?;
        for filter in &window.filters {
            write!(out, "\ttype={},\tfilter=", if filter.case { b'O' } else { b'o' })?;
            out.extend(&filter.text);
            out.push(b'\n');
        }
    }
    out.extend(FILTERS_END);
    out.push(b'\n');
    // 4.0.2 wants a line behind the end, which it does not write itself, and complains of its own files.
    if version > Procps::V4_0_2 && config.inspect.is_empty() {
        out.push(b'\n');
    }
    Ok(())
}
