//! Events that were lost because nobody took them in time: the main log hears of each, as under supervisord; the journal of how many
//! they were, at most once a minute.

use super::journal::Event;
use super::{Daemon, Timer};
use std::collections::HashMap;
use std::time::Duration;

const ONCE_IN: Duration = Duration::from_secs(60);

/// How many lost events were told of.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// Of each pool.
    told: HashMap<String, u64>,
    /// All together, told or not.
    seen: u64,
    /// When it may be told again.
    next: Duration,
}

impl Daemon<'_> {
    /// Looks whether events were lost, and has it told when it may be.
    pub(super) fn look_for_losses(&mut self) {
        let lost = self.pools.iter().map(crate::init::event::Pool::lost).sum();
        if lost != std::mem::replace(&mut self.losses.seen, lost) {
            self.timers.set(Timer::Losses, Some(self.losses.next.max(self.clock.now())));
        }
    }

    /// Tells how many events each pool has lost.
    pub(super) fn tell_losses(&mut self, now: Duration) {
        self.losses.next = now + ONCE_IN;
        let lost: HashMap<String, u64> =
            self.pools.iter().map(|pool| (pool.name().to_owned(), pool.lost())).filter(|(_, lost)| *lost > 0).collect();
        let told = std::mem::replace(&mut self.losses.told, lost.clone());
        for (pool, lost) in lost {
            // A pool that was added anew counts from 0.
            let before = told.get(&pool).copied().filter(|before| *before <= lost).unwrap_or(0);
            if lost > before {
                let words = format!(
                    "pool {pool} has lost {} events, {lost} in all; its buffer_size is too small, or its listeners too slow",
                    lost - before
                );
                self.record(Event::LostEvents, None, &words);
            }
        }
    }
}
