//! The methods of the XML-RPC interface (supervisor's rpcinterface.py, and the namespace `system` of its xmlrpc.py), with its
//! faults.
//!
//! ```text
//! Call -> call -> a row of `method` -> Supervisor (the daemon)
//!          |
//!          +-> Answer::Now(reply)
//!          +-> Answer::Later(pending) -> Pending::poll after each pass of the loop -> reply
//! ```
//!
//! | part | what it is |
//! | --- | --- |
//! | `supervisor` | what the daemon can be asked, and asked to do |
//! | `method` | the table of methods |
//! | `arguments`, `name` | parameters by Python's laws; whom `group:*` means |
//! | `lifecycle` | start, stop, signal: one or many |
//! | `info`, `logs`, `log_file` | what is known of processes, and what they wrote |
//! | `itself` | the daemon, its groups, stdin and remote events |
//! | `introspection`, `multicall` | the namespace `system` |
//! | `vat`, `additions`, `rolling` | what supervisor has not: the namespace `vat` |
//!
//! *A method.* A function in the part that it belongs to, and a row of the table.

mod additions;
mod answer;
mod arguments;
mod info;
mod introspection;
mod itself;
mod lifecycle;
mod log_file;
mod logs;
mod method;
mod multicall;
mod name;
mod rolling;
mod supervisor;
mod vat;

pub use additions::{Additions, Failure, Health, Statistics};
pub use answer::{Answer, Pending};
pub use info::OOM_KILLED;
pub use itself::SUPERVISOR_VERSION;
pub use supervisor::{BadCommand, Group, Id, Member, Mood, Reread, Status, Supervisor};

use crate::rpc::{Call, Code};
use arguments::Arguments;
use method::Method;

/// Calls a method.
pub fn call(supervisor: &mut dyn Supervisor, call: &Call) -> Answer {
    let Some(method) = Method::find(&call.method).filter(|method| introspection::is_there(supervisor, method)) else {
        return Answer::Now(Err(Code::UnknownMethod.into()));
    };
    if !method.takes(call.params.len()) {
        return Answer::Now(Err(Code::IncorrectParameters.into()));
    }
    if supervisor.mood() != Mood::Running && !method.is_for_the_end() {
        return Answer::Now(Err(Code::ShutdownState.into()));
    }
    (method.run)(supervisor, Arguments(&call.params)).unwrap_or_else(|fault| Answer::Now(Err(fault)))
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
