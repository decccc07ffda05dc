//! What `machine` says is to be done about a process, done.

use super::errand::Purpose;
use super::hooks::Hook;
use super::{Daemon, Id, Timer, clock, journal};
use crate::init::config::{Essential, Level};
use crate::init::event::{self, Change};
use crate::init::machine::{Action, Event, Said, State, step};
use crate::kernel::proc::PidStat;
use crate::sys;
use crate::sys::child::How;
use std::path::PathBuf;
use std::time::Duration;

/// How often the main log hears for whose end somebody waits.
const STOP_REPORT: Duration = Duration::from_secs(2);

impl Daemon<'_> {
    /// Something happened to a process.
    pub(super) fn happens(&mut self, id: Id, event: Event) {
        let now = self.clock.now();
        let may_start = self.stopping.is_none();
        let Some(process) = self.processes.get_mut(&id) else { return };
        let (life, actions) = step(&process.life, event, now, &process.policy, may_start);
        process.life = life;
        self.timers.set(Timer::Life(id), process.life.due);
        for action in actions {
            match action {
                Action::Enter { from, to, expected, tries } => self.entered(id, from, to, expected, tries),
                Action::Spawn => self.begin(id),
                Action::Stop => self.ask_to_stop(id),
                Action::Kill => self.send_kill(id),
                Action::Say(said) => self.say_of(id, said),
            }
        }
    }

    /// A process is in another state now.
    fn entered(&mut self, id: Id, from: State, to: State, expected: bool, tries: u32) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        let pid = process.pid.unwrap_or(0);
        let change = match to {
            State::Starting => {
                process.spawnerr = None;
                process.exitstatus = None;
                process.start = clock::epoch(self.machine);
                Change::Starting { tries }
            }
            State::Backoff => Change::Backoff { tries },
            State::Running => Change::Running { pid },
            State::Stopping => Change::Stopping { pid },
            State::Stopped => Change::Stopped { pid },
            State::Exited => Change::Exited { expected, pid },
            State::Fatal => Change::Fatal,
            State::Unknown => Change::Unknown,
        };
        let (config, group, _) = process.names();
        let of = event::Of { process: &config.name, group: &group };
        self.tell(&event::Event::ProcessState { of, from: from.name(), to: change });
        self.record_state(id, to, expected);
        self.entered_aside(id, to);
        self.mind_the_essential(id, to);
    }

    /// The end of a process may be the end of the container.
    fn mind_the_essential(&mut self, id: Id, state: State) {
        let Some(process) = self.processes.get(&id) else { return };
        let is_over = match process.config.essential {
            Essential::No => false,
            Essential::Yes => state == State::Fatal || state == State::Exited && process.life.due.is_none(),
            Essential::OnExit => matches!(state, State::Fatal | State::Exited | State::Backoff),
        };
        if !is_over || self.stopping.is_some() {
            return;
        }
        // One that could not even be started is a failure, whatever its last end was.
        let code = process.how.map_or(1, How::code);
        self.exit_code = if state == State::Fatal { code.max(1) } else { code };
        let words = format!("essential process {} is {}, shutting down", process.full_name(), state.name());
        self.record(journal::Event::Essential, Some(id), &words);
        self.say(Level::Critical, words);
        self.shut_down();
    }

    fn say_of(&mut self, id: Id, said: Said) {
        let Some(process) = self.processes.get_mut(&id) else { return };
        let name = process.config.name.clone();
        let how = process.how.map(described).unwrap_or_default();
        let (level, words) = match said {
            Said::Success => (
                Level::Info,
                format!(
                    "success: {name} entered RUNNING state, process has stayed up for > than {} seconds (startsecs)",
                    process.config.startsecs
                ),
            ),
            Said::IsReady => {
                (Level::Info, format!("success: {name} entered RUNNING state, process told that it is ready"))
            }
            Said::TooQuickly => {
                process.exitstatus = None;
                process.spawnerr =
                    Some(process.own.oom().unwrap_or("Exited too quickly (process log may have details)").to_owned());
                (Level::Warn, format!("exited: {name} ({how}; not expected)"))
            }
            Said::Exited { expected: true } => (Level::Info, format!("exited: {name} ({how}; expected)")),
            Said::Exited { expected: false } => {
                let bad = || format!("Bad exit code {}", process.exitstatus.unwrap_or(-1));
                process.spawnerr = Some(process.own.oom().map_or_else(bad, str::to_owned));
                (Level::Warn, format!("exited: {name} ({how}; not expected)"))
            }
            Said::Stopped { expected } => {
                (if expected { Level::Info } else { Level::Warn }, format!("stopped: {name} ({how})"))
            }
            Said::GaveUp => {
                (Level::Info, format!("gave up: {name} entered FATAL state, too many start retries too quickly"))
            }
            Said::TooOften => {
                (Level::Warn, format!("gave up: {name} entered FATAL state, too many restarts in restart_window"))
            }
            Said::NotReady => {
                (Level::Warn, format!("killing '{name}' ({}): it was not ready in time", process.pid.unwrap_or(0)))
            }
            Said::Killing => (Level::Warn, format!("killing '{name}' ({}) with SIGKILL", process.pid.unwrap_or(0))),
        };
        self.say(level, words);
    }

    pub(super) fn send_stop_signal(&mut self, id: Id) {
        let Some(process) = self.processes.get(&id) else { return };
        let (signal, as_group) = (process.config.stopsignal, process.config.stopasgroup);
        let kin = self.kin(id);
        self.send(id, signal, as_group);
        self.let_go_on(id, as_group);
        self.stop_kin(id, kin, signal);
    }

    /// A process that is stopped (SIGSTOP) sees its stop signal only when it goes on.
    fn let_go_on(&mut self, id: Id, as_group: bool) {
        let Some(pid) = self.processes.get(&id).and_then(|process| process.pid) else { return };
        let stat = self.machine.root().read(&PathBuf::from(format!("proc/{pid}/stat"))).ok();
        let is_stopped = |stat: &Vec<u8>| PidStat::parse(stat).is_ok_and(|stat| stat.state.is_stopped());
        if stat.as_ref().is_none_or(is_stopped) {
            self.send(id, sys::signal::number::CONT, as_group);
        }
    }

    /// Sends a signal that a client asks for.
    pub(super) fn send_by_hand(&mut self, id: Id, signal: i32) {
        self.send(id, signal, false);
    }

    /// Lives through what is due at once: without `startsecs` a process is RUNNING as soon as it is there.
    pub(super) fn pass_due(&mut self, id: Id) {
        let now = self.clock.now();
        if self.processes.get(&id).is_some_and(|process| process.life.due.is_some_and(|due| due <= now)) {
            self.happens(id, Event::Due);
        }
    }

    /// Somebody waits for a process's end, and the main log hears of it every two seconds.
    pub(super) fn report_stop_of(&mut self, id: Id) {
        let now = self.clock.now();
        let Some(process) = self.processes.get_mut(&id).filter(|process| process.state() == State::Stopping) else {
            return;
        };
        if process.reported.is_none_or(|reported| now.saturating_sub(reported) > STOP_REPORT) {
            process.reported = Some(now);
            let name = process.config.name.clone();
            self.say(Level::Info, format_args!("waiting for {name} to stop"));
        }
    }

    fn send_kill(&mut self, id: Id) {
        if let Some(process) = self.processes.get_mut(&id) {
            process.killed = process.killed.or(Some(self.clock.now()));
        }
        // What was to come before it has had its time.
        self.end_errands(id, |purpose| purpose == Purpose::Hook(Hook::PreStop));
        let as_group = self.processes.get(&id).is_some_and(|process| process.config.killasgroup);
        let kin = self.kin(id);
        self.send(id, sys::signal::number::KILL, as_group);
        self.kill_kin(id, &kin);
    }

    /// Sends a signal to a process, and to its process group where that is wanted.
    fn send(&mut self, id: Id, signal: i32, as_group: bool) {
        let Some(process) = self.processes.get(&id) else { return };
        let (name, Some(pid)) = (process.config.name.clone(), process.pid) else { return };
        let which = if as_group { "process group " } else { "" };
        let words = format!("killing {name} (pid {pid}) {which}with signal {}", sys::signal::name(signal));
        self.say(Level::Debug, words);
        let sent = match as_group {
            true => sys::child::send_to_group(pid, signal),
            false => sys::process::send(pid, signal),
        };
        match sent {
            Ok(()) => (),
            Err(error) if sys::child::is_nobody(&error) => {
                let reason = sys::process::reason(&error);
                let words =
                    format!("unable to signal {name} (pid {pid}), it probably just exited on its own: {reason}");
                self.say(Level::Debug, words);
            }
            Err(error) => {
                let words = format!("unknown problem killing {name} ({pid}): {}", sys::process::reason(&error));
                self.trouble = Some(words.clone());
                self.say(Level::Critical, words);
                self.happens(id, Event::Lost);
            }
        }
    }
}

/// How a process ended, in supervisord's words.
pub(super) fn described(how: How) -> String {
    match how {
        How::Exited(code) => format!("exit status {code}"),
        How::Killed { signal, core } => {
            let core = if core { " (core dumped)" } else { "" };
            format!("terminated by {}{core}", sys::signal::name(signal))
        }
    }
}
