//! What processes write: read from their pipes, into their logs, to the listeners.

use super::{Daemon, Id, Process, Token};
use crate::init::config::{self, Level};
use crate::init::event::{self, Event, Type};
use crate::init::log::{Dispatcher, Output, Piece, Source};
use crate::sys;
use crate::sys::poll::Interest;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Standard output or error of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// One of them: the pipe is open as long as anybody has its other end, the process or one that it left behind.
#[derive(Debug)]
pub(super) struct Channel {
    pipe: Option<File>,
    dispatcher: Dispatcher,
    /// Where it goes.
    pub(super) output: Output,
}

/// So much is read of one process before others have their turn.
const FAIR: usize = 128 << 10;
/// So much is read of one that has ended, whose children may still write.
const LAST: usize = 1 << 20;
/// So much is read at once, as a pipe holds no more by default.
pub(super) const BUFFER: usize = 64 << 10;

impl Which {
    /// As the field's words have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Which::Stdout => "stdout",
            Which::Stderr => "stderr",
        }
    }

    fn token(self, id: Id) -> u64 {
        match self {
            Which::Stdout => Token::Stdout(id).bits(),
            Which::Stderr => Token::Stderr(id).bits(),
        }
    }

    fn of_event(self) -> event::Channel {
        match self {
            Which::Stdout => event::Channel::Stdout,
            Which::Stderr => event::Channel::Stderr,
        }
    }
}

impl Process {
    /// What the file says of a channel.
    pub(super) fn channel_config(&self, which: Which) -> &config::Channel {
        match which {
            Which::Stdout => &self.config.stdout,
            Which::Stderr => &self.config.stderr,
        }
    }

    pub(super) fn channel_mut(&mut self, which: Which) -> &mut Option<Channel> {
        match which {
            Which::Stdout => &mut self.stdout,
            Which::Stderr => &mut self.stderr,
        }
    }

    /// A channel, where it was opened.
    pub(super) fn channel(&self, which: Which) -> Option<&Channel> {
        match which {
            Which::Stdout => self.stdout.as_ref(),
            Which::Stderr => self.stderr.as_ref(),
        }
    }

    /// Those that were opened.
    pub(super) fn channels(&mut self) -> impl Iterator<Item = &mut Channel> {
        [&mut self.stdout, &mut self.stderr].into_iter().flatten()
    }

    /// The file of an `AUTO` log.
    pub(super) fn auto(&self, which: Which) -> Option<&Path> {
        let [stdout, stderr] = &self.auto;
        match which {
            Which::Stdout => stdout.as_deref(),
            Which::Stderr => stderr.as_deref(),
        }
    }
}

impl Daemon<'_> {
    /// Begins to read a process's new pipe, and to write its log.
    pub(super) fn open_channel(&mut self, id: Id, which: Which, pipe: File) -> io::Result<()> {
        self.close_channel(id, which);
        let Some(process) = self.processes.get_mut(&id) else { return Ok(()) };
        let source =
            Source { group: process.group.to_string(), process: process.name().to_owned(), channel: which.name() };
        let config = process.channel_config(which).clone();
        let opened = Output::open(&config, process.auto(which), source.clone(), &mut self.sinks);
        let output = match opened {
            // A container that has no place for a log still has its programs to run. A descriptor for it may come back.
            Err(error) if self.is_init && !sys::child::is_out_of_files(&error) => {
                let words = format!("no {} log for '{}': {error}", which.name(), source.process);
                self.say(Level::Warn, words);
                let nowhere = config::Channel { logfile: config::LogFile::None, ..config.clone() };
                Output::open(&nowhere, None, source, &mut self.sinks)?
            }
            other => other?,
        };
        self.poll.add(&pipe, which.token(id), Interest::READ)?;
        let Some(process) = self.processes.get_mut(&id) else { return Ok(()) };
        let dispatcher = Dispatcher::new(config.capture_maxbytes, self.config.daemon.strip_ansi);
        *process.channel_mut(which) = Some(Channel { pipe: Some(pipe), dispatcher, output });
        if config.rotate.is_some() {
            self.expect_rotation();
        }
        Ok(())
    }

    /// The file says something else of a channel, which goes on; `before` is what it said.
    pub(super) fn change_channel(&mut self, id: Id, which: Which, before: &config::Channel) {
        let strip_ansi = self.config.daemon.strip_ansi;
        let Some(process) = self.processes.get_mut(&id) else { return };
        let source =
            Source { group: process.group.to_string(), process: process.name().to_owned(), channel: which.name() };
        let (config, auto) = (process.channel_config(which).clone(), process.auto(which).map(Path::to_owned));
        let Some(channel) = process.channel_mut(which) else { return };
        match Output::open(&config, auto.as_deref(), source, &mut self.sinks) {
            Ok(output) => {
                channel.output.finish(&mut self.sinks);
                channel.output = output;
            }
            Err(error) => {
                let words = format!("could not reopen the {} log of '{}': {error}", which.name(), process.name());
                return self.say(Level::Error, words);
            }
        }
        if config.capture_maxbytes != before.capture_maxbytes {
            let dispatcher = Dispatcher::new(config.capture_maxbytes, strip_ansi);
            for piece in std::mem::replace(&mut channel.dispatcher, dispatcher).finish() {
                self.take_piece(id, which, piece);
            }
        }
        if config.rotate.is_some() {
            self.expect_rotation();
        }
    }

    /// Forgets a channel, whoever has its other end.
    pub(super) fn close_channel(&mut self, id: Id, which: Which) {
        self.end_of_pipe(id, which);
        if let Some(process) = self.processes.get_mut(&id) {
            *process.channel_mut(which) = None;
        }
    }

    /// Reads what there is, fairly.
    pub(super) fn read(&mut self, id: Id, which: Which) {
        self.read_at_most(id, which, FAIR);
    }

    /// Reads what a process that ended has left.
    pub(super) fn read_rest(&mut self, id: Id, which: Which) {
        self.read_at_most(id, which, LAST);
    }

    fn read_at_most(&mut self, id: Id, which: Which, most: usize) {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut left = most;
        while left > 0 {
            let channel = self.processes.get_mut(&id).and_then(|process| process.channel_mut(which).as_mut());
            let Some(pipe) = channel.and_then(|channel| channel.pipe.as_mut()) else { break };
            match pipe.read(&mut buffer) {
                Ok(0) => {
                    self.end_of_pipe(id, which);
                    break;
                }
                Ok(count) => {
                    left = left.saturating_sub(count);
                    self.wrote(id, which, buffer.get(..count).unwrap_or_default());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.end_of_pipe(id, which);
                    break;
                }
            }
        }
        self.buffer = buffer;
    }

    /// Nobody has the other end any more.
    fn end_of_pipe(&mut self, id: Id, which: Which) {
        let Some(channel) = self.processes.get_mut(&id).and_then(|process| process.channel_mut(which).as_mut()) else {
            return;
        };
        let Some(pipe) = channel.pipe.take() else { return };
        // It is not there any more where the kernel has let go of it.
        let _ = self.poll.remove(&pipe);
        for piece in channel.dispatcher.finish() {
            self.take_piece(id, which, piece);
        }
        if let Some(channel) = self.processes.get_mut(&id).and_then(|process| process.channel_mut(which).as_mut()) {
            channel.output.finish(&mut self.sinks);
        }
        self.let_go_of_log(id, which);
    }

    /// The log of a process that has ended, and left nobody who writes, is closed, as supervisord does: what is stopped has no
    /// descriptors.
    pub(super) fn let_go_of_log(&mut self, id: Id, which: Which) {
        let Some(process) = self.processes.get_mut(&id).filter(|process| !process.life.alive) else { return };
        process.channel_mut(which).take_if(|channel| channel.pipe.is_none());
    }

    fn wrote(&mut self, id: Id, which: Which, bytes: &[u8]) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        if process.listens && which == Which::Stdout {
            if let Some(channel) = process.channel_mut(which) {
                channel.output.write(bytes, &mut self.sinks);
            }
            return self.heard(id, bytes);
        }
        let Some(channel) = process.channel_mut(which) else { return };
        for piece in channel.dispatcher.record(bytes) {
            self.take_piece(id, which, piece);
        }
    }

    fn take_piece(&mut self, id: Id, which: Which, piece: Piece<'_>) {
        match piece {
            Piece::Log(bytes) => self.log_output(id, which, &bytes),
            Piece::Capturing(bytes) => self.tell_output(id, which, &bytes),
            Piece::Captured(bytes) => self.tell_captured(id, which, &bytes),
        }
    }

    fn log_output(&mut self, id: Id, which: Which, bytes: &[u8]) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        if let Some(channel) = process.channel_mut(which) {
            channel.output.write(bytes, &mut self.sinks);
        }
        if self.log.hears(Level::Debug)
            && let Some(process) = self.processes.get(&id)
        {
            let name = crate::ini::repr(process.name());
            let words = format!("{name} {} output:\n{}", which.name(), event::text(bytes));
            self.say(Level::Debug, words);
        }
        self.tell_output(id, which, bytes);
    }

    fn tell_output(&mut self, id: Id, which: Which, bytes: &[u8]) {
        let Some(process) = self.processes.get(&id) else { return };
        let wants = match which {
            Which::Stdout => Type::ProcessLogStdout,
            Which::Stderr => Type::ProcessLogStderr,
        };
        if process.channel_config(which).events_enabled && self.pools.wants(wants) {
            let (config, group, pid) = process.names();
            let of = event::Of { process: &config.name, group: &group };
            self.tell(&Event::ProcessLog { of, pid, channel: which.of_event(), data: bytes });
        }
    }

    fn tell_captured(&mut self, id: Id, which: Which, bytes: &[u8]) {
        let Some(process) = self.processes.get(&id) else { return };
        let (config, group, pid) = process.names();
        let of = event::Of { process: &config.name, group: &group };
        self.tell(&Event::ProcessCommunication { of, pid, channel: which.of_event(), data: bytes });
    }

    /// Opens all logs anew (USR2).
    pub(super) fn reopen_logs(&mut self) {
        self.log.reopen(&mut self.sinks);
        self.journal.reopen(&mut self.sinks);
        for channel in self.processes.values_mut().flat_map(Process::channels) {
            channel.output.reopen(&mut self.sinks);
        }
    }
}
