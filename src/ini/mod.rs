//! The dialect of supervisord.conf: Python's RawConfigParser, its `%` formatting, shlex, and the types of supervisor's
//! datatypes.py. Pure: text in, values or the original's words of what is wrong out.
//!
//! CPython 3.11 is the judge (`tests/oracle/python.rs`). Left out: digits other than ASCII's in numbers; numbers beyond 64 bits,
//! which become the nearest that there is; fields of more than 9999 characters in `%`; and what urllib says of a URL's brackets.

mod expand;
mod format;
mod int;
mod ordered;
mod reading;
mod sections;
mod shlex;
mod text;
pub mod value;

pub use expand::{Names, Value, expand};
pub use reading::{Cut, ReadError};
pub use sections::Ini;
pub use shlex::{SplitError, pairs, split};
pub use text::{decode, repr};
