use super::Note;
use super::trouble::Trouble;
use crate::init::config::Level;
use crate::sys::poll::{Interest, Poll};
use crate::sys::process;
use crate::sys::stream::{Standard, Stream, is_deserted};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

/// All pipes, terminals, sockets and devices that logs go to: each once, however many programs write to it, with what it could not
/// take yet, in order. Nothing here waits: the loop tells when there is room.
#[derive(Debug)]
pub struct Streams {
    first_token: u64,
    slots: Vec<Option<Slot>>,
    standard: [Option<StreamHandle>; 2],
}

/// The right to write to one of them, which is open as long as somebody has it.
#[derive(Clone, Debug)]
pub struct StreamHandle(Rc<usize>);

#[derive(Debug)]
struct Slot {
    stream: Stream,
    identity: (u64, u64),
    /// How messages call it.
    name: String,
    handle: StreamHandle,
    queue: VecDeque<u8>,
    /// Whether the loop tells when there is room.
    awaited: bool,
    trouble: Trouble,
}

/// So many bytes wait for a stream at most; beyond it whole writes are lost, so that a line is there or not.
const QUEUE: usize = 256 * 1024;

/// An emptied queue keeps so much room.
const KEPT: usize = 4096;

impl Streams {
    /// Standard output and error as they are now, which is best done as root: later they may not be opened any more. Tokens begin
    /// at `first_token`.
    #[must_use]
    pub fn new(first_token: u64) -> Streams {
        let mut streams = Streams { first_token, slots: Vec::new(), standard: [None, None] };
        streams.take_standard();
        streams
    }

    /// Takes standard output and error anew, as after going to the background. What already writes to the former ones goes on.
    pub fn take_standard(&mut self) {
        let mut open = |which, name| self.add(Stream::standard(which).ok()?, name).ok();
        self.standard = [open(Standard::Output, "standard output"), open(Standard::Error, "standard error")];
    }

    /// Standard output or error; `None` where it is closed.
    #[must_use]
    pub fn standard(&self, which: Standard) -> Option<StreamHandle> {
        let [output, error] = &self.standard;
        match which {
            Standard::Output => output.clone(),
            Standard::Error => error.clone(),
        }
    }

    /// A stream to write to: the one that is there, where it leads to the same place.
    ///
    /// # Errors
    /// What fstat(2) says.
    pub fn add(&mut self, stream: Stream, name: &str) -> io::Result<StreamHandle> {
        let identity = stream.identity()?;
        if let Some(slot) = self.slots.iter().flatten().find(|slot| slot.identity == identity) {
            return Ok(slot.handle.clone());
        }
        let at = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        let handle = StreamHandle(Rc::new(at));
        let slot = Slot {
            stream,
            identity,
            name: name.to_owned(),
            handle: handle.clone(),
            queue: VecDeque::new(),
            awaited: false,
            trouble: Trouble::default(),
        };
        match self.slots.get_mut(at) {
            Some(free) => *free = Some(slot),
            None => self.slots.push(Some(slot)),
        }
        Ok(handle)
    }

    /// Writes, now or when there is room; where too much waits already it is lost.
    pub fn write(&mut self, to: &StreamHandle, bytes: &[u8], now: i64, notes: &mut Vec<Note>) {
        if let Some(Some(slot)) = self.slots.get_mut(*to.0) {
            slot.write(bytes, now, notes);
        }
    }

    /// All bytes ever lost there.
    #[must_use]
    pub fn lost(&self, to: &StreamHandle) -> u64 {
        self.slots.get(*to.0).and_then(Option::as_ref).map_or(0, |slot| slot.trouble.lost())
    }

    /// Has the loop tell when there is room where something waits. To be called before each wait. Closes what nobody needs.
    pub fn arm(&mut self, poll: &Poll) {
        for (token, slot) in (self.first_token..).zip(&mut self.slots) {
            if let Some(open) = slot {
                open.arm(poll, token);
                if open.queue.is_empty() && Rc::strong_count(&open.handle.0) == 1 {
                    *slot = None;
                }
            }
        }
    }

    /// Whether a token is of one of these.
    #[must_use]
    pub fn owns(&self, token: u64) -> bool {
        self.index(token).is_some_and(|at| at < self.slots.len())
    }

    /// There is room, or nobody is there any more.
    pub fn ready(&mut self, token: u64, now: i64, notes: &mut Vec<Note>) {
        let slot = self.index(token).and_then(|at| self.slots.get_mut(at));
        if let Some(slot) = slot.and_then(Option::as_mut) {
            slot.write_queue(now, notes);
        }
    }

    fn index(&self, token: u64) -> Option<usize> {
        usize::try_from(token.checked_sub(self.first_token)?).ok()
    }

    /// Whether anything still waits for room.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.slots.iter().flatten().any(|slot| !slot.queue.is_empty())
    }
}

impl Slot {
    fn write(&mut self, bytes: &[u8], now: i64, notes: &mut Vec<Note>) {
        // What no loop can wait for (some devices) is tried with each write.
        if !self.queue.is_empty() && !self.awaited {
            self.write_queue(now, notes);
        }
        if self.queue.is_empty() {
            match write_some(&self.stream, bytes) {
                Ok(written) => self.queue.extend(bytes.get(written..).unwrap_or_default()),
                Err(error) => return self.fail(bytes.len(), &error, now, notes),
            }
            if self.queue.is_empty() {
                self.succeed(now, notes);
            }
        } else if self.queue.len() + bytes.len() <= QUEUE {
            self.queue.extend(bytes);
        } else if self.trouble.lose(bytes.len(), now) {
            notes.push((Level::Warn, format!("{} is not read; output to it is lost until it is", self.name)));
        }
    }

    fn write_queue(&mut self, now: i64, notes: &mut Vec<Note>) {
        while !self.queue.is_empty() {
            match write_some(&self.stream, self.queue.as_slices().0) {
                Ok(0) => return,
                Ok(written) => drop(self.queue.drain(..written.min(self.queue.len()))),
                Err(error) => {
                    let lost = self.queue.len();
                    self.queue.clear();
                    self.fail(lost, &error, now, notes);
                }
            }
        }
        self.queue.shrink_to(KEPT);
        self.succeed(now, notes);
    }

    fn succeed(&mut self, now: i64, notes: &mut Vec<Note>) {
        if let Some(lost) = self.trouble.succeed(|| now) {
            notes.push((Level::Warn, format!("{} takes output again; {lost} bytes were lost", self.name)));
        }
    }

    fn fail(&mut self, lost: usize, error: &io::Error, now: i64, notes: &mut Vec<Note>) {
        // That nobody listens any more is no trouble of ours.
        if self.trouble.lose(lost, now) && !is_deserted(error) {
            let reason = process::reason(error);
            notes.push((Level::Error, format!("could not write to {}: {reason}", self.name)));
        }
    }

    fn arm(&mut self, poll: &Poll, token: u64) {
        let waiting = !self.queue.is_empty();
        if waiting && !self.awaited {
            self.awaited = poll.add(&self.stream, token, Interest::WRITE).is_ok();
        } else if !waiting && self.awaited {
            // It may fail only because it is not there, which is what is wanted.
            let _ = poll.remove(&self.stream);
            self.awaited = false;
        }
    }
}

/// As much as there is room for; 0 where there is none.
fn write_some(stream: &Stream, bytes: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
        match stream.write(rest) {
            Ok(0) => break,
            Ok(count) => written += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) if written == 0 => return Err(error),
            // It is said again at the next write.
            Err(_) => break,
        }
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::log::stage::TOKENS;
    use crate::sys::stream::{Opened, open};
    use std::fs::File;
    use std::io::Read;
    use std::path::Path;
    use std::time::Duration;

    /// A pipe, and the name by which its writing end is opened.
    fn pipe(streams: &mut Streams) -> (File, StreamHandle) {
        let (reader, writer) = crate::sys::process::pipe().unwrap();
        let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&writer));
        let Opened::Stream(stream) = open(Path::new(&path), 0, true).unwrap() else { panic!("a pipe is no file") };
        let handle = streams.add(stream, "the pipe").unwrap();
        (reader, handle)
    }

    /// What the loop does until nothing waits; returns what was read.
    fn drained(streams: &mut Streams, reader: &mut File) -> Vec<u8> {
        let (poll, mut ready, mut all, mut part) = (Poll::new().unwrap(), Vec::new(), Vec::new(), [0; 65_536]);
        loop {
            streams.arm(&poll);
            poll.wait(&mut ready, Some(Duration::ZERO)).unwrap();
            for ready in &ready {
                assert!(streams.owns(ready.token));
                streams.ready(ready.token, 100, &mut Vec::new());
            }
            if !streams.is_waiting() {
                break;
            }
            let count = reader.read(&mut part).unwrap();
            all.extend(&part[..count]);
        }
        streams.arm(&poll);
        poll.wait(&mut ready, Some(Duration::ZERO)).unwrap();
        assert_eq!(ready, [], "nothing is waited for any more");
        let count = reader.read(&mut part).unwrap();
        all.extend(&part[..count]);
        all
    }

    fn are_in_order(lines: &[u8]) -> bool {
        let lines = std::str::from_utf8(lines).unwrap().lines();
        lines.enumerate().all(|(number, line)| line.parse::<usize>().unwrap() == number)
    }

    #[test]
    fn a_pipe_that_nobody_reads_holds_up_nobody_and_loses_whole_lines() {
        let mut streams = Streams::new(TOKENS);
        let (mut reader, handle) = pipe(&mut streams);
        let mut notes = Vec::new();
        let line = |number: u32| format!("{number:09}\n");
        for number in 0..100_000 {
            streams.write(&handle, line(number).as_bytes(), 100, &mut notes);
        }
        let told = "the pipe is not read; output to it is lost until it is";
        assert_eq!(notes, [(Level::Warn, told.to_owned())]);
        let all = drained(&mut streams, &mut reader);
        assert_eq!(all.len() as u64 + streams.lost(&handle), 1_000_000);
        assert!(all.len() > QUEUE && all.len() < QUEUE + 70_000);
        assert!(are_in_order(&all));
        let lost = streams.lost(&handle);
        notes.clear();
        streams.write(&handle, b"more", 200, &mut notes);
        assert_eq!(notes, [(Level::Warn, format!("the pipe takes output again; {lost} bytes were lost"))]);
    }

    #[test]
    fn many_write_to_one_place_in_order() {
        let mut streams = Streams::new(TOKENS);
        let (mut reader, writer) = crate::sys::process::pipe().unwrap();
        let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&writer));
        let handles: Vec<StreamHandle> = (0..10)
            .map(|_| match open(Path::new(&path), 0, true).unwrap() {
                Opened::Stream(stream) => streams.add(stream, "the pipe").unwrap(),
                Opened::File(_) => panic!("a pipe is no file"),
            })
            .collect();
        drop(writer);
        let count = |streams: &Streams| streams.slots.iter().flatten().count();
        let before = count(&streams);
        for number in 0..20_000 {
            streams.write(&handles[number % 10], format!("{number:09}\n").as_bytes(), 0, &mut Vec::new());
        }
        // What waits is written though nobody has a handle any more; then it is closed.
        drop(handles);
        let all = drained(&mut streams, &mut reader);
        assert_eq!(all.len(), 200_000);
        assert!(are_in_order(&all));
        assert_eq!(count(&streams), before - 1);
    }

    #[test]
    fn a_reader_that_is_gone_is_no_trouble_and_makes_nobody_spin() {
        let mut streams = Streams::new(TOKENS);
        let (reader, handle) = pipe(&mut streams);
        let mut notes = Vec::new();
        streams.write(&handle, &[b'x'; 200_000], 0, &mut notes);
        assert!(streams.is_waiting());
        let poll = Poll::new().unwrap();
        streams.arm(&poll);
        drop(reader);
        let mut ready = Vec::new();
        poll.wait(&mut ready, None).unwrap();
        streams.ready(ready[0].token, 0, &mut notes);
        streams.arm(&poll);
        assert!(!streams.is_waiting());
        poll.wait(&mut ready, Some(Duration::ZERO)).unwrap();
        assert_eq!(ready, []);
        streams.write(&handle, b"x", 0, &mut notes);
        assert_eq!(notes, []);
        assert!(streams.lost(&handle) > 100_000);
        streams.ready(u64::MAX, 0, &mut notes);
        streams.ready(0, 0, &mut notes);
    }

    #[test]
    fn a_full_device_is_told_once() {
        let mut streams = Streams::new(TOKENS);
        let Opened::Stream(full) = open(Path::new("/dev/full"), 0, true).unwrap() else {
            panic!("a device is no file")
        };
        let handle = streams.add(full, "/dev/full").unwrap();
        let mut notes = Vec::new();
        for _ in 0..10 {
            streams.write(&handle, b"x", 0, &mut notes);
        }
        assert_eq!(notes, [(Level::Error, "could not write to /dev/full: No space left on device".to_owned())]);
    }
}
