//! A line of the screen: its text, and how its parts look.

use unicode_width::UnicodeWidthChar;

/// How a part of a line looks. What that is on a terminal, colours and bold of the window say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// As the terminal has it.
    #[default]
    Plain,
    /// The words of the summary.
    Summary,
    /// Its figures.
    SummaryStrong,
    /// A message.
    Message,
    /// What a prompt asks.
    Prompt,
    /// The column header.
    Header,
    /// A task.
    Task,
    /// A task that runs, or the sort column: what stands out.
    TaskStrong,
    /// What locate found, and the like: reverse.
    Reverse,
    /// The column header's look in a line that stands out.
    HeaderStrong,
    /// No more a question of colours and bold.
    Is(Style),
}

/// What a terminal makes of a part of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// A terminal's colour, 0 to 255; `None`: its own.
    pub colour: Option<u8>,
    /// Bold.
    pub bold: bool,
    /// Foreground and background change places.
    pub reverse: bool,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The text, without a newline; nothing in it moves the cursor.
    pub text: Vec<u8>,
    /// From which byte on which look holds, in order.
    pub looks: Vec<(usize, Look)>,
}

impl Line {
    /// A line of one look.
    #[must_use]
    pub fn of(look: Look, text: impl Into<Vec<u8>>) -> Line {
        Line { text: text.into(), looks: vec![(0, look)] }
    }

    /// What follows has this look.
    pub fn look(&mut self, look: Look) -> &mut Line {
        if self.looks.last().is_none_or(|(_, last)| *last != look) {
            self.looks.push((self.text.len(), look));
        }
        self
    }

    /// Adds text.
    pub fn push(&mut self, text: impl AsRef<[u8]>) -> &mut Line {
        self.text.extend_from_slice(text.as_ref());
        self
    }

    /// Adds a part of one look.
    pub fn part(&mut self, look: Look, text: impl AsRef<[u8]>) -> &mut Line {
        self.look(look).push(text)
    }

    /// Ends the line behind so many columns of the terminal.
    pub fn clip(&mut self, columns: usize) {
        if self.text.len() > columns {
            let end = bytes_of_columns(&self.text, columns);
            self.text.truncate(end);
            self.looks.retain(|(start, _)| *start < end);
        }
    }

    /// Fills the line with blanks up to so many columns of the terminal.
    pub fn fill(&mut self, columns: usize) {
        let have: usize = String::from_utf8_lossy(&self.text).chars().map(|c| c.width().unwrap_or(0)).sum();
        self.text.extend(std::iter::repeat_n(b' ', columns.saturating_sub(have)));
    }

    /// The parts of one look each.
    pub fn parts(&self) -> impl Iterator<Item = (Look, &[u8])> {
        let before = self.looks.first().map_or(self.text.len(), |(start, _)| *start);
        let ends = self.looks.iter().skip(1).map(|(start, _)| *start).chain([self.text.len()]);
        let parts = self.looks.iter().zip(ends).map(|((start, look), end)| (*look, *start, end));
        let parts = [(Look::Plain, 0, before)].into_iter().chain(parts);
        parts
            .filter_map(|(look, start, end)| Some((look, self.text.get(start..end)?)))
            .filter(|(_, part)| !part.is_empty())
    }
}

/// How many bytes of a text have room in so many columns of the terminal; a byte that is no UTF-8 has one of its own.
#[must_use]
pub fn bytes_of_columns(text: &[u8], columns: usize) -> usize {
    let (mut bytes, mut used) = (0, 0);
    for chunk in text.utf8_chunks() {
        let valid = chunk.valid().chars().map(|c| (c.len_utf8(), c.width().unwrap_or(0)));
        for (length, width) in valid.chain(chunk.invalid().iter().map(|_| (1, 1))) {
            if used + width > columns {
                return bytes;
            }
            used += width;
            bytes += length;
        }
    }
    bytes
}
