//! Cells of text as a table.

use super::view::Field;
use super::width::width;
use crate::tools::locale::is_printable;

/// How text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// Whether text is UTF-8; otherwise each byte is a character.
    pub(super) utf8: bool,
    /// Whether it is shown on a terminal, to which what is no character may mean anything.
    pub(super) terminal: bool,
}

/// The table, a line for each of `lines`.
pub(super) fn table(mut lines: Vec<Vec<Vec<u8>>>, fields: &[Field], text: Text) -> Vec<u8> {
    let mut widths: Vec<usize> = fields.iter().map(|field| field.width()).collect();
    for line in &mut lines {
        for (cell, width) in line.iter_mut().zip(&mut widths) {
            clean(cell, text);
            *width = (*width).max(columns(cell, text.utf8));
        }
    }
    let mut table = Vec::with_capacity(lines.len() * 80);
    for line in &lines {
        for (at, ((cell, field), width)) in line.iter().zip(fields).zip(&widths).enumerate() {
            if at > 0 {
                table.push(b' ');
            }
            // What is not text in its locale cannot be measured: the original leaves it unaligned.
            let (cell, own) = match printable(cell, text.utf8) {
                Some(cell) => (cell, None),
                None => (cell.clone(), Some(*width)),
            };
            let own = own.unwrap_or_else(|| columns(&cell, text.utf8));
            let padding = width.saturating_sub(own);
            let is_last = at + 1 == fields.len();
            match field.is_left() {
                true => {
                    table.extend(cell);
                    table.resize(table.len() + if is_last { 0 } else { padding }, b' ');
                }
                false => {
                    table.resize(table.len() + padding, b' ');
                    table.extend(cell);
                }
            }
        }
        table.push(b'\n');
    }
    table
}

/// Puts question marks in place of control characters, and for a terminal of all that is no character.
fn clean(cell: &mut Vec<u8>, text: Text) {
    if text.terminal && text.utf8 && !cell.is_ascii() {
        let mut clean = Vec::with_capacity(cell.len());
        for chunk in cell.utf8_chunks() {
            for character in chunk.valid().chars() {
                let shown = if is_printable(character) { character } else { '?' };
                clean.extend(shown.encode_utf8(&mut [0; 4]).as_bytes());
            }
            clean.resize(clean.len() + chunk.invalid().len(), b'?');
        }
        *cell = clean;
    }
    cell.iter_mut().filter(|byte| byte.is_ascii_control()).for_each(|byte| *byte = b'?');
}

/// How many columns a cell takes. A byte that is no character takes one.
fn columns(cell: &[u8], utf8: bool) -> usize {
    if !utf8 || cell.is_ascii() {
        return cell.len();
    }
    cell.utf8_chunks().map(|chunk| chunk.valid().chars().map(width).sum::<usize>() + chunk.invalid().len()).sum()
}

/// A cell with a mark in place of each character without a shape; `None` where it is not text.
fn printable(cell: &[u8], utf8: bool) -> Option<Vec<u8>> {
    if !utf8 || cell.is_ascii() {
        return Some(cell.to_vec());
    }
    let text = str::from_utf8(cell).ok()?;
    Some(text.replace(|character| !is_printable(character), "\u{fffd}").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 3] = [Field::Source, Field::Size, Field::Target];
    const PIPE: Text = Text { utf8: true, terminal: false };

    fn shown(source: &[u8], text: Text) -> Vec<u8> {
        table(vec![vec![source.to_vec(), b"12".to_vec(), b"/x".to_vec()]], &FIELDS, text)
    }

    #[test]
    fn names_at_the_left_figures_at_the_right() {
        assert_eq!(shown(b"/dev/vda", PIPE), b"/dev/vda          12 /x\n");
        assert_eq!(shown(b"a-name-that-is-long", PIPE), b"a-name-that-is-long    12 /x\n");
        assert_eq!(shown("日本".as_bytes(), PIPE), "日本              12 /x\n".as_bytes());
    }

    #[test]
    fn what_is_no_character() {
        let (c, terminal) = (Text { utf8: false, terminal: true }, Text { utf8: true, terminal: true });
        assert_eq!(shown(b"a\nb", PIPE), b"a?b               12 /x\n");
        assert_eq!(shown("é".as_bytes(), c), "é                12 /x\n".as_bytes());
        assert_eq!(shown(b"a\xff", PIPE), b"a\xff    12 /x\n");
        assert_eq!(shown(b"a\xff", terminal), b"a?                12 /x\n");
        assert_eq!(shown("a\u{85}".as_bytes(), terminal), b"a?                12 /x\n");
        assert_eq!(shown("a\u{85}".as_bytes(), PIPE), "a\u{fffd}                12 /x\n".as_bytes());
    }
}
