//! The loop: processes, signals, timers, connections.
//!
//! One thread waits in epoll(7) for whatever comes: signals (signalfd(2)), what children write, clients, and the next timer. Each is
//! answered at once and nothing here waits for anybody. What a process does next, `machine` decides; this carries it out.
//!
//! | what | where |
//! | --- | --- |
//! | beginning and end | `boot`, `signals`, `stopping`, `stop_order` |
//! | a process: what is known of it, its start, its states, its end | `process`, `command`, `launch`, `life`, `reap` |
//! | what it writes and is sent | `channel`, `stdin`, `fcgi`, `listeners`, `rotation`, `losses` |
//! | what goes on beside it | `aside`: `depends`, `ready`, `hooks`, `health`, `schedule`; the commands that these run: `errand` |
//! | its cgroup and all that belongs to it | `cells`, `kin`, `leftovers`, `oom`, `environment_file` |
//! | groups, and what a new file changes | `groups`, `apply`, `stopped` |
//! | clients | `requests`, `pages`, `supervisor`, `additions`, `journal` |
//! | the container | `sampling` |
//! | time, and whose descriptor is ready | `clock`, `timers`, `token` |

mod additions;
mod apply;
mod aside;
mod boot;
mod cells;
mod channel;
mod clock;
mod command;
mod depends;
mod environment_file;
mod errand;
mod fcgi;
mod groups;
mod health;
mod hooks;
mod journal;
mod kin;
mod launch;
mod leftovers;
mod life;
mod listeners;
mod losses;
mod oom;
mod pages;
mod process;
mod ready;
mod reap;
mod requests;
mod rotation;
mod sampling;
mod schedule;
mod signals;
mod stdin;
mod stop_order;
mod stopped;
mod stopping;
mod supervisor;
mod timers;
mod token;

pub use boot::{CannotBegin, run};
pub use schedule::Schedule;

use super::arguments::Arguments;
use super::config::{Config, Level};
use super::control::{Failure, Id, Mood, Pending};
use super::event::{Pools, Ticks};
use super::log::{Follow, MainLog, Sinks};
use super::machine::Event;
use super::server::{ConnectionId, Server};
use crate::sample::Sampler;
use crate::sys::poll::{Poll, Ready};
use crate::sys::rlimit::Rlimit;
use crate::sys::{Inbox, Machine};
use apply::Applying;
use clock::Clock;
use errand::Errand;
use groups::Group;
use journal::Journal;
use losses::Losses;
use process::Process;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;
use stopped::Stopped;
use stopping::Stopping;
use timers::{Timer, Timers};
use token::Token;

/// How a run of the daemon ended.
enum Outcome {
    /// It is to begin anew.
    Restart {
        /// With this configuration.
        config: Box<Config>,
        /// What failed until now.
        failures: VecDeque<Failure>,
    },
    /// It ends with this exit code.
    Exit(u8),
}

/// A supervisor that runs.
struct Daemon<'m> {
    machine: &'m dyn Machine,
    arguments: &'m Arguments,
    inbox: &'m mut Inbox,
    config: Config,
    /// What was read last, where that was not put into use yet.
    next_config: Option<Config>,
    clock: Clock,
    poll: &'m Poll,
    log: MainLog,
    sinks: Sinks,
    processes: BTreeMap<Id, Process>,
    groups: BTreeMap<Rc<str>, Group>,
    /// Whose process has which pid.
    pids: HashMap<u32, Id>,
    last_id: u32,
    timers: Timers,
    /// Cgroups and trees of processes.
    cells: cells::Cells,
    /// Commands that run beside processes, by their pids.
    errands: HashMap<u32, Errand>,
    /// Until when errands that can wait do so.
    short_until: Option<Duration>,
    /// Processes that are started when they have stopped.
    restarting: BTreeSet<Id>,
    /// A process came to another state, for which others may wait.
    has_changed: bool,
    pools: Pools,
    ticks: Ticks,
    sampler: Option<Sampler<'m>>,
    server: Option<Server>,
    /// What children are told of where the daemon listens.
    server_url: Option<String>,
    /// Calls whose reply is not there yet.
    pending: Vec<(ConnectionId, requests::Asked, Pending)>,
    /// Logs that are watched.
    watched: Vec<(ConnectionId, Follow)>,
    mood: Mood,
    stopping: Option<Stopping>,
    /// What was read last, while it is applied process by process.
    applying: Option<Applying>,
    /// Groups that are restarted process by process.
    rolling: HashSet<String>,
    journal: Journal,
    losses: Losses,
    stopped: Stopped,
    /// Whether this is PID 1 of its namespace, to which all orphans come.
    is_init: bool,
    /// The limit of open files that children get.
    open_files: Option<Rlimit>,
    exit_code: u8,
    /// There are events that were offered to nobody yet, or listeners that may have become ready.
    undelivered: bool,
    /// There may be children that ended.
    unreaped: bool,
    /// Why the signal that was just to be sent could not be.
    trouble: Option<String>,
    /// What is read goes through this.
    buffer: Vec<u8>,
}

impl Daemon<'_> {
    /// Runs until it is to end or to begin anew.
    fn run(mut self) -> Outcome {
        self.start();
        let mut ready = Vec::new();
        loop {
            self.settle();
            if let Some(outcome) = self.outcome() {
                self.clean_up();
                return outcome;
            }
            let within = match self.unreaped {
                true => Some(Duration::ZERO),
                false => self.timers.next().map(|at| at.saturating_sub(self.clock.now())),
            };
            self.sinks.streams.arm(self.poll);
            // What epoll cannot tell now it tells the next time.
            let _ = self.poll.wait(&mut ready, within);
            self.mind_freezes();
            for ready in &ready {
                self.is_ready(ready);
            }
            self.mind_freezes();
            let now = self.clock.now();
            while let Some(timer) = self.timers.take_due(now) {
                self.is_due(timer, now);
            }
        }
    }

    /// Where everything has stood still, what goes by the clock on the wall is looked at anew.
    fn mind_freezes(&mut self) {
        if self.clock.has_stood_still(self.timers.next()) {
            self.tick();
            self.expect_sample();
        }
    }

    fn is_ready(&mut self, ready: &Ready) {
        match Token::of(ready.token) {
            Token::Signals => self.take_signals(),
            Token::Stdin(id) => self.stdin_is_ready(id),
            Token::Stdout(id) => self.read(id, channel::Which::Stdout),
            Token::Stderr(id) => self.read(id, channel::Which::Stderr),
            Token::Errand(pid) => self.read_errand(pid),
            Token::Ready(id) => self.ready_moved(id),
            Token::Stream => self.sinks.ready(ready.token),
            Token::Server => self.serve(ready),
        }
    }

    fn is_due(&mut self, timer: Timer, now: Duration) {
        match timer {
            Timer::Life(id) => self.happens(id, Event::Due),
            Timer::Errand(pid) => self.errand_is_late(pid),
            Timer::Ready(id) => self.try_ready(id),
            Timer::Health(id) => self.check(id),
            Timer::Schedule(id) => self.look_at_schedule(id),
            Timer::Report => self.report_who_is_waited_for(now),
            Timer::StopBudget => self.stop_budget_is_spent(),
            // It is gone on with when all is settled.
            Timer::Orphans => (),
            Timer::Leftovers => self.kill_leftovers(now),
            Timer::Tick => self.tick(),
            Timer::Connections => self.expire_connections(),
            Timer::Watched => self.show_watched(),
            Timer::Rotation => self.rotate_due(now),
            Timer::Sample => self.sample(),
            Timer::Losses => self.tell_losses(now),
        }
    }

    /// What follows from all that has happened since the last time.
    fn settle(&mut self) {
        if std::mem::take(&mut self.unreaped) {
            self.unreaped = self.reap();
        }
        self.advance_aside();
        self.advance_stopping();
        self.answer_pending();
        self.dispatch_events();
        self.look_for_losses();
        self.keep_stopped();
        self.log.log_notes(&mut self.sinks);
    }

    /// Tells the main log.
    fn say(&mut self, level: Level, words: impl fmt::Display) {
        if self.log.hears(level) {
            self.log.log(level, &words.to_string(), &mut self.sinks);
        }
    }

    fn say_all(&mut self, notes: impl IntoIterator<Item = (Level, String)>) {
        for (level, words) in notes {
            self.say(level, words);
        }
    }
}
