//! The container's load average, and how near it is to its limit of tasks.

use super::{Daemon, Timer};
use crate::init::config::Level;
use crate::init::event::Event;
use crate::sample::Sampler;
use crate::sys;

impl Daemon<'_> {
    /// Begins to sample, where there is a container to be sampled and the file does not say otherwise.
    pub(super) fn begin_sampling(&mut self) {
        if !self.config.daemon.loadavg {
            return;
        }
        match Sampler::new(self.machine, self.config.daemon.pids_high) {
            Ok(sampler) => self.sampler = sampler,
            Err(error) => {
                self.say(Level::Warn, format_args!("no load average: {}", sys::process::reason(&error)));
            }
        }
        self.expect_sample();
    }

    /// Waits for the next sample.
    pub(super) fn expect_sample(&mut self) {
        let at = self.sampler.as_ref().map(|sampler| self.clock.now() + sampler.due_in());
        self.timers.set(Timer::Sample, at);
    }

    /// It is time for a sample.
    pub(super) fn sample(&mut self) {
        let sampled = self.sampler.as_mut().map(Sampler::sample);
        self.expect_sample();
        self.note_shared_oom_kills();
        // Where /proc cannot be read now, the next sample catches up.
        let Some(Ok(sample)) = sampled else { return };
        if let Some(trouble) = sample.trouble {
            self.say(Level::Warn, trouble);
        }
        if let Some(high) = sample.pids_high {
            self.say(Level::Warn, format_args!("nearly too many tasks: {high}"));
            self.tell(&Event::PidsHigh { pids: high.current, limit: high.max });
        }
    }
}
