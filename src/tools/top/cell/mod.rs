//! A task's field as the text of a column, letter by letter as procps 4.0.2 prints it; but nothing that reaches the terminal can
//! move its cursor, where procps lets some through (WCHAN, LXC, the controls above 127).

mod command;
mod group;
mod scale;
mod text;
mod value;

use super::columns::Placed;
use super::field::{Field, Side};
use super::row::{Row, Terms};
use crate::snapshot::Details;
use crate::userland::Accounts;
use text::Text;
pub(super) use value::Value;

/// Appends a field's text, at most `width` columns of the terminal, and tells how many they are. A text that is too long ends in
/// `+`; a number is scaled where its field is, else it ends in `+` too.
pub fn write(field: Field, row: &Row, terms: &Terms<'_>, width: usize, out: &mut Vec<u8>) -> usize {
    let start = out.len();
    match Value::of(field, row, terms) {
        Value::Number(0) | Value::Count(0) | Value::Kib(0) | Value::Ticks(0, _) if blank(field, terms) => {}
        Value::Percent(share) | Value::Share(share) if share == 0.0 && terms.zero_suppress => {}
        Value::Number(number) if field == Field::Pr && !(-99..=999).contains(&number) => out.extend_from_slice(b"rt"),
        Value::Number(number) => scale::signed(number, out),
        Value::Count(count) => scale::count(count, width, out),
        Value::Kib(kib) => scale::memory(kib, width, terms.task_scale, out),
        Value::Ticks(ticks, least) => scale::ticks(ticks, width, terms.tics_scaled.max(least), out),
        Value::Percent(share) => scale::percent(share, 1, width, out),
        Value::Share(share) => scale::percent(share, 3, width, out),
        Value::Unknown => out.push(b'?'),
        Value::Text => return words(field, row, terms, width, out),
    }
    // Digits, letters and marks: a byte is a column.
    if out.len() - start > width {
        out.truncate(start + width.saturating_sub(1));
        out.extend((width > 0).then_some(b'+'));
    }
    out.len() - start
}

/// Appends a field's text and the blanks that fill its column.
pub fn padded(column: &Placed, row: &Row, terms: &Terms<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    let columns = write(column.field, row, terms, column.width, out);
    fill(start, column.width.saturating_sub(columns), column.side, out);
}

/// Appends a text that a program wrote, not a file, and the blanks that fill its column; too long, it is cut off.
pub fn pad(text: &[u8], width: usize, side: Side, out: &mut Vec<u8>) {
    let (start, text) = (out.len(), text.get(..width).unwrap_or(text));
    out.extend_from_slice(text);
    fill(start, width - text.len(), side, out);
}

/// Adds blanks at one side of what stands behind `start`.
fn fill(start: usize, blanks: usize, side: Side, out: &mut Vec<u8>) {
    const BLANKS: [u8; 16] = [b' '; 16];
    let end = out.len();
    match BLANKS.get(..blanks) {
        _ if blanks == 0 => return,
        Some(few) => out.extend_from_slice(few),
        None => out.resize(end + blanks, b' '),
    }
    if side == Side::Right {
        out.copy_within(start..end, start + blanks);
        let front = out.iter_mut().skip(start).take(blanks);
        front.for_each(|byte| *byte = b' ');
    }
}

/// Whether a zero of this field is not shown. It is where a zero is a name, a choice, or something to be wondered at.
fn blank(field: Field, terms: &Terms<'_>) -> bool {
    use Field::{Agid, Gid, Logid, Nth, Nu, P, Pgrp, Pid, Ppid, Pr, Ruid, Sid, Suid, Tgid, Tpgid, Uid};
    terms.zero_suppress
        && !matches!(
            field,
            Pid | Ppid | Uid | Ruid | Suid | Gid | Pgrp | Tpgid | Sid | Pr | Nth | P | Tgid | Nu | Logid | Agid
        )
}

/// What is no number.
fn words(field: Field, row: &Row, terms: &Terms<'_>, width: usize, out: &mut Vec<u8>) -> usize {
    let mut text = Text::new(width, terms.utf8, out);
    let details = row.task.details.as_deref();
    let status = details.and_then(|details| details.status.as_ref());
    let cgroup = details.and_then(|details| details.cgroup.as_deref()).unwrap_or_default();
    match field {
        Field::User => name(value::user(row), &terms.names.users, &mut text),
        Field::Ruser => name(status.map(|status| status.uid[0]), &terms.names.users, &mut text),
        Field::Suser => name(status.map(|status| status.uid[2]), &terms.names.users, &mut text),
        Field::Group => name(value::group(row), &terms.names.groups, &mut text),
        Field::Tty => {
            let drivers = terms.names.terminals.as_ref();
            let device = row.task.stat.tty().and_then(|(major, minor)| drivers?.name(major, minor));
            text.push_or(device.as_deref(), b"?");
        }
        Field::S => text.push(&[row.task.stat.state.0]),
        Field::Flags => {
            // No zeroes, so that the ones stand out.
            let digit = |shift: u32| b".123456789abcdef".get((row.task.stat.flags >> shift & 0xf) as usize).copied();
            let mut digits = [b'.'; 8];
            digits.iter_mut().zip((0..32).step_by(4).rev()).for_each(|(to, shift)| *to = digit(shift).unwrap_or(b'.'));
            text.push(&digits);
        }
        Field::Command => command::write(row, terms, &mut text),
        Field::Wchan => match details.and_then(|details| details.wchan.as_deref()) {
            None | Some(b"") => text.push(b"?"),
            Some(b"0") => text.push(b"-"),
            Some(symbol) => {
                let underscores = symbol.iter().take_while(|byte| **byte == b'_').count();
                text.push(symbol.get(underscores..).unwrap_or(symbol));
            }
        },
        Field::Cgroups => group::all(cgroup, &mut text),
        Field::Cgname => group::name(cgroup, &mut text),
        Field::Lxc => text.push_or(group::lxc(cgroup), b"-"),
        Field::Docker => text.push_or(group::docker(cgroup), b"-"),
        Field::Supgids | Field::Supgrps => {
            let groups = status.map(|status| status.groups.as_slice()).unwrap_or_default();
            for (nth, gid) in groups.iter().enumerate() {
                text.push(if nth > 0 { b"," } else { b"" });
                if field == Field::Supgrps {
                    name(Some(*gid), &terms.names.groups, &mut text);
                } else {
                    text.push_number((*gid).into());
                }
                if text.is_full() {
                    break;
                }
            }
            text.push(if groups.is_empty() { b"-" } else { b"" });
        }
        Field::Environ => match details.and_then(|details| details.environ.as_deref()).map(command::trimmed) {
            None | Some(b"") => text.push(b"-"),
            Some(variables) => text.push_joined(variables),
        },
        Field::Exe => text.push_or(details.and_then(|details: &Details| details.exe.as_deref()), b"-"),
        Field::Cls => text.push(match row.task.stat.policy {
            0 => b"TS",
            1 => b"FF",
            2 => b"RR",
            3 => b"B",
            4 => b"ISO",
            5 => b"IDL",
            6 => b"DLN",
            _ => b"?",
        }),
        _ => {}
    }
    text.finish()
}

/// A user's or group's name; its number if it has none.
/// A name, else the number; `?` where even that is not known.
fn name(id: Option<u32>, names: &Accounts, text: &mut Text<'_>) {
    match id.map(|id| names.name(id).ok_or(id)) {
        Some(Ok(name)) => text.push(name),
        Some(Err(id)) => text.push_number(id.into()),
        None => text.push(b"?"),
    }
}

#[cfg(test)]
mod tests;
