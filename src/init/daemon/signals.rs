//! Signals that the daemon itself gets.

use super::{Daemon, Mood};
use crate::init::config::Level;
use crate::sys;
use crate::sys::signal::{self, name as signal_name};

/// What comes by the inbox.
pub(super) fn wanted() -> [i32; 10] {
    use signal::number::{CHLD, HUP, INT, PWR, QUIT, TERM, USR1, USR2, WINCH};
    [TERM, INT, QUIT, HUP, USR1, USR2, CHLD, PWR, WINCH, sys::halt()]
}

/// What is kept from the daemon: a broken pipe and a file that is too large say so themselves, and a terminal stops nobody who looks
/// after a container.
pub(super) fn deaf() -> [i32; 5] {
    use signal::number::{PIPE, TSTP, TTIN, TTOU, XFSZ};
    [PIPE, XFSZ, TSTP, TTIN, TTOU]
}

impl Daemon<'_> {
    pub(super) fn take_signals(&mut self) {
        use signal::number::{CHLD, HUP, INT, PWR, QUIT, TERM, USR2};
        let mut children = false;
        while let Some(received) = self.inbox.take() {
            let (number, name) = (received.number, signal_name(received.number));
            match number {
                CHLD => children = true,
                TERM | INT | QUIT | PWR => self.asked_to_end(number),
                _ if number == sys::halt() => self.asked_to_end(number),
                HUP => self.asked_to_restart(),
                USR2 => {
                    self.say(Level::Info, format_args!("received {name} indicating log reopen request"));
                    self.reopen_logs();
                }
                _ => self.say(Level::Blather, format_args!("received {name} indicating nothing")),
            }
        }
        self.unreaped = children || self.unreaped;
    }

    fn asked_to_end(&mut self, signal: i32) {
        self.say(Level::Warn, format_args!("received {} indicating exit request", signal_name(signal)));
        match self.mood {
            Mood::Shutdown if self.config.daemon.second_signal_kills => self.kill_all_now(),
            Mood::Shutdown => (),
            Mood::Running | Mood::Restarting => self.shut_down(),
        }
    }

    /// SIGHUP. Where the new configuration is broken, everything stays as it is: a container does not end for a typing error.
    fn asked_to_restart(&mut self) {
        if self.mood == Mood::Shutdown {
            self.say(Level::Warn, "ignored SIGHUP indicating restart request (shutdown in progress)");
            return;
        }
        self.say(Level::Warn, "received SIGHUP indicating restart request");
        self.restart();
    }
}
