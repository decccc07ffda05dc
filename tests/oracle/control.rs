//! The methods of XML-RPC beside those of the original, which `control/original.py` calls: the same random requests about the same
//! made-up processes, and the same bytes in reply, deferred ones too, and the same orders given to the processes.

mod daemon;
mod requests;

use daemon::Daemon;
use serde_json::{Value as Json, json};
use vat::init::control::{Answer, Pending, call};
use vat::rpc::{Reply, Value, read_call, write_reply};

/// How many sequences, each of other processes.
const SEQUENCES: u64 = 200;

#[test]
fn control() {
    let Some(python) = super::event::python() else { return };
    let log = std::env::temp_dir().join(format!("vat-oracle-control-{}", std::process::id()));
    std::fs::write(&log, "line\nl\u{ef}ne & <more>\n".repeat(20)).unwrap();
    let steps: Vec<Json> = (1..=SEQUENCES).flat_map(|seed| requests::sequence(seed, &log)).collect();
    let theirs = super::event::original(&python, include_str!("control/original.py"), &steps);
    assert_eq!(theirs.len(), steps.len(), "the original stopped at {:?}", steps.get(theirs.len()));

    let (mut ours, mut replies) = (Ours::default(), 0);
    for (number, (step, theirs)) in steps.iter().zip(theirs).enumerate() {
        let reply = ours.act(step);
        let told = ours.daemon.told.take();
        // Where the original stumbles, ours has a fault.
        if theirs["reply"] == "500" {
            assert!(reply.unwrap().contains("<fault>"), "{number}: {step}");
            continue;
        }
        replies += usize::from(reply.is_some());
        let ours = json!({"reply": reply, "told": told});
        assert_eq!(ours, theirs, "ours and theirs differ at step {number}, {step}");
    }
    std::fs::remove_file(&log).unwrap();
    println!("control: {replies} replies as the original's");
}

#[test]
fn every_method_is_there_with_its_signature() {
    let Some(python) = super::event::python() else { return };
    let begin = requests::begin(&[], &[], None, None);
    let mut ours = Ours::default();
    ours.act(&begin);
    let list = requests::request("system.listMethods", Vec::new());
    let Answer::Now(Ok(Value::Array(methods))) = call(&mut ours.daemon, &list) else { panic!("no list") };
    let mut steps = vec![begin, requests::ask(&list)];
    let signature = |method| requests::ask(&requests::request("system.methodSignature", vec![method]));
    steps.extend(methods.into_iter().map(signature));
    let theirs = super::event::original(&python, include_str!("control/original.py"), &steps);
    for (step, theirs) in steps.iter().zip(theirs).skip(1) {
        assert_eq!(json!(ours.act(step)), theirs["reply"], "{step}");
    }
}

#[derive(Default)]
struct Ours {
    daemon: Daemon,
    pending: Option<Pending>,
}

impl Ours {
    /// The reply that a step leads to, if any.
    fn act(&mut self, step: &Json) -> Option<String> {
        match step["do"].as_str().unwrap() {
            "begin" => {
                *self = Ours { daemon: Daemon::new(step), pending: None };
                None
            }
            "become" => {
                self.daemon.become_given(step["process"].as_str().unwrap(), &step["given"]);
                None
            }
            "call" => match call(&mut self.daemon, &read_call(step["xml"].as_str().unwrap().as_bytes()).unwrap()) {
                Answer::Now(reply) => Some(written(&reply)),
                Answer::Later(mut pending) => {
                    let reply = pending.poll(&mut self.daemon);
                    if reply.is_none() {
                        self.pending = Some(pending);
                    }
                    reply.as_ref().map(written)
                }
            },
            "poll" => self.poll(),
            other => panic!("{other}"),
        }
    }

    fn poll(&mut self) -> Option<String> {
        let reply = self.pending.as_mut()?.poll(&mut self.daemon)?;
        self.pending = None;
        Some(written(&reply))
    }
}

fn written(reply: &Reply) -> String {
    String::from_utf8(write_reply(reply)).unwrap()
}
