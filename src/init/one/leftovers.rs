//! The end of those whom the command left behind: TERM to everybody, and KILL to whoever has not heeded it.
//!
//! PID 1 tells everybody in its pid namespace. Another process cannot, and must not: it tells its children, which the command's orphans
//! are by now, and theirs when they are orphaned in their turn.

use super::event::{Event, Voice};
use crate::sys::relay::Relay;
use crate::sys::signal::number::{CONT, HUP, INT, KILL, QUIT, TERM};
use crate::sys::{child, init, kin, process};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// So long those have to vanish that were killed; only a process that waits for a device needs it.
const KILLED: Duration = Duration::from_secs(2);

/// Ends all that are left, within that time. A request to end that comes meanwhile shortens it.
pub(super) fn end(relay: &Relay, voice: Voice, within: Duration) {
    if !child::any() {
        return;
    }
    voice.say(&Event::Leftovers);
    if !wait(relay, TERM, within) {
        voice.say(&Event::KillsLeftovers);
        wait(relay, KILL, KILLED);
    }
}

/// Sends the signal to all, and waits until all have ended. `false` where some have not.
fn wait(relay: &Relay, signal: i32, within: Duration) -> bool {
    let begun = Instant::now();
    let mut told = BTreeSet::new();
    if init::is_init() {
        child::send_to_all(signal);
    }
    loop {
        while let Ok(Some(ended)) = child::peek() {
            told.remove(&ended.pid);
            child::collect(ended.pid);
        }
        if !child::any() {
            return true;
        }
        if !init::is_init() {
            // Children that are not collected: their pids are nobody else's.
            for pid in kin::children().unwrap_or_default() {
                if told.insert(pid) {
                    // One that has ended meanwhile needs no signal.
                    let _ = process::send(pid, signal).and_then(|()| process::send(pid, CONT));
                }
            }
        }
        let Some(left) = within.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) else { return false };
        if let (Some(HUP | INT | QUIT | TERM), TERM) = (relay.next(Some(left)), signal) {
            return false;
        }
    }
}
