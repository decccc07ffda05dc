//! A group restarted process by process.

use super::lifecycle::{One, result, start, state, stop};
use super::name::{Target, by_priority};
use super::supervisor::{Group, Supervisor};
use crate::rpc::{Fault, Value};
use std::collections::VecDeque;

/// A restart that goes on: who is left, who is stopped or started now, and what became of the others.
#[derive(Debug)]
pub(super) struct Rolling {
    group: String,
    left: VecDeque<Target>,
    now: Option<(Target, Step)>,
    results: Vec<Value>,
}

#[derive(Debug)]
enum Step {
    Stopping(One),
    Starting(One),
}

impl Rolling {
    pub(super) fn new(group: Group) -> Rolling {
        let name = group.name.clone();
        Rolling { group: name, left: by_priority(vec![group]).into(), now: None, results: Vec::new() }
    }

    pub(super) fn poll(&mut self, supervisor: &mut dyn Supervisor) -> Option<Value> {
        loop {
            let (target, step) = match self.now.take() {
                Some((target, step)) => match step.poll(supervisor) {
                    None => {
                        self.now = Some((target, step));
                        return None;
                    }
                    Some(Err(fault)) => (target, Err(fault)),
                    Some(Ok(())) => next(supervisor, target, Some(step)),
                },
                None => match self.left.pop_front() {
                    Some(target) => next(supervisor, target, None),
                    None => {
                        supervisor.end_rolling(&self.group);
                        return Some(Value::Array(std::mem::take(&mut self.results)));
                    }
                },
            };
            match step {
                Ok(Some(step)) => self.now = Some((target, step)),
                Ok(None) => self.results.push(result(&target, Ok(()))),
                Err(fault) => {
                    self.results.push(result(&target, Err(fault)));
                    self.left.clear();
                }
            }
        }
    }
}

/// What follows; nothing where the process is up again.
fn next(supervisor: &mut dyn Supervisor, target: Target, done: Option<Step>) -> (Target, Result<Option<Step>, Fault>) {
    let next = match done {
        Some(Step::Starting(_)) => Ok(None),
        None if state(supervisor, &target).is_running() => match stop(supervisor, target.clone(), true) {
            Ok(Some(one)) => Ok(Some(Step::Stopping(one))),
            Ok(None) => start_one(supervisor, &target),
            Err(fault) => Err(fault),
        },
        // Somebody else stops it: that is waited for as well.
        None if !state(supervisor, &target).is_stopped() => Ok(Some(Step::Stopping(One::to_stop(target.clone())))),
        None | Some(Step::Stopping(_)) => start_one(supervisor, &target),
    };
    (target, next)
}

fn start_one(supervisor: &mut dyn Supervisor, target: &Target) -> Result<Option<Step>, Fault> {
    Ok(start(supervisor, target.clone(), true)?.map(Step::Starting))
}

impl Step {
    fn poll(&self, supervisor: &mut dyn Supervisor) -> Option<Result<(), Fault>> {
        match self {
            Step::Stopping(one) | Step::Starting(one) => one.poll(supervisor),
        }
    }
}
