//! What methods there are.

use super::answer::Answer;
use super::arguments::Arguments;
use super::method::{METHODS, Method};
use super::supervisor::Supervisor;
use crate::rpc::{Code, Fault, Value};
use std::fmt::Write as _;

pub(super) fn list_methods(supervisor: &mut dyn Supervisor, _: Arguments<'_>) -> Result<Answer, Fault> {
    let there = METHODS.iter().filter(|method| is_there(supervisor, method));
    Answer::value(Value::Array(there.map(|method| Value::text(method.name)).collect()))
}

pub(super) fn method_help(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let method = find(supervisor, with)?;
    let mut help = format!("{}\n\n", method.help);
    for param in method.params {
        // Writing to a string does not fail.
        _ = writeln!(help, "@param {} {} {}", param.kind, param.name, param.help);
    }
    _ = writeln!(help, "@return {}", method.returns);
    Answer::text(help)
}

pub(super) fn method_signature(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let method = find(supervisor, with)?;
    let types = std::iter::once(method.returns).chain(method.params.iter().map(|param| param.kind));
    Answer::value(Value::Array(types.map(Value::text).collect()))
}

fn find(supervisor: &dyn Supervisor, with: Arguments<'_>) -> Result<&'static Method, Fault> {
    let named = with.text(0).ok().and_then(Method::find);
    named.filter(|method| is_there(supervisor, method)).ok_or_else(|| Code::SignatureUnsupported.into())
}

/// Without its section in the file the namespace `supervisor` is not there, and ours neither.
pub(super) fn is_there(supervisor: &dyn Supervisor, method: &Method) -> bool {
    method.is_systems() || supervisor.has_rpc_interface()
}
