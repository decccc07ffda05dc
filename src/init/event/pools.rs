use super::pool::Message;
use super::{Event, Note, Pool, Type};
use std::rc::Rc;

/// All pools, in the order in which they were added.
#[derive(Debug, Default)]
pub struct Pools {
    pools: Vec<Pool>,
    /// How many events some pool has taken: the next one's `serial:`.
    serial: u64,
}

impl Pools {
    /// Adds the pool of a group.
    pub fn add(&mut self, pool: Pool) {
        self.pools.push(pool);
    }

    /// Removes the pool of the group `name`, with all that waits in it.
    pub fn remove(&mut self, name: &str) {
        self.pools.retain(|pool| pool.name() != name);
    }

    /// The pool of the group `name`.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Pool> {
        self.pools.iter_mut().find(|pool| pool.name() == name)
    }

    /// All pools.
    pub fn iter(&self) -> impl Iterator<Item = &Pool> {
        self.pools.iter()
    }

    /// All pools, to dispatch what waits in them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Pool> {
        self.pools.iter_mut()
    }

    /// Whether anybody subscribed to this.
    #[must_use]
    pub fn wants(&self, kind: Type) -> bool {
        self.pools.iter().any(|pool| pool.wants(kind))
    }

    /// Puts an event into the buffers of those that subscribed to it. An event that nobody wants has no serial and costs nothing.
    pub fn notify(&mut self, event: &Event<'_>) -> Vec<Note> {
        let kind = event.kind();
        if !self.wants(kind) {
            return Vec::new();
        }
        let message = Rc::new(Message { kind, payload: event.payload(), serial: self.serial });
        self.serial += 1;
        let interested = self.pools.iter_mut().filter(|pool| pool.wants(kind));
        interested.filter_map(|pool| pool.accept(&message)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::config::Level;
    use crate::init::event::{Offer, State};

    fn pools(buffer_size: usize) -> Pools {
        let mut pools = Pools::default();
        pools.add(Pool::new("p", &[Type::RemoteCommunication], buffer_size, ["a", "b"]));
        pools
    }

    fn notify(pools: &mut Pools, data: &str) -> Vec<String> {
        warnings(pools.notify(&Event::RemoteCommunication { kind: "t", data }))
    }

    fn warnings(notes: Vec<Note>) -> Vec<String> {
        notes.into_iter().filter(|(level, _)| *level >= Level::Warn).map(|(_, text)| text).collect()
    }

    /// What each listener that takes something is sent.
    fn dispatch(pools: &mut Pools) -> Vec<(String, String)> {
        let mut sent = Vec::new();
        pools.get_mut("p").unwrap().dispatch("s", |process, bytes| {
            sent.push((process.to_owned(), String::from_utf8(bytes.to_vec()).unwrap()));
            Offer::Taken
        });
        sent
    }

    fn hear(pools: &mut Pools, process: &str, bytes: &[u8]) -> (State, Vec<String>) {
        let pool = pools.get_mut("p").unwrap();
        let notes = pool.heard(process, bytes);
        (pool.listeners().find(|listener| listener.process() == process).unwrap().state(), warnings(notes))
    }

    #[test]
    fn an_event_goes_to_the_first_that_is_ready_and_counts_its_characters() {
        let mut pools = pools(10);
        hear(&mut pools, "b", b"READY\n");
        notify(&mut pools, "\u{e4}\u{1f600}");
        notify(&mut pools, "");
        pools.notify(&Event::SupervisorRunning);
        let line = "ver:3.0 server:s serial:0 pool:p poolserial:0 eventname:REMOTE_COMMUNICATION len:9\ntype:t\n\u{e4}\u{1f600}";
        assert_eq!(dispatch(&mut pools), [("b".into(), line.into())]);
        assert_eq!(dispatch(&mut pools), []);
        hear(&mut pools, "a", b"READY\n");
        assert!(dispatch(&mut pools).iter().all(|(process, line)| process == "a" && line.contains("serial:1 ")));
    }

    #[test]
    fn a_full_buffer_loses_the_oldest() {
        let mut pools = pools(2);
        assert_eq!(notify(&mut pools, "0"), [""; 0]);
        assert_eq!(notify(&mut pools, "1"), [""; 0]);
        let lost = ["pool p event buffer overflowed, discarding event 0"];
        assert_eq!(notify(&mut pools, "2"), lost);
        assert_eq!(pools.get_mut("p").unwrap().lost(), 1);
    }

    #[test]
    fn what_was_not_done_with_comes_again() {
        let mut pools = pools(10);
        notify(&mut pools, "0");
        for (reason, state) in [(&b"RESULT 4\nFAIL"[..], State::Acknowledged), (b"RESULT x\n", State::Unknown)] {
            hear(&mut pools, "a", b"READY\n");
            assert_eq!(dispatch(&mut pools).len(), 1);
            assert_eq!(hear(&mut pools, "a", reason).0, state);
            assert_eq!(pools.get_mut("p").unwrap().waiting(), 1);
        }
        hear(&mut pools, "b", b"READY\n");
        assert_eq!(dispatch(&mut pools).len(), 1);
        pools.get_mut("p").unwrap().ended("b");
        hear(&mut pools, "b", b"READY\n");
        assert_eq!(dispatch(&mut pools).len(), 1);
        assert_eq!(hear(&mut pools, "b", b"RESULT 2\nOKREADY\n").0, State::Ready);
        assert_eq!(pools.get_mut("p").unwrap().waiting(), 0);
    }

    #[test]
    fn another_configuration_keeps_what_it_can() {
        let mut pools = pools(10);
        for number in 0..4 {
            notify(&mut pools, &number.to_string());
        }
        hear(&mut pools, "a", b"READY\n");
        hear(&mut pools, "b", b"READY\n");
        assert_eq!(dispatch(&mut pools).len(), 2);
        let pool = pools.get_mut("p").unwrap();
        // a stays and is busy with its event; that of b comes again, and for it the oldest has no room.
        let lost = warnings(pool.change(&[Type::Tick60], 1, ["c", "a"]));
        assert_eq!((lost.len(), pool.waiting(), pool.lost()), (2, 1, 2));
        assert!(pool.wants(Type::Tick60) && !pool.wants(Type::RemoteCommunication));
        let states: Vec<_> =
            pool.listeners().map(|listener| (listener.process().to_owned(), listener.state())).collect();
        assert_eq!(states, [("c".to_owned(), State::Acknowledged), ("a".to_owned(), State::Busy)]);
    }

    #[test]
    fn a_broken_listener_is_passed_over() {
        let mut pools = pools(10);
        notify(&mut pools, "0");
        hear(&mut pools, "a", b"READY\n");
        hear(&mut pools, "b", b"READY\n");
        let pool = pools.get_mut("p").unwrap();
        let mut offered = Vec::new();
        let notes = pool.dispatch("s", |process, _| {
            offered.push(process.to_owned());
            if process == "a" { Offer::Broken } else { Offer::Taken }
        });
        assert_eq!((offered.len(), notes.len()), (2, 2));
        assert_eq!(pool.dispatch("s", |_, _| Offer::NotRunning), []);
    }

    #[test]
    fn a_listener_that_talks_without_end_costs_nothing() {
        let mut pools = pools(10);
        notify(&mut pools, "0");
        assert_eq!(hear(&mut pools, "a", b"READ").0, State::Acknowledged);
        assert_eq!(hear(&mut pools, "a", b"Y\n").0, State::Ready);
        dispatch(&mut pools);
        assert_eq!(hear(&mut pools, "a", b"RESULT 99999999999999999999999\n").0, State::Busy);
        for _ in 0..100 {
            assert_eq!(hear(&mut pools, "a", &[b'O'; 65536]).0, State::Busy);
        }
        pools.get_mut("p").unwrap().ended("a");
        hear(&mut pools, "a", b"READY\n");
        dispatch(&mut pools);
        assert_eq!(hear(&mut pools, "a", &[b'1'; 16 << 10]).0, State::Busy);
        let (state, warnings) = hear(&mut pools, "a", b"1");
        assert_eq!((state, warnings.len()), (State::Unknown, 2));
        assert_eq!(hear(&mut pools, "a", b"READY\n"), (State::Unknown, Vec::new()));
    }
}
