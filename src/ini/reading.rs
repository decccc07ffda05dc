use super::Ini;
use super::text::{is_space, repr, strip};
use std::fmt;

/// Why a text cannot be read; in CPython's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// A line that is no comment stands before the first section.
    MissingSectionHeader {
        /// The name of the file.
        source: String,
        /// Its number, from 1.
        line: usize,
        /// The line, its end included.
        text: String,
    },
    /// Lines that are neither a section nor an option.
    Parsing {
        /// The name of the file.
        source: String,
        /// Each with its number, from 1, and its end.
        lines: Vec<(usize, String)>,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::MissingSectionHeader { source, line, text } => {
                write!(f, "File contains no section headers.\nfile: {}, line: {line}\n{}", repr(source), repr(text))
            }
            ReadError::Parsing { source, lines } => {
                write!(f, "Source contains parsing errors: {}", repr(source))?;
                lines.iter().try_for_each(|(number, line)| write!(f, "\n\t[line {number:2}]: {}", repr(line)))
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// What begins a comment: at the beginning of a line, or behind white space anywhere, even in quotes.
const COMMENT: [char; 2] = [';', '#'];

/// A comment that began inside quotes: hardly what was meant, though supervisord reads it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The name of the file.
    pub source: String,
    /// The number of the line, from 1.
    pub line: usize,
    /// The section.
    pub section: String,
    /// The option whose value was cut.
    pub option: String,
    /// What was cut off, from the comment's sign on.
    pub text: String,
}

/// One text being read: what RawConfigParser's `_read` knows from line to line.
pub(super) struct Reading<'a> {
    ini: &'a mut Ini,
    source: &'a str,
    section: Option<String>,
    option: Option<Open>,
    /// How far the line was indented that began the option, in characters: deeper ones continue it.
    indent: usize,
    bad_lines: Vec<(usize, String)>,
}

/// An option whose value may go on in the next line.
struct Open {
    name: String,
    value: String,
    /// The quote that the value has left open so far.
    quote: Option<char>,
}

impl Open {
    fn extend(&mut self, text: &str) {
        self.value.push_str(text);
        self.quote = quote_after(self.quote, text);
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(ini: &'a mut Ini, source: &'a str) -> Reading<'a> {
        Reading { ini, source, section: None, option: None, indent: 0, bad_lines: Vec::new() }
    }

    pub(super) fn run(mut self, text: &str) -> Result<(), ReadError> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            self.line(number, line)?;
        }
        self.close();
        match self.bad_lines.is_empty() {
            true => Ok(()),
            false => Err(ReadError::Parsing { source: self.source.to_owned(), lines: self.bad_lines }),
        }
    }

    fn line(&mut self, number: usize, line: &str) -> Result<(), ReadError> {
        let (kept, comment) = match comment_start(line).and_then(|start| line.split_at_checked(start)) {
            Some((kept, comment)) => (strip(kept), Some(comment)),
            None => (strip(line), None),
        };
        if kept.is_empty() {
            // Empty lines belong to the value, comments do not.
            if let (None, Some(option)) = (comment, &mut self.option) {
                option.extend("\n");
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|c| is_space(*c)).count();
        let is_value = match &mut self.option {
            Some(option) if indent > self.indent => {
                option.extend("\n");
                option.extend(kept);
                true
            }
            _ => {
                self.indent = indent;
                self.section_or_option(number, line, kept)?
            }
        };
        if let (true, Some(comment)) = (is_value, comment) {
            self.note_cut(number, comment);
        }
        Ok(())
    }

    /// Whether it was an option.
    fn section_or_option(&mut self, number: usize, line: &str, kept: &str) -> Result<bool, ReadError> {
        if let Some(name) = section_name(kept) {
            self.close();
            self.ini.add_section(name, self.source);
            self.section = Some(name.to_owned());
            return Ok(false);
        }
        if self.section.is_none() {
            let (source, text) = (self.source.to_owned(), line.to_owned());
            return Err(ReadError::MissingSectionHeader { source, line: number, text });
        }
        match kept.split_once(['=', ':']) {
            Some((name, value)) => {
                self.close();
                let mut option = Open { name: strip(name).to_lowercase(), value: String::new(), quote: None };
                option.extend(strip(value));
                if option.name.is_empty() {
                    self.bad_lines.push((number, line.to_owned()));
                } else {
                    self.option = Some(option);
                }
                Ok(true)
            }
            // A bad line does not end the option before it: what is indented deeper still continues that.
            None => {
                self.bad_lines.push((number, line.to_owned()));
                Ok(false)
            }
        }
    }

    /// Writes down the option that was open.
    fn close(&mut self) {
        if let (Some(section), Some(option)) = (&self.section, self.option.take()) {
            self.ini.set(section, option.name, option.value.trim_end_matches(is_space).to_owned());
        }
    }

    fn note_cut(&mut self, line: usize, comment: &str) {
        if let (Some(section), Some(option)) = (&self.section, &self.option)
            && option.quote.is_some_and(|quote| comment.contains(quote))
        {
            self.ini.cuts.push(Cut {
                source: self.source.to_owned(),
                line,
                section: section.clone(),
                option: option.name.clone(),
                text: strip(comment).to_owned(),
            });
        }
    }
}

/// Where the comment of a line begins.
fn comment_start(line: &str) -> Option<usize> {
    if strip(line).starts_with(COMMENT) {
        return Some(0);
    }
    // CPython looks for both signs in step: the first `;` and the first `#`, then the second of each. It stops at the pair that
    // has a beginning of a comment in it, though a later `;` may stand before the `#` that it found.
    let mut signs = COMMENT.map(|sign| line.match_indices(sign));
    loop {
        let pair = signs.each_mut().map(|sign| sign.next().map(|(at, _)| at));
        let begins = |at: &usize| line.get(..*at).is_some_and(|before| before.ends_with(is_space));
        let start = pair.into_iter().flatten().filter(begins).min();
        if start.is_some() || pair == [None, None] {
            return start;
        }
    }
}

/// `[name]` and anything behind it; the name goes to the last bracket.
fn section_name(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.rsplit_once(']').map(|(name, _)| name).filter(|name| !name.is_empty())
}

/// The quote that is open behind a text, for a shell.
fn quote_after(before: Option<char>, text: &str) -> Option<char> {
    let mut open = before;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (open, c) {
            (None | Some('"'), '\\') => _ = chars.next(),
            (None, '\'' | '"') => open = Some(c),
            (Some(quote), c) if c == quote => open = None,
            _ => {}
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        let mut ini = Ini::new();
        ini.read(text, "x").unwrap();
        ini.get("a", "k").unwrap().to_owned()
    }

    fn error(text: &str) -> String {
        Ini::new().read(text, "it's").unwrap_err().to_string()
    }

    #[test]
    fn comments_are_cut_even_in_quotes_and_that_is_noted() {
        let text = "[a]\nk = sh -c 'x ; y' ; really\nl=a;b#c\nm='don' ; that's no cut\nn = \"1\n  2 # 3\"\n";
        let mut ini = Ini::new();
        ini.read(text, "main").unwrap();
        assert_eq!((ini.get("a", "k"), ini.get("a", "l")), (Some("sh -c 'x"), Some("a;b#c")));
        let cut = |line, option: &str, text: &str| {
            let (source, section, option) = ("main".to_owned(), "a".to_owned(), option.to_owned());
            Cut { source, line, section, option, text: text.to_owned() }
        };
        assert_eq!(ini.cuts(), [cut(2, "k", "; y' ; really"), cut(6, "n", "# 3\"")]);
    }

    #[test]
    fn the_two_signs_are_looked_for_in_step() {
        assert_eq!(value("[a]\nk=x;y ;z #w"), "x;y ;z");
        assert_eq!(value("[a]\nk=x;y ;z"), "x;y");
    }

    #[test]
    fn values_go_on_while_lines_are_indented_deeper() {
        assert_eq!(value("[a]\n k=1\n   2\n\n  ; no\n\t\t3\n\n\n l=4"), "1\n2\n\n3");
        assert_eq!(value("[a]\r\nK : 1\r  2\r\n"), "1\n2");
        assert_eq!(value("[a]\nk=1\n[b]\n[a] rest\nl=2\nk = 3"), "3");
    }

    #[test]
    fn errors_are_pythons() {
        assert_eq!(error("# x\nk=1\n"), "File contains no section headers.\nfile: \"it's\", line: 2\n'k=1\\n'");
        assert_eq!(
            error("\u{feff}[a]\n"),
            "File contains no section headers.\nfile: \"it's\", line: 1\n'\\ufeff[a]\\n'"
        );
        assert_eq!(
            error("[a]\nfoo\n[]\n=1\nk=2\n bar"),
            "Source contains parsing errors: \"it's\"\n\t[line  2]: 'foo\\n'\n\t[line  3]: '[]\\n'\n\t[line  4]: '=1\\n'"
        );
    }
}
