use crate::ini::value;
use crate::rpc::{Code, Fault, Value};

/// What a method was called with. There are as many as it takes; each is read by the laws of Python, where a number may be
/// told as text, and anything is true or false. What supervisor stumbles over (and answers with status 500) is a wrong
/// parameter here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arguments<'a>(pub(super) &'a [Value]);

impl<'a> Arguments<'a> {
    /// A name, as text.
    pub(super) fn text(&self, at: usize) -> Result<&'a str, Fault> {
        self.0.get(at).and_then(Value::as_text).ok_or_else(|| Code::IncorrectParameters.into())
    }

    /// Python's `int()`.
    pub(super) fn int(&self, at: usize) -> Result<i64, Fault> {
        let number = match self.0.get(at) {
            Some(Value::Int(number)) => Some(*number),
            Some(Value::Bool(value)) => Some(i64::from(*value)),
            // `as` takes the nearest that there is; NaN is refused as Python does.
            Some(Value::Double(number)) if number.is_finite() => Some(*number as i64),
            Some(Value::Text(text)) => value::integer(text).ok(),
            _ => None,
        };
        number.ok_or_else(|| Code::IncorrectParameters.into())
    }

    /// Whether to wait: what is true in Python; true if it is not told.
    pub(super) fn wait(&self, at: usize) -> bool {
        match self.0.get(at) {
            None | Some(Value::DateTime(_)) => true,
            Some(Value::Nil) => false,
            Some(Value::Bool(value)) => *value,
            Some(Value::Int(number)) => *number != 0,
            Some(Value::Double(number)) => *number != 0.0,
            Some(Value::Text(text)) => !text.is_empty(),
            Some(Value::Bytes(bytes)) => !bytes.is_empty(),
            Some(Value::Array(values)) => !values.is_empty(),
            Some(Value::Struct(members)) => !members.is_empty(),
        }
    }

    /// What Python's `%s` makes of a plain value.
    pub(super) fn shown(&self, at: usize) -> Result<String, Fault> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(Value::Int(number)) => Ok(number.to_string()),
            Some(Value::Bool(value)) => Ok(if *value { "True" } else { "False" }.to_owned()),
            Some(Value::Double(number)) => Ok(format!("{number:?}")),
            _ => Err(Code::IncorrectParameters.into()),
        }
    }

    /// A list.
    pub(super) fn array(&self, at: usize) -> Result<&'a [Value], Fault> {
        match self.0.get(at) {
            Some(Value::Array(values)) => Ok(values),
            _ => Err(Code::IncorrectParameters.into()),
        }
    }

    /// Text or bytes to be written somewhere.
    pub(super) fn bytes(&self, at: usize) -> Result<&'a [u8], Fault> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text.as_bytes()),
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(Fault::because(Code::IncorrectParameters, self.shown(at)?)),
        }
    }
}
