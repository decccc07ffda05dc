//! What failed, and when: an object a line in the file of `journal`, and the last of it in memory.

use super::{Daemon, Id};
use crate::init::config::{Channel, Level, LogFile};
use crate::init::control::Failure;
use crate::init::log::{Json, Output, Sinks, Source, json_line};
use crate::init::machine::State;
use crate::sys::child::How;
use crate::sys::{process, signal};
use std::collections::VecDeque;
use std::path::Path;

/// So many are kept in memory.
const RECENT: usize = 200;
/// The file is rotated at this size, and the one before is kept.
const MAXBYTES: u64 = 1 << 20;
const BACKUPS: u32 = 1;

/// What there is to write down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A start failed, and is tried again.
    Backoff,
    /// Nothing is tried any more.
    Fatal,
    /// A process ended as was not expected.
    Exited,
    /// The kernel ended a process because memory ran out.
    Oom,
    /// A process failed its health checks.
    Unhealthy,
    /// It is not known any more what a process does.
    Unknown,
    /// A client could not start a process.
    Refused,
    /// The end of an essential process ends the daemon.
    Essential,
    /// A pool of listeners lost events.
    LostEvents,
}

impl Event {
    fn name(self) -> &'static str {
        match self {
            Event::Backoff => "BACKOFF",
            Event::Fatal => "FATAL",
            Event::Exited => "EXITED",
            Event::Oom => "OOM",
            Event::Unhealthy => "UNHEALTHY",
            Event::Unknown => "UNKNOWN",
            Event::Refused => "REFUSED",
            Event::Essential => "ESSENTIAL",
            Event::LostEvents => "LOST_EVENTS",
        }
    }
}

/// What failed lately, and where it is written.
#[derive(Debug, Default)]
pub(super) struct Journal {
    recent: VecDeque<Failure>,
    file: Option<Output>,
}

impl Journal {
    /// Opens the file, and goes on from what failed before. Without the file the journal is kept in memory.
    pub(super) fn open(recent: VecDeque<Failure>, path: Option<&Path>, sinks: &mut Sinks) -> Journal {
        let open = |path: &Path| {
            let logfile = LogFile::Path(path.to_owned());
            let channel = Channel { logfile, maxbytes: MAXBYTES, backups: BACKUPS, ..Channel::default() };
            let nobody = Source { group: String::new(), process: String::new(), channel: "journal" };
            let opened = Output::open(&channel, None, nobody, sinks);
            if let Err(error) = &opened {
                let why = process::reason(error);
                sinks.notes.push((Level::Error, format!("could not open the journal {}: {why}", path.display())));
            }
            opened.ok()
        };
        Journal { recent, file: path.and_then(open) }
    }

    fn add(&mut self, failure: Failure, sinks: &mut Sinks) {
        if let Some(file) = &mut self.file {
            file.write(line(&failure).as_bytes(), sinks);
        }
        self.recent.truncate(RECENT - 1);
        self.recent.push_front(failure);
    }

    /// The last ones, the latest last.
    pub(super) fn last(&self, most: usize) -> Vec<Failure> {
        self.recent.iter().take(most).rev().cloned().collect()
    }

    /// All that is in memory.
    pub(super) fn take(&mut self) -> VecDeque<Failure> {
        std::mem::take(&mut self.recent)
    }

    /// Opens the file anew (USR2).
    pub(super) fn reopen(&mut self, sinks: &mut Sinks) {
        if let Some(file) = &mut self.file {
            file.reopen(sinks);
        }
    }
}

/// What is not known is left out.
fn line(failure: &Failure) -> String {
    let process = failure.process.as_ref();
    let uptime = failure.uptime.map(|uptime| i64::try_from(uptime).unwrap_or(i64::MAX));
    let members: [(&str, Option<Json<'_>>); 9] = [
        ("time", Some(failure.time.as_str().into())),
        ("event", Some(failure.event.into())),
        ("group", process.map(|(group, _)| group.as_str().into())),
        ("process", process.map(|(_, name)| name.as_str().into())),
        ("pid", failure.pid.map(|pid| Json::Number(pid.into()))),
        ("exit_code", failure.exit_code.map(|code| Json::Number(code.into()))),
        ("signal", failure.signal.as_deref().map(Into::into)),
        ("uptime", uptime.map(Json::Number)),
        ("reason", Some(failure.reason.as_str().into())),
    ];
    let known: Vec<(&str, Json<'_>)> = members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    json_line(&known)
}

impl Daemon<'_> {
    /// Writes down that something failed, of a process or of nobody.
    pub(super) fn record(&mut self, event: Event, id: Option<Id>, reason: &str) {
        let stamp = self.sinks.clock.stamp();
        let now = self.clock.now();
        let process = id.and_then(|id| self.processes.get(&id));
        // A start that came to nothing says so, and there the last end says nothing.
        let has_ended = matches!(event, Event::Backoff | Event::Exited | Event::Essential);
        let ended = process.filter(|process| has_ended && !process.life.alive && process.spawnerr.is_none());
        let how = ended.and_then(|process| process.how);
        let failure = Failure {
            when: stamp.to_string(),
            time: stamp.rfc3339(),
            event: event.name(),
            process: process.map(|process| (process.group.to_string(), process.name().to_owned())),
            pid: process.and_then(|process| process.pid),
            exit_code: match how {
                Some(How::Exited(code)) => Some(code),
                Some(How::Killed { .. }) | None => None,
            },
            signal: match how {
                Some(How::Killed { signal, .. }) => Some(signal::name(signal)),
                Some(How::Exited(_)) | None => None,
            },
            uptime: how.and_then(|_| Some(now.saturating_sub(process?.life.started?).as_secs())),
            reason: reason.to_owned(),
        };
        self.journal.add(failure, &mut self.sinks);
    }

    /// Writes down that a process came to a state to which none should come.
    pub(super) fn record_state(&mut self, id: Id, state: State, expected: bool) {
        let event = match state {
            State::Backoff => Event::Backoff,
            State::Fatal => Event::Fatal,
            State::Exited if !expected => Event::Exited,
            State::Unknown => Event::Unknown,
            _ => return,
        };
        let Some(process) = self.processes.get(&id) else { return };
        let reason = match (&process.spawnerr, process.how) {
            (Some(why), _) => why.clone(),
            (None, Some(how)) => super::life::described(how),
            (None, None) => String::new(),
        };
        self.record(event, Some(id), &reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::log::{Clock, Streams};
    use crate::sys::Live;

    fn failure(reason: String) -> Failure {
        Failure {
            when: String::new(),
            time: "2026-11-23T05:18:27.123+01:00".to_owned(),
            event: "EXITED",
            process: Some(("g".to_owned(), "\"p\n".to_owned())),
            pid: Some(7),
            exit_code: None,
            signal: Some("SIGKILL".to_owned()),
            uptime: Some(3),
            reason,
        }
    }

    #[test]
    fn a_failure_is_an_object_without_what_is_not_known() {
        let line = line(&failure("no {\u{7}} room".to_owned()));
        let known = r#"{"time":"2026-11-23T05:18:27.123+01:00","event":"EXITED","group":"g","process":"\"p\n","pid":7,"signal":"SIGKILL","uptime":3,"reason":"no {\u0007} room"}"#;
        assert_eq!(line, format!("{known}\n"));
    }

    #[test]
    fn memory_and_file_are_bounded() {
        let path = std::env::temp_dir().join(format!("vat-journal-{}", std::process::id()));
        let mut sinks = Sinks::new(Clock::new(Box::new(Live::new())), Streams::new(1000), "x");
        let mut journal = Journal::open(VecDeque::new(), Some(&path), &mut sinks);
        for number in 0..300 {
            journal.add(failure(format!("{number}{}", "x".repeat(10_000))), &mut sinks);
        }
        assert_eq!(journal.last(usize::MAX).len(), RECENT);
        let last: Vec<String> = journal.last(2).into_iter().map(|failure| failure.reason).collect();
        assert!(last[0].starts_with("298x") && last[1].starts_with("299x"));
        let backup = path.with_extension("1");
        let size = |path: &Path| std::fs::metadata(path).unwrap().len();
        assert!(size(&path) <= MAXBYTES && size(&backup) <= MAXBYTES + 11_000);
        assert_eq!(sinks.notes, []);
        for path in [&path, &backup] {
            std::fs::remove_file(path).unwrap();
        }
        // Where it cannot be written it is kept in memory all the same.
        let mut journal = Journal::open(VecDeque::new(), Some(Path::new("/nowhere/journal")), &mut sinks);
        journal.add(failure(String::new()), &mut sinks);
        assert_eq!((journal.last(5).len(), sinks.notes.len()), (1, 1));
    }
}
