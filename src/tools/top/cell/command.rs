//! COMMAND: a task's name, or its command line, and where it stands in the forest.

use super::text::Text;
use crate::tools::top::row::{Row, Terms};

/// No deeper is a task indented.
const DEEPEST: usize = 100;

/// Writes the name, or the command line.
pub(super) fn write(row: &Row, terms: &Terms<'_>, text: &mut Text<'_>) {
    if terms.forest && row.level > 0 {
        branch(row, text);
    }
    let name = &*row.task.stat.comm;
    if !terms.command_line {
        return text.push(name);
    }
    let cmdline = row.task.details.as_deref().and_then(|details| details.cmdline.as_deref());
    match cmdline.unwrap_or_default() {
        // A kernel thread, or one whose memory is gone.
        b"" => {
            text.push(b"[");
            text.push(name);
            text.push(if row.task.stat.state.0 == b'Z' { b"] <defunct>" } else { b"]" });
        }
        cmdline => match trimmed(cmdline) {
            b"" => text.push(b"?"),
            arguments => text.push_joined(arguments),
        },
    }
}

/// The line to its parent. Where children are hidden a `+` stands in front, and a task that is too deep has one too.
fn branch(row: &Row, text: &mut Text<'_>) {
    let deep = row.level > DEEPEST;
    let blanks = 4 * (row.level.min(DEEPEST) - 1) + 1;
    text.push(if row.folded { b"+" } else { b" " });
    text.push_blanks(blanks - 1);
    text.push(if deep { b"+  " } else { b"`- " });
}

/// Arguments or variables without the NULs behind the last.
pub(super) fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    bytes.get(..end).unwrap_or_default()
}
