//! `%(name)s`: Python's `%` between a string and a dict.

use super::format::{Directive, Field};
use super::ordered::Ordered;
use super::text::repr;
use std::str::Chars;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Value {
    Text(String),
    Number(i64),
}

/// The names that may be expanded, in the order in which they were set.
#[derive(Clone, Debug, Default)]
pub struct Names(Ordered<Value>);

impl Names {
    /// Without a name.
    pub fn new() -> Names {
        Names::default()
    }

    /// Sets a name to a text, whatever it stood for.
    pub fn text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.set(name.into(), Value::Text(value.into()));
    }

    /// Sets a name to a number, whatever it stood for.
    pub fn number(&mut self, name: impl Into<String>, value: i64) {
        self.0.set(name.into(), Value::Number(value));
    }

    /// Sets all names that another has.
    pub fn extend(&mut self, other: &Names) {
        for (name, value) in other.0.iter() {
            self.0.set(name.to_owned(), value.clone());
        }
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All names with what they stand for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter()
    }
}

/// Puts what the names stand for into a value. `what` is the option for the message of an error, such as `program:x.command`.
pub fn expand(value: &str, names: &Names, what: &str) -> Result<String, String> {
    let formatting = Formatting { rest: value.chars(), index: 0, names, argument: Argument::Names(names) };
    formatting.run().map_err(|failure| {
        let (value, what) = (repr(value), repr(what));
        match failure {
            Failure::Unknown(name) => {
                let (name, available) = (repr(&name), names.0.sorted().collect::<Vec<_>>().join(", "));
                format!(
                    "Format string {value} for {what} contains names ({name}) which cannot be expanded. Available names: \
                     {available}"
                )
            }
            Failure::Bad(why) => format!("Format string {value} for {what} is badly formatted: {why}"),
        }
    })
}

/// What the next conversion takes.
#[derive(Clone, Copy)]
pub(super) enum Argument<'a> {
    /// A first conversion without a name: all names at once.
    Names(&'a Names),
    /// That of the name before it.
    Value(&'a Value),
    /// Nothing is left.
    Spent,
}

enum Failure {
    Unknown(String),
    Bad(String),
}

impl From<String> for Failure {
    fn from(why: String) -> Failure {
        Failure::Bad(why)
    }
}

struct Formatting<'a> {
    rest: Chars<'a>,
    /// How many characters were taken.
    index: usize,
    names: &'a Names,
    argument: Argument<'a>,
}

impl<'a> Formatting<'a> {
    fn run(mut self) -> Result<String, Failure> {
        let mut out = String::new();
        while let Some(c) = self.next() {
            match c {
                '%' if self.takes('%') => out.push('%'),
                '%' => self.directive(&mut out)?,
                c => out.push(c),
            }
        }
        Ok(out)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.index = self.index.saturating_add(1);
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn takes(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.next();
        }
        is_next
    }

    /// `(name)`, flags, width, precision, a letter that means nothing, the conversion.
    fn directive(&mut self, out: &mut String) -> Result<(), Failure> {
        if self.takes('(') {
            let name = self.name()?;
            let value = self.names.get(&name).ok_or(Failure::Unknown(name))?;
            self.argument = Argument::Value(value);
        }
        let mut directive = Directive::default();
        while let Some(flag) = self.peek().and_then(|c| directive.flag(c)) {
            *flag = true;
            self.next();
        }
        directive.width = self.length("width")?.unwrap_or_default();
        if self.takes('.') {
            directive.precision = Some(self.length("precision")?.unwrap_or_default());
        }
        if matches!(self.peek(), Some('h' | 'l' | 'L')) {
            self.next();
        }
        let conversion = self.next().ok_or("incomplete format".to_owned())?;
        let argument = self.argument()?;
        let field = Field::new(&directive, conversion, argument, self.index.saturating_sub(1))?;
        field.write(&directive, out);
        Ok(())
    }

    /// A name may have parentheses in it, in pairs.
    fn name(&mut self) -> Result<String, Failure> {
        let mut name = String::new();
        let mut depth = 1_usize;
        while let Some(c) = self.next() {
            match c {
                '(' => depth = depth.saturating_add(1),
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Ok(name);
            }
            name.push(c);
        }
        Err(Failure::Bad("incomplete format key".to_owned()))
    }

    fn length(&mut self, what: &str) -> Result<Option<usize>, Failure> {
        if self.takes('*') {
            // It takes the only argument there is: the conversion will find none, and fail.
            return match self.argument()? {
                Argument::Value(Value::Number(_)) => Ok(None),
                _ => Err(Failure::Bad("* wants int".to_owned())),
            };
        }
        let mut length = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            let digit = usize::try_from(digit).unwrap_or_default();
            length = Some(length.unwrap_or(0_usize).saturating_mul(10).saturating_add(digit));
            self.next();
        }
        match length {
            Some(length) if length > Directive::LONGEST => Err(Failure::Bad(format!("{what} too big"))),
            length => Ok(length),
        }
    }

    fn argument(&mut self) -> Result<Argument<'a>, Failure> {
        match std::mem::replace(&mut self.argument, Argument::Spent) {
            Argument::Spent => Err(Failure::Bad("not enough arguments for format string".to_owned())),
            argument => Ok(argument),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(value: &str) -> Result<String, String> {
        let mut names = Names::new();
        names.text("program_name", "web");
        names.text("here", "/etc");
        names.number("process_num", 7);
        expand(value, &names, "program:x.command")
    }

    fn bad(value: &str) -> String {
        let error = expanded(value).unwrap_err();
        let prefix = format!("Format string {} for 'program:x.command' is badly formatted: ", repr(value));
        error.strip_prefix(&prefix).unwrap().to_owned()
    }

    #[test]
    fn names_are_expanded_as_python_formats() {
        assert_eq!(expanded("%(program_name)s_%(process_num)02d 100%%").unwrap(), "web_07 100%");
        assert_eq!(
            expanded("%(here)-6s|%(here)6.2s|%(here)r|%(process_num)#06x").unwrap(),
            "/etc  |    /e|'/etc'|0x0007"
        );
        assert_eq!(expanded("%(process_num)+d %(process_num) d %(process_num)e").unwrap(), "+7  7 7.000000e+00");
        assert_eq!(expanded("%s").unwrap(), "{'program_name': 'web', 'here': '/etc', 'process_num': 7}");
    }

    #[test]
    fn what_is_wrong_is_told_in_the_originals_words() {
        assert_eq!(
            expanded("%(ENV_X)s").unwrap_err(),
            "Format string '%(ENV_X)s' for 'program:x.command' contains names ('ENV_X') which cannot be expanded. \
             Available names: here, process_num, program_name"
        );
        assert_eq!(bad("50%"), "incomplete format");
        assert_eq!(bad("%(here"), "incomplete format key");
        assert_eq!(bad("ö %(here)y"), "unsupported format character 'y' (0x79) at index 9");
        assert_eq!(bad("%(here)d"), "%d format: a real number is required, not str");
        assert_eq!(bad("%(here)x"), "%x format: an integer is required, not str");
        assert_eq!(bad("%d"), "%d format: a real number is required, not dict");
        assert_eq!(bad("%s %s"), "not enough arguments for format string");
        assert_eq!(bad("%(process_num)99999999999999999999d"), "width too big");
        assert_eq!(bad("%(process_num).9999999d"), "precision too big");
    }

    #[test]
    fn the_widest_and_most_precise_is_no_trouble() {
        for conversion in "diuoxXeEfFgGsra".chars() {
            for flags in ["", "#", "0", "-"] {
                assert!(expanded(&format!("%(process_num){flags}9999.9999{conversion}")).unwrap().len() >= 9999);
                assert_eq!(bad(&format!("%(process_num){flags}10000{conversion}")), "width too big");
            }
        }
    }
}
