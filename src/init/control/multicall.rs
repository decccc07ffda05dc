//! `system.multicall`: calls one after the other, each when the one before has its reply.

use super::answer::{Answer, Pending, Waiting};
use super::arguments::Arguments;
use super::supervisor::Supervisor;
use crate::rpc::{Call, Code, Fault, Reply, Value};
use std::collections::VecDeque;

/// How much all results may be together, in bytes, roughly: a small call can ask for a large reply a thousand times.
const MOST: usize = 32 << 20;

/// Calls that are not answered yet, and the results of those that are.
#[derive(Debug)]
pub(super) struct Multicall {
    calls: VecDeque<Value>,
    current: Option<Box<Pending>>,
    results: Vec<Value>,
    size: usize,
}

pub(super) fn multicall(supervisor: &mut dyn Supervisor, with: Arguments<'_>) -> Result<Answer, Fault> {
    let calls: VecDeque<Value> = with.array(0)?.iter().cloned().collect();
    if !calls.iter().all(|call| matches!(call, Value::Struct(_))) {
        return Err(Code::IncorrectParameters.into());
    }
    let mut all = Multicall { calls, current: None, results: Vec::new(), size: 0 };
    match all.poll(supervisor) {
        Some(results) => Answer::value(results),
        None => Answer::later(Waiting::Calls(all)),
    }
}

impl Multicall {
    pub(super) fn poll(&mut self, supervisor: &mut dyn Supervisor) -> Option<Value> {
        loop {
            let reply = match self.current.as_deref_mut() {
                Some(pending) => pending.poll(supervisor)?,
                None => match self.calls.pop_front() {
                    None => return Some(Value::Array(std::mem::take(&mut self.results))),
                    Some(call) => match self.begin(supervisor, &call) {
                        Answer::Now(reply) => reply,
                        Answer::Later(pending) => {
                            self.current = Some(Box::new(pending));
                            continue;
                        }
                    },
                },
            };
            self.current = None;
            self.keep(reply);
        }
    }

    fn begin(&self, supervisor: &mut dyn Supervisor, call: &Value) -> Answer {
        if self.size > MOST {
            return Answer::Now(Err(Fault::because(Code::Failed, "too much is asked for in one system.multicall")));
        }
        match parse(call) {
            Ok(call) => super::call(supervisor, &call),
            Err(fault) => Answer::Now(Err(fault)),
        }
    }

    fn keep(&mut self, reply: Reply) {
        let result = reply.unwrap_or_else(|fault| {
            Value::Struct(vec![
                ("faultCode".to_owned(), Value::Int(fault.code)),
                ("faultString".to_owned(), Value::Text(fault.message)),
            ])
        });
        self.size += size(&result);
        self.results.push(result);
    }
}

fn parse(call: &Value) -> Result<Call, Fault> {
    let because = |why: &str| Fault::because(Code::IncorrectParameters, why);
    let method = match call.member("methodName") {
        None | Some(Value::Nil) => return Err(because("No methodName")),
        Some(Value::Text(method)) if method == "system.multicall" => {
            return Err(because("Recursive system.multicall forbidden"));
        }
        Some(Value::Text(method)) => method.clone(),
        Some(_) => return Err(Code::IncorrectParameters.into()),
    };
    let params = match call.member("params") {
        None => Vec::new(),
        Some(Value::Array(params)) => params.clone(),
        Some(_) => return Err(Code::IncorrectParameters.into()),
    };
    Ok(Call { method, params })
}

/// What a value needs in memory, roughly. Values of calls are not deep: what is read has a bound.
fn size(value: &Value) -> usize {
    let own = match value {
        Value::Text(text) | Value::DateTime(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Struct(members) => members.iter().map(|(name, value)| name.len() + size(value)).sum(),
        Value::Nil | Value::Int(_) | Value::Bool(_) | Value::Double(_) => 0,
    };
    own + size_of::<Value>()
}
