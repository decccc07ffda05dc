//! Children that ended: programs, and whoever else has this process as parent.

use super::channel::Which;
use super::{Daemon, Id};
use crate::init::config::Level;
use crate::init::machine::{Event, State};
use crate::sys;
use crate::sys::child::{self, Ended, How};

/// So many children are taken out of the process table before others have their turn.
const REAPED_AT_ONCE: usize = 512;

impl Daemon<'_> {
    /// Takes children that ended out of the process table, as many as there are: one SIGCHLD may stand for many. Says whether there
    /// may be more.
    pub(super) fn reap(&mut self) -> bool {
        for _ in 0..REAPED_AT_ONCE {
            let Ok(Some(ended)) = child::peek() else {
                self.forget_the_gone();
                return false;
            };
            match self.pids.get(&ended.pid).copied() {
                Some(id) => self.program_ended(id, ended),
                None if self.errand_ended(ended) => (),
                None => {
                    let words = format!("reaped unknown pid {} ({})", ended.pid, super::life::described(ended.how));
                    self.say(Level::Info, words);
                }
            }
            // Until here nobody else could have its pid, nor its process group the number.
            child::collect(ended.pid);
        }
        true
    }

    fn program_ended(&mut self, id: Id, ended: Ended) {
        // What it said last comes before that it ended.
        self.read_rest(id, Which::Stdout);
        self.read_rest(id, Which::Stderr);
        self.ready_moved(id);
        let Some(process) = self.processes.get_mut(&id) else { return };
        let code = match ended.how {
            How::Exited(code) => Some(code),
            How::Killed { .. } => None,
        };
        let by_itself = process.state() != State::Stopping;
        process.stop = super::clock::epoch(self.machine);
        process.exitstatus = Some(code.map_or(-1, i64::from));
        process.how = Some(ended.how);
        process.stdin = None;
        self.mind_oom(id, ended.how);
        self.leave_kin(id);
        self.happens(id, Event::Ended { code });
        self.listener_ended(id);
        self.pids.remove(&ended.pid);
        if let Some(process) = self.processes.get_mut(&id) {
            process.pid = None;
        }
        if self.processes.get(&id).is_some_and(|process| process.config.console) {
            sys::terminal::take_foreground();
        }
        self.let_go_of_log(id, Which::Stdout);
        self.let_go_of_log(id, Which::Stderr);
        self.leave_socket(id);
        // To die of the signal that asks for it is a clean end.
        if by_itself || code.is_some() {
            self.remember_exit_code(id, ended.how.code());
        }
        self.run_post_stop(id, ended.how);
    }

    /// The daemon's exit code may be that of a process: of its last end, unless it runs again.
    pub(super) fn remember_exit_code(&mut self, id: Id, code: u8) {
        let Some(process) = self.processes.get(&id) else { return };
        let wanted = self.config.daemon.exit_code_from.as_deref();
        if wanted.is_some_and(|wanted| wanted == process.name() || wanted == process.full_name()) {
            self.exit_code = code;
        }
    }
}
