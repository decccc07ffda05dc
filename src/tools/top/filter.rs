//! A filter, such as `!USER=root` or `%CPU>3.0`: which tasks are shown, by the text of one of their columns.

use super::field::{Field, Width};
use crate::tools::procps::Procps;
use std::cmp::Ordering;

/// A filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// As it was typed.
    pub text: Vec<u8>,
    /// Whether case matters (O); else it does not (o).
    pub case: bool,
    /// Tasks that match are left out, instead of those that do not (`!`).
    pub exclude: bool,
    /// The field that is compared. Where it is not shown the filter sleeps: see [`Filter::passes`].
    pub field: Field,
    /// How.
    pub operator: Operator,
    /// With what: all that stands behind the operator, blanks too.
    pub value: Vec<u8>,
    /// It was typed, not read from the rc file, when 4.0.2 does not know yet how wide its pid columns are.
    pub typed: bool,
}

/// How a column's text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`: the value is a part of the text.
    Contains,
    /// `<`: the text comes before the value.
    Before,
    /// `>`: the text comes behind the value.
    Behind,
}

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterError {
    /// There is no `=`, `<` or `>`.
    NoDelimiter {
        /// Whether it began with `!`.
        exclude: bool,
    },
    /// What stands before the operator is no field.
    NoField(Vec<u8>),
    /// Nothing stands behind the operator.
    NoValue {
        /// Whether it began with `!`.
        exclude: bool,
    },
    /// The window has it already.
    Duplicate,
}

impl FilterError {
    /// In the original's words.
    #[must_use]
    pub fn message(&self) -> String {
        let kind = |exclude: &bool| if *exclude { "exclude" } else { "include" };
        match self {
            FilterError::NoDelimiter { exclude } => format!("'{}' filter delimiter is missing", kind(exclude)),
            FilterError::NoField(name) => format!("unrecognized field name '{}'", String::from_utf8_lossy(name)),
            FilterError::NoValue { exclude } => format!("'{}' filter value is missing", kind(exclude)),
            FilterError::Duplicate => "duplicate filter was ignored".to_owned(),
        }
    }
}

impl Filter {
    /// Reads `[!]FIELD?VALUE`, where `?` is the first of `=`, `<` and `>`. Field names are told apart by case, and blanks belong to
    /// what they stand in.
    ///
    /// # Errors
    /// When it is no filter.
    pub fn parse(text: &[u8], case: bool, version: Procps) -> Result<Filter, FilterError> {
        let (exclude, rest) = text.strip_prefix(b"!").map_or((false, text), |rest| (true, rest));
        let missing = || FilterError::NoDelimiter { exclude };
        let at = rest.iter().position(|byte| b"=<>".contains(byte)).ok_or_else(missing)?;
        let (name, behind) = rest.split_at_checked(at).ok_or_else(missing)?;
        let (delimiter, value) = behind.split_first().ok_or_else(missing)?;
        let field = Field::named(name).filter(|field| super::defaults::known(*field, version));
        let field = field.ok_or_else(|| FilterError::NoField(name.to_vec()))?;
        let operator = match delimiter {
            b'<' => Operator::Before,
            b'>' => Operator::Behind,
            _ => Operator::Contains,
        };
        if value.is_empty() {
            return Err(FilterError::NoValue { exclude });
        }
        Ok(Filter { text: text.to_vec(), case, exclude, field, operator, value: value.to_vec(), typed: false })
    }

    /// Adds it to those of a window, before the others.
    ///
    /// # Errors
    /// When one of the same text is there, with respect to case or not.
    #[expect(clippy::should_implement_trait, reason = "a filter is nothing that sums up")]
    pub fn add(self, filters: &mut Vec<Filter>) -> Result<(), FilterError> {
        if filters.iter().any(|filter| filter.text == self.text) {
            return Err(FilterError::Duplicate);
        }
        filters.insert(0, self);
        Ok(())
    }

    /// Whether a task with this cell passes. `cell` is all of the field's cell in the row before anything is cut: padded to its
    /// column, and one blank behind it. A filter of a field that is not shown passes every task: the caller does not ask.
    ///
    /// Before and behind are by bytes, numbers too: the value is cut and moved to the right as if it stood in a column of the
    /// field's own width (whatever side its texts stand on, and not that of X), so that whole numbers compare as numbers, and 1.5g
    /// comes before 2000. The pid columns of 4.0.2 have no such width for filters of the rc file: there all is behind every value.
    #[must_use]
    pub fn passes(&self, cell: &[u8], version: Procps) -> bool {
        let fold = |text: &[u8]| if self.case { text.to_vec() } else { text.to_ascii_lowercase() };
        let cell = fold(cell);
        let value = fold(&self.value);
        let matches = match self.operator {
            Operator::Contains => cell.windows(value.len().max(1)).any(|part| part == value),
            Operator::Before => cell.cmp(&self.aligned(value, cell.len(), version)) == Ordering::Less,
            Operator::Behind => cell.cmp(&self.aligned(value, cell.len(), version)) == Ordering::Greater,
        };
        matches != self.exclude
    }

    /// The value as it would stand in the column.
    fn aligned(&self, mut value: Vec<u8>, cell: usize, version: Procps) -> Vec<u8> {
        let width = match self.field.column().width {
            Width::Columns(width) | Width::Extensible(width) => Some(width),
            Width::Pid if version == Procps::V4_0_2 && !self.typed => Some(0),
            Width::Pid | Width::Cpu => Some(cell.saturating_sub(1)),
            Width::Rest => None,
        };
        if let Some(width) = width {
            value.truncate(width);
            let blanks = width - value.len();
            value.splice(0..0, std::iter::repeat_n(b' ', blanks));
        }
        value.push(b' ');
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Filter, String> {
        Filter::parse(text.as_bytes(), false, Procps::V4_0_2).map_err(|error| error.message())
    }

    /// Which of the cells pass, as 4.0.2 showed.
    fn passed<'a>(text: &str, case: bool, cells: &[&'a str]) -> Vec<&'a str> {
        let filter = Filter::parse(text.as_bytes(), case, Procps::V4_0_2).unwrap();
        cells.iter().copied().filter(|cell| filter.passes(cell.as_bytes(), Procps::V4_0_2)).map(str::trim).collect()
    }

    #[test]
    fn the_words_of_the_original() {
        for bad in ["foo", "PID", "x", " ", "COMMAND!a"] {
            assert_eq!(parse(bad), Err("'include' filter delimiter is missing".to_owned()), "{bad}");
        }
        for bad in ["!", "!PID", "!!x"] {
            assert_eq!(parse(bad), Err("'exclude' filter delimiter is missing".to_owned()), "{bad}");
        }
        let names = [("=1", ""), ("!=", ""), ("pid=1", "pid"), (" PID=3", " PID"), ("PID =2", "PID "), ("NOP=", "NOP")];
        for (bad, name) in names.into_iter().chain([("!!PID=1", "!PID"), ("PID!=5", "PID!"), ("nFD=1", "nFD")]) {
            assert_eq!(parse(bad), Err(format!("unrecognized field name '{name}'")), "{bad}");
        }
        assert_eq!(parse("PID<"), Err("'include' filter value is missing".to_owned()));
        assert_eq!(parse("!PID="), Err("'exclude' filter value is missing".to_owned()));
        assert!(Filter::parse(b"nFD=1", false, Procps::Newest).is_ok());
    }

    #[test]
    fn the_parts() {
        let filter = parse("!PID<>1 ").unwrap();
        assert!(filter.exclude && !filter.case);
        assert_eq!(
            (filter.field, filter.operator, filter.value.as_slice()),
            (Field::Pid, Operator::Before, &b">1 "[..])
        );
        let mut filters = Vec::new();
        for (text, case) in [("PID=1", false), ("PID=2", false), ("PID=1", true)] {
            let added = Filter::parse(text.as_bytes(), case, Procps::Newest).unwrap().add(&mut filters);
            assert_eq!(added.is_err(), case);
        }
        assert_eq!(filters.iter().map(|filter| filter.text.as_slice()).collect::<Vec<_>>(), [b"PID=2", b"PID=1"]);
    }

    #[test]
    fn numbers() {
        let cells = ["-20 ", " -5 ", "  0 ", "  1 ", "  5 ", "  9 ", " 10 ", " 19 "];
        for (text, seen) in [
            ("NI>5", "-20 -5 9 10 19"),
            ("NI<5", "0 1"),
            ("NI>9", "-20 -5 10 19"),
            ("NI<0", ""),
            ("NI>-5", "-20 10 19"),
            ("NI<-5", "0 1 5 9"),
            ("NI=5", "-5 5"),
            ("NI= 5", "5"),
            ("NI=5 ", "-5 5"),
            ("NI>  5", "-20 -5 9 10 19"),
            ("NI>x", "-20 -5 10 19"),
            ("NI>5x", "-20"),
            ("NI<5 ", "-5 0 1 5 9 10 19"),
            ("NI<10", "-5 0 1 5 9"),
            ("NI< 19x", "-5 0 1 5 9 10"),
            ("NI> 19x", "-20"),
            ("NI=   1", ""),
            ("NI<    ", ""),
        ] {
            assert_eq!(passed(text, true, &cells).join(" "), seen, "{text}");
        }
        let cells = ["  1.5g ", "  1736 ", " 13480 ", "105636 "];
        for (text, seen) in [
            ("RES>10m", "1.5g 1736 13480 105636"),
            ("RES>1.6g", "1736 13480 105636"),
            ("RES>5000", "13480 105636"),
            ("RES<99999", "1.5g 1736 13480"),
            ("RES=g", "1.5g"),
        ] {
            assert_eq!(passed(text, false, &cells).join(" "), seen, "{text}");
        }
    }

    #[test]
    fn texts() {
        let cells = ["9   ", "10  ", "a2  ", "a10 ", "AB  ", "ab  ", "abc ", "b   ", "Z z ", "[x] ", "a_b "];
        for (text, case, seen) in [
            ("COMMAND=a", false, "a2,a10,AB,ab,abc,a_b"),
            ("COMMAND=A", true, "AB"),
            ("!COMMAND=A", false, "9,10,b,Z z,[x]"),
            ("COMMAND>9", true, "9,a2,a10,AB,ab,abc,b,Z z,[x],a_b"),
            ("COMMAND>a2", false, "a2,AB,ab,abc,b,Z z,a_b"),
            ("COMMAND>a2", true, "a2,ab,abc,b,a_b"),
            ("COMMAND<AB", true, "9,10"),
            ("COMMAND= z", true, "Z z"),
        ] {
            assert_eq!(passed(text, case, &cells).join(","), seen, "{text}");
        }
        let cells = ["root     "];
        assert_eq!(passed("USER<zzzzzzz", true, &cells).len(), 0);
        assert_eq!(passed("USER<zzzzzzzz", true, &cells).len(), 1);
        assert_eq!(passed("USER>root", true, &cells).len(), 1);
        assert_eq!(passed("USER<root    x", true, &cells).len() + passed("USER>root    x", true, &cells).len(), 0);
    }

    #[test]
    fn pids_are_mended() {
        let cells = ["    5 ", "  658 ", "32453 "];
        assert_eq!(passed("PID>658", true, &cells).len(), 3);
        assert_eq!(passed("PID<658", true, &cells).len(), 0);
        let typed = Filter { typed: true, ..Filter::parse(b"PID>658", true, Procps::V4_0_2).unwrap() };
        assert_eq!(cells.map(|cell| typed.passes(cell.as_bytes(), Procps::V4_0_2)), [false, false, true]);
        let filter = Filter::parse(b"PID>658", true, Procps::Newest).unwrap();
        assert_eq!(cells.map(|cell| filter.passes(cell.as_bytes(), Procps::Newest)), [false, false, true]);
    }
}
