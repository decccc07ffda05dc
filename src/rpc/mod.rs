//! XML-RPC over HTTP, both ends of it: values, calls, replies, heads of messages, authentication. Pure: bytes in, bytes out.
//!
//! What is written is to the byte what Python's `xmlrpc.client.dumps` writes, which supervisord and supervisorctl use; what is
//! read is as lax as supervisord's own reader. A document type, and with it every entity of one's own, is refused.

pub mod body;
mod date;
mod fault;
pub mod head;
mod login;
mod read;
mod write;

pub use date::date;
pub use fault::{Code, Fault};
pub use login::{Login, authorization};
pub use read::{DEPTH, Malformed, read_call, read_reply};
pub use write::{write_call, write_reply};

/// A value of XML-RPC.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `<nil/>`, which supervisord takes and never gives.
    Nil,
    /// `<int>`, `<i4>`. A number beyond 64 bits is read as the nearest; beyond 32 bits it is written as the nearest, which is
    /// what supervisord does with sizes and times.
    Int(i64),
    /// `<boolean>`. Everything but `1` is false.
    Bool(bool),
    /// `<string>`, or text alone.
    Text(String),
    /// `<double>`.
    Double(f64),
    /// `<dateTime.iso8601>`, as `20260131T23:59:59`.
    DateTime(String),
    /// `<base64>`. What is UTF-8 is read as `Text`, as supervisord reads it.
    Bytes(Vec<u8>),
    /// `<array>`.
    Array(Vec<Value>),
    /// `<struct>`, in the order in which it is written. Of a name that comes twice the last counts: see [`Value::member`].
    Struct(Vec<(String, Value)>),
}

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// What a struct says under this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Struct(members) => members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, where it is a whole one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }
}

/// A method, and with what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Such as `supervisor.startProcess`.
    pub method: String,
    /// None, too, where the call does not speak of parameters.
    pub params: Vec<Value>,
}

/// What a method answers.
pub type Reply = Result<Value, Fault>;
