//! A page becomes the bytes that change what is seen into it, and no more.

use super::Kind;
use crate::tools::top::key::Size;
use crate::tools::top::line::{Line, Look, Style};
use crate::tools::top::page::Page;
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::style::Print;
use crossterm::terminal::{Clear, ClearType, DisableLineWrap, EnableLineWrap};
use crossterm::{Command, queue};
use ratatui_core::buffer::{Buffer, Cell, CellWidth};
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Modifier, Style as CellStyle};
use std::fmt;
use std::io::{self, Write};

/// No screen is taken to be larger: a terminal may claim any size.
const LARGEST: Size = Size { columns: 512, lines: 512 };
/// The size of a terminal that does not say it.
const USUAL: Size = Size { columns: 80, lines: 24 };

/// The mouse's buttons are told, in decimal numbers; not its moves.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// What the terminal shows.
#[derive(Debug)]
pub(crate) struct Screen {
    kind: Kind,
    /// It shows UTF-8.
    utf8: bool,
    size: Size,
    /// What was drawn last; `None` where something else may be seen by now.
    shown: Option<Buffer>,
    /// Something was printed, where the cursor cannot be placed.
    printed: bool,
}

impl Screen {
    /// A screen of which nothing is known.
    #[must_use]
    pub(crate) fn new(kind: Kind, utf8: bool) -> Screen {
        Screen { kind, utf8, size: USUAL, shown: None, printed: false }
    }

    /// How large it is.
    #[must_use]
    pub(crate) fn size(&self) -> Size {
        self.size
    }

    /// Sets what the terminal says of its columns and lines, and tells whether that is new.
    pub(crate) fn resize(&mut self, columns: usize, lines: usize) -> bool {
        let or_usual = |said: usize, usual: usize, largest: usize| if said == 0 { usual } else { said.min(largest) };
        let columns = or_usual(columns, USUAL.columns, LARGEST.columns);
        let size = Size {
            // What is printed up to the edge may go on in the next line.
            columns: if self.kind.places { columns } else { columns.saturating_sub(1).max(1) },
            lines: or_usual(lines, USUAL.lines, LARGEST.lines),
        };
        let is_new = size != self.size;
        if is_new {
            self.size = size;
            self.shown = None;
        }
        is_new
    }

    /// Something else may be seen by now: the next page is drawn whole.
    pub(crate) fn forget(&mut self) {
        self.shown = None;
    }

    /// What is sent before the first page.
    #[must_use]
    pub(crate) fn begin(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.kind.places && self.kind.mouse {
            out.extend_from_slice(MOUSE_ON.as_bytes());
        }
        out
    }

    /// What is sent when others may have the screen: the page stays, the cursor goes to its last line, and is seen again.
    #[must_use]
    pub(crate) fn pause(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.kind.places {
            let mouse = if self.kind.mouse { MOUSE_OFF } else { "" };
            // The last line, however the terminal's size has changed.
            let said = queue!(out, Print(mouse), EnableLineWrap, Sgr(CellStyle::new()), MoveTo(0, 9998), Show);
            debug_assert!(said.is_ok(), "there is always room in memory");
        } else {
            out.push(b'\n');
        }
        out
    }

    /// What is sent last: as for a pause, and one line more.
    #[must_use]
    pub(crate) fn end(&self) -> Vec<u8> {
        let mut out = self.pause();
        if self.kind.places {
            out.extend_from_slice(b"\n\x1b[K");
        }
        out
    }

    /// Adds to `out` what shows a page.
    ///
    /// # Errors
    /// None: memory takes all.
    pub(crate) fn draw(&mut self, page: &Page, paint: impl Fn(Look) -> Style, out: &mut Vec<u8>) -> io::Result<()> {
        if !self.kind.places {
            return self.print(page, out);
        }
        let next = self.buffer(page, paint);
        if self.kind.hides {
            queue!(out, Hide)?;
        }
        queue!(out, DisableLineWrap)?;
        let before = match self.shown.take().filter(|shown| shown.area == next.area) {
            Some(before) => before,
            None => {
                queue!(out, Sgr(CellStyle::new()), MoveTo(0, 0), Clear(ClearType::All))?;
                Buffer::empty(next.area)
            }
        };
        let mut at = None;
        let plain = Cell::EMPTY.style();
        let mut style = plain;
        for (x, y, cell) in before.diff_iter(&next) {
            match at.and_then(|at| blanks(&next, at, (x, y), style)) {
                // Shorter than to say where to go.
                Some(blanks) => out.resize(out.len() + blanks, b' '),
                None => queue!(out, MoveTo(x, y))?,
            }
            if cell.style() != style {
                style = cell.style();
                queue!(out, Sgr(style))?;
            }
            at = put(cell, x, y, out)?;
        }
        if style != plain {
            queue!(out, Sgr(CellStyle::new()))?;
        }
        queue!(out, EnableLineWrap)?;
        let (x, y) = page.cursor.unwrap_or((0, usize::MAX));
        let within = |at: usize, of: usize| u16::try_from(at.min(of.saturating_sub(1))).unwrap_or(0);
        queue!(out, MoveTo(within(x, self.size.columns), within(y, self.size.lines)))?;
        if page.cursor.is_some() && self.kind.hides {
            queue!(out, Show)?;
        }
        self.shown = Some(next);
        Ok(())
    }

    /// For a terminal whose cursor cannot be placed: each page below the one before, without the empty lines at its end.
    fn print(&mut self, page: &Page, out: &mut Vec<u8>) -> io::Result<()> {
        let lines = page.lines.get(..self.size.lines).unwrap_or(&page.lines);
        let count = lines.iter().rposition(|line| !line.text.is_empty()).map_or(0, |last| last + 1);
        for line in lines.iter().take(count) {
            if self.printed {
                writeln!(out)?;
            }
            self.printed = true;
            let mut columns = 0;
            let text = text(&line.text, self.utf8);
            let fits = |char: &char| {
                columns += usize::from(char.encode_utf8(&mut [0; 4]).cell_width());
                columns <= self.size.columns
            };
            let text: String = text.chars().filter(|char| !char.is_control()).take_while(fits).collect();
            write!(out, "{text}")?;
        }
        Ok(())
    }

    /// The page, a cell for each place of the screen.
    fn buffer(&self, page: &Page, paint: impl Fn(Look) -> Style) -> Buffer {
        let side = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        let mut buffer = Buffer::empty(Rect::new(0, 0, side(self.size.columns), side(self.size.lines)));
        for (y, line) in (0..buffer.area.height).zip(&page.lines) {
            self.write(line, y, &paint, &mut buffer);
        }
        buffer
    }

    fn write(&self, line: &Line, y: u16, paint: impl Fn(Look) -> Style, buffer: &mut Buffer) {
        let mut x = 0;
        for (look, part) in line.parts() {
            // Asked beyond the edge, a buffer is not forgiving.
            if x >= buffer.area.width {
                break;
            }
            (x, _) = buffer.set_stringn(x, y, text(part, self.utf8), usize::MAX, self.style(paint(look)));
        }
    }

    fn style(&self, paint: Style) -> CellStyle {
        let mut style = CellStyle::new();
        if paint.bold {
            style = style.add_modifier(Modifier::BOLD);
        }
        if paint.reverse {
            style = style.add_modifier(Modifier::REVERSED);
        }
        // Of a terminal with fewer colours, those it has.
        let colour = paint.colour.filter(|_| self.kind.colours > 0).map(|colour| match self.kind.colours {
            few @ ..256 => u8::try_from(u16::from(colour) % few).unwrap_or(colour),
            _ => colour,
        });
        colour.map_or(style, |colour| style.fg(Color::Indexed(colour)))
    }
}

/// How many blanks of that style lie between two places, where that is all that lies there, and few.
fn blanks(buffer: &Buffer, from: (u16, u16), to: (u16, u16), style: CellStyle) -> Option<usize> {
    let few = from.0..to.0;
    let is_blank = |x: u16| buffer.cell((x, to.1)).is_some_and(|cell| cell.symbol() == " " && cell.style() == style);
    (from.1 == to.1 && from.0 <= to.0 && few.len() <= 5 && few.clone().all(is_blank)).then_some(few.len())
}

/// Writes a cell, and says where the cursor is then; `None` where terminals disagree on how wide it is.
fn put(cell: &Cell, x: u16, y: u16, out: &mut Vec<u8>) -> io::Result<Option<(u16, u16)>> {
    let symbol = cell.symbol();
    if symbol.len() == 1 {
        out.extend_from_slice(symbol.as_bytes());
        return Ok(Some((x + 1, y)));
    }
    if cell.cell_width() > 1 {
        // What a terminal that takes it for a narrow one would leave standing beside it.
        queue!(out, Print("  "), MoveTo(x, y))?;
    }
    queue!(out, Print(symbol))?;
    Ok(None)
}

/// Bytes as text for the terminal.
fn text(bytes: &[u8], utf8: bool) -> String {
    if utf8 {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect()
}

/// Sets a look, in the words that also old terminals know.
struct Sgr(CellStyle);

impl Command for Sgr {
    fn write_ansi(&self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_str("\x1b[0")?;
        if self.0.add_modifier.contains(Modifier::BOLD) {
            out.write_str(";1")?;
        }
        if self.0.add_modifier.contains(Modifier::REVERSED) {
            out.write_str(";7")?;
        }
        match self.0.fg {
            Some(Color::Indexed(colour @ 0..8)) => write!(out, ";3{colour}")?,
            Some(Color::Indexed(colour @ 8..16)) => write!(out, ";9{}", colour - 8)?,
            Some(Color::Indexed(colour)) => write!(out, ";38;5;{colour}")?,
            _ => (),
        }
        out.write_str("m")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOURS: Kind = Kind { places: true, colours: 256, mouse: true, hides: true };

    fn paint(look: Look) -> Style {
        match look {
            Look::Header => Style { colour: Some(3), reverse: true, ..Style::default() },
            Look::SummaryStrong => Style { bold: true, ..Style::default() },
            Look::Task => Style { colour: Some(200), ..Style::default() },
            _ => Style::default(),
        }
    }

    fn page(lines: &[Line]) -> Page {
        Page { lines: lines.to_vec(), cursor: None }
    }

    fn drawn(screen: &mut Screen, page: &Page) -> String {
        let mut out = Vec::new();
        screen.draw(page, paint, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn small(columns: usize, lines: usize) -> Screen {
        let mut screen = Screen::new(COLOURS, true);
        screen.resize(columns, lines);
        screen
    }

    /// The text of a screen, line by line.
    fn seen(screen: &Screen) -> Vec<String> {
        let buffer = screen.shown.as_ref().unwrap();
        let row = |row: &[Cell]| row.iter().map(Cell::symbol).collect::<String>();
        buffer.content.chunks(usize::from(buffer.area.width)).map(row).collect()
    }

    #[test]
    fn first_all_then_what_has_changed() {
        let mut screen = small(10, 3);
        let first = drawn(&mut screen, &page(&[Line::of(Look::Plain, "load 1.00"), Line::of(Look::Header, "PID")]));
        let begin = "\x1b[?25l\x1b[?7l";
        let end = "\x1b[0m\x1b[?7h\x1b[3;1H";
        assert_eq!(first, format!("{begin}\x1b[0m\x1b[1;1H\x1b[2J\x1b[1;1Hload 1.00\x1b[2;1H\x1b[0;7;33mPID{end}"));
        let lines = [Line::of(Look::Plain, "load 1.50"), Line::of(Look::Header, "PID")];
        let end = "\x1b[?7h\x1b[3;1H";
        assert_eq!(drawn(&mut screen, &page(&lines)), format!("{begin}\x1b[1;8H5{end}"));
        assert_eq!(drawn(&mut screen, &page(&lines)), format!("{begin}{end}"));
        screen.forget();
        assert!(drawn(&mut screen, &page(&lines)).contains("\x1b[2J"));
        assert!(screen.resize(10, 4) && !screen.resize(10, 4));
        assert!(drawn(&mut screen, &page(&lines)).contains("\x1b[2J"));
    }

    #[test]
    fn the_cursor_is_where_the_page_has_it() {
        let mut screen = small(10, 3);
        for (cursor, end) in [((4, 1), "\x1b[2;5H\x1b[?25h"), ((99, 99), "\x1b[3;10H\x1b[?25h")] {
            let page = Page { lines: Vec::new(), cursor: Some(cursor) };
            assert!(drawn(&mut screen, &page).ends_with(end));
        }
    }

    #[test]
    fn nothing_goes_beyond_the_edges() {
        let mut screen = small(5, 2);
        let long = Line::of(Look::Plain, "0123456789");
        let mut wide = Line::of(Look::Plain, "0123漢字");
        wide.look(Look::Task).push("x");
        drawn(&mut screen, &page(&[long.clone(), wide, long]));
        assert_eq!(seen(&screen), ["01234", "0123x"]);
        for (columns, lines) in [(1, 1), (2, 5), (20, 5), (0, 0), (usize::MAX, usize::MAX)] {
            let mut screen = small(columns, lines);
            drawn(&mut screen, &page(&vec![Line::of(Look::Header, "a漢字"); 30]));
            assert_eq!(seen(&screen).len(), screen.size().lines);
        }
    }

    #[test]
    fn wide_characters_and_what_is_none() {
        let mut screen = small(12, 1);
        let out = drawn(&mut screen, &page(&[Line::of(Look::Plain, "a漢e\u{301}b")]));
        assert!(out.contains("a  \x1b[1;2H漢\x1b[1;4He\u{301}\x1b[1;5Hb"), "{out:?}");
        // Over a wide one, a narrow one: both places are written.
        let out = drawn(&mut screen, &page(&[Line::of(Look::Plain, "a-")]));
        assert!(out.contains("\x1b[1;2H-   "), "{out:?}");

        let hostile = b"\x1b]0;x\x07\x1b[31m\r\n\t\xff\xc2\x9bA\x00";
        let out = drawn(&mut screen, &page(&[Line::of(Look::Plain, &hostile[..])]));
        assert_eq!(seen(&screen), ["]0;x[31m\u{fffd}A  "]);
        assert!(
            !out.contains("\x1b]") && !out.contains("\x1b[31m") && !out.contains(['\r', '\n', '\t', '\u{9b}', '\0'])
        );

        let mut ascii = Screen::new(COLOURS, false);
        ascii.resize(6, 1);
        drawn(&mut ascii, &page(&[Line::of(Look::Plain, "aé漢")]));
        assert_eq!(seen(&ascii), ["a?????"]);
    }

    #[test]
    fn colours_as_many_as_there_are() {
        let sgr = |colours: u16, colour: u8| {
            let screen = Screen::new(Kind { colours, ..COLOURS }, true);
            let style = screen.style(Style { colour: Some(colour), bold: true, reverse: false });
            let mut text = String::new();
            Sgr(style).write_ansi(&mut text).unwrap();
            text
        };
        assert_eq!(sgr(256, 1), "\x1b[0;1;31m");
        assert_eq!(sgr(256, 9), "\x1b[0;1;91m");
        assert_eq!(sgr(256, 200), "\x1b[0;1;38;5;200m");
        assert_eq!(sgr(8, 9), "\x1b[0;1;31m");
        assert_eq!(sgr(0, 9), "\x1b[0;1m");
    }

    #[test]
    fn a_terminal_without_places_gets_lines() {
        let mut screen = Screen::new(Kind::DUMB, true);
        screen.resize(7, 3);
        let lines =
            [Line::of(Look::Header, "a\x1bb漢字!"), Line::default(), Line::of(Look::Plain, "c"), Line::default()];
        assert_eq!(drawn(&mut screen, &page(&lines)), "ab漢字\n\nc");
        assert_eq!(drawn(&mut screen, &page(&lines[2..])), "\nc");
        assert_eq!((screen.begin(), screen.end()), (vec![], b"\n".to_vec()));
    }

    #[test]
    fn the_end_leaves_the_terminal_as_it_was() {
        let end = String::from_utf8(small(80, 24).end()).unwrap();
        assert_eq!(end, format!("{MOUSE_OFF}\x1b[?7h\x1b[0m\x1b[9999;1H\x1b[?25h\n\x1b[K"));
    }
}
