//! One conversion of Python's `%`: an argument becomes text.

use super::expand::{Argument, Value};
use super::text::{ascii, repr};

/// What stands between `%` and the letter of the conversion.
#[derive(Clone, Debug, Default)]
pub(super) struct Directive {
    is_alternate: bool,
    has_zeros: bool,
    has_plus: bool,
    has_blank: bool,
    is_left: bool,
    pub(super) width: usize,
    pub(super) precision: Option<usize>,
}

impl Directive {
    /// How wide and how precise at most. Python goes on to what the memory holds; Rust panics at some 65,000 digits.
    pub(super) const LONGEST: usize = 9999;

    /// The flag of this sign.
    pub(super) fn flag(&mut self, sign: char) -> Option<&mut bool> {
        match sign {
            '-' => Some(&mut self.is_left),
            '+' => Some(&mut self.has_plus),
            ' ' => Some(&mut self.has_blank),
            '#' => Some(&mut self.is_alternate),
            '0' => Some(&mut self.has_zeros),
            _ => None,
        }
    }
}

/// What is written: zeros go between head and body, blanks around both.
pub(super) struct Field {
    /// Sign and `0x` of a number.
    head: String,
    body: String,
    is_number: bool,
}

impl Field {
    /// Converts an argument; `index` is where the conversion's letter stands, for the message.
    pub(super) fn new(
        directive: &Directive,
        conversion: char,
        argument: Argument<'_>,
        index: usize,
    ) -> Result<Field, String> {
        match conversion {
            's' | 'r' | 'a' => {
                let text = text(conversion, argument);
                let body = match directive.precision {
                    Some(precision) => text.chars().take(precision).collect(),
                    None => text,
                };
                Ok(Field { head: String::new(), body, is_number: false })
            }
            'c' => Ok(Field { head: String::new(), body: character(argument)?.into(), is_number: false }),
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => match argument {
                Argument::Value(Value::Number(number)) => Ok(Field::integer(directive, conversion, *number)),
                other => {
                    let wanted = if matches!(conversion, 'o' | 'x' | 'X') { "an integer" } else { "a real number" };
                    Err(format!("%{conversion} format: {wanted} is required, not {}", type_name(other)))
                }
            },
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => match argument {
                Argument::Value(Value::Number(number)) => Ok(Field::float(directive, conversion, *number)),
                other => Err(format!("must be real number, not {}", type_name(other))),
            },
            other => {
                let shown = if matches!(other, '\x1f'..='~') { other } else { '?' };
                let code = u32::from(other);
                Err(format!("unsupported format character '{shown}' ({code:#x}) at index {index}"))
            }
        }
    }

    fn integer(directive: &Directive, conversion: char, number: i64) -> Field {
        let magnitude = number.unsigned_abs();
        let (prefix, digits) = match conversion {
            'o' => ("0o", format!("{magnitude:o}")),
            'x' => ("0x", format!("{magnitude:x}")),
            'X' => ("0X", format!("{magnitude:X}")),
            _ => ("", magnitude.to_string()),
        };
        let prefix = if directive.is_alternate { prefix } else { "" };
        let body = format!("{digits:0>precision$}", precision = directive.precision.unwrap_or_default());
        Field { head: format!("{}{prefix}", sign(directive, number)), body, is_number: true }
    }

    fn float(directive: &Directive, conversion: char, number: i64) -> Field {
        let precision = directive.precision.unwrap_or(6);
        #[expect(clippy::cast_precision_loss, reason = "that is what a float is")]
        let magnitude = number.unsigned_abs() as f64;
        let body = match conversion.to_ascii_lowercase() {
            'f' => fixed(magnitude, precision, directive.is_alternate),
            'e' => exponential(magnitude, precision, directive.is_alternate),
            _ => general(magnitude, precision.max(1), directive.is_alternate),
        };
        let body = if conversion.is_ascii_uppercase() { body.to_uppercase() } else { body };
        Field { head: sign(directive, number).to_owned(), body, is_number: true }
    }

    /// Writes it as wide as the directive wants it.
    pub(super) fn write(&self, directive: &Directive, out: &mut String) {
        let length = self.head.len().saturating_add(self.body.chars().count());
        let missing = directive.width.saturating_sub(length);
        let fill = |with: &str| with.repeat(missing);
        let parts = match (directive.is_left, directive.has_zeros && self.is_number) {
            (true, _) => [&self.head, &self.body, &fill(" ")],
            (false, true) => [&self.head, &fill("0"), &self.body],
            (false, false) => [&fill(" "), &self.head, &self.body],
        };
        out.extend(parts.map(String::as_str));
    }
}

fn sign(directive: &Directive, number: i64) -> &'static str {
    match directive {
        _ if number < 0 => "-",
        Directive { has_plus: true, .. } => "+",
        Directive { has_blank: true, .. } => " ",
        _ => "",
    }
}

fn text(conversion: char, argument: Argument<'_>) -> String {
    let shown = |value: &Value| match (value, conversion) {
        (Value::Number(number), _) => number.to_string(),
        (Value::Text(text), 'a') => ascii(text),
        (Value::Text(text), _) => repr(text),
    };
    match argument {
        Argument::Value(Value::Text(text)) if conversion == 's' => text.clone(),
        Argument::Value(value) => shown(value),
        Argument::Names(names) => {
            let name_shown = if conversion == 'a' { ascii } else { repr };
            let entries = names.iter().map(|(name, value)| format!("{}: {}", name_shown(name), shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Argument::Spent => String::new(),
    }
}

fn character(argument: Argument<'_>) -> Result<char, String> {
    let mut chars = match argument {
        Argument::Value(Value::Number(number)) => {
            let c = u32::try_from(*number).ok().and_then(char::from_u32);
            return c.ok_or_else(|| "%c arg not in range(0x110000)".to_owned());
        }
        Argument::Value(Value::Text(text)) => text.chars(),
        Argument::Names(_) | Argument::Spent => "".chars(),
    };
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err("%c requires int or char".to_owned()),
    }
}

/// `%f`. An alternate number has a point even if nothing follows it.
fn fixed(number: f64, precision: usize, is_alternate: bool) -> String {
    let point = if is_alternate && precision == 0 { "." } else { "" };
    format!("{number:.precision$}{point}")
}

/// `%e`: Rust writes the exponent without sign and zero.
fn exponential(number: f64, precision: usize, is_alternate: bool) -> String {
    let (digits, exponent) = exponent_of(number, precision);
    let point = if is_alternate && precision == 0 { "." } else { "" };
    format!("{digits}{point}e+{exponent:02}")
}

/// `%g`: the shorter of both, `precision` digits in all; zeros at the end are dropped unless it is alternate. The number is whole,
/// and so its exponent never negative.
fn general(number: f64, precision: usize, is_alternate: bool) -> String {
    let decimals = precision.saturating_sub(1);
    let (digits, exponent) = exponent_of(number, decimals);
    if exponent >= precision {
        let digits = if is_alternate { fixed_point(digits) } else { without_zeros(digits) };
        return format!("{digits}e+{exponent:02}");
    }
    let digits = format!("{number:.decimals$}", decimals = decimals.saturating_sub(exponent));
    if is_alternate { fixed_point(digits) } else { without_zeros(digits) }
}

/// A number as digits before and behind the point, and its exponent.
fn exponent_of(number: f64, precision: usize) -> (String, usize) {
    let text = format!("{number:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.to_owned(), exponent.parse().unwrap_or_default())
}

fn fixed_point(digits: String) -> String {
    if digits.contains('.') { digits } else { format!("{digits}.") }
}

fn without_zeros(digits: String) -> String {
    match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits,
    }
}

fn type_name(argument: Argument<'_>) -> &'static str {
    match argument {
        Argument::Value(Value::Text(_)) => "str",
        Argument::Value(Value::Number(_)) => "int",
        Argument::Names(_) | Argument::Spent => "dict",
    }
}
