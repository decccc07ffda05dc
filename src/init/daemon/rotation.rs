//! Logs that are rotated by the clock, also while nobody writes to them, and by request.

use super::channel::Which;
use super::{Daemon, Id, Process, Timer, clock};
use crate::init::config::LogFile;
use crate::init::log::{Output, Source};
use std::time::Duration;

/// The clock on the wall may be set at any time: so often it is looked at.
const GLANCE: Duration = Duration::from_secs(60);

impl Daemon<'_> {
    /// A log was opened that is rotated by the clock.
    pub(super) fn expect_rotation(&mut self) {
        self.timers.set(Timer::Rotation, Some(self.clock.now()));
    }

    /// Rotates the logs whose time has come, and waits for the next one.
    pub(super) fn rotate_due(&mut self, now: Duration) {
        let mut next = None;
        let Daemon { processes, sinks, .. } = self;
        for output in processes.values_mut().flat_map(Process::channels).map(|channel| &mut channel.output) {
            if output.next_rotation().is_some() {
                output.rotate_if_due(sinks);
                next = next.into_iter().chain(output.next_rotation()).min();
            }
        }
        let within = next.map(|next| u64::try_from(next.saturating_sub(clock::epoch(self.machine))).unwrap_or(0));
        self.timers.set(Timer::Rotation, within.map(|within| now + Duration::from_secs(within).min(GLANCE)));
    }

    /// Rotates both logs of a process now: whether each could be, as far as it has them.
    pub(super) fn rotate_logs_of(&mut self, id: Id) -> Vec<bool> {
        [Which::Stdout, Which::Stderr].into_iter().filter_map(|which| self.rotate_log(id, which)).collect()
    }

    fn rotate_log(&mut self, id: Id, which: Which) -> Option<bool> {
        let process = self.processes.get_mut(&id)?;
        if let Some(channel) = process.channel_mut(which) {
            return channel.output.rotate(&mut self.sinks);
        }
        // Who does not run has closed its log.
        let (config, auto) = (process.channel_config(which), process.auto(which));
        let path = match &config.logfile {
            LogFile::Path(path) => Some(path.as_path()),
            LogFile::Auto => auto,
            LogFile::None => None,
        };
        path.filter(|path| path.is_file())?;
        let nobody = Source { group: String::new(), process: String::new(), channel: which.name() };
        match Output::open(config, auto, nobody, &mut self.sinks) {
            Ok(mut output) => output.rotate(&mut self.sinks),
            Err(_) => Some(false),
        }
    }
}
