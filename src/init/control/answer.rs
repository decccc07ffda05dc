use super::lifecycle::{All, One};
use super::multicall::Multicall;
use super::rolling::Rolling;
use super::supervisor::Supervisor;
use super::vat::Applying;
use crate::rpc::{Fault, Reply, Value};

/// What became of a call.
#[derive(Debug)]
pub enum Answer {
    /// The reply.
    Now(Reply),
    /// The reply follows when a process has started or stopped.
    Later(Pending),
}

/// A call whose reply is not there yet.
#[derive(Debug)]
pub struct Pending(pub(super) Waiting);

/// What a call waits for.
#[derive(Debug)]
pub(super) enum Waiting {
    One(One),
    All(All),
    Calls(Multicall),
    Rolling(Box<Rolling>),
    Applying(Applying),
}

impl Pending {
    /// Asks again; to be called after each pass of the loop in which a process may have changed. After the reply it is done with.
    pub fn poll(&mut self, supervisor: &mut dyn Supervisor) -> Option<Reply> {
        match &mut self.0 {
            Waiting::One(one) => one.poll(supervisor).map(|done| done.map(|()| Value::Bool(true))),
            Waiting::All(all) => all.poll(supervisor).map(Ok),
            Waiting::Calls(calls) => calls.poll(supervisor).map(Ok),
            Waiting::Rolling(rolling) => rolling.poll(supervisor).map(Ok),
            Waiting::Applying(applying) => applying.poll(supervisor),
        }
    }
}

impl Answer {
    pub(super) fn value(value: Value) -> Result<Answer, Fault> {
        Ok(Answer::Now(Ok(value)))
    }

    pub(super) fn text(text: impl Into<String>) -> Result<Answer, Fault> {
        Answer::value(Value::text(text))
    }

    /// What most methods answer when all went well.
    pub(super) fn yes() -> Result<Answer, Fault> {
        Answer::value(Value::Bool(true))
    }

    pub(super) fn later(waiting: Waiting) -> Result<Answer, Fault> {
        Ok(Answer::Later(Pending(waiting)))
    }
}
